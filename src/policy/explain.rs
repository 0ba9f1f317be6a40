//! `Explanation`: the whole reasoning of a policy over one request, as text and as data (cold).

use std::fmt;

use http::{HeaderValue, Method, StatusCode};

use super::{
    CorsPolicy, Refusal, names, nearest,
    origin::{
        syntax::{Origin, Tuple},
        validate,
    },
    request::{self, Head, OriginField, PreflightRequest},
    rules::{Headers, Methods},
};
use crate::error::Fault;

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
    match PreflightRequest::read(head.method, head.headers) {
        Some(asked) => explain_preflight(policy, &asked),
        None => explain_actual(policy, head),
    }
}

fn explain_preflight(policy: &CorsPolicy, asked: &PreflightRequest<'_>) -> Explanation {
    let rules = policy.rules();
    let answer = rules.answer(asked);
    let mut findings =
        vec![origin_finding(policy, asked.origin), method_finding(policy, asked.method)];
    for line in asked.headers.lines() {
        findings.extend(names::elements(line.as_bytes()).map(|name| header_finding(policy, name)));
    }
    if asked.private_network {
        findings.push(private_network_finding(rules.private_network));
    }
    let refusal = answer.refusal().into_result().err();
    let origin = shown_origin(asked.origin);
    let method = shown(asked.method.as_bytes());
    Explanation {
        headline: format!(
            "a preflight of {origin}: may its page send {method}? {}",
            if refusal.is_none() { "yes" } else { "no" }
        ),
        findings,
        refusal,
        outcome: preflight_outcome(policy, refusal, answer.status(), &method),
    }
}

