//! A host beyond ASCII in the form that browsers send (RFC 3492), for one line of a fault's text.
//!
//! Our own, since a full IDNA library is larger than this crate and none is asked to decide
//! anything: the text only suggests. It lowers letter case and reads the other full stops; rarer
//! mappings of UTS 46 (composition, ignored characters) are left to the reader's own eyes.

/// The host with each label beyond ASCII as `xn--…`; `None` where that overflows.
pub(crate) fn host(host: &str) -> Option<String> {
    let stops = ['\u{3002}', '\u{ff0e}', '\u{ff61}'];
    let lower = host.replace(stops, ".").to_lowercase();
    let labels = lower.split('.').map(|label| {
        if label.is_ascii() {
            Some(label.to_owned())
        } else {
            Some(format!("xn--{}", encode(label)?))
        }
    });
    Some(labels.collect::<Option<Vec<_>>>()?.join("."))
}

/// RFC 3492, section 6.3.
fn encode(label: &str) -> Option<String> {
    const DIGITS: &[u8; 36] = b"abcdefghijklmnopqrstuvwxyz0123456789";
    let mut output: String = label.chars().filter(char::is_ascii).collect();
    let basic = output.len() as u32;
    if basic > 0 {
        output.push('-');
    }
    let (mut next, mut delta, mut bias, mut handled) = (128_u32, 0_u32, 72_u32, basic);
    let total = label.chars().count() as u32;
    while handled < total {
        let code = label.chars().map(u32::from).filter(|code| *code >= next).min()?;
        delta = delta.checked_add((code - next).checked_mul(handled + 1)?)?;
        next = code;
        for other in label.chars().map(u32::from) {
            if other < code {
                delta = delta.checked_add(1)?;
            }
            if other != code {
                continue;
            }
            let mut rest = delta;
            for k in (36..).step_by(36) {
                let threshold = (k as u32).saturating_sub(bias).clamp(1, 26);
                if rest < threshold {
                    break;
                }
                let over = rest - threshold;
                output.push(DIGITS[(threshold + over % (36 - threshold)) as usize].into());
                rest = over / (36 - threshold);
            }
            output.push(DIGITS[rest as usize].into());
            bias = adapt(delta, handled + 1, handled == basic);
            delta = 0;
            handled += 1;
        }
        delta += 1;
        next += 1;
    }
    Some(output)
}

/// RFC 3492, section 6.1.
fn adapt(delta: u32, handled: u32, first: bool) -> u32 {
    let mut delta = if first { delta / 700 } else { delta / 2 };
    delta += delta / handled;
    let mut k = 0;
    while delta > 455 {
        delta /= 35;
        k += 36;
    }
    k + 36 * delta / (delta + 38)
}

#[cfg(test)]
mod tests {
    use super::host;

    /// Held against a full implementation of UTS 46.
    #[test]
    fn agrees_with_idna() {
        for unicode in [
            "bücher.example",
            "BÜCHER.example",
            "münchen-ost.de",
            "日本語.jp",
            "日本語。jp",
            "παράδειγμα.δοκιμή",
            "пример.испытание",
            "xn--bcher-kva.ünicode.example",
            "☃.net",
            "a\u{10348}b.example",
        ] {
            assert_eq!(host(unicode), idna::domain_to_ascii(unicode).ok(), "{unicode}");
        }
        assert_eq!(host("plain.example").as_deref(), Some("plain.example"));
    }
}
