//! What is said of a configuration: what is wrong first, then what to write.

use std::fmt;

use super::{
    danger_text::risk,
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

/// `setting("value"): what is wrong; what to write`.
impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_diagnostic(self, f)
    }
}

fn write_diagnostic(diagnostic: &Diagnostic, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let setting = diagnostic.setting();
    if let Some(index) = diagnostic.policy() {
        write!(f, "policy {}: ", index + 1)?;
    }
    f.write_str(setting.name())?;
    match diagnostic.value() {
        Some(value) if is_literal(setting) => write!(f, "({value})")?,
        Some(value) => write!(f, "({})", literal(setting, value))?,
        None if setting == Setting::AllowOriginIf => f.write_str("(<fn>)")?,
        None => {}
    }
    f.write_str(": ")?;
    f.write_str(&sentence(diagnostic))?;
    match diagnostic.suggestion() {
        Some(suggestion) if is_literal(setting) => write!(f, "; write {suggestion}"),
        Some(suggestion) => write!(f, "; write {}", literal(setting, suggestion)),
        None => Ok(()),
    }
}

/// Whether values of a setting are no texts.
fn is_literal(setting: Setting) -> bool {
    matches!(
        setting,
        Setting::MaxAge
            | Setting::PreflightStatus
            | Setting::ConstantWildcard
            | Setting::EnforceOrigin
            | Setting::ReportOnly
    )
}

