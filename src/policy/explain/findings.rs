//! What the policy says to each part of a request, and what comes nearest.

use http::HeaderValue;

use super::{Finding, Part, shown, shown_origin};
use crate::{
    error::{Fault, NameProblem},
    policy::{
        CorsPolicy, names, nearest,
        origin::{
            syntax::{Origin, Tuple},
            validate,
        },
        request::OriginField,
        rules::{Headers, Methods},
        spelling::{method_problem, name_problem},
    },
};

pub(super) fn origin_finding(policy: &CorsPolicy, origin: OriginField<'_>) -> Finding {
    let allowed = policy.rules().allows(origin);
    let mut finding = Finding {
        part: Part::Origin,
        asked: shown_origin(origin),
        allowed,
        reason: String::new(),
        nearest: None,
        fix: None,
    };
    let value = match origin {
        OriginField::One(value) => value,
        OriginField::Absent | OriginField::Several => {
            finding.reason = match allowed {
                true => "any is".to_owned(),
                false => "it comes in several lines, which no browser sends".to_owned(),
            };
            return finding;
        }
    };
    if allowed {
        finding.reason = allowing_setting(policy, value);
        return finding;
    }
    let Some(origin) = Origin::read(value.as_bytes()) else {
        let Near { nearest, reason, .. } = malformed_origin(policy, value);
        (finding.nearest, finding.reason) = (nearest, reason);
        return finding;
    };
    let near = match origin {
        Origin::Null => Near::none(
            "pages of sandboxed frames and files are null, and so is whoever pretends to be",
        ),
        Origin::Tuple(tuple) => nearest_origin(policy, value, tuple),
    };
    (finding.nearest, finding.reason) = (near.nearest, near.reason);
    // Only what `build()` would take.
    let is_risk = origin == Origin::Null && policy.config().allow_credentials;
    if !is_risk && validate::entry(&finding.asked).is_ok() {
        finding.fix = Some(format!(".allow_origins([\"{}\"])", finding.asked));
    }
    finding
}

fn allowing_setting(policy: &CorsPolicy, value: &HeaderValue) -> String {
    let config = policy.config();
    let any = config.allow_origins.iter().any(|item| item == "*");
    let listed = config.allow_origins.iter().any(|item| item.as_bytes() == value.as_bytes());
    let pattern = config.allow_origins.iter().find(|item| {
        matches!(validate::entry(item), Ok(validate::Entry::Pattern(pattern)) if pattern.matches(value.as_bytes()))
    });
    match pattern {
        _ if any => "any is".to_owned(),
        _ if listed => "it is listed".to_owned(),
        Some(pattern) => format!("{pattern:?} takes it"),
        None => "a regex or predicate takes it".to_owned(),
    }
}

/// A nearest allowed value and what keeps the asked one from it.
struct Near {
    nearest: Option<String>,
    reason: String,
}

impl Near {
    fn none(reason: &str) -> Self {
        Self { nearest: None, reason: reason.to_owned() }
    }

    fn of(nearest: &str, difference: &str) -> Self {
        let reason = format!("the nearest allowed is \"{nearest}\": {difference}");
        Self { nearest: Some(nearest.to_owned()), reason }
    }
}

fn malformed_origin(policy: &CorsPolicy, value: &HeaderValue) -> Near {
    let text = String::from_utf8_lossy(value.as_bytes());
    match validate::entry(&text) {
        Err(Fault::Origin { write: Some(write), .. }) if policy.allows_origin(&write) => {
            Near::of(&write, "that is how a browser would send it")
        }
        _ => Near::none("it is no origin that a browser could send"),
    }
}

fn nearest_origin(policy: &CorsPolicy, value: &HeaderValue, tuple: Tuple<'_>) -> Near {
    let config = policy.config();
    let apex = format!("://*.{}", tuple.host);
    if let Some(pattern) = config.allow_origins.iter().find(|item| item.contains(&apex)) {
        return Near::of(pattern, "it takes subdomains, not the domain itself");
    }
    if let Some((near, difference)) = allowed_variant(policy, tuple) {
        return Near::of(&near, difference);
    }
    let same_host = |item: &&String| {
        validate::tuple(item)
            .is_some_and(|listed| (listed.scheme, listed.host) == (tuple.scheme, tuple.host))
    };
    if let Some(listed) = config.allow_origins.iter().find(same_host) {
        return Near::of(listed, "only the port differs");
    }
    let text = String::from_utf8_lossy(value.as_bytes());
    match nearest::word(&text, config.allow_origins.iter().map(String::as_str)) {
        Some(near) => Near::of(near, "a slip of the pen?"),
        None if config.allow_origins.is_empty() => Near::none("no origin is listed"),
        None => Near::none("it is not listed"),
    }
}

