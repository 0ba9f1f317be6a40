//! Proves that a policy picked for each request, at once or awaited, is asked for exactly once,
//! that the choice shows in Vary, and that nothing hangs, leaks or is called too early.

mod common;

use std::{
    convert::Infallible,
    future::{Future, pending},
    panic::{self, AssertUnwindSafe},
    pin::Pin,
    sync::{
        Arc, Mutex, RwLock,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll, Waker},
    time::Duration,
};

use bytes::Bytes;
use common::*;
use http::{HeaderName, Request, Response, header};
use http_body_util::Full;
use tokio::sync::{Barrier, oneshot, watch};
use tower::{Layer, Service, ServiceBuilder, ServiceExt, service_fn, timeout::TimeoutLayer};
use tower_cors::{
    Any, AsyncPerRequestLayer, CorsLayer, CorsPolicy, EnforceOrigin, PerRequestLayer, Refusal,
};

fn only(origin: &str) -> CorsPolicy {
    CorsLayer::new().allow_origins([origin]).build().unwrap()
}

fn x_tenant() -> HeaderName {
    HeaderName::from_static("x-tenant")
}

/// By path: `/none`, `/public`, anything else.
fn pick(path: &str) -> Option<CorsPolicy> {
    match path {
        "/none" => None,
        "/public" => Some(CorsLayer::new().allow_origins(Any).build().unwrap()),
        "/enforced" => Some(
            CorsLayer::new()
                .allow_origins(["https://a.example"])
                .enforce_origin(EnforceOrigin::AllRequests)
                .build()
                .unwrap(),
        ),
        "/constant" => {
            Some(CorsLayer::new().allow_origins(Any).constant_wildcard(true).build().unwrap())
        }
        _ => Some(only("https://a.example")),
    }
}

fn immediate() -> PerRequestLayer {
    PerRequestLayer::new(|head| pick(head.uri.path()))
}

fn awaited() -> AsyncPerRequestLayer {
    AsyncPerRequestLayer::new(|head| {
        let path = head.uri.path().to_owned();
        async move { pick(&path) }
    })
}

/// Both kinds of layer give the same response of rows, Vary as one line.
#[track_caller]
fn both(vary: &[HeaderName], asked: &[&str], inner: &[&str], calls: usize, answer: &[&str]) {
    let (response, called) = through(&immediate().vary(vary.to_vec()), asked, inner);
    let (awaited, called_later) = through(&awaited().vary(vary.to_vec()), asked, inner);
    for (response, called) in [(response, called), (awaited, called_later)] {
        assert_eq!(called, calls, "{asked:?}");
        assert_eq!(rows(response), expected(answer), "{asked:?}");
    }
}

// The choice

#[test]
fn the_head_picks_the_policy() {
    both(
        &[],
        &["GET /", A],
        &["200 inner"],
        1,
        &["200 inner", "ac-allow-origin: https://a.example", "vary: Origin"],
    );
    both(&[], &["GET /", B], &["200 inner"], 1, &["200 inner", "vary: Origin"]);
    both(
        &[],
        &["GET /public", B],
        &["200 inner"],
        1,
        &["200 inner", "ac-allow-origin: *", "vary: Origin"],
    );
    both(
        &[],
        &["OPTIONS /public", B, GET],
        &["200 inner"],
        0,
        &[
            "200 OK",
            "ac-allow-origin: *",
            "ac-allow-methods: GET",
            "ac-max-age: 600",
            SAFELISTED,
            PREFLIGHT_VARY,
            TEXT,
        ],
    );
    both(
        &[],
        &["OPTIONS /", B, GET],
        &["200 inner"],
        0,
        &[
            "400 Disallowed CORS origin",
            "ac-allow-methods: GET",
            "ac-max-age: 600",
            SAFELISTED,
            PREFLIGHT_VARY,
            TEXT,
        ],
    );
}

/// Preflights too are the inner service's business then.
#[test]
fn none_leaves_the_request_alone() {
    let own = "ac-allow-origin: https://own.example";
    let inner = ["207 inner", own, "vary: X-Own", "x: 1"];
    // The closure saw the Origin.
    let answer = ["207 inner", own, "vary: X-Own, Origin", "x: 1"];
    for asked in [
        &["GET /none", A][..],
        &["GET /none"],
        &["OPTIONS /none", A, GET],
        &["GET /none", B, "upgrade: websocket"],
    ] {
        both(&[], asked, &inner, 1, &answer);
    }
}

