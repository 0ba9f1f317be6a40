//! Proves whom `enforce_origin` lets pass and whom it refuses, over HTTP/1 and HTTP/2, and that a
//! real WebSocket client of another origin is refused by a real server.

mod common;

use common::*;
use http::{Method, Request, Version};
use tower::Layer;
use tower_cors::{Any, CorsLayer, EnforceOrigin, Refusal};

const EVIL: &str = "origin: https://evil.example";
const HOST: &str = "host: api.example";

fn policy(enforce: EnforceOrigin) -> CorsLayer {
    CorsLayer::new()
        .allow_origins(["https://a.example", "https://*.a.example"])
        .allow_credentials(true)
        .enforce_origin(enforce)
}

/// nginx takes an empty Origin for none, and would give the 403 to who may pass.
const NO_STORE: &str = "cache-control: no-store";
const FETCH_METADATA: &str = "vary: Origin, Sec-Fetch-Site, Sec-Fetch-Mode, Sec-Fetch-Dest";

/// Whether a request is refused; if so, with the one answer that there is.
#[track_caller]
fn refused(layer: &CorsLayer, asked: &[&str]) -> bool {
    let (response, calls) = through(layer, asked, &["200 inner", "x-inner: 1"]);
    if calls == 1 {
        assert!(response.extensions().get::<Refusal>().is_none());
        return false;
    }
    let all = layer.build().unwrap().config().enforce_origin == EnforceOrigin::AllRequests;
    let is_read = asked[0].starts_with("GET ") || asked[0].starts_with("HEAD ");
    let vary = if all && is_read { FETCH_METADATA } else { "vary: Origin, Sec-Fetch-Site" };
    let refusal = *response.extensions().get::<Refusal>().expect("a refusal is in the extensions");
    assert!(refusal.origin() && !refusal.method() && !refusal.headers());
    assert_eq!(
        rows(response),
        expected(&["403 Disallowed CORS origin", vary, NO_STORE, TEXT]),
        "{asked:?}"
    );
    true
}

/// What becomes of an actual request and of a handshake under each kind of enforcement.
#[track_caller]
fn origins(origin: &[&str], passes: bool) {
    let all = policy(EnforceOrigin::AllRequests);
    let sockets = policy(EnforceOrigin::WebSockets);
    let nothing = policy(EnforceOrigin::Nothing);
    for method in ["GET /", "HEAD /", "POST /", "DELETE /", "OPTIONS /", "QUERY /"] {
        let asked = [&[method], origin].concat();
        assert_eq!(refused(&all, &asked), !passes, "{asked:?}");
        assert!(!refused(&sockets, &asked), "{asked:?}");
        assert!(!refused(&nothing, &asked), "{asked:?}");
    }
    let asked = [&["GET /", "connection: Upgrade", "upgrade: websocket"], origin].concat();
    assert_eq!(refused(&all, &asked), !passes, "{asked:?}");
    assert_eq!(refused(&sockets, &asked), !passes, "{asked:?}");
    assert!(!refused(&nothing, &asked), "{asked:?}");
}

#[test]
fn origins_of_the_policy_pass() {
    origins(&[A, HOST], true);
    origins(&["origin: https://b.a.example", HOST], true);
    origins(&[EVIL, HOST], false);
    origins(&["origin: http://a.example", HOST], false);
    origins(&["origin: https://a.example.evil.example", HOST], false);
    origins(&["origin: null", HOST], false);
    origins(&["origin:", HOST], false);
    origins(&["origin: \u{ff}", HOST], false);
    origins(&["origin: https://a.example/", HOST], false);
}

#[test]
fn requests_without_origin_pass() {
    origins(&[HOST], true);
    origins(&[], true);
    origins(&[HOST, "referer: https://evil.example/"], true);
}

