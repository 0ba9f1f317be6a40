//! Turns settings into rules, with all diagnostics and all header values.

use std::sync::Arc;

use http::StatusCode;

use super::{
    Settings,
    config::CorsConfig,
    dangers::{self, Expression},
    headers, hosts,
    lists::{self, rendered},
    methods,
    origins::{self, Entry},
    standard::LONGEST_MAX_AGE,
};
use crate::{
    diagnostic::{ConfigError, Detail, Diagnostic, Kind, Setting, Severity},
    policy::{
        enforce::EnforceOrigin,
        extras::Extras,
        origin::{regex::OriginRegex, set::OriginSet},
        rules::{Origins, Rules},
    },
};

/// The rules, and the warnings and notes of settings that build.
pub(crate) fn compile(settings: &Settings) -> Result<(Rules, Vec<Diagnostic>), ConfigError> {
    let mut found = Vec::new();
    let rules = rules(settings, &mut found);
    check_suggestions(settings, &mut found);
    ConfigError::unless_sound(&found)?;
    Ok((rules, found))
}

/// For use only if no error was found.
fn rules(settings: &Settings, found: &mut Vec<Diagnostic>) -> Rules {
    let config = &settings.config;
    let origins = allowed_origins(settings, found);
    let methods = methods::compile(config, found);
    let headers = headers::compile_allowed(config, found);
    let (expose, writes_names) = headers::compile_exposed(config, found);
    let rules = Rules {
        methods,
        headers,
        credentials: config.allow_credentials,
        private_network: config.allow_private_network,
        expose: expose.map(Arc::new),
        max_age: max_age(settings, found).map(|seconds| rendered(seconds.to_string())),
        success: preflight_status(config, found),
        browser_diagnostics: config.browser_diagnostics,
        constant: config.constant_wildcard,
        enforce: config.enforce_origin,
        hosts: hosts::compile(settings, found),
        report_only: config.report_only,
        extras: Extras::new(config.inner_headers, writes_names, config.timing_allow_origin),
        origins,
    };
    conflicts(config, &rules, found);
    rules
}

fn allowed_origins(settings: &Settings, found: &mut Vec<Diagnostic>) -> Origins {
    let config = &settings.config;
    let items = lists::items(Setting::AllowOrigins, &config.allow_origins, found);
    let mut any = false;
    let (mut listed, mut patterns) = (Vec::new(), Vec::new());
    for item in &items {
        match origins::read(item) {
            Ok(Entry::Any) => any = true,
            Ok(Entry::Listed(origin)) => listed.push(origin),
            Ok(Entry::Pattern(pattern)) => patterns.push(pattern),
            Err(error) => found.push(error),
        }
        found.extend(origins::foreign_scheme(item));
    }
    let (expressions, union) = regexes(config, found);
    let has_regex = config.allow_origin_regex.iter().any(|regex| !regex.trim().is_empty());
    let computed = has_regex || !settings.predicates.is_empty();
    if items.is_empty() && !computed {
        found.push(Diagnostic::note(Setting::AllowOrigins, Kind::NoOrigins));
    }
    if any && (computed || items.iter().any(|item| *item != "*")) {
        found.push(Diagnostic::warning(Setting::AllowOrigins, Kind::BesideAny));
    }
    dangers::judge(settings, any, &items, &expressions, found);
    if any {
        return Origins::Any;
    }
    Origins::Set(OriginSet::new(listed, patterns, union, settings.predicates.clone()))
}

/// The reach of each valid expression, for the dangers, and one matcher for all.
#[cfg(feature = "regex")]
fn regexes<'a>(
    config: &'a CorsConfig,
    found: &mut Vec<Diagnostic>,
) -> (Vec<Expression<'a>>, Option<OriginRegex>) {
    use super::regex::{self, Read};

    let (mut expressions, mut automata) = (Vec::new(), Vec::new());
    for text in lists::items(Setting::AllowOriginRegex, &config.allow_origin_regex, found) {
        match regex::read(text) {
            Ok(Read { parsed, automaton, reach }) => {
                expressions.push(Expression { text, reach });
                automata.push((parsed, automaton));
            }
            Err(error) => found.push(error),
        }
    }
    let union = if automata.is_empty() { None } else { Some(OriginRegex::new(automata)) };
    (expressions, union)
}

