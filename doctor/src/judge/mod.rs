//! `judge`: makes findings from requests and responses. Pure: no clock, no network.

mod caching;
mod credentials;
mod dangers;
mod errors;
mod network;
mod origin;
mod preflight;
mod reads;
mod response;

use tower_browser::{Exchange, Verdict};

use crate::{
    answer::{Answer, passes},
    examine::Examination,
    finding::{Finding, Severity},
};

/// The most important first.
pub(crate) fn judge(examination: &Examination) -> Vec<Finding> {
    let mut findings = what_blocks(examination);
    findings.extend(reads::findings(examination));
    findings.extend(network::findings(examination));
    findings.extend(credentials::findings(examination));
    findings.extend(dangers::findings(examination));
    findings.extend(caching::findings(examination));
    findings.extend(errors::findings(examination));
    findings.extend(notes(examination));
    findings.sort_by_key(|finding| finding.severity);
    let mut ids = Vec::new();
    findings.retain(|finding| {
        let is_new = !ids.contains(&finding.id);
        ids.push(finding.id);
        is_new
    });
    findings
}

pub(crate) fn fails(findings: &[Finding]) -> bool {
    findings.iter().any(|finding| finding.severity == Severity::Failure)
}

/// Why the page gets a network error, and the next problem after that.
fn what_blocks(examination: &Examination) -> Vec<Finding> {
    let Err(blocked) = &examination.outcome else { return Vec::new() };
    let Some(exchange) = blocked.exchange() else { return Vec::new() };
    let first = explain(examination, exchange);
    let next = examination.response_beside.as_ref().filter(|_| exchange.is_preflight());
    let second = next.filter(|it| !passes(Some(it))).map(|it| explain(examination, it));
    match second {
        // Two findings with one cause.
        Some(second) if !has_one_cause(first.id, second.id) => vec![first, second],
        _ => vec![first],
    }
}

fn has_one_cause(first: &str, second: &str) -> bool {
    const WHOLE: [&str; 3] = ["no-cors", "origin-not-allowed", "response-bare"];
    first == second || (WHOLE.contains(&first) && WHOLE.contains(&second))
}

fn explain(examination: &Examination, exchange: &Exchange) -> Finding {
    let reason = match exchange.verdict() {
        Verdict::Blocked(reason) => reason,
        _ => tower_browser::Reason::AllowOriginMissing,
    };
    if exchange.is_preflight() {
        preflight::explain(examination, exchange, reason)
    } else {
        response::explain(examination, exchange, reason)
    }
}

fn notes(examination: &Examination) -> Vec<Finding> {
    let question = &examination.question;
    let mut notes = Vec::new();
    if examination.is_same_origin() {
        notes.push(Finding::new(
            "same-origin",
            Severity::Note,
            "The page and the URL have the same origin, so CORS does not apply.",
            "nowhere",
            "nothing",
        ));
    }
    if question.has_stand_in() {
        let method = question.sent_method();
        notes.push(Finding::new(
            "not-sent",
            Severity::Note,
            format!("{method} was not sent, because it may change something. A GET of the same URL was sent instead."),
            "this command",
            "add --send to send it",
        ));
    }
    let sent = |name: &str| {
        examination.main.iter().any(|it| {
            let asked = it.request_headers().get(http::header::ACCESS_CONTROL_REQUEST_HEADERS);
            let is_asked = asked.is_some_and(|list| {
                list.as_bytes().split(|byte| *byte == b',').any(|item| item == name.as_bytes())
            });
            is_asked || it.request_headers().contains_key(name)
        })
    };
    for header in question.headers.iter().filter(|header| !sent(&header.name)) {
        notes.push(Finding::new(
            "header-forbidden",
            Severity::Note,
            format!("No page can set the header {}: browsers drop it.", header.name),
            "the page",
            "leave the header out",
        ));
    }
    if let (Ok(_), Some(response)) = (&examination.outcome, examination.response())
        && response.code() >= 400
    {
        notes.push(Finding::new(
            "status",
            Severity::Note,
            format!("The page can read the response, and its status is {}.", response.code()),
            "the application",
            "nothing for CORS",
        ));
    }
    notes
}
