//! Settings into rules: every fault, risk and note gathered, every value rendered (cold).

use std::collections::HashSet;

use bytes::Bytes;
use http::{HeaderValue, StatusCode};

use super::{
    config::{CorsConfig, EnforceOrigin, Predicate, Settings},
    dangers,
    names::AllowedNames,
    origin::{
        OriginSet,
        regex::OriginRegex,
        validate::{self, Entry},
    },
    rules::{Headers, Methods, Origins, Rules},
    spelling::{likely_name, method_problem, name_problem},
    standard::{
        ALL_METHODS, ALL_METHODS_VALUE, FORBIDDEN_METHODS, FORBIDDEN_REQUEST_HEADERS,
        LONGEST_MAX_AGE, SAFELISTED_HEADERS, SAFELISTED_HEADERS_VALUE, SAFELISTED_RESPONSE_HEADERS,
        UNREADABLE_HEADERS,
    },
};
use crate::{
    error::{ConfigError, Fault},
    note::Note,
    risk::RiskReport,
};

/// What `build()` made of settings.
#[derive(Debug)]
pub(crate) struct Compiled {
    pub(crate) rules: Rules,
    /// Invariant: those that are refused are tolerated.
    pub(crate) reports: Vec<RiskReport>,
    pub(crate) notes: Vec<Note>,
}

pub(crate) fn compile(settings: &Settings) -> Result<Compiled, ConfigError> {
    let mut compiler =
        Compiler { config: &settings.config, faults: vec![], reports: vec![], notes: vec![] };
    let origins = compiler.origins(&settings.predicates);
    let methods = compiler.methods();
    let headers = compiler.headers();
    let expose = compiler.expose();
    compiler.max_age(settings);
    let success = compiler.preflight_status();
    compiler.constant_wildcard(&origins);
    let Compiler { config, mut faults, mut reports, mut notes } = compiler;
    if config.enforce_origin != EnforceOrigin::Nothing && matches!(origins, Origins::Any) {
        notes.push(Note::NothingToEnforce);
    }
    for report in &mut reports {
        report.tolerated = config.tolerate.contains(&report.risk);
    }
    let untolerated = |report: &&RiskReport| report.risk.is_refused() && !report.tolerated;
    faults.extend(reports.iter().filter(untolerated).cloned().map(Fault::Risk));
    ConfigError::unless_empty(faults)?;
    let rules = Rules {
        origins,
        methods,
        headers,
        credentials: config.allow_credentials,
        private_network: config.allow_private_network,
        max_age: config.max_age.map(|seconds| rendered(seconds.to_string())),
        expose,
        success,
        browser_diagnostics: config.browser_diagnostics,
        constant: config.constant_wildcard,
        enforce: config.enforce_origin,
    };
    Ok(Compiled { rules, reports, notes })
}

struct Compiler<'a> {
    config: &'a CorsConfig,
    faults: Vec<Fault>,
    reports: Vec<RiskReport>,
    notes: Vec<Note>,
}

impl<'a> Compiler<'a> {
    fn origins(&mut self, predicates: &[Predicate]) -> Origins {
        let items = &self.config.allow_origins;
        let mut any = false;
        let (mut listed, mut patterns) = (Vec::new(), Vec::new());
        for item in items {
            match validate::entry(item) {
                Ok(Entry::Any) => any = true,
                Ok(Entry::Listed(origin)) => listed.push(origin),
                Ok(Entry::Pattern(pattern)) => patterns.push((item.as_str(), pattern)),
                Err(fault) => self.faults.push(fault),
            }
        }
        self.note_duplicates("allow_origins", items.iter().map(String::as_str));
        let regexes = self.regexes();
        let computed = !regexes.is_empty() || !predicates.is_empty();
        if items.is_empty() && !computed {
            self.notes.push(Note::NoOrigins);
        }
        if any && (computed || items.iter().any(|item| item != "*")) {
            self.notes.push(Note::IdleBesideAny { setting: "allow_origins" });
        }
        if self.config.allow_credentials {
            self.reports.extend(dangers::of_list(any, &listed, &patterns));
            // Under `*` nobody asks the rest.
            if !any {
                self.reports.extend(dangers::of_computed(&regexes, predicates));
            }
        }
        if any {
            return Origins::Any;
        }
        let patterns = patterns.into_iter().map(|(_, pattern)| pattern).collect();
        Origins::Set(OriginSet::new(listed, patterns, self.union(&regexes), predicates.to_vec()))
    }

