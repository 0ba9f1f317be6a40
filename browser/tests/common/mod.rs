//! Servers that answer as a row of a test says.
#![allow(dead_code, unreachable_pub, reason = "each test uses some of it")]

use std::{
    convert::Infallible,
    future::{Ready, ready},
    task::{Context, Poll},
};

use http::{HeaderName, HeaderValue, Method, Request, Response, request::Parts};
use tower_browser::{Blocked, Body, Exchange, Fetch, Page, Seen};
use tower_service::Service;

pub const APP: &str = "https://app.example.com";
pub const API: &str = "https://api.other.example";

/// A service of a function.
pub struct Server<F>(pub F);

impl<F: FnMut(&Parts) -> Response<Body>> Service<Request<Body>> for Server<F> {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Ready<Result<Response<Body>, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        ready(Ok((self.0)(&request.into_parts().0)))
    }
}

/// A response with lines `name: value`.
#[track_caller]
pub fn answer(status: u16, lines: &[&str]) -> Response<Body> {
    let mut response = Response::new(Body::from("body"));
    *response.status_mut() = http::StatusCode::from_u16(status).unwrap();
    for line in lines {
        let (name, value) = line.split_once(':').expect("a line is `name: value`");
        response.headers_mut().append(
            HeaderName::from_bytes(name.as_bytes()).unwrap(),
            HeaderValue::from_bytes(value.trim().as_bytes()).unwrap(),
        );
    }
    response
}

/// What a server without faults says to everybody.
pub fn open(parts: &Parts) -> Response<Body> {
    let origin = parts.headers.get("origin").and_then(|it| it.to_str().ok()).unwrap_or("*");
    answer(
        200,
        &[
            &format!("access-control-allow-origin: {origin}"),
            "access-control-allow-credentials: true",
            "access-control-allow-methods: PUT, DELETE, PATCH",
            "access-control-allow-headers: x-a, x-b, content-type, authorization",
        ],
    )
}

pub fn is_preflight(parts: &Parts) -> bool {
    parts.method == Method::OPTIONS && parts.headers.contains_key("access-control-request-method")
}

/// One fetch to a server.
pub async fn fetched(
    page: &mut Page,
    answer: impl FnMut(&Parts) -> Response<Body>,
    fetch: Fetch,
) -> Result<Seen, Blocked> {
    page.fetch(&mut Server(answer), fetch).await
}

/// What was sent: `preflight PUT /path [names]`, `PUT /path`.
pub fn wire(exchanges: &[Exchange]) -> Vec<String> {
    exchanges
        .iter()
        .map(|exchange| {
            let header = |name| {
                exchange.request_headers().get(name).map(|value| value.to_str().unwrap().to_owned())
            };
            let url = exchange.url();
            let path = url.splitn(4, '/').nth(3).map_or("/".to_owned(), |path| format!("/{path}"));
            let names = header("access-control-request-headers");
            let names = names.map_or(String::new(), |names| format!(" [{names}]"));
            match header("access-control-request-method").filter(|_| exchange.is_preflight()) {
                Some(method) => format!("preflight {method} {path}{names}"),
                None => format!("{} {path}", exchange.method()),
            }
        })
        .collect()
}

/// A header of the last request that was sent.
pub fn last_sent(page: &Page, name: &str) -> Option<String> {
    let headers = page.exchanges().last()?.request_headers();
    headers.get(name).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
}
