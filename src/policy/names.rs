//! Lists of header names: the requested names, and a table of the allowed names.

use std::iter;

use super::bytes::is_equal;

/// The allowed request headers, in any letter case.
#[derive(Debug)]
pub(crate) struct AllowedNames {
    longest: usize,
    names: Names,
}

/// Names in lower case.
#[derive(Debug)]
enum Names {
    /// For each length, the names of that length, one after the other.
    ByLength(Box<[Box<[u8]>]>),
    /// By hash, if many names have the same length: the cost does not depend on their number.
    ByHash(Table),
}

/// For up to this number of names of one length, comparing is cheaper than hashing.
const FEW: usize = 4;

impl AllowedNames {
    pub(crate) fn new<'a>(names: impl IntoIterator<Item = &'a str>) -> Self {
        let mut by_length: Vec<Vec<u8>> = Vec::new();
        for name in names {
            let length = name.len();
            by_length.resize(by_length.len().max(length + 1), Vec::new());
            by_length[length].extend(name.to_ascii_lowercase().bytes());
        }
        let longest = by_length.len().saturating_sub(1);
        let is_few = |(length, names): (usize, &Vec<u8>)| names.len() <= FEW * length;
        if by_length.iter().enumerate().all(is_few) {
            let by_length = by_length.into_iter().map(Vec::into_boxed_slice).collect();
            return Self { longest, names: Names::ByLength(by_length) };
        }
        let lengths = by_length.iter().enumerate().skip(1);
        let names = lengths.flat_map(|(length, names)| names.chunks_exact(length));
        Self { longest, names: Names::ByHash(Table::new(&names.collect::<Vec<_>>())) }
    }

    /// Whether every element of an `Access-Control-Request-Headers` line is allowed.
    ///
    /// Empty elements are ignored (RFC 9110, section 5.6.1.2). It stops at the first name that is
    /// not allowed, and reads each byte at most twice.
    pub(crate) fn contains_all(&self, line: &[u8]) -> bool {
        // The kind of table is checked once per line, not for each name.
        match &self.names {
            Names::ByLength(names) => self.all(line, |name| is_of_length(names, name)),
            Names::ByHash(table) => self.all(line, |name| table.contains(name)),
        }
    }

    pub(crate) fn contains(&self, name: &[u8]) -> bool {
        match &self.names {
            Names::ByLength(names) => is_of_length(names, name),
            Names::ByHash(table) => table.contains(name),
        }
    }

    #[inline]
    fn all(&self, line: &[u8], contains: impl Fn(&[u8]) -> bool + Copy) -> bool {
        let enough = self.longest + 1;
        let mut rest = line;
        while !rest.is_empty() {
            let (name, after) = rest.split_at(plain_length(rest, enough));
            match after {
                // Browsers send names with one comma between them.
                [] | [b',', ..] if !name.is_empty() => {
                    if !contains(name) {
                        return false;
                    }
                    rest = after.get(1..).unwrap_or_default();
                }
                _ => match skip_element(rest, enough, contains) {
                    Some(after) => rest = after,
                    None => return false,
                },
            }
        }
        true
    }
}

/// The rest after the first element and its white space. `None` if the element is not allowed.
#[inline(never)]
fn skip_element(line: &[u8], enough: usize, contains: impl Fn(&[u8]) -> bool) -> Option<&[u8]> {
    let line = skip(line, is_separator);
    if line.is_empty() {
        return Some(line);
    }
    // It reads no further than the longest allowed name, so a huge name costs nothing.
    let window = &line[..line.len().min(enough)];
    let length = window.iter().position(|byte| is_separator(*byte)).unwrap_or(window.len());
    let (name, after) = line.split_at(length);
    if !contains(name) {
        return None;
    }
    let after = skip(after, is_blank);
    let is_one_word = after.first().is_none_or(|byte| *byte == b',');
    is_one_word.then_some(after)
}

#[inline]
fn is_of_length(by_length: &[Box<[u8]>], name: &[u8]) -> bool {
    by_length.get(name.len()).is_some_and(|names| {
        // Browsers send lower case, so the first comparison nearly always decides.
        split(names, name.len()).any(|allowed| is_equal(allowed, name))
            || contains_without_case(names, name)
    })
}

#[cold]
fn contains_without_case(names: &[u8], name: &[u8]) -> bool {
    split(names, name.len()).any(|allowed| allowed.eq_ignore_ascii_case(name))
}

/// Names of one length, one after the other. `chunks_exact` would divide.
fn split(mut names: &[u8], length: usize) -> impl Iterator<Item = &[u8]> {
    iter::from_fn(move || {
        if names.is_empty() {
            return None;
        }
        let (name, rest) = names.split_at_checked(length)?;
        names = rest;
        Some(name)
    })
}

/// A hash table: each name is at the slot of its hash or shortly after it.
///
/// The operator sets the keys, so no client can flood it. A `HashMap` takes three times as long.
#[derive(Debug)]
struct Table {
    /// The number of slots is a power of two. A free slot is empty.
    slots: Box<[Box<[u8]>]>,
}

impl Table {
    fn new(names: &[&[u8]]) -> Self {
        let mut slots: Vec<Box<[u8]>> =
            vec![Box::default(); (4 * names.len() + 1).next_power_of_two()];
        for name in names {
            let free = Self::places(slots.len(), name).find(|at| slots[*at].is_empty());
            // Three of four are free.
            free.into_iter().for_each(|at| slots[at] = (*name).into());
        }
        Self { slots: slots.into() }
    }

    #[inline]
    fn contains(&self, name: &[u8]) -> bool {
        // Browsers send lower case, so the first comparison nearly always decides.
        let first = hash(name) as usize & (self.slots.len() - 1);
        !name.is_empty() && self.slots.get(first).is_some_and(|slot| **slot == *name)
            || self.search(name)
    }

