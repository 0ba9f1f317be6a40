//! What the layer allocates: nothing, but where the wire behaviour itself asks for memory.

#[path = "../benches/cors/request.rs"]
mod request;

use std::{
    convert::Infallible,
    future::{Future, Ready, ready},
    hint::black_box,
    pin::pin,
    task::{Context, Poll, Waker},
};

use allocation_counter::measure;
use bytes::Bytes;
use http::{HeaderName, HeaderValue, Request, Response, header};
use http_body_util::{Empty, Full};
use request::{Head, ORIGIN, STRANGER};
use tower::{Layer, Service};
use tower_cors::{Any, CorsLayer, EnforceOrigin, PerRequestLayer};

/// Its response is new for each request and has these headers.
#[derive(Clone)]
struct App(&'static [(HeaderName, HeaderValue)]);

static PLAIN: [(HeaderName, HeaderValue); 1] =
    [(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))];

/// Four more fields are one more than a fresh `HeaderMap` holds.
static CACHED: [(HeaderName, HeaderValue); 3] = [
    (header::CONTENT_TYPE, HeaderValue::from_static("application/json")),
    (header::ETAG, HeaderValue::from_static("\"33a64df551425fcc\"")),
    (header::CACHE_CONTROL, HeaderValue::from_static("private, max-age=60")),
];

impl<B> Service<Request<B>> for App {
    type Response = Response<Full<Bytes>>;
    type Error = Infallible;
    type Future = Ready<Result<Response<Full<Bytes>>, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Request<B>) -> Self::Future {
        let mut response = Response::new(Full::new(Bytes::from_static(b"{}")));
        for (name, value) in self.0 {
            response.headers_mut().insert(name, value.clone());
        }
        ready(Ok(response))
    }
}

/// The status of the answer, and the allocations made for it.
fn answer<S, B>(mut service: S, head: &Head) -> (u16, u64)
where
    S: Service<Request<Empty<Bytes>>, Response = Response<B>, Error = Infallible>,
{
    let request = head.request(Empty::new());
    let mut status = 0;
    let allocations = measure(|| {
        let response = pin!(service.call(request));
        let context = &mut Context::from_waker(Waker::noop());
        let Poll::Ready(Ok(response)) = response.poll(context) else {
            panic!("the answer is there at once");
        };
        status = response.status().as_u16();
    });
    (status, allocations.count_total)
}

fn full() -> CorsLayer {
    CorsLayer::new()
        .allow_origins([ORIGIN])
        .allow_methods(["GET", "PUT"])
        .allow_headers(["authorization", "x-request-id"])
        .allow_credentials(true)
        .expose_headers(["etag", "x-request-id"])
}

fn origins(count: usize) -> CorsLayer {
    let others = (1..count).map(|number| format!("https://site-{number}.example.com"));
    CorsLayer::new().allow_origins([ORIGIN]).allow_origins(others)
}

/// By a pattern, which is read in more steps than a host.
fn guarded() -> CorsLayer {
    CorsLayer::new()
        .allow_origins([ORIGIN])
        .allow_hosts(["localhost:8000", "*.example.com"])
        .enforce_origin(EnforceOrigin::AllRequests)
}

