//! Every sentence of the crate: what is wrong first, then what to write.

use std::fmt;

use super::{
    diagnosis::{Detail, Diagnostic},
    kind::Kind,
    risk::Risk,
    setting::Setting,
};

#[cfg(feature = "serde")]
pub(crate) const EXPECTED_BOOLEAN: &str = "true or false";
#[cfg(feature = "serde")]
pub(crate) const EXPECTED_STATUS: &str = "a status from 200 to 299";
#[cfg(feature = "serde")]
pub(crate) const EXPECTED_MAX_AGE: &str =
    "a whole number of seconds (0 for no caching, \"none\" to omit the header)";

#[cfg(feature = "serde")]
pub(crate) fn unknown_word(word: &str, known: &[String]) -> String {
    format!("{word:?} is unknown; write one of {}", known.join(", "))
}

pub(super) fn config_error(diagnostics: &[Diagnostic]) -> String {
    let mut text = match diagnostics.len() {
        1 => "the CORS configuration has an error:".to_owned(),
        count => format!("the CORS configuration has {count} errors:"),
    };
    for diagnostic in diagnostics {
        text.push_str(&format!("\n- {diagnostic}"));
    }
    text
}

impl fmt::Display for Risk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(risk(*self))
    }
}

fn risk(risk: Risk) -> &'static str {
    match risk {
        Risk::AnyOrigin => {
            "any website could send requests as your logged-in user and read the answers"
        }
        Risk::NullOrigin => {
            "any website can make itself the origin null, and could then send requests as your logged-in user and read the answers"
        }
    }
}

/// `setting("value"): what is wrong; what to write`.
impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_diagnostic(self, f)
    }
}

fn write_diagnostic(diagnostic: &Diagnostic, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let setting = diagnostic.setting();
    f.write_str(setting.name())?;
    match diagnostic.value() {
        Some(value) if is_literal(setting) => write!(f, "({value})")?,
        Some(value) => write!(f, "({})", literal(setting, value))?,
        None if setting == Setting::AllowOriginIf => f.write_str("(<fn>)")?,
        None => {}
    }
    f.write_str(": ")?;
    match diagnostic.kind() {
        Kind::AnyOrigin | Kind::NullOrigin => danger(diagnostic, f)?,
        _ => f.write_str(&sentence(diagnostic))?,
    }
    match diagnostic.suggestion() {
        Some(suggestion) if is_literal(setting) => write!(f, "; write {suggestion}"),
        Some(suggestion) => write!(f, "; write {}", literal(setting, suggestion)),
        None => Ok(()),
    }
}

/// Whether values of a setting are no texts.
fn is_literal(setting: Setting) -> bool {
    matches!(setting, Setting::MaxAge | Setting::PreflightStatus | Setting::ConstantWildcard)
}

/// A value as one would write it in Rust: expressions raw, since that is what a person pastes.
pub(crate) fn literal(setting: Setting, value: &str) -> String {
    let is_raw = setting == Setting::AllowOriginRegex
        && value.contains('\\')
        && !value.contains('"')
        && !value.contains(char::is_control);
    if is_raw { format!("r\"{value}\"") } else { format!("{value:?}") }
}

fn danger(diagnostic: &Diagnostic, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let (example, tolerated) = match diagnostic.detail() {
        Detail::Tolerated(example) => (example.as_str(), true),
        Detail::Text(example) => (example.as_str(), false),
        _ => ("", false),
    };
    if !example.is_empty() {
        write!(f, "it matches {example}, which anybody can obtain; ")?;
    }
    if tolerated {
        let risk = diagnostic.kind();
        return write!(f, "this is tolerated by tolerate(Risk::{risk:?})");
    }
    f.write_str(match diagnostic.kind() {
        Kind::NullOrigin => risk(Risk::NullOrigin),
        _ => risk(Risk::AnyOrigin),
    })?;
    match diagnostic.kind() {
        Kind::NullOrigin => f.write_str(
            "\n  - serve the page from an origin of its own, and list that\n  - this is intended: .tolerate(Risk::NullOrigin)",
        ),
        _ => f.write_str(
            "\n  - the page sends a token in a header: drop .allow_credentials(true) here and credentials: \"include\" in the page\n  - the page needs cookies: .allow_origins([\"https://app.example.com\", \"http://localhost:*\"])\n  - this is intended: .tolerate(Risk::AnyOrigin)",
        ),
    }
}

