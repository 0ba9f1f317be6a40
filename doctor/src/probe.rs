//! `Probe`: the layer between tower-browser and the network. It counts, shortens and replaces
//! requests.

use std::{
    cell::RefCell,
    collections::HashSet,
    fmt,
    pin::Pin,
    rc::Rc,
    task::{Context, Poll},
};

use bytes::Bytes;
use http::{HeaderValue, Method, Request, Response, header};
use http_body_util::Full;
use tower_browser::Body;
use tower_service::Service;

/// At most this many requests are sent by default.
pub(crate) const MOST_REQUESTS: usize = 5;

/// Names this tool. Most servers accept that.
const USER_AGENT: HeaderValue = HeaderValue::from_static(concat!(
    "Mozilla/5.0 (compatible; cors-doctor/",
    env!("CARGO_PKG_VERSION"),
    ")"
));

/// A service that sends a limited number of requests, and unsafe ones only with `--send`.
#[derive(Debug)]
pub(crate) struct Probe<S> {
    inner: S,
    sends_unsafe: bool,
    left: Rc<RefCell<usize>>,
    /// If set, nothing is sent after a preflight.
    pub(crate) only_preflight: bool,
    /// The requests since the last `begin`, to find a loop.
    sent: HashSet<String>,
}

impl<S> Probe<S> {
    pub(crate) fn new(inner: S, sends_unsafe: bool, most: usize) -> Self {
        let left = Rc::new(RefCell::new(most));
        Self { inner, sends_unsafe, left, only_preflight: false, sent: HashSet::new() }
    }

    /// How many more requests may be sent.
    pub(crate) fn left(&self) -> usize {
        *self.left.borrow()
    }

    pub(crate) fn allow(&mut self, more: usize) {
        *self.left.borrow_mut() += more;
    }

    /// A new fetch begins.
    pub(crate) fn begin(&mut self, only_preflight: bool) {
        self.only_preflight = only_preflight;
        self.sent.clear();
    }

    fn may_send(&mut self, request: &Request<Body>) -> Result<(), String> {
        if self.only_preflight && !is_preflight(request) {
            return Err("only the preflight is sent".to_owned());
        }
        // It is not a loop if a server sets a cookie and redirects to the same URL.
        let key = format!(
            "{} {} {:?}",
            request.method(),
            request.uri(),
            request.headers().get(header::COOKIE)
        );
        if !self.sent.insert(key) {
            return Err(format!("redirects form a loop: {} was requested before", request.uri()));
        }
        let mut left = self.left.borrow_mut();
        if *left == 0 {
            return Err(format!(
                "too many redirects: {} would be more than {MOST_REQUESTS} requests; use the final URL",
                request.uri()
            ));
        }
        *left -= 1;
        Ok(())
    }
}

pub(crate) fn is_preflight(request: &Request<Body>) -> bool {
    request.method() == Method::OPTIONS
        && request.headers().contains_key(header::ACCESS_CONTROL_REQUEST_METHOD)
}

impl<S, R> Service<Request<Body>> for Probe<S>
where
    S: Service<Request<Body>, Response = Response<R>>,
    S::Error: fmt::Display,
    S::Future: 'static,
    R: http_body::Body + Unpin + 'static,
{
    type Response = Response<Finite<R>>;
    type Error = String;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, String>>>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), String>> {
        self.inner.poll_ready(context).map_err(|error| error.to_string())
    }

    fn call(&mut self, mut request: Request<Body>) -> Self::Future {
        if let Err(refused) = self.may_send(&request) {
            return Box::pin(std::future::ready(Err(refused)));
        }
        if !self.sends_unsafe && !request.method().is_safe() {
            *request.method_mut() = Method::GET;
            *request.body_mut() = Full::new(Bytes::new());
            for name in [header::CONTENT_LENGTH, header::CONTENT_TYPE] {
                request.headers_mut().remove(name);
            }
        }
        if request
            .headers()
            .get(header::USER_AGENT)
            .is_some_and(|agent| agent.as_bytes().ends_with(b"tower-browser"))
        {
            request.headers_mut().insert(header::USER_AGENT, USER_AGENT);
        }
        let answer = self.inner.call(request);
        Box::pin(async move {
            let response = answer.await.map_err(|error| error.to_string())?;
            let is_stream = response.headers().get(header::CONTENT_TYPE).is_some_and(|kind| {
                kind.as_bytes().to_ascii_lowercase().starts_with(b"text/event-stream")
            });
            Ok(response.map(|body| if is_stream { Finite::Unread } else { Finite::Read(body) }))
        })
    }
}

/// A response's body. Streams that stay open are not read.
#[derive(Debug)]
pub(crate) enum Finite<B> {
    Read(B),
    Unread,
}

impl<B: http_body::Body + Unpin> http_body::Body for Finite<B> {
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<http_body::Frame<B::Data>, B::Error>>> {
        match self.get_mut() {
            Self::Read(body) => Pin::new(body).poll_frame(context),
            Self::Unread => Poll::Ready(None),
        }
    }
}
