//! Proves that dangers are refused until they are tolerated, or reported; that what amounts to a
//! danger is found; and that each report shows where, with an example and a better spelling that
//! are true.

mod common;

use std::collections::BTreeSet;

use common::*;
use tower_cors::{Any, CorsLayer, Fault, Risk};

#[test]
fn a_risk_is_an_error_until_it_is_tolerated() {
    let trusting = || CorsLayer::new().allow_credentials(true);
    for (layer, risk) in [
        (trusting().allow_origins(Any), Risk::AnyOrigin),
        (trusting().allow_origin_if(|o| o != "null"), Risk::AnyOrigin),
        (trusting().allow_origins(["null"]), Risk::NullOrigin),
        (trusting().allow_origin_if(|o| o == "null"), Risk::NullOrigin),
        (trusting().allow_origins(["https://*.com"]), Risk::AnyOrigin),
        #[cfg(feature = "regex")]
        (trusting().allow_origin_regex("https://.*"), Risk::AnyOrigin),
        #[cfg(feature = "regex")]
        (trusting().allow_origin_regex("null"), Risk::NullOrigin),
    ] {
        let error = layer.build().unwrap_err();
        let [Fault::Risk(report)] = error.faults() else { panic!("{error}") };
        assert_eq!(report.risk(), risk);
        // The text names what to type.
        assert!(error.to_string().contains(&format!("tolerate(Risk::{risk:?})")), "{error}");
        // Tolerating another one is of no use.
        let others = [Risk::AnyOrigin, Risk::NullOrigin, Risk::AnyOrigin];
        let tolerant = others
            .into_iter()
            .filter(|other| *other != risk)
            .fold(layer.clone(), CorsLayer::tolerate);
        assert_eq!(tolerant.build().unwrap_err(), error);

        let policy = layer.clone().tolerate(risk).build().unwrap();
        assert_eq!(policy.risks(), [risk]);
        let [tolerated] = policy.risk_reports() else { panic!("{:?}", policy.risk_reports()) };
        assert_eq!((tolerated.risk(), tolerated.setting()), (risk, report.setting()));
        assert_eq!((tolerated.value(), tolerated.example()), (report.value(), report.example()));
        // Nobody is told to accept what is accepted.
        let text = tolerated.to_string();
        assert!(text.ends_with(" (tolerated)") && !text.contains("tolerate("), "{text}");
        // Without credentials there is no danger.
        let policy = layer.allow_credentials(false).build().unwrap();
        assert!(policy.risks().is_empty() && policy.risk_reports().is_empty());
    }
}

#[test]
fn the_other_risks_are_reported_and_not_refused() {
    let policy = CorsLayer::new()
        .allow_origins(["http://a.example", "https://b.example", "http://*.c.example:*"])
        .allow_origins([
            "http://localhost:3000",
            "http://127.0.0.1:*",
            "http://[::1]",
            "ws://d.example",
        ])
        .allow_credentials(true)
        .build()
        .unwrap();
    assert_eq!(policy.risks(), [Risk::InsecureOriginWithCredentials]);
    let values: Vec<_> = policy.risk_reports().iter().map(|report| report.value()).collect();
    assert_eq!(
        values,
        [Some("http://a.example"), Some("ws://d.example"), Some("http://*.c.example:*")]
    );
    let policy = CorsLayer::new().allow_origins(["http://a.example"]).build().unwrap();
    assert!(policy.risks().is_empty());
}

/// https://.*example\.com takes https://evilexample.com; the text shows such an origin and the
/// better spelling, and both are true.
#[cfg(feature = "regex")]
#[test]
fn loose_regexes_are_reported_with_an_origin_and_a_better_spelling() {
    for (regex, meant) in [
        (r"https://app.example.com", "https://app.example.com"),
        (r"https://app.example\.com", "https://app.example.com"),
        (r"https://.*example\.com", "https://a.example.com"),
        (r"https://.*.example\.com", "https://a.example.com"),
        (r"https://.+example\.com", "https://a.example.com"),
        (r"https://.*?example\.com", "https://a.example.com"),
        (r"https://[a-z0-9.-]+example\.com", "https://a.example.com"),
        (r"https://[\w.]*example\.com", "https://a.example.com"),
        (r"https://(.*)example\.com", "https://a.example.com"),
        (r"https://(?:.*)example\.com", "https://a.example.com"),
        (r"https://(www.)?example\.com", "https://www.example.com"),
        (r"https://example\.com|https://app.example.com", "https://app.example.com"),
        (r"(?i)https://app.example.com", "https://app.example.com"),
        (r"https://example.(com|org)", "https://example.org"),
        (r"https://app\.example\.com.*", "https://app.example.com"),
        (r"https://.*\.example\.com.*", "https://a.example.com:8443"),
        (r"https?://.*localhost:\d+", "http://localhost:3000"),
    ] {
        let layer = CorsLayer::new().allow_origin_regex(regex).allow_credentials(true);
        let policy = layer.build().unwrap_or_else(|error| panic!("{regex}: {error}"));
        assert_eq!(policy.risks(), [Risk::LooseRegexWithCredentials], "{regex}");
        let report = &policy.risk_reports()[0];
        assert_eq!((report.setting(), report.value()), ("allow_origin_regex", Some(regex)));
        assert!(policy.allows_origin(meant), "{regex}");

        let write = report.write().unwrap_or_else(|| panic!("{regex} has no better spelling"));
        let better = CorsLayer::new().allow_origin_regex(write).allow_credentials(true);
        let better = better.build().unwrap_or_else(|error| panic!("{write}: {error}"));
        assert!(better.risks().is_empty(), "{regex} -> {write} is loose, too");
        assert!(better.allows_origin(meant), "{regex} -> {write} no longer takes {meant}");
        if let Some(example) = report.example() {
            assert!(policy.allows_origin(example), "{regex} does not take {example}");
            assert!(!better.allows_origin(example), "{write} still takes {example}");
        }
    }
    for tight in [
        r"https://app\.example\.com",
        r"https://.*\.example\.com",
        r"https://([a-z]+\.)?example\.com",
        r"https://(www\.)?example\.com",
        r"https://app\.example\.com(:\d+)?",
        r"https?://localhost(:[0-9]+)?",
        r"https://pr-\d+\.example\.com",
        r"https://[^.]+\.example\.com",
        r"https://example[.]com",
    ] {
        let layer = CorsLayer::new().allow_origin_regex(tight).allow_credentials(true);
        let policy = layer.build().unwrap_or_else(|error| panic!("{tight}: {error}"));
        let found = policy
            .risk_reports()
            .iter()
            .any(|report| report.risk() == Risk::LooseRegexWithCredentials);
        assert!(!found, "{tight}");
    }
}

