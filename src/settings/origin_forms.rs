//! Texts that people write instead of one origin: lists, quotes, words, placeholders, regular
//! expressions.

use super::{host, place::Place};
use crate::diagnostic::Kind;

/// A text that is not one origin: a list, a word, a placeholder, a regular expression.
pub(super) fn other_form(item: &str) -> Option<Kind> {
    // `http;//example.com` is one misspelled origin.
    let is_list = || items(item).len() > 1 && !item.contains(";//");
    if is_placeholder(item) {
        Some(Kind::Placeholder)
    } else if has_no_origin(item) {
        None
    } else if is_list() {
        Some(Kind::Several)
    } else if meaning(bare(item)).is_some() {
        Some(Kind::Word)
    } else if bare(item) != item {
        Some(Kind::Quotes)
    } else if is_regex(item) {
        Some(Kind::OtherOriginSetting)
    } else {
        None
    }
}

/// `javascript:alert(1)`, `about:blank`: pages of these schemes have no origin of their own.
pub(super) fn has_no_origin(item: &str) -> bool {
    let schemes = ["file", "data", "javascript", "blob", "about"];
    let scheme = item.split_once(':').map(|(scheme, _)| scheme.to_ascii_lowercase());
    scheme.is_some_and(|scheme| schemes.contains(&&*scheme))
}

pub(super) fn is_regex(item: &str) -> bool {
    item.contains(['^', '(', ')', '|'])
        || item.ends_with('$')
        || REGEX_PARTS.iter().any(|part| item.contains(part))
}

/// Parts of regular expressions that no origin has.
const REGEX_PARTS: [&str; 12] =
    ["\\.", "\\d", "\\w", "://.*", "://.+", "?://", "[a-z", "[0-9", "[s]", "]+", "]*", "]{"];

/// The meaning of a word that people write instead of a list of origins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    Any,
    /// No origin, or a word that does not mean any.
    Nothing,
}

pub(super) fn meaning(word: &str) -> Option<Meaning> {
    match &*word.to_ascii_lowercase() {
        "all" | "any" | "everyone" | "everything" => Some(Meaning::Any),
        "none" | "nil" | "undefined" | "self" | "same-origin" | "true" | "false" | "yes" | "no"
        | "on" | "off" => Some(Meaning::Nothing),
        _ => None,
    }
}

/// `${ORIGIN}`, `$ORIGIN`, `{{ origin }}`, `{origin}`, `%ORIGIN%`, `<your-domain>`,
/// `process.env.ORIGIN`: a placeholder that was not filled in.
pub(super) fn is_placeholder(item: &str) -> bool {
    let is_name = |byte: u8| byte.is_ascii_alphabetic() || byte == b'_';
    let before_name = |mark: char| {
        item.split(mark).skip(1).any(|name| name.as_bytes().first().copied().is_some_and(is_name))
    };
    item.contains("${")
        || item.contains("{{")
        || item.contains('}') && before_name('{')
        || item.contains('>') && before_name('<') && !is_link(item)
        // `%3A%2F` are encoded characters.
        || item.bytes().filter(|byte| *byte == b'%').count() > 1 && before_name('%')
        || before_name('$')
        || ["process.env", "import.meta.env", "os.environ", "getenv("]
            .iter()
            .any(|code| item.contains(code))
}

/// `<https://example.com>`, as in e-mails and Markdown.
fn is_link(item: &str) -> bool {
    item.starts_with("<http") && item.contains("://")
}

/// The items of a list that was given as one text.
pub(super) fn items(item: &str) -> Vec<&str> {
    let list = bare(item);
    // Only whole origins distinguish a list from alternatives of a regular expression.
    let is_origin = |part: &str| {
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b":/.-_*".contains(&byte);
        part.starts_with("http") && part.contains("://") && part.bytes().all(is_plain)
    };
    let bar = if list.split('|').all(is_origin) { '|' } else { ',' };
    let is_between = |c: char| c == ',' || c == ';' || c == bar || c.is_whitespace();
    let items = list.split(is_between).flat_map(unjoined).map(bare);
    items.filter(|item| !["", "and", "&"].contains(item)).collect()
}

/// Python joins `"https://a.example" "https://b.example"` where the comma is missing.
fn unjoined(item: &str) -> Vec<&str> {
    let is_second = |at: &usize| {
        let (before, rest) = item.split_at(*at);
        let host = before.rsplit_once("://").map_or("", |(_, host)| host);
        !host.contains('/')
            && host.ends_with(|c: char| c.is_ascii_alphanumeric())
            && (rest.starts_with("http://") || rest.starts_with("https://"))
    };
    let mut items = Vec::new();
    let mut from = 0;
    for at in item.match_indices("http").map(|(at, _)| at).filter(is_second) {
        items.push(&item[from..at]);
        from = at;
    }
    items.push(&item[from..]);
    items
}

/// Whether items stand apart; `https://exa mple.com` is one origin with a blank in it.
pub(super) fn is_list(item: &str, items: &[&str]) -> bool {
    let with_scheme = items.iter().filter(|item| item.contains("://")).count();
    item.contains([',', ';']) || [0, items.len()].contains(&with_scheme)
}

/// Separators and quotes; and what nobody sees, a mark of byte order and a space without width.
const AROUND: &str = ",;\"'`\u{2018}\u{2019}\u{201c}\u{201d}\u{ab}\u{bb}\u{feff}\u{200b}";

/// The item without characters that lists, `.env` files and word processors put around it.
pub(super) fn bare(item: &str) -> &str {
    let is_around = |c: char| c.is_whitespace() || AROUND.contains(c);
    let item = item.trim_matches(is_around);
    // `Origin: https://example.com`, copied from a request, or a similar line from a response.
    let is_field = |name: &str| {
        let name = name.to_ascii_lowercase();
        name.ends_with("origin") || name.ends_with("host")
    };
    let item = match item.split_once(": ") {
        Some((name, value)) if is_field(name) => value.trim_matches(is_around),
        _ => item,
    };
    let within = |open, close| item.strip_prefix(open)?.strip_suffix(close);
    // The brackets of an IPv6 address stay.
    let is_address = |inside: &&str| {
        let is_of_address = |byte: u8| byte.is_ascii_hexdigit() || b":.".contains(&byte);
        let address = inside.split('%').next().unwrap_or_default();
        address.matches(':').count() > 1 && address.bytes().all(is_of_address)
    };
    let list = within('[', ']').filter(|inside| !is_address(inside));
    let link = within('<', '>').filter(|_| is_link(item));
    // A tuple or a set of Python.
    let tuple = within('(', ')').or(within('{', '}'));
    let tuple = tuple.filter(|inside| inside.starts_with(['"', '\'']));
    list.or(link).or(tuple).map_or(item, |inside| inside.trim_matches(is_around))
}

/// The scheme of a host without scheme. `port` includes its colon.
pub(super) fn likely_scheme(host: &str, port: &str) -> &'static str {
    match (port, host::place_of(host)) {
        (":80", _) => "http",
        (":443", _) => "https",
        (_, Place::Loopback) => "http",
        // A name in a private network may have a certificate.
        (_, Place::Private) if host::address(host).is_some() => "http",
        _ => "https",
    }
}
