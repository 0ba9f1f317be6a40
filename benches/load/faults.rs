//! Faults under load: policies are replaced every second, while clients are slow, drop their connections and send
//! hostile preflights. Every answer is checked, memory is sampled, and axum alone is under the same load in turn.

use std::{
    fs,
    net::SocketAddr,
    time::{Duration, Instant},
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    runtime,
    task::LocalSet,
    time::sleep,
};

use crate::{
    cases::{Case, Expect, cases},
    client::is_whole,
    server::Server,
};

const TURN: Duration = Duration::from_secs(5);
const CONNECTIONS: usize = 16;
const SLOW: usize = 4;

/// How much more than the bare server's the 99.9th percentile of a usual turn may be: twice as much, and a millisecond.
const SLACK: Duration = Duration::from_millis(1);

/// Memory is flat if its last sample is no more than that above the largest of the first half, in KiB.
const GROWTH: u64 = 1024;

/// Runs for that long. Panics at the first wrong answer, and where memory or latency is not what is promised.
pub(crate) fn run(time: Duration) -> String {
    let cases = cases();
    let servers = [Server::Bare, Server::Guarded].map(|server| (server, server.start()));
    let mut samples = [Sample::default(), Sample::default()];
    let mut memory = Vec::new();
    let start = Instant::now();
    while start.elapsed() < time || memory.len() < 4 {
        for ((server, running), sample) in servers.iter().zip(&mut samples) {
            sample.add_turn(turn(running.address, *server == Server::Guarded, &cases));
        }
        memory.push(resident(servers[1].1.id()));
    }

    let mut text = String::from(
        "| server | answers, all checked | p50 | p99 | p99.9 | slow clients | dropped connections |\n\
         | --- | ---: | ---: | ---: | ---: | ---: | ---: |\n",
    );
    for ((server, _), sample) in servers.iter().zip(&mut samples) {
        text += &sample.row(server.name());
    }
    let first = memory[..memory.len() / 2].iter().max().expect("four samples at least");
    let last = memory.last().expect("four samples at least");
    text += &format!("\nResident memory of the server with the layer, KiB: {memory:?}\n");
    let [bare, guarded] = samples;
    assert!(guarded.allowed > 0 && guarded.refused > 0, "no policy was replaced\n{text}");
    assert!(*last <= first + GROWTH, "memory grows\n{text}");
    assert!(guarded.usual_tail() <= bare.usual_tail() * 2 + SLACK, "p99.9 is not axum's\n{text}");
    text
}

#[derive(Default)]
struct Sample {
    latencies: Vec<Duration>,
    /// The 99.9th percentile of each turn.
    tails: Vec<Duration>,
    slow: usize,
    dropped: usize,
    /// Of the requests whose answer depends on the policy of the second.
    allowed: usize,
    refused: usize,
}

impl Sample {
    fn add_turn(&mut self, mut turn: Sample) {
        turn.latencies.sort_unstable();
        self.tails.push(turn.at(0.999));
        self.add(turn);
    }

    fn add(&mut self, other: Sample) {
        self.latencies.extend(other.latencies);
        self.slow += other.slow;
        self.dropped += other.dropped;
        self.allowed += other.allowed;
        self.refused += other.refused;
    }

    /// The median over the turns: one in which the machine was busy with something else tells nothing.
    fn usual_tail(&self) -> Duration {
        let mut tails = self.tails.clone();
        tails.sort_unstable();
        tails[tails.len() / 2]
    }

    /// Once sorted.
    fn at(&self, part: f64) -> Duration {
        self.latencies[((self.latencies.len() - 1) as f64 * part) as usize]
    }

    fn row(&mut self, server: &str) -> String {
        self.latencies.sort_unstable();
        let at = |part| self.at(part).as_micros();
        format!(
            "| {server} | {} | {} µs | {} µs | {} µs | {} | {} |\n",
            self.latencies.len(),
            at(0.5),
            at(0.99),
            at(0.999),
            self.slow,
            self.dropped,
        )
    }
}

