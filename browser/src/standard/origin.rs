//! Origins and sites: how they are written, and when two are the same (HTML, "Origin").

use std::net::Ipv4Addr;

use url::Url;

/// The origin of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// Different from all others, and sent as `null`.
    Opaque,
    Tuple(Tuple),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Tuple {
    scheme: String,
    host: String,
    /// As it is sent. Two tuples are the same origin if their texts are equal.
    text: String,
}

impl Origin {
    /// The origin of a URL; that of a WebSocket's is its HTTP twin's (Fetch, "WebSockets").
    pub(crate) fn of(url: &Url) -> Self {
        let (scheme, default) = match url.scheme() {
            "http" | "ws" => ("http", 80),
            "https" | "wss" => ("https", 443),
            _ => return Self::Opaque,
        };
        let Some(host) = url.host_str() else { return Self::Opaque };
        let port = url.port_or_known_default().filter(|port| *port != default);
        let port = port.map_or(String::new(), |port| format!(":{port}"));
        let text = format!("{scheme}://{host}{port}");
        Self::Tuple(Tuple { scheme: scheme.to_owned(), host: host.to_owned(), text })
    }

    /// An origin as browsers write it. Err: what to write instead, if that is known.
    pub(crate) fn parse(text: &str) -> Result<Self, Option<String>> {
        let (scheme, rest) = text.split_once("://").ok_or(None)?;
        if matches!(scheme.to_ascii_lowercase().as_str(), "http" | "https") {
            let origin = Self::of(&Url::parse(text).map_err(|_| None)?);
            return match origin.serialized() {
                same if same == text => Ok(origin),
                "null" => Err(None),
                other => Err(Some(other.to_owned())),
            };
        }
        // tauri://localhost, chrome-extension://id: to the letter.
        let is_scheme = scheme.starts_with(|first: char| first.is_ascii_lowercase())
            && scheme.bytes().all(|byte| {
                byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"+-.".contains(&byte)
            });
        let is_host =
            rest.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte))
                && (!rest.is_empty() || scheme == "file");
        if !is_scheme || !is_host || ["ws", "wss", "data", "blob", "about"].contains(&scheme) {
            return Err(None);
        }
        Ok(Self::Tuple(Tuple {
            scheme: scheme.to_owned(),
            host: rest.to_owned(),
            text: text.to_owned(),
        }))
    }

    /// As in the header `Origin`.
    pub(crate) fn serialized(&self) -> &str {
        match self {
            Self::Opaque => "null",
            Self::Tuple(tuple) => &tuple.text,
        }
    }

    pub(crate) fn is_opaque(&self) -> bool {
        matches!(self, Self::Opaque)
    }

    /// HTML, "same origin".
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Tuple(one), Self::Tuple(other)) => one.text == other.text,
            _ => false,
        }
    }

    /// HTML, "same site": scheme and registrable domain.
    pub(crate) fn is_same_site(&self, other: &Self) -> bool {
        let (Self::Tuple(one), Self::Tuple(other)) = (self, other) else { return false };
        one.scheme == other.scheme
            && (one.host == other.host
                || registrable_domain(&one.host)
                    .is_some_and(|domain| Some(domain) == registrable_domain(&other.host)))
    }

    pub(crate) fn is_https(&self) -> bool {
        matches!(self, Self::Tuple(tuple) if tuple.scheme == "https")
    }
}

/// The public suffix and one label more; none for an address, a suffix and a single label.
pub(crate) fn registrable_domain(host: &str) -> Option<&str> {
    if is_address(host) { None } else { psl::domain_str(host) }
}

/// Whether everybody may register names below it, so that no cookie may be set for it.
pub(crate) fn is_public_suffix(host: &str) -> bool {
    !is_address(host) && psl::suffix_str(host) == Some(host)
}

pub(crate) fn is_address(host: &str) -> bool {
    host.starts_with('[') || host.parse::<Ipv4Addr>().is_ok()
}

/// Secure Contexts, "potentially trustworthy": https, or this machine.
pub(crate) fn is_trustworthy(url: &Url) -> bool {
    matches!(url.scheme(), "https" | "wss") || url.host_str().is_some_and(is_loopback)
}

fn is_loopback(host: &str) -> bool {
    let host = host.strip_suffix('.').unwrap_or(host);
    host == "localhost"
        || host.ends_with(".localhost")
        || host == "[::1]"
        || host.parse::<Ipv4Addr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin(url: &str) -> Origin {
        Origin::of(&Url::parse(url).unwrap())
    }

    #[test]
    fn origins_of_urls() {
        let rows = [
            ("https://App.example.com:443/a?b#c", "https://app.example.com"),
            ("http://localhost:3000", "http://localhost:3000"),
            ("http://x:443", "http://x:443"),
            ("wss://x", "https://x"),
            ("ws://x:8080", "http://x:8080"),
            ("http://[0:0::1]:80", "http://[::1]"),
            ("http://0x7f.1", "http://127.0.0.1"),
            ("data:,x", "null"),
        ];
        for (url, expected) in rows {
            assert_eq!(origin(url).serialized(), expected);
        }
    }

    #[test]
    fn written_origins() {
        let rows = [
            ("https://app.example.com", Ok(())),
            ("http://localhost:3000", Ok(())),
            ("tauri://localhost", Ok(())),
            ("chrome-extension://abcdef", Ok(())),
            ("file://", Ok(())),
            ("https://app.example.com/", Err(Some("https://app.example.com"))),
            ("https://app.example.com:443", Err(Some("https://app.example.com"))),
            ("HTTPS://App.example.com", Err(Some("https://app.example.com"))),
            ("https://b\u{fc}cher.example", Err(Some("https://xn--bcher-kva.example"))),
            ("https://u:p@app.example.com", Err(Some("https://app.example.com"))),
            ("app.example.com", Err(None)),
            ("null", Err(None)),
            ("", Err(None)),
            ("https://", Err(None)),
            ("https://a b", Err(None)),
            ("wss://x", Err(None)),
            ("data://x", Err(None)),
            ("tauri://localhost/", Err(None)),
            ("T://x", Err(None)),
        ];
        for (text, expected) in rows {
            let parsed = Origin::parse(text).map(|origin| assert_eq!(origin.serialized(), text));
            assert_eq!(
                parsed,
                expected.map_err(|other: Option<&str>| other.map(str::to_owned)),
                "{text}"
            );
        }
    }

    #[test]
    fn sites() {
        let rows = [
            ("https://app.example.com", "https://api.example.com", true),
            ("https://app.example.com", "http://api.example.com", false),
            ("https://a.example.co.uk", "https://example.co.uk", true),
            ("https://a.co.uk", "https://b.co.uk", false),
            ("https://a.github.io", "https://b.github.io", false),
            ("http://localhost:1", "http://localhost:2", true),
            ("http://127.0.0.1:1", "http://127.0.0.1:2", true),
            ("http://127.0.0.1", "http://127.0.0.2", false),
            ("http://localhost", "http://127.0.0.1", false),
            ("data:,a", "data:,a", false),
        ];
        for (one, other, expected) in rows {
            assert_eq!(origin(one).is_same_site(&origin(other)), expected, "{one} {other}");
        }
    }

    #[test]
    fn trustworthy_urls() {
        for (url, expected) in [
            ("https://x", true),
            ("http://x", false),
            ("http://localhost:1", true),
            ("http://a.localhost", true),
            ("http://127.1.2.3", true),
            ("http://[::1]", true),
            ("http://10.0.0.1", false),
        ] {
            assert_eq!(is_trustworthy(&Url::parse(url).unwrap()), expected, "{url}");
        }
    }
}
