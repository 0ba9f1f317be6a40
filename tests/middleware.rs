//! Proves what passes through: readiness, errors, bodies, extensions, headers; that the inner
//! service is called once or not at all; and that no request, response or stack of layers makes it
//! panic.

mod common;

use std::{
    collections::VecDeque,
    convert::Infallible,
    error::Error,
    fmt, iter,
    marker::PhantomData,
    panic::{self, AssertUnwindSafe},
    pin::Pin,
    rc::Rc,
    sync::{
        Arc, LazyLock,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll, Waker},
    thread,
    time::Duration,
};

use bytes::{Buf, Bytes, buf::Chain};
use common::*;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Response, StatusCode};
use http_body::{Body, Frame, SizeHint};
use http_body_util::{BodyExt, Full};
use proptest::prelude::*;
use tower::{Layer, Service, ServiceBuilder, ServiceExt, service_fn};
use tower_browser::{Fetch, Page, Reason};
use tower_cors::{Any, CorsLayer, CorsPolicy, EnforceOrigin, PerRequestLayer, ResponseBody};
use tower_http::{
    catch_panic::CatchPanicLayer, compression::CompressionLayer, limit::RequestBodyLimitLayer,
    timeout::TimeoutLayer, trace::TraceLayer,
};

#[derive(Clone, Copy, Debug, PartialEq)]
struct Broken;

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("broken")
    }
}

impl Error for Broken {}

// Readiness and errors

/// Is ready on the third time of asking, and fails on the fourth.
#[derive(Debug, Default)]
struct Slow {
    asked: usize,
}

impl Service<Request<Full<Bytes>>> for Slow {
    type Response = Response<Full<Bytes>>;
    type Error = Broken;
    type Future = std::future::Ready<Result<Self::Response, Broken>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Broken>> {
        self.asked += 1;
        match self.asked {
            1 | 2 => Poll::Pending,
            3 => Poll::Ready(Ok(())),
            _ => Poll::Ready(Err(Broken)),
        }
    }

    fn call(&mut self, _: Request<Full<Bytes>>) -> Self::Future {
        std::future::ready(Err(Broken))
    }
}

#[test]
fn it_is_ready_when_the_inner_service_is() {
    fn see(mut service: impl Service<Request<Full<Bytes>>, Error = Broken>) {
        let mut poll = || service.poll_ready(&mut Context::from_waker(Waker::noop()));
        assert_eq!(poll(), Poll::Pending);
        assert_eq!(poll(), Poll::Pending);
        assert_eq!(poll(), Poll::Ready(Ok(())));
        assert_eq!(poll(), Poll::Ready(Err(Broken)));
    }
    see(one_origin().layer(Slow::default()));
    see(one_origin().same_body().layer(Slow::default()));
}

#[test]
fn it_asks_once_each_time() {
    let spy = Spy::new(&["200"]);
    let mut service = around(&one_origin(), &spy);
    for times in 1..4 {
        call(&mut service, request(&["OPTIONS /", A, GET]));
        assert_eq!((spy.readied(), spy.calls()), (times, 0));
    }
}

#[test]
fn an_error_passes_as_it_is() {
    for asked in [&["GET /", A][..], &["GET /"], &["OPTIONS /", A]] {
        let mut service = one_origin().layer(Slow::default());
        assert_eq!(ready(service.call(request(asked))).err(), Some(Broken), "{asked:?}");
    }
    // A preflight does not reach it.
    let mut service = one_origin().layer(Slow::default());
    assert!(ready(service.call(request(&["OPTIONS /", A, GET]))).is_ok());
}

#[test]
fn a_pending_inner_service_keeps_the_response_pending() {
    let (send, receive) = tokio::sync::oneshot::channel::<()>();
    let receive = Arc::new(tokio::sync::Mutex::new(receive));
    let mut service = one_origin().layer(service_fn(move |_: Request<Full<Bytes>>| {
        let receive = receive.clone();
        async move {
            (&mut *receive.lock().await).await.unwrap();
            Ok::<_, Infallible>(Response::new(Full::<Bytes>::default()))
        }
    }));
    let mut future = Box::pin(service.call(request(&["GET /", A])));
    let mut context = Context::from_waker(Waker::noop());
    assert!(future.as_mut().poll(&mut context).is_pending());
    send.send(()).unwrap();
    let Poll::Ready(Ok(response)) = future.as_mut().poll(&mut context) else {
        panic!("still pending");
    };
    assert_eq!(response.headers()["access-control-allow-origin"], "https://a.example");
}

