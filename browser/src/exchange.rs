//! `Exchange`: a request and its response, as they went over the wire.

use std::fmt::{self, Write as _};

use bytes::Bytes;
use http::{HeaderMap, HeaderName, Method, StatusCode, header};

use crate::{Reason, standard::lists};

/// A request, its response, and the browser's verdict.
///
/// Its `Display` is one block of text that is the same in every run, so it suits snapshot tests. It
/// shows the headers that matter for CORS, and cookies only by name.
///
/// ```
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// # use tower_browser::{Fetch, Page, Verdict};
/// # let mut app = tower::service_fn(|_: http::Request<tower_browser::Body>| async {
/// #     Ok::<_, std::convert::Infallible>(http::Response::builder()
/// #         .header("access-control-allow-origin", "*").header("access-control-allow-methods", "PUT")
/// #         .body(tower_browser::Body::default()).unwrap())
/// # });
/// let mut page = Page::new("https://app.example.com");
/// page.fetch(&mut app, Fetch::put("https://api.example.com/items/7")).await?;
///
/// let [preflight, put] = page.exchanges() else { panic!("two requests were sent") };
/// assert!(preflight.is_preflight());
/// assert_eq!(put.method(), "PUT");
/// assert_eq!(put.verdict(), Verdict::Passed);
/// assert_eq!(
///     preflight.to_string(),
///     "preflight PUT https://api.example.com/items/7
///   > access-control-request-method: PUT
///   > host: api.example.com
///   > origin: https://app.example.com
///   < 200 OK
///   < access-control-allow-methods: PUT
///   < access-control-allow-origin: *
///   = passed
/// "
/// );
/// # Ok::<_, tower_browser::Blocked>(()) }).unwrap();
/// ```
#[derive(Clone, Debug)]
pub struct Exchange {
    pub(crate) method: Method,
    pub(crate) url: String,
    pub(crate) is_preflight: bool,
    pub(crate) request: HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) answer: Answer,
    pub(crate) verdict: Verdict,
}

#[derive(Clone, Debug)]
pub(crate) enum Answer {
    Response(StatusCode, HeaderMap),
    /// The text of the service's error.
    Failure(String),
}

/// The browser's verdict on a response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Verdict {
    /// A preflight that allows the request, or a response that the page may read.
    Passed,
    /// A redirect that is followed.
    Redirected,
    /// The page gets an opaque response: it sees nothing of it.
    Opaque,
    /// The page gets a network error.
    Blocked(Reason),
}

impl Exchange {
    /// The method that was sent: OPTIONS for preflights.
    #[must_use]
    pub fn method(&self) -> &Method {
        &self.method
    }

    /// The URL, without the fragment.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Whether the browser sent it by itself, to ask for permission.
    #[must_use]
    pub fn is_preflight(&self) -> bool {
        self.is_preflight
    }

    /// The request's headers, with those that the browser added.
    #[must_use]
    pub fn request_headers(&self) -> &HeaderMap {
        &self.request
    }

    /// The request's body.
    #[must_use]
    pub fn request_body(&self) -> &Bytes {
        &self.body
    }

    /// The response's status. `None` if the service returned an error.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        match &self.answer {
            Answer::Response(status, _) => Some(*status),
            Answer::Failure(_) => None,
        }
    }

    /// The response's headers, also those that the page cannot read. `None` if there is no
    /// response.
    #[must_use]
    pub fn response_headers(&self) -> Option<&HeaderMap> {
        match &self.answer {
            Answer::Response(_, headers) => Some(headers),
            Answer::Failure(_) => None,
        }
    }

    /// The error that the service returned instead of a response.
    #[must_use]
    pub fn failure(&self) -> Option<&str> {
        match &self.answer {
            Answer::Response(..) => None,
            Answer::Failure(error) => Some(error),
        }
    }

    /// The browser's verdict on the response.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        self.verdict
    }

    /// A header of the response, all lines joined.
    pub(crate) fn answered(&self, name: &HeaderName) -> Option<String> {
        let value = lists::combined(self.response_headers()?, name)?;
        Some(lists::decoded(&value))
    }

    /// Whether the response says anything of CORS.
    pub(crate) fn speaks_cors(&self) -> bool {
        self.response_headers().is_some_and(|headers| {
            headers.keys().any(|name| name.as_str().starts_with("access-control-"))
        })
    }
}

