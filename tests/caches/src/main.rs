//! Real caches in front of the crate: nginx and Varnish.
//!
//!     cargo run -p tower-cors-caches -- --seed 1
//!
//! Each setup is an axum server with the layer. The same 400 mixed requests go to the server, through
//! nginx and through Varnish. A cache may answer from its memory, but never with another status, another
//! grant or another body than the server itself gives to that request. Too few hits are a failure too:
//! a cache that stores nothing proves nothing.
//!
//! The last setup is wrong on purpose: a handler writes its own CORS headers and two Vary lines. nginx
//! reads the last line only, so the comparison must find differences there.
//!
//! `--seed N` repeats a run; without it the seed is fresh. It is printed in both cases. nginx and
//! varnishd must be in the path. Every server listens on a free port of the loopback.
//!
//! | file | holds |
//! | --- | --- |
//! | setups.rs | the servers |
//! | requests.rs | the mix of requests |
//! | answers.rs | what is compared |
//! | caches.rs | how nginx and Varnish start and end |

mod answers;
mod caches;
mod requests;
mod setups;

use std::{
    env,
    process::ExitCode,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
    time::timeout,
};

use crate::{
    answers::{Answer, Client},
    caches::{Caches, Hit},
    requests::{Mix, Request},
    setups::Setup,
};

pub type Error = Box<dyn std::error::Error + Send + Sync>;

const REQUESTS: usize = 400;
/// Of 400 requests. Fewer would leave most answers untested.
const LEAST_HITS: usize = 100;
const LIMIT: Duration = Duration::from_secs(85);
/// So many differences of a cache are printed in full.
const PRINTED: usize = 3;

#[tokio::main]
async fn main() -> ExitCode {
    match interruptible().await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// The caches end when `run` is dropped, so a signal ends them too.
async fn interruptible() -> Result<bool, Error> {
    let seed = seed()?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        result = timeout(LIMIT, run(seed)) => {
            result.map_err(|_| format!("no end after {LIMIT:?}"))?
        }
        _ = interrupt.recv() => Err("interrupted".into()),
        _ = terminate.recv() => Err("terminated".into()),
    }
}

fn seed() -> Result<u64, Error> {
    let arguments: Vec<_> = env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => Ok(SystemTime::now().duration_since(UNIX_EPOCH)?.as_nanos() as u64 % 1_000_000_000),
        ["--seed", number] => {
            number.parse().map_err(|_| format!("--seed needs a number, not {number:?}").into())
        }
        _ => Err("usage: tower-cors-caches [--seed NUMBER]".into()),
    }
}

async fn run(seed: u64) -> Result<bool, Error> {
    let began = Instant::now();
    println!("seed {seed}: {REQUESTS} requests to each setup");
    let setups = setups::all();
    let mut servers = Vec::new();
    for setup in &setups {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        servers.push(listener.local_addr()?.port());
        let router = setup.router.clone();
        tokio::spawn(async move { axum::serve(listener, router).await });
    }
    let caches = Caches::start(&servers).await?;
    let client = Client::new();

    println!("\n{:<30} {:<8} {:>5} {:>8}", "setup", "cache", "hits", "differ");
    let mut failures = Vec::new();
    for (index, setup) in setups.iter().enumerate() {
        let mut tallies = [Tally::new("nginx"), Tally::new("Varnish")];
        let ports = [caches.nginx_port(index), caches.varnish_port(index)];
        let mut mix = Mix::new(seed.wrapping_add(index as u64));
        for _ in 0..REQUESTS {
            let request = mix.next_request(setup.paths);
            let (direct, _) = client.send(servers[index], &request).await?;
            for (tally, port) in tallies.iter_mut().zip(ports) {
                let (cached, hit) = client.send(port, &request).await?;
                tally.count(&request.to_string(), &direct, &cached, hit);
            }
        }
        for tally in &tallies {
            println!(
                "{:<30} {:<8} {:>5} {:>8}",
                setup.name, tally.cache, tally.hits, tally.differing
            );
            failures.extend(tally.judge(setup));
        }
    }
    let enforced = setups.iter().position(|setup| setup.name == setups::ENFORCED);
    let enforced = enforced.ok_or("no setup enforces")?;
    for (cache, port) in
        [("nginx", caches.nginx_port(enforced)), ("Varnish", caches.varnish_port(enforced))]
    {
        failures.extend(after_an_empty_origin(&client, servers[enforced], cache, port).await?);
    }
    println!("\n{:.1} s", began.elapsed().as_secs_f64());
    for failure in &failures {
        println!("FAILED {failure}");
    }
    Ok(failures.is_empty())
}

/// nginx takes an empty Origin for none, so what such a request is refused with must not be stored: those
/// who send no Origin pass.
async fn after_an_empty_origin(
    client: &Client,
    server: u16,
    cache: &str,
    port: u16,
) -> Result<Option<String>, Error> {
    const PATH: &str = "/items/of-an-empty-origin";
    let (empty, none) = (Request::get(PATH, &[("origin", "")]), Request::get(PATH, &[]));
    let (refused, _) = client.send(port, &empty).await?;
    let (direct, _) = client.send(server, &none).await?;
    let (cached, _) = client.send(port, &none).await?;
    let is_right = refused.status == 403 && direct.status == 200 && cached == direct;
    Ok((!is_right).then(|| format!("{cache}, after an empty Origin: {refused:?}, then {cached:?}")))
}

/// What one cache did in one setup.
struct Tally {
    cache: &'static str,
    hits: usize,
    differing: usize,
    examples: Vec<String>,
}

impl Tally {
    fn new(cache: &'static str) -> Self {
        Self { cache, hits: 0, differing: 0, examples: Vec::new() }
    }

    fn count(&mut self, request: &str, direct: &Answer, cached: &Answer, hit: Hit) {
        self.hits += usize::from(hit == Hit::Yes);
        if cached != direct {
            self.differing += 1;
            if self.examples.len() < PRINTED {
                self.examples.push(format!("{request}\n  direct {direct:?}\n  cached {cached:?}"));
            }
        }
    }

    fn judge(&self, setup: &Setup) -> Vec<String> {
        let Self { cache, hits, differing, .. } = self;
        let name = setup.name;
        let mut failures = Vec::new();
        if *hits < LEAST_HITS {
            failures.push(format!("{name}, {cache}: {hits} hits are less than {LEAST_HITS}"));
        }
        let must_differ = setup.differs_in == Some(*cache);
        if must_differ && *differing == 0 {
            failures.push(format!("{name}, {cache}: the planted fault was not found"));
        }
        if !must_differ {
            failures.extend(self.examples.iter().map(|case| format!("{name}, {cache}: {case}")));
        }
        failures
    }
}
