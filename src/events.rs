//! Events of the feature `tracing`: each refusal, and what `build()` found.
//!
//! Refusals are at level debug: on a busy server anybody can cause them. What a request says is
//! escaped and cut, and nothing is put together unless somebody listens.

use tracing::{Level, debug, enabled, info, warn};

use crate::{
    cors_policy::CorsPolicy,
    diagnostic::Severity,
    explain::{allowed_variant, shown, shown_origin},
    policy::{
        enforce::is_same_origin,
        origin::syntax::Origin,
        preflight::Preflight,
        refusal::Refusal,
        request::{Head, RequestOrigin},
        rules::Verdict,
    },
};

const TARGET: &str = "tower_cors";

pub(crate) fn built(policy: &CorsPolicy) {
    for diagnostic in policy.diagnostics() {
        match diagnostic.severity() {
            Severity::Warning | Severity::Error => warn!(target: TARGET, "{diagnostic}"),
            Severity::Note => info!(target: TARGET, "{diagnostic}"),
        }
    }
}

#[inline]
pub(crate) fn preflight(policy: &CorsPolicy, preflight: &Preflight<'_>) {
    if preflight.refusal != Refusal::NOTHING && enabled!(target: TARGET, Level::DEBUG) {
        preflight_refused(policy, preflight);
    }
}

#[inline]
pub(crate) fn actual(
    policy: &CorsPolicy,
    head: Head<'_>,
    origin: &RequestOrigin<'_>,
    verdict: Verdict<'_>,
) {
    let is_refusal = match verdict {
        Verdict::Forward(grant) => grant.is_nothing() && !origin.is_absent(),
        Verdict::Forbid => true,
        Verdict::Tunnel => false,
    };
    if is_refusal && enabled!(target: TARGET, Level::DEBUG) {
        actual_refused(policy, head, origin, verdict);
    }
}

#[cold]
fn preflight_refused(policy: &CorsPolicy, preflight: &Preflight<'_>) {
    let asked = &preflight.asked;
    let headers: Vec<_> =
        asked.headers.lines().take(8).map(|line| shown(line.as_bytes())).collect();
    debug!(
        target: TARGET,
        origin = shown_origin(&asked.origin),
        method = shown(asked.method.as_bytes()),
        headers = headers.join(", "),
        reasons = preflight.refusal.reasons(),
        nearest = preflight.refusal.origin().then(|| nearest(policy, &asked.origin)).flatten(),
        "preflight refused"
    );
}

#[cold]
fn actual_refused(
    policy: &CorsPolicy,
    head: Head<'_>,
    origin: &RequestOrigin<'_>,
    verdict: Verdict<'_>,
) {
    let message = match verdict {
        Verdict::Forbid => "request refused",
        // A page of this very host needs no CORS.
        _ if is_same_origin(head, origin) => return,
        _ => "response withheld from its page",
    };
    debug!(
        target: TARGET,
        origin = shown_origin(origin),
        method = shown(head.method.as_str().as_bytes()),
        reasons = Refusal::ORIGIN.reasons(),
        nearest = nearest(policy, origin),
        "{message}"
    );
}

fn nearest(policy: &CorsPolicy, origin: &RequestOrigin<'_>) -> Option<String> {
    match origin.parsed() {
        Some(Origin::Tuple(tuple)) => allowed_variant(policy, *tuple).map(|(variant, _)| variant),
        _ => None,
    }
}
