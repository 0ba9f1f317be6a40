//! What is said of a configuration. Every sentence of the crate stands in `text`, `regex_text` and
//! `explain_text`.

mod config_error;
mod diagnosis;
pub(crate) mod explain_text;
mod kind;
#[cfg(feature = "regex")]
mod regex_text;
mod risk;
mod setting;
pub(crate) mod text;

pub(crate) use self::diagnosis::Detail;
#[cfg(feature = "regex")]
pub(crate) use self::regex_text::{Construct, uncommon};
pub use self::{
    config_error::ConfigError,
    diagnosis::{Diagnostic, Severity},
    kind::Kind,
    risk::Risk,
    setting::Setting,
};
