//! `browser_diagnostics`: a console may name the cause, and a browser lets nothing more pass.

use http::{HeaderMap, StatusCode};
use proptest::prelude::*;
use tower_cors::{CorsLayer, Refusal};

use super::{agreement::*, common::*};

/// What a page wants to send.
#[derive(Debug)]
struct Wanted<'a> {
    origin: &'a str,
    method: &'a str,
    /// The CORS-unsafe request-header names.
    names: Vec<String>,
    credentials: bool,
    /// Upload listeners set it; then a response without a list of methods allows the method.
    use_preflight_flag: bool,
}

/// Fetch, "extract header list values": `None` if it is not there, an error if it is no list of
/// tokens.
fn list(headers: &HeaderMap, name: &str) -> Result<Option<Vec<String>>, ()> {
    let mut found = None;
    for line in headers.get_all(name) {
        let found = found.get_or_insert_with(Vec::new);
        let line = line.to_str().map_err(drop)?;
        for element in line.split(',').map(|element| element.trim_matches([' ', '\t'])) {
            let token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
            match element {
                "" => {}
                _ if element.chars().all(token) => found.push(element.to_owned()),
                _ => return Err(()),
            }
        }
    }
    Ok(found)
}

impl Wanted<'_> {
    /// Fetch, "CORS-preflight fetch", step 7: what the browser makes of the answer, from its status
    /// and headers alone.
    fn allowed_by(&self, status: StatusCode, headers: &HeaderMap) -> bool {
        self.passes_cors_check(headers)
            && status.is_success()
            && self.passes_lists(headers).unwrap_or(false)
    }

    /// Fetch, "CORS check".
    fn passes_cors_check(&self, headers: &HeaderMap) -> bool {
        let get = |name: &str| {
            let lines: Vec<_> = headers.get_all(name).iter().map(|line| line.as_bytes()).collect();
            (!lines.is_empty()).then(|| lines.join(&b", "[..]))
        };
        let Some(origin) = get("access-control-allow-origin") else { return false };
        if !self.credentials && origin == b"*" {
            return true;
        }
        origin == self.origin.as_bytes()
            && (!self.credentials
                || get("access-control-allow-credentials").is_some_and(|value| value == b"true"))
    }

    fn passes_lists(&self, headers: &HeaderMap) -> Result<bool, ()> {
        let mut methods = list(headers, "access-control-allow-methods")?;
        let names = list(headers, "access-control-allow-headers")?.unwrap_or_default();
        if methods.is_none() && self.use_preflight_flag {
            methods = Some(vec![self.method.to_owned()]);
        }
        let methods = methods.unwrap_or_default();
        let star = |list: &[String]| !self.credentials && list.iter().any(|item| item == "*");
        let method_fits = methods.iter().any(|method| method == self.method)
            || ["GET", "HEAD", "POST"].contains(&self.method)
            || star(&methods);
        let listed = |name: &String| names.iter().any(|listed| listed.eq_ignore_ascii_case(name));
        let names_fit = self.names.iter().all(|name| {
            listed(name) || star(&names) && !name.eq_ignore_ascii_case("authorization")
        });
        Ok(method_fits && names_fit)
    }
}

/// The names in a line of Access-Control-Request-Headers.
fn elements(line: &str) -> Vec<String> {
    let names = line.split(',').map(str::trim).filter(|name| !name.is_empty());
    names.map(str::to_owned).collect()
}

/// All four browsers that could send a preflight.
fn browsers<'a>(origin: &'a str, method: &'a str, names: &[String]) -> [Wanted<'a>; 4] {
    [(false, false), (false, true), (true, false), (true, true)].map(
        |(credentials, use_preflight_flag)| {
            let names = names.to_vec();
            Wanted { origin, method, names, credentials, use_preflight_flag }
        },
    )
}

