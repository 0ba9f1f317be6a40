//! rmcp's MCP server with its own checks off, behind the layer: it refuses what the advisories of MCP
//! servers were about. The MCP specification (2025-06-18, transports, "Security Warning") says that
//! servers must validate Origin.

use std::sync::Arc;

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::Full;
use rmcp::{
    ServerHandler,
    transport::streamable_http_server::{
        StreamableHttpServerConfig, StreamableHttpService, session::local::LocalSessionManager,
    },
};
use tower::Layer;
use tower_cors::{CorsLayer, EnforceOrigin, Refusal};
use tower_cors_fits::ask;

#[derive(Clone)]
struct Tools;

impl ServerHandler for Tools {}

/// A server that trusts every host and origin, as rmcp's did before 1.4.
fn trusting() -> StreamableHttpService<Tools, LocalSessionManager> {
    let config = StreamableHttpServerConfig::default()
        .with_legacy_session_mode(false)
        .with_json_response(true)
        .disable_allowed_hosts()
        .disable_allowed_origins();
    StreamableHttpService::new(|| Ok(Tools), Arc::new(LocalSessionManager::default()), config)
}

/// The guard of a server for local tools, and for one page.
fn guard() -> CorsLayer {
    CorsLayer::new()
        .allow_origins("https://inspector.example")
        .allow_methods(["POST"])
        .allow_headers(["content-type"])
        .allow_hosts(["localhost:8000", "127.0.0.1:8000"])
        .enforce_origin(EnforceOrigin::AllRequests)
}

fn request(fields: &[(&'static str, &'static str)]) -> Request<Full<Bytes>> {
    let initialize = r#"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"page","version":"1"}}}"#;
    let request = Request::post("/")
        .header("content-type", "application/json")
        .header("accept", "application/json, text/event-stream");
    let request =
        fields.iter().fold(request, |request, (name, value)| request.header(*name, *value));
    request.body(Full::from(initialize)).expect("a request")
}

/// Of the host, and of the origin.
fn refusal(response: &Response<Bytes>) -> Option<(bool, bool)> {
    response.extensions().get().map(|refusal: &Refusal| (refusal.host(), refusal.origin()))
}

/// CVE-2026-42559 (rmcp), CVE-2025-66414 (TypeScript), CVE-2025-66416 (Python), CVE-2026-34742 (Go),
/// GHSA-8jxr-pr72-r468 (Java): a page under a rebound name talks to a local MCP server.
#[tokio::test]
async fn a_rebound_page_does_not_reach_the_mcp_server() {
    let host = ("host", "evil.example:8000");
    for fields in [
        // Its fetch by POST. Over plain http browsers send no Sec-Fetch header.
        &[host, ("origin", "http://evil.example:8000")][..],
        // A GET of it would have no Origin either.
        &[host],
        &[host, ("origin", "null")],
        // Another page that knows the name.
        &[host, ("origin", "https://evil.example")],
        &[host, ("origin", "https://inspector.example")],
        &[("host", "127.0.0.1.evil.example:8000")],
        &[("host", "localhost:8000"), host],
    ] {
        let bare = ask(&mut trusting(), request(fields)).await;
        assert_eq!(bare.status(), 200, "the attack works without a guard: {fields:?}");
        let guarded = ask(&mut guard().layer(trusting()), request(fields)).await;
        assert_eq!(guarded.status(), 400, "{fields:?}");
        assert_eq!(refusal(&guarded), Some((true, false)), "{fields:?}");
        assert_eq!(guarded.body(), "Invalid host header");
    }
    // Without a list of hosts its POST is refused for its origin.
    let without = CorsLayer::new()
        .allow_origins("https://inspector.example")
        .enforce_origin(EnforceOrigin::AllRequests);
    let rebound = [host, ("origin", "http://evil.example:8000")];
    let guarded = ask(&mut without.layer(trusting()), request(&rebound)).await;
    assert_eq!((guarded.status().as_u16(), refusal(&guarded)), (403, Some((false, true))));
}

/// A page of any website sends a POST to the local server. A text/plain body needs no preflight; what
/// rmcp reads as JSON does, and the preflight is refused too.
#[tokio::test]
async fn a_page_of_another_site_does_not_reach_the_mcp_server() {
    let host = ("host", "localhost:8000");
    for fields in [
        &[host, ("origin", "https://evil.example")][..],
        &[host, ("origin", "https://evil.example"), ("sec-fetch-site", "cross-site")],
        &[host, ("origin", "null"), ("sec-fetch-site", "cross-site")],
        &[host, ("origin", "http://localhost:3000"), ("sec-fetch-site", "same-site")],
        &[host, ("sec-fetch-site", "cross-site")],
    ] {
        let bare = ask(&mut trusting(), request(fields)).await;
        assert_eq!(bare.status(), 200, "the attack works without a guard: {fields:?}");
        let guarded = ask(&mut guard().layer(trusting()), request(fields)).await;
        assert_eq!(guarded.status(), 403, "{fields:?}");
        assert_eq!(refusal(&guarded), Some((false, true)), "{fields:?}");
    }
    let mut preflight = request(&[
        host,
        ("origin", "https://evil.example"),
        ("access-control-request-method", "POST"),
    ]);
    *preflight.method_mut() = http::Method::OPTIONS;
    let guarded = ask(&mut guard().layer(trusting()), preflight).await;
    assert_eq!((guarded.status().as_u16(), refusal(&guarded)), (400, Some((false, true))));
}

/// Who is meant to reach it does.
#[tokio::test]
async fn clients_and_the_listed_page_reach_the_mcp_server() {
    for fields in [
        // An MCP client, which is no browser.
        &[("host", "localhost:8000")][..],
        &[("host", "127.0.0.1:8000")],
        &[("host", "localhost:8000"), ("origin", "https://inspector.example")],
        &[("host", "localhost:8000"), ("origin", "http://localhost:8000")],
        &[("host", "127.0.0.1:8000"), ("sec-fetch-site", "same-origin")],
    ] {
        let guarded = ask(&mut guard().layer(trusting()), request(fields)).await;
        assert_eq!((guarded.status().as_u16(), refusal(&guarded)), (200, None), "{fields:?}");
        assert!(String::from_utf8_lossy(guarded.body()).contains("protocolVersion"));
    }
}
