//! `Access-Control-Allow-Origin`: missing everywhere, of another origin, twice.

use http::header::ACCESS_CONTROL_ALLOW_ORIGIN;
use tower_browser::{Exchange, origin_difference};

use crate::{
    answer::Answer,
    examine::Examination,
    finding::{Finding, Severity::Failure},
};

fn name(exchange: &Exchange) -> &str {
    exchange.method().as_str()
}

/// The server supports CORS, but does not allow this origin.
pub(super) fn not_allowed(examination: &Examination, exchange: &Exchange) -> Finding {
    let origin = &examination.question.origin;
    let (what, line) = if origin == "null" {
        (
            "The server supports CORS but does not allow the origin `null`. Sandboxed frames and file pages have this origin.".to_owned(),
            "serve the page from its own origin; any website can make itself `null`".to_owned(),
        )
    } else {
        (
            format!(
                "The server supports CORS but does not allow the origin {origin}, or something in between removes Access-Control-Allow-Origin."
            ),
            format!("allow_origins([\"{origin}\"])"),
        )
    };
    let place = format!("the CORS configuration of what answers ({})", exchange.who());
    Finding::new("origin-not-allowed", Failure, what, place, line).seen(format!(
        "{}: {}, no access-control-allow-origin; {}",
        name(exchange),
        exchange.code(),
        exchange.traces()
    ))
}

/// The answers vary on Origin, but the application handles a preflight as an ordinary OPTIONS: it
/// gets no Origin.
pub(super) fn is_lost(examination: &Examination) -> bool {
    let is_blind = |it: &Exchange| it.varies_on_origin() && !it.speaks_cors();
    examination.response().is_some_and(is_blind)
        && examination
            .preflight()
            .is_some_and(|it| matches!(it.code(), 404 | 405 | 501) && is_blind(it))
}

pub(super) fn lost(exchange: &Exchange) -> Finding {
    Finding::new(
        "origin-lost",
        Failure,
        "The application has a CORS layer but does not see the Origin: its answers vary on Origin, and it handles the preflight as an ordinary OPTIONS. Something in between removes the header.",
        format!("the proxy in front of the application ({})", exchange.who()),
        "pass Origin on; in nginx: no `proxy_set_header Origin \"\"`; in CloudFront: an origin request policy with Origin",
    )
    .seen(format!("{}: {}, vary: {}; {}", name(exchange), exchange.code(), exchange.joined(&http::header::VARY).unwrap_or_default(), exchange.traces()))
}

/// Neither preflight nor response has CORS headers.
pub(super) fn nothing(examination: &Examination, exchange: &Exchange) -> Finding {
    Finding::new(
        "no-cors",
        Failure,
        "Nothing sets CORS headers: the application has no CORS layer around this path, or something in between removes the Origin of requests or the headers of responses.",
        "the application; then check that the gateway forwards Origin",
        format!(".layer({})", examination.question.layer()),
    )
    .seen(format!("{}: {}, no access-control header; {}", name(exchange), exchange.code(), exchange.traces()))
}

/// The header names another origin.
pub(super) fn another(examination: &Examination, exchange: &Exchange) -> Finding {
    let origin = &examination.question.origin;
    let allowed = exchange.allowed_origin().unwrap_or_default();
    let seen = format!("{}: access-control-allow-origin: {allowed}", name(exchange));
    if exchange.is_from_cache() {
        return Finding::new(
            "cached-for-another-origin",
            Failure,
            format!("A cache returned the answer for {allowed}: it does not know that the answers depend on the origin."),
            format!("what makes the response: list Origin in Vary on every answer, also to requests without Origin; then purge the cache ({})", exchange.who()),
            "Vary: Origin",
        )
        .seen(seen)
        .seen(exchange.traces());
    }
    let place = format!("what sets the header ({})", exchange.who());
    let what = if allowed.is_empty() {
        "Access-Control-Allow-Origin is there, but it is empty.".to_owned()
    } else {
        match origin_difference(&allowed, origin) {
            Some(why) => format!("The server allows the origin {allowed}, not {origin}: {why}."),
            None => format!("The server allows the origin {allowed}, not {origin}."),
        }
    };
    let line = format!("allow_origins([\"{origin}\"]), or Access-Control-Allow-Origin: {origin}");
    Finding::new("origin-not-allowed", Failure, what, place, line).seen(seen)
}

/// Two components set it.
pub(super) fn twice(examination: &Examination, exchange: &Exchange) -> Finding {
    let lines = exchange.lines(&ACCESS_CONTROL_ALLOW_ORIGIN);
    let gateway = exchange.gateway();
    let likely = gateway.map_or("a gateway".to_owned(), |place| place.name().to_owned());
    let bare = examination.without_origin.as_ref();
    let is_constant = bare.is_some_and(|it| it.lines(&ACCESS_CONTROL_ALLOW_ORIGIN).len() == 1);
    let evidence = if is_constant {
        " One of them is also on the response to a request without Origin, so it is a constant, as gateways add it."
    } else {
        ""
    };
    let what = format!(
        "Access-Control-Allow-Origin has several values, but browsers accept only one. The application sets it, and most likely {likely} adds it again.{evidence}"
    );
    let line = gateway
        .and_then(crate::place::Place::adds_nothing)
        .unwrap_or("remove what adds Access-Control-… to responses in the gateway, or the CORS layer in the application");
    let place = format!("{likely}: let exactly one component set CORS headers");
    let mut finding = Finding::new("header-twice", Failure, what, place, line);
    for line in lines {
        let mut seen = finding.seen.clone();
        seen.push(format!("{}: access-control-allow-origin: {line}", name(exchange)));
        finding.seen = seen;
    }
    finding.seen(exchange.traces())
}
