//! `Seen`: what a page sees of a response.

use bytes::Bytes;

use crate::standard::response_header::Visible;

/// What a page sees of a response: filtered as a browser filters it (Fetch, "filtered response").
///
/// ```
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// use tower_browser::{Fetch, Page};
/// # let mut app = tower::service_fn(|_: http::Request<tower_browser::Body>| async {
/// #     Ok::<_, std::convert::Infallible>(http::Response::builder()
/// #         .header("access-control-allow-origin", "*")
/// #         .header("access-control-expose-headers", "x-total")
/// #         .header("x-total", "3").header("x-hidden", "4")
/// #         .body(tower_browser::Body::from("hello")).unwrap())
/// # });
///
/// let mut page = Page::new("https://app.example.com");
/// let seen = page.fetch(&mut app, Fetch::get("https://api.example.com/")).await?;
/// assert_eq!(seen.status(), 200);
/// assert_eq!(seen.header("x-total"), Some("3"));
/// assert_eq!(seen.header("x-hidden"), None);
/// assert_eq!(seen.text(), "hello");
/// # Ok::<_, tower_browser::Blocked>(()) }).unwrap();
/// ```
#[derive(Clone, Debug)]
pub struct Seen {
    pub(crate) kind: Kind,
    pub(crate) status: u16,
    pub(crate) url: String,
    pub(crate) is_redirected: bool,
    pub(crate) headers: Visible,
    pub(crate) body: Bytes,
    pub(crate) text: String,
    pub(crate) is_cut: bool,
    pub(crate) body_error: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Basic,
    Cors,
    Opaque,
    OpaqueRedirect,
}

impl Seen {
    pub(crate) fn hidden(kind: Kind, url: String) -> Self {
        Self {
            kind,
            status: 0,
            url,
            is_redirected: false,
            headers: Vec::new(),
            body: Bytes::new(),
            text: String::new(),
            is_cut: false,
            body_error: None,
        }
    }

    pub(crate) fn set_body(&mut self, body: Bytes) {
        // Fetch, "text()": UTF-8 decode drops a byte order mark.
        let bytes = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&body);
        self.text = String::from_utf8_lossy(bytes).into_owned();
        self.body = body;
    }

    /// The status code. 0 if the response is opaque.
    #[must_use]
    pub fn status(&self) -> u16 {
        self.status
    }

    /// Whether the status is between 200 and 299: `response.ok`.
    #[must_use]
    pub fn is_ok(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// A header that the page can read; the name in any letter case.
    ///
    /// `None` if there is no such header, or if the response of another origin does not expose it.
    /// Several lines are joined by `, `. `Set-Cookie` is never readable.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        let name = name.to_ascii_lowercase();
        let position =
            self.headers.binary_search_by(|(known, _)| known.as_str().cmp(&name)).ok()?;
        Some(&self.headers[position].1)
    }

    /// All headers that the page can read, sorted by name.
    pub fn headers(&self) -> impl Iterator<Item = (&str, &str)> {
        self.headers.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The body as UTF-8 text. Invalid bytes become a replacement character.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The body as bytes.
    #[must_use]
    pub fn bytes(&self) -> &Bytes {
        &self.body
    }

    /// Whether the page sees nothing of the response: with [`Mode::NoCors`](crate::Mode::NoCors)
    /// from another origin, and a redirect with [`Redirect::Manual`](crate::Redirect::Manual).
    #[must_use]
    pub fn is_opaque(&self) -> bool {
        matches!(self.kind, Kind::Opaque | Kind::OpaqueRedirect)
    }

    /// `response.type`: `basic`, `cors`, `opaque` or `opaqueredirect`.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self.kind {
            Kind::Basic => "basic",
            Kind::Cors => "cors",
            Kind::Opaque => "opaque",
            Kind::OpaqueRedirect => "opaqueredirect",
        }
    }

    /// The URL that answered, after redirects. Empty if the response is opaque.
    #[must_use]
    pub fn url(&self) -> &str {
        if self.kind == Kind::Opaque { "" } else { &self.url }
    }

    /// Whether redirects were followed: `response.redirected`.
    #[must_use]
    pub fn is_redirected(&self) -> bool {
        self.is_redirected
    }

    /// Whether the body is longer than the part that was read:
    /// [`Fetch::read_at_most`](crate::Fetch::read_at_most).
    #[must_use]
    pub fn is_cut(&self) -> bool {
        self.is_cut
    }

    /// Why the body ended early. In a browser, `fetch()` then succeeds and `text()` fails.
    #[must_use]
    pub fn body_error(&self) -> Option<&str> {
        self.body_error.as_deref()
    }
}
