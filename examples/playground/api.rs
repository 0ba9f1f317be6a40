//! The API: a handler behind the layer, and what may stand before it.
//!
//! Its addresses are `/TAB/items?run=RUN`. A fresh query for each run keeps browsers from reusing the
//! preflight of an earlier one.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use serde_json::json;
use tower_cors::PerRequestLayer;

use crate::exchange::{Behind, CarriedOut, record};
use crate::page::VISITOR;
use crate::tabs::{Answer, Front, Tabs};

pub(crate) fn router(tabs: Arc<Tabs>) -> Router {
    let picked = tabs.clone();
    // Asked for every request, so a policy that was just replaced counts from the next one on.
    let cors = PerRequestLayer::new(move |head| {
        picked.of(&head.uri)?.setup().installed(&head.headers).cloned()
    });
    // The layer that is added last is the outermost.
    Router::new()
        .fallback(handler)
        .with_state(tabs.clone())
        .layer(cors)
        .layer(middleware::from_fn_with_state(tabs.clone(), front))
        .layer(middleware::from_fn_with_state(tabs, record))
}

async fn handler(State(tabs): State<Arc<Tabs>>, request: Request) -> Response {
    let Some(tab) = tabs.of(request.uri()) else {
        return (StatusCode::NOT_FOUND, "unknown tab; send from the playground's page")
            .into_response();
    };
    let mut response = answer(tab.setup().asked.answer, request.headers());
    response.extensions_mut().insert(CarriedOut);
    response
}

fn answer(answer: Answer, asked: &HeaderMap) -> Response {
    let whom = if is_visitor(asked) { "Alice" } else { "stranger" };
    let greeting = axum::Json(json!({ "message": format!("Hello, {whom}") }));
    match answer {
        Answer::Json => greeting.into_response(),
        Answer::Counted => ([("x-total-count", "42")], greeting).into_response(),
        Answer::NotFound => {
            (StatusCode::NOT_FOUND, axum::Json(json!({ "error": "no such item" }))).into_response()
        }
        Answer::Error => {
            let error = json!({ "error": "the database is asleep" });
            (StatusCode::INTERNAL_SERVER_ERROR, axum::Json(error)).into_response()
        }
        // A call that fails at once has its trailers among the headers.
        Answer::GrpcWeb => [
            ("content-type", "application/grpc-web+proto"),
            ("grpc-status", "5"),
            ("grpc-message", "no such item"),
        ]
        .into_response(),
    }
}

/// Whether the page's cookie came along.
pub(crate) fn is_visitor(headers: &HeaderMap) -> bool {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(';'))
        .any(|cookie| cookie.trim() == VISITOR)
}

/// A gateway or an authentication that stands outside of the layer.
async fn front(State(tabs): State<Arc<Tabs>>, request: Request, next: Next) -> Response {
    let front = tabs.of(request.uri()).map_or(Front::Nothing, |tab| tab.setup().asked.front);
    match front {
        Front::Nothing => next.run(request).await,
        Front::GatewayAnswers if *request.method() == Method::OPTIONS => mock(),
        Front::GatewayAnswers => Behind::seen(next.run(request).await),
        Front::GatewayAdds => {
            let mut response = Behind::seen(next.run(request).await);
            let any = HeaderValue::from_static("*");
            response.headers_mut().append(header::ACCESS_CONTROL_ALLOW_ORIGIN, any);
            response
        }
        Front::GatewayNames => {
            let mut response = Behind::seen(next.run(request).await);
            let other = HeaderValue::from_static("https://www.example.com");
            response.headers_mut().insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, other);
            response
        }
        Front::Redirects => match with_slash(request.uri()) {
            Some(location) => {
                (StatusCode::PERMANENT_REDIRECT, [(header::LOCATION, location)]).into_response()
            }
            None => Behind::seen(next.run(request).await),
        },
        Front::Limit if *request.method() == Method::OPTIONS => {
            Behind::seen(next.run(request).await)
        }
        Front::Limit => (StatusCode::TOO_MANY_REQUESTS, "Too many requests").into_response(),
        Front::Login if !request.headers().contains_key(header::AUTHORIZATION) => {
            (StatusCode::UNAUTHORIZED, [(header::WWW_AUTHENTICATE, "Bearer")], "Log in first")
                .into_response()
        }
        Front::Login => Behind::seen(next.run(request).await),
    }
}

/// The address with a slash at the end of its path, unless it has one.
fn with_slash(uri: &Uri) -> Option<String> {
    let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    (!uri.path().ends_with('/')).then(|| format!("{}/{query}", uri.path()))
}

/// The answer that is typed into a gateway's console for the method OPTIONS.
fn mock() -> Response {
    [
        ("access-control-allow-origin", "*"),
        ("access-control-allow-methods", "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT"),
        ("access-control-allow-headers", "Authorization, Content-Type, X-Api-Key, X-Token"),
    ]
    .into_response()
}
