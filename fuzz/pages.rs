//! The law of `tower-browser`: whatever a page asks and a server answers, each fetch ends with a verdict in bounded
//! work, and nothing is read without leave. For the fuzzer and for `browser/tests/laws.rs`.
//!
//! ```text
//! https://app.example.com webkit
//!
//! PUT https://api.other.example/x include
//! x-a: 1
//!
//! 200
//! access-control-allow-origin: *
//! ```
//!
//! The first block is the page and the engine. Others are fetches, or what the server answers in turn.

use std::{
    convert::Infallible,
    future::Future,
    pin::pin,
    task::{Context, Poll, Waker},
    time::Duration,
};

use http::{HeaderName, HeaderValue, Request, Response, StatusCode};
use tower_browser::{
    Blocked, Body, Credentials, Engine, Exchange, Fetch, Mode, Page, Redirect, Seen,
};

/// The branches that an input reached.
pub(crate) type Reached = Vec<&'static str>;

/// A request follows twenty redirects, and each may need a preflight.
const MOST_EXCHANGES: usize = 42;

pub(crate) fn every_fetch_ends(data: &[u8]) -> Reached {
    let lines: Vec<&[u8]> = data.split(|byte| *byte == b'\n').collect();
    let mut blocks = lines.split(|line| line.is_empty()).filter_map(|block| block.split_first());
    let Some((first, _)) = blocks.next() else { return vec![] };
    let mut page = page(&text(first));
    let is_answer = |first: &&[u8]| first.first().is_some_and(u8::is_ascii_digit);
    let (answers, fetches): (Vec<_>, Vec<_>) = blocks.partition(|(first, _)| is_answer(first));
    let answers: Vec<_> = answers.into_iter().map(|(first, lines)| answer(first, lines)).collect();

    let mut count = 0;
    let mut server = tower::service_fn(|_: Request<Body>| {
        let answer = answers.get(count % answers.len().max(1)).cloned().unwrap_or_default();
        count += 1;
        let mut response = Response::new(Body::from("body"));
        (*response.status_mut(), *response.headers_mut()) = answer;
        std::future::ready(Ok::<_, Infallible>(response))
    });
    let mut reached = Vec::new();
    for (first, lines) in fetches.into_iter().take(4) {
        let (fetch, credentials) = fetch(&text(first), lines);
        let before = page.exchanges().len();
        let ended = at_once(page.fetch(&mut server, fetch));
        let exchanges = &page.exchanges()[before..];
        assert!(exchanges.len() <= MOST_EXCHANGES, "{}", page.log());
        reached.extend(judge(&ended, credentials, exchanges));
        page.advance(Duration::from_secs(3));
    }
    assert_eq!(page.log().is_empty(), page.exchanges().is_empty());
    reached
}

fn text(line: &[u8]) -> String {
    String::from_utf8_lossy(line).into_owned()
}

fn page(line: &str) -> Page {
    let mut words = line.split(' ');
    let origin = words.next().unwrap_or_default();
    let page = if origin == "sandboxed" { Page::sandboxed() } else { Page::new(origin) };
    page.engine(match words.next() {
        Some("chromium") => Engine::Chromium,
        Some("firefox") => Engine::Firefox,
        Some("webkit") => Engine::WebKit,
        _ => Engine::Standard,
    })
}

/// `METHOD URL`, then words of the mode, the credentials and the like; then lines `name: value`, and one of `>body`.
fn fetch(first: &str, lines: &[&[u8]]) -> (Fetch, Credentials) {
    let mut words = first.split(' ');
    let (method, url) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let (mut fetch, mut credentials) = (Fetch::new(method, url), Credentials::SameOrigin);
    for word in words {
        fetch = match word {
            "no-cors" => fetch.mode(Mode::NoCors),
            "same-origin" => fetch.mode(Mode::SameOrigin),
            "navigate" => fetch.mode(Mode::Navigate),
            "error" => fetch.redirect(Redirect::Error),
            "manual" => fetch.redirect(Redirect::Manual),
            "listens" => fetch.upload_listener(true),
            "include" => {
                credentials = Credentials::Include;
                fetch
            }
            "omit" => {
                credentials = Credentials::Omit;
                fetch
            }
            _ => fetch,
        };
    }
    fetch = fetch.credentials(credentials);
    for line in lines {
        fetch = match split(line) {
            _ if line.starts_with(b">") => fetch.body(line[1..].to_vec()),
            Some((name, value)) => fetch.header(text(name), value),
            None => fetch,
        };
    }
    (fetch, credentials)
}

