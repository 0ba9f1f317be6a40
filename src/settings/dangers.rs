//! Where a policy that trusts its origins is dangerous: cookies go to what it matches.

use super::{
    Settings,
    address::{self, place},
    openness::{Reach, of_predicate},
    suffixes::{Place, Suffixes},
};
use crate::{
    diagnostic::{Diagnostic, Kind, Risk, Setting},
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

/// Asked when credentials are allowed or an origin is enforced.
pub(crate) fn judge(
    settings: &Settings,
    any: bool,
    items: &[&str],
    expressions: &[Expression<'_>],
    suffixes: &Suffixes,
    found: &mut Vec<Diagnostic>,
) {
    let config = &settings.config;
    if !config.allow_credentials && config.enforce_origin == EnforceOrigin::Nothing {
        return;
    }
    let danger = |risk, setting, example| {
        Diagnostic::danger(risk, setting, example, config.tolerate.contains(&risk))
    };
    // One danger for one value, and the greatest.
    let judged = |setting, reach: &Reach, found: &mut Vec<Diagnostic>, value: Option<&str>| {
        let is_insecure = config.allow_credentials && reach.insecure.is_some();
        let warning = |kind| Diagnostic::warning(setting, kind);
        let judged = if reach.obtainable.is_some() {
            danger(Risk::AnyOrigin, setting, reach.obtainable.clone())
        } else if reach.null {
            danger(Risk::NullOrigin, setting, None)
        } else if reach.file || reach.extension_scheme.is_some() {
            warning(Kind::LocalPages)
        } else if reach.unregistrable_open.is_some() {
            warning(Kind::OpenNetwork)
        } else if is_insecure {
            warning(Kind::InsecureOrigin)
        } else {
            return;
        };
        found.push(match value {
            Some(value) => judged.of(value),
            None => judged,
        });
    };
    for item in items {
        if *item == "*" {
            found.push(danger(Risk::AnyOrigin, Setting::AllowOrigins, None).of(*item));
        } else {
            judged(Setting::AllowOrigins, &of_item(item, suffixes), found, Some(item));
        }
    }
    // Under `*` nobody asks the rest.
    if any {
        return;
    }
    for Expression { text, reach } in expressions {
        judged(Setting::AllowOriginRegex, reach, found, Some(text));
    }
    for predicate in &settings.predicates {
        let reach = of_predicate(&*predicate.0, items, suffixes);
        judged(Setting::AllowOriginIf, &reach, found, None);
    }
}

/// What an item of the list reaches; a pattern by the domain behind its `*.`.
fn of_item(item: &str, suffixes: &Suffixes) -> Reach {
    let mut reach = Reach { null: item == "null", file: item == FILE, ..Reach::default() };
    let Some((scheme, rest)) = item.split_once("://") else {
        return reach;
    };
    let domain = rest.strip_prefix("*.");
    let rest = domain.unwrap_or(rest);
    let (host, port) = rest.split_at(host_end(rest));
    let port = if port == ":*" { "" } else { port };
    let example = |label: &str| Some(format!("{scheme}://{label}{host}{port}"));
    let is_web = matches!(scheme, "http" | "https");
    match domain.and_then(|_| suffixes.below_domain(host)) {
        _ if domain.is_some() && !is_web => reach.extension_scheme = example("x."),
        Some(Place::Public) => reach.obtainable = example("x."),
        Some(Place::Private) => reach.unregistrable_open = example("x."),
        _ => {}
    }
    if scheme == "http" && place(host) != address::Place::Loopback {
        reach.insecure = example(domain.map_or("", |_| "x."));
    }
    reach
}
