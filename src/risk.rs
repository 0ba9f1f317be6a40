//! Risk: each danger of a CORS policy that one may knowingly accept, and how it was found.

use std::fmt;

use crate::error::literal;

/// A danger that [`CorsLayer::tolerate`](crate::CorsLayer::tolerate) accepts.
///
/// All of them need `allow_credentials(true)`: without it a response that any site may read holds
/// nothing that the site could not have fetched by itself. The first three are errors of
/// [`build`](crate::CorsLayer::build) unless tolerated; the last two are only reported, by
/// [`CorsPolicy::risks`](crate::CorsPolicy::risks) and, with the feature `tracing`, by an event.
///
/// Source: Fetch, "CORS protocol and credentials" ("both sharing responses and allowing requests
/// with credentials is rather unsafe").
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Risk {
    /// `*`, or a regex or predicate that takes origins nobody owns: any site can act as its visitor.
    AnyOriginWithCredentials,
    /// `null`, listed or taken by a regex or predicate: any site can make itself `null` with a
    /// sandboxed frame.
    NullOriginWithCredentials,
    /// A wildcard over a public suffix (`https://*.com`): anybody can register a name that it takes.
    PublicSuffixWithCredentials,
    /// An `http://` origin that is not loopback: whoever sits on its network can act as its visitor.
    InsecureOriginWithCredentials,
    /// A regex that takes more than it seems to: an unescaped `.` in a host, or an unbounded
    /// repetition directly before one.
    LooseRegexWithCredentials,
}

impl Risk {
    /// Every risk, in the order of declaration.
    pub(crate) const ALL: [Self; 5] = [
        Self::AnyOriginWithCredentials,
        Self::NullOriginWithCredentials,
        Self::PublicSuffixWithCredentials,
        Self::InsecureOriginWithCredentials,
        Self::LooseRegexWithCredentials,
    ];

    /// Whether `build()` refuses it unless tolerated.
    pub(crate) fn is_refused(self) -> bool {
        matches!(
            self,
            Self::AnyOriginWithCredentials
                | Self::NullOriginWithCredentials
                | Self::PublicSuffixWithCredentials
        )
    }
}

impl fmt::Display for Risk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::AnyOriginWithCredentials => "any site can act as its visitor",
            Self::NullOriginWithCredentials => {
                "any site can make itself the origin null and act as its visitor"
            }
            Self::PublicSuffixWithCredentials => {
                "whoever registers a name under a public suffix can act as its visitor"
            }
            Self::InsecureOriginWithCredentials => {
                "whoever can alter an unencrypted page can act as its visitor"
            }
            Self::LooseRegexWithCredentials => "a regex takes origins that nobody meant",
        })
    }
}

/// One place in a configuration where a [`Risk`] was found.
///
/// Prints as the setting, the danger, and what to write instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RiskReport {
    pub(crate) risk: Risk,
    pub(crate) setting: &'static str,
    pub(crate) value: Option<String>,
    pub(crate) example: Option<String>,
    pub(crate) write: Option<String>,
    pub(crate) tolerated: bool,
}

impl RiskReport {
    /// The kind of danger.
    #[must_use]
    pub fn risk(&self) -> Risk {
        self.risk
    }

    /// The builder call, which is also the key in a configuration file: `allow_origins`, ...
    #[must_use]
    pub fn setting(&self) -> &'static str {
        self.setting
    }

    /// The value that brings the danger; `None` for a predicate.
    #[must_use]
    pub fn value(&self) -> Option<&str> {
        self.value.as_deref()
    }

    /// An origin that is taken and was hardly meant.
    #[must_use]
    pub fn example(&self) -> Option<&str> {
        self.example.as_deref()
    }

    /// A better spelling of the value.
    #[must_use]
    pub fn write(&self) -> Option<&str> {
        self.write.as_deref()
    }
}

impl fmt::Display for RiskReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.value {
            Some(value) => write!(f, "{}({})", self.setting, literal(self.setting, value))?,
            None => write!(f, "{}(<fn>)", self.setting)?,
        }
        f.write_str(" with allow_credentials(true): ")?;
        if let Some(example) = &self.example {
            write!(f, "it takes {example}; ")?;
        }
        match self.risk {
            Risk::AnyOriginWithCredentials => f.write_str(
                "any site could act as its visitor; a Bearer token that a script sets needs no \
                 credentials: then drop allow_credentials(true) and give allow_headers \
                 \"authorization\"; for cookies list the origins",
            )?,
            Risk::NullOriginWithCredentials => f.write_str(
                "any site can make itself the origin null with a sandboxed frame and act as its \
                 visitor; serve the page from an origin of its own and list that",
            )?,
            Risk::PublicSuffixWithCredentials => f.write_str(
                "anybody can register a name there and act as its visitor; put a domain of yours \
                 after \"*.\"",
            )?,
            Risk::InsecureOriginWithCredentials => f.write_str(
                "whoever sits on the network can alter that page and act as its visitor; serve it over https",
            )?,
            Risk::LooseRegexWithCredentials if self.example.is_some() => {
                f.write_str("that was hardly meant")?;
            }
            Risk::LooseRegexWithCredentials => f.write_str("it takes more than it seems to")?,
        }
        if let Some(write) = &self.write {
            write!(f, "; write {}", literal(self.setting, write))?;
        }
        if self.tolerated {
            f.write_str(" (tolerated)")?;
        } else if self.risk.is_refused() {
            write!(f, ", or accept it with tolerate(Risk::{:?})", self.risk)?;
        }
        Ok(())
    }
}
