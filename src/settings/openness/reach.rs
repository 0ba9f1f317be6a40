//! The reach of one setting.

use crate::policy::origin::syntax;

/// The greatest danger of a setting, with an example of an origin that it matches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Reach {
    /// Anybody can obtain an origin, and the registrable domains are not a small closed set.
    Obtainable(String),
    /// `null`.
    Null,
    /// `file://`, or one of an open set of extensions or apps.
    LocalPages,
    /// An open set of hosts that nobody can register: local names, private networks.
    OpenNetwork(String),
    /// `http://` on another machine.
    Insecure,
    Closed,
}

/// Why the reach of an expression is unknown.
#[cfg(feature = "regex")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unreached {
    /// It matches no origin that a browser sends.
    Nothing,
    /// It is too large to be decided within bounded time and memory.
    Undecided,
}

pub(super) fn is_well_formed(origin: &str) -> bool {
    syntax::Origin::read(origin.as_bytes()).is_some()
}
