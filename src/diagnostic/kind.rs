//! `Kind`: what a diagnostic says, for programs.

/// What a [`Diagnostic`](crate::Diagnostic) says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// An origin that anybody can obtain is matched; see [`Risk::AnyOrigin`](crate::Risk::AnyOrigin).
    AnyOrigin,
    /// `null` is matched; see [`Risk::NullOrigin`](crate::Risk::NullOrigin).
    NullOrigin,
    /// Several items in one text.
    Several,
    /// Quotes around the item, as files of environment variables have them.
    Quotes,
    /// A placeholder that was not filled in, such as `${ORIGIN}`.
    Placeholder,
    /// A word that stands for a list, such as `none` or `all`.
    Word,
    /// An empty item, which is ignored (difference D15).
    EmptyItem,
    /// Blanks around an item, which are ignored (difference D15).
    Blanks,
    /// The same item twice in a list.
    Duplicate,
    /// No `scheme://` in front of an origin.
    NoScheme,
    /// A scheme that is none, or is longer than 64 bytes.
    MalformedScheme,
    /// A scheme of no page, such as `ws`: handshakes carry the origin of the page.
    NoPageScheme,
    /// A scheme whose pages send `Origin: null`, such as `data`; `file` with anything behind `file://`.
    SchemeWithoutOrigin,
    /// Upper case where browsers send lower case.
    UpperCase,
    /// A path, query, fragment or trailing slash.
    Path,
    /// A user name or password.
    Userinfo,
    /// The scheme's default port, which browsers leave out.
    DefaultPort,
    /// A port that is not 1 to 65535 in plain digits.
    MalformedPort,
    /// A host in letters beyond ASCII, which browsers send as punycode.
    InternationalHost,
    /// An IP address in a form that browsers rewrite.
    NonCanonicalAddress,
    /// A range of addresses, such as `192.168.1.0/24`.
    AddressRange,
    /// A host that is empty, too long, or has characters that no host has.
    MalformedHost,
    /// A domain with an empty label: a leading dot, or two dots in a row.
    EmptyLabel,
    /// An IPv6 address without its brackets.
    UnbracketedAddress,
    /// A `*` that is neither all of the first labels nor the port of an origin; in the name of a
    /// header, one that is not the end of a prefix (difference D11).
    MisplacedWildcard,
    /// A regular expression in `allow_origins`, or a wildcard in `allow_origin_regex`.
    OtherOriginSetting,
    /// A regular expression in a build without the feature `regex`.
    RegexWithoutFeature,
    /// A regular expression outside of the common language of Python's `re` and Rust's `regex`
    /// (difference D8).
    UncommonRegex,
    /// A regular expression whose automaton is too large.
    LargeRegex,
    /// A regular expression that matches no well-formed origin.
    MatchesNothing,
    /// A plain `http://` origin on a host that is not loopback, with credentials.
    InsecureOrigin,
    /// An origin of files or of any browser extension, with credentials or enforcement.
    LocalPages,
    /// Any name or address of a private network is matched, such as `https://*.local`, with credentials
    /// or enforcement.
    OpenNetwork,
    /// No origin is allowed in any way.
    NoOrigins,
    /// Items beside `*`, which matches everything.
    BesideAny,
    /// A method or header name that is none (RFC 9110, section 5.6.2).
    MalformedName,
    /// A method in other letter case than browsers send it.
    LetterCase,
    /// A name that works as it is, where another was probably meant: `DELTE`, `Authorisation`.
    ProbableTypo,
    /// A method that no browser lets a script send.
    ForbiddenMethod,
    /// A request header that no browser lets a script set.
    ForbiddenRequestHeader,
    /// A response header in `allow_headers`, or a request header in `expose_headers`.
    OtherDirection,
    /// A response header that every script can read without being exposed.
    AlwaysExposed,
    /// `set-cookie` or `set-cookie2`, which no script can ever read.
    NeverReadable,
    /// A `max_age` with a fraction of a second, which the header cannot say.
    FractionalMaxAge,
    /// A `max_age` above what browsers keep.
    LongMaxAge,
    /// A `preflight_status` outside 200 to 299, which fails every preflight.
    PreflightStatus,
    /// A setting that cannot stand beside another.
    Conflict,
    /// `allow_methods` beside `mirror_methods`, which allows every method.
    BesideMirror,
    /// `enforce_origin` where every origin is allowed.
    NothingToEnforce,
    /// `AllRequests` without `allow_hosts`, so that a rebound name can read.
    NoHosts,
    /// An origin in `allow_hosts`, or a host with `:*`.
    NotAHost,
    /// A guard of a request that is another one in another of several policies.
    OtherGuard,
    /// No policy where one of several is to answer.
    NoPolicy,
    /// Request headers are allowed that make every `POST` ask first, and `GET` is the only method.
    OnlyGet,
}
