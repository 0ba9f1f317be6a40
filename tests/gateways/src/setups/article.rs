//! The article's mistake: the gateway answers OPTIONS itself, and the backend does not decorate what it
//! answers. Every preflight passes, and every call fails.

use crate::{
    gateway::Kind::{self, Caddy, Envoy, HAProxy, Nginx, Varnish},
    roles::Backend,
    setup::{
        Expected::{Fails, Warns},
        Setup, get, put, setup,
    },
};

const NGINX: (&str, &str) = (
    "location / {",
    r#"if ($request_method = OPTIONS) {
    add_header Access-Control-Allow-Origin "*";
    add_header Access-Control-Allow-Methods "GET, POST, PUT, OPTIONS";
    add_header Access-Control-Allow-Headers "x-token, content-type";
    return 204;
}"#,
);

const ENVOY: (&str, &str) = (
    "routes:",
    r#"              - match:
                  prefix: "/"
                  headers:
                  - name: ":method"
                    string_match: { exact: OPTIONS }
                direct_response: { status: 204 }
                response_headers_to_add:
                - header: { key: Access-Control-Allow-Origin, value: "*" }
                - header: { key: Access-Control-Allow-Methods, value: "GET, POST, PUT, OPTIONS" }
                - header: { key: Access-Control-Allow-Headers, value: "x-token, content-type" }"#,
);

const CADDY: (&str, &str) = (
    "bind 127.0.0.1",
    "	@options method OPTIONS
	handle @options {
		header Access-Control-Allow-Origin *
		header Access-Control-Allow-Methods \"GET, POST, PUT, OPTIONS\"
		header Access-Control-Allow-Headers \"x-token, content-type\"
		respond 204
	}",
);

const HAPROXY: (&str, &str) = (
    "bind 127.0.0.1",
    r#"    http-request return status 204 hdr Access-Control-Allow-Origin "*" hdr Access-Control-Allow-Methods "GET, POST, PUT, OPTIONS" hdr Access-Control-Allow-Headers "x-token, content-type" if METH_OPTIONS"#,
);

const VARNISH: (&str, &str) = (
    "vcl 4.1;",
    r#"sub vcl_recv {
    if (req.method == "OPTIONS") { return (synth(204)); }
}
sub vcl_synth {
    if (req.method == "OPTIONS") {
        set resp.http.Access-Control-Allow-Origin = "*";
        set resp.http.Access-Control-Allow-Methods = "GET, POST, PUT, OPTIONS";
        set resp.http.Access-Control-Allow-Headers = "x-token, content-type";
        return (deliver);
    }
}"#,
);

pub fn setups() -> Vec<Setup> {
    let rows: [(&str, &str, Kind, (&str, &str)); 5] = [
        ("article/nginx", "article-kept/nginx", Nginx, NGINX),
        ("article/envoy", "article-kept/envoy", Envoy, ENVOY),
        ("article/caddy", "article-kept/caddy", Caddy, CADDY),
        ("article/haproxy", "article-kept/haproxy", HAProxy, HAPROXY),
        ("article/varnish", "article-kept/varnish", Varnish, VARNISH),
    ];
    let mut setups = Vec::new();
    for (name, kept, kind, (after, lines)) in rows {
        setups.push(
            setup(name, "the gateway answers OPTIONS itself before a bare backend: the preflight passes, the PUT is carried out, the page sees a failure", kind)
                .add(after, lines)
                .before(Backend::Bare)
                .ask(put(Fails("different-places")))
                .ask(get(Fails("different-places")))
        );
        setups.push(
            setup(kept, "the gateway may keep its answers once the backend has the layer, but not with credentials", kind)
                .add(after, lines)
                .ask(put(Warns(200, "credentials-mixed")))
                .ask(put(Fails("credentials-mixed")).credentials()),
        );
    }
    setups
}
