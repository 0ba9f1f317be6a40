//! `CorsLayer`: the builder, and the layer that serves what was built.

mod further;
mod traits;

use std::{
    panic::Location,
    sync::{Arc, OnceLock},
};

use crate::{
    cors_policy::CorsPolicy,
    diagnostic::ConfigError,
    settings::Settings,
    values::{Any, MaxAge, Values, sealed::Token},
};

/// CORS for any Tower service, built with FastAPI's settings.
///
/// Builder methods never fail; [`build`](Self::build) reports every mistake. `layer()` builds too, once,
/// and panics at start-up with the same text. Put the layer outermost: before routing,
/// authentication, limits, timeouts and catch-panic, so that preflights never need a token and every
/// error reaches the page readable. Applied twice, the outer layer answers all preflights, and
/// each header that it sets has one value, its own.
///
/// CORS is not access control: the server still handles a request of another origin; the browser only
/// hides the response. See [`enforce_origin`](Self::enforce_origin).
///
/// Where the response's body must keep its type, end the chain with [`same_body`](Self::same_body);
/// optional CORS is `option_layer(cors.map(CorsLayer::same_body))`.
///
/// ```
/// use tower::{ServiceBuilder, service_fn};
/// use tower_cors::{Any, CorsLayer};
///
/// # async fn home(_: http::Request<String>) -> Result<http::Response<String>, std::convert::Infallible> { Ok(Default::default()) }
/// let service = ServiceBuilder::new()
///     .layer(
///         CorsLayer::new()
///             .allow_origins(["https://app.example.com", "https://*.example.com", "http://localhost:*"])
///             .allow_methods(Any)
///             .allow_headers(["x-token"])
///             .allow_credentials(true),
///     )
///     .service(service_fn(home));
/// ```
///
/// # Clone
///
/// A clone shares the settings and what was built of them, and costs one reference count. Builder
/// methods do not affect other clones.
#[derive(Clone)]
#[must_use]
pub struct CorsLayer(Arc<Shared>);

struct Shared {
    settings: Arc<Settings>,
    /// Where `new` was called. The caller of `layer()` is tower's or axum's own code.
    caller: &'static Location<'static>,
    /// Made by the first `layer()` or `build()` of any clone.
    policy: OnceLock<CorsPolicy>,
}

impl CorsLayer {
    /// Allows every request that has no credentials: any origin, any method, any header, and exposes
    /// every response header. For public data.
    ///
    /// The same as `.allow_origins(Any).mirror_methods().allow_headers(Any).expose_headers(Any)`.
    ///
    /// ```
    /// use tower_cors::CorsLayer;
    ///
    /// let policy = CorsLayer::permissive().build()?;
    /// assert!(policy.check("https://example.com", "PURGE", &["x-token"]).is_ok());
    /// # Ok::<(), tower_cors::ConfigError>(())
    /// ```
    #[doc(alias = "very_permissive")]
    #[track_caller]
    pub fn permissive() -> Self {
        Self::new().allow_origins(Any).mirror_methods().allow_headers(Any).expose_headers(Any)
    }

    /// FastAPI's defaults: no origin, `GET`, the four safelisted request headers, no credentials,
    /// preflights kept for 600 seconds.
    #[doc(alias = "layer")]
    #[track_caller]
    pub fn new() -> Self {
        Self::with(Arc::default(), OnceLock::new())
    }

