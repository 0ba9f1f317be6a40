//! Whether the policy allows each part of a request, and why.

use http::HeaderValue;

use super::{
    explanation::{Finding, Part},
    nearest::nearest_origin,
    shown::{shown, shown_origin},
};
use crate::{
    cors_policy::CorsPolicy,
    diagnostic::{Setting, Severity, explain_text as text},
    policy::{
        enforce::EnforceOrigin,
        names::{self, is_token},
        origin::{set::Match, syntax::Origin},
        preflight::Preflight,
        request::{OriginField, RequestOrigin},
        rules::{Echoed, Grant, Headers, Methods, Origins, Rules},
    },
    settings::{Source, headers, methods, nearest, origins},
};

/// How many requested names are explained, and how many bytes of them are read.
const NAMES: usize = 8;
const BYTES: usize = 8 * 1024;

pub(super) fn origin_finding(
    policy: &CorsPolicy,
    origin: &RequestOrigin<'_>,
    grant: Grant<'_>,
) -> Finding {
    if grant.is_nothing() {
        return refused_origin(policy, origin);
    }
    let reason = match (&policy.rules().origins, origin.field()) {
        (Origins::Set(set), OriginField::One(value)) => match set.matched_by(value.as_bytes()) {
            Match::Listed => text::LISTED.to_owned(),
            Match::Pattern(pattern) => text::matched_by(pattern),
            Match::Computed => text::COMPUTED.to_owned(),
        },
        _ => text::ANY_ORIGIN.to_owned(),
    };
    Finding::allowed_by(Part::Origin, shown_origin(origin), reason)
}

pub(super) fn refused_origin(policy: &CorsPolicy, origin: &RequestOrigin<'_>) -> Finding {
    let asked = shown_origin(origin);
    let near = |(nearest, reason): (String, String)| Finding {
        nearest: Some(nearest),
        ..Finding::refused(Part::Origin, asked.clone(), reason)
    };
    let none = |reason: &str| Finding::refused(Part::Origin, asked.clone(), reason);
    let parsed = match (origin.field(), origin.parsed()) {
        (OriginField::One(_), Some(parsed)) => *parsed,
        (OriginField::One(_), None) => {
            // It may be allowed in the spelling that browsers send.
            let corrected = origins::read(&asked).err();
            let corrected = corrected.as_ref().and_then(|error| error.suggestion());
            return match corrected.filter(|corrected| policy.allows_origin(corrected)) {
                Some(corrected) => {
                    near((corrected.to_owned(), text::nearest(corrected, text::AS_SENT)))
                }
                None => none(text::MALFORMED_ORIGIN),
            };
        }
        (OriginField::Absent, _) => return none(text::OF_ANOTHER_SITE),
        (OriginField::Several, _) => return none(text::SEVERAL_ORIGINS),
    };
    let found = match parsed {
        Origin::Tuple(tuple) => nearest_origin(policy, tuple),
        Origin::Null | Origin::File => None,
    };
    let mut finding = match (found, parsed) {
        (Some((nearest, how)), _) => {
            let reason = text::nearest(&nearest, how);
            near((nearest, reason))
        }
        (None, Origin::Null) => none(text::NULL),
        (None, _) if policy.config().allow_origins.is_empty() => none(text::NO_ORIGIN_LISTED),
        (None, _) => none(text::NOT_LISTED),
    };
    finding.fix = origin_fix(policy, parsed, &asked);
    finding
}