// How often the inner service is called

#[test]
fn it_is_called_once_or_not_at_all() {
    let enforced = one_origin().enforce_origin(EnforceOrigin::AllRequests);
    for (layer, asked, calls) in [
        (&one_origin(), &["GET /"][..], 1),
        (&one_origin(), &["GET /", A], 1),
        (&one_origin(), &["GET /", "origin: null"], 1),
        (&one_origin(), &["OPTIONS /", A], 1),
        (&one_origin(), &["OPTIONS /", A, GET], 0),
        (&one_origin(), &["OPTIONS /", "origin: null", GET], 0),
        (&enforced, &["GET /", "origin: null"], 0),
        (&enforced, &["GET /", A], 1),
    ] {
        let spy = Spy::new(&["200"]);
        let mut service = around(layer, &spy);
        for times in 1..=3 {
            call(&mut service, request(asked));
            assert_eq!(spy.calls(), calls * times, "{asked:?}");
        }
    }
}

/// The call itself, not the first poll, reaches the inner service, for that is what was ready.
#[test]
fn the_inner_service_is_called_before_the_future_is_polled() {
    let spy = Spy::new(&["200"]);
    let mut service = around(&one_origin(), &spy);
    drop(service.call(request(&["GET /", A])));
    assert_eq!(spy.calls(), 1);
}

// Bodies

/// A body that does what it is told, with data of any kind.
#[derive(Debug)]
struct Scripted<D> {
    frames: VecDeque<Poll<Result<Frame<D>, Broken>>>,
    hint: SizeHint,
    ended: bool,
}

impl<D> Scripted<D> {
    fn new(frames: impl IntoIterator<Item = Poll<Result<Frame<D>, Broken>>>) -> Self {
        Self { frames: frames.into_iter().collect(), hint: SizeHint::default(), ended: false }
    }
}

