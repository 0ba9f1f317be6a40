//! `Kind`: what a diagnostic reports, for programs.

/// What a [`Diagnostic`](crate::Diagnostic) reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// An origin that anybody can obtain is matched; see [`Risk::AnyOrigin`](crate::Risk::AnyOrigin).
    AnyOrigin,
    /// `null` is matched; see [`Risk::NullOrigin`](crate::Risk::NullOrigin).
    NullOrigin,
    /// Several items in one text.
    Several,
    /// Quotes around the item, such as those copied from a file of environment variables.
    Quotes,
    /// A placeholder that was not filled in, such as `${ORIGIN}`.
    Placeholder,
    /// A word that stands for a list, such as `none` or `all`.
    Word,
    /// An empty item, which is ignored (difference D15).
    EmptyItem,
    /// Spaces around an item, which are ignored (difference D15).
    Blanks,
    /// The same item twice in a list.
    Duplicate,
    /// No `scheme://` in front of an origin.
    NoScheme,
    /// A malformed scheme, or one longer than 64 bytes.
    MalformedScheme,
    /// A scheme that no page has, such as `ws`: a WebSocket handshake has the origin of its page.
    NoPageScheme,
    /// A scheme such as `data`, for which browsers send `Origin: null`; or a path after `file://`.
    SchemeWithoutOrigin,
    /// Upper case in an origin. Browsers send lower case.
    UpperCase,
    /// A path, query, fragment or trailing slash.
    Path,
    /// A user name or password.
    Userinfo,
    /// The default port of the scheme, which browsers leave out.
    DefaultPort,
    /// A port that is not a number from 1 to 65535 in plain digits.
    MalformedPort,
    /// A host with letters outside ASCII, which browsers send as punycode.
    InternationalHost,
    /// An IP address in a form that browsers rewrite.
    NonCanonicalAddress,
    /// A range of addresses, such as `192.168.1.0/24`.
    AddressRange,
    /// A host that is empty, too long, or has a character that is not allowed in hosts.
    MalformedHost,
    /// A domain with an empty label: a leading dot, or two dots in a row.
    EmptyLabel,
    /// An IPv6 address without its brackets.
    UnbracketedAddress,
    /// A `*` in the wrong place. In an origin it can be the first label or the port; in a request
    /// header it can be the end of a prefix (difference D11).
    MisplacedWildcard,
    /// A regular expression in `allow_origins`, or a wildcard in `allow_origin_regex`.
    OtherOriginSetting,
    /// A regular expression in a build without the feature `regex`.
    RegexWithoutFeature,
    /// A regular expression that Python's `re` and Rust's `regex` do not read alike (difference
    /// D8).
    UncommonRegex,
    /// A regular expression that compiles to too large an automaton.
    LargeRegex,
    /// A regular expression that matches no well-formed origin.
    MatchesNothing,
    /// An `http://` origin on a host that is not loopback, with credentials.
    InsecureOrigin,
    /// The origin of files, or of every browser extension, with credentials or enforcement.
    LocalPages,
    /// Names or addresses of a private network that are not yours are matched, as by
    /// `https://*.local`, with credentials or enforcement.
    OpenNetwork,
    /// No origin is allowed.
    NoOrigins,
    /// Items beside `*`, which matches everything.
    BesideAny,
    /// A malformed name of a method or header (RFC 9110, section 5.6.2).
    MalformedName,
    /// A method in the wrong letter case.
    LetterCase,
    /// A valid name that is probably a typo: `DELTE`, `Authorisation`.
    ProbableTypo,
    /// A method that no browser lets a script send.
    ForbiddenMethod,
    /// A request header that no browser lets a script set.
    ForbiddenRequestHeader,
    /// A response header in `allow_headers`, or a request header in `expose_headers`.
    OtherDirection,
    /// A response header that every script can read even if it is not exposed.
    AlwaysExposed,
    /// `set-cookie` or `set-cookie2`, which no script can ever read.
    NeverReadable,
    /// A `max_age` with a fraction of a second. The header has whole seconds.
    FractionalMaxAge,
    /// A `max_age` longer than browsers keep a preflight.
    LongMaxAge,
    /// A `preflight_status` outside 200 to 299, which fails every preflight.
    PreflightStatus,
    /// A setting that conflicts with another.
    Conflict,
    /// `allow_methods` together with `mirror_methods`, which allows every method.
    BesideMirror,
    /// `enforce_origin` where every origin is allowed.
    NothingToEnforce,
    /// `AllRequests` without `allow_hosts`, which leaves DNS rebinding possible.
    NoHosts,
    /// An origin in `allow_hosts`, or a host with `:*`.
    NotAHost,
    /// `allow_hosts`, `enforce_origin` or `report_only` differs between several policies.
    OtherGuard,
    /// A list of policies that is empty.
    NoPolicy,
    /// `Content-Type` is listed, so `POST` requests with JSON send a preflight, but `GET` is the
    /// only allowed method.
    OnlyGet,
}
