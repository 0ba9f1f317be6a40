//! `Answer`: methods on a response for findings.

use http::{HeaderMap, HeaderName, header};
use tower_browser::{Exchange, Verdict};

use crate::{
    place::{self, Place},
    shown::shown,
};

pub(crate) trait Answer {
    fn headers(&self) -> &HeaderMap;
    fn code(&self) -> u16;

    /// All lines of a header.
    fn lines(&self, name: &HeaderName) -> Vec<String> {
        self.headers().get_all(name).iter().map(|value| shown(value.as_bytes())).collect()
    }

    /// The joined lines. `None` if there is no such header.
    fn joined(&self, name: &HeaderName) -> Option<String> {
        Some(self.lines(name)).filter(|lines| !lines.is_empty()).map(|lines| lines.join(", "))
    }

    fn allowed_origin(&self) -> Option<String> {
        self.joined(&header::ACCESS_CONTROL_ALLOW_ORIGIN)
    }

    fn allows_credentials(&self) -> bool {
        self.joined(&header::ACCESS_CONTROL_ALLOW_CREDENTIALS).as_deref() == Some("true")
    }

    /// Whether a comma-separated header has this element.
    fn lists(&self, name: &HeaderName, element: &str) -> bool {
        let list = self.joined(name).unwrap_or_default();
        list.split(',').any(|item| item.trim().eq_ignore_ascii_case(element))
    }

    fn varies_on_origin(&self) -> bool {
        self.lists(&header::VARY, "origin") || self.lists(&header::VARY, "*")
    }

    fn speaks_cors(&self) -> bool {
        self.headers().keys().any(|name| name.as_str().starts_with("access-control-"))
    }

    fn is_html(&self) -> bool {
        self.joined(&header::CONTENT_TYPE)
            .is_some_and(|kind| kind.to_ascii_lowercase().starts_with("text/html"))
    }

    fn is_from_cache(&self) -> bool {
        place::is_from_cache(self.headers())
    }

    fn gateway(&self) -> Option<Place> {
        place::gateway(self.headers())
    }

    /// `nginx`, or `an unknown server`.
    fn who(&self) -> String {
        match self.gateway() {
            Some(place) => place.name().to_owned(),
            None => place::traces(self.headers())
                .first()
                .map_or("an unknown server".to_owned(), |trace| {
                    format!("a server with \"{}\"", trace.line)
                }),
        }
    }

    /// The headers that show who answered, on one line.
    fn traces(&self) -> String {
        let lines: Vec<_> =
            place::traces(self.headers()).into_iter().map(|trace| trace.line).collect();
        if lines.is_empty() { "no header tells who answered".to_owned() } else { lines.join(", ") }
    }
}

impl Answer for Exchange {
    fn headers(&self) -> &HeaderMap {
        static NONE: std::sync::LazyLock<HeaderMap> = std::sync::LazyLock::new(HeaderMap::new);
        self.response_headers().unwrap_or(&NONE)
    }

    fn code(&self) -> u16 {
        self.status().map_or(0, |status| status.as_u16())
    }
}

pub(crate) fn passes(exchange: Option<&Exchange>) -> bool {
    exchange.is_some_and(|it| {
        matches!(it.verdict(), Verdict::Passed | Verdict::Redirected | Verdict::Opaque)
    })
}

pub(crate) fn is_redirect(code: u16) -> bool {
    matches!(code, 301 | 302 | 303 | 307 | 308)
}
