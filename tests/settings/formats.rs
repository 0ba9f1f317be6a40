//! `CorsConfig`: read from TOML, JSON and environment variables as FastAPI users write them; what is
//! written is read again.

use proptest::{prelude::*, sample::select};
use serde::Deserialize;
use serde::de::value::{Error as PlainError, MapDeserializer};
use tower_cors::{CorsConfig, CorsLayer, EnforceOrigin, Preset, Risk, Severity};

use super::common::preflight;

#[track_caller]
pub(super) fn from_toml(text: &str) -> CorsConfig {
    toml::from_str(text).unwrap_or_else(|error| panic!("{error}"))
}

#[track_caller]
fn from_json(text: &str) -> CorsConfig {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}"))
}

/// Pairs of texts, as environment variables come.
pub(super) fn from_env(pairs: &[(&str, &str)]) -> Result<CorsConfig, String> {
    let map = MapDeserializer::<_, PlainError>::new(pairs.iter().copied());
    CorsConfig::deserialize(map).map_err(|error| error.to_string())
}

/// The configuration in the seed of FastAPI's tutorial.
fn tutorial() -> CorsConfig {
    let mut config = CorsConfig::default();
    config.allow_origins = [
        "http://localhost.tiangolo.com",
        "https://localhost.tiangolo.com",
        "http://localhost",
        "http://localhost:8080",
    ]
    .map(str::to_owned)
    .into();
    config.allow_credentials = true;
    config.allow_methods = vec!["*".to_owned()];
    config.allow_headers = vec!["*".to_owned()];
    config
}

#[test]
fn toml_json_and_the_environment_say_the_same() {
    let toml = from_toml(
        r#"
        allow_origins = [
            "http://localhost.tiangolo.com",
            "https://localhost.tiangolo.com",
            "http://localhost",
            "http://localhost:8080",
        ]
        allow_credentials = true
        allow_methods = ["*"]
        allow_headers = ["*"]
        "#,
    );
    let json = from_json(
        r#"{
            "allow_origins": ["http://localhost.tiangolo.com", "https://localhost.tiangolo.com", "http://localhost", "http://localhost:8080"],
            "allow_credentials": true,
            "allow_methods": ["*"],
            "allow_headers": "*"
        }"#,
    );
    let environment = from_env(&[
        (
            "allow_origins",
            "http://localhost.tiangolo.com, https://localhost.tiangolo.com,http://localhost ,http://localhost:8080",
        ),
        ("allow_credentials", "true"),
        ("allow_methods", "*"),
        ("allow_headers", r#"["*"]"#),
    ]);
    assert_eq!(toml, tutorial());
    assert_eq!(json, tutorial());
    assert_eq!(environment, Ok(tutorial()));
    let layer = CorsLayer::from(toml);
    preflight(
        &layer,
        &["origin: http://localhost:8080", "ac-request-method: PUT", "ac-request-headers: x"],
        &[
            "200 OK",
            "ac-allow-origin: http://localhost:8080",
            "ac-allow-methods: DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT, QUERY",
            "ac-max-age: 600",
            "ac-allow-headers: x",
            "ac-allow-credentials: true",
        ],
    );
}

#[test]
fn nothing_said_is_the_default() {
    assert_eq!(from_toml(""), CorsConfig::default());
    assert_eq!(from_json("{}"), CorsConfig::default());
    assert_eq!(from_env(&[]), Ok(CorsConfig::default()));
}

#[test]
fn every_key_is_read() {
    let config = from_toml(
        r#"
        allow_origins = "https://a.example"
        allow_origin_regex = ["https://b", "https://c"]
        allow_methods = ["GET", "PUT"]
        allow_headers = "x-a, x-b"
        allow_credentials = true
        allow_private_network = true
        expose_headers = ["x-c"]
        max_age = 60
        mirror_methods = true
        preflight_status = 204
        browser_diagnostics = true
        constant_wildcard = true
        preset = ["grpc_web", "Connect"]
        enforce_origin = "web-sockets"
        tolerate = ["any_origin", "NullOrigin", "any-origin"]
        "#,
    );
    assert_eq!(config.allow_origins, ["https://a.example"]);
    assert_eq!(config.allow_origin_regex, ["https://b", "https://c"]);
    assert_eq!(config.allow_methods, ["GET", "PUT"]);
    assert_eq!(config.allow_headers, ["x-a", "x-b"]);
    assert!(config.allow_credentials && config.allow_private_network);
    assert_eq!(config.expose_headers, ["x-c"]);
    assert_eq!(config.max_age, Some(60));
    assert!(config.mirror_methods && config.browser_diagnostics && config.constant_wildcard);
    assert_eq!(config.preflight_status, 204);
    assert_eq!(config.preset, [Preset::GrpcWeb, Preset::Connect]);
    assert_eq!(config.enforce_origin, EnforceOrigin::WebSockets);
    assert_eq!(config.tolerate, [Risk::AnyOrigin, Risk::NullOrigin, Risk::AnyOrigin]);
}