/// No script can set it, and it survives proxies that rewrite Host.
#[test]
fn sec_fetch_site_same_origin_passes() {
    let site = "sec-fetch-site: same-origin";
    origins(&[HOST, site], true);
    origins(&["origin: null", HOST, site], true);
    origins(&["origin: https://api.example", HOST, site], true);
    origins(&["origin: http://api.example", HOST, site], true);
    // WebKit sends the foreign Origin of a form that the site's own service worker passes on.
    origins(&[EVIL, HOST, site], false);
    origins(&["origin: https://api.example", HOST, "sec-fetch-site: cross-site"], false);
    origins(&[HOST, "sec-fetch-site: cross-site"], false);
    origins(&[HOST, "sec-fetch-site: none"], true);
    for value in
        ["same-site", "cross-site", "none", "Same-Origin", "", "same-origin, x", "same-origin;"]
    {
        origins(&[EVIL, HOST, &format!("sec-fetch-site: {value}")], false);
    }
    // Two lines are no value that a browser sends.
    origins(&[EVIL, HOST, site, "sec-fetch-site: cross-site"], false);
    origins(&[EVIL, HOST, "sec-fetch-site: cross-site", site], false);
}

/// A form that the site's own service worker passes on is no page of the site. A GET of that shape is a
/// navigation, which `AllRequests` spares.
#[test]
fn a_null_origin_through_a_service_worker_is_refused() {
    let asked = |dest| {
        [
            "POST /",
            "origin: null",
            HOST,
            "sec-fetch-site: same-origin",
            "sec-fetch-mode: navigate",
            dest,
        ]
    };
    for enforce in [EnforceOrigin::AllRequests, EnforceOrigin::StateChanging] {
        assert!(refused(&policy(enforce), &asked("sec-fetch-dest: empty")));
        assert!(!refused(&policy(enforce), &asked("sec-fetch-dest: document")));
    }
}

/// `AllRequests` spares pages that a person opens, and no others.
#[test]
fn navigations_pass() {
    let all = policy(EnforceOrigin::AllRequests);
    let site = "sec-fetch-site: cross-site";
    let mode = "sec-fetch-mode: navigate";
    for (asked, passes) in [
        (&["GET /", HOST, site, mode, "sec-fetch-dest: document"][..], true),
        (&["GET /", HOST, site, mode, "sec-fetch-dest: empty"], true),
        (&["GET /", HOST, site, mode], true),
        (&["GET /", HOST, site, mode, "sec-fetch-dest: iframe"], false),
        (&["GET /", HOST, site, mode, "sec-fetch-dest: frame"], false),
        (&["GET /", HOST, site, mode, "sec-fetch-dest: object"], false),
        (&["GET /", HOST, site, mode, "sec-fetch-dest: embed"], false),
        (&["GET /", HOST, site, mode, "sec-fetch-dest: fencedframe"], false),
        (&["GET /", HOST, site, mode, "sec-fetch-dest: document", "sec-fetch-dest: iframe"], false),
        (&["GET /", HOST, site, mode, mode], false),
        (&["GET /", HOST, site, "sec-fetch-mode: no-cors"], false),
        (&["POST /", HOST, site, mode, "sec-fetch-dest: document"], false),
        (&["GET /", HOST, site, mode, "upgrade: websocket"], false),
    ] {
        assert_eq!(refused(&all, asked), !passes, "{asked:?}");
    }
}

/// Handshakes, and every method that changes something.
#[test]
fn state_changing_requests_are_checked() {
    let layer = policy(EnforceOrigin::StateChanging);
    for (method, is_checked) in [
        ("GET /", false),
        ("HEAD /", false),
        ("OPTIONS /", false),
        ("POST /", true),
        ("PUT /", true),
        ("DELETE /", true),
        ("QUERY /", true),
        ("get /", true),
    ] {
        assert_eq!(refused(&layer, &[method, EVIL, HOST]), is_checked, "{method}");
        assert!(!refused(&layer, &[method, A, HOST]), "{method}");
    }
    assert!(refused(&layer, &["GET /", EVIL, HOST, "upgrade: websocket"]));
}

