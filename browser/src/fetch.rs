//! `Fetch`: what a page asks for, as a script would write it.

use std::fmt;

use bytes::Bytes;

/// A request that a page makes: the arguments of `fetch()`.
///
/// Builder methods never fail. [`Page::fetch`](crate::Page::fetch) reports what a script could not
/// send, as a `TypeError` would.
///
/// ```
/// use tower_browser::{Credentials, Fetch};
///
/// let fetch = Fetch::put("https://api.example.com/items/7")
///     .header("content-type", "application/json")
///     .credentials(Credentials::Include)
///     .body("{}");
/// ```
#[derive(Clone)]
#[must_use]
pub struct Fetch {
    pub(crate) method: String,
    pub(crate) url: String,
    pub(crate) fields: Vec<(String, Vec<u8>)>,
    pub(crate) body: Option<Content>,
    pub(crate) mode: Mode,
    pub(crate) credentials: Option<Credentials>,
    pub(crate) redirect: Redirect,
    pub(crate) has_upload_listener: bool,
    pub(crate) body_limit: usize,
}

/// Whether cookies are sent and stored (Fetch, "credentials mode").
///
/// Default: [`Credentials::SameOrigin`], as for `fetch()`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Credentials {
    /// Never.
    Omit,
    /// With requests to the page's own origin.
    #[default]
    SameOrigin,
    /// With every request. `XMLHttpRequest` calls it `withCredentials`.
    Include,
}

/// What kind of request it is (Fetch, "mode"). Default: [`Mode::Cors`], as for `fetch()`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Mode {
    /// Another origin must allow it.
    #[default]
    Cors,
    /// Sent without permission, and the response is opaque, as for `<img>` and `<script>`.
    NoCors,
    /// Never to another origin.
    SameOrigin,
    /// A navigation, by a link or a form. It has cookies and needs no permission. The response is
    /// the page that the user would see.
    Navigate,
}

/// What happens to a redirect (Fetch, "redirect mode"). Default: [`Redirect::Follow`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Redirect {
    /// It is followed, up to 20 times.
    #[default]
    Follow,
    /// It is a network error.
    Error,
    /// The page only learns that there was a redirect.
    Manual,
}

impl Mode {
    /// As in `Sec-Fetch-Mode`.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Cors => "cors",
            Self::NoCors => "no-cors",
            Self::SameOrigin => "same-origin",
            Self::Navigate => "navigate",
        }
    }
}

impl Credentials {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Omit => "omit",
            Self::SameOrigin => "same-origin",
            Self::Include => "include",
        }
    }
}

/// A request's body, with the content type that `fetch()` gives it.
///
/// A text is sent as `text/plain;charset=UTF-8`, bytes without a type, unless the request says
/// `content-type` itself (Fetch, "extract a body").
#[derive(Clone)]
pub struct Content {
    pub(crate) bytes: Bytes,
    pub(crate) kind: Option<&'static str>,
}

/// How much of a response's body is read: 8 MiB.
pub(crate) const BODY_LIMIT: usize = 8 << 20;

impl Fetch {
    /// A request of any method. The URL is absolute, or relative to the page.
    ///
    /// Browsers write only DELETE, GET, HEAD, OPTIONS, POST and PUT in upper case (Fetch,
    /// "normalize"): `patch` is sent as it is, and most servers answer 405.
    pub fn new(method: impl AsRef<str>, url: impl Into<String>) -> Self {
        Self {
            method: method.as_ref().to_owned(),
            url: url.into(),
            fields: Vec::new(),
            body: None,
            mode: Mode::default(),
            credentials: None,
            redirect: Redirect::default(),
            has_upload_listener: false,
            body_limit: BODY_LIMIT,
        }
    }

    /// A GET.
    pub fn get(url: impl Into<String>) -> Self {
        Self::new("GET", url)
    }

    /// A HEAD.
    pub fn head(url: impl Into<String>) -> Self {
        Self::new("HEAD", url)
    }

    /// A POST.
    pub fn post(url: impl Into<String>) -> Self {
        Self::new("POST", url)
    }

    /// A PUT.
    pub fn put(url: impl Into<String>) -> Self {
        Self::new("PUT", url)
    }

    /// A PATCH, in upper case.
    pub fn patch(url: impl Into<String>) -> Self {
        Self::new("PATCH", url)
    }

    /// A DELETE.
    pub fn delete(url: impl Into<String>) -> Self {
        Self::new("DELETE", url)
    }

