//! Header-name lists: the elements of what is asked, the table of what is allowed.

/// The request headers that are allowed, without letter case.
#[derive(Debug)]
pub(crate) struct AllowedNames {
    /// Lower case; all names of one length stand together, at `by_length[length]`.
    names: Box<[Box<[u8]>]>,
    /// Where the names of each length begin; one entry more than the longest name has bytes.
    by_length: Box<[usize]>,
}

impl AllowedNames {
    pub(crate) fn new<'a>(names: impl IntoIterator<Item = &'a str>) -> Self {
        let mut names: Vec<Box<[u8]>> =
            names.into_iter().map(|name| name.to_ascii_lowercase().into_bytes().into()).collect();
        names.sort_by(|left, right| left.len().cmp(&right.len()).then_with(|| left.cmp(right)));
        names.dedup();
        let longest = names.last().map_or(0, |name| name.len());
        let by_length =
            (0..=longest + 1).map(|length| names.partition_point(|name| name.len() < length));
        Self { by_length: by_length.collect(), names: names.into() }
    }

    /// Whether every element of an `Access-Control-Request-Headers` line is allowed.
    ///
    /// Empty elements count for nothing (RFC 9110, section 5.6.1.2). Stops at the first name that is
    /// not allowed, so the work is bounded by one pass over the line.
    pub(crate) fn contains_all(&self, line: &[u8]) -> bool {
        let mut rest = line;
        loop {
            rest = skip(rest, is_separator);
            if rest.is_empty() {
                return true;
            }
            // No further than an allowed name could reach: a huge one costs nothing.
            let window = &rest[..rest.len().min(self.by_length.len())];
            // One at a time a bit test is the cheaper form of `is_separator`.
            let ends = |byte: &u8| matches!(byte, b',' | b' ' | b'\t');
            let length = window.iter().position(ends).unwrap_or(window.len());
            let (name, after) = rest.split_at(length);
            if !self.contains(name) {
                return false;
            }
            rest = skip(after, is_blank);
            if rest.first().is_some_and(|byte| *byte != b',') {
                return false; // two words in one element
            }
        }
    }

    #[inline]
    pub(crate) fn contains(&self, name: &[u8]) -> bool {
        let Some([start, end]) = self.by_length.get(name.len()..name.len() + 2) else {
            return false;
        };
        let candidates = &self.names[*start..*end];
        // Browsers send lower case, so the first comparison nearly always decides.
        candidates.iter().any(|allowed| **allowed == *name)
            || candidates.iter().any(|allowed| allowed.eq_ignore_ascii_case(name))
    }
}

/// The elements of a line, for texts.
pub(crate) fn elements(line: &[u8]) -> impl Iterator<Item = &[u8]> {
    line.split(|byte| *byte == b',').map(trim).filter(|element| !element.is_empty())
}

/// Without HTTP's optional white space around it (RFC 9110, section 5.6.3; difference D4).
pub(crate) fn trim(element: &[u8]) -> &[u8] {
    let is_space = |byte: &u8| matches!(byte, b' ' | b'\t');
    let Some(start) = element.iter().position(|byte| !is_space(byte)) else {
        return &[];
    };
    let end = element.iter().rposition(|byte| !is_space(byte)).map_or(start, |last| last + 1);
    &element[start..end]
}

/// RFC 9110, section 5.6.2.
pub(crate) fn is_token(name: &[u8]) -> bool {
    !name.is_empty()
        && name.iter().all(|byte| {
            matches!(byte,
                b'!' | b'#' | b'$' | b'%' | b'&' | b'\'' | b'*' | b'+' | b'-' | b'.' | b'^' | b'_'
                | b'`' | b'|' | b'~' | b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z')
        })
}

// Without short circuits, so that a block of them becomes a few vector instructions.
fn is_separator(byte: u8) -> bool {
    (byte == b',') | is_blank(byte)
}

fn is_blank(byte: u8) -> bool {
    (byte == b' ') | (byte == b'\t')
}

/// The text without the leading bytes that `skips` takes.
#[inline]
fn skip(text: &[u8], skips: impl Fn(u8) -> bool) -> &[u8] {
    // What browsers send: one comma, no blank.
    match text {
        [first, ..] if !skips(*first) => text,
        [_, rest @ ..] if rest.first().is_none_or(|second| !skips(*second)) => rest,
        _ => skip_run(text, skips),
    }
}

#[inline]
fn skip_run(mut text: &[u8], skips: impl Fn(u8) -> bool) -> &[u8] {
    while let Some((block, rest)) = text.split_first_chunk::<32>() {
        if block.iter().fold(1, |all, byte| all & u8::from(skips(*byte))) == 0 {
            break;
        }
        text = rest;
    }
    let end = text.iter().position(|byte| !skips(*byte)).unwrap_or(text.len());
    &text[end..]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_are_compared_without_case_and_blanks() {
        let allowed = AllowedNames::new(["X-Token", "accept", "Content-Type", "x-token"]);
        let long = format!("accept{}accept", " ".repeat(40));
        let comma = format!("accept{},{}accept", " ".repeat(40), "\t".repeat(40));
        for (line, expected) in [
            ("", true),
            (",", true),
            (" , ,\t,", true),
            ("accept", true),
            ("ACCEPT,x-TOKEN", true),
            ("accept ,\tx-token,", true),
            (",,accept", true),
            ("accept x-token", false),
            (long.as_str(), false),
            (comma.as_str(), true),
            ("accept,x-nope", false),
            ("accep", false),
            ("accept-", false),
            ("*", false),
            ("x-token\u{a0}", false),
            (&"a".repeat(70_000), false),
            (&",".repeat(70_000), true),
        ] {
            assert_eq!(allowed.contains_all(line.as_bytes()), expected, "{line:.60}");
        }
        assert!(AllowedNames::new([]).contains_all(b", ,"));
        assert!(!AllowedNames::new([]).contains_all(b"a"));
    }

    #[test]
    fn trims_only_blanks() {
        assert_eq!(trim(b" \ta b\t "), b"a b");
        assert_eq!(trim(b"\xa0a"), b"\xa0a");
        assert_eq!(trim(b"  "), b"");
        assert_eq!(elements(b"a,, b ,").collect::<Vec<_>>(), [&b"a"[..], b"b"]);
    }
}