/// A rebound name satisfies "Origin equals Host" over plain http; over https it has no certificate.
#[test]
fn a_rebound_name_is_refused_unless_its_host_is_listed() {
    let layer = policy(EnforceOrigin::AllRequests);
    let rebound = ["POST /", "origin: http://evil.example:8000", "host: evil.example:8000"];
    assert!(refused(&layer, &rebound));
    for origin in ["capacitor://localhost", "tauri://localhost", "ionic://localhost"] {
        let handshake =
            ["GET /", &format!("origin: {origin}"), "host: localhost", "upgrade: websocket"];
        assert!(refused(&layer, &handshake), "{origin}");
        assert!(refused(&policy(EnforceOrigin::WebSockets), &handshake), "{origin}");
    }
    let own = ["POST /", "origin: http://own.example:8000", "host: own.example:8000"];
    assert!(refused(&layer, &own));
    assert!(!refused(&layer.clone().allow_hosts("own.example"), &own));
    assert!(!refused(
        &layer.clone().allow_hosts("*.example.org").allow_hosts("own.example:8000"),
        &own
    ));
    // What is matched only by a pattern that anybody can be under is not listed.
    let open =
        layer.tolerate(tower_cors::Risk::AnyOrigin).allow_hosts("*.example.org").allow_hosts("*");
    assert!(refused(&open, &own));
}

/// Host and port, letter case ignored, the default port of the Origin's scheme may be missing.
#[test]
fn the_request_s_own_host_passes() {
    for (origin, host, passes) in [
        ("https://own.example", "own.example", true),
        ("https://own.example", "own.example:443", true),
        ("https://own.example", "OWN.Example", true),
        ("http://own.example", "own.example", false),
        ("http://own.example", "own.example:80", false),
        ("http://own.example:8080", "own.example:8080", false),
        ("https://own.example:80", "own.example:80", true),
        ("http://127.0.0.1:3000", "127.0.0.1:3000", true),
        ("http://[::1]:3000", "[::1]:3000", true),
        ("http://[::1]", "[::1]", true),
        ("https://own.example.", "own.example.", true),
        ("https://own.example", "own.example:80", false),
        ("http://own.example", "own.example:443", false),
        ("https://own.example", "own.example:8443", false),
        ("https://own.example:8443", "own.example", false),
        ("https://own.example", "own.example.", false),
        ("https://evil.example", "own.example", false),
        ("https://own.example.evil.example", "own.example", false),
        ("https://evilown.example", "own.example", false),
        ("https://own.example", "evilown.example", false),
        ("https://own.example", "x@own.example", false),
        ("https://own.example", "own.example/", false),
        ("https://own.example", "own.example:", false),
        ("https://own.example", "own.example:443:443", false),
        ("https://own.example", "own.example:+443", false),
        ("https://own.example", "own.example, own.example", false),
        ("https://own.example", " own.example", false),
        ("https://own.example", "", false),
        ("https://own.example", "\u{ff}", false),
        ("http://[::1]:3000", "[::1", false),
        ("http://[::1]:3000", "::1:3000", false),
        ("null", "null", false),
        ("null", "own.example", false),
        ("", "", false),
        ("own.example", "own.example", false),
        ("https://own.example/", "own.example", false),
    ] {
        origins(&[&format!("origin: {origin}"), &format!("host: {host}")], passes);
    }
    let own = "origin: https://own.example";
    // Two lines of Host are none.
    origins(&[own, "host: own.example", "host: own.example"], false);
    origins(&[own, "host: own.example", "host: evil.example"], false);
    origins(&[own], false);
}

