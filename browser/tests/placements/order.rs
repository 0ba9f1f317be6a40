//! Layers, routes and errors in the wrong place.

use axum::{
    Router,
    extract::Request,
    middleware::{self, Next},
    routing::{any, get, put},
};
use http::StatusCode;
use tower_browser::{Credentials, Fetch, Page, Reason};
use tower_http::{catch_panic::CatchPanicLayer, cors, limit::RequestBodyLimitLayer};

use crate::{
    application::*,
    common::{API, APP},
};

#[tokio::test]
async fn in_its_place_the_layer_works() {
    for maker in MAKERS {
        let app = items().layer(middleware::from_fn(authenticated));
        let mut app = maker.around(app);
        let mut page = Page::new(APP);
        // Authorization is not in the lists; x-token and cookies are.
        let seen =
            page.fetch(&mut app, put_item().credentials(Credentials::Include)).await.unwrap();
        assert_eq!((seen.status(), seen.text()), (401, "a token is missing"), "{maker:?}");
        let mut app = maker.around(items());
        let seen = page.fetch(&mut app, put_item()).await.unwrap();
        assert_eq!(seen.text(), "saved");
    }
}

#[tokio::test]
async fn inside_of_authentication() {
    for maker in MAKERS {
        let app = || maker.around(items()).layer(middleware::from_fn(authenticated));
        let told = blocked(app(), put_item()).await;
        assert_told(
            &told,
            Reason::AllowOriginMissing,
            true,
            "inside authentication",
            "outside authentication",
            maker,
        );
        assert!(told.to_string().contains("the response says: a token is missing"));
        let told = blocked(app(), get_item()).await;
        assert_told(
            &told,
            Reason::AllowOriginMissing,
            false,
            "made by authentication outside",
            "outside authentication",
            maker,
        );
    }
}

/// Who says 403 or 407 to a preflight asks for a login as well.
#[tokio::test]
async fn inside_of_a_firewall() {
    for status in [StatusCode::FORBIDDEN, StatusCode::PROXY_AUTHENTICATION_REQUIRED] {
        let refuse = move |_: Request, _: Next| async move { status };
        for maker in MAKERS {
            let app = maker.around(items()).layer(middleware::from_fn(refuse));
            assert_told(
                &blocked(app, put_item()).await,
                Reason::AllowOriginMissing,
                true,
                "inside authentication",
                "outside authentication",
                maker,
            );
        }
    }
}

#[tokio::test]
async fn routes_added_after_the_layer() {
    for maker in MAKERS {
        let app = || maker.around(Router::new().route("/", get(async || ""))).merge(items());
        let told = blocked(app(), put_item()).await;
        assert_told(
            &told,
            Reason::AllowOriginMissing,
            true,
            "the route was added after the CORS layer",
            "after all routes",
            maker,
        );
        let told = blocked(app(), get_item()).await;
        assert_told(
            &told,
            Reason::AllowOriginMissing,
            false,
            "the route was added after it",
            "after all routes",
            maker,
        );

        // A handler that takes every method answers the preflight itself.
        let all = || maker.around(Router::new()).route("/items", any(async || "any"));
        let told = blocked(all(), put_item()).await;
        assert_told(
            &told,
            Reason::AllowOriginMissing,
            true,
            "reached the application",
            "around the whole router",
            maker,
        );
    }
}

#[tokio::test]
async fn fallbacks_added_after_the_layer() {
    for maker in MAKERS {
        let app =
            || maker.around(items()).fallback(async || (StatusCode::NOT_FOUND, "no such page"));
        let told = blocked(app(), Fetch::get(format!("{API}/nowhere"))).await;
        assert_told(
            &told,
            Reason::AllowOriginMissing,
            false,
            "the fallback was added after the layer",
            "fallback",
            maker,
        );
        let told = blocked(app(), Fetch::put(format!("{API}/nowhere"))).await;
        assert_told(
            &told,
            Reason::AllowOriginMissing,
            true,
            "there is no CORS layer around this path",
            "fallback",
            maker,
        );
    }
}

#[tokio::test]
async fn layers_of_routes_alone() {
    for maker in MAKERS {
        // `route_layer` and `MethodRouter::layer` leave what no route takes uncovered.
        let app = match maker {
            TowerHttp => items().route_layer(cors::CorsLayer::permissive()),
            TowerCors => items().route_layer(tower_cors::CorsLayer::new().allow_origins([APP])),
        };
        let told = blocked(app, Fetch::get(format!("{API}/nowhere"))).await;
        assert_told(
            &told,
            Reason::AllowOriginMissing,
            false,
            "`route_layer`",
            "around the whole router",
            maker,
        );
    }
}

/// `MethodRouter::route_layer` wraps the methods that are there; OPTIONS is none of them.
#[tokio::test]
async fn layers_of_methods_alone() {
    let http = cors::CorsLayer::permissive();
    let ours = tower_cors::CorsLayer::new().allow_origins([APP]).allow_methods(["PUT"]);
    let apps = [
        Router::new().route("/items", put(async || "saved").route_layer(http)),
        Router::new().route("/items", put(async || "saved").route_layer(ours)),
    ];
    for (app, maker) in apps.into_iter().zip(MAKERS) {
        let told = blocked(app, put_item()).await;
        assert_told(
            &told,
            Reason::AllowOriginMissing,
            true,
            "OPTIONS reached the route itself",
            "around the whole router",
            maker,
        );
    }
}

