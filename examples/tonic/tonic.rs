//! A gRPC service that pages of other origins can call: the CORS layer is outside gRPC-Web.
//!
//! `cargo run --example tonic` prints curl lines that do what a gRPC-Web client in a browser does:
//! a preflight, a successful call, and a failed call with a status that the page can read. The port
//! is the first argument, or else `PORT`, or else 8002.
//!
//! Messages and service are written by hand, so protoc is not needed. `tonic-prost-build` would
//! generate the same from this:
//!
//! ```proto
//! package hello;
//! service Greeter { rpc Greet (Person) returns (Greeting); }
//! message Person { string name = 1; }
//! message Greeting { string text = 1; }
//! ```

use std::{
    convert::Infallible,
    env,
    error::Error,
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};

use prost::Message;
use tokio::net::TcpListener;
use tonic::{
    Code, Request, Response, Status,
    body::Body,
    server::{Grpc, NamedService},
    transport::{Server, server::TcpIncoming},
};
use tonic_prost::ProstCodec;
use tonic_web::GrpcWebLayer;
use tower::{Service, service_fn};
use tower_cors::{CorsLayer, Preset};

#[derive(Clone, PartialEq, Message)]
struct Person {
    #[prost(string, tag = "1")]
    name: String,
}

#[derive(Clone, PartialEq, Message)]
struct Greeting {
    #[prost(string, tag = "1")]
    text: String,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    // The preset allows the headers that gRPC-Web clients send, and exposes the headers of a failed
    // call: grpc-status, grpc-message, grpc-status-details-bin.
    let cors = CorsLayer::new().allow_origins(["http://localhost:8080"]).preset(Preset::GrpcWeb);

    let listener = listen().await?;
    println!("{}", try_it(&format!("http://{}", listener.local_addr()?)));
    Server::builder()
        // Browsers use HTTP/2 only over TLS.
        .accept_http1(true)
        // In tonic the first layer is the outermost. gRPC-Web would answer a preflight with 400.
        .layer(cors)
        .layer(GrpcWebLayer::new())
        .add_service(Greeter)
        .serve_with_incoming(TcpIncoming::from(listener))
        .await?;
    Ok(())
}

async fn greet(request: Request<Person>) -> Result<Response<Greeting>, Status> {
    let Person { name } = request.into_inner();
    if name.is_empty() {
        let message = "a person has a name";
        return Err(Status::with_details(
            Code::InvalidArgument,
            message,
            details(Code::InvalidArgument, message, "NAME_MISSING"),
        ));
    }
    Ok(Response::new(Greeting { text: format!("Hello {name}") }))
}

#[derive(Clone)]
struct Greeter;

impl NamedService for Greeter {
    const NAME: &'static str = "hello.Greeter";
}

impl Service<http::Request<Body>> for Greeter {
    type Response = http::Response<Body>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<Body>) -> Self::Future {
        Box::pin(async move {
            Ok(match request.uri().path() {
                "/hello.Greeter/Greet" => {
                    Grpc::new(ProstCodec::default()).unary(service_fn(greet), request).await
                }
                _ => Status::unimplemented("").into_http(),
            })
        })
    }
}

/// gRPC's richer error model: a `google.rpc.Status` that holds a `google.rpc.ErrorInfo`.
fn details(code: Code, message: &str, reason: &str) -> prost::bytes::Bytes {
    let info = ErrorInfo { reason: reason.to_owned(), domain: "hello.example".to_owned() };
    let any = Any {
        type_url: "type.googleapis.com/google.rpc.ErrorInfo".to_owned(),
        value: info.encode_to_vec(),
    };
    let status = RpcStatus { code: code.into(), message: message.to_owned(), details: vec![any] };
    status.encode_to_vec().into()
}

#[derive(Clone, PartialEq, Message)]
struct RpcStatus {
    #[prost(int32, tag = "1")]
    code: i32,
    #[prost(string, tag = "2")]
    message: String,
    #[prost(message, repeated, tag = "3")]
    details: Vec<Any>,
}

#[derive(Clone, PartialEq, Message)]
struct Any {
    #[prost(string, tag = "1")]
    type_url: String,
    #[prost(bytes = "vec", tag = "2")]
    value: Vec<u8>,
}

#[derive(Clone, PartialEq, Message)]
struct ErrorInfo {
    #[prost(string, tag = "1")]
    reason: String,
    #[prost(string, tag = "2")]
    domain: String,
}

async fn listen() -> Result<TcpListener, String> {
    let port = env::args().nth(1).or_else(|| env::var("PORT").ok()).unwrap_or("8002".to_owned());
    let listener = TcpListener::bind(format!("127.0.0.1:{port}")).await;
    listener.map_err(|error| format!("port {port}: {error}"))
}

fn try_it(url: &str) -> String {
    format!(
        r#"listening on {url}

# the preflight of a gRPC-Web client: it passes
curl -i -X OPTIONS {url}/hello.Greeter/Greet -H 'Origin: http://localhost:8080' \
    -H 'Access-Control-Request-Method: POST' \
    -H 'Access-Control-Request-Headers: content-type,grpc-timeout,x-grpc-web,x-user-agent'

# one that is refused: this origin is not listed
curl -i -X OPTIONS {url}/hello.Greeter/Greet -H 'Origin: https://example.com' \
    -H 'Access-Control-Request-Method: POST'

# a call that answers; the frame is a flag, 4 bytes of length, and Person {{ name: "Ada" }}
printf '\000\000\000\000\005\012\003Ada' |
    curl -i {url}/hello.Greeter/Greet -H 'Origin: http://localhost:8080' \
    -H 'Content-Type: application/grpc-web+proto' -H 'X-Grpc-Web: 1' --data-binary @- --output -

# a call that fails: no name. The page may read all three grpc-* headers
printf '\000\000\000\000\000' |
    curl -i {url}/hello.Greeter/Greet -H 'Origin: http://localhost:8080' \
    -H 'Content-Type: application/grpc-web+proto' -H 'X-Grpc-Web: 1' --data-binary @- --output -
"#
    )
}
