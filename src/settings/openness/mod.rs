//! Who can obtain an origin that an expression or a predicate matches. The rule is the same for
//! patterns of the list, but `place` answers those directly.

#[cfg(feature = "regex")]
mod addresses;
#[cfg(feature = "regex")]
mod beginning;
#[cfg(feature = "regex")]
mod expression;
#[cfg(feature = "regex")]
mod groups;
#[cfg(feature = "regex")]
mod host_end;
#[cfg(feature = "regex")]
mod measure;
#[cfg(feature = "regex")]
mod part;
#[cfg(feature = "regex")]
mod parts;
mod predicate;
mod reach;
#[cfg(feature = "regex")]
mod sets;

#[cfg(feature = "regex")]
pub(crate) use self::{expression::of_regex, reach::Unreached};
pub(crate) use self::{predicate::of_predicate, reach::Reach};
