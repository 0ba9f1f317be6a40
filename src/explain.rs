//! `Explanation`: the verdict on one request, replayed part by part, as text and as data.

use std::fmt;

use http::{Method, StatusCode};

use crate::{
    cors_policy::CorsPolicy,
    diagnostic::{Setting, text},
    policy::{
        enforce,
        names::{self, is_token},
        origin::{
            set::Match,
            syntax::{Origin, Tuple},
        },
        preflight::Preflight,
        refusal::Refusal,
        request::{Head, OriginField, RequestOrigin},
        rules::{Grant, Headers, Methods, Origins, Rules, Verdict},
    },
    settings::{Source, address, headers, methods, nearest, origins},
};

/// How many asked names are explained, and how many bytes of them are read.
const NAMES: usize = 8;
const BYTES: usize = 8 * 1024;

/// Why a request is allowed or refused, what the browser will do, and what would allow it.
///
/// [`CorsPolicy::explain`] makes it. Prints as plain text of a few lines. What a request says is
/// escaped and cut: 512 bytes of a value, 8 names of a list.
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
    allowed: bool,
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
    /// The credentials that a page asks with.
    Credentials,
}

impl Explanation {
    /// Whether the page gets what it asked for. A request without Origin has nothing to refuse.
    #[must_use]
    pub fn allowed(&self) -> bool {
        self.allowed
    }

    /// What was refused.
    #[must_use]
    pub fn refusal(&self) -> Option<Refusal> {
        self.refusal
    }

    /// What the policy says to each part: the origin, then for preflights the method, the headers
    /// (eight at most, refused ones first) and the private network, then the credentials, as far as
    /// asked.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }
}

impl Finding {
    fn allowed_by(part: Part, asked: String, reason: impl Into<String>) -> Self {
        Self { part, asked, allowed: true, reason: reason.into(), nearest: None, fix: None }
    }

    fn refused(part: Part, asked: String, reason: impl Into<String>) -> Self {
        Self { allowed: false, ..Self::allowed_by(part, asked, reason) }
    }

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

    /// What would allow it, if something can, and keeps what is allowed: a builder call, or the line
    /// of a TOML file where the settings came from a configuration.
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
            Part::Credentials => "credentials",
        };
        let verdict = if self.allowed { "allowed" } else { "not allowed" };
        write!(f, "{part} \"{}\": {verdict}, {}", self.asked, self.reason)?;
        match &self.fix {
            Some(fix) => write!(f, "; to allow it: {fix}"),
            None => Ok(()),
        }
    }
}

