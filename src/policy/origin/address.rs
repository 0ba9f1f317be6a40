//! IP addresses as browsers write them (URL Standard, "host parsing" and "host serializing").

use std::net::{Ipv4Addr, Ipv6Addr};

/// Whether browsers take a host for an IPv4 address: its last label is a number.
pub(crate) fn ends_in_number(host: &str) -> bool {
    let host = host.strip_suffix('.').unwrap_or(host);
    let last = host.rsplit('.').next().unwrap_or_default();
    !last.is_empty() && (last.bytes().all(|byte| byte.is_ascii_digit()) || number(last).is_some())
}

/// The address in the form that browsers send; `None` if it is none.
pub(crate) fn canonical_ipv4(host: &str) -> Option<String> {
    let host = host.strip_suffix('.').unwrap_or(host);
    let numbers: Vec<u64> = host.split('.').map(number).collect::<Option<_>>()?;
    let (last, first) = numbers.split_last()?;
    let fits = first.len() <= 3
        && first.iter().all(|number| *number <= 255)
        && *last < 256_u64.pow(4 - first.len() as u32);
    if !fits {
        return None;
    }
    let shifted = first.iter().zip([24, 16, 8]).map(|(number, shift)| number << shift);
    Some(Ipv4Addr::from((shifted.sum::<u64>() + last) as u32).to_string())
}

/// Decimal, octal after `0`, hexadecimal after `0x`; no more than 32 bits count.
fn number(label: &str) -> Option<u64> {
    let hexadecimal = label.strip_prefix("0x").or_else(|| label.strip_prefix("0X"));
    let (digits, radix) = match hexadecimal {
        Some(digits) => (digits, 16),
        None if label.len() > 1 && label.starts_with('0') => (&label[1..], 8),
        None => (label, 10),
    };
    match digits {
        "" if hexadecimal.is_some() => Some(0),
        _ if digits.starts_with('+') => None,
        _ => u64::from_str_radix(digits, radix).ok().filter(|number| *number <= u32::MAX.into()),
    }
}

/// The address between brackets in the form that browsers send; `None` if it is none.
///
/// Unlike `Ipv6Addr`'s own text it never ends in a dotted quad.
pub(crate) fn canonical_ipv6(address: &str) -> Option<String> {
    let groups = address.parse::<Ipv6Addr>().ok()?.segments();
    // The first longest run of two or more zeros.
    let run_at = |start: usize| groups[start..].iter().take_while(|group| **group == 0).count();
    let longest =
        (0..8).rev().max_by_key(|start| run_at(*start)).filter(|start| run_at(*start) > 1);
    let hexadecimal = |groups: &[u16]| {
        groups.iter().map(|group| format!("{group:x}")).collect::<Vec<_>>().join(":")
    };
    Some(match longest {
        Some(start) => format!(
            "{}::{}",
            hexadecimal(&groups[..start]),
            hexadecimal(&groups[start + run_at(start)..])
        ),
        None => hexadecimal(&groups),
    })
}

/// Whether a host is this machine (W3C Secure Contexts, "potentially trustworthy").
pub(crate) fn is_loopback(host: &str) -> bool {
    let bare = host.strip_suffix('.').unwrap_or(host);
    bare == "localhost"
        || bare.ends_with(".localhost")
        || bare.parse::<Ipv4Addr>().is_ok_and(|address| address.is_loopback())
        || host == "[::1]"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ipv4_forms() {
        for (form, canonical) in [
            ("127.0.0.1", Some("127.0.0.1")),
            ("127.1", Some("127.0.0.1")),
            ("0x7f.1", Some("127.0.0.1")),
            ("0x7F000001", Some("127.0.0.1")),
            ("127.0.0.01", Some("127.0.0.1")),
            ("010.0.0.1", Some("8.0.0.1")),
            ("1.2.3.4.", Some("1.2.3.4")),
            ("1.2.256", Some("1.2.1.0")),
            ("4294967295", Some("255.255.255.255")),
            ("4294967296", None),
            ("256.0.0.1", None),
            ("1.2.3.4.5", None),
            ("1.2.3.09", None),
            ("a.1", None),
            ("1..2", None),
        ] {
            assert_eq!(canonical_ipv4(form).as_deref(), canonical, "{form}");
            assert!(ends_in_number(form), "{form}");
        }
        assert!(
            !ends_in_number("1.2.3.example") && !ends_in_number("") && !ends_in_number("a.0xg")
        );
    }

    #[test]
    fn ipv6_forms() {
        for (form, canonical) in [
            ("::1", "::1"),
            ("0:0:0:0:0:0:0:1", "::1"),
            ("::", "::"),
            ("2001:DB8::0:1", "2001:db8::1"),
            ("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"),
            ("1:0:0:2:0:0:0:3", "1:0:0:2::3"),
            ("1:0:0:2:3:0:0:4", "1::2:3:0:0:4"),
            ("::ffff:192.0.2.1", "::ffff:c000:201"),
            ("1:2:3:4:5:6:0:0", "1:2:3:4:5:6::"),
        ] {
            assert_eq!(canonical_ipv6(form).as_deref(), Some(canonical), "{form}");
        }
        assert_eq!(canonical_ipv6("fe80::1%eth0"), None);
        assert_eq!(canonical_ipv6(""), None);
    }
}
