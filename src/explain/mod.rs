//! Explains one request: repeats its decision, and gives a reason for each part.

mod choice;
mod explanation;
mod findings;
mod nearest;
mod shown;

use http::{Method, StatusCode, header::COOKIE, request::Parts};

pub(crate) use self::choice::explain_choice;
pub use self::explanation::{Explanation, Finding, Part};
#[cfg(not(feature = "tracing"))]
use self::findings::Asked;
use self::findings::{
    credentials_finding, method_finding, origin_finding, private_network_finding, refused_origin,
};
pub(crate) use self::shown::{shown, shown_origin};
#[cfg(feature = "tracing")]
pub(crate) use self::{
    findings::{Asked, fixes, host_fix},
    nearest::allowed_variant,
};
use crate::{
    cors_policy::CorsPolicy,
    diagnostic::explain_text as text,
    policy::{
        enforce,
        hosts::Authority,
        origin::syntax::Origin,
        preflight::Preflight,
        refusal::Refusal,
        request::{Head, PreflightRequest, RequestOrigin},
        rules::{Grant, Verdict},
    },
    settings::{host::place_of, place::Place},
};

impl CorsPolicy {
    /// Why a request is allowed or refused, what the browser will do, and what would allow it.
    ///
    /// A `Cookie` in the head means that the page asked for credentials. It may scan the whole
    /// configuration, so use it in a terminal, a test or a support page, not for every request. It
    /// reads and prints a bounded part of the request.
    #[must_use]
    pub fn explain(&self, head: &Parts) -> Explanation {
        explain(self, head.into(), head.headers.contains_key(COOKIE))
    }

    /// As [`explain`](Self::explain), for a page that asks with credentials
    /// (`credentials: "include"`). A preflight does not show this.
    #[must_use]
    pub fn explain_with_credentials(&self, head: &Parts) -> Explanation {
        explain(self, head.into(), true)
    }
}

fn explain(policy: &CorsPolicy, head: Head<'_>, with_credentials: bool) -> Explanation {
    let rules = policy.rules();
    if rules.allows_host(head) {
        return explain_at_host(policy, head, with_credentials);
    }
    if rules.report_only {
        let mut explanation = explain_at_host(policy, head, with_credentials);
        explanation.outcome.push(text::HOST_REPORTED.to_owned());
        return explanation;
    }
    Explanation {
        headline: text::host(shown_host(head).as_deref()),
        findings: Vec::new(),
        allowed: false,
        refusal: Some(Refusal::HOST),
        outcome: vec![text::HOST_REFUSED.to_owned()],
    }
}

fn explain_at_host(policy: &CorsPolicy, head: Head<'_>, with_credentials: bool) -> Explanation {
    let rules = policy.rules();
    if let Some(asked) = PreflightRequest::read(head) {
        return explain_preflight(policy, head, &rules.preflight(asked), with_credentials);
    }
    let origin = RequestOrigin::read(head.headers);
    match rules.actual(head, &origin) {
        Verdict::Forward(grant) => explain_actual(policy, head, &origin, grant, with_credentials),
        Verdict::Forbid if rules.report_only => {
            let mut explanation =
                explain_actual(policy, head, &origin, Grant::Nothing, with_credentials);
            explanation.findings.iter_mut().for_each(|finding| finding.fix = None);
            explanation.outcome.push(text::REPORTED.to_owned());
            explanation
        }
        Verdict::Forbid => Explanation {
            headline: text::may_read(&method(head), &shown_origin(&origin), false),
            // Allowing an origin is not the fix for a request that must not run.
            findings: vec![Finding { fix: None, ..forbidden_origin(policy, head, &origin) }],
            allowed: false,
            refusal: Some(Refusal::ORIGIN),
            outcome: vec![text::FORBIDDEN.to_owned()],
        },
        Verdict::Tunnel => Explanation {
            headline: text::TUNNEL.to_owned(),
            findings: Vec::new(),
            allowed: true,
            refusal: None,
            outcome: Vec::new(),
        },
    }
}

fn forbidden_origin(policy: &CorsPolicy, head: Head<'_>, origin: &RequestOrigin<'_>) -> Finding {
    let refused = refused_origin(policy, origin);
    if enforce::is_own_host_unlisted(head, origin) {
        return Finding { reason: text::OWN_HOST.to_owned(), nearest: None, ..refused };
    }
    refused
}

