//! `ConfigError`: why settings do not build.

use thiserror::Error;

use super::{
    diagnosis::{Diagnostic, Severity},
    text,
};

/// Every error in the settings, in the order of the settings.
///
/// Prints one error per line, with the builder call, the value and the fix.
///
/// ```
/// use tower_cors::CorsLayer;
///
/// let error = CorsLayer::new()
///     .allow_origins(["https://example.com/"])
///     .allow_methods(["get"])
///     .build()
///     .unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "the CORS configuration has 2 errors:\n\
///      - allow_origins(\"https://example.com/\"): an origin has no path; write \"https://example.com\"\n\
///      - allow_methods(\"get\"): methods are case-sensitive; write \"GET\""
/// );
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{}", text::config_error(diagnostics))]
pub struct ConfigError {
    /// Invariant: never empty, and each has the severity error.
    diagnostics: Vec<Diagnostic>,
}

impl ConfigError {
    /// `Err` with the errors among the diagnostics, if there are any.
    pub(crate) fn unless_sound(found: &[Diagnostic]) -> Result<(), Self> {
        let is_error = |diagnostic: &&Diagnostic| diagnostic.severity() == Severity::Error;
        let mut diagnostics: Vec<Diagnostic> = Vec::new();
        for error in found.iter().filter(is_error) {
            // An item that is listed twice is reported once.
            if !diagnostics.contains(error) {
                diagnostics.push(error.clone());
            }
        }
        if diagnostics.is_empty() { Ok(()) } else { Err(Self { diagnostics }) }
    }

    /// The errors, marked with the index of their policy.
    pub(crate) fn in_policy(self, index: usize) -> impl Iterator<Item = Diagnostic> {
        self.diagnostics.into_iter().map(move |diagnostic| diagnostic.in_policy(index))
    }

    /// The errors, at least one.
    #[must_use]
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }
}
