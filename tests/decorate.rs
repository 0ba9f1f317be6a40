//! Proves that responses made elsewhere become readable: limits, load shedders, time-outs, panics,
//! errors turned into responses; and the settings beside FastAPI's: `constant_wildcard`, presets,
//! `mirror_methods`, `preflight_status`, `max_age`.

mod common;

use std::{convert::Infallible, time::Duration};

use bytes::Bytes;
use common::*;
use http::{HeaderMap, HeaderValue, Request, Response, StatusCode, header};
use http_body_util::Full;
use tower::{BoxError, Layer, ServiceBuilder, ServiceExt, load_shed::LoadShedLayer, service_fn};
use tower_cors::{Any, CorsLayer, CorsPolicy, EnforceOrigin, Preset, ResponseBody};
use tower_http::{
    catch_panic::CatchPanicLayer, limit::RequestBodyLimitLayer, timeout::TimeoutLayer,
};

const A: &str = "origin: https://a.example";
const GET: &str = "ac-request-method: GET";

fn layer() -> CorsLayer {
    CorsLayer::new()
        .allow_origins(["https://a.example"])
        .allow_credentials(true)
        .expose_headers(["retry-after"])
}

const DECORATED: [&str; 4] = [
    "ac-allow-origin: https://a.example",
    "ac-allow-credentials: true",
    "ac-expose-headers: retry-after",
    "vary: Origin",
];

// Responses made elsewhere

/// P4 (docs/known-bugs.md): `decorate` does what the layer does, to any response for any request.
#[test]
fn decorate_does_what_the_layer_does() {
    let layers = [
        layer(),
        CorsLayer::new(),
        CorsLayer::new().allow_origins(Any),
        CorsLayer::new().allow_origins(Any).constant_wildcard(true).expose_headers(Any),
        tolerant().allow_origins(Any).allow_credentials(true),
        layer().enforce_origin(EnforceOrigin::AllRequests),
        layer().enforce_origin(EnforceOrigin::WebSockets),
    ];
    let inner = [
        &["429 slow down", "retry-after: 5"][..],
        &["500", "ac-allow-origin: *", "ac-allow-origin: https://own.example", "vary: Accept"],
        &["200", "vary: *", "ac-allow-credentials: false", "ac-expose-headers: own"],
        &["413"],
    ];
    for layer in &layers {
        let policy = layer.build().unwrap();
        for inner in inner {
            for asked in [&["GET /", A][..], &["GET /"], &["GET /", A, A], &["POST /", "cookie: a"]]
            {
                let (through_layer, calls) = through(layer, asked, inner);
                if calls == 0 {
                    continue; // enforce_origin's own 403
                }
                let mut by_hand = response(inner);
                policy.decorate(&head(asked).headers, by_hand.headers_mut());
                assert_eq!(rows(through_layer), rows(by_hand), "{asked:?} {inner:?}");
            }
        }
    }
}

/// Only the Origin needs to be kept until the response is there.
#[test]
fn the_origin_alone_is_enough() {
    let policy = layer().build().unwrap();
    let mut kept = HeaderMap::new();
    kept.insert(header::ORIGIN, HeaderValue::from_static("https://a.example"));
    let mut overloaded = response(&["503", "retry-after: 1"]);
    policy.decorate(&kept, overloaded.headers_mut());
    policy.decorate(&kept, overloaded.headers_mut());
    assert_eq!(rows(overloaded), expected(&[&["503", "retry-after: 1"], &DECORATED[..]].concat()));

    let mut other = response(&["503"]);
    kept.insert(header::ORIGIN, HeaderValue::from_static("https://b.example"));
    policy.decorate(&kept, other.headers_mut());
    assert_eq!(rows(other), expected(&["503", "vary: Origin"]));
}

