//! What the test files share: requests and responses as rows of text, and an inner service that
//! counts.
//!
//! A request is its method and target, then its header lines: `["GET /", "origin:
//! https://a.example"]`. A response is its status and body, then its header lines: `["200 OK",
//! "vary: Origin"]`. `ac-` at the start of a line stands for `access-control-`. Values are bytes as
//! latin-1 text, to the letter.

#![allow(dead_code, reason = "each test file uses a part of it")]

use std::{
    convert::Infallible,
    future::{Future, Ready},
    pin::pin,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll, Waker},
};

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Request, Response, request::Parts};
use http_body::Body;
use http_body_util::{BodyExt, Full};
use tower::{Layer, Service};
use tower_cors::{Cors, CorsLayer, Diagnostic, ResponseBody, Risk};

/// The origin that [`one_origin`] allows.
pub(crate) const A: &str = "origin: https://a.example";

/// An origin that it does not allow.
pub(crate) const B: &str = "origin: https://b.example";

pub(crate) const GET: &str = "ac-request-method: GET";

/// The Vary of every preflight's answer.
pub(crate) const PREFLIGHT_VARY: &str = "vary: Origin, Access-Control-Request-Method, \
     Access-Control-Request-Headers, Access-Control-Request-Private-Network";

pub(crate) const TEXT: &str = "content-type: text/plain; charset=utf-8";

/// The allowed headers of a policy that names none.
pub(crate) const SAFELISTED: &str =
    "ac-allow-headers: Accept, Accept-Language, Content-Language, Content-Type";

/// A header line as name and value.
#[track_caller]
fn field(line: &str) -> (HeaderName, HeaderValue) {
    let (name, value) = line.split_once(':').expect("a line is `name: value`");
    let name = match name.strip_prefix("ac-") {
        Some(rest) => format!("access-control-{rest}"),
        None => name.to_owned(),
    };
    let value = value.strip_prefix(' ').unwrap_or(value);
    let value: Vec<u8> =
        value.chars().map(|c| u8::try_from(c).expect("bytes are written as latin-1")).collect();
    (
        name.parse().expect("a name is a token"),
        HeaderValue::from_bytes(&value).expect("no control bytes"),
    )
}

/// Header lines as a map.
#[track_caller]
pub(crate) fn fields(lines: &[&str]) -> HeaderMap {
    let mut map = HeaderMap::new();
    for line in lines {
        let (name, value) = field(line);
        map.append(name, value);
    }
    map
}

/// A request of rows, with the body `asked`.
#[track_caller]
pub(crate) fn request(rows: &[&str]) -> Request<Full<Bytes>> {
    let (method, target) = rows[0].split_once(' ').unwrap_or((rows[0], "/"));
    let mut request = Request::new(Full::from("asked"));
    *request.method_mut() = method.parse().expect("a method is a token");
    *request.uri_mut() = target.parse().expect("a target is a URI");
    *request.headers_mut() = fields(&rows[1..]);
    request
}

/// The head of a request of rows.
#[track_caller]
pub(crate) fn head(rows: &[&str]) -> Parts {
    request(rows).into_parts().0
}

/// A response of rows.
#[track_caller]
pub(crate) fn response(rows: &[&str]) -> Response<Full<Bytes>> {
    let (status, body) = rows[0].split_once(' ').unwrap_or((rows[0], ""));
    let mut response = Response::new(Full::from(body.to_owned()));
    *response.status_mut() = status.parse().expect("a status has three digits");
    *response.headers_mut() = fields(&rows[1..]);
    response
}

/// A response as rows, header lines sorted by name; lines of one name keep their order.
#[track_caller]
pub(crate) fn rows<B>(response: Response<B>) -> Vec<String>
where
    B: Body<Data = Bytes, Error: std::fmt::Debug>,
{
    let (head, body) = response.into_parts();
    let body = ready(body.collect()).expect("nothing here fails").to_bytes();
    let body = String::from_utf8_lossy(&body);
    let mut rows = vec![format!("{} {body}", head.status.as_u16()).trim_end().to_owned()];
    rows.extend(lines(&head.headers));
    rows
}

/// The lines of a map, sorted by name.
pub(crate) fn lines(map: &HeaderMap) -> Vec<String> {
    let text = |value: &HeaderValue| value.as_bytes().iter().copied().map(char::from).collect();
    let mut lines: Vec<(&str, String)> =
        map.iter().map(|(name, value)| (name.as_str(), text(value))).collect();
    lines.sort_by_key(|(name, _)| *name);
    lines.into_iter().map(|(name, value)| format!("{name}: {value}")).collect()
}

/// Expected rows as [`rows`] gives them.
#[track_caller]
pub(crate) fn expected(rows: &[&str]) -> Vec<String> {
    let mut sorted = vec![rows[0].to_owned()];
    sorted.extend(lines(&fields(&rows[1..])));
    sorted
}

/// What a future gives that is ready at once, as everything around a [`Spy`] is.
#[track_caller]
pub(crate) fn ready<F: Future>(future: F) -> F::Output {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("the future is not ready"),
    }
}

