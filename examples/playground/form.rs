//! What the page sends and gets: a policy, a request, and the crate's report on the policy.

use serde::Deserialize;
use serde_json::{Value, json};
use tower_cors::{ConfigError, CorsConfig, CorsLayer, CorsPolicy, Diagnostic, Severity};

use crate::tabs::{Answer, Front};
use crate::{code, python};

/// The body of `/control/apply`. The policy is read by the crate's own `serde` support.
#[derive(Deserialize)]
pub(crate) struct Apply {
    pub(crate) tab: Option<String>,
    pub(crate) policy: CorsConfig,
    pub(crate) request: Asked,
}

/// The request that the page will send, and what it meets.
#[derive(Clone, Deserialize)]
pub(crate) struct Asked {
    pub(crate) origin: String,
    pub(crate) method: String,
    /// Lines of `Name: value`.
    pub(crate) headers: Vec<String>,
    /// `credentials: "include"`.
    pub(crate) credentials: bool,
    pub(crate) answer: Answer,
    pub(crate) front: Front,
}

/// The body of `/control/exchanges`.
#[derive(Deserialize)]
pub(crate) struct Exchanges {
    pub(crate) tab: String,
    pub(crate) run: u64,
}

/// What the crate says about a configuration, and the configuration as code.
pub(crate) fn report(
    config: &CorsConfig,
    built: &Result<CorsPolicy, ConfigError>,
    asked: &Asked,
) -> Value {
    let (error, said) = match built {
        Ok(policy) => (None, policy.diagnostics()),
        Err(error) => (Some(error.to_string()), error.diagnostics()),
    };
    // A danger that is tolerated stands with the warnings.
    let is_note = |one: &&Diagnostic| one.severity() == Severity::Note && one.risk().is_none();
    let is_error = |one: &&Diagnostic| one.severity() == Severity::Error;
    let all = |is: &dyn Fn(&&Diagnostic) -> bool| -> Value {
        said.iter().filter(|one| is(one)).map(diagnostic).collect()
    };
    json!({
        "error": error,
        "errors": all(&is_error),
        "warnings": all(&|one| !is_error(one) && !is_note(one)),
        "notes": all(&is_note),
        "rust": code::rust(config, asked),
        "python": python::code(config, asked),
    })
}

pub(crate) fn build(config: &CorsConfig) -> Result<CorsPolicy, ConfigError> {
    CorsLayer::from(config.clone()).build()
}

fn diagnostic(one: &Diagnostic) -> Value {
    json!({
        "text": one.to_string(),
        "setting": one.setting().name(),
        "value": one.value(),
        "write": one.suggestion(),
        "risk": one.risk().map(|risk| format!("{risk:?}")),
    })
}
