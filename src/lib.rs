//! Tower middleware for CORS that mirrors FastAPI's `CORSMiddleware` and explains every refusal.
//!
//! [`CorsLayer`] wraps any Tower service whose response body is an `http_body::Body`: axum, tonic,
//! hyper. It answers preflights itself and decorates every other response. Defaults and wire
//! behaviour are those of Starlette 1.10.0, but for the numbered differences in the README.
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
//! None is on by default; each adds and none changes what another build answers.
//!
//! | feature | adds |
//! | --- | --- |
//! | `regex` | `CorsLayer::allow_origin_regex` |
//! | `serde` | [`CorsConfig`] from and to TOML, JSON, environment variables |
//! | `tracing` | an event for each refusal (target `tower_cors`, level debug), for each risk (warn) and note (info) at start-up |

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
    settings::config::{CorsConfig, Preset},
    values::{Any, MaxAge, Values},
};

/// The README's code compiles.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
