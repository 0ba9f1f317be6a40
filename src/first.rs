//! `PerRequestLayer::first`: policies by origin.

use std::{panic::Location, sync::Arc};

use http::{HeaderMap, HeaderValue, Method, Request, header, request::Parts};

use crate::{
    cors_policy::CorsPolicy,
    diagnostic::ConfigError,
    explain::{Explanation, explain_choice},
    layer::CorsLayer,
    per_request::PerRequestLayer,
    policies::Policies,
    policy::refusal::Refusal,
    service::{Choose, Chooser},
    settings::config::CorsConfig,
};

impl PerRequestLayer {
    /// A layer of several policies. The first policy that allows the Origin of a request answers
    /// it. If none does, the last policy answers, and refuses.
    ///
    /// Put the narrow policies first: trusted origins with credentials, then the public. The last
    /// policy answers a request without Origin. Each policy has its own errors, warnings and notes.
    /// `Vary: Origin` is on every response. [`allow_hosts`](CorsLayer::allow_hosts),
    /// [`enforce_origin`](CorsLayer::enforce_origin) and [`report_only`](CorsLayer::report_only)
    /// must be the same in all policies: otherwise a page could choose a weaker check by its
    /// Origin. `enforce_origin` accepts an origin that any policy allows.
    ///
    /// From data: `PerRequestLayer::try_from(configs)`, a vector of [`CorsConfig`].
    ///
    /// # Panics
    ///
    /// If the list is empty or these settings differ. The message is the text of [`ConfigError`],
    /// with the location of the caller. Layers are made at start-up, so it fails there.
    /// `PerRequestLayer::try_from(policies)`, from a vector, returns the error instead.
    ///
    /// ```
    /// use tower_cors::{Any, CorsLayer, PerRequestLayer};
    ///
    /// let trusted = CorsLayer::new()
    ///     .allow_origins(["https://app.example.com"])
    ///     .allow_methods(Any)
    ///     .allow_credentials(true);
    /// let public = CorsLayer::new().allow_origins(Any);
    /// let layer = PerRequestLayer::first([trusted.build()?, public.build()?]);
    /// assert!(layer.check("https://app.example.com", "PUT", &[]).is_ok());
    /// assert!(layer.check("https://blog.example.org", "GET", &[]).is_ok());
    /// assert!(layer.check("https://blog.example.org", "PUT", &[]).is_err());
    /// # Ok::<(), tower_cors::ConfigError>(())
    /// ```
    #[track_caller]
    pub fn first(policies: impl IntoIterator<Item = CorsPolicy>) -> Self {
        match Self::try_from(policies.into_iter().collect::<Vec<_>>()) {
            Ok(layer) => layer,
            Err(error) => panic!("PerRequestLayer::first at {}: {error}", Location::caller()),
        }
    }

    /// Whether a preflight with this origin, method and list of headers would be accepted, as
    /// [`CorsPolicy::check`]. For your own tests.
    ///
    /// The closure is asked for the policy of such a preflight to `/`. Its head has the method,
    /// Origin and `Access-Control-Request-Method`, and nothing else. If the closure reads more, use
    /// [`explain`](Self::explain). If the closure returns `None`, the layer refuses nothing, so the
    /// result is `Ok`.
    ///
    /// # Errors
    ///
    /// The [`Refusal`] that the response would carry.
    pub fn check(&self, origin: &str, method: &str, headers: &[&str]) -> Result<(), Refusal> {
        let mut head = Request::new(()).into_parts().0;
        head.method = Method::OPTIONS;
        head.headers = HeaderMap::with_capacity(2);
        // What is not a header value is not an allowed origin or method.
        for (name, value) in
            [(header::ORIGIN, origin), (header::ACCESS_CONTROL_REQUEST_METHOD, method)]
        {
            let value = HeaderValue::from_str(value).unwrap_or(HeaderValue::from_static(""));
            head.headers.insert(name, value);
        }
        match self.chooser().choose.policy(&head) {
            Some(policy) => policy.check(origin, method, headers),
            None => Ok(()),
        }
    }

    /// Why a request is allowed or refused, as [`CorsPolicy::explain`]. With several policies it
    /// also says which one answers. `None` if the closure returns `None`.
    #[must_use]
    pub fn explain(&self, head: &Parts) -> Option<Explanation> {
        match &self.chooser().choose {
            Choose::Closure(choose) => choose(head).map(|policy| policy.explain(head)),
            Choose::First(policies) => Some(explain_choice(policies, head)),
        }
    }
}

/// As [`PerRequestLayer::first`], with the error returned.
impl TryFrom<Vec<CorsPolicy>> for PerRequestLayer {
    type Error = ConfigError;

    fn try_from(policies: Vec<CorsPolicy>) -> Result<Self, ConfigError> {
        let choose = Choose::First(Policies::new(policies)?);
        Ok(Self::of(Chooser { choose, vary_names: Some(Arc::default()) }))
    }
}

/// As [`PerRequestLayer::first`], from configurations. It returns all errors of all policies at
/// once, each with the number of its policy.
///
/// In a file it is a list: in TOML an array of tables, in JSON an array.
///
/// ```
/// # #[cfg(feature = "serde")] {
/// use serde::Deserialize;
/// use tower_cors::{CorsConfig, PerRequestLayer};
///
/// #[derive(Deserialize)]
/// struct Settings {
///     cors: Vec<CorsConfig>,
/// }
///
/// let toml: Settings = toml::from_str(r#"
///     [[cors]]
///     allow_origins = ["https://app.example.com"]
///     allow_credentials = true
///     preset = ["mcp"]
///
///     [[cors]]
///     allow_origins = ["*"]
/// "#)?;
/// let json: Settings = serde_json::from_str(r#"{"cors": [
///     {"allow_origins": ["https://app.example.com"], "allow_credentials": true, "preset": ["mcp"]},
///     {"allow_origins": ["*"]}
/// ]}"#)?;
/// assert_eq!(toml.cors, json.cors);
/// let layer = PerRequestLayer::try_from(toml.cors)?;
/// assert!(layer.check("https://app.example.com", "DELETE", &["mcp-session-id"]).is_ok());
/// # }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
impl TryFrom<Vec<CorsConfig>> for PerRequestLayer {
    type Error = ConfigError;

    fn try_from(configs: Vec<CorsConfig>) -> Result<Self, ConfigError> {
        let (mut policies, mut errors) = (Vec::new(), Vec::new());
        for (index, config) in configs.into_iter().enumerate() {
            match CorsLayer::from(config).build() {
                Ok(policy) => policies.push(policy),
                Err(error) => errors.extend(error.in_policy(index)),
            }
        }
        ConfigError::unless_sound(&errors)?;
        Self::try_from(policies)
    }
}
