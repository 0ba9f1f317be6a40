//! The browser's checks as statements, each with its step in the Fetch standard. `tower-browser` decides
//! which of them fails; the others are listed around it, in the standard's order.

use axum::http::{HeaderMap, HeaderName, header};
use serde::Serialize;
use tower_browser::{Exchange, Reason, Seen};

use crate::form::Asked;

/// A statement that a browser tests.
#[derive(Serialize)]
pub(crate) struct Clause {
    /// Where the standard says it.
    step: &'static str,
    says: String,
    /// What the answer holds instead, or to prove it.
    seen: Option<String>,
    /// The header that it is about, in lower case.
    header: Option<&'static str>,
    state: State,
    #[serde(skip)]
    fails: Vec<Reason>,
}

#[derive(Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum State {
    Holds,
    Fails,
    /// An earlier statement failed, so the browser stopped.
    Unread,
    /// It fails, and only hides a part of the response.
    Hides,
}

const ORIGIN: &str = "access-control-allow-origin";
const CREDENTIALS: &str = "access-control-allow-credentials";
const METHODS: &str = "access-control-allow-methods";
const HEADERS: &str = "access-control-allow-headers";
const EXPOSE: &str = "access-control-expose-headers";

/// The statements about one answer. `failed` is the verdict, with the value that it blames.
pub(crate) fn clauses(
    exchange: &Exchange,
    asked: &Asked,
    failed: Option<(Reason, &str)>,
    hidden: &[String],
) -> Vec<Clause> {
    let Some(answered) = exchange.response_headers() else { return Vec::new() };
    let mut list = Vec::new();
    let is_redirected = failed.is_some_and(|(reason, _)| reason == Reason::PreflightRedirected);
    if !is_redirected {
        cors_check(&mut list, answered, asked);
    }
    if exchange.is_preflight() {
        preflight(&mut list, exchange, answered, is_redirected);
    }
    if let Some((reason, value)) = failed {
        mark(&mut list, reason, value);
    }
    if !hidden.is_empty() {
        let names = hidden.join("`, `");
        let mut clause = Clause::new(
            "Main fetch, step 14.1",
            format!("`Access-Control-Expose-Headers` names `{names}`"),
            Some(EXPOSE),
        );
        clause.seen = joined(answered, &header::ACCESS_CONTROL_EXPOSE_HEADERS);
        clause.state = State::Hides;
        list.push(clause);
    }
    list
}

/// Fetch, "CORS check".
fn cors_check(list: &mut Vec<Clause>, answered: &HeaderMap, asked: &Asked) {
    let value = joined(answered, &header::ACCESS_CONTROL_ALLOW_ORIGIN);
    let present = Clause::new(
        "CORS check, step 2",
        "The answer has `Access-Control-Allow-Origin`".to_owned(),
        Some(ORIGIN),
    );
    list.push(present.fails([Reason::AllowOriginMissing]));
    if value.as_deref() == Some("*") && !asked.credentials {
        let says = "It is `*` and the page asks without cookies, so any page may read".to_owned();
        list.push(Clause::new("CORS check, step 3", says, Some(ORIGIN)).seen(value));
        return;
    }
    let says = format!("It is exactly the page’s origin, `{}`", asked.origin);
    let same = Clause::new("CORS check, step 4", says, Some(ORIGIN)).seen(value);
    list.push(same.fails([
        Reason::AllowOriginMismatch,
        Reason::AllowOriginMultiple,
        Reason::AllowOriginInvalid,
        Reason::WildcardWithCredentials,
    ]));
    if asked.credentials {
        let says = "`Access-Control-Allow-Credentials` is `true`".to_owned();
        let value = joined(answered, &header::ACCESS_CONTROL_ALLOW_CREDENTIALS);
        let allowed = Clause::new("CORS check, step 7", says, Some(CREDENTIALS)).seen(value);
        list.push(allowed.fails([Reason::AllowCredentialsNotTrue]));
    } else {
        let says = "The page asks without cookies, so that is enough".to_owned();
        list.push(Clause::new("CORS check, step 5", says, None));
    }
}

