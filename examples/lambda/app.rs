//! The application of the example `lambda`: `tests/fits` sends the events of each gateway to it.

use axum::{
    Json, Router,
    http::header::{ETAG, VARY},
    response::{AppendHeaders, IntoResponse},
    routing::get,
};
use serde_json::json;
use tower_cors::{ConfigError, CorsLayer};

/// The routes inside the layer. `origins` is a comma-separated list, as from an environment
/// variable.
///
/// # Errors
///
/// Every mistake in the list. So a deployment fails immediately, not at the first page.
pub(crate) fn router(origins: &str) -> Result<Router, ConfigError> {
    let cors = CorsLayer::new()
        .allow_origins(origins.split(','))
        .allow_methods(["GET", "PUT"])
        .allow_headers(["authorization", "content-type"])
        .allow_credentials(true)
        .expose_headers(["etag"])
        .build()?;
    Ok(Router::new().route("/items", get(items).put(async || "saved")).layer(cors))
}

/// Two lines of `Vary`. HTTP APIs and load balancers would keep only one, so the layer joins them.
async fn items() -> impl IntoResponse {
    let fields = [(VARY, "accept-language"), (VARY, "x-theme"), (ETAG, "\"7\"")];
    (AppendHeaders(fields), Json(json!({ "items": [7] })))
}
