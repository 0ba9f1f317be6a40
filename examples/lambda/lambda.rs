//! An AWS Lambda function behind any of its gateways: REST API, HTTP API, function URL, load
//! balancer.
//!
//! `cargo run --example lambda` serves the same application here, and prints three curl lines. The port is
//! the first argument, or else `PORT`, or else 8009.
//!
//! To deploy it with a function URL (ROLE is the ARN of a role that Lambda may assume; the tests do
//! not run this):
//!
//! ```text
//! rustup target add x86_64-unknown-linux-musl
//! cargo build --release -p examples-lambda --features aws --example lambda --target x86_64-unknown-linux-musl
//! cp target/x86_64-unknown-linux-musl/release/examples/lambda bootstrap && zip lambda.zip bootstrap
//! aws lambda create-function --function-name items --runtime provided.al2023 --handler bootstrap \
//!     --role ROLE --zip-file fileb://lambda.zip \
//!     --environment 'Variables={ALLOWED_ORIGINS=https://app.example.com,AWS_LAMBDA_HTTP_IGNORE_STAGE_IN_PATH=true}'
//! aws lambda create-function-url-config --function-name items --auth-type NONE
//! aws lambda add-permission --function-name items --statement-id public --principal '*' \
//!     --action lambda:InvokeFunctionUrl --function-url-auth-type NONE
//! ```
//!
//! Do not use `--cors` here, `CorsConfiguration` of an HTTP API, or "Enable CORS" of a REST API:
//! exactly one component sets CORS headers, and it is this function. A REST API sends
//! `ANY /{proxy+}` here by `AWS_PROXY`. It puts its stage before the path unless the second
//! variable is set. See docs/guide/deploy.md.

mod app;

use std::env;

use tokio::net::TcpListener;

type Error = Box<dyn std::error::Error + Send + Sync>;

#[tokio::main]
async fn main() -> Result<(), Error> {
    let origins = env::var("ALLOWED_ORIGINS").unwrap_or("https://app.example.com".to_owned());
    let app = app::router(&origins)?;
    #[cfg(feature = "aws")]
    if env::var_os("AWS_LAMBDA_RUNTIME_API").is_some() {
        return lambda_http::run(app).await;
    }
    let listener = listen().await?;
    println!("{}", try_it(&format!("http://{}", listener.local_addr()?)));
    axum::serve(listener, app).await?;
    Ok(())
}

async fn listen() -> Result<TcpListener, String> {
    let port = env::args().nth(1).or_else(|| env::var("PORT").ok()).unwrap_or("8009".to_owned());
    let listener = TcpListener::bind(format!("127.0.0.1:{port}")).await;
    listener.map_err(|error| format!("port {port}: {error}"))
}

fn try_it(url: &str) -> String {
    format!(
        r#"listening on {url}

# a preflight that passes
curl -i -X OPTIONS {url}/items -H 'Origin: https://app.example.com' \
    -H 'Access-Control-Request-Method: PUT' -H 'Access-Control-Request-Headers: content-type'

# one that is refused: this origin is not listed
curl -i -X OPTIONS {url}/items -H 'Origin: https://example.com' \
    -H 'Access-Control-Request-Method: PUT'

# an actual request, as a page's fetch() sends it
curl -i {url}/items -H 'Origin: https://app.example.com'
"#
    )
}
