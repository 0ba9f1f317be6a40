//! `Diagnostic`: one error, warning or note about a configuration.

use super::{danger_text::Danger, kind::Kind, risk::Risk, setting::Setting};

/// How much a [`Diagnostic`] matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Severity {
    /// It works, but a part has no effect. With the feature `tracing` it is an event at level info.
    Note,
    /// It works, but was probably not intended. With the feature `tracing` it is an event at level
    /// warn.
    Warning,
    /// It cannot work, or is dangerous: [`build`](crate::CorsLayer::build) fails.
    Error,
}

/// One error, warning or note about a configuration.
///
/// Prints as `setting("value"): what is wrong; what to write`. The methods give the parts to
/// programs, such as a settings page with its own texts.
///
/// ```
/// use tower_cors::{CorsLayer, Severity};
///
/// let policy = CorsLayer::new()
///     .allow_origins(["https://app.example.com"])
///     .allow_methods(["GET", "DELTE"])
///     .build()?;
/// let [warning] = policy.diagnostics() else { panic!("one warning") };
/// assert_eq!(warning.severity(), Severity::Warning);
/// assert_eq!(warning.setting().name(), "allow_methods");
/// assert_eq!(warning.value(), Some("DELTE"));
/// assert_eq!(warning.suggestion(), Some("DELETE"));
/// # Ok::<(), tower_cors::ConfigError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    severity: Severity,
    setting: Setting,
    value: Option<String>,
    kind: Kind,
    suggestion: Option<String>,
    risk: Option<Risk>,
    policy: Option<usize>,
    detail: Detail,
}

/// What the text needs in addition to the kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Detail {
    None,
    /// The sentence, where it depends on more than the kind.
    Text(String),
    /// The items, if one text has several.
    Items(Vec<String>),
    /// The setting that conflicts.
    Setting(Setting),
}

impl Diagnostic {
    pub(crate) fn new(severity: Severity, setting: Setting, kind: Kind) -> Self {
        Self {
            severity,
            setting,
            value: None,
            kind,
            suggestion: None,
            risk: None,
            policy: None,
            detail: Detail::None,
        }
    }

    pub(crate) fn error(setting: Setting, kind: Kind) -> Self {
        Self::new(Severity::Error, setting, kind)
    }

    pub(crate) fn warning(setting: Setting, kind: Kind) -> Self {
        Self::new(Severity::Warning, setting, kind)
    }

    pub(crate) fn note(setting: Setting, kind: Kind) -> Self {
        Self::new(Severity::Note, setting, kind)
    }

    pub(crate) fn of(mut self, value: impl Into<String>) -> Self {
        self.value = Some(value.into());
        self
    }

    /// The value to write instead. The caller has checked that it builds and means the same.
    pub(crate) fn suggest(mut self, suggestion: Option<String>) -> Self {
        self.suggestion = suggestion;
        self
    }

    /// The index of the policy, where there are several.
    pub(crate) fn in_policy(mut self, index: usize) -> Self {
        self.policy = Some(index);
        self
    }

    pub(crate) fn with(mut self, detail: Detail) -> Self {
        self.detail = detail;
        self
    }

    /// A danger: an error, or a note if it is tolerated.
    pub(crate) fn danger(danger: &Danger<'_>) -> Self {
        let kind = match danger.risk {
            Risk::AnyOrigin => Kind::AnyOrigin,
            Risk::NullOrigin => Kind::NullOrigin,
        };
        let severity = if danger.is_tolerated() { Severity::Note } else { Severity::Error };
        Self {
            risk: Some(danger.risk),
            detail: Detail::Text(danger.text()),
            ..Self::new(severity, danger.setting, kind)
        }
    }

    /// Error, warning or note.
    #[must_use]
    pub fn severity(&self) -> Severity {
        self.severity
    }

    /// The setting that this is about.
    #[must_use]
    pub fn setting(&self) -> Setting {
        self.setting
    }

    /// The value that this is about, as given. `None` for a predicate or a whole setting.
    #[must_use]
    pub fn value(&self) -> Option<&str> {
        self.value.as_deref()
    }

    /// What is wrong, as a value.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The value to write instead. It is checked: it builds, and it matches what the value was
    /// meant to match.
    #[must_use]
    pub fn suggestion(&self) -> Option<&str> {
        self.suggestion.as_deref()
    }

    /// The danger, if this reports one. [`tolerate`](crate::CorsLayer::tolerate) accepts it.
    #[must_use]
    pub fn risk(&self) -> Option<Risk> {
        self.risk
    }

    /// The index of the policy, where [several](crate::PerRequestLayer::first) are configured
    /// together. The index counts from 0, the text from 1.
    #[must_use]
    pub fn policy(&self) -> Option<usize> {
        self.policy
    }

    /// The values that the text says to write, and the setting for them.
    pub(crate) fn suggested(&self) -> Option<(Setting, Vec<String>)> {
        match (&self.suggestion, &self.detail) {
            (Some(suggestion), _) => Some((self.setting, vec![suggestion.clone()])),
            (None, Detail::Items(items)) => Some((self.setting, items.clone())),
            (None, Detail::Text(pattern)) if self.kind == Kind::OtherOriginSetting => {
                Some((Setting::AllowOrigins, vec![pattern.clone()]))
            }
            (None, _) => None,
        }
    }

    pub(crate) fn withdraw_suggestion(&mut self) {
        self.suggestion = None;
        if matches!(self.detail, Detail::Items(_)) || self.kind == Kind::OtherOriginSetting {
            self.detail = Detail::None;
        }
    }

    pub(crate) fn detail(&self) -> &Detail {
        &self.detail
    }
}
