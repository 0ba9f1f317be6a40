//! The code of README.md and of docs/guide compiles and runs: `cargo test -p tower-cors-guide`.
#![cfg(doctest)]

macro_rules! pages {
    ($($name:ident $path:literal)+) => {
        $(
            #[doc = include_str!($path)]
            mod $name {}
        )+
    };
}

pages! {
    readme "../../../README.md"
    basics "../../../docs/guide/basics.md"
    debugging "../../../docs/guide/debugging.md"
    deploy "../../../docs/guide/deploy.md"
    enforcement "../../../docs/guide/enforcement.md"
    express "../../../docs/guide/express.md"
    fastapi "../../../docs/guide/fastapi.md"
    local_network "../../../docs/guide/local_network.md"
    placement "../../../docs/guide/placement.md"
    recipes "../../../docs/guide/recipes.md"
    security "../../../docs/guide/security.md"
    testing "../../../docs/guide/testing.md"
    tower_http "../../../docs/guide/tower-http.md"
}
