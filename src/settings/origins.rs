//! One item of `allow_origins`: read, or diagnosed with its corrected spelling.

use super::{
    address, host, nearest,
    origin_forms::{
        Meaning, bare, has_no_origin, is_list, items, likely_scheme, meaning, other_form,
    },
    place::Place,
};
use crate::{
    diagnostic::{Detail, Diagnostic, Kind, Setting},
    policy::origin::{
        pattern::OriginPattern,
        syntax::{Class, FILE, default_port, host_end, is_scheme, port_number},
    },
};

/// What an item of `allow_origins` stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Entry {
    Any,
    Listed(String),
    Pattern(OriginPattern),
}

/// Reads an item that is exactly what browsers could send, or a pattern.
pub(crate) fn read(item: &str) -> Result<Entry, Diagnostic> {
    let found = |kind| Diagnostic::error(Setting::AllowOrigins, kind).of(item);
    match other_form(item) {
        None => read_one(item).map_err(|error| {
            let suggestion = error.suggestion().and_then(of_page);
            error.suggest(suggestion)
        }),
        Some(Kind::Several) => {
            // If an item cannot be corrected, the list is not written out.
            let items = Some(items(item)).filter(|items| is_list(item, items));
            let items = items.and_then(|items| items.into_iter().map(corrected).collect());
            Err(found(Kind::Several).with(Detail::Items(items.unwrap_or_default())))
        }
        Some(kind @ (Kind::Quotes | Kind::Word)) => Err(found(kind).suggest(corrected(bare(item)))),
        Some(kind) => Err(found(kind)),
    }
}

/// One origin or pattern, without anything around it.
pub(super) fn read_one(item: &str) -> Result<Entry, Diagnostic> {
    match item {
        "*" => return Ok(Entry::Any),
        "null" | FILE => return Ok(Entry::Listed(item.to_owned())),
        _ => {}
    }
    let found = |kind| Diagnostic::error(Setting::AllowOrigins, kind).of(item);
    let parts = Parts::read(item);
    match (&parts.problems[..], parts.is_complete) {
        ([], _) => Ok(parts.into_entry(item)),
        ([first, ..], true) => {
            let text = Some(parts.text()).filter(|text| !parts.is_word(item) && is_sound(text));
            Err(found(*first).suggest(text))
        }
        // The problem that stopped the reading is the last.
        ([.., last], false) => Err(found(*last)),
    }
}

/// The text to write instead of an item, which may be valid itself.
pub(super) fn corrected(item: &str) -> Option<String> {
    match meaning(item) {
        Some(Meaning::Any) => return Some("*".to_owned()),
        Some(Meaning::Nothing) => return None,
        None => {}
    }
    match read_one(item) {
        Ok(_) => of_page(item),
        Err(error) => error.suggestion().and_then(of_page),
    }
}

/// A valid item as the origin of a page. Only such an origin is suggested.
fn of_page(item: &str) -> Option<String> {
    match foreign_scheme(item) {
        Some(foreign) => foreign.suggestion().map(str::to_owned),
        None => Some(item.to_owned()),
    }
}

fn is_sound(item: &str) -> bool {
    Parts::read(item).problems.is_empty()
}

/// The corrected parts of an item, and its problems.
struct Parts {
    /// In the order in which they were found.
    problems: Vec<Kind>,
    /// Whether every part was read and corrected.
    is_complete: bool,
    scheme: String,
    /// Without `*.`.
    host: String,
    subdomains: bool,
    port: Port,
}

enum Port {
    Default,
    Any,
    Number(u16),
}

impl Parts {
    fn read(item: &str) -> Self {
        let mut this = Self {
            problems: Vec::new(),
            is_complete: false,
            scheme: String::new(),
            host: String::new(),
            subdomains: false,
            port: Port::Default,
        };
        this.is_complete = this.whole(item).is_some();
        this
    }

    fn text(&self) -> String {
        let star = if self.subdomains { "*." } else { "" };
        format!(
            "{}://{star}{}{}",
            self.scheme,
            self.host,
            self.port_text().as_deref().unwrap_or(":*")
        )
    }

    /// Whether an item is one word, which may be a host or something else.
    fn is_word(&self, item: &str) -> bool {
        !item.contains(['.', ':', '/', '[']) && matches!(self.port, Port::Default)
    }

    /// With its colon; `None` for any.
    fn port_text(&self) -> Option<String> {
        match self.port {
            Port::Default => Some(String::new()),
            Port::Number(number) => Some(format!(":{number}")),
            Port::Any => None,
        }
    }