#[tokio::test]
async fn a_layer_in_each_nested_router() {
    for maker in MAKERS {
        let app =
            || Router::new().nest("/a", maker.around(items())).nest("/b", maker.around(items()));
        let seen = Page::new(APP).fetch(&mut app(), Fetch::put(format!("{API}/b/items"))).await;
        assert_eq!(seen.unwrap().text(), "saved", "{maker:?}");
        let told = blocked(app(), Fetch::get(format!("{API}/c"))).await;
        assert_told(
            &told,
            Reason::AllowOriginMissing,
            false,
            "the 404 Not Found is made outside the CORS layer",
            "around the whole router",
            maker,
        );
    }
}

#[tokio::test]
async fn no_layer_at_all() {
    let told = blocked(items(), put_item()).await;
    assert_told(
        &told,
        Reason::AllowOriginMissing,
        true,
        "OPTIONS reached the route itself",
        "around the whole router",
        (),
    );
    let told = blocked(items(), get_item()).await;
    assert_told(
        &told,
        Reason::AllowOriginMissing,
        false,
        "there is none",
        "allow_origins([\"https://app.example.com\"])",
        (),
    );
}

#[tokio::test]
async fn two_places_add_the_header() {
    for maker in MAKERS {
        let app = || maker.around(items()).layer(middleware::map_response(adds_origin));
        for (fetch, at_preflight) in [(put_item(), true), (get_item(), false)] {
            let told = blocked(app(), fetch).await;
            assert_told(
                &told,
                Reason::AllowOriginMultiple,
                at_preflight,
                "two components add the header",
                "exactly one",
                maker,
            );
        }
    }
    // Two of tower-http's layers add up where a handler adds a header, too.
    let by_hand = items().layer(middleware::map_response(adds_origin));
    let told = blocked(by_hand.layer(middleware::map_response(adds_origin)), get_item()).await;
    assert_told(&told, Reason::AllowOriginMultiple, false, "two components", "exactly one", ());
}

#[tokio::test]
async fn errors_made_outside() {
    for maker in MAKERS {
        let limited = || maker.around(items()).layer(middleware::from_fn(too_many));
        let told = blocked(limited(), get_item()).await;
        assert_told(
            &told,
            Reason::AllowOriginMissing,
            false,
            "429 Too Many Requests is made outside",
            "outside the layer that makes it",
            maker,
        );
        let told = blocked(limited(), put_item()).await;
        assert_told(
            &told,
            Reason::AllowOriginMissing,
            true,
            "is made outside the CORS layer",
            "outside the layer that makes it",
            maker,
        );

        let limited = maker.around(items()).layer(RequestBodyLimitLayer::new(2));
        let told = blocked(limited, put_item().body("too much")).await;
        assert_told(
            &told,
            Reason::AllowOriginMissing,
            false,
            "413 Payload Too Large is made outside",
            "outside",
            maker,
        );

        let panicking =
            Router::new().route("/items", get(async || -> &'static str { panic!("on purpose") }));
        let app = maker.around(panicking).layer(CatchPanicLayer::new());
        let told = blocked(app, get_item()).await;
        assert_told(&told, Reason::AllowOriginMissing, false, "a panic handler", "outside", maker);
    }
}

#[tokio::test]
async fn redirects_made_outside() {
    for maker in MAKERS {
        let app = || maker.around(items()).layer(middleware::from_fn(to_new_path));
        let told = blocked(app(), Fetch::put(format!("{API}/old"))).await;
        assert_told(
            &told,
            Reason::PreflightRedirected,
            true,
            "redirect to \"/items\" is made outside",
            "final URL",
            maker,
        );
        let told = blocked(app(), Fetch::get(format!("{API}/old"))).await;
        assert_told(
            &told,
            Reason::AllowOriginMissing,
            false,
            "redirect is made outside",
            "outside the layer that redirects",
            maker,
        );
        // Inside of the layer it works.
        let mut app = maker.around(items().layer(middleware::from_fn(to_new_path)));
        let seen = Page::new(APP).fetch(&mut app, Fetch::put(format!("{API}/old"))).await;
        assert_eq!(seen.unwrap().text(), "saved");
    }
}

/// The article's failure: the gateway's OPTIONS mock passes, and nothing decorates the response.
#[tokio::test]
async fn a_gateway_answers_the_preflight() {
    let told = blocked(items().layer(middleware::from_fn(answers_options)), put_item()).await;
    assert_told(
        &told,
        Reason::AllowOriginMissing,
        false,
        "different components answer",
        "around the routes",
        (),
    );
    for maker in MAKERS {
        let app = maker.around(items()).layer(middleware::from_fn(answers_options));
        let told = blocked(app, put_item().credentials(Credentials::Include)).await;
        assert_told(
            &told,
            Reason::WildcardWithCredentials,
            true,
            "`*`",
            "allow credentials",
            maker,
        );
    }
}
