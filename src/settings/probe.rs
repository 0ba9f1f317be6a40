//! Origins that nobody owns: what matches one of them matches any.

/// Schemes that are asked for. The last is no real one: it finds what matches every scheme.
const SCHEMES: [&str; 3] = ["https", "http", "x-nobody-owns-this"];

/// Top-level domains and suffixes under which anybody can register.
const SUFFIXES: [&str; 16] = [
    "com", "org", "net", "io", "dev", "app", "ai", "co", "me", "info", "xyz", "de", "cn", "ru",
    "co.uk", "com.au",
];

/// Labels of several shapes, for an expression that matches only some characters.
const LABELS: [&str; 4] = ["nobodyownsthis", "nobody-owns-this-7f3a", "qzx", "www.nobodyownsthis"];

const PORTS: [&str; 2] = ["", ":8443"];

/// The first origin that nobody owns and `matches` accepts.
///
/// A policy for a suffix of the operator's own matches none of them; `https://.*\.com` matches one.
pub(crate) fn stranger_matched(matches: &dyn Fn(&str) -> bool) -> Option<String> {
    let origins = SCHEMES.into_iter().flat_map(|scheme| {
        SUFFIXES.into_iter().flat_map(move |suffix| {
            LABELS.into_iter().flat_map(move |label| {
                PORTS.into_iter().map(move |port| format!("{scheme}://{label}.{suffix}{port}"))
            })
        })
    });
    let addresses = ["https://203.0.113.77", "http://203.0.113.77:8080"].map(str::to_owned);
    origins.chain(addresses).find(|origin| matches(origin))
}
