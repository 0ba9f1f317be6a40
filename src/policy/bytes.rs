//! Compares short values without a call of `memcmp`, which costs more than the comparison.

/// Whether two values are the same.
///
/// Words that overlap cover every length from 4 bytes on: the last one starts where it must to end
/// with the value.
#[inline]
pub(crate) fn is_equal(value: &[u8], other: &[u8]) -> bool {
    if value.len() != other.len() {
        return false;
    }
    let (mut left, mut right) = (value, other);
    let (Some(end), Some(other_end)) = (value.last_chunk::<8>(), other.last_chunk::<8>()) else {
        return match (value.first_chunk::<4>(), other.first_chunk::<4>()) {
            (Some(start), Some(other_start)) => {
                start == other_start && value.last_chunk::<4>() == other.last_chunk::<4>()
            }
            _ => value.iter().eq(other),
        };
    };
    while left.len() > 8 {
        let (Some((word, rest)), Some((other_word, other_rest))) =
            (left.split_first_chunk::<8>(), right.split_first_chunk::<8>())
        else {
            return false;
        };
        if word != other_word {
            return false;
        }
        (left, right) = (rest, other_rest);
    }
    end == other_end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_any_length_differ_in_each_byte() {
        for length in 0..40_usize {
            let value: Vec<u8> = (0..length).map(|at| b'a' + at as u8 % 26).collect();
            assert!(is_equal(&value, &value.clone()), "{length}");
            for at in 0..length {
                let mut other = value.clone();
                other[at] ^= 0x20;
                assert!(!is_equal(&value, &other) && !is_equal(&other, &value), "{length} {at}");
            }
            let mut longer = value.clone();
            longer.push(b'a');
            assert!(!is_equal(&value, &longer) && !is_equal(&longer, &value), "{length}");
        }
    }
}
