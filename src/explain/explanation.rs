//! `Explanation` and its findings, and how they print.

use std::fmt;

use crate::{diagnostic::explain_text as text, policy::refusal::Refusal};

/// How many bytes are printed.
const LONGEST: usize = 8 * 1024;

/// Why a request is allowed or refused, what the browser will do, and what would allow it.
///
/// [`CorsPolicy::explain`](crate::CorsPolicy::explain) makes it. It prints as a few lines of plain
/// text. Values from the request are escaped and cut: 512 bytes of a value, 8 names of a list,
/// 8 KiB of text.
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
    pub(super) headline: String,
    pub(super) findings: Vec<Finding>,
    pub(super) allowed: bool,
    pub(super) refusal: Option<Refusal>,
    pub(super) outcome: Vec<String>,
}

/// Whether the policy allows one part of a request, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    pub(super) part: Part,
    pub(super) asked: String,
    pub(super) allowed: bool,
    pub(super) reason: String,
    pub(super) nearest: Option<String>,
    pub(super) fix: Option<String>,
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
    /// The credentials that a page sends.
    Credentials,
}

impl Explanation {
    /// Whether everything is allowed. A request without Origin is always allowed.
    #[must_use]
    pub fn allowed(&self) -> bool {
        self.allowed
    }

    /// What was refused.
    #[must_use]
    pub fn refusal(&self) -> Option<Refusal> {
        self.refusal
    }

    /// One finding for each part of the request: the origin; for preflights also the method, the
    /// headers (at most eight, refused ones first) and the private network; then the credentials. A
    /// part that the request does not ask for has none.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }
}

impl Finding {
    pub(super) fn allowed_by(part: Part, asked: String, reason: impl Into<String>) -> Self {
        Self { part, asked, allowed: true, reason: reason.into(), nearest: None, fix: None }
    }

    pub(super) fn refused(part: Part, asked: String, reason: impl Into<String>) -> Self {
        Self { allowed: false, ..Self::allowed_by(part, asked, reason) }
    }

    /// The part of the request.
    #[must_use]
    pub fn part(&self) -> Part {
        self.part
    }

    /// The value that was asked for, escaped.
    #[must_use]
    pub fn asked(&self) -> &str {
        &self.asked
    }

    /// Whether the policy allows it.
    #[must_use]
    pub fn allowed(&self) -> bool {
        self.allowed
    }

    /// Why it is allowed or not.
    #[must_use]
    pub fn reason(&self) -> &str {
        &self.reason
    }

    /// The nearest allowed value, if this one was refused and a near one exists.
    #[must_use]
    pub fn nearest(&self) -> Option<&str> {
        self.nearest.as_deref()
    }

    /// The setting that would allow it and keeps what is allowed, if there is one. It is a builder
    /// call, or a line of TOML if the settings came from a configuration.
    #[must_use]
    pub fn fix(&self) -> Option<&str> {
        self.fix.as_deref()
    }
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.headline)?;
        // What becomes of the request is said in any case, so it has its room first.
        let outcome = self.outcome.iter().map(String::as_str);
        let others = [&*self.headline, text::CUT].into_iter().chain(outcome.clone());
        let others: usize = others.map(|line| line.len() + 1).sum();
        let mut room = LONGEST.saturating_sub(others);
        let mut is_cut = false;
        for finding in &self.findings {
            let line = format!("\n- {finding}");
            is_cut = line.len() > room;
            if is_cut {
                break;
            }
            room -= line.len();
            f.write_str(&line)?;
        }
        let cut = (is_cut && !outcome.clone().any(|line| line == text::CUT)).then_some(text::CUT);
        outcome.chain(cut).try_for_each(|line| write!(f, "\n{line}"))
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
