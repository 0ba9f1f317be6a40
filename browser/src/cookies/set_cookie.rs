//! One `Set-Cookie` line (RFC 6265bis, 5.6).

use super::date;
use crate::standard::lists::{decoded, trimmed};

/// The content of a line. The jar decides what is stored.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct SetCookie {
    pub(crate) name: Vec<u8>,
    pub(crate) value: Vec<u8>,
    pub(super) expiry: Expiry,
    /// In lower case, without a leading dot.
    pub(super) domain: Option<String>,
    pub(super) path: Option<String>,
    pub(super) is_secure: bool,
    pub(super) same_site: Option<SameSite>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Expiry {
    #[default]
    Session,
    /// Seconds from now; none or fewer: at once.
    After(i64),
    /// Seconds since 1970.
    At(i64),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SameSite {
    Strict,
    Lax,
    None,
}

/// A longer name and value is no cookie.
const LONGEST: usize = 4096;
/// A longer attribute is ignored.
const LONGEST_ATTRIBUTE: usize = 1024;

impl SetCookie {
    /// None: the line is ignored.
    pub(crate) fn parse(line: &[u8]) -> Option<Self> {
        if line.iter().any(|byte| byte.is_ascii_control() && *byte != b'\t') {
            return None;
        }
        let mut parts = line.split(|byte| *byte == b';');
        let pair = parts.next().unwrap_or_default();
        let (name, value) = match pair.iter().position(|byte| *byte == b'=') {
            Some(position) => (trimmed(&pair[..position]), trimmed(&pair[position + 1..])),
            None => (&[][..], trimmed(pair)),
        };
        if name.len() + value.len() > LONGEST || (name.is_empty() && value.is_empty()) {
            return None;
        }
        let mut cookie = Self { name: name.to_vec(), value: value.to_vec(), ..Self::default() };
        let mut has_max_age = false;
        for part in parts {
            let (key, value) = match part.iter().position(|byte| *byte == b'=') {
                Some(position) => (trimmed(&part[..position]), trimmed(&part[position + 1..])),
                None => (trimmed(part), &[][..]),
            };
            if value.len() <= LONGEST_ATTRIBUTE {
                cookie.set(&key.to_ascii_lowercase(), &decoded(value), &mut has_max_age);
            }
        }
        Some(cookie)
    }

    /// The last of several attributes counts, and Max-Age counts more than Expires.
    fn set(&mut self, key: &[u8], value: &str, has_max_age: &mut bool) {
        match key {
            b"expires" if !*has_max_age => {
                self.expiry = date::parse(value).map_or(self.expiry, Expiry::At);
            }
            b"max-age" => {
                if let Some(seconds) = seconds(value) {
                    self.expiry = Expiry::After(seconds);
                    *has_max_age = true;
                }
            }
            b"domain" => {
                let domain = value.strip_prefix('.').unwrap_or(value).to_ascii_lowercase();
                self.domain = Some(domain).filter(|domain| !domain.is_empty());
            }
            b"path" => self.path = Some(value.to_owned()).filter(|path| path.starts_with('/')),
            b"secure" => self.is_secure = true,
            b"samesite" => {
                self.same_site = match value.to_ascii_lowercase().as_str() {
                    "strict" => Some(SameSite::Strict),
                    "lax" => Some(SameSite::Lax),
                    "none" => Some(SameSite::None),
                    _ => None,
                };
            }
            // HttpOnly hides a cookie from scripts. A server does not see a difference.
            _ => {}
        }
    }
}

/// Digits, maybe after a minus; anything else is ignored.
fn seconds(value: &str) -> Option<i64> {
    let digits = value.strip_prefix('-').unwrap_or(value);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    if value.starts_with('-') { Some(0) } else { Some(digits.parse().unwrap_or(i64::MAX)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> SetCookie {
        SetCookie::parse(line.as_bytes()).unwrap()
    }

    #[test]
    fn names_and_values() {
        let rows = [
            ("a=b", ("a", "b")),
            (" a = b ; Path=/", ("a", "b")),
            ("a=b=c", ("a", "b=c")),
            ("a=", ("a", "")),
            ("=b", ("", "b")),
            ("b", ("", "b")),
            ("a=\"b\"", ("a", "\"b\"")),
        ];
        for (line, (name, value)) in rows {
            let cookie = parsed(line);
            assert_eq!(
                (cookie.name.as_slice(), cookie.value.as_slice()),
                (name.as_bytes(), value.as_bytes())
            );
        }
        let long = format!("a={}", "b".repeat(4096));
        for line in ["", "=", ";", " ; Secure", long.as_str(), "a=\u{7f}"] {
            assert_eq!(SetCookie::parse(line.as_bytes()), None, "{line:?}");
        }
    }

    #[test]
    fn attributes() {
        let cookie = parsed(
            "a=b; EXPIRES=Thu, 01 Jan 1970 00:00:09 GMT; domain=.Example.COM; path=/x; secure; HttpOnly; SameSite=lax; other=1",
        );
        assert_eq!(cookie.expiry, Expiry::At(9));
        assert_eq!(cookie.domain.as_deref(), Some("example.com"));
        assert_eq!(cookie.path.as_deref(), Some("/x"));
        assert!(cookie.is_secure);
        assert_eq!(cookie.same_site, Some(SameSite::Lax));

        assert_eq!(
            parsed("a=b; max-age=7; expires=Thu, 01 Jan 1970 00:00:09 GMT").expiry,
            Expiry::After(7)
        );
        assert_eq!(parsed("a=b; max-age=-7").expiry, Expiry::After(0));
        assert_eq!(parsed("a=b; max-age=7x").expiry, Expiry::Session);
        assert_eq!(parsed("a=b; path=x").path, None);
        assert_eq!(parsed("a=b; path=/x; path=/y").path.as_deref(), Some("/y"));
        assert_eq!(parsed("a=b; samesite=other").same_site, None);
        assert_eq!(parsed("a=b; domain=").domain, None);
    }
}