/// HTTP/2 and absolute targets: the URI's authority counts, and Host beside it does not.
#[test]
fn the_uri_s_authority_comes_first() {
    let all = policy(EnforceOrigin::AllRequests);
    for (target, origin, host, passes) in [
        ("https://own.example/", "https://own.example", None, true),
        ("https://own.example:443/", "https://own.example", None, true),
        ("https://own.example/", "https://own.example", Some("evil.example"), true),
        ("https://own.example/", "https://evil.example", Some("evil.example"), false),
        ("https://own.example:8443/", "https://own.example", None, false),
        ("https://user@own.example/", "https://own.example", None, false),
        ("http://[::1]:3000/", "http://[::1]:3000", None, true),
    ] {
        let mut asked = vec![format!("POST {target}"), format!("origin: {origin}")];
        asked.extend(host.map(|host| format!("host: {host}")));
        let asked: Vec<_> = asked.iter().map(String::as_str).collect();
        assert_eq!(refused(&all, &asked), !passes, "{asked:?}");
    }
}

#[test]
fn forwarded_headers_are_never_read() {
    for line in [
        "x-forwarded-host: evil.example",
        "forwarded: host=evil.example",
        "x-original-host: evil.example",
        "x-forwarded-proto: https",
    ] {
        origins(&[EVIL, HOST, line], false);
    }
}

#[test]
fn several_origins_are_refused() {
    for lines in [[A, EVIL], [EVIL, A], [A, A]] {
        origins(&[lines[0], lines[1], HOST], false);
    }
    origins(&["origin: https://api.example", "origin: https://api.example", HOST], false);
    origins(&[A, EVIL, HOST, "sec-fetch-site: same-origin"], false);
}

#[test]
fn what_is_a_handshake() {
    let sockets = policy(EnforceOrigin::WebSockets);
    for (asked, handshake) in [
        (&["GET /", "upgrade: websocket"][..], true),
        (&["GET /", "upgrade: WebSocket"], true),
        (&["GET /", "upgrade: WEBSOCKET"], true),
        (&["GET /", "upgrade: h2c, websocket"], true),
        (&["GET /", "upgrade: h2c", "upgrade: websocket"], true),
        (&["GET /", "upgrade:  websocket\t,"], true),
        (&["GET /", "upgrade: ,websocket"], true),
        (&["GET /", "connection: keep-alive", "upgrade: websocket"], true),
        (&["GET /"], false),
        (&["GET /", "connection: upgrade"], false),
        (&["GET /", "upgrade: h2c"], false),
        (&["GET /", "upgrade: websocket2"], false),
        (&["GET /", "upgrade: web socket"], false),
        (&["GET /", "upgrade: \u{ff}websocket"], false),
        (&["GET /", "sec-websocket-key: x", "sec-websocket-version: 13"], false),
        (&["get /", "upgrade: websocket"], false),
        (&["POST /", "upgrade: websocket"], false),
    ] {
        let asked = [asked, &[EVIL, HOST]].concat();
        assert_eq!(refused(&sockets, &asked), handshake, "{asked:?}");
    }
}

/// RFC 8441: an extended CONNECT names a scheme; a plain one has an authority alone.
#[test]
fn http_2_handshakes_are_connects_with_a_scheme() {
    let layers = [policy(EnforceOrigin::WebSockets), policy(EnforceOrigin::AllRequests)];
    for (target, origin, refusals) in [
        ("https://api.example/socket", EVIL, [true, true]),
        ("http://api.example/socket", EVIL, [true, true]),
        ("https://api.example/socket", A, [false, false]),
        ("https://api.example/socket", "origin: https://api.example", [false, false]),
        ("https://api.example/socket", "origin: null", [true, true]),
        // A tunnel is no handshake, though it is a request.
        ("api.example:443", EVIL, [false, true]),
        ("api.example:443", A, [false, false]),
    ] {
        for (layer, refusal) in layers.iter().zip(refusals) {
            assert_eq!(
                refused(layer, &[&format!("CONNECT {target}"), origin]),
                refusal,
                "{target}"
            );
            // What passes leaves as it came.
            if !refusal {
                let mut asked: Request<_> = request(&[&format!("CONNECT {target}"), origin]);
                *asked.version_mut() = Version::HTTP_2;
                let response = call(&mut layer.layer(Spy::new(&["200", "x: 1"])), asked);
                assert_eq!(rows(response), expected(&["200", "x: 1"]));
            }
        }
    }
    assert_eq!(request(&["CONNECT https://api.example/socket"]).method(), Method::CONNECT);
}

