//! Applications with a layer of one maker or the other, and what surrounds it.

use axum::{
    Router,
    extract::Request,
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
    routing::put,
};
use http::{HeaderValue, Method, StatusCode, header};
use tower_browser::{Blocked, Fetch, Page, Reason};
use tower_http::cors;

use crate::common::{API, APP};

/// Whose layer an application uses.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Maker {
    TowerHttp,
    TowerCors,
}

pub(crate) use Maker::{TowerCors, TowerHttp};

pub(crate) const MAKERS: [Maker; 2] = [TowerHttp, TowerCors];

impl Maker {
    /// The router below a layer that allows the page, PUT and x-token, with credentials.
    pub(crate) fn around(self, router: Router) -> Router {
        self.of(router, APP)
    }

    pub(crate) fn of(self, router: Router, origin: &str) -> Router {
        match self {
            TowerHttp => router.layer(
                cors::CorsLayer::new()
                    .allow_origin([origin.parse::<HeaderValue>().unwrap()])
                    .allow_methods([Method::GET, Method::PUT])
                    .allow_headers([header::HeaderName::from_static("x-token")])
                    .allow_credentials(true),
            ),
            TowerCors => router.layer(
                tower_cors::CorsLayer::new()
                    .allow_origins([origin])
                    .allow_methods(["GET", "PUT"])
                    .allow_headers(["x-token"])
                    .allow_credentials(true),
            ),
        }
    }
}

pub(crate) fn items() -> Router {
    Router::new().route("/items", put(async || "saved").get(async || "listed"))
}

/// Authentication as most people write it: whoever has no token is turned away.
pub(crate) async fn authenticated(request: Request, next: Next) -> Response {
    if request.headers().contains_key(header::AUTHORIZATION) {
        return next.run(request).await;
    }
    (StatusCode::UNAUTHORIZED, "a token is missing").into_response()
}

pub(crate) async fn to_new_path(request: Request, next: Next) -> Response {
    if request.uri().path() == "/old" {
        return Redirect::permanent("/items").into_response();
    }
    next.run(request).await
}

pub(crate) async fn too_many(_: Request, _: Next) -> Response {
    StatusCode::TOO_MANY_REQUESTS.into_response()
}

/// A gateway that answers every OPTIONS by itself.
pub(crate) async fn answers_options(request: Request, next: Next) -> Response {
    if request.method() != Method::OPTIONS {
        return next.run(request).await;
    }
    [
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
        (header::ACCESS_CONTROL_ALLOW_METHODS, "PUT"),
        (header::ACCESS_CONTROL_ALLOW_HEADERS, "x-token"),
    ]
    .into_response()
}

/// A gateway that adds its own header to each response.
pub(crate) async fn adds_origin(mut response: Response) -> Response {
    response
        .headers_mut()
        .append(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static(APP));
    response
}

pub(crate) fn put_item() -> Fetch {
    Fetch::put(format!("{API}/items")).header("x-token", "1")
}

pub(crate) fn get_item() -> Fetch {
    Fetch::get(format!("{API}/items"))
}

pub(crate) async fn blocked(mut app: Router, fetch: Fetch) -> Blocked {
    Page::new(APP).fetch(&mut app, fetch).await.unwrap_err()
}

/// What blocks the page, at the preflight or not, and words of the cause and of the change.
#[track_caller]
pub(crate) fn assert_told(
    blocked: &Blocked,
    reason: Reason,
    at_preflight: bool,
    cause: &str,
    change: &str,
    maker: impl std::fmt::Debug,
) {
    assert_eq!(blocked.reason(), reason, "{maker:?}\n{blocked}");
    let is_preflight = blocked.exchange().is_some_and(|exchange| exchange.is_preflight());
    assert_eq!(is_preflight, at_preflight, "{maker:?}\n{blocked}");
    let why = blocked.likely_cause().unwrap_or_default();
    assert!(why.contains(cause), "{maker:?}\n{blocked}");
    let what = blocked.suggestion().unwrap_or_default();
    assert!(what.contains(change), "{maker:?}\n{blocked}");
}