#[cfg(not(feature = "regex"))]
fn regexes<'a>(
    config: &'a CorsConfig,
    found: &mut Vec<Diagnostic>,
) -> (Vec<Expression<'a>>, Option<OriginRegex>) {
    let setting = Setting::AllowOriginRegex;
    for text in lists::items(setting, &config.allow_origin_regex, found) {
        found.push(Diagnostic::error(setting, Kind::RegexWithoutFeature).of(text));
    }
    (Vec::new(), None)
}

/// Removes each suggestion that would be refused as a danger of this policy, and reports that danger
/// instead: a correction of `https://*.vercel.app/` does not build beside credentials.
fn check_suggestions(settings: &Settings, found: &mut Vec<Diagnostic>) {
    let mut dangers = Vec::new();
    for diagnostic in found.iter_mut() {
        let Some((setting, suggested)) = diagnostic.suggested() else { continue };
        let mut config = CorsConfig {
            allow_headers: settings.config.allow_headers.clone(),
            allow_credentials: settings.config.allow_credentials,
            enforce_origin: settings.config.enforce_origin,
            tolerate: settings.config.tolerate.clone(),
            ..CorsConfig::default()
        };
        match setting {
            Setting::AllowOrigins => config.allow_origins = suggested,
            Setting::AllowOriginRegex => config.allow_origin_regex = suggested,
            Setting::AllowHosts => config.allow_hosts = suggested,
            _ => continue,
        }
        let alone = Settings { config, source: settings.source, ..Settings::default() };
        let mut said = Vec::new();
        rules(&alone, &mut said);
        said.retain(|one| one.risk().is_some() && one.severity() == Severity::Error);
        if said.is_empty() {
            continue;
        }
        diagnostic.withdraw_suggestion();
        // What only warns still builds, and a value of another setting is only an idea.
        if diagnostic.severity() == Severity::Error && diagnostic.setting() == setting {
            dangers.append(&mut said);
        }
    }
    found.extend(dangers);
}

fn preflight_status(config: &CorsConfig, found: &mut Vec<Diagnostic>) -> StatusCode {
    match StatusCode::from_u16(config.preflight_status) {
        Ok(status) if status.is_success() => status,
        _ => {
            let error = Diagnostic::error(Setting::PreflightStatus, Kind::PreflightStatus);
            found.push(error.of(config.preflight_status.to_string()));
            StatusCode::OK
        }
    }
}

fn max_age(settings: &Settings, found: &mut Vec<Diagnostic>) -> Option<u64> {
    let max_age = settings.config.max_age;
    if let Some(fraction) = settings.fractional_max_age {
        let seconds = fraction.as_secs().saturating_add(1);
        let error = Diagnostic::error(Setting::MaxAge, Kind::FractionalMaxAge);
        let suggestion = Some(format!("Duration::from_secs({seconds})"));
        found.push(error.of(format!("{fraction:?}")).suggest(suggestion));
    }
    if let Some(seconds) = max_age.filter(|seconds| *seconds > LONGEST_MAX_AGE) {
        found.push(Diagnostic::note(Setting::MaxAge, Kind::LongMaxAge).of(seconds.to_string()));
    }
    max_age
}

/// Settings that conflict, or have no effect together.
fn conflicts(config: &CorsConfig, rules: &Rules, found: &mut Vec<Diagnostic>) {
    let any = matches!(rules.origins, Origins::Any);
    let enforces = config.enforce_origin != EnforceOrigin::Nothing;
    if enforces && any {
        found.push(Diagnostic::note(Setting::EnforceOrigin, Kind::NothingToEnforce));
    }
    let obstacles = [
        (!any, Setting::AllowOrigins),
        (config.allow_credentials, Setting::AllowCredentials),
        (enforces, Setting::EnforceOrigin),
    ];
    for (stands, setting) in obstacles {
        if config.constant_wildcard && stands {
            let error = Diagnostic::error(Setting::ConstantWildcard, Kind::Conflict);
            found.push(error.of("true").with(Detail::Setting(setting)));
        }
    }
    let mut methods = config.allow_methods.iter().map(|method| method.trim());
    let is_get_alone = methods.clone().any(|method| method == "GET")
        && methods.all(|method| matches!(method, "GET" | ""));
    // Browsers send a preflight before a POST with this header, so POST must be listed.
    if is_get_alone
        && !config.mirror_methods
        && config.allow_headers.iter().any(|name| name.trim().eq_ignore_ascii_case("content-type"))
    {
        found.push(Diagnostic::warning(Setting::AllowMethods, Kind::OnlyGet));
    }
}
