//! The dangers of a policy that trusts its origins: every matching origin can use the user's
//! cookies.

use super::{
    Settings,
    host::{place_below, place_of},
    openness::{Reach, of_predicate},
    place::Place,
};
use crate::{
    diagnostic::{Context, Danger, Detail, Diagnostic, Kind, Risk, Setting},
    policy::{
        enforce::EnforceOrigin,
        origin::syntax::{FILE, host_end},
    },
};

/// An expression, and what it reaches.
pub(crate) struct Expression<'a> {
    pub(crate) text: &'a str,
    pub(crate) reach: Reach,
}

/// Called if credentials are allowed or origins are enforced.
pub(crate) fn judge(
    settings: &Settings,
    any: bool,
    items: &[&str],
    expressions: &[Expression<'_>],
    found: &mut Vec<Diagnostic>,
) {
    let config = &settings.config;
    if !config.allow_credentials && config.enforce_origin == EnforceOrigin::Nothing {
        return;
    }
    let danger = |risk, setting, example| {
        Diagnostic::danger(&Danger { risk, setting, example, context: context(settings) })
    };
    let judged = |setting, reach: &Reach, value: Option<&str>| {
        let warning = |kind| Diagnostic::warning(setting, kind);
        let judged = match reach {
            Reach::Obtainable(example) => danger(Risk::AnyOrigin, setting, Some(example.clone())),
            Reach::Null => danger(Risk::NullOrigin, setting, None),
            Reach::LocalPages => warning(Kind::LocalPages),
            Reach::OpenNetwork(example) => {
                warning(Kind::OpenNetwork).with(Detail::Text(example.clone()))
            }
            Reach::Insecure if config.allow_credentials => warning(Kind::InsecureOrigin),
            Reach::Insecure | Reach::Closed => return None,
        };
        Some(match value {
            Some(value) => judged.of(value),
            None => judged,
        })
    };
    for item in items {
        if *item == "*" {
            found.push(danger(Risk::AnyOrigin, Setting::AllowOrigins, None).of(*item));
        } else {
            found.extend(judged(Setting::AllowOrigins, &of_item(item), Some(item)));
        }
    }
    // With `*` the other settings are not used.
    if any {
        return;
    }
    for Expression { text, reach } in expressions {
        found.extend(judged(Setting::AllowOriginRegex, reach, Some(text)));
    }
    for predicate in &settings.predicates {
        let reach = of_predicate(&*predicate.0, items);
        found.extend(judged(Setting::AllowOriginIf, &reach, None));
    }
}

/// The settings that decide which fixes of a danger are listed.
pub(crate) fn context(settings: &Settings) -> Context<'_> {
    let config = &settings.config;
    Context {
        words: settings.source.words(),
        credentials: config.allow_credentials,
        enforced: config.enforce_origin != EnforceOrigin::Nothing,
        allow_headers: &config.allow_headers,
        tolerated: &config.tolerate,
    }
}

/// The reach of a list item. For a pattern, the domain after `*.` decides.
fn of_item(item: &str) -> Reach {
    let (scheme, rest) = match (item, item.split_once("://")) {
        (FILE, _) => return Reach::LocalPages,
        ("null", _) => return Reach::Null,
        (_, Some(parts)) => parts,
        (_, None) => return Reach::Closed,
    };
    let domain = rest.strip_prefix("*.");
    let rest = domain.unwrap_or(rest);
    let (host, port) = rest.split_at(host_end(rest.as_bytes()));
    let port = if port == ":*" { "" } else { port };
    let is_web = matches!(scheme, "http" | "https");
    let example = || format!("{scheme}://x.{host}{port}");
    match domain.and_then(|_| place_below(host)) {
        // Pages have no such origin. Another warning reports this.
        _ if matches!(scheme, "ws" | "wss" | "ftp") => Reach::Closed,
        _ if domain.is_some() && !is_web => Reach::LocalPages,
        Some(Place::Public) => Reach::Obtainable(example()),
        Some(Place::Private) => Reach::OpenNetwork(example()),
        _ if scheme == "http" && place_of(host) != Place::Loopback => Reach::Insecure,
        _ => Reach::Closed,
    }
}