    /// Each expression with its own matcher, for the risks; faulty ones are left out.
    fn regexes(&mut self) -> Vec<(&'a str, OriginRegex)> {
        let mut regexes = Vec::new();
        for text in &self.config.allow_origin_regex {
            match OriginRegex::new(&[text]) {
                Ok(regex) => regexes.push((text.as_str(), regex)),
                Err(fault) => self.faults.push(fault),
            }
        }
        regexes
    }

    /// One matcher for all expressions.
    fn union(&mut self, regexes: &[(&str, OriginRegex)]) -> Option<OriginRegex> {
        if regexes.is_empty() {
            return None;
        }
        let texts: Vec<_> = regexes.iter().map(|(text, _)| *text).collect();
        // Each passed alone; together they may still be too large.
        OriginRegex::new(&texts).map_err(|fault| self.faults.push(fault)).ok()
    }

    fn methods(&mut self) -> Methods {
        let items = &self.config.allow_methods;
        for method in items {
            if let Some((problem, write)) = method_problem(method) {
                self.faults.push(Fault::Method { method: method.clone(), problem, write });
            } else if FORBIDDEN_METHODS.contains(&method.as_str()) {
                self.notes.push(Note::ForbiddenMethod { method: method.clone() });
            }
        }
        self.note_duplicates("allow_methods", items.iter().map(String::as_str));
        if self.config.mirror_methods {
            if *items != CorsConfig::default().allow_methods {
                self.notes.push(Note::IdleBesideMirror);
            }
            return Methods::Mirrored;
        }
        self.note_slips("allow_methods", items, &ALL_METHODS);
        let given = || items.iter().map(String::as_str);
        let names: Vec<&str> = if given().any(|method| method == "*") {
            // Difference D6: what stands beside `*` is kept.
            let mut beside = Vec::new();
            for method in given().filter(|method| *method != "*" && !ALL_METHODS.contains(method)) {
                if !beside.contains(&method) {
                    beside.push(method);
                }
            }
            ALL_METHODS.into_iter().chain(beside).collect()
        } else {
            given().collect()
        };
        Methods::Listed {
            value: rendered(names.join(", ")),
            names: names.iter().map(|name| name.as_bytes().into()).collect(),
        }
    }

    fn headers(&mut self) -> Headers {
        let items = &self.config.allow_headers;
        self.check_names("allow_headers", items);
        for name in items {
            let lower = name.to_ascii_lowercase();
            let forbidden = FORBIDDEN_REQUEST_HEADERS.contains(&lower.as_str())
                || lower.starts_with("proxy-")
                || lower.starts_with("sec-");
            if forbidden {
                self.notes.push(Note::ForbiddenRequestHeader { name: name.clone() });
            }
        }
        self.note_duplicates("allow_headers", items.iter().map(String::as_str));
        if items.iter().any(|name| name == "*") {
            if items.iter().any(|name| name != "*") {
                self.notes.push(Note::IdleBesideAny { setting: "allow_headers" });
            }
            return Headers::Any;
        }
        self.note_slips("allow_headers", items, &[]);
        let given = items.iter().map(String::as_str);
        let mut names: Vec<&str> = SAFELISTED_HEADERS.into_iter().chain(given).collect();
        names.sort_unstable();
        names.dedup();
        Headers::Listed { value: rendered(names.join(", ")), names: AllowedNames::new(names) }
    }

