//! `Vary: Origin` where answers depend on the origin.

use http::header::CACHE_CONTROL;
use tower_browser::Exchange;

use crate::{
    answer::{Answer, passes},
    examine::Examination,
    finding::{
        Finding,
        Severity::{Note, Warning},
    },
};

pub(super) fn findings(examination: &Examination) -> Vec<Finding> {
    let Some(response) = examination.response().filter(|it| passes(Some(it))) else {
        return Vec::new();
    };
    let others = [examination.without_origin.as_ref(), examination.stranger.as_ref()];
    let depends =
        others.iter().flatten().any(|it| it.allowed_origin() != response.allowed_origin());
    if examination.is_same_origin() || !depends {
        return Vec::new();
    }
    let asked = [
        ("from the page", Some(response)),
        ("without Origin", examination.without_origin.as_ref()),
        ("from another website", examination.stranger.as_ref()),
    ];
    let lacks: Vec<_> = asked
        .into_iter()
        .filter_map(|(whose, it)| Some((whose, it?)))
        .filter(|(_, it)| !it.varies_on_origin())
        .collect();
    let Some((_, first)) = lacks.first() else { return Vec::new() };
    let whose: Vec<_> = lacks.iter().map(|(whose, _)| *whose).collect();
    let is_kept_from_caches = lacks.iter().all(|(_, it)| is_never_stored(it));
    let (severity, more) = if is_kept_from_caches {
        (Note, " Its Cache-Control keeps it from shared caches today.")
    } else {
        (Warning, "")
    };
    let what = format!(
        "Access-Control-Allow-Origin depends on the request's Origin, but the answers to requests {} do not list Origin in Vary. A cache may give one origin the answer for another.{more}",
        whose.join(", ")
    );
    let mut finding = Finding::new(
        "vary-missing",
        severity,
        what,
        format!("what sets Access-Control-Allow-Origin ({})", first.who()),
        "Vary: Origin, on every response, also to requests without Origin",
    );
    for (whose, exchange) in &lacks {
        let value = |name: &str, value: Option<String>| {
            format!("{name}: {}", value.unwrap_or("(none)".to_owned()))
        };
        finding = finding.seen(format!(
            "request {whose}: {}, {}",
            value("access-control-allow-origin", exchange.allowed_origin()),
            value("vary", exchange.joined(&http::header::VARY))
        ));
    }
    vec![finding]
}

fn is_never_stored(exchange: &Exchange) -> bool {
    exchange.lists(&CACHE_CONTROL, "no-store") || exchange.lists(&CACHE_CONTROL, "private")
}
