//! What people write for HAProxy.

use crate::{
    gateway::Kind::HAProxy,
    setup::{
        Expected::{Fails, Reads},
        Setup, get, put, setup,
    },
};

pub fn setups() -> Vec<Setup> {
    vec![
        setup("haproxy/add-header", "`add-header` doubles the header", HAProxy)
            .add(
                "bind 127.0.0.1",
                "    http-response add-header Access-Control-Allow-Origin https://app.example.com",
            )
            .ask(get(Fails("header-twice")))
            .ask(put(Fails("header-twice"))),
        setup("haproxy/set-header", "`set-header` replaces it", HAProxy)
            .add(
                "bind 127.0.0.1",
                "    http-response set-header Access-Control-Allow-Origin https://app.example.com",
            )
            .ask(get(Reads(200)).credentials())
            .ask(put(Reads(200)).credentials()),
        setup("haproxy/deny", "a rule that wants a token refuses preflights", HAProxy)
            .add(
                "bind 127.0.0.1",
                "    http-request deny deny_status 403 unless { req.hdr(authorization) -m found }",
            )
            .ask(put(Fails("preflight-needs-login"))),
    ]
}
