//! Events of the feature `tracing`: the diagnostics of `build()`, and each refusal.
//!
//! The first refusal of each of the first 32 origins of a policy is a warning, then one a minute.
//! All others are at level debug, since any client can cause them. Values from a request are
//! escaped and cut. Nothing is formatted unless a subscriber listens.

use tracing::{Level, debug, enabled, field, info, warn};

use crate::{
    cors_policy::CorsPolicy,
    diagnostic::Severity,
    explain::{Asked, allowed_variant, fixes, host_fix, shown, shown_origin},
    policy::{
        enforce::is_same_origin,
        inner::InnerHeaders,
        origin::syntax::Origin,
        preflight::Preflight,
        refusal::Refusal,
        request::{Head, OriginField, RequestOrigin},
        rules::Verdict,
    },
};

const TARGET: &str = "tower_cors";

pub(crate) fn built(policy: &CorsPolicy) {
    let config = policy.config();
    // What few policies set is said where it is set.
    let set = |is_on: bool| is_on.then_some(true);
    let hosts = Some(&config.allow_hosts).filter(|hosts| !hosts.is_empty());
    let inner = Some(config.inner_headers).filter(|inner| *inner != InnerHeaders::default());
    info!(
        target: TARGET,
        origins = shortened(&config.allow_origins),
        regexes = shortened(&config.allow_origin_regex),
        predicates = policy.settings().predicates.len(),
        methods = if config.mirror_methods { "any".to_owned() } else { shortened(&config.allow_methods) },
        headers = shortened(&config.allow_headers),
        exposed = shortened(&config.expose_headers),
        credentials = config.allow_credentials,
        max_age = config.max_age,
        enforce_origin = ?config.enforce_origin,
        hosts = hosts.map(|hosts| shortened(hosts)),
        report_only = set(config.report_only),
        inner_headers = inner.map(field::debug),
        private_network = set(config.allow_private_network),
        timing_allow_origin = set(config.timing_allow_origin),
        constant_wildcard = set(config.constant_wildcard),
        browser_diagnostics = set(config.browser_diagnostics),
        preflight_status = Some(config.preflight_status).filter(|status| *status != 200),
        "CORS policy"
    );
    for diagnostic in policy.diagnostics() {
        match diagnostic.severity() {
            Severity::Warning | Severity::Error => warn!(target: TARGET, "{diagnostic}"),
            Severity::Note => info!(target: TARGET, "{diagnostic}"),
        }
    }
}

/// The first eight items of a list.
fn shortened(list: &[String]) -> String {
    let mut text = list.iter().take(8).map(String::as_str).collect::<Vec<_>>().join(", ");
    if list.len() > 8 {
        text.push_str(&format!(", and {} more", list.len() - 8));
    }
    text
}

#[inline]
pub(crate) fn preflight(policy: &CorsPolicy, head: Head<'_>, preflight: &Preflight<'_>) {
    if preflight.refusal != Refusal::NOTHING && enabled!(target: TARGET, Level::WARN) {
        preflight_refused(policy, head, preflight);
    }
}

/// A request for a host that is not listed.
#[cold]
pub(crate) fn host(policy: &CorsPolicy, head: Head<'_>) {
    if enabled!(target: TARGET, Level::WARN) {
        tell(policy, &RequestOrigin::read(head.headers), &|| Refused {
            message: if policy.rules().report_only {
                "host would be refused, report_only lets it pass"
            } else {
                "host refused"
            },
            path: shown(head.uri.path().as_bytes()),
            method: shown(head.method.as_str().as_bytes()),
            reasons: "host",
            origin: false,
            headers: String::new(),
            fix: host_fix(policy, head),
        });
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
    if is_refusal && enabled!(target: TARGET, Level::WARN) {
        actual_refused(policy, head, origin, verdict);
    }
}

#[cold]
fn preflight_refused(policy: &CorsPolicy, head: Head<'_>, preflight: &Preflight<'_>) {
    let (asked, refusal) = (&preflight.asked, preflight.refusal);
    tell(policy, &asked.origin, &|| {
        let names = Asked::read(policy, preflight).refused();
        let origin = refusal.origin().then_some(&asked.origin);
        let method = refusal.method().then_some(asked.method);
        Refused {
            message: "preflight refused",
            path: shown(head.uri.path().as_bytes()),
            method: shown(asked.method.as_bytes()),
            reasons: refusal.reasons(),
            origin: refusal.origin(),
            headers: names.iter().map(|name| shown(name)).collect::<Vec<_>>().join(", "),
            fix: fixes(policy, origin, method, &names),
        }
    });
}

#[cold]
fn actual_refused(
    policy: &CorsPolicy,
    head: Head<'_>,
    origin: &RequestOrigin<'_>,
    verdict: Verdict<'_>,
) {
    let is_forbidden = matches!(verdict, Verdict::Forbid);
    // A page of the same host needs no CORS.
    if !is_forbidden && is_same_origin(head, origin) {
        return;
    }
    tell(policy, origin, &|| Refused {
        message: match (is_forbidden, policy.rules().report_only) {
            (true, true) => "request would be refused, report_only lets it pass",
            (true, false) => "request refused",
            (false, _) => "origin not allowed, so the browser hides the response",
        },
        path: shown(head.uri.path().as_bytes()),
        method: shown(head.method.as_str().as_bytes()),
        reasons: Refusal::ORIGIN.reasons(),
        origin: true,
        headers: String::new(),
        // Allowing an origin is not the fix for a request that must not run.
        fix: if is_forbidden { None } else { fixes(policy, Some(origin), None, &[]) },
    });
}

struct Refused {
    message: &'static str,
    path: String,
    method: String,
    reasons: &'static str,
    /// Whether the origin is one of the reasons.
    origin: bool,
    /// The headers that are not allowed.
    headers: String,
    fix: Option<String>,
}

/// Formats a refusal only if it is emitted.
fn tell(policy: &CorsPolicy, origin: &RequestOrigin<'_>, refused: &dyn Fn() -> Refused) {
    let value = match origin.field() {
        OriginField::One(value) => value.as_bytes(),
        OriginField::Absent | OriginField::Several => b"",
    };
    let admitted = policy.throttle().admit(value);
    if admitted.is_none() && !enabled!(target: TARGET, Level::DEBUG) {
        return;
    }
    let refused = refused();
    let nearest = if refused.origin { nearest(policy, origin) } else { None };
    macro_rules! event {
        ($level:ident, $($left_out:tt)*) => {
            $level!(
                target: TARGET,
                path = refused.path,
                origin = shown_origin(origin),
                method = refused.method,
                headers = (!refused.headers.is_empty()).then_some(&refused.headers),
                reasons = refused.reasons,
                nearest,
                fix = refused.fix,
                $($left_out)*
                "{}", refused.message
            )
        };
    }
    match admitted {
        Some(0) => event!(warn,),
        Some(left_out) => event!(warn, left_out,),
        None => event!(debug,),
    }
}

/// It makes a fixed number of look-ups: a busy server must not scan its list for every refusal.
fn nearest(policy: &CorsPolicy, origin: &RequestOrigin<'_>) -> Option<String> {
    match origin.parsed() {
        Some(Origin::Tuple(tuple)) => allowed_variant(policy, *tuple).map(|(variant, _)| variant),
        _ => None,
    }
}
