//! axum 0.8: the shapes in which applications put a CORS layer, each with tower-http's beside ours.

use std::{
    convert::Infallible,
    net::SocketAddr,
    task::{Context, Poll},
    time::Duration,
};

use axum::{
    BoxError, Router, ServiceExt,
    body::Body,
    error_handling::HandleErrorLayer,
    extract::Request,
    handler::Handler,
    http::StatusCode,
    middleware,
    response::Response,
    routing::{any, get},
};
use http_body_util::Full;
use tokio::net::TcpListener;
use tower::{
    Layer, Service, ServiceBuilder, ServiceExt as _,
    layer::util::{Identity, Stack},
    util::{
        BoxCloneService, BoxCloneSyncService, BoxCloneSyncServiceLayer, BoxService,
        MapResponseLayer, option_layer,
    },
};
use tower_cors::{AsyncPerRequestLayer, CorsLayer, PerRequestLayer, SameBody, SameBodyLayer};
use tower_cors_fits::{Call, Layered, both, is_granted, ours, theirs, works};
use tower_http::{
    limit::RequestBodyLimitLayer, normalize_path::NormalizePathLayer, timeout::TimeoutLayer,
    validate_request::ValidateRequestHeaderLayer,
};

const HOME: Call<Body> = Call::home(Body::from);

fn router() -> Router {
    Router::new().route("/", get(|| async { "home" })).route("/items", get(|| async { "items" }))
}

fn timeout() -> TimeoutLayer {
    TimeoutLayer::with_status_code(StatusCode::GATEWAY_TIMEOUT, Duration::from_secs(9))
}

/// Serves on a free port for as long as the test runs.
async fn listener() -> (TcpListener, SocketAddr) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("an address");
    (listener, address)
}

#[tokio::test]
async fn a_layer_of_the_router() {
    both!(HOME, |cors| router().layer(cors));
    both!(HOME, [ours()], |cors| router().layer(cors));
    both!(HOME, [ours().build().expect("a policy")], |cors| router().layer(cors));
    both!(HOME, |cors| router().layer(cors).with_state(()));
}

#[tokio::test]
async fn an_optional_layer() {
    both!(HOME, |cors| router().layer(option_layer(Some(cors))));
    both!(HOME, |cors| router().layer(ServiceBuilder::new().option_layer(Some(cors))));
    let none: Option<SameBodyLayer<Body>> = None;
    let bare = router().layer(option_layer(none)).oneshot(HOME.actual()).await.expect("a response");
    assert!(!is_granted(&bare));
}

#[tokio::test]
async fn the_optional_layer_of_a_setting() {
    let cors: Option<CorsLayer> = Some(ours());
    works(Layered::Ours, &HOME, router().layer(option_layer(cors.map(CorsLayer::same_body)))).await;
}

#[tokio::test]
async fn layers_outside_that_make_bodies() {
    // `Default` is enough for these, and the plain layer has that.
    both!(HOME, [ours()], |cors| {
        router().layer(ServiceBuilder::new().layer(timeout()).layer(cors))
    });
    both!(HOME, |cors| router().layer(ServiceBuilder::new().layer(timeout()).layer(cors)));
    both!(HOME, [ours()], |cors| {
        let accepts = ValidateRequestHeaderLayer::accept("text/plain");
        router().layer(ServiceBuilder::new().layer(accepts).layer(cors))
    });
    both!(HOME, |cors| {
        let accepts = ValidateRequestHeaderLayer::accept("text/plain");
        router().layer(ServiceBuilder::new().layer(accepts).layer(cors))
    });
    both!(HOME, [ours()], |cors| {
        router().layer(ServiceBuilder::new().layer(RequestBodyLimitLayer::new(1 << 20)).layer(cors))
    });
    both!(HOME, |cors| {
        let middle = ServiceBuilder::new()
            .layer(HandleErrorLayer::new(|error: BoxError| async move { error.to_string() }))
            .timeout(Duration::from_secs(9))
            .concurrency_limit(9)
            .layer(cors);
        router().layer(middle)
    });
}

