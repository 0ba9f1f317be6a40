//! The settings that Starlette has not.

use std::sync::Arc;

use http::StatusCode;

use super::CorsLayer;
use crate::{
    diagnostic::Risk,
    policy::{enforce::EnforceOrigin, inner::InnerHeaders, origin::set::Predicate},
    settings::preset::Preset,
    values::{Values, sealed::Token},
};

impl CorsLayer {
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
    /// Source: this crate's own; Fetch, ["`Origin` header"](https://fetch.spec.whatwg.org/#origin-header).
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

    /// Allows any method that a preflight asks for, and names that one in
    /// `Access-Control-Allow-Methods`. Default: off; [`Any`](crate::Any) is Starlette's eight methods.
    ///
    /// What is asked for must be a token ([RFC 9110, section 9.1](https://www.rfc-editor.org/rfc/rfc9110#section-9.1)). A later call of another verb does not switch it off;
    /// [`CorsConfig::mirror_methods`](crate::CorsConfig::mirror_methods) does, in the settings of a policy that has it:
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
    /// 200 to 299; browsers accept each of them. 204 and 205 have no body. A refused preflight is a 400
    /// in any case. Any other status is an error of `build()`.
    ///
    /// Source: Fetch, ["CORS-preflight fetch"](https://fetch.spec.whatwg.org/#cors-preflight-fetch-0), step 7, and "ok status".
    ///
    /// ```
    /// # use tower_cors::CorsLayer;
    /// let layer = CorsLayer::new().preflight_status(http::StatusCode::NO_CONTENT);
    /// assert!(layer.build().is_ok());
    /// assert!(layer.preflight_status(http::StatusCode::FOUND).build().is_err());
    /// ```
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
    /// Source: Fetch, ["CORS-preflight fetch"](https://fetch.spec.whatwg.org/#cors-preflight-fetch-0), step 7.
    ///
    /// ```
    /// # use tower_cors::CorsLayer;
    /// let layer = CorsLayer::new().allow_origins("https://app.example.com").browser_diagnostics(true);
    /// # layer.build().unwrap();
    /// ```
    pub fn browser_diagnostics(self, on: bool) -> Self {
        self.edit(|settings| settings.config.browser_diagnostics = on)
    }

    /// Sends `Access-Control-Allow-Origin: *` on every actual response, with or without Origin, and
    /// no `Vary: Origin`, so that caches keep one response for all. Default: `false`, as Starlette.
    ///
    /// It is an error unless any origin is allowed, without credentials, and nothing is enforced.
    ///
    /// Source: Fetch, ["CORS protocol and HTTP caches"](https://fetch.spec.whatwg.org/#cors-protocol-and-http-caches). MDN:
    /// [`Vary`](https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/Vary).
    ///
    /// ```
    /// # use tower_cors::CorsLayer;
    /// let layer = CorsLayer::new().allow_origins("*").constant_wildcard(true);
    /// assert!(layer.build().is_ok());
    /// assert!(layer.allow_credentials(true).build().is_err());
    /// ```
    pub fn constant_wildcard(self, on: bool) -> Self {
        self.edit(|settings| settings.config.constant_wildcard = on)
    }

    /// Adds the methods, request headers and exposed headers that a protocol's browser clients need,
    /// as if by calling the list verbs. Default: none. Each call adds. Each [`Preset`] names the source of its lists.
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
    /// Sources: [RFC 6455, section 10.2](https://www.rfc-editor.org/rfc/rfc6455#section-10.2);
    /// [RFC 8441](https://www.rfc-editor.org/rfc/rfc8441) for HTTP/2;
    /// [W3C Fetch Metadata](https://www.w3.org/TR/fetch-metadata/).
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
    /// Sources: Starlette, `TrustedHostMiddleware`; [RFC 9110, section 7.2](https://www.rfc-editor.org/rfc/rfc9110#section-7.2).
    /// MDN: [`Host`](https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/Host).
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
    /// the feature `tracing` it is an event. Use it to try a guard on real traffic first.
    ///
    /// Source: this crate's own, as Content Security Policy's report-only mode.
    ///
    /// ```
    /// # use tower_cors::CorsLayer;
    /// use tower_cors::EnforceOrigin;
    ///
    /// let layer = CorsLayer::new()
    ///     .allow_origins("https://app.example.com")
    ///     .enforce_origin(EnforceOrigin::StateChanging)
    ///     .report_only(true);
    /// # layer.build().unwrap();
    /// ```
    pub fn report_only(self, on: bool) -> Self {
        self.edit(|settings| settings.config.report_only = on)
    }

    /// What becomes of the `Access-Control` headers that the inner service set. Default:
    /// [`InnerHeaders::Replace`], as Starlette.
    ///
    /// With [`InnerHeaders::Keep`] an upstream or a route decides by itself. With [`InnerHeaders::Remove`]
    /// only this layer decides.
    ///
    /// Source: this crate's own; Fetch, ["HTTP responses"](https://fetch.spec.whatwg.org/#http-responses).
    ///
    /// ```
    /// # use tower_cors::CorsLayer;
    /// use tower_cors::InnerHeaders;
    ///
    /// let layer = CorsLayer::new()
    ///     .allow_origins("https://app.example.com")
    ///     .inner_headers(InnerHeaders::Remove);
    /// # layer.build().unwrap();
    /// ```
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
    /// Sources: [Resource Timing](https://www.w3.org/TR/resource-timing/), "`Timing-Allow-Origin` response header"; Fetch,
    /// ["TAO check"](https://fetch.spec.whatwg.org/#concept-tao-check). MDN: [`Timing-Allow-Origin`](https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/Timing-Allow-Origin).
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
    /// [`CorsPolicy::diagnostics`](crate::CorsPolicy::diagnostics) remains for each value that is tolerated.
    ///
    /// Source: this crate's own (difference D5).
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
}
