//! What a value was meant to be: a reading of its own, which shares nothing with the crate's.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// The origins that somebody meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Meant {
    Any,
    Null,
    One { scheme: String, subdomains: bool, host: String, port: Port },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Port {
    /// The scheme's own.
    Own,
    Any,
    Number(u16),
}

/// Words that allow everything.
const ALL: [&str; 5] = ["*", "all", "any", "everyone", "everything"];
const NONE: [&str; 11] =
    ["none", "nil", "undefined", "self", "same-origin", "true", "false", "yes", "no", "on", "off"];

impl Meant {
    /// One item of `allow_origins`; `None` if nobody can know.
    pub(super) fn by(item: &str) -> Option<Self> {
        let item = unpacked(item);
        let lower = item.to_lowercase();
        if ALL.contains(&&*lower) {
            return Some(Self::Any);
        }
        if lower == "null" {
            return (item == "null").then_some(Self::Null);
        }
        let is_strange =
            |c: char| c.is_whitespace() || "${}<>%^()|,\"'`+".contains(c) || !c.is_ascii();
        if NONE.contains(&&*lower) || item.contains(is_strange) {
            return None;
        }
        let (scheme, rest) = scheme(&item);
        let end = rest.find(['/', '\\', '?', '#']).unwrap_or(rest.len());
        let (authority, path) = rest.split_at(end);
        if !path.is_empty()
            && path[1..].parse::<u8>().is_ok()
            && authority.contains(|c: char| c.is_ascii_digit())
        {
            return None;
        }
        let authority = authority.rsplit('@').next()?;
        let (host, digits) = match authority.rfind(']') {
            Some(bracket) => authority.split_at(bracket + 1),
            None => authority.split_at(authority.find(':').unwrap_or(authority.len())),
        };
        let digits = digits.strip_prefix(':').unwrap_or(digits);
        let port = match digits.trim_start_matches('0') {
            "*" => Port::Any,
            "" if digits.is_empty() => Port::Own,
            "" => return None,
            digits if digits.bytes().all(|byte| byte.is_ascii_digit()) => {
                Port::Number(digits.parse().ok()?)
            }
            _ => return None,
        };
        Self::of_parts(scheme, host, port, item.contains(['.', ':', '/', '[']))
    }

    fn of_parts(scheme: Option<String>, host: &str, port: Port, is_clear: bool) -> Option<Self> {
        let is_own = scheme.as_deref().is_some_and(|scheme| !WEB.contains(&scheme));
        let host = if is_own { host.to_owned() } else { host.to_lowercase() };
        let (subdomains, host) = match host.trim_start_matches("*.") {
            rest if rest.len() < host.len() => (true, rest),
            rest => match rest.strip_prefix(['*', '.']) {
                Some(rest) => (true, rest),
                None => (false, rest),
            },
        };
        let address = address(host);
        let last = host.trim_end_matches('.').rsplit('.').next()?;
        let is_number = last.starts_with(|c: char| c.is_ascii_digit())
            && last.trim_start_matches("0x").bytes().all(|byte| byte.is_ascii_hexdigit());
        let is_host = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
        let is_wrong = host.is_empty()
            || host.starts_with('.')
            || host.contains("..")
            || !host.starts_with('[') && !host.bytes().all(is_host)
            || host.starts_with('[') && address.is_none()
            || !is_own && is_number && address.is_none_or(|_| subdomains || host.ends_with('.'));
        if is_wrong {
            return None;
        }
        let name = host.strip_suffix('.').unwrap_or(host);
        let is_here = name == "localhost"
            || name.ends_with(".localhost")
            || address.is_some_and(|address| address.is_loopback());
        let (scheme, port) = match (scheme, port) {
            (Some(scheme), port) => (scheme, port),
            (None, Port::Number(80)) => ("http".to_owned(), Port::Own),
            (None, Port::Number(443)) => ("https".to_owned(), Port::Own),
            (None, Port::Own) if is_here => ("http".to_owned(), Port::Any),
            (None, port) if is_here || address.is_some_and(is_private) => ("http".to_owned(), port),
            (None, port) if is_clear => ("https".to_owned(), port),
            _ => return None,
        };
        let port = match (scheme.as_str(), port) {
            ("http", Port::Number(80)) | ("https", Port::Number(443)) => Port::Own,
            (_, port) => port,
        };
        let host = match address {
            Some(IpAddr::V6(address)) => format!("[{}]", compressed(address)),
            _ => host.to_owned(),
        };
        Some(Self::One { scheme, subdomains, host, port })
    }

    /// Origins, and whether they are meant.
    pub(super) fn probes(&self) -> Vec<(String, bool)> {
        let Self::One { scheme, subdomains, host, port } = self else {
            let is_any = *self == Self::Any;
            let strangers = ["https://stranger.example", "http://localhost:1", "tauri://x"];
            let strangers = strangers.map(|origin| (origin.to_owned(), is_any));
            return strangers.into_iter().chain([("null".to_owned(), true)]).collect();
        };
        let other = if scheme == "https" { "http" } else { "https" };
        let ports: &[(&str, bool)] = match port {
            Port::Own => &[("", true), (":3001", false)],
            Port::Any => &[("", true), (":1", true), (":3001", true), (":65535", true)],
            Port::Number(_) => &[("", false), (":3001", false)],
        };
        let mut ports: Vec<(String, bool)> =
            ports.iter().map(|(port, meant)| ((*port).to_owned(), *meant)).collect();
        if let Port::Number(number) = port {
            ports.retain(|(port, _)| *port != format!(":{number}"));
            ports.push((format!(":{number}"), true));
        }
        let hosts: &[(&str, bool)] = match subdomains {
            true => &[("", false), ("a.", true), ("a.b.", true), ("evil", false), (".", false)],
            false => &[("", true), ("a.", false)],
        };
        let mut probes = Vec::new();
        for (port, by_port) in &ports {
            for (before, by_host) in hosts {
                let host = format!("{before}{host}{port}");
                probes.push((format!("{scheme}://{host}"), *by_port && *by_host));
                probes.push((format!("{other}://{host}"), false));
            }
        }
        probes.push((format!("{scheme}://stranger.example"), false));
        probes
    }
}

