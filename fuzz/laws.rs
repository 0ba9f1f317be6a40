//! What must hold whatever comes: laws over arbitrary bytes, for the fuzzer and for `tests/laws.rs`.
//!
//! Each law cuts its input into lines; that is all the structure a fuzzer needs to find the rest.
#![allow(dead_code, reason = "each fuzz target uses one law")]

#[path = "enforcement.rs"]
mod enforcement;
#[path = "grammar.rs"]
mod grammar;

use std::{
    cell::Cell,
    convert::Infallible,
    pin::pin,
    task::{Context, Poll, Waker},
};

use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Response, StatusCode, header};
use http_body_util::Empty;
use tower::{Layer, ServiceExt, service_fn};
use tower_cors::{
    CorsLayer, CorsPolicy, Diagnostic, EnforceOrigin, Part, Refusal, Risk, Setting, Severity,
};

use enforcement::{Guard, Level};

fn lines(data: &[u8]) -> impl Iterator<Item = &[u8]> {
    data.split(|byte| *byte == b'\n')
}

/// The first line is the origin, the others are configured. Whatever builds must answer as the
/// reference does.
pub(crate) fn matcher_equals_reference(data: &[u8]) {
    let mut lines = lines(data);
    let origin = lines.next().unwrap_or_default();
    let Ok(origin) = std::str::from_utf8(origin) else { return };
    let items: Vec<_> = lines
        .filter_map(|line| std::str::from_utf8(line).ok())
        .filter(|item| CorsLayer::new().allow_origins([item]).build().is_ok())
        .collect();
    let policy = CorsLayer::new().allow_origins(&items).build().expect("each item builds alone");
    // Under `*` nothing is read of the origin, but it must be a header's value.
    let expected = if items.iter().any(|item| item.trim() == "*") {
        HeaderValue::from_str(origin).is_ok()
    } else {
        let items: Vec<_> = items.iter().map(|item| item.trim()).collect();
        grammar::matches(&items, origin)
    };
    assert_eq!(policy.allows_origin(origin), expected, "{items:?} {origin:?}");
}

/// A request of arbitrary header lines (`name: value`) under one of several policies: the service,
/// `check` and `explain` give one verdict, nothing panics, and the policy stays as it is.
pub(crate) fn one_verdict(data: &[u8]) {
    let mut lines = lines(data);
    let policy = policy(lines.next().and_then(|line| line.first()).copied().unwrap_or_default());
    let before = format!("{policy:?}");
    let mut request = Request::new(());
    let method = lines.next().unwrap_or_default();
    *request.method_mut() = Method::from_bytes(method).unwrap_or(Method::OPTIONS);
    append(request.headers_mut(), lines);
    let (head, ()) = request.into_parts();
    let explanation = policy.explain(&head);
    assert!(!explanation.to_string().is_empty());
    let is_preflight = is_preflight(&head.method, &head.headers);
    let checked = checked(&policy, &head);
    let asks_private_network = head.headers.contains_key("access-control-request-private-network");

    let response = respond(&policy, Request::from_parts(head, ()));
    let refusal = response.extensions().get::<Refusal>().copied();
    assert_eq!(refusal, if is_preflight { explanation.refusal() } else { None });
    if is_preflight {
        assert_eq!(refusal.is_none(), response.status() == StatusCode::OK);
        assert_eq!(
            refusal.is_none(),
            explanation.findings().iter().all(|finding| finding.allowed())
        );
        if let Some(checked) = checked.filter(|_| !asks_private_network) {
            assert_eq!(checked.err(), refusal);
        }
    }
    let origin_is_allowed = explanation
        .findings()
        .iter()
        .any(|finding| finding.part() == Part::Origin && finding.allowed());
    assert_eq!(
        origin_is_allowed,
        response.headers().contains_key(header::ACCESS_CONTROL_ALLOW_ORIGIN)
    );
    assert!(response.headers().get_all(header::ACCESS_CONTROL_ALLOW_ORIGIN).iter().count() <= 1);
    assert_eq!(format!("{policy:?}"), before);
}

/// Those of the lines that are `name: value`.
fn append<'a>(headers: &mut HeaderMap, lines: impl Iterator<Item = &'a [u8]>) {
    for line in lines {
        let mut halves = line.splitn(2, |byte| *byte == b':');
        let (name, value) = (halves.next().unwrap_or_default(), halves.next().unwrap_or_default());
        if let (Ok(name), Ok(value)) =
            (HeaderName::from_bytes(name), HeaderValue::from_bytes(value))
        {
            headers.append(name, value);
        }
    }
}

