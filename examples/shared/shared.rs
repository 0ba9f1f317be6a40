//! Policies that many processes share through Redis. A change reaches all of them immediately.
//!
//! ```text
//! apt-get install redis-server          # or any Redis from version 5 on
//! redis-cli set cors 'allow_origins = ["https://app.example.com"]'
//! cargo run --example shared            # and again with another port
//! ```
//!
//! The settings are TOML in the key `cors`. A message on the channel `cors` says that they changed.
//! Each process prints commands to try. The port is the first argument, or else `PORT`, or else 8010. The
//! store is the second argument, or else `REDIS_URL`, or else `redis://127.0.0.1`.
//!
//! If the settings are wrong or the store is down, the last policy stays: requests never wait for
//! the store. The terminal reports both, and when the store is back.

use std::{env, error::Error, process::ExitCode, time::Duration};

use axum::{Router, routing::get};
use futures_util::StreamExt;
use redis::{
    AsyncCommands, Client,
    aio::{MultiplexedConnection, PubSub},
};
use tokio::{
    net::TcpListener,
    sync::watch,
    task,
    time::{self, timeout},
};
use tower_cors::{CorsConfig, CorsLayer, CorsPolicy, PerRequestLayer};

const NAME: &str = "cors";

/// How often the store is read without a message: a message can get lost with its connection, and a
/// store may disappear from the network silently.
const LOOK: Duration = Duration::from_secs(1);

type Fault = Box<dyn Error + Send + Sync>;

#[tokio::main]
async fn main() -> Result<ExitCode, Fault> {
    let url = env::args().nth(2).or_else(|| env::var("REDIS_URL").ok());
    let client = Client::open(url.as_deref().unwrap_or("redis://127.0.0.1"))?;
    let mut store = Store::connect(&client).await?;
    let text = store.read().await?;
    let policy = match text.as_deref().map(build) {
        Some(Ok(policy)) => policy,
        Some(Err(faults)) => {
            eprintln!("{faults}");
            return Ok(ExitCode::from(2));
        }
        None => {
            eprintln!(
                "the store has no key {NAME}; the first comment of this example says how to set it"
            );
            return Ok(ExitCode::from(2));
        }
    };
    let (policies, policy) = watch::channel(policy);
    tokio::spawn(keep_following(client, store, text, policies));

    // Each request reads the policy once, and never the store.
    let cors = PerRequestLayer::new(move |_| Some(policy.borrow().clone()));
    let app = Router::new().route("/", get("Hello World\n")).layer(cors);

    let listener = listen().await?;
    println!("{}", try_it(&format!("http://{}", listener.local_addr()?)));
    axum::serve(listener, app).await?;
    Ok(ExitCode::SUCCESS)
}

/// A store to read from, and its messages.
struct Store {
    values: MultiplexedConnection,
    messages: PubSub,
}

impl Store {
    async fn connect(client: &Client) -> Result<Self, Fault> {
        let connected = async {
            // Subscribes before the first read, so no change is missed.
            let mut messages = client.get_async_pubsub().await?;
            messages.subscribe(NAME).await?;
            let values = client.get_multiplexed_async_connection().await?;
            Ok::<_, Fault>(Self { values, messages })
        };
        timeout(LOOK, connected).await?
    }

    async fn read(&mut self) -> Result<Option<String>, Fault> {
        Ok(timeout(LOOK, self.values.get(NAME)).await??)
    }
}

/// Follows the store as long as the process runs.
async fn keep_following(
    client: Client,
    mut store: Store,
    mut known: Option<String>,
    policies: watch::Sender<CorsPolicy>,
) {
    loop {
        let Err(fault) = follow(&mut store, &mut known, &policies).await;
        eprintln!("the store is lost ({fault}); the last policy stays");
        store = loop {
            time::sleep(Duration::from_millis(250)).await;
            if let Ok(store) = Store::connect(&client).await {
                break store;
            }
        };
        println!("the store is back");
    }
}

/// Applies the settings of the store, until the connection is lost.
async fn follow(
    store: &mut Store,
    known: &mut Option<String>,
    policies: &watch::Sender<CorsPolicy>,
) -> Result<std::convert::Infallible, Fault> {
    let mut retired = None;
    loop {
        let text = store.read().await?;
        if text != *known {
            // With 100,000 origins this takes some time. Other tasks run on other threads.
            match task::block_in_place(|| text.as_deref().map(build)) {
                Some(Ok(policy)) => {
                    // The old policy is kept until the next one, so no request has to free it.
                    drop(retired.replace(policies.send_replace(policy)));
                    println!("reloaded");
                }
                Some(Err(faults)) => eprintln!("{faults}\nthe last policy stays"),
                None => eprintln!("the key {NAME} is gone; the last policy stays"),
            }
            *known = text;
        }
        // After a timeout the store is read without a message.
        if let Ok(None) = timeout(LOOK, store.messages.on_message().next()).await {
            return Err("its connection ended".into());
        }
    }
}

/// A policy, or every mistake with its key.
fn build(text: &str) -> Result<CorsPolicy, String> {
    let config: CorsConfig = toml::from_str(text).map_err(|error| error.to_string())?;
    CorsLayer::from(config).build().map_err(|error| error.to_string())
}

async fn listen() -> Result<TcpListener, String> {
    let port = env::args().nth(1).or_else(|| env::var("PORT").ok()).unwrap_or("8010".to_owned());
    let listener = TcpListener::bind(format!("127.0.0.1:{port}")).await;
    listener.map_err(|error| format!("port {port}: {error}"))
}

fn try_it(url: &str) -> String {
    format!(
        r#"listening on {url}

# a request of an origin that the store may allow
curl -i {url}/ -H 'Origin: https://new.example.com'

# allow it, in every process that listens
redis-cli set {NAME} 'allow_origins = ["https://new.example.com"]'
redis-cli publish {NAME} changed
"#
    )
}
