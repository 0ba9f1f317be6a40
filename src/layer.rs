//! `CorsLayer`: the builder, and the layer that serves what was built.

use std::{
    fmt,
    panic::Location,
    sync::{Arc, OnceLock},
};

use http::StatusCode;
use tower_layer::Layer;

use crate::{
    cors_policy::CorsPolicy,
    diagnostic::{ConfigError, Risk},
    policy::{enforce::EnforceOrigin, inner::InnerHeaders, origin::set::Predicate},
    service::{Cors, Source},
    settings::{self, Settings, config::CorsConfig, preset::Preset},
    values::{Any, MaxAge, Values, sealed::Token},
};

/// CORS for any Tower service, built with FastAPI's settings.
///
/// The verbs never fail; [`build`](Self::build) reports every mistake. `layer()` builds too, once,
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
/// A clone shares the settings and what was built of them, and costs one reference count. The verbs
/// leave other clones as they are.
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
    /// credentials, else the origin of the request. Every response carries `Vary: Origin`.
    ///
    /// Accepts one value, any iterator of texts, and [`Any`]; [`Values`] lists the forms. What browsers never send (a path, a
    /// trailing slash, upper case, a default port, ...) is an error that says what to write. Blanks around items and
    /// empty items are ignored, so one environment variable is one line (difference D15).
    ///
    /// Sources: Fetch, "`Origin` header" and "CORS check"; Starlette, `allow_origins`; patterns are
    /// this crate's own.
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
    /// Source: Starlette, `allow_origin_regex`.
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

    /// Allows the origins that a predicate accepts, in union with the list. Default: none. Each call
    /// adds.
    ///
    /// The predicate has one argument, the origin as `&str`: it sees nothing else, so that `Vary: Origin` stays the
    /// truth. A predicate of tower-http, `|origin, _parts| ..`, becomes `|origin| ..`; what depends on other parts of
    /// a request is a [`PerRequestLayer`](crate::PerRequestLayer). It is asked only for well-formed origins, `null`
    /// included. It runs within requests, so it should be quick and must
    /// not block. With credentials or enforcement `build()` asks it for origins of strangers, to find
    /// out whether it accepts any.
    ///
    /// ```
    /// # use tower_cors::CorsLayer;
    /// let policy = CorsLayer::new()
    ///     .allow_origin_if(|origin| origin.starts_with("https://branch-") && origin.ends_with(".example.com"))
    ///     .build()?;
    /// assert!(policy.allows_origin("https://branch-7.example.com"));
    /// # Ok::<(), tower_cors::ConfigError>(())
    /// ```
    #[doc(alias("predicate", "allow_origin_predicate"))]
    pub fn allow_origin_if(self, predicate: impl Fn(&str) -> bool + Send + Sync + 'static) -> Self {
        self.edit(|settings| settings.predicates.push(Predicate(Arc::new(predicate))))
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
    /// Sources: Fetch, "CORS-preflight fetch"; Starlette, `allow_methods`.
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
    /// Sources: Fetch, "CORS-preflight fetch"; Starlette, `allow_headers`; prefixes are this crate's
    /// own (difference D11).
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
    /// Sources: Fetch, "CORS-safelisted response-header name"; Starlette, `expose_headers`.
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
    /// Sources: Fetch, "CORS protocol and credentials"; Starlette, `allow_credentials`.
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
    /// Source: Starlette, `allow_private_network`.
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
    /// Sources: Fetch, "CORS-preflight fetch"; Starlette, `max_age`.
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

    /// Allows any method that a preflight asks for, and names that one in
    /// `Access-Control-Allow-Methods`. Default: off; [`Any`] is Starlette's eight methods.
    ///
    /// What is asked for must be a token (RFC 9110, section 9.1). A later call of another verb does not switch it off;
    /// [`CorsConfig::mirror_methods`] does, in the settings of a policy that has it:
    ///
    /// ```
    /// # use tower_cors::CorsLayer;
    /// let mut config = CorsLayer::permissive().build()?.config().clone();
    /// config.mirror_methods = false;
    /// let policy = CorsLayer::from(config).build()?;
    /// assert!(policy.check("https://example.com", "PURGE", &[]).is_err());
    /// # Ok::<(), tower_cors::ConfigError>(())
    /// ```
    #[doc(alias("mirror_request", "AllowMethods"))]
    pub fn mirror_methods(self) -> Self {
        self.edit(|settings| settings.config.mirror_methods = true)
    }

    /// The status of a preflight that passes. Default: 200, with the body `OK`.
    ///
    /// 200 to 299; browsers take them alike. 204 and 205 have no body. A refused preflight is a 400
    /// in any case.
    pub fn preflight_status(self, status: StatusCode) -> Self {
        self.edit(|settings| settings.config.preflight_status = status.as_u16())
    }

    /// Lets browser consoles name the method or header that a preflight was refused for. Default:
    /// `false`.
    ///
    /// A preflight that fails with 400 makes every browser say only that the status is not ok. With
    /// this, a refusal that the browser makes by itself from the headers (the origin, a method other
    /// than `GET`, `HEAD` and `POST`, a header) is answered 200 with the full lists; the body still
    /// says what was refused. Nothing more is allowed than before: what only the status can refuse
    /// stays 400.
    ///
    /// Source: Fetch, "CORS-preflight fetch", step 7.
    pub fn browser_diagnostics(self, on: bool) -> Self {
        self.edit(|settings| settings.config.browser_diagnostics = on)
    }

    /// Sends `Access-Control-Allow-Origin: *` on every actual response, with or without Origin, and
    /// no `Vary: Origin`, so that caches keep one response for all. Default: `false`, as Starlette.
    ///
    /// A fault unless any origin is allowed, without credentials, and nothing is enforced.
    ///
    /// Source: Fetch, "CORS protocol and HTTP caches".
    pub fn constant_wildcard(self, on: bool) -> Self {
        self.edit(|settings| settings.config.constant_wildcard = on)
    }

    /// Adds the methods, request headers and exposed headers that a protocol's browser clients need,
    /// as if by calling the list verbs. Default: none. Each call adds.
    ///
    /// ```
    /// # use tower_cors::CorsLayer;
    /// use tower_cors::Preset;
    ///
    /// let policy = CorsLayer::new()
    ///     .allow_origins(["https://app.example.com"])
    ///     .preset(Preset::GrpcWeb)
    ///     .build()?;
    /// assert!(policy.check("https://app.example.com", "POST", &["content-type", "x-grpc-web"]).is_ok());
    /// # Ok::<(), tower_cors::ConfigError>(())
    /// ```
    pub fn preset(self, preset: Preset) -> Self {
        self.edit(|settings| settings.add_preset(preset))
    }

    /// Refuses requests of origins that are not allowed, with 403, before they are carried out.
    /// Default: [`EnforceOrigin::Nothing`], as in CORS itself.
    ///
    /// CORS stops no request and does not cover WebSockets: any page can open a socket, or post a
    /// form, with its visitor's cookies. [`EnforceOrigin`] says which requests are checked. Of those,
    /// these pass, in this order:
    ///
    /// 1. An Origin that the policy allows.
    /// 2. With `Sec-Fetch-Site`, which no script can set: `same-origin` and `none`, where there is no
    ///    Origin, or it is `null`, or it is the request's own host. All other values are refused.
    /// 3. Without it: a request without Origin. An `https` or `wss` Origin whose host and port are the
    ///    request's own. An `http` or `ws` one only if its host cannot be rebound: it is in
    ///    [`allow_hosts`](Self::allow_hosts), or is an IP address or `localhost`.
    ///
    /// It is no guard against clients that are no browsers, nor against requests without Origin and
    /// `Sec-Fetch-Site`. A page under a rebound DNS name sends neither header with a `GET`, so only
    /// `allow_hosts` stops it from reading.
    ///
    /// Your own site must be listed behind a proxy that rewrites Host: `X-Forwarded-*` is never read.
    /// Forms that other sites are meant to post, such as SAML's, need a policy of their own by path.
    /// [`guide::enforcement`](crate::guide::enforcement) has the recipe, the levels, and what they leave
    /// open.
    ///
    /// Preflights are answered as ever. The 403 carries the text `Disallowed CORS origin`, `Vary`,
    /// `Cache-Control: no-store` and the [`Refusal`](crate::Refusal) in its extensions. An open or `null`
    /// origin is a [`Risk`] here too.
    ///
    /// Sources: RFC 6455, section 10.2; RFC 8441 for HTTP/2; W3C Fetch Metadata.
    ///
    /// ```
    /// # use tower_cors::CorsLayer;
    /// use tower_cors::EnforceOrigin;
    ///
    /// let layer = CorsLayer::new()
    ///     .allow_origins("https://app.example.com")
    ///     .allow_hosts(["api.example.com", "localhost:8000"])
    ///     .enforce_origin(EnforceOrigin::StateChanging);
    /// # layer.build().unwrap();
    /// ```
    pub fn enforce_origin(self, enforce: EnforceOrigin) -> Self {
        self.edit(|settings| settings.config.enforce_origin = enforce)
    }

    /// Answers 400 to requests for other hosts than these, before anything else. Default: every host
    /// is allowed. Each call adds.
    ///
    /// | item | allows |
    /// | --- | --- |
    /// | `api.example.com` | that host at any port |
    /// | `localhost:8000` | that host at that port |
    /// | `*.example.com` | every subdomain at any depth, not `example.com` itself |
    ///
    /// The host is the URI's, else that of the one Host line; letter case does not matter. It stops
    /// DNS rebinding: a page under a name of its own that resolves to this server. `*` and wildcards
    /// under public suffixes are [`Risk::AnyOrigin`]. Health checks of load balancers often use an
    /// address as Host: list it, or give their path a policy of its own with
    /// [`PerRequestLayer`](crate::PerRequestLayer).
    ///
    /// Source: Starlette, `TrustedHostMiddleware`.
    ///
    /// ```
    /// # use tower_cors::CorsLayer;
    /// let layer = CorsLayer::new()
    ///     .allow_origins("https://app.example.com")
    ///     .allow_hosts(["api.example.com", "localhost:8000"]);
    /// # layer.build().unwrap();
    /// ```
    #[doc(alias = "allowed_hosts")]
    pub fn allow_hosts<Form>(self, hosts: impl Values<Form>) -> Self {
        self.edit(|settings| settings.config.allow_hosts.extend(hosts.texts(Token)))
    }

    /// Reports what [`enforce_origin`](Self::enforce_origin) and [`allow_hosts`](Self::allow_hosts)
    /// would refuse, and carries it out. Default: `false`.
    ///
    /// The inner service finds the [`Refusal`](crate::Refusal) in the extensions of the request; with
    /// the feature `tracing` it is an event. To try a guard on real traffic first.
    pub fn report_only(self, on: bool) -> Self {
        self.edit(|settings| settings.config.report_only = on)
    }

    /// What becomes of the `Access-Control` headers that the inner service set. Default:
    /// [`InnerHeaders::Replace`], as Starlette.
    ///
    /// [`InnerHeaders::Keep`] lets an upstream or a route decide by itself, [`InnerHeaders::Remove`]
    /// lets nobody but this layer.
    pub fn inner_headers(self, inner: InnerHeaders) -> Self {
        self.edit(|settings| settings.config.inner_headers = inner)
    }

    /// Lets pages of allowed origins see how long a response took, in `PerformanceResourceTiming`.
    /// Default: `false`.
    ///
    /// Sends `Timing-Allow-Origin` beside `Access-Control-Allow-Origin`, with the same value, so it goes
    /// to allowed origins only. Images, scripts and stylesheets are requested without an Origin unless
    /// their element has the attribute `crossorigin`; without it they get the header only under
    /// [`constant_wildcard`](Self::constant_wildcard). Timing can tell what is in a cache, and whether a
    /// visitor is logged in.
    ///
    /// Sources: Resource Timing, "`Timing-Allow-Origin` response header"; Fetch, "TAO check".
    ///
    /// ```
    /// # use tower_cors::CorsLayer;
    /// let layer = CorsLayer::new()
    ///     .allow_origins(["https://app.example.com"])
    ///     .timing_allow_origin(true);
    /// # layer.build().unwrap();
    /// ```
    pub fn timing_allow_origin(self, allow: bool) -> Self {
        self.edit(|settings| settings.config.timing_allow_origin = allow)
    }

    /// Accepts a danger that `build()` would refuse. Default: none. Each call adds. A note of
    /// [`CorsPolicy::diagnostics`] remains for each value that is tolerated.
    ///
    /// ```
    /// # use tower_cors::{Any, CorsLayer};
    /// use tower_cors::Risk;
    ///
    /// let layer = CorsLayer::new().allow_origins(Any).allow_credentials(true);
    /// assert!(layer.build().is_err());
    /// assert!(layer.tolerate(Risk::AnyOrigin).build().is_ok());
    /// ```
    pub fn tolerate(self, risk: Risk) -> Self {
        self.edit(|settings| settings.config.tolerate.push(risk))
    }

    /// Validates the settings and makes the policy.
    ///
    /// With the feature `tracing` each risk is a warning and each note an info event, once.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] with every fault at once.
    pub fn build(&self) -> Result<CorsPolicy, ConfigError> {
        if let Some(policy) = self.0.policy.get() {
            return Ok(policy.clone());
        }
        let policy = CorsPolicy::compile(self.0.settings.clone())?;
        // Another thread may have been first; its policy is the one to share.
        let kept = self.0.policy.get_or_init(|| policy);
        #[cfg(feature = "tracing")]
        crate::events::built(kept);
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
/// `layer` panics on settings that do not build, with [`ConfigError`]'s text and the place of the
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