/// What is named shows on everything, for the choice depends on it: `None`, preflights, actual
/// responses and the 403 of `enforce_origin`.
#[test]
fn vary_names_what_the_choice_depends_on() {
    let vary = [x_tenant(), header::COOKIE];
    both(
        &vary,
        &["GET /none", A],
        &["200", "vary: Accept"],
        1,
        &["200", "vary: Accept, Origin, x-tenant, cookie"],
    );
    both(
        &vary,
        &["OPTIONS /none", A, GET],
        &["200"],
        1,
        &["200", "vary: Origin, x-tenant, cookie"],
    );
    both(
        &vary,
        &["GET /", A],
        &["200"],
        1,
        &["200", "ac-allow-origin: https://a.example", "vary: Origin, x-tenant, cookie"],
    );
    both(&vary, &["GET /"], &["200"], 1, &["200", "vary: Origin, x-tenant, cookie"]);
    both(
        &vary,
        &["OPTIONS /", B, GET],
        &["200"],
        0,
        &[
            "400 Disallowed CORS origin",
            "ac-allow-methods: GET",
            "ac-max-age: 600",
            SAFELISTED,
            &format!("{PREFLIGHT_VARY}, x-tenant, cookie"),
            TEXT,
        ],
    );
    both(
        &vary,
        &["GET /enforced", B],
        &["200"],
        0,
        &[
            "403 Disallowed CORS origin",
            "cache-control: no-store",
            "vary: Origin, Sec-Fetch-Site, Sec-Fetch-Mode, Sec-Fetch-Dest, x-tenant, cookie",
            TEXT,
        ],
    );
    both(
        &vary,
        &["GET /enforced", A],
        &["200"],
        1,
        &[
            "200",
            "ac-allow-origin: https://a.example",
            "vary: Origin, Sec-Fetch-Site, Sec-Fetch-Mode, Sec-Fetch-Dest, x-tenant, cookie",
        ],
    );
    both(
        &vary,
        &["GET /constant", A],
        &["200"],
        1,
        &["200", "ac-allow-origin: *", "vary: Origin, x-tenant, cookie"],
    );
}

#[test]
fn vary_says_nothing_twice() {
    let vary = [x_tenant(), x_tenant(), header::ORIGIN];
    both(
        &vary,
        &["GET /none"],
        &["200", "vary: X-Tenant , Accept"],
        1,
        &["200", "vary: X-Tenant , Accept, Origin"],
    );
    both(&vary, &["GET /"], &["200", "vary: *"], 1, &["200", "vary: *"]);
    let (response, _) =
        through(&immediate().vary([x_tenant()]).vary([header::COOKIE]), &["GET /none"], &["200"]);
    let lines: Vec<_> = response.headers().get_all("vary").iter().collect();
    assert_eq!(lines, ["Origin, x-tenant, cookie"], "each call adds");
}

#[test]
fn switching_protocols_and_tunnels_leave_as_they_came() {
    for (asked, inner) in [
        (&["GET /", A, "upgrade: websocket"][..], ["101", "vary: X-Own"]),
        (&["GET /none", A], ["101", "vary: X-Own"]),
        (&["CONNECT a.example:443", A], ["200", "vary: X-Own"]),
        (&["CONNECT https://a.example/none", A], ["200", "vary: X-Own"]),
    ] {
        both(&[x_tenant()], asked, &inner, 1, &inner);
    }
}

#[test]
fn refusals_are_in_the_extensions() {
    for (asked, refused) in [
        (&["OPTIONS /", B, GET][..], true),
        (&["OPTIONS /", A, GET], false),
        (&["GET /enforced", B], true),
        (&["GET /", B], false),
        (&["OPTIONS /none", B, GET], false),
    ] {
        let found =
            [through(&immediate(), asked, &["200"]).0, through(&awaited(), asked, &["200"]).0]
                .map(|response| response.extensions().get::<Refusal>().is_some());
        assert_eq!(found, [refused; 2], "{asked:?}");
    }
}

// How often, and when

