//! `Finding`: what is wrong, where to fix it and what to write.

/// One finding. README.md lists the ids.
#[derive(Clone, Debug)]
pub(crate) struct Finding {
    pub(crate) id: &'static str,
    pub(crate) severity: Severity,
    pub(crate) what: String,
    /// Lines of answers that show it.
    pub(crate) seen: Vec<String>,
    /// Where to fix it.
    pub(crate) place: String,
    /// What to write.
    pub(crate) line: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Severity {
    /// The page fails.
    Failure,
    /// Another website's page gets access that it should not have.
    Danger,
    /// It works now, but fails for another request, user or browser.
    Warning,
    Note,
}

impl Severity {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Failure => "failure",
            Self::Danger => "danger",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }
}

impl Finding {
    pub(crate) fn new(
        id: &'static str,
        severity: Severity,
        what: impl Into<String>,
        place: impl Into<String>,
        line: impl Into<String>,
    ) -> Self {
        Self {
            id,
            severity,
            what: what.into(),
            seen: Vec::new(),
            place: place.into(),
            line: line.into(),
        }
    }

    pub(crate) fn seen(mut self, line: impl Into<String>) -> Self {
        let line = line.into();
        if !line.is_empty() && !self.seen.contains(&line) {
            self.seen.push(line);
        }
        self
    }
}
