//! What people type first compiles, and means what they mean.

#![expect(clippy::needless_borrows_for_generic_args, reason = "people borrow")]

use std::{convert::Infallible, fs, path::Path, time::Duration};

use http::{HeaderName, HeaderValue, Method, Request, Response, Uri, header};
use tower::{Layer, ServiceBuilder, service_fn};
use tower_cors::{Any, CorsConfig, CorsLayer};

fn config(layer: CorsLayer) -> CorsConfig {
    layer.build().expect("a policy").config().clone()
}

#[test]
fn origins() {
    const A: &str = "https://a.example";
    const B: &str = "https://b.example";
    let texts: &[&str] = &[A, B];
    let pair = [A, B];
    let strings = vec![A.to_owned(), B.to_owned()];
    let value = HeaderValue::from_static(A);
    let variable = "https://a.example, https://b.example";
    let new = CorsLayer::new;
    for (form, layer, expected) in [
        ("one &str", new().allow_origins(A), &[A][..]),
        ("one String", new().allow_origins(A.to_owned()), &[A]),
        ("one &String", new().allow_origins(&strings[0]), &[A]),
        ("[&str]", new().allow_origins([A, B]), &[A, B]),
        ("&[&str]", new().allow_origins(texts), &[A, B]),
        ("&[&str; 2]", new().allow_origins(&pair), &[A, B]),
        ("vec![&str]", new().allow_origins(vec![A, B]), &[A, B]),
        ("Vec<String>", new().allow_origins(strings.clone()), &[A, B]),
        ("&Vec<String>", new().allow_origins(&strings), &[A, B]),
        ("map", new().allow_origins(strings.iter().map(String::as_str)), &[A, B]),
        (
            "split(',')",
            new().allow_origins("https://a.example,https://b.example".split(',')),
            &[A, B],
        ),
        ("split and trim", new().allow_origins(variable.split(',').map(str::trim)), &[A, B]),
        ("one HeaderValue", new().allow_origins(value.clone()), &[A]),
        ("&HeaderValue", new().allow_origins(&value), &[A]),
        ("parse", new().allow_origins(A.parse::<HeaderValue>().expect("a value")), &[A]),
        (
            "[HeaderValue]",
            new().allow_origins([value.clone(), HeaderValue::from_static(B)]),
            &[A, B],
        ),
        ("Vec<HeaderValue>", new().allow_origins(vec![value]), &[A]),
        ("Uri", new().allow_origins(Uri::from_static(A)), &[A]),
        ("[Uri]", new().allow_origins([Uri::from_static(A), Uri::from_static(B)]), &[A, B]),
        ("Any", new().allow_origins(Any), &["*"]),
        ("\"*\"", new().allow_origins("*"), &["*"]),
        ("Option<&str>", new().allow_origins(Some(A)), &[A]),
    ] {
        assert_eq!(config(layer).allow_origins, expected, "{form}");
    }
}

#[test]
fn methods() {
    let methods = [Method::GET, Method::PUT];
    let new = || CorsLayer::new().allow_origins("https://a.example");
    for (form, layer, expected) in [
        ("one Method", new().allow_methods(Method::PUT), &["PUT"][..]),
        ("&Method", new().allow_methods(&Method::PUT), &["PUT"]),
        ("[Method]", new().allow_methods([Method::GET, Method::PUT]), &["GET", "PUT"]),
        ("vec![Method]", new().allow_methods(vec![Method::GET, Method::PUT]), &["GET", "PUT"]),
        ("&[Method]", new().allow_methods(&methods), &["GET", "PUT"]),
        ("one &str", new().allow_methods("PUT"), &["PUT"]),
        ("[&str]", new().allow_methods(["GET", "PUT"]), &["GET", "PUT"]),
        ("split(',')", new().allow_methods("GET,PUT".split(',')), &["GET", "PUT"]),
        ("Any", new().allow_methods(Any), &["*"]),
        ("\"*\"", new().allow_methods("*"), &["*"]),
    ] {
        assert_eq!(config(layer).allow_methods, expected, "{form}");
    }
}

