//! Proves that responses made elsewhere become readable: limits, load shedders, time-outs, panics,
//! errors turned into responses.

mod common;

use std::{convert::Infallible, time::Duration};

use bytes::Bytes;
use common::*;
use http::{HeaderMap, HeaderValue, Request, Response, StatusCode, header};
use http_body_util::Full;
use tower::{BoxError, Layer, ServiceBuilder, ServiceExt, load_shed::LoadShedLayer, service_fn};
use tower_cors::{Any, CorsLayer, CorsPolicy, EnforceOrigin, InnerHeaders, ResponseBody};
use tower_http::{
    catch_panic::CatchPanicLayer, limit::RequestBodyLimitLayer, timeout::TimeoutLayer,
};

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

/// P4: `decorate` does what the layer does, to any response for any request.
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
        layer().expose_headers(Any),
        layer().timing_allow_origin(true),
        layer().expose_headers(Any).timing_allow_origin(true),
        CorsLayer::new().allow_origins(Any).timing_allow_origin(true),
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
                // The 403 of enforce_origin; and Vary says less to a POST, whose method `decorate`
                // does not know.
                let enforces = policy.config().enforce_origin == EnforceOrigin::AllRequests;
                if calls == 0 || enforces && asked[0].starts_with("POST") {
                    continue;
                }
                let mut by_hand = response(inner);
                policy.decorate(&head(asked).headers, by_hand.headers_mut());
                assert_eq!(rows(through_layer), rows(by_hand), "{asked:?} {inner:?}");
            }
        }
    }
}

/// `Timing-Allow-Origin` says what `Access-Control-Allow-Origin` says, to whom that says it.
#[test]
fn timing_goes_where_the_grant_goes() {
    let timed = |layer: CorsLayer| layer.timing_allow_origin(true);
    let layer = timed(layer());
    for inner in [&["200"][..], &["200", "timing-allow-origin: *", "timing-allow-origin: null"]] {
        let answer = [&["200", "timing-allow-origin: https://a.example"], &DECORATED[..]].concat();
        actual(&layer, &["GET /", A], inner, &answer);
        // What the layer does not set stays.
        for asked in [&["GET /"][..], &["GET /", B]] {
            actual(&layer, asked, inner, &[inner, &["vary: Origin"]].concat());
        }
        let kept = layer.clone().inner_headers(InnerHeaders::Keep);
        let own = [inner, &["ac-allow-origin: https://own.example"]].concat();
        actual(&kept, &["GET /", A], &own, &[&own[..], &["vary: Origin"]].concat());
    }
    let all = ["200", "ac-allow-origin: *", "timing-allow-origin: *"];
    let any = timed(CorsLayer::new().allow_origins(Any));
    actual(&any, &["GET /", A], &["200"], &[&all[..], &["vary: Origin"]].concat());
    actual(&any, &["GET /"], &["200"], &["200", "vary: Origin"]);
    // Images and scripts are requested without an Origin.
    actual(&any.constant_wildcard(true), &["GET /"], &["200"], &all);
    // No preflight has a timing of its own.
    let (response, _) = through(&layer, &["OPTIONS /", A, GET], &["200"]);
    assert!(!response.headers().contains_key("timing-allow-origin"));
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