#[test]
fn lists_in_one_text() {
    for (text, items) in [
        ("", &[][..]),
        (" ", &[]),
        (",", &[]),
        ("[]", &[]),
        ("a", &["a"]),
        ("a,b", &["a", "b"]),
        (" a , b ,", &["a", "b"]),
        (r#"["a"]"#, &["a"]),
        (r#"["a", "b"]"#, &["a", "b"]),
        (r#" [ "a" , 'b' , c ] "#, &["a", "b", "c"]),
        ("*", &["*"]),
        // Without brackets it is no list of JSON, and `build()` says that the quotes are in the way.
        (r#""a",'b'"#, &["\"a\"", "'b'"]),
        // A bracketed address is no list.
        ("http://[::1]", &["http://[::1]"]),
        ("http://[::1]:3000,http://[::1]", &["http://[::1]:3000", "http://[::1]"]),
    ] {
        for key in ["allow_origins", "allow_methods", "allow_headers", "expose_headers"] {
            let config = from_env(&[(key, text)]).unwrap();
            let list = match key {
                "allow_origins" => config.allow_origins,
                "allow_methods" => config.allow_methods,
                "allow_headers" => config.allow_headers,
                _ => config.expose_headers,
            };
            assert_eq!(list, items, "{key}={text}");
        }
    }
    // Items of a list are taken to the letter; `build()` says what is wrong with them.
    let config = from_json(r#"{"allow_origins": [" https://a.example", "https://b,https://c"]}"#);
    assert_eq!(config.allow_origins, [" https://a.example", "https://b,https://c"]);
    let error = CorsLayer::from(config).build().unwrap_err();
    let values: Vec<_> = error.diagnostics().iter().map(|one| one.value()).collect();
    assert_eq!(values, [Some("https://b,https://c")]);
}

/// Commas, brackets and blanks mean something in a regular expression.
#[test]
fn one_text_is_one_regex() {
    for regex in [
        r"https://[a-z]{1,3}\.example\.com",
        "https://a,https://b",
        "[a-z]+://a",
        " https://a ",
        r"https://(a|b)\.example",
    ] {
        let config = from_env(&[("allow_origin_regex", regex)]).unwrap();
        assert_eq!(config.allow_origin_regex, [regex]);
        let config = from_json(&serde_json::json!({ "allow_origin_regex": regex }).to_string());
        assert_eq!(config.allow_origin_regex, [regex]);
    }
    // Empty items are ignored.
    let config = from_env(&[("allow_origin_regex", "")]).unwrap();
    assert_eq!(config.allow_origin_regex, [""]);
    let policy = CorsLayer::from(config).build().unwrap();
    assert!(policy.diagnostics().iter().all(|one| one.severity() == Severity::Note));
    // FastAPI's default.
    assert_eq!(from_json(r#"{"allow_origin_regex": null}"#), CorsConfig::default());
}

#[test]
fn booleans_and_numbers_in_texts() {
    for (text, value) in [
        ("true", true),
        ("True", true),
        ("1", true),
        ("yes", true),
        ("on", true),
        ("false", false),
        ("FALSE", false),
        ("0", false),
        ("no", false),
        ("off", false),
    ] {
        let config = from_env(&[("allow_credentials", text)]).unwrap();
        assert_eq!(config.allow_credentials, value, "{text}");
    }
    for (text, value) in [
        ("0", Some(0)),
        (" 60 ", Some(60)),
        ("86400", Some(86_400)),
        ("none", None),
        ("None", None),
    ] {
        assert_eq!(from_env(&[("max_age", text)]).unwrap().max_age, value, "{text}");
    }
    assert_eq!(from_json(r#"{"max_age": null}"#).max_age, None);
    assert_eq!(from_json(r#"{"max_age": 18446744073709551615}"#).max_age, Some(u64::MAX));
    assert_eq!(from_env(&[("preflight_status", "204")]).unwrap().preflight_status, 204);
}

/// As a part of an application's own settings.
#[test]
fn it_nests_in_settings_of_an_application() {
    #[derive(Debug, Deserialize)]
    struct Settings {
        name: String,
        #[serde(default)]
        cors: CorsConfig,
    }

    let settings: Settings =
        toml::from_str("name = \"app\"\n[cors]\nallow_origins = [\"https://a.example\"]").unwrap();
    assert_eq!((settings.name.as_str(), settings.cors.allow_origins.len()), ("app", 1));
    let settings: Settings = toml::from_str("name = \"app\"").unwrap();
    assert_eq!(settings.cors, CorsConfig::default());
    let error =
        toml::from_str::<Settings>("name = \"app\"\n[cors]\nallow_origin = []").unwrap_err();
    let error = error.to_string();
    assert!(error.contains("line 3") && error.contains("`allow_origin`"), "{error}");
}

/// What the policy says of itself can be written down and makes the same policy.
#[test]
fn a_policy_s_config_makes_the_same_policy() {
    let policy = CorsLayer::new()
        .allow_origins(["https://a.example", "https://*.b.example"])
        .preset(Preset::GrpcWeb)
        .max_age(None)
        .tolerate(Risk::NullOrigin)
        .build()
        .unwrap();
    for config in [
        serde_json::from_str::<CorsConfig>(&serde_json::to_string(policy.config()).unwrap())
            .unwrap(),
        toml::from_str::<CorsConfig>(&toml::to_string(policy.config()).unwrap()).unwrap(),
    ] {
        assert_eq!(config, *policy.config());
        assert_eq!(CorsLayer::from(config).build().unwrap().config(), policy.config());
    }
}

fn texts() -> impl Strategy<Value = Vec<String>> {
    prop::collection::vec("[ -~\u{e9}]{0,8}", 0..4)
}

prop_compose! {
    fn configs()(
        lists in (texts(), texts(), texts(), texts(), texts()),
        flags in any::<[bool; 5]>(),
        max_age in prop_oneof![Just(None), (0..=i64::MAX as u64).prop_map(Some)],
        preflight_status in any::<u16>(),
        preset in prop::collection::vec(select(vec![Preset::GrpcWeb, Preset::Connect]), 0..3),
        enforce_origin in select(vec![EnforceOrigin::Nothing, EnforceOrigin::WebSockets, EnforceOrigin::AllRequests]),
        tolerate in prop::collection::vec(select(vec![Risk::AnyOrigin, Risk::NullOrigin]), 0..3),
    ) -> CorsConfig {
        let mut config = CorsConfig::default();
        (config.allow_origins, config.allow_origin_regex, config.allow_methods, config.allow_headers, config.expose_headers) = lists;
        [
            config.allow_credentials,
            config.allow_private_network,
            config.mirror_methods,
            config.browser_diagnostics,
            config.constant_wildcard,
        ] = flags;
        config.max_age = max_age;
        config.preflight_status = preflight_status;
        config.preset = preset;
        config.enforce_origin = enforce_origin;
        config.tolerate = tolerate;
        config
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn writing_and_reading_again_changes_nothing(config in configs()) {
        let json = serde_json::to_string(&config).unwrap();
        prop_assert_eq!(&serde_json::from_str::<CorsConfig>(&json).unwrap(), &config, "{}", json);
        let text = toml::to_string(&config).unwrap();
        prop_assert_eq!(&toml::from_str::<CorsConfig>(&text).unwrap(), &config, "{}", text);
    }

    /// No text panics.
    #[test]
    fn any_text_is_read_or_refused(key in "[a-z_]{0,70}", text in "\\PC{0,20}") {
        for key in [key.as_str(), "allow_origins", "allow_origin_regex", "max_age", "tolerate", "enforce_origin", "preflight_status"] {
            let _ = from_env(&[(key, &text)]).map(|config| CorsLayer::from(config).build());
        }
    }
}
