//! The examples of the crate, as a reader would start them, with the page that they list.

use serde_json::json;

use crate::case::{Case, From, REFUSED, case};

pub fn cases() -> Vec<Case> {
    vec![
        case("example/axum", "FastAPI's tutorial: its page reads, with any method, header and cookies")
            .example("axum")
            .page("Promise.all([attempt(api + '/'), attempt(api + '/', { ...include, headers: { 'x-token': '1' } })])")
            .gives(vec![r#"200 {"message":"Hello World"}"#, r#"200 {"message":"Hello World"}"#]),
        case("example/axum-error", "its 405 is readable")
            .example("axum")
            .page("attempt(api + '/', put)")
            .gives("405"),
        case("example/axum-other-page", "another page gets nothing")
            .example("axum")
            .page_at(From::Second, "Promise.all([attempt(api + '/'), attempt(api + '/', put)])")
            .gives(vec![REFUSED, REFUSED]),
        case("example/hyper", "PUT and x-token, from any port of localhost")
            .example("hyper")
            .page_at(From::Second, "attempt(api + '/', { ...put, headers: { 'x-token': '1' } })")
            .gives("200 Hello over HTTP/1.1"),
        case("example/hyper-not-listed", "and nothing else")
            .example("hyper")
            .page_at(From::Second, "Promise.all([attempt(api + '/', { method: 'DELETE' }), attempt(api + '/', { headers: { 'x-other': '1' } })])")
            .gives(vec![REFUSED, REFUSED]),
        case("example/tonic", "a gRPC-Web call")
            .example("tonic")
            .page("greet(api, 'Ada')")
            .gives("Hello Ada, grpc-status:0"),
        case("example/tonic-error", "one that fails, and what the page reads of it")
            .example("tonic")
            .page("greet(api, '')")
            .gives("status 3: a person has a name"),
        case("example/mcp", "a session of the Model Context Protocol: a tool call, and its stream")
            .example("mcp")
            .page("mcp(api + '/mcp')")
            .gives(json!(["2025-06-18", 3, "lift off", true])),
        case("example/mcp-other-page", "another page has no session")
            .example("mcp")
            .page_at(From::Second, "mcp(api + '/mcp').catch(error => error.name)")
            .gives("TypeError"),
        case("example/tonic-other-page", "another page calls nothing")
            .example("tonic")
            .page_at(From::Second, "greet(api, 'Ada')")
            .gives(REFUSED),
    ]
}
