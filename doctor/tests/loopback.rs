//! The binary against small servers on loopback: good ones, bad ones, TLS.

use std::{
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    process::{Command, Output},
    thread,
    time::{Duration, Instant},
};

const PAGE: &str = "http://localhost:3000";

/// What a server does with a connection, once for each request.
type Play = fn(&mut dyn Stream, head: &str);

trait Stream: Read + Write {}
impl<T: Read + Write> Stream for T {}

/// Serves every connection on a thread of its own until the test ends.
fn serve(play: Play) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            thread::spawn(move || {
                let mut stream: TcpStream = stream;
                // A client that goes away is no failure of the server.
                let _ = stream.set_write_timeout(Some(Duration::from_secs(5)));
                if let Some(head) = head(&mut stream) {
                    play(&mut stream, &head);
                }
            });
        }
    });
    port
}

fn head(stream: &mut dyn Read) -> Option<String> {
    let mut bytes = Vec::new();
    let mut byte = [0];
    while !bytes.ends_with(b"\r\n\r\n") {
        if stream.read(&mut byte).ok()? == 0 {
            return None;
        }
        bytes.push(byte[0]);
    }
    String::from_utf8(bytes).ok()
}

fn write(stream: &mut dyn Stream, text: &str) {
    let _ = stream.write_all(text.as_bytes());
}

fn run(url: &str, more: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_cors-doctor"))
        .args([url, "--origin", PAGE])
        .args(more)
        .output()
        .unwrap()
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// Runs to exit 2 with one line on standard error, in time, and gives that line.
#[track_caller]
fn no_answer(url: &str, more: &[&str]) -> String {
    let began = Instant::now();
    let output = run(url, &[more, &["--timeout", "2"]].concat());
    let took = began.elapsed();
    let told = String::from_utf8(output.stderr.clone()).unwrap();
    assert_eq!(output.status.code(), Some(2), "{told}{}", stdout(&output));
    assert!(took < Duration::from_secs(6), "{took:?}");
    assert_eq!(told.lines().count(), 1, "{told}");
    assert!(told.len() < 300, "{told}");
    told.strip_prefix("cors-doctor: ").unwrap().trim_end().to_owned()
}

fn right(stream: &mut dyn Stream, head: &str) {
    let origin = head.lines().find_map(|line| line.strip_prefix("origin: "));
    let grant = match origin {
        Some(PAGE) => {
            format!("access-control-allow-origin: {PAGE}\r\naccess-control-allow-methods: PUT\r\n")
        }
        _ => String::new(),
    };
    let status = if head.contains("no-such-path") { "404 Not Found" } else { "200 OK" };
    write(
        stream,
        &format!(
            "HTTP/1.1 {status}\r\n{grant}vary: origin\r\ncontent-length: 2\r\nconnection: close\r\n\r\nOK"
        ),
    );
}

#[test]
fn a_server_that_is_right() {
    let url = format!("http://127.0.0.1:{}/items", serve(right));
    let output = run(&url, &["--method", "PUT"]);
    let told = stdout(&output);
    assert_eq!(output.status.code(), Some(0), "{told}");
    let first = format!(
        "WORKS: a page of {PAGE} can send PUT {url} and read the answer, 200 (tested with GET)"
    );
    assert_eq!(told.lines().next(), Some(&*first));
}

#[test]
fn json() {
    let url = format!("http://127.0.0.1:{}/items", serve(right));
    let output = run(&url, &["--method", "DELETE", "--json"]);
    assert_eq!(output.status.code(), Some(1));
    let told: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(
        (&told["version"], &told["verdict"], &told["status"]),
        (&1.into(), &"fails".into(), &1.into())
    );
    assert_eq!(told["question"]["method"], "DELETE");
    let preflight = &told["requests"][0];
    assert_eq!(preflight["purpose"], "preflight");
    assert_eq!(preflight["browser"], "blocked");
    assert_eq!(preflight["reason"], "the method is not in Access-Control-Allow-Methods");
    assert_eq!(preflight["headers"]["access-control-allow-methods"], serde_json::json!(["PUT"]));
    let finding = &told["findings"][0];
    assert_eq!(finding["id"], "method-not-allowed");
    assert_eq!(finding["severity"], "failure");
    for field in ["what", "where", "write"] {
        assert!(!finding[field].as_str().unwrap().is_empty());
    }
    let keys: Vec<_> = told.as_object().unwrap().keys().collect();
    assert_eq!(
        keys,
        ["version", "verdict", "status", "summary", "question", "requests", "findings"]
    );

    let refused = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let output = run(&format!("http://{refused}/"), &["--json", "--timeout", "2"]);
    let told: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&told["verdict"], &told["status"]), (&"no-answer".into(), &2.into()));
}

