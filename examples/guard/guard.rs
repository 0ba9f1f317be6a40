//! One list of origins that protects a whole server: an API with a cookie session, a WebSocket, and
//! an MCP endpoint for tools.
//!
//! `cargo run --example guard` prints these commands. The port is the first argument, or else `PORT`, or else
//! 8011.
//!
//! ```sh
//! # the site's own page logs in, and the server handles its requests
//! curl -i -X POST http://127.0.0.1:8011/login -H 'Origin: https://app.example.com'
//! curl -i -X POST http://127.0.0.1:8011/transfer -H 'Origin: https://app.example.com' -H 'Cookie: session=7'
//!
//! # a form on another site, with the user's cookie: 403
//! curl -i -X POST http://127.0.0.1:8011/transfer -H 'Origin: https://evil.example' -H 'Cookie: session=7'
//!
//! # an image on another site has no Origin, but Sec-Fetch-Site shows where it comes from: 403
//! curl -i http://127.0.0.1:8011/account -H 'Cookie: session=7' -H 'Sec-Fetch-Site: cross-site' \
//!     -H 'Sec-Fetch-Mode: no-cors' -H 'Sec-Fetch-Dest: image'
//!
//! # a link on another site may open the page, a frame on that site may not: 200, 403
//! curl -i http://127.0.0.1:8011/account -H 'Cookie: session=7' -H 'Sec-Fetch-Site: cross-site' \
//!     -H 'Sec-Fetch-Mode: navigate' -H 'Sec-Fetch-Dest: document'
//! curl -i http://127.0.0.1:8011/account -H 'Cookie: session=7' -H 'Sec-Fetch-Site: cross-site' \
//!     -H 'Sec-Fetch-Mode: navigate' -H 'Sec-Fetch-Dest: iframe'
//!
//! # a WebSocket from another site: 403
//! curl -i http://127.0.0.1:8011/live -H 'Origin: https://evil.example' -H 'Connection: Upgrade' \
//!     -H 'Upgrade: websocket' -H 'Sec-WebSocket-Version: 13' -H 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=='
//!
//! # DNS rebinding: the attacker's name points to this machine; Origin equals Host, or there is none: 400
//! curl -i -X POST http://127.0.0.1:8011/mcp -H 'Host: evil.example' -H 'Origin: http://evil.example'
//! curl -i http://127.0.0.1:8011/account -H 'Host: evil.example'
//!
//! # the MCP endpoint answers clients that are not browsers, but no page of another site: 200, 403
//! curl -i http://127.0.0.1:8011/mcp --json '{"jsonrpc":"2.0","id":1,"method":"tools/list"}'
//! curl -i http://127.0.0.1:8011/mcp -H 'Content-Type: text/plain' -H 'Origin: https://evil.example' \
//!     -d '{"jsonrpc":"2.0","id":1,"method":"tools/list"}'
//!
//! # a preflight from another site: 400
//! curl -i -X OPTIONS http://127.0.0.1:8011/transfer -H 'Origin: https://evil.example' \
//!     -H 'Access-Control-Request-Method: POST'
//!
//! # this is not authentication: clients that are not browsers pass, but still need a session: 401
//! curl -i -X POST http://127.0.0.1:8011/transfer
//! ```

use std::{env, error::Error};

use axum::{
    Json, Router,
    body::Body,
    extract::Request,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::{any, get, post},
};
use futures_util::SinkExt;
use hyper_tungstenite::HyperWebsocket;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tower_cors::{CorsLayer, EnforceOrigin};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let guard = CorsLayer::new()
        // The origins that may read answers, send requests and open WebSockets, in one list.
        .allow_origins(["https://app.example.com"])
        .allow_methods(["GET", "POST"])
        .allow_credentials(true)
        .enforce_origin(EnforceOrigin::AllRequests)
        // A name that an attacker points to this server is not in this list.
        .allow_hosts(["api.example.com", "localhost", "127.0.0.1"]);

    let app = Router::new()
        .route("/login", post(login))
        .route("/account", get(account))
        .route("/transfer", post(transfer))
        .route("/live", any(live))
        .route("/mcp", post(mcp))
        .layer(guard);

    let listener = listen().await?;
    println!("{}", try_it(&format!("http://{}", listener.local_addr()?)));
    axum::serve(listener, app).await?;
    Ok(())
}

/// Lax is not enough: it allows links, and pages on sibling subdomains.
async fn login() -> impl IntoResponse {
    ([(header::SET_COOKIE, "session=7; Path=/; HttpOnly; SameSite=Lax")], "welcome\n")
}

async fn account(headers: HeaderMap) -> Result<&'static str, StatusCode> {
    has_session(&headers).then_some("balance: 7 coins\n").ok_or(StatusCode::UNAUTHORIZED)
}

async fn transfer(headers: HeaderMap) -> Result<&'static str, StatusCode> {
    has_session(&headers).then_some("sent 1 coin\n").ok_or(StatusCode::UNAUTHORIZED)
}

/// A real server looks it up.
fn has_session(headers: &HeaderMap) -> bool {
    headers.get(header::COOKIE).is_some_and(|cookie| cookie == "session=7")
}

async fn live(handshake: Request) -> Response {
    match hyper_tungstenite::upgrade(handshake, None) {
        Ok((response, socket)) => {
            tokio::spawn(greet(socket));
            response.map(|_| Body::empty())
        }
        Err(error) => (StatusCode::BAD_REQUEST, error.to_string()).into_response(),
    }
}

async fn greet(socket: HyperWebsocket) {
    // The client may be gone already. Then there is nothing to do.
    if let Ok(mut socket) = socket.await {
        _ = socket.send("balance: 7 coins".into()).await;
    }
}

/// Just enough of MCP for this example; a real server uses the crate rmcp. It ignores the type of
/// the body, as some servers do: without enforcement, a page of any site could call it without a
/// preflight.
async fn mcp(call: String) -> Response {
    let Ok(call) = serde_json::from_str::<Value>(&call) else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let (name, outcome) = match call["method"].as_str() {
        Some("initialize") => (
            "result",
            json!({
                "protocolVersion": "2025-06-18",
                "capabilities": { "tools": {} },
                "serverInfo": { "name": "guard", "version": "1" },
            }),
        ),
        Some("tools/list") => (
            "result",
            json!({ "tools": [{ "inputSchema": { "type": "object" }, "name": "balance" }] }),
        ),
        Some("tools/call") => {
            ("result", json!({ "content": [{ "type": "text", "text": "7 coins" }] }))
        }
        _ => ("error", json!({ "code": -32601, "message": "no such method" })),
    };
    match call.get("id") {
        Some(id) => Json(json!({ "id": id, "jsonrpc": "2.0", name: outcome })).into_response(),
        None => StatusCode::ACCEPTED.into_response(),
    }
}

async fn listen() -> Result<TcpListener, String> {
    let port = env::args().nth(1).or_else(|| env::var("PORT").ok()).unwrap_or("8011".to_owned());
    let listener = TcpListener::bind(format!("127.0.0.1:{port}")).await;
    listener.map_err(|error| format!("port {port}: {error}"))
}

/// The commands of the comment above.
fn try_it(url: &str) -> String {
    let lines = include_str!("guard.rs").lines().map_while(|line| line.strip_prefix("//!"));
    let lines =
        lines.skip_while(|line| *line != " ```sh").skip(1).take_while(|line| *line != " ```");
    let mut text = format!("listening on {url}\n\n");
    for line in lines {
        text.push_str(line.strip_prefix(' ').unwrap_or(line));
        text.push('\n');
    }
    text.replace("http://127.0.0.1:8011", url)
}
