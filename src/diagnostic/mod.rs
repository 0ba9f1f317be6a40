//! What is said of a configuration. Every sentence of the crate stands in `text`.

mod config_error;
mod diagnosis;
mod kind;
mod risk;
mod setting;
pub(crate) mod text;

pub(crate) use self::diagnosis::Detail;
pub use self::{
    config_error::ConfigError,
    diagnosis::{Diagnostic, Severity},
    kind::Kind,
    risk::Risk,
    setting::Setting,
};
