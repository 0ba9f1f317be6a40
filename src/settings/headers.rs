//! `allow_headers` and `expose_headers` into rules.

use http::HeaderValue;

use super::{
    config::CorsConfig,
    lists::{self, rendered},
    names, nearest,
    standard::{
        FORBIDDEN_REQUEST_HEADERS, REQUEST_HEADERS, RESPONSE_HEADERS, SAFELISTED_HEADERS, has,
    },
};
use crate::{
    diagnostic::{Detail, Diagnostic, Kind, Setting},
    policy::{
        extras::{is_safelisted, is_unreadable},
        names::AllowedNames,
        prefixes::Prefixes,
        rules::{Echoed, Headers},
    },
};

pub(crate) fn compile_allowed(config: &CorsConfig, found: &mut Vec<Diagnostic>) -> Headers {
    let setting = Setting::AllowHeaders;
    let items = lists::items(setting, &config.allow_headers, found);
    found.extend(items.iter().filter_map(|name| request_header_problem(name)));
    if items.contains(&"*") {
        if items.iter().any(|name| *name != "*") {
            found.push(Diagnostic::note(setting, Kind::BesideAny));
        }
        return Headers::Echoed(Echoed::Any);
    }
    let mut names: Vec<&str> = SAFELISTED_HEADERS.into_iter().chain(items).collect();
    names.sort_unstable();
    names.dedup();
    // Difference D11: the item itself is never sent.
    let (prefixes, names): (Vec<_>, Vec<_>) =
        names.into_iter().partition(|name| prefix(name).is_some());
    let value = rendered(names.join(", "));
    let names = AllowedNames::new(names);
    if prefixes.is_empty() {
        return Headers::Listed { names, value };
    }
    let prefixes = prefixes.into_iter().filter_map(prefix);
    let prefixes = Prefixes::new(prefixes, names, value);
    Headers::Echoed(Echoed::Prefixed(Box::new(prefixes)))
}

/// The names, and whether they are only those of outer layers, because `*` with credentials is
/// written out (difference D12).
pub(crate) fn compile_exposed(
    config: &CorsConfig,
    found: &mut Vec<Diagnostic>,
) -> (Option<HeaderValue>, bool) {
    let setting = Setting::ExposeHeaders;
    let items = lists::items(setting, &config.expose_headers, found);
    found.extend(items.iter().filter_map(|name| response_header_problem(name)));
    let is_any = items.contains(&"*");
    let outer = || items.iter().copied().filter(|name| *name != "*");
    if is_any && config.allow_credentials {
        let mut names: Vec<&str> = Vec::new();
        for name in outer() {
            if !names.iter().any(|listed| listed.eq_ignore_ascii_case(name)) {
                names.push(name);
            }
        }
        return (Some(rendered(names.join(", "))), true);
    }
    if is_any && outer().next().is_some() {
        found.push(Diagnostic::note(setting, Kind::BesideAny));
    }
    ((!items.is_empty()).then(|| rendered(items.join(", "))), false)
}

/// `x-amz-meta-` of `x-amz-meta-*`. There must be at least two characters before the hyphen: `x-*`
/// is nearly every header, and `*` says that better.
fn prefix(item: &str) -> Option<&str> {
    let prefix = item.strip_suffix('*')?;
    (prefix.len() > 2 && prefix.ends_with('-') && !prefix.contains('*')).then_some(prefix)
}

/// What is wrong with an item of `allow_headers`, or was probably not intended.
pub(crate) fn request_header_problem(name: &str) -> Option<Diagnostic> {
    let setting = Setting::AllowHeaders;
    let lower = name.to_ascii_lowercase();
    malformed(setting, name, REQUEST_HEADERS).or_else(|| misplaced_wildcard(setting, name)).or_else(
        || {
            if is_forbidden(&lower) {
                Some(Diagnostic::note(setting, Kind::ForbiddenRequestHeader).of(name))
            } else if is_of_responses(&lower) {
                Some(Diagnostic::warning(setting, Kind::OtherDirection).of(name))
            } else if prefix(name).is_some() {
                None
            } else {
                probable_typo(setting, name, REQUEST_HEADERS)
            }
        },
    )
}

/// What is wrong with an item of `expose_headers`, or was probably not intended.
fn response_header_problem(name: &str) -> Option<Diagnostic> {
    let setting = Setting::ExposeHeaders;
    let lower = name.to_ascii_lowercase();
    malformed(setting, name, RESPONSE_HEADERS)
        .or_else(|| misplaced_wildcard(setting, name))
        .or_else(|| {
            if is_unreadable(&lower) {
                Some(Diagnostic::note(setting, Kind::NeverReadable).of(name))
            } else if is_safelisted(&lower) {
                Some(Diagnostic::note(setting, Kind::AlwaysExposed).of(name))
            } else if is_of_requests(&lower) {
                Some(Diagnostic::warning(setting, Kind::OtherDirection).of(name))
            } else {
                probable_typo(setting, name, RESPONSE_HEADERS)
            }
        })
}

