//! Laws of which origins are allowed.

use http::HeaderValue;
use tower_cors::{CorsLayer, CorsPolicy, Risk};

use super::{
    Reached, expression,
    grammar::{self, Naive},
    lines,
};

/// The first line is the origin, the others are configured. Whatever builds must answer as the
/// reference does.
pub(crate) fn matcher_equals_reference(data: &[u8]) -> Reached {
    let mut lines = lines(data);
    let origin = lines.next().unwrap_or_default();
    let Ok(origin) = std::str::from_utf8(origin) else { return vec![] };
    let items: Vec<_> = lines
        .take(32)
        .filter_map(|line| std::str::from_utf8(line).ok())
        .filter(|item| CorsLayer::new().allow_origins([item]).build().is_ok())
        .map(str::trim)
        .collect();
    let policy = CorsLayer::new().allow_origins(&items).build().expect("each item builds alone");
    // Under `*` nothing is read of the origin, but it must be a header's value.
    let is_any = items.contains(&"*");
    let expected = if is_any {
        HeaderValue::from_str(origin).is_ok()
    } else {
        grammar::matches(&items, origin)
    };
    assert_eq!(policy.allows_origin(origin), expected, "{items:?} {origin:?}");

    let mut reached = vec![if expected { "allowed" } else { "refused" }];
    reached.extend((!grammar::is_well_formed(origin)).then_some("malformed"));
    reached.extend(is_any.then_some("any"));
    if expected && !is_any {
        reached.push(if items.contains(&origin) { "listed" } else { "by a pattern" });
    }
    for item in items.into_iter().filter(|item| *item != "*") {
        reached.extend(closed(&CorsLayer::new().allow_origins([item]), item, origin));
    }
    reached
}

/// The first line is an expression, the others are origins. What builds must match what the reference matches
/// (difference D8), and nothing malformed (D3).
pub(crate) fn expressions_equal_reference(data: &[u8]) -> Reached {
    let mut lines = lines(data).filter_map(|line| std::str::from_utf8(line).ok());
    let text = lines.next().unwrap_or_default();
    if text.trim().len() > 200 {
        return vec![];
    }
    let layer = CorsLayer::new().allow_origin_regex(text);
    let Ok(policy) = layer.build() else { return vec!["does not build"] };
    let mut reached = vec!["builds"];
    for origin in lines.take(8).filter(|origin| origin.len() < 100 && origin.is_ascii()) {
        let is_matched = expression::matches(text.trim(), origin);
        let is_matched = is_matched.unwrap_or_else(|| panic!("{text:?} cannot be read"));
        let is_well_formed = grammar::is_well_formed(origin);
        let expected = is_matched && is_well_formed;
        assert_eq!(policy.allows_origin(origin), expected, "{text:?} {origin:?}");
        reached.push(match (is_matched, is_well_formed) {
            (true, true) => "matched",
            (true, false) => "matched and malformed",
            (false, _) => "not matched",
        });
        reached.extend(closed(&layer, text, origin));
    }
    reached
}

/// One value that builds with credentials and without a tolerated risk matches no origin that anybody can obtain: so
/// neither `null`, nor more than a hundred domains that are beside one which it does match.
fn closed(layer: &CorsLayer, value: &str, origin: &str) -> Option<&'static str> {
    let Ok(policy) = layer.clone().allow_credentials(true).build() else {
        let tolerated = layer.clone().allow_credentials(true).tolerate(Risk::AnyOrigin);
        return tolerated.tolerate(Risk::NullOrigin).build().is_ok().then_some("open");
    };
    assert!(!policy.allows_origin("null"), "{value:?} allows null");
    if !policy.allows_origin(origin) {
        return None;
    }
    let strangers = strangers(origin);
    let matched: Vec<_> = strangers.iter().filter(|origin| policy.allows_origin(origin)).collect();
    assert!(matched.len() <= 100, "{value:?} is open: {:?}", &matched[..3]);
    assert!(is_closed_on_its_own(&policy), "{value:?}");
    (!strangers.is_empty()).then_some("closed")
}

/// None of those who are in no way like what was meant.
fn is_closed_on_its_own(policy: &CorsPolicy) -> bool {
    let names = ["q7zkvw", "some-name-that-nobody-lists", "0", "x-8"];
    let suffixes = ["com", "dev", "co.uk", "vercel.app", "github.io", "run.app"];
    let origins =
        names.iter().flat_map(|name| suffixes.iter().map(move |suffix| format!("{name}.{suffix}")));
    let count = origins.filter(|host| policy.allows_origin(&format!("https://{host}"))).count();
    count < names.len() * suffixes.len() / 2
}

/// Origins like one of the web whose registrable domains are others, if it is clear where the domain begins. Each can
/// be registered by whoever comes first.
fn strangers(origin: &str) -> Vec<String> {
    let Some(Naive { scheme, host, port }) = Naive::read(origin) else { return vec![] };
    let suffixes =
        ["com", "org", "net", "dev", "app", "co.uk", "vercel.app", "github.io", "pages.dev"];
    let ends = |suffix: &&&str| host.strip_suffix(**suffix).is_some_and(|rest| rest.ends_with('.'));
    let suffix = suffixes.iter().filter(ends).max_by_key(|suffix| suffix.len());
    let (Some(suffix), "http" | "https") = (suffix, &*scheme) else { return vec![] };
    // Below a domain of two labels such as `s3.amazonaws.com` the registrable domain is longer.
    let rest = host[..host.len() - suffix.len() - 1].to_owned();
    let (before, label) = rest
        .rsplit_once('.')
        .map_or((String::new(), &*rest), |(before, label)| (format!("{before}."), label));
    let shared = CorsLayer::new()
        .allow_credentials(true)
        .allow_origins([format!("https://*.{label}.{suffix}")]);
    let is_plain =
        |label: &str| !label.starts_with('-') && !label.ends_with('-') && !label.is_empty();
    if !is_plain(label) || label.contains(['_', '.']) || shared.build().is_err() {
        return vec![];
    }
    let port = port.map_or(String::new(), |port| format!(":{port}"));
    let mut labels = Vec::new();
    for number in 0..60 {
        labels.extend([
            format!("x{number}{label}"),
            format!("{label}{number}x"),
            format!("v{number}w-{label}"),
        ]);
        labels.push(format!("{}q{number}", &label[..label.len() / 2]));
    }
    for at in 0..label.len() {
        let swapped = (b'a'..=b'z')
            .map(|byte| format!("{}{}{}", &label[..at], char::from(byte), &label[at + 1..]));
        labels.extend(swapped);
    }
    labels.sort_unstable();
    labels.dedup();
    let of = |label: String| format!("{scheme}://{before}{label}.{suffix}{port}");
    labels.into_iter().filter(|it| it != label && is_plain(it) && it.len() < 64).map(of).collect()
}
