//! `shown`: text from a server, as one line that is safe in a terminal.

/// Longer values are cut.
const LONGEST: usize = 200;

pub(crate) fn shown(value: &[u8]) -> String {
    let mut text = String::new();
    for (position, character) in String::from_utf8_lossy(value).chars().enumerate() {
        if position == LONGEST {
            text.push('…');
            break;
        }
        // Also characters that change the text direction or are invisible.
        if character.is_control()
            || matches!(character, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        {
            text.extend(character.escape_default());
        } else {
            text.push(character);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::shown;

    #[test]
    fn lines() {
        assert_eq!(shown(b"a\x1b[31m\tb"), "a\\u{1b}[31m\\tb");
        assert_eq!(shown("\u{202e}ü".as_bytes()), "\\u{202e}ü");
        assert_eq!(shown(&[b'x'; 300]).chars().count(), 201);
    }
}
