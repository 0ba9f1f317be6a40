//! Responses that a page cannot read.

use http::header::LOCATION;
use tower_browser::{Exchange, Reason};

use super::{credentials, origin, preflight};
use crate::{
    answer::{Answer, is_redirect, passes},
    examine::Examination,
    finding::{Finding, Severity::Failure},
    place::Place,
};

pub(super) fn explain(examination: &Examination, exchange: &Exchange, reason: Reason) -> Finding {
    match reason {
        Reason::AllowOriginMultiple => origin::twice(examination, exchange),
        Reason::AllowOriginMismatch | Reason::AllowOriginInvalid => {
            origin::another(examination, exchange)
        }
        Reason::WildcardWithCredentials | Reason::AllowCredentialsNotTrue => {
            credentials::refused(examination, exchange)
        }
        Reason::AllowOriginMissing => bare(examination, exchange),
        _ => redirect(exchange, reason),
    }
}

fn redirect(exchange: &Exchange, reason: Reason) -> Finding {
    let location = exchange.joined(&LOCATION).unwrap_or_default();
    Finding::new(
        "redirect-broken",
        Failure,
        format!("The response redirects to \"{location}\", which a page cannot follow: {reason}."),
        format!("what redirects ({})", exchange.who()),
        "an absolute http or https URL without a user name, as the Location",
    )
    .seen(format!("{}: {}, location: {location}", exchange.method(), exchange.code()))
}

fn bare(examination: &Examination, exchange: &Exchange) -> Finding {
    let code = exchange.code();
    let preflight = examination.preflight();
    let is_preflight_right = passes(preflight);
    if is_redirect(code) {
        return bare_redirect(exchange);
    }
    // The gateway's own error.
    if matches!(code, 502..=504) || (code >= 400 && !is_preflight_right) {
        let speaks = exchange.speaks_cors() || exchange.varies_on_origin();
        if code >= 500 || matches!(code, 408 | 413 | 429) || !speaks {
            return error(examination, exchange);
        }
    }
    if is_preflight_right && (code < 400 || is_all_bare(examination)) {
        return different_places(examination, exchange);
    }
    if code >= 400 {
        return error(examination, exchange);
    }
    if exchange.is_from_cache() && !is_all_bare(examination) {
        return cached(exchange);
    }
    if origin::is_lost(examination) {
        return origin::lost(exchange);
    }
    if exchange.speaks_cors() || exchange.varies_on_origin() {
        return origin::not_allowed(examination, exchange);
    }
    origin::nothing(examination, exchange)
}

/// Only the preflight's answer has CORS headers.
fn is_all_bare(examination: &Examination) -> bool {
    let responses = [
        examination.response(),
        examination.without_origin.as_ref(),
        examination.stranger.as_ref(),
        examination.missing.as_ref(),
    ];
    responses.into_iter().flatten().all(|it| !it.speaks_cors())
}

/// The most common mistake: only OPTIONS is answered.
fn different_places(examination: &Examination, exchange: &Exchange) -> Finding {
    if exchange.is_from_cache() && !is_all_bare(examination) {
        return cached(exchange);
    }
    let code = exchange.code();
    let preflight = examination.preflight();
    let who = preflight.map(Answer::who).unwrap_or_default();
    let what = format!(
        "The preflight and the response come from different places. Something in front of the application answers OPTIONS ({who}) and allows the page, and the application adds no CORS headers to its {code}. So every preflight passes and every call fails."
    );
    let line = format!(
        "in the application: .layer({})\nin {}: {}",
        examination.question.layer(),
        preflight.and_then(Answer::gateway).map_or("the gateway", Place::name),
        preflight.map(preflight::passes_options).unwrap_or_default(),
    );
    let mut finding = Finding::new(
        "different-places",
        Failure,
        what,
        "the application: it answers preflights and adds CORS headers to every response. The gateway forwards both: let exactly one component set CORS headers",
        line,
    );
    if let Some(preflight) = preflight {
        finding = finding.seen(format!(
            "OPTIONS: {}, access-control-allow-origin: {}; {}",
            preflight.code(),
            preflight.allowed_origin().unwrap_or_default(),
            preflight.traces()
        ));
    }
    finding.seen(format!(
        "{}: {code}, no access-control-allow-origin; {}",
        shown_method(examination, exchange),
        exchange.traces()
    ))
}

fn shown_method(examination: &Examination, exchange: &Exchange) -> String {
    let method = exchange.method().as_str();
    if examination.question.has_stand_in() && method == examination.question.sent_method() {
        "GET".to_owned()
    } else {
        method.to_owned()
    }
}

fn cached(exchange: &Exchange) -> Finding {
    Finding::new(
        "cached-for-another-origin",
        Failure,
        "A cache returned an answer without Access-Control-Allow-Origin. The answer was for a request without Origin or from another origin, and the cache does not know that answers depend on the origin.",
        format!("what makes the response: list Origin in Vary on every answer, also to requests without Origin; then purge the cache ({})", exchange.who()),
        "Vary: Origin",
    )
    .seen(format!("{}: {}, no access-control-allow-origin; {}", exchange.method(), exchange.code(), exchange.traces()))
}

fn bare_redirect(exchange: &Exchange) -> Finding {
    let location = exchange.joined(&LOCATION).unwrap_or_default();
    Finding::new(
        "redirect-bare",
        Failure,
        format!("The response is a redirect to {location} without CORS headers. Each redirect needs them too."),
        format!("the page; or what redirects ({}), inside of the CORS layer", exchange.who()),
        "let the page request the final URL",
    )
    .seen(format!("{}: {}, location: {location}; {}", exchange.method(), exchange.code(), exchange.traces()))
}

/// An error without CORS headers. The console reports CORS, but the error is the cause.
fn error(examination: &Examination, exchange: &Exchange) -> Finding {
    let code = exchange.code();
    let who = exchange.who();
    let (cause, line) = match code {
        502..=504 => (
            "the gateway did not reach the application in time",
            "check that the application runs and listens where the gateway sends requests",
        ),
        401 | 403 | 407 => (
            "authentication or a firewall outside the CORS layer makes it",
            "put the CORS layer outside authentication",
        ),
        413 => (
            "the request exceeds a limit outside the CORS layer",
            "raise the limit, or move it inside",
        ),
        404 | 405 => (
            "the route does not exist, or is outside the CORS layer",
            "add the CORS layer last, around the whole router with its fallback",
        ),
        _ => ("something outside the CORS layer makes it", "put the CORS layer outside it"),
    };
    let what = format!(
        "The response is the error {code} without CORS headers: {cause}. The browser's console reports a CORS error, and the page does not see the {code}."
    );
    let readable = exchange
        .gateway()
        .and_then(|place| place.decorates_errors(&examination.question.origin))
        .map_or(String::new(), |line| format!("\nto let pages read such errors: {line}"));
    Finding::new(
        "error-bare",
        Failure,
        what,
        format!("what makes the {code} ({who})"),
        format!("{line}{readable}"),
    )
    .seen(format!(
        "{}: {code}, no access-control-allow-origin; {}",
        shown_method(examination, exchange),
        exchange.traces()
    ))
}