impl<D: Buf + Unpin> Body for Scripted<D> {
    type Data = D;
    type Error = Broken;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<D>, Broken>>> {
        match self.frames.pop_front() {
            Some(step) => step.map(Some),
            None => Poll::Ready(None),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.ended
    }

    fn size_hint(&self) -> SizeHint {
        self.hint
    }
}

/// The body of an actual response of a service that gives this one.
fn pass<B: Body>(body: B) -> ResponseBody<B> {
    let mut body = Some(body);
    let mut service = one_origin().layer(service_fn(move |_: Request<Full<Bytes>>| {
        std::future::ready(Ok::<_, Infallible>(Response::new(body.take().unwrap())))
    }));
    let Ok(response) = ready(service.call(request(&["GET /", A])));
    response.into_body()
}

/// What a body does until its end, frame by frame.
fn watch<B: Body<Data = Bytes, Error = Broken>>(body: B) -> Vec<String> {
    let mut body = Box::pin(body);
    let mut context = Context::from_waker(Waker::noop());
    let mut seen = Vec::new();
    loop {
        seen.push(match body.as_mut().poll_frame(&mut context) {
            Poll::Pending => "pending".to_owned(),
            Poll::Ready(None) => return seen,
            Poll::Ready(Some(Err(error))) => error.to_string(),
            Poll::Ready(Some(Ok(frame))) => match frame.into_data() {
                Ok(data) => format!("data {}", data.escape_ascii()),
                Err(frame) => format!("trailers {:?}", lines(frame.trailers_ref().unwrap())),
            },
        });
    }
}

#[test]
fn frames_trailers_and_errors_pass_one_by_one() {
    let data =
        |text: &'static str| Poll::Ready(Ok(Frame::data(Bytes::from_static(text.as_bytes()))));
    let trailers = fields(&["grpc-status: 0", "grpc-message: fine"]);
    let body = Scripted::new([
        data("one"),
        Poll::Pending,
        data(""),
        data("two"),
        Poll::Ready(Err(Broken)),
        Poll::Pending,
        Poll::Ready(Ok(Frame::trailers(trailers))),
    ]);
    assert_eq!(
        watch(pass(body)),
        [
            "data one",
            "pending",
            "data ",
            "data two",
            "broken",
            "pending",
            "trailers [\"grpc-message: fine\", \"grpc-status: 0\"]",
        ]
    );
}

/// `Bytes` pass without a copy: the memory is the same.
#[test]
fn bytes_are_not_copied() {
    let sent = Bytes::from(vec![7; 1000]);
    let mut body = Box::pin(pass(Full::new(sent.clone())));
    let got = ready(body.frame()).unwrap().unwrap().into_data().unwrap();
    assert_eq!(got.as_ptr(), sent.as_ptr());
}

/// Every `Buf` comes out as `Bytes`, whatever its pieces.
#[test]
fn data_of_other_kinds_becomes_bytes() {
    let deque: VecDeque<u8> = (0..5).collect();
    let body = Scripted::new([Poll::Ready(Ok(Frame::data(deque)))]);
    assert_eq!(watch(pass(body)), [r"data \x00\x01\x02\x03\x04"]);

    let chain: Chain<&'static [u8], Bytes> = b"ab".chain(Bytes::from_static(b"cd"));
    let body = Scripted::new([Poll::Ready(Ok(Frame::data(chain)))]);
    assert_eq!(watch(pass(body)), ["data abcd"]);
}

#[test]
fn size_hint_and_end_of_stream_are_the_inner_body_s() {
    for (lower, upper) in [(0, None), (3, Some(9)), (7, Some(7)), (u64::MAX, None)] {
        for ended in [false, true] {
            let mut hint = SizeHint::new();
            hint.set_lower(lower);
            if let Some(upper) = upper {
                hint.set_upper(upper);
            }
            let body = Scripted::<Bytes> { hint, ended, ..Scripted::new([]) };
            let body = pass(body);
            assert_eq!((body.size_hint().lower(), body.size_hint().upper()), (lower, upper));
            assert_eq!(body.is_end_stream(), ended);
        }
    }
}

/// What a server makes Content-Length of, and when it may end the stream.
#[test]
fn a_preflight_s_body_is_one_exact_frame() {
    for (asked, text) in [
        (["OPTIONS /", A, GET], "OK"),
        (["OPTIONS /", "origin: null", GET], "Disallowed CORS origin"),
    ] {
        let (response, _) = through(&one_origin(), &asked, &["200"]);
        assert!(!response.headers().contains_key("content-length"));
        let mut body = Box::pin(response.into_body());
        assert_eq!(body.size_hint().exact(), Some(text.len() as u64));
        assert!(!body.is_end_stream());
        let frame = ready(body.frame()).unwrap().unwrap();
        assert_eq!(frame.into_data().unwrap(), text);
        assert!(body.is_end_stream());
        assert_eq!(body.size_hint().exact(), Some(0));
        assert!(ready(body.frame()).is_none());
        assert!(ready(body.frame()).is_none());
    }
    let (response, _) = through(
        &one_origin().preflight_status(StatusCode::NO_CONTENT),
        &["OPTIONS /", A, GET],
        &["200"],
    );
    assert!(response.body().is_end_stream());
    assert_eq!(response.body().size_hint().exact(), Some(0));
}

/// No bound on the inner body but that it is one: this has neither `Default` nor `Send`.
#[test]
fn the_inner_body_needs_nothing() {
    #[derive(Debug)]
    struct Bare(PhantomData<Rc<()>>);

    impl Body for Bare {
        type Data = Bytes;
        type Error = Infallible;

        fn poll_frame(
            self: Pin<&mut Self>,
            _: &mut Context<'_>,
        ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
            Poll::Ready(None)
        }
    }

    let body = pass(Bare(PhantomData));
    assert!(ready(body.collect()).unwrap().to_bytes().is_empty());
}

// Response heads

#[test]
fn extensions_version_and_status_stay() {
    let mut service = one_origin().layer(service_fn(|_: Request<Full<Bytes>>| async {
        let response = Response::builder()
            .status(418)
            .version(http::Version::HTTP_10)
            .extension("kept")
            .extension(7_u8)
            .body(Full::<Bytes>::default());
        Ok::<_, Infallible>(response.unwrap())
    }));
    let Ok(response) = ready(service.call(request(&["GET /", A])));
    assert_eq!(response.status(), 418);
    assert_eq!(response.version(), http::Version::HTTP_10);
    assert_eq!(response.extensions().get(), Some(&"kept"));
    assert_eq!(response.extensions().get(), Some(&7_u8));
}

#[test]
fn set_cookie_lines_stay_in_order() {
    let cookies = ["b=1; Path=/", "a=2; HttpOnly", "b=1; Path=/", "c=\"3, 4\""];
    let inner = cookies.map(|cookie| format!("set-cookie: {cookie}"));
    let inner: Vec<_> = iter::once("200").chain(inner.iter().map(String::as_str)).collect();
    for asked in [&["GET /", A][..], &["GET /"], &["GET /", "origin: null"]] {
        let (response, _) = through(&one_origin(), asked, &inner);
        let found: Vec<_> = response.headers().get_all("set-cookie").iter().collect();
        assert_eq!(found, cookies, "{asked:?}");
    }
}

#[test]
fn informational_and_tunnel_responses_pass_with_their_extensions() {
    // hyper keeps the upgrade there.
    for (asked, status) in [
        (&["GET /", A, "connection: upgrade", "upgrade: websocket"][..], 101),
        (&["CONNECT a.example:443", A], 200),
    ] {
        let mut service =
            one_origin().layer(service_fn(move |_: Request<Full<Bytes>>| async move {
                let response = Response::builder().status(status).extension("upgrade");
                let response = response.header("vary", "a").header("vary", "b");
                Ok::<_, Infallible>(response.body(Full::<Bytes>::default()).unwrap())
            }));
        let Ok(response) = ready(service.call(request(asked)));
        assert_eq!(response.headers().len(), 2, "{asked:?}");
        let there: Vec<_> = response.headers().get_all("vary").iter().collect();
        assert_eq!(there, ["a", "b"], "{asked:?}");
        assert_eq!(response.extensions().get(), Some(&"upgrade"));
    }
}

/// The most names that a map of `http` takes; `insert` and `append` panic beyond.
const MOST_NAMES: usize = 24_576;

#[test]
fn responses_of_very_many_names_do_not_panic() {
    let layer = one_origin().allow_credentials(true).expose_headers(["x-exposed"]);
    let policy = layer.build().unwrap();
    let own = fields(&[
        "ac-allow-origin: https://own.example",
        "ac-allow-origin: *",
        "ac-allow-credentials: own",
        "ac-expose-headers: own",
        "vary: X-Own",
    ]);
    for count in [0, 1, 6, 7, 3_000, 23_990, 23_999, 24_000, 24_001, 24_575, MOST_NAMES] {
        for has_own in [false, true] {
            let mut inner = if has_own { own.clone() } else { HeaderMap::new() };
            for number in 0.. {
                if inner.keys_len() >= count {
                    break;
                }
                let name: HeaderName = format!("x-{number}").parse().unwrap();
                inner.try_append(name, HeaderValue::from_static("1")).unwrap();
            }
            if count == MOST_NAMES {
                let name = HeaderName::from_static("x-one-more");
                assert!(inner.clone().try_append(name, HeaderValue::from_static("1")).is_err());
            }
            for asked in [&["GET /", A][..], &["GET /", "origin: null"], &["GET /"]] {
                let sent = inner.clone();
                let mut service = layer.layer(service_fn(|_: Request<Full<Bytes>>| {
                    let mut response = Response::new(Full::<Bytes>::default());
                    *response.headers_mut() = sent.clone();
                    async { Ok::<_, Infallible>(response) }
                }));
                let Ok(response) = ready(service.call(request(asked)));
                let found = response.headers();
                let mut decorated = inner.clone();
                policy.decorate(&request(asked).into_parts().0.headers, &mut decorated);
                assert_eq!(*found, decorated);

                let grants: Vec<_> = found.get_all("access-control-allow-origin").iter().collect();
                if asked.last() == Some(&A) {
                    // What the inner service granted never survives; at the very end there may be
                    // no room for what is granted here, and the browser refuses.
                    let room = has_own || count + 3 < MOST_NAMES;
                    assert!(grants == ["https://a.example"] || !room && grants.is_empty());
                    let own: Vec<_> =
                        found.get_all("access-control-allow-credentials").iter().collect();
                    assert!(own == ["true"] || own.is_empty(), "{count} {own:?}");
                } else {
                    assert_eq!(grants.len(), if has_own { 2 } else { 0 });
                }
            }
        }
    }
}

#[test]
fn requests_of_very_many_fields_do_not_panic() {
    for (name, count) in [
        ("access-control-request-headers", 40_000),
        ("access-control-request-method", 40_000),
        ("origin", 40_000),
        ("x", 1),
    ] {
        let mut request = request(&["OPTIONS /", A, GET]);
        let headers = request.headers_mut();
        let name = HeaderName::from_static(name);
        for _ in 0..count {
            headers.append(name.clone(), HeaderValue::from_static("accept"));
        }
        for number in 0..MOST_NAMES {
            let name: HeaderName = format!("x-{number}").parse().unwrap();
            let _ = headers.try_append(name, HeaderValue::from_static("1"));
        }
        for layer in [one_origin(), one_origin().allow_headers(Any)] {
            let spy = Spy::new(&["200"]);
            let response = call(&mut around(&layer, &spy), request.clone());
            assert_eq!(spy.calls(), 0);
            assert_eq!(response.status() == 200, name != "origin", "{name}");
        }
    }
}

// Other layers inside

/// Sleeps, panics, or answers with a long text; reads its body in any case.
async fn handler<B>(request: Request<B>) -> Result<Response<Full<Bytes>>, Infallible>
where
    B: Body<Error: fmt::Debug>,
{
    match request.uri().path() {
        "/sleep" => tokio::time::sleep(Duration::from_secs(86_400)).await,
        "/panic" => panic!("on purpose"),
        _ => {}
    }
    let status = if request.into_body().collect().await.is_ok() { 200 } else { 413 };
    let response = Response::builder().status(status).header("content-type", "text/plain");
    Ok(response.body(Full::from("text ".repeat(1000))).unwrap())
}

/// What a page of an origin gets of a POST of five bytes.
async fn read<S, B>(app: S, path: &str) -> Result<u16, Reason>
where
    S: Service<Request<tower_browser::Body>, Response = Response<B>, Error: fmt::Display>,
    B: Body<Error: fmt::Display>,
{
    fetched(app, Fetch::post(format!("https://api.example{path}")).body("hello")).await
}

async fn fetched<S, B>(mut app: S, fetch: Fetch) -> Result<u16, Reason>
where
    S: Service<Request<tower_browser::Body>, Response = Response<B>, Error: fmt::Display>,
    B: Body<Error: fmt::Display>,
{
    let seen = Page::new("https://a.example").fetch(&mut app, fetch).await;
    seen.map(|seen| seen.status()).map_err(|blocked| blocked.reason())
}

#[tokio::test(start_paused = true)]
async fn it_stands_outside_of_each_layer_of_tower_http() {
    let cors = one_origin();
    let limited = cors.layer(RequestBodyLimitLayer::new(4).layer(service_fn(handler)));
    assert_eq!(read(limited, "/").await, Ok(413));

    let timeout =
        TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, Duration::from_secs(1));
    let slow = cors.layer(timeout.layer(service_fn(handler)));
    assert_eq!(read(slow, "/sleep").await, Ok(408));

