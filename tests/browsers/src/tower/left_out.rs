//! The cases that `tower-browser` does not claim, and those where it is known to differ, each with its
//! reason.

use crate::engine::Engine;

/// A name, or the beginning of names, and why.
const LEFT_OUT: &[(&str, &str)] = &[
    ("http-cache/", "the browser's HTTP cache"),
    ("module/", "a module script of a document"),
    ("script/", "a script of a document"),
    ("style/", "a style sheet of a document"),
    ("image/", "an image of a document"),
    ("font/", "a font of a document"),
    ("exposed/any-revalidated", "the browser's HTTP cache"),
    ("exposed/timing", "Resource Timing"),
    ("attack/form-through-worker", "a service worker"),
    ("attack/form", "a navigation of a document"),
    ("example/mcp", "a response that is read while it comes"),
    ("attack/image", "an image of a document"),
    ("attack/script", "a script of a document"),
    ("attack/iframe", "a frame of a document"),
    ("attack/object", "a frame of a document"),
    ("attack/embed", "a frame of a document"),
    ("attack/link", "a link of a document"),
    ("enforced/no-origin", "an image of a document"),
    ("enforced/null-image", "an image of a document"),
];

/// Why a case is not compared; `None` if it is.
pub fn left_out(name: &str) -> Option<&'static str> {
    let (_, reason) = LEFT_OUT.iter().find(|(beginning, _)| {
        name == *beginning || (beginning.ends_with('/') && name.starts_with(beginning))
    })?;
    Some(reason)
}

/// An engine, a case, and why a `Page` is known to do otherwise.
const KNOWN: &[(Engine, &str, &str)] = &[(
    Engine::WebKit,
    "held-out/socket-redirected",
    "follows redirects of WebSocket handshakes, which the standard and the other engines refuse",
)];

/// Why a `Page` is known to differ from an engine in a case.
pub fn known_to_differ(engine: Engine, name: &str) -> Option<&'static str> {
    let known = KNOWN.iter().find(|(known, case, _)| (*known, *case) == (engine, name))?;
    Some(known.2)
}
