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
    /// A layer of several policies: the first that allows the Origin of a request answers it, else the
    /// last, which then refuses.
    ///
    /// Put the narrow ones first: trusted origins with credentials, then the public. A request without
    /// Origin is the last one's. Each policy keeps its own dangers and its own notes. `Vary: Origin` is on
    /// every response. [`allow_hosts`](CorsLayer::allow_hosts),
    /// [`enforce_origin`](CorsLayer::enforce_origin) and [`report_only`](CorsLayer::report_only) must be
    /// the same in all: otherwise a page would choose its guard by its Origin. A grant of any policy
    /// passes the guard.
    ///
    /// As data it is a list of [`CorsConfig`]: `PerRequestLayer::try_from(configs)`.
    ///
    /// # Panics
    ///
    /// If the list is empty or the guards differ, with [`ConfigError`]'s text and the caller's place: at
    /// start-up, since that is when a layer is made. `PerRequestLayer::try_from(policies)`, of a vector,
    /// returns the error.
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

    /// Whether a preflight with this origin, method and list of headers would pass, as
    /// [`CorsPolicy::check`] says it: for a team's own tests.
    ///
    /// A closure is asked for the policy of such a preflight to `/`: its head has the method, Origin and
    /// `Access-Control-Request-Method`, and nothing else. Where the closure reads more, use
    /// [`explain`](Self::explain). What it leaves alone is refused by nobody here, so it is `Ok`.
    ///
    /// # Errors
    ///
    /// The [`Refusal`] that the response would carry.
    pub fn check(&self, origin: &str, method: &str, headers: &[&str]) -> Result<(), Refusal> {
        let mut head = Request::new(()).into_parts().0;
        head.method = Method::OPTIONS;
        head.headers = HeaderMap::with_capacity(2);
        // What is no header value is no origin or method of any policy either.
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

    /// Why a request is allowed or refused, as [`CorsPolicy::explain`] says it; of several policies also
    /// which one answers. `None` if the closure leaves the request alone.
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

/// As [`PerRequestLayer::first`], of configurations: all errors of all policies at once, each with the
/// number of its policy.
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