#[tokio::test]
async fn layers_outside_that_name_the_body() {
    both!(HOME, |cors| {
        let pass =
            middleware::from_fn(|request: Request, next: middleware::Next| next.run(request));
        router().layer(ServiceBuilder::new().layer(pass).layer(cors))
    });
    both!(HOME, |cors| {
        let pass = MapResponseLayer::new(|response: Response<Body>| response);
        router().layer(ServiceBuilder::new().layer(pass).layer(cors))
    });
}

#[tokio::test]
async fn a_router_around_which_axum_serves() {
    const HOME: Call<Full<bytes::Bytes>> = Call::home(Full::from);
    both!(at HOME, |cors| {
        let (listener, address) = listener().await;
        let app = ServiceExt::<Request>::into_make_service(cors.layer(router()));
        tokio::spawn(async move { axum::serve(listener, app).await });
        address
    });
    both!(at HOME, |cors| {
        let (listener, address) = listener().await;
        let app = cors.layer(router());
        let app = ServiceExt::<Request>::into_make_service_with_connect_info::<SocketAddr>(app);
        tokio::spawn(async move { axum::serve(listener, app).await });
        address
    });
    // What the router normalises must be outside of it, and CORS outside of that.
    const ITEMS: Call<Full<bytes::Bytes>> =
        Call { target: "/items/", answer: "items", ..Call::home(Full::from) };
    both!(at ITEMS, |cors| {
        let (listener, address) = listener().await;
        let app = cors.layer(NormalizePathLayer::trim_trailing_slash().layer(router()));
        tokio::spawn(async move { axum::serve(listener, ServiceExt::<Request>::into_make_service(app)).await });
        address
    });
    both!(at ITEMS, |cors| {
        let (listener, address) = listener().await;
        let app = NormalizePathLayer::trim_trailing_slash().layer(cors.layer(router()));
        tokio::spawn(async move { axum::serve(listener, ServiceExt::<Request>::into_make_service(app)).await });
        address
    });
}

#[tokio::test]
async fn routes_services_and_handlers() {
    both!(HOME, |cors| Router::new().route("/", get(async || "home").layer(cors)));
    both!(HOME, |cors| Router::new().route_service("/", cors.layer(router())));
    both!(HOME, |cors| Router::new().fallback_service(cors.layer(router())));
    // `get` would answer the preflight with 405 before a handler's own layer sees it.
    both!(HOME, |cors| Router::new().route("/", any((async || "home").layer(cors))));
}

#[tokio::test]
async fn boxed_services() {
    both!(HOME, |cors| {
        let app: BoxCloneService<Request, Response, Infallible> =
            ServiceBuilder::new().layer(cors).service(router()).boxed_clone();
        app
    });
    both!(HOME, |cors| {
        let app: BoxCloneSyncService<Request, Response, Infallible> =
            BoxCloneSyncService::new(cors.layer(router()));
        app
    });
    both!(HOME, |cors| {
        let app: BoxService<Request, Response, Infallible> = cors.layer(router()).boxed();
        app
    });
    both!(HOME, |cors| {
        let layer: BoxCloneSyncServiceLayer<axum::routing::Route, Request, Response, Infallible> =
            BoxCloneSyncServiceLayer::new(cors);
        router().layer(layer)
    });
}

/// Hand-written middleware that names the body.
#[derive(Clone)]
struct Stamp<S>(S);

impl<S> Service<Request> for Stamp<S>
where
    S: Service<Request, Response = Response<Body>>,
{
    type Response = Response<Body>;
    type Error = S::Error;
    type Future = S::Future;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.0.poll_ready(context)
    }

    fn call(&mut self, request: Request) -> S::Future {
        self.0.call(request)
    }
}

#[tokio::test]
async fn hand_written_middleware_over_one_body() {
    both!(HOME, |cors| Stamp(cors.layer(router())));
    both!(HOME, |cors| Stamp(cors.layer(Stamp(router()))));
    both!(HOME, |cors| {
        let stamp = tower::layer::layer_fn(Stamp);
        router().layer(ServiceBuilder::new().layer(stamp).layer(cors))
    });
}

