//! `preset`: the names that a protocol's clients need, none of them twice.

use tower_cors::{Any, CorsConfig, CorsLayer, Preset};

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