#[test]
fn preflights_are_answered_as_ever() {
    for enforce in [EnforceOrigin::AllRequests, EnforceOrigin::WebSockets] {
        let asked = ["ac-request-method: GET", "upgrade: websocket"];
        let rest =
            ["ac-allow-methods: GET", "ac-max-age: 600", SAFELISTED, "ac-allow-credentials: true"];
        preflight(
            &policy(enforce),
            &[&[A], &asked[..]].concat(),
            &[&["200 OK", "ac-allow-origin: https://a.example"], &rest[..]].concat(),
        );
        preflight(
            &policy(enforce),
            &[&[EVIL], &asked[..]].concat(),
            &[&["400 Disallowed CORS origin"], &rest[..]].concat(),
        );
    }
}

/// What is let pass depends on both headers, so responses under `AllRequests` say so.
#[test]
fn vary_names_both() {
    let all = policy(EnforceOrigin::AllRequests);
    let grant = ["ac-allow-origin: https://a.example", "ac-allow-credentials: true"];
    actual(
        &all,
        &["GET /", A],
        &["200", "vary: Accept"],
        &[
            &["200", "vary: Accept, Origin, Sec-Fetch-Site, Sec-Fetch-Mode, Sec-Fetch-Dest"],
            &grant[..],
        ]
        .concat(),
    );
    actual(&all, &["GET /"], &["200"], &["200", FETCH_METADATA]);
    // An answer to HEAD renews what a cache keeps of the GET.
    actual(&all, &["HEAD /"], &["200"], &["200", FETCH_METADATA]);
    actual(&all, &["POST /"], &["200"], &["200", "vary: Origin"]);
    actual(
        &all,
        &["GET /", "host: own.example", "origin: https://own.example"],
        &["200", "vary: sec-fetch-dest, sec-fetch-mode, sec-fetch-site, origin"],
        &["200", "vary: sec-fetch-dest, sec-fetch-mode, sec-fetch-site, origin"],
    );
    actual(&all, &["GET /"], &["200", "vary: *"], &["200", "vary: *"]);
    // Handshakes alone are not cached.
    let sockets = policy(EnforceOrigin::WebSockets);
    actual(&sockets, &["GET /", EVIL], &["200"], &["200", "vary: Origin"]);
}

#[test]
fn with_any_origin_nothing_is_refused() {
    let any = tolerant().allow_origins(Any).enforce_origin(EnforceOrigin::AllRequests);
    for origin in [EVIL, "origin: null", "origin: \u{ff}"] {
        assert!(!refused(&any, &["POST /", origin, HOST]));
    }
    // With credentials a malformed one is no origin.
    let any = tolerant().allow_origins(Any).allow_credentials(true);
    let any = any.enforce_origin(EnforceOrigin::AllRequests);
    assert!(!refused(&any, &["POST /", EVIL, HOST]));
    assert!(refused(&any, &["POST /", "origin: \u{ff}", HOST]));
}

/// Enforcement is what it says: the refused request never reaches the inner service, whatever it
/// carries.
#[test]
fn hostile_handshakes_do_not_hang_or_panic() {
    let long = "x".repeat(65_536);
    let sockets = policy(EnforceOrigin::WebSockets);
    for (upgrade, host, origin) in [
        (
            format!("{}websocket", ",".repeat(65_536)),
            "api.example".to_owned(),
            "https://evil.example".to_owned(),
        ),
        (format!("websocket{}", " ".repeat(65_536)), long.clone(), long.clone()),
        (
            "websocket".to_owned(),
            format!("api.example:{}", "9".repeat(65_536)),
            "https://api.example".to_owned(),
        ),
        ("websocket".to_owned(), "[".repeat(65_536), "http://[::1]".to_owned()),
        (
            "websocket".to_owned(),
            "\u{ff}".repeat(65_536),
            format!("https://{}", "\u{ff}".repeat(1000)),
        ),
    ] {
        let asked = [
            "GET /",
            &format!("upgrade: {upgrade}"),
            &format!("host: {host}"),
            &format!("origin: {origin}"),
        ];
        assert!(refused(&sockets, &asked));
    }
}

