//! One item of `allow_origins`: read, or diagnosed with its corrected spelling (cold).

use super::{
    address,
    pattern::OriginPattern,
    punycode,
    syntax::{self, Class, Origin, default_port, host_end, is_scheme, port_number},
};
use crate::error::{Fault, OriginProblem};

/// What an item of `allow_origins` stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Entry {
    Any,
    Listed(String),
    Pattern(OriginPattern),
}

/// Reads an item that browsers could send to the letter, or a pattern.
pub(crate) fn entry(item: &str) -> Result<Entry, Fault> {
    if item == "*" {
        return Ok(Entry::Any);
    }
    if item == "null" {
        return Ok(Entry::Listed(item.to_owned()));
    }
    if let Some(fault) = not_an_origin(item) {
        return Err(fault);
    }
    let corrected = Correction::of(item);
    let Some(problem) = corrected.problem() else {
        return Ok(corrected.into_entry(item));
    };
    // What is suggested must itself pass; a second round would mend what the first laid bare.
    let write =
        corrected.write.filter(|write| write != item && Correction::of(write).problems.is_empty());
    Err(Fault::Origin { origin: item.to_owned(), problem, write })
}

/// What was meant for another place than the list, or was not unpacked.
fn not_an_origin(item: &str) -> Option<Fault> {
    let fault = |problem, write| Fault::Origin { origin: item.to_owned(), problem, write };
    let trimmed = item.trim();
    if trimmed.starts_with('[') && trimmed.contains(['"', '\'']) {
        return Some(fault(OriginProblem::Several, None));
    }
    let quoted = |quote| trimmed.strip_prefix(quote)?.strip_suffix(quote);
    if let Some(inner) = quoted('"').or_else(|| quoted('\'')) {
        let write = if inner == "*" { Some(inner.to_owned()) } else { Correction::of(inner).write };
        let passes = |write: &String| write == "*" || Correction::of(write).problems.is_empty();
        let write = write.filter(passes);
        return Some(fault(OriginProblem::Quotes, write));
    }
    let is_regex = trimmed.contains(['^', '$', '(', ')', '|'])
        || ["\\.", "\\d", "\\w", "://.*", "://.+", "?://"]
            .iter()
            .any(|part| trimmed.contains(part));
    is_regex.then(|| fault(OriginProblem::RegularExpression, None))
}

/// An item taken apart, each part corrected, and the problems met.
struct Correction {
    /// In the order in which they were met.
    problems: Vec<OriginProblem>,
    write: Option<String>,
    scheme: String,
    /// Without `*.`.
    host: String,
    subdomains: bool,
    /// With its colon; `None` for any.
    port: Option<String>,
}

impl Correction {
    fn of(item: &str) -> Self {
        let mut this = Self {
            problems: Vec::new(),
            write: None,
            scheme: String::new(),
            host: String::new(),
            subdomains: false,
            port: Some(String::new()),
        };
        this.write = this.correct(item).map(|()| this.text());
        this
    }

    fn text(&self) -> String {
        if self.host == "null" && self.scheme.is_empty() {
            return "null".to_owned();
        }
        let star = if self.subdomains { "*." } else { "" };
        format!("{}://{star}{}{}", self.scheme, self.host, self.port.as_deref().unwrap_or(":*"))
    }

    fn into_entry(self, item: &str) -> Entry {
        if self.subdomains || self.port.is_none() {
            let port = self.port.as_deref();
            Entry::Pattern(OriginPattern::new(&self.scheme, &self.host, self.subdomains, port))
        } else {
            debug_assert!(Origin::read(item.as_bytes()).is_some());
            Entry::Listed(item.to_owned())
        }
    }

    /// The first problem if all are corrected, else the one that stood in the way.
    fn problem(&self) -> Option<OriginProblem> {
        match self.write {
            Some(_) => self.problems.first().copied(),
            None => self.problems.last().copied(),
        }
    }

    fn found(&mut self, problem: OriginProblem) {
        self.problems.push(problem);
    }

    /// `None` where no correction is clear; a problem is then noted.
    fn correct(&mut self, item: &str) -> Option<()> {
        let trimmed = item.trim();
        if trimmed.is_empty() {
            self.found(OriginProblem::Empty);
            return None;
        }
        let is_list = trimmed.contains(',') || trimmed.matches("://").count() > 1;
        if is_list || trimmed.contains(char::is_whitespace) {
            self.found(OriginProblem::Several);
            return None;
        }
        if trimmed != item {
            self.found(OriginProblem::WhiteSpace);
        }
        if trimmed.eq_ignore_ascii_case("null") {
            if trimmed != "null" {
                self.found(OriginProblem::UpperCase);
            }
            self.host = "null".to_owned();
            return Some(());
        }
        let rest = self.scheme(trimmed)?;
        let rest = match rest.find(['/', '\\', '?', '#']) {
            Some(path) => {
                self.found(OriginProblem::Path);
                &rest[..path]
            }
            None => rest,
        };
        let rest = match rest.rfind('@') {
            Some(at) => {
                self.found(OriginProblem::Userinfo);
                &rest[at + 1..]
            }
            None => rest,
        };
        if !rest.contains('[') && rest.matches(':').count() > 1 {
            self.found(OriginProblem::UnbracketedAddress);
            return None;
        }
        let (host, port) = rest.split_at(host_end(rest));
        self.host(host)?;
        self.port(port)
    }