#[test]
fn the_choice_is_asked_for_exactly_once() {
    let count = Arc::new(AtomicUsize::new(0));
    let (first, second, polled) = (count.clone(), count.clone(), Arc::new(AtomicUsize::new(0)));
    let polls = polled.clone();
    let immediate = PerRequestLayer::new(move |head| {
        first.fetch_add(1, Ordering::SeqCst);
        pick(head.uri.path())
    });
    let awaited = AsyncPerRequestLayer::new(move |head| {
        second.fetch_add(1, Ordering::SeqCst);
        let (path, polls) = (head.uri.path().to_owned(), polls.clone());
        async move {
            polls.fetch_add(1, Ordering::SeqCst);
            pick(&path)
        }
    });
    for asked in [
        &["GET /", A][..],
        &["GET /", B],
        &["GET /"],
        &["GET /none", A],
        &["GET /enforced", B],
        &["OPTIONS /", A, GET],
        &["OPTIONS /none", A, GET],
        &["CONNECT a.example:443"],
    ] {
        count.store(0, Ordering::SeqCst);
        through(&immediate, asked, &["200"]);
        assert_eq!(count.swap(0, Ordering::SeqCst), 1, "{asked:?}");
        polled.store(0, Ordering::SeqCst);
        through(&awaited, asked, &["200"]);
        assert_eq!(
            (count.load(Ordering::SeqCst), polled.load(Ordering::SeqCst)),
            (1, 1),
            "{asked:?}"
        );
    }
}

#[test]
fn the_closure_sees_the_whole_head_and_the_inner_service_too() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let (first, second) = (seen.clone(), seen.clone());
    let note = |seen: &Mutex<Vec<String>>, head: &http::request::Parts| {
        let kept = head.extensions.get::<&str>().copied();
        seen.lock().unwrap().push(format!(
            "{} {} {kept:?} {}",
            head.method,
            head.uri,
            head.headers.len()
        ));
    };
    let immediate = PerRequestLayer::new(move |head| {
        note(&first, head);
        None
    });
    let awaited = AsyncPerRequestLayer::new(move |head| {
        note(&second, head);
        async { None }
    });
    let asked = || {
        let mut request = request(&["PUT https://a.example/x?y", A, "x-tenant: t", "cookie: a"]);
        request.extensions_mut().insert("kept");
        request
    };
    let (early, late) = (Spy::new(&["200"]), Spy::new(&["200"]));
    call(&mut immediate.layer(early.clone()), asked());
    call(&mut awaited.layer(late.clone()), asked());
    assert_eq!(*seen.lock().unwrap(), ["PUT https://a.example/x?y Some(\"kept\") 3"; 2]);
    for spy in [early, late] {
        let head = spy.last().unwrap();
        let sent = asked().into_parts().0;
        assert_eq!((head.method, head.uri, head.headers), (sent.method, sent.uri, sent.headers));
        assert_eq!(head.extensions.get(), Some(&"kept"));
    }
}

/// One snapshot: what the policy becomes while the request runs is the next request's business.
#[tokio::test]
async fn a_request_keeps_the_policy_it_began_with() {
    let (send, receive) = watch::channel(only("https://a.example"));
    let layer = PerRequestLayer::new(move |_| Some(receive.borrow().clone()));
    let (go, gone) = oneshot::channel::<()>();
    let gone = Arc::new(Mutex::new(Some(gone)));
    let mut service = layer.layer(service_fn(move |_: Request<Full<Bytes>>| {
        let gone = gone.lock().unwrap().take();
        async move {
            if let Some(gone) = gone {
                gone.await.unwrap();
            }
            Ok::<_, Infallible>(Response::new(Full::<Bytes>::default()))
        }
    }));
    let running = tokio::spawn(service.call(request(&["GET /", A])));
    tokio::task::yield_now().await;
    send.send(only("https://b.example")).unwrap();
    go.send(()).unwrap();
    let old = running.await.unwrap().unwrap();
    assert_eq!(old.headers()["access-control-allow-origin"], "https://a.example");
    let new = service.call(request(&["GET /", A])).await.unwrap();
    assert!(!new.headers().contains_key("access-control-allow-origin"));
}

