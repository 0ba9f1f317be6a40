//! What is measured: one contender in one scenario, made ready outside the measured window.

use std::{
    cell::RefCell,
    convert::Infallible,
    fmt::Debug,
    future::{Future, Ready, ready},
    hint::black_box,
    io::IoSlice,
    pin::{Pin, pin},
    rc::Rc,
    task::{Context, Poll, Waker},
};

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Request, Response, header};
use http_body::Body;
use http_body_util::{BodyExt, Full};
use hyper::{body::Incoming, rt, server::conn::http1};
use hyper_util::service::TowerToHyperService;
use tower::Service;

use crate::request::Head;

pub(crate) trait Subject {
    /// Panics unless the answer is the expected one.
    fn verify(&mut self);
    /// Makes `count` requests.
    fn prepare(&mut self, count: usize);
    /// Answers all that was prepared, asserting each answer.
    fn run(&mut self);
}

/// The application inside: a fresh response for each request, with a few headers.
#[derive(Clone, Copy, Debug)]
pub(crate) struct App(pub(crate) &'static [(HeaderName, HeaderValue)]);

pub(crate) static JSON: [(HeaderName, HeaderValue); 1] =
    [(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))];

pub(crate) static JSON_VARYING: [(HeaderName, HeaderValue); 2] = [
    (header::CONTENT_TYPE, HeaderValue::from_static("application/json")),
    (header::VARY, HeaderValue::from_static("Accept-Encoding, Accept-Language")),
];

/// With the four that a policy can add, one more than a fresh `HeaderMap` holds.
pub(crate) static JSON_CACHED: [(HeaderName, HeaderValue); 3] = [
    (header::CONTENT_TYPE, HeaderValue::from_static("application/json")),
    (header::ETAG, HeaderValue::from_static("\"33a64df551425fcc\"")),
    (header::CACHE_CONTROL, HeaderValue::from_static("private, max-age=60")),
];

pub(crate) const BODY: &str = "{\"id\":7,\"name\":\"seven\"}";

impl<B> Service<Request<B>> for App {
    type Response = Response<Full<Bytes>>;
    type Error = Infallible;
    type Future = Ready<Result<Response<Full<Bytes>>, Infallible>>;

    #[inline]
    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    #[inline]
    fn call(&mut self, _: Request<B>) -> Self::Future {
        let mut response = Response::new(Full::new(Bytes::from_static(BODY.as_bytes())));
        for (name, value) in self.0 {
            response.headers_mut().insert(name, value.clone());
        }
        ready(Ok(response))
    }
}

/// The answer that a scenario must give.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn new(status: u16, headers: &[(&str, &str)], body: &str) -> Answer {
        let mut headers: Vec<_> =
            headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        headers.sort();
        Answer { status, headers, body: body.to_owned() }
    }

    fn of<B: Body<Data = Bytes, Error: Debug>>(response: Response<B>) -> Answer {
        let (parts, body) = response.into_parts();
        let headers: Vec<_> = parts
            .headers
            .keys()
            .map(|name| {
                let lines: Vec<_> = parts.headers.get_all(name).iter().map(text).collect();
                (name.as_str(), lines.join(", "))
            })
            .collect();
        let headers: Vec<_> = headers.iter().map(|(name, value)| (*name, &**value)).collect();
        let body = now(body.collect()).expect("a body without fault").to_bytes();
        Answer::new(parts.status.as_u16(), &headers, &String::from_utf8_lossy(&body))
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(other, _)| other == name).map(|(_, value)| &**value)
    }
}

fn text(value: &HeaderValue) -> &str {
    value.to_str().expect("visible text")
}

/// How strictly a contender is compared with the expected answer.
#[derive(Clone, Debug)]
pub(crate) enum Expect {
    /// Status, every header, body.
    Same(Answer),
    /// tower-http differs on purpose: the status, and the origin that it allows.
    Allows(u16, Option<String>),
    /// The service without CORS.
    Status(u16),
}

impl Expect {
    #[track_caller]
    fn check(&self, answer: &Answer) {
        match self {
            Expect::Same(expected) => assert_eq!(answer, expected),
            Expect::Allows(status, origin) => assert_eq!(
                (answer.status, answer.header("access-control-allow-origin")),
                (*status, origin.as_deref()),
            ),
            Expect::Status(status) => assert_eq!(answer.status, *status),
        }
    }
}

/// A service that answers requests.
pub(crate) struct Answering<S, B> {
    service: S,
    head: Head,
    body: fn() -> B,
    expect: Expect,
    status: u16,
    header_count: usize,
    prepared: Vec<Request<B>>,
}

impl<S, B, ResBody> Answering<S, B>
where
    S: Service<Request<B>, Response = Response<ResBody>, Error: Debug>,
    ResBody: Body<Data = Bytes, Error: Debug>,
{
    pub(crate) fn new(service: S, head: Head, body: fn() -> B, expect: Expect) -> Self {
        let prepared = Vec::new();
        Answering { service, head, body, expect, status: 0, header_count: 0, prepared }
    }
}

impl<S, B, ResBody> Subject for Answering<S, B>
where
    S: Service<Request<B>, Response = Response<ResBody>, Error: Debug>,
    ResBody: Body<Data = Bytes, Error: Debug>,
{
    fn verify(&mut self) {
        let response =
            now(call(&mut self.service, self.head.request((self.body)()))).expect("an answer");
        self.status = response.status().as_u16();
        self.header_count = response.headers().len();
        self.expect.check(&Answer::of(response));
    }

    fn prepare(&mut self, count: usize) {
        self.prepared = (0..count).map(|_| self.head.request((self.body)())).collect();
    }

    fn run(&mut self) {
        for request in self.prepared.drain(..) {
            let response = now(call(&mut self.service, request)).expect("an answer");
            assert_eq!(response.status().as_u16(), self.status);
            assert_eq!(response.headers().len(), self.header_count);
            black_box(response);
        }
    }
}

