//! Origins that anybody can have, and that the server allows.

use tower_browser::Exchange;

use crate::{
    answer::Answer,
    examine::{Examination, STRANGER},
    finding::{Finding, Severity::Danger},
    trick::Trick,
};

pub(super) fn findings(examination: &Examination) -> Vec<Finding> {
    let is_allowed =
        |exchange: &Exchange, origin: &str| exchange.allowed_origin().as_deref() == Some(origin);
    let mut findings = Vec::new();
    let is_any = examination.stranger.as_ref().is_some_and(|it| is_allowed(it, STRANGER));
    if let Some(stranger) = examination.stranger.as_ref().filter(|_| is_any) {
        let (what, line) = if stranger.allows_credentials() {
            (
                format!(
                    "The server allows any origin, with credentials: any website can send requests as your logged-in user and read the answers. It allowed {STRANGER}, which nobody owns."
                ),
                format!(
                    "allow_origins([\"{}\"]): list the origins instead of echoing them",
                    examination.question.origin
                ),
            )
        } else {
            (
                format!(
                    "The server echoes any origin: it allowed {STRANGER}, which nobody owns. Without credentials write `*` instead."
                ),
                "Access-Control-Allow-Origin: *, or a list of origins".to_owned(),
            )
        };
        findings.push(danger("any-origin", what, stranger, STRANGER, line));
    }
    for (trick, exchange) in &examination.tricks {
        let Some(origin) = trick.origin(&examination.question.origin) else { continue };
        if !is_allowed(exchange, &origin) || (is_any && *trick != Trick::Null) {
            continue;
        }
        let (id, why, line) = match trick {
            Trick::Null => (
                "null-origin",
                "any website can make itself `null` with a sandboxed frame",
                "remove `null` from the allowed origins",
            ),
            Trick::Suffix => (
                "origin-suffix",
                "the check compares only the start of the origin",
                "compare the whole origin; a regex needs its end: $",
            ),
            Trick::Prefix => (
                "origin-prefix",
                "the check compares only the end of the origin",
                "compare the whole origin; for subdomains: https://*.example.com",
            ),
            Trick::Dot => (
                "origin-dot",
                "a dot of a regular expression matches any character",
                r"write \. for a dot",
            ),
            Trick::Scheme => (
                "origin-scheme",
                "anybody in the user's network can serve that page",
                "list only the https origin",
            ),
            Trick::Port => (
                "origin-port",
                "any program on that host can serve that page",
                "list the origin with its port",
            ),
        };
        findings.push(danger(
            id,
            format!("The server allows the origin {origin}: {why}."),
            exchange,
            &origin,
            line.to_owned(),
        ));
    }
    findings
}

fn danger(
    id: &'static str,
    what: String,
    exchange: &Exchange,
    origin: &str,
    line: String,
) -> Finding {
    let credentials =
        if exchange.allows_credentials() { ", access-control-allow-credentials: true" } else { "" };
    Finding::new(
        id,
        Danger,
        what,
        format!("the CORS configuration of what answers ({})", exchange.who()),
        line,
    )
    .seen(format!("Origin: {origin} gets access-control-allow-origin: {origin}{credentials}"))
}