/// Every answer is of one policy or the other, never of both, and in the end of the new one.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn policies_are_replaced_under_load() {
    let one = |origin: &str, method: &str| {
        let layer = CorsLayer::new().allow_origins([origin]).allow_methods([method]);
        layer.allow_headers([format!("x-{}", method.to_ascii_lowercase())]).build().unwrap()
    };
    let policies = [one("https://a.example", "PUT"), one("https://b.example", "PATCH")];
    let current = Arc::new(RwLock::new(policies[0].clone()));
    let chosen = current.clone();
    let layer = PerRequestLayer::new(move |_| Some(chosen.read().unwrap().clone()));
    let chosen = current.clone();
    let awaited = AsyncPerRequestLayer::new(move |_| {
        let policy = chosen.read().unwrap().clone();
        async move {
            tokio::task::yield_now().await;
            Some(policy)
        }
    });
    let barrier = Arc::new(Barrier::new(5));
    let tasks: Vec<_> = (0..4)
        .map(|_| {
            let (barrier, spy) = (barrier.clone(), Spy::new(&["200"]));
            let (mut service, mut later) = (layer.layer(spy.clone()), awaited.layer(spy));
            tokio::spawn(async move {
                barrier.wait().await;
                for _ in 0..500 {
                    let asked = || request(&["OPTIONS /", A, "ac-request-method: PUT"]);
                    for response in
                        [service.call(asked()).await.unwrap(), later.call(asked()).await.unwrap()]
                    {
                        let header = |name: &str| response.headers()[name].to_str().unwrap();
                        let names = header("access-control-allow-headers");
                        match response.status().as_u16() {
                            200 => {
                                assert_eq!(header("access-control-allow-methods"), "PUT");
                                assert!(names.ends_with("x-put"), "{names}");
                            }
                            _ => {
                                assert_eq!(header("access-control-allow-methods"), "PATCH");
                                assert!(names.ends_with("x-patch"), "{names}");
                            }
                        }
                    }
                }
            })
        })
        .collect();
    barrier.wait().await;
    for round in 1..400 {
        *current.write().unwrap() = policies[round % 2].clone();
        tokio::task::yield_now().await;
    }
    for task in tasks {
        task.await.unwrap();
    }
    let (response, _) = through(&layer, &["GET /", B], &["200"]);
    assert_eq!(response.headers()["access-control-allow-origin"], "https://b.example");
}

/// A bad reload keeps the old policy, because a bad one cannot be made.
#[test]
fn a_bad_policy_is_never_there_to_be_served() {
    let current = Arc::new(RwLock::new(only("https://a.example")));
    let chosen = current.clone();
    let layer = PerRequestLayer::new(move |_| Some(chosen.read().unwrap().clone()));
    let reload = |origin: &str| {
        let built = CorsLayer::new().allow_origins([origin]).build();
        built.map(|policy| *current.write().unwrap() = policy).map_err(|error| error.to_string())
    };
    assert!(reload("https://b.example/").unwrap_err().contains("an origin has no path"));
    let (response, _) = through(&layer, &["GET /", A], &["200"]);
    assert_eq!(response.headers()["access-control-allow-origin"], "https://a.example");
    reload("https://b.example").unwrap();
    let (response, _) = through(&layer, &["GET /", A], &["200"]);
    assert!(!response.headers().contains_key("access-control-allow-origin"));
}

/// Nobody but the closure and the requests holds a policy.
#[test]
fn replaced_policies_are_dropped() {
    let held = Arc::new(());
    let guard = held.clone();
    let policy = CorsLayer::new()
        .allow_origin_if(move |_| {
            let _ = &guard;
            true
        })
        .build()
        .unwrap();
    let current = Arc::new(Mutex::new(Some(policy)));
    let chosen = current.clone();
    let layer = PerRequestLayer::new(move |_| chosen.lock().unwrap().clone());
    let mut service = layer.layer(Spy::new(&["200"]));
    call(&mut service, request(&["GET /", A]));
    call(&mut service, request(&["OPTIONS /", A, GET]));
    assert_eq!(Arc::strong_count(&held), 2);
    *current.lock().unwrap() = None;
    assert_eq!(Arc::strong_count(&held), 1, "the policy and its predicate are gone");
}

// Panics

