//! The start-up code: turns settings into rules, once.
//!
//! The file named after a setting checks it. The texts are in `diagnostic`.

mod address;
#[cfg(feature = "regex")]
mod common_regex;
mod compile;
pub(crate) mod config;
mod dangers;
pub(crate) mod headers;
pub(crate) mod host;
mod hosts;
mod lists;
pub(crate) mod methods;
pub(crate) mod names;
pub(crate) mod nearest;
mod openness;
mod origin_forms;
pub(crate) mod origins;
pub(crate) mod place;
pub(crate) mod preset;
#[cfg(feature = "regex")]
mod regex;
#[cfg(feature = "serde")]
mod serde;
mod standard;
mod suffixes;

use std::time::Duration;

pub(crate) use self::compile::compile;
use self::{config::CorsConfig, preset::Preset};
use crate::{diagnostic::Words, policy::origin::set::Predicate};

/// All settings of the builder.
#[derive(Clone, Debug, Default)]
pub(crate) struct Settings {
    pub(crate) config: CorsConfig,
    pub(crate) predicates: Vec<Predicate>,
    /// A `max_age` with a fraction of a second. `config` cannot hold it, and `build()` reports it.
    pub(crate) fractional_max_age: Option<Duration>,
    pub(crate) source: Source,
}

/// Where settings came from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Source {
    /// The builder. `allow_methods` still has FastAPI's default, which the first call replaces.
    #[default]
    Default,
    /// The builder, after a call of `allow_methods`.
    Builder,
    /// A configuration.
    Config,
}

impl Source {
    pub(crate) fn words(self) -> Words {
        match self {
            Self::Default | Self::Builder => Words::Builder,
            Self::Config => Words::Config,
        }
    }
}

impl From<CorsConfig> for Settings {
    fn from(mut config: CorsConfig) -> Self {
        let presets = std::mem::take(&mut config.preset);
        let mut settings = Self { config, source: Source::Config, ..Self::default() };
        presets.into_iter().for_each(|preset| settings.add_preset(preset));
        settings
    }
}

impl Settings {
    pub(crate) fn add_methods(&mut self, methods: Vec<String>) {
        if self.source == Source::Default {
            self.source = Source::Builder;
            self.config.allow_methods.clear();
        }
        self.config.allow_methods.extend(methods);
    }

    pub(crate) fn add_preset(&mut self, preset: Preset) {
        let absent = |list: &[String], names: &[&str]| {
            let is_listed =
                |name: &&str| list.iter().any(|listed| listed.eq_ignore_ascii_case(name));
            names.iter().filter(|name| !is_listed(name)).map(|name| (*name).to_owned()).collect()
        };
        let listed: &[String] = match self.source {
            Source::Default => &[],
            Source::Builder | Source::Config => &self.config.allow_methods,
        };
        // A preset without methods keeps the default.
        if !preset.methods().is_empty() {
            let methods: Vec<_> = absent(listed, preset.methods());
            self.add_methods(methods);
        }
        let headers: Vec<_> = absent(&self.config.allow_headers, preset.request_headers());
        self.config.allow_headers.extend(headers);
        let exposed: Vec<_> = absent(&self.config.expose_headers, preset.exposed_headers());
        self.config.expose_headers.extend(exposed);
    }
}
