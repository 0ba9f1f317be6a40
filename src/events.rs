//! Events of the feature `tracing`: each refusal, and what `build()` found.
//!
//! Refusals are at level debug: on a busy server anybody can cause them. What a request says is
//! escaped and cut, and nothing is put together unless somebody listens.

use tracing::{Level, debug, enabled, info, warn};

use crate::policy::{
    CorsPolicy, Refusal, allowed_variant,
    decision::Decoration,
    origin::syntax::Origin,
    request::{Head, OriginField, PreflightRequest, is_same_origin},
    shown,
};

const TARGET: &str = "tower_cors";

pub(crate) fn built(policy: &CorsPolicy) {
    for report in policy.risk_reports() {
        warn!(target: TARGET, risk = ?report.risk(), "{report}");
    }
    for note in policy.notes() {
        info!(target: TARGET, "{note}");
    }
}

#[inline]
pub(crate) fn preflight(policy: &CorsPolicy, asked: &PreflightRequest<'_>, refusal: Refusal) {
    if refusal != Refusal::NOTHING && enabled!(target: TARGET, Level::DEBUG) {
        refused(policy, asked, refusal);
    }
}

#[cold]
fn refused(policy: &CorsPolicy, asked: &PreflightRequest<'_>, refusal: Refusal) {
    let headers: Vec<_> =
        asked.headers.lines().take(8).map(|line| shown(line.as_bytes())).collect();
    debug!(
        target: TARGET,
        origin = origin_text(asked.origin),
        method = shown(asked.method.as_bytes()),
        headers = headers.join(", "),
        reasons = reasons(refusal),
        nearest = nearest(policy, asked.origin),
        "preflight refused"
    );
}

/// An actual request that is not carried out.
pub(crate) fn stopped(policy: &CorsPolicy, head: Head<'_>) {
    if enabled!(target: TARGET, Level::DEBUG) {
        let origin = OriginField::read(head.headers);
        debug!(
            target: TARGET,
            origin = origin_text(origin),
            method = shown(head.method.as_str().as_bytes()),
            reasons = reasons(Refusal::ORIGIN),
            nearest = nearest(policy, origin),
            "request refused"
        );
    }
}

/// An actual request that is carried out and whose page cannot read the response.
#[inline]
pub(crate) fn actual(policy: &CorsPolicy, head: Head<'_>, decoration: &Decoration) {
    if decoration.allow_origin.is_nothing() && enabled!(target: TARGET, Level::DEBUG) {
        withheld(policy, head);
    }
}

#[cold]
fn withheld(policy: &CorsPolicy, head: Head<'_>) {
    let origin = OriginField::read(head.headers);
    // A page of this very host needs no CORS.
    if matches!(origin, OriginField::Absent) || is_same_origin(head, origin) {
        return;
    }
    debug!(
        target: TARGET,
        origin = origin_text(origin),
        method = shown(head.method.as_str().as_bytes()),
        reasons = reasons(Refusal::ORIGIN),
        nearest = nearest(policy, origin),
        "response withheld from its page"
    );
}

/// `origin, method`, as in the response's text.
fn reasons(refusal: Refusal) -> &'static str {
    refusal.text().trim_start_matches("Disallowed CORS ")
}

fn origin_text(origin: OriginField<'_>) -> Option<String> {
    match origin {
        OriginField::Absent => None,
        OriginField::One(origin) => Some(shown(origin.as_bytes())),
        OriginField::Several => Some("(several)".to_owned()),
    }
}

fn nearest(policy: &CorsPolicy, origin: OriginField<'_>) -> Option<String> {
    let OriginField::One(origin) = origin else {
        return None;
    };
    match Origin::read(origin.as_bytes()) {
        Some(Origin::Tuple(tuple)) if !policy.rules().allows(OriginField::One(origin)) => {
            allowed_variant(policy, tuple).map(|(variant, _)| variant)
        }
        _ => None,
    }
}
