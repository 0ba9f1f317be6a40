//! What is said of one setting's reach.

use crate::policy::origin::syntax;

/// What is reached, each with the shortest origin of its kind that is really matched.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Reach {
    /// Of any kind; an expression without one matches nothing that a browser sends.
    pub(crate) shortest: Option<String>,
    /// Anybody can obtain it, and the registrable domains are no small closed set.
    pub(crate) obtainable: Option<String>,
    /// The same where nobody can register a name: local names, private networks.
    pub(crate) unregistrable_open: Option<String>,
    /// `http://` on another machine.
    pub(crate) insecure: Option<String>,
    /// One of an open set of extensions or apps.
    pub(crate) extension_scheme: Option<String>,
    pub(crate) null: bool,
    pub(crate) file: bool,
}

/// The expression is too large to be decided within bounded time and memory.
#[cfg(feature = "regex")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Undecided;

pub(super) fn is_well_formed(origin: &str) -> bool {
    syntax::Origin::read(origin.as_bytes()).is_some()
}
