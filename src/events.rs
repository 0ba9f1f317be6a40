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
pub(crate) fn judged(policy: &CorsPolicy, head: Head<'_>, verdict: &Verdict<'_>) {
    let is_refusal = match verdict {
        Verdict::Preflight(preflight) => preflight.refusal != Refusal::NOTHING,
        Verdict::Forbidden(_) => true,
        Verdict::Actual(origin, grant) => grant.is_nothing() && !origin.is_absent(),
        Verdict::Tunnel => false,
    };
    if is_refusal && enabled!(target: TARGET, Level::DEBUG) {
        refused(policy, head, verdict);
    }
}

#[cold]
fn refused(policy: &CorsPolicy, head: Head<'_>, verdict: &Verdict<'_>) {
    match verdict {
        Verdict::Preflight(preflight) => preflight_refused(policy, preflight),
        Verdict::Forbidden(origin) => actual(policy, head, origin, "request refused"),
        // A page of this very host needs no CORS.
        Verdict::Actual(origin, _) if !is_same_origin(head, origin) => {
            actual(policy, head, origin, "response withheld from its page");
        }
        Verdict::Actual(..) | Verdict::Tunnel => {}
    }
}

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

fn actual(policy: &CorsPolicy, head: Head<'_>, origin: &RequestOrigin<'_>, message: &str) {
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
        Some(Origin::Tuple(tuple)) => allowed_variant(policy, tuple).map(|(variant, _)| variant),
        _ => None,
    }
}