    let panicking = cors.layer(CatchPanicLayer::new().layer(service_fn(handler)));
    assert_eq!(read(panicking, "/panic").await, Ok(500));

    let traced = cors.layer(TraceLayer::new_for_http().layer(service_fn(handler)));
    assert_eq!(read(traced, "/").await, Ok(200));
}

/// By hand: a page of tower-browser asks for no compression.
#[tokio::test]
async fn it_stands_outside_of_compression() {
    let compressed = one_origin().layer(CompressionLayer::new().layer(service_fn(handler)));
    let asked = request(&["POST /", A, "content-length: 5", "accept-encoding: gzip"]);
    let response = compressed.oneshot(asked).await.unwrap();
    assert_eq!(response.headers()["access-control-allow-origin"], "https://a.example");
    let vary: Vec<_> = response.headers().get_all("vary").iter().collect();
    let [vary] = &vary[..] else { panic!("{vary:?} is not one line") };
    assert_eq!(vary.to_str().unwrap().split(", ").filter(|name| *name == "Origin").count(), 1);
    assert_eq!(response.headers()["content-encoding"], "gzip");
    assert!(response.into_body().collect().await.unwrap().to_bytes().len() < 500);
}

#[tokio::test(start_paused = true)]
async fn it_stands_outside_of_all_of_them() {
    let service = ServiceBuilder::new()
        .layer(one_origin())
        .layer(TraceLayer::new_for_http())
        .layer(CatchPanicLayer::new())
        .layer(CompressionLayer::new())
        .layer(RequestBodyLimitLayer::new(5))
        .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, Duration::from_secs(1)))
        .service(service_fn(handler));
    for (path, status) in [("/", 200), ("/sleep", 408), ("/panic", 500)] {
        assert_eq!(read(service.clone(), path).await, Ok(status), "{path}");
    }
    let large = Fetch::post("https://api.example/").body("more than five");
    assert_eq!(fetched(service.clone(), large).await, Ok(413));
    // With a preflight, which none of them sees.
    let asked = Fetch::get("https://api.example/panic").header("content-type", "application/json");
    assert_eq!(fetched(service, asked).await, Ok(500));
}

