//! The servers behind the caches: one application, with the layer in several settings.

use axum::{
    Router,
    extract::Request,
    http::{
        HeaderMap, HeaderName, HeaderValue, StatusCode,
        header::{
            ACCEPT_LANGUAGE, ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_ORIGIN,
            CACHE_CONTROL, ORIGIN, VARY,
        },
    },
    response::{IntoResponse, Response},
};
use tower_cors::{
    Any, AsyncPerRequestLayer, CorsLayer, CorsPolicy, EnforceOrigin, PerRequestLayer,
};
use tower_http::compression::CompressionLayer;

use crate::requests::{ADMIN, APP, PARTNER, TENANT};

/// One server.
pub struct Setup {
    pub name: &'static str,
    pub router: Router,
    /// What is asked for.
    pub paths: &'static [&'static str],
    /// The cache that must give wrong answers, where a fault is planted.
    pub differs_in: Option<&'static str>,
}

pub const ENFORCED: &str = "EnforceOrigin::AllRequests";

const ITEMS: [&str; 4] = ["/items/1", "/items/2", "/missing", "/greeting"];
/// With a handler whose two Vary lines the layer has to join.
const ALL_PATHS: [&str; 5] = ["/items/1", "/items/2", "/missing", "/greeting", "/two-lines"];

pub fn all() -> Vec<Setup> {
    let list = || {
        CorsLayer::new()
            .allow_origins([APP, ADMIN])
            .allow_methods(["GET", "POST"])
            .expose_headers(["x-total"])
            .allow_credentials(true)
    };
    let wildcard = || CorsLayer::new().allow_origins(Any).expose_headers(["x-total"]);
    let choose = chooser(list(), wildcard());
    let awaited = choose.clone();
    let tenant = HeaderName::from_static(TENANT);

    let mut setups = vec![
        setup("list with credentials", application().layer(list())),
        setup("*", application().layer(wildcard())),
        // The layer adds no Vary here, so it does not join lines either.
        Setup {
            paths: &ITEMS,
            ..setup("constant_wildcard", application().layer(wildcard().constant_wildcard(true)))
        },
        setup(
            "policy per request",
            application().layer(PerRequestLayer::new(choose).vary([tenant.clone()])),
        ),
        setup(
            "policy per request, awaited",
            application().layer(
                AsyncPerRequestLayer::new(move |head| {
                    let policy = awaited(head);
                    async move { policy }
                })
                .vary([tenant]),
            ),
        ),
        setup("compression inside", application().layer(CompressionLayer::new()).layer(list())),
        setup(ENFORCED, application().layer(list().enforce_origin(EnforceOrigin::AllRequests))),
    ];
    setups.push(Setup {
        differs_in: Some("nginx"),
        ..setup("planted: two Vary lines", Router::new().fallback(by_hand))
    });
    setups
}

fn setup(name: &'static str, router: Router) -> Setup {
    Setup { name, router, paths: &ALL_PATHS, differs_in: None }
}

/// Reads Origin and the tenant; requests of one tenant are left alone.
fn chooser(
    list: CorsLayer,
    wildcard: CorsLayer,
) -> impl Fn(&axum::http::request::Parts) -> Option<CorsPolicy> + Clone {
    let build = |layer: CorsLayer| layer.build().expect("these settings are right");
    let partner = build(CorsLayer::new().allow_origins([PARTNER]).expose_headers(["x-partner"]));
    let (list, wildcard) = (build(list), build(wildcard));
    move |head| {
        let value = |name: &str| head.headers.get(name).map(HeaderValue::as_bytes);
        match (value(TENANT), value("origin")) {
            (Some(b"closed"), _) => None,
            (_, Some(origin)) if origin == PARTNER.as_bytes() => Some(partner.clone()),
            (Some(b"public"), _) => Some(wildcard.clone()),
            _ => Some(list.clone()),
        }
    }
}

fn application() -> Router {
    Router::new().fallback(async |request: Request| answer(request.uri().path(), request.headers()))
}

/// The body tells what it depends on. It is long enough for the compression.
fn answer(path: &str, headers: &HeaderMap) -> Response {
    let language = match headers.get(ACCEPT_LANGUAGE).map(HeaderValue::as_bytes) {
        Some(b"de") => "Guten Tag. ",
        Some(b"fr") => "Bonjour. ",
        _ => "Hello. ",
    };
    let (status, body) = match path {
        "/missing" => (StatusCode::NOT_FOUND, "nothing here. ".repeat(20)),
        "/greeting" | "/two-lines" => (StatusCode::OK, language.repeat(20)),
        _ => (StatusCode::OK, path.repeat(20)),
    };
    let mut response = (status, body).into_response();
    let fields = response.headers_mut();
    fields.insert(CACHE_CONTROL, HeaderValue::from_static("public, max-age=600"));
    fields.insert("x-total", HeaderValue::from_static("2"));
    if matches!(path, "/greeting" | "/two-lines") {
        fields.append(VARY, HeaderValue::from_static("accept-language"));
    }
    if path == "/two-lines" {
        fields.append(VARY, HeaderValue::from_static("x-theme"));
    }
    response
}

/// What people write themselves: right, but for caches that read one Vary line.
async fn by_hand(request: Request) -> Response {
    let mut response = answer("/items/1", request.headers());
    let fields = response.headers_mut();
    fields.append(VARY, HeaderValue::from_static("origin"));
    fields.append(VARY, HeaderValue::from_static("accept-language"));
    if let Some(origin) = request.headers().get(ORIGIN).filter(|origin| *origin != "null") {
        fields.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
        fields.insert(ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
    }
    response
}
