//! What is wrong with the name of a method or header, and the name that was meant.

use super::origin_forms::{Meaning, is_placeholder, meaning};
use crate::{diagnostic::Kind, policy::names::is_token};

/// Why a configured text is not a name.
pub(crate) struct Problem {
    pub(crate) kind: Kind,
    /// The correct spelling, if it is clear. It is a valid name.
    pub(crate) meant: Option<String>,
    /// The names in it, if there are several.
    pub(crate) items: Vec<String>,
}

/// Why a text is not the name of a method or header.
pub(crate) fn problem(text: &str) -> Option<Problem> {
    if is_placeholder(text) {
        return Some(Problem { kind: Kind::Placeholder, meant: None, items: Vec::new() });
    }
    // Some quotes are valid in names, but nobody intends a quoted name.
    let is_quoted = QUOTES.iter().any(|quote| text.starts_with(*quote) && text.ends_with(*quote));
    if is_token(text.as_bytes()) && !is_quoted {
        return None;
    }
    let list = cors_field(text).unwrap_or(text);
    let items = items(list);
    if items.len() > 1 {
        return Some(Problem { kind: Kind::Several, meant: None, items });
    }
    let kind = if is_quoted { Kind::Quotes } else { Kind::MalformedName };
    let meant = header_field(list).or_else(|| sound(bare(list)));
    Some(Problem { kind, meant, items: Vec::new() })
}

const QUOTES: [char; 3] = ['"', '\'', '`'];

/// The name without characters that lists, `.env` files and word processors put around it.
pub(crate) fn bare(item: &str) -> &str {
    item.trim_matches(|c: char| {
        c.is_whitespace()
            || QUOTES.contains(&c)
            || ",;[]()\u{2018}\u{2019}\u{201c}\u{201d}".contains(c)
    })
}

fn sound(name: &str) -> Option<String> {
    (is_token(name.as_bytes()) && !name.contains(QUOTES)).then(|| name.to_owned())
}

/// The list in `Access-Control-Allow-Methods: GET, POST`, which was copied from a response.
fn cors_field(text: &str) -> Option<&str> {
    let (name, value) = text.split_once(':')?;
    bare(name).to_ascii_lowercase().starts_with("access-control-").then_some(value)
}

/// The name in `X-Token: value`, and in `Method::GET`.
fn header_field(item: &str) -> Option<String> {
    let (name, value) = item.split_once(':')?;
    match value.strip_prefix(':') {
        Some(path) => sound(bare(path.rsplit(':').next()?)),
        None if value.starts_with("//") => None,
        None => sound(bare(name)),
    }
}

/// The names in `"GET, POST"`, `"GET and POST"`, `"x-a: 1, x-b: 2"`; but not in one header with a list of
/// values.
fn items(text: &str) -> Vec<String> {
    if text.contains(':') {
        text.split([',', '\n']).filter_map(header_field).collect()
    } else {
        let parts = text.split(|c: char| c.is_whitespace() || ",;".contains(c));
        // `&`, `|` and `+` are names too, and nobody means them.
        let is_of_name = |c: char| c.is_ascii_alphanumeric() || c == '*';
        let is_name = |part: &&str| *part != "and" && part.contains(is_of_name);
        parts.filter(is_name).filter_map(|part| sound(bare(part))).collect()
    }
}

/// `all` and `any`, which people write instead of `*`.
pub(crate) fn means_any(name: &str) -> bool {
    name == "**" || meaning(name) == Some(Meaning::Any)
}

/// `none` and `undefined`, which people write for an empty list.
pub(crate) fn means_nothing(name: &str) -> bool {
    name.eq_ignore_ascii_case("null") || meaning(name) == Some(Meaning::Nothing)
}