/// Fetch, "CORS-preflight fetch".
fn preflight(
    list: &mut Vec<Clause>,
    exchange: &Exchange,
    answered: &HeaderMap,
    is_redirected: bool,
) {
    let says = if is_redirected {
        "A preflight is answered directly, without a redirect".to_owned()
    } else {
        "The status is 200 to 299".to_owned()
    };
    let status = exchange.status().map(|status| status.as_u16().to_string());
    let status = Clause::new("CORS-preflight fetch, step 7", says, None).seen(status);
    list.push(status.fails([Reason::PreflightStatus, Reason::PreflightRedirected]));

    let requested = exchange.request_headers();
    let method = joined(requested, &header::ACCESS_CONTROL_REQUEST_METHOD).unwrap_or_default();
    let says = match method.as_str() {
        "GET" | "HEAD" | "POST" => {
            format!("`{method}` needs no listing: GET, HEAD and POST never do")
        }
        _ => format!("`Access-Control-Allow-Methods` lists `{method}`"),
    };
    let allowed = joined(answered, &header::ACCESS_CONTROL_ALLOW_METHODS);
    let listed = Clause::new("CORS-preflight fetch, step 7.5", says, Some(METHODS)).seen(allowed);
    list.push(listed.fails([Reason::MethodNotAllowed]));

    let names = joined(requested, &header::ACCESS_CONTROL_REQUEST_HEADERS).unwrap_or_default();
    let allowed = joined(answered, &header::ACCESS_CONTROL_ALLOW_HEADERS);
    for name in names.split(',').map(str::trim).filter(|name| !name.is_empty()) {
        let step = match name {
            "authorization" => "CORS-preflight fetch, step 7.6",
            _ => "CORS-preflight fetch, step 7.7",
        };
        let says = format!("`Access-Control-Allow-Headers` lists `{name}`");
        let listed = Clause::new(step, says, Some(HEADERS)).seen(allowed.clone());
        list.push(listed.fails([Reason::HeaderNotAllowed, Reason::WildcardWithAuthorization]));
    }
}

/// Marks the statement that failed, and those that were not read any more.
fn mark(list: &mut Vec<Clause>, reason: Reason, value: &str) {
    let blames = |clause: &Clause| {
        let is_header = clause.header == Some(HEADERS);
        clause.fails.contains(&reason)
            && (!is_header || clause.says.contains(&format!("`{value}`")))
    };
    match list.iter().position(blames) {
        Some(position) => {
            list[position].state = State::Fails;
            list[position + 1..].iter_mut().for_each(|clause| clause.state = State::Unread);
        }
        // A reason without a statement of its own speaks for itself.
        None => {
            let mut clause = Clause::new("Fetch", reason.to_string(), None);
            clause.state = State::Fails;
            list.push(clause);
        }
    }
}

impl Clause {
    fn new(step: &'static str, says: String, header: Option<&'static str>) -> Self {
        Self { step, says, seen: None, header, state: State::Holds, fails: Vec::new() }
    }

    fn seen(self, seen: Option<String>) -> Self {
        Self { seen, ..self }
    }

    fn fails<const N: usize>(self, reasons: [Reason; N]) -> Self {
        Self { fails: reasons.into(), ..self }
    }
}

/// The headers of an answer that the page cannot read and was meant to.
pub(crate) fn exposed(exchange: &Exchange, seen: &Seen) -> Vec<String> {
    let answered = exchange.response_headers();
    let names = answered.into_iter().flat_map(HeaderMap::keys).map(HeaderName::as_str);
    names
        .filter(|name| seen.header(name).is_none())
        .filter(|name| {
            !name.starts_with("access-control-") && !["vary", "set-cookie"].contains(name)
        })
        .map(str::to_owned)
        .collect()
}

fn joined(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    let lines: Vec<_> = headers
        .get_all(name)
        .iter()
        .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
        .collect();
    (!lines.is_empty()).then(|| lines.join(", "))
}
