//! Tower middleware for CORS that mirrors FastAPI's `CORSMiddleware` and explains every refusal.
//!
//! [`CorsLayer`] wraps any Tower service whose response body is an `http_body::Body`: axum, tonic,
//! hyper. It answers preflights itself and decorates every other response. Defaults and wire
//! behaviour are those of Starlette 1.10.0, but for the numbered differences in the README. It works
//! with http 1: axum 0.7 and later, tonic 0.12 and later, hyper 1.
//!
//! ```
//! use tower::{ServiceBuilder, service_fn};
//! use tower_cors::CorsLayer;
//! # async fn home(_: http::Request<String>) -> Result<http::Response<String>, std::convert::Infallible> { Ok(Default::default()) }
//!
//! let service = ServiceBuilder::new()
//!     .layer(CorsLayer::new().allow_origins(["https://app.example.com"]))
//!     .service(service_fn(home));
//! ```
//!
//! - What can be known at start-up is checked at start-up: [`ConfigError`] lists every error,
//!   [`CorsPolicy::diagnostics`] what builds and was probably not intended.
//! - [`CorsPolicy::check`] and [`CorsPolicy::explain`] say what a browser would be told, and why.
//! - [`PerRequestLayer`] and [`AsyncPerRequestLayer`] pick a policy for each request.
//!
//! # Features
//!
//! Each adds, and none changes what another build answers or refuses.
//!
//! | feature | adds |
//! | --- | --- |
//! | `tracing`, on by default | events of the target `tower_cors`: at start the policy (info), its warnings and notes; the first refusal of each of the first 32 origins, then one a minute (warn), all others (debug) |
//! | `regex` | `CorsLayer::allow_origin_regex` |
//! | `serde` | [`CorsConfig`] from and to TOML, JSON, environment variables |

mod body;
mod cors_policy;
mod diagnostic;
#[cfg(feature = "tracing")]
mod events;
mod explain;
mod future;
mod layer;
mod per_request;
mod policy;
mod same_body;
mod service;
mod settings;
#[cfg(feature = "tracing")]
mod throttle;
mod values;

pub use self::{
    body::ResponseBody,
    cors_policy::CorsPolicy,
    diagnostic::{ConfigError, Diagnostic, Kind, Risk, Setting, Severity},
    explain::{Explanation, Finding, Part},
    future::ResponseFuture,
    layer::CorsLayer,
    per_request::{AsyncCors, AsyncPerRequestLayer, AsyncResponseFuture, PerRequestLayer},
    policy::{enforce::EnforceOrigin, inner::InnerHeaders, refusal::Refusal},
    same_body::{SameBody, SameBodyFuture, SameBodyLayer, SameBodyService},
    service::Cors,
    settings::{config::CorsConfig, preset::Preset},
    values::{Any, MaxAge, Values},
};

/// The README's code compiles.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
