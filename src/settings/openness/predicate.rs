//! Predicates. They can only be called, with foreign origins and with variations of the listed
//! hosts.

use super::reach::{Reach, is_well_formed};
use crate::{
    policy::origin::syntax,
    settings::{
        host::{place_of, registrable_domain},
        place::Place,
        suffixes,
    },
};

/// Names that an attacker might have, in several forms.
const STRANGERS: [&str; 6] =
    ["evil", "x", "nobodyownsthis", "nobody-owns-this-7f3a", "qzx", "www.nobodyownsthis"];

/// Top-level domains and second-level domains.
const TOPS: [&str; 26] = [
    "com", "org", "net", "io", "dev", "app", "ai", "co", "me", "info", "xyz", "tech", "online",
    "de", "fr", "cn", "ru", "nl", "es", "it", "in", "br", "jp", "uk", "eu", "example",
];

/// Hosts from examples, and hosts that predicates often compare with.
const USUAL: [&str; 6] =
    ["example.com", "example.org", "example.net", "localhost", "127.0.0.1", "app.example.com"];

/// Hosts of a private network that nobody intends.
const LOCAL: [&str; 5] =
    ["192.168.7.77", "10.7.77.7", "printer-7f3a", "printer-7f3a.local", "printer-7f3a.internal"];

/// Addresses of private networks. Predicates often compare their first digits.
const PRIVATE: [&str; 5] =
    ["192.168.0.77", "192.168.1.77", "10.0.0.77", "10.7.77.7", "172.16.0.77"];

const EXTENSIONS: [&str; 3] = [
    "chrome-extension://abcdefghijklmnopabcdefghijklmnop",
    "moz-extension://0f2e3d4c-5b6a-4789-9abc-def012345678",
    "x-nobody-owns-this://nobodyownsthis",
];

const PORTS: [&str; 4] = ["", ":8443", ":3000", ":8080"];

/// Ports of development servers. Some predicates check only the port.
const DEVELOPMENT: &str = "\
    1234 3001 3333 4000 4173 4200 4321 5000 5001 5173 5174 5500 6006 8000 8001 8081 8100 8888 9000 19006";

/// Calls a predicate. `listed` are the origins and patterns of the same policy.
pub(crate) fn of_predicate(matches: &dyn Fn(&str) -> bool, listed: &[&str]) -> Reach {
    let asked = |origin: &String| is_well_formed(origin) && matches(origin);
    // A predicate may search a list itself, so it is not called for each origin of a long list.
    let hosts = listed.iter().filter_map(|item| host_of(item)).take(100);
    let hosts: Vec<&str> = hosts.chain(USUAL).collect();
    let obtainable = first_of(&strangers(), &asked)
        .or_else(|| by_port().into_iter().find(asked))
        .or_else(|| hosts.iter().chain(&PRIVATE).find_map(|host| first_of(&varied(host), &asked)));
    if let Some(origin) = obtainable {
        return Reach::Obtainable(origin);
    }
    if matches("null") {
        return Reach::Null;
    }
    if matches("file://") || EXTENSIONS.into_iter().any(matches) {
        return Reach::LocalPages;
    }
    if let Some(origin) = first_of(&LOCAL.map(str::to_owned), &asked) {
        return Reach::OpenNetwork(origin);
    }
    let mut distant = hosts.iter().filter(|host| place_of(host) != Place::Loopback);
    let is_insecure = |host: &str| PORTS.iter().any(|port| asked(&format!("http://{host}{port}")));
    if distant.any(|host| is_insecure(host)) { Reach::Insecure } else { Reach::Closed }
}

/// The first matched origin of these hosts.
fn first_of(hosts: &[String], asked: &dyn Fn(&String) -> bool) -> Option<String> {
    for host in hosts {
        for scheme in ["https", "http"] {
            for port in PORTS {
                let origin = format!("{scheme}://{host}{port}");
                if asked(&origin) {
                    return Some(origin);
                }
            }
        }
    }
    None
}

/// Hosts of somebody else.
fn strangers() -> Vec<String> {
    let mut hosts = Vec::new();
    for end in TOPS.into_iter().chain(suffixes::domains()) {
        hosts.extend(STRANGERS.map(|name| format!("{name}.{end}")));
    }
    for end in suffixes::regional() {
        hosts.push(format!("{}.{end}", STRANGERS[0]));
    }
    hosts.extend(["203.0.113.77".into(), "[2001:db8::7f3a]".into()]);
    hosts
}

/// A host of somebody else, on ports of development servers.
fn by_port() -> Vec<String> {
    let mut origins = Vec::new();
    for scheme in ["https", "http"] {
        origins.extend(DEVELOPMENT.split(' ').map(|port| format!("{scheme}://evil.com:{port}")));
    }
    origins
}

/// Foreign hosts that look like an intended one, which `ends_with`, `starts_with` and `contains`
/// let through.
fn varied(host: &str) -> Vec<String> {
    let domain = registrable_domain(host).unwrap_or(host);
    let mut varied = vec![format!("{host}.evil.example"), format!("{host}.evil.com")];
    if place_of(host) == Place::Public {
        varied.extend([
            format!("evil{domain}"),
            format!("evil-{domain}"),
            format!("evil{host}"),
            format!("www.evil{domain}"),
        ]);
        // For `app.example.com`: `app-example.com`.
        varied.extend(
            host.match_indices('.').map(|(at, _)| format!("{}x{}", &host[..at], &host[at + 1..])),
        );
        varied.push(format!("{host}evil.com"));
    } else {
        varied.push(format!("{host}evil.com"));
    }
    varied.retain(|varied| {
        let is_other = |domain: &str| registrable_domain(varied).is_some_and(|own| own != domain);
        is_other(domain) && !varied.contains("..")
    });
    varied
}

/// The host of an origin or a pattern, without `*.`.
fn host_of(item: &str) -> Option<&str> {
    let rest = item.split_once("://")?.1;
    let rest = rest.strip_prefix("*.").unwrap_or(rest);
    Some(&rest[..syntax::host_end(rest.as_bytes())])
}