pub(crate) fn explain(policy: &CorsPolicy, head: Head<'_>, with_credentials: bool) -> Explanation {
    match policy.rules().judge(head) {
        Verdict::Preflight(preflight) => explain_preflight(policy, &preflight, with_credentials),
        Verdict::Actual(origin, grant) => {
            explain_actual(policy, head, &origin, grant, with_credentials)
        }
        Verdict::Forbidden(origin) => Explanation {
            headline: text::may_read(&method(head), &shown_origin(&origin), false),
            // A grant is no answer to a request that must not run.
            findings: vec![Finding { fix: None, ..refused_origin(policy, &origin) }],
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

fn method(head: Head<'_>) -> String {
    shown(head.method.as_str().as_bytes())
}

fn explain_preflight(
    policy: &CorsPolicy,
    preflight: &Preflight<'_>,
    with_credentials: bool,
) -> Explanation {
    let asked = &preflight.asked;
    let mut findings = vec![origin_finding(policy, &asked.origin, preflight.grant)];
    findings.push(method_finding(policy, preflight));
    let is_cut = header_findings(policy, preflight, &mut findings);
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
            text::console(refusal.origin(), preflight.status == StatusCode::OK).to_owned(),
        ],
    };
    if is_cut {
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
    outcome.push(
        match (grant.is_nothing(), allowed, is_same_origin) {
            (true, _, true) => text::SAME_ORIGIN,
            (_, true, _) => text::READABLE,
            (true, false, _) => text::WITHHELD,
            (false, false, _) => text::WITHHELD_CREDENTIALS,
        }
        .to_owned(),
    );
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

fn origin_finding(policy: &CorsPolicy, origin: &RequestOrigin<'_>, grant: Grant<'_>) -> Finding {
    if grant.is_nothing() {
        return refused_origin(policy, origin);
    }
    let reason = match (&policy.rules().origins, origin.field()) {
        (Origins::Set(set), OriginField::One(value)) => match set.matched_by(value.as_bytes()) {
            Match::Listed => text::LISTED.to_owned(),
            Match::Pattern(pattern) => text::matched_by(pattern),
            Match::Computed => text::COMPUTED.to_owned(),
        },
        _ => text::ANY_ORIGIN.to_owned(),
    };
    Finding::allowed_by(Part::Origin, shown_origin(origin), reason)
}

fn refused_origin(policy: &CorsPolicy, origin: &RequestOrigin<'_>) -> Finding {
    let asked = shown_origin(origin);
    let near = |(nearest, reason): (String, String)| Finding {
        nearest: Some(nearest),
        ..Finding::refused(Part::Origin, asked.clone(), reason)
    };
    let none = |reason: &str| Finding::refused(Part::Origin, asked.clone(), reason);
    let parsed = match (origin.field(), origin.parsed()) {
        (OriginField::One(_), Some(parsed)) => parsed,
        (OriginField::One(_), None) => {
            // As a browser would send it, it may be allowed.
            let corrected = origins::read(&asked).err();
            let corrected = corrected.as_ref().and_then(|error| error.suggestion());
            return match corrected.filter(|corrected| policy.allows_origin(corrected)) {
                Some(corrected) => {
                    near((corrected.to_owned(), text::nearest(corrected, text::AS_SENT)))
                }
                None => none(text::MALFORMED_ORIGIN),
            };
        }
        _ => return none(text::SEVERAL_ORIGINS),
    };
    let found = match parsed {
        Origin::Tuple(tuple) => nearest_origin(policy, tuple),
        Origin::Null | Origin::File => None,
    };
    let mut finding = match (found, parsed) {
        (Some((nearest, how)), _) => {
            let reason = text::nearest(&nearest, how);
            near((nearest, reason))
        }
        (None, Origin::Null) => none(text::NULL),
        (None, _) if policy.config().allow_origins.is_empty() => none(text::NO_ORIGIN_LISTED),
        (None, _) => none(text::NOT_LISTED),
    };
    // Only what builds, and is no danger.
    let Rules { credentials, enforce, .. } = policy.rules();
    let is_trusted = *credentials || *enforce != enforce::EnforceOrigin::Nothing;
    if !(is_trusted && matches!(parsed, Origin::Null | Origin::File))
        && origins::read(&asked).is_ok()
    {
        finding.fix =
            Some(fix(policy, Setting::AllowOrigins, &policy.config().allow_origins, &asked));
    }
    finding
}

/// The allowed origin that is nearest to a refused one, and what differs.
fn nearest_origin(policy: &CorsPolicy, asked: Tuple<'_>) -> Option<(String, &'static str)> {
    let Origins::Set(set) = &policy.rules().origins else {
        return None;
    };
    if let Some(pattern) = set.patterns().find(|pattern| pattern.is_below(asked.scheme, asked.host))
    {
        return Some((pattern.to_string(), text::APEX));
    }
    if let Some(variant) = allowed_variant(policy, asked) {
        return Some(variant);
    }
    let tuple = |origin| match Origin::read(str::as_bytes(origin)) {
        Some(Origin::Tuple(tuple)) => Some(tuple),
        _ => None,
    };
    let is_same_host =
        |listed: Tuple<'_>| (listed.scheme, listed.host) == (asked.scheme, asked.host);
    if let Some(listed) =
        set.listed().filter(|listed| tuple(listed).is_some_and(is_same_host)).min()
    {
        return Some((listed.to_owned(), text::OTHER_PORT));
    }
    // The same scheme and port, and a host with a typo.
    let is_like = |listed: Tuple<'_>| (listed.scheme, listed.port) == (asked.scheme, asked.port);
    let hosts = set.listed().filter_map(tuple).filter(|listed| is_like(*listed));
    let host = nearest::word(asked.host, hosts.map(|listed| listed.host))?;
    let near = Tuple { host, ..asked };
    Some((near.to_string(), text::TYPO))
}

/// One of the origins that differ in one part from a refused one, if it is allowed: by a fixed number
/// of look-ups.
pub(crate) fn allowed_variant(
    policy: &CorsPolicy,
    asked: Tuple<'_>,
) -> Option<(String, &'static str)> {
    let Tuple { scheme, host, port } = asked;
    let other = match scheme {
        "http" => "https",
        "https" => "http",
        _ => scheme,
    };
    let www = host.strip_prefix("www.").map_or_else(|| format!("www.{host}"), str::to_owned);
    let variant = |scheme, host, port| Tuple { scheme, host, port };
    let variants = [
        (variant(other, host, port), text::OTHER_SCHEME),
        (variant(scheme, host, None), text::HAS_PORT),
        (variant(other, host, None), text::OTHER_SCHEME_AND_PORT),
        (variant(scheme, &www, port), text::WWW),
    ];
    // The names of this machine are origins of their own.
    let loopback = ["localhost", "127.0.0.1", "[::1]"]
        .into_iter()
        .filter(|_| address::place(host) == address::Place::Loopback)
        .map(|name| (variant(scheme, name, port), text::LOOPBACK));
    variants
        .into_iter()
        .chain(loopback)
        .filter(|(variant, _)| *variant != asked)
        .map(|(variant, how)| (variant.to_string(), how))
        .find(|(variant, _)| policy.allows_origin(variant))
}

fn method_finding(policy: &CorsPolicy, preflight: &Preflight<'_>) -> Finding {
    let method = preflight.asked.method;
    let asked = shown(method.as_bytes());
    let (names, value) = match &policy.rules().methods {
        Methods::Mirrored if preflight.refusal.method() => {
            return Finding::refused(Part::Method, asked, text::NO_METHOD);
        }
        Methods::Mirrored => return Finding::allowed_by(Part::Method, asked, text::ANY_METHOD),
        Methods::Listed { .. } if !preflight.refusal.method() => {
            return Finding::allowed_by(Part::Method, asked, text::LISTED);
        }
        Methods::Listed { names, value } => (names, value),
    };
    if !is_token(method.as_bytes()) {
        return Finding::refused(Part::Method, asked, text::NO_METHOD);
    }
    let add = |method: &str| {
        Some(fix(policy, Setting::AllowMethods, &policy.config().allow_methods, method))
    };
    let is_spelled = |name: &&[u8]| name.eq_ignore_ascii_case(method.as_bytes());
    if let Some(near) = names.iter().map(|name| &**name).find(is_spelled).map(shown) {
        let reason = text::letter_case(&near);
        return Finding { nearest: Some(near), ..Finding::refused(Part::Method, asked, reason) };
    }
    let problem = methods::problem(&asked);
    let meant = problem.as_ref().filter(|problem| problem.severity() == crate::Severity::Error);
    match meant.map(|problem| problem.suggestion()) {
        Some(Some(meant)) => Finding {
            fix: add(meant),
            ..Finding::refused(Part::Method, asked.clone(), text::letter_case(meant))
        },
        // What a browser never sends is not to be listed; `*` would be all methods but this one.
        sound => Finding {
            fix: if sound.is_none() && asked != "*" { add(&asked) } else { None },
            ..Finding::refused(
                Part::Method,
                asked.clone(),
                text::methods_listed(&shown(value.as_bytes())),
            )
        },
    }
}

/// Adds what the policy says to the asked names; whether some were left out.
fn header_findings(
    policy: &CorsPolicy,
    preflight: &Preflight<'_>,
    findings: &mut Vec<Finding>,
) -> bool {
    let mut rest = BYTES;
    let mut is_cut = false;
    let mut names: Vec<(bool, &[u8])> = Vec::new();
    for line in preflight.asked.headers.lines() {
        let line = line.as_bytes();
        is_cut |= line.len() > rest;
        let read = &line[..line.len().min(rest)];
        rest -= read.len();
        names
            .extend(names::elements(read).map(|name| (policy.rules().headers.contain(name), name)));
    }
    // Stable: refused names first, each kind as asked.
    names.sort_by_key(|(allowed, _)| *allowed);
    is_cut |= names.len() > NAMES;
    findings.extend(
        names.iter().take(NAMES).map(|(allowed, name)| header_finding(policy, name, *allowed)),
    );
    is_cut
}

fn header_finding(policy: &CorsPolicy, name: &[u8], allowed: bool) -> Finding {
    let asked = shown(name);
    if allowed {
        let reason = match policy.rules().headers {
            Headers::Any => text::ANY_HEADER,
            Headers::Listed { .. } => text::LISTED,
        };
        return Finding::allowed_by(Part::Header, asked, reason);
    }
    let listed = &policy.config().allow_headers;
    let nearest = nearest::word(&asked, listed.iter().map(|name| name.trim()));
    let reason = nearest.map_or_else(|| text::NOT_LISTED.to_owned(), text::nearest_name);
    let problem = headers::request_header_problem(&asked);
    let builds = problem.is_none_or(|problem| problem.severity() != crate::Severity::Error);
    Finding {
        nearest: nearest.map(str::to_owned),
        fix: (builds && asked != "*").then(|| fix(policy, Setting::AllowHeaders, listed, &asked)),
        ..Finding::refused(Part::Header, asked, reason)
    }
}

fn private_network_finding(policy: &CorsPolicy) -> Finding {
    let asked = "true".to_owned();
    if policy.rules().private_network {
        return Finding::allowed_by(Part::PrivateNetwork, asked, text::ON);
    }
    Finding {
        fix: Some(switch(policy, Setting::AllowPrivateNetwork)),
        ..Finding::refused(Part::PrivateNetwork, asked, text::OFF)
    }
}

fn credentials_finding(policy: &CorsPolicy, grant: Grant<'_>, asked: bool) -> Option<Finding> {
    if !asked || grant.is_nothing() {
        return None;
    }
    let value = "include".to_owned();
    Some(match (policy.rules().credentials, grant) {
        (true, _) => Finding::allowed_by(Part::Credentials, value, text::ON),
        // Any origin with credentials would be a danger.
        (false, Grant::Any) => {
            Finding::refused(Part::Credentials, value, text::CREDENTIALS_AND_ANY)
        }
        (false, _) => Finding {
            fix: Some(switch(policy, Setting::AllowCredentials)),
            ..Finding::refused(Part::Credentials, value, text::OFF)
        },
    })
}

/// What adds an item to a list and keeps the others.
fn fix(policy: &CorsPolicy, setting: Setting, list: &[String], item: &str) -> String {
    match policy.settings().source {
        Source::Config => text::config_line(setting, list, item),
        // The first call of the builder replaces the default list, so that goes with it.
        Source::Default if setting == Setting::AllowMethods => {
            text::builder_call(setting, list, item)
        }
        Source::Default | Source::Builder => text::builder_call(setting, &[], item),
    }
}

fn switch(policy: &CorsPolicy, setting: Setting) -> String {
    match policy.settings().source {
        Source::Config => format!("{setting} = true"),
        Source::Default | Source::Builder => format!(".{setting}(true)"),
    }
}

pub(crate) fn shown_origin(origin: &RequestOrigin<'_>) -> String {
    match origin.field() {
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