    fn expose(&mut self) -> Option<HeaderValue> {
        let items = &self.config.expose_headers;
        self.check_names("expose_headers", items);
        for name in items {
            let lower = name.to_ascii_lowercase();
            if UNREADABLE_HEADERS.contains(&lower.as_str()) {
                self.faults.push(Fault::UnreadableHeader { name: name.clone() });
            } else if SAFELISTED_RESPONSE_HEADERS.contains(&lower.as_str()) {
                self.notes.push(Note::ExposedAnyway { name: name.clone() });
            }
        }
        self.note_duplicates("expose_headers", items.iter().map(String::as_str));
        let wildcard = items.iter().any(|name| name == "*");
        if wildcard && self.config.allow_credentials {
            self.faults.push(Fault::ExposedWildcardWithCredentials);
        }
        if wildcard && items.iter().any(|name| name != "*") {
            self.notes.push(Note::IdleBesideAny { setting: "expose_headers" });
        }
        self.note_slips("expose_headers", items, &[]);
        (!items.is_empty()).then(|| rendered(items.join(", ")))
    }

    fn check_names(&mut self, setting: &'static str, items: &[String]) {
        for name in items {
            let Some((problem, write)) = name_problem(name) else {
                continue;
            };
            // What is suggested must build.
            let write = write.filter(|name| {
                setting != "expose_headers"
                    || !UNREADABLE_HEADERS.contains(&&*name.to_ascii_lowercase())
            });
            self.faults.push(Fault::HeaderName { setting, name: name.clone(), problem, write });
        }
    }

    /// What builds, as with FastAPI, and was hardly meant.
    fn note_slips(&mut self, setting: &'static str, items: &[String], standard: &[&'static str]) {
        for value in items {
            if let Some(meant) = likely_name(value, standard) {
                self.notes.push(Note::ToTheLetter { setting, value: value.clone(), meant });
            }
        }
    }

    fn preflight_status(&mut self) -> StatusCode {
        let status = self.config.preflight_status;
        match StatusCode::from_u16(status) {
            Ok(code) if code.is_success() => code,
            _ => {
                self.faults.push(Fault::PreflightStatus { status });
                StatusCode::OK
            }
        }
    }

    fn max_age(&mut self, settings: &Settings) {
        if let Some(max_age) = settings.fractional_max_age {
            self.faults.push(Fault::FractionalMaxAge { max_age });
        }
        if let Some(max_age) = self.config.max_age.filter(|seconds| *seconds > LONGEST_MAX_AGE) {
            self.notes.push(Note::LongMaxAge { max_age });
        }
    }

    fn constant_wildcard(&mut self, origins: &Origins) {
        if !self.config.constant_wildcard {
            return;
        }
        let obstacles = [
            (!matches!(origins, Origins::Any), "allow_origins"),
            (self.config.allow_credentials, "allow_credentials"),
            (self.config.enforce_origin != EnforceOrigin::Nothing, "enforce_origin"),
        ];
        for (_, setting) in obstacles.into_iter().filter(|(stands, _)| *stands) {
            self.faults.push(Fault::ConstantWildcard { setting });
        }
    }

    fn note_duplicates<'b>(&mut self, setting: &'static str, items: impl Iterator<Item = &'b str>) {
        let (mut seen, mut noted) = (HashSet::new(), HashSet::new());
        for item in items {
            if !seen.insert(item) && noted.insert(item) {
                self.notes.push(Note::Duplicate { setting, value: item.to_owned() });
            }
        }
    }
}

/// A configured text as a header value; it is checked by now, and a faulty one is a fault already.
fn rendered(text: String) -> HeaderValue {
    // The defaults need no reference count.
    let defaults = ["GET", "600", SAFELISTED_HEADERS_VALUE, ALL_METHODS_VALUE];
    if let Some(text) = defaults.into_iter().find(|default| *default == text) {
        return HeaderValue::from_static(text);
    }
    let value =
        HeaderValue::from_maybe_shared(Bytes::from(text)).unwrap_or(HeaderValue::from_static(""));
    // The first clone of `Bytes` turns its memory into a shared one, which allocates: not in a
    // request.
    drop(value.clone());
    value
}
