//! What people write for Caddy.

use crate::{
    gateway::Kind::Caddy,
    setup::{
        Expected::{Fails, Reads},
        Setup, get, put, setup,
    },
};

pub fn setups() -> Vec<Setup> {
    vec![
        setup("caddy/header", "`header` before `reverse_proxy` doubles the header", Caddy)
            .add("bind 127.0.0.1", "	header Access-Control-Allow-Origin https://app.example.com")
            .ask(get(Fails("header-twice")))
            .ask(put(Fails("header-twice"))),
        setup("caddy/header-deferred", "`header >` replaces it", Caddy)
            .add("bind 127.0.0.1", "	header >Access-Control-Allow-Origin https://app.example.com")
            .ask(get(Reads(200)).credentials())
            .ask(put(Reads(200)).credentials()),
        setup(
            "caddy/strips",
            "a deferred `header -` takes the backend's headers away, and nobody sets others",
            Caddy,
        )
        .add("bind 127.0.0.1", "	header {\n\t\t-Access-Control-Allow-Origin\n\t\tdefer\n\t}")
        .ask(get(Fails("origin-not-allowed"))),
    ]
}
