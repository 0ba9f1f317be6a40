//! jsonrpsee 0.26: HTTP middleware of its server, whose own layers ask for its own body.

use std::net::SocketAddr;

use bytes::Bytes;
use http_body_util::Full;
use jsonrpsee::{
    RpcModule,
    core::BoxError,
    server::{
        HttpBody, HttpRequest, HttpResponse, Server, ServerConfig, ServerHandle,
        TowerServiceNoHttp,
        middleware::http::{HostFilterLayer, ProxyGetRequestLayer},
        stop_channel,
    },
};
use tower::{
    Layer, Service, ServiceBuilder,
    layer::util::{Identity, Stack},
    util::{BoxCloneSyncServiceLayer, option_layer},
};
use tower_cors::SameBodyLayer;
use tower_cors_fits::{
    Call, Layered, ask_at, both, is_granted, ours, placement::Table, theirs, works_at,
};

const HELLO: Call<Full<Bytes>> = Call {
    method: "POST",
    target: "/",
    fields: &[("content-type", "application/json")],
    text: r#"{"jsonrpc":"2.0","id":1,"method":"say_hello"}"#,
    body: Full::from,
    status: 200,
    answer: r#""result":"hello""#,
};

fn methods() -> RpcModule<()> {
    let mut module = RpcModule::new(());
    module.register_method("say_hello", |_, (), _| "hello").expect("a new name");
    module
}

/// Serves on a free port for as long as the test runs.
macro_rules! serve {
    ($middleware:expr) => {
        serve!(ServerConfig::default(), $middleware)
    };
    ($config:expr, $middleware:expr) => {{
        let server = Server::builder().set_config($config).set_http_middleware($middleware);
        let server = server.build("127.0.0.1:0").await.expect("a free port");
        let address = server.local_addr().expect("an address");
        tokio::spawn(ServerHandle::stopped(server.start(methods())));
        address
    }};
}

fn proxy() -> ProxyGetRequestLayer {
    ProxyGetRequestLayer::new([("/health", "say_hello")]).expect("a path")
}

fn hosts() -> HostFilterLayer {
    HostFilterLayer::new(["api.example.com:*"]).expect("a host")
}

#[tokio::test]
async fn a_layer_of_the_server() {
    both!(at HELLO, [ours()], |cors| serve!(ServiceBuilder::new().layer(cors)));
    both!(at HELLO, |cors| serve!(ServiceBuilder::new().layer(cors)));
}

#[tokio::test]
async fn an_optional_layer() {
    both!(at HELLO, |cors| serve!(ServiceBuilder::new().option_layer(Some(cors))));
    both!(at HELLO, |cors| serve!(ServiceBuilder::new().layer(option_layer(Some(cors)))));
    let none: Option<SameBodyLayer<HttpBody>> = None;
    let address: SocketAddr = serve!(ServiceBuilder::new().option_layer(none));
    assert!(!is_granted(&ask_at(address, HELLO.actual()).await));
}

#[tokio::test]
async fn its_own_layers_within_and_outside() {
    both!(at HELLO, |cors| serve!(ServiceBuilder::new().layer(cors).layer(proxy())));
    both!(at HELLO, |cors| serve!(ServiceBuilder::new().layer(proxy()).layer(cors)));
    both!(at HELLO, |cors| serve!(ServiceBuilder::new().layer(hosts()).layer(cors)));
    both!(at HELLO, |cors| {
        let cors = Some(cors);
        serve!(ServiceBuilder::new().layer(hosts()).option_layer(cors).layer(proxy()))
    });
}

#[tokio::test]
async fn a_boxed_layer() {
    both!(at HELLO, |cors| {
        let layer: BoxCloneSyncServiceLayer<
            TowerServiceNoHttp<Identity>,
            HttpRequest,
            HttpResponse,
            BoxError,
        > = BoxCloneSyncServiceLayer::new(cors);
        serve!(ServiceBuilder::new().layer(layer))
    });
}

/// The layer's type in the signature of a stack.
type Middleware<L> = ServiceBuilder<Stack<L, Stack<HostFilterLayer, Identity>>>;

fn middleware() -> Middleware<SameBodyLayer<HttpBody>> {
    ServiceBuilder::new().layer(hosts()).layer(ours().same_body())
}

