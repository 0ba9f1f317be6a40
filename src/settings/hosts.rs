//! Turns `allow_hosts` into rules, with the parser of origins.

use super::{
    Settings,
    dangers::context,
    host::place_below,
    lists, names,
    origin_forms::{self, is_placeholder, items},
    origins,
    place::Place,
};
use crate::{
    diagnostic::{Danger, Detail, Diagnostic, Kind, Risk, Setting},
    policy::{
        enforce::EnforceOrigin,
        hosts::{HostPattern, Hosts},
        origin::syntax::{host_end, port_number},
    },
};

const SETTING: Setting = Setting::AllowHosts;

pub(crate) fn compile(settings: &Settings, found: &mut Vec<Diagnostic>) -> Option<Hosts> {
    let config = &settings.config;
    let items = lists::items(SETTING, &config.allow_hosts, found);
    if items.is_empty() {
        if config.enforce_origin == EnforceOrigin::AllRequests {
            found.push(Diagnostic::warning(Setting::EnforceOrigin, Kind::NoHosts));
        }
        return None;
    }
    let mut patterns = Vec::new();
    for item in items {
        match read(item) {
            Ok(pattern) => {
                let is_open = item == "*"
                    || pattern.subdomains && place_below(&pattern.host) == Some(Place::Public);
                if is_open {
                    let danger = Danger {
                        risk: Risk::AnyOrigin,
                        setting: SETTING,
                        example: None,
                        context: context(settings),
                    };
                    found.push(Diagnostic::danger(&danger).of(item));
                }
                patterns.push(HostPattern { is_open, ..pattern });
            }
            Err(error) => found.push(error),
        }
    }
    Some(Hosts(patterns.into()))
}

/// A host is an origin without its scheme, in any letter case.
fn read(item: &str) -> Result<HostPattern, Diagnostic> {
    // A scheme whose default port nobody lists.
    const SCHEME: &str = "ftp://";
    let pattern = |host: &str, subdomains, port| HostPattern {
        host: host.into(),
        subdomains,
        port,
        is_open: false,
    };
    if item == "*" {
        return Ok(pattern("", false, None));
    }
    if is_placeholder(item) {
        return Err(Diagnostic::error(SETTING, Kind::Placeholder).of(item));
    }
    if names::means_any(item) || names::means_nothing(item) {
        return Err(Diagnostic::error(SETTING, Kind::Word).of(item));
    }
    let bare = |text: &str| {
        let rest = text.split_once("://").map_or(text, |(_, rest)| rest);
        rest.strip_suffix(":*").unwrap_or(rest).to_owned()
    };
    let is_sound = |text: &String| read(text).is_ok();
    if item.contains("://") || item.ends_with(":*") {
        // With or without a path after the host.
        let host = bare(item).split('/').next().map(str::to_owned);
        let error = Diagnostic::error(SETTING, Kind::NotAHost).of(item);
        return Err(error.suggest(host.filter(is_sound)));
    }
    let lower = item.to_ascii_lowercase();
    let found = |kind| Diagnostic::error(SETTING, kind).of(item);
    let items = items(&lower);
    if let [_, _, ..] = items[..] {
        let sound = items.iter().all(|item| read(item).is_ok());
        let items = items.into_iter().filter(|_| sound).map(str::to_owned).collect();
        return Err(found(Kind::Several).with(Detail::Items(items)));
    }
    if origin_forms::bare(&lower) != lower {
        let host = Some(origin_forms::bare(&lower).to_owned());
        return Err(found(Kind::Quotes).suggest(host.filter(is_sound)));
    }
    // Its backslashes are no path.
    if origin_forms::is_regex(&lower) {
        return Err(found(Kind::MalformedHost));
    }
    if let Err(error) = origins::read_one(&format!("{SCHEME}{lower}")) {
        let suggestion = error.suggestion().map(bare).filter(is_sound);
        return Err(found(error.kind()).suggest(suggestion));
    }
    let (host, port) = lower.split_at(host_end(lower.as_bytes()));
    let port = port.strip_prefix(':').and_then(port_number);
    Ok(match host.strip_prefix("*.") {
        Some(domain) => pattern(domain, true, port),
        None => pattern(host, false, port),
    })
}
