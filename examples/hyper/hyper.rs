//! The layer without a framework: around a plain function, served by hyper over HTTP/1 and HTTP/2.
//!
//! `cargo run --example hyper` prints curl lines, one of them in HTTP/2 with prior knowledge. The
//! port is the first argument, or else `PORT`, or else 8001.

use std::{convert::Infallible, env, error::Error, time::Duration};

use http::{Request, Response};
use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::conn::auto,
    service::TowerToHyperService,
};
use tokio::{net::TcpListener, time};
use tower::{ServiceBuilder, service_fn};
use tower_cors::CorsLayer;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let service = ServiceBuilder::new()
        .layer(
            CorsLayer::new()
                .allow_origins(["https://app.example.com", "http://localhost:*"])
                .allow_methods(["GET", "PUT"])
                .allow_headers(["x-token"]),
        )
        .service(service_fn(hello));

    let listener = listen().await?;
    println!("{}", try_it(&format!("http://{}", listener.local_addr()?)));
    loop {
        let stream = match listener.accept().await {
            Ok((stream, _)) => TokioIo::new(stream),
            Err(error) => {
                eprintln!("accept: {error}");
                // Probably out of file descriptors. Some connections will close soon.
                time::sleep(Duration::from_secs(1)).await;
                continue;
            }
        };
        let service = TowerToHyperService::new(service.clone());
        tokio::spawn(async move {
            let server = auto::Builder::new(TokioExecutor::new());
            // A client may hang up or not send HTTP. That ends only its own connection.
            if let Err(error) = server.serve_connection_with_upgrades(stream, service).await {
                eprintln!("connection: {error}");
            }
        });
    }
}

async fn hello(request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
    let text = format!("Hello over {:?}\n", request.version());
    Ok(Response::new(Full::from(text)))
}

async fn listen() -> Result<TcpListener, String> {
    let port = env::args().nth(1).or_else(|| env::var("PORT").ok()).unwrap_or("8001".to_owned());
    let listener = TcpListener::bind(format!("127.0.0.1:{port}")).await;
    listener.map_err(|error| format!("port {port}: {error}"))
}

fn try_it(url: &str) -> String {
    format!(
        r#"listening on {url}

# a preflight that passes: localhost is allowed on any port
curl -i -X OPTIONS {url}/ -H 'Origin: http://localhost:5173' \
    -H 'Access-Control-Request-Method: PUT' -H 'Access-Control-Request-Headers: x-token'

# one that is refused: DELETE is not listed
curl -i -X OPTIONS {url}/ -H 'Origin: http://localhost:5173' \
    -H 'Access-Control-Request-Method: DELETE'

# an actual request over HTTP/1, and one over HTTP/2
curl -i {url}/ -H 'Origin: https://app.example.com'
curl -i --http2-prior-knowledge {url}/ -H 'Origin: https://app.example.com'
"#
    )
}
