//! One server with many policies, by path and by tenant. All are built at start-up.
//!
//! `cargo run --example tenants` prints curl lines that show who may read what: every page may read
//! the public prices, a tenant's site its own account, and no page the health check. The port is
//! the first argument, or else `PORT`, or else 8003.

use std::{collections::HashMap, env, error::Error};

use axum::{Router, routing::get};
use http::{HeaderName, header, request::Parts};
use tokio::net::TcpListener;
use tower_cors::{Any, ConfigError, CorsLayer, CorsPolicy, PerRequestLayer};

/// A real server would read them from its database.
const TENANTS: [(&str, &[&str]); 2] = [
    ("blue", &["https://blue.example", "https://*.blue.example"]),
    ("green", &["https://green.example"]),
];

const TENANT: HeaderName = HeaderName::from_static("x-tenant");

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let policies = Policies::build()?;
    let cors = PerRequestLayer::new(move |head| policies.pick(head))
        // Caches must not give one tenant's answer to another. The host is part of the URL, so
        // caches keep hosts apart. This header must be listed in Vary.
        .vary([TENANT]);

    let app = Router::new()
        .route("/health", get("healthy\n"))
        .route("/public/prices", get("1 apple: 1 coin\n"))
        .route("/account", get("balance: 7 coins\n").put("changed\n"))
        .layer(cors);

    let listener = listen().await?;
    println!("{}", try_it(listener.local_addr()?.port()));
    axum::serve(listener, app).await?;
    Ok(())
}

struct Policies {
    public: CorsPolicy,
    tenants: HashMap<&'static str, CorsPolicy>,
    nobody: CorsPolicy,
}

impl Policies {
    fn build() -> Result<Self, ConfigError> {
        let tenant = |(name, origins): (_, &[&str])| {
            let policy = CorsLayer::new()
                .allow_origins(origins)
                .allow_methods(["GET", "PUT"])
                .allow_credentials(true)
                .build()?;
            Ok((name, policy))
        };
        Ok(Self {
            public: CorsLayer::new().allow_origins(Any).build()?,
            tenants: TENANTS.into_iter().map(tenant).collect::<Result<_, _>>()?,
            nobody: CorsLayer::new().build()?,
        })
    }

    /// Cloning a policy costs one reference count, so picking one is only a look-up.
    fn pick(&self, head: &Parts) -> Option<CorsPolicy> {
        let policy = match head.uri.path() {
            // For the load balancer: the layer neither answers nor adds headers.
            "/health" => return None,
            path if path.starts_with("/public/") => &self.public,
            _ => tenant(head).and_then(|name| self.tenants.get(name)).unwrap_or(&self.nobody),
        };
        Some(policy.clone())
    }
}

/// The tenant from the gateway's header, or else the first label of the host.
///
/// The gateway must set `x-tenant` on preflights too. A page cannot do that: its headers are only
/// on the actual request. So a tenant that only a script sets is unknown when the preflight
/// arrives.
fn tenant(head: &Parts) -> Option<&str> {
    if let Some(name) = head.headers.get(TENANT) {
        return name.to_str().ok();
    }
    // HTTP/2 has the host in the URI.
    let host = head.headers.get(header::HOST).and_then(|host| host.to_str().ok());
    head.uri.host().or(host)?.split('.').next()
}

async fn listen() -> Result<TcpListener, String> {
    let port = env::args().nth(1).or_else(|| env::var("PORT").ok()).unwrap_or("8003".to_owned());
    let listener = TcpListener::bind(format!("127.0.0.1:{port}")).await;
    listener.map_err(|error| format!("port {port}: {error}"))
}

fn try_it(port: u16) -> String {
    format!(
        r#"listening on http://127.0.0.1:{port}

# a preflight that passes: a site of the tenant blue, on blue's host
curl -i -X OPTIONS http://blue.localhost:{port}/account -H 'Origin: https://shop.blue.example' \
    -H 'Access-Control-Request-Method: PUT'

# one that is refused: the same site on green's host
curl -i -X OPTIONS http://green.localhost:{port}/account -H 'Origin: https://shop.blue.example' \
    -H 'Access-Control-Request-Method: PUT'

# an actual request through a gateway that names the tenant
curl -i http://127.0.0.1:{port}/account -H 'X-Tenant: green' -H 'Origin: https://green.example'

# what is public, and what is left alone
curl -i http://127.0.0.1:{port}/public/prices -H 'Origin: https://example.com'
curl -i http://127.0.0.1:{port}/health -H 'Origin: https://example.com'
"#
    )
}
