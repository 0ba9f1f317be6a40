//! What an actual response carries, written a second time from DESIGN.md, section "Wire behaviour", without a
//! thought of speed: so that no bug vouches for itself.

use std::collections::BTreeMap;

use http::{HeaderMap, Method, StatusCode, request::Parts};
use tower_cors::{CorsConfig, EnforceOrigin, InnerHeaders};

/// The lines of each name.
pub(crate) type Lines = BTreeMap<String, Vec<Vec<u8>>>;

pub(crate) fn lines(headers: &HeaderMap) -> Lines {
    let all =
        |name: &http::HeaderName| headers.get_all(name).iter().map(|it| it.as_bytes().to_vec());
    headers.keys().map(|name| (name.to_string(), all(name).collect())).collect()
}

/// The response of the inner service as it leaves the layer. `is_allowed` is what the policy says of the one
/// Origin line; `read` are the names that the choice of the policy reads, where it is chosen.
pub(crate) fn expected(
    policy: Option<&CorsConfig>,
    is_allowed: bool,
    head: &Parts,
    status: StatusCode,
    inner: &HeaderMap,
    read: Option<&[&str]>,
) -> Lines {
    let mut all = lines(inner);
    if head.method == Method::CONNECT || status == 101 {
        return all;
    }
    let asked: Vec<_> = head.headers.get_all("origin").iter().map(|it| it.as_bytes()).collect();
    let is_any = policy.is_some_and(|it| it.allow_origins.iter().any(|item| item.trim() == "*"));
    let constant = policy.is_some_and(|it| it.constant_wildcard && is_any);
    let credentials = policy.is_some_and(|it| it.allow_credentials);
    let origin: Option<&[u8]> = match (policy, &asked[..]) {
        (None, _) => None,
        _ if constant => Some(b"*"),
        (_, []) => None,
        _ if is_any && !credentials => Some(b"*"),
        (_, [origin]) if is_allowed => Some(origin),
        _ => None,
    };
    let inner_headers = policy.map_or(InnerHeaders::Replace, |it| it.inner_headers);
    let is_kept =
        inner_headers == InnerHeaders::Keep && all.contains_key("access-control-allow-origin");
    if inner_headers == InnerHeaders::Remove {
        for name in [
            "allow-origin",
            "allow-credentials",
            "expose-headers",
            "allow-methods",
            "allow-headers",
            "max-age",
            "allow-private-network",
        ] {
            all.remove(&format!("access-control-{name}"));
        }
    }
    if let (Some(policy), Some(origin), false) = (policy, origin, is_kept) {
        let one = |value: &[u8]| vec![value.to_vec()];
        // What the handler has is listed as it came, before anything is written.
        let exposed = exposed(policy, status, &all);
        // D9.
        let is_its_own = all.get("access-control-allow-origin") == Some(&one(origin));
        if credentials {
            all.insert("access-control-allow-credentials".to_owned(), one(b"true"));
        } else if !is_its_own {
            all.remove("access-control-allow-credentials");
        }
        all.insert("access-control-allow-origin".to_owned(), one(origin));
        match exposed {
            Exposed::Nothing => {}
            Exposed::Removed => drop(all.remove("access-control-expose-headers")),
            Exposed::Names(names) => {
                all.insert("access-control-expose-headers".to_owned(), one(names.as_bytes()));
            }
        }
        if policy.timing_allow_origin {
            all.insert("timing-allow-origin".to_owned(), one(origin));
        }
    }
    vary(&mut all, policy, head, constant, read);
    all
}

enum Exposed {
    Nothing,
    Removed,
    Names(String),
}

fn exposed(policy: &CorsConfig, status: StatusCode, all: &Lines) -> Exposed {
    let listed =
        policy.expose_headers.iter().map(|name| name.trim()).filter(|name| !name.is_empty());
    let names: Vec<&str> = listed.collect();
    if names.is_empty() {
        return Exposed::Nothing;
    }
    // D12.
    if !(policy.allow_credentials && names.contains(&"*")) {
        return Exposed::Names(names.join(", "));
    }
    if status == 304 {
        return Exposed::Removed;
    }
    let safelisted = [
        "cache-control",
        "content-language",
        "content-length",
        "content-type",
        "expires",
        "last-modified",
        "pragma",
    ];
    let unreadable = ["set-cookie", "set-cookie2"];
    let is_of_use = |name: &&str| {
        !safelisted.contains(name)
            && !unreadable.contains(name)
            && !name.starts_with("access-control-")
    };
    let mut written: Vec<&str> = all.keys().map(String::as_str).filter(is_of_use).collect();
    let is_new = |name: &&str| *name != "*" && !all.contains_key(&name.to_ascii_lowercase());
    for name in names.into_iter().filter(is_new) {
        if !written.iter().any(|other| other.eq_ignore_ascii_case(name)) {
            written.push(name);
        }
    }
    if written.is_empty() { Exposed::Removed } else { Exposed::Names(written.join(", ")) }
}

fn vary(
    all: &mut Lines,
    policy: Option<&CorsConfig>,
    head: &Parts,
    constant: bool,
    read: Option<&[&str]>,
) {
    let is_read = head.method == Method::GET || head.method == Method::HEAD;
    let mut due: Vec<&str> = match policy {
        _ if constant && read.is_none() => Vec::new(),
        Some(it)
            if it.enforce_origin == EnforceOrigin::AllRequests && is_read && !it.report_only =>
        {
            vec!["origin", "sec-fetch-site", "sec-fetch-mode", "sec-fetch-dest"]
        }
        _ => vec!["origin"],
    };
    due.extend(read.unwrap_or_default());
    let there = all.get("vary").cloned().unwrap_or_default();
    let elements = |lines: &[Vec<u8>]| {
        let joined = lines.join(&b',');
        let elements = joined.split(|byte| *byte == b',').map(|it| it.to_ascii_lowercase());
        let trimmed =
            elements.map(|it| String::from_utf8_lossy(&it).trim_matches([' ', '\t']).to_owned());
        trimmed.filter(|it| !it.is_empty()).collect::<Vec<_>>()
    };
    let mut names = elements(&there);
    if !names.contains(&"*".to_owned()) {
        for name in due {
            if !names.contains(&name.to_owned()) {
                names.push(name.to_owned());
            }
        }
    }
    if !names.is_empty() || !there.is_empty() {
        all.insert("vary".to_owned(), vec![names.join(",").into_bytes()]);
    }
}

/// With the elements of Vary in lower case, without blanks and empty elements; nothing else is lost. Names that
/// are written out for `*` are sorted, since a map has no order.
pub(crate) fn comparable(headers: &HeaderMap, sorts: bool) -> Lines {
    sorted(lines(headers), sorts)
}

pub(crate) fn sorted(mut lines: Lines, sorts: bool) -> Lines {
    if let Some(vary) = lines.get_mut("vary") {
        for line in vary {
            let names = line.split(|byte| *byte == b',').map(|it| it.to_ascii_lowercase());
            let names =
                names.map(|it| String::from_utf8_lossy(&it).trim_matches([' ', '\t']).to_owned());
            let names: Vec<_> = names.filter(|it| !it.is_empty()).collect();
            *line = names.join(",").into_bytes();
        }
    }
    if let Some(exposed) = lines.get_mut("access-control-expose-headers").filter(|_| sorts) {
        for line in exposed {
            let text = String::from_utf8_lossy(line).into_owned();
            let mut names: Vec<_> = text.split(", ").collect();
            names.sort_unstable();
            *line = names.join(", ").into_bytes();
        }
    }
    lines
}
