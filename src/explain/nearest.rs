//! The allowed origin that is nearest to a refused one.

use crate::{
    cors_policy::CorsPolicy,
    diagnostic::explain_text as text,
    policy::{
        origin::syntax::{Origin, Tuple},
        rules::Origins,
    },
    settings::{host::place_of, nearest, place::Place},
};

/// The allowed origin that is nearest to a refused one, and what differs.
pub(super) fn nearest_origin(
    policy: &CorsPolicy,
    asked: Tuple<'_>,
) -> Option<(String, &'static str)> {
    let Origins::Set(set) = &policy.rules().origins else {
        return None;
    };
    if let Some(pattern) = set.patterns().find(|pattern| pattern.is_below(asked.scheme, asked.host))
    {
        return Some((pattern.to_string(), text::APEX));
    }
    if let Some(variant) = allowed_variant(policy, asked) {
        return Some(variant);
    }
    let tuple = |origin| match Origin::read(str::as_bytes(origin)) {
        Some(Origin::Tuple(tuple)) => Some(tuple),
        _ => None,
    };
    let is_same_host =
        |listed: Tuple<'_>| (listed.scheme, listed.host) == (asked.scheme, asked.host);
    if let Some(listed) =
        set.listed().filter(|listed| tuple(listed).is_some_and(is_same_host)).min()
    {
        return Some((listed.to_owned(), text::OTHER_PORT));
    }
    // The same scheme and port, and a host with a typo.
    let is_like = |listed: Tuple<'_>| (listed.scheme, listed.port) == (asked.scheme, asked.port);
    let hosts =
        set.listed().filter_map(tuple).filter(|listed| is_like(*listed)).map(|listed| listed.host);
    let host = nearest::word(asked.host, &hosts.collect::<Vec<_>>())?;
    let near = Tuple { host, ..asked };
    Some((near.to_string(), text::TYPO))
}

/// An allowed origin that differs in one part from a refused one. It makes a fixed number of
/// look-ups.
pub(crate) fn allowed_variant(
    policy: &CorsPolicy,
    asked: Tuple<'_>,
) -> Option<(String, &'static str)> {
    let Tuple { scheme, host, port } = asked;
    let other = match scheme {
        "http" => "https",
        "https" => "http",
        _ => scheme,
    };
    let www = host.strip_prefix("www.").map_or_else(|| format!("www.{host}"), str::to_owned);
    let variant = |scheme, host, port| Tuple { scheme, host, port };
    let variants = [
        (variant(other, host, port), text::OTHER_SCHEME),
        (variant(scheme, host, None), text::HAS_PORT),
        (variant(other, host, None), text::OTHER_SCHEME_AND_PORT),
        (variant(scheme, &www, port), text::WWW),
    ];
    // Each name of this machine is another origin.
    let loopback = ["localhost", "127.0.0.1", "[::1]"]
        .into_iter()
        .filter(|_| place_of(host) == Place::Loopback)
        .map(|name| (variant(scheme, name, port), text::LOOPBACK));
    variants
        .into_iter()
        .chain(loopback)
        .filter(|(variant, _)| *variant != asked)
        .map(|(variant, how)| (variant.to_string(), how))
        .find(|(variant, _)| policy.allows_origin(variant))
}
