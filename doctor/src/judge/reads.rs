//! Response headers that the page's script reads.

use http::{HeaderName, header::ACCESS_CONTROL_EXPOSE_HEADERS};

use crate::{
    answer::Answer,
    examine::Examination,
    finding::{
        Finding,
        Severity::{Failure, Note},
    },
};

pub(super) fn findings(examination: &Examination) -> Vec<Finding> {
    let (Ok(seen), Some(response)) = (&examination.outcome, examination.response()) else {
        return Vec::new();
    };
    let unread: Vec<_> =
        examination.question.reads.iter().filter(|name| seen.header(name).is_none()).collect();
    let is_sent = |name: &str| {
        HeaderName::from_bytes(name.as_bytes())
            .is_ok_and(|name| response.headers().contains_key(name))
    };
    let (hidden, absent): (Vec<_>, Vec<_>) = unread.into_iter().partition(|name| is_sent(name));
    let mut findings = Vec::new();
    if !hidden.is_empty() {
        let quoted: Vec<_> = hidden.iter().map(|name| format!("\"{name}\"")).collect();
        let names: Vec<_> = hidden.iter().map(|name| name.as_str()).collect();
        let names = names.join(", ");
        let exposed = response.joined(&ACCESS_CONTROL_EXPOSE_HEADERS);
        let why = match exposed.as_deref() {
            _ if hidden.iter().any(|name| *name == "set-cookie") => {
                "no script can ever read set-cookie"
            }
            Some("*") => "for requests with credentials `*` exposes nothing",
            _ => "the response does not expose it",
        };
        findings.push(
            Finding::new(
                "not-exposed",
                Failure,
                format!("The script cannot read {names}: {why}."),
                format!("what sets the CORS headers of the response ({})", response.who()),
                format!(
                    "expose_headers([{}]), or Access-Control-Expose-Headers: {names}",
                    quoted.join(", ")
                ),
            )
            .seen(format!(
                "access-control-expose-headers: {}",
                exposed.unwrap_or("(none)".to_owned())
            )),
        );
    }
    if !absent.is_empty() {
        let names: Vec<_> = absent.iter().map(|name| name.as_str()).collect();
        findings.push(Finding::new(
            "header-absent",
            Note,
            format!(
                "This response has no {}, so it is unknown whether a page could read it.",
                names.join(", ")
            ),
            "the question",
            "try a URL that returns it",
        ));
    }
    findings
}
