//! The setups: what people write, what a page asks and what comes of it.

mod article;
mod caching;
mod caddy;
mod envoy;
mod errors;
mod haproxy;
mod nginx;

use crate::{
    gateway::Kind::{Caddy, Envoy, HAProxy, Nginx, Varnish},
    roles::Backend,
    setup::{
        Expected::{Fails, Reads},
        Setup, get, put, setup,
    },
};

pub fn all() -> Vec<Setup> {
    [
        pass_through(),
        article::setups(),
        nginx::setups(),
        envoy::setups(),
        caddy::setups(),
        haproxy::setups(),
        caching::setups(),
        errors::setups(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The files of the guide as they are: all works, and the backend alone decides.
fn pass_through() -> Vec<Setup> {
    let names = [
        ("pass-through/nginx", Nginx),
        ("pass-through/envoy", Envoy),
        ("pass-through/caddy", Caddy),
        ("pass-through/haproxy", HAProxy),
        ("pass-through/varnish", Varnish),
    ];
    let setups = names.map(|(name, kind)| {
        setup(
            name,
            "the gateway passes everything on, and the backend has the layer: all works",
            kind,
        )
        .ask(get(Reads(200)))
        .ask(get(Reads(200)).credentials())
        .ask(put(Reads(200)))
        .ask(put(Reads(200)).credentials())
        .ask(get(Reads(404)).at("/nowhere"))
    });
    let mut setups = Vec::from(setups);
    let bare = [("bare/nginx", Nginx), ("bare/envoy", Envoy), ("bare/caddy", Caddy)].map(
        |(name, kind)| {
            setup(name, "nobody sets anything", kind)
                .before(Backend::Bare)
                .ask(get(Fails("no-cors")))
                .ask(put(Fails("preflight-not-routed")))
        },
    );
    setups.extend(bare);
    setups
}
