//! `check`, `explain` and the service give one verdict, whatever the policy and the request.

use http::StatusCode;
use proptest::{prelude::*, sample::select};
use tower_cors::{Any, CorsLayer, EnforceOrigin, Refusal};

use super::{common::*, policy};

pub(super) fn layers() -> Vec<CorsLayer> {
    vec![
        CorsLayer::new(),
        policy(),
        policy().allow_credentials(true).browser_diagnostics(true),
        policy().mirror_methods().preflight_status(StatusCode::NO_CONTENT),
        policy().allow_headers(Any).allow_methods(Any),
        policy().allow_methods(["PUT"]).allow_private_network(true).browser_diagnostics(true),
        policy().mirror_methods().browser_diagnostics(true),
        CorsLayer::new().allow_methods([""; 0]).allow_origins(Any).browser_diagnostics(true),
        CorsLayer::new().allow_origins(Any).allow_headers(Any),
        CorsLayer::new().allow_origins(Any).constant_wildcard(true),
        tolerant().allow_origins(Any).allow_credentials(true),
        tolerant().allow_origins(["null"]).allow_credentials(true),
        CorsLayer::new().allow_origin_if(|origin| origin.len() % 2 == 0),
        policy().enforce_origin(EnforceOrigin::AllRequests),
    ]
}

pub(super) fn any_origin() -> impl Strategy<Value = String> {
    prop_oneof![
        8 => select(vec![
            "https://app.example.com",
            "https://a.preview.example.com",
            "https://evil.example",
            "http://app.example.com",
            "null",
            "",
            "https://app.example.com/",
        ]).prop_map(str::to_owned),
        1 => "[ -~\u{e9}]{0,20}",
    ]
}

pub(super) fn any_method() -> impl Strategy<Value = String> {
    prop_oneof![
        8 => select(vec!["GET", "HEAD", "POST", "PUT", "DELETE", "put", "CUSTOM", "*", ""])
            .prop_map(str::to_owned),
        1 => "[ -~\u{e9}]{0,6}",
    ]
}

pub(super) fn any_headers() -> impl Strategy<Value = Vec<String>> {
    let line = prop_oneof![
        4 => prop::collection::vec(
            select(vec!["x-token", "X-TOKEN", "content-type", "x-no", "", "*", "authorization", "a b"]),
            0..4,
        ).prop_map(|names| names.join(",")),
        1 => "[ -~\u{e9}]{0,10}",
    ];
    prop::collection::vec(line, 0..3)
}

/// Rows are latin-1 where `check` takes UTF-8; both see the same bytes.
fn latin_1(text: &str) -> String {
    text.bytes().map(char::from).collect()
}

pub(super) fn preflight_rows(origin: &str, method: &str, headers: &[String]) -> Vec<String> {
    let mut rows = vec!["OPTIONS /".to_owned()];
    rows.push(format!("origin: {}", latin_1(origin)));
    rows.push(format!("ac-request-method: {}", latin_1(method)));
    rows.extend(headers.iter().map(|line| format!("ac-request-headers: {}", latin_1(line))));
    rows
}

pub(super) fn borrowed(rows: &[String]) -> Vec<&str> {
    rows.iter().map(String::as_str).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    /// `check` passes if and only if the service passes the same preflight; `explain` agrees with
    /// both.
    #[test]
    fn check_explain_and_the_service_agree(
        origin in any_origin(),
        method in any_method(),
        headers in any_headers(),
        private_network in any::<bool>(),
    ) {
        let mut rows = preflight_rows(&origin, &method, &headers);
        for layer in layers() {
            let policy = layer.build().unwrap();
            let lines = borrowed(&headers);
            let checked = policy.check(&origin, &method, &lines);
            let (response, calls) = through(&layer, &borrowed(&rows), &["200"]);
            prop_assert_eq!(calls, 0);
            let refusal = response.extensions().get::<Refusal>().copied();
            prop_assert_eq!(checked.err(), refusal);
            let explanation = policy.explain(&head(&borrowed(&rows)));
            prop_assert_eq!(explanation.refusal(), refusal);
            prop_assert_eq!(explanation.allowed(), refusal.is_none());
            let all = explanation.findings().iter().all(|finding| finding.allowed());
            prop_assert_eq!(all, refusal.is_none(), "{}", explanation);
            prop_assert_eq!(policy.allows_origin(&origin), !refusal.is_some_and(|refusal| refusal.origin()));
            let answered = format!("the layer answers {}", response.status().as_u16());
            prop_assert!(explanation.to_string().contains(&answered), "{}", explanation);
            if refusal.is_none() {
                prop_assert!(response.status().is_success());
            }

            // With the private network, of which `check` knows nothing.
            if private_network {
                rows.push("ac-request-private-network: true".to_owned());
                let (response, _) = through(&layer, &borrowed(&rows), &["200"]);
                let refusal = response.extensions().get::<Refusal>().copied();
                prop_assert_eq!(policy.explain(&head(&borrowed(&rows))).refusal(), refusal);
                rows.pop();
            }
        }
    }

    #[test]
    fn explain_and_the_service_agree_on_actual_requests(
        origins in prop::collection::vec(any_origin(), 0..3),
        method in select(vec!["GET", "POST", "OPTIONS", "options"]),
        host in select(vec!["app.example.com", "evil.example", "api.example"]),
        site in select(vec!["same-origin", "cross-site"]),
    ) {
        let mut rows = vec![format!("{method} /"), format!("host: {host}"), format!("sec-fetch-site: {site}")];
        rows.extend(origins.iter().map(|origin| format!("origin: {}", latin_1(origin))));
        for layer in layers() {
            let policy = layer.build().unwrap();
            let (response, calls) = through(&layer, &borrowed(&rows), &["200"]);
            let explanation = policy.explain(&head(&borrowed(&rows)));
            let text = explanation.to_string();
            let granted = response.headers().contains_key("access-control-allow-origin");
            prop_assert_eq!(text.contains("does not handle"), calls == 0, "{}", text);
            if origins.is_empty() {
                prop_assert_eq!(explanation.allowed(), calls == 1, "{}", text);
            } else {
                let same = text.contains("of the same host");
                prop_assert_eq!(explanation.allowed(), granted || same, "{}", text);
            }
            if let Some(refusal) = response.extensions().get::<Refusal>() {
                prop_assert_eq!(explanation.refusal(), Some(*refusal));
            }
        }
    }
}
