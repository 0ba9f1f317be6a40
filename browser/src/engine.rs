//! `Engine`: whose decisions a page makes, and the table of where they differ.

use std::fmt;

/// Whose decisions a [`Page`](crate::Page) makes.
///
/// Default: [`Engine::Standard`]. The engines differ from the standard and from each other in a few
/// places, for example in how long they keep a preflight:
///
/// | | Standard | Chromium | Firefox | WebKit |
/// | --- | --- | --- | --- | --- |
/// | longest `Access-Control-Max-Age` | no limit | 7,200 s | 86,400 s | 600 s |
/// | `Access-Control-Allow-Headers: *` covers `Authorization` | no | yes | yes | yes |
/// | preflights again after a redirect that left nothing unsafe | no | no | yes | yes |
/// | a kept `*` answers for other methods and headers | yes | yes | no | yes |
/// | a new preflight's answer | adds to the kept one | replaces it | adds to it | replaces it |
/// | failed preflight: tested first | origin | origin | origin | status |
/// | cookies without `SameSite` | `Lax` | `Lax` | `None` | `None` |
/// | `SameSite=None` without `Secure` | refused | refused | refused | kept |
/// | `Secure` cookies of `http://localhost`, and `Domain=localhost` | kept | kept | kept | refused |
/// | `SameSite` cookies after a redirect over another site | withheld | sent | withheld | sent |
/// | `Access-Control-Max-Age: -1` | 5 s | not kept | not kept | not kept |
/// | `Access-Control-Max-Age: 10m` | 5 s | 5 s | not kept | 5 s |
/// | a failed request forgets the kept preflight | yes | no | yes | no |
/// | `Sec-Fetch-*` on WebSocket handshakes | yes | no | yes | yes |
///
/// Seen with Chromium 156, Firefox ESR 153 and WebKitGTK 2.50.
///
/// ```
/// use tower_browser::{Engine, Page};
///
/// let page = Page::new("https://app.example.com").engine(Engine::Firefox);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Engine {
    /// The Fetch standard and the current cookie standard (RFC 6265bis), to the letter.
    #[default]
    Standard,
    /// Chrome, Edge and others.
    Chromium,
    /// Firefox.
    Firefox,
    /// Safari and others.
    WebKit,
}

impl Engine {
    /// The three engines; the standard is none of them.
    pub const ENGINES: [Self; 3] = [Self::Chromium, Self::Firefox, Self::WebKit];

    pub(crate) fn habits(self) -> &'static Habits {
        match self {
            Self::Standard => &STANDARD,
            Self::Chromium => &CHROMIUM,
            Self::Firefox => &FIREFOX,
            Self::WebKit => &WEBKIT,
        }
    }
}

impl fmt::Display for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Standard => "the standard",
            Self::Chromium => "Chromium",
            Self::Firefox => "Firefox",
            Self::WebKit => "WebKit",
        })
    }
}

/// What an engine does where engines differ.
#[derive(Debug)]
pub(crate) struct Habits {
    /// The limit imposed on max-age, in seconds.
    pub(crate) longest_max_age: u64,
    /// How it reads a max-age that is not one number of seconds.
    pub(crate) bad_max_age: BadMaxAge,
    pub(crate) kept: Kept,
    /// Whether a failed request makes it forget the preflights of its URL (Fetch, "main fetch").
    pub(crate) forgets_on_failure: bool,
    /// Whether `*` among the allowed headers stands for `Authorization`.
    pub(crate) wildcard_covers_authorization: bool,
    /// Whether a preflight's status is tested before its origin.
    pub(crate) tests_status_first: bool,
    pub(crate) after_redirect: AfterRedirect,
    pub(crate) has_lax_by_default: bool,
    /// Whether a cookie without `SameSite` goes with cross-site POST navigations for two minutes.
    pub(crate) has_two_minutes: bool,
    pub(crate) wants_secure_for_none: bool,
    pub(crate) keeps_secure_of_loopback: bool,
    /// Whether a public suffix may set cookies for itself by name.
    pub(crate) keeps_domain_of_suffix: bool,
    /// Whether a redirect from another site makes a request cross-site to cookies.
    pub(crate) taints_cookies: bool,
    /// Whether a sandboxed frame's requests are of the site that it is shown on, to cookies.
    pub(crate) sandbox_is_of_its_site: bool,
    /// Whether no-cors requests of a page without origin have `Origin: null`, whatever the method.
    pub(crate) sends_null_always: bool,
    /// `Sec-Fetch-Dest` of WebSocket handshakes; none: no `Sec-Fetch` header at all.
    #[cfg_attr(not(feature = "connection"), allow(dead_code))]
    pub(crate) socket_destination: Option<&'static str>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BadMaxAge {
    /// As if the header were missing: 5 seconds.
    Default,
    /// Not kept at all.
    NotKept,
    /// As missing, but a negative number is 0.
    NegativeIsZero,
}

/// How preflights are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kept {
    /// Each method and each header name is an entry (Fetch, "CORS-preflight cache").
    Entries,
    /// One answer for a URL, which the next one replaces.
    Answers,
    /// Entries compared to the letter, so that `*` matches nothing; HEAD needs an entry; preflights
    /// with credentials and without are kept apart.
    Letters,
}

/// Which preflight a request gets that was redirected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AfterRedirect {
    /// The one that is due for what is left of it.
    Due,
    /// One if the first request needed one, for the headers that are left, from the page's origin.
    Remaining,
    /// One if the first request needed one, for the headers of the first request.
    Original,
}

const STANDARD: Habits = Habits {
    longest_max_age: u64::MAX,
    bad_max_age: BadMaxAge::Default,
    kept: Kept::Entries,
    forgets_on_failure: true,
    wildcard_covers_authorization: false,
    tests_status_first: false,
    after_redirect: AfterRedirect::Due,
    has_lax_by_default: true,
    has_two_minutes: false,
    wants_secure_for_none: true,
    keeps_secure_of_loopback: true,
    keeps_domain_of_suffix: true,
    taints_cookies: true,
    sandbox_is_of_its_site: false,
    sends_null_always: false,
    socket_destination: Some("websocket"),
};

const CHROMIUM: Habits = Habits {
    longest_max_age: 7_200,
    bad_max_age: BadMaxAge::NegativeIsZero,
    kept: Kept::Answers,
    forgets_on_failure: false,
    wildcard_covers_authorization: true,
    has_two_minutes: true,
    taints_cookies: false,
    sends_null_always: true,
    socket_destination: None,
    ..STANDARD
};

const FIREFOX: Habits = Habits {
    longest_max_age: 86_400,
    bad_max_age: BadMaxAge::NotKept,
    kept: Kept::Letters,
    wildcard_covers_authorization: true,
    after_redirect: AfterRedirect::Remaining,
    has_lax_by_default: false,
    sends_null_always: true,
    socket_destination: Some("empty"),
    ..STANDARD
};

const WEBKIT: Habits = Habits {
    longest_max_age: 600,
    bad_max_age: BadMaxAge::NegativeIsZero,
    kept: Kept::Answers,
    forgets_on_failure: false,
    wildcard_covers_authorization: true,
    tests_status_first: true,
    after_redirect: AfterRedirect::Original,
    has_lax_by_default: false,
    wants_secure_for_none: false,
    keeps_secure_of_loopback: false,
    keeps_domain_of_suffix: false,
    taints_cookies: false,
    sandbox_is_of_its_site: true,
    ..STANDARD
};