pub(super) fn method_finding(policy: &CorsPolicy, preflight: &Preflight<'_>) -> Finding {
    let method = preflight.asked.method;
    let asked = shown(method.as_bytes());
    let (names, value) = match &policy.rules().methods {
        Methods::Mirrored if preflight.refusal.method() => {
            return Finding::refused(Part::Method, asked, text::NO_METHOD);
        }
        Methods::Mirrored => return Finding::allowed_by(Part::Method, asked, text::ANY_METHOD),
        Methods::Listed { .. } if !preflight.refusal.method() => {
            return Finding::allowed_by(Part::Method, asked, text::LISTED);
        }
        Methods::Listed { names, value } => (names, value),
    };
    if !is_token(method.as_bytes()) {
        return Finding::refused(Part::Method, asked, text::NO_METHOD);
    }
    let add = |method: &str| {
        Some(fix(policy, Setting::AllowMethods, &policy.config().allow_methods, &[method]))
    };
    let is_spelled = |name: &&[u8]| name.eq_ignore_ascii_case(method.as_bytes());
    if let Some(near) = names.iter().map(|name| &**name).find(is_spelled).map(shown) {
        let reason = text::letter_case(&near);
        return Finding { nearest: Some(near), ..Finding::refused(Part::Method, asked, reason) };
    }
    let problem = methods::problem(&asked);
    let meant = problem.as_ref().filter(|problem| problem.severity() == Severity::Error);
    match meant.map(|problem| problem.suggestion()) {
        Some(Some(meant)) => Finding {
            fix: add(meant),
            ..Finding::refused(Part::Method, asked.clone(), text::letter_case(meant))
        },
        // No fix lists a method that browsers never send, and `*` as a fix would allow all other
        // methods too.
        sound => Finding {
            fix: if sound.is_none() && asked != "*" { add(&asked) } else { None },
            ..Finding::refused(
                Part::Method,
                asked.clone(),
                text::methods_listed(&shown(value.as_bytes())),
            )
        },
    }
}

/// The header names that a preflight asks for, and whether each is allowed. Refused ones come
/// first, as far as they are read.
pub(crate) struct Asked<'a> {
    names: Vec<(bool, &'a [u8])>,
    /// Whether the request asks for more than is read or shown.
    pub(super) is_cut: bool,
}

impl<'a> Asked<'a> {
    pub(crate) fn read(policy: &CorsPolicy, preflight: &Preflight<'a>) -> Self {
        let headers = &policy.rules().headers;
        let (mut names, mut is_cut, mut rest) = (Vec::new(), false, BYTES);
        for line in preflight.asked.headers.lines().map(HeaderValue::as_bytes) {
            is_cut |= line.len() > rest;
            let read = &line[..line.len().min(rest)];
            rest -= read.len();
            names.extend(names::elements(read).map(|name| (headers.contain(name), name)));
        }
        // The order of the request is kept within each kind.
        let (mut names, mut allowed): (Vec<_>, Vec<_>) =
            names.into_iter().partition(|(allowed, _)| !allowed);
        names.append(&mut allowed);
        is_cut |= names.len() > NAMES;
        names.truncate(NAMES);
        Self { names, is_cut }
    }

    #[cfg(feature = "tracing")]
    pub(crate) fn refused(&self) -> Vec<&'a [u8]> {
        self.names.iter().filter(|(allowed, _)| !allowed).map(|(_, name)| *name).collect()
    }

    pub(super) fn findings(&self, policy: &CorsPolicy) -> Vec<Finding> {
        let names = self.names.iter();
        let refused = names.clone().filter(|(allowed, _)| !allowed).map(|(_, name)| shown(name));
        let refused: Vec<_> = refused.collect();
        names.map(|(allowed, name)| header_finding(policy, name, *allowed, &refused)).collect()
    }
}

/// `refused` are all names that are not allowed.
fn header_finding(policy: &CorsPolicy, name: &[u8], allowed: bool, refused: &[String]) -> Finding {
    let asked = shown(name);
    if allowed {
        let reason = match &policy.rules().headers {
            Headers::Echoed(Echoed::Any) => text::ANY_HEADER.to_owned(),
            Headers::Listed { .. } => text::LISTED.to_owned(),
            Headers::Echoed(Echoed::Prefixed(prefixes)) => match prefixes.prefix_of(name) {
                Some(prefix) if !prefixes.lists(name) => {
                    text::matched_by(&format_args!("{}*", shown(prefix)))
                }
                _ => text::LISTED.to_owned(),
            },
        };
        return Finding::allowed_by(Part::Header, asked, reason);
    }
    let listed = &policy.config().allow_headers;
    let own = header_fix(policy, std::slice::from_ref(&asked));
    // A line of a file replaces the one before, so each has all names.
    let fix = match policy.settings().source {
        Source::Config if own.is_some() => header_fix(policy, refused),
        _ => own,
    };
    let listed: Vec<_> = listed.iter().map(|name| name.trim()).collect();
    let nearest = nearest::word(&asked, &listed);
    let reason = nearest.map_or_else(|| text::NOT_LISTED.to_owned(), text::nearest_name);
    Finding {
        nearest: nearest.map(str::to_owned),
        fix,
        ..Finding::refused(Part::Header, asked, reason)
    }
}

