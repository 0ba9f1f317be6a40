//! FastAPI's CORS tutorial on axum: the same settings give the same answers.
//!
//! `cargo run --example axum` prints three curl lines: a preflight that is allowed, one that is
//! refused with the reason, and an actual request. The port is the first argument, or else `PORT`,
//! or else 8000.

use std::{env, error::Error};

use axum::{Json, Router, routing::get};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tower_cors::{Any, CorsLayer};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let cors = CorsLayer::new()
        .allow_origins([
            "http://localhost.tiangolo.com",
            "https://localhost.tiangolo.com",
            "http://localhost",
            "http://localhost:8080",
        ])
        .allow_credentials(true)
        .allow_methods(Any)
        .allow_headers(Any);

    // In axum the last layer is the outermost: no handler and no other layer sees a preflight.
    let app = Router::new().route("/", get(root)).layer(cors);

    let listener = listen().await?;
    println!("{}", try_it(&format!("http://{}", listener.local_addr()?)));
    axum::serve(listener, app).await?;
    Ok(())
}

async fn root() -> Json<Value> {
    Json(json!({ "message": "Hello World" }))
}

async fn listen() -> Result<TcpListener, String> {
    let port = env::args().nth(1).or_else(|| env::var("PORT").ok()).unwrap_or("8000".to_owned());
    let listener = TcpListener::bind(format!("127.0.0.1:{port}")).await;
    listener.map_err(|error| format!("port {port}: {error}"))
}

fn try_it(url: &str) -> String {
    format!(
        r#"listening on {url}

# a preflight that passes: may a page of http://localhost:8080 send PUT and x-token?
curl -i -X OPTIONS {url}/ -H 'Origin: http://localhost:8080' \
    -H 'Access-Control-Request-Method: PUT' -H 'Access-Control-Request-Headers: x-token'

# one that is refused: this origin is not listed
curl -i -X OPTIONS {url}/ -H 'Origin: https://example.com' \
    -H 'Access-Control-Request-Method: PUT'

# an actual request, as a page's fetch() sends it
curl -i {url}/ -H 'Origin: http://localhost:8080'
"#
    )
}
