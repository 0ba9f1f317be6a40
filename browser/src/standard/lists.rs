//! Header lists: combined values and lists of tokens (Fetch, "get" and "extract header list values").

use http::{HeaderMap, HeaderName};

/// A byte of a token (RFC 9110, 5.6.2).
fn is_token_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

pub(crate) fn is_token(text: &[u8]) -> bool {
    !text.is_empty() && text.iter().copied().all(is_token_byte)
}

/// Without HTTP's white space around it, which is narrower than ASCII's.
pub(crate) fn trimmed(mut text: &[u8]) -> &[u8] {
    while let [b' ' | b'\t', rest @ ..] = text {
        text = rest;
    }
    while let [rest @ .., b' ' | b'\t'] = text {
        text = rest;
    }
    text
}

/// All lines of a header, joined by `, ` (Fetch, "get"); none if there is no line.
pub(crate) fn combined(headers: &HeaderMap, name: &HeaderName) -> Option<Vec<u8>> {
    let mut lines = headers.get_all(name).iter();
    let mut value = trimmed(lines.next()?.as_bytes()).to_vec();
    for line in lines {
        value.extend_from_slice(b", ");
        value.extend_from_slice(trimmed(line.as_bytes()));
    }
    Some(value)
}

/// Bytes as a script reads them: one character for each (Infra, "isomorphic decode").
pub(crate) fn decoded(value: &[u8]) -> String {
    value.iter().copied().map(char::from).collect()
}

/// The tokens of a list header.
///
/// None: there is no such header. Err: an element that is no token, which fails the whole list.
/// Empty elements are legal (RFC 9110, 5.6.1).
pub(crate) fn tokens(
    headers: &HeaderMap,
    name: &HeaderName,
) -> Result<Option<Vec<String>>, String> {
    if !headers.contains_key(name) {
        return Ok(None);
    }
    let mut tokens = Vec::new();
    for line in headers.get_all(name) {
        for element in line.as_bytes().split(|byte| *byte == b',').map(trimmed) {
            if element.is_empty() {
                continue;
            }
            if !is_token(element) {
                return Err(decoded(element));
            }
            tokens.push(decoded(element));
        }
    }
    Ok(Some(tokens))
}

#[cfg(test)]
mod tests {
    use http::{HeaderValue, header::VARY};

    use super::*;

    #[test]
    fn lists_of_tokens() {
        type Row<'a> = (&'a [&'a str], Result<Option<&'a [&'a str]>, &'a str>);
        let rows: [Row<'_>; 7] = [
            (&[], Ok(None)),
            (&[""], Ok(Some(&[]))),
            (&["a,b"], Ok(Some(&["a", "b"]))),
            (&[" a ,\t,b,", "c"], Ok(Some(&["a", "b", "c"]))),
            (&["*"], Ok(Some(&["*"]))),
            (&["a b"], Err("a b")),
            (&["a", "(b)"], Err("(b)")),
        ];
        for (lines, expected) in rows {
            let mut headers = HeaderMap::new();
            for line in lines {
                headers.append(VARY, HeaderValue::from_str(line).unwrap());
            }
            let seen = tokens(&headers, &VARY);
            let expected = expected
                .map(|list| list.map(|list| list.iter().map(|s| s.to_string()).collect()))
                .map_err(str::to_owned);
            assert_eq!(seen, expected, "{lines:?}");
        }
    }
}