fn preflight_outcome(
    policy: &CorsPolicy,
    refusal: Option<Refusal>,
    status: StatusCode,
    method: &str,
) -> Vec<String> {
    let Some(refusal) = refusal else {
        let mut outcome = vec![format!(
            "the layer answers {}, and the browser sends the {method}",
            status.as_u16()
        )];
        if !policy.rules().credentials {
            outcome.push(NO_CREDENTIALS.to_owned());
        }
        return outcome;
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
    let is_same_origin =
        matches!(origin, OriginField::One(origin) if request::is_same_origin(head, origin));
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

const NO_CREDENTIALS: &str = "credentials are not allowed: with cookies (credentials: \"include\") its page could not read the response; to allow them: .allow_credentials(true)";

fn origin_finding(policy: &CorsPolicy, origin: OriginField<'_>) -> Finding {
    let allowed = policy.rules().allows(origin);
    let mut finding = Finding {
        part: Part::Origin,
        asked: shown_origin(origin),
        allowed,
        reason: String::new(),
        nearest: None,
        fix: None,
    };
    let value = match origin {
        OriginField::One(value) => value,
        OriginField::Absent | OriginField::Several => {
            finding.reason = match allowed {
                true => "any is".to_owned(),
                false => "it comes in several lines, which no browser sends".to_owned(),
            };
            return finding;
        }
    };
    if allowed {
        finding.reason = allowing_setting(policy, value);
        return finding;
    }
    let Some(origin) = Origin::read(value.as_bytes()) else {
        let Near { nearest, reason, .. } = malformed_origin(policy, value);
        (finding.nearest, finding.reason) = (nearest, reason);
        return finding;
    };
    let near = match origin {
        Origin::Null => Near::none(
            "pages of sandboxed frames and files are null, and so is whoever pretends to be",
        ),
        Origin::Tuple(tuple) => nearest_origin(policy, value, tuple),
    };
    (finding.nearest, finding.reason) = (near.nearest, near.reason);
    finding.fix = Some(format!(".allow_origins([\"{}\"])", finding.asked));
    finding
}

fn allowing_setting(policy: &CorsPolicy, value: &HeaderValue) -> String {
    let config = policy.config();
    let any = config.allow_origins.iter().any(|item| item == "*");
    let listed = config.allow_origins.iter().any(|item| item.as_bytes() == value.as_bytes());
    let pattern = config.allow_origins.iter().find(|item| {
        matches!(validate::entry(item), Ok(validate::Entry::Pattern(pattern)) if pattern.matches(value.as_bytes()))
    });
    match pattern {
        _ if any => "any is".to_owned(),
        _ if listed => "it is listed".to_owned(),
        Some(pattern) => format!("{pattern:?} takes it"),
        None => "a regex or predicate takes it".to_owned(),
    }
}

/// A nearest allowed value and what keeps the asked one from it.
struct Near {
    nearest: Option<String>,
    reason: String,
}

impl Near {
    fn none(reason: &str) -> Self {
        Self { nearest: None, reason: reason.to_owned() }
    }

    fn of(nearest: &str, difference: &str) -> Self {
        let reason = format!("the nearest allowed is \"{nearest}\": {difference}");
        Self { nearest: Some(nearest.to_owned()), reason }
    }
}

fn malformed_origin(policy: &CorsPolicy, value: &HeaderValue) -> Near {
    let text = String::from_utf8_lossy(value.as_bytes());
    match validate::entry(&text) {
        Err(Fault::Origin { write: Some(write), .. }) if policy.allows_origin(&write) => {
            Near::of(&write, "that is how a browser would send it")
        }
        _ => Near::none("it is no origin that a browser could send"),
    }
}

fn nearest_origin(policy: &CorsPolicy, value: &HeaderValue, tuple: Tuple<'_>) -> Near {
    let config = policy.config();
    if let Some((near, difference)) = allowed_variant(policy, tuple) {
        return Near::of(&near, difference);
    }
    let apex = format!("://*.{}", tuple.host);
    if let Some(pattern) = config.allow_origins.iter().find(|item| item.contains(&apex)) {
        return Near::of(pattern, "it takes subdomains, not the domain itself");
    }
    let same_host = |item: &&String| {
        validate::tuple(item)
            .is_some_and(|listed| (listed.scheme, listed.host) == (tuple.scheme, tuple.host))
    };
    if let Some(listed) = config.allow_origins.iter().find(same_host) {
        return Near::of(listed, "only the port differs");
    }
    let text = String::from_utf8_lossy(value.as_bytes());
    match nearest::word(&text, config.allow_origins.iter().map(String::as_str)) {
        Some(near) => Near::of(near, "a slip of the pen?"),
        None if config.allow_origins.is_empty() => Near::none("no origin is listed"),
        None => Near::none("it is not listed"),
    }
}

/// One of the origins that differ in one part from a refused one, if it is allowed: by a fixed number
/// of look-ups.
pub(crate) fn allowed_variant(
    policy: &CorsPolicy,
    tuple: Tuple<'_>,
) -> Option<(String, &'static str)> {
    let Tuple { scheme, host, port } = tuple;
    let other = match scheme {
        "http" => "https",
        "https" => "http",
        _ => scheme,
    };
    let bare = host.strip_prefix("www.");
    let (without, has_port) = (None, port.is_some());
    let suffix = |port: Option<u16>| port.map(|port| format!(":{port}")).unwrap_or_default();
    let www = bare.map_or_else(|| format!("www.{host}"), str::to_owned);
    let variants = [
        (other != scheme, other, host, port, "only the scheme differs"),
        (has_port, scheme, host, without, "it has no port"),
        (
            other != scheme && has_port,
            other,
            host,
            without,
            "the scheme differs, and it has no port",
        ),
        (true, scheme, www.as_str(), port, "only \"www.\" differs"),
    ];
    variants
        .into_iter()
        .filter(|(applies, ..)| *applies)
        .map(|(_, scheme, host, port, how)| (format!("{scheme}://{host}{}", suffix(port)), how))
        .find(|(variant, _)| policy.allows_origin(variant))
}

fn method_finding(policy: &CorsPolicy, method: &HeaderValue) -> Finding {
    let rules = policy.rules();
    let asked = shown(method.as_bytes());
    let allowed = rules.methods.contains(method);
    let (mut nearest, mut fix) = (None, None);
    let reason = match &rules.methods {
        Methods::Mirrored if allowed => "any is".to_owned(),
        _ if !names::is_token(method.as_bytes()) => "it is no method name".to_owned(),
        Methods::Mirrored | Methods::Listed { .. } if allowed => "it is listed".to_owned(),
        Methods::Mirrored => "it is no method name".to_owned(),
        Methods::Listed { names: listed, value } => {
            let spelled = |name: &&[u8]| name.eq_ignore_ascii_case(method.as_bytes());
            nearest = listed.iter().map(|name| &**name).find(spelled).map(shown);
            fix = Some(format!(".allow_methods([\"{asked}\"])"));
            match &nearest {
                Some(near) => {
                    fix = None;
                    format!(
                        "\"{near}\" is: methods are case-sensitive, let the page send \"{near}\""
                    )
                }
                None if value.is_empty() => "no method is listed".to_owned(),
                None => format!("the list is {}", shown(value.as_bytes())),
            }
        }
    };
    Finding { part: Part::Method, asked, allowed, reason, nearest, fix }
}

fn header_finding(policy: &CorsPolicy, name: &[u8]) -> Finding {
    let asked = shown(name);
    let (allowed, nearest, reason) = match &policy.rules().headers {
        Headers::Any => (true, None, "any is".to_owned()),
        Headers::Listed { names, .. } if names.contains(name) => {
            (true, None, "it is listed".to_owned())
        }
        Headers::Listed { .. } => {
            let listed = policy.config().allow_headers.iter().map(String::as_str);
            let nearest = nearest::word(&asked, listed).map(str::to_owned);
            let reason = match &nearest {
                Some(near) => format!("the nearest allowed is \"{near}\""),
                None => "it is not listed".to_owned(),
            };
            (false, nearest, reason)
        }
    };
    let fix = (!allowed && names::is_token(name)).then(|| format!(".allow_headers([\"{asked}\"])"));
    Finding { part: Part::Header, asked, allowed, reason, nearest, fix }
}

fn private_network_finding(allowed: bool) -> Finding {
    Finding {
        part: Part::PrivateNetwork,
        asked: "true".to_owned(),
        allowed,
        reason: if allowed { "it is switched on" } else { "it is switched off" }.to_owned(),
        nearest: None,
        fix: (!allowed).then(|| ".allow_private_network(true)".to_owned()),
    }
}

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
