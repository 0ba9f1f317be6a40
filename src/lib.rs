//! Tower middleware for CORS that mirrors FastAPI's `CORSMiddleware` and explains every refusal.
//!
//! [`CorsLayer`] wraps any Tower service whose response body is an `http_body::Body`: axum, tonic,
//! hyper. It answers preflights itself and adds CORS headers to every other response. Defaults and
//! answers are those of Starlette 1.10.0, except for [the numbered
//! differences](#differences-from-starlette). It works with http 1: axum 0.7 and later, tonic 0.12
//! and later, hyper 1.
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
//! - Mistakes are found at start-up: [`ConfigError`] lists every error, and
//!   [`CorsPolicy::diagnostics`] lists settings that build but were probably not intended.
//! - [`CorsPolicy::check`] and [`CorsPolicy::explain`] say whether a request is allowed, and why.
//! - [`PerRequestLayer`] and [`AsyncPerRequestLayer`] pick a policy for each request.
//! - [`CorsLayer::same_body`] keeps the type of the response body, where a framework needs that.
//!
//! Put the layer outermost. [`guide::placement`] says for axum, tonic, jsonrpsee, salvo, rmcp and
//! hyper which answers get no CORS headers.
//!
//! CORS does not stop requests: the server handles them, and the browser hides the response. To
//! refuse requests, use [`CorsLayer::enforce_origin`]; see [`guide::enforcement`].
//!
//! # It says "CORS error": what now?
//!
//! 1. Read the browser's console. It names the header that is missing or wrong.
//! 2. Read the log of the server. Each refusal is a warning with the target `tower_cors`. It names
//!    the path, the origin, what was refused and the fix. To print it, call
//!    `tracing_subscriber::fmt::init()`.
//! 3. If the log has a refusal: allow what it names, or find out why the page asks for it.
//! 4. If it has none: the request did not reach the layer, or something outside the layer answered
//!    it. Look at the status in the browser's network tab: usually it is 401, 404, 405, 413 or 502.
//! 5. Then move the layer outwards, before authentication, routing and limits:
//!    [`guide::placement`].
//! 6. If the response has two `Access-Control-Allow-Origin` lines, a gateway adds one too. Let one
//!    component set CORS headers: [`guide::deploy`].
//! 7. If cookies are missing: the page needs `credentials: "include"`, and the policy needs
//!    `allow_credentials(true)`. If page and server are on different sites, the cookie needs
//!    `SameSite=None; Secure`.
//! 8. If a script reads `null` for a response header: list it in [`CorsLayer::expose_headers`].
//! 9. If it works with `curl`: curl sends no preflight and reads every answer. Send the preflight
//!    yourself:
//!    `curl -i -X OPTIONS -H 'Origin: https://app.example.com' -H 'Access-Control-Request-Method: PUT' URL`.
//! 10. Ask the policy: `println!("{}", policy.explain(&request_parts))` prints each step and what
//!     to write.
//!
//! [`guide::debugging`] explains each of these.
//!
//! # Seeing refusals
//!
//! With the feature `tracing` each refusal is an event with the target `tower_cors`. Its fields are
//! `path`, `origin`, `method`, `headers` (those that are not allowed), `reasons`, `nearest` (the
//! nearest allowed value) and `fix`. The first refusal of each of the first 32 origins of a policy
//! is a warning. After that one refusal a minute is a warning, with the number `left_out`. All
//! others are at level debug. An allowed request emits nothing.
//!
//! This layer of `tracing-subscriber` counts all refusals. It must receive the debug events of this
//! target. It keeps a bounded number of origins, because any client can send new ones:
//!
//! ```
//! # #[cfg(feature = "tracing")] {
//! use std::{collections::HashMap, fmt, sync::{Arc, Mutex}};
//! use tracing::{Event, Subscriber, field::{Field, Visit}};
//! use tracing_subscriber::layer::{Context, Layer, SubscriberExt};
//!
//! /// How often each origin was refused for each reason.
//! #[derive(Clone, Default)]
//! struct Refusals(Arc<Mutex<HashMap<[String; 2], u64>>>);
//!
//! impl<S: Subscriber> Layer<S> for Refusals {
//!     fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
//!         let mut refusal = Refusal::default();
//!         event.record(&mut refusal);
//!         let mut counts = self.0.lock().unwrap();
//!         let is_refusal = event.metadata().target() == "tower_cors" && !refusal.0[0].is_empty();
//!         if is_refusal && (counts.len() < 1_000 || counts.contains_key(&refusal.0)) {
//!             *counts.entry(refusal.0).or_default() += 1;
//!         }
//!     }
//! }
//!
//! /// The fields `reasons` and `origin`.
//! #[derive(Default)]
//! struct Refusal([String; 2]);
//!
//! impl Visit for Refusal {
//!     fn record_str(&mut self, field: &Field, value: &str) {
//!         match field.name() {
//!             "reasons" => self.0[0] = value.to_owned(),
//!             "origin" => self.0[1] = value.to_owned(),
//!             _ => {}
//!         }
//!     }
//!
//!     fn record_debug(&mut self, _: &Field, _: &dyn fmt::Debug) {}
//! }
//!
//! let refusals = Refusals::default();
//! let subscriber = tracing_subscriber::registry().with(refusals.clone());
//! # use {futures_util::FutureExt, tower::{Layer as _, ServiceExt}};
//! # tracing::subscriber::with_default(subscriber, || {
//! # for _ in 0..3 {
//! #     let app = tower::service_fn(async |_: http::Request<String>| Ok::<_, std::convert::Infallible>(http::Response::new(String::new())));
//! #     let cors = tower_cors::CorsLayer::new().allow_origins("https://app.example.com").layer(app);
//! #     let request = http::Request::get("/").header("origin", "https://b.example").body(String::new()).unwrap();
//! #     cors.oneshot(request).now_or_never().unwrap().unwrap();
//! # }
//! # });
//! # let counts = refusals.0.lock().unwrap();
//! # assert_eq!(*counts, HashMap::from([(["origin".to_owned(), "https://b.example".to_owned()], 3)]));
//! # }
//! ```
//!
//! # Features
//!
//! A feature only adds to the crate. It never changes what the layer answers or refuses.
//!
//! | feature | adds |
//! | --- | --- |
//! | `tracing`, on by default | events with the target `tower_cors`: at start-up the policy (info), its warnings and notes; then refusals, as above |
//! | `regex` | [`CorsLayer::allow_origin_regex`] and [`CorsConfig::allow_origin_regex`]; without the feature each expression is an error that says to enable it |
//! | `serde` | [`CorsConfig`] and its enums from and to TOML, JSON, environment variables |
//!
//! | you want | use |
//! | --- | --- |
//! | origins, methods, headers, cookies | [`CorsLayer`], [`CorsLayer::permissive`] |
//! | subdomains, any port, your own rule | patterns in [`CorsLayer::allow_origins`], [`CorsLayer::allow_origin_regex`], [`CorsLayer::allow_origin_if`] |
//! | settings from a file or the environment | [`CorsConfig`] |
//! | a policy for each origin | [`PerRequestLayer::first`] |
//! | a policy for each path, host or tenant; reloading | [`PerRequestLayer`], [`AsyncPerRequestLayer`] |
//! | gRPC-Web, Connect, MCP and others in one call | [`CorsLayer::preset`] |
//! | optional CORS, a layer that must not change the body type | [`CorsLayer::same_body`] |
//! | to refuse requests, not only to hide answers | [`CorsLayer::enforce_origin`], [`CorsLayer::allow_hosts`], [`CorsLayer::report_only`] |
//! | console messages that name the cause; timings | [`CorsLayer::browser_diagnostics`], [`CorsLayer::timing_allow_origin`] |
//! | to test a policy, to explain a refusal | [`CorsPolicy::check`], [`CorsPolicy::explain`] |
//! | CORS headers on responses made outside the layer | [`CorsPolicy::decorate`] |
//!
//! # Differences from Starlette
//!
//! They are intended, and their numbers never change.
//!
//! | | here | why |
//! | --- | --- | --- |
//! | D1 | several `Access-Control-Request-Headers` lines are one list; empty elements are ignored | RFC 9110, 5.3 and 5.6.1 |
//! | D2 | credentials and exposed headers go only to origins that are allowed | a handler that sets the header itself would grant cookies |
//! | D3 | a malformed or repeated `Origin` is never matched nor echoed | `https://evil.example/.example.org` matches a loose regex |
//! | D4 | only HTTP's white space is trimmed, and letter case is ignored only for ASCII | Python strips NBSP and folds `É` |
//! | D5 | settings that cannot work or are dangerous are errors at start-up | Starlette checks nothing |
//! | D6 | `*` together with other methods keeps them | Starlette drops them |
//! | D7 | `Vary` is one line and names Origin once; `Vary: *` is kept | some caches read one line only |
//! | D8 | a regex may use only what Python and Rust read alike | an allow-list copied from FastAPI could allow more |
//! | D9 | without credentials, a handler's `Access-Control-Allow-Credentials` is removed unless the handler allowed the same origin | together they would grant cookies |
//! | D10 | an origin with `*` in it is a pattern | Starlette compares it as plain text, so it never matches |
//! | D11 | a request header that ends in `-*` (`x-amz-meta-*`) is a prefix | MCP's `Mcp-Param-*`, S3's metadata |
//! | D12 | exposed `*` with credentials is written out as the names of the response's headers | browsers would look for a header called `*` |
//! | D13 | `file://` without a path is an origin | Electron sends it |
//! | D14 | `allow_hosts`: no redirect to `www.`, a listed port must match, several Host lines are refused | Starlette's `TrustedHostMiddleware` differs |
//! | D15 | empty items, and spaces around items, are ignored | `"".split(',')` |

#![cfg_attr(docsrs, feature(doc_cfg))]

mod body;
mod cors_policy;
mod diagnostic;
#[cfg(feature = "tracing")]
mod events;
mod explain;
mod first;
mod future;
// The code of the guide uses other crates: `tests/guide` compiles and runs it.
#[cfg(all(doc, not(doctest)))]
pub mod guide;
mod layer;
mod per_request;
mod policies;
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
