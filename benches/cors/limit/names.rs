//! Reading the list of asked headers, as fast as safe code can.

use super::Policy;

/// Whether each name of a comma-separated list is allowed. It stops at the first that is not, and reads no more of a
/// name than the longest allowed one has.
pub(super) fn allows_list<P: Policy>(mut rest: &[u8]) -> bool {
    loop {
        rest = without_leading(rest, |byte| (byte == b',') | (byte == b' ') | (byte == b'\t'));
        if rest.is_empty() {
            return true;
        }
        let (name, after) = rest.split_at(name_end(rest, P::LONGEST_HEADER + 1));
        if !P::allows_header(name) {
            return false;
        }
        rest = match after.first() {
            Some(b' ' | b'\t') => without_leading(after, |byte| (byte == b' ') | (byte == b'\t')),
            _ => after,
        };
        if rest.first().is_some_and(|byte| *byte != b',') {
            return false;
        }
    }
}

/// Where the first comma or blank is, as far as `most` bytes from the start and a little further: eight bytes at a time, by
/// the old tricks that find a zero byte, and a byte below 0x21, in a word. In a header value only blanks are below.
#[inline]
fn name_end(text: &[u8], most: usize) -> usize {
    const ONES: u64 = u64::MAX / 255;
    const HIGH: u64 = ONES << 7;
    let mut end = 0;
    while let Some(block) = text[end..].first_chunk::<8>() {
        let word = u64::from_le_bytes(*block);
        let commas = word ^ (ONES * u64::from(b','));
        let found =
            (commas.wrapping_sub(ONES) & !commas | word.wrapping_sub(ONES * 0x21) & !word) & HIGH;
        if found != 0 {
            return end + found.trailing_zeros() as usize / 8;
        }
        end += block.len();
        if end >= most {
            return end;
        }
    }
    let rest = &text[end..];
    end + rest.iter().position(|byte| matches!(byte, b',' | b' ' | b'\t')).unwrap_or(rest.len())
}

/// `text` without the leading bytes that `skips` takes, thirty-two at a time where there are many.
#[inline]
fn without_leading(mut text: &[u8], skips: impl Fn(u8) -> bool) -> &[u8] {
    match text {
        [first, second, ..] if skips(*first) && skips(*second) => {}
        [first, rest @ ..] if skips(*first) => return rest,
        _ => return text,
    }
    while let Some((block, rest)) = text.split_first_chunk::<32>() {
        // Without an early exit, here and in `skips`: that becomes comparisons of sixteen lanes.
        if block.iter().fold(1, |all, byte| all & u8::from(skips(*byte))) == 0 {
            break;
        }
        text = rest;
    }
    while let [first, rest @ ..] = text
        && skips(*first)
    {
        text = rest;
    }
    text
}