#[test]
fn names() {
    let names = [header::AUTHORIZATION, HeaderName::from_static("x-token")];
    let new = || CorsLayer::new().allow_origins("https://a.example");
    for (form, layer, expected) in [
        ("one HeaderName", new().allow_headers(header::AUTHORIZATION), &["authorization"][..]),
        ("&HeaderName", new().allow_headers(&names[0]), &["authorization"]),
        ("[HeaderName]", new().allow_headers(names.clone()), &["authorization", "x-token"]),
        ("&[HeaderName]", new().allow_headers(&names), &["authorization", "x-token"]),
        ("one &str", new().allow_headers("x-token"), &["x-token"]),
        ("[&str]", new().allow_headers(["x-token"]), &["x-token"]),
        (
            "split(',')",
            new().allow_headers("authorization,x-token".split(',')),
            &["authorization", "x-token"],
        ),
        ("Any", new().allow_headers(Any), &["*"]),
    ] {
        assert_eq!(config(layer).allow_headers, expected, "{form}");
    }
    for (form, layer, expected) in [
        ("one HeaderName", new().expose_headers(header::ETAG), &["etag"][..]),
        ("[HeaderName]", new().expose_headers([header::ETAG]), &["etag"]),
        ("one &str", new().expose_headers("etag"), &["etag"]),
        ("Any", new().expose_headers(Any), &["*"]),
    ] {
        assert_eq!(config(layer).expose_headers, expected, "{form}");
    }
}

#[test]
fn max_age() {
    let new = || CorsLayer::new().allow_origins("https://a.example");
    for (form, layer, expected) in [
        ("a number", new().max_age(600), Some(600)),
        ("a number with an underscore", new().max_age(7_200), Some(7_200)),
        ("a product", new().max_age(60 * 60), Some(3_600)),
        ("u64", new().max_age(600_u64), Some(600)),
        ("Duration", new().max_age(Duration::from_secs(600)), Some(600)),
        ("Some(Duration)", new().max_age(Some(Duration::from_secs(600))), Some(600)),
        ("None", new().max_age(None), None),
        ("zero", new().max_age(0), Some(0)),
    ] {
        assert_eq!(config(layer).max_age, expected, "{form}");
    }
}

#[test]
fn a_policy_is_a_layer() {
    async fn home(_: Request<String>) -> Result<Response<String>, Infallible> {
        Ok(Response::default())
    }
    let policy = CorsLayer::new().allow_origins("https://a.example").build().expect("a policy");
    let _ = policy.layer(service_fn(home));
    let _ = ServiceBuilder::new().layer(policy.clone()).service_fn(home);
    let _ = ServiceBuilder::new().layer(CorsLayer::from(policy)).service_fn(home);
}

/// Who searches the documentation for a name of `tower_http::cors` finds what to write here.
#[test]
fn every_name_of_tower_http_is_one_of_ours_or_an_alias() {
    // The public names of tower-http 0.7's module `cors`.
    const THEIRS: &str = "AllowCredentials AllowHeaders AllowMethods AllowOrigin AllowPrivateNetwork Any Cors CorsLayer
        ExposeHeaders MaxAge ResponseFuture Vary allow_credentials allow_headers allow_methods allow_origin
        allow_private_network any async_predicate dynamic exact expose_headers layer list max_age mirror_request new
        permissive predicate preflight_request_headers vary very_permissive yes";
    let mut source = String::new();
    for folder in ["", "layer", "settings"] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../src").join(folder);
        for file in fs::read_dir(folder).expect("the crate's source") {
            let path = file.expect("a file").path();
            if path.is_file() {
                source += &fs::read_to_string(path).expect("a text");
            }
        }
    }
    let aliases: String =
        source.lines().filter(|line| line.trim_start().starts_with("#[doc(alias")).collect();
    for name in THEIRS.split_whitespace() {
        let is_ours = ["struct", "fn", "trait"].iter().any(|kind| {
            let item = format!("pub {kind} {name}");
            source
                .match_indices(&item)
                .any(|(at, _)| source[at + item.len()..].starts_with(['(', '<', ';', ' ']))
        });
        assert!(
            is_ours || aliases.contains(&format!("\"{name}\"")),
            "no item and no alias: {name}"
        );
    }
}
