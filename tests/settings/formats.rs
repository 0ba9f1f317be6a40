//! Proves that settings are read from TOML, JSON and environment variables as FastAPI users write
//! them, that every faulty key is named at once, and that writing and reading again changes
//! nothing.
#![cfg(feature = "serde")]

mod common;

use common::*;
use proptest::{prelude::*, sample::select};
use serde::Deserialize;
use serde::de::value::{Error as PlainError, MapDeserializer};
use tower_cors::{CorsConfig, CorsLayer, EnforceOrigin, Preset, Risk};

#[track_caller]
fn from_toml(text: &str) -> CorsConfig {
    toml::from_str(text).unwrap_or_else(|error| panic!("{error}"))
}

#[track_caller]
fn from_json(text: &str) -> CorsConfig {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}"))
}

/// Pairs of texts, as environment variables come.
fn from_env(pairs: &[(&str, &str)]) -> Result<CorsConfig, String> {
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
        tolerate = ["any_origin", "NullOrigin", "public-suffix-with-credentials"]
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
    assert_eq!(
        config.tolerate,
        [
            Risk::AnyOrigin,
            Risk::NullOrigin,
            Risk::AnyOrigin
        ]
    );
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
    assert_eq!(CorsLayer::from(config).build().unwrap_err().faults().len(), 2);
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
    assert_eq!(from_env(&[("allow_origin_regex", "")]).unwrap().allow_origin_regex, [""; 0]);
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

#[track_caller]
fn refused(pairs: &[(&str, &str)], expected: &[&str]) {
    let error = from_env(pairs).unwrap_err();
    assert_eq!(error.lines().collect::<Vec<_>>(), expected, "{pairs:?}");
}

#[test]
fn errors_name_the_key_the_value_and_the_fix() {
    refused(
        &[("allow_credentials", "maybe")],
        &["allow_credentials: \"maybe\" is not true or false"],
    );
    refused(
        &[("max_age", "-1")],
        &[
            "max_age: \"-1\" is not a whole number of seconds; write 0 for no caching, \"none\" to omit the header",
        ],
    );
    refused(
        &[("max_age", "10m")],
        &[
            "max_age: \"10m\" is not a whole number of seconds; write 0 for no caching, \"none\" to omit the header",
        ],
    );
    refused(
        &[("preflight_status", "ok")],
        &["preflight_status: \"ok\" is not a status from 200 to 299"],
    );
    refused(
        &[("tolerate", "everything")],
        &[
            "tolerate: \"everything\" is unknown; write one of AnyOrigin, NullOrigin, AnyOrigin, InsecureOriginWithCredentials, LooseRegexWithCredentials",
        ],
    );
    refused(&[("preset", "grpc")], &["preset: \"grpc\" is unknown; write one of GrpcWeb, Connect"]);
    refused(
        &[("enforce_origin", "all")],
        &["enforce_origin: \"all\" is unknown; write one of Nothing, WebSockets, AllRequests"],
    );
}

#[test]
fn unknown_keys_are_refused_with_the_nearest_one() {
    for (key, nearest) in [
        ("allow_origin", "allow_origins"),
        ("allow-origins", "allow_origins"),
        ("ALLOW_ORIGINS", "allow_origins"),
        ("allowed_origins", "allow_origins"),
        ("allowOrigins", "allow_origins"),
        ("allow_method", "allow_methods"),
        ("allow_header", "allow_headers"),
        ("exposed_headers", "expose_headers"),
        ("expose_header", "expose_headers"),
        ("maxage", "max_age"),
        ("allow_credential", "allow_credentials"),
        ("allow_origins_regex", "allow_origin_regex"),
    ] {
        refused(&[(key, "x")], &[&format!("unknown key `{key}`; did you mean `{nearest}`?")]);
    }
    let error = from_env(&[("timeout", "1")]).unwrap_err();
    assert!(error.starts_with("unknown key `timeout`; the keys are allow_origins, "), "{error}");
}

/// A person mends a file once.
#[test]
fn all_errors_come_at_once() {
    let lines = [
        "unknown key `allow_origin`; did you mean `allow_origins`?",
        "allow_credentials: \"maybe\" is not true or false",
        "tolerate: \"x\" is unknown; write one of AnyOrigin, NullOrigin, AnyOrigin, InsecureOriginWithCredentials, LooseRegexWithCredentials",
        "max_age: \"x\" is not a whole number of seconds; write 0 for no caching, \"none\" to omit the header",
    ];
    refused(
        &[
            ("allow_origin", "a"),
            ("allow_credentials", "maybe"),
            ("tolerate", "x"),
            ("max_age", "x"),
        ],
        &lines,
    );
    let text = r#"{"allow_origin": ["a"], "allow_credentials": "maybe", "tolerate": ["x"], "max_age": "x"}"#;
    let error = serde_json::from_str::<CorsConfig>(text).unwrap_err().to_string();
    assert!(error.starts_with(&lines.join("\n")), "{error}");
    let text =
        "allow_origin = \"a\"\nallow_credentials = \"maybe\"\ntolerate = \"x\"\nmax_age = \"x\"";
    let error = toml::from_str::<CorsConfig>(text).unwrap_err().to_string();
    assert!(lines.iter().all(|line| error.contains(line)), "{error}");
}

/// Values of a kind that no setting has are named like any other, and do not hide the rest.
#[test]
fn values_of_a_wrong_kind_are_named_with_the_others() {
    for (json, key) in [
        (r#""allow_origins": 1"#, "allow_origins"),
        (r#""allow_origins": true"#, "allow_origins"),
        (r#""allow_origins": [1]"#, "allow_origins"),
        (r#""allow_origins": [["a"]]"#, "allow_origins"),
        (r#""allow_origins": {"a": 1}"#, "allow_origins"),
        (r#""allow_origins": [null]"#, "allow_origins"),
        (r#""allow_origin_regex": 1.5"#, "allow_origin_regex"),
        (r#""allow_credentials": 2"#, "allow_credentials"),
        (r#""allow_credentials": []"#, "allow_credentials"),
        (r#""max_age": -1"#, "max_age"),
        (r#""max_age": 1.5"#, "max_age"),
        (r#""max_age": 1e3"#, "max_age"),
        (r#""max_age": 99999999999999999999"#, "max_age"),
        (r#""max_age": [1]"#, "max_age"),
        (r#""preflight_status": 70000"#, "preflight_status"),
        (r#""enforce_origin": []"#, "enforce_origin"),
        (r#""enforce_origin": true"#, "enforce_origin"),
        (r#""preset": 1"#, "preset"),
    ] {
        let error =
            serde_json::from_str::<CorsConfig>(&format!("{{{json}}}")).unwrap_err().to_string();
        assert!(error.starts_with(&format!("{key}: ")), "{json}: {error}");
        // Another error after it is named, too.
        let both = format!("{{{json}, \"alow_methods\": [], \"mirror_methods\": \"x\"}}");
        let error = serde_json::from_str::<CorsConfig>(&both).unwrap_err().to_string();
        for part in [&format!("{key}: "), "`allow_methods`", "mirror_methods: "] {
            assert!(error.contains(part), "{json}: {error} lacks {part}");
        }
    }
}

#[test]
fn a_key_that_stands_twice_is_an_error() {
    let error = serde_json::from_str::<CorsConfig>(r#"{"max_age": 1, "max_age": 2}"#)
        .unwrap_err()
        .to_string();
    assert!(error.contains("max_age") && error.contains("twice"), "{error}");
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
    assert!(error.to_string().contains("did you mean `allow_origins`?"), "{error}");
}

/// What a fault calls the setting is the key.
#[test]
fn faults_name_keys() {
    let config = from_toml(
        r#"
        allow_origins = "https://a.example/"
        allow_origin_regex = "("
        allow_methods = ["get"]
        allow_headers = ["a b"]
        expose_headers = ["set-cookie"]
        preflight_status = 302
        constant_wildcard = true
        "#,
    );
    let json = serde_json::to_value(CorsConfig::default()).unwrap();
    let error = CorsLayer::from(config).build().unwrap_err();
    assert_eq!(error.faults().len(), 7, "{error}");
    for fault in error.faults() {
        assert!(json.get(fault.setting()).is_some(), "{fault}");
    }
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
        tolerate in prop::collection::vec(select(vec![
            Risk::AnyOrigin,
            Risk::NullOrigin,
            Risk::AnyOrigin,
            Risk::InsecureOriginWithCredentials,
            Risk::LooseRegexWithCredentials,
        ]), 0..3),
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