/// Request headers that are not shown, because they are always the same or not useful.
const UNSAID: [&str; 3] = ["user-agent", "content-length", "accept-encoding"];

/// Response headers that matter for CORS, except `access-control-*`.
const SAID: [HeaderName; 3] = [header::LOCATION, header::SET_COOKIE, header::VARY];

impl fmt::Display for Exchange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.request.get(header::ACCESS_CONTROL_REQUEST_METHOD) {
            Some(method) if self.is_preflight => {
                writeln!(f, "preflight {} {}", shown(method.as_bytes()), self.url)?;
            }
            _ => writeln!(f, "{} {}", self.method, self.url)?,
        }
        let is_said = |name: &HeaderName| {
            !UNSAID.contains(&name.as_str())
                && !name.as_str().starts_with("sec-")
                && (name != header::ACCEPT || self.request[name] != "*/*")
        };
        lines(f, '>', &self.request, is_said)?;
        match &self.answer {
            Answer::Response(status, headers) => {
                writeln!(f, "  < {status}")?;
                lines(f, '<', headers, |name| {
                    name.as_str().starts_with("access-control-") || SAID.contains(name)
                })?;
            }
            Answer::Failure(error) => writeln!(f, "  < error: {}", shown(error.as_bytes()))?,
        }
        writeln!(f, "  = {}", self.verdict)
    }
}

/// The number of header lines that are shown, and the length of each.
const MOST_LINES: usize = 40;
const LONGEST_LINE: usize = 400;

/// Headers sorted by name, so the text does not depend on the order of layers.
fn lines(
    f: &mut fmt::Formatter<'_>,
    sign: char,
    headers: &HeaderMap,
    is_said: impl Fn(&HeaderName) -> bool,
) -> fmt::Result {
    let mut said: Vec<_> = headers.iter().filter(|(name, _)| is_said(name)).collect();
    said.sort_by_key(|(name, _)| name.as_str());
    for (name, value) in said.iter().take(MOST_LINES) {
        writeln!(f, "  {sign} {name}: {}", discreet(name, value.as_bytes()))?;
    }
    match said.len().saturating_sub(MOST_LINES) {
        0 => Ok(()),
        more => writeln!(f, "  {sign} … {more} more"),
    }
}

/// A value without its secret: sessions and tokens differ from run to run.
fn discreet(name: &HeaderName, value: &[u8]) -> String {
    let names = |separator: u8, most: usize| {
        let pairs = value.split(|byte| *byte == separator).take(most);
        let names = pairs.map(|pair| {
            let name = pair.split(|byte| *byte == b'=').next().unwrap_or_default();
            format!("{}=…", shown(lists::trimmed(name)))
        });
        names.collect::<Vec<_>>().join("; ")
    };
    match *name {
        header::COOKIE => names(b';', usize::MAX),
        header::SET_COOKIE => names(b';', 1),
        header::AUTHORIZATION => {
            let scheme = value.split(|byte| *byte == b' ').next().unwrap_or_default();
            format!("{} …", shown(scheme))
        }
        _ => shown(value),
    }
}

/// Any bytes as one line of text.
pub(crate) fn shown(value: &[u8]) -> String {
    // Headers are bytes. Most non-ASCII bytes in them are UTF-8.
    let text = match std::str::from_utf8(value) {
        Ok(text) => text.to_owned(),
        Err(_) => lists::decoded(value),
    };
    let mut shown = String::new();
    for (position, character) in text.chars().enumerate() {
        if position == LONGEST_LINE {
            shown.push('…');
            break;
        }
        if character.is_control() {
            let _ = write!(shown, "{}", character.escape_default());
        } else {
            shown.push(character);
        }
    }
    shown
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Passed => f.write_str("passed"),
            Self::Redirected => f.write_str("redirect, followed"),
            Self::Opaque => f.write_str("opaque"),
            Self::Blocked(reason) => write!(f, "blocked: {reason}"),
        }
    }
}