/// What is wrong, and how to mend it where no suggestion follows.
fn sentence(diagnostic: &Diagnostic) -> String {
    let setting = diagnostic.setting();
    let corrected = diagnostic.suggestion().is_some();
    let detail = match diagnostic.detail() {
        Detail::Text(text) => text.as_str(),
        _ => "",
    };
    let text = match diagnostic.kind() {
        Kind::AnyOrigin | Kind::NullOrigin => "",
        Kind::Several => return several(diagnostic),
        Kind::Quotes if corrected => "the quotes are part of the text",
        Kind::Quotes => "the quotes are part of the text; leave them out",
        Kind::Placeholder => "this is a placeholder that was not filled in; check the variable",
        Kind::Word if corrected => "this word is not an origin",
        Kind::Word => {
            "this word is not an origin; leave the list empty to allow none, pages of your own origin need no CORS"
        }
        Kind::EmptyItem => "an empty item is ignored",
        Kind::Blanks => "the blanks around it are ignored",
        Kind::Duplicate => "it is listed twice",
        Kind::NoScheme if corrected => "an origin starts with its scheme",
        Kind::NoScheme => {
            "an origin starts with its scheme; write one such as \"https://example.com\""
        }
        Kind::MalformedScheme => {
            "this is not a scheme; write \"https://\", \"http://\" or another of lower-case letters, digits, \"+\", \"-\", \".\""
        }
        Kind::SchemeWithoutOrigin => {
            "pages of this scheme have no origin of their own, and browsers send \"null\" or \"file://\" for them; serve the page over http"
        }
        Kind::NoPageScheme => {
            "no page has an origin of this scheme, a WebSocket carries the origin of its page"
        }
        Kind::UpperCase if corrected => "browsers send origins in lower case",
        Kind::UpperCase => "browsers send \"null\" in lower case",
        Kind::Path => "an origin has no path",
        Kind::Userinfo => "an origin has no user name or password",
        Kind::DefaultPort => "browsers leave out the default port",
        Kind::MalformedPort if corrected => "browsers do not send a port like this",
        Kind::MalformedPort => "this is not a port; write 1 to 65535, or \"*\" for any",
        Kind::InternationalHost => {
            "browsers send this host as punycode; copy it from the Origin header of a request"
        }
        Kind::NonCanonicalAddress if corrected => "browsers send this address in another form",
        Kind::NonCanonicalAddress => {
            "browsers do not send an IP address like this; write four plain decimal numbers, or copy the Origin header of a request"
        }
        Kind::AddressRange => {
            "a range of addresses cannot be listed; list the origins, or decide with allow_origin_if"
        }
        Kind::MalformedHost => {
            "this is not a host; write a domain or an IP address of at most 254 bytes"
        }
        Kind::EmptyLabel => "a domain has no empty label",
        Kind::UnbracketedAddress => {
            "an IPv6 address stands in brackets, as in \"http://[::1]:3000\""
        }
        Kind::MisplacedWildcard if corrected => "\"*\" stands for whole labels or for the port",
        Kind::MisplacedWildcard => {
            return misplaced_wildcard(diagnostic.value().unwrap_or_default());
        }
        Kind::OtherOriginSetting if setting == Setting::AllowOrigins => {
            "this is a regular expression; pass it to allow_origin_regex"
        }
        Kind::OtherOriginSetting if diagnostic.value() == Some("*") => {
            "this is a wildcard, not a regular expression; write allow_origins([\"*\"])"
        }
        Kind::OtherOriginSetting => {
            "this is a wildcard, not a regular expression; write allow_origins([\"https://*.example.com\"])"
        }
        Kind::RegexWithoutFeature => {
            "regular expressions need the feature `regex` of tower-cors; enable it in Cargo.toml, or use a pattern such as \"https://*.example.com\" in allow_origins"
        }
        Kind::UncommonRegex => detail,
        Kind::LargeRegex => "this expression is too large; write smaller repetitions",
        Kind::MatchesNothing => {
            "this matches no origin that a browser could send; an origin is a scheme, \"://\", a host in lower case and a port that is not the default"
        }
        Kind::InsecureOrigin => {
            "this page is not encrypted; who can change it on the network could send requests as your logged-in user; serve it over https"
        }
        Kind::LocalPages => {
            "this matches every file or extension that a user opens, not only yours; list the exact origin if there is one"
        }
        Kind::OpenNetwork => {
            "this matches any machine of a private network; who controls one could send requests as your logged-in user; list the hosts that are meant"
        }
        Kind::NoOrigins => "no origin is allowed, so every preflight is refused",
        Kind::BesideAny if setting == Setting::AllowOrigins => {
            "\"*\" allows every origin, and what stands beside it has no effect; if you meant to restrict the origins, leave out \"*\""
        }
        Kind::BesideAny => "\"*\" matches everything, and what stands beside it has no effect",
        Kind::MalformedName if corrected => "this is not a name",
        Kind::MalformedName if setting == Setting::AllowMethods => {
            "this is not the name of a method"
        }
        Kind::MalformedName => "this is not the name of a header",
        Kind::LetterCase => "methods are case-sensitive",
        Kind::ProbableTypo if setting == Setting::AllowOrigins => {
            "no browser knows this scheme; a typo?"
        }
        Kind::ProbableTypo => "this name is allowed as it is; a typo?",
        Kind::ForbiddenMethod => "no browser lets a script send this method",
        Kind::ForbiddenRequestHeader => "no browser lets a script set this header",
        Kind::OtherDirection if setting == Setting::AllowHeaders => {
            "only responses have this header; allow_headers lists request headers, expose_headers lists response headers"
        }
        Kind::OtherDirection => {
            "only requests have this header; expose_headers lists response headers, allow_headers lists request headers"
        }
        Kind::AlwaysExposed => "every script can read this header without it",
        Kind::NeverReadable => "no script can ever read this header",
        Kind::ExposedWildcard => {
            "with credentials browsers read \"*\" as a header called \"*\"; list the names"
        }
        Kind::FractionalMaxAge => "the header holds whole seconds",
        Kind::LongMaxAge => {
            "browsers keep a preflight for less: Firefox for 86400 seconds, Chromium for 7200, Safari for 600"
        }
        Kind::PreflightStatus => {
            "browsers refuse every preflight whose status is not 200 to 299; write 200 or 204"
        }
        Kind::Conflict => conflict(diagnostic.detail()),
        Kind::BesideMirror => "mirror_methods allows every method, and the list has no effect",
        Kind::NothingToEnforce => "every origin is allowed, so nothing is refused",
        Kind::NoHosts => {
            "a page under a DNS name that its owner rebinds to this server sends the same GET as your own; list the hosts of this server with allow_hosts"
        }
        Kind::NotAHost => {
            "a host has no scheme and no path, and without a port it matches every port"
        }
        Kind::OnlyGet => {
            "GET is the only method, but a POST with a JSON body asks for leave first and would be refused; list POST too if pages send it"
        }
    };
    text.to_owned()
}

