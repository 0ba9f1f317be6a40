//! `Blocked`: a network error that explains itself.

use std::fmt;

use crate::{Engine, Exchange, Reason, cause::Cause, exchange::shown};

/// The network error that a page gets instead of a response, with details for developers.
///
/// A page only sees `TypeError: Failed to fetch`. The `Display` of this type shows the request, the
/// answer and the check that failed, the messages of each engine's console, the likely cause and
/// the change to make.
///
/// ```
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// # use tower_browser::{Engine, Fetch, Page, Reason};
/// # let mut app = tower::service_fn(|_: http::Request<tower_browser::Body>| async {
/// #     Ok::<_, std::convert::Infallible>(http::Response::builder()
/// #         .status(401).body(tower_browser::Body::default()).unwrap())
/// # });
/// let mut page = Page::new("https://app.example.com");
/// let blocked = page.fetch(&mut app, Fetch::put("https://api.example.com/items/7")).await.unwrap_err();
///
/// assert_eq!(blocked.reason(), Reason::AllowOriginMissing);
/// assert!(blocked.exchange().unwrap().is_preflight());
/// assert_eq!(
///     blocked.to_string(),
///     "\
/// blocked: PUT https://api.example.com/items/7 of a page of https://app.example.com (credentials: same-origin)
/// failed at: the preflight, OPTIONS https://api.example.com/items/7, answered 401 Unauthorized
/// check: Access-Control-Allow-Origin is missing
/// Chromium prints: Access to fetch at 'https://api.example.com/items/7' from origin 'https://app.example.com' has been blocked by CORS policy: Response to preflight request doesn't pass access control check: No 'Access-Control-Allow-Origin' header is present on the requested resource.
/// Firefox prints: Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at https://api.example.com/items/7. (Reason: CORS header ‘Access-Control-Allow-Origin’ missing). Status code: 401.
///     Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at https://api.example.com/items/7. (Reason: CORS request did not succeed). Status code: (null).
/// WebKit prints: Preflight response is not successful. Status code: 401
///     Fetch API cannot load https://api.example.com/items/7 due to access control checks.
/// likely cause: the CORS layer is inside authentication, which refuses preflights: browsers send them without cookies and without Authorization
/// to change: put the CORS layer outside authentication (on an axum Router: call `.layer(cors)` after the layer that authenticates)"
/// );
/// # });
/// ```
#[derive(Clone)]
pub struct Blocked(Box<Inner>);

#[derive(Clone)]
struct Inner {
    reason: Reason,
    asked: String,
    subject: String,
    exchange: Option<Exchange>,
    console: [(Engine, Option<String>); 3],
    cause: Option<Cause>,
    says: Option<String>,
}

/// What a [`Blocked`] is made of.
pub(crate) struct Refusal {
    pub(crate) reason: Reason,
    /// The value that the reason is about. May be empty.
    pub(crate) subject: String,
    /// The request as one line.
    pub(crate) asked: String,
    pub(crate) exchange: Option<Exchange>,
    pub(crate) console: [(Engine, Option<String>); 3],
    pub(crate) cause: Option<Cause>,
}

impl Blocked {
    pub(crate) fn new(refusal: Refusal) -> Self {
        let Refusal { reason, subject, asked, exchange, console, cause } = refusal;
        Self(Box::new(Inner { reason, asked, subject, exchange, console, cause, says: None }))
    }

    /// The start of the failed response's text.
    pub(crate) fn set_says(&mut self, body: &[u8]) {
        let text = shown(body.trim_ascii());
        self.0.says = Some(text).filter(|text| !text.is_empty());
    }

    /// The reason, for programs.
    #[must_use]
    pub fn reason(&self) -> Reason {
        self.0.reason
    }

    /// The exchange that failed. `None` if nothing was sent.
    #[must_use]
    pub fn exchange(&self) -> Option<&Exchange> {
        self.0.exchange.as_ref()
    }

    /// The value that the reason is about: the header's value, the method, the header's name, the
    /// URL or the service's error. It may be empty.
    #[must_use]
    pub fn value(&self) -> &str {
        &self.0.subject
    }

    /// The message in the console of an engine. `None` if that engine allows the request, or if its
    /// message is not known.
    #[must_use]
    pub fn console(&self, engine: Engine) -> Option<&str> {
        let (_, printed) = self.0.console.iter().find(|(known, _)| *known == engine)?;
        printed.as_deref()
    }

    /// The likely cause in the server.
    #[must_use]
    pub fn likely_cause(&self) -> Option<&str> {
        self.0.cause.as_ref().map(|cause| cause.why.as_str())
    }

    /// What to change.
    #[must_use]
    pub fn suggestion(&self) -> Option<&str> {
        self.0.cause.as_ref().map(|cause| cause.change.as_str())
    }
}

impl fmt::Display for Blocked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { reason, asked, subject, exchange, console, cause, says } = &*self.0;
        write!(f, "blocked: {asked}")?;
        if let Some(exchange) = exchange {
            let kind = if exchange.is_preflight { "the preflight" } else { "the response" };
            write!(f, "\nfailed at: {kind}, {} {}", exchange.method, exchange.url)?;
            match exchange.status() {
                Some(status) => write!(f, ", answered {status}")?,
                None => f.write_str(", not answered")?,
            }
        }
        write!(f, "\ncheck: {reason}")?;
        if !subject.is_empty() {
            write!(f, ": {}", shown(subject.as_bytes()))?;
        }
        if let Some(says) = says {
            write!(f, "\nthe response says: {says}")?;
        }
        for (engine, printed) in console {
            let printed = match printed {
                Some(printed) => printed.replace('\n', "\n    "),
                None if reason.is_of_cors() => "nothing, it lets this pass".to_owned(),
                None => continue,
            };
            write!(f, "\n{engine} prints: {printed}")?;
        }
        if let Some(cause) = cause {
            write!(f, "\nlikely cause: {}\nto change: {}", cause.why, cause.change)?;
        }
        Ok(())
    }
}

/// The same text as `Display`, because a test that unwraps prints it.
impl fmt::Debug for Blocked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for Blocked {}
