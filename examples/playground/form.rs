//! What the page sends and is told of it: a policy in FastAPI's words, and the crate's report.

use serde::Deserialize;
use serde_json::{Value, json};
use tower_cors::{
    ConfigError, CorsConfig, CorsLayer, CorsPolicy, Diagnostic, EnforceOrigin, Preset, Risk,
    Severity,
};

use crate::code;
use crate::tabs::{Answer, Front};

/// The body of `/control/check`.
#[derive(Deserialize)]
pub(crate) struct Check {
    pub(crate) policy: Settings,
}

/// The body of `/control/apply`.
#[derive(Deserialize)]
pub(crate) struct Apply {
    pub(crate) tab: Option<String>,
    pub(crate) policy: Settings,
    pub(crate) front: Front,
    pub(crate) answer: Answer,
}

/// The body of `/control/exchanges`.
#[derive(Deserialize)]
pub(crate) struct Exchanges {
    pub(crate) tab: String,
    pub(crate) run: u64,
}

/// `CorsConfig` as the page writes it. The crate's own `serde` support reads the same; done by hand,
/// the playground needs no feature.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Settings {
    allow_origins: Vec<String>,
    allow_origin_regex: Vec<String>,
    allow_methods: Vec<String>,
    allow_headers: Vec<String>,
    expose_headers: Vec<String>,
    allow_credentials: bool,
    allow_private_network: bool,
    max_age: Option<u64>,
    mirror_methods: bool,
    preflight_status: u16,
    browser_diagnostics: bool,
    constant_wildcard: bool,
    preset: Vec<String>,
    enforce_origin: String,
    tolerate: Vec<String>,
}

impl From<Settings> for CorsConfig {
    fn from(settings: Settings) -> Self {
        let mut config = Self::default();
        config.allow_origins = settings.allow_origins;
        config.allow_origin_regex = settings.allow_origin_regex;
        config.allow_methods = settings.allow_methods;
        config.allow_headers = settings.allow_headers;
        config.expose_headers = settings.expose_headers;
        config.allow_credentials = settings.allow_credentials;
        config.allow_private_network = settings.allow_private_network;
        config.max_age = settings.max_age;
        config.mirror_methods = settings.mirror_methods;
        config.preflight_status = settings.preflight_status;
        config.browser_diagnostics = settings.browser_diagnostics;
        config.constant_wildcard = settings.constant_wildcard;
        config.preset = chosen(&[Preset::GrpcWeb, Preset::Connect], &settings.preset);
        let enforced = [EnforceOrigin::WebSockets, EnforceOrigin::AllRequests];
        config.enforce_origin =
            chosen(&enforced, &[settings.enforce_origin]).pop().unwrap_or_default();
        let risks = [Risk::AnyOrigin, Risk::NullOrigin];
        config.tolerate = chosen(&risks, &settings.tolerate);
        config
    }
}

/// Those whose Rust names were given.
fn chosen<T: Copy + std::fmt::Debug>(all: &[T], names: &[String]) -> Vec<T> {
    all.iter().copied().filter(|one| names.contains(&format!("{one:?}"))).collect()
}

/// What the crate says to a configuration, and the configuration as code.
pub(crate) fn report(config: &CorsConfig, built: &Result<CorsPolicy, ConfigError>) -> Value {
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
    let faults = all(&is_error);
    let risks = all(&|one| !is_error(one) && !is_note(one));
    let notes = all(&is_note);
    json!({
        "error": error,
        "faults": faults,
        "risks": risks,
        "notes": notes,
        "rust": code::rust(config),
        "python": code::python(config),
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
