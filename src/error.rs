//! `ConfigError`: every fault of a configuration at once; `Fault`: one of them.

use std::{error::Error, fmt, time::Duration};

use crate::risk::RiskReport;

/// Why settings do not make a policy: all faults, in the order of the settings, dangers last.
///
/// Prints one fault a line, each with the builder call, the value and the fix.
///
/// ```
/// use tower_cors::CorsLayer;
///
/// let error = CorsLayer::new()
///     .allow_origins(["https://example.com/"])
///     .allow_methods(["get"])
///     .build()
///     .unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "the CORS configuration has 2 faults:\n\
///      - allow_origins(\"https://example.com/\"): an origin has no path; write \"https://example.com\"\n\
///      - allow_methods(\"get\"): methods are case-sensitive; write \"GET\""
/// );
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigError {
    /// Invariant: never empty; [`ConfigError::unless_empty`] is the only way to make one.
    faults: Vec<Fault>,
}

impl ConfigError {
    pub(crate) fn unless_empty(faults: Vec<Fault>) -> Result<(), Self> {
        if faults.is_empty() { Ok(()) } else { Err(Self { faults }) }
    }

    /// The faults, at least one.
    #[must_use]
    pub fn faults(&self) -> &[Fault] {
        &self.faults
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.faults.len() {
            1 => f.write_str("the CORS configuration has a fault:")?,
            count => write!(f, "the CORS configuration has {count} faults:")?,
        }
        self.faults.iter().try_for_each(|fault| write!(f, "\n- {fault}"))
    }
}

impl Error for ConfigError {}

/// One thing in a configuration that cannot work, or that is dangerous and not tolerated.
///
/// Prints as `call("value"): what is wrong; what to write`. The parts are there for programs, such
/// as a settings page that has words of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// An item of `allow_origins` that no browser would send.
    Origin {
        /// The item as given.
        origin: String,
        /// What is wrong with it; where several things are, the first.
        problem: OriginProblem,
        /// The item with everything corrected, where that is clear.
        write: Option<String>,
    },
    /// `allow_origin_regex` in a build without the feature `regex`.
    RegexWithoutFeature {
        /// The regular expression.
        regex: String,
    },
    /// A regular expression that does not compile.
    MalformedRegex {
        /// The regular expression.
        regex: String,
        /// What is wrong, and the Rust way where only Python knows the spelling.
        problem: String,
    },
    /// A regular expression that Python and Rust both take and read differently.
    AmbiguousRegex {
        /// The regular expression.
        regex: String,
        /// The part of it that is read differently.
        part: String,
        /// How each of the two reads it, and what to write.
        problem: &'static str,
    },
    /// An item of `allow_methods` that is no method as browsers send it.
    Method {
        /// The item as given.
        method: String,
        /// What is wrong with it.
        problem: NameProblem,
        /// The corrected spelling, where that is clear.
        write: Option<String>,
    },
    /// An item of `allow_headers` or `expose_headers` that is no header name.
    HeaderName {
        /// `allow_headers` or `expose_headers`.
        setting: &'static str,
        /// The item as given.
        name: String,
        /// What is wrong with it.
        problem: NameProblem,
        /// The corrected spelling, where that is clear.
        write: Option<String>,
    },
    /// `set-cookie` or `set-cookie2` in `expose_headers`: no script can ever read them.
    UnreadableHeader {
        /// The name as given.
        name: String,
    },
    /// `*` in `expose_headers` with credentials, where it is a header called `*`.
    ExposedWildcardWithCredentials,
    /// A `max_age` with a fraction of a second, which the header cannot say.
    FractionalMaxAge {
        /// The duration as given.
        max_age: Duration,
    },
    /// A `preflight_status` outside 200 to 299, which fails every preflight.
    PreflightStatus {
        /// The status as given.
        status: u16,
    },
    /// `constant_wildcard` with settings that make answers differ from request to request.
    ConstantWildcard {
        /// The setting in its way.
        setting: &'static str,
    },
    /// A danger that is not tolerated.
    Risk(RiskReport),
}

