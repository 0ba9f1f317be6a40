//! What the page sends and gets: a policy, a request, and the crate's report on the policy.

use serde::Deserialize;
use serde_json::{Value, json};
use tower_cors::{
    ConfigError, CorsConfig, CorsLayer, CorsPolicy, Diagnostic, PerRequestLayer, Severity,
};

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
    /// Whether a second policy lets any other page read, without cookies.
    pub(crate) others: bool,
}

/// The body of `/control/exchanges`.
#[derive(Deserialize)]
pub(crate) struct Exchanges {
    pub(crate) tab: String,
    pub(crate) run: u64,
}

/// The policies, the narrow one first.
pub(crate) fn configs(config: CorsConfig, asked: &Asked) -> Vec<CorsConfig> {
    if !asked.others {
        return vec![config];
    }
    let mut public = CorsConfig::default();
    public.allow_origins = vec!["*".to_owned()];
    // The guards must be the same in all policies.
    public.allow_hosts = config.allow_hosts.clone();
    public.enforce_origin = config.enforce_origin;
    public.report_only = config.report_only;
    vec![config, public]
}

pub(crate) fn build(configs: &[CorsConfig]) -> Result<Vec<CorsPolicy>, ConfigError> {
    if let [_, _, ..] = configs {
        PerRequestLayer::try_from(configs.to_vec()).map(drop)?;
    }
    configs.iter().map(|config| CorsLayer::from(config.clone()).build()).collect()
}

/// What the crate says about the policies, and the policies as code.
pub(crate) fn report(
    configs: &[CorsConfig],
    built: &Result<Vec<CorsPolicy>, ConfigError>,
    asked: &Asked,
) -> Value {
    let (error, said): (_, Vec<_>) = match built {
        Ok(policies) => (None, policies.iter().flat_map(|policy| policy.diagnostics()).collect()),
        Err(error) => (Some(error.to_string()), error.diagnostics().iter().collect()),
    };
    // A danger that is tolerated stands with the warnings.
    let is_note = |one: &Diagnostic| one.severity() == Severity::Note && one.risk().is_none();
    let is_error = |one: &Diagnostic| one.severity() == Severity::Error;
    let all = |is: &dyn Fn(&Diagnostic) -> bool| -> Value {
        said.iter().copied().filter(|one| is(one)).map(diagnostic).collect()
    };
    json!({
        "error": error,
        "errors": all(&is_error),
        "warnings": all(&|one| !is_error(one) && !is_note(one)),
        "notes": all(&is_note),
        "rust": code::rust(configs, asked),
        "python": python::code(&configs[0], asked),
    })
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