fn several(diagnostic: &Diagnostic) -> String {
    let items = match diagnostic.detail() {
        Detail::Items(items) => items.as_slice(),
        _ => &[],
    };
    let list: Vec<_> = items.iter().take(8).map(|item| format!("{item:?}")).collect();
    let more = if items.len() > 8 { ", …" } else { "" };
    format!(
        "these are several items in one text; pass each as a separate item: [{}{more}]; in a variable: separate them by commas",
        list.join(", ")
    )
}

fn misplaced_wildcard(value: &str) -> String {
    match value.split_once("://") {
        Some(("*", "*")) => {
            "\"*\" cannot stand for a whole host; write \"*\" for any origin".to_owned()
        }
        Some((scheme, "*")) if !matches!(scheme, "http" | "https") => format!(
            "\"*\" cannot stand for a whole host; list the exact origin, or match any with allow_origin_regex(\"{scheme}://.+\")"
        ),
        Some((scheme, "*")) => format!(
            "\"*\" cannot stand for a whole host; write \"*\" for any origin, \"{scheme}://*.example.com\" for the subdomains of a domain"
        ),
        _ => "\"*\" stands for whole labels before a domain, as in \"https://*.example.com\", for the port, as in \"http://localhost:*\", or alone for any origin; other shapes are for allow_origin_regex or allow_origin_if".to_owned(),
    }
}

