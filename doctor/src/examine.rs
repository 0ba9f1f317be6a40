//! `examine`: sends the requests for a question to a service, and keeps the answers. It accepts any
//! Tower service, so tests need no network.

use std::{fmt, net::IpAddr};

use http::Response;
use tower_browser::{Blocked, Body, Credentials, Exchange, Fetch, Page, Reason, Redirect, Seen};
use tower_service::Service;
use url::Url;

use crate::{
    probe::{MOST_REQUESTS, Probe},
    question::Question,
    trick::Trick,
};

/// A longer body counts as endless.
const BODY_LIMIT: usize = 8 << 20;

/// An origin that no server lists, because nobody can own it.
pub(crate) const STRANGER: &str = "https://cors-doctor.example";

/// The requests and the answers.
#[derive(Debug)]
pub(crate) struct Examination {
    pub(crate) question: Question,
    pub(crate) outcome: Result<Seen, Blocked>,
    /// What the page sent, in order.
    pub(crate) main: Vec<Exchange>,
    /// A preflight that the page does not need. It shows who answers OPTIONS.
    pub(crate) preflight_beside: Option<Exchange>,
    /// A simple GET instead of the request that the preflight stopped.
    pub(crate) response_beside: Option<Exchange>,
    /// Without Origin.
    pub(crate) without_origin: Option<Exchange>,
    pub(crate) stranger: Option<Exchange>,
    /// A path that does not exist.
    pub(crate) missing: Option<Exchange>,
    pub(crate) tricks: Vec<(Trick, Exchange)>,
    /// The server's.
    pub(crate) address: Option<IpAddr>,
}

impl Examination {
    /// The page's preflight, or the additional one.
    pub(crate) fn preflight(&self) -> Option<&Exchange> {
        self.main.iter().rfind(|it| it.is_preflight()).or(self.preflight_beside.as_ref())
    }

    /// The page's response, or the additional one.
    pub(crate) fn response(&self) -> Option<&Exchange> {
        self.main.iter().rfind(|it| !it.is_preflight()).or(self.response_beside.as_ref())
    }
}

/// Why there is no verdict.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Unknown {
    /// The question is invalid.
    Usage(String),
    /// There is no usable answer.
    NoAnswer(String),
}

/// The requests of the page.
pub(crate) async fn examine<S, B>(
    service: S,
    question: Question,
) -> Result<(Examination, Probe<S>), Unknown>
where
    S: Service<http::Request<Body>, Response = Response<B>>,
    S::Error: fmt::Display,
    S::Future: 'static,
    B: http_body::Body + Unpin + 'static,
    B::Error: fmt::Display,
{
    let mut probe = Probe::new(service, question.sends_unsafe, MOST_REQUESTS);
    let mut page = page_of(&question);
    let outcome = page.fetch(&mut probe, fetch(&question)).await;
    let main = page.exchanges().to_vec();
    match &outcome {
        Err(blocked) => is_answer(blocked)?,
        Ok(seen) => is_whole(seen, &question)?,
    }
    let examination = Examination {
        question,
        outcome,
        main,
        preflight_beside: None,
        response_beside: None,
        without_origin: None,
        stranger: None,
        missing: None,
        tricks: Vec::new(),
        address: None,
    };
    Ok((examination, probe))
}

impl Examination {
    /// Additional requests that help to find the cause. Missing answers are left out.
    pub(crate) async fn look_around<S, B>(&mut self, probe: &mut Probe<S>)
    where
        S: Service<http::Request<Body>, Response = Response<B>>,
        S::Error: fmt::Display,
        S::Future: 'static,
        B: http_body::Body + Unpin + 'static,
        B::Error: fmt::Display,
    {
        let question = self.question.clone();
        let url = question.address().to_owned();
        if self.is_same_origin() {
            return;
        }
        if self.main.iter().all(|it| !it.is_preflight()) {
            let fetch = fetch(&question).upload_listener(true);
            probe.begin(true);
            self.preflight_beside = first(probe, page_of(&question), fetch).await;
        }
        if self.main.iter().all(Exchange::is_preflight) {
            let get = Fetch::get(&url).credentials(credentials(&question));
            self.response_beside = single(probe, page_of(&question), get).await;
        }
        // Fetch: a navigation that a user starts has no Origin.
        self.without_origin = single(probe, page_of(&question), Fetch::navigate(&url)).await;
        let get = || Fetch::get(&url).credentials(credentials(&question));
        self.stranger = single(probe, Page::new(STRANGER), get()).await;
        let missing = Fetch::get(missing(&question.url)).credentials(credentials(&question));
        self.missing = single(probe, page_of(&question), missing).await;
        if question.asks_for_dangers {
            probe.allow(Trick::ALL.len());
            for trick in Trick::ALL {
                if let Some(page) = trick.page(&question.origin)
                    && let Some(exchange) = single(probe, page, get()).await
                {
                    self.tricks.push((trick, exchange));
                }
            }
        }
    }

