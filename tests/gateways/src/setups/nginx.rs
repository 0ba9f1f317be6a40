//! What people write for nginx.

use crate::{
    gateway::Kind::Nginx,
    roles::Backend,
    setup::{
        Expected::{Fails, Reads},
        Setup, get, put, setup,
    },
};

pub fn setups() -> Vec<Setup> {
    vec![
        setup("nginx/add_header", "`add_header` beside the layer doubles the header", Nginx)
            .add("location / {", "add_header Access-Control-Allow-Origin https://app.example.com;")
            .ask(get(Fails("header-twice")))
            .ask(put(Fails("header-twice"))),
        setup("nginx/add_header-wildcard", "and `*` does, too", Nginx)
            .add("location / {", "add_header Access-Control-Allow-Origin * always;")
            .ask(get(Fails("header-twice"))),
        setup(
            "nginx/hide-and-set",
            "strips the backend's headers and sets its own: one component decides, so it works",
            Nginx,
        )
        .add(
            "location / {",
            r#"proxy_hide_header Access-Control-Allow-Origin;
proxy_hide_header Access-Control-Allow-Credentials;
add_header Access-Control-Allow-Origin https://app.example.com always;
add_header Access-Control-Allow-Credentials true always;"#,
        )
        .ask(get(Reads(200)).credentials())
        .ask(put(Reads(200)).credentials()),
        setup(
            "nginx/options-bare",
            "answers OPTIONS without headers before a backend that is right",
            Nginx,
        )
        .add("location / {", "if ($request_method = OPTIONS) { return 204; }")
        .ask(put(Fails("different-places")))
        .ask(get(Reads(200))),
        setup("nginx/redirect", "redirects preflights", Nginx)
            .add("listen 127.0.0.1", "location = /old { return 308 /; }")
            .ask(put(Fails("preflight-redirected")).at("/old")),
        setup(
            "nginx/login",
            "asks for a login before it lets anything pass, and preflights have none",
            Nginx,
        )
        .add("location / {", "if ($http_authorization = \"\") { return 401; }")
        .ask(put(Fails("preflight-needs-login"))),
        setup("nginx/only-get", "lets GET and PUT pass and nothing else", Nginx)
            .add("location / {", "if ($request_method !~ ^(GET|PUT)$) { return 405; }")
            .ask(put(Fails("preflight-not-routed")))
            .ask(get(Reads(200))),
        setup("nginx/no-origin", "keeps Origin to itself: the layer is asked by nobody", Nginx)
            .add("location / {", "proxy_set_header Origin \"\";")
            .ask(get(Fails("origin-lost")))
            .ask(put(Fails("origin-lost"))),
        setup(
            "nginx/alone",
            "sets everything itself before a bare backend: one component decides, so it works",
            Nginx,
        )
        .add(
            "location / {",
            r#"add_header Access-Control-Allow-Origin https://app.example.com always;
add_header Access-Control-Allow-Methods "GET, PUT" always;
add_header Access-Control-Allow-Headers x-token always;
if ($request_method = OPTIONS) {
    add_header Access-Control-Allow-Origin https://app.example.com always;
    add_header Access-Control-Allow-Methods "GET, PUT" always;
    add_header Access-Control-Allow-Headers x-token always;
    return 204;
}"#,
        )
        .before(Backend::Bare)
        .ask(get(Reads(200)))
        .ask(put(Reads(200))),
        setup("nginx/not-always", "without `always` its headers are missing on errors", Nginx)
            .add("location / {", "add_header Access-Control-Allow-Origin https://app.example.com;")
            .before(Backend::Bare)
            .ask(get(Fails("error-bare")).at("/nowhere")),
    ]
}