/// What is wrong with an item of `allow_origins`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum OriginProblem {
    /// An empty text.
    Empty,
    /// White space around it.
    WhiteSpace,
    /// Several origins in one item.
    Several,
    /// No `scheme://` in front.
    NoScheme,
    /// A scheme that is none, or is longer than 64 bytes.
    MalformedScheme,
    /// `file`, `data`, `javascript`, `blob` or `about`: their pages send `Origin: null`.
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
    /// A host that is empty, too long, or has characters that no host has.
    MalformedHost,
    /// A `*` that is neither all of the first labels nor the port.
    MisplacedWildcard,
    /// A domain with an empty label: a leading dot, or two dots in a row.
    EmptyLabel,
    /// An IPv6 address without its brackets.
    UnbracketedAddress,
    /// Quotes around it, as files of environment variables have them.
    Quotes,
    /// A regular expression, which is for `allow_origin_regex`.
    RegularExpression,
}

/// What is wrong with a method or header name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum NameProblem {
    /// An empty text.
    Empty,
    /// Quotes around it, as files of environment variables have them.
    Quotes,
    /// Not a token (RFC 9110, section 5.6.2); one such name makes browsers refuse every preflight.
    NotAToken,
    /// Several names in one item.
    Several,
    /// A method in other letter case than browsers send it.
    LetterCase,
}

impl Fault {
    /// The builder call, which is also the key in a configuration file: `allow_origins`, ...
    #[must_use]
    pub fn setting(&self) -> &'static str {
        match self {
            Self::Origin { .. } => "allow_origins",
            Self::RegexWithoutFeature { .. }
            | Self::MalformedRegex { .. }
            | Self::AmbiguousRegex { .. } => "allow_origin_regex",
            Self::Method { .. } => "allow_methods",
            Self::HeaderName { setting, .. } => setting,
            Self::UnreadableHeader { .. } | Self::ExposedWildcardWithCredentials => {
                "expose_headers"
            }
            Self::FractionalMaxAge { .. } => "max_age",
            Self::PreflightStatus { .. } => "preflight_status",
            Self::ConstantWildcard { .. } => "constant_wildcard",
            Self::Risk(report) => report.setting(),
        }
    }

    /// The value as given, where it is a text.
    #[must_use]
    pub fn value(&self) -> Option<&str> {
        match self {
            Self::Origin { origin: value, .. }
            | Self::RegexWithoutFeature { regex: value }
            | Self::MalformedRegex { regex: value, .. }
            | Self::AmbiguousRegex { regex: value, .. }
            | Self::Method { method: value, .. }
            | Self::HeaderName { name: value, .. }
            | Self::UnreadableHeader { name: value } => Some(value),
            Self::ExposedWildcardWithCredentials => Some("*"),
            Self::Risk(report) => report.value(),
            Self::FractionalMaxAge { .. }
            | Self::PreflightStatus { .. }
            | Self::ConstantWildcard { .. } => None,
        }
    }

    /// The corrected spelling of the value, where that is clear.
    #[must_use]
    pub fn write(&self) -> Option<&str> {
        match self {
            Self::Origin { write, .. }
            | Self::Method { write, .. }
            | Self::HeaderName { write, .. } => write.as_deref(),
            Self::Risk(report) => report.write(),
            _ => None,
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A risk names two calls, so it prints its own beginning.
        if let Self::Risk(report) = self {
            return write!(f, "{report}");
        }
        f.write_str(self.setting())?;
        if let Some(value) = self.value() {
            write!(f, "({})", literal(self.setting(), value))?;
        }
        match self {
            Self::Origin { problem, write, .. } => write!(f, ": {}", problem.text(write.is_some())),
            Self::RegexWithoutFeature { .. } => f.write_str(
                ": this build has no regular expressions; turn on the feature \"regex\" of tower-cors",
            ),
            Self::MalformedRegex { problem, .. } => write!(f, ": {problem}"),
            Self::AmbiguousRegex { part, problem, .. } => {
                write!(f, ": Python and Rust read {part:?} differently: {problem}")
            }
            Self::Method { problem, .. } => f.write_str(match problem {
                NameProblem::Empty => ": an empty text is no method name; remove it",
                NameProblem::Quotes => ": a method name has no quotes",
                NameProblem::NotAToken => ": not a method name",
                NameProblem::Several => ": not a method name; give each method as its own item",
                NameProblem::LetterCase => ": methods are case-sensitive",
            }),
            Self::HeaderName { problem, .. } => f.write_str(match problem {
                NameProblem::Empty => ": an empty text is no header name; remove it",
                NameProblem::Quotes => ": a header name has no quotes",
                NameProblem::Several => ": not a header name; give each name as its own item",
                NameProblem::NotAToken | NameProblem::LetterCase => ": not a header name",
            }),
            Self::UnreadableHeader { .. } => {
                f.write_str(": no script can read this header; remove it")
            }
            Self::ExposedWildcardWithCredentials => f.write_str(
                " with allow_credentials(true): \"*\" exposes nothing with credentials; list the names",
            ),
            Self::FractionalMaxAge { max_age } => write!(
                f,
                "({max_age:?}): the header says whole seconds; write Duration::from_secs({})",
                max_age.as_secs().saturating_add(1)
            ),
            Self::PreflightStatus { status } => write!(
                f,
                "({status}): browsers refuse every preflight whose status is not 200 to 299; write 200 or 204"
            ),
            Self::ConstantWildcard { setting } => write!(
                f,
                "(true): {}",
                match *setting {
                    "allow_origins" => {
                        "the answers are constant only for any origin; write allow_origins(Any), or drop constant_wildcard(true)"
                    }
                    "allow_credentials" => {
                        "with credentials the answers name the origin; drop allow_credentials(true), or constant_wildcard(true)"
                    }
                    _ => "with enforce_origin the answers depend on the origin; drop one of the two",
                }
            ),
            Self::Risk(_) => Ok(()),
        }?;
        match self.write() {
            Some(write) => write!(f, "; write {}", literal(self.setting(), write)),
            None => Ok(()),
        }
    }
}