#[test]
fn a_panicking_closure_harms_nobody_else() {
    let immediate = PerRequestLayer::new(|head| match head.uri.path() {
        "/panic" => panic!("on purpose"),
        path => pick(path),
    });
    let awaited = AsyncPerRequestLayer::new(|head| {
        let path = head.uri.path().to_owned();
        assert_ne!(path, "/panic-at-once");
        async move {
            assert_ne!(path, "/panic");
            pick(&path)
        }
    });
    let spy = Spy::new(&["200"]);
    let mut first = immediate.layer(spy.clone());
    let mut second = awaited.layer(spy.clone());
    for path in ["/panic", "/panic-at-once"] {
        let asked = || request(&[&format!("GET {path}"), A]);
        if path == "/panic" {
            let caught = panic::catch_unwind(AssertUnwindSafe(|| call(&mut first, asked())));
            assert!(caught.is_err());
        }
        let caught = panic::catch_unwind(AssertUnwindSafe(|| call(&mut second, asked())));
        assert!(caught.is_err());
    }
    assert_eq!(spy.calls(), 0, "the inner service is not called without a policy");
    for response in
        [call(&mut first, request(&["GET /", A])), call(&mut second, request(&["GET /", A]))]
    {
        assert_eq!(response.headers()["access-control-allow-origin"], "https://a.example");
    }
}

// Awaited

#[test]
fn the_inner_service_is_called_once_the_policy_is_there() {
    let (send, receive) = oneshot::channel::<()>();
    let receive = Mutex::new(Some(receive));
    let layer = AsyncPerRequestLayer::new(move |_| {
        let receive = receive.lock().unwrap().take().unwrap();
        async move {
            receive.await.unwrap();
            Some(only("https://a.example"))
        }
    });
    let spy = Spy::new(&["200"]);
    let mut service = layer.layer(spy.clone());
    let mut future = Box::pin(service.call(request(&["GET /", A])));
    let mut poll = || future.as_mut().poll(&mut Context::from_waker(Waker::noop()));
    assert!(poll().is_pending());
    assert!(poll().is_pending());
    assert_eq!(spy.calls(), 0);
    send.send(()).unwrap();
    let Poll::Ready(Ok(response)) = poll() else { panic!("still pending") };
    assert_eq!(spy.calls(), 1);
    assert_eq!(response.headers()["access-control-allow-origin"], "https://a.example");
}

/// The caller's timeout layer decides.
#[tokio::test(start_paused = true)]
async fn a_look_up_that_never_ends_runs_into_the_caller_s_timeout() {
    let spy = Spy::new(&["200"]);
    let service = ServiceBuilder::new()
        .layer(TimeoutLayer::new(Duration::from_secs(5)))
        .layer(AsyncPerRequestLayer::new(|head| {
            let path = head.uri.path().to_owned();
            async move { if path == "/never" { pending().await } else { pick(&path) } }
        }))
        .service(spy.clone());
    let error = service.clone().oneshot(request(&["GET /never", A])).await.unwrap_err();
    assert!(error.is::<tower::timeout::error::Elapsed>());
    assert_eq!(spy.calls(), 0);
    let response = service.oneshot(request(&["GET /", A])).await.unwrap();
    assert_eq!(response.headers()["access-control-allow-origin"], "https://a.example");
}

