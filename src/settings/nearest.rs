//! The nearest known word to one that is not known.

/// The candidate with the fewest edits, if those are few enough for a slip of the pen.
pub(crate) fn word<'a>(
    given: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    // Longer than any name that was mistyped; it bounds the work, which grows with the square.
    if given.len() > 64 {
        return None;
    }
    let given = given.to_ascii_lowercase();
    candidates
        .into_iter()
        .filter(|candidate| candidate.len() <= 64)
        .map(|candidate| (edits(&given, &candidate.to_ascii_lowercase()), candidate))
        .filter(|(edits, candidate)| *edits <= 2 && edits * 3 <= candidate.len().max(given.len()))
        .min_by_key(|(edits, _)| *edits)
        .map(|(_, candidate)| candidate)
}

/// Levenshtein's distance, one row at a time.
fn edits(left: &str, right: &str) -> usize {
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (i, a) in left.bytes().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, b) in right.bytes().enumerate() {
            let replaced = diagonal + usize::from(a != b);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[right.len()]
}

#[cfg(test)]
mod tests {
    use super::word;

    #[test]
    fn finds_slips_and_nothing_far() {
        let known = ["allow_origins", "allow_headers", "max_age"];
        assert_eq!(word("allow_origin", known), Some("allow_origins"));
        assert_eq!(word("ALLOW-ORIGINS", known), Some("allow_origins"));
        assert_eq!(word("maxage", known), Some("max_age"));
        assert_eq!(word("timeout", known), None);
        assert_eq!(word("", known), None);
        assert_eq!(word(&"x".repeat(65), known), None);
    }
}
