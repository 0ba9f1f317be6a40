//! What must hold whatever comes: laws over arbitrary bytes, for the fuzzer and for `tests/laws.rs`.
//!
//! Each law cuts its input into lines; a dictionary and seeds show the fuzzer what may stand in them. It returns what
//! was reached, and `tests/laws.rs` sees that the seeds reach all that matters.
#![allow(dead_code, unused_imports, reason = "each fuzz target uses one law")]

#[path = "laws/configs.rs"]
mod configs;
#[path = "enforcement.rs"]
mod enforcement;
#[path = "expression.rs"]
mod expression;
#[path = "grammar.rs"]
mod grammar;
#[path = "laws/guard.rs"]
mod guard;
#[path = "../tests/diagnostics/meant.rs"]
mod meant;
#[path = "laws/origins.rs"]
mod origins;
#[path = "responses.rs"]
mod responses;
#[path = "laws/transcript.rs"]
mod transcript;
#[path = "laws/verdicts.rs"]
mod verdicts;

pub(crate) use self::{
    configs::{configs_survive, settings_are_judged},
    guard::enforcement_equals_reference,
    origins::{expressions_equal_reference, matcher_equals_reference},
    verdicts::one_verdict,
};

use std::{
    cell::Cell,
    convert::Infallible,
    future::{Ready, ready},
    pin::pin,
    task::{Context, Poll, Waker},
};

use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Response, StatusCode, header};
use http_body_util::Empty;
use tower::{Layer, Service, ServiceExt};
use tower_cors::Refusal;

/// The branches that an input reached.
pub(crate) type Reached = Vec<&'static str>;

fn lines(data: &[u8]) -> impl Iterator<Item = &[u8]> {
    data.split(|byte| *byte == b'\n')
}

/// Those of the lines that are `name:value`, with a blank after the colon or without.
fn append<'a>(headers: &mut HeaderMap, lines: impl Iterator<Item = &'a [u8]>) {
    for line in lines {
        let mut halves = line.splitn(2, |byte| *byte == b':');
        let (name, value) = (halves.next().unwrap_or_default(), halves.next().unwrap_or_default());
        let value = value.strip_prefix(b" ").unwrap_or(value);
        if let (Ok(name), Ok(value)) =
            (HeaderName::from_bytes(name), HeaderValue::from_bytes(value))
        {
            headers.append(name, value);
        }
    }
}

fn is_preflight(method: &Method, headers: &HeaderMap) -> bool {
    *method == Method::OPTIONS
        && headers.contains_key(header::ORIGIN)
        && headers.contains_key(header::ACCESS_CONTROL_REQUEST_METHOD)
}

type Answer = Response<tower_cors::ResponseBody<Empty<&'static [u8]>>>;

/// What the inner service was told, if it was called.
type Told = Option<Option<Refusal>>;

/// The inner service: it answers at once, and keeps what it was told.
struct Inner<'a> {
    status: StatusCode,
    headers: &'a HeaderMap,
    told: &'a Cell<Told>,
}

impl Clone for Inner<'_> {
    fn clone(&self) -> Self {
        Self { ..*self }
    }
}

impl Service<Request<()>> for Inner<'_> {
    type Response = Response<Empty<&'static [u8]>>;
    type Error = Infallible;
    type Future = Ready<Result<Self::Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<()>) -> Self::Future {
        self.told.set(Some(request.extensions().get().copied()));
        let mut response = Response::new(Empty::new());
        *response.status_mut() = self.status;
        *response.headers_mut() = self.headers.clone();
        ready(Ok(response))
    }
}

/// The response through a layer.
fn carry_out<'a, L>(layer: &L, request: Request<()>, inner: Inner<'a>) -> Answer
where
    L: Layer<Inner<'a>, Service: Service<Request<()>, Response = Answer, Error = Infallible>>,
{
    let mut response = pin!(layer.layer(inner).oneshot(request));
    // Nothing here ever waits, so one poll is enough and no runtime is needed.
    match response.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(Ok(response)) => response,
        Poll::Ready(Err(never)) => match never {},
        Poll::Pending => panic!("nothing waits"),
    }
}
