//! Proves that a gRPC-Web client in a browser gets through: its preflight, a unary call, and an
//! error whose status the page can read.

mod common;

use std::{
    convert::Infallible,
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Bytes;
use common::*;
use http::{HeaderMap, Response};
use http_body_util::{BodyExt, Full};
use prost::Message;
use tonic::{Request, Status, body::Body, server::Grpc};
use tonic_prost::ProstCodec;
use tonic_web::GrpcWebLayer;
use tower::{Layer, Service, ServiceBuilder, ServiceExt, service_fn};
use tower_cors::{CorsLayer, Preset, ResponseBody};

/// `message Person { string name = 1; }`, and the greeting is of the same shape.
#[derive(Clone, PartialEq, Message)]
struct Text {
    #[prost(string, tag = "1")]
    text: String,
}

async fn greet(request: Request<Text>) -> Result<tonic::Response<Text>, Status> {
    match request.into_inner().text {
        name if name.is_empty() => {
            let details = Bytes::from_static(b"details");
            Err(Status::with_details(tonic::Code::InvalidArgument, "no name", details))
        }
        name => Ok(tonic::Response::new(Text { text: format!("Hello {name}") })),
    }
}

#[derive(Clone)]
struct Greeter;

impl Service<http::Request<Body>> for Greeter {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Body>, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<Body>) -> Self::Future {
        Box::pin(async {
            Ok(Grpc::new(ProstCodec::default()).unary(service_fn(greet), request).await)
        })
    }
}

/// A frame of gRPC: a flag, the length in four bytes, the message.
fn frame(message: &Text) -> Full<Bytes> {
    let message = message.encode_to_vec();
    let length = u32::try_from(message.len()).unwrap().to_be_bytes();
    Full::from([&[0], &length[..], &message].concat())
}

/// The frames of a response, each with its flag; the one with 128 holds the trailers.
fn frames(mut body: &[u8]) -> Vec<(u8, &[u8])> {
    let mut frames = Vec::new();
    while let [flag, a, b, c, d, rest @ ..] = body {
        let length = u32::from_be_bytes([*a, *b, *c, *d]) as usize;
        frames.push((*flag, &rest[..length]));
        body = &rest[length..];
    }
    frames
}

/// The layer is outermost: tonic-web by itself answers preflights with an error.
async fn ask(asked: http::Request<Full<Bytes>>) -> Response<ResponseBody<Body>> {
    let cors = CorsLayer::new().allow_origins(["https://a.example"]).preset(Preset::GrpcWeb);
    let service = ServiceBuilder::new().layer(cors).layer(GrpcWebLayer::new()).service(Greeter);
    service.oneshot(asked.map(Body::new)).await.unwrap()
}

/// What a page sees of the headers (Fetch, "CORS filtered response").
fn readable(headers: &HeaderMap) -> Vec<&str> {
    let exposed = headers["access-control-expose-headers"].to_str().unwrap().to_ascii_lowercase();
    let exposed: Vec<_> = exposed.split(", ").collect();
    let known = headers.keys().map(|name| name.as_str());
    let mut seen: Vec<_> =
        known.filter(|name| *name == "content-type" || exposed.contains(name)).collect();
    seen.sort_unstable();
    seen
}

fn unary(name: &str) -> http::Request<Full<Bytes>> {
    let asked = request(&[
        "POST /hello.Greeter/Greet",
        A,
        "content-type: application/grpc-web+proto",
        "x-grpc-web: 1",
        "x-user-agent: grpc-web-javascript/0.1",
    ]);
    asked.map(|_| frame(&Text { text: name.to_owned() }))
}

#[tokio::test]
async fn the_preflight_passes() {
    // As Chromium sends it for grpc-web with a deadline.
    let asked = request(&[
        "OPTIONS /hello.Greeter/Greet",
        A,
        "ac-request-method: POST",
        "ac-request-headers: content-type,grpc-timeout,x-grpc-web,x-user-agent",
    ]);
    let response = ask(asked).await;
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["access-control-allow-origin"], "https://a.example");
    assert_eq!(response.headers()["access-control-allow-methods"], "POST");

    let other = request(&["OPTIONS /", "origin: https://b.example", "ac-request-method: POST"]);
    assert_eq!(ask(other).await.status(), 400);
}

#[tokio::test]
async fn a_unary_call_answers() {
    let response = ask(unary("Ada")).await;
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["access-control-allow-origin"], "https://a.example");
    let body = response.into_body().collect().await.unwrap().to_bytes();
    let frames = frames(&body);
    let [(0, message), (128, trailers)] = frames[..] else { panic!("{frames:?}") };
    assert_eq!(Text::decode(message).unwrap().text, "Hello Ada");
    assert!(trailers.starts_with(b"grpc-status:0"), "{}", trailers.escape_ascii());
}

/// P12 (docs/known-bugs.md): without exposed headers a page sees an error of which it can read
/// nothing.
#[tokio::test]
async fn the_status_of_an_error_can_be_read() {
    let response = ask(unary("")).await;
    assert_eq!(response.headers()["access-control-allow-origin"], "https://a.example");
    assert_eq!(
        readable(response.headers()),
        ["content-type", "grpc-message", "grpc-status", "grpc-status-details-bin"]
    );
    assert_eq!(response.headers()["grpc-status"], "3");
}

/// Trailers of plain gRPC over HTTP/2 pass the layer, too.
#[tokio::test]
async fn plain_grpc_keeps_its_trailers() {
    let cors = CorsLayer::new().allow_origins(["https://a.example"]).preset(Preset::GrpcWeb);
    let mut asked = unary("Ada");
    asked.headers_mut().insert("content-type", "application/grpc".parse().unwrap());
    let response = cors.layer(Greeter).oneshot(asked.map(Body::new)).await.unwrap();
    let collected = response.into_body().collect().await.unwrap();
    assert_eq!(collected.trailers().unwrap()["grpc-status"], "0");
}
