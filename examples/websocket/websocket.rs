//! A WebSocket that only pages of allowed origins can open.
//!
//! CORS does not cover WebSockets: any page can open one with the user's cookies. With
//! `enforce_origin` the layer refuses the handshake. `cargo run --example websocket` prints a
//! handshake that is allowed, one that is refused and one that does not come from a browser. The
//! port is the first argument, or else `PORT`, or else 8008.

use std::{env, error::Error};

use axum::{
    Router,
    body::Body,
    extract::Request,
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::any,
};
use futures_util::SinkExt;
use hyper_tungstenite::HyperWebsocket;
use tokio::net::TcpListener;
use tower_cors::{CorsLayer, EnforceOrigin};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let cors = CorsLayer::new()
        .allow_origins(["https://app.example.com"])
        .enforce_origin(EnforceOrigin::WebSockets);
    let app = Router::new().route("/", any(upgrade)).layer(cors);

    let listener = listen().await?;
    println!("{}", try_it(&format!("http://{}", listener.local_addr()?)));
    axum::serve(listener, app).await?;
    Ok(())
}

/// You can also use axum's `WebSocketUpgrade`. It needs a feature that the other examples would
/// have to build too.
async fn upgrade(handshake: Request) -> Response {
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
        _ = socket.send("Hello World".into()).await;
    }
}

async fn listen() -> Result<TcpListener, String> {
    let port = env::args().nth(1).or_else(|| env::var("PORT").ok()).unwrap_or("8008".to_owned());
    let listener = TcpListener::bind(format!("127.0.0.1:{port}")).await;
    listener.map_err(|error| format!("port {port}: {error}"))
}

fn try_it(url: &str) -> String {
    let handshake = "-H 'Connection: Upgrade' -H 'Upgrade: websocket' \\
    -H 'Sec-WebSocket-Version: 13' -H 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=='";
    format!(
        r#"listening on {url}

# a handshake that passes: 101, then a frame with a greeting
curl -i --output - {url}/ -H 'Origin: https://app.example.com' \
    {handshake}

# one that is refused: a page of another site
curl -i {url}/ -H 'Origin: https://example.com' \
    {handshake}

# one without Origin passes: no page sent it, so no visitor's cookies are in play
curl -i --output - {url}/ \
    {handshake}
"#
    )
}
