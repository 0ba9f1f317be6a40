//! The sentences of `explain` and of events.

use std::fmt;

use super::{setting::Setting, words::Words};

pub(crate) const LISTED: &str = "it is listed";
pub(crate) const NOT_LISTED: &str = "it is not listed";
pub(crate) const NO_ORIGIN_LISTED: &str = "no origin is listed";
pub(crate) const ANY_ORIGIN: &str = "any origin is allowed";
pub(crate) const ANY_METHOD: &str = "any method is allowed";
pub(crate) const ANY_HEADER: &str = "any header is allowed";
pub(crate) const COMPUTED: &str = "a regular expression or predicate matches it";
pub(crate) const SEVERAL_ORIGINS: &str =
    "the request has several Origin lines, which no browser sends";
pub(crate) const OF_ANOTHER_SITE: &str =
    "the request has no Origin, and its Sec-Fetch-Site is neither same-origin nor none";
pub(crate) const MALFORMED_ORIGIN: &str = "no browser sends an origin like this";
pub(crate) const NULL: &str =
    "pages of sandboxed frames are null, and any website can make itself null";
pub(crate) const NO_METHOD: &str = "it is not the name of a method";
pub(crate) const ON: &str = "it is switched on";
pub(crate) const OFF: &str = "it is switched off";
pub(crate) const CREDENTIALS_AND_ANY: &str = "any origin is allowed, and browsers accept no cookies with that; list the origins, then switch credentials on";
pub(crate) const APEX: &str = "it matches the subdomains, not the domain itself";
pub(crate) const AS_SENT: &str = "that is how a browser would send it";
pub(crate) const OTHER_PORT: &str = "only the port differs";
pub(crate) const OTHER_SCHEME: &str = "only the scheme differs";
pub(crate) const HAS_PORT: &str = "it has no port";
pub(crate) const OTHER_SCHEME_AND_PORT: &str = "the scheme differs, and it has no port";
pub(crate) const WWW: &str = "only \"www.\" differs";
pub(crate) const LOOPBACK: &str = "the same machine, but another origin to a browser";
pub(crate) const TYPO: &str = "a typo?";
pub(crate) const TUNNEL: &str = "CONNECT: the layer does not change the response of a tunnel";
pub(crate) const NO_PREFLIGHT: &str =
    "this OPTIONS is not a preflight: a preflight has Origin and Access-Control-Request-Method";
pub(crate) const NO_ORIGIN: &str =
    "the server handles the request; a request without Origin needs no CORS";
pub(crate) const SAME_ORIGIN: &str =
    "the server handles the request; it comes from a page of the same host, which needs no CORS";
pub(crate) const READABLE: &str =
    "the server handles the request, and the page may read the response";
pub(crate) const WITHHELD: &str = "the server still handles the request (CORS is not access control), but the browser hides the response: the console says that Access-Control-Allow-Origin is missing";
pub(crate) const WITHHELD_CREDENTIALS: &str = "the server still handles the request, but the browser hides the response: the console says that Access-Control-Allow-Credentials is not \"true\", or that \"*\" cannot be used with credentials";
pub(crate) const FORBIDDEN: &str = "enforce_origin answers 403 \"Disallowed CORS origin\", and the server does not handle the request";
pub(crate) const REPORTED: &str =
    "enforce_origin would refuse it; report_only lets it pass and reports it";
pub(crate) const HOST_REPORTED: &str =
    "allow_hosts would refuse it; report_only lets it pass and reports it";
pub(crate) const OWN_HOST: &str = "it is of the request's own host, but over http any DNS name can point to this server; allow_hosts lists the hosts of this server";
pub(crate) const HOST_REFUSED: &str =
    "allow_hosts answers 400 \"Invalid host header\", and the server does not handle the request";
pub(crate) const LOCAL_NETWORK: &str = "this host is on a private network or this machine, and Chromium asks the user before a page from outside reaches it (Local Network Access); if the user declines, the console says \"blocked by CORS policy\", and no request is sent";
pub(crate) const NO_CREDENTIALS: &str = "this is without cookies: credentials are off";
pub(crate) const CUT: &str =
    "the request asks for more header names; this shows 8 of the first 8 KiB, refused names first";

/// The headline of a refused host; `None` if it is malformed, or if the request has not one.
pub(crate) fn host(asked: Option<&str>) -> String {
    match asked {
        Some(asked) => {
            format!("the request is for the host \"{asked}\", which allow_hosts does not list")
        }
        None => "the request names no host, several hosts, or a malformed one".to_owned(),
    }
}

/// Which of several policies answers, counted from 1.
pub(crate) fn choice(number: usize, count: usize, has_no_origin: bool, grants: bool) -> String {
    let why = if grants {
        "it is the first that allows the origin"
    } else if has_no_origin {
        "it is the last, and the request has no Origin"
    } else {
        "it is the last, and no policy allows the origin"
    };
    format!("policy {number} of {count} answers: {why}")
}

pub(crate) fn nearest_of(number: usize, nearest: &str) -> String {
    format!("the nearest allowed origin is \"{nearest}\", of policy {number}")
}

pub(crate) fn may_send(origin: &str, method: &str, yes: bool) -> String {
    format!("a preflight from {origin}: may the page send {method}? {}", yes_or_no(yes))
}

pub(crate) fn may_read(method: &str, origin: &str, yes: bool) -> String {
    format!("{method} from {origin}: may the page read the response? {}", yes_or_no(yes))
}

fn yes_or_no(yes: bool) -> &'static str {
    if yes { "yes" } else { "no" }
}

pub(crate) fn nothing_to_decide(method: &str) -> String {
    format!("{method} without Origin: nothing to decide")
}

pub(crate) fn matched_by(pattern: &impl fmt::Display) -> String {
    format!("\"{pattern}\" matches it")
}

pub(crate) fn nearest(nearest: &str, difference: &str) -> String {
    format!("the nearest allowed is \"{nearest}\": {difference}")
}

pub(crate) fn nearest_name(nearest: &str) -> String {
    format!("the nearest allowed is \"{nearest}\"")
}

pub(crate) fn letter_case(meant: &str) -> String {
    format!("methods are case-sensitive: let the page send \"{meant}\"")
}

pub(crate) fn methods_listed(listed: &str) -> String {
    if listed.is_empty() {
        "no method is listed".to_owned()
    } else {
        format!("the list is {listed}")
    }
}

pub(crate) fn answered_ok(status: u16, method: &str, is_sent: bool) -> String {
    if is_sent {
        format!("the layer answers {status}, and the browser sends the {method}")
    } else {
        format!("the layer answers {status}, but the browser does not send the {method}")
    }
}

pub(crate) fn answered_refusal(status: u16, refusal: &str) -> String {
    format!("the layer answers {status} \"{refusal}\"")
}

pub(crate) fn not_sent(method: &str) -> String {
    format!("the browser does not send the {method}, and the page sees a network error")
}

/// What a browser's console says to a refused preflight. `is_nameable` if the browser refuses it by itself, from the
/// headers of the answer.
pub(crate) fn console(origin: bool, is_nameable: bool, is_ok: bool, words: Words) -> String {
    if origin {
        "the console says that Access-Control-Allow-Origin is missing, or that the status is not ok"
            .to_owned()
    } else if !is_nameable {
        "the console says only that the status is not ok".to_owned()
    } else if is_ok {
        "the console names the cause".to_owned()
    } else {
        let switch = words.switch(Setting::BrowserDiagnostics);
        let switch = switch.trim_start_matches('.');
        format!(
            "the console says only that the status is not ok; {switch} lets it name a method or header"
        )
    }
}
