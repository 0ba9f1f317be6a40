//! WebSocket handshakes: `Origin`, cookies, no CORS check.
#![cfg(feature = "connection")]

mod common;

use axum::{
    Router,
    extract::ws::{Message, WebSocket, WebSocketUpgrade},
    response::IntoResponse,
    routing::any,
};
use common::APP;
use futures_util::{SinkExt, StreamExt};
use http::{HeaderMap, StatusCode};
use tokio_tungstenite::{WebSocketStream, tungstenite::protocol::Role};
use tower_browser::{Credentials, Engine, Fetch, Page, Reason, Socket, Verdict};

const LIVE: &str = "wss://api.example.com/live";

async fn echo(mut socket: WebSocket) {
    while let Some(Ok(message)) = socket.recv().await {
        if let Message::Text(text) = message {
            let _ = socket.send(Message::Text(format!("heard {text}").into())).await;
        }
    }
}

fn app() -> Router {
    Router::new()
        .route("/live", any(async |upgrade: WebSocketUpgrade| upgrade.on_upgrade(echo)))
        .route(
            "/chosen",
            any(async |upgrade: WebSocketUpgrade| upgrade.protocols(["b", "c"]).on_upgrade(echo)),
        )
        .route(
            "/guarded",
            any(async |headers: HeaderMap, upgrade: WebSocketUpgrade| {
                if headers["origin"] == APP {
                    upgrade.on_upgrade(echo)
                } else {
                    (StatusCode::FORBIDDEN, "Disallowed CORS origin").into_response()
                }
            }),
        )
        .route("/login", any(async || [("set-cookie", "visitor=7; SameSite=Lax")]))
        .route("/switch", any(async || StatusCode::SWITCHING_PROTOCOLS))
        // It answers a key that nobody sent.
        .route(
            "/canned",
            any(async || {
                let headers = [
                    ("upgrade", "websocket"),
                    ("connection", "upgrade"),
                    ("sec-websocket-accept", "HSmrc0sMlYUkAGmm5OPpG2HaGWk="),
                ];
                (StatusCode::SWITCHING_PROTOCOLS, headers)
            }),
        )
}

async fn says(socket: Socket) -> String {
    let mut stream = WebSocketStream::from_raw_socket(socket, Role::Client, None).await;
    stream.send("hello".into()).await.unwrap();
    stream.next().await.unwrap().unwrap().to_text().unwrap().to_owned()
}

#[tokio::test]
async fn any_page_can_open_a_socket() {
    for origin in [APP, "https://elsewhere.example", "null"] {
        let mut page = if origin == "null" { Page::sandboxed() } else { Page::new(origin) };
        let socket = page.web_socket(&mut app(), LIVE).await.unwrap();
        assert_eq!(socket.protocol(), None);
        assert_eq!(says(socket).await, "heard hello");
        let [handshake] = page.exchanges() else { panic!("{}", page.log()) };
        assert_eq!(handshake.request_headers()["origin"], origin);
        assert_eq!(handshake.request_headers()["host"], "api.example.com");
        assert_eq!(handshake.verdict(), Verdict::Passed);
        assert_eq!(handshake.url(), LIVE);
    }
}

#[tokio::test]
async fn cookies_go_along_by_site() {
    for (origin, expected) in [(APP, Some("visitor=7")), ("https://elsewhere.example", None)] {
        let mut page = Page::new(APP);
        let login = Fetch::navigate("https://api.example.com/login");
        page.fetch(&mut app(), login.credentials(Credentials::Include)).await.unwrap();
        page.visit(origin);
        page.web_socket(&mut app(), LIVE).await.unwrap();
        assert_eq!(common::last_sent(&page, "cookie").as_deref(), expected, "{origin}");
    }
}

