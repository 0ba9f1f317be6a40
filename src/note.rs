//! `Note`: what in a configuration works and does nothing.

use std::fmt;

/// One thing in a configuration that works and does nothing, or not what it seems to.
///
/// Never an error, since FastAPI code is full of it. [`CorsPolicy::notes`](crate::CorsPolicy::notes)
/// lists them; with the feature `tracing` each is an event at start-up.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Note {
    /// No origin is allowed in any way: every preflight is refused.
    NoOrigins,
    /// The same item twice in a list.
    Duplicate {
        /// The list.
        setting: &'static str,
        /// The item.
        value: String,
    },
    /// Items beside `*`, which takes them all.
    IdleBesideAny {
        /// The list.
        setting: &'static str,
    },
    /// A method that no browser lets a script send.
    ForbiddenMethod {
        /// The method.
        method: String,
    },
    /// A name that is taken to the letter where another was probably meant: `DELTE`, `ALL`.
    ToTheLetter {
        /// The list.
        setting: &'static str,
        /// The item.
        value: String,
        /// What was probably meant.
        meant: &'static str,
    },
    /// A request header that no browser lets a script set.
    ForbiddenRequestHeader {
        /// The name.
        name: String,
    },
    /// A response header that every script can read without being exposed.
    ExposedAnyway {
        /// The name.
        name: String,
    },
    /// A `max_age` that every browser caps.
    LongMaxAge {
        /// In seconds.
        max_age: u64,
    },
    /// `enforce_origin` where every origin is allowed.
    NothingToEnforce,
    /// `allow_methods` beside `mirror_methods`, which takes every method.
    IdleBesideMirror,
}

impl Note {
    /// The builder call, which is also the key in a configuration file: `allow_origins`, ...
    #[must_use]
    pub fn setting(&self) -> &'static str {
        match self {
            Self::NoOrigins => "allow_origins",
            Self::Duplicate { setting, .. }
            | Self::IdleBesideAny { setting }
            | Self::ToTheLetter { setting, .. } => setting,
            Self::ForbiddenMethod { .. } | Self::IdleBesideMirror => "allow_methods",
            Self::ForbiddenRequestHeader { .. } => "allow_headers",
            Self::ExposedAnyway { .. } => "expose_headers",
            Self::LongMaxAge { .. } => "max_age",
            Self::NothingToEnforce => "enforce_origin",
        }
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoOrigins => {
                f.write_str("allow_origins: no origin is allowed, every preflight is refused")
            }
            Self::Duplicate { setting, value } => {
                write!(f, "{setting}({value:?}): stands there twice")
            }
            Self::IdleBesideAny { setting } => {
                write!(f, "{setting}: \"*\" takes everything, what stands beside it does nothing")
            }
            Self::ForbiddenMethod { method } => {
                write!(f, "allow_methods({method:?}): no browser lets a script send this method")
            }
            Self::ToTheLetter { setting, value, meant } => {
                write!(f, "{setting}({value:?}): taken to the letter; did you mean {meant:?}?")
            }
            Self::ForbiddenRequestHeader { name } => {
                write!(f, "allow_headers({name:?}): no browser lets a script set this header")
            }
            Self::ExposedAnyway { name } => {
                write!(f, "expose_headers({name:?}): every script can read this header anyway")
            }
            Self::LongMaxAge { max_age } => write!(
                f,
                "max_age({max_age} s): Firefox keeps a preflight for 86,400 s at most, Chromium for 7,200 s"
            ),
            Self::NothingToEnforce => {
                f.write_str("enforce_origin: every origin is allowed, so nothing is refused")
            }
            Self::IdleBesideMirror => f.write_str(
                "allow_methods: mirror_methods takes every method, the list does nothing",
            ),
        }
    }
}