/// All clients at once, against one server.
fn turn(address: SocketAddr, is_guarded: bool, cases: &[Case]) -> Sample {
    assert!(address.ip().is_loopback());
    let end = Instant::now() + TURN;
    let cases: &'static [Case] = cases.to_vec().leak();
    let runtime = runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    LocalSet::new().block_on(&runtime, async {
        let mut tasks = Vec::new();
        for number in 0..CONNECTIONS {
            tasks.push(tokio::task::spawn_local(steady(address, is_guarded, cases, number, end)));
        }
        for number in 0..SLOW {
            tasks.push(tokio::task::spawn_local(slow(address, is_guarded, cases, number, end)));
        }
        tasks.push(tokio::task::spawn_local(dropping(address, cases, end)));
        let mut all = Sample::default();
        for task in tasks {
            all.add(task.await.expect("right answers"));
        }
        all
    })
}

/// One request after the other on one connection.
async fn steady(
    address: SocketAddr,
    is_guarded: bool,
    cases: &'static [Case],
    number: usize,
    end: Instant,
) -> Sample {
    let mut sample = Sample::default();
    let mut stream = connect(address).await;
    let mut answer = Vec::with_capacity(4096);
    for case in cases.iter().cycle().skip(number) {
        if Instant::now() > end {
            break;
        }
        let start = Instant::now();
        stream.write_all(case.request.as_bytes()).await.expect("a request sent");
        read(&mut stream, &mut answer).await;
        sample.latencies.push(start.elapsed());
        let is_allowed = case.check(&answer, is_guarded);
        if case.expect == Expect::EitherOf && is_guarded {
            sample.allowed += usize::from(is_allowed);
            sample.refused += usize::from(!is_allowed);
        }
    }
    sample
}

/// A few bytes at a time. Only the answers count, not how long they took.
async fn slow(
    address: SocketAddr,
    is_guarded: bool,
    cases: &'static [Case],
    number: usize,
    end: Instant,
) -> Sample {
    let mut sample = Sample::default();
    let mut stream = connect(address).await;
    let mut answer = Vec::new();
    for case in cases.iter().cycle().skip(number * 3) {
        let request = case.request.as_bytes();
        for part in request.chunks(request.len().div_ceil(20)) {
            stream.write_all(part).await.expect("a part of a request sent");
            sleep(Duration::from_millis(5)).await;
        }
        read(&mut stream, &mut answer).await;
        case.check(&answer, is_guarded);
        sample.slow += 1;
        if Instant::now() > end {
            break;
        }
    }
    sample
}

/// Connections that end within a request, or before its answer.
async fn dropping(address: SocketAddr, cases: &'static [Case], end: Instant) -> Sample {
    let mut sample = Sample::default();
    for case in cases.iter().cycle() {
        if Instant::now() > end {
            break;
        }
        let request = case.request.as_bytes();
        let length = request.len() * (sample.dropped % 5) / 4;
        let mut stream = connect(address).await;
        stream.write_all(&request[..length]).await.expect("a part of a request sent");
        drop(stream);
        sample.dropped += 1;
        sleep(Duration::from_millis(5)).await;
    }
    sample
}

async fn connect(address: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(address).await.expect("a connection");
    stream.set_nodelay(true).expect("TCP_NODELAY");
    stream
}

async fn read(stream: &mut TcpStream, answer: &mut Vec<u8>) {
    answer.clear();
    while !is_whole(answer) {
        let read = stream.read_buf(answer).await.expect("an answer");
        assert_ne!(read, 0, "the server closed the connection");
    }
}

/// Resident memory of a process, in KiB.
fn resident(process: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).expect("Linux's /proc");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("VmRSS");
    line.trim().trim_end_matches(" kB").parse().expect("a number")
}
