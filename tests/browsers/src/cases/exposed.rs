//! Response headers that scripts may read.

use http::{HeaderValue, header};
use serde_json::json;
use tower_cors::{Any, CorsLayer};

use super::listed;
use crate::{
    app,
    case::{Case, case},
};

pub fn cases() -> Vec<Case> {
    const READ: &str =
        "headers(api + '/echo', {}, 'x-request-id', 'etag', 'x-other', 'content-type')";
    const TEXT: &str = "text/plain; charset=utf-8";
    vec![
        case(
            "exposed/default",
            "none but the safelisted ones (Fetch, CORS-safelisted response-header name)",
        )
        .policy(listed)
        .page(READ)
        .gives(json!([null, null, null, TEXT])),
        case("exposed/listed", "those listed, in any letter case")
            .policy(|on| listed(on).expose_headers(["X-Request-Id"]).expose_headers([header::ETAG]))
            .page(READ)
            .gives(json!(["7", "\"1\"", null, TEXT])),
        case("exposed/any", "all, without credentials")
            .policy(|_| CorsLayer::new().allow_origins(Any).expose_headers(Any))
            .page(READ)
            .gives(json!(["7", "\"1\"", "8", TEXT])),
        case("exposed/any-with-credentials", "all, written out (difference D12)")
            .policy(|on| listed(on).allow_credentials(true).expose_headers(Any))
            .page("headers(api + '/echo', include, 'x-request-id', 'etag', 'x-other', 'content-type')")
            .gives(json!(["7", "\"1\"", "8", TEXT])),
        case("exposed/any-revalidated", "a 304 takes nothing from the stored response")
            .policy(|on| listed(on).allow_credentials(true).expose_headers(Any))
            .page("[await headers(api + '/etag', include, 'etag', 'x-first'), await headers(api + '/etag', include, 'etag', 'x-first')]")
            .gives(json!([["\"1\"", "of 200"], ["\"1\"", "of 200"]]))
            .server(["GET /etag: 200", "GET /etag: 304"])
            .or_server(["GET /etag: 200", "GET /etag: 200"]),
        case("exposed/any-of-outer-layers", "names that outer layers add are listed beside *")
            .serve(|on| {
                let add = |mut response: axum::response::Response| async {
                    let fields = response.headers_mut();
                    fields.insert("x-outer", HeaderValue::from_static("9"));
                    fields.insert("x-unlisted", HeaderValue::from_static("10"));
                    response
                };
                let cors = listed(on).allow_credentials(true).expose_headers(["*", "x-outer"]);
                app::router().layer(cors).layer(axum::middleware::map_response(add))
            })
            .page("headers(api + '/echo', include, 'x-other', 'x-outer', 'x-unlisted')")
            .gives(json!(["8", "9", null])),
        case("exposed/timing", "timing of an allowed origin only")
            .policy(|on| listed(on).timing_allow_origin(true))
            .page("[await timed(api + '/echo'), await timed(beside + '/echo')]")
            .beside(listed)
            .gives(json!([true, false])),
        case("exposed/set-cookie", "never Set-Cookie, whatever is exposed")
            .policy(|_| CorsLayer::new().allow_origins(Any).expose_headers(Any))
            .page("headers(api + '/login', {}, 'set-cookie', 'content-type')")
            .gives(json!([null, TEXT])),
        case(
            "exposed/by-the-application",
            "what the application exposes stays where the policy sets nothing",
        )
        .serve(|on| {
            let add = |mut response: axum::response::Response| async {
                let fields = response.headers_mut();
                fields.insert(
                    header::ACCESS_CONTROL_EXPOSE_HEADERS,
                    HeaderValue::from_static("x-other"),
                );
                response
            };
            app::router().layer(axum::middleware::map_response(add)).layer(listed(on))
        })
        .page(READ)
        .gives(json!([null, null, "8", TEXT])),
    ]
}