/// A service of one's own around the layer's, with the response of the service within.
macro_rules! newtype {
    ($name:ident, $service:ty, $layer:expr) => {
        #[derive(Clone)]
        struct $name<S>($service);

        impl<S> $name<S> {
            fn new(inner: S) -> Self {
                Self($layer.layer(inner))
            }
        }

        impl<S> Service<Request> for $name<S>
        where
            S: Service<Request, Response = Response<Body>>,
            S::Future: Send + 'static,
        {
            type Response = S::Response;
            type Error = S::Error;
            type Future = <$service as Service<Request>>::Future;

            fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
                self.0.poll_ready(context)
            }

            fn call(&mut self, request: Request) -> Self::Future {
                self.0.call(request)
            }
        }
    };
}

newtype!(Newtype, SameBody<S, Body>, ours().same_body());
newtype!(TheirNewtype, tower_http::cors::Cors<S>, theirs());

#[tokio::test]
async fn newtypes_with_the_response_of_the_service_within() {
    works(Layered::Theirs, &HOME, TheirNewtype::new(router())).await;
    works(Layered::Ours, &HOME, Newtype::new(router())).await;
    works(Layered::Ours, &HOME, router().layer(tower::layer::layer_fn(Newtype::new))).await;
}

/// The layer's type in a field, in a function's and in a stack's signature.
macro_rules! signatures {
    ($module:ident, $layer:ty, $make:expr) => {
        mod $module {
            use super::*;

            #[derive(Clone)]
            pub(crate) struct Settings {
                pub(crate) cors: $layer,
                pub(crate) stack: ServiceBuilder<Stack<$layer, Identity>>,
            }

            pub(crate) fn cors() -> $layer {
                $make
            }

            pub(crate) fn stack() -> ServiceBuilder<Stack<$layer, Stack<TimeoutLayer, Identity>>> {
                ServiceBuilder::new().layer(timeout()).layer(cors())
            }

            pub(crate) fn settings() -> Settings {
                Settings { cors: cors(), stack: ServiceBuilder::new().layer(cors()) }
            }
        }
    };
}

signatures!(our_signatures, SameBodyLayer<Body>, ours().same_body());
signatures!(their_signatures, tower_http::cors::CorsLayer, theirs());

#[tokio::test]
async fn types_in_signatures() {
    works(Layered::Theirs, &HOME, router().layer(their_signatures::settings().cors)).await;
    works(Layered::Ours, &HOME, router().layer(our_signatures::settings().cors)).await;
    works(Layered::Theirs, &HOME, router().layer(their_signatures::settings().stack)).await;
    works(Layered::Ours, &HOME, router().layer(our_signatures::settings().stack)).await;
    works(Layered::Theirs, &HOME, router().layer(their_signatures::stack())).await;
    works(Layered::Ours, &HOME, router().layer(our_signatures::stack())).await;
}

/// One function for either layer, as a library of middleware has it.
fn behind<L>(layer: L) -> Router
where
    L: Layer<axum::routing::Route> + Clone + Send + Sync + 'static,
    L::Service: Service<Request, Response = Response<Body>, Error = Infallible>
        + Clone
        + Send
        + Sync
        + 'static,
    <L::Service as Service<Request>>::Future: Send + 'static,
{
    router().layer(layer)
}

#[tokio::test]
async fn bounds_that_name_the_response() {
    both!(HOME, |cors| behind(cors));
}

#[tokio::test]
async fn policies_chosen_per_request() {
    let policy = ours().build().expect("a policy");
    let chosen = policy.clone();
    let layer = PerRequestLayer::new(move |_| Some(chosen.clone())).same_body();
    works(Layered::Ours, &HOME, Stamp(layer.layer(router()))).await;
    let layer = AsyncPerRequestLayer::new(move |_| {
        let chosen = policy.clone();
        async move { Some(chosen) }
    });
    works(Layered::Ours, &HOME, router().layer(option_layer(Some(layer.same_body())))).await;
}
