//! What people write for Envoy.

use crate::{
    gateway::Kind::Envoy,
    roles::Backend,
    setup::{
        Expected::{Fails, Reads, Warns},
        Setup, get, put, setup,
    },
};

/// The filter, and the policy that it reads.
const FILTER: &str = r#"          - name: envoy.filters.http.cors
            typed_config:
              "@type": type.googleapis.com/envoy.extensions.filters.http.cors.v3.Cors"#;
const POLICY: &str = r#"              typed_per_filter_config:
                envoy.filters.http.cors:
                  "@type": type.googleapis.com/envoy.extensions.filters.http.cors.v3.CorsPolicy
                  allow_origin_string_match: [{ exact: "https://app.example.com" }]
                  allow_methods: "GET, PUT"
                  allow_headers: "x-token""#;

pub fn setups() -> Vec<Setup> {
    vec![
        setup("envoy/cors-filter", "the filter alone before a bare backend: one component decides", Envoy)
            .add("http_filters:", FILTER)
            .add("domains:", POLICY)
            .before(Backend::Bare)
            .ask(put(Warns(200, "vary-missing")))
            .ask(put(Fails("credentials-not-allowed")).credentials()),
        setup("envoy/cors-filter-and-layer", "the filter replaces the origin and leaves the backend's credentials: the preflight is Envoy's, so cookies fail", Envoy)
            .add("http_filters:", FILTER)
            .add("domains:", POLICY)
            .ask(put(Warns(200, "credentials-mixed")))
            .ask(get(Reads(200)).credentials())
            .ask(put(Fails("credentials-mixed")).credentials()),
        setup("envoy/response-headers", "headers that a route appends are doubled", Envoy)
            .add(
                "domains:",
                r#"              response_headers_to_add:
              - header: { key: Access-Control-Allow-Origin, value: "https://app.example.com" }
                append_action: APPEND_IF_EXISTS_OR_ADD"#,
            )
            .ask(get(Fails("header-twice")))
            .ask(put(Fails("header-twice"))),
        setup("envoy/overwrite", "headers that a route overwrites are not", Envoy)
            .add(
                "domains:",
                r#"              response_headers_to_add:
              - header: { key: Access-Control-Allow-Origin, value: "https://app.example.com" }
                append_action: OVERWRITE_IF_EXISTS_OR_ADD"#,
            )
            .ask(get(Reads(200)).credentials())
            .ask(put(Reads(200)).credentials()),
    ]
}
