//! The known word that is nearest to an unknown one.

/// The candidate with the fewest edits, if they are few enough for a typo and no other candidate
/// has as few.
pub(crate) fn word<'a>(given: &str, candidates: &[&'a str]) -> Option<&'a str> {
    // Longer than any mistyped name. This bounds the work, which grows with the square.
    if given.len() > 64 {
        return None;
    }
    let given = given.to_ascii_lowercase();
    let near = candidates
        .iter()
        .copied()
        .filter(|candidate| candidate.len() <= 64)
        .map(|candidate| (edits(&given, &candidate.to_ascii_lowercase()), candidate))
        .filter(|(edits, candidate)| *edits <= 2 && edits * 3 <= candidate.len().max(given.len()));
    // Of several with the fewest edits, none is nearest.
    let (mut fewest, mut nearest) = (usize::MAX, None);
    for (edits, candidate) in near {
        if edits <= fewest {
            nearest = (edits < fewest).then_some(candidate);
            fewest = edits;
        }
    }
    nearest
}

/// Levenshtein's distance. Two swapped neighbours count as one edit.
fn edits(left: &str, right: &str) -> usize {
    let (left, right) = (left.as_bytes(), right.as_bytes());
    let mut before = Vec::new();
    let mut last: Vec<usize> = (0..=right.len()).collect();
    for i in 0..left.len() {
        let mut row = vec![i + 1];
        for j in 0..right.len() {
            let replaced = last[j] + usize::from(left[i] != right[j]);
            let mut least = replaced.min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && left[i] == right[j - 1] && left[i - 1] == right[j] {
                let before: &[usize] = &before;
                least = least.min(before[j - 1] + 1);
            }
            row.push(least);
        }
        before = std::mem::replace(&mut last, row);
    }
    last[right.len()]
}

#[cfg(test)]
mod tests {
    use super::word;

    #[test]
    fn finds_slips_and_nothing_far() {
        let known = &["allow_origins", "allow_headers", "max_age"];
        assert_eq!(word("allow_origin", known), Some("allow_origins"));
        assert_eq!(word("ALLOW-ORIGINS", known), Some("allow_origins"));
        assert_eq!(word("maxage", known), Some("max_age"));
        assert_eq!(word("max_gae", known), Some("max_age"));
        // Two letters that changed places are one slip; of three letters two would be too many.
        assert_eq!(word("gte", &["get"]), Some("get"));
        assert_eq!(word("max_agee", &["max_agexy", "max_age"]), Some("max_age"));
        assert_eq!(word("alow_orgns", known), None);
        assert_eq!(word("maxed", &["maxim"]), None);
        // Equally near to both.
        assert_eq!(word("max_aga", &["max_age", "max_agb"]), None);
        assert_eq!(word("timeout", known), None);
        assert_eq!(word("", known), None);
        assert_eq!(word(&"x".repeat(65), known), None);
    }
}
