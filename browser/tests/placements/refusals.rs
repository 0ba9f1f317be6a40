//! Layers in their place that do not allow what a page asks, and services that fail.

use std::convert::Infallible;

use axum::response::Response;
use http::HeaderValue;
use tower_browser::{Credentials, Fetch, Page, Reason};
use tower_http::cors;

use crate::{
    application::*,
    common::{API, APP},
};

#[tokio::test]
async fn origins_that_are_not_listed() {
    for maker in MAKERS {
        let other = || maker.of(items(), "https://other.example.com");
        let told = blocked(other(), put_item()).await;
        assert_told(
            &told,
            Reason::AllowOriginMissing,
            true,
            "does not allow the origin https://app.example.com",
            "allow_origins([\"https://app.example.com\"])",
            maker,
        );
        let told = blocked(other(), get_item()).await;
        assert_told(
            &told,
            Reason::AllowOriginMissing,
            false,
            "does not allow the origin",
            "allow_origins([\"https://app.example.com\"])",
            maker,
        );
        let told =
            Page::sandboxed().fetch(&mut maker.around(items()), get_item()).await.unwrap_err();
        assert_told(
            &told,
            Reason::AllowOriginMissing,
            false,
            "the origin `null`",
            "its own origin",
            maker,
        );
    }
    // tower-http sends what it is given; tower-cors refuses these at start-up.
    for (value, difference) in [
        ("https://app.example.com/", "ends with a slash"),
        ("https://app.example.com:443", "without the default port"),
        ("HTTPS://app.example.com", "upper-case letters"),
    ] {
        let value = HeaderValue::from_static(value);
        let exact = cors::CorsLayer::new().allow_origin(value);
        let told = blocked(items().layer(exact), get_item()).await;
        let reason = Reason::AllowOriginMismatch;
        assert_told(&told, reason, false, difference, "without a path or slash", ());
    }
}

#[tokio::test]
async fn methods_and_headers_that_are_not_allowed() {
    let delete = || Fetch::new("DELETE", format!("{API}/items"));
    let other = || get_item().header("x-other", "1");
    let told = blocked(TowerHttp.around(items()), delete()).await;
    assert_told(
        &told,
        Reason::MethodNotAllowed,
        true,
        "does not allow the method",
        "allow_methods([\"DELETE\"])",
        TowerHttp,
    );
    let told = blocked(TowerHttp.around(items()), other()).await;
    assert_told(
        &told,
        Reason::HeaderNotAllowed,
        true,
        "does not allow the header",
        "allow_headers([\"x-other\"])",
        TowerHttp,
    );
    // A status of 400 hides from browsers what the lists tell.
    let told = blocked(TowerCors.around(items()), delete()).await;
    assert_told(
        &told,
        Reason::PreflightStatus,
        true,
        "refuses the method DELETE",
        "allow_methods([\"DELETE\"])",
        TowerCors,
    );
    assert!(told.to_string().contains("the response says: Disallowed CORS method"), "{told}");
    let told = blocked(TowerCors.around(items()), other()).await;
    assert_told(
        &told,
        Reason::PreflightStatus,
        true,
        "refuses the header \"x-other\"",
        "allow_headers([\"x-other\"])",
        TowerCors,
    );
    // `patch` is sent as it is.
    let told =
        blocked(TowerHttp.around(items()), Fetch::new("patch", format!("{API}/items"))).await;
    assert_told(&told, Reason::MethodNotAllowed, true, "case-sensitive", "`PATCH`", TowerHttp);
}

#[tokio::test]
async fn credentials_that_are_not_allowed() {
    let include = || get_item().credentials(Credentials::Include);
    let any = items().layer(cors::CorsLayer::permissive());
    let told = blocked(any, include()).await;
    assert_told(
        &told,
        Reason::WildcardWithCredentials,
        false,
        "any origin with `*`",
        "drop `credentials: 'include'`",
        TowerHttp,
    );
    let apps = [
        items().layer(cors::CorsLayer::new().allow_origin([APP.parse::<HeaderValue>().unwrap()])),
        items().layer(tower_cors::CorsLayer::new().allow_origins([APP])),
    ];
    for (app, maker) in apps.into_iter().zip(MAKERS) {
        let told = blocked(app, include()).await;
        assert_told(
            &told,
            Reason::AllowCredentialsNotTrue,
            false,
            "does not allow credentials",
            "allow_credentials(true)",
            maker,
        );
    }
}

/// An error of a service outside of axum, which turns none into a response.
#[tokio::test]
async fn a_service_that_fails() {
    let mut app = tower::ServiceBuilder::new()
        .map_err(|never: Infallible| -> std::io::Error { match never {} })
        .service(items());
    let seen =
        Page::new(APP).fetch(&mut app, Fetch::navigate(format!("{API}/items"))).await.unwrap();
    assert_eq!(seen.text(), "listed");
    let mut app = tower::service_fn(|_: http::Request<tower_browser::Body>| async {
        Err::<Response, _>(std::io::Error::other("no connection to the database"))
    });
    let told = Page::new(APP).fetch(&mut app, get_item()).await.unwrap_err();
    assert_told(
        &told,
        Reason::ServiceError,
        false,
        "returned an error instead of a response",
        "HandleErrorLayer",
        (),
    );
    assert!(told.to_string().contains("no connection to the database"));
}