fn call<S: Service<R, Error: Debug>, R>(service: &mut S, request: R) -> S::Future {
    let Poll::Ready(Ok(())) = service.poll_ready(&mut Context::from_waker(Waker::noop())) else {
        panic!("a service that is always ready");
    };
    service.call(request)
}

/// What a future gives that never waits.
pub(crate) fn now<F: Future>(future: F) -> F::Output {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("the future waits"),
    }
}

/// Something done again and again, without a request.
pub(crate) struct Repeating<F> {
    act: F,
    count: usize,
}

impl<F> Repeating<F> {
    pub(crate) fn new(act: F) -> Self {
        Repeating { act, count: 0 }
    }
}

impl<F: FnMut()> Subject for Repeating<F> {
    fn verify(&mut self) {
        (self.act)();
    }

    fn prepare(&mut self, count: usize) {
        self.count = count;
    }

    fn run(&mut self) {
        for _ in 0..self.count {
            (self.act)();
        }
    }
}

/// A router that is cloned for each request, as `axum::serve` does, and then answers it.
pub(crate) struct Cloned<S>(pub(crate) S);

impl<S: Service<R> + Clone, R> Service<R> for Cloned<S> {
    type Response = S::Response;
    type Error = S::Error;
    type Future = S::Future;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: R) -> S::Future {
        call_clone(&self.0, request)
    }
}

fn call_clone<S: Service<R> + Clone, R>(service: &S, request: R) -> S::Future {
    let mut service = service.clone();
    let _ = service.poll_ready(&mut Context::from_waker(Waker::noop()));
    service.call(request)
}

/// hyper's HTTP/1.1 server over a connection in memory: one request a read, keep-alive.
pub(crate) struct Connection {
    served: Pin<Box<dyn Future<Output = hyper::Result<()>>>>,
    wire: Rc<RefCell<Wire>>,
    expect: Expect,
    count: usize,
    response_length: usize,
}

impl Connection {
    pub(crate) fn new<S, B>(service: S, head: &Head, expect: Expect) -> Self
    where
        S: Service<Request<Incoming>, Response = Response<B>, Error = Infallible> + Clone + 'static,
        B: Body<Data = Bytes, Error = Infallible> + 'static,
    {
        let wire = Rc::new(RefCell::new(Wire {
            request: head.wire().into(),
            requests: 0,
            written: 0,
            first: Vec::new(),
        }));
        let served = http1::Builder::new()
            .auto_date_header(false)
            .serve_connection(End(wire.clone()), TowerToHyperService::new(service));
        Connection { served: Box::pin(served), wire, expect, count: 0, response_length: 0 }
    }
}

impl Subject for Connection {
    fn verify(&mut self) {
        self.wire.borrow_mut().first = Vec::with_capacity(4096);
        self.prepare(1);
        self.response_length = 0;
        self.serve();
        let first = std::mem::take(&mut self.wire.borrow_mut().first);
        self.response_length = first.len();
        let text = String::from_utf8(first).expect("text");
        let (head, body) = text.split_once("\r\n\r\n").expect("a head");
        let (status, lines) = head.split_once("\r\n").expect("a line");
        let headers: Vec<_> = lines
            .lines()
            .map(|line| line.split_once(": ").expect("a field"))
            .filter(|(name, _)| *name != "content-length")
            .collect();
        let status = status.split(' ').nth(1).and_then(|status| status.parse().ok());
        self.expect.check(&Answer::new(status.expect("a status"), &headers, body));
    }

    fn prepare(&mut self, count: usize) {
        self.count = count;
        let mut wire = self.wire.borrow_mut();
        (wire.requests, wire.written) = (count, 0);
    }

    fn run(&mut self) {
        self.serve();
        assert_eq!(self.wire.borrow().written, self.count * self.response_length);
    }
}

impl Connection {
    /// hyper rests after some turns, so one poll may not be enough.
    fn serve(&mut self) {
        let mut written = None;
        while written != Some(self.wire.borrow().written) {
            written = Some(self.wire.borrow().written);
            let served = self.served.as_mut().poll(&mut Context::from_waker(Waker::noop()));
            assert!(served.is_pending(), "the connection stays open");
        }
    }
}

/// What goes over a [`Connection`].
struct Wire {
    request: Bytes,
    requests: usize,
    written: usize,
    /// The first bytes written, as far as there is room.
    first: Vec<u8>,
}

struct End(Rc<RefCell<Wire>>);

impl rt::Read for End {
    fn poll_read(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
        mut buffer: rt::ReadBufCursor<'_>,
    ) -> Poll<std::io::Result<()>> {
        let mut wire = self.0.borrow_mut();
        if wire.requests == 0 {
            return Poll::Pending;
        }
        wire.requests -= 1;
        buffer.put_slice(&wire.request);
        Poll::Ready(Ok(()))
    }
}

impl rt::Write for End {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<std::io::Result<usize>> {
        self.poll_write_vectored(context, &[IoSlice::new(bytes)])
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<std::io::Result<usize>> {
        let mut wire = self.0.borrow_mut();
        let length = slices.iter().map(|slice| slice.len()).sum();
        wire.written += length;
        if wire.first.capacity() != 0 {
            slices.iter().for_each(|slice| wire.first.extend_from_slice(slice));
        }
        Poll::Ready(Ok(length))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}