fn conflict(detail: &Detail) -> &'static str {
    match detail {
        Detail::Setting(Setting::AllowOrigins) => {
            "the answers are the same for everybody only if any origin is allowed; write allow_origins(Any), or drop constant_wildcard(true)"
        }
        Detail::Setting(Setting::AllowCredentials) => {
            "with credentials the answers name the origin; drop allow_credentials(true), or constant_wildcard(true)"
        }
        _ => "with enforce_origin the answers depend on the origin; drop one of the two",
    }
}

// What `explain` says.

pub(crate) const LISTED: &str = "it is listed";
pub(crate) const NOT_LISTED: &str = "it is not listed";
pub(crate) const NO_ORIGIN_LISTED: &str = "no origin is listed";
pub(crate) const ANY_ORIGIN: &str = "any origin is allowed";
pub(crate) const ANY_METHOD: &str = "any method is allowed";
pub(crate) const ANY_HEADER: &str = "any header is allowed";
pub(crate) const COMPUTED: &str = "a regular expression or predicate matches it";
pub(crate) const SEVERAL_ORIGINS: &str = "it comes in several lines, which no browser sends";
pub(crate) const MALFORMED_ORIGIN: &str = "no browser sends an origin like this";
pub(crate) const NULL: &str =
    "pages of sandboxed frames are null, and any website can make itself null";
pub(crate) const NO_METHOD: &str = "it is not the name of a method";
pub(crate) const ON: &str = "it is switched on";
pub(crate) const OFF: &str = "it is switched off";
pub(crate) const CREDENTIALS_AND_ANY: &str = "any origin is allowed, and browsers accept no cookies with that; list the origins, then switch credentials on";
pub(crate) const APEX: &str = "it matches the subdomains, not the domain itself";
pub(crate) const AS_SENT: &str = "that is how a browser would send it";
pub(crate) const OTHER_PORT: &str = "only the port differs";
pub(crate) const OTHER_SCHEME: &str = "only the scheme differs";
pub(crate) const HAS_PORT: &str = "it has no port";
pub(crate) const OTHER_SCHEME_AND_PORT: &str = "the scheme differs, and it has no port";
pub(crate) const WWW: &str = "only \"www.\" differs";
pub(crate) const LOOPBACK: &str = "the same machine, but another origin to a browser";
pub(crate) const TYPO: &str = "a typo?";
pub(crate) const TUNNEL: &str = "CONNECT: the response is a tunnel's and leaves as it came";
pub(crate) const NO_PREFLIGHT: &str =
    "this OPTIONS is not a preflight, which has Origin and Access-Control-Request-Method";
pub(crate) const NO_ORIGIN: &str =
    "the server handles the request; no page of another origin asked, so nothing is granted";
pub(crate) const SAME_ORIGIN: &str =
    "the server handles the request; it comes from this very host, whose pages need no CORS";
pub(crate) const READABLE: &str =
    "the server handles the request, and its page may read the response";