#[test]
fn actual_requests_allocate_nothing_of_their_own() {
    let hit = || Head::get().from(ORIGIN);
    let miss = || Head::get().from(STRANGER);
    let own = || Head::get().without("sec-fetch-site").with("sec-fetch-site", "same-origin");
    let long = || Head::get().from(&format!("https://{}", "a".repeat(8 << 10)));
    let pattern = || CorsLayer::new().allow_origins(["https://*.example.com"]);
    let rows = [
        ("no Origin", full(), Head::get()),
        ("hit", full(), hit()),
        ("miss", full(), miss()),
        ("several Origin lines", full(), hit().from(ORIGIN)),
        ("any origin", CorsLayer::new().allow_origins(Any), hit()),
        ("1,000 origins, hit", origins(1_000), hit()),
        ("1,000 origins, miss", origins(1_000), miss()),
        ("pattern, hit", pattern(), hit()),
        ("pattern, miss", pattern(), miss()),
        ("pattern, long Origin", pattern(), long()),
        ("predicate", CorsLayer::new().allow_origin_if(|origin| origin == ORIGIN), hit()),
        ("plain OPTIONS", full(), Head::preflight(ORIGIN, "GET").without("origin")),
        ("guarded, a listed origin", guarded(), hit()),
        ("guarded, a page of its own", guarded(), own()),
        ("guarded, the same with Origin", guarded(), own().from("https://api.example.com")),
        (
            "guarded, a navigation",
            guarded(),
            own().without("sec-fetch-site").with("sec-fetch-site", "none"),
        ),
        ("guarded, no browser", guarded(), Head::get().without("sec-fetch-site")),
    ];
    for (name, layer, head) in rows {
        let (_, bare) = answer(App(&PLAIN), &head);
        assert_eq!(answer(layer.layer(App(&PLAIN)), &head), (200, bare), "{name}");
    }
}

#[cfg(feature = "regex")]
#[test]
fn regexes_allocate_nothing() {
    let layer = CorsLayer::new().allow_origin_regex(r"https://[a-z]+\.example\.com");
    for head in [Head::get().from(ORIGIN), Head::get().from(STRANGER)] {
        let (_, bare) = answer(App(&PLAIN), &head);
        assert_eq!(answer(layer.layer(App(&PLAIN)), &head), (200, bare));
    }
}

#[test]
fn an_inner_header_map_that_is_full_grows_once() {
    let head = Head::get().from(ORIGIN);
    let (_, bare) = answer(App(&CACHED), &head);
    // A HeaderMap is two allocations.
    assert_eq!(answer(full().layer(App(&CACHED)), &head), (200, bare + 2));
}

#[test]
fn accepted_preflights_allocate_nothing() {
    let put = || Head::preflight(ORIGIN, "PUT").asking("authorization,x-request-id");
    let any_headers = || CorsLayer::new().allow_origins([ORIGIN]).allow_headers(Any);
    let prefixes = || full().allow_headers(["x-amz-meta-*", "mcp-param-*"]);
    let rows = [
        ("plain", full(), Head::preflight(ORIGIN, "GET"), 0),
        ("method and headers", full(), put(), 0),
        ("headers in two lines", full(), put().asking("content-type"), 0),
        ("1,000 origins", origins(1_000), Head::preflight(ORIGIN, "GET"), 0),
        ("headers mirrored", any_headers().allow_methods(["PUT"]), put(), 0),
        // One value made of two.
        ("lines mirrored", any_headers().allow_methods(["PUT"]), put().asking("x-more"), 1),
        ("prefixes, the list alone is asked", prefixes(), put(), 0),
        ("a name under a prefix", prefixes(), put().asking("x-amz-meta-a"), 1),
        ("a huge list under one", prefixes(), put().asking(&"mcp-param-a,".repeat(5_000)), 1),
        (
            "method mirrored",
            CorsLayer::new().allow_origins([ORIGIN]).mirror_methods(),
            Head::preflight(ORIGIN, "PROPFIND"),
            0,
        ),
    ];
    for (name, layer, head, expected) in rows {
        assert_eq!(answer(layer.layer(App(&PLAIN)), &head), (200, expected), "{name}");
    }
}