    /// Reads the scheme and gives the rest.
    fn scheme<'a>(&mut self, item: &'a str) -> Option<&'a str> {
        let without_origin = ["file", "data", "javascript", "blob", "about"];
        let before_colon = item.split(':').next().unwrap_or_default().to_ascii_lowercase();
        if item.contains(':') && without_origin.contains(&before_colon.as_str()) {
            self.found(OriginProblem::SchemeWithoutOrigin);
            return None;
        }
        let Some((scheme, rest)) = item.split_once("://") else {
            self.found(OriginProblem::NoScheme);
            // `https:/example.com`, `https:example.com` and `https//example.com` have one, badly written.
            let lower = item.to_ascii_lowercase();
            let badly = ["https", "http", "wss", "ws", "ftp"].into_iter().find(|scheme| {
                lower.strip_prefix(scheme).is_some_and(|rest| rest.starts_with([':', ';', '/']))
            });
            let (scheme, rest) = match badly {
                Some(scheme) => (scheme.to_owned(), &item[scheme.len()..]),
                None => (Self::likely_scheme(item).to_owned(), item),
            };
            self.scheme = scheme;
            return Some(rest.trim_start_matches([':', ';', '/']));
        };
        if scheme == "*" {
            self.found(OriginProblem::MisplacedWildcard);
            self.scheme = Self::likely_scheme(rest).to_owned();
            return Some(rest);
        }
        self.scheme = scheme.to_ascii_lowercase();
        if self.scheme != scheme {
            self.found(OriginProblem::UpperCase);
        }
        if !is_scheme(&self.scheme) {
            self.found(OriginProblem::MalformedScheme);
            return None;
        }
        Some(rest)
    }

    fn likely_scheme(rest: &str) -> &'static str {
        let host = rest.trim_start_matches('/');
        let end = host.find('/').unwrap_or(host.len());
        let host = &host[..host_end(&host[..end])];
        if address::is_loopback(host) { "http" } else { "https" }
    }

    fn host(&mut self, host: &str) -> Option<()> {
        let mut domain = host;
        while let Some(rest) = domain.strip_prefix("*.") {
            if self.subdomains {
                self.found(OriginProblem::MisplacedWildcard);
            }
            self.subdomains = true;
            domain = rest;
        }
        // `*example.com` was meant as `*.example.com`.
        let meant = |rest: &&str| rest.starts_with(|first: char| first.is_ascii_alphanumeric());
        if let Some(rest) = domain.strip_prefix('*').filter(meant) {
            self.found(OriginProblem::MisplacedWildcard);
            self.subdomains = true;
            domain = rest;
        }
        if domain.contains('*') {
            self.found(OriginProblem::MisplacedWildcard);
            return None;
        }
        match Class::of_scheme(&self.scheme) {
            Class::Special => self.special_host(domain)?,
            Class::Opaque => self.host = domain.to_owned(),
        }
        let class = Class::of_scheme(&self.scheme);
        let is_domain = || {
            self.host.parse::<std::net::Ipv4Addr>().is_err()
                && class.is_labels(self.host.trim_end_matches('.').as_bytes())
        };
        if self.subdomains
            && !self.host.starts_with('[')
            && class.is_host(&self.host)
            && is_domain()
        {
            // The shortest label and its dot must fit, or the pattern takes nothing.
            let fits = self.host.len() + 2 <= class.longest_host();
            return if fits { Some(()) } else { self.malformed_host() };
        }
        if self.subdomains {
            self.found(OriginProblem::MisplacedWildcard);
            return None;
        }
        if class.is_host(&self.host) { Some(()) } else { self.malformed_host() }
    }

    fn malformed_host(&mut self) -> Option<()> {
        self.found(OriginProblem::MalformedHost);
        None
    }

    /// Domains and addresses, in the form that browsers send.
    fn special_host(&mut self, host: &str) -> Option<()> {
        let lower = host.to_ascii_lowercase();
        if lower != host {
            self.found(OriginProblem::UpperCase);
        }
        if let Some(address) = lower.strip_prefix('[').and_then(|host| host.strip_suffix(']')) {
            let canonical = address::canonical_ipv6(address).map(|address| format!("[{address}]"));
            return self.address(&lower, canonical);
        }
        // `.example.com` is another language's way to write a wildcard.
        let lower = match lower.strip_prefix('.') {
            Some(domain) if !self.subdomains && !domain.is_empty() => {
                self.found(OriginProblem::EmptyLabel);
                self.subdomains = true;
                domain.to_owned()
            }
            _ => lower,
        };
        if lower.contains("..") {
            self.found(OriginProblem::EmptyLabel);
            return None;
        }
        self.host = if lower.is_ascii() {
            lower
        } else {
            self.found(OriginProblem::InternationalHost);
            punycode::host(&lower)?
        };
        if !self.host.is_empty() && address::ends_in_number(&self.host) {
            if self.subdomains {
                self.found(OriginProblem::MisplacedWildcard);
                return None;
            }
            let given = self.host.clone();
            return self.address(&given, address::canonical_ipv4(&given));
        }
        Some(())
    }

    fn address(&mut self, given: &str, canonical: Option<String>) -> Option<()> {
        if canonical.as_deref() != Some(given) {
            self.found(OriginProblem::NonCanonicalAddress);
        }
        self.host = canonical?;
        Some(())
    }

    fn port(&mut self, port: &str) -> Option<()> {
        match port.strip_prefix(':') {
            None if port.is_empty() => {}
            Some("*") => self.port = None,
            Some("") => self.found(OriginProblem::MalformedPort),
            Some(digits) => {
                let plain = digits.trim_start_matches('0');
                if plain != digits {
                    self.found(OriginProblem::MalformedPort);
                }
                let Some(number) = port_number(plain).filter(|_| !plain.is_empty()) else {
                    self.found(OriginProblem::MalformedPort);
                    return None;
                };
                if default_port(&self.scheme) == Some(number) {
                    self.found(OriginProblem::DefaultPort);
                } else {
                    self.port = Some(format!(":{number}"));
                }
            }
            // Text between an address's bracket and the port.
            None => return self.malformed_host(),
        }
        Some(())
    }
}

