//! `CorsConfig`: what the person said, in FastAPI's words; `Settings`: that and the predicates.

#[cfg(feature = "serde")]
mod deserialize;

use std::{fmt, sync::Arc, time::Duration};

use crate::risk::Risk;

/// The settings of a policy as plain data, under FastAPI's argument names.
///
/// [`CorsLayer::from`](crate::CorsLayer) makes a layer of it, [`CorsPolicy::config`] gives it back.
/// Predicates are the one thing it cannot hold. A key is the builder call's name, a [`Risk`] its name
/// as text. With the feature `serde` it is read from and
/// written to any format; lists may then also be one comma-separated text, as environment variables
/// have them, unknown keys are refused and errors name the key.
///
/// ```
/// use tower_cors::{CorsConfig, CorsLayer};
///
/// let mut config = CorsConfig::default();
/// config.allow_origins = vec!["https://app.example.com".into()];
/// config.allow_credentials = true;
/// let policy = CorsLayer::from(config).build()?;
/// assert!(policy.allows_origin("https://app.example.com"));
/// # Ok::<(), tower_cors::ConfigError>(())
/// ```
///
/// [`CorsPolicy::config`]: crate::CorsPolicy::config
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct CorsConfig {
    /// [`CorsLayer::allow_origins`](crate::CorsLayer::allow_origins). Default: none.
    pub allow_origins: Vec<String>,
    /// [`CorsLayer::allow_origin_regex`], each on its own. Default: none. In every build; without the
    /// feature `regex` an entry is a fault.
    ///
    /// [`CorsLayer::allow_origin_regex`]: crate::CorsLayer#method.allow_origin_regex
    pub allow_origin_regex: Vec<String>,
    /// [`CorsLayer::allow_methods`](crate::CorsLayer::allow_methods). Default: `GET`.
    pub allow_methods: Vec<String>,
    /// [`CorsLayer::allow_headers`](crate::CorsLayer::allow_headers). Default: none beside the four
    /// that are always allowed.
    pub allow_headers: Vec<String>,
    /// [`CorsLayer::allow_credentials`](crate::CorsLayer::allow_credentials). Default: `false`.
    pub allow_credentials: bool,
    /// [`CorsLayer::allow_private_network`](crate::CorsLayer::allow_private_network). Default: `false`.
    pub allow_private_network: bool,
    /// [`CorsLayer::expose_headers`](crate::CorsLayer::expose_headers). Default: none.
    pub expose_headers: Vec<String>,
    /// [`CorsLayer::max_age`](crate::CorsLayer::max_age) in seconds; `None` omits the header.
    /// Default: 600.
    #[cfg_attr(feature = "serde", serde(serialize_with = "deserialize::serialize_max_age"))]
    pub max_age: Option<u64>,
    /// [`CorsLayer::mirror_methods`](crate::CorsLayer::mirror_methods). Default: `false`.
    pub mirror_methods: bool,
    /// [`CorsLayer::preflight_status`](crate::CorsLayer::preflight_status). Default: 200.
    pub preflight_status: u16,
    /// [`CorsLayer::browser_diagnostics`](crate::CorsLayer::browser_diagnostics). Default: `false`.
    pub browser_diagnostics: bool,
    /// [`CorsLayer::constant_wildcard`](crate::CorsLayer::constant_wildcard). Default: `false`.
    pub constant_wildcard: bool,
    /// [`CorsLayer::preset`](crate::CorsLayer::preset), each in turn. Default: none. A layer made of
    /// the configuration holds the names in the lists, and no preset any more.
    pub preset: Vec<Preset>,
    /// [`CorsLayer::enforce_origin`](crate::CorsLayer::enforce_origin). Default: nothing.
    pub enforce_origin: EnforceOrigin,
    /// [`CorsLayer::tolerate`](crate::CorsLayer::tolerate), each in turn. Default: none.
    pub tolerate: Vec<Risk>,
}

impl Default for CorsConfig {
    fn default() -> Self {
        Self {
            allow_origins: Vec::new(),
            allow_origin_regex: Vec::new(),
            allow_methods: vec!["GET".to_owned()],
            allow_headers: Vec::new(),
            allow_credentials: false,
            allow_private_network: false,
            expose_headers: Vec::new(),
            max_age: Some(600),
            mirror_methods: false,
            preflight_status: 200,
            browser_diagnostics: false,
            constant_wildcard: false,
            preset: Vec::new(),
            enforce_origin: EnforceOrigin::Nothing,
            tolerate: Vec::new(),
        }
    }
}

/// Which requests of origins that are not allowed are refused instead of carried out.
///
/// CORS itself stops no request, and WebSockets are outside it; see
/// [`CorsLayer::enforce_origin`](crate::CorsLayer::enforce_origin).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum EnforceOrigin {
    /// None, as in CORS itself.
    #[default]
    Nothing,
    /// WebSocket handshakes.
    WebSockets,
    /// Every actual request, WebSocket handshakes included.
    ///
    /// Chromium and Firefox send `Origin: null` with every image and script of a sandboxed frame, so
    /// those are refused too.
    AllRequests,
}