#[test]
fn only_sent_on_request() {
    fn refuses_put(stream: &mut dyn Stream, head: &str) {
        if head.starts_with("PUT") {
            write(
                stream,
                "HTTP/1.1 418 Teapot\r\naccess-control-allow-origin: *\r\ncontent-length: 0\r\n\r\n",
            );
        } else {
            right(stream, head);
        }
    }
    let url = format!("http://127.0.0.1:{}/items", serve(refuses_put));
    assert!(stdout(&run(&url, &["--method", "PUT"])).contains("read the answer, 200"));
    assert!(stdout(&run(&url, &["--method", "PUT", "--send"])).contains("read the answer, 418"));
}

#[test]
fn nobody_there() {
    let refused = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let told = no_answer(&format!("http://{refused}/"), &[]);
    assert_eq!(told, format!("nothing listens at {refused}: connection refused"));
    let told = no_answer("http://no-such-host.invalid/", &[]);
    assert!(told.starts_with("the host no-such-host.invalid was not found: "), "{told}");
}

#[test]
fn silence() {
    fn silent(_: &mut dyn Stream, _: &str) {
        thread::sleep(Duration::from_secs(20));
    }
    let port = serve(silent);
    let told = no_answer(&format!("http://127.0.0.1:{port}/"), &[]);
    assert_eq!(
        told,
        format!("no complete answer from 127.0.0.1:{port} within 2 seconds (--timeout)")
    );
}

#[test]
fn garbage() {
    let rows: [(Play, &str); 4] = [
        (|stream, _| write(stream, "SSH-2.0-OpenSSH_9.2\r\n\r\n"), "something that is not HTTP"),
        (
            |stream, _| write(stream, "HTTP/1.1 200 OK\r\nbad header\r\n\r\n"),
            "something that is not HTTP",
        ),
        (|_, _| {}, "closed the connection without an answer"),
        (
            |stream, _| {
                write(
                    stream,
                    "HTTP/1.1 200 OK\r\naccess-control-allow-origin: *\r\ncontent-length: 9\r\n\r\nhalf",
                )
            },
            "ended early",
        ),
    ];
    for (play, expected) in rows {
        let told = no_answer(&format!("http://127.0.0.1:{}/", serve(play)), &[]);
        assert!(told.contains(expected), "{told}");
    }
}

#[test]
fn no_end() {
    fn endless_body(stream: &mut dyn Stream, _: &str) {
        write(stream, "HTTP/1.1 200 OK\r\naccess-control-allow-origin: *\r\n\r\n");
        while stream.write_all(&[b'x'; 65_536]).is_ok() {}
    }
    fn endless_head(stream: &mut dyn Stream, _: &str) {
        write(stream, "HTTP/1.1 200 OK\r\n");
        while stream.write_all(b"x-more: more and more and more and more\r\n").is_ok() {}
    }
    fn slow_body(stream: &mut dyn Stream, _: &str) {
        write(stream, "HTTP/1.1 200 OK\r\naccess-control-allow-origin: *\r\n\r\n");
        while stream.write_all(b"x").is_ok() {
            thread::sleep(Duration::from_millis(50));
        }
    }
    let told = no_answer(&format!("http://127.0.0.1:{}/", serve(endless_body)), &[]);
    assert!(told.contains("larger than 8 MiB, or never ends"), "{told}");
    let told = no_answer(&format!("http://127.0.0.1:{}/", serve(endless_head)), &[]);
    assert!(told.contains("something that is not HTTP"), "{told}");
    let told = no_answer(&format!("http://127.0.0.1:{}/", serve(slow_body)), &[]);
    assert!(told.contains("within 2 seconds"), "{told}");
}

/// A stream that stays open is what a page wants of it.
#[test]
fn events() {
    fn stream_of_events(stream: &mut dyn Stream, _: &str) {
        write(
            stream,
            "HTTP/1.1 200 OK\r\naccess-control-allow-origin: *\r\ncontent-type: text/event-stream\r\n\r\n",
        );
        thread::sleep(Duration::from_secs(20));
    }
    let output = run(&format!("http://127.0.0.1:{}/", serve(stream_of_events)), &[]);
    assert_eq!(output.status.code(), Some(0), "{}", stdout(&output));
}

