//! hyper 1 and no framework: a service function over `Full<Bytes>`, `String` or a boxed body.

use std::{convert::Infallible, net::SocketAddr, time::Duration};

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt, Full, combinators::BoxBody};
use hyper::body::Incoming;
use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::conn::auto,
    service::TowerToHyperService,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};
use tower::{
    Layer, Service, ServiceBuilder,
    layer::util::{Identity, Stack},
    service_fn,
    util::{BoxCloneService, option_layer},
};
use tower_cors::SameBodyLayer;
use tower_cors_fits::{Call, Layered, both, ours, placement::Table, theirs, works, works_at};
use tower_http::timeout::TimeoutLayer;

const HOME_AT: Call<Full<Bytes>> = Call::home(Full::from);

async fn home<B>(_: Request<B>) -> Result<Response<Full<Bytes>>, Infallible> {
    Ok(Response::new(Full::from("home")))
}

/// Serves on a free port for as long as the test runs.
async fn serve<S>(service: S) -> SocketAddr
where
    S: Service<Request<Incoming>, Error = Infallible> + Clone + Send + 'static,
    S: Service<Request<Incoming>, Response = Response<Full<Bytes>>>,
    <S as Service<Request<Incoming>>>::Future: Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let service = TowerToHyperService::new(service.clone());
            tokio::spawn(async move {
                let server = auto::Builder::new(TokioExecutor::new()).http1_only();
                let _ = server.serve_connection(TokioIo::new(stream), service).await;
            });
        }
    });
    address
}

#[tokio::test]
async fn a_server_that_names_the_body() {
    both!(at HOME_AT, |cors| serve(cors.layer(service_fn(home))).await);
    both!(at HOME_AT, |cors| serve(option_layer(Some(cors)).layer(service_fn(home))).await);
    both!(at HOME_AT, |cors| {
        let timeout =
            TimeoutLayer::with_status_code(StatusCode::GATEWAY_TIMEOUT, Duration::from_secs(9));
        serve(ServiceBuilder::new().layer(timeout).layer(cors).service_fn(home)).await
    });
    both!(at HOME_AT, |cors| {
        let service: BoxCloneService<Request<Incoming>, Response<Full<Bytes>>, Infallible> =
            BoxCloneService::new(cors.layer(service_fn(home)));
        serve(service).await
    });
}

#[tokio::test]
async fn other_bodies() {
    const HOME: Call<String> = Call::home(String::from);
    both!(HOME, |cors| {
        let service: BoxCloneService<Request<String>, Response<String>, Infallible> =
            BoxCloneService::new(
                cors.layer(service_fn(|_| async { Ok(Response::new(String::from("home"))) })),
            );
        service
    });
    type Boxed = BoxBody<Bytes, Infallible>;
    both!(HOME, [ours().same_body_with(|text| Full::from(text).boxed())], |cors| {
        let service: BoxCloneService<Request<String>, Response<Boxed>, Infallible> =
            BoxCloneService::new(
                cors.layer(service_fn(|_| async { Ok(Response::new(Full::from("home").boxed())) })),
            );
        service
    });
}

/// The layer's type in the signature of a stack.
struct Stacked<L>(ServiceBuilder<Stack<L, Identity>>);

fn stack() -> Stacked<SameBodyLayer<Full<Bytes>>> {
    Stacked(ServiceBuilder::new().layer(ours().same_body()))
}

fn their_stack() -> Stacked<tower_http::cors::CorsLayer> {
    Stacked(ServiceBuilder::new().layer(theirs()))
}

#[tokio::test]
async fn types_in_signatures() {
    works(Layered::Theirs, &HOME_AT, their_stack().0.service_fn(home)).await;
    works(Layered::Ours, &HOME_AT, stack().0.service_fn(home)).await;
    works_at(Layered::Ours, &HOME_AT, serve(stack().0.service_fn(home)).await).await;
}

/// What a server answers to these bytes.
async fn raw(address: SocketAddr, bytes: &[u8]) -> Response<Bytes> {
    let mut stream = TcpStream::connect(address).await.expect("the server listens");
    stream.write_all(bytes).await.expect("the server reads");
    let mut text = String::new();
    stream.read_to_string(&mut text).await.expect("the server closes");
    let status = text.split(' ').nth(1).expect("a status line");
    assert!(!text.contains("access-control-"), "{text}");
    Response::builder().status(status).body(Bytes::new()).expect("a status")
}

#[tokio::test]
async fn which_answers_stay_bare() {
    let mut table = Table::of("hyper");
    let stands = "around the service";
    let address = serve(ours().same_body().layer(service_fn(home))).await;
    table.row_at(stands, "of the service", HOME_AT, address).await;
    for (answer, status, head) in [
        ("400, a head that is no HTTP", 400, "GET\r\n\r\n".to_owned()),
        ("431, too many fields", 431, format!("GET / HTTP/1.1\r\n{}\r\n", "x: y\r\n".repeat(200))),
    ] {
        let call = Call { status, answer: "", ..HOME_AT };
        let response = raw(address, head.as_bytes()).await;
        let preflight = raw(address, head.replacen("GET", "OPTIONS", 1).as_bytes()).await;
        table.seen(stands, answer, &call, &preflight, &response);
    }
    table.check();
}
