//! Proves what is said of 204 public configurations of FastAPI (`configs.jsonl`, with other hosts in place of
//! theirs): how many are refused, and that each of their expressions is judged as a person judged it.
//!
//! `regexes.tsv` has the expressions in the same order, each with what it is under credentials and why:
//!
//! - `open`: somebody who has nothing to do with the owner can obtain an origin that matches.
//! - `network`, `local`, `insecure`: a warning, since who can obtain one must be near: in the network, in the
//!   browser, on the wire.
//! - `null`: any site can be it. `safe`: nothing is said. `nothing`: no browser sends a match.
//! - `refused`: it is no expression in Python either.
#![cfg(all(feature = "regex", feature = "serde"))]

use std::collections::BTreeMap;

use serde_json::Value;
use tower_cors::{CorsConfig, CorsLayer, Diagnostic, Kind, Risk, Severity};

fn configurations() -> impl Iterator<Item = Value> {
    include_str!("configs.jsonl").lines().map(|line| {
        let row: Value = serde_json::from_str(line).expect("a line is JSON");
        row["config"].clone()
    })
}

/// What is judged to be what, and why.
fn judged() -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    include_str!("regexes.tsv").lines().map(|line| {
        let mut columns = line.splitn(3, '\t');
        let mut column = || columns.next().expect("a line has three columns");
        (column(), column(), column())
    })
}

fn said(layer: &CorsLayer) -> Vec<Diagnostic> {
    match layer.build() {
        Err(error) => error.diagnostics().to_vec(),
        Ok(policy) => policy.diagnostics().to_vec(),
    }
}

/// Each configuration by the worst that is said of it.
#[test]
fn how_many_are_refused() {
    let mut counts = BTreeMap::new();
    for config in configurations() {
        let worst = match serde_json::from_value::<CorsConfig>(config) {
            // A negative max_age.
            Err(_) => "not read",
            Ok(config) => match said(&config.into()).iter().map(Diagnostic::severity).max() {
                Some(Severity::Error) => "refused",
                Some(Severity::Warning) => "warned of",
                Some(_) => "noted",
                None => "nothing said",
            },
        };
        *counts.entry(worst).or_insert(0) += 1;
    }
    let expected =
        [("not read", 1), ("noted", 10), ("nothing said", 62), ("refused", 107), ("warned of", 24)];
    assert_eq!(counts, BTreeMap::from(expected));
}

/// No false alarm, and nothing missed.
#[test]
fn expressions_are_judged_as_a_person_judged_them() {
    let mut counts = BTreeMap::new();
    for (verdict, why, text) in judged() {
        let layer = CorsLayer::new().allow_credentials(true).allow_origin_regex(text);
        let said = said(&layer);
        let found = match said.iter().map(Diagnostic::kind).next() {
            Some(Kind::AnyOrigin) => "open",
            Some(Kind::NullOrigin) => "null",
            Some(Kind::OpenNetwork) => "network",
            Some(Kind::LocalPages) => "local",
            Some(Kind::InsecureOrigin) => "insecure",
            Some(Kind::MatchesNothing) => "nothing",
            Some(Kind::UncommonRegex | Kind::OtherOriginSetting) => "refused",
            Some(_) => "something else",
            None => "safe",
        };
        assert_eq!((found, said.len() < 2), (verdict, true), "{text} ({why}): {said:?}");
        if verdict == "open" {
            let text = said[0].to_string();
            let example = text.split("it matches ").nth(1).and_then(|rest| rest.split(',').next());
            let example = example.unwrap_or_else(|| panic!("{text}"));
            let policy = layer.tolerate(Risk::AnyOrigin).build().expect("it is tolerated");
            assert!(policy.allows_origin(example), "{text}");
        }
        *counts.entry(found).or_insert(0) += 1;
    }
    let expected = [
        ("insecure", 4),
        ("local", 8),
        ("network", 9),
        ("nothing", 2),
        ("null", 3),
        ("open", 63),
        ("refused", 4),
        ("safe", 25),
    ];
    assert_eq!(counts, BTreeMap::from(expected));
}

/// The two files are about the same expressions.
#[test]
fn every_expression_is_judged() {
    let of = |config: Value| match &config["allow_origin_regex"] {
        Value::String(one) => vec![one.clone()],
        Value::Array(several) => {
            several.iter().filter_map(Value::as_str).map(str::to_owned).collect()
        }
        _ => Vec::new(),
    };
    let expressions: Vec<String> = configurations().flat_map(of).collect();
    assert_eq!(judged().map(|(_, _, text)| text).collect::<Vec<_>>(), expressions);
}
