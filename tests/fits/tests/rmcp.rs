//! rmcp 3, an MCP server over streamable HTTP: a Tower service with a boxed body.

use std::{convert::Infallible, sync::Arc};

use axum::Router;
use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt, Full, combinators::BoxBody};
use rmcp::{
    ServerHandler,
    transport::streamable_http_server::{
        StreamableHttpServerConfig, StreamableHttpService, session::local::LocalSessionManager,
    },
};
use tower::{
    Layer, ServiceBuilder,
    util::{BoxCloneService, option_layer},
};
use tower_cors::SameBodyLayer;
use tower_cors_fits::{Call, Layered, both, ours, placement::Table, works};

type Body = BoxBody<Bytes, Infallible>;

const fn initialize<B>(target: &'static str, body: fn(&'static str) -> B) -> Call<B> {
    Call {
        method: "POST",
        target,
        fields: &[
            ("content-type", "application/json"),
            ("accept", "application/json, text/event-stream"),
        ],
        text: r#"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"page","version":"1"}}}"#,
        body,
        status: 200,
        answer: r#""protocolVersion":"2025-06-18""#,
    }
}

const INITIALIZE: Call<Full<Bytes>> = initialize("/", Full::from);
const AXUM: Call<axum::body::Body> = initialize("/mcp", axum::body::Body::from);

#[derive(Clone)]
struct Tools;

impl ServerHandler for Tools {}

fn config() -> StreamableHttpServerConfig {
    // One answer and no stream, so that its body ends.
    StreamableHttpServerConfig::default()
        .with_legacy_session_mode(false)
        .with_json_response(true)
        .with_allowed_hosts(["api.example.com"])
}

fn mcp(config: StreamableHttpServerConfig) -> StreamableHttpService<Tools, LocalSessionManager> {
    StreamableHttpService::new(|| Ok(Tools), Arc::new(LocalSessionManager::default()), config)
}

/// Its body is made of no text.
fn same() -> SameBodyLayer<Body> {
    ours().same_body_with(|text| Full::from(text).boxed())
}

#[tokio::test]
async fn around_the_service() {
    both!(INITIALIZE, [ours()], |cors| cors.layer(mcp(config())));
    both!(INITIALIZE, [same()], |cors| cors.layer(mcp(config())));
    both!(INITIALIZE, [same()], |cors| option_layer(Some(cors)).layer(mcp(config())));
    both!(INITIALIZE, [same()], |cors| {
        let service: BoxCloneService<Request<Full<Bytes>>, Response<Body>, Infallible> =
            BoxCloneService::new(ServiceBuilder::new().layer(cors).service(mcp(config())));
        service
    });
}

#[tokio::test]
async fn nested_in_axum() {
    both!(AXUM, |cors| Router::new().nest_service("/mcp", mcp(config())).layer(cors) as Router);
    both!(AXUM, |cors| {
        Router::new().nest_service("/mcp", mcp(config())).layer(option_layer(Some(cors))) as Router
    });
    both!(AXUM, [ours()], |cors| {
        Router::new().nest_service("/mcp", cors.layer(mcp(config()))) as Router
    });
    both!(AXUM, [same()], |cors| {
        Router::new().route_service("/mcp", cors.layer(mcp(config()))) as Router
    });
}

#[tokio::test]
async fn types_in_signatures() {
    struct Server {
        cors: SameBodyLayer<Body>,
    }
    let server = Server { cors: same() };
    works(Layered::Ours, &INITIALIZE, server.cors.layer(mcp(config()))).await;
}

#[tokio::test]
async fn which_answers_stay_bare() {
    let mut table = Table::of("rmcp");
    let around = "around `StreamableHttpService`";
    let app = || {
        let mcp = mcp(config().with_max_request_body_bytes(999));
        Router::new().nest_service("/mcp", ours().layer(mcp))
    };
    let call = |status| Call { status, answer: "", ..AXUM };
    table.row(around, "of a method", AXUM, app()).await;
    let unknown = Call { text: r#"{"jsonrpc":"2.0","id":1,"method":"other"}"#, ..call(200) };
    table.row(around, "no such method", unknown, app()).await;
    table
        .row(around, "405, `GET` without sessions", Call { method: "GET", ..call(405) }, app())
        .await;
    let accepts = Call { fields: &AXUM.fields[..1], ..call(406) };
    table.row(around, "406, no `Accept`", accepts, app()).await;
    let typed = Call { fields: &AXUM.fields[1..], ..call(415) };
    table.row(around, "415", typed, app()).await;
    let small = Router::new()
        .nest_service("/mcp", ours().layer(mcp(config().with_max_request_body_bytes(9))));
    table.row(around, "413, its own limit", call(413), small).await;
    let hosts = mcp(config().with_allowed_hosts(["other.example.com"]));
    let app_of_hosts = Router::new().nest_service("/mcp", ours().layer(hosts));
    table.row(around, "403, its allowed hosts", call(403), app_of_hosts).await;
    let origins = mcp(config().with_allowed_origins(["https://other.example.com"]));
    let app_of_origins = Router::new().nest_service("/mcp", ours().layer(origins));
    table.row(around, "403, its allowed origins", call(403), app_of_origins).await;
    table.row(around, "404 of the router outside", Call { target: "/", ..call(404) }, app()).await;
    let layered = Router::new().nest_service("/mcp", mcp(config())).layer(ours());
    let stands = "`Router::layer` after `nest_service`";
    table.row(stands, "404 of the router", Call { target: "/", ..call(404) }, layered).await;
    table.check();
}