/// P4 (docs/known-bugs.md): what is inside of it shows in the browser; what is outside does not.
#[tokio::test(start_paused = true)]
async fn a_layer_outside_answers_without_it() {
    let service = RequestBodyLimitLayer::new(4).layer(one_origin().layer(service_fn(handler)));
    assert_eq!(read(service, "/").await, Err(Reason::AllowOriginMissing));
}

// Stacking

#[test]
fn applied_twice_it_says_everything_once() {
    let layer = one_origin().allow_credentials(true).expose_headers(["x"]);
    let spy = Spy::new(&["200 inner", "vary: Accept"]);
    let mut twice = layer.layer(layer.layer(spy.clone()));
    let Ok(response) = ready(twice.call(request(&["GET /", A])));
    assert_eq!(
        rows(response),
        expected(&[
            "200 inner",
            "ac-allow-origin: https://a.example",
            "ac-allow-credentials: true",
            "ac-expose-headers: x",
            "vary: Accept, Origin",
        ])
    );
    let Ok(response) = ready(twice.call(request(&["GET /"])));
    assert_eq!(rows(response), expected(&["200 inner", "vary: Accept, Origin"]));
    let Ok(response) = ready(twice.call(request(&["OPTIONS /", A, GET])));
    assert_eq!(response.status(), 200);
    assert_eq!(spy.calls(), 2);
}

