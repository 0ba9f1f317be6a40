//! What must hold whatever comes: laws over arbitrary bytes, for the fuzzer and for `tests/laws.rs`.
//!
//! Each law cuts its input into lines; that is all the structure a fuzzer needs to find the rest.
#![allow(dead_code, reason = "each fuzz target uses one law")]

#[path = "grammar.rs"]
mod grammar;

use std::convert::Infallible;

use http::{HeaderName, HeaderValue, Method, Request, Response, StatusCode, header};
use http_body_util::Empty;
use tower::{Layer, ServiceExt, service_fn};
use tower_cors::{CorsLayer, CorsPolicy, Diagnostic, Part, Refusal, Risk, Setting, Severity};

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
    for line in lines {
        let mut halves = line.splitn(2, |byte| *byte == b':');
        let (name, value) = (halves.next().unwrap_or_default(), halves.next().unwrap_or_default());
        if let (Ok(name), Ok(value)) =
            (HeaderName::from_bytes(name), HeaderValue::from_bytes(value))
        {
            request.headers_mut().append(name, value);
        }
    }
    let (head, ()) = request.into_parts();
    let explanation = policy.explain(&head);
    assert!(!explanation.to_string().is_empty());
    let is_preflight = head.method == Method::OPTIONS
        && head.headers.contains_key(header::ORIGIN)
        && head.headers.contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
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

fn respond(
    policy: &CorsPolicy,
    request: Request<()>,
) -> Response<tower_cors::ResponseBody<Empty<&'static [u8]>>> {
    let inner = service_fn(|_: Request<()>| async {
        Ok::<_, Infallible>(Response::new(Empty::<&'static [u8]>::new()))
    });
    let service = CorsLayer::from(policy.clone()).layer(inner);
    let mut response = Box::pin(service.oneshot(request));
    // Nothing here ever waits, so one poll is enough and no runtime is needed.
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    match response.as_mut().poll(&mut context) {
        std::task::Poll::Ready(Ok(response)) => response,
        std::task::Poll::Ready(Err(never)) => match never {},
        std::task::Poll::Pending => panic!("nothing waits"),
    }
}

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
            Setting::AllowMethods => CorsLayer::new().allow_methods([suggestion]),
            Setting::AllowHeaders => CorsLayer::new().allow_headers([suggestion]),
            Setting::ExposeHeaders => CorsLayer::new().expose_headers([suggestion]),
            other => panic!("{other} suggests {suggestion:?}"),
        };
        assert_eq!(mended.build().err(), None, "{diagnostic}");
    }
}