fn is_preflight(method: &Method, headers: &HeaderMap) -> bool {
    *method == Method::OPTIONS
        && headers.contains_key(header::ORIGIN)
        && headers.contains_key(header::ACCESS_CONTROL_REQUEST_METHOD)
}

/// `check` takes one origin and one method, as text.
fn checked(policy: &CorsPolicy, head: &http::request::Parts) -> Option<Result<(), Refusal>> {
    let text = |name| {
        let mut lines = head.headers.get_all(name).iter();
        let line = lines.next()?.to_str().ok()?;
        lines.next().is_none().then_some(line)
    };
    let asked = head.headers.get_all(header::ACCESS_CONTROL_REQUEST_HEADERS).iter();
    let asked: Vec<_> = asked.map(|line| line.to_str().ok()).collect::<Option<_>>()?;
    let method = text(header::ACCESS_CONTROL_REQUEST_METHOD)?;
    Some(policy.check(text(header::ORIGIN)?, method, &asked))
}

fn policy(seed: u8) -> CorsPolicy {
    let layer = CorsLayer::new()
        .allow_origins([
            "https://a.example",
            "https://*.b.example:*",
            "http://localhost:*",
            "app://-",
        ])
        .allow_headers(["x-token"])
        .allow_credentials(seed & 1 != 0)
        .allow_private_network(seed & 2 != 0)
        .tolerate(Risk::AnyOrigin)
        .tolerate(Risk::NullOrigin);
    let layer = if seed & 4 != 0 { layer.allow_origins(["*"]) } else { layer };
    let layer = if seed & 8 != 0 { layer.allow_headers(["*"]) } else { layer };
    let layer = if seed & 16 != 0 { layer.mirror_methods() } else { layer };
    let layer =
        if seed & 32 != 0 { layer.allow_origin_if(|origin| origin.len() > 30) } else { layer };
    layer.build().expect("all risks are tolerated")
}

fn respond(policy: &CorsPolicy, request: Request<()>) -> Answer {
    carry_out(policy, request).0
}

type Answer = Response<tower_cors::ResponseBody<Empty<&'static [u8]>>>;