/// P7 (docs/known-bugs.md): the outer layer decides; what it sets has one value.
#[test]
fn the_outer_of_two_policies_decides() {
    let outer = one_origin().expose_headers(["outer"]);
    let inner = tolerant()
        .allow_origins(Any)
        .allow_methods(["PUT"])
        .allow_credentials(true)
        .expose_headers(["inner"]);
    let spy = Spy::new(&["200"]);
    let mut stacked = outer.layer(inner.layer(spy));
    let Ok(response) = ready(stacked.call(request(&["GET /", A])));
    assert_eq!(
        rows(response),
        expected(&[
            "200",
            "ac-allow-origin: https://a.example",
            // The outer layer sets no credentials, so what the inner says stays.
            "ac-allow-credentials: true",
            "ac-expose-headers: outer",
            "vary: Origin",
        ])
    );
    for (method, status) in [("GET", 200), ("PUT", 400)] {
        let asked = format!("ac-request-method: {method}");
        let Ok(response) = ready(stacked.call(request(&["OPTIONS /", A, &asked])));
        assert_eq!(response.status(), status);
        assert_eq!(response.headers()["access-control-allow-methods"], "GET");
    }
}

/// Two kinds of layer, and the same names from both.
#[test]
fn stacked_on_a_per_request_layer_it_says_everything_once() {
    let policy = one_origin().build().unwrap();
    let chosen = PerRequestLayer::new(move |_| Some(policy.clone()))
        .vary([HeaderName::from_static("origin"), HeaderName::from_static("x-tenant")]);
    let mut stacked = chosen.clone().layer(chosen.layer(Spy::new(&["200"])));
    let Ok(response) = ready(stacked.call(request(&["GET /", A])));
    assert_eq!(
        rows(response),
        expected(&["200", "ac-allow-origin: https://a.example", "vary: Origin, x-tenant"])
    );
}

// Start-up

/// A layer whose predicate counts how often it is asked; with credentials `build()` asks it, so
/// that the count tells how often the policy was compiled.
fn counting() -> (CorsLayer, Arc<AtomicUsize>) {
    let count = Arc::new(AtomicUsize::new(0));
    let asked = count.clone();
    let predicate = move |origin: &str| {
        asked.fetch_add(1, Ordering::SeqCst);
        origin == "https://a.example"
    };
    let layer = CorsLayer::new().allow_origin_if(predicate).allow_credentials(true);
    (layer, count)
}

#[test]
fn a_thousand_layers_share_one_policy() {
    let (layer, count) = counting();
    assert_eq!(count.load(Ordering::SeqCst), 0, "nothing is built before it is needed");
    let _ = layer.layer(());
    let once = count.load(Ordering::SeqCst);
    assert!(once > 0, "the predicate is probed");
    for _ in 0..1000 {
        let _ = layer.clone().layer(());
    }
    let _ = layer.build().unwrap();
    let _ = CorsLayer::from(layer.build().unwrap()).layer(());
    let _ = CorsLayer::from(layer.build().unwrap()).build().unwrap();
    assert_eq!(count.load(Ordering::SeqCst), once);
    // Another setting is another policy.
    let _ = layer.max_age(None).layer(());
    assert_eq!(count.load(Ordering::SeqCst), 2 * once);
}