    /// The user follows a link: a GET with [`Mode::Navigate`].
    pub fn navigate(url: impl Into<String>) -> Self {
        Self::get(url).mode(Mode::Navigate)
    }

    /// Adds a header. Several of one name are sent as one, joined by `, `.
    ///
    /// Headers that only the browser may set, such as `Cookie` or `Origin`, are silently dropped,
    /// as `fetch()` does (Fetch, "forbidden request-header"). With [`Mode::NoCors`] only safelisted
    /// ones stay.
    pub fn header(mut self, name: impl AsRef<str>, value: impl AsRef<[u8]>) -> Self {
        self.fields.push((name.as_ref().to_owned(), value.as_ref().to_owned()));
        self
    }

    /// Sets whether cookies are sent and stored. Default: [`Credentials::SameOrigin`];
    /// [`Credentials::Include`] for navigations.
    pub fn credentials(mut self, credentials: Credentials) -> Self {
        self.credentials = Some(credentials);
        self
    }

    /// Sets the mode. Default: [`Mode::Cors`].
    pub fn mode(mut self, mode: Mode) -> Self {
        self.mode = mode;
        self
    }

    /// Sets what happens to redirects. Default: [`Redirect::Follow`].
    pub fn redirect(mut self, redirect: Redirect) -> Self {
        self.redirect = redirect;
        self
    }

    /// Sets the body: a text or bytes. See [`Content`] for the content type.
    ///
    /// ```
    /// use tower_browser::Fetch;
    ///
    /// Fetch::post("/items").body("plain text");
    /// Fetch::post("/items").header("content-type", "application/json").body(r#"{"id":7}"#);
    /// Fetch::post("/items").body(vec![0_u8, 1, 2]);
    /// ```
    pub fn body(mut self, body: impl Into<Content>) -> Self {
        self.body = Some(body.into());
        self
    }

    /// Sets the body of a form: `application/x-www-form-urlencoded`, which needs no preflight.
    pub fn form(mut self, pairs: impl Into<Bytes>) -> Self {
        const FORM: &str = "application/x-www-form-urlencoded;charset=UTF-8";
        self.body = Some(Content { bytes: pairs.into(), kind: Some(FORM) });
        self
    }

    /// Sets whether a listener waits for upload progress, as with `XMLHttpRequest.upload`. It
    /// causes a preflight for requests that otherwise need none (Fetch, "use-CORS-preflight flag").
    /// Default: false.
    pub fn upload_listener(mut self, has_listener: bool) -> Self {
        self.has_upload_listener = has_listener;
        self
    }

    /// Sets how many bytes of the response's body are read. Default: 8 MiB.
    ///
    /// The rest is not read, so an endless body ends: see [`Seen::is_cut`](crate::Seen::is_cut). 0
    /// reads nothing, which suits streams that stay open.
    pub fn read_at_most(mut self, bytes: usize) -> Self {
        self.body_limit = bytes;
        self
    }
}

impl fmt::Debug for Fetch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.fields.iter().map(|(name, _)| name).collect();
        f.debug_struct("Fetch")
            .field("method", &self.method)
            .field("url", &self.url)
            .field("headers", &names)
            .field("mode", &self.mode)
            .field("credentials", &self.credentials)
            .field("redirect", &self.redirect)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<{} bytes>", self.bytes.len())
    }
}

/// A text that is sent as `text/plain;charset=UTF-8`.
macro_rules! texts {
    ($($text:ty)+) => {$(
        impl From<$text> for Content {
            fn from(text: $text) -> Self {
                let bytes = Bytes::from(String::from(text));
                Self { bytes, kind: Some("text/plain;charset=UTF-8") }
            }
        }
    )+};
}
texts!(&str String &String);

impl From<Bytes> for Content {
    fn from(bytes: Bytes) -> Self {
        Self { bytes, kind: None }
    }
}

impl From<Vec<u8>> for Content {
    fn from(bytes: Vec<u8>) -> Self {
        Bytes::from(bytes).into()
    }
}

impl From<&[u8]> for Content {
    fn from(bytes: &[u8]) -> Self {
        Bytes::copy_from_slice(bytes).into()
    }
}

impl<const N: usize> From<[u8; N]> for Content {
    fn from(bytes: [u8; N]) -> Self {
        bytes.as_slice().into()
    }
}

impl<const N: usize> From<&[u8; N]> for Content {
    fn from(bytes: &[u8; N]) -> Self {
        bytes.as_slice().into()
    }
}
