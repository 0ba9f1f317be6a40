//! What every test asks of a stack: one preflight and one request of an allowed origin.

pub mod placement;

use std::net::SocketAddr;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Response, header};
use http_body_util::{BodyExt, Full};
use hyper_util::rt::TokioIo;
use tower::{Service, ServiceExt};

/// The origin that both layers allow.
pub const ORIGIN: &str = "https://app.example.com";

/// The layer of this crate.
pub fn ours() -> tower_cors::CorsLayer {
    tower_cors::CorsLayer::new()
        .allow_origins(ORIGIN)
        .allow_methods([Method::GET, Method::POST])
        .allow_headers([header::CONTENT_TYPE, header::AUTHORIZATION])
        .expose_headers(header::ETAG)
        .max_age(600)
}

/// The layer of tower-http with the same settings.
pub fn theirs() -> tower_http::cors::CorsLayer {
    tower_http::cors::CorsLayer::new()
        .allow_origin(HeaderValue::from_static(ORIGIN))
        .allow_methods([Method::GET, Method::POST])
        .allow_headers([header::CONTENT_TYPE, header::AUTHORIZATION])
        .expose_headers([header::ETAG])
        .max_age(std::time::Duration::from_secs(600))
}

/// Whose layer stands in the stack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layered {
    /// This crate's: a preflight's answer has Starlette's text.
    Ours,
    /// tower-http's: it has none.
    Theirs,
}

