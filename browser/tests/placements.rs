//! The commonest mistakes with axum, by tower-http's layer and by tower-cors: what blocks the page,
//! and what the explanation names as the cause.

mod common;

use std::convert::Infallible;

use axum::{
    Router,
    extract::Request,
    middleware::{self, Next},
    response::{IntoResponse, Redirect, Response},
    routing::{any, get, put},
};
use common::{API, APP};
use http::{HeaderValue, Method, StatusCode, header};
use tower_browser::{Blocked, Credentials, Fetch, Page, Reason};
use tower_http::{catch_panic::CatchPanicLayer, cors, limit::RequestBodyLimitLayer};

/// Whose layer an application uses.
#[derive(Clone, Copy, Debug)]
enum Maker {
    TowerHttp,
    TowerCors,
}

use Maker::{TowerCors, TowerHttp};

const MAKERS: [Maker; 2] = [TowerHttp, TowerCors];

impl Maker {
    /// The router below a layer that allows the page, PUT and x-token, with credentials.
    fn around(self, router: Router) -> Router {
        self.of(router, APP)
    }

    fn of(self, router: Router, origin: &str) -> Router {
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

fn items() -> Router {
    Router::new().route("/items", put(async || "saved").get(async || "listed"))
}

/// Authentication as most people write it: whoever has no token is turned away.
async fn authenticated(request: Request, next: Next) -> Response {
    if request.headers().contains_key(header::AUTHORIZATION) {
        return next.run(request).await;
    }
    (StatusCode::UNAUTHORIZED, "a token is missing").into_response()
}

async fn to_new_path(request: Request, next: Next) -> Response {
    if request.uri().path() == "/old" {
        return Redirect::permanent("/items").into_response();
    }
    next.run(request).await
}

async fn too_many(_: Request, _: Next) -> Response {
    StatusCode::TOO_MANY_REQUESTS.into_response()
}

/// A gateway that answers every OPTIONS by itself.
async fn answers_options(request: Request, next: Next) -> Response {
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
async fn adds_origin(mut response: Response) -> Response {
    response
        .headers_mut()
        .append(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static(APP));
    response
}

fn put_item() -> Fetch {
    Fetch::put(format!("{API}/items")).header("x-token", "1")
}

fn get_item() -> Fetch {
    Fetch::get(format!("{API}/items"))
}

async fn blocked(mut app: Router, fetch: Fetch) -> Blocked {
    Page::new(APP).fetch(&mut app, fetch).await.unwrap_err()
}

/// What blocks the page, at the preflight or not, and words of the cause and of the change.
#[track_caller]
fn assert_told(
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
            "inside of authentication",
            "outside of authentication",
            maker,
        );
        assert!(told.to_string().contains("the response says: a token is missing"));
        let told = blocked(app(), get_item()).await;
        assert_told(
            &told,
            Reason::AllowOriginMissing,
            false,
            "made by authentication outside",
            "outside of authentication",
            maker,
        );
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
            "no CORS layer stands around this path",
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
            "the 404 Not Found is made outside of the CORS layer",
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
                "two places add the header",
                "exactly one",
                maker,
            );
        }
    }
    // Two of tower-http's layers add up where a handler adds a header, too.
    let by_hand = items().layer(middleware::map_response(adds_origin));
    let told = blocked(by_hand.layer(middleware::map_response(adds_origin)), get_item()).await;
    assert_told(&told, Reason::AllowOriginMultiple, false, "two places", "exactly one", ());
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
            "outside of what makes it",
            maker,
        );
        let told = blocked(limited(), put_item()).await;
        assert_told(
            &told,
            Reason::AllowOriginMissing,
            true,
            "is made outside of the CORS layer",
            "outside of what makes it",
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
            "outside of what redirects",
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
        "come from different places",
        "around what makes the response",
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
            "an origin of its own",
            maker,
        );
    }
    // tower-http takes a trailing slash; tower-cors refuses it at start-up.
    let exact = cors::CorsLayer::new()
        .allow_origin("https://app.example.com/".parse::<HeaderValue>().unwrap());
    let told = blocked(items().layer(exact), get_item()).await;
    assert_told(
        &told,
        Reason::AllowOriginMismatch,
        false,
        "ends with a slash",
        "without a path or slash",
        (),
    );
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
        "failed instead of answering",
        "HandleErrorLayer",
        (),
    );
    assert!(told.to_string().contains("no connection to the database"));
}
