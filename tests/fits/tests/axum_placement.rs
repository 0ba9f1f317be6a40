//! axum 0.8: which of its own answers a page can read, by where the layer stands.

use std::{convert::Infallible, time::Duration};

use axum::{
    Json, Router,
    body::Body,
    extract::DefaultBodyLimit,
    handler::Handler,
    http::StatusCode,
    response::Redirect,
    routing::{get, post},
};
use bytes::Bytes;
use tower::{Layer, service_fn};
use tower_cors_fits::{Call, ours, placement::Table};
use tower_http::{limit::RequestBodyLimitLayer, timeout::TimeoutLayer};

const HOME: Call<Body> = Call::home(Body::from);

const fn home_at(target: &'static str) -> Call<Body> {
    Call { target, ..HOME }
}

const fn not_found(target: &'static str) -> Call<Body> {
    Call { target, status: 404, answer: "", ..HOME }
}

/// A `POST` to a route that has no such method.
const NOT_ALLOWED: Call<Body> = Call { method: "POST", status: 405, answer: "", ..HOME };

const fn upload(status: u16) -> Call<Body> {
    Call {
        method: "POST",
        target: "/upload",
        text: "more than nine bytes",
        status,
        answer: "",
        ..HOME
    }
}

const TYPED: Call<Body> =
    Call { fields: &[("content-type", "application/json")], target: "/json", ..upload(400) };

fn home() -> Router {
    Router::new().route("/", get(async || "home"))
}

fn app() -> Router {
    home()
        .route("/old", get(async || Redirect::permanent("/")))
        .route("/json", post(async |_: Json<u8>| ()))
        .route("/upload", post(async |_: Bytes| ()).layer(DefaultBodyLimit::max(9)))
}

async fn nothing() -> (StatusCode, &'static str) {
    (StatusCode::NOT_FOUND, "nothing here")
}

async fn not_allowed() -> StatusCode {
    StatusCode::METHOD_NOT_ALLOWED
}

