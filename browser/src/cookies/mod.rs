//! The cookies of a page: RFC 6265bis, with the differences between engines.

mod date;
mod jar;
mod set_cookie;

pub(crate) use self::{
    jar::{Jar, Place},
    set_cookie::SetCookie,
};

/// Which cookies a request may carry, from all of them to the fewest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Reach {
    /// Of the same site: every cookie.
    SameSite,
    /// A cross-site navigation by a safe method: all but `SameSite=Strict`.
    SafeNavigation,
    /// A cross-site navigation by another method: those with `SameSite=None`, and for two minutes
    /// in some engines those without `SameSite`.
    Navigation,
    /// Anything else: `SameSite=None` alone.
    CrossSite,
}
