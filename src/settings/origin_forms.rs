//! What people write where one origin is asked for: lists, quotes, words, placeholders, regular expressions.

use crate::diagnostic::Kind;

/// Something else than one origin: a list, a word, a placeholder, a regular expression.
pub(super) fn other_form(item: &str) -> Option<Kind> {
    let is_regex = || {
        item.contains(['^', '(', ')', '|'])
            || item.ends_with('$')
            || REGEX_PARTS.iter().any(|part| item.contains(part))
    };
    // `http;//example.com` is one, badly written.
    let is_list = items(item).len() > 1 && !item.contains(";//");
    if is_placeholder(item) {
        Some(Kind::Placeholder)
    } else if is_list || item.starts_with('[') && item.contains(['"', '\'']) {
        Some(Kind::Several)
    } else if unquoted(item) != item {
        Some(Kind::Quotes)
    } else if WORDS.contains(&&*item.to_ascii_lowercase()) {
        Some(Kind::Word)
    } else if is_regex() {
        Some(Kind::OtherOriginSetting)
    } else {
        None
    }
}

/// What stands in regular expressions and in no origin.
const REGEX_PARTS: [&str; 8] = ["\\.", "\\d", "\\w", "://.*", "://.+", "?://", "[a-z", "[0-9"];

/// Words that people write where a list of origins is asked for.
const WORDS: [&str; 9] =
    ["all", "any", "everyone", "none", "nil", "undefined", "self", "true", "false"];

/// What a word or a quoted item stands for.
pub(super) fn meant(item: &str) -> Option<String> {
    match &*item.to_ascii_lowercase() {
        "all" | "any" | "everyone" => Some("*".to_owned()),
        _ if unquoted(item) != item => Some(unquoted(item).to_owned()),
        _ => None,
    }
}

/// `${ORIGIN}`, `$ORIGIN`, `{{ origin }}`, `%ORIGIN%`, `<your-domain>`: what nobody filled in.
fn is_placeholder(item: &str) -> bool {
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let after_dollar = item.split_once('$').map(|(_, name)| name.as_bytes());
    item.contains("${")
        || item.contains("{{")
        || item.contains('<') && item.contains('>')
        || item.bytes().filter(|byte| *byte == b'%').count() > 1
        || after_dollar.is_some_and(|name| name.first().is_some_and(|byte| is_name(*byte)))
}

/// The items of a list that was given as one text.
pub(super) fn items(item: &str) -> Vec<String> {
    let inside = item.strip_prefix('[').and_then(|item| item.strip_suffix(']'));
    // The brackets of an IPv6 address enclose no quotes.
    let list = inside.filter(|inside| inside.contains(['"', '\''])).unwrap_or(item);
    list.split(|c: char| c == ',' || c == ';' || c.is_whitespace())
        .map(unquoted)
        .filter(|item| !item.is_empty())
        .map(str::to_owned)
        .collect()
}

fn unquoted(item: &str) -> &str {
    let within = |quote: char| item.strip_prefix(quote)?.strip_suffix(quote);
    within('"').or_else(|| within('\'')).or_else(|| within('`')).map_or(item, str::trim)
}