const WEB: [&str; 2] = ["http", "https"];

/// Without quotes, brackets and separators around it.
fn unpacked(item: &str) -> String {
    let mut text = item;
    loop {
        let around = |c: char| c.is_whitespace() || "\"'`,;“”‘’«»\u{feff}\u{200b}".contains(c);
        let mut next = text.trim_matches(around);
        let inside = next.strip_prefix('[').and_then(|inside| inside.strip_suffix(']'));
        if let Some(inside) = inside.filter(|inside| inside.parse::<Ipv6Addr>().is_err()) {
            next = inside;
        }
        if let Some(link) = next.strip_prefix("<http").and_then(|link| link.strip_suffix('>')) {
            return format!("http{link}");
        }
        let tuple = next.strip_prefix('(').and_then(|inside| inside.strip_suffix(')'));
        next = tuple.filter(|inside| inside.starts_with(['"', '\''])).unwrap_or(next);
        if next == text {
            return text.to_owned();
        }
        text = next;
    }
}

/// The scheme of the page that is meant, and what follows it.
fn scheme(item: &str) -> (Option<String>, &str) {
    let lower = item.to_ascii_lowercase();
    let Some(colon) = lower.find("://") else {
        let badly = ["https", "http"].into_iter().find_map(|scheme| {
            let rest = lower.strip_prefix(scheme)?;
            let marks = rest.len() - rest.trim_start_matches([':', ';', '/', '\\']).len();
            (marks > 0).then(|| (Some(scheme.to_owned()), &item[scheme.len() + marks..]))
        });
        return badly.unwrap_or((None, item.trim_start_matches('/')));
    };
    let (name, rest) = (&lower[..colon], &item[colon + 3..]);
    let second = rest.to_ascii_lowercase();
    let page = match name {
        _ if second.starts_with("http://") || second.starts_with("https://") => {
            return scheme(rest);
        }
        "http" | "https" => name,
        "*" => return (None, rest),
        "ws" | "ftp" => "http",
        "wss" => "https",
        _ if rest.contains(['.', ':']) => slip(name, &["http", "https"]).unwrap_or(name),
        _ => name,
    };
    (Some(page.to_owned()), rest)
}

/// The one word of which another is a slip: the letters differ in two at most, and those of no other word in as few.
pub(super) fn slip<'a>(word: &str, known: &[&'a str]) -> Option<&'a str> {
    let mut found: Vec<(usize, &str)> =
        known.iter().map(|known| (distance(word, known), *known)).collect();
    found.sort_unstable();
    match found[..] {
        [(first, known), (second, _), ..] if first <= 2 && first < second => Some(known),
        _ => None,
    }
}

/// How many letters stand in one word and not in the other, by a recursion that is too slow for long ones.
fn distance(left: &str, right: &str) -> usize {
    fn go(left: &[u8], right: &[u8], most: usize) -> usize {
        match (left, right) {
            ([], rest) | (rest, []) => rest.len(),
            ([a, left @ ..], [b, right @ ..]) if a == b => go(left, right, most),
            _ if most == 0 => 1,
            ([a, b, left @ ..], [c, d, right @ ..]) if a == d && b == c => {
                1 + go(left, right, most - 1)
            }
            ([_, shorter_left @ ..], [_, shorter_right @ ..]) => {
                let edits = [
                    go(shorter_left, right, most - 1),
                    go(left, shorter_right, most - 1),
                    go(shorter_left, shorter_right, most - 1),
                ];
                1 + edits.into_iter().min().unwrap_or(0)
            }
        }
    }
    let (left, right) = (left.to_ascii_lowercase(), right.to_ascii_lowercase());
    go(left.as_bytes(), right.as_bytes(), 3)
}

fn address(host: &str) -> Option<IpAddr> {
    let inside = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
    match inside {
        Some(inside) => inside.parse::<Ipv6Addr>().ok().map(IpAddr::V6),
        None => host.parse::<Ipv4Addr>().ok().map(IpAddr::V4),
    }
}

fn is_private(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => match address.octets() {
            [0, 0, 0, 0] | [10, ..] | [192, 168, ..] | [169, 254, ..] => true,
            [172, second, ..] => (16..32).contains(&second),
            _ => false,
        },
        IpAddr::V6(address) => {
            let [first, ..] = address.segments();
            address.is_unspecified() || first & 0xfe00 == 0xfc00 || first & 0xffc0 == 0xfe80
        }
    }
}

/// Without a dotted quad.
fn compressed(address: Ipv6Addr) -> String {
    let text = address.to_string();
    match (text.contains('.'), address.segments()) {
        (true, [.., high, low]) => {
            let head = text.rsplit_once(':').map_or("", |(head, _)| head);
            format!("{head}:{high:x}:{low:x}")
        }
        (false, _) => text,
    }
}