fn split(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let colon = line.iter().position(|byte| *byte == b':')?;
    Some((&line[..colon], line[colon + 1..].trim_ascii_start()))
}

fn answer(first: &[u8], lines: &[&[u8]]) -> (StatusCode, http::HeaderMap) {
    let mut headers = http::HeaderMap::new();
    for (name, value) in lines.iter().filter_map(|line| split(line)) {
        if let (Ok(name), Ok(value)) =
            (HeaderName::from_bytes(name), HeaderValue::from_bytes(value))
        {
            headers.append(name, value);
        }
    }
    (StatusCode::from_bytes(first.get(..3).unwrap_or_default()).unwrap_or_default(), headers)
}

/// Nothing here ever waits, so one poll is enough and no runtime is needed.
fn at_once<F: Future>(future: F) -> F::Output {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("nothing waits"),
    }
}

fn judge(
    ended: &Result<Seen, Blocked>,
    credentials: Credentials,
    exchanges: &[Exchange],
) -> Reached {
    let mut reached = Vec::new();
    for (at, exchange) in exchanges.iter().enumerate() {
        let headers = exchange.request_headers();
        assert!(headers.contains_key("host"));
        if exchange.is_preflight() {
            assert!(!headers.contains_key("cookie") && !headers.contains_key("authorization"));
            assert_eq!(exchange.method(), "OPTIONS");
            // What is not allowed is not sent.
            let is_ok = exchange.status().is_some_and(|status| status.is_success());
            assert!(is_ok || at + 1 == exchanges.len(), "{exchange}");
            reached.push(if is_ok { "preflight" } else { "preflight refused" });
        }
        reached.extend(headers.contains_key("cookie").then_some("cookie"));
    }
    reached.extend((exchanges.len() > 20).then_some("redirects without end"));
    match (ended, exchanges.last()) {
        (Ok(seen), Some(last)) => {
            assert_eq!(seen.header("set-cookie"), None);
            assert!(!seen.is_opaque() || (seen.status() == 0 && seen.text().is_empty()));
            reached.extend(seen.is_redirected().then_some("redirected"));
            reached.push(seen.kind());
            if seen.kind() == "cors" {
                assert!(is_granted(last, credentials), "{last}");
            }
        }
        (Ok(_), None) => panic!("nothing was sent, and something was seen"),
        (Err(blocked), _) => {
            assert!(blocked.to_string().starts_with("blocked: "), "{blocked}");
            for engine in [Engine::Standard, Engine::Chromium, Engine::Firefox, Engine::WebKit] {
                assert_ne!(blocked.console(engine), Some(""));
            }
            reached.push(if exchanges.is_empty() { "not sent" } else { "blocked" });
        }
    }
    reached
}

/// Fetch, "CORS check", written a second time.
fn is_granted(last: &Exchange, credentials: Credentials) -> bool {
    let Some(response) = last.response_headers() else { return false };
    let lines =
        |name| response.get_all(name).iter().map(|it: &HeaderValue| it.as_bytes().trim_ascii());
    let origins: Vec<_> = lines("access-control-allow-origin").collect();
    let asked = last.request_headers().get("origin").map(HeaderValue::as_bytes);
    let is_included = credentials == Credentials::Include;
    match origins[..] {
        [b"*"] => !is_included,
        [origin] => {
            let allows: Vec<_> = lines("access-control-allow-credentials").collect();
            Some(origin) == asked && (!is_included || allows == [b"true"])
        }
        _ => false,
    }
}
