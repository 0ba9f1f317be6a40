//! The oldest versions on http 1: axum 0.7 and tonic 0.12.

use std::{
    convert::Infallible,
    future::{Ready, ready},
    task::{Context, Poll},
};

use axum_07::{Router, body::Body, routing::get};
use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt, Full};
use tonic_012::{Status, body::BoxBody, server::NamedService, service::Routes};
use tower::{Service, util::option_layer};
use tower_cors::SameBodyLayer;
use tower_cors_fits::{Call, both, ours};

#[tokio::test]
async fn axum() {
    const HOME: Call<Body> = Call::home(Body::from);
    let router = || Router::new().route("/", get(|| async { "home" }));
    both!(HOME, [ours()], |cors| router().layer(cors) as Router);
    both!(HOME, |cors| router().layer(cors) as Router);
    both!(HOME, |cors| router().layer(option_layer(Some(cors))) as Router);
}

const HELLO: Call<BoxBody> =
    Call { method: "POST", target: "/hello.Hello/Say", ..Call::home(body) };

fn body(text: &'static str) -> BoxBody {
    Full::from(text).map_err(|never: Infallible| -> Status { match never {} }).boxed_unsync()
}

#[derive(Clone)]
struct Hello;

impl NamedService for Hello {
    const NAME: &'static str = "hello.Hello";
}

impl Service<Request<BoxBody>> for Hello {
    type Response = Response<BoxBody>;
    type Error = Infallible;
    type Future = Ready<Result<Response<BoxBody>, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Request<BoxBody>) -> Self::Future {
        ready(Ok(Response::new(body("home"))))
    }
}

#[tokio::test]
async fn tonic() {
    let same = || -> SameBodyLayer<BoxBody> { ours().same_body_with(body) };
    both!(HELLO, [same()], |cors| tower::Layer::layer(&cors, Hello));
    both!(HELLO, [same()], |cors| tower::Layer::layer(
        &option_layer(Some(cors)),
        Routes::new(Hello)
    ));
    both!(HELLO, [ours()], |cors| Routes::new(Hello).into_axum_router().layer(cors));
    both!(
        Call {
            method: "POST",
            target: "/hello.Hello/Say",
            ..Call::<Full<Bytes>>::home(Full::from)
        },
        [ours()],
        |cors| Routes::new(Hello).into_axum_router().layer(cors)
    );
}