pub(super) fn private_network_finding(policy: &CorsPolicy) -> Finding {
    let asked = "true".to_owned();
    if policy.rules().private_network {
        return Finding::allowed_by(Part::PrivateNetwork, asked, text::ON);
    }
    Finding {
        fix: Some(switch(policy, Setting::AllowPrivateNetwork)),
        ..Finding::refused(Part::PrivateNetwork, asked, text::OFF)
    }
}

pub(super) fn credentials_finding(
    policy: &CorsPolicy,
    grant: Grant<'_>,
    asked: bool,
) -> Option<Finding> {
    if !asked || grant.is_nothing() {
        return None;
    }
    let value = "include".to_owned();
    Some(match (policy.rules().credentials, grant) {
        (true, _) => Finding::allowed_by(Part::Credentials, value, text::ON),
        // Credentials for any origin would be a danger.
        (false, Grant::Any) => {
            Finding::refused(Part::Credentials, value, text::CREDENTIALS_AND_ANY)
        }
        (false, _) => Finding {
            fix: Some(switch(policy, Setting::AllowCredentials)),
            ..Finding::refused(Part::Credentials, value, text::OFF)
        },
    })
}

/// The setting that would allow an origin, if it builds and is not dangerous.
fn origin_fix(policy: &CorsPolicy, origin: Origin<'_>, asked: &str) -> Option<String> {
    let Rules { credentials, enforce, .. } = policy.rules();
    let is_trusted = *credentials || *enforce != EnforceOrigin::Nothing;
    let is_danger = is_trusted && matches!(origin, Origin::Null | Origin::File);
    let listed = &policy.config().allow_origins;
    (!is_danger && origins::read(asked).is_ok())
        .then(|| fix(policy, Setting::AllowOrigins, listed, &[asked]))
}

/// The setting that would allow those of the names that can be listed.
fn header_fix(policy: &CorsPolicy, asked: &[String]) -> Option<String> {
    let builds = |name: &&str| {
        let problem = headers::request_header_problem(name);
        // As an item, a name with `*` would be a pattern.
        problem.is_none_or(|problem| problem.severity() != Severity::Error) && !name.contains('*')
    };
    let names: Vec<&str> = asked.iter().map(String::as_str).filter(builds).collect();
    let listed = &policy.config().allow_headers;
    (!names.is_empty()).then(|| fix(policy, Setting::AllowHeaders, listed, &names))
}

/// The settings that would allow everything that was refused, without a scan of the configuration.
#[cfg(feature = "tracing")]
pub(crate) fn fixes(
    policy: &CorsPolicy,
    origin: Option<&RequestOrigin<'_>>,
    method: Option<&HeaderValue>,
    names: &[&[u8]],
) -> Option<String> {
    let origin =
        origin.and_then(|origin| origin_fix(policy, *origin.parsed()?, &shown_origin(origin)));
    let method = method.map(|method| shown(method.as_bytes())).and_then(|asked| {
        let is_sound = methods::problem(&asked).is_none() && asked != "*";
        let listed = &policy.config().allow_methods;
        is_sound.then(|| fix(policy, Setting::AllowMethods, listed, &[&asked]))
    });
    let names: Vec<String> = names.iter().map(|name| shown(name)).collect();
    let headers = header_fix(policy, &names);
    let all: Vec<_> = [origin, method, headers].into_iter().flatten().collect();
    (!all.is_empty()).then(|| all.join("; "))
}

/// The setting that would allow the host of a request.
#[cfg(feature = "tracing")]
pub(crate) fn host_fix(
    policy: &CorsPolicy,
    head: crate::policy::request::Head<'_>,
) -> Option<String> {
    use crate::policy::hosts::Authority;

    let host = Authority::of(head)?.to_host()?;
    Some(fix(policy, Setting::AllowHosts, &policy.config().allow_hosts, &[&host]))
}

/// The setting that adds items to a list and keeps the others.
fn fix(policy: &CorsPolicy, setting: Setting, list: &[String], items: &[&str]) -> String {
    let kept = match policy.settings().source {
        // The first call of the builder replaces the default list, so the fix repeats it.
        Source::Default if setting == Setting::AllowMethods => list,
        Source::Default | Source::Builder => &[],
        Source::Config => list,
    };
    policy.settings().source.words().add(setting, kept, items)
}

fn switch(policy: &CorsPolicy, setting: Setting) -> String {
    policy.settings().source.words().switch(setting)
}
