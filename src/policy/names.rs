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
        let (mut at, _) = skip_separators(line, 0);
        while at < line.len() {
            let rest = &line[at..];
            // No further than an allowed name could reach: a huge one costs nothing.
            let window = &rest[..rest.len().min(self.by_length.len())];
            let length = window.iter().position(|byte| is_separator(*byte)).unwrap_or(window.len());
            if !self.contains(&rest[..length]) {
                return false;
            }
            let (next, has_comma) = skip_separators(line, at + length);
            if !has_comma && next < line.len() {
                return false; // two words in one element
            }
            at = next;
        }
        true
    }

    pub(crate) fn contains(&self, name: &[u8]) -> bool {
        let range = self.by_length.get(name.len()).zip(self.by_length.get(name.len() + 1));
        range.is_some_and(|(start, end)| {
            self.names[*start..*end]
                .iter()
                // Browsers send lower case, so the first comparison nearly always decides.
                .any(|allowed| **allowed == *name || allowed.eq_ignore_ascii_case(name))
        })
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

fn is_separator(byte: u8) -> bool {
    matches!(byte, b',' | b' ' | b'\t')
}

/// Where the run of commas and blanks ends, and whether a comma was in it.
fn skip_separators(line: &[u8], mut at: usize) -> (usize, bool) {
    // What browsers send: one comma between names.
    match line.get(at..) {
        Some([b',', next, ..]) if !is_separator(*next) => return (at + 1, true),
        Some([first, ..]) if !is_separator(*first) => return (at, false),
        _ => {}
    }
    let mut has_comma = false;
    // Sixteen at a time without an early exit, which compiles to vector instructions.
    while let Some(block) = line.get(at..).and_then(|rest| rest.first_chunk::<16>()) {
        let mut all = true;
        let mut comma = false;
        for byte in block {
            all &= is_separator(*byte);
            comma |= *byte == b',';
        }
        if !all {
            break;
        }
        has_comma |= comma;
        at += block.len();
    }
    while let Some(byte) = line.get(at).filter(|byte| is_separator(**byte)) {
        has_comma |= *byte == b',';
        at += 1;
    }
    (at, has_comma)
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
