//! Proves what tasks and threads need of the public types: Send, Sync, Unpin, Clone, Debug; and
//! that the small ones are small.

mod common;

use std::{error::Error, fmt::Debug, future::Ready, panic::UnwindSafe, rc::Rc};

use bytes::Bytes;
use common::*;
use http::{Request, Response};
use http_body_util::{Full, combinators::UnsyncBoxBody};
use tower::{Layer, Service};
use tower_cors::{
    Any, AsyncCors, AsyncPerRequestLayer, AsyncResponseFuture, ConfigError, Cors, CorsConfig,
    CorsLayer, CorsPolicy, Diagnostic, EnforceOrigin, Explanation, Finding, Kind, Part,
    PerRequestLayer, Preset, Refusal, ResponseBody, ResponseFuture, Risk, Setting, Severity,
};

fn shared<T: Send + Sync + Unpin>() {}
fn sent<T: Send>() {}
fn cloned<T: Clone + Debug>() {}
fn printed<T: Debug>() {}
fn value<T: Clone + PartialEq + Debug + Send + Sync + Unpin + UnwindSafe + 'static>() {}
fn error<T: Error + Clone + Send + Sync + 'static>() {}

type Answer = Ready<Result<Response<Full<Bytes>>, std::convert::Infallible>>;

#[test]
fn layers_and_policies_are_shared() {
    shared::<CorsLayer>();
    shared::<CorsPolicy>();
    shared::<PerRequestLayer>();
    shared::<AsyncPerRequestLayer>();
    cloned::<CorsLayer>();
    cloned::<CorsPolicy>();
    cloned::<PerRequestLayer>();
    cloned::<AsyncPerRequestLayer>();
}

#[test]
fn services_are_what_their_inner_service_is() {
    shared::<Cors<()>>();
    cloned::<Cors<()>>();
    shared::<AsyncCors<()>>();
    cloned::<AsyncCors<()>>();
    sent::<Cors<std::cell::Cell<u8>>>();
}

#[test]
fn futures_and_bodies_are_what_they_hold() {
    shared::<ResponseFuture<Answer>>();
    printed::<ResponseFuture<Answer>>();
    shared::<ResponseBody<Full<Bytes>>>();
    printed::<ResponseBody<Full<Bytes>>>();
    sent::<ResponseBody<UnsyncBoxBody<Bytes, ()>>>();
    // A look-up is `Send` and need not be `Sync`, so its future is no more than that.
    sent::<AsyncResponseFuture<Spy, Full<Bytes>, Answer>>();
    printed::<AsyncResponseFuture<Spy, Rc<()>, Answer>>();
}

#[test]
fn data_is_data() {
    value::<Any>();
    value::<CorsConfig>();
    value::<EnforceOrigin>();
    value::<Preset>();
    value::<Risk>();
    value::<Diagnostic>();
    value::<Kind>();
    value::<Severity>();
    value::<Setting>();
    value::<ConfigError>();
    value::<Refusal>();
    value::<Explanation>();
    value::<Finding>();
    value::<Part>();
    error::<ConfigError>();
    error::<Refusal>();
}

/// A clone of the layer, the policy or the service is one reference count, and so is its size.
#[test]
fn the_shared_ones_are_a_pointer() {
    let pointer = size_of::<usize>();
    assert_eq!(size_of::<CorsLayer>(), pointer);
    assert_eq!(size_of::<CorsPolicy>(), pointer);
    assert_eq!(size_of::<PerRequestLayer>(), pointer);
    assert_eq!(size_of::<AsyncPerRequestLayer>(), pointer);
    assert!(size_of::<Cors<()>>() <= 2 * pointer);
    assert_eq!(size_of::<AsyncCors<()>>(), pointer);
    assert_eq!(size_of::<Refusal>(), 1);
    assert_eq!(size_of::<Risk>(), 1);
    assert_eq!(size_of::<Option<Kind>>(), 1);
}

/// A handler's future is moved into the task with ours around it.
#[test]
fn futures_and_bodies_add_little() {
    let body = size_of::<Full<Bytes>>();
    assert!(size_of::<ResponseBody<Full<Bytes>>>() <= body + 2 * size_of::<usize>());
    let future = |size: usize| size + 40 * size_of::<usize>();
    assert!(size_of::<ResponseFuture<Ready<()>>>() <= future(0));
    assert!(size_of::<ResponseFuture<[u8; 4096]>>() <= future(4096));
}

#[test]
fn predicates_print_as_fn() {
    let layer = CorsLayer::new()
        .allow_origins(["https://a.example"])
        .allow_origin_if(|_| false)
        .allow_origin_if(|_| true);
    for text in [format!("{layer:?}"), format!("{:?}", layer.build().unwrap())] {
        assert!(text.contains("[<fn>, <fn>]"), "{text}");
        assert!(
            text.contains("https://a.example") && text.contains("max_age: Some(600)"),
            "{text}"
        );
    }
    let service = layer.layer(());
    assert!(format!("{service:?}").starts_with("Cors"), "{service:?}");
    let chosen = PerRequestLayer::new(|_| None);
    assert!(format!("{chosen:?}").contains("<fn>"), "{chosen:?}");
    let awaited = AsyncPerRequestLayer::new(|_| async { None });
    assert!(format!("{awaited:?}").contains("<fn>"), "{awaited:?}");
}

/// The closures may hold what is shared between threads; nothing more is asked of them.
#[test]
fn closures_may_own_their_state() {
    let state = std::sync::Arc::new(std::sync::Mutex::new(0));
    let counted = state.clone();
    let layer = CorsLayer::new().allow_origin_if(move |_| {
        *counted.lock().unwrap() += 1;
        true
    });
    through(&layer, &["GET /", "origin: https://a.example"], &["200"]);
    assert_eq!(*state.lock().unwrap(), 1);
}

/// The service is one for any request body, and boxes and erases as tower's own do.
#[tokio::test]
async fn it_can_be_erased_and_spawned() {
    use tower::{ServiceExt, util::BoxCloneSyncService};

    let layer = CorsLayer::new().allow_origins(["https://a.example"]);
    let erased: BoxCloneSyncService<Request<()>, _, _> =
        BoxCloneSyncService::new(layer.layer(Spy::new(&["200"])));
    let asked = request(&["GET /", "origin: https://a.example"]).map(drop);
    let task = tokio::spawn(erased.oneshot(asked));
    let response = task.await.unwrap().unwrap();
    assert_eq!(response.headers()["access-control-allow-origin"], "https://a.example");

    let awaited = AsyncPerRequestLayer::new(|_| async { None });
    let mut service = awaited.layer(Spy::new(&["204"]));
    let response = tokio::spawn(Service::<Request<String>>::call(
        &mut service,
        request(&["GET /"]).map(|_| String::new()),
    ));
    assert_eq!(response.await.unwrap().unwrap().status(), 204);
}
