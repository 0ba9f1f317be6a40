//! `CorsPolicy`: the rules, with their settings and diagnostics.

use std::{fmt, sync::Arc};

use http::{HeaderMap, HeaderValue, Method, StatusCode, header::ACCESS_CONTROL_REQUEST_HEADERS};

use crate::{
    diagnostic::{ConfigError, Diagnostic},
    policy::{
        refusal::Refusal,
        request::{AskedHeaders, OriginField, PreflightRequest, RequestOrigin},
        rules::{Grant, Rules},
    },
    settings::{Settings, compile, config::CorsConfig},
};

/// A validated, immutable CORS policy.
///
/// [`CorsLayer::build`](crate::CorsLayer::build) makes one; [`CorsLayer::from`](crate::CorsLayer)
/// accepts it, unchanged or for further calls. Per-request layers choose among policies.
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
    rules: Rules,
    diagnostics: Vec<Diagnostic>,
    #[cfg(feature = "tracing")]
    throttle: crate::throttle::Throttle,
}

impl CorsPolicy {
    pub(crate) fn compile(settings: Arc<Settings>) -> Result<Self, ConfigError> {
        let (rules, diagnostics) = compile(&settings)?;
        Ok(Self(Arc::new(Inner {
            settings,
            rules,
            diagnostics,
            #[cfg(feature = "tracing")]
            throttle: Default::default(),
        })))
    }

    pub(crate) fn settings(&self) -> &Arc<Settings> {
        &self.0.settings
    }

    #[inline]
    pub(crate) fn rules(&self) -> &Rules {
        &self.0.rules
    }

    #[cfg(feature = "tracing")]
    pub(crate) fn throttle(&self) -> &crate::throttle::Throttle {
        &self.0.throttle
    }

    /// The settings that the policy was built from. Only predicates are not in it.
    #[must_use]
    pub fn config(&self) -> &CorsConfig {
        &self.0.settings.config
    }

    /// The warnings and notes about the settings, in the order of the settings.
    #[must_use]
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.0.diagnostics
    }

    /// Whether pages of an origin may read responses.
    #[must_use]
    pub fn allows_origin(&self, origin: &str) -> bool {
        HeaderValue::from_str(origin).is_ok_and(|origin| {
            let origin = RequestOrigin::from(OriginField::One(&origin));
            self.rules().grant(&origin) != Grant::Nothing
        })
    }

    /// Whether a preflight with this origin, method and list of headers would be accepted. For your
    /// own tests.
    ///
    /// Each item of `headers` is read as one `Access-Control-Request-Headers` line.
    ///
    /// # Errors
    ///
    /// The [`Refusal`] that the response would carry.
    pub fn check(&self, origin: &str, method: &str, headers: &[&str]) -> Result<(), Refusal> {
        let mut map = HeaderMap::new();
        // A request cannot ask for what is not a header value, so it is not allowed.
        let mut malformed = Refusal::NOTHING;
        for line in headers {
            // No request can have more lines than a map holds.
            let is_sent = HeaderValue::from_str(line)
                .is_ok_and(|line| map.try_append(ACCESS_CONTROL_REQUEST_HEADERS, line).is_ok());
            malformed = malformed.and(Refusal::HEADERS.when(!is_sent));
        }
        let origin = HeaderValue::from_str(origin);
        let method = HeaderValue::from_str(method);
        malformed = malformed
            .and(Refusal::ORIGIN.when(origin.is_err()))
            .and(Refusal::METHOD.when(method.is_err()));
        let nothing = HeaderValue::from_static("");
        let preflight = self.rules().preflight(PreflightRequest {
            origin: OriginField::One(origin.as_ref().unwrap_or(&nothing)).into(),
            method: method.as_ref().unwrap_or(&nothing),
            headers: AskedHeaders::Several(&map),
            private_network: false,
        });
        preflight.refusal.and(malformed).into_result()
    }

    /// Adds the CORS headers to a response that was made outside the layer: by a load shedder, a
    /// server's error page or an error handler.
    ///
    /// It sets and replaces the same headers as [`CorsLayer`](crate::CorsLayer) does on actual
    /// responses. If a per-request layer chose the policy, add `Origin` and the names of its `vary`
    /// to `Vary` yourself. Keep the request's headers, or a map with its Origin, until the response
    /// is there. Preflights do not need this: the layer answers them before anything can fail. The
    /// response must not be a 304: with credentials, an exposed `*` is written out as the
    /// response's names, which a 304 must not get.
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
        let rules = self.rules();
        let grant = rules.actual_grant(&RequestOrigin::read(request));
        rules.decoration(grant, &Method::GET, &None).apply(StatusCode::OK, response);
    }
}

/// Prints the settings, and each predicate as `<fn>`.
impl fmt::Debug for CorsPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CorsPolicy")
            .field("config", self.config())
            .field("predicates", &self.0.settings.predicates)
            .finish()
    }
}
