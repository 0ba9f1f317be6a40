//! `Engine`: whose decisions a page makes, and the table of where they differ.

use std::fmt;

/// The engine that a [`Page`](crate::Page) decides as.
///
/// Default: [`Engine::Standard`]. The engines differ from the standard and from each other in a few
/// places, for example in how long they keep a preflight:
///
/// | | Standard | Chromium | Firefox | WebKit |
/// | --- | --- | --- | --- | --- |
/// | longest `Access-Control-Max-Age` | no limit | 7,200 s | 86,400 s | 600 s |
/// | `Access-Control-Allow-Headers: *` covers `Authorization` | no | yes | yes | yes |
/// | the same for a kept answer | no | no | no | yes |
/// | preflights again after a redirect that left nothing unsafe | no | no | yes | yes |
/// | a kept `*` answers for other methods and headers | yes | yes | no | yes |
/// | a new preflight's answer | adds to the kept one | replaces it | adds to it | replaces it |
/// | a request that a kept answer does not fit | leaves it | ends it | leaves it | ends it |
/// | keeps the answer of a preflight that does not allow the request | no | no | no | yes |
/// | keeps preflights of sandboxed pages | yes | no | yes | yes |
/// | keeps preflights of requests whose origin a redirect made `null` | yes | no | yes | no |
/// | uses kept preflights for requests with `If-Match` and the like | yes | no | no | yes |
/// | asks twice for a name that a script sets twice | no | no | yes | no |
/// | scripts can set `User-Agent` | yes | no | yes | yes |
/// | a redirect without `Location`, with [`Redirect::Error`](crate::Redirect::Error) | a failure | a response | a failure | a response |
/// | a malformed `Location`, with [`Redirect::Manual`](crate::Redirect::Manual) | opaque | a failure | opaque | opaque |
/// | a redirect to another scheme, with [`Redirect::Manual`](crate::Redirect::Manual) | opaque | opaque | opaque | a failure |
/// | a redirect to a URL with a password, in mode no-cors | followed | a failure | followed | followed |
/// | `Origin` of a no-cors POST that a redirect makes a GET | dropped | dropped | dropped | kept |
/// | a DELETE that is redirected to another origin | DELETE | DELETE | DELETE | GET |
/// | failed preflight: tested first | origin | origin | origin | status |
/// | cookies without `SameSite` | `Lax` | `Lax` | `None` | `None` |
/// | cookies without a name | kept | kept | refused | kept |
/// | `SameSite=None` without `Secure` | refused | refused | refused | kept |
/// | `Secure` cookies of `http://localhost`, and `Domain=localhost` | kept | kept | kept | refused |
/// | `SameSite` cookies after a redirect over another site | withheld | sent | withheld | sent |
/// | `Access-Control-Max-Age: -1` | 5 s | not kept | not kept | not kept |
/// | `Access-Control-Max-Age: 10m` | 5 s | 5 s | not kept | 5 s |
/// | a failed request forgets the kept preflight | yes | no | except for unexpected redirects | no |
/// | `Sec-Fetch-*` on WebSocket handshakes | yes | no | yes | yes |
///
/// Observed in Chromium 156, Firefox ESR 153 and WebKitGTK 2.50.
///
/// ```
/// use tower_browser::{Engine, Page};
///
/// let page = Page::new("https://app.example.com").engine(Engine::Firefox);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Engine {
    /// The Fetch standard and the current cookie standard (RFC 6265bis), exactly.
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
    /// The three engines, without the standard.
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

/// The behaviour of an engine where engines differ.
#[derive(Debug)]
pub(crate) struct Habits {
    /// The limit of max-age, in seconds.
    pub(crate) longest_max_age: u64,
    /// How it reads a max-age that is not one number of seconds.
    pub(crate) bad_max_age: BadMaxAge,
    pub(crate) kept: Kept,
    /// Whether a kept answer is forgotten when a request does not fit it.
    pub(crate) forgets_unfit: bool,
    /// Whether preflights of pages without origin are kept.
    pub(crate) keeps_for_null: bool,
    /// Whether preflights are kept if a redirect made the request's origin `null`.
    pub(crate) keeps_for_tainted: bool,
    /// Whether a request with a condition, such as `If-Match`, always sends a preflight.
    pub(crate) asks_for_conditions: bool,
    /// Whether a preflight asks twice for a name that a script set twice.
    pub(crate) repeats_names: bool,
    /// Whether `User-Agent` is always the browser's own.
    pub(crate) sends_own_user_agent: bool,
    /// Whether a redirect without `Location` is a response also if the page accepts no redirect.
    pub(crate) error_needs_location: bool,
    /// Whether a redirect is refused because of its `Location` even if it is not followed.
    pub(crate) parses_location_always: bool,
    /// Whether a redirect to another scheme is refused even if it is not followed.
    pub(crate) refuses_schemes_always: bool,
    /// Whether a redirect to an address with a password is refused in every mode of scripts.
    pub(crate) refuses_passwords_always: bool,
    /// Whether a no-cors POST that becomes a GET keeps its `Origin`.
    pub(crate) keeps_origin_after_redirect: bool,
    /// Whether `=value` sets no cookie.
    pub(crate) refuses_nameless_cookies: bool,
    /// Whether a DELETE that is redirected to another origin becomes a GET.
    pub(crate) gets_for_foreign_delete: bool,
    /// Whether the answer of a preflight is kept even if it does not allow the request.
    pub(crate) keeps_refusals: bool,
    /// Which failed requests make it forget the preflights of their URL (Fetch, "main fetch").
    pub(crate) forgets: Forgets,
    /// Whether `*` in the allowed headers covers `Authorization`.
    pub(crate) wildcard_covers_authorization: bool,
    /// The same for a kept answer.
    pub(crate) kept_wildcard_covers_authorization: bool,
    /// Whether a preflight's status is tested before its origin.
    pub(crate) tests_status_first: bool,
    pub(crate) after_redirect: AfterRedirect,
    pub(crate) has_lax_by_default: bool,
    /// Whether a cookie without `SameSite` is sent with cross-site POST navigations for two
    /// minutes.
    pub(crate) has_two_minutes: bool,
    pub(crate) wants_secure_for_none: bool,
    pub(crate) keeps_secure_of_loopback: bool,
    /// Whether a public suffix may set cookies for itself by name.
    pub(crate) keeps_domain_of_suffix: bool,
    /// Whether a redirect from another site makes a request cross-site for cookies.
    pub(crate) taints_cookies: bool,
    /// Whether, for cookies, a sandboxed frame's requests belong to the site that shows it.
    pub(crate) sandbox_is_of_its_site: bool,
    pub(crate) null_origin: NullOrigin,
    /// `Sec-Fetch-Dest` of WebSocket handshakes. `None` if there is no `Sec-Fetch` header.
    #[cfg_attr(not(feature = "connection"), allow(dead_code))]
    pub(crate) socket_destination: Option<&'static str>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Forgets {
    All,
    /// All except requests that got a redirect and accept none.
    ButUnexpectedRedirects,
    None,
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

/// Whether no-cors requests with credentials of a page without origin have `Origin: null`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NullOrigin {
    /// Like those of other pages: GET and HEAD have no `Origin`.
    ByMethod,
    /// Always, until a redirect makes a GET of a POST.
    UntilGet,
    /// Always, until a redirect leads to another origin.
    UntilForeign,
}

