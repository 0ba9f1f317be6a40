//! `CorsConfig`: what is refused of TOML, JSON and environment variables, with serde's own errors.

use tower_cors::{CorsConfig, CorsLayer};

use super::formats::{from_env, from_toml};

/// What one key with one value is refused with. A format of its own adds the line or the key.
#[track_caller]
fn refused(key: &str, text: &str, expected: &str) {
    assert_eq!(from_env(&[(key, text)]).unwrap_err(), expected);
    let error = toml::from_str::<CorsConfig>(&format!("\n{key} = {text:?}")).unwrap_err();
    let error = error.to_string();
    assert!(error.contains("line 2") && error.contains(key) && error.contains(expected), "{error}");
    let json = format!("{{\n{key:?}: {text:?}}}");
    let error = serde_json::from_str::<CorsConfig>(&json).unwrap_err().to_string();
    assert!(error.starts_with(expected) && error.contains("line 2"), "{error}");
}

#[test]
fn errors_name_the_value_and_the_fix() {
    refused(
        "allow_credentials",
        "maybe",
        r#"invalid value: string "maybe", expected true or false"#,
    );
    for value in ["-1", "10m", ""] {
        refused(
            "max_age",
            value,
            &format!(
                "invalid value: string {value:?}, expected a whole number of seconds (0 for no caching, \"none\" to omit the header)"
            ),
        );
    }
    refused(
        "preflight_status",
        "ok",
        r#"invalid value: string "ok", expected a status from 200 to 299"#,
    );
    refused(
        "tolerate",
        "everything",
        r#""everything" is unknown; write one of AnyOrigin, NullOrigin"#,
    );
    refused(
        "preset",
        "grpc",
        r#""grpc" is unknown; write one of GrpcWeb, Connect, Mcp, Tracing, Tus"#,
    );
    refused(
        "enforce_origin",
        "all",
        r#""all" is unknown; write one of Nothing, WebSockets, StateChanging, AllRequests"#,
    );
}

/// With all keys that there are, in the order of the settings.
#[test]
fn unknown_keys_are_refused() {
    let json = serde_json::to_value(CorsConfig::default()).unwrap();
    let keys = json.as_object().unwrap().keys().map(|key| format!("`{key}`"));
    let keys = keys.collect::<Vec<_>>().join(", ");
    for key in [
        "allow_origin",
        "allow-origins",
        "ALLOW_ORIGINS",
        "allowed_origins",
        "allowOrigins",
        "allow_method",
        "allow_header",
        "exposed_headers",
        "maxage",
        "allow_credential",
        "allow_origins_regex",
        "timeout",
    ] {
        let expected = format!("unknown field `{key}`, expected one of {keys}");
        refused(key, "x", &expected);
    }
}

/// Values of a kind that no setting has are refused, never read as another.
#[test]
fn values_of_a_wrong_kind_are_refused() {
    for (json, found) in [
        (r#""allow_origins": 1"#, "integer `1`, expected a list of texts, or one text"),
        (r#""allow_origins": true"#, "boolean `true`"),
        (r#""allow_origins": null"#, "null"),
        (r#""allow_origins": [1]"#, "integer `1`"),
        (r#""allow_origins": [["a"]]"#, "sequence"),
        (r#""allow_origins": {"a": 1}"#, "map"),
        (r#""allow_origins": [null]"#, "null"),
        (r#""allow_methods": null"#, "null"),
        (r#""allow_origin_regex": 1.5"#, "floating point `1.5`"),
        (r#""allow_credentials": 2"#, "integer `2`, expected true or false"),
        (r#""allow_credentials": []"#, "sequence"),
        (r#""max_age": -1"#, "integer `-1`, expected a whole number of seconds"),
        (r#""max_age": true"#, "boolean `true`"),
        (r#""max_age": 1.5"#, "floating point `1.5`"),
        (r#""max_age": 1e3"#, "floating point `1000.0`"),
        (r#""max_age": 99999999999999999999"#, "floating point"),
        (r#""max_age": [1]"#, "sequence"),
        (r#""preflight_status": 70000"#, "integer `70000`, expected a status from 200 to 299"),
        (r#""enforce_origin": []"#, "sequence"),
        (r#""enforce_origin": true"#, "boolean `true`"),
        (r#""preset": 1"#, "integer `1`"),
    ] {
        let error = serde_json::from_str::<CorsConfig>(&format!("{{\n{json}\n}}")).unwrap_err();
        let error = error.to_string();
        assert!(error.contains(found) && error.contains("line 2"), "{json}: {error}");
    }
}

#[test]
fn a_key_that_stands_twice_is_an_error() {
    let error = serde_json::from_str::<CorsConfig>(r#"{"max_age": 1, "max_age": 2}"#).unwrap_err();
    assert!(error.to_string().starts_with("duplicate field `max_age`"), "{error}");
}

/// What a diagnostic calls the setting is the key.
#[test]
fn diagnostics_name_keys() {
    let config = from_toml(
        r#"
        allow_origins = "https://a.example/"
        allow_origin_regex = "("
        allow_methods = ["get"]
        allow_headers = ["a b"]
        expose_headers = ["c d"]
        preflight_status = 302
        constant_wildcard = true
        "#,
    );
    let json = serde_json::to_value(CorsConfig::default()).unwrap();
    let error = CorsLayer::from(config).build().unwrap_err();
    assert_eq!(error.diagnostics().len(), 7, "{error}");
    for one in error.diagnostics() {
        assert!(json.get(one.setting().name()).is_some(), "{one}");
        assert_eq!(one.setting().to_string(), one.setting().name());
    }
}
