//! Requests a second and latency over real sockets: axum bare, with this layer, with tower-http's, and FastAPI.
//!
//! Everything stays on the loopback interface and ends by itself.

mod cases;
mod client;
mod faults;
mod server;

use std::time::Duration;

use client::{Kind, Sample};
use server::{SERVE, Server};

const ROUNDS: usize = 3;
const TURN: Duration = Duration::from_secs(2);
const MOST_REQUESTS: usize = 500_000;
const CONNECTIONS: usize = 32;

fn main() {
    let arguments: Vec<String> =
        std::env::args().skip(1).filter(|word| word != "--bench").collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match *words {
        [] => print!("{}", measure(&Server::ALL)),
        ["--without-fastapi"] => print!("{}", measure(&Server::ALL[..3])),
        ["--faults", seconds] => match seconds.parse() {
            Ok(seconds) if seconds <= 1800 => {
                print!("{}", faults::run(Duration::from_secs(seconds)));
            }
            _ => usage(),
        },
        [SERVE, name] => server::serve(name),
        _ => usage(),
    }
}

fn usage() -> ! {
    eprintln!(
        "cargo bench --bench load --all-features [-- --without-fastapi | --faults SECONDS (at most 1800)]"
    );
    std::process::exit(2)
}

fn measure(servers: &[Server]) -> String {
    let running: Vec<_> = servers.iter().map(|server| server.start()).collect();
    let mut text = String::from(
        "| server | request | a second | p50 | p90 | p99 | p99.9 |\n\
         | --- | --- | ---: | ---: | ---: | ---: | ---: |\n",
    );
    for kind in [Kind::Actual, Kind::Preflight] {
        let mut samples: Vec<Sample> = servers.iter().map(|_| Sample::default()).collect();
        for round in 0..ROUNDS {
            eprintln!("  {kind:?}, round {} of {ROUNDS}", round + 1);
            for ((server, running), sample) in servers.iter().zip(&running).zip(&mut samples) {
                let most = MOST_REQUESTS / ROUNDS;
                sample.add(client::load(
                    running.address,
                    kind,
                    server.has_cors(),
                    CONNECTIONS,
                    TURN,
                    most,
                ));
            }
        }
        for (server, sample) in servers.iter().zip(&mut samples) {
            text += &sample.row(server.name(), kind);
        }
    }
    text
}
