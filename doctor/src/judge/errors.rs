//! Errors of paths that do not exist: can a page read them?

use crate::{
    answer::{Answer, passes},
    examine::Examination,
    finding::{Finding, Severity::Warning},
};

pub(super) fn findings(examination: &Examination) -> Vec<Finding> {
    // If the response itself has no CORS headers, another finding says so.
    let Some(missing) = examination.missing.as_ref().filter(|_| passes(examination.response()))
    else {
        return Vec::new();
    };
    let code = missing.code();
    if examination.is_same_origin() || code < 400 || missing.allowed_origin().is_some() {
        return Vec::new();
    }
    let line = missing
        .gateway()
        .and_then(|place| place.decorates_errors(&examination.question.origin))
        .map_or(String::new(), |line| format!("\nif the gateway makes it: {line}"));
    vec![
        Finding::new(
            "errors-bare",
            Warning,
            format!("A path that does not exist is answered {code} without CORS headers: the page sees a network error instead of the {code}. Other errors may lack them too."),
            format!("what makes the {code} ({})", missing.who()),
            format!("put the CORS layer outside of routing: .layer({}) last, around the whole router with its fallback{line}", examination.question.layer()),
        )
        .seen(format!("GET {}: {code}, no access-control-allow-origin; {}", missing.url(), missing.traces())),
    ]
}
