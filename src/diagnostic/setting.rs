//! `Setting`: the settings by name.

use std::fmt;

/// A setting. Its name is the builder call and the key in a configuration file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
#[allow(missing_docs, reason = "each is the builder call of its name")]
pub enum Setting {
    AllowOrigins,
    AllowOriginRegex,
    AllowOriginIf,
    AllowMethods,
    AllowHeaders,
    AllowCredentials,
    AllowPrivateNetwork,
    ExposeHeaders,
    MaxAge,
    MirrorMethods,
    PreflightStatus,
    BrowserDiagnostics,
    ConstantWildcard,
    EnforceOrigin,
    AllowHosts,
    ReportOnly,
    InnerHeaders,
    TimingAllowOrigin,
    First,
}

impl Setting {
    /// The name of the builder call and of the key: `allow_origins`, ...
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::AllowOrigins => "allow_origins",
            Self::AllowOriginRegex => "allow_origin_regex",
            Self::AllowOriginIf => "allow_origin_if",
            Self::AllowMethods => "allow_methods",
            Self::AllowHeaders => "allow_headers",
            Self::AllowCredentials => "allow_credentials",
            Self::AllowPrivateNetwork => "allow_private_network",
            Self::ExposeHeaders => "expose_headers",
            Self::MaxAge => "max_age",
            Self::MirrorMethods => "mirror_methods",
            Self::PreflightStatus => "preflight_status",
            Self::BrowserDiagnostics => "browser_diagnostics",
            Self::ConstantWildcard => "constant_wildcard",
            Self::EnforceOrigin => "enforce_origin",
            Self::AllowHosts => "allow_hosts",
            Self::ReportOnly => "report_only",
            Self::InnerHeaders => "inner_headers",
            Self::TimingAllowOrigin => "timing_allow_origin",
            Self::First => "first",
        }
    }
}

impl fmt::Display for Setting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
