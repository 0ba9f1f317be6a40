//! Where a policy that trusts its origins is dangerous: cookies go to what it matches.

use super::{
    Settings,
    address::{Place, place},
    probe,
};
use crate::{
    diagnostic::{Diagnostic, Kind, Risk, Setting},
    policy::{
        enforce::EnforceOrigin,
        origin::{
            regex::OriginRegex,
            syntax::{FILE, host_end},
        },
    },
};

/// An expression, and the matcher of it alone.
pub(crate) struct Expression<'a> {
    pub(crate) text: &'a str,
    pub(crate) regex: OriginRegex,
}

/// Asked when credentials are allowed or an origin is enforced.
pub(crate) fn judge(
    settings: &Settings,
    any: bool,
    items: &[&str],
    expressions: &[Expression<'_>],
    found: &mut Vec<Diagnostic>,
) {
    let config = &settings.config;
    if !config.allow_credentials && config.enforce_origin == EnforceOrigin::Nothing {
        return;
    }
    let danger = |risk, setting, value: Option<&str>, example| {
        let diagnostic =
            Diagnostic::danger(risk, setting, example, config.tolerate.contains(&risk));
        match value {
            Some(value) => diagnostic.of(value),
            None => diagnostic,
        }
    };
    let setting = Setting::AllowOrigins;
    for item in items {
        match *item {
            "*" => found.push(danger(Risk::AnyOrigin, setting, Some(item), None)),
            "null" => found.push(danger(Risk::NullOrigin, setting, Some(item), None)),
            FILE => found.push(Diagnostic::warning(setting, Kind::LocalPages).of(*item)),
            _ if domain_of(item).is_some_and(is_public_suffix) => {
                found.push(danger(Risk::AnyOrigin, setting, Some(item), None));
            }
            _ if config.allow_credentials && is_insecure(item) => {
                found.push(Diagnostic::warning(setting, Kind::InsecureOrigin).of(*item));
            }
            _ => {}
        }
    }
    // Under `*` nobody asks the rest.
    if any {
        return;
    }
    let mut computed = |setting, value: Option<&str>, matches: &dyn Fn(&str) -> bool| {
        if let Some(stranger) = probe::stranger_matched(matches) {
            found.push(danger(Risk::AnyOrigin, setting, value, Some(stranger)));
        } else if matches("null") {
            found.push(danger(Risk::NullOrigin, setting, value, None));
        }
    };
    for Expression { text, regex } in expressions {
        computed(Setting::AllowOriginRegex, Some(text), &|origin| regex.matches(origin.as_bytes()));
    }
    for predicate in &settings.predicates {
        computed(Setting::AllowOriginIf, None, &*predicate.0);
    }
}

/// The domain after `*.` of a pattern's text.
fn domain_of(pattern: &str) -> Option<&str> {
    let domain = pattern.split_once("://*.")?.1;
    Some(domain.split(':').next().unwrap_or(domain).trim_end_matches('.'))
}

/// Whether anybody can register a name directly under a domain.
pub(crate) fn is_public_suffix(domain: &str) -> bool {
    // Names that no registry sells: RFC 6761, RFC 6762, and ICANN's reservation of `internal`.
    let reserved = ["localhost", "test", "example", "invalid", "local", "internal"];
    if !domain.contains('.') {
        return !reserved.contains(&domain);
    }
    #[cfg(feature = "public-suffix")]
    return psl::suffix(domain.as_bytes())
        .is_some_and(|suffix| suffix.is_known() && suffix.as_bytes() == domain.as_bytes());
    #[cfg(not(feature = "public-suffix"))]
    return false;
}

/// `http://` on a host that is not this machine.
fn is_insecure(origin: &str) -> bool {
    let Some(rest) = origin.strip_prefix("http://") else {
        return false;
    };
    let rest = rest.strip_prefix("*.").unwrap_or(rest);
    place(&rest[..host_end(rest)]) != Place::Loopback
}
