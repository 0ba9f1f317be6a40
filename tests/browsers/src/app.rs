//! The application behind the layer: what pages ask for, and nothing of CORS.

use std::{convert::Infallible, time::Duration};

use axum::{
    Router,
    body::Bytes,
    extract::{Path, Query, WebSocketUpgrade, ws::Message},
    middleware,
    response::{Html, IntoResponse, Response},
    routing::{any, get, post},
};
use futures_util::stream;
use http::{HeaderMap, HeaderName, Method, StatusCode, header};
use tower_http::catch_panic::CatchPanicLayer;

use crate::{grpc, log::reached};

pub const PANIC: &str = "a handler panics, as the case wants it";

/// With a panic turned into a 500 inside of the layer, as the documentation asks for.
pub fn router() -> Router {
    without_catch_panic().layer(CatchPanicLayer::new())
}

pub fn without_catch_panic() -> Router {
    routes().layer(middleware::from_fn(reached))
}

fn routes() -> Router {
    pages()
        .route("/echo", any(echo))
        .route("/public/echo", any(echo))
        .route("/none/echo", any(echo))
        .route("/header/{name}", any(header_of_request))
        .route("/only-get", get(async || "only GET"))
        .route(
            "/status/{status}",
            any(async |Path(status): Path<u16>| {
                (StatusCode::from_u16(status).unwrap_or_default(), format!("status {status}"))
            }),
        )
        .route("/panic", any(panics))
        .route("/slow", any(async || tokio::time::sleep(Duration::from_secs(60)).await))
        .route("/upload", post(async |body: Bytes| format!("{} bytes", body.len())))
        .route(
            "/login",
            any(async || ([(header::SET_COOKIE, "visitor=7; Path=/; SameSite=Lax")], "welcome")),
        )
        .route("/redirect/{status}", any(redirect))
        .route("/with", any(with))
        .route("/cached", get(async || ([(header::CACHE_CONTROL, "max-age=600")], "kept")))
        .route("/etag", get(etag))
        .route("/range", get(range))
        .route("/events", get(events))
        .route("/module.js", get(async || script("export const answer = 42")))
        .route("/script.js", get(async || script("window.ran = true")))
        .route("/worker.js", get(async || script(PASSES_ON)))
        .route("/error.js", get(async || script("throw new Error('the details')")))
        .route(
            "/style.css",
            get(async || ([(header::CONTENT_TYPE, "text/css")], "p { color: red }")),
        )
        .route(
            "/square.ttf",
            get(async || {
                (
                    [(header::CONTENT_TYPE, "font/ttf")],
                    include_bytes!("../page/square.ttf").as_slice(),
                )
            }),
        )
        .route("/pixel.png", get(pixel))
        .route(
            "/cached/pixel.png",
            get(async || ([(header::CACHE_CONTROL, "max-age=600")], pixel().await)),
        )
        .route("/socket", any(async |upgrade: WebSocketUpgrade| upgrade.on_upgrade(socket)))
        .route_service("/hello.Greeter/{call}", grpc::greeter())
}

/// The page that drives a browser; it may stand anywhere.
pub fn pages() -> Router {
    Router::new()
        .route("/", get(async || Html(include_str!("../page/page.html"))))
        // In one piece: a policy may stop what a frame of no origin would load.
        .route(
            "/frame",
            get(async || Html(concat!("<script>", include_str!("../page/page.js"), "</script>"))),
        )
        .route("/page.js", get(async || script(include_str!("../page/page.js"))))
}

/// A service worker that sends whatever comes on to the server, as caching workers do.
const PASSES_ON: &str =
    "addEventListener('fetch', event => event.respondWith(fetch(event.request)))";

fn script(text: &'static str) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/javascript; charset=utf-8")], text)
}

/// Says what came, with headers that pages may or may not read.
async fn echo(method: Method, body: String) -> impl IntoResponse {
    let text = format!("{method} {body}").trim_end().to_owned();
    ([("x-request-id", "7"), ("x-other", "8"), ("etag", "\"1\"")], text)
}

async fn header_of_request(Path(name): Path<String>, headers: HeaderMap) -> String {
    let value = headers.get(name).map(|value| String::from_utf8_lossy(value.as_bytes()));
    value.unwrap_or("no such header".into()).into_owned()
}

async fn panics() -> &'static str {
    panic!("{PANIC}")
}

/// `?to=`: anywhere, as it is.
async fn redirect(
    Path(status): Path<u16>,
    Query(query): Query<std::collections::HashMap<String, String>>,
) -> impl IntoResponse {
    let to = query.get("to").cloned().unwrap_or_default();
    (StatusCode::from_u16(status).unwrap_or_default(), [(header::LOCATION, to)])
}

/// With the headers that the query names.
async fn with(Query(query): Query<Vec<(String, String)>>) -> impl IntoResponse {
    let mut headers = HeaderMap::new();
    for (name, value) in query {
        if let (Ok(name), Ok(value)) = (name.parse::<HeaderName>(), value.parse()) {
            headers.append(name, value);
        }
    }
    (headers, "with headers")
}

async fn etag(headers: HeaderMap) -> Response {
    const TAG: &str = "\"1\"";
    let fields = [(header::ETAG, TAG), (header::CACHE_CONTROL, "no-cache")];
    match headers.get(header::IF_NONE_MATCH) {
        Some(tag) if tag == TAG => (StatusCode::NOT_MODIFIED, fields).into_response(),
        _ => ([("x-first", "of 200")], fields, "tagged").into_response(),
    }
}

async fn range(headers: HeaderMap) -> Response {
    match headers.get(header::RANGE) {
        Some(range) if range == "bytes=0-3" => {
            (StatusCode::PARTIAL_CONTENT, [(header::CONTENT_RANGE, "bytes 0-3/10")], "0123")
                .into_response()
        }
        _ => "0123456789".into_response(),
    }
}

/// Two events, then the end: the page closes the source before it asks again.
async fn events() -> impl IntoResponse {
    let events =
        ["data: one\n\n", "data: two\n\n"].map(|event| Ok::<_, Infallible>(Bytes::from(event)));
    let body = axum::body::Body::from_stream(stream::iter(events));
    ([(header::CONTENT_TYPE, "text/event-stream")], body)
}

async fn pixel() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "image/png")], include_bytes!("../page/pixel.png").as_slice())
}

async fn socket(mut socket: axum::extract::ws::WebSocket) {
    while let Some(Ok(message)) = socket.recv().await {
        if let Message::Text(text) = message {
            let _ = socket.send(Message::Text(format!("heard {text}").into())).await;
        }
    }
}