#[test]
fn diagnostics_answer_200_to_what_the_browser_refuses_by_itself() {
    let layer = CorsLayer::new()
        .allow_origins(["https://a.example"])
        .allow_methods(["PUT"])
        .browser_diagnostics(true);
    let other = "origin: https://b.example";
    let put = "ac-request-method: PUT";
    let network = "ac-request-private-network: true";
    for (asked, first) in [
        (&[A, put][..], "200 OK"),
        (&[other, put], "200 Disallowed CORS origin"),
        (&[A, "ac-request-method: DELETE"], "200 Disallowed CORS method"),
        (&[A, "ac-request-method: put"], "200 Disallowed CORS method"),
        (&[A, put, "ac-request-headers: x"], "200 Disallowed CORS headers"),
        // Browsers send these three whatever the list says; only the status keeps them from it.
        (&[A, GET], "400 Disallowed CORS method"),
        (&[A, "ac-request-method: HEAD"], "400 Disallowed CORS method"),
        (&[A, "ac-request-method: POST"], "400 Disallowed CORS method"),
        (&[A, put, network], "400 Disallowed CORS private-network"),
        (&[A, GET, network], "400 Disallowed CORS method, private-network"),
        // With two failures, one of the first kind is enough.
        (&[A, GET, "ac-request-headers: x"], "200 Disallowed CORS method, headers"),
        (&[other, GET], "200 Disallowed CORS origin, method"),
        (&[other, put, network], "200 Disallowed CORS origin, private-network"),
        (
            &[other, "ac-request-method: X", "ac-request-headers: x", network],
            "200 Disallowed CORS origin, method, headers, private-network",
        ),
    ] {
        let origin_is_refused = asked[0] == other;
        let mut answer = vec![first, "ac-allow-methods: PUT", "ac-max-age: 600", SAFELISTED];
        if !origin_is_refused {
            answer.push("ac-allow-origin: https://a.example");
        }
        preflight(&layer, asked, &answer);
        let (response, _) = through(&layer, &[&["OPTIONS /"], asked].concat(), &["200"]);
        let refusal = response.extensions().get::<Refusal>().map(Refusal::to_string);
        assert_eq!(refusal.as_deref().unwrap_or("OK"), &first[4..]);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn diagnostics_allow_nothing_more(
        origin in any_origin(),
        method in any_method(),
        headers in any_headers(),
        private_network in any::<bool>(),
    ) {
        let mut rows = preflight_rows(&origin, &method, &headers);
        rows.extend(private_network.then(|| "ac-request-private-network: true".to_owned()));
        for layer in layers() {
            for credentials in [false, true] {
                let layer = layer.clone().allow_credentials(credentials);
                if layer.build().is_err() {
                    continue;
                }
                let answers = [false, true].map(|on| {
                    through(&layer.clone().browser_diagnostics(on), &borrowed(&rows), &["200"]).0
                });
                prop_assert_eq!(answers[0].headers(), answers[1].headers());
                let names: Vec<String> =
                    headers.iter().flat_map(|line| elements(line)).collect();
                for browser in browsers(&origin, &method, &names) {
                    let [without, with] = [0, 1].map(|index| {
                        browser.allowed_by(answers[index].status(), answers[index].headers())
                    });
                    prop_assert_eq!(without, with, "{:?}", browser);
                    // And the browser lets pass what the policy does, no less for cookies.
                    if without {
                        prop_assert!(answers[0].extensions().get::<Refusal>().is_none());
                    }
                }
            }
        }
    }
}

/// The recording's configurations and preflights; rows.py says how they look.
#[cfg(feature = "regex")]
mod corpus {
    use serde_json::Value;

    use super::*;
    use crate::row;

    #[test]
    fn diagnostics_allow_nothing_more_over_the_whole_recording() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/oracle/corpus.jsonl");
        let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{path}: {error}"));
        let (mut preflights, mut named, mut passed) = (0, 0, 0);
        for line in text.lines() {
            let group: Value = serde_json::from_str(line).unwrap();
            let table = group["lines"].as_array().cloned().unwrap_or_default();
            let plain = row::layer(&group["config"]);
            let helpful = plain.clone().browser_diagnostics(true);
            for case in group["cases"].as_array().unwrap() {
                let ask = row::Ask::read(&case[0], &table);
                let answer = |layer: &CorsLayer| {
                    let spy = Spy::new(&["200"]);
                    let response = call(&mut around(layer, &spy), ask.request());
                    (spy.calls() == 0).then_some(response)
                };
                let (Some(without), Some(with)) = (answer(&plain), answer(&helpful)) else {
                    continue;
                };
                preflights += 1;
                assert_eq!(without.headers(), with.headers(), "{ask:?}");
                named += usize::from(without.status() != with.status());
                let asked = ask.request();
                let field =
                    |name: &str| asked.headers().get(name).and_then(|value| value.to_str().ok());
                let (Some(origin), Some(method)) =
                    (field("origin"), field("access-control-request-method"))
                else {
                    continue;
                };
                let lines = asked.headers().get_all("access-control-request-headers").iter();
                let names: Vec<String> = lines
                    .map(|line| String::from_utf8_lossy(line.as_bytes()))
                    .flat_map(|line| elements(&line))
                    .collect();
                for browser in browsers(origin, method, &names) {
                    let [before, after] = [&without, &with]
                        .map(|answer| browser.allowed_by(answer.status(), answer.headers()));
                    assert_eq!(before, after, "{browser:?}\n{ask:?}");
                    passed += usize::from(before);
                }
            }
        }
        assert!(preflights > 1000 && named > 100 && passed > 100, "{preflights} {named} {passed}");
    }
}