    fn into_entry(self, item: &str) -> Entry {
        if self.subdomains || matches!(self.port, Port::Any) {
            let port = self.port_text();
            Entry::Pattern(OriginPattern::new(
                &self.scheme,
                &self.host,
                self.subdomains,
                port.as_deref(),
            ))
        } else {
            Entry::Listed(item.to_owned())
        }
    }

    fn found(&mut self, problem: Kind) {
        self.problems.push(problem);
    }

    /// Stops at a problem that cannot be corrected.
    fn stop<T>(&mut self, problem: Kind) -> Option<T> {
        self.found(problem);
        None
    }

    fn whole(&mut self, item: &str) -> Option<()> {
        let (has_scheme, rest) = self.scheme(item)?;
        let rest = match rest.find(['/', '\\', '?', '#']) {
            Some(path) => {
                let (authority, path) = rest.split_at(path);
                let is_mask = path[1..].parse::<u8>().is_ok_and(|bits| bits <= 128);
                if is_mask && (address::ends_in_number(authority) || authority.contains("::")) {
                    return self.stop(Kind::AddressRange);
                }
                self.found(Kind::Path);
                authority
            }
            None => rest,
        };
        let rest = match rest.rfind('@') {
            Some(at) => {
                self.found(Kind::Userinfo);
                &rest[at + 1..]
            }
            None => rest,
        };
        if !rest.contains('[') && rest.matches(':').count() > 1 {
            let is_address = |byte: u8| byte.is_ascii_hexdigit() || b":.".contains(&byte);
            let address = rest.split('%').next().unwrap_or_default();
            return self.stop(match address.bytes().all(is_address) {
                true => Kind::UnbracketedAddress,
                false => Kind::MalformedPort,
            });
        }
        let (host, port) = rest.split_at(host_end(rest.as_bytes()));
        self.host(host)?;
        if !has_scheme {
            likely_scheme(&self.host, port).clone_into(&mut self.scheme);
        }
        self.port(port)?;
        // `localhost` means development servers, and they all have ports.
        if !has_scheme && port.len() < 2 && host::place_of(&self.host) == Place::Loopback {
            self.port = Port::Any;
        }
        Some(())
    }

