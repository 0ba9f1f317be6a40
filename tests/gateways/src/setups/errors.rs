//! Errors that a gateway makes itself: bare, or as the guide's second file makes them.

use crate::{
    gateway::Kind::{self, Caddy, Envoy, HAProxy, Nginx, Varnish},
    roles::Backend,
    setup::{
        Expected::{Fails, Reads},
        Setup, get, setup,
    },
};

/// After which text, and what.
type Lines = (&'static str, &'static str);

/// What limits uploads to 1,000 bytes.
const NGINX_LIMIT: Lines = ("listen 127.0.0.1", "client_max_body_size 1000;");
const CADDY_LIMIT: Lines = ("bind 127.0.0.1", "	request_body {\n\t\tmax_size 1000\n\t}");
const HAPROXY_LIMIT: Lines = (
    "default_backend application",
    "    http-request deny deny_status 413 if { req.hdr_val(content-length) gt 1000 }",
);
const ENVOY_LIMIT: Lines = (
    "http_filters:",
    r#"          - name: envoy.filters.http.buffer
            typed_config:
              "@type": type.googleapis.com/envoy.extensions.filters.http.buffer.v3.Buffer
              max_request_bytes: 1000"#,
);
const VARNISH_LIMIT: Lines = (
    "vcl 4.1;",
    "import std;\nsub vcl_recv { if (std.integer(req.http.Content-Length, 0) > 1000) { return (synth(413)); } }",
);

/// Paths that the gateway does not pass on.
const NGINX_404: Lines = ("listen 127.0.0.1", "location /own/ { return 404; }");
const CADDY_404: Lines = ("bind 127.0.0.1", "	error /own/* 404");
const HAPROXY_404: Lines =
    ("default_backend application", "    http-request deny deny_status 404 if { path_beg /own/ }");
const ENVOY_404: Lines = (
    "routes:",
    r#"              - match: { prefix: "/own/" }
                direct_response: { status: 404 }"#,
);
const VARNISH_404: Lines =
    ("vcl 4.1;", "sub vcl_recv { if (req.url ~ \"^/own/\") { return (synth(404)); } }");

pub fn setups() -> Vec<Setup> {
    let mut setups = Vec::new();
    // What a gateway whose backend is down answers.
    let down: [(&str, &str, Kind, u16); 5] = [
        ("502/nginx", "502-readable/nginx", Nginx, 502),
        ("502/envoy", "502-readable/envoy", Envoy, 503),
        ("502/caddy", "502-readable/caddy", Caddy, 502),
        ("502/haproxy", "502-readable/haproxy", HAProxy, 503),
        ("502/varnish", "502-readable/varnish", Varnish, 503),
    ];
    for (bare, readable, kind, status) in down {
        setups.push(
            setup(bare, "the gateway's own error looks like a CORS failure", kind)
                .before(Backend::Down)
                .ask(get(Fails("error-bare"))),
        );
        setups.push(
            setup(readable, "as the guide has it, the page reads the gateway's own error", kind)
                .with_errors()
                .before(Backend::Down)
                .ask(get(Reads(status)))
                .ask(get(Reads(status)).credentials()),
        );
    }
    let own: [(&str, &str, Kind, Lines, Lines); 5] = [
        ("own-errors/nginx", "own-errors-readable/nginx", Nginx, NGINX_LIMIT, NGINX_404),
        ("own-errors/envoy", "own-errors-readable/envoy", Envoy, ENVOY_LIMIT, ENVOY_404),
        ("own-errors/caddy", "own-errors-readable/caddy", Caddy, CADDY_LIMIT, CADDY_404),
        ("own-errors/haproxy", "own-errors-readable/haproxy", HAProxy, HAPROXY_LIMIT, HAPROXY_404),
        ("own-errors/varnish", "own-errors-readable/varnish", Varnish, VARNISH_LIMIT, VARNISH_404),
    ];
    for (bare, readable, kind, limit, missing) in own {
        let with = |setup: Setup| setup.add(limit.0, limit.1).add(missing.0, missing.1);
        setups.push(
            with(setup(bare, "the gateway's own 413 and 404 are bare", kind))
                .ask(get(Fails("error-bare")).upload(5000))
                .ask(get(Fails("error-bare")).at("/own/x"))
                .ask(get(Reads(200)).upload(10)),
        );
        setups.push(
            with(
                setup(
                    readable,
                    "as the guide has it, the page reads the gateway's own 413 and 404",
                    kind,
                )
                .with_errors(),
            )
            .ask(get(Reads(413)).upload(5000))
            .ask(get(Reads(404)).at("/own/x"))
            .ask(get(Reads(200)).upload(10)),
        );
    }
    setups
}
