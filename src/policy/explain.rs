//! `Explanation`: the whole reasoning of a policy over one request, as text and as data (cold).

mod findings;

use std::fmt;

use http::{Method, StatusCode};

#[cfg(feature = "tracing")]
pub(crate) use self::findings::allowed_variant;
use self::findings::{header_finding, method_finding, origin_finding, private_network_finding};
use super::{
    CorsPolicy, Refusal, names,
    request::{self, Head, OriginField, PreflightRequest},
};

/// Why a request is allowed or refused, what the browser will do, and what would allow it.
///
/// [`CorsPolicy::explain`] makes it. Prints as plain text of a few lines; everything of a request is
/// escaped and cut to 512 bytes.
///
/// ```
/// use tower_cors::CorsLayer;
///
/// let policy = CorsLayer::new().allow_origins(["https://app.example.com"]).build()?;
/// let (head, _) = http::Request::get("/")
///     .header("origin", "http://app.example.com")
///     .body(())?
///     .into_parts();
/// let explanation = policy.explain(&head);
/// assert!(!explanation.allowed());
/// assert_eq!(explanation.findings()[0].nearest(), Some("https://app.example.com"));
/// println!("{explanation}");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    headline: String,
    findings: Vec<Finding>,
    refusal: Option<Refusal>,
    outcome: Vec<String>,
}

/// What the policy says to one part of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    part: Part,
    asked: String,
    allowed: bool,
    reason: String,
    nearest: Option<String>,
    fix: Option<String>,
}

/// The part of a request that a [`Finding`] is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Part {
    /// The Origin field.
    Origin,
    /// The method that a preflight asks for.
    Method,
    /// One of the headers that a preflight asks for.
    Header,
    /// `Access-Control-Request-Private-Network`.
    PrivateNetwork,
}

impl Explanation {
    /// Whether nothing was refused. A request without Origin has nothing to refuse.
    #[must_use]
    pub fn allowed(&self) -> bool {
        self.refusal.is_none()
    }

    /// What was refused.
    #[must_use]
    pub fn refusal(&self) -> Option<Refusal> {
        self.refusal
    }

    /// What the policy says to each part: the origin, then for preflights the method, each header
    /// and the private network, as far as asked.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }
}

impl Finding {
    /// The part of the request.
    #[must_use]
    pub fn part(&self) -> Part {
        self.part
    }

    /// What was asked for, escaped.
    #[must_use]
    pub fn asked(&self) -> &str {
        &self.asked
    }

    /// Whether the policy allows it.
    #[must_use]
    pub fn allowed(&self) -> bool {
        self.allowed
    }

    /// Why.
    #[must_use]
    pub fn reason(&self) -> &str {
        &self.reason
    }

    /// The nearest value that is allowed, if it was refused and one is near.
    #[must_use]
    pub fn nearest(&self) -> Option<&str> {
        self.nearest.as_deref()
    }

    /// The builder call that would allow it, if one can.
    #[must_use]
    pub fn fix(&self) -> Option<&str> {
        self.fix.as_deref()
    }
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.headline)?;
        self.findings.iter().try_for_each(|finding| write!(f, "\n- {finding}"))?;
        self.outcome.iter().try_for_each(|line| write!(f, "\n{line}"))
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let part = match self.part {
            Part::Origin => "origin",
            Part::Method => "method",
            Part::Header => "header",
            Part::PrivateNetwork => "private network",
        };
        let verdict = if self.allowed { "allowed" } else { "not allowed" };
        write!(f, "{part} \"{}\": {verdict}, {}", self.asked, self.reason)?;
        match &self.fix {
            Some(fix) => write!(f, "; to allow it: {fix}"),
            None => Ok(()),
        }
    }
}

pub(super) fn explain(policy: &CorsPolicy, head: Head<'_>) -> Explanation {
    match PreflightRequest::read(head.headers) {
        Some(asked) if *head.method == Method::OPTIONS => explain_preflight(policy, &asked),
        _ => explain_actual(policy, head),
    }
}

