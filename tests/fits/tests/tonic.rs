//! tonic 0.14: its body is made of no text, so the layer takes `same_body_with`.

use std::{
    convert::Infallible,
    future::{Ready, ready},
    net::SocketAddr,
    task::{Context, Poll},
    time::Duration,
};

use bytes::Bytes;
use http::{HeaderValue, Request, Response, StatusCode, header};
use http_body_util::Full;
use tokio::net::TcpListener;
use tonic::{
    body::Body,
    server::NamedService,
    service::{InterceptorLayer, Routes},
    transport::{Server, server::TcpIncoming},
};
use tower::{
    Service, ServiceBuilder,
    layer::util::{Identity, Stack},
    util::{BoxCloneSyncServiceLayer, MapResponseLayer, option_layer},
};
use tower_cors::SameBodyLayer;
use tower_cors_fits::{Call, Layered, both, ours, placement::Table, theirs, works};
use tower_http::timeout::TimeoutLayer;

/// An empty message, as gRPC frames it.
const FRAME: &str = "\0\0\0\0\0";

const HELLO: Call<Body> = Call {
    method: "POST",
    target: "/hello.Hello/Say",
    fields: &[("content-type", "application/grpc")],
    text: FRAME,
    body,
    status: 200,
    answer: FRAME,
};

const HELLO_AT: Call<Full<Bytes>> = Call {
    method: "POST",
    target: "/hello.Hello/Say",
    fields: &[("content-type", "application/grpc")],
    text: FRAME,
    body: Full::from,
    status: 200,
    answer: FRAME,
};

/// What `same_body_with` is given.
fn body(text: &'static str) -> Body {
    Body::new(Full::from(text))
}

fn same() -> SameBodyLayer<Body> {
    ours().same_body_with(|text| Body::new(Full::from(text)))
}

/// A service as tonic's code generation writes it, but that its answer is an empty message.
#[derive(Clone)]
struct Hello;

impl NamedService for Hello {
    const NAME: &'static str = "hello.Hello";
}

impl<B> Service<Request<B>> for Hello {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Ready<Result<Response<Body>, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Request<B>) -> Self::Future {
        let mut response = Response::new(body(FRAME));
        let fields = response.headers_mut();
        fields.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/grpc"));
        ready(Ok(response))
    }
}

fn router() -> axum::Router {
    Routes::new(Hello).prepare().into_axum_router()
}

fn pass(request: tonic::Request<()>) -> Result<tonic::Request<()>, tonic::Status> {
    Ok(request)
}

fn refuse(_: tonic::Request<()>) -> Result<tonic::Request<()>, tonic::Status> {
    Err(tonic::Status::unauthenticated("no token"))
}

/// Serves on a free port, HTTP/1 too, as grpc-web needs it.
macro_rules! serve {
    ($server:expr) => {{
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let server = $server.accept_http1(true).add_service(Hello);
        tokio::spawn(server.serve_with_incoming(TcpIncoming::from(listener)));
        address
    }};
}

#[tokio::test]
async fn a_layer_of_the_server() {
    both!(at HELLO_AT, [ours()], |cors| serve!(Server::builder().layer(cors)));
    both!(at HELLO_AT, [same()], |cors| serve!(Server::builder().layer(cors)));
}

#[tokio::test]
async fn an_optional_layer() {
    both!(at HELLO_AT, [same()], |cors| serve!(Server::builder().layer(option_layer(Some(cors)))));
    let none: Option<SameBodyLayer<Body>> = None;
    let address: SocketAddr = serve!(Server::builder().layer(option_layer(none)));
    let bare = tower_cors_fits::ask_at(address, HELLO_AT.actual()).await;
    assert!(!tower_cors_fits::is_granted(&bare));
}

#[tokio::test]
async fn layers_outside() {
    fn timeout() -> TimeoutLayer {
        TimeoutLayer::with_status_code(StatusCode::GATEWAY_TIMEOUT, Duration::from_secs(9))
    }
    both!(at HELLO_AT, [ours()], |cors| {
        serve!(Server::builder().layer(ServiceBuilder::new().layer(timeout()).layer(cors)))
    });
    both!(at HELLO_AT, [same()], |cors| {
        serve!(Server::builder().layer(ServiceBuilder::new().layer(timeout()).layer(cors)))
    });
    both!(at HELLO_AT, [ours()], |cors| {
        serve!(Server::builder().layer(InterceptorLayer::new(pass)).layer(cors))
    });
    both!(at HELLO_AT, [same()], |cors| {
        serve!(Server::builder().layer(InterceptorLayer::new(pass)).layer(cors))
    });
    both!(at HELLO_AT, [same()], |cors| {
        let names = MapResponseLayer::new(|response: Response<Body>| response);
        serve!(Server::builder().layer(names).layer(cors))
    });
}

#[tokio::test]
async fn a_boxed_layer() {
    both!(at HELLO_AT, [same()], |cors| {
        let layer: BoxCloneSyncServiceLayer<Routes, Request<Body>, Response<Body>, Infallible> =
            BoxCloneSyncServiceLayer::new(
                ServiceBuilder::new()
                    .layer(cors)
                    .map_err(|never| match never {}),
            );
        serve!(Server::builder().layer(layer))
    });
}

