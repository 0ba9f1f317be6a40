//! The pure core: settings become a policy, a policy decides. It knows no service, no task, no body.

mod compile;
mod config;
mod dangers;
pub(crate) mod decision;
mod explain;
mod names;
mod nearest;
pub(crate) mod origin;
pub(crate) mod request;
pub(crate) mod rules;
mod spelling;
mod standard;

use std::{fmt, sync::Arc};

use http::{HeaderMap, HeaderValue, request::Parts};

pub(crate) use self::config::{Predicate, Settings, add};
#[cfg(feature = "tracing")]
pub(crate) use self::explain::{allowed_variant, shown};
use self::{
    compile::{Compiled, compile},
    request::{AskedHeaders, OriginField, PreflightRequest},
    rules::Rules,
};
pub use self::{
    config::{CorsConfig, EnforceOrigin, Preset},
    decision::Refusal,
    explain::{Explanation, Finding, Part},
};
use crate::{
    error::ConfigError,
    note::Note,
    risk::{Risk, RiskReport},
};

/// A validated, immutable CORS policy.
///
/// [`CorsLayer::build`](crate::CorsLayer::build) makes one; [`CorsLayer::from`](crate::CorsLayer)
/// takes it back, to serve it as it is or to edit it further. Per-request layers choose among
/// policies.
///
/// # Clone
///
/// A clone shares the policy and costs one reference count.
///
/// ```
/// use tower_cors::CorsLayer;
///
/// let policy = CorsLayer::new()
///     .allow_origins(["https://*.example.com"])
///     .allow_headers(["x-token"])
///     .build()?;
/// assert!(policy.allows_origin("https://app.example.com"));
/// assert!(policy.check("https://app.example.com", "GET", &["X-Token"]).is_ok());
/// # Ok::<(), tower_cors::ConfigError>(())
/// ```
#[derive(Clone)]
pub struct CorsPolicy(Arc<Inner>);

struct Inner {
    settings: Arc<Settings>,
    compiled: Compiled,
    /// The kinds in `compiled.reports`, each once.
    risks: Vec<Risk>,
}

impl CorsPolicy {
    pub(crate) fn compile(settings: Arc<Settings>) -> Result<Self, ConfigError> {
        let compiled = compile(&settings)?;
        let found = |risk: &Risk| compiled.reports.iter().any(|report| report.risk() == *risk);
        let risks = Risk::ALL.into_iter().filter(found).collect();
        Ok(Self(Arc::new(Inner { settings, compiled, risks })))
    }

    pub(crate) fn settings(&self) -> &Arc<Settings> {
        &self.0.settings
    }

    #[inline]
    pub(crate) fn rules(&self) -> &Rules {
        &self.0.compiled.rules
    }

    /// What the policy was built from; predicates are the one thing it does not show.
    #[must_use]
    pub fn config(&self) -> &CorsConfig {
        &self.0.settings.config
    }

    /// The risks that this policy takes, each once: those tolerated, and those only reported.
    #[must_use]
    pub fn risks(&self) -> &[Risk] {
        &self.0.risks
    }

    /// Where each of the [`risks`](Self::risks) was found, and what to write instead.
    #[must_use]
    pub fn risk_reports(&self) -> &[RiskReport] {
        &self.0.compiled.reports
    }

    /// What in the configuration does nothing, or not what it seems to.
    #[must_use]
    pub fn notes(&self) -> &[Note] {
        &self.0.compiled.notes
    }

    /// Whether pages of an origin may read responses.
    #[must_use]
    pub fn allows_origin(&self, origin: &str) -> bool {
        HeaderValue::from_str(origin)
            .is_ok_and(|origin| self.rules().allows(OriginField::One(&origin)))
    }

    /// Whether a preflight with this origin, method and list of headers would pass: for a team's
    /// own tests.
    ///
    /// Each item of `headers` is read as one `Access-Control-Request-Headers` line.
    ///
    /// # Errors
    ///
    /// The [`Refusal`] that the response would carry.
    pub fn check(&self, origin: &str, method: &str, headers: &[&str]) -> Result<(), Refusal> {
        let mut map = HeaderMap::new();
        // What is no header value cannot be asked for, so it is not allowed either.
        let mut malformed = Refusal::NOTHING;
        for line in headers {
            match HeaderValue::from_str(line) {
                // More lines than a map holds could not be sent.
                Ok(line) => {
                    let appended =
                        map.try_append(http::header::ACCESS_CONTROL_REQUEST_HEADERS, line);
                    malformed = malformed.and(Refusal::HEADERS.when(appended.is_err()));
                }
                Err(_) => malformed = malformed.and(Refusal::HEADERS),
            }
        }
        let origin = HeaderValue::from_str(origin);
        let method = HeaderValue::from_str(method);
        malformed = malformed
            .and(Refusal::ORIGIN.when(origin.is_err()))
            .and(Refusal::METHOD.when(method.is_err()));
        let nothing = HeaderValue::from_static("");
        let refusal = self.rules().refusal(&PreflightRequest {
            origin: OriginField::One(origin.as_ref().unwrap_or(&nothing)),
            method: method.as_ref().unwrap_or(&nothing),
            headers: AskedHeaders::Several(&map),
            private_network: false,
        });
        refusal.and(malformed).into_result()
    }

    /// Why a request is allowed or refused, what the browser will do, and what would allow it.
    ///
    /// It takes its time (it scans the whole configuration): for a terminal, a test or a support
    /// page, not for every request.
    #[must_use]
    pub fn explain(&self, head: &Parts) -> Explanation {
        explain::explain(self, head.into())
    }

    /// Decorates a response that was made outside the service: by a load shedder, a server's own
    /// error page, a handler of errors.
    ///
    /// Sets and replaces the same headers as the layer does on actual responses. Keep the request's
    /// headers, or its Origin alone in a map, until the response is there. Preflights need no such
    /// help: the layer answers them before anything can fail.
    ///
    /// ```
    /// use http::{HeaderMap, HeaderValue, header};
    /// use tower_cors::CorsLayer;
    ///
    /// let policy = CorsLayer::new().allow_origins(["https://app.example.com"]).build()?;
    /// let mut request = HeaderMap::new();
    /// request.insert(header::ORIGIN, HeaderValue::from_static("https://app.example.com"));
    ///
    /// let mut response = HeaderMap::new();
    /// policy.decorate(&request, &mut response);
    /// assert_eq!(response[header::ACCESS_CONTROL_ALLOW_ORIGIN], "https://app.example.com");
    /// assert_eq!(response[header::VARY], "Origin");
    /// # Ok::<(), tower_cors::ConfigError>(())
    /// ```
    pub fn decorate(&self, request: &HeaderMap, response: &mut HeaderMap) {
        self.rules().actual(request, &None).apply(response);
    }
}

/// Prints the settings, predicates as `<fn>`.
impl fmt::Debug for CorsPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CorsPolicy")
            .field("config", self.config())
            .field("predicates", &self.0.settings.predicates)
            .finish()
    }
}
