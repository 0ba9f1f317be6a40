//! What the crate makes of an expression, by its public API alone.

use std::net::{Ipv4Addr, Ipv6Addr};

use tower_cors::{ConfigError, CorsLayer, CorsPolicy, Kind};

pub enum Reading {
    /// It builds.
    Accepted(CorsPolicy),
    /// It is in the common language, and matches nothing that a browser sends.
    Nothing,
    /// Its automaton is too large, so nothing is said of the language.
    Large,
    Refused,
}

impl Reading {
    pub fn of(regex: &str) -> Self {
        let error = match policy(regex) {
            Ok(policy) => return Self::Accepted(policy),
            Err(error) => error,
        };
        match error.diagnostics()[0].kind() {
            Kind::MatchesNothing => Self::Nothing,
            Kind::LargeRegex => Self::Large,
            _ => Self::Refused,
        }
    }

    /// Whether it matches; `None` if nothing is said of this origin.
    pub fn matches(&self, origin: &str) -> Option<bool> {
        match self {
            Self::Accepted(policy) if is_well_formed(origin) => Some(policy.allows_origin(origin)),
            Self::Nothing if is_well_formed(origin) && is_sent(origin) => Some(false),
            _ => None,
        }
    }
}

fn policy(regex: &str) -> Result<CorsPolicy, ConfigError> {
    CorsLayer::new().allow_origin_regex(regex).build()
}

/// What the crate reads as an origin. It never matches the rest, whatever an expression says.
pub fn is_well_formed(origin: &str) -> bool {
    thread_local! {
        static ANY: CorsPolicy = policy(".*").expect("\".*\" is in the common language");
    }
    ANY.with(|any| any.allows_origin(origin))
}

/// Of what is well-formed, what a browser sends: no empty label, no default port, no number for a name, addresses
/// in the one form that the URL Standard gives them.
fn is_sent(origin: &str) -> bool {
    let Some((scheme @ ("http" | "https" | "ws" | "wss" | "ftp"), rest)) = origin.split_once("://")
    else {
        return true;
    };
    let default = match scheme {
        "http" | "ws" => ":80",
        "https" | "wss" => ":443",
        _ => ":21",
    };
    if rest.ends_with(default) {
        return false;
    }
    if let Some((address, _)) = rest.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        return address.parse().is_ok_and(|parsed: Ipv6Addr| parsed.to_string() == address);
    }
    let host = rest.split(':').next().unwrap_or_default();
    let domain = host.strip_suffix('.').unwrap_or(host);
    let last = domain.rsplit('.').next().unwrap_or_default();
    let hexadecimal = last.strip_prefix("0x").unwrap_or("-");
    let is_number = last.bytes().all(|byte| byte.is_ascii_digit())
        || hexadecimal.bytes().all(|byte| byte.is_ascii_hexdigit());
    match is_number {
        true => host.parse::<Ipv4Addr>().is_ok(),
        false => domain.split('.').all(|label| !label.is_empty()),
    }
}