    /// Allows origins. Default: none. Each call adds.
    ///
    /// | item | allows |
    /// | --- | --- |
    /// | `https://app.example.com`, `tauri://localhost` | that origin, to the letter |
    /// | `https://*.example.com` | every subdomain at any depth, not `https://example.com` itself |
    /// | `http://localhost:*` | that host at any port, or without one |
    /// | `https://*.example.com:*` | both |
    /// | `null` | sandboxed frames, `file:` pages and whoever pretends to be one |
    /// | `*` or [`Any`] | every origin |
    ///
    /// Allowed is what `Access-Control-Allow-Origin` then says: `*` for any origin without
    /// credentials, otherwise the origin of the request. Every response carries `Vary: Origin`.
    ///
    /// Accepts one value, any iterator of texts, and [`Any`]; [`Values`] lists the forms. What browsers never send (a path, a
    /// trailing slash, upper case, a default port, ...) is an error that says what to write. Blanks around items and
    /// empty items are ignored, so one environment variable is one line (difference D15).
    ///
    /// Sources: Fetch, ["`Origin` header"](https://fetch.spec.whatwg.org/#origin-header) and ["CORS check"](https://fetch.spec.whatwg.org/#concept-cors-check); Starlette,
    /// `allow_origins`; patterns are this crate's own. MDN:
    /// [`Access-Control-Allow-Origin`](https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/Access-Control-Allow-Origin).
    ///
    /// ```
    /// # use tower_cors::CorsLayer;
    /// let policy = CorsLayer::new()
    ///     .allow_origins(["https://example.com", "https://*.example.com"])
    ///     .allow_origins(vec![String::from("http://localhost:*")])
    ///     .build()?;
    /// assert!(policy.allows_origin("https://a.b.example.com"));
    /// assert!(policy.allows_origin("http://localhost:5173"));
    /// assert!(!policy.allows_origin("https://example.com.evil.example"));
    /// # Ok::<(), tower_cors::ConfigError>(())
    /// ```
    ///
    /// From one environment variable, such as `CORS_ORIGINS="https://app.example.com, http://localhost:*"`:
    ///
    /// ```
    /// # use tower_cors::CorsLayer;
    /// let layer = CorsLayer::new().allow_origins(std::env::var("CORS_ORIGINS").unwrap_or_default().split(','));
    /// # layer.build().unwrap();
    /// ```
    #[doc(alias("allow_origin", "AllowOrigin", "exact", "list", "mirror_request"))]
    pub fn allow_origins<Form>(self, origins: impl Values<Form>) -> Self {
        self.edit(|settings| settings.config.allow_origins.extend(origins.texts(Token)))
    }

    /// Allows origins by regular expression, in union with the list. Default: none. Each call adds.
    ///
    /// The whole origin must match, as with Python's `re.fullmatch`. Matching takes time linear in
    /// the length of an origin. An expression that Python's `re` and Rust's `regex` do not read
    /// alike is an error that says what to write (difference D8). In a build without the feature
    /// `regex` every expression is an error that says to enable it.
    ///
    /// Source: Starlette, `allow_origin_regex`; Python's [`re`](https://docs.python.org/3/library/re.html).
    ///
    /// ```
    /// # #[cfg(feature = "regex")] {
    /// # use tower_cors::CorsLayer;
    /// let policy = CorsLayer::new()
    ///     .allow_origin_regex(r"https://pr-\d+\.preview\.example\.com")
    ///     .build()?;
    /// assert!(policy.allows_origin("https://pr-7.preview.example.com"));
    /// assert!(!policy.allows_origin("https://pr-7.preview.example.com.evil.example"));
    /// # }
    /// # Ok::<(), tower_cors::ConfigError>(())
    /// ```
    #[cfg_attr(docsrs, doc(cfg(feature = "regex")))]
    pub fn allow_origin_regex(self, regex: impl AsRef<str>) -> Self {
        self.edit(|settings| settings.config.allow_origin_regex.push(regex.as_ref().to_owned()))
    }

    /// Allows methods. Default: `GET`. The first call replaces the default, each further call adds.
    ///
    /// A preflight's method must be listed to the letter; `GET`, `HEAD` and `POST` are no exception,
    /// though browsers send those without asking unless the request has unusual headers. `*` or
    /// [`Any`] stands for Starlette's eight: `DELETE`, `GET`, `HEAD`, `OPTIONS`, `PATCH`, `POST`,
    /// `PUT`, `QUERY`; methods of your own may stand beside it. Sent as
    /// `Access-Control-Allow-Methods`, on preflights.
    ///
    /// `QUERY` is a safe method with a body (RFC 10008). Fetch does not count it among the methods that
    /// need no preflight, so list it where pages send it.
    ///
    /// Accepts what [`Values`] lists. `get` for `GET` is an error: methods are case-sensitive.
    ///
    /// Sources: Fetch, ["CORS-preflight fetch"](https://fetch.spec.whatwg.org/#cors-preflight-fetch-0); Starlette, `allow_methods`. MDN:
    /// [`Access-Control-Allow-Methods`](https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/Access-Control-Allow-Methods).
    ///
    /// ```
    /// # use tower_cors::CorsLayer;
    /// use http::Method;
    ///
    /// let policy = CorsLayer::new()
    ///     .allow_origins(["https://example.com"])
    ///     .allow_methods([Method::GET, Method::PUT])
    ///     .build()?;
    /// assert!(policy.check("https://example.com", "PUT", &[]).is_ok());
    /// # Ok::<(), tower_cors::ConfigError>(())
    /// ```
    #[doc(alias("AllowMethods", "exact", "list"))]
    pub fn allow_methods<Form>(self, methods: impl Values<Form>) -> Self {
        self.edit(|settings| settings.add_methods(methods.texts(Token)))
    }