fn explain_preflight(policy: &CorsPolicy, asked: &PreflightRequest<'_>) -> Explanation {
    let rules = policy.rules();
    let refusal = rules.refusal(asked);
    let status = rules.status(refusal, asked.method);
    let mut findings =
        vec![origin_finding(policy, asked.origin), method_finding(policy, asked.method)];
    for line in asked.headers.lines() {
        findings.extend(names::elements(line.as_bytes()).map(|name| header_finding(policy, name)));
    }
    if asked.private_network {
        findings.push(private_network_finding(rules.private_network));
    }
    let refusal = refusal.into_result().err();
    let origin = shown_origin(asked.origin);
    let method = shown(asked.method.as_bytes());
    Explanation {
        headline: format!(
            "a preflight of {origin}: may its page send {method}? {}",
            if refusal.is_none() { "yes" } else { "no" }
        ),
        findings,
        refusal,
        outcome: preflight_outcome(refusal, status, &method),
    }
}

fn preflight_outcome(refusal: Option<Refusal>, status: StatusCode, method: &str) -> Vec<String> {
    let Some(refusal) = refusal else {
        return vec![format!(
            "the layer answers {}, and the browser sends the {method}",
            status.as_u16()
        )];
    };
    let mut outcome = vec![
        format!("the layer answers {} \"{refusal}\"", status.as_u16()),
        format!("the browser does not send the {method}, its page sees a network error"),
    ];
    outcome.push(
        if refusal.origin() {
            "the console says that Access-Control-Allow-Origin is missing, or that the status is not ok"
        } else if status == StatusCode::OK {
            "the console names the cause"
        } else {
            "the console says only that the status is not ok; browser_diagnostics(true) lets it name a method or header"
        }
        .to_owned(),
    );
    outcome
}

fn explain_actual(policy: &CorsPolicy, head: Head<'_>) -> Explanation {
    let rules = policy.rules();
    let method = shown(head.method.as_str().as_bytes());
    let origin = OriginField::read(head.headers);
    let mut outcome = Vec::new();
    if *head.method == Method::OPTIONS {
        outcome.push(
            "this OPTIONS is no preflight: that has Origin and Access-Control-Request-Method"
                .to_owned(),
        );
    }
    if matches!(origin, OriginField::Absent) {
        outcome.push(
            "the request is carried out; no page of another origin asked, so nothing is granted"
                .to_owned(),
        );
        return Explanation {
            headline: format!("{method} without Origin: nothing to decide"),
            findings: Vec::new(),
            refusal: None,
            outcome,
        };
    }
    let finding = origin_finding(policy, origin);
    let is_stopped = rules.stops(head);
    let allowed = finding.allowed;
    let is_same_origin = request::is_same_origin(head, origin);
    outcome.push(match (allowed, is_stopped, is_same_origin) {
        (true, _, _) => "the request is carried out, and its page may read the response",
        (false, true, _) => {
            "enforce_origin answers 403 \"Disallowed CORS origin\", the request is not carried out"
        }
        (false, false, true) => {
            "the request is carried out; it comes from this very host, whose pages need no CORS"
        }
        (false, false, false) => {
            "the request is carried out all the same (CORS is no access control), but its page cannot read the response: the console says that Access-Control-Allow-Origin is missing"
        }
    }.to_owned());
    if allowed && !rules.credentials {
        outcome.push(NO_CREDENTIALS.to_owned());
    }
    let verdict = if allowed || is_same_origin && !is_stopped { "yes" } else { "no" };
    Explanation {
        headline: format!(
            "{method} of {}: may its page read the response? {verdict}",
            shown_origin(origin)
        ),
        refusal: Refusal::ORIGIN.when(verdict == "no").into_result().err(),
        findings: vec![finding],
        outcome,
    }
}

const NO_CREDENTIALS: &str =
    "that is without cookies: credentials are off, .allow_credentials(true) turns them on";

fn shown_origin(origin: OriginField<'_>) -> String {
    match origin {
        OriginField::Absent => "(none)".to_owned(),
        OriginField::One(origin) => shown(origin.as_bytes()),
        OriginField::Several => "(several)".to_owned(),
    }
}

/// Bytes of a request as text: escaped, and cut so that nobody can fill a log.
pub(crate) fn shown(bytes: &[u8]) -> String {
    const LONGEST: usize = 512;
    match bytes.get(..LONGEST) {
        Some(start) if bytes.len() > LONGEST => {
            format!("{}... ({} bytes)", start.escape_ascii(), bytes.len())
        }
        _ => bytes.escape_ascii().to_string(),
    }
}
