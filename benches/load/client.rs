//! The client: as many connections as asked for, each with one request at a time.

use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    runtime,
    task::LocalSet,
};

#[derive(Clone, Copy, Debug)]
pub(crate) enum Kind {
    Actual,
    Preflight,
}

const ACTUAL: &str = "\
GET /things/7 HTTP/1.1\r\n\
host: api.example.com\r\n\
user-agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/148.0.0.0 Safari/537.36\r\n\
accept: application/json\r\n\
origin: https://app.example.com\r\n\
sec-fetch-site: same-site\r\n\
sec-fetch-mode: cors\r\n\
sec-fetch-dest: empty\r\n\
referer: https://app.example.com/\r\n\
accept-encoding: gzip, deflate, br, zstd\r\n\
accept-language: en-GB,en;q=0.9\r\n\r\n";

const PREFLIGHT: &str = "\
OPTIONS /things/7 HTTP/1.1\r\n\
host: api.example.com\r\n\
accept: */*\r\n\
access-control-request-method: PUT\r\n\
access-control-request-headers: authorization,content-type,x-request-id\r\n\
origin: https://app.example.com\r\n\
user-agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/148.0.0.0 Safari/537.36\r\n\
sec-fetch-mode: cors\r\n\
sec-fetch-site: same-site\r\n\
sec-fetch-dest: empty\r\n\
referer: https://app.example.com/\r\n\
accept-encoding: gzip, deflate, br, zstd\r\n\
accept-language: en-GB,en;q=0.9\r\n\r\n";

/// The latencies of all requests, and the time that they took together.
#[derive(Default)]
pub(crate) struct Sample {
    latencies: Vec<Duration>,
    time: Duration,
}

impl Sample {
    pub(crate) fn add(&mut self, other: Sample) {
        self.latencies.extend(other.latencies);
        self.time += other.time;
    }

    pub(crate) fn row(&mut self, server: &str, kind: Kind) -> String {
        self.latencies.sort();
        let count = self.latencies.len();
        let at = |part: f64| {
            let index = ((count as f64 * part) as usize).min(count - 1);
            format!("{} µs", self.latencies[index].as_micros())
        };
        format!(
            "| {server} | {} | {:.0} | {} | {} | {} | {} |\n",
            match kind {
                Kind::Actual => "actual",
                Kind::Preflight => "preflight",
            },
            count as f64 / self.time.as_secs_f64(),
            at(0.5),
            at(0.9),
            at(0.99),
            at(0.999),
        )
    }
}

/// Loads a server for `turn`, but with no more than `most` requests. Panics at the first wrong answer.
pub(crate) fn load(
    address: SocketAddr,
    kind: Kind,
    has_cors: bool,
    connections: usize,
    turn: Duration,
    most: usize,
) -> Sample {
    assert!(address.ip().is_loopback());
    let runtime = runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let run = async {
        let start = Instant::now();
        let tasks: Vec<_> = (0..connections)
            .map(|_| {
                tokio::task::spawn_local(async move {
                    let mut connection = Connection::open(address, kind, has_cors).await;
                    let mut latencies = Vec::with_capacity(most / connections);
                    while start.elapsed() < turn && latencies.len() < most / connections {
                        latencies.push(connection.request().await);
                    }
                    latencies
                })
            })
            .collect();
        let mut latencies = Vec::new();
        for task in tasks {
            latencies.extend(task.await.expect("right answers"));
        }
        Sample { latencies, time: start.elapsed() }
    };
    LocalSet::new().block_on(&runtime, run)
}

struct Connection {
    stream: TcpStream,
    request: &'static [u8],
    buffer: Vec<u8>,
}

impl Connection {
    /// Checks the first answer in full.
    async fn open(address: SocketAddr, kind: Kind, has_cors: bool) -> Connection {
        let stream = TcpStream::connect(address).await.expect("a connection");
        stream.set_nodelay(true).expect("TCP_NODELAY");
        let request = match kind {
            Kind::Actual => ACTUAL,
            Kind::Preflight => PREFLIGHT,
        };
        let buffer = Vec::with_capacity(4096);
        let mut connection = Connection { stream, request: request.as_bytes(), buffer };
        connection.request().await;
        let answer = String::from_utf8_lossy(&connection.buffer).to_lowercase();
        let allowed = "access-control-allow-origin: https://app.example.com";
        assert_eq!(answer.contains(allowed), has_cors, "{answer}");
        connection
    }

    async fn request(&mut self) -> Duration {
        let start = Instant::now();
        self.stream.write_all(self.request).await.expect("a request sent");
        self.buffer.clear();
        while !is_whole(&self.buffer) {
            let read = self.stream.read_buf(&mut self.buffer).await.expect("an answer");
            assert_ne!(read, 0, "the server closed the connection");
        }
        assert!(self.buffer.starts_with(b"HTTP/1.1 200"));
        start.elapsed()
    }
}

pub(crate) fn is_whole(answer: &[u8]) -> bool {
    let Some(head) = answer.windows(4).position(|end| end == b"\r\n\r\n") else {
        return false;
    };
    let text = std::str::from_utf8(&answer[..head]).expect("text");
    let name = "content-length:";
    let length = text
        .lines()
        .find(|line| line.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name)))
        .map_or(0, |line| line[name.len()..].trim().parse().expect("a length"));
    answer.len() >= head + 4 + length
}
