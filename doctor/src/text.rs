//! The report as text.

use std::fmt::Write;

use http::header::{ACCESS_CONTROL_REQUEST_HEADERS, LOCATION};
use tower_browser::Exchange;

use crate::{
    answer::{Answer, is_redirect},
    report::{Report, verdict},
};

const WIDTH: usize = 100;

pub(crate) fn text(report: &Report<'_>) -> String {
    let mut text = String::new();
    let verdict = if report.works() { "WORKS" } else { "FAILS" };
    let _ = writeln!(text, "{verdict}: {}\n", report.summary());
    draw(report, &mut text);
    beside(report, &mut text);
    for (position, finding) in report.findings.iter().enumerate() {
        let _ = writeln!(text, "\n{}. {} ({})", position + 1, finding.severity.name(), finding.id);
        wrapped(&mut text, "   ", &finding.what);
        for line in &finding.seen {
            wrapped(&mut text, "   seen   ", line);
        }
        wrapped(&mut text, "   where  ", &finding.place);
        // Whole lines, to be copied.
        for line in finding.line.lines() {
            let _ = writeln!(text, "   write  {line}");
        }
    }
    text
}

/// Page, browser, and each answer.
fn draw(report: &Report<'_>, text: &mut String) {
    let examination = report.examination;
    let question = &examination.question;
    let _ = writeln!(text, "  page ── {} ──▶ browser", question.sent_method());
    for exchange in &examination.main {
        let asks = if exchange.is_preflight() {
            let names = exchange.request_headers().get(ACCESS_CONTROL_REQUEST_HEADERS);
            let with = names.map_or(String::new(), |names| {
                format!(" with {}", String::from_utf8_lossy(names.as_bytes()).replace(',', ", "))
            });
            format!("OPTIONS: may the page send {}{with}?", question.sent_method())
        } else if report.sent(exchange) == exchange.method().as_str() {
            exchange.method().to_string()
        } else {
            format!("{} (sent as GET)", exchange.method())
        };
        let host = host(exchange);
        let _ = writeln!(text, "          browser ── {asks} ──▶ {host}");
        let _ = writeln!(
            text,
            "          browser ◀── {} ── {}   {}",
            told(exchange),
            exchange.gateway().map_or(host, |place| place.name()),
            if verdict(exchange) == "blocked" { "BLOCKED" } else { verdict(exchange) }
        );
    }
    let gets = match &examination.outcome {
        Ok(seen) if report.works() => format!("{} and the body", seen.status()),
        Ok(_) => "not what it needs, see below".to_owned(),
        Err(_) => "TypeError: Failed to fetch".to_owned(),
    };
    let _ = writeln!(text, "  page ◀── {gets} ── browser");
}

fn beside(report: &Report<'_>, text: &mut String) {
    let requests: Vec<_> = report.requests().into_iter().filter(|it| !it.is_of_page).collect();
    if requests.is_empty() {
        return;
    }
    text.push_str("\n  other requests:\n");
    for asked in requests {
        let what = match asked.purpose {
            "preflight-beside" => "a preflight (this request needs none)".to_owned(),
            "response-beside" => "a simple GET from the page".to_owned(),
            "without-origin" => "a GET without Origin".to_owned(),
            "missing-path" => "a path that does not exist".to_owned(),
            _ => {
                let origin = asked.exchange.request_headers().get(http::header::ORIGIN);
                let origin = origin.map(|it| String::from_utf8_lossy(it.as_bytes()).into_owned());
                format!("a GET from {}", origin.unwrap_or_default())
            }
        };
        let _ = writeln!(text, "    {what}: {}", told(asked.exchange));
    }
}

/// `204, access-control-allow-origin: *`.
fn told(exchange: &Exchange) -> String {
    let grant = match exchange.allowed_origin() {
        Some(origin) => format!("access-control-allow-origin: {origin}"),
        None => "no access-control-allow-origin".to_owned(),
    };
    let location = exchange.joined(&LOCATION).filter(|_| is_redirect(exchange.code()));
    let location = location.map_or(String::new(), |to| format!(" to {to}"));
    format!("{}{location}, {grant}", exchange.code())
}

fn host(exchange: &Exchange) -> &str {
    let url = exchange.url();
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split(['/', '?']).next().unwrap_or_default()
}

/// Words up to the width, each further line below the first word.
fn wrapped(text: &mut String, prefix: &str, words: &str) {
    let indent = " ".repeat(prefix.chars().count());
    let mut line = prefix.to_owned();
    let mut is_first = true;
    for word in words.split(' ') {
        if !is_first && line.chars().count() + 1 + word.chars().count() > WIDTH {
            let _ = writeln!(text, "{}", line.trim_end());
            line.clone_from(&indent);
            is_first = true;
        }
        if !is_first {
            line.push(' ');
        }
        line.push_str(word);
        is_first = false;
    }
    let _ = writeln!(text, "{}", line.trim_end());
}
