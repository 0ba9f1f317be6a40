//! Through axum, `same_body()` adds no allocation to an actual response; the plain layer adds one,
//! since axum boxes every body that is not its own.

use std::{
    convert::Infallible,
    pin::pin,
    task::{Context, Poll, Waker},
};

use allocation_counter::{AllocationInfo, measure};
use axum::{Router, body::Body, extract::Request, response::Response, routing::get};
use http::HeaderValue;
use tower::{Layer, Service, layer::util::Identity, util::option_layer};
use tower_cors::PerRequestLayer;
use tower_cors_fits::{Call, is_granted, ours, theirs};

const HOME: Call<Body> = Call::home(Body::from);

/// A router with this layer.
fn router<L>(layer: L) -> Router
where
    L: Layer<axum::routing::Route> + Clone + Send + Sync + 'static,
    L::Service: Service<Request, Error = Infallible> + Clone + Send + Sync + 'static,
    <L::Service as Service<Request>>::Response: axum::response::IntoResponse + 'static,
    <L::Service as Service<Request>>::Future: Send + 'static,
{
    Router::new().route("/", get(async || "home")).layer(layer).with_state(())
}

/// What a service allocates for one answer, once warm.
fn allocated<S>(mut service: S, request: impl Fn() -> Request) -> (Response, AllocationInfo)
where
    S: Service<Request, Response = Response, Error = Infallible>,
{
    let mut once = || {
        let request = request();
        let mut seen = None;
        let allocations = measure(|| {
            let future = pin!(service.call(request));
            let context = &mut Context::from_waker(Waker::noop());
            let Poll::Ready(Ok(response)) = future.poll(context) else {
                panic!("the answer is there at once");
            };
            seen = Some(response);
        });
        (seen.expect("a response"), allocations)
    };
    once();
    once()
}

type Asked = (&'static str, fn() -> Request);

fn requests() -> [Asked; 3] {
    fn stranger() -> Request {
        let mut request = HOME.actual();
        let stranger = HeaderValue::from_static("https://stranger.example");
        request.headers_mut().insert("origin", stranger);
        request
    }
    fn same_site() -> Request {
        let mut request = HOME.actual();
        request.headers_mut().remove("origin");
        request
    }
    [
        ("an allowed origin", || HOME.actual()),
        ("another origin", stranger),
        ("no origin", same_site),
    ]
}

#[test]
fn same_body_adds_nothing_through_axum() {
    let policy = ours().build().expect("a policy");
    for (name, request) in requests() {
        let (_, bare) = allocated(router(Identity::new()), request);
        let rows = [
            ("same_body", router(ours().same_body())),
            ("optional", router(option_layer(Some(ours().same_body::<Body>())))),
            ("per request", {
                let policy = policy.clone();
                router(PerRequestLayer::new(move |_| Some(policy.clone())).same_body())
            }),
        ];
        for (layer, app) in rows {
            let (response, with) = allocated(app, request);
            assert_eq!(is_granted(&response), name == "an allowed origin", "{name}: {layer}");
            assert_eq!(with.count_total, bare.count_total, "{name}: {layer}");
        }
    }
}

#[test]
fn the_plain_layer_boxes_the_body_through_axum() {
    for (name, request) in requests() {
        let (_, bare) = allocated(router(Identity::new()), request);
        let (_, with) = allocated(router(ours()), request);
        assert_eq!(with.count_total, bare.count_total + 1, "{name}");
        // 11, 12 and 15 when this was written, of which 11 are axum's.
        let (_, theirs) = allocated(router(theirs()), request);
        assert!(theirs.count_total > with.count_total, "{name}");
    }
}