/// `axum` makes a layer's service at run time, for each connection or request.
#[test]
fn layers_of_many_threads_share_one_policy() {
    let (layer, count) = counting();
    let _ = layer.build().unwrap();
    let once = count.load(Ordering::SeqCst);
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| (0..100).for_each(|_| drop(layer.layer(()))));
        }
    });
    assert_eq!(count.load(Ordering::SeqCst), once);
}

#[test]
fn clones_keep_what_they_were_told() {
    let first = one_origin();
    let second = first.clone().allow_methods(["PUT"]);
    let policies: Vec<CorsPolicy> =
        [&first, &second, &first].map(|layer| layer.build().unwrap()).into();
    let methods = |policy: &CorsPolicy| policy.config().allow_methods.clone();
    assert_eq!(policies.iter().map(methods).collect::<Vec<_>>(), [["GET"], ["PUT"], ["GET"]]);
}

#[track_caller]
fn panic_text(act: impl FnOnce()) -> String {
    let payload = panic::catch_unwind(AssertUnwindSafe(act)).expect_err("it panics");
    *payload.downcast::<String>().expect("a formatted message")
}

/// The caller of `layer()` is tower's or axum's own code, so the place is that of the settings.
#[test]
fn layer_panics_with_the_errors_and_the_place_of_the_settings() {
    let (layer, line) = (CorsLayer::new(), line!());
    let layer = layer.allow_origins(["https://a.example/"]).allow_methods(["get"]);
    let error = layer.build().unwrap_err();
    assert_eq!(error.diagnostics().len(), 2);
    for text in [
        panic_text(|| drop(layer.layer(()))),
        panic_text(|| drop(ServiceBuilder::new().layer(layer.clone()).service(()))),
        panic_text(|| drop(axum::Router::<()>::new().layer(layer.clone()))),
    ] {
        assert!(text.contains(&error.to_string()), "{text}");
        let place = format!("{}:{line}:", file!());
        assert!(text.contains(&place), "{text}\nis not at {place}");
    }
}

#[test]
fn the_place_is_known_of_every_beginning() {
    let mut config = tower_cors::CorsConfig::default();
    config.allow_methods = vec!["get".to_owned()];
    let (by_default, first) = (CorsLayer::default(), line!());
    let (by_config, second) = (CorsLayer::from(config), line!());
    let policy = CorsLayer::new().build().unwrap();
    let (by_policy, third) = (CorsLayer::from(policy), line!());
    for (layer, line) in [(by_default, first), (by_config, second), (by_policy, third)] {
        let text = panic_text(|| drop(layer.allow_methods(["put"]).layer(())));
        assert!(text.contains(&format!("{}:{line}:", file!())), "{text}");
    }
}

// Any bytes at all

/// Values that mean something, near misses of them, and any bytes.
fn value() -> impl Strategy<Value = HeaderValue> {
    let known = prop::sample::select(vec![
        "",
        "https://a.example",
        "https://b.a.example",
        "https://b.a.example:8443",
        "http://localhost:3000",
        "http://[::1]:3000",
        "null",
        "*",
        "GET",
        "PUT",
        "true",
        "accept",
        "x-token, accept",
        ",",
        "websocket",
        "same-origin",
        "a.example",
        "a.example:443",
        "Origin",
    ]);
    let byte = prop_oneof![Just(b'\t'), 32_u8..127, 128_u8..=255];
    let any = prop::collection::vec(byte.clone(), 0..40);
    let long = (byte, 1_usize..70_000).prop_map(|(byte, length)| vec![byte; length]);
    let bytes = prop_oneof![
        4 => known.clone().prop_map(|text| text.as_bytes().to_vec()),
        2 => (known, any.clone()).prop_map(|(text, rest)| [text.as_bytes(), &rest].concat()),
        2 => any,
        1 => long,
    ];
    bytes.prop_map(|bytes| HeaderValue::from_bytes(&bytes).expect("no control bytes"))
}

