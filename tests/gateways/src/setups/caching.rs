//! Varnish as the CDN.

use crate::{
    gateway::Kind::Varnish,
    roles::Backend,
    setup::{
        Expected::{Fails, Reads},
        Setup, get, setup,
    },
};

pub fn setups() -> Vec<Setup> {
    vec![
        setup("varnish/kept", "the layer names Origin in Vary, so a cache keeps the origins apart", Varnish)
            .before(Backend::Kept)
            .ask(get(Reads(200)).primed())
            .ask(get(Reads(200)).credentials()),
        setup("varnish/unvaried", "an echo without Vary: the page gets the answer that was made for nobody", Varnish)
            .before(Backend::Unvaried)
            .ask(get(Fails("cached-for-another-origin")).primed()),
        setup("varnish/set", "`set resp.http` replaces: nothing is doubled", Varnish)
            .add(
                "vcl 4.1;",
                r#"sub vcl_deliver { set resp.http.Access-Control-Allow-Origin = "https://app.example.com"; }"#,
            )
            .ask(get(Reads(200)).credentials()),
    ]
}
