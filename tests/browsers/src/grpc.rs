//! A gRPC service behind tonic's gRPC-Web layer, written by hand so that no protoc is needed.

use std::{
    convert::Infallible,
    pin::Pin,
    task::{Context, Poll},
};

use prost::Message;
use tonic::{Request, Response, Status, body::Body, server::Grpc};
use tonic_prost::ProstCodec;
use tonic_web::{GrpcWebLayer, GrpcWebService};
use tower::{Layer, Service, service_fn};

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

pub fn greeter() -> GrpcWebService<Greeter> {
    GrpcWebLayer::new().layer(Greeter)
}

async fn greet(request: Request<Person>) -> Result<Response<Greeting>, Status> {
    let Person { name } = request.into_inner();
    if name.is_empty() {
        return Err(Status::invalid_argument("a person has a name"));
    }
    Ok(Response::new(Greeting { text: format!("Hello {name}") }))
}

#[derive(Clone)]
pub struct Greeter;

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
                _ => Status::unimplemented("no such call").into_http(),
            })
        })
    }
}