impl Error for Fault {}

/// A value as one would write it in Rust: expressions raw, since that is what a person pastes.
pub(crate) fn literal(setting: &str, value: &str) -> String {
    let is_raw = setting == "allow_origin_regex"
        && value.contains('\\')
        && !value.contains('"')
        && !value.contains(char::is_control);
    if is_raw { format!("r\"{value}\"") } else { format!("{value:?}") }
}

impl OriginProblem {
    /// What is wrong, and how to mend it where no corrected spelling follows.
    fn text(self, corrected: bool) -> &'static str {
        match (self, corrected) {
            (Self::Empty, _) => {
                "an empty text is no origin; write one such as \"https://example.com\""
            }
            (Self::WhiteSpace, _) => "an origin has no white space",
            (Self::Several, _) => "not one origin; give each origin as its own item",
            (Self::NoScheme, true) => "an origin starts with its scheme",
            (Self::NoScheme, false) => {
                "an origin starts with its scheme; write one such as \"https://example.com\""
            }
            (Self::MalformedScheme, _) => {
                "not a scheme; write \"https://\", \"http://\" or another of lower-case letters, digits, \"+\", \"-\", \".\""
            }
            (Self::SchemeWithoutOrigin, _) => {
                "pages of this scheme have no origin of their own, browsers send \"null\" for them; serve the page over http"
            }
            (Self::UpperCase, _) => "browsers send origins in lower case",
            (Self::Path, _) => "an origin has no path",
            (Self::Userinfo, _) => "an origin has no user name or password",
            (Self::DefaultPort, _) => "browsers leave out the default port",
            (Self::MalformedPort, true) => "not a port as browsers send it",
            (Self::MalformedPort, false) => "not a port; write 1 to 65535, or \"*\" for any",
            (Self::InternationalHost, true) => "browsers send this host as punycode",
            (Self::InternationalHost, false) => {
                "browsers send this host as punycode; copy it from the Origin header of a request"
            }
            (Self::NonCanonicalAddress, true) => "browsers send this address in another form",
            (Self::NonCanonicalAddress, false) => "not an IP address that a browser could send",
            (Self::MalformedHost, _) => {
                "not a host; write a domain or an IP address of at most 254 bytes"
            }
            (Self::EmptyLabel, _) => "a domain has no empty label",
            (Self::UnbracketedAddress, _) => {
                "an IPv6 address stands in brackets, as in \"http://[::1]:3000\""
            }
            (Self::Quotes, _) => "an origin has no quotes",
            (Self::RegularExpression, _) => "a regular expression; give it to allow_origin_regex",
            (Self::MisplacedWildcard, true) => "\"*\" stands for whole labels or for the port",
            (Self::MisplacedWildcard, false) => {
                "\"*\" stands for whole labels before a domain, as in \"https://*.example.com\", for the port, as in \"http://localhost:*\", or alone for any origin; other shapes are for allow_origin_regex or allow_origin_if"
            }
        }
    }
}