/// A value as one would write it in Rust: expressions raw, since that is what a person pastes.
pub(crate) fn literal(setting: Setting, value: &str) -> String {
    let is_raw = setting == Setting::AllowOriginRegex
        && value.contains('\\')
        && !value.contains('"')
        && !value.contains(char::is_control);
    if is_raw { format!("r\"{value}\"") } else { format!("{value:?}") }
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
        Kind::AnyOrigin | Kind::NullOrigin => detail,
        Kind::Several => return several(diagnostic),
        Kind::Quotes
            if corrected && !diagnostic.value().unwrap_or_default().contains(['"', '\'', '`']) =>
        {
            "the brackets or other characters around it are part of the text"
        }
        Kind::Quotes if corrected => "the quotes are part of the text",
        Kind::Quotes => "the quotes are part of the text; leave them out",
        Kind::Placeholder => "this is a placeholder that was not filled in; check the variable",
        Kind::Word if setting == Setting::AllowHosts => {
            "this word is not a host; list the hosts of this server, or leave the list empty to accept every host"
        }
        Kind::Word if corrected => "this word is not an origin",
        Kind::Word => {
            "this word is not an origin; leave the list empty to allow none; pages of your own origin need no CORS"
        }
        Kind::EmptyItem => "an empty item, such as an empty variable, is ignored",
        Kind::Blanks => "the blanks around it are ignored",
        Kind::Duplicate => "it is listed twice",
        Kind::NoScheme if corrected => "an origin starts with its scheme",
        Kind::NoScheme => {
            "an origin starts with its scheme; write one such as \"https://example.com\""
        }
        Kind::MalformedScheme if corrected => "an origin has one scheme",
        Kind::MalformedScheme => {
            "this is not a scheme; write \"https://\", \"http://\" or another of lower-case letters, digits, \"+\", \"-\", \".\""
        }
        Kind::SchemeWithoutOrigin => {
            "pages of this scheme have no origin of their own, and browsers send \"null\" or \"file://\" for them; serve the page over http"
        }
        Kind::NoPageScheme => {
            "no page has an origin of this scheme; a WebSocket carries the origin of its page"
        }
        Kind::UpperCase if corrected => "browsers send origins in lower case",
        Kind::UpperCase => "browsers send \"null\" in lower case",
        Kind::Path if setting == Setting::AllowHosts => "a host has no path",
        Kind::Path => "an origin has no path",
        Kind::Userinfo if setting == Setting::AllowHosts => "a host has no user name or password",
        Kind::Userinfo => "an origin has no user name or password",
        Kind::DefaultPort => "browsers leave out the default port",
        Kind::MalformedPort if corrected => "browsers do not send a port like this",
        Kind::MalformedPort if setting == Setting::AllowHosts => {
            "this is not a port; write 1 to 65535, or leave it out for any port"
        }
        Kind::MalformedPort => "this is not a port; write 1 to 65535, or \"*\" for any",
        Kind::InternationalHost if setting == Setting::AllowHosts => {
            "browsers send this host as punycode; copy it from the Host header of a request"
        }
        Kind::InternationalHost => {
            "browsers send this host as punycode; copy it from the Origin header of a request"
        }
        Kind::NonCanonicalAddress if corrected => "browsers write this address in another form",
        Kind::NonCanonicalAddress if setting == Setting::AllowHosts => {
            "browsers do not send an IP address like this; write four plain decimal numbers, or copy the Host header of a request"
        }
        Kind::NonCanonicalAddress => {
            "browsers do not send an IP address like this; write four plain decimal numbers, or copy the Origin header of a request"
        }
        Kind::AddressRange if setting == Setting::AllowHosts => {
            "a range of addresses cannot be listed; list each host"
        }
        Kind::AddressRange => {
            "a range of addresses cannot be listed; list the origins, or decide with allow_origin_if"
        }
        Kind::MalformedHost => {
            "this is not a host; write a domain or an IP address of at most 254 bytes"
        }
        Kind::EmptyLabel => "a domain cannot have an empty label",
        Kind::UnbracketedAddress if setting == Setting::AllowHosts => {
            "write an IPv6 address in brackets, as in \"[::1]:3000\""
        }
        Kind::UnbracketedAddress => {
            "write an IPv6 address in brackets, as in \"http://[::1]:3000\""
        }
        Kind::MisplacedWildcard if setting == Setting::AllowHeaders && corrected => {
            "write \"*\" alone to allow any header"
        }
        Kind::MisplacedWildcard if setting == Setting::AllowHeaders => {
            "write \"*\" alone for any header, or a prefix of at least two characters followed by \"-*\", as in \"x-amz-meta-*\"; list other names in full"
        }
        Kind::MisplacedWildcard if setting == Setting::ExposeHeaders && corrected => {
            "write \"*\" alone to expose all headers"
        }
        Kind::MisplacedWildcard if setting == Setting::ExposeHeaders => {
            "browsers do not support prefixes here; list the names in full, or write \"*\" for all of them"
        }
        Kind::MisplacedWildcard if setting == Setting::AllowHosts && corrected => {
            "\"*\" can replace whole labels before a domain"
        }
        Kind::MisplacedWildcard if setting == Setting::AllowHosts => {
            "\"*\" can replace whole labels before a domain, as in \"*.example.com\"; \"*\" alone allows any host; list other hosts in full"
        }
        Kind::MisplacedWildcard if corrected => "\"*\" can replace whole labels or the port",
        Kind::MisplacedWildcard => {
            return misplaced_wildcard(diagnostic.value().unwrap_or_default());
        }
        Kind::OtherOriginSetting if setting == Setting::AllowOrigins => {
            "this is a regular expression; pass it to allow_origin_regex"
        }
        Kind::OtherOriginSetting => {
            let pattern = if detail.is_empty() { "https://*.example.com" } else { detail };
            return format!(
                "this is a wildcard, not a regular expression; write allow_origins([{pattern:?}])"
            );
        }
        Kind::RegexWithoutFeature => {
            "regular expressions need the feature `regex` of tower-cors; enable it in Cargo.toml, or use a pattern such as \"https://*.example.com\" in allow_origins"
        }
        Kind::UncommonRegex => detail,
        Kind::LargeRegex => "this expression is too large; write smaller repetitions",
        Kind::MatchesNothing if corrected => "this matches no origin that a browser could send",
        Kind::MatchesNothing => {
            "this matches no origin that a browser could send; an origin is a scheme, \"://\", a host in lower case and a port that is not the default"
        }
        Kind::InsecureOrigin => {
            "this page is not encrypted; anyone who can change it on the network could send requests as your logged-in user; serve it over https"
        }
        Kind::LocalPages => {
            "this matches every file or extension that a user opens, not only yours; list the exact origin if there is one"
        }
        Kind::OpenNetwork => {
            return format!(
                "it matches {detail}, a machine of a private network; anyone who controls such a machine could send requests as your logged-in user; list the exact hosts"
            );
        }
        Kind::NoOrigins => "no origin is allowed, so every preflight is refused",
        Kind::BesideAny if setting == Setting::AllowOrigins => {
            "\"*\" allows every origin, so the other items have no effect; if you meant to restrict the origins, leave out \"*\""
        }
        Kind::BesideAny => "\"*\" matches everything, so the other items have no effect",
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
        Kind::AlwaysExposed => "every script can read this header anyway",
        Kind::NeverReadable => "no script can ever read this header",
        Kind::FractionalMaxAge => "the header has whole seconds only",
        Kind::LongMaxAge => {
            "browsers keep a preflight for a shorter time: Firefox for at most 86400 seconds, Chromium for 7200, Safari for 600"
        }
        Kind::PreflightStatus => {
            "browsers refuse every preflight whose status is not 200 to 299; write 200 or 204"
        }
        Kind::Conflict => conflict(diagnostic.detail()),
        Kind::BesideMirror => "mirror_methods allows every method, so the list has no effect",
        Kind::NothingToEnforce => "every origin is allowed, so nothing is refused",
        Kind::NoHosts => {
            "with DNS rebinding, an attacker's page can send the same GET requests as your own pages; list the hosts of this server with allow_hosts"
        }
        Kind::NotAHost => {
            "a host has no scheme and no path, and without a port it matches every port"
        }
        Kind::OtherGuard => return other_guard(setting, detail),
        Kind::NoPolicy => "the list of policies is empty; list at least one",
        Kind::OnlyGet => {
            "GET is the only allowed method; browsers send a preflight before a POST with a JSON body, and it would be refused; list POST too if pages send it"
        }
    };
    text.to_owned()
}