/// An inner service that counts how often it is asked and called, keeps the last request's head and
/// gives one response again and again.
#[derive(Clone, Debug)]
pub(crate) struct Spy(Arc<Record>);

#[derive(Debug)]
struct Record {
    readied: AtomicUsize,
    calls: AtomicUsize,
    last: Mutex<Option<Parts>>,
    response: Vec<String>,
}

impl Spy {
    /// A spy that answers with a response of rows.
    pub(crate) fn new(response: &[&str]) -> Self {
        Self(Arc::new(Record {
            readied: AtomicUsize::new(0),
            calls: AtomicUsize::new(0),
            last: Mutex::new(None),
            response: response.iter().map(|row| (*row).to_owned()).collect(),
        }))
    }

    /// How often it was asked whether it is ready.
    pub(crate) fn readied(&self) -> usize {
        self.0.readied.load(Ordering::SeqCst)
    }

    pub(crate) fn calls(&self) -> usize {
        self.0.calls.load(Ordering::SeqCst)
    }

    pub(crate) fn last(&self) -> Option<Parts> {
        self.0.last.lock().unwrap().clone()
    }
}

impl<B> Service<Request<B>> for Spy {
    type Response = Response<Full<Bytes>>;
    type Error = Infallible;
    type Future = Ready<Result<Self::Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.0.readied.fetch_add(1, Ordering::SeqCst);
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        self.0.calls.fetch_add(1, Ordering::SeqCst);
        *self.0.last.lock().unwrap() = Some(request.into_parts().0);
        let rows: Vec<&str> = self.0.response.iter().map(String::as_str).collect();
        std::future::ready(Ok(response(&rows)))
    }
}

/// One call of a service that is ready at once and does not fail.
#[track_caller]
pub(crate) fn call<S, B>(service: &mut S, request: Request<B>) -> S::Response
where
    S: Service<Request<B>, Error = Infallible>,
{
    let polled = service.poll_ready(&mut Context::from_waker(Waker::noop()));
    assert!(polled.is_ready());
    let Ok(response) = ready(service.call(request));
    response
}

/// What a layer makes of a request, and how often it called the inner service for it.
#[track_caller]
pub(crate) fn through<L>(
    layer: &L,
    asked: &[&str],
    inner: &[&str],
) -> (Response<ResponseBody<Full<Bytes>>>, usize)
where
    L: Layer<
            Spy,
            Service: Service<
                Request<Full<Bytes>>,
                Response = Response<ResponseBody<Full<Bytes>>>,
                Error = Infallible,
            >,
        >,
{
    let spy = Spy::new(inner);
    let response = call(&mut layer.layer(spy.clone()), request(asked));
    (response, spy.calls())
}

/// Holds the whole answer to a preflight against rows. `asked` is without its OPTIONS; Vary and
/// Content-Type, which are always the same, are left out of `answer`.
#[track_caller]
pub(crate) fn preflight(layer: &CorsLayer, asked: &[&str], answer: &[&str]) {
    let asked = [&["OPTIONS /"], asked].concat();
    let (response, calls) = through(layer, &asked, &["200 inner", "x-inner: 1", "vary: X-Inner"]);
    assert_eq!(calls, 0, "{asked:?} reached the inner service");
    let size = response.body().size_hint().exact();
    let found = rows(response);
    let body = found[0].get(4..).unwrap_or_default();
    assert_eq!(size, Some(body.len() as u64), "size hint of {body:?}");
    let answer = [answer, &[PREFLIGHT_VARY, TEXT]].concat();
    assert_eq!(found, expected(&answer), "{asked:?}");
}

/// Holds the whole response to an actual request against rows.
#[track_caller]
pub(crate) fn actual(layer: &CorsLayer, asked: &[&str], inner: &[&str], answer: &[&str]) {
    let (response, calls) = through(layer, asked, inner);
    assert_eq!(calls, 1, "calls of the inner service for {asked:?}");
    assert_eq!(rows(response), expected(answer), "{asked:?}");
}

/// A layer of which nothing is said: one origin, all else as it is.
pub(crate) fn one_origin() -> CorsLayer {
    CorsLayer::new().allow_origins(["https://a.example"])
}

/// A layer that tolerates every risk that `build()` would refuse.
pub(crate) fn tolerant() -> CorsLayer {
    CorsLayer::new().tolerate(Risk::AnyOrigin).tolerate(Risk::NullOrigin)
}

/// Everything that is said of settings: the errors, or else the warnings and notes.
pub(crate) fn said(layer: &CorsLayer) -> Vec<Diagnostic> {
    match layer.build() {
        Err(error) => error.diagnostics().to_vec(),
        Ok(policy) => policy.diagnostics().to_vec(),
    }
}

/// The service of a layer around a spy.
pub(crate) fn around(layer: &CorsLayer, spy: &Spy) -> Cors<Spy> {
    layer.layer(spy.clone())
}
