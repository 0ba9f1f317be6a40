//! The report as JSON. README.md describes it. If a field changes its meaning, `version` changes.

use serde_json::{Map, Value, json};
use tower_browser::{Engine, Exchange, Verdict};

use crate::{
    answer::Answer,
    examine::Unknown,
    finding::Finding,
    place,
    report::{Asked, Report, verdict},
};

const VERSION: u32 = 1;

pub(crate) fn json(report: &Report<'_>) -> Value {
    let question = &report.examination.question;
    let works = report.works();
    let names: Vec<_> = question.headers.iter().map(|header| header.name.as_str()).collect();
    json!({
        "version": VERSION,
        "verdict": if works { "works" } else { "fails" },
        "status": i32::from(!works),
        "summary": report.summary(),
        "question": {
            "url": question.address(),
            "origin": question.origin,
            "method": question.sent_method(),
            "headers": names,
            "credentials": question.with_credentials,
            "reads": question.reads,
            "as": match question.engine {
                Engine::Chromium => "chromium",
                Engine::Firefox => "firefox",
                Engine::WebKit => "webkit",
                _ => "standard",
            },
        },
        "requests": report.requests().iter().map(|asked| request(report, asked)).collect::<Vec<_>>(),
        "findings": report.findings.iter().map(finding).collect::<Vec<_>>(),
    })
}

/// The output if there is no report.
pub(crate) fn unknown(unknown: &Unknown) -> Value {
    let (verdict, error) = match unknown {
        Unknown::Usage(error) => ("usage", error),
        Unknown::NoAnswer(error) => ("no-answer", error),
    };
    json!({ "version": VERSION, "verdict": verdict, "status": 2, "summary": error })
}

fn request(report: &Report<'_>, asked: &Asked<'_>) -> Value {
    let Asked { purpose, exchange, .. } = asked;
    let origin = exchange.request_headers().get(http::header::ORIGIN);
    json!({
        "purpose": purpose,
        "method": report.sent(exchange),
        "url": exchange.url(),
        "origin": origin.map(|origin| String::from_utf8_lossy(origin.as_bytes())),
        "status": exchange.code(),
        "headers": headers(exchange),
        "browser": verdict(exchange),
        "reason": match exchange.verdict() {
            Verdict::Blocked(reason) => Some(reason.to_string()),
            _ => None,
        },
        "gateway": exchange.gateway().map(place::Place::name),
    })
}

/// The headers that matter for CORS or show who answered, with their lines.
fn headers(exchange: &Exchange) -> Map<String, Value> {
    const MORE: [&str; 5] = ["vary", "location", "cache-control", "age", "x-cache"];
    let traces = place::traces(exchange.headers());
    let is_told = |name: &str| {
        name.starts_with("access-control-")
            || MORE.contains(&name)
            || traces.iter().any(|trace| trace.line.starts_with(&format!("{name}: ")))
    };
    let mut told: Vec<_> =
        exchange.headers().keys().filter(|name| is_told(name.as_str())).collect();
    told.sort_by_key(|name| name.as_str());
    told.into_iter().map(|name| (name.to_string(), exchange.lines(name).into())).collect()
}

fn finding(finding: &Finding) -> Value {
    let Finding { id, severity, what, seen, place, line } = finding;
    json!({
        "id": id,
        "severity": severity.name(),
        "what": what,
        "seen": seen,
        "where": place,
        "write": line,
    })
}