/// What a listed origin is, for the questions that need its parts.
pub(crate) fn tuple(origin: &str) -> Option<syntax::Tuple<'_>> {
    match Origin::read(origin.as_bytes()) {
        Some(Origin::Tuple(tuple)) => Some(tuple),
        Some(Origin::Null) | None => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::OriginProblem::*;

    #[track_caller]
    fn refused(item: &str, problem: OriginProblem, write: Option<&str>) {
        let expected =
            Fault::Origin { origin: item.to_owned(), problem, write: write.map(str::to_owned) };
        assert_eq!(entry(item), Err(expected), "{item}");
    }

    #[test]
    fn takes_what_browsers_send() {
        for item in [
            "null",
            "https://example.com",
            "https://example.com.",
            "https://sub_domain.example.com:8443",
            "http://localhost",
            "http://127.0.0.1:3000",
            "http://[::1]:3000",
            "https://xn--bcher-kva.example",
            "tauri://localhost",
            "chrome-extension://AbCdEf",
            "app://-",
            "app://1.2.3",
            "ws://example.com:443",
        ] {
            assert_eq!(entry(item), Ok(Entry::Listed(item.to_owned())), "{item}");
        }
        for item in [
            "https://*.example.com",
            "http://localhost:*",
            "https://*.example.com:*",
            "https://*.example.com:8443",
            "http://[::1]:*",
            "http://127.0.0.1:*",
            "https://*.com",
            "app://*.Tenant",
        ] {
            assert!(
                matches!(entry(item), Ok(Entry::Pattern(pattern)) if pattern.to_string() == item),
                "{item}"
            );
        }
        assert_eq!(entry("*"), Ok(Entry::Any));
    }

    #[test]
    fn names_the_problem_and_corrects_all() {
        for (item, problem, write) in [
            ("", Empty, None),
            ("  ", Empty, None),
            (" https://a.example", WhiteSpace, Some("https://a.example")),
            ("https://a.example, https://b.example", Several, None),
            ("https://a.example,https://b.example", Several, None),
            ("example.com", NoScheme, Some("https://example.com")),
            ("//example.com", NoScheme, Some("https://example.com")),
            ("example.com/", NoScheme, Some("https://example.com")),
            ("localhost:3000", NoScheme, Some("http://localhost:3000")),
            ("127.0.0.1:3000", NoScheme, Some("http://127.0.0.1:3000")),
            ("[::1]:3000", NoScheme, Some("http://[::1]:3000")),
            ("*.example.com", NoScheme, Some("https://*.example.com")),
            ("https:/example.com", NoScheme, Some("https://example.com")),
            ("https:example.com", NoScheme, Some("https://example.com")),
            ("://example.com", MalformedScheme, None),
            ("1http://example.com", MalformedScheme, None),
            ("file://", SchemeWithoutOrigin, None),
            ("file:///index.html", SchemeWithoutOrigin, None),
            ("data:text/html", SchemeWithoutOrigin, None),
            ("blob:https://example.com", SchemeWithoutOrigin, None),
            ("about:blank", SchemeWithoutOrigin, None),
            ("JavaScript:x", SchemeWithoutOrigin, None),
            ("NULL", UpperCase, Some("null")),
            ("HTTPS://Example.com:443/", UpperCase, Some("https://example.com")),
            ("https://example.com/", Path, Some("https://example.com")),
            ("https://example.com/app?x#y", Path, Some("https://example.com")),
            ("https://example.com/*", Path, Some("https://example.com")),
            ("https://user:pw@example.com", Userinfo, Some("https://example.com")),
            ("https://example.com:443", DefaultPort, Some("https://example.com")),
            ("http://example.com:080", MalformedPort, Some("http://example.com")),
            ("http://example.com:08080", MalformedPort, Some("http://example.com:8080")),
            ("http://example.com:", MalformedPort, Some("http://example.com")),
            ("http://example.com:0", MalformedPort, None),
            ("http://example.com:65536", MalformedPort, None),
            ("http://example.com:+80", MalformedPort, None),
            ("http://example.com:80a", MalformedPort, None),
            ("http://localhost:30*", MalformedPort, None),
            ("https://bücher.example", InternationalHost, Some("https://xn--bcher-kva.example")),
            ("https://BÜCHER.example", UpperCase, Some("https://xn--bcher-kva.example")),
            ("http://[0:0:0:0:0:0:0:1]", NonCanonicalAddress, Some("http://[::1]")),
            ("http://[::ffff:1.2.3.4]", NonCanonicalAddress, Some("http://[::ffff:102:304]")),
            ("http://127.1:3000", NonCanonicalAddress, Some("http://127.0.0.1:3000")),
            ("http://1.2.3.4.", NonCanonicalAddress, Some("http://1.2.3.4")),
            ("http://999.1.1.1", NonCanonicalAddress, None),
            ("http://[fe80::1%eth0]", NonCanonicalAddress, None),
            ("https://", MalformedHost, None),
            ("https://exa%20mple.com", MalformedHost, None),
            ("https://example.com]", MalformedHost, None),
            ("http://[::1]x:80", MalformedHost, None),
            ("https://*", MisplacedWildcard, None),
            ("https://*example.com", MisplacedWildcard, Some("https://*.example.com")),
            ("https://*.*.example.com", MisplacedWildcard, Some("https://*.example.com")),
            ("https://a.*.example.com", MisplacedWildcard, None),
            ("https://example.*", MisplacedWildcard, None),
            ("*://example.com", MisplacedWildcard, Some("https://example.com")),
            ("https://*.", MisplacedWildcard, None),
            ("https://*.1.2.3", MisplacedWildcard, None),
            ("https://*.0.0.1", MisplacedWildcard, None),
            ("https://*.[::1]", MisplacedWildcard, None),
            ("https://*..example.com", MisplacedWildcard, None),
            ("h*", MisplacedWildcard, None),
            ("**", MisplacedWildcard, None),
            ("*:3000", MisplacedWildcard, None),
            ("https://*-preview.example.com", MisplacedWildcard, None),
            ("https://*/", MisplacedWildcard, None),
            ("https:///", MalformedHost, None),
            ("HTTP_S://a", MalformedScheme, None),
            ("https://example.com:0/", MalformedPort, None),
            ("https//example.com", NoScheme, Some("https://example.com")),
            ("http;//example.com", NoScheme, Some("http://example.com")),
            ("https://.example.com", EmptyLabel, Some("https://*.example.com")),
            ("https://.bücher.example", EmptyLabel, Some("https://*.xn--bcher-kva.example")),
            ("https://a..example.com", EmptyLabel, None),
            ("http://::1:3000", UnbracketedAddress, None),
            ("\"https://a.example\"", Quotes, Some("https://a.example")),
            ("'*'", Quotes, Some("*")),
            ("[\"https://a.example\"]", Several, None),
            ("^https://a.example$", RegularExpression, None),
            ("https?://example.com", RegularExpression, None),
            (r"https://.*\.example\.com", RegularExpression, None),
            ("https://a.example|https://b.example", RegularExpression, None),
        ] {
            refused(item, problem, write);
        }
        refused(&format!("https://{}.com", "a".repeat(251)), MalformedHost, None);
    }
}
