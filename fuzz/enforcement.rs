//! What `enforce_origin` and `allow_hosts` do to a request, written a second time from DESIGN.md,
//! section "Enforcement", without a thought of speed: so that no bug vouches for itself.
#![allow(dead_code, reason = "each test uses a part of it")]

use http::Request;

use super::grammar::{self, Naive};

/// How much is enforced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Level {
    WebSockets,
    StateChanging,
    AllRequests,
}

/// The settings that matter. `open` are those of `hosts` under which anybody can have a name.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Guard<'a> {
    pub(crate) level: Level,
    pub(crate) origins: &'a [&'a str],
    pub(crate) hosts: &'a [&'a str],
    pub(crate) open: &'a [&'a str],
}

impl Guard<'_> {
    /// 400, before all else.
    pub(crate) fn refuses_host<B>(self, request: &Request<B>) -> bool {
        !allows_host(self.hosts, request)
    }

    /// 403, where it is no preflight.
    pub(crate) fn refuses_origin<B>(self, request: &Request<B>) -> bool {
        let origins = lines(request, "origin");
        self.level.checks(request) && !self.passes(request, &origins, host(request))
    }

    /// The three lines of the order of decision.
    fn passes<B>(self, request: &Request<B>, origins: &[String], host: Option<Naive>) -> bool {
        // 1.
        if let [origin] = origins {
            if grammar::matches(self.origins, origin) {
                return true;
            }
        }
        let origin = match origins {
            [origin] => Naive::read(origin),
            _ => None,
        };
        let is_own = match (&origin, &host) {
            (Some(origin), Some(host)) => is_own(origin, host),
            _ => false,
        };
        // 2.
        let sites = lines(request, "sec-fetch-site");
        if !sites.is_empty() {
            let is_navigation = lines(request, "sec-fetch-mode") == ["navigate"]
                && lines(request, "sec-fetch-dest") == ["empty"];
            return (sites == ["same-origin"] || sites == ["none"])
                && (origins.is_empty() || origins == ["null"] && !is_navigation || is_own);
        }
        // 3.
        if origins.is_empty() {
            return true;
        }
        let (Some(origin), true) = (origin, is_own) else { return false };
        if origin.scheme == "https" || origin.scheme == "wss" {
            return true;
        }
        let closed: Vec<_> =
            self.hosts.iter().copied().filter(|item| !self.open.contains(item)).collect();
        let name = origin.host.strip_suffix('.').unwrap_or(&origin.host);
        name.starts_with('[')
            || name.parse::<std::net::Ipv4Addr>().is_ok()
            || name == "localhost"
            || name.ends_with(".localhost")
            || is_listed(&closed, host.as_ref())
    }
}

impl Level {
    /// Whether a request is checked at all.
    fn checks<B>(self, request: &Request<B>) -> bool {
        let method = request.method().as_str();
        let upgrades = lines(request, "upgrade").join(",");
        let is_handshake = match method {
            "GET" => upgrades
                .split(',')
                .any(|item| item.trim_matches([' ', '\t']).eq_ignore_ascii_case("websocket")),
            "CONNECT" => request.uri().scheme().is_some(),
            _ => false,
        };
        let destinations = lines(request, "sec-fetch-dest");
        let embedded = ["iframe", "frame", "object", "embed", "fencedframe"];
        let is_navigation = method == "GET"
            && lines(request, "sec-fetch-mode") == ["navigate"]
            && destinations.len() < 2
            && !destinations.iter().any(|it| embedded.contains(&it.as_str()));
        match self {
            Self::WebSockets => is_handshake,
            Self::StateChanging => is_handshake || !["GET", "HEAD", "OPTIONS"].contains(&method),
            Self::AllRequests => is_handshake || !is_navigation,
        }
    }
}

/// The lines of a header, as latin-1.
fn lines<B>(request: &Request<B>, name: &str) -> Vec<String> {
    let text = |line: &http::HeaderValue| line.as_bytes().iter().copied().map(char::from).collect();
    request.headers().get_all(name).iter().map(text).collect()
}

/// The host and port that a request is for: what could stand behind `https://`, in any letter case.
fn host<B>(request: &Request<B>) -> Option<Naive> {
    let text = match (request.uri().authority(), &lines(request, "host")[..]) {
        (Some(authority), _) => authority.to_string(),
        (None, [line]) => line.clone(),
        _ => return None,
    };
    Naive::read(&format!("https://{}", text.to_ascii_lowercase()))
}

/// Whether a request is for a host of the list.
pub(crate) fn allows_host<B>(hosts: &[&str], request: &Request<B>) -> bool {
    hosts.is_empty() || is_listed(hosts, host(request).as_ref())
}

fn is_own(origin: &Naive, host: &Naive) -> bool {
    let default = match origin.scheme.as_str() {
        "http" | "ws" => 80,
        "https" | "wss" => 443,
        _ => return false,
    };
    origin.host == host.host && origin.port.unwrap_or(default) == host.port.unwrap_or(default)
}

fn is_listed(items: &[&str], host: Option<&Naive>) -> bool {
    items.iter().any(|item| {
        let item = item.to_ascii_lowercase();
        if item == "*" {
            return true;
        }
        let Some(host) = host else { return false };
        let (name, port) = match item.rsplit_once(':') {
            Some((name, port)) if !port.ends_with(']') => (name, port.parse::<u32>().ok()),
            _ => (&*item, None),
        };
        let is_port = match (port, host.port) {
            (None, _) => true,
            (Some(port), Some(asked)) => port == asked,
            (Some(port), None) => port == 80 || port == 443,
        };
        let is_name = match name.strip_prefix("*.") {
            None => host.host == name,
            Some(domain) => match host.host.strip_suffix(&format!(".{domain}")) {
                None => false,
                Some(labels) => labels.split('.').all(|label| !label.is_empty()),
            },
        };
        is_port && is_name
    })
}
