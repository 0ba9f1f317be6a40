//! What many origins cost beside their requests: memory, the time to build, and requests that run while policies are
//! replaced.
//!
//! `cargo bench --bench scale --all-features`. It exits with 1 if an origin costs more than [`MEMORY`] beyond its text,
//! or if requests are slower than [`SLOW`] while policies are replaced.

use std::{
    convert::Infallible,
    hint::black_box,
    process::exit,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use http::{Request, Response, header};
use tokio::{runtime::Builder, sync::watch, task, time::sleep};
use tower::{Layer, Service, ServiceExt, service_fn};
use tower_cors::{CorsLayer, CorsPolicy, PerRequestLayer};

const COUNT: usize = 100_000;

/// Bytes an origin beyond its text, the settings that the policy keeps included.
const MEMORY: f64 = 100.0;

/// What 99.9 % of all requests stay below while policies are replaced. A policy of this size takes longer to free.
const SLOW: Duration = Duration::from_millis(1);

/// How often a policy is replaced, and how long requests run.
const PAUSE: Duration = Duration::from_millis(50);
const RUN: Duration = Duration::from_secs(5);

fn main() {
    let mut failed = false;
    println!(
        "| 100,000 origins | milliseconds to build | to drop | bytes an origin beyond its text | at most while built |"
    );
    println!("| --- | ---: | ---: | ---: | ---: |");
    for (name, credentials) in [("without credentials", false), ("with credentials", true)] {
        let kept = size(credentials);
        let (built, dropped) = times(credentials);
        println!(
            "| {name} | {:.1} | {:.1} | {:.0} | {:.0} |",
            built.as_secs_f64() * 1e3,
            dropped.as_secs_f64() * 1e3,
            kept.0,
            kept.1
        );
        failed |= kept.0 > MEMORY;
    }
    println!(
        "\n| requests of two tasks | a second | p50 | p99 | p99.9 | longest | policies replaced |"
    );
    println!("| --- | ---: | ---: | ---: | ---: | ---: | ---: |");
    for (name, replaces) in [("one policy", false), ("while policies are replaced", true)] {
        let Load { mut times, replaced } = load(replaces);
        times.sort_unstable();
        let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize];
        println!(
            "| {name} | {:.0} | {:.1?} | {:.1?} | {:.1?} | {:.1?} | {replaced} |",
            times.len() as f64 / RUN.as_secs_f64(),
            at(0.5),
            at(0.99),
            at(0.999),
            at(1.0)
        );
        failed |= replaces && (at(0.999) > SLOW || replaced < 5);
    }
    if failed {
        eprintln!("an origin costs more than {MEMORY} bytes, or p99.9 is above {SLOW:?}");
        exit(1);
    }
}

fn origins() -> impl Iterator<Item = String> {
    (0..COUNT).map(|number| format!("https://site-{number:06}.example.com"))
}

fn build(credentials: bool) -> CorsPolicy {
    let layer = CorsLayer::new().allow_origins(origins()).allow_credentials(credentials);
    layer.build().expect("well-formed origins")
}

/// Bytes an origin beyond its text: kept by the policy, and at most while it is built.
fn size(credentials: bool) -> (f64, f64) {
    let text = origins().map(|origin| origin.len()).sum::<usize>() as f64;
    let mut policy = None;
    let info = allocation_counter::measure(|| policy = Some(build(credentials)));
    black_box(policy);
    let each = |bytes: f64| (bytes - text) / COUNT as f64;
    (each(info.bytes_current as f64), each(info.bytes_max as f64))
}

/// The median of a few builds, and of freeing what they built.
fn times(credentials: bool) -> (Duration, Duration) {
    let mut times: Vec<_> = (0..9)
        .map(|_| {
            let layer = CorsLayer::new().allow_origins(origins()).allow_credentials(credentials);
            let start = Instant::now();
            let policy = layer.build().expect("well-formed origins");
            let built = start.elapsed();
            drop(layer);
            let start = Instant::now();
            drop(policy);
            (built, start.elapsed())
        })
        .collect();
    times.sort_unstable();
    times[times.len() / 2]
}

struct Load {
    times: Vec<Duration>,
    replaced: usize,
}

/// Requests of two tasks, each timed, while a thread of its own replaces the policy as the example `reload` does.
fn load(replaces: bool) -> Load {
    let runtime =
        Builder::new_multi_thread().worker_threads(2).enable_time().build().expect("a runtime");
    let (policies, policy) = watch::channel(build(true));
    let inner =
        service_fn(async |_: Request<()>| Ok::<_, Infallible>(Response::new(String::new())));
    let service = PerRequestLayer::new(move |_| Some(policy.borrow().clone())).layer(inner);
    let ends = Arc::new(AtomicBool::new(false));
    let replacing = thread::spawn({
        let ends = ends.clone();
        move || {
            let (mut replaced, mut retired) = (0, None);
            while !ends.load(Ordering::Relaxed) {
                thread::sleep(PAUSE);
                if replaces {
                    // Kept until the next one, so that no request is the last to hold it and frees it.
                    retired = Some(policies.send_replace(build(true)));
                    replaced += 1;
                }
            }
            drop(retired);
            replaced
        }
    });
    let times = runtime.block_on(async {
        let clients: Vec<_> =
            (0..2).map(|_| task::spawn(client(service.clone(), ends.clone()))).collect();
        sleep(RUN).await;
        ends.store(true, Ordering::Relaxed);
        let mut times = Vec::new();
        for client in clients {
            times.extend(client.await.expect("no request panics"));
        }
        times
    });
    Load { times, replaced: replacing.join().expect("building does not panic") }
}

async fn client<S, B>(mut service: S, ends: Arc<AtomicBool>) -> Vec<Duration>
where
    S: Service<Request<()>, Response = Response<B>, Error = Infallible>,
{
    let mut times = Vec::new();
    while !ends.load(Ordering::Relaxed) {
        for _ in 0..64 {
            let mut request = Request::new(());
            let origin = "https://site-050000.example.com".parse().expect("a value");
            request.headers_mut().insert(header::ORIGIN, origin);
            let start = Instant::now();
            let response = service.ready().await.expect("infallible").call(request).await;
            times.push(start.elapsed());
            let headers = response.expect("infallible").into_parts().0.headers;
            assert!(
                headers.contains_key(header::ACCESS_CONTROL_ALLOW_ORIGIN),
                "each policy allows it"
            );
        }
        // As a server does between requests.
        sleep(Duration::from_micros(200)).await;
    }
    times
}