fn other_guard(setting: Setting, expected: &str) -> String {
    let expected = match setting {
        Setting::AllowHosts if expected.is_empty() => "no list".to_owned(),
        Setting::AllowHosts => format!("{expected:?}"),
        _ => expected.to_owned(),
    };
    format!(
        "policy 1 has {expected} here; a page must not be able to choose a weaker check by its origin; give all policies the same {setting}"
    )
}

fn several(diagnostic: &Diagnostic) -> String {
    let items = match diagnostic.detail() {
        Detail::Items(items) => items.as_slice(),
        _ => &[],
    };
    let list: Vec<_> = items.iter().take(8).map(|item| format!("{item:?}")).collect();
    let more = if items.len() > 8 { ", …" } else { "" };
    let list = match list.join(", ") {
        // One of them cannot be corrected.
        list if list.is_empty() => list,
        list => format!(": [{list}{more}]"),
    };
    format!(
        "this text has several items; pass each as a separate item{list}; in a variable: separate them by commas"
    )
}

fn misplaced_wildcard(value: &str) -> String {
    let value = value.to_ascii_lowercase();
    match value.split_once("://") {
        Some(("*", "*")) => {
            "\"*\" cannot stand for a whole host; write \"*\" for any origin".to_owned()
        }
        Some((scheme @ ("http" | "https"), "*")) => format!(
            "\"*\" cannot stand for a whole host; write \"*\" for any origin, \"{scheme}://*.example.com\" for the subdomains of a domain"
        ),
        // In an expression the scheme must stand for itself, and pages must have one of it.
        Some((scheme, "*"))
            if !matches!(scheme, "ws" | "wss" | "ftp") && !scheme.contains(['+', '.']) =>
        {
            format!(
                "\"*\" cannot stand for a whole host; list the exact origin, or match any with allow_origin_regex(\"{scheme}://.+\")"
            )
        }
        _ => "\"*\" can replace whole labels before a domain, as in \"https://*.example.com\", or the port, as in \"http://localhost:*\"; \"*\" alone allows any origin; for other shapes use allow_origin_regex or allow_origin_if".to_owned(),
    }
}

fn conflict(detail: &Detail) -> &'static str {
    match detail {
        Detail::Setting(Setting::AllowOrigins) => {
            "the answers can only be constant if any origin is allowed; write allow_origins(Any), or drop constant_wildcard(true)"
        }
        Detail::Setting(Setting::AllowCredentials) => {
            "with credentials the answers depend on the origin; drop allow_credentials(true), or constant_wildcard(true)"
        }
        _ => "with enforce_origin the answers depend on the origin; drop one of the two",
    }
}
