//! Who can obtain an origin that an expression or a predicate matches: one rule for both, and for the patterns of
//! the list, which `suffixes` answers by itself.

#[cfg(feature = "regex")]
mod addresses;
#[cfg(feature = "regex")]
mod automaton;
#[cfg(feature = "regex")]
mod expression;
#[cfg(feature = "regex")]
mod grammar;
#[cfg(feature = "regex")]
mod measure;
mod predicate;
mod reach;

#[cfg(feature = "regex")]
pub(crate) use self::{expression::of_regex, reach::Undecided};
pub(crate) use self::{predicate::of_predicate, reach::Reach};