#[test]
fn dropping_the_response_future_drops_the_look_up() {
    struct Dropped(Arc<AtomicUsize>);

    impl Drop for Dropped {
        fn drop(&mut self) {
            self.0.fetch_add(1, Ordering::SeqCst);
        }
    }

    let drops = Arc::new(AtomicUsize::new(0));
    let counted = drops.clone();
    let layer = AsyncPerRequestLayer::new(move |_| {
        let dropped = Dropped(counted.clone());
        async move {
            let _dropped = dropped;
            pending().await
        }
    });
    let spy = Spy::new(&["200"]);
    let mut service = layer.layer(spy.clone());
    let mut future = Box::pin(service.call(request(&["GET /", A])));
    assert!(future.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
    assert_eq!(drops.load(Ordering::SeqCst), 0);
    drop(future);
    assert_eq!(drops.load(Ordering::SeqCst), 1);
    // Also one that was never polled.
    drop(service.call(request(&["GET /", A])));
    assert_eq!((drops.load(Ordering::SeqCst), spy.calls()), (2, 0));
}

/// The look-up is over and gone before the inner service runs.
#[test]
fn a_finished_look_up_is_not_kept() {
    let held = Arc::new(());
    let given = held.clone();
    let layer = AsyncPerRequestLayer::new(move |_| {
        let held = given.clone();
        async move {
            let _held = held;
            None
        }
    });
    let mut service = layer.layer(service_fn(|_: Request<Full<Bytes>>| {
        pending::<Result<Response<Full<Bytes>>, Infallible>>()
    }));
    let mut future = Box::pin(service.call(request(&["GET /", A])));
    assert!(future.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
    assert_eq!(Arc::strong_count(&held), 2, "held and the closure's");
}

/// Ready only as itself: a clone has to be polled anew, and a call of what is not ready panics.
#[derive(Debug, Default)]
struct Strict {
    ready: bool,
    calls: Arc<AtomicUsize>,
    readied: Arc<AtomicUsize>,
}

impl Clone for Strict {
    fn clone(&self) -> Self {
        Self { ready: false, calls: self.calls.clone(), readied: self.readied.clone() }
    }
}

impl Service<Request<Full<Bytes>>> for Strict {
    type Response = Response<Full<Bytes>>;
    type Error = Infallible;
    type Future = std::future::Ready<Result<Self::Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.ready = true;
        self.readied.fetch_add(1, Ordering::SeqCst);
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Request<Full<Bytes>>) -> Self::Future {
        assert!(std::mem::take(&mut self.ready), "called without being ready");
        self.calls.fetch_add(1, Ordering::SeqCst);
        std::future::ready(Ok(Response::new(Full::default())))
    }
}

/// Clone and swap, as tower's `AsyncFilter`: what was polled ready is what is called.
#[test]
fn the_service_that_is_ready_is_the_one_that_is_called() {
    let strict = Strict::default();
    let (calls, readied) = (strict.calls.clone(), strict.readied.clone());
    let mut service = awaited().layer(strict);
    for times in 1..=3 {
        call(&mut service, request(&["GET /", A]));
        assert_eq!((calls.load(Ordering::SeqCst), readied.load(Ordering::SeqCst)), (times, times));
    }
    // Two requests in flight at once, each with its own.
    let mut futures: Vec<Pin<Box<_>>> = Vec::new();
    for _ in 0..2 {
        assert!(service.poll_ready(&mut Context::from_waker(Waker::noop())).is_ready());
        futures.push(Box::pin(service.call(request(&["GET /", A]))));
    }
    for future in futures {
        assert!(ready(future).is_ok());
    }
    assert_eq!(calls.load(Ordering::SeqCst), 5);
}

#[test]
fn an_error_passes_as_it_is() {
    let mut service = awaited().layer(service_fn(|_: Request<Full<Bytes>>| async {
        Err::<Response<Full<Bytes>>, _>("broken")
    }));
    assert_eq!(ready(service.call(request(&["GET /", A]))).err(), Some("broken"));
    let mut service = immediate().layer(service_fn(|_: Request<Full<Bytes>>| async {
        Err::<Response<Full<Bytes>>, _>("broken")
    }));
    assert_eq!(ready(service.call(request(&["GET /", A]))).err(), Some("broken"));
}

/// An `async fn` and a closure that gives a boxed future fit both.
#[test]
fn futures_of_all_kinds_fit() {
    async fn look_up(path: String) -> Option<CorsPolicy> {
        pick(&path)
    }

    let by_function = AsyncPerRequestLayer::new(|head| look_up(head.uri.path().to_owned()));
    let boxed = AsyncPerRequestLayer::new(|head| {
        let path = head.uri.path().to_owned();
        Box::pin(async move { pick(&path) }) as Pin<Box<dyn Future<Output = _> + Send>>
    });
    let at_once = AsyncPerRequestLayer::new(|head| std::future::ready(pick(head.uri.path())));
    for layer in [by_function, boxed, at_once] {
        let (response, _) = through(&layer, &["GET /public", B], &["200"]);
        assert_eq!(response.headers()["access-control-allow-origin"], "*");
    }
}

/// Inside axum, where services are cloned and made at run time.
#[tokio::test]
async fn both_fit_into_axum() {
    use axum::{Router, body::Body, routing::get};

    let routes = || Router::new().route("/", get(|| async { "inner" }));
    for router in [routes().layer(immediate()), routes().layer(awaited())] {
        let asked = request(&["GET /", A]).map(Body::new);
        let response = router.clone().oneshot(asked).await.unwrap();
        assert_eq!(response.headers()["access-control-allow-origin"], "https://a.example");
        let asked = request(&["OPTIONS /", B, GET]).map(Body::new);
        assert_eq!(router.oneshot(asked).await.unwrap().status(), 400);
    }
}
