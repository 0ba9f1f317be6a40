//! `CorsConfig`: the settings as plain data, under FastAPI's argument names.

use super::preset::Preset;
use crate::{
    diagnostic::Risk,
    policy::{enforce::EnforceOrigin, inner::InnerHeaders},
};

/// The settings of a policy as plain data, under FastAPI's argument names.
///
/// [`CorsLayer::from`](crate::CorsLayer) makes a layer of it, [`CorsPolicy::config`] gives it back.
/// It cannot hold predicates. A key is the name of the builder call, and a [`Risk`] is its name as
/// text. With the feature `serde` it is read from and written to any format. Then a list may also
/// be one comma-separated text, as in environment variables. Unknown keys are refused, and errors
/// name the key.
///
/// For a policy per origin, use a list of these:
/// [`PerRequestLayer::first`](crate::PerRequestLayer::first).
///
/// Fields may be added in later versions, so a literal does not compile outside of this crate.
/// Start with the default, or with [`CorsPolicy::config`] of a policy, and assign the fields that
/// differ:
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
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default, deny_unknown_fields))]
#[non_exhaustive]
pub struct CorsConfig {
    /// [`CorsLayer::allow_origins`](crate::CorsLayer::allow_origins). Default: none.
    #[cfg_attr(feature = "serde", serde(deserialize_with = "super::serde::list"))]
    pub allow_origins: Vec<String>,
    /// [`CorsLayer::allow_origin_regex`], one expression per entry. Default: none. Without the
    /// feature `regex` the field exists, and each entry is an error.
    ///
    /// [`CorsLayer::allow_origin_regex`]: crate::CorsLayer#method.allow_origin_regex
    #[cfg_attr(feature = "serde", serde(deserialize_with = "super::serde::one_or_more"))]
    pub allow_origin_regex: Vec<String>,
    /// [`CorsLayer::allow_methods`](crate::CorsLayer::allow_methods). Default: `GET`.
    #[cfg_attr(feature = "serde", serde(deserialize_with = "super::serde::list"))]
    pub allow_methods: Vec<String>,
    /// [`CorsLayer::allow_headers`](crate::CorsLayer::allow_headers). Default: none. Four more are
    /// always allowed.
    #[cfg_attr(feature = "serde", serde(deserialize_with = "super::serde::list"))]
    pub allow_headers: Vec<String>,
    /// [`CorsLayer::allow_credentials`](crate::CorsLayer::allow_credentials). Default: `false`.
    #[cfg_attr(feature = "serde", serde(deserialize_with = "super::serde::plain"))]
    pub allow_credentials: bool,
    /// [`CorsLayer::allow_private_network`](crate::CorsLayer::allow_private_network). Default: `false`.
    #[cfg_attr(feature = "serde", serde(deserialize_with = "super::serde::plain"))]
    pub allow_private_network: bool,
    /// [`CorsLayer::expose_headers`](crate::CorsLayer::expose_headers). Default: none.
    #[cfg_attr(feature = "serde", serde(deserialize_with = "super::serde::list"))]
    pub expose_headers: Vec<String>,
    /// [`CorsLayer::max_age`](crate::CorsLayer::max_age) in seconds; `None` omits the header.
    /// Default: 600.
    #[cfg_attr(feature = "serde", serde(with = "super::serde::max_age"))]
    pub max_age: Option<u64>,
    /// [`CorsLayer::mirror_methods`](crate::CorsLayer::mirror_methods). Default: `false`.
    #[cfg_attr(feature = "serde", serde(deserialize_with = "super::serde::plain"))]
    pub mirror_methods: bool,
    /// [`CorsLayer::preflight_status`](crate::CorsLayer::preflight_status). Default: 200.
    #[cfg_attr(feature = "serde", serde(deserialize_with = "super::serde::plain"))]
    pub preflight_status: u16,
    /// [`CorsLayer::browser_diagnostics`](crate::CorsLayer::browser_diagnostics). Default: `false`.
    #[cfg_attr(feature = "serde", serde(deserialize_with = "super::serde::plain"))]
    pub browser_diagnostics: bool,
    /// [`CorsLayer::constant_wildcard`](crate::CorsLayer::constant_wildcard). Default: `false`.
    #[cfg_attr(feature = "serde", serde(deserialize_with = "super::serde::plain"))]
    pub constant_wildcard: bool,
    /// [`CorsLayer::preset`](crate::CorsLayer::preset), each in turn. Default: none. A layer made
    /// from the configuration has the names in its lists and an empty `preset`.
    #[cfg_attr(feature = "serde", serde(deserialize_with = "super::serde::words"))]
    pub preset: Vec<Preset>,
    /// [`CorsLayer::enforce_origin`](crate::CorsLayer::enforce_origin). Default: `Nothing`.
    pub enforce_origin: EnforceOrigin,
    /// [`CorsLayer::allow_hosts`](crate::CorsLayer::allow_hosts). Default: an empty list, which
    /// allows every host.
    #[cfg_attr(feature = "serde", serde(deserialize_with = "super::serde::list"))]
    pub allow_hosts: Vec<String>,
    /// [`CorsLayer::report_only`](crate::CorsLayer::report_only). Default: `false`.
    #[cfg_attr(feature = "serde", serde(deserialize_with = "super::serde::plain"))]
    pub report_only: bool,
    /// [`CorsLayer::inner_headers`](crate::CorsLayer::inner_headers). Default: `Replace`.
    pub inner_headers: InnerHeaders,
    /// [`CorsLayer::timing_allow_origin`](crate::CorsLayer::timing_allow_origin). Default: `false`.
    #[cfg_attr(feature = "serde", serde(deserialize_with = "super::serde::plain"))]
    pub timing_allow_origin: bool,
    /// [`CorsLayer::tolerate`](crate::CorsLayer::tolerate), each in turn. Default: none.
    #[cfg_attr(feature = "serde", serde(deserialize_with = "super::serde::words"))]
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
            allow_hosts: Vec::new(),
            report_only: false,
            inner_headers: InnerHeaders::Replace,
            timing_allow_origin: false,
            tolerate: Vec::new(),
        }
    }
}