#[test]
fn refused_preflights_allocate_only_for_their_refusal() {
    #[derive(Clone)]
    struct AsLarge(#[expect(dead_code, reason = "it is only there")] u8);
    let needed = measure(|| {
        let mut extensions = http::Extensions::new();
        extensions.insert(AsLarge(1));
        black_box(extensions);
    })
    .count_total;
    let rows = [
        ("origin", Head::preflight(STRANGER, "GET")),
        ("method", Head::preflight(ORIGIN, "PATCH")),
        ("headers", Head::preflight(ORIGIN, "GET").asking("x-unknown")),
        (
            "private network",
            Head::preflight(ORIGIN, "GET").with("access-control-request-private-network", "true"),
        ),
        ("a huge list", Head::preflight(ORIGIN, "GET").asking(&"x-unknown,".repeat(6_000))),
    ];
    for (name, head) in rows {
        assert_eq!(answer(full().layer(App(&PLAIN)), &head), (400, needed), "{name}");
    }
}

#[test]
fn clones_allocate_nothing() {
    let layer = origins(1_000);
    let service = layer.layer(App(&PLAIN));
    let policy = layer.build().expect("a policy");
    for (name, allocations) in [
        ("layer", measure(|| drop(black_box(layer.clone())))),
        ("service", measure(|| drop(black_box(service.clone())))),
        ("policy", measure(|| drop(black_box(policy.clone())))),
        ("`layer()` again", measure(|| drop(black_box(layer.layer(App(&PLAIN)))))),
    ] {
        assert_eq!(allocations.count_total, 0, "{name}");
    }
}

#[test]
fn a_chosen_policy_allocates_nothing() {
    let policy = full().build().expect("a policy");
    let layer = PerRequestLayer::new(move |_| Some(policy.clone()));
    let head = Head::get().from(ORIGIN);
    let (_, bare) = answer(App(&PLAIN), &head);
    assert_eq!(answer(layer.layer(App(&PLAIN)), &head), (200, bare));
    assert_eq!(answer(layer.layer(App(&PLAIN)), &Head::preflight(ORIGIN, "GET")), (200, 0));
}

/// What is asked is read to 8 KiB, so a text of 400 KB costs what one of 16 KB costs.
#[test]
fn an_explanation_of_a_huge_request_is_bounded() {
    let policy = CorsLayer::new().allow_origins(["https://a.example"]).allow_headers(["x-a"]);
    let policy = policy.build().unwrap();
    let costs = |names: usize| {
        let asked = HeaderValue::from_str(&vec!["x-a"; names].join(",")).unwrap();
        let (head, ()) = Request::options("/")
            .header(header::ORIGIN, "https://a.example")
            .header(header::ACCESS_CONTROL_REQUEST_METHOD, "GET")
            .header(header::ACCESS_CONTROL_REQUEST_HEADERS, asked)
            .body(())
            .unwrap()
            .into_parts();
        let costs = measure(|| drop(black_box(policy.explain(&head).to_string())));
        (costs.count_total, costs.bytes_total)
    };
    assert_eq!(costs(100_000), costs(4_000));
    assert!(costs(100_000).1 < 256 * 1024, "{:?}", costs(100_000));
}

/// What is built of expressions takes at most some megabytes; what would take more is an error.
#[cfg(feature = "regex")]
#[test]
fn building_expressions_takes_bounded_memory() {
    for text in [
        ".*",
        ".{0,40}",
        r"https://.*\.vercel\.app",
        r"^https://example\.com.*$",
        r"https://[a-z]{5}\.com",
        r"https://\w{4,8}\.com",
        r"https?:\/\/.*\.?acme\.tech",
        r"http://192\.168\..*",
        "https://.*:3000",
        r"https://app\..*",
        // Built to blow up: states of scheme and host, ports, counted repetitions, addresses.
        "[ab:/]{12}a[ab:/]*",
        r"https://.{0,300}(:\d+)?",
        "(.{0,150}a.{0,10}){1,2}",
        r"https://(([a-z]{0,30}\d?)[a-z]{0,12}){1,20}\.com",
        r"(?:https://(.{0,40}\.){0,9}a.{0,9}){1,9}",
        r"http://\[.{0,39}\]",
    ] {
        let layer = CorsLayer::new().allow_credentials(true).allow_origin_regex(text);
        let mut built = None;
        let costs = measure(|| built = Some(layer.build()));
        assert!(costs.bytes_max < 10 << 20, "{text}: {costs:?}");
        assert!(built.is_some_and(|built| built.is_err()), "{text}");
    }
}
