//! What is wrong with a configured method or header name, and what was meant (cold).

use super::{
    names::is_token,
    nearest,
    standard::{ALL_METHODS, FORBIDDEN_METHODS},
};
use crate::error::NameProblem;

/// A problem, and the right spelling where that is clear.
type Problem = (NameProblem, Option<String>);

/// What keeps a method from ever being sent.
pub(super) fn method_problem(method: &str) -> Option<Problem> {
    let known = |name: &str| {
        let upper = name.to_ascii_uppercase();
        (ALL_METHODS.contains(&&*upper) || FORBIDDEN_METHODS.contains(&&*upper)).then_some(upper)
    };
    // A bar is a character of names, so only known methods tell.
    let mut parts = method.split(['/', '|', ':']).map(|part| known(bare(part)));
    if parts.clone().count() > 1 && parts.all(|part| part.is_some()) {
        return Some((NameProblem::Several, None));
    }
    match name_problem(method) {
        Some((problem, write)) => Some((problem, write.map(|name| known(&name).unwrap_or(name)))),
        None => {
            let upper = known(method).filter(|upper| upper != method)?;
            Some((NameProblem::LetterCase, Some(upper)))
        }
    }
}

/// What keeps the name of a method or header from being one.
pub(super) fn name_problem(name: &str) -> Option<Problem> {
    let bare_name = bare(name);
    if bare_name.is_empty() {
        return Some((NameProblem::Empty, None));
    }
    // Some quotes are characters of names, but nobody means a name that is quoted.
    let trimmed = name.trim();
    let is_quoted =
        QUOTES.iter().any(|quote| trimmed.starts_with(*quote) && trimmed.ends_with(*quote));
    if is_token(name.as_bytes()) && !is_quoted {
        return None;
    }
    if is_several(name) {
        return Some((NameProblem::Several, None));
    }
    let problem = if is_quoted { NameProblem::Quotes } else { NameProblem::NotAToken };
    Some((problem, header_name(name).or_else(|| sound(bare_name))))
}