    /// Returns whether there was a scheme, and the rest. The default is `https` until the host
    /// decides.
    fn scheme<'a>(&mut self, item: &'a str) -> Option<(bool, &'a str)> {
        if has_no_origin(item) {
            return self.stop(Kind::SchemeWithoutOrigin);
        }
        if item.eq_ignore_ascii_case("null") {
            // This is not a host called `null`, but the corrected text would be one.
            return self.stop(Kind::UpperCase);
        }
        let Some((scheme, rest)) = item.split_once("://") else {
            self.found(Kind::NoScheme);
            // `https:/example.com`, `https:example.com`, `https//example.com`: misspelled schemes.
            let lower = item.to_ascii_lowercase();
            let badly = ["https", "http"].into_iter().find(|scheme| {
                lower.strip_prefix(scheme).is_some_and(|rest| rest.starts_with([':', ';', '/']))
            });
            let rest = match badly {
                Some(scheme) => item[scheme.len()..].trim_start_matches([':', ';', '/', '\\']),
                // `//example.com`. The colons of `::1` stay.
                None => item.trim_start_matches('/'),
            };
            badly.unwrap_or("https").clone_into(&mut self.scheme);
            // `capacitor//localhost` begins with a scheme too.
            if rest.split_once('/').is_some_and(|(_, path)| path.starts_with('/')) {
                return None;
            }
            return Some((badly.is_some(), rest));
        };
        if scheme == "*" {
            self.found(Kind::MisplacedWildcard);
            "https".clone_into(&mut self.scheme);
            return Some((false, rest));
        }
        self.scheme = scheme.to_ascii_lowercase();
        if self.scheme != scheme {
            self.found(Kind::UpperCase);
        }
        if !is_scheme(&self.scheme) {
            return self.stop(Kind::MalformedScheme);
        }
        // `http://https://example.com`: the last scheme was pasted.
        let mut rest = rest;
        while let Some((pasted, after)) = rest.split_once("://") {
            let page = ["http", "https"].into_iter().find(|page| page.eq_ignore_ascii_case(pasted));
            let Some(page) = page else { break };
            self.found(Kind::MalformedScheme);
            page.clone_into(&mut self.scheme);
            rest = after;
        }
        Some((true, rest))
    }

    fn host(&mut self, host: &str) -> Option<()> {
        let mut domain = host;
        while let Some(rest) = domain.strip_prefix("*.") {
            if self.subdomains {
                self.found(Kind::MisplacedWildcard);
            }
            self.subdomains = true;
            domain = rest;
        }
        // `*example.com` was meant as `*.example.com`.
        let is_glued = |rest: &&str| rest.starts_with(|first: char| first.is_ascii_alphanumeric());
        if let Some(rest) = domain.strip_prefix('*').filter(is_glued) {
            self.found(Kind::MisplacedWildcard);
            self.subdomains = true;
            domain = rest;
        }
        if domain.contains('*') || self.subdomains && domain.starts_with('[') {
            return self.stop(Kind::MisplacedWildcard);
        }
        let class = Class::of_scheme(&self.scheme);
        match class {
            Class::Special => self.special_host(domain)?,
            Class::Opaque => domain.clone_into(&mut self.host),
        }
        if self.subdomains {
            let is_domain = !address::ends_in_number(&self.host)
                && class.is_labels(self.host.strip_suffix('.').unwrap_or(&self.host).as_bytes());
            if !is_domain {
                return self.stop(Kind::MisplacedWildcard);
            }
        }
        // There must be room for a label and its dot before a pattern's domain.
        let room = if self.subdomains { 2 } else { 0 };
        if class.is_host(&self.host) && self.host.len() + room <= class.longest_host() {
            Some(())
        } else {
            self.stop(Kind::MalformedHost)
        }
    }

    /// Domains and addresses, in the form that browsers send.
    fn special_host(&mut self, host: &str) -> Option<()> {
        let lower = host.to_ascii_lowercase();
        if lower != host {
            self.found(Kind::UpperCase);
        }
        if !lower.is_ascii() {
            return self.stop(Kind::InternationalHost);
        }
        if lower.starts_with('[') {
            return self.ipv6(&lower);
        }
        // Some other configurations write a wildcard as `.example.com`.
        let lower = match lower.strip_prefix('.') {
            Some(domain)
                if !self.subdomains && domain.contains('.') && !domain.starts_with('.') =>
            {
                self.found(Kind::EmptyLabel);
                self.subdomains = true;
                domain.to_owned()
            }
            _ => lower,
        };
        if lower.starts_with('.') || lower.contains("..") {
            return self.stop(Kind::EmptyLabel);
        }
        // Browsers rewrite hosts that look like an IPv4 address, and refuse invalid ones.
        if !self.subdomains
            && address::ends_in_number(&lower)
            && lower.parse::<std::net::Ipv4Addr>().is_err()
        {
            return self.stop(Kind::NonCanonicalAddress);
        }
        self.host = lower;
        Some(())
    }

    fn ipv6(&mut self, host: &str) -> Option<()> {
        let Some(canonical) = address::canonical_ipv6(host) else {
            return self.stop(Kind::NonCanonicalAddress);
        };
        if canonical != host {
            self.found(Kind::NonCanonicalAddress);
        }
        self.host = canonical;
        Some(())
    }

    fn port(&mut self, port: &str) -> Option<()> {
        let Some(digits) = port.strip_prefix(':') else {
            // Text between an address's bracket and the port.
            return if port.is_empty() { Some(()) } else { self.stop(Kind::MalformedHost) };
        };
        if digits == "*" {
            self.port = Port::Any;
            return Some(());
        }
        let plain = digits.trim_start_matches('0');
        if plain != digits || digits.is_empty() {
            self.found(Kind::MalformedPort);
        }
        if digits.is_empty() {
            return Some(());
        }
        let Some(number) = port_number(plain) else {
            return self.stop(Kind::MalformedPort);
        };
        if default_port(&self.scheme) == Some(number) {
            self.found(Kind::DefaultPort);
        } else {
            self.port = Port::Number(number);
        }
        Some(())
    }
}

/// An item that builds but never matches a page: no page has the scheme, or it is a typo.
pub(crate) fn foreign_scheme(item: &str) -> Option<Diagnostic> {
    let (scheme, rest) = item.split_once("://")?;
    let (kind, page) = match scheme {
        "ws" | "ftp" => (Kind::NoPageScheme, "http"),
        "wss" => (Kind::NoPageScheme, "https"),
        "http" | "https" => return None,
        // Applications have their own schemes, so only near misses before a domain or port count.
        _ if rest.contains(['.', ':']) => {
            (Kind::ProbableTypo, nearest::word(scheme, &["https", "http"])?)
        }
        _ => return None,
    };
    // Nobody serves a page on a port of ftp.
    let has_its_port = scheme == "ftp" && rest.contains(':');
    let suggestion =
        Some(format!("{page}://{rest}")).filter(|text| !has_its_port && is_sound(text));
    Some(Diagnostic::warning(Setting::AllowOrigins, kind).of(item).suggest(suggestion))
}