mod real {
    use super::*;

    use axum::{
        Router,
        extract::Request as Handshake,
        response::IntoResponse,
        routing::{any, get},
    };
    use futures_util::{SinkExt, StreamExt};
    use std::{net::SocketAddr, time::Duration};
    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        net::{TcpListener, TcpStream},
        task::AbortHandle,
    };
    use tungstenite::{Message, client::IntoClientRequest};

    /// Ends with the test.
    struct Server {
        address: SocketAddr,
        task: AbortHandle,
    }

    impl Drop for Server {
        fn drop(&mut self) {
            self.task.abort();
        }
    }

    /// An echo over WebSockets behind the layer.
    async fn serve(enforce: EnforceOrigin) -> Server {
        let echo = |handshake: Handshake| async {
            let (response, socket) = hyper_tungstenite::upgrade(handshake, None).unwrap();
            tokio::spawn(async move {
                let mut socket = socket.await.unwrap();
                while let Some(Ok(message)) = socket.next().await {
                    if let Message::Text(_) = message
                        && socket.send(message).await.is_err()
                    {
                        return;
                    }
                }
            });
            response.into_response()
        };
        let router = Router::new()
            .route("/socket", any(echo))
            .route("/", get(|| async { "inner" }))
            .layer(policy(enforce));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let task = tokio::spawn(async { axum::serve(listener, router).await.unwrap() });
        Server { address, task: task.abort_handle() }
    }

    /// The status of a handshake, 101 if it stands and echoes.
    async fn handshake(server: &Server, origin: Option<&str>) -> u16 {
        let mut request = format!("ws://{}/socket", server.address).into_client_request().unwrap();
        if let Some(origin) = origin {
            request.headers_mut().insert("origin", origin.parse().unwrap());
        }
        let connected = tokio::task::spawn_blocking(|| match tungstenite::connect(request) {
            Ok((mut socket, response)) => {
                socket.send("ping".into()).unwrap();
                assert_eq!(socket.read().unwrap(), "ping".into());
                assert!(!response.headers().contains_key("access-control-allow-origin"));
                assert!(!response.headers().contains_key("vary"));
                response.status().as_u16()
            }
            Err(tungstenite::Error::Http(response)) => {
                assert_eq!(response.body().as_deref(), Some(&b"Disallowed CORS origin"[..]));
                response.status().as_u16()
            }
            Err(error) => panic!("{error}"),
        });
        let in_time = tokio::time::timeout(Duration::from_secs(30), connected);
        in_time.await.expect("an answer in time").unwrap()
    }

    #[tokio::test]
    async fn a_web_socket_of_another_origin_is_refused() {
        for enforce in [EnforceOrigin::WebSockets, EnforceOrigin::AllRequests] {
            let server = serve(enforce).await;
            let own = format!("http://{}", server.address);
            for (origin, status) in [
                (None, 101),
                (Some("https://a.example"), 101),
                (Some("https://b.a.example"), 101),
                (Some(own.as_str()), 101),
                (Some("https://evil.example"), 403),
                (Some("https://a.example.evil.example"), 403),
                (Some("http://127.0.0.1"), 403),
                (Some("null"), 403),
            ] {
                assert_eq!(handshake(&server, origin).await, status, "{enforce:?} {origin:?}");
            }
        }
        // CORS alone stops no socket.
        let server = serve(EnforceOrigin::Nothing).await;
        assert_eq!(handshake(&server, Some("https://evil.example")).await, 101);
    }

    /// Bytes on the wire, as a hostile client writes them.
    #[tokio::test]
    async fn hostile_bytes_on_the_wire_get_an_answer() {
        let server = serve(EnforceOrigin::WebSockets).await;
        for origin in [&b"\xff\xfe"[..], b"https://evil.example", b"", &[b'x'; 8000]] {
            let mut stream = TcpStream::connect(server.address).await.unwrap();
            let mut asked = b"GET /socket HTTP/1.1\r\nHost: api.example\r\nConnection: Upgrade\r\nUpgrade: h2c, WebSocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nOrigin: ".to_vec();
            asked.extend_from_slice(origin);
            asked.extend_from_slice(b"\r\n\r\n");
            stream.write_all(&asked).await.unwrap();
            let mut answer = vec![0; 12];
            let read =
                tokio::time::timeout(Duration::from_secs(30), stream.read_exact(&mut answer));
            read.await.expect("an answer in time").unwrap();
            assert_eq!(answer, b"HTTP/1.1 403");
        }
    }

    /// RFC 8441 over a real HTTP/2 connection: the way in which hyper tells a handshake from a tunnel
    /// is the way in which the layer does.
    #[tokio::test]
    async fn an_http_2_web_socket_of_another_origin_is_refused() {
        use bytes::Bytes;
        use http_body_util::{BodyExt, Empty};
        use hyper::{client, ext::Protocol, server};
        use hyper_util::{
            rt::{TokioExecutor, TokioIo},
            service::TowerToHyperService,
        };

        let (near, far) = tokio::io::duplex(1 << 16);
        let spy = Spy::new(&["200 inner"]);
        let service = policy(EnforceOrigin::WebSockets).layer(spy.clone());
        let server = server::conn::http2::Builder::new(TokioExecutor::new())
            .enable_connect_protocol()
            .serve_connection(TokioIo::new(far), TowerToHyperService::new(service));
        let server = tokio::spawn(server);
        let (mut client, connection) =
            client::conn::http2::handshake(TokioExecutor::new(), TokioIo::new(near)).await.unwrap();
        let connection = tokio::spawn(connection);

        let mut ask = async |method: &str, uri: &str, origin: &str, is_socket: bool| {
            let mut request = Request::new(Empty::<Bytes>::new());
            *request.method_mut() = method.parse().unwrap();
            *request.uri_mut() = uri.parse().unwrap();
            request.headers_mut().insert("origin", origin.parse().unwrap());
            if is_socket {
                request.extensions_mut().insert(Protocol::from_static("websocket"));
            }
            let response = client.send_request(request);
            let response = tokio::time::timeout(Duration::from_secs(30), response);
            response.await.expect("an answer in time").unwrap()
        };
        let (socket, evil) = ("https://api.example/socket", "https://evil.example");
        // By the first answer both sides know that handshakes are allowed.
        assert_eq!(ask("GET", socket, evil, false).await.status(), 200);
        let refused = ask("CONNECT", socket, evil, true).await;
        assert_eq!(refused.status(), 403);
        assert_eq!(refused.headers()["vary"], "Origin, Sec-Fetch-Site");
        let body = refused.into_body().collect().await.unwrap().to_bytes();
        assert_eq!(body, "Disallowed CORS origin");
        assert_eq!(spy.calls(), 1, "the handshake did not reach the inner service");
        for (uri, origin, is_socket) in [
            (socket, "https://a.example", true),
            (socket, "https://api.example", true),
            ("api.example:443", evil, false),
        ] {
            let calls = spy.calls();
            let response = ask("CONNECT", uri, origin, is_socket).await;
            assert_eq!((response.status().as_u16(), spy.calls()), (200, calls + 1), "{origin}");
            assert!(!response.headers().contains_key("vary"), "{origin}");
        }
        server.abort();
        connection.abort();
    }
}
