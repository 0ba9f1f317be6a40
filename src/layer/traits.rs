//! What `CorsLayer` is made of, and that it and a policy are layers.

use std::{
    fmt,
    sync::{Arc, OnceLock},
};

use tower_layer::Layer;

use super::CorsLayer;
use crate::{
    cors_policy::CorsPolicy,
    service::{Cors, Source},
    settings::{self, config::CorsConfig},
};

impl Default for CorsLayer {
    #[track_caller]
    fn default() -> Self {
        Self::new()
    }
}

/// Serves a policy as it is; the verbs edit a copy of its settings, where the list verbs add.
impl From<CorsPolicy> for CorsLayer {
    #[track_caller]
    fn from(policy: CorsPolicy) -> Self {
        let mut settings = policy.settings().clone();
        if settings.source == settings::Source::Default {
            Arc::make_mut(&mut settings).source = settings::Source::Builder;
        }
        Self::with(settings, OnceLock::from(policy))
    }
}

/// The settings of a configuration; the list verbs add to them.
impl From<CorsConfig> for CorsLayer {
    #[track_caller]
    fn from(config: CorsConfig) -> Self {
        Self::with(Arc::new(config.into()), OnceLock::new())
    }
}

/// # Panics
///
/// `layer` panics on settings that do not build, with [`ConfigError`](crate::ConfigError)'s text and the place of the
/// [`CorsLayer::new`] that they began with. Call [`CorsLayer::build`] first to handle the error.
impl<S> Layer<S> for CorsLayer {
    type Service = Cors<S>;

    fn layer(&self, inner: S) -> Cors<S> {
        match self.build() {
            Ok(policy) => Cors { inner, source: Source::Fixed(policy) },
            Err(error) => panic!("CorsLayer made at {}: {error}", self.0.caller),
        }
    }
}

/// Serves the policy, as `CorsLayer::from(policy)` does.
impl<S> Layer<S> for CorsPolicy {
    type Service = Cors<S>;

    fn layer(&self, inner: S) -> Cors<S> {
        Cors { inner, source: Source::Fixed(self.clone()) }
    }
}

/// Prints the settings, predicates as `<fn>`.
impl fmt::Debug for CorsLayer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CorsLayer")
            .field("config", &self.0.settings.config)
            .field("predicates", &self.0.settings.predicates)
            .finish()
    }
}