/// The response, and what the inner service was told if it was called.
fn carry_out(policy: &CorsPolicy, request: Request<()>) -> (Answer, Option<Option<Refusal>>) {
    let reported = Cell::new(None);
    let inner = service_fn(|request: Request<()>| {
        reported.set(Some(request.extensions().get().copied()));
        async { Ok::<_, Infallible>(Response::new(Empty::<&'static [u8]>::new())) }
    });
    let service = CorsLayer::from(policy.clone()).layer(inner);
    let response = {
        let mut response = pin!(service.oneshot(request));
        // Nothing here ever waits, so one poll is enough and no runtime is needed.
        match response.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(Ok(response)) => response,
            Poll::Ready(Err(never)) => match never {},
            Poll::Pending => panic!("nothing waits"),
        }
    };
    (response, reported.get())
}

/// A request of a method, a target and arbitrary header lines under enforcement: it is refused if the
/// reference says so, or else carried out, and told to the inner service where it is only reported.
pub(crate) fn enforcement_equals_reference(data: &[u8]) {
    const ORIGINS: [&str; 3] =
        ["https://a.example", "https://*.b.example:*", "capacitor://localhost"];
    const OPEN: [&str; 2] = ["*", "*.vercel.app"];
    const HOSTS: [&str; 7] = [
        "own.example",
        "own.example:8000",
        "*.own.example",
        "[::1]:443",
        "localhost",
        OPEN[0],
        OPEN[1],
    ];
    let mut lines = lines(data);
    let seed = lines.next().unwrap_or_default();
    let seed = |index: usize| usize::from(seed.get(index).copied().unwrap_or_default());
    let hosts: Vec<_> =
        (0..7).filter(|bit| seed(0) >> bit & 1 == 1).map(|bit| HOSTS[bit]).collect();
    let (level, enforce) = [
        (Level::WebSockets, EnforceOrigin::WebSockets),
        (Level::StateChanging, EnforceOrigin::StateChanging),
        (Level::AllRequests, EnforceOrigin::AllRequests),
    ][seed(1) % 3];
    let report_only = seed(2) % 4 == 1;
    let mut request = Request::new(());
    let method = lines.next().unwrap_or_default();
    *request.method_mut() = Method::from_bytes(method).unwrap_or(Method::POST);
    let target = std::str::from_utf8(lines.next().unwrap_or_default()).unwrap_or_default();
    *request.uri_mut() = target.parse().unwrap_or_default();
    append(request.headers_mut(), lines);

    let guard = Guard { level, origins: &ORIGINS, hosts: &hosts, open: &OPEN };
    let (host, origin) = (guard.refuses_host(&request), guard.refuses_origin(&request));
    let is_preflight = is_preflight(request.method(), request.headers());
    let told = format!("{guard:?} {request:?}");
    let is_tunnel = request.method() == Method::CONNECT;
    let is_read = matches!(*request.method(), Method::GET | Method::HEAD);
    let policy = CorsLayer::new()
        .allow_origins(ORIGINS)
        .allow_hosts(&hosts)
        .enforce_origin(enforce)
        .report_only(report_only)
        .tolerate(Risk::AnyOrigin)
        .build()
        .expect("the settings are right");
    let (response, reported) = carry_out(&policy, request);
    let refusal = response.extensions().get::<Refusal>().copied();

    let reached = !is_preflight && (report_only || !host && !origin);
    assert_eq!(reached, reported.is_some(), "{told}");
    let vary = response.headers().get(header::VARY).map(|line| line.to_str().expect("text"));
    if let Some(reported) = reported {
        let told_of = reported.map_or((false, false), |it| (it.host(), it.origin()));
        let due = if report_only { (host, origin) } else { (false, false) };
        assert_eq!((response.status(), refusal, told_of), (StatusCode::OK, None, due), "{told}");
        assert_eq!(
            vary,
            match level {
                _ if is_tunnel => None,
                Level::AllRequests if is_read && !report_only => Some(ALL),
                _ => Some("Origin"),
            },
            "{told}"
        );
    } else if host && !report_only {
        assert!(refusal.is_some_and(|refusal| refusal.host()), "{told}");
        assert_eq!((response.status(), vary), (StatusCode::BAD_REQUEST, None), "{told}");
    } else if !is_preflight {
        let all = level == Level::AllRequests && is_read;
        let due = if all { ALL } else { "Origin, Sec-Fetch-Site" };
        assert!(refusal.is_some_and(|refusal| refusal.origin()), "{told}");
        assert_eq!((response.status(), vary), (StatusCode::FORBIDDEN, Some(due)), "{told}");
    }
}

const ALL: &str = "Origin, Sec-Fetch-Site, Sec-Fetch-Mode, Sec-Fetch-Dest";

/// Arbitrary settings never panic, and what a diagnostic suggests is not an error itself.
pub(crate) fn diagnostics_are_final(data: &[u8]) {
    let mut layer = CorsLayer::new();
    for line in lines(data) {
        let Some((kind, item)) = line.split_first() else { continue };
        let Ok(item) = std::str::from_utf8(item) else { continue };
        layer = match kind {
            b'm' => layer.allow_methods([item]),
            b'h' => layer.allow_headers([item]),
            b'e' => layer.expose_headers([item]),
            b'r' => layer.allow_origin_regex(item),
            b'c' => layer.allow_credentials(true),
            _ => layer.allow_origins([item]),
        };
    }
    let diagnostics = match layer.build() {
        Ok(policy) => policy.diagnostics().to_vec(),
        Err(error) => {
            assert!(!error.diagnostics().is_empty());
            let is_error = |one: &Diagnostic| one.severity() == Severity::Error;
            assert!(error.diagnostics().iter().all(is_error), "{error}");
            error.diagnostics().to_vec()
        }
    };
    for diagnostic in diagnostics {
        assert!(diagnostic.to_string().starts_with(diagnostic.setting().name()), "{diagnostic}");
        let Some(suggestion) = diagnostic.suggestion() else { continue };
        let mended = match diagnostic.setting() {
            Setting::AllowOrigins => CorsLayer::new().allow_origins([suggestion]),
            Setting::AllowOriginRegex => CorsLayer::new().allow_origin_regex(suggestion),
            Setting::AllowMethods => CorsLayer::new().allow_methods([suggestion]),
            Setting::AllowHeaders => CorsLayer::new().allow_headers([suggestion]),
            Setting::ExposeHeaders => CorsLayer::new().expose_headers([suggestion]),
            other => panic!("{other} suggests {suggestion:?}"),
        };
        assert_eq!(mended.build().err(), None, "{diagnostic}");
    }
}