/// What was probably meant by a name that is taken to the letter: a standard method, or all.
pub(super) fn likely_name(name: &str, standard: &[&'static str]) -> Option<&'static str> {
    if name == "*" || standard.contains(&name) {
        return None;
    }
    if ["all", "any", "**"].contains(&&*name.to_ascii_lowercase()) {
        return Some("*");
    }
    // Of three letters, or with another first letter, it may well be a name of its own.
    let is_slip = |meant: &&str| {
        name.len() > 3 && meant.as_bytes()[..1].eq_ignore_ascii_case(&name.as_bytes()[..1])
    };
    nearest::word(name, standard.iter().copied()).filter(is_slip)
}

const QUOTES: [char; 3] = ['"', '\'', '`'];

/// Without what lists, files of environment variables and word processors put around a name.
fn bare(item: &str) -> &str {
    let is_around = |c: char| {
        c.is_whitespace()
            || QUOTES.contains(&c)
            || ",;[]()\u{2018}\u{2019}\u{201c}\u{201d}".contains(c)
    };
    item.trim_matches(is_around)
}

/// A name that would be taken.
fn sound(name: &str) -> Option<String> {
    (is_token(name.as_bytes()) && !name.contains(QUOTES)).then(|| name.to_owned())
}

/// The name in `X-Token: value`.
fn header_name(item: &str) -> Option<String> {
    let (name, value) = item.split_once(':')?;
    if value.starts_with("//") { None } else { sound(bare(name)) }
}

/// `"GET, POST"`, `"GET POST"`, `"x-a: 1, x-b: 2"`, but not one header with a list of values.
fn is_several(item: &str) -> bool {
    let count = if item.contains(':') {
        item.split([',', '\n']).filter(|part| header_name(part).is_some()).count()
    } else {
        let parts = item.split(|c: char| c.is_whitespace() || ",;".contains(c));
        parts.filter(|part| sound(bare(part)).is_some()).count()
    };
    count > 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use NameProblem::{Empty, LetterCase, NotAToken, Quotes, Several};

    #[track_caller]
    fn check(given: &str, found: Option<Problem>, expected: Option<(NameProblem, Option<&str>)>) {
        if let Some((_, Some(write))) = &found {
            assert_eq!(method_problem(write), None, "{given:?}");
        }
        let found = found.as_ref().map(|(problem, write)| (*problem, write.as_deref()));
        assert_eq!(found, expected, "{given:?}");
    }

    #[test]
    fn names() {
        for name in ["x-a", "X_A", "*", "x!#$%&*+.^|~", "x'y", "'", "x-a'"] {
            let expected = (name == "'").then_some((Empty, None));
            check(name, name_problem(name), expected);
        }
        for (name, problem, write) in [
            ("", Empty, None),
            (" ", Empty, None),
            ("''", Empty, None),
            ("\"\"", Empty, None),
            (",", Empty, None),
            ("'x-a'", Quotes, Some("x-a")),
            ("`x-a`", Quotes, Some("x-a")),
            ("\"x-a\"", Quotes, Some("x-a")),
            ("\"'x-a'\"", Quotes, Some("x-a")),
            ("''x-a''", Quotes, Some("x-a")),
            ("'a'|'b'", Quotes, None),
            ("\u{201c}x-a\u{201d}", NotAToken, Some("x-a")),
            ("'x-a',", NotAToken, Some("x-a")),
            (" 'x-a' ", Quotes, Some("x-a")),
            ("['x-a']", NotAToken, Some("x-a")),
            (",x-a", NotAToken, Some("x-a")),
            ("; x-a", NotAToken, Some("x-a")),
            ("x-a ,", NotAToken, Some("x-a")),
            ("X-Token:", NotAToken, Some("X-Token")),
            ("X-Token :", NotAToken, Some("X-Token")),
            ("X-Token : value", NotAToken, Some("X-Token")),
            ("'X-Token: value'", Quotes, Some("X-Token")),
            ("'x-a:1'", Quotes, Some("x-a")),
            ("Cache-Control: no-cache, no-store", NotAToken, Some("Cache-Control")),
            ("Content-Type: text/html; charset=utf-8", NotAToken, Some("Content-Type")),
            ("X-Date: Mon 10:00:00", NotAToken, Some("X-Date")),
            ("https://a.example", NotAToken, None),
            ("x-\u{e4}", NotAToken, None),
            ("x-a, x-b", Several, None),
            ("x-a x-b", Several, None),
            ("x-a\nx-b", Several, None),
            ("['x-a', 'x-b']", Several, None),
            ("\"x-a\", \"x-b\"", Several, None),
            ("x-a:1, x-b:2", Several, None),
            ("x-a:, x-b:", Several, None),
        ] {
            check(name, name_problem(name), Some((problem, write)));
        }
    }

    #[test]
    fn methods() {
        for method in ["GET", "TRACE", "PROPFIND", "Custom", "x|y", "*"] {
            check(method, method_problem(method), None);
        }
        for (method, problem, write) in [
            ("get", LetterCase, Some("GET")),
            ("trace", LetterCase, Some("TRACE")),
            ("'get'", Quotes, Some("GET")),
            ("get :", NotAToken, Some("GET")),
            ("GET ,", NotAToken, Some("GET")),
            ("GET|post", Several, None),
            ("GET/POST", Several, None),
            ("GET: POST", Several, None),
            ("'GET'|'POST'", Several, None),
            ("GET, POST", Several, None),
            ("GET\nPOST", Several, None),
        ] {
            check(method, method_problem(method), Some((problem, write)));
        }
    }

    #[test]
    fn slips_of_the_pen() {
        for (name, meant) in [
            ("DELTE", Some("DELETE")),
            ("OPTION", Some("OPTIONS")),
            ("PATH", Some("PATCH")),
            ("GETS", Some("GET")),
            ("all", Some("*")),
            ("ANY", Some("*")),
            ("**", Some("*")),
            ("*", None),
            ("GET", None),
            ("SET", None),
            ("READ", None),
            ("HOST", None),
            ("PROPFIND", None),
        ] {
            assert_eq!(likely_name(name, &ALL_METHODS), meant, "{name}");
        }
    }
}
