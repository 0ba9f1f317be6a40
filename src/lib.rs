//! Tower middleware for CORS that mirrors FastAPI's `CORSMiddleware` and explains every refusal.
//!
//! [`CorsLayer`] wraps any Tower service whose response body is an `http_body::Body`: axum, tonic,
//! hyper. It answers preflights itself and decorates every other response. Defaults and wire
//! behaviour are those of Starlette 1.10.0, but for [the numbered differences](#differences-from-starlette).
//! It works with http 1: axum 0.7 and later, tonic 0.12 and later, hyper 1.
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
//! - [`CorsLayer::same_body`] keeps the type of the response's body, wherever a framework asks for it.
//!
//! Put the layer outermost. [`guide::placement`] says, for axum, tonic, jsonrpsee, salvo, rmcp and hyper,
//! which answers stay without CORS headers where it stands.
//!
//! CORS stops no request. [`CorsLayer::enforce_origin`] does: [`guide::enforcement`].
//!
//! # It says "CORS error": what now?
//!
//! 1. Read the browser's console. It names the header that is missing or wrong.
//! 2. Read the log of the server. A refusal is a warning of the target `tower_cors`; it names the path, the origin,
//!    what was refused and the fix. No subscriber? `tracing_subscriber::fmt::init()` prints it.
//! 3. A refusal is in the log: allow what it names, or find out why the page asks for it.
//! 4. No refusal is in the log: the request did not reach the layer, or its answer was made outside of it. Look
//!    at the status in the browser's network tab: 401, 404, 405, 413, 502 are the usual ones.
//! 5. Move the layer outwards, before authentication, routing and limits: [`guide::placement`].
//! 6. Two `Access-Control-Allow-Origin` lines: a gateway adds one too. Let one component set CORS headers:
//!    [`guide::deploy`].
//! 7. Cookies are missing: the page needs `credentials: "include"`, the policy `allow_credentials(true)`, and the
//!    cookie `SameSite=None; Secure` if the two are on different sites.
//! 8. A response header is `null` to the script: name it in [`CorsLayer::expose_headers`].
//! 9. It works with `curl`: curl sends no preflight and reads every answer. Send what the browser sends:
//!    `curl -i -X OPTIONS -H 'Origin: https://app.example.com' -H 'Access-Control-Request-Method: PUT' URL`.
//! 10. Ask the policy: `println!("{}", policy.explain(&request_parts))` says each step and what to write.
//!
//! [`guide::debugging`] has each of these at length.
//!
//! # Seeing refusals
//!
//! With the feature `tracing` each refusal is an event of the target `tower_cors`. Its fields are `path`, `origin`,
//! `method`, `headers` (those that are not allowed), `reasons`, `nearest` (the nearest allowed value) and `fix`. The
//! first refusal of each of the first 32 origins of a policy is a warning, then one a minute with the number `left_out`;
//! all others are at level debug. An allowed request emits nothing.
//!
//! A layer of `tracing-subscriber` that counts them all. It must get debug events of this target, and it bounds what
//! strangers can make it keep:
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
//! Each adds, and none changes what another build answers or refuses.
//!
//! | feature | adds |
//! | --- | --- |
//! | `tracing`, on by default | events of the target `tower_cors`: at start the policy (info), its warnings and notes; refusals, as above |
//! | `regex` | [`CorsLayer::allow_origin_regex`] and [`CorsConfig::allow_origin_regex`]; without it each expression is an error that says to enable it |
//! | `serde` | [`CorsConfig`] and its enums from and to TOML, JSON, environment variables |
//!
//! | you want | it is |
//! | --- | --- |
//! | origins, methods, headers, cookies | [`CorsLayer`], [`CorsLayer::permissive`] |
//! | subdomains, any port, a rule of your own | patterns in [`CorsLayer::allow_origins`], [`CorsLayer::allow_origin_regex`], [`CorsLayer::allow_origin_if`] |
//! | settings from a file or the environment | [`CorsConfig`] |
//! | a policy by origin | [`PerRequestLayer::first`] |
//! | a policy by path, host, tenant; reloading | [`PerRequestLayer`], [`AsyncPerRequestLayer`] |
//! | gRPC-Web, Connect, MCP and others in one call | [`CorsLayer::preset`] |
//! | optional CORS, a layer outside that names the body | [`CorsLayer::same_body`] |
//! | to refuse requests, not only to hide answers | [`CorsLayer::enforce_origin`], [`CorsLayer::allow_hosts`], [`CorsLayer::report_only`] |
//! | consoles that name the cause; timings | [`CorsLayer::browser_diagnostics`], [`CorsLayer::timing_allow_origin`] |
//! | to test a policy, to explain a refusal | [`CorsPolicy::check`], [`CorsPolicy::explain`] |
//! | headers on responses made elsewhere | [`CorsPolicy::decorate`] |
//!
//! # Differences from Starlette
//!
//! They are on purpose, and their numbers never change.
//!
//! | | here | why |
//! | --- | --- | --- |
//! | D1 | several `Access-Control-Request-Headers` lines are one list; empty elements are ignored | RFC 9110, 5.3 and 5.6.1 |
//! | D2 | credentials and exposed headers go only to origins that are allowed | a handler that sets the header itself would grant cookies |
//! | D3 | a malformed or repeated `Origin` is never matched nor echoed | `https://evil.example/.example.org` matches a loose regex |
//! | D4 | white space is HTTP's, letter case is ASCII's | Python strips NBSP and folds `É` |
//! | D5 | settings that cannot work or are dangerous are errors at start-up | Starlette checks nothing |
//! | D6 | `*` beside other methods keeps them | Starlette drops them |
//! | D7 | `Vary` is one line and names Origin once; `Vary: *` stays | some caches read one line only |
//! | D8 | a regex must be written in what Python and Rust read alike | an allow-list copied from FastAPI would widen |
//! | D9 | without credentials, a handler's `Access-Control-Allow-Credentials` is removed unless it made that very grant | together they would grant cookies |
//! | D10 | an origin with `*` in it is a pattern | Starlette compares it to the letter, so it never matches |
//! | D11 | a request header that ends in `-*` (`x-amz-meta-*`) is a prefix | MCP's `Mcp-Param-*`, S3's metadata |
//! | D12 | exposed `*` with credentials is written out as the response's own names | browsers would look for a header called `*` |
//! | D13 | `file://` alone is an origin | Electron sends it |
//! | D14 | `allow_hosts`: no redirect to `www.`, a listed port must match, several Host lines are refused | Starlette's `TrustedHostMiddleware` differs |
//! | D15 | empty items, and blanks around items, are ignored | `"".split(',')` |

#![cfg_attr(docsrs, feature(doc_cfg))]

mod body;
mod cors_policy;
mod diagnostic;
#[cfg(feature = "tracing")]
mod events;
mod explain;
mod first;
mod future;
// Its code uses other crates: `tests/guide` compiles and runs it.
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