fn their_middleware() -> Middleware<tower_http::cors::CorsLayer> {
    ServiceBuilder::new().layer(hosts()).layer(theirs())
}

#[tokio::test]
async fn types_in_signatures() {
    works_at(Layered::Theirs, &HELLO, serve!(their_middleware())).await;
    works_at(Layered::Ours, &HELLO, serve!(middleware())).await;
}

#[tokio::test]
async fn its_tower_service() {
    const HELLO_IN: Call<HttpBody> = Call {
        method: "POST",
        target: "/",
        fields: HELLO.fields,
        text: HELLO.text,
        body: HttpBody::from,
        status: 200,
        answer: HELLO.answer,
    };
    // The middleware of the service, and a layer around the whole of it.
    let (stop, _server) = stop_channel();
    let service = || Server::builder().to_service_builder();
    let rpc = |stop| service().build(methods(), stop);
    let ours_within = service()
        .set_http_middleware(ServiceBuilder::new().layer(ours().same_body()))
        .build(methods(), stop.clone());
    tower_cors_fits::works(Layered::Ours, &HELLO_IN, ours_within).await;
    let their_within = service()
        .set_http_middleware(ServiceBuilder::new().layer(theirs()))
        .build(methods(), stop.clone());
    tower_cors_fits::works(Layered::Theirs, &HELLO_IN, their_within).await;
    tower_cors_fits::works(Layered::Ours, &HELLO_IN, Named(ours().same_body().layer(rpc(stop))))
        .await;
}

/// Hand-written middleware over the server's own response.
struct Named<S>(S);

impl<S: Service<HttpRequest, Response = HttpResponse>> Service<HttpRequest> for Named<S> {
    type Response = S::Response;
    type Error = S::Error;
    type Future = S::Future;

    fn poll_ready(
        &mut self,
        context: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Result<(), S::Error>> {
        self.0.poll_ready(context)
    }

    fn call(&mut self, request: HttpRequest) -> S::Future {
        self.0.call(request)
    }
}

#[tokio::test]
async fn which_answers_stay_bare() {
    let mut table = Table::of("jsonrpsee");
    let call = |status, answer| Call { status, answer, ..HELLO };
    let stands = "`set_http_middleware`";
    let at = serve!(ServiceBuilder::new().layer(ours().same_body()));
    table.row_at(stands, "of a method", HELLO, at).await;
    let unknown = Call {
        text: r#"{"jsonrpc":"2.0","id":1,"method":"other"}"#,
        ..call(200, "Method not found")
    };
    table.row_at(stands, "no such method", unknown, at).await;
    table.row_at(stands, "405, not POST", Call { method: "GET", ..call(405, "") }, at).await;
    let typed = Call { fields: &[("content-type", "text/html")], ..call(415, "") };
    table.row_at(stands, "415", typed, at).await;
    let small = ServerConfig::builder().max_request_body_size(9).build();
    let at = serve!(small, ServiceBuilder::new().layer(ours().same_body()));
    table.row_at(stands, "413, `max_request_body_size`", call(413, ""), at).await;
    let none = || HostFilterLayer::new(["other.example.com"]).expect("a host");
    let at = serve!(ServiceBuilder::new().layer(ours().same_body()).layer(none()));
    table.row_at(stands, "403, `HostFilterLayer` within", call(403, ""), at).await;
    let at = serve!(ServiceBuilder::new().layer(none()).layer(ours().same_body()));
    table.row_at(stands, "403, `HostFilterLayer` outside", call(403, ""), at).await;
    let health =
        Call { method: "GET", target: "/health", text: "", fields: &[], ..call(200, "hello") };
    let at = serve!(ServiceBuilder::new().layer(ours().same_body()).layer(proxy()));
    table.row_at(stands, "`ProxyGetRequestLayer` within", health, at).await;
    let at = serve!(ServiceBuilder::new().layer(proxy()).layer(ours().same_body()));
    table.row_at(stands, "`ProxyGetRequestLayer` outside", health, at).await;
    let full = ServerConfig::builder().max_connections(0).build();
    let at = serve!(full, ServiceBuilder::new().layer(ours().same_body()));
    table.row_at(stands, "429, `max_connections`", call(429, ""), at).await;
    table.check();
}
