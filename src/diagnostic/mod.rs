//! Errors, warnings and notes about a configuration. The files named `*text.rs` have every sentence
//! of the crate.

mod config_error;
mod danger_text;
mod diagnosis;
pub(crate) mod explain_text;
mod kind;
#[cfg(feature = "regex")]
mod regex_text;
mod risk;
mod setting;
pub(crate) mod text;
mod words;

#[cfg(feature = "regex")]
pub(crate) use self::regex_text::{Construct, uncommon};
pub use self::{
    config_error::ConfigError,
    diagnosis::{Diagnostic, Severity},
    kind::Kind,
    risk::Risk,
    setting::Setting,
};
pub(crate) use self::{
    danger_text::{Context, Danger},
    diagnosis::Detail,
    words::Words,
};
