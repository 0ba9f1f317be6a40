//! The mix of requests: pages of several origins, other clients, preflights.

use std::fmt;

use axum::http::{Method, request::Builder};

pub const APP: &str = "https://app.example.com";
pub const ADMIN: &str = "https://admin.example.com";
pub const PARTNER: &str = "https://partner.example";
pub const TENANT: &str = "x-tenant";
/// Every request is for this host, whatever the port that it is sent to.
pub const HOST: &str = "api.example.com";

const ORIGINS: [Option<&str>; 7] = [
    None,
    Some(APP),
    Some(ADMIN),
    Some(PARTNER),
    Some("https://evil.example"),
    Some("null"),
    Some("https://api.example.com"),
];
const LANGUAGES: [Option<&str>; 3] = [None, Some("de"), Some("fr")];
const ENCODINGS: [Option<&str>; 3] = [None, Some("gzip"), Some("br")];
const TENANTS: [Option<&str>; 3] = [None, Some("public"), Some("closed")];
/// Sec-Fetch-Site, -Mode and -Dest.
const FETCHES: [Option<[&str; 3]>; 4] = [
    None,
    Some(["cross-site", "cors", "empty"]),
    Some(["same-origin", "cors", "empty"]),
    Some(["none", "navigate", "document"]),
];

/// One request, which is sent to the server and to each cache.
pub struct Request {
    pub method: Method,
    pub path: &'static str,
    headers: Vec<(&'static str, &'static str)>,
}

impl Request {
    pub fn get(path: &'static str, headers: &[(&'static str, &'static str)]) -> Self {
        Self { method: Method::GET, path, headers: [&[("host", HOST)], headers].concat() }
    }

    pub fn fill(&self, mut builder: Builder) -> Builder {
        for (name, value) in &self.headers {
            builder = builder.header(*name, *value);
        }
        builder
    }
}

impl fmt::Display for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {:?}", self.method, self.path, self.headers)
    }
}

/// Random requests: SplitMix64 of a seed.
pub struct Mix(u64);

impl Mix {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub fn next_request(&mut self, paths: &[&'static str]) -> Request {
        let mut headers = vec![("host", HOST)];
        let mut add = |name, value: Option<&'static str>| {
            headers.extend(value.map(|value| (name, value)));
        };
        add("origin", self.pick(&ORIGINS));
        add("accept-language", self.pick(&LANGUAGES));
        add("accept-encoding", self.pick(&ENCODINGS));
        add(TENANT, self.pick(&TENANTS));
        let method = match self.below(20) {
            0 => Method::POST,
            1 => Method::HEAD,
            2 => {
                add("access-control-request-method", Some("POST"));
                Method::OPTIONS
            }
            _ => Method::GET,
        };
        let fetch = self.pick(&FETCHES);
        // No browser navigates with HEAD. The layer does not count it as a navigation, but caches
        // answer it by what they stored for GET.
        let is_possible = |[_, mode, _]: &[&str; 3]| method != Method::HEAD || *mode != "navigate";
        if let Some([site, mode, destination]) = fetch.filter(is_possible) {
            add("sec-fetch-site", Some(site));
            add("sec-fetch-mode", Some(mode));
            add("sec-fetch-dest", Some(destination));
        }
        // Varnish passes requests with cookies on to the server, nginx does not.
        if self.below(8) == 0 {
            add("cookie", Some("session=1"));
        }
        Request { method, path: self.pick(paths), headers }
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }

    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % limit as u64) as usize
    }
}