fn malformed(setting: Setting, name: &str, known: &'static str) -> Option<Diagnostic> {
    let problem = names::problem(name)?;
    // `Content Type` and `X Token` are one name.
    let joined = name.split_whitespace().collect::<Vec<_>>().join("-");
    let known_name = known.split(' ').find(|known| known.eq_ignore_ascii_case(&joined));
    let is_own = name.starts_with(['x', 'X']) && name[1..].starts_with(' ');
    let own_name = Some(&*joined).filter(|joined| is_own && names::problem(joined).is_none());
    if let Some(meant) = known_name.or(own_name) {
        let error = Diagnostic::error(setting, Kind::MalformedName).of(name);
        return Some(error.suggest(Some(meant.to_owned())));
    }
    let correct = |name: String| match probable_typo(setting, &name, known) {
        Some(typo) => typo.suggestion().map_or(name, str::to_owned),
        None => name,
    };
    let is_right =
        |name: &String| misplaced_wildcard(setting, name).is_none() && !names::means_nothing(name);
    let items: Vec<_> = problem.items.into_iter().map(correct).collect();
    Some(
        Diagnostic::error(setting, problem.kind)
            .of(name)
            .suggest(problem.meant.map(correct).filter(is_right))
            .with(Detail::Items(if items.iter().all(is_right) { items } else { Vec::new() })),
    )
}

/// A `*` that is neither the whole item nor the end of a prefix. Response headers have no prefixes:
/// a server knows its own names, and `*` exposes all of them.
fn misplaced_wildcard(setting: Setting, name: &str) -> Option<Diagnostic> {
    let is_right = setting == Setting::AllowHeaders && prefix(name).is_some();
    if name == "*" || !name.contains('*') || is_right {
        return None;
    }
    let any = names::means_any(name).then(|| "*".to_owned());
    Some(Diagnostic::error(setting, Kind::MisplacedWildcard).of(name).suggest(any))
}

/// Fetch, "forbidden request-header".
fn is_forbidden(lower: &str) -> bool {
    has(FORBIDDEN_REQUEST_HEADERS, lower)
        || lower.starts_with("proxy-")
        || lower.starts_with("sec-")
}

/// A header that only responses have.
fn is_of_responses(lower: &str) -> bool {
    // Those of requests are forbidden, which was asked before.
    lower.starts_with("access-control-")
        || has(RESPONSE_HEADERS, lower) && !has(REQUEST_HEADERS, lower)
}

/// A header that only requests have.
fn is_of_requests(lower: &str) -> bool {
    // A custom name may be used for requests and responses.
    let is_own = lower.starts_with("x-");
    has(FORBIDDEN_REQUEST_HEADERS, lower) && !BOTH_WAYS.contains(&lower)
        || has(REQUEST_HEADERS, lower) && !has(RESPONSE_HEADERS, lower) && !is_own
}

/// Forbidden request headers that are also response headers.
const BOTH_WAYS: [&str; 9] = [
    "connection",
    "content-length",
    "date",
    "keep-alive",
    "set-cookie",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "via",
];

/// A valid name that is probably a typo of a well-known one.
fn probable_typo(setting: Setting, name: &str, known: &'static str) -> Option<Diagnostic> {
    let warning = Diagnostic::warning(setting, Kind::ProbableTypo).of(name);
    if names::means_nothing(name) {
        return Some(warning);
    }
    let meant = if names::means_any(name) {
        "*"
    } else {
        // Short names may differ by one letter without being a typo.
        if name.len() < 6 || has(known, name) {
            return None;
        }
        // A missing or added `X-` is not a typo.
        let begins = |text: &str, with: &str| {
            text.get(..with.len()).is_some_and(|start| start.eq_ignore_ascii_case(with))
        };
        let known = known.split(' ').filter(|known| match begins(known, "x-") {
            true => begins(name, "x"),
            false => !begins(name, "x-"),
        });
        nearest::word(name, &known.collect::<Vec<_>>())?
    };
    // A name without effect is not suggested.
    let lower = meant.to_ascii_lowercase();
    let is_idle = match setting {
        Setting::AllowHeaders => is_forbidden(&lower),
        _ => is_unreadable(&lower),
    };
    if is_idle {
        return None;
    }
    Some(warning.suggest(Some(meant.to_owned())))
}
