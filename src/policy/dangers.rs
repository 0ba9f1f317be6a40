//! Where a configuration with credentials is dangerous (cold).

use std::collections::HashSet;

use super::{
    config::Predicate,
    origin::{
        address,
        pattern::OriginPattern,
        probe,
        regex::{self, OriginRegex},
        syntax::host_end,
    },
};
use crate::risk::{Risk, RiskReport};

/// The dangers of listed origins and patterns.
pub(crate) fn of_list(
    any: bool,
    listed: &[String],
    patterns: &[(&str, OriginPattern)],
) -> Vec<RiskReport> {
    let mut reports = Vec::new();
    let mut report = |risk, value: &str| {
        let value = Some(value.to_owned());
        let setting = "allow_origins";
        reports.push(RiskReport {
            risk,
            setting,
            value,
            example: None,
            write: None,
            tolerated: false,
        });
    };
    if any {
        report(Risk::AnyOriginWithCredentials, "*");
    }
    if listed.iter().any(|origin| origin == "null") {
        report(Risk::NullOriginWithCredentials, "null");
    }
    for (text, _) in patterns {
        if domain_of(text).is_some_and(is_public_suffix) {
            report(Risk::PublicSuffixWithCredentials, text);
        }
    }
    let mut seen = HashSet::new();
    let all = listed.iter().map(String::as_str).chain(patterns.iter().map(|(text, _)| *text));
    all.filter(|text| is_insecure(text) && seen.insert(*text))
        .for_each(|text| report(Risk::InsecureOriginWithCredentials, text));
    reports
}

/// The dangers of regular expressions and predicates, which are asked for origins that nobody owns.
pub(crate) fn of_computed(
    regexes: &[(&str, OriginRegex)],
    predicates: &[Predicate],
) -> Vec<RiskReport> {
    let mut reports = Vec::new();
    for (text, regex) in regexes {
        let setting = "allow_origin_regex";
        let takes = |origin: &str| regex.matches(origin.as_bytes());
        let strangers = of_taker(setting, Some(text), takes);
        // An expression that takes any origin is not loose, it is open.
        if strangers.is_empty()
            && let Some(found) = regex::looseness(text)
        {
            reports.push(RiskReport {
                risk: Risk::LooseRegexWithCredentials,
                setting,
                value: Some((*text).to_owned()),
                example: found.example,
                write: Some(found.write),
                tolerated: false,
            });
        }
        reports.extend(strangers);
    }
    for predicate in predicates {
        reports.extend(of_taker("allow_origin_if", None, |origin| (predicate.0)(origin)));
    }
    reports
}

fn of_taker(
    setting: &'static str,
    value: Option<&str>,
    takes: impl Fn(&str) -> bool,
) -> Vec<RiskReport> {
    let report = |risk, example| {
        let value = value.map(str::to_owned);
        RiskReport { risk, setting, value, example: Some(example), write: None, tolerated: false }
    };
    let any = probe::stranger_taken(&takes)
        .map(|stranger| report(Risk::AnyOriginWithCredentials, stranger));
    let null = takes("null").then(|| report(Risk::NullOriginWithCredentials, "null".to_owned()));
    any.into_iter().chain(null).collect()
}

/// The domain after `*.` of a pattern's text.
fn domain_of(pattern: &str) -> Option<&str> {
    let domain = pattern.split_once("://*.")?.1;
    Some(domain.split(':').next().unwrap_or(domain).trim_end_matches('.'))
}

/// Whether anybody can register a name directly under a domain.
fn is_public_suffix(domain: &str) -> bool {
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

/// `http://` or `ws://` on a host that is not this machine.
fn is_insecure(origin: &str) -> bool {
    let Some(rest) = origin.strip_prefix("http://").or_else(|| origin.strip_prefix("ws://")) else {
        return false;
    };
    let rest = rest.strip_prefix("*.").unwrap_or(rest);
    !address::is_loopback(&rest[..host_end(rest)])
}