    #[cold]
    fn search(&self, name: &[u8]) -> bool {
        Self::places(self.slots.len(), name)
            .map(|at| &self.slots[at])
            .take_while(|slot| !slot.is_empty())
            .any(|allowed| allowed.eq_ignore_ascii_case(name))
    }

    /// The slots where a name may be, in this order.
    fn places(slots: usize, name: &[u8]) -> impl Iterator<Item = usize> {
        let first = hash(name) as usize;
        (0..slots).map(move |further| first.wrapping_add(further) & (slots - 1))
    }
}

/// Names that differ only in letter case have the same hash.
#[inline]
fn hash(name: &[u8]) -> u64 {
    const LOWER_CASE: u64 = u64::from_ne_bytes([b' '; 8]);
    // An odd number whose bits are spread, from the golden ratio.
    const FACTOR: u128 = 0x9e37_79b9_7f4a_7c15;
    let mix = |hash: u64, word: [u8; 8]| {
        let product = u128::from(hash ^ (u64::from_le_bytes(word) | LOWER_CASE)) * FACTOR;
        // Every bit of the word reaches the low bits, which decide the place.
        product as u64 ^ (product >> 64) as u64
    };
    let mut hash = name.len() as u64;
    let Some(last) = name.last_chunk() else {
        return name.iter().fold(hash, |hash, byte| mix(hash, [*byte; 8]));
    };
    let mut rest = name;
    while let Some((word, after)) = rest.split_first_chunk() {
        hash = mix(hash, *word);
        rest = after;
    }
    // These bytes overlap with bytes that were already read.
    mix(hash, *last)
}

/// The elements of a line.
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

/// How many bytes certainly belong to one element. It stops at a byte below `-`, as separators and
/// a few name characters are, or at `enough`.
///
/// It reads eight bytes at once, with the known bit trick that finds a byte below `-` in a word.
/// The lowest one found is exact.
#[inline]
fn plain_length(line: &[u8], enough: usize) -> usize {
    const ONES: u64 = u64::MAX / 255;
    let mut length = 0;
    let mut rest = line;
    while let Some((block, after)) = rest.split_first_chunk::<8>() {
        let word = u64::from_le_bytes(*block);
        rest = after;
        let below = word.wrapping_sub(ONES * u64::from(b'-')) & !word & (ONES << 7);
        if below != 0 {
            return length + below.trailing_zeros() as usize / 8;
        }
        length += block.len();
        if length >= enough {
            return length;
        }
    }
    length + rest.iter().position(|byte| *byte < b'-').unwrap_or(rest.len())
}

// No short circuits, so a block compiles to a few vector instructions.
fn is_separator(byte: u8) -> bool {
    (byte == b',') | is_blank(byte)
}

fn is_blank(byte: u8) -> bool {
    (byte == b' ') | (byte == b'\t')
}

/// The text without the leading bytes that `skips` accepts.
#[inline]
fn skip(text: &[u8], skips: impl Fn(u8) -> bool) -> &[u8] {
    // Browsers send one comma and no space.
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
        let rare = AllowedNames::new(["x!*'+y", "x-two!words", "eight-by", "sixteen-bytes-ab"]);
        for (line, expected) in [
            ("x!*'+y", true),
            ("X!*'+Y,x-two!words\t,eight-by", true),
            ("eight-by,sixteen-bytes-ab,eight-by", true),
            ("sixteen-bytes-ab ,EIGHT-BY", true),
            ("sixteen-bytes-abc", false),
            ("sixteen-bytes-a!", false),
            ("x", false),
            ("eight-b!", false),
            ("eight-by!", false),
        ] {
            assert_eq!(rare.contains_all(line.as_bytes()), expected, "{line}");
        }
        assert!(!allowed.contains(b"") && !AllowedNames::new([]).contains(b""));
        assert!(AllowedNames::new([]).contains_all(b", ,"));
        assert!(!AllowedNames::new([]).contains_all(b"a"));
    }

    #[test]
    fn many_names_of_one_length_are_found_at_once() {
        let names: Vec<String> = (0..1_000).map(|each| format!("X-Nam-{each:05}")).collect();
        let allowed = AllowedNames::new(names.iter().map(String::as_str).chain(["x", "x-^"]));
        let Names::ByHash(table) = &allowed.names else { panic!("these are many") };
        let looks = |name: &[u8]| {
            let places = Table::places(table.slots.len(), name);
            places.take_while(|at| !table.slots[*at].is_empty()).count()
        };
        for name in &names {
            let lower = name.to_ascii_lowercase();
            assert!(allowed.contains(name.as_bytes()) && allowed.contains(lower.as_bytes()));
            // However the digits follow each other.
            assert!(looks(lower.as_bytes()) < 16, "{name}: {}", looks(lower.as_bytes()));
        }
        assert!(allowed.contains_all(names.join(" ,\t").as_bytes()));
        for stranger in
            ["x-nam-01000", "x-nam-0000", "x-nam-000000", "y", "", "x-~", "x-nam-0000\x10"]
        {
            assert!(!allowed.contains(stranger.as_bytes()), "{stranger}");
        }
        assert!(allowed.contains(b"X") && allowed.contains(b"X-^"));
    }

    #[test]
    fn trims_only_blanks() {
        assert_eq!(trim(b" \ta b\t "), b"a b");
        assert_eq!(trim(b"\xa0a"), b"\xa0a");
        assert_eq!(trim(b"  "), b"");
        assert_eq!(elements(b"a,, b ,").collect::<Vec<_>>(), [&b"a"[..], b"b"]);
    }
}