#[tokio::test]
async fn fetch_metadata_by_engine() {
    let rows = [
        (Engine::Standard, Some("websocket"), Some("same-site")),
        (Engine::Chromium, None, None),
        (Engine::Firefox, Some("websocket"), Some("same-site")),
        (Engine::WebKit, Some("websocket"), Some("same-site")),
    ];
    for (engine, mode, site) in rows {
        let mut page = Page::new(APP).engine(engine);
        page.web_socket(&mut app(), LIVE).await.unwrap();
        assert_eq!(common::last_sent(&page, "sec-fetch-mode").as_deref(), mode, "{engine}");
        assert_eq!(common::last_sent(&page, "sec-fetch-site").as_deref(), site, "{engine}");
    }
}

#[tokio::test]
async fn protocols() {
    let chosen = "wss://api.example.com/chosen";
    let mut page = Page::new(APP);
    let socket = page.web_socket_with(&mut app(), chosen, &["a", "b"]).await.unwrap();
    assert_eq!(socket.protocol(), Some("b"));
    for (url, protocols, reason) in [
        (chosen, &["a"][..], Reason::HandshakeHeaders),
        (LIVE, &["a"][..], Reason::HandshakeHeaders),
        (LIVE, &["a", "a"][..], Reason::InvalidHeader),
        (LIVE, &["a b"][..], Reason::InvalidHeader),
    ] {
        let blocked = page.web_socket_with(&mut app(), url, protocols).await.unwrap_err();
        assert_eq!(blocked.reason(), reason, "{protocols:?}");
    }
}

#[tokio::test]
async fn handshakes_that_fail() {
    let rows = [
        ("https://elsewhere.example", "wss://api.example.com/guarded", Reason::HandshakeStatus),
        (APP, "wss://api.example.com/nowhere", Reason::HandshakeStatus),
        (APP, "wss://api.example.com/switch", Reason::HandshakeHeaders),
        (APP, "wss://api.example.com/canned", Reason::HandshakeHeaders),
        (APP, "wss://", Reason::MalformedUrl),
        (APP, "ftp://api.example.com/live", Reason::UnsupportedScheme),
        (APP, "ws://api.example.com:22/", Reason::BadPort),
        ("https://a/", LIVE, Reason::MalformedOrigin),
    ];
    for (origin, url, reason) in rows {
        let blocked = Page::new(origin).web_socket(&mut app(), url).await.unwrap_err();
        assert_eq!(blocked.reason(), reason, "{url}: {blocked}");
    }
    let mut page = Page::new("https://elsewhere.example");
    let blocked = page.web_socket(&mut app(), "wss://api.example.com/guarded").await.unwrap_err();
    assert_eq!(
        blocked.to_string(),
        "blocked: WebSocket wss://api.example.com/guarded of a page of https://elsewhere.example
failed at: the response, GET wss://api.example.com/guarded, answered 403 Forbidden
check: the handshake's status is not 101: 403
the response says: Disallowed CORS origin
Chromium prints: WebSocket connection to 'wss://api.example.com/guarded' failed: Error during WebSocket handshake: Unexpected response code: 403
Firefox prints: Firefox can’t establish a connection to the server at wss://api.example.com/guarded.
WebKit prints: WebSocket connection to 'wss://api.example.com/guarded' failed: The server did not accept the WebSocket handshake.
likely cause: the server refuses the handshake, maybe because of its Origin; CORS headers do not matter for WebSockets
to change: allow the origin where the server checks it: \"https://elsewhere.example\""
    );
}

#[tokio::test]
async fn a_failing_service() {
    let mut app = tower::service_fn(|_: http::Request<tower_browser::Body>| async {
        Err::<http::Response<tower_browser::Body>, _>("nobody is there")
    });
    let blocked = Page::new(APP).web_socket(&mut app, LIVE).await.unwrap_err();
    assert_eq!(blocked.reason(), Reason::ServiceError);
    assert!(blocked.to_string().contains("nobody is there"));
}

/// Nothing panics without a runtime.
#[test]
fn without_a_runtime() {
    let mut page = Page::new(APP);
    let mut app = app();
    let mut open = std::pin::pin!(page.web_socket(&mut app, LIVE));
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    let std::task::Poll::Ready(Err(blocked)) = open.as_mut().poll(&mut context) else {
        panic!("there is nothing to wait for")
    };
    assert_eq!(blocked.reason(), Reason::ServiceError);
}