/// A request of the allowed origin, and what the application answers.
pub struct Call<B> {
    pub method: &'static str,
    pub target: &'static str,
    pub fields: &'static [(&'static str, &'static str)],
    pub text: &'static str,
    /// The request's body, of `text`.
    pub body: fn(&'static str) -> B,
    pub status: u16,
    /// Stands in the response's body.
    pub answer: &'static str,
}

// Whatever `B` is.
impl<B> Clone for Call<B> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<B> Copy for Call<B> {}

impl<B> Call<B> {
    /// `GET /` of a page that says `home`.
    pub const fn home(body: fn(&'static str) -> B) -> Self {
        Self {
            method: "GET",
            target: "/",
            fields: &[],
            text: "",
            body,
            status: 200,
            answer: "home",
        }
    }

    /// The actual request.
    pub fn actual(&self) -> Request<B> {
        let mut request = self.request(self.method, self.text);
        for (name, value) in self.fields {
            request.headers_mut().insert(*name, HeaderValue::from_static(value));
        }
        request
    }

    /// The preflight that a browser would send before a request with a token.
    pub fn preflight(&self) -> Request<B> {
        let mut request = self.request("OPTIONS", "");
        let headers = request.headers_mut();
        headers
            .insert(header::ACCESS_CONTROL_REQUEST_METHOD, HeaderValue::from_static(self.method));
        headers.insert(
            header::ACCESS_CONTROL_REQUEST_HEADERS,
            HeaderValue::from_static("authorization,content-type"),
        );
        request
    }

    fn request(&self, method: &str, text: &'static str) -> Request<B> {
        let mut request = Request::new((self.body)(text));
        *request.method_mut() = method.parse().expect("a method");
        *request.uri_mut() = self.target.parse().expect("a target");
        request.headers_mut().insert(header::ORIGIN, HeaderValue::from_static(ORIGIN));
        request.headers_mut().insert(header::HOST, HeaderValue::from_static("api.example.com"));
        request
    }

    /// What stands in both responses of a layer that works.
    #[track_caller]
    pub fn check(&self, layered: Layered, preflight: &Response<Bytes>, actual: &Response<Bytes>) {
        check_preflight(layered, preflight);
        assert_eq!(actual.status(), self.status, "{layered:?}: {actual:?}");
        let text = String::from_utf8_lossy(actual.body());
        assert!(text.contains(self.answer), "{layered:?}: {text:?} has no {:?}", self.answer);
        assert!(is_granted(actual), "{layered:?}: {actual:?}");
        let exposed = field(actual.headers(), header::ACCESS_CONTROL_EXPOSE_HEADERS);
        assert_eq!(exposed, "etag", "{layered:?}");
    }
}

/// The preflight passes, and says so in Starlette's words if the layer is ours.
#[track_caller]
pub fn check_preflight(layered: Layered, preflight: &Response<Bytes>) {
    let fields = preflight.headers();
    assert_eq!(preflight.status(), 200, "{layered:?}: {preflight:?}");
    assert!(is_granted(preflight), "{layered:?}: {preflight:?}");
    assert_eq!(field(fields, header::ACCESS_CONTROL_MAX_AGE), "600", "{layered:?}");
    let methods = field(fields, header::ACCESS_CONTROL_ALLOW_METHODS).replace(' ', "");
    assert_eq!(methods, "GET,POST", "{layered:?}");
    let names = field(fields, header::ACCESS_CONTROL_ALLOW_HEADERS).to_ascii_lowercase();
    assert!(names.contains("authorization"), "{layered:?}: {names}");
    if layered == Layered::Ours {
        assert_eq!(preflight.body(), "OK");
        assert_eq!(field(fields, header::CONTENT_TYPE), "text/plain; charset=utf-8");
    }
}

/// Whether a page of the allowed origin may read the response.
#[must_use]
pub fn is_granted<B>(response: &Response<B>) -> bool {
    field(response.headers(), header::ACCESS_CONTROL_ALLOW_ORIGIN) == ORIGIN
}

/// The lines of a field, joined.
#[must_use]
pub fn field(headers: &HeaderMap, name: HeaderName) -> String {
    let lines = headers.get_all(name).iter().map(|line| line.to_str().expect("text"));
    lines.collect::<Vec<_>>().join(" | ")
}

/// The answer of a service, its body read to the end.
pub async fn ask<B, S, R>(service: &mut S, request: Request<B>) -> Response<Bytes>
where
    S: Service<Request<B>, Response = Response<R>>,
    S::Error: std::fmt::Debug,
    R: http_body::Body<Data = Bytes>,
    R::Error: std::fmt::Debug,
{
    let service = service.ready().await.expect("a ready service");
    let (head, body) = service.call(request).await.expect("a response").into_parts();
    Response::from_parts(head, body.collect().await.expect("a body").to_bytes())
}

/// The answer of a server, over a connection of its own.
pub async fn ask_at(address: SocketAddr, request: Request<Full<Bytes>>) -> Response<Bytes> {
    let stream = tokio::net::TcpStream::connect(address).await.expect("the server listens");
    let handshake = hyper::client::conn::http1::handshake(TokioIo::new(stream));
    let (mut sender, connection) = handshake.await.expect("a connection");
    let connection = tokio::spawn(connection);
    let (head, body) = sender.send_request(request).await.expect("a response").into_parts();
    let body = body.collect().await.expect("a body").to_bytes();
    drop(sender);
    connection.await.expect("no panic").expect("no error");
    Response::from_parts(head, body)
}

/// Sends the preflight and the request through a service, and checks both answers.
pub async fn works<B, S, R>(layered: Layered, call: &Call<B>, mut service: S)
where
    S: Service<Request<B>, Response = Response<R>>,
    S::Error: std::fmt::Debug,
    R: http_body::Body<Data = Bytes>,
    R::Error: std::fmt::Debug,
{
    let preflight = ask(&mut service, call.preflight()).await;
    let actual = ask(&mut service, call.actual()).await;
    call.check(layered, &preflight, &actual);
}

/// [`works`], for a server that listens.
pub async fn works_at(layered: Layered, call: &Call<Full<Bytes>>, address: SocketAddr) {
    let preflight = ask_at(address, call.preflight()).await;
    let actual = ask_at(address, call.actual()).await;
    call.check(layered, &preflight, &actual);
}

/// The same lines with tower-http's layer and with ours under `same_body()`: a service that
/// [`works`], or with `at` a server that [`works_at`] an address.
#[macro_export]
macro_rules! both {
    ($call:expr, |$cors:ident| $service:expr) => {
        $crate::both!($call, [$crate::ours().same_body()], |$cors| $service)
    };
    ($call:expr, [$ours:expr], |$cors:ident| $service:expr) => {{
        let $cors = $crate::theirs();
        $crate::works($crate::Layered::Theirs, &$call, $service).await;
        let $cors = $ours;
        $crate::works($crate::Layered::Ours, &$call, $service).await;
    }};
    (at $call:expr, |$cors:ident| $address:expr) => {
        $crate::both!(at $call, [$crate::ours().same_body()], |$cors| $address)
    };
    (at $call:expr, [$ours:expr], |$cors:ident| $address:expr) => {{
        let $cors = $crate::theirs();
        $crate::works_at($crate::Layered::Theirs, &$call, $address).await;
        let $cors = $ours;
        $crate::works_at($crate::Layered::Ours, &$call, $address).await;
    }};
}