    /// Allows request headers, beside `Accept`, `Accept-Language`, `Content-Language` and
    /// `Content-Type`, which always are. Default: none more. Each call adds.
    ///
    /// Every header that a preflight asks for must be listed, in any letter case. `*` or [`Any`]
    /// allows what is asked for, by naming it, so it covers `Authorization` too. `x-amz-meta-*` is a
    /// prefix: it allows every name that begins with `x-amz-meta-` and goes on, and names those that
    /// are asked for behind the list. A prefix is two characters or more and `-*`; a `*` elsewhere in a
    /// name is an error. Sent as `Access-Control-Allow-Headers`, on preflights.
    ///
    /// Accepts what [`Values`] lists.
    ///
    /// Sources: Fetch, ["CORS-preflight fetch"](https://fetch.spec.whatwg.org/#cors-preflight-fetch-0); Starlette, `allow_headers`; prefixes are this
    /// crate's own (difference D11). MDN: [`Access-Control-Allow-Headers`](https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/Access-Control-Allow-Headers).
    ///
    /// ```
    /// # use tower_cors::CorsLayer;
    /// use http::header;
    ///
    /// let policy = CorsLayer::new()
    ///     .allow_origins(["https://example.com"])
    ///     .allow_headers([header::AUTHORIZATION])
    ///     .allow_headers(["x-token", "x-amz-meta-*"])
    ///     .build()?;
    /// assert!(policy.check("https://example.com", "GET", &["authorization", "x-token"]).is_ok());
    /// assert!(policy.check("https://example.com", "GET", &["x-amz-meta-author"]).is_ok());
    /// # Ok::<(), tower_cors::ConfigError>(())
    /// ```
    #[doc(alias("AllowHeaders", "list", "mirror_request"))]
    pub fn allow_headers<Form>(self, names: impl Values<Form>) -> Self {
        self.edit(|settings| settings.config.allow_headers.extend(names.texts(Token)))
    }

    /// Lets scripts read response headers. Default: none beside those that Fetch always exposes
    /// (`Cache-Control`, `Content-Type` and five more). Each call adds.
    ///
    /// `*` or [`Any`] exposes all. With credentials browsers would look for a header called `*`, so the
    /// layer writes the names out that the response has when it passes; on a 304 it writes nothing, since
    /// the browser keeps those of the stored response. Names that layers outside of this one add stand
    /// beside `*`: `["*", "x-request-id"]` (difference D12). Sent as `Access-Control-Expose-Headers` on
    /// actual responses to allowed origins.
    ///
    /// Accepts what [`Values`] lists. `Set-Cookie` is only noted: no script can ever read it. There are
    /// no prefixes here, and `upload-*` is an error: a server knows its own names, and `*` exposes all of
    /// them.
    ///
    /// Sources: Fetch, ["CORS-safelisted response-header name"](https://fetch.spec.whatwg.org/#cors-safelisted-response-header-name); Starlette,
    /// `expose_headers`. MDN: [`Access-Control-Expose-Headers`](https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/Access-Control-Expose-Headers).
    ///
    /// ```
    /// # use tower_cors::CorsLayer;
    /// use http::header;
    ///
    /// let layer = CorsLayer::new()
    ///     .allow_origins(["https://example.com"])
    ///     .expose_headers([header::ETAG, header::LOCATION]);
    /// # layer.build().unwrap();
    /// ```
    #[doc(alias("ExposeHeaders", "list"))]
    pub fn expose_headers<Form>(self, names: impl Values<Form>) -> Self {
        self.edit(|settings| settings.config.expose_headers.extend(names.texts(Token)))
    }

    /// Lets browsers send cookies and other credentials, and pages read what comes back. Default:
    /// `false`.
    ///
    /// A Bearer token that a script puts into `Authorization` is no credential in this sense: it
    /// needs `allow_headers(["authorization"])` and not this. Sent as
    /// `Access-Control-Allow-Credentials: true`, only ever beside an allowed origin on actual
    /// responses.
    ///
    /// Sources: Fetch, ["CORS protocol and credentials"](https://fetch.spec.whatwg.org/#cors-protocol-and-credentials); Starlette,
    /// `allow_credentials`. MDN: [`Access-Control-Allow-Credentials`](https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/Access-Control-Allow-Credentials).
    ///
    /// ```
    /// # use tower_cors::CorsLayer;
    /// let layer = CorsLayer::new().allow_origins("https://app.example.com").allow_credentials(true);
    /// assert!(layer.build().is_ok());
    /// // Any website could send requests as your logged-in user.
    /// let layer = CorsLayer::new().allow_origins("*").allow_credentials(true);
    /// assert!(layer.build().is_err());
    /// ```
    #[doc(alias("AllowCredentials", "yes"))]
    pub fn allow_credentials(self, allow: bool) -> Self {
        self.edit(|settings| settings.config.allow_credentials = allow)
    }