/// Waits, panics, or says yes.
async fn handler<B>(request: Request<B>) -> Result<Response<Full<Bytes>>, Infallible> {
    match request.uri().path() {
        "/sleep" => tokio::time::sleep(Duration::from_secs(86_400)).await,
        "/panic" => panic!("on purpose"),
        _ => {}
    }
    Ok(Response::new(Full::default()))
}

#[track_caller]
fn readable<B>(response: &Response<B>, status: u16) {
    assert_eq!(response.status(), status);
    for line in &fields(&DECORATED) {
        assert_eq!(response.headers().get(line.0), Some(line.1), "{status}");
    }
}

#[tokio::test(start_paused = true)]
async fn limits_time_outs_and_panics_are_readable() {
    let service = ServiceBuilder::new()
        .layer(layer())
        .layer(CatchPanicLayer::new())
        .layer(RequestBodyLimitLayer::new(10))
        .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, Duration::from_secs(9)))
        .service(service_fn(handler));
    for (rows, status) in [
        (&["POST /", A][..], 200),
        (&["POST /", A, "content-length: 11"], 413),
        (&["POST /sleep", A], 408),
        (&["POST /panic", A], 500),
    ] {
        readable(&service.clone().oneshot(request(rows)).await.unwrap(), status);
    }
}

/// An `Err` is no response yet. Turned into one inside the layer, it comes out decorated.
#[tokio::test]
async fn an_error_turned_into_a_response_inside_is_readable() {
    use axum::{body::Body, error_handling::HandleErrorLayer};

    let respond = |error: BoxError| async move {
        let overloaded = error.is::<tower::load_shed::error::Overloaded>();
        (
            if overloaded { StatusCode::TOO_MANY_REQUESTS } else { StatusCode::BAD_GATEWAY },
            [("retry-after", "1")],
        )
    };
    let service = ServiceBuilder::new()
        .layer(layer())
        .layer(HandleErrorLayer::new(respond))
        .layer(LoadShedLayer::new())
        .concurrency_limit(1)
        .service(service_fn(|request: Request<Full<Bytes>>| async move {
            match request.uri().path() {
                "/broken" => Err::<Response<Body>, _>(BoxError::from("broken")),
                _ => std::future::pending().await,
            }
        }));
    let ask = |path: &str| service.clone().oneshot(request(&[path, A]));
    readable(&ask("GET /broken").await.unwrap(), 502);
    let busy = tokio::spawn(ask("GET /"));
    tokio::task::yield_now().await;
    let response = ask("GET /").await.unwrap();
    readable(&response, 429);
    assert_eq!(response.headers()["retry-after"], "1");
    busy.abort();
}

/// Outside the layer nothing knows the request any more: `decorate` with what was kept of it.
#[tokio::test]
async fn an_error_turned_into_a_response_outside_is_readable_by_hand() {
    let policy: CorsPolicy = layer().build().unwrap();
    let inner =
        CorsLayer::from(policy.clone()).layer(service_fn(|_: Request<Full<Bytes>>| async {
            Err::<Response<Full<Bytes>>, _>("broken")
        }));
    let outer = service_fn(move |request: Request<Full<Bytes>>| {
        let (policy, inner, kept) = (policy.clone(), inner.clone(), request.headers().clone());
        async move {
            let response = match inner.oneshot(request).await {
                Ok(response) => response.map(|_: ResponseBody<_>| Full::default()),
                Err(error) => {
                    let mut response = Response::new(Full::<Bytes>::from(error));
                    *response.status_mut() = StatusCode::BAD_GATEWAY;
                    policy.decorate(&kept, response.headers_mut());
                    response
                }
            };
            Ok::<_, Infallible>(response)
        }
    });
    readable(&outer.oneshot(request(&["GET /", A])).await.unwrap(), 502);
}

