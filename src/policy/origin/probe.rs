//! Origins that nobody owns: whoever takes one of them takes any origin.

/// Schemes that are asked for. The last is no real one: it finds what takes every scheme.
const SCHEMES: [&str; 3] = ["https", "http", "x-nobody-owns-this"];

/// Top-level domains and suffixes under which anybody can register.
const SUFFIXES: [&str; 16] = [
    "com", "org", "net", "io", "dev", "app", "ai", "co", "me", "info", "xyz", "de", "cn", "ru",
    "co.uk", "com.au",
];

/// Labels of several shapes, for an expression that takes only some characters.
const LABELS: [&str; 4] = ["nobodyownsthis", "nobody-owns-this-7f3a", "qzx", "www.nobodyownsthis"];

const PORTS: [&str; 2] = ["", ":8443"];

/// The first origin that nobody owns and `takes` takes all the same.
///
/// A policy for a suffix of the operator's own takes none of them; `https://.*\.com` takes one.
pub(crate) fn stranger_taken(takes: impl Fn(&str) -> bool) -> Option<String> {
    let origins = SCHEMES.into_iter().flat_map(|scheme| {
        SUFFIXES.into_iter().flat_map(move |suffix| {
            LABELS.into_iter().flat_map(move |label| {
                PORTS.into_iter().map(move |port| format!("{scheme}://{label}.{suffix}{port}"))
            })
        })
    });
    let addresses = ["https://203.0.113.77", "http://203.0.113.77:8080"].map(str::to_owned);
    origins.chain(addresses).find(|origin| takes(origin))
}