    /// Lets public pages reach this private network. Default: `false`, and a preflight that asks for
    /// it is refused.
    ///
    /// For parity with Starlette: no browser of 2026 sends `Access-Control-Request-Private-Network`;
    /// Chromium asks its user instead: [`guide::local_network`](crate::guide::local_network).
    ///
    /// Source: Starlette, `allow_private_network`;
    /// [Private Network Access](https://wicg.github.io/private-network-access/).
    ///
    /// ```
    /// # use tower_cors::CorsLayer;
    /// let layer = CorsLayer::new().allow_origins("https://app.example.com").allow_private_network(true);
    /// # layer.build().unwrap();
    /// ```
    #[doc(alias("AllowPrivateNetwork", "yes"))]
    pub fn allow_private_network(self, allow: bool) -> Self {
        self.edit(|settings| settings.config.allow_private_network = allow)
    }

    /// How long browsers may keep a preflight's answer, in whole seconds. Default: 600 seconds.
    ///
    /// Accepts seconds, a `Duration`, or `Option<Duration>`. Zero turns keeping off, which FastAPI users
    /// mean by `-1`; `None` omits `Access-Control-Max-Age`, and browsers keep the answer for 5 seconds.
    /// Firefox keeps it for 86,400 seconds at most, Chromium for 7,200, Safari for 600. A fraction of a
    /// second is an error.
    ///
    /// Sources: Fetch, ["CORS-preflight cache"](https://fetch.spec.whatwg.org/#concept-cache); Starlette, `max_age`. MDN:
    /// [`Access-Control-Max-Age`](https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/Access-Control-Max-Age).
    ///
    /// ```
    /// # use tower_cors::CorsLayer;
    /// use std::time::Duration;
    ///
    /// let layer = CorsLayer::new().max_age(3600);
    /// let layer = layer.max_age(Duration::from_secs(3600));
    /// let layer = layer.max_age(None);
    /// # layer.build().unwrap();
    /// ```
    #[doc(alias("MaxAge", "exact"))]
    pub fn max_age(self, max_age: impl MaxAge) -> Self {
        let max_age = max_age.duration(Token);
        self.edit(|settings| {
            settings.config.max_age = max_age.map(|max_age| max_age.as_secs());
            settings.fractional_max_age = max_age.filter(|max_age| max_age.subsec_nanos() != 0);
        })
    }

    /// Validates the settings and makes the policy.
    ///
    /// With the feature `tracing` each warning and each note is an event, once.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] with every error at once.
    ///
    /// ```
    /// # use tower_cors::CorsLayer;
    /// let error = CorsLayer::new().allow_origins("https://example.com/").allow_methods("get").build().unwrap_err();
    /// assert_eq!(error.diagnostics().len(), 2);
    /// ```
    pub fn build(&self) -> Result<CorsPolicy, ConfigError> {
        if let Some(policy) = self.0.policy.get() {
            return Ok(policy.clone());
        }
        let policy = CorsPolicy::compile(self.0.settings.clone())?;
        // Another thread may have been first; its policy is the one to share.
        let kept = self.0.policy.get_or_init(|| {
            #[cfg(feature = "tracing")]
            crate::events::built(&policy);
            policy
        });
        Ok(kept.clone())
    }

    #[track_caller]
    fn with(settings: Arc<Settings>, policy: OnceLock<CorsPolicy>) -> Self {
        Self(Arc::new(Shared { settings, caller: Location::caller(), policy }))
    }

    fn edit(self, change: impl FnOnce(&mut Settings)) -> Self {
        let caller = self.0.caller;
        // A chain of verbs owns its settings, so nothing is copied until a clone is edited.
        let mut settings = match Arc::try_unwrap(self.0) {
            Ok(shared) => {
                drop(shared.policy);
                shared.settings
            }
            Err(shared) => shared.settings.clone(),
        };
        change(Arc::make_mut(&mut settings));
        Self(Arc::new(Shared { settings, caller, policy: OnceLock::new() }))
    }
}