/// The host that a request is for, with its port.
fn shown_host(head: Head<'_>) -> Option<String> {
    let authority = Authority::of(head)?;
    let host = authority.to_host()?;
    Some(authority.port.map_or_else(|| host.clone(), |port| format!("{host}:{port}")))
}

fn method(head: Head<'_>) -> String {
    shown(head.method.as_str().as_bytes())
}

fn explain_preflight(
    policy: &CorsPolicy,
    head: Head<'_>,
    preflight: &Preflight<'_>,
    with_credentials: bool,
) -> Explanation {
    let asked = &preflight.asked;
    let mut findings = vec![origin_finding(policy, &asked.origin, preflight.grant)];
    findings.push(method_finding(policy, preflight));
    let names = Asked::read(policy, preflight);
    findings.extend(names.findings(policy));
    if asked.private_network {
        findings.push(private_network_finding(policy));
    }
    findings.extend(credentials_finding(policy, preflight.grant, with_credentials));
    let refusal = preflight.refusal.into_result().err();
    let allowed = findings.iter().all(|finding| finding.allowed) && refusal.is_none();
    let method = shown(asked.method.as_bytes());
    let mut outcome = match refusal {
        None => vec![text::answered_ok(preflight.status.as_u16(), &method, allowed)],
        Some(refusal) => vec![
            text::answered_refusal(preflight.status.as_u16(), refusal.text()),
            text::not_sent(&method),
            text::console(
                refusal.origin(),
                policy.rules().browser_refuses(refusal, asked.method),
                preflight.status == StatusCode::OK,
                policy.settings().source.words(),
            ),
        ],
    };
    outcome.extend(local_network(head, &asked.origin));
    if names.is_cut {
        outcome.push(text::CUT.to_owned());
    }
    Explanation {
        headline: text::may_send(&shown_origin(&asked.origin), &method, allowed),
        findings,
        allowed,
        refusal,
        outcome,
    }
}

/// Whether Chromium asks its user before a page of this origin reaches this host (Local Network
/// Access): from the web to a private network, and from both to the machine itself. Names are not
/// resolved here.
fn local_network(head: Head<'_>, origin: &RequestOrigin<'_>) -> Option<String> {
    let rank = |host: &str| match place_of(host) {
        Place::Public | Place::Suffix => 0,
        Place::Private => 1,
        Place::Loopback => 2,
    };
    let host = Authority::of(head)?.to_host()?;
    let Some(Origin::Tuple(page)) = origin.parsed() else { return None };
    (rank(page.host) < rank(&host)).then(|| text::LOCAL_NETWORK.to_owned())
}

fn explain_actual(
    policy: &CorsPolicy,
    head: Head<'_>,
    origin: &RequestOrigin<'_>,
    grant: Grant<'_>,
    with_credentials: bool,
) -> Explanation {
    let mut outcome = Vec::new();
    if *head.method == Method::OPTIONS {
        outcome.push(text::NO_PREFLIGHT.to_owned());
    }
    if origin.is_absent() {
        outcome.push(text::NO_ORIGIN.to_owned());
        return Explanation {
            headline: text::nothing_to_decide(&method(head)),
            findings: Vec::new(),
            allowed: true,
            refusal: None,
            outcome,
        };
    }
    let mut findings = vec![origin_finding(policy, origin, grant)];
    findings.extend(credentials_finding(policy, grant, with_credentials));
    let is_same_origin = enforce::is_same_origin(head, origin);
    let allowed = is_same_origin || findings.iter().all(|finding| finding.allowed);
    if is_same_origin {
        // A page of this very host needs nothing.
        findings.iter_mut().for_each(|finding| finding.fix = None);
    }
    outcome.push(
        match (grant.is_nothing(), allowed, is_same_origin) {
            (true, _, true) => text::SAME_ORIGIN,
            (_, true, _) => text::READABLE,
            (true, false, _) => text::WITHHELD,
            (false, false, _) => text::WITHHELD_CREDENTIALS,
        }
        .to_owned(),
    );
    outcome.extend(local_network(head, origin));
    if !grant.is_nothing() && !policy.rules().credentials && !with_credentials {
        outcome.push(text::NO_CREDENTIALS.to_owned());
    }
    Explanation {
        headline: text::may_read(&method(head), &shown_origin(origin), allowed),
        findings,
        allowed,
        refusal: Refusal::ORIGIN.when(grant.is_nothing() && !allowed).into_result().err(),
        outcome,
    }
}
