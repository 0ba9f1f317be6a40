//! Credentials: refused, mixed, or allowed together with `*`.

use http::header::{ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_ORIGIN};
use tower_browser::Exchange;

use crate::{
    answer::{Answer, passes},
    examine::Examination,
    finding::{
        Finding,
        Severity::{Failure, Warning},
    },
};

fn grant(exchange: &Exchange) -> String {
    let value = |name| exchange.joined(name).unwrap_or("(none)".to_owned());
    format!(
        "{}: access-control-allow-origin: {}, access-control-allow-credentials: {}",
        exchange.method(),
        value(&ACCESS_CONTROL_ALLOW_ORIGIN),
        value(&ACCESS_CONTROL_ALLOW_CREDENTIALS)
    )
}

/// A request with credentials that gets `*`, or no `true`.
pub(super) fn refused(examination: &Examination, exchange: &Exchange) -> Finding {
    let other =
        if exchange.is_preflight() { examination.response() } else { examination.preflight() };
    if let Some(other) = other.filter(|it| passes(Some(it)) && it.allows_credentials()) {
        return mixed(examination, exchange, other, true);
    }
    let origin = &examination.question.origin;
    let line = format!(
        "allow_origins([\"{origin}\"]) and allow_credentials(true); or, if no cookie is needed, drop credentials: \"include\" in the page"
    );
    let place = format!("what sets the headers ({}), or the page", exchange.who());
    let (id, what) = if exchange.allowed_origin().as_deref() == Some("*") {
        ("wildcard-with-credentials", "The server allows any origin with `*`, but browsers do not accept `*` for requests with credentials.".to_owned())
    } else {
        let why = match exchange.joined(&ACCESS_CONTROL_ALLOW_CREDENTIALS) {
            Some(value) if value.eq_ignore_ascii_case("true") => {
                " The value must be in lower case."
            }
            _ => "",
        };
        (
            "credentials-not-allowed",
            format!(
                "The page asks with credentials, but the answer has no Access-Control-Allow-Credentials: true.{why}"
            ),
        )
    };
    Finding::new(id, Failure, what, place, line).seen(grant(exchange))
}

/// Findings although it works.
pub(super) fn findings(examination: &Examination) -> Vec<Finding> {
    let (preflight, response) = (examination.preflight(), examination.response());
    let mut findings = Vec::new();
    if let (Some(preflight), Some(response)) = (preflight, response)
        && passes(Some(preflight))
        && passes(Some(response))
        && preflight.allows_credentials() != response.allows_credentials()
    {
        let (lacks, has) = if preflight.allows_credentials() {
            (response, preflight)
        } else {
            (preflight, response)
        };
        findings.push(mixed(examination, lacks, has, false));
    }
    let odd = [preflight, response]
        .into_iter()
        .flatten()
        .find(|it| it.allowed_origin().as_deref() == Some("*") && it.allows_credentials());
    if let Some(odd) = odd.filter(|_| examination.outcome.is_ok()) {
        findings.push(
            Finding::new(
                "wildcard-with-credentials",
                Warning,
                "The answer has both `*` and Access-Control-Allow-Credentials: true. Browsers refuse this pair for requests with cookies, so one of the two is a mistake. Often two components add one each.",
                format!("what sets the headers ({})", odd.who()),
                "without cookies: no Access-Control-Allow-Credentials; with cookies: list the origins",
            )
            .seen(grant(odd)),
        );
    }
    findings
}

fn mixed(examination: &Examination, lacks: &Exchange, has: &Exchange, is_failure: bool) -> Finding {
    let (first, second) =
        if lacks.is_preflight() { ("preflight", "response") } else { ("response", "preflight") };
    let severity = if is_failure { Failure } else { Warning };
    Finding::new(
        "credentials-mixed",
        severity,
        format!("Preflight and response disagree on credentials: the {second} allows them and the {first} does not. So two components made them."),
        format!("what makes the {first} ({}): let exactly one component set CORS headers", lacks.who()),
        if lacks.is_preflight() {
            super::preflight::passes_options(lacks)
        } else {
            format!(".layer({})", examination.question.layer())
        },
    )
    .seen(grant(has))
    .seen(grant(lacks))
}