/// axum's way: the layer on the router, errors handled within.
#[tokio::test]
async fn axum_s_own_rejections_are_readable() {
    use axum::{Json, Router, body::Body, extract::DefaultBodyLimit, routing::post};

    let take = |Json(_): Json<serde_json::Value>| async { "taken" };
    let router =
        Router::new().route("/", post(take)).layer(DefaultBodyLimit::max(10)).layer(layer());
    for (rows, body, status) in [
        (&["POST /", A, "content-type: application/json"][..], "{}", 200),
        (&["POST /", A, "content-type: application/json"], "\"a long text\"", 413),
        (&["POST /", A], "{}", 415),
        (&["POST /", A, "content-type: application/json"], "{", 400),
        (&["GET /", A], "", 405),
        (&["GET /else", A], "", 404),
    ] {
        let asked = request(rows).map(|_| Body::from(body));
        readable(&router.clone().oneshot(asked).await.unwrap(), status);
    }
}

// constant_wildcard

#[test]
fn a_constant_wildcard_is_the_same_for_everyone() {
    let constant =
        CorsLayer::new().allow_origins(Any).expose_headers(["x"]).constant_wildcard(true);
    let same = ["200", "ac-allow-origin: *", "ac-expose-headers: x"];
    for asked in [
        &["GET /"][..],
        &["GET /", A],
        &["GET /", "origin: null"],
        &["GET /", "origin: \u{ff}"],
        &["GET /", A, A],
        &["OPTIONS /"],
    ] {
        actual(&constant, asked, &["200"], &same);
        let own = ["200", "vary: Accept", "ac-allow-origin: https://own.example"];
        actual(&constant, asked, &own, &[&same[..], &["vary: Accept"]].concat());
    }
    // Preflights are answered as ever.
    preflight(
        &constant,
        &[A, GET],
        &["200 OK", "ac-allow-origin: *", "ac-allow-methods: GET", "ac-max-age: 600", SAFELISTED],
    );
    // The default stays Starlette's.
    let plain =
        CorsLayer::new().allow_origins(Any).constant_wildcard(true).constant_wildcard(false);
    actual(&plain, &["GET /"], &["200"], &["200", "vary: Origin"]);
}

#[test]
fn a_constant_wildcard_leaves_upgrades_and_tunnels() {
    let constant = CorsLayer::new().allow_origins(Any).constant_wildcard(true);
    actual(&constant, &["GET /", "upgrade: websocket"], &["101"], &["101"]);
    actual(&constant, &["CONNECT a.example:443"], &["200"], &["200"]);
}

// Presets

#[test]
fn presets_add_what_a_protocol_s_clients_need() {
    let origin = || CorsLayer::new().allow_origins(["https://a.example"]);
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
    let layer = CorsLayer::new()
        .allow_origins(["https://a.example"])
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
    assert_eq!(policy.notes(), []);
    // Under mirrored methods and any header a preset adds nothing that is in the way.
    let wide = CorsLayer::new().allow_origins(Any).allow_headers(Any).preset(Preset::GrpcWeb);
    assert_eq!(wide.build().unwrap().check("https://a.example", "POST", &["anything"]), Ok(()));
}

#[test]
fn a_preset_in_a_configuration_is_the_same() {
    let mut config = tower_cors::CorsConfig::default();
    config.allow_origins = vec!["https://a.example".to_owned()];
    config.allow_methods = vec!["POST".to_owned()];
    config.preset = vec![Preset::GrpcWeb];
    let by_config = CorsLayer::from(config).build().unwrap();
    let by_verbs = CorsLayer::new()
        .allow_origins(["https://a.example"])
        .preset(Preset::GrpcWeb)
        .build()
        .unwrap();
    assert_eq!(by_config.config(), by_verbs.config());
}

// mirror_methods

