//! `preset`: the names that a protocol's clients need, none of them twice.

use tower_cors::{Any, CorsConfig, CorsLayer, CorsPolicy, Preset};

use super::common::{A, one_origin, through};

#[test]
fn presets_add_what_a_protocol_s_clients_need() {
    let origin = one_origin;
    let policy = origin().preset(Preset::GrpcWeb).build().unwrap();
    // What grpc-web and its kin send and read.
    for names in [
        &["content-type,x-grpc-web,x-user-agent"][..],
        &["content-type", "grpc-timeout"],
        &["x-grpc-web"],
    ] {
        assert_eq!(policy.check("https://a.example", "POST", names), Ok(()), "{names:?}");
    }
    assert!(policy.check("https://a.example", "GET", &[]).is_err(), "it replaces the default");
    let (response, _) = through(&CorsLayer::from(policy), &["POST /", A], &["200"]);
    let exposed = response.headers()["access-control-expose-headers"].to_str().unwrap();
    let exposed: Vec<_> = exposed.split(", ").map(str::to_ascii_lowercase).collect();
    assert_eq!(exposed, ["grpc-status", "grpc-message", "grpc-status-details-bin"]);

    let policy = origin().preset(Preset::Connect).build().unwrap();
    let names = ["content-type,connect-protocol-version,connect-timeout-ms,x-user-agent"];
    assert_eq!(policy.check("https://a.example", "POST", &names), Ok(()));
    assert_eq!(policy.check("https://a.example", "GET", &[]), Ok(()));
    let (response, _) = through(&CorsLayer::from(policy), &["POST /", A], &["200"]);
    assert!(!response.headers().contains_key("access-control-expose-headers"));
}

/// What the MCP SDKs, tus-js-client and tracers send and read.
#[test]
fn presets_of_mcp_tracing_and_tus() {
    let mcp = one_origin().preset(Preset::Mcp).build().unwrap();
    for (method, names) in [
        ("POST", "authorization,content-type,mcp-protocol-version,mcp-session-id"),
        ("POST", "content-type,mcp-method,mcp-name,mcp-param-region,mcp-param-tenant-id"),
        ("GET", "last-event-id,mcp-protocol-version,mcp-session-id"),
        ("DELETE", "mcp-session-id"),
    ] {
        assert_eq!(mcp.check("https://a.example", method, &[names]), Ok(()), "{method} {names}");
    }
    for (method, names) in [("PUT", ""), ("POST", "mcp-param-"), ("POST", "mcp-other")] {
        assert!(mcp.check("https://a.example", method, &[names]).is_err(), "{method} {names}");
    }
    assert_eq!(exposed(&mcp), ["mcp-session-id", "mcp-protocol-version", "www-authenticate"]);

    let tracing = one_origin().preset(Preset::Tracing).build().unwrap();
    let names = ["baggage,traceparent,tracestate"];
    assert_eq!(tracing.check("https://a.example", "GET", &names), Ok(()), "the default stays");
    assert!(tracing.check("https://a.example", "POST", &names).is_err());
    assert!(exposed(&tracing).is_empty());
    let more = one_origin().preset(Preset::Tracing).allow_methods(["PUT"]).build().unwrap();
    assert_eq!(more.config().allow_methods, ["PUT"], "the first call still replaces the default");

    let tus = one_origin().preset(Preset::Tus).build().unwrap();
    for (method, names) in [
        ("POST", "content-type,tus-resumable,upload-length,upload-metadata"),
        ("POST", "tus-resumable,upload-defer-length,upload-concat,x-http-method-override"),
        ("HEAD", "tus-resumable"),
        ("PATCH", "content-type,tus-resumable,upload-checksum,upload-offset"),
        ("DELETE", "tus-resumable"),
        ("OPTIONS", ""),
    ] {
        assert_eq!(tus.check("https://a.example", method, &[names]), Ok(()), "{method} {names}");
    }
    for name in ["location", "upload-offset", "upload-length", "upload-expires", "tus-version"] {
        assert!(exposed(&tus).contains(&name.to_owned()), "{name}");
    }

    for policy in [mcp, tracing, tus] {
        assert_eq!(policy.diagnostics(), []);
        let token = policy.check("https://a.example", "GET", &["authorization"]);
        let says_tokens = policy.config().allow_headers.contains(&"Authorization".to_owned());
        assert_eq!(token.is_ok(), says_tokens, "only MCP says how tokens travel");
    }
}

/// The names that a response to an allowed origin exposes.
fn exposed(policy: &CorsPolicy) -> Vec<String> {
    let (response, _) = through(&CorsLayer::from(policy.clone()), &["POST /", A], &["200"]);
    let names = response.headers().get("access-control-expose-headers");
    let names = names.map_or("", |names| names.to_str().unwrap());
    names.split(", ").filter(|name| !name.is_empty()).map(str::to_ascii_lowercase).collect()
}

#[test]
fn presets_add_and_say_nothing_twice() {
    let layer = one_origin()
        .allow_methods(["POST"])
        .allow_headers(["x-mine", "X-GRPC-WEB"])
        .expose_headers(["x-mine", "grpc-status"]);
    let layer = layer.preset(Preset::GrpcWeb).preset(Preset::Connect).preset(Preset::GrpcWeb);
    let policy = layer.clone().allow_headers(["x-more"]).build().unwrap();
    let config = policy.config();
    assert_eq!(config.allow_methods, ["POST", "GET"]);
    assert_eq!(
        config.allow_headers,
        [
            "x-mine",
            "X-GRPC-WEB",
            "Content-Type",
            "X-User-Agent",
            "Grpc-Timeout",
            "Connect-Protocol-Version",
            "Connect-Timeout-Ms",
            "x-more",
        ]
    );
    assert_eq!(
        config.expose_headers,
        ["x-mine", "grpc-status", "Grpc-Message", "Grpc-Status-Details-Bin"]
    );
    assert_eq!(policy.diagnostics(), []);
    // Under mirrored methods and any header a preset adds nothing that is in the way.
    let wide = CorsLayer::new().allow_origins(Any).allow_headers(Any).preset(Preset::GrpcWeb);
    assert_eq!(wide.build().unwrap().check("https://a.example", "POST", &["anything"]), Ok(()));
}

#[test]
fn a_preset_in_a_configuration_is_the_same() {
    let mut config = CorsConfig::default();
    config.allow_origins = vec!["https://a.example".to_owned()];
    config.allow_methods = vec!["POST".to_owned()];
    config.preset = vec![Preset::GrpcWeb];
    let by_config = CorsLayer::from(config).build().unwrap();
    let by_verbs = one_origin().preset(Preset::GrpcWeb).build().unwrap();
    assert_eq!(by_config.config(), by_verbs.config());
}
