//! `Setup`: a gateway's configuration, the backend behind it, what a page asks and what comes of it.

use crate::{gateway::Kind, roles::Backend};

pub struct Setup {
    pub name: &'static str,
    /// What a reader should take from it.
    pub why: &'static str,
    pub gateway: Kind,
    /// Whether the file with readable errors is loaded.
    pub with_errors: bool,
    /// What people add: after which text of the file, and what.
    pub edits: Vec<(&'static str, &'static str)>,
    pub backend: Backend,
    pub asks: Vec<Ask>,
}

/// What a page asks.
#[derive(Clone)]
pub struct Ask {
    pub path: &'static str,
    pub method: &'static str,
    pub header: Option<(&'static str, &'static str)>,
    pub has_credentials: bool,
    /// So many bytes.
    pub body: usize,
    /// Somebody asks without Origin first, so that a cache has it.
    pub is_primed: bool,
    pub expected: Expected,
}

#[derive(Clone, Copy)]
pub enum Expected {
    /// The page reads an answer of this status.
    Reads(u16),
    /// The page reads it, and the doctor warns first of this.
    Warns(u16, &'static str),
    /// The page gets a network error, and the doctor names this cause.
    Fails(&'static str),
}

impl Expected {
    /// `200`, `refused`, and for the doctor the cause as well.
    pub fn as_seen_by(self, who: &str) -> String {
        let is_doctor = who.starts_with("cors-doctor");
        match self {
            Self::Warns(status, warning) if is_doctor => format!("{status}, {warning}"),
            Self::Reads(status) | Self::Warns(status, _) => status.to_string(),
            Self::Fails(cause) if is_doctor => format!("refused: {cause}"),
            Self::Fails(_) => "refused".to_owned(),
        }
    }
}

pub fn setup(name: &'static str, why: &'static str, gateway: Kind) -> Setup {
    Setup {
        name,
        why,
        gateway,
        with_errors: false,
        edits: Vec::new(),
        backend: Backend::Layered,
        asks: Vec::new(),
    }
}

impl Setup {
    pub fn with_errors(mut self) -> Self {
        self.with_errors = true;
        self
    }

    /// Adds lines after a text of the configuration.
    pub fn add(mut self, after: &'static str, lines: &'static str) -> Self {
        self.edits.push((after, lines));
        self
    }

    pub fn before(mut self, backend: Backend) -> Self {
        self.backend = backend;
        self
    }

    pub fn ask(mut self, ask: Ask) -> Self {
        self.asks.push(ask);
        self
    }
}

/// A simple GET of the page.
pub fn get(expected: Expected) -> Ask {
    Ask {
        path: "/",
        method: "GET",
        header: None,
        has_credentials: false,
        body: 0,
        is_primed: false,
        expected,
    }
}

/// A PUT with a header, which needs a preflight.
pub fn put(expected: Expected) -> Ask {
    Ask { method: "PUT", header: Some(("x-token", "1")), ..get(expected) }
}

impl Ask {
    pub fn credentials(mut self) -> Self {
        self.has_credentials = true;
        self
    }

    pub fn at(mut self, path: &'static str) -> Self {
        self.path = path;
        self
    }

    /// A simple POST of so many bytes.
    pub fn upload(mut self, bytes: usize) -> Self {
        (self.method, self.body) = ("POST", bytes);
        self
    }

    pub fn primed(mut self) -> Self {
        self.is_primed = true;
        self
    }

    pub fn shown(&self) -> String {
        let credentials = if self.has_credentials { " with credentials" } else { "" };
        format!("{} {}{credentials}", self.method, self.path)
    }
}