#[test]
fn mirrored_methods_are_any_token() {
    let layer = CorsLayer::new().allow_origins(["https://a.example"]).mirror_methods();
    for (method, is_token) in [
        ("GET", true),
        ("POST", true),
        ("PROPFIND", true),
        ("patch", true),
        ("X-Own!", true),
        ("*", true),
        ("", false),
        ("GET, PUT", false),
        ("a b", false),
        ("\u{ff}", false),
        ("a/b", false),
    ] {
        let mirrored = format!("ac-allow-methods: {method}");
        let mut answer = vec![if is_token { "200 OK" } else { "400 Disallowed CORS method" }];
        answer.extend(["ac-allow-origin: https://a.example", "ac-max-age: 600", SAFELISTED]);
        answer.extend(is_token.then_some(&*mirrored));
        preflight(&layer, &[A, &format!("ac-request-method: {method}")], &answer);
    }
    // The list verbs are of no use beside it, and no harm.
    let both = layer.allow_methods(["PUT"]);
    let policy = both.build().unwrap();
    assert_eq!(policy.check("https://a.example", "DELETE", &[]), Ok(()));
}

// preflight_status

#[test]
fn preflight_status_is_that_of_success() {
    let headers = [
        "ac-allow-origin: https://a.example",
        "ac-allow-methods: GET",
        "ac-max-age: 600",
        SAFELISTED,
        PREFLIGHT_VARY,
    ];
    for status in [200_u16, 201, 202, 204, 205, 226, 299] {
        let layer = CorsLayer::new()
            .allow_origins(["https://a.example"])
            .preflight_status(StatusCode::from_u16(status).unwrap());
        let (response, calls) = through(&layer, &["OPTIONS /", A, GET], &["200 inner"]);
        assert_eq!(calls, 0);
        // RFC 9110: these two have no content.
        let is_empty = [204, 205].contains(&status);
        let first = if is_empty { status.to_string() } else { format!("{status} OK") };
        let mut answer = [&[&*first], &headers[..]].concat();
        answer.extend((!is_empty).then_some(TEXT));
        assert_eq!(rows(response), expected(&answer), "{status}");
        // A refusal is a 400 all the same, with its text.
        let refused = [A, "ac-request-method: PUT"];
        let (response, _) = through(&layer, &[&["OPTIONS /"], &refused[..]].concat(), &["200"]);
        assert_eq!(rows(response)[0], "400 Disallowed CORS method");
    }
}

/// With diagnostics a refusal's 200 is no success, so it keeps its text.
#[test]
fn a_diagnosed_refusal_keeps_its_text() {
    let layer = CorsLayer::new()
        .allow_origins(["https://a.example"])
        .preflight_status(StatusCode::NO_CONTENT)
        .browser_diagnostics(true);
    let (response, _) = through(&layer, &["OPTIONS /", A, "ac-request-method: PUT"], &["200"]);
    assert_eq!(rows(response)[0], "200 Disallowed CORS method");
}

// max_age

#[test]
fn max_age_takes_a_duration_or_none() {
    let max_age = |layer: CorsLayer| {
        let layer = layer.allow_origins(["https://a.example"]);
        let (response, _) = through(&layer, &["OPTIONS /", A, GET], &["200"]);
        let config = layer.build().unwrap().config().max_age;
        let value = response.headers().get("access-control-max-age").cloned();
        assert_eq!(value, config.map(HeaderValue::from));
        config
    };
    assert_eq!(max_age(CorsLayer::new()), Some(600));
    assert_eq!(max_age(CorsLayer::new().max_age(Duration::from_secs(3600))), Some(3600));
    assert_eq!(max_age(CorsLayer::new().max_age(Some(Duration::from_secs(5)))), Some(5));
    assert_eq!(max_age(CorsLayer::new().max_age(Duration::ZERO)), Some(0));
    assert_eq!(max_age(CorsLayer::new().max_age(None)), None);
    assert_eq!(max_age(CorsLayer::new().max_age(Duration::from_millis(2000))), Some(2));
    // The last call counts, and a fraction that was overruled is no fault.
    let overruled = CorsLayer::new().max_age(Duration::from_millis(1)).max_age(None);
    assert_eq!(max_age(overruled), None);
}
