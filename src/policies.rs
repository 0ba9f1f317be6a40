//! `Policies`: several policies. The Origin of a request chooses one.

use std::{collections::BTreeSet, sync::Arc};

use http::HeaderMap;

use crate::{
    cors_policy::CorsPolicy,
    diagnostic::{ConfigError, Detail, Diagnostic, Kind, Setting},
    policy::request::RequestOrigin,
    settings::config::CorsConfig,
};

/// Several policies. The Origin of a request chooses one.
///
/// Invariant: never empty, and `allow_hosts`, `enforce_origin` and `report_only` are the same in
/// all.
#[derive(Clone, Debug)]
pub(crate) struct Policies(Arc<[CorsPolicy]>);

impl Policies {
    pub(crate) fn new(policies: Vec<CorsPolicy>) -> Result<Self, ConfigError> {
        let mut found = Vec::new();
        match &policies[..] {
            [] => found.push(Diagnostic::error(Setting::First, Kind::NoPolicy)),
            [first, others @ ..] => {
                for (index, other) in others.iter().enumerate() {
                    let differing = differing(first.config(), other.config());
                    found.extend(differing.into_iter().map(|one| one.in_policy(index + 1)));
                }
            }
        }
        ConfigError::unless_sound(&found)?;
        Ok(Self(policies.into()))
    }

    /// The first policy that allows the Origin, or else the last one; with its index.
    pub(crate) fn choose(&self, headers: &HeaderMap) -> (usize, &CorsPolicy) {
        let origin = RequestOrigin::read(headers);
        let allows = |policy: &CorsPolicy| !policy.rules().grant(&origin).is_nothing();
        let last = self.0.len() - 1;
        let index = self.0[..last].iter().position(allows).unwrap_or(last);
        (index, &self.0[index])
    }

    pub(crate) fn all(&self) -> &[CorsPolicy] {
        &self.0
    }
}

/// Errors if `allow_hosts`, `enforce_origin` or `report_only` differ: a page could choose a weaker
/// check by its Origin.
fn differing(first: &CorsConfig, other: &CorsConfig) -> Vec<Diagnostic> {
    let hosts = |config: &CorsConfig| -> BTreeSet<String> {
        let items = config.allow_hosts.iter().map(|host| host.trim().to_ascii_lowercase());
        items.filter(|host| !host.is_empty()).collect()
    };
    let enforced = |config: &CorsConfig| format!("EnforceOrigin::{:?}", config.enforce_origin);
    let listed = |config: &CorsConfig| config.allow_hosts.join(", ");
    let guards = [
        (Setting::AllowHosts, hosts(first) == hosts(other), listed(other), listed(first)),
        (
            Setting::EnforceOrigin,
            first.enforce_origin == other.enforce_origin,
            enforced(other),
            enforced(first),
        ),
        (
            Setting::ReportOnly,
            first.report_only == other.report_only,
            other.report_only.to_string(),
            first.report_only.to_string(),
        ),
    ];
    let differing = guards.into_iter().filter(|(_, is_same, ..)| !is_same);
    differing
        .map(|(setting, _, value, expected)| {
            let error = Diagnostic::error(setting, Kind::OtherGuard).with(Detail::Text(expected));
            if value.is_empty() { error } else { error.of(value) }
        })
        .collect()
}