#[test]
fn redirects() {
    fn circle(stream: &mut dyn Stream, head: &str) {
        let to = if head.starts_with("GET /a") { "/b" } else { "/a" };
        write(
            stream,
            &format!(
                "HTTP/1.1 302 Found\r\naccess-control-allow-origin: *\r\nlocation: {to}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
            ),
        );
    }
    fn on_and_on(stream: &mut dyn Stream, head: &str) {
        let path = head.split(' ').nth(1).unwrap();
        write(
            stream,
            &format!(
                "HTTP/1.1 302 Found\r\naccess-control-allow-origin: *\r\nlocation: {path}x\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
            ),
        );
    }
    let told = no_answer(&format!("http://127.0.0.1:{}/a", serve(circle)), &[]);
    assert!(told.starts_with("redirects form a loop: "), "{told}");
    let told = no_answer(&format!("http://127.0.0.1:{}/a", serve(on_and_on)), &[]);
    assert!(told.starts_with("too many redirects: "), "{told}");
}

/// What servers say is no command of the terminal.
#[test]
fn escapes() {
    fn colours(stream: &mut dyn Stream, _: &str) {
        write(
            stream,
            "HTTP/1.1 200 OK\r\nserver: \u{9b}31m\u{202e}evil\r\ncontent-length: 0\r\n\r\n",
        );
    }
    let told = stdout(&run(&format!("http://127.0.0.1:{}/", serve(colours)), &[]));
    assert!(told.contains(r"server: \u{9b}31m\u{202e}evil"), "{told}");
}

#[test]
fn tls() {
    let signed = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let folder = std::env::temp_dir().join(format!("cors-doctor-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let trusted = folder.join("trusted.pem");
    std::fs::write(&trusted, signed.cert.pem()).unwrap();
    let key =
        rustls::pki_types::PrivateKeyDer::try_from(signed.signing_key.serialize_der()).unwrap();
    let config = rustls::ServerConfig::builder_with_provider(
        rustls::crypto::ring::default_provider().into(),
    )
    .with_safe_default_protocol_versions()
    .unwrap()
    .with_no_client_auth()
    .with_single_cert(vec![signed.cert.der().clone()], key)
    .unwrap();
    let config = std::sync::Arc::new(config);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        for mut socket in listener.incoming().flatten() {
            let config = std::sync::Arc::clone(&config);
            thread::spawn(move || {
                let mut session = rustls::ServerConnection::new(config).unwrap();
                let mut stream = rustls::Stream::new(&mut session, &mut socket);
                if let Some(head) = head(&mut stream) {
                    right(&mut stream, &head);
                    stream.conn.send_close_notify();
                    let _ = stream.flush();
                }
            });
        }
    });
    let run = |url: &str, trust: bool| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cors-doctor"));
        command.args([url, "--origin", PAGE]);
        if trust {
            command.env("SSL_CERT_FILE", &trusted).env_remove("SSL_CERT_DIR");
        }
        command.output().unwrap()
    };
    let url = format!("https://localhost:{port}/");
    let output = run(&url, true);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let untrusted = run(&url, false);
    assert_eq!(untrusted.status.code(), Some(2), "{untrusted:?}");
    let told = String::from_utf8(untrusted.stderr).unwrap();
    assert!(
        told.starts_with(&format!("cors-doctor: no TLS connection to localhost:{port}: ")),
        "{told}"
    );
    // The certificate is of another name.
    let told = String::from_utf8(run(&format!("https://127.0.0.1:{port}/"), true).stderr).unwrap();
    assert!(told.contains("no TLS connection") && told.lines().count() == 1, "{told}");
    std::fs::remove_dir_all(&folder).unwrap();

    let plain = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = plain.local_addr().unwrap().port();
    thread::spawn(move || {
        for mut stream in plain.incoming().flatten() {
            write(&mut stream, "HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n");
        }
    });
    let told = no_answer(&format!("https://127.0.0.1:{port}/"), &[]);
    assert!(told.contains("this port does not use TLS"), "{told}");
}

#[test]
fn usage() {
    let output =
        Command::new(env!("CARGO_BIN_EXE_cors-doctor")).arg("--nonsense").output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let output = Command::new(env!("CARGO_BIN_EXE_cors-doctor")).arg("--help").output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert!(stdout(&output).starts_with("usage: cors-doctor URL --origin ORIGIN"));
}
