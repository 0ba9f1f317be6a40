//! `Report`: the findings, with a one-line summary.

use tower_browser::{Exchange, Verdict};

use crate::{
    answer::Answer,
    examine::Examination,
    finding::Finding,
    judge::{self, judge},
};

#[derive(Debug)]
pub(crate) struct Report<'a> {
    pub(crate) examination: &'a Examination,
    pub(crate) findings: Vec<Finding>,
}

/// A request, and what it was for.
pub(crate) struct Asked<'a> {
    pub(crate) purpose: &'static str,
    pub(crate) exchange: &'a Exchange,
    /// Whether the page sent it, so that the browser's verdict counts.
    pub(crate) is_of_page: bool,
}

impl<'a> Report<'a> {
    pub(crate) fn of(examination: &'a Examination) -> Self {
        Self { examination, findings: judge(examination) }
    }

    pub(crate) fn works(&self) -> bool {
        !judge::fails(&self.findings)
    }

    /// The verdict in one line.
    pub(crate) fn summary(&self) -> String {
        let question = &self.examination.question;
        let (origin, request) = (&question.origin, question.request());
        let with = if question.with_credentials { " with credentials" } else { "" };
        let stand_in = if question.has_stand_in() { " (tested with GET)" } else { "" };
        if self.works() {
            let status = self.examination.response().map_or(0, Answer::code);
            return format!(
                "a page of {origin} can send {request}{with} and read the answer, {status}{stand_in}"
            );
        }
        let first = self.findings.first().map_or("", |finding| finding.id);
        match (&self.examination.outcome, first) {
            (Ok(_), "not-exposed") => format!(
                "a page of {origin} can send {request}{with}, but cannot read a header that it needs{stand_in}"
            ),
            (Ok(_), _) => {
                format!("a page of {origin} cannot send {request}{with}: the browser refuses it")
            }
            (Err(blocked), _) if blocked.exchange().is_some_and(Exchange::is_preflight) => {
                format!("a page of {origin} cannot send {request}{with}: the preflight fails")
            }
            (Err(_), _) => {
                format!("a page of {origin} cannot read the answer to {request}{with}{stand_in}")
            }
        }
    }

    /// Every request that was sent, the most important first.
    pub(crate) fn requests(&self) -> Vec<Asked<'a>> {
        let examination = self.examination;
        let page = examination.main.iter().map(|exchange| Asked {
            purpose: if exchange.is_preflight() { "preflight" } else { "response" },
            exchange,
            is_of_page: true,
        });
        let beside = [
            ("preflight-beside", &examination.preflight_beside),
            ("response-beside", &examination.response_beside),
            ("without-origin", &examination.without_origin),
            ("stranger", &examination.stranger),
            ("missing-path", &examination.missing),
        ];
        let beside = beside.into_iter().filter_map(|(purpose, exchange)| {
            Some(Asked { purpose, exchange: exchange.as_ref()?, is_of_page: false })
        });
        let tricks = examination.tricks.iter().map(|(_, exchange)| Asked {
            purpose: "danger",
            exchange,
            is_of_page: false,
        });
        page.chain(beside).chain(tricks).collect()
    }

    /// The method that was sent.
    pub(crate) fn sent(&self, exchange: &Exchange) -> String {
        let question = &self.examination.question;
        if question.has_stand_in() && !exchange.method().is_safe() {
            "GET".to_owned()
        } else {
            exchange.method().to_string()
        }
    }
}

/// The browser's verdict on a response, in one word.
pub(crate) fn verdict(exchange: &Exchange) -> &'static str {
    match exchange.verdict() {
        Verdict::Blocked(_) => "blocked",
        Verdict::Redirected => "redirected",
        Verdict::Opaque => "opaque",
        _ => "passed",
    }
}