pub(crate) const WITHHELD: &str = "the server still handles the request (CORS is not access control), but the browser hides the response: the console says that Access-Control-Allow-Origin is missing";
pub(crate) const WITHHELD_CREDENTIALS: &str = "the server still handles the request, but the browser hides the response: the console says that Access-Control-Allow-Credentials is not \"true\", or that \"*\" cannot be used with credentials";
pub(crate) const FORBIDDEN: &str = "enforce_origin answers 403 \"Disallowed CORS origin\", and the server does not handle the request";
pub(crate) const REPORTED: &str =
    "enforce_origin would refuse it; report_only lets it pass and reports it";
pub(crate) const HOST: &str = "the request is for a host that allow_hosts does not list";
pub(crate) const HOST_REFUSED: &str =
    "allow_hosts answers 400 \"Invalid host header\", and the server does not handle the request";
pub(crate) const NO_CREDENTIALS: &str = "this is without cookies: credentials are off";
pub(crate) const CUT: &str =
    "more was asked than is shown: 8 names, those that are refused first, of at most 8 KiB";

pub(crate) fn may_send(origin: &str, method: &str, yes: bool) -> String {
    format!("a preflight of {origin}: may its page send {method}? {}", yes_or_no(yes))
}

pub(crate) fn may_read(method: &str, origin: &str, yes: bool) -> String {
    format!("{method} of {origin}: may its page read the response? {}", yes_or_no(yes))
}

fn yes_or_no(yes: bool) -> &'static str {
    if yes { "yes" } else { "no" }
}

pub(crate) fn nothing_to_decide(method: &str) -> String {
    format!("{method} without Origin: nothing to decide")
}

pub(crate) fn matched_by(pattern: &impl fmt::Display) -> String {
    format!("\"{pattern}\" matches it")
}

pub(crate) fn nearest(nearest: &str, difference: &str) -> String {
    format!("the nearest allowed is \"{nearest}\": {difference}")
}

pub(crate) fn nearest_name(nearest: &str) -> String {
    format!("the nearest allowed is \"{nearest}\"")
}

pub(crate) fn letter_case(meant: &str) -> String {
    format!("methods are case-sensitive: let the page send \"{meant}\"")
}

pub(crate) fn methods_listed(listed: &str) -> String {
    if listed.is_empty() {
        "no method is listed".to_owned()
    } else {
        format!("the list is {listed}")
    }
}

pub(crate) fn answered_ok(status: u16, method: &str, is_sent: bool) -> String {
    if is_sent {
        format!("the layer answers {status}, and the browser sends the {method}")
    } else {
        format!("the layer answers {status}, but the browser does not send the {method}")
    }
}

pub(crate) fn answered_refusal(status: u16, refusal: &str) -> String {
    format!("the layer answers {status} \"{refusal}\"")
}

pub(crate) fn not_sent(method: &str) -> String {
    format!("the browser does not send the {method}, and its page sees a network error")
}

/// What a browser's console says to a refused preflight.
pub(crate) fn console(origin: bool, is_ok: bool) -> &'static str {
    if origin {
        "the console says that Access-Control-Allow-Origin is missing, or that the status is not ok"
    } else if is_ok {
        "the console names the cause"
    } else {
        "the console says only that the status is not ok; browser_diagnostics(true) lets it name a method or header"
    }
}

pub(crate) fn builder_call(setting: Setting, kept: &[String], item: &str) -> String {
    format!(".{setting}([{}])", items(kept, item))
}

/// The line of a TOML file; of a long list only what to add.
pub(crate) fn config_line(setting: Setting, kept: &[String], item: &str) -> String {
    if kept.len() > 8 {
        format!("add {item:?} to {setting}")
    } else {
        format!("{setting} = [{}]", items(kept, item))
    }
}

fn items(kept: &[String], item: &str) -> String {
    let all = kept.iter().map(String::as_str).chain([item]);
    all.map(|item| format!("{item:?}")).collect::<Vec<_>>().join(", ")
}