/// The layer's type in a server's signature.
fn server() -> Server<Stack<SameBodyLayer<Body>, Identity>> {
    Server::builder().layer(same())
}

fn their_server() -> Server<Stack<tower_http::cors::CorsLayer, Identity>> {
    Server::builder().layer(theirs())
}

#[tokio::test]
async fn types_in_signatures() {
    tower_cors_fits::works_at(Layered::Theirs, &HELLO_AT, serve!(their_server())).await;
    tower_cors_fits::works_at(Layered::Ours, &HELLO_AT, serve!(server())).await;
}

#[tokio::test]
async fn routes_as_an_axum_router() {
    // There the body is axum's, which is made of a text.
    const HELLO: Call<axum::body::Body> = Call {
        method: "POST",
        target: "/hello.Hello/Say",
        fields: &[("content-type", "application/grpc")],
        text: FRAME,
        body: axum::body::Body::from,
        status: 200,
        answer: FRAME,
    };
    both!(HELLO, |cors| router().layer(cors));
    both!(HELLO, |cors| router().layer(option_layer(Some(cors))));
}

#[tokio::test]
async fn around_one_service() {
    both!(HELLO, [same()], |cors| tower::Layer::layer(&cors, Hello));
    works(Layered::Ours, &HELLO, tower::Layer::layer(&same(), Routes::new(Hello))).await;
}

#[tokio::test]
async fn which_answers_stay_bare() {
    let mut table = Table::of("tonic");
    let stands = "`Server::layer`";
    let call = Call { answer: "", ..HELLO_AT };
    let unknown = Call { target: "/hello.Other/Say", ..call };
    let at = serve!(Server::builder().layer(ours()));
    table.row_at(stands, "of the service", HELLO_AT, at).await;
    table.row_at(stands, "unimplemented, no such service", unknown, at).await;
    let at = serve!(Server::builder().layer(ours()).layer(InterceptorLayer::new(refuse)));
    table.row_at(stands, "unauthenticated, `InterceptorLayer` within", call, at).await;
    let at = serve!(Server::builder().layer(InterceptorLayer::new(refuse)).layer(ours()));
    table.row_at(stands, "unauthenticated, `InterceptorLayer` outside", call, at).await;
    let at =
        serve!(Server::builder().timeout(Duration::from_millis(20)).layer(ours()).layer(slow()));
    table.row_at(stands, "cancelled, `Server::timeout`", call, at).await;
    const ASKED: Call<Full<Bytes>> = Call {
        fields: &[("content-type", "application/grpc"), ("grpc-timeout", "20m")],
        answer: "",
        ..HELLO_AT
    };
    let at = serve!(Server::builder().layer(ours()).layer(slow()));
    table.row_at(stands, "cancelled, `grpc-timeout` of the request", ASKED, at).await;
    let shed = Server::builder().load_shed(true).concurrency_limit_per_connection(0);
    let at = serve!(shed.layer(ours()));
    table.row_at(stands, "resource exhausted, `Server::load_shed`", call, at).await;

    let stands = "`Routes::into_axum_router().layer`";
    let axum = |target| Call {
        method: "POST",
        target,
        fields: HELLO.fields,
        text: FRAME,
        body: axum::body::Body::from,
        status: 200,
        answer: "",
    };
    let app = router().layer(ours());
    table.row(stands, "unimplemented, no such service", axum("/hello.Other/Say"), app).await;

    let stands = "around one service";
    let app = Routes::new(Around(tower::Layer::layer(&ours(), Hello))).prepare();
    let app = app.into_axum_router();
    table.row(stands, "of the service", axum(HELLO.target), app.clone()).await;
    table.row(stands, "unimplemented, no such service", axum("/hello.Other/Say"), app).await;
    table.check();
}

/// Gives actual requests more time than the server has.
fn slow() -> impl tower::Layer<Routes, Service = Slow> + Clone {
    tower::layer::layer_fn(Slow)
}

#[derive(Clone)]
struct Slow(Routes);

impl Service<Request<Body>> for Slow {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = std::future::Pending<Result<Response<Body>, Infallible>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Service::<Request<Body>>::poll_ready(&mut self.0, context)
            .map_err(|error| panic!("{error}"))
    }

    fn call(&mut self, _: Request<Body>) -> Self::Future {
        std::future::pending()
    }
}

/// A layered service keeps its name only if a newtype says it.
#[derive(Clone)]
struct Around<S>(S);

impl<S> NamedService for Around<S> {
    const NAME: &'static str = Hello::NAME;
}

impl<S: Service<Request<Body>>> Service<Request<Body>> for Around<S> {
    type Response = S::Response;
    type Error = S::Error;
    type Future = S::Future;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.0.poll_ready(context)
    }

    fn call(&mut self, request: Request<Body>) -> S::Future {
        self.0.call(request)
    }
}