#[tokio::test]
async fn which_answers_stay_bare() {
    let mut table = Table::of("axum");
    let mut rows = async |stands: &str, rows: &[(&str, Call<Body>, Router)]| {
        for (answer, call, app) in rows {
            table.row(stands, answer, *call, app.clone()).await;
        }
    };

    let layered = app().layer(ours());
    let failing = service_fn(|_| async { Ok::<_, Infallible>(StatusCode::INTERNAL_SERVER_ERROR) });
    let failing = Router::new().route_service("/", failing).layer(ours());
    rows(
        "`Router::layer`, after all routes",
        &[
            ("of a handler", HOME, layered.clone()),
            ("404, no such route", not_found("/nowhere"), layered.clone()),
            ("405", NOT_ALLOWED, layered.clone()),
            (
                "308 of a handler",
                Call { target: "/old", status: 308, answer: "", ..HOME },
                layered.clone(),
            ),
            ("400, an extractor's rejection", TYPED, layered.clone()),
            (
                "415, an extractor's rejection",
                Call { target: "/json", ..upload(415) },
                layered.clone(),
            ),
            ("413, `DefaultBodyLimit`", upload(413), layered.clone()),
            ("500 of a service", Call { status: 500, answer: "", ..HOME }, failing),
            (
                "a fallback added before the layer",
                not_found("/nowhere"),
                home().fallback(nothing).layer(ours()),
            ),
            (
                "a fallback added after the layer",
                not_found("/nowhere"),
                home().layer(ours()).fallback(nothing),
            ),
            (
                "a route added after the layer",
                home_at("/late"),
                home().layer(ours()).route("/late", get(async || "home")),
            ),
            (
                "405 of `method_not_allowed_fallback`, before the layer",
                NOT_ALLOWED,
                home().method_not_allowed_fallback(not_allowed).layer(ours()),
            ),
            (
                "405 of `method_not_allowed_fallback`, after the layer",
                NOT_ALLOWED,
                home().layer(ours()).method_not_allowed_fallback(not_allowed),
            ),
        ],
    )
    .await;

    let limit = || RequestBodyLimitLayer::new(9);
    let timeout =
        || TimeoutLayer::with_status_code(StatusCode::GATEWAY_TIMEOUT, Duration::from_millis(9));
    let slow = || Router::new().route("/", get(std::future::pending::<&'static str>));
    let late = Call { status: 504, answer: "", ..HOME };
    let long = Call { fields: &[("content-length", "20")], ..upload(413) };
    rows(
        "`Router::layer`, beside other layers",
        &[
            ("413, `RequestBodyLimitLayer` within", long, app().layer(limit()).layer(ours())),
            ("413, `RequestBodyLimitLayer` outside", long, app().layer(ours()).layer(limit())),
            ("504, `TimeoutLayer` within", late, slow().layer(timeout()).layer(ours())),
            ("504, `TimeoutLayer` outside", late, slow().layer(ours()).layer(timeout())),
        ],
    )
    .await;

    let layered = home().route_layer(ours());
    rows(
        "`Router::route_layer`",
        &[
            ("of a handler", HOME, layered.clone()),
            ("404, no such route", not_found("/nowhere"), layered.clone()),
            ("405", NOT_ALLOWED, layered),
            ("a fallback", not_found("/nowhere"), home().fallback(nothing).route_layer(ours())),
        ],
    )
    .await;

    let within = Router::new().nest("/api", home().layer(ours()));
    let each = home().nest("/api", home().layer(ours())).layer(ours());
    let of_outside = Router::new().nest("/api", home().layer(ours())).fallback(nothing);
    let of_within = Router::new().nest("/api", home().fallback(nothing).layer(ours()));
    rows(
        "`nest`, a layer on the nested router",
        &[
            ("of a nested handler", home_at("/api"), within.clone()),
            ("405, nested", Call { target: "/api", ..NOT_ALLOWED }, within.clone()),
            ("404 below the prefix", not_found("/api/nowhere"), within.clone()),
            ("404 below the prefix, of the nested fallback", not_found("/api/nowhere"), of_within),
            ("404 below the prefix, of the outer fallback", not_found("/api/nowhere"), of_outside),
            ("404 elsewhere", not_found("/nowhere"), within),
        ],
    )
    .await;
    rows(
        "`nest`, a layer on each router",
        &[
            ("of a nested handler", home_at("/api"), each.clone()),
            ("404 below the prefix", not_found("/api/nowhere"), each.clone()),
            ("404 elsewhere", not_found("/nowhere"), each),
        ],
    )
    .await;

    let other = Router::new().route("/other", get(async || "home"));
    let merged = home().layer(ours()).merge(other);
    rows(
        "`merge`, a layer on one router",
        &[
            ("of its handler", HOME, merged.clone()),
            ("of the other's handler", home_at("/other"), merged.clone()),
            ("404, no such route", not_found("/nowhere"), merged),
        ],
    )
    .await;

    let method = |route| Router::new().route("/", route);
    rows(
        "`MethodRouter::layer`",
        &[
            ("of a handler", HOME, method(get(async || "home").layer(ours()))),
            ("405", NOT_ALLOWED, method(get(async || "home").layer(ours()))),
            (
                "404, no such route",
                not_found("/nowhere"),
                method(get(async || "home").layer(ours())),
            ),
        ],
    )
    .await;
    rows(
        "`MethodRouter::route_layer`",
        &[
            ("of a handler", HOME, method(get(async || "home").route_layer(ours()))),
            ("405", NOT_ALLOWED, method(get(async || "home").route_layer(ours()))),
        ],
    )
    .await;
    rows(
        "`Handler::layer`",
        &[
            ("of a handler", HOME, method(get((async || "home").layer(ours())))),
            ("405", NOT_ALLOWED, method(get((async || "home").layer(ours())))),
        ],
    )
    .await;

    let whole = || ours().same_body().layer(app());
    for (answer, call) in [
        ("of a handler", HOME),
        ("404, no such route", not_found("/nowhere")),
        ("405", NOT_ALLOWED),
    ] {
        table.row("around the router", answer, call, whole()).await;
    }
    table.check();
}