/// One of the origins that differ in one part from a refused one, if it is allowed: by a fixed number
/// of look-ups.
pub(crate) fn allowed_variant(
    policy: &CorsPolicy,
    tuple: Tuple<'_>,
) -> Option<(String, &'static str)> {
    let Tuple { scheme, host, port } = tuple;
    let other = match scheme {
        "http" => "https",
        "https" => "http",
        _ => scheme,
    };
    let bare = host.strip_prefix("www.");
    let (without, has_port) = (None, port.is_some());
    let suffix = |port: Option<u16>| port.map(|port| format!(":{port}")).unwrap_or_default();
    let www = bare.map_or_else(|| format!("www.{host}"), str::to_owned);
    let variants = [
        (other != scheme, other, host, port, "only the scheme differs"),
        (has_port, scheme, host, without, "it has no port"),
        (
            other != scheme && has_port,
            other,
            host,
            without,
            "the scheme differs, and it has no port",
        ),
        (true, scheme, www.as_str(), port, "only \"www.\" differs"),
    ];
    variants
        .into_iter()
        .filter(|(applies, ..)| *applies)
        .map(|(_, scheme, host, port, how)| (format!("{scheme}://{host}{}", suffix(port)), how))
        .find(|(variant, _)| policy.allows_origin(variant))
}

pub(super) fn method_finding(policy: &CorsPolicy, method: &HeaderValue) -> Finding {
    let rules = policy.rules();
    let asked = shown(method.as_bytes());
    let allowed = rules.methods.contains(method);
    let (mut nearest, mut fix) = (None, None);
    let reason = match &rules.methods {
        Methods::Mirrored if allowed => "any is".to_owned(),
        _ if !names::is_token(method.as_bytes()) => "it is no method name".to_owned(),
        Methods::Mirrored | Methods::Listed { .. } if allowed => "it is listed".to_owned(),
        Methods::Mirrored => "it is no method name".to_owned(),
        Methods::Listed { names: listed, value } => {
            let text = method.to_str().unwrap_or_default();
            let spelled = |name: &&[u8]| name.eq_ignore_ascii_case(text.as_bytes());
            nearest = listed.iter().map(|name| &**name).find(spelled).map(shown);
            let problem = method_problem(text);
            let is_sound = problem.is_none();
            let meant = match problem {
                Some((NameProblem::LetterCase, write)) => write,
                _ => None,
            };
            match (&nearest, meant) {
                (Some(near), _) => {
                    format!("methods are case-sensitive: let the page send \"{near}\"")
                }
                (None, Some(meant)) => {
                    fix = Some(add_method(policy, &meant));
                    format!("methods are case-sensitive: let the page send \"{meant}\"")
                }
                (None, None) => {
                    // Listed, `*` would be all methods but this one.
                    fix = (is_sound && asked != "*").then(|| add_method(policy, &asked));
                    match value.is_empty() {
                        true => "no method is listed".to_owned(),
                        false => format!("the list is {}", shown(value.as_bytes())),
                    }
                }
            }
        }
    };
    Finding { part: Part::Method, asked, allowed, reason, nearest, fix }
}

/// The first call of the builder replaces the default list, so that goes with it.
fn add_method(policy: &CorsPolicy, method: &str) -> String {
    match policy.settings().default_methods {
        true => format!(".allow_methods([\"GET\", \"{method}\"])"),
        false => format!(".allow_methods([\"{method}\"])"),
    }
}

pub(super) fn header_finding(policy: &CorsPolicy, name: &[u8]) -> Finding {
    let asked = shown(name);
    let (allowed, nearest, reason) = match &policy.rules().headers {
        Headers::Any => (true, None, "any is".to_owned()),
        Headers::Listed { names, .. } if names.contains(name) => {
            (true, None, "it is listed".to_owned())
        }
        Headers::Listed { .. } => {
            let listed = policy.config().allow_headers.iter().map(String::as_str);
            let nearest = nearest::word(&asked, listed).map(str::to_owned);
            let reason = match &nearest {
                Some(near) => format!("the nearest allowed is \"{near}\""),
                None => "it is not listed".to_owned(),
            };
            (false, nearest, reason)
        }
    };
    let fix = (!allowed && name != b"*" && name_problem(&asked).is_none())
        .then(|| format!(".allow_headers([\"{asked}\"])"));
    Finding { part: Part::Header, asked, allowed, reason, nearest, fix }
}

pub(super) fn private_network_finding(allowed: bool) -> Finding {
    Finding {
        part: Part::PrivateNetwork,
        asked: "true".to_owned(),
        allowed,
        reason: if allowed { "it is switched on" } else { "it is switched off" }.to_owned(),
        nearest: None,
        fix: (!allowed).then(|| ".allow_private_network(true)".to_owned()),
    }
}
