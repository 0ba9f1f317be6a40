//! Policies from a database. A request waits for the look-up, and the result is kept for a few
//! seconds.
//!
//! `cargo run --example lookup` makes a database of sites and their origins, and prints curl lines.
//! The terminal shows each look-up. Another request for the same site within ten seconds needs
//! none. The port is the first argument, or else `PORT`, or else 8005.

use std::{
    collections::HashMap,
    env,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use axum::{BoxError, Router, routing::get};
use http::StatusCode;
use redb::{Database, MultimapTableDefinition, backends::InMemoryBackend};
use tokio::{net::TcpListener, task, time};
use tower_cors::{AsyncPerRequestLayer, ConfigError, CorsLayer, CorsPolicy};
use tower_http::timeout::TimeoutLayer;

/// How long a policy is kept. A change in the database takes effect after this time at the latest.
const FRESH: Duration = Duration::from_secs(10);

/// How long a request waits for the database.
const PATIENCE: Duration = Duration::from_secs(1);

#[tokio::main]
async fn main() -> Result<(), BoxError> {
    let sites = Arc::new(Sites::new(database()?)?);
    let cors = AsyncPerRequestLayer::new(move |head| {
        // The future outlives this borrow of the head, so it copies what it needs.
        let site = head.uri.path().split('/').nth(1).unwrap_or_default().to_owned();
        let sites = sites.clone();
        async move { Some(sites.policy(site).await) }
    });

    let app = Router::new()
        .route("/{site}/stock", get("3 apples\n"))
        // Inside the CORS layer, so a page can read the 408. It limits only the handlers: the
        // look-up comes first and has its own limit. A timeout layer outside would limit both, but
        // no page could read its 408, because there is no policy yet.
        .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, Duration::from_secs(5)))
        .layer(cors);

    let listener = listen().await?;
    println!("{}", try_it(&format!("http://{}", listener.local_addr()?)));
    axum::serve(listener, app).await?;
    Ok(())
}

/// The origins of each site.
const ORIGINS: MultimapTableDefinition<&str, &str> = MultimapTableDefinition::new("origins");

/// A temporary database for the example.
fn database() -> Result<Database, BoxError> {
    let database = Database::builder().create_with_backend(InMemoryBackend::new())?;
    let transaction = database.begin_write()?;
    {
        let mut origins = transaction.open_multimap_table(ORIGINS)?;
        origins.insert("fruit", "https://fruit.example")?;
        origins.insert("fruit", "https://*.fruit.example")?;
        origins.insert("tools", "https://tools.example/")?;
    }
    transaction.commit()?;
    Ok(database)
}

fn origins_of(database: &Database, site: &str) -> Result<Vec<String>, BoxError> {
    let origins = database.begin_read()?.open_multimap_table(ORIGINS)?;
    origins.get(site)?.map(|origin| Ok(origin?.value().to_owned())).collect()
}

struct Sites {
    database: Arc<Database>,
    /// Only has sites from the database, so clients cannot fill it with other names.
    known: Mutex<HashMap<String, (Instant, CorsPolicy)>>,
    nobody: CorsPolicy,
}

impl Sites {
    fn new(database: Database) -> Result<Self, ConfigError> {
        let nobody = CorsLayer::new().build()?;
        Ok(Self { database: Arc::new(database), known: Mutex::default(), nobody })
    }

    /// A site's policy. If the database gives none, no origin is allowed: a failing page is better
    /// than one that reads too much.
    async fn policy(&self, site: String) -> CorsPolicy {
        let known = self.known.lock().expect(UNHARMED).get(&site).cloned();
        if let Some((_, policy)) = known.filter(|(since, _)| since.elapsed() < FRESH) {
            return policy;
        }
        match time::timeout(PATIENCE, self.look_up(site.clone())).await {
            Ok(Ok(Some(policy))) => {
                let entry = (Instant::now(), policy.clone());
                self.known.lock().expect(UNHARMED).insert(site, entry);
                return policy;
            }
            Ok(Ok(None)) => eprintln!("{site:?}: no such site"),
            Ok(Err(error)) => eprintln!("{site:?}: {error}"),
            Err(_) => eprintln!("{site:?}: the database takes too long"),
        }
        self.nobody.clone()
    }

    /// The database call blocks, so it runs on a thread for blocking calls.
    async fn look_up(&self, site: String) -> Result<Option<CorsPolicy>, BoxError> {
        println!("{site:?}: looked up");
        let database = self.database.clone();
        let origins = task::spawn_blocking(move || origins_of(&database, &site)).await??;
        if origins.is_empty() {
            return Ok(None);
        }
        Ok(Some(CorsLayer::new().allow_origins(origins).build()?))
    }
}

const UNHARMED: &str = "nothing panics while it is locked";

async fn listen() -> Result<TcpListener, String> {
    let port = env::args().nth(1).or_else(|| env::var("PORT").ok()).unwrap_or("8005".to_owned());
    let listener = TcpListener::bind(format!("127.0.0.1:{port}")).await;
    listener.map_err(|error| format!("port {port}: {error}"))
}

fn try_it(url: &str) -> String {
    format!(
        r#"listening on {url}

# a preflight that passes: it waits for the look-up
curl -i -X OPTIONS {url}/fruit/stock -H 'Origin: https://shop.fruit.example' \
    -H 'Access-Control-Request-Method: GET'

# one that is refused, without another look-up
curl -i -X OPTIONS {url}/fruit/stock -H 'Origin: https://example.com' \
    -H 'Access-Control-Request-Method: GET'

# an actual request
curl -i {url}/fruit/stock -H 'Origin: https://fruit.example'

# a site whose row is faulty: the terminal says what to write, and nobody is allowed
curl -i {url}/tools/stock -H 'Origin: https://tools.example'
"#
    )
}
