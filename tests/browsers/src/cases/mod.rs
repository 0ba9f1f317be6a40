//! The cases, a file for each thing that pages do or policies are.

mod architecture;
mod attackers;
mod credentials;
mod diagnostics;
mod enforced;
mod errors;
mod examples;
mod exposed;
mod fetch;
mod frames;
mod grants;
mod grpc_web;
mod held_out;
mod http_cache;
mod patterns;
mod per_request;
mod playground;
mod playground_page;
mod playground_state;
mod preflight_cache;
mod redirects;
mod stacked;
mod subresources;
mod xhr;

use tower_cors::CorsLayer;

use crate::case::{Case, On};

pub fn all() -> Vec<Case> {
    [
        fetch::cases(),
        credentials::cases(),
        preflight_cache::cases(),
        redirects::cases(),
        errors::cases(),
        exposed::cases(),
        xhr::cases(),
        subresources::cases(),
        frames::cases(),
        grants::cases(),
        enforced::cases(),
        attackers::cases(),
        grpc_web::cases(),
        patterns::cases(),
        per_request::cases(),
        http_cache::cases(),
        held_out::cases(),
        diagnostics::cases(),
        stacked::cases(),
        architecture::cases(),
        examples::cases(),
        playground::cases(),
        playground_page::cases(),
        playground_state::cases(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// FastAPI's defaults, and the page's origin.
fn listed(on: &On) -> CorsLayer {
    CorsLayer::new().allow_origins([&on.page])
}

/// A policy that the page's origin is not in.
fn foreign(_: &On) -> CorsLayer {
    CorsLayer::new().allow_origins(["https://elsewhere.example"])
}
