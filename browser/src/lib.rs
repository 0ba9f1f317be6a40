//! A browser for unit tests: a page of an origin that sends requests to any Tower service.
//!
//! Most CORS failures are not in the policy. Authentication runs before the CORS layer, a route was
//! added after it, a gateway adds the header a second time, or an error response is made outside
//! it. A test that checks one header passes in all these cases. The requests of a [`Page`] are
//! allowed or blocked as in Chromium, Firefox or Safari, and [`Blocked`] says why.
//!
//! It works with any CORS layer or with none.
//!
//! # A whole axum application
//!
//! ```
//! # use axum::{Router, routing::put};
//! # use tower_cors::CorsLayer;
//! # fn my_application() -> Router {
//! #     Router::new().route("/items/{id}", put(async || "saved")).layer(
//! #         CorsLayer::new().allow_origins(["https://app.example.com"]).allow_methods(["PUT"])
//! #             .allow_headers(["x-token"]).allow_credentials(true))
//! # }
//! # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
//! use tower_browser::{Credentials, Fetch, Page};
//!
//! let mut app = my_application();
//! let mut page = Page::new("https://app.example.com");
//! let save = Fetch::put("https://api.example.com/items/7").header("x-token", "1").body("{}");
//! let seen = page.fetch(&mut app, save.credentials(Credentials::Include)).await?;
//! assert_eq!((seen.status(), seen.text()), (200, "saved"));
//! # Ok::<_, tower_browser::Blocked>(()) }).unwrap();
//! ```
//!
//! # An application with tower-http's layer
//!
//! ```
//! # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
//! use axum::{Router, routing::get};
//! use tower_browser::{Credentials, Fetch, Page, Reason};
//! use tower_http::cors::CorsLayer;
//!
//! let mut app = Router::new().route("/me", get(async || "Ada")).layer(CorsLayer::permissive());
//! let mut page = Page::new("https://app.example.com");
//! let me = || Fetch::get("https://api.example.com/me");
//! assert_eq!(page.fetch(&mut app, me()).await?.text(), "Ada");
//! let blocked = page.fetch(&mut app, me().credentials(Credentials::Include)).await.unwrap_err();
//! assert_eq!(blocked.reason(), Reason::WildcardWithCredentials);
//! # Ok::<_, tower_browser::Blocked>(()) }).unwrap();
//! ```
//!
//! # A tonic service with gRPC-Web
//!
//! ```
//! # use std::{convert::Infallible, future::{Ready, ready}, task::{Context, Poll}};
//! # #[derive(Clone)]
//! # struct GreeterServer;
//! # impl tower::Service<http::Request<tonic::body::Body>> for GreeterServer {
//! #     type Response = http::Response<tonic::body::Body>;
//! #     type Error = Infallible;
//! #     type Future = Ready<Result<Self::Response, Infallible>>;
//! #     fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
//! #         Poll::Ready(Ok(()))
//! #     }
//! #     fn call(&mut self, _: http::Request<tonic::body::Body>) -> Self::Future {
//! #         ready(Ok(tonic::Status::invalid_argument("a person has a name").into_http()))
//! #     }
//! # }
//! # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
//! use tonic_web::GrpcWebLayer;
//! use tower::ServiceBuilder;
//! use tower_browser::{Fetch, Page};
//! use tower_cors::CorsLayer;
//!
//! let cors = CorsLayer::new()
//!     .allow_origins(["https://app.example.com"])
//!     .allow_methods(["POST"])
//!     .allow_headers(["x-grpc-web"])
//!     .expose_headers(["grpc-status", "grpc-message"]);
//! let mut app = ServiceBuilder::new().layer(cors).layer(GrpcWebLayer::new()).service(GreeterServer);
//!
//! let call = Fetch::post("https://api.example.com/hello.Greeter/Greet")
//!     .header("content-type", "application/grpc-web+proto")
//!     .header("x-grpc-web", "1")
//!     .body([0; 5]);
//! let seen = Page::new("https://app.example.com").fetch(&mut app, call).await?;
//! assert_eq!(seen.header("grpc-status"), Some("3"));
//! # Ok::<_, tower_browser::Blocked>(()) }).unwrap();
//! ```
//!
//! # The requests that were sent
//!
//! [`Page::exchanges`] lists every request with the browser's verdict, preflights included.
//! [`Page::log`] returns this as text. The text is the same in every run, so it suits snapshot
//! tests: `insta::assert_snapshot!(page.log())`.
//!
//! # What a page decides
//!
//! It decides as the Fetch standard says about:
//!
//! - the modes cors, no-cors, same-origin and navigate; sandboxed pages, whose origin is `null`;
//! - safelisted and forbidden methods and headers, and when a preflight is sent;
//! - the answer to a preflight, and how long it is cached ([`Page::advance`] moves the clock);
//! - the CORS check, `*` with credentials, exposed headers, opaque responses;
//! - redirects: checked at each hop, tainted origins, methods, Authorization;
//! - cookies (RFC 6265bis): credentials mode, SameSite by site, Secure, Domain, Path, expiry;
//! - `Origin`, `Host`, `Sec-Fetch-Site`, `Sec-Fetch-Mode`, `Sec-Fetch-Dest`;
//! - the handshakes of WebSockets.
//!
//! [`Engine`] lists where the engines differ.
//!
//! # What it leaves out
//!
//! A passing test says nothing about these:
//!
//! - the browser's HTTP cache: each fetch reaches the service;
//! - Content Security Policy, mixed content and upgrades to https;
//! - `Cross-Origin-Resource-Policy`, `Cross-Origin-Embedder-Policy` and opaque response blocking;
//! - Local Network Access, and the preflights of the paused Private Network Access;
//! - third-party cookie blocking, partitioned cookies and storage access: cookies of other sites are sent
//!   unless `SameSite` forbids it;
//! - HTTP authentication, client certificates and `Referer`; the referrer policy is the default one;
//! - `Sec-Fetch-*` after a redirect: WebKit sends none to another origin;
//! - redirects of WebSocket handshakes: WebKitGTK follows them, a page does not;
//! - service workers, `data:` and `blob:` URLs, and what HTML does with a response;
//! - `Accept-Encoding`: it is not sent, so services do not compress.
//!
//! # Limits
//!
//! A body is read up to 8 MiB ([`Fetch::read_at_most`]), a request follows 20 redirects, a page
//! keeps 600 cookies. A fetch has no timeout of its own: add one to the test.
//!
//! # Features
//!
//! None is on by default.
//!
//! | feature | adds |
//! | --- | --- |
//! | `connection` | `Page::web_socket`: handshakes over an in-memory HTTP/1.1 connection; needs a Tokio runtime |

#![cfg_attr(docsrs, feature(doc_cfg))]

mod blocked;
mod cause;
#[cfg(feature = "connection")]
mod connection;
mod console;
mod cookies;
mod difference;
mod engine;
mod exchange;
mod fetch;
mod page;
mod reason;
mod seen;
mod standard;

#[cfg(feature = "connection")]
pub use self::connection::Socket;
pub use self::{
    blocked::Blocked,
    difference::origin_difference,
    engine::Engine,
    exchange::{Exchange, Verdict},
    fetch::{Content, Credentials, Fetch, Mode, Redirect},
    page::{Body, Page},
    reason::Reason,
    seen::Seen,
};

/// The README's code compiles.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