/// How preflights are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kept {
    /// Each method and each header name is an entry (Fetch, "CORS-preflight cache").
    Entries,
    /// One answer per URL. The next answer replaces it.
    Answers,
    /// Entries are compared exactly, so `*` matches nothing. HEAD needs an entry. Preflights with
    /// and without credentials are kept separately.
    Letters,
}

/// The preflight of a redirected request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AfterRedirect {
    /// As the remaining request needs it.
    Due,
    /// If the first request needed one, for the remaining headers, from the page's origin.
    Remaining,
    /// If the first request needed one, for the headers of the first request.
    Original,
}

const STANDARD: Habits = Habits {
    longest_max_age: u64::MAX,
    bad_max_age: BadMaxAge::Default,
    kept: Kept::Entries,
    forgets_unfit: false,
    keeps_for_null: true,
    keeps_for_tainted: true,
    asks_for_conditions: false,
    repeats_names: false,
    sends_own_user_agent: false,
    error_needs_location: false,
    parses_location_always: false,
    gets_for_foreign_delete: false,
    refuses_schemes_always: false,
    refuses_passwords_always: false,
    keeps_origin_after_redirect: false,
    refuses_nameless_cookies: false,
    keeps_refusals: false,
    forgets: Forgets::All,
    wildcard_covers_authorization: false,
    kept_wildcard_covers_authorization: false,
    tests_status_first: false,
    after_redirect: AfterRedirect::Due,
    has_lax_by_default: true,
    has_two_minutes: false,
    wants_secure_for_none: true,
    keeps_secure_of_loopback: true,
    keeps_domain_of_suffix: true,
    taints_cookies: true,
    sandbox_is_of_its_site: false,
    null_origin: NullOrigin::ByMethod,
    socket_destination: Some("websocket"),
};

const CHROMIUM: Habits = Habits {
    longest_max_age: 7_200,
    bad_max_age: BadMaxAge::NegativeIsZero,
    kept: Kept::Answers,
    forgets_unfit: true,
    keeps_for_null: false,
    keeps_for_tainted: false,
    asks_for_conditions: true,
    sends_own_user_agent: true,
    error_needs_location: true,
    parses_location_always: true,
    refuses_passwords_always: true,
    forgets: Forgets::None,
    wildcard_covers_authorization: true,
    has_two_minutes: true,
    taints_cookies: false,
    null_origin: NullOrigin::UntilGet,
    socket_destination: None,
    ..STANDARD
};

const FIREFOX: Habits = Habits {
    longest_max_age: 86_400,
    bad_max_age: BadMaxAge::NotKept,
    kept: Kept::Letters,
    repeats_names: true,
    asks_for_conditions: true,
    refuses_nameless_cookies: true,
    forgets: Forgets::ButUnexpectedRedirects,
    wildcard_covers_authorization: true,
    after_redirect: AfterRedirect::Remaining,
    has_lax_by_default: false,
    null_origin: NullOrigin::UntilForeign,
    socket_destination: Some("empty"),
    ..STANDARD
};

const WEBKIT: Habits = Habits {
    longest_max_age: 600,
    bad_max_age: BadMaxAge::NegativeIsZero,
    kept: Kept::Answers,
    error_needs_location: true,
    forgets_unfit: true,
    keeps_for_tainted: false,
    refuses_schemes_always: true,
    keeps_origin_after_redirect: true,
    gets_for_foreign_delete: true,
    keeps_refusals: true,
    forgets: Forgets::None,
    wildcard_covers_authorization: true,
    kept_wildcard_covers_authorization: true,
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
