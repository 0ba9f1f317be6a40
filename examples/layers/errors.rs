//! Errors that a page can read: the layer is outside every other layer that may answer instead of
//! the handler.
//!
//! If a response has no CORS headers, the page gets a network error: it sees no status and no text.
//! `cargo run --example errors` prints curl lines for a 413, a 429, a 408, a 500 after a panic and
//! a 503 from a load shedder. A page can read all of them. The port is the first argument, or else
//! `PORT`, or else 8006.

use std::{
    env,
    error::Error,
    future::ready,
    sync::Mutex,
    time::{Duration, Instant},
};

use axum::{
    Router,
    error_handling::HandleErrorLayer,
    extract::Request,
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use http::{HeaderMap, StatusCode};
use tokio::{net::TcpListener, time};
use tower::{BoxError, ServiceBuilder, limit::GlobalConcurrencyLimitLayer};
use tower_cors::{CorsLayer, CorsPolicy};
use tower_http::{
    catch_panic::CatchPanicLayer, limit::RequestBodyLimitLayer, timeout::TimeoutLayer,
};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let policy = CorsLayer::new()
        .allow_origins(["https://app.example.com"])
        .allow_methods(["GET", "POST"])
        .build()?;

    // In axum the last layer is the outermost.
    let app = Router::new()
        .route("/upload", post(|body: String| async move { format!("{} bytes\n", body.len()) }))
        .route("/slow", get(|| time::sleep(Duration::from_secs(60))))
        .route("/panic", get(panic))
        .route("/seldom", get("seldom enough\n").layer(middleware::from_fn(seldom)))
        .layer(CatchPanicLayer::new())
        .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, Duration::from_secs(2)))
        .layer(RequestBodyLimitLayer::new(16))
        .layer(CorsLayer::from(policy.clone()))
        .layer(
            // The shedder returns an `Err`, not a response, so no inner layer could decorate it.
            ServiceBuilder::new()
                .layer(HandleErrorLayer::new(move |request: HeaderMap, error: BoxError| {
                    ready(shed(&policy, &request, error))
                }))
                .load_shed()
                .layer(GlobalConcurrencyLimitLayer::new(1)),
        );

    let listener = listen().await?;
    println!("{}", try_it(&format!("http://{}", listener.local_addr()?)));
    axum::serve(listener, app).await?;
    Ok(())
}

/// A response made outside the layer, from the headers of the request and an error.
///
/// A preflight that is shed still fails, because browsers need a 2xx there. If you can move the
/// shedder inside the layer, do that instead.
fn shed(policy: &CorsPolicy, request: &HeaderMap, error: BoxError) -> Response {
    let mut response = (StatusCode::SERVICE_UNAVAILABLE, format!("{error}\n")).into_response();
    policy.decorate(request, response.headers_mut());
    response
}

async fn panic() {
    panic!("on purpose");
}

/// Lets one request pass in ten seconds.
async fn seldom(request: Request, next: Next) -> Response {
    static NEXT: Mutex<Option<Instant>> = Mutex::new(None);
    let now = Instant::now();
    {
        let mut next = NEXT.lock().expect("nothing panics while it is locked");
        if next.is_some_and(|next| now < next) {
            return (StatusCode::TOO_MANY_REQUESTS, "once in ten seconds\n").into_response();
        }
        *next = Some(now + Duration::from_secs(10));
    }
    next.run(request).await
}

async fn listen() -> Result<TcpListener, String> {
    let port = env::args().nth(1).or_else(|| env::var("PORT").ok()).unwrap_or("8006".to_owned());
    let listener = TcpListener::bind(format!("127.0.0.1:{port}")).await;
    listener.map_err(|error| format!("port {port}: {error}"))
}

fn try_it(url: &str) -> String {
    format!(
        r#"listening on {url}

# a preflight that passes, and one that is refused
curl -i -X OPTIONS {url}/upload -H 'Origin: https://app.example.com' \
    -H 'Access-Control-Request-Method: POST' -H 'Access-Control-Request-Headers: content-type'
curl -i -X OPTIONS {url}/upload -H 'Origin: https://app.example.com' \
    -H 'Access-Control-Request-Method: DELETE'

# 413: more than the limit of 16 bytes
curl -i {url}/upload -H 'Origin: https://app.example.com' -d 'more than sixteen bytes'

# 429: the second request within ten seconds
curl -i {url}/seldom -H 'Origin: https://app.example.com'
curl -i {url}/seldom -H 'Origin: https://app.example.com'

# 500: the handler panics
curl -i {url}/panic -H 'Origin: https://app.example.com'

# 503 from the load shedder, while one request is being served; 408 for that one, after two seconds
curl -i {url}/slow -H 'Origin: https://app.example.com' &
sleep 0.5; curl -i {url}/upload -H 'Origin: https://app.example.com' -d ''; wait
"#
    )
}
