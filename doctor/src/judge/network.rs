//! What browsers refuse before CORS: mixed content, and a local network.

use std::net::IpAddr;

use tower_browser::Engine;
use url::{Host, Url};

use crate::{
    examine::Examination,
    finding::{
        Finding,
        Severity::{Failure, Warning},
    },
};

pub(super) fn findings(examination: &Examination) -> Vec<Finding> {
    let question = &examination.question;
    let Ok(page) = Url::parse(&question.origin) else { return Vec::new() };
    let mut findings = Vec::new();
    if page.scheme() == "https" && question.url.scheme() == "http" && !is_loopback(&question.url) {
        let mut secure = question.url.clone();
        let _ = secure.set_scheme("https");
        findings.push(Finding::new(
            "mixed-content",
            Failure,
            "An https page cannot send requests to http: browsers block them as mixed content, whatever CORS says.",
            "the server (it needs TLS), then the page",
            format!("fetch(\"{secure}\", …)"),
        ));
    }
    if let Some(address) =
        examination.address.filter(|it| is_local(*it)).filter(|_| is_public(&page))
    {
        let is_refused = page.scheme() == "http" && question.engine == Engine::Chromium;
        findings.push(
            Finding::new(
                "local-network",
                if is_refused { Failure } else { Warning },
                "The page is on the internet, and the server is in a local network or on this machine. Chrome asks the user for permission first (Local Network Access), and refuses plain http pages.",
                "the page and the user; Access-Control headers do not help",
                "an https page; for tests, a page of http://localhost",
            )
            .seen(format!("{} is {address}", question.host())),
        );
    }
    findings
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

fn is_local(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(it) => it.is_loopback() || it.is_private() || it.is_link_local(),
        IpAddr::V6(it) => match it.to_ipv4_mapped() {
            Some(it) => is_local(IpAddr::V4(it)),
            // Unique local, and link local.
            None => {
                it.is_loopback()
                    || it.segments()[0] & 0xfe00 == 0xfc00
                    || it.segments()[0] & 0xffc0 == 0xfe80
            }
        },
    }
}

/// Whether a page's host is a public name.
fn is_public(page: &Url) -> bool {
    let name = match page.host() {
        Some(Host::Domain(name)) => name,
        Some(Host::Ipv4(address)) => return !is_local(IpAddr::V4(address)),
        Some(Host::Ipv6(address)) => return !is_local(IpAddr::V6(address)),
        None => return false,
    };
    let is_of_nobody = ["localhost", "local", "internal", "test", "arpa", "lan"]
        .contains(&name.rsplit('.').next().unwrap_or_default());
    matches!(page.scheme(), "http" | "https") && name.contains('.') && !is_of_nobody
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::{RIGHT, found};

    /// Browsers let a page of https ask this machine over http, and nobody else.
    #[test]
    fn mixed_content() {
        for url in ["http://api.example.com/items", "http://localhost.example/"] {
            assert_eq!(found(url, RIGHT), "FAILS mixed-content", "{url}");
        }
        for host in ["localhost:8000", "api.localhost", "127.0.0.1", "[::1]:8000"] {
            assert_eq!(found(&format!("http://{host}/"), RIGHT), "WORKS", "{host}");
        }
    }

    #[test]
    fn pages() {
        let rows = [
            ("https://app.example.com", true),
            ("http://localhost:3000", false),
            ("http://intranet", false),
            ("https://printer.local", false),
            ("http://192.168.1.2", false),
            ("https://8.8.8.8", true),
            ("tauri://app.example.com", false),
        ];
        for (origin, expected) in rows {
            assert_eq!(is_public(&Url::parse(origin).unwrap()), expected, "{origin}");
        }
    }

    #[test]
    fn addresses() {
        let rows = [
            ("127.0.0.1", true),
            ("10.1.2.3", true),
            ("8.8.8.8", false),
            ("::1", true),
            ("fd00::1", true),
            ("fe80::1", true),
            ("2001:db8::1", false),
            ("::ffff:192.168.0.1", true),
        ];
        for (address, expected) in rows {
            assert_eq!(is_local(address.parse().unwrap()), expected, "{address}");
        }
    }
}
