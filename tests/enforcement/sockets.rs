//! Bytes on a socket, through hyper: what it hands on is what the table speaks of.

use std::{net::SocketAddr, time::Duration};

use axum::{Router, routing::any};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};
use tower_cors::{CorsLayer, EnforceOrigin};

async fn serve(layer: CorsLayer) -> SocketAddr {
    let router = Router::new().fallback(any("inner")).layer(layer);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    // It ends with the runtime of the test.
    tokio::spawn(async { axum::serve(listener, router).await.unwrap() });
    address
}

/// The status of the answer to a request line and header lines.
async fn status(address: SocketAddr, lines: &[&[u8]]) -> u16 {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request = [&lines.join(&b"\r\n"[..])[..], b"\r\nconnection: close\r\n\r\n"].concat();
    stream.write_all(&request).await.unwrap();
    let mut answer = Vec::new();
    let read = tokio::time::timeout(Duration::from_secs(30), stream.read_to_end(&mut answer));
    // What the server left unread may reset the connection after the answer.
    let _ = read.await.expect("an answer in time");
    let answer = String::from_utf8_lossy(&answer);
    answer.get(9..12).and_then(|digits| digits.parse().ok()).unwrap_or_else(|| panic!("{answer:?}"))
}

const POST: &[u8] = b"POST / HTTP/1.1";
const OWN: &[u8] = b"origin: https://own.example";
const HOST: &[u8] = b"host: own.example";

#[tokio::test]
async fn forms_of_http_1_1() {
    let enforced = CorsLayer::new()
        .allow_origins("https://app.example")
        .enforce_origin(EnforceOrigin::AllRequests);
    let guarded = serve(enforced.clone().allow_hosts("own.example")).await;
    let enforced = serve(enforced).await;
    let absolute: &[u8] = b"POST http://own.example/ HTTP/1.1";
    let strange: &[u8] = b"POST http://evil.example/ HTTP/1.1";
    let evil: &[u8] = b"host: evil.example";
    let rows: &[(&[&[u8]], u16, u16)] = &[
        (&[POST, HOST, OWN], 200, 200),
        (&[POST, HOST, HOST, OWN], 403, 400),
        (&[POST, evil, HOST, OWN], 403, 400),
        (&[POST, HOST, evil, OWN], 403, 400),
        (&[POST, HOST, HOST], 200, 400),
        (&[absolute, HOST, OWN], 200, 200),
        (&[absolute, evil, OWN], 200, 200),
        (&[absolute, HOST, HOST, OWN], 200, 200),
        (&[strange, HOST, OWN], 403, 400),
        (&[b"POST / HTTP/1.0", HOST, OWN], 200, 200),
        (&[b"POST / HTTP/1.0", OWN], 403, 400),
        (&[POST, HOST, b"ORIGIN: https://own.example"], 200, 200),
        (&[POST, HOST, b"origin:\t https://own.example \t"], 200, 200),
        (&[POST, HOST, OWN, OWN], 403, 403),
        (&[POST, HOST, OWN, b"sec-fetch-site: cross-site"], 403, 403),
    ];
    for (lines, without_hosts, with_hosts) in rows {
        let shown = String::from_utf8_lossy(&lines.join(&b' ')).into_owned();
        assert_eq!(status(enforced, lines).await, *without_hosts, "{shown}");
        assert_eq!(status(guarded, lines).await, *with_hosts, "with hosts: {shown}");
    }
}

/// Any bytes and any number of lines: the refusal, or hyper's own 400 or 431, and never a panic, which
/// would close the connection without an answer.
#[tokio::test]
async fn hostile_bytes_get_the_refusal() {
    let layer = CorsLayer::new()
        .allow_origins("https://app.example")
        .allow_hosts(["own.example", "*.own.example", "[::1]"])
        .enforce_origin(EnforceOrigin::AllRequests);
    let address = serve(layer).await;
    let long = vec![b'a'; 60_000];
    let values: &[&[u8]] = &[
        b"",
        b"\xff",
        b"\xc3\xa9",
        b"\x80\x81\xfe\xff",
        b"own.example\xff",
        b"\xffown.example",
        b"[",
        b"[]",
        b"[::1",
        b"[::g]",
        b"]",
        b":",
        b":80",
        b"::1",
        b"own.example:",
        b"own.example:99999999999999999999",
        b"own.example:-1",
        b"own.example:\xd9\xa1",
        b"@own.example",
        b"own.example\\",
        b"%6fwn.example",
        b"..own.example",
        b".own.example",
        b"a..own.example",
        b"https://own.example",
        b"\"own.example\"",
        b"own.example\tx",
        &long,
    ];
    for value in values {
        let shown = String::from_utf8_lossy(&value[..value.len().min(40)]).into_owned();
        let host = [b"host: ", *value].concat();
        assert_eq!(status(address, &[POST, &host, OWN]).await, 400, "Host: {shown}");
        for name in [&b"origin: "[..], b"sec-fetch-site: "] {
            let line = [name, *value].concat();
            for lines in [vec![POST, HOST, &line], vec![POST, HOST, &line, &line]] {
                // Which of the two names it is, `https://own.example` is its own origin in one line.
                let passes = name == b"origin: " && lines.len() == 3 && *value == &OWN[8..];
                let due = if passes { 200 } else { 403 };
                assert_eq!(status(address, &lines).await, due, "{name:?}: {shown}");
            }
        }
        // The mode and the destination decide about navigations alone.
        let site: &[u8] = b"sec-fetch-site: cross-site";
        let mode = [b"sec-fetch-mode: ", *value].concat();
        let destination = [b"sec-fetch-dest: ", *value].concat();
        let get: &[u8] = b"GET / HTTP/1.1";
        assert_eq!(status(address, &[get, HOST, site, &mode]).await, 403, "mode: {shown}");
        let lines = [POST, HOST, site, b"sec-fetch-mode: navigate", &destination];
        assert_eq!(status(address, &lines).await, 403, "destination: {shown}");
    }
    let many = vec![OWN; 90];
    let lines: Vec<_> = [POST, HOST].into_iter().chain(many).collect();
    assert_eq!(status(address, &lines).await, 403, "90 Origin lines");
    let lines: Vec<_> = [POST].into_iter().chain(vec![HOST; 90]).collect();
    assert_eq!(status(address, &lines).await, 400, "90 Host lines");
    assert_eq!(status(address, &[POST, HOST, OWN]).await, 200, "the server still answers");
}