impl EnforceOrigin {
    #[cfg(feature = "serde")]
    pub(crate) const ALL: [Self; 3] = [Self::Nothing, Self::WebSockets, Self::AllRequests];
}

/// The names that a protocol's browser clients need.
///
/// `preset(p)` is short for calling `allow_methods`, `allow_headers` and `expose_headers` with those
/// names that are not listed yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Preset {
    /// gRPC-Web: `POST`; `Content-Type`, `X-Grpc-Web`, `X-User-Agent`, `Grpc-Timeout`; exposes
    /// `Grpc-Status`, `Grpc-Message`, `Grpc-Status-Details-Bin`.
    ///
    /// Sources: the gRPC-Web protocol (`PROTOCOL-WEB.md`: `X-Grpc-Web`, `X-User-Agent`, content
    /// types), gRPC over HTTP/2 (`PROTOCOL-HTTP2.md`: `Grpc-Timeout`, `Grpc-Status`, `Grpc-Message`),
    /// gRPC's richer error model (`Grpc-Status-Details-Bin`).
    GrpcWeb,
    /// Connect: `GET`, `POST`; `Content-Type`, `Connect-Protocol-Version`, `Connect-Timeout-Ms`,
    /// `X-User-Agent`; exposes nothing, for errors are in the body.
    ///
    /// Source: the Connect protocol reference and its CORS page. Applications that read `Trailer-…`
    /// headers or metadata of their own add those to `expose_headers`.
    Connect,
}

impl Preset {
    #[cfg(feature = "serde")]
    pub(crate) const ALL: [Self; 2] = [Self::GrpcWeb, Self::Connect];

    pub(crate) fn methods(self) -> &'static [&'static str] {
        match self {
            Self::GrpcWeb => &["POST"],
            Self::Connect => &["GET", "POST"],
        }
    }

    pub(crate) fn request_headers(self) -> &'static [&'static str] {
        match self {
            Self::GrpcWeb => &["Content-Type", "X-Grpc-Web", "X-User-Agent", "Grpc-Timeout"],
            Self::Connect => {
                &["Content-Type", "Connect-Protocol-Version", "Connect-Timeout-Ms", "X-User-Agent"]
            }
        }
    }

    pub(crate) fn exposed_headers(self) -> &'static [&'static str] {
        match self {
            Self::GrpcWeb => &["Grpc-Status", "Grpc-Message", "Grpc-Status-Details-Bin"],
            Self::Connect => &[],
        }
    }
}

/// A closure of [`CorsLayer::allow_origin_if`](crate::CorsLayer::allow_origin_if).
#[derive(Clone)]
pub(crate) struct Predicate(pub(crate) Arc<dyn Fn(&str) -> bool + Send + Sync>);

impl fmt::Debug for Predicate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<fn>")
    }
}

/// Everything that the builder was told.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    pub(crate) config: CorsConfig,
    pub(crate) predicates: Vec<Predicate>,
    /// A `max_age` with a fraction of a second; `config` has no room for it, `build()` names it.
    pub(crate) fractional_max_age: Option<Duration>,
    /// `allow_methods` is still FastAPI's default, which the first call replaces.
    pub(crate) default_methods: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            config: CorsConfig::default(),
            predicates: Vec::new(),
            fractional_max_age: None,
            default_methods: true,
        }
    }
}

impl From<CorsConfig> for Settings {
    fn from(mut config: CorsConfig) -> Self {
        let presets = std::mem::take(&mut config.preset);
        let mut settings = Self { config, default_methods: false, ..Self::default() };
        presets.into_iter().for_each(|preset| settings.add_preset(preset));
        settings
    }
}

impl Settings {
    pub(crate) fn add_methods(&mut self, methods: impl IntoIterator<Item: AsRef<str>>) {
        if std::mem::take(&mut self.default_methods) {
            self.config.allow_methods.clear();
        }
        add(&mut self.config.allow_methods, methods);
    }

    pub(crate) fn add_preset(&mut self, preset: Preset) {
        let absent = |list: &[String], names: &'static [&'static str]| {
            let listed: Vec<_> = list.iter().map(|name| name.to_ascii_lowercase()).collect();
            names.iter().filter(move |name| !listed.contains(&name.to_ascii_lowercase()))
        };
        let replaced: &[String] =
            if self.default_methods { &[] } else { &self.config.allow_methods };
        let methods: Vec<_> = absent(replaced, preset.methods()).collect();
        self.add_methods(methods);
        let headers = absent(&self.config.allow_headers, preset.request_headers());
        add(&mut self.config.allow_headers, headers);
        let exposed = absent(&self.config.expose_headers, preset.exposed_headers());
        add(&mut self.config.expose_headers, exposed);
    }
}

/// Adds items to a list of the configuration.
pub(crate) fn add(list: &mut Vec<String>, items: impl IntoIterator<Item: AsRef<str>>) {
    list.extend(items.into_iter().map(|item| item.as_ref().to_owned()));
}
