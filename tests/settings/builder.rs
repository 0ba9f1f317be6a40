//! The builder's verbs: what they accept, and that each call of a list verb adds.

use http::{HeaderValue, Method, StatusCode, Uri, header};
use tower::Layer;
use tower_cors::CorsLayer;

use super::common::{Spy, one_origin};

/// The list verbs take what people have at hand.
#[test]
fn list_verbs_take_texts_methods_and_names() {
    let layer = CorsLayer::new()
        .allow_origins(vec![String::from("https://a.example")])
        .allow_origins(&["https://b.example"][..])
        .allow_origins(["https://c.example"].iter())
        .allow_origins(HeaderValue::from_static("https://d.example"))
        .allow_origins(["https://e.example".parse::<Uri>().unwrap()])
        .allow_methods([Method::GET, Method::PUT])
        .allow_methods(["PATCH"])
        .allow_headers([header::AUTHORIZATION])
        .allow_headers(Some("x-a"))
        .expose_headers([header::ETAG])
        .expose_headers(["x-b".to_owned()]);
    let policy = layer.build().unwrap();
    let config = policy.config();
    let origins = ["a", "b", "c", "d", "e"].map(|name| format!("https://{name}.example"));
    assert_eq!(config.allow_origins, origins);
    assert_eq!(config.allow_methods, ["GET", "PUT", "PATCH"]);
    assert_eq!(config.allow_headers, ["authorization", "x-a"]);
    assert_eq!(config.expose_headers, ["etag", "x-b"]);
    let _ = layer.layer(Spy::new(&["200"]));
}

/// hyprstream#1150: in another crate a verb called in a loop keeps only the last item.
#[test]
fn a_verb_called_in_a_loop_keeps_all() {
    let origins = ["https://a.example", "https://b.example", "https://c.example"];
    let looped =
        origins.iter().fold(CorsLayer::new(), |layer, origin| layer.allow_origins([origin]));
    let policy = looped.build().unwrap();
    assert!(origins.iter().all(|origin| policy.allows_origin(origin)));
    let looped =
        ["GET", "PUT"].iter().fold(one_origin(), |layer, method| layer.allow_methods([method]));
    assert_eq!(looped.build().unwrap().config().allow_methods, ["GET", "PUT"]);
    let looped =
        ["x-a", "x-b"].iter().fold(one_origin(), |layer, name| layer.allow_headers([name]));
    assert!(looped.build().unwrap().check("https://a.example", "GET", &["x-a,x-b"]).is_ok());
    let policy = CorsLayer::from(looped.build().unwrap()).allow_headers(["x-c"]).build().unwrap();
    assert_eq!(policy.config().allow_headers, ["x-a", "x-b", "x-c"]);
    let layer = CorsLayer::from(policy.config().clone()).allow_methods(["PUT"]);
    assert_eq!(layer.build().unwrap().config().allow_methods, ["GET", "PUT"]);
}

/// Nothing is kept of a build that failed, and nothing is said twice.
#[test]
fn building_again_says_the_same() {
    let layer = one_origin().allow_methods(["get"]);
    let first = layer.build().unwrap_err();
    assert_eq!(layer.build().unwrap_err(), first);
    assert_eq!(layer.clone().build().unwrap_err(), first);
    assert!(layer.allow_methods(["GET"]).build().is_err(), "a list only grows");
    let layer = one_origin().preflight_status(StatusCode::FOUND);
    assert!(layer.build().is_err());
    assert!(layer.preflight_status(StatusCode::OK).build().is_ok());
}