fn any_head() -> impl Strategy<Value = Request<Full<Bytes>>> {
    let name = prop::sample::select(vec![
        "origin",
        "access-control-request-method",
        "access-control-request-headers",
        "access-control-request-private-network",
        "access-control-allow-origin",
        "host",
        "upgrade",
        "connection",
        "sec-fetch-site",
        "vary",
        "cookie",
    ]);
    let method = prop::sample::select(vec!["OPTIONS", "OPTIONS", "GET", "CONNECT", "options", "X"]);
    let target = prop::sample::select(vec![
        "/",
        "*",
        "https://a.example/",
        "https://u@a.example:443/",
        "a.example:443",
        "http://[::1]:3000/",
    ]);
    let headers = prop::collection::vec((name, value()), 0..8);
    (method, target, headers).prop_map(|(method, target, headers)| {
        let mut request = Request::new(Full::default());
        *request.method_mut() = Method::from_bytes(method.as_bytes()).unwrap();
        *request.uri_mut() = target.parse().unwrap();
        for (name, value) in headers {
            request.headers_mut().append(name, value);
        }
        request
    })
}

/// Policies that make use of every part of the crate.
static LAYERS: LazyLock<Vec<(CorsLayer, CorsPolicy)>> = LazyLock::new(|| {
    let list = ["https://a.example", "https://*.a.example", "http://localhost:*", "http://[::1]:*"];
    let listed = || CorsLayer::new().allow_origins(list).allow_headers(["x-token"]);
    let layers = [
        listed(),
        listed().allow_credentials(true).browser_diagnostics(true),
        listed().enforce_origin(EnforceOrigin::WebSockets).mirror_methods(),
        listed().enforce_origin(EnforceOrigin::AllRequests).allow_methods(Any),
        CorsLayer::new().allow_origins(Any).allow_headers(Any).constant_wildcard(true),
        tolerant().allow_origins(Any).allow_headers(Any).allow_credentials(true),
        tolerant().allow_origin_if(|origin| !origin.contains("evil")).allow_credentials(true),
        #[cfg(feature = "regex")]
        tolerant().allow_origin_regex("(?i)https?://.*[^:]").allow_credentials(true),
    ];
    let built = |layer: CorsLayer| {
        let policy = layer.build().unwrap();
        (layer, policy)
    };
    layers.into_iter().map(built).collect()
});

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..Default::default() })]

    /// No bytes in any header panic, and what comes out is always one of the few known answers.
    #[test]
    fn no_bytes_panic(asked in any_head(), own in prop::collection::vec(value(), 0..3)) {
        for (layer, policy) in &*LAYERS {
            let answer = own.clone();
            let mut calls = 0;
            let mut service = layer.layer(service_fn(|_: Request<Full<Bytes>>| {
                calls += 1;
                let mut response = Response::new(Full::<Bytes>::default());
                for value in &answer {
                    response.headers_mut().append("vary", value.clone());
                    response.headers_mut().append("access-control-expose-headers", value.clone());
                }
                async { Ok::<_, Infallible>(response) }
            }));
            let Ok(response) = ready(service.call(asked.clone()));
            drop(service);
            let is_preflight = asked.method() == "OPTIONS"
                && asked.headers().contains_key("origin")
                && asked.headers().contains_key("access-control-request-method");
            let status = response.status().as_u16();
            match calls {
                0 => prop_assert!(is_preflight && [200, 400].contains(&status) || status == 403),
                _ => prop_assert!(calls == 1 && !is_preflight && status == 200),
            }
            // An origin that is granted is `*` or the one that was asked with.
            let granted: Vec<_> = response.headers().get_all("access-control-allow-origin").iter().collect();
            prop_assert!(granted.len() <= 1);
            if let [granted] = granted[..] && granted != "*" {
                let asked: Vec<_> = asked.headers().get_all("origin").iter().collect();
                prop_assert_eq!(asked, [granted]);
            }
            let (head, _) = asked.clone().into_parts();
            let explanation = policy.explain(&head);
            prop_assert!(explanation.to_string().is_ascii());
            prop_assert!(!explanation.to_string().contains(['\0', '\t', '\r']));
            let mut map = response.headers().clone();
            policy.decorate(&head.headers, &mut map);
            for field in ["origin", "access-control-request-method"] {
                let text = head.headers.get(field).map_or(&b""[..], HeaderValue::as_bytes);
                let text = String::from_utf8_lossy(text);
                let _ = (policy.allows_origin(&text), policy.check(&text, &text, &[&text]));
            }
        }
    }
}