    /// The page and the server have the same origin, so CORS does not apply.
    pub(crate) fn is_same_origin(&self) -> bool {
        self.question.url.origin().ascii_serialization() == self.question.origin
    }
}

fn page_of(question: &Question) -> Page {
    let page = match question.origin.as_str() {
        "null" => Page::sandboxed(),
        origin => Page::new(origin),
    };
    page.engine(question.engine)
}

fn credentials(question: &Question) -> Credentials {
    if question.with_credentials { Credentials::Include } else { Credentials::SameOrigin }
}

fn fetch(question: &Question) -> Fetch {
    let mut fetch = Fetch::new(&question.method, question.address())
        .credentials(credentials(question))
        .read_at_most(BODY_LIMIT);
    for header in &question.headers {
        fetch = fetch.header(&header.name, &header.value);
    }
    match &question.body {
        Some(body) => fetch.body(body),
        None => fetch,
    }
}

/// A path below the requested one, so the same gateway and application answer.
fn missing(url: &Url) -> Url {
    let mut missing = url.clone();
    missing.set_query(None);
    missing.set_path(&format!("{}/cors-doctor/no-such-path", url.path().trim_end_matches('/')));
    missing
}

async fn single<S, B>(probe: &mut Probe<S>, page: Page, fetch: Fetch) -> Option<Exchange>
where
    S: Service<http::Request<Body>, Response = Response<B>>,
    S::Error: fmt::Display,
    S::Future: 'static,
    B: http_body::Body + Unpin + 'static,
    B::Error: fmt::Display,
{
    probe.begin(false);
    first(probe, page, fetch).await
}

async fn first<S, B>(probe: &mut Probe<S>, mut page: Page, fetch: Fetch) -> Option<Exchange>
where
    S: Service<http::Request<Body>, Response = Response<B>>,
    S::Error: fmt::Display,
    S::Future: 'static,
    B: http_body::Body + Unpin + 'static,
    B::Error: fmt::Display,
{
    if probe.left() == 0 {
        return None;
    }
    let _ = page.fetch(probe, fetch.redirect(Redirect::Manual).read_at_most(0)).await;
    page.exchanges().first().filter(|it| it.status().is_some()).cloned()
}

/// If a browser refuses before it sends anything, the question is wrong.
fn is_answer(blocked: &Blocked) -> Result<(), Unknown> {
    match (blocked.exchange(), blocked.reason()) {
        (None, reason) => {
            let mut text = reason.to_string();
            if !blocked.value().is_empty() {
                text += &format!(": {}", blocked.value());
            }
            if reason == Reason::MalformedOrigin {
                text += &format!("; {}", instead(blocked));
            }
            Err(Unknown::Usage(text))
        }
        (Some(_), Reason::ServiceError) => Err(Unknown::NoAnswer(blocked.value().to_owned())),
        _ => Ok(()),
    }
}

/// The message of tower-browser names its own API.
fn instead(blocked: &Blocked) -> String {
    let quoted = blocked.suggestion().and_then(|text| {
        let (_, rest) = text.split_once("Page::new(\"")?;
        Some(rest.split('"').next()?.to_owned())
    });
    format!("write --origin {}", quoted.as_deref().unwrap_or("https://app.example.com"))
}

fn is_whole(seen: &Seen, question: &Question) -> Result<(), Unknown> {
    let host = question.host();
    if let Some(error) = seen.body_error() {
        return Err(Unknown::NoAnswer(format!("the response of {host} ended early: {error}")));
    }
    if seen.is_cut() {
        return Err(Unknown::NoAnswer(format!(
            "the response of {host} is larger than 8 MiB, or never ends; request a smaller one, or use --method HEAD"
        )));
    }
    Ok(())
}
