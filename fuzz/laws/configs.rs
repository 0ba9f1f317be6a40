//! Laws of settings, whether they build or not.

use tower_cors::{CorsConfig, CorsLayer, CorsPolicy, Diagnostic, Risk, Setting, Severity};

use super::{
    Reached,
    meant::Meant,
    transcript::{blocks, config},
};

/// Arbitrary settings never panic; what a diagnostic suggests builds, and matches what was meant; and what builds with
/// credentials does not allow `null` unless that is tolerated.
pub(crate) fn settings_are_judged(data: &[u8]) -> Reached {
    let config = config(&blocks(data).next().unwrap_or_default());
    let mut reached = survives(&config);
    let (diagnostics, policy) = match CorsLayer::from(config).build() {
        Ok(policy) => (policy.diagnostics().to_vec(), Some(policy)),
        Err(error) => {
            assert!(!error.diagnostics().is_empty());
            let is_error = |one: &Diagnostic| one.severity() == Severity::Error;
            assert!(error.diagnostics().iter().all(is_error), "{error}");
            (error.diagnostics().to_vec(), None)
        }
    };
    for diagnostic in diagnostics {
        assert!(diagnostic.to_string().starts_with(diagnostic.setting().name()), "{diagnostic}");
        reached.push(match diagnostic.severity() {
            Severity::Error => "error",
            Severity::Warning => "warning",
            _ => "note",
        });
        reached.extend(diagnostic.risk().map(|risk| match risk {
            Risk::AnyOrigin => "any origin",
            _ => "null origin",
        }));
        reached.extend(suggestion_is_meant(&diagnostic));
    }
    if let Some(policy) = policy {
        reached.push("builds");
        let config = policy.config();
        let is_trusting = config.allow_credentials || config.enforce_origin != Default::default();
        let tolerates = |risk| config.tolerate.contains(&risk);
        if is_trusting && !tolerates(Risk::NullOrigin) && !tolerates(Risk::AnyOrigin) {
            assert!(!policy.allows_origin("null"), "{config:?}");
            reached.push("nothing is tolerated");
        }
    }
    reached
}

fn suggestion_is_meant(diagnostic: &Diagnostic) -> Option<&'static str> {
    let suggestion = diagnostic.suggestion()?;
    let (layer, reached) = match diagnostic.setting() {
        Setting::AllowOrigins => (CorsLayer::new().allow_origins([suggestion]), "origin suggested"),
        Setting::AllowMethods => (CorsLayer::new().allow_methods([suggestion]), "method suggested"),
        Setting::AllowHeaders => (CorsLayer::new().allow_headers([suggestion]), "header suggested"),
        Setting::ExposeHeaders => {
            (CorsLayer::new().expose_headers([suggestion]), "exposed suggested")
        }
        Setting::AllowHosts => (CorsLayer::new().allow_hosts([suggestion]), "host suggested"),
        Setting::AllowOriginRegex => {
            (CorsLayer::new().allow_origin_regex(suggestion), "regex suggested")
        }
        other => panic!("{other} suggests {suggestion:?}"),
    };
    // Whether it is dangerous, too, is another diagnostic.
    let policy = layer
        .tolerate(Risk::AnyOrigin)
        .build()
        .unwrap_or_else(|error| panic!("{diagnostic}: {error}"));
    if diagnostic.setting() == Setting::AllowOrigins {
        matches_what_is_meant(diagnostic, &policy);
    }
    Some(reached)
}

/// By the reading of tests/diagnostics/meant.rs: of origins of the web, whose probes are others' for certain. Of what
/// nearly says http both readings guess, and tests/diagnostics has rows.
fn matches_what_is_meant(diagnostic: &Diagnostic, policy: &CorsPolicy) {
    let Some(value) = diagnostic.value() else { return };
    let scheme = value.split_once("://").map(|(scheme, _)| scheme.trim().to_ascii_lowercase());
    if scheme.is_some_and(|scheme| !["http", "https"].contains(&&*scheme)) {
        return;
    }
    let Some(meant) = Meant::by(value) else { return };
    let Meant::One { scheme, host, .. } = &meant else { return };
    if !["http", "https"].contains(&&**scheme) || !host.contains('.') {
        return;
    }
    for (origin, is_meant) in meant.probes() {
        assert_eq!(policy.allows_origin(&origin), is_meant, "{diagnostic}: {origin}, {meant:?}");
    }
}

/// A configuration in JSON, as a file has it.
pub(crate) fn configs_survive(data: &[u8]) -> Reached {
    match serde_json::from_slice::<CorsConfig>(data) {
        Ok(config) => survives(&config),
        Err(_) => vec!["not read"],
    }
}

/// What is written is read as the same, and a policy gives back what it was built from.
fn survives(config: &CorsConfig) -> Reached {
    let written = serde_json::to_string(config).expect("a configuration can be written");
    let read: CorsConfig = serde_json::from_str(&written).expect("it can be read again");
    assert_eq!(&read, config, "{written}");
    match (CorsLayer::from(read).build(), CorsLayer::from(config.clone()).build()) {
        (Ok(policy), Ok(same)) => {
            assert_eq!(policy.diagnostics(), same.diagnostics());
            // Its presets are names in the lists by now.
            let again = CorsLayer::from(policy.config().clone()).build();
            let again = again.unwrap_or_else(|error| panic!("{:?}: {error}", policy.config()));
            assert_eq!(again.config(), policy.config());
            vec!["read", "read and builds"]
        }
        (Err(error), Err(same)) => {
            assert_eq!(error.to_string(), same.to_string());
            vec!["read", "read and does not build"]
        }
        (one, other) => panic!("{one:?} and {other:?}"),
    }
}