/// Several kinds at once: each kind once in `risks()`, each place once in the reports.
#[test]
fn risks_are_listed_by_kind_and_reports_by_place() {
    let policy = tolerant()
        .allow_origins(["null", "https://*.com", "http://*.org", "http://a.example"])
        .allow_origin_if(|_| true)
        .allow_credentials(true)
        .build()
        .unwrap();
    assert_eq!(
        policy.risks(),
        [Risk::AnyOrigin, Risk::NullOrigin, Risk::AnyOrigin, Risk::InsecureOriginWithCredentials,]
    );
    let kinds: BTreeSet<_> = policy.risk_reports().iter().map(|report| report.risk()).collect();
    assert_eq!(kinds.into_iter().collect::<Vec<_>>(), policy.risks());
    for risk in policy.risks() {
        assert!(!risk.to_string().is_empty());
    }
}

/// Origins nobody owns are asked for under several schemes and top-level domains, of predicates
/// too.
#[test]
fn what_amounts_to_any_origin_is_found() {
    let open: &[fn(&str) -> bool] = &[
        |_| true,
        |origin| origin.starts_with("https://"),
        |origin| origin.starts_with("http://"),
        |origin| origin.ends_with(".com"),
        |origin| origin.ends_with(".org"),
        |origin| origin.ends_with(".io"),
        |origin| origin.ends_with(".dev") && origin.starts_with("https"),
        |origin| origin.contains("com"),
        |origin| !origin.contains("evil"),
        |origin| origin.len() > 10,
        |origin| origin != "null" && !origin.starts_with("http:"),
    ];
    for (index, open) in open.iter().enumerate() {
        let layer = CorsLayer::new().allow_origin_if(open).allow_credentials(true);
        let error = layer.build().expect_err(&format!("predicate {index} is open"));
        let Fault::Risk(report) = &error.faults()[0] else { panic!("{error}") };
        assert_eq!(report.risk(), Risk::AnyOrigin, "{index}");
        assert!(open(report.example().unwrap()), "{index}");
    }
    let closed: &[fn(&str) -> bool] = &[
        |_| false,
        |origin| origin == "https://a.example",
        |origin| origin.starts_with("https://") && origin.ends_with(".mine.example"),
        |origin| origin.starts_with("http://localhost:"),
    ];
    for closed in closed {
        assert!(CorsLayer::new().allow_origin_if(closed).allow_credentials(true).build().is_ok());
    }
    #[cfg(feature = "regex")]
    for open in [
        ".*",
        ".+",
        "https://.*",
        "https?://.*",
        r"https?://[\w.-]+(:\d+)?",
        "https://[^/]+",
        r"https://.*\.com",
        r"https://[a-z0-9-]+\.(com|org)",
        r"https://.*\.app",
        "(?i)HTTPS://.+",
        r".*:\d+",
        "a|.*",
    ] {
        let layer = CorsLayer::new().allow_origin_regex(open).allow_credentials(true);
        assert!(layer.build().is_err(), "{open}");
    }
}

#[cfg(feature = "public-suffix")]
#[test]
fn public_suffixes_are_known_by_the_list() {
    for (domain, refused) in [
        ("co.uk", true),
        ("github.io", true),
        ("example.co.uk", false),
        ("me.github.io", false),
        ("example.com", false),
        ("ck", true),
        ("internal", false),
        ("unknown-suffix.internal", false),
    ] {
        let origin = format!("https://*.{domain}");
        let layer = CorsLayer::new().allow_origins([&origin]).allow_credentials(true);
        assert_eq!(layer.build().is_err(), refused, "{origin}");
        assert!(layer.clone().tolerate(Risk::AnyOrigin).build().is_ok());
        assert!(layer.allow_credentials(false).build().is_ok(), "{origin}");
    }
}

/// Without the list only a top-level domain is one; it never says more than the list does.
#[cfg(not(feature = "public-suffix"))]
#[test]
fn without_the_list_only_top_level_domains_are_public() {
    for (domain, refused) in [("com", true), ("co.uk", false), ("github.io", false)] {
        let origin = format!("https://*.{domain}");
        let layer = CorsLayer::new().allow_origins([&origin]).allow_credentials(true);
        assert_eq!(layer.build().is_err(), refused, "{origin}");
    }
}
