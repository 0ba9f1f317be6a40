//! `RandomCase`: fetches of one URL, and what its servers answer.

use std::fmt;

use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use serde_json::{Value, json};
use tower_cors::{Any, CorsLayer, CorsPolicy, Risk};

use super::{random::Random, values::*};
use crate::case::On;

/// A status and headers.
#[derive(Clone, Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
}

/// What a URL answers to preflights and to other requests.
#[derive(Clone, Debug)]
pub struct Answers {
    pub preflight: Answer,
    pub actual: Answer,
}

#[derive(Clone)]
pub struct RandomCase {
    pub id: usize,
    /// `url` and `init` of each.
    pub fetches: Vec<Value>,
    /// Of the URL that is fetched, and of the one that it may redirect to.
    pub hops: [Answers; 2],
    /// In front of both.
    pub policy: Option<CorsPolicy>,
}

impl RandomCase {
    pub fn make(random: &mut Random, id: usize, on: &On, origin: &str) -> Self {
        let url = url(random, id, on);
        let mut fetches = vec![json!({ "url": url, "init": init(random) })];
        if random.percent(25) {
            // The same again, or anything else.
            let again = match random.percent(50) {
                true => fetches[0].clone(),
                false => json!({ "url": url, "init": init(random) }),
            };
            fetches.push(again);
        }
        let asked = Asked::of(&fetches);
        let policy = random.percent(30).then(|| policy(random, origin, &asked)).flatten();
        let is_bare = policy.is_some();
        let is_of_site = origin == on.page;
        let mut hops = [(); 2].map(|()| answers(random, origin, &asked, is_bare, is_of_site));
        if random.percent(20) {
            redirect(random, &mut hops[0].actual, id, on);
            // From one foreign server to another, the origin is null.
            if random.percent(60) {
                hops[1] = answers(random, "null", &asked, is_bare, is_of_site);
            }
        }
        Self { id, fetches, hops, policy }
    }
}

impl fmt::Display for RandomCase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for fetch in &self.fetches {
            writeln!(f, "    fetch({}, {})", fetch["url"], fetch["init"])?;
        }
        for (hop, Answers { preflight, actual }) in self.hops.iter().enumerate() {
            writeln!(f, "    hop {hop}: preflight {} {:?}", preflight.status, preflight.headers)?;
            writeln!(f, "    hop {hop}: actual    {} {:?}", actual.status, actual.headers)?;
        }
        write!(f, "    {:?}", self.policy)
    }
}

/// What the fetches of a case ask for, so that answers may name it.
struct Asked {
    methods: Vec<String>,
    names: Vec<String>,
}

impl Asked {
    fn of(fetches: &[Value]) -> Self {
        let methods = fetches.iter().filter_map(|fetch| fetch["init"]["method"].as_str());
        let names = fetches.iter().filter_map(|fetch| fetch["init"]["headers"].as_object());
        Self {
            methods: methods.map(str::to_owned).collect(),
            names: names.flat_map(|headers| headers.keys().cloned()).collect(),
        }
    }
}

fn url(random: &mut Random, id: usize, on: &On) -> String {
    let url = format!("{}/{id}/0", on.api);
    match random.percent(5) {
        false => url,
        true => match *random.pick(&["password", "scheme", "port", "malformed"]) {
            "password" => url.replace("//", "//me:secret@"),
            "scheme" => url.replace("http:", "ftp:"),
            "port" => "http://localhost:25/".to_owned(),
            _ => "http://[".to_owned(),
        },
    }
}

fn init(random: &mut Random) -> Value {
    let method = *random.pick(METHODS);
    let mut init = json!({ "method": method });
    let mut headers = serde_json::Map::new();
    if random.percent(50) {
        for _ in 0..*random.pick(&[1, 1, 1, 2, 3]) {
            let (name, values) = random.pick(REQUEST_HEADERS);
            headers.insert((*name).to_owned(), json!(random.pick(values)));
        }
        init["headers"] = Value::Object(headers);
    }
    let may_have_body = !matches!(method, "GET" | "HEAD");
    if (may_have_body && random.percent(60)) || random.percent(3) {
        init["body"] = json!("a=1");
    }
    init["credentials"] = json!(random.pick(&["omit", "same-origin", "include", "include"]));
    if random.percent(10) {
        init["mode"] = json!(random.pick(&["no-cors", "no-cors", "same-origin"]));
    }
    if random.percent(if init["mode"] == "no-cors" { 50 } else { 18 }) {
        init["redirect"] = json!(random.pick(&["error", "error", "manual"]));
    }
    init
}

fn policy(random: &mut Random, origin: &str, asked: &Asked) -> Option<CorsPolicy> {
    let mut cors = CorsLayer::new();
    cors = match *random.pick(&["listed", "listed", "listed", "any", "foreign"]) {
        "listed" => cors.allow_origins([origin]),
        "any" => cors.allow_origins(Any),
        _ => cors.allow_origins(["https://elsewhere.example"]),
    };
    cors = match *random.pick(&["default", "any", "asked", "asked", "mirror"]) {
        "any" => cors.allow_methods(Any),
        "asked" => cors.allow_methods(asked.methods.iter().map(|method| method.to_uppercase())),
        "mirror" => cors.mirror_methods(),
        _ => cors,
    };
    cors = match *random.pick(&["default", "any", "asked", "asked"]) {
        "any" => cors.allow_headers(Any),
        "asked" => cors.allow_headers(&asked.names),
        _ => cors,
    };
    if random.percent(60) {
        cors = cors.allow_credentials(true).tolerate(Risk::AnyOrigin).tolerate(Risk::NullOrigin);
    }
    if random.percent(30) {
        cors = cors.expose_headers(["x-read"]);
    }
    if random.percent(20) {
        cors = cors.max_age(None);
    }
    if random.percent(20) {
        cors = cors.browser_diagnostics(true);
    }
    // Some words cannot be said to it, such as methods that no script sends.
    cors.build().ok()
}

/// Behind a policy of the crate no header of CORS is said by hand.
fn answers(
    random: &mut Random,
    origin: &str,
    asked: &Asked,
    is_bare: bool,
    is_of_site: bool,
) -> Answers {
    let mut preflight = answer(random, PREFLIGHT_STATUSES);
    let mut actual = answer(random, STATUSES);
    for name in ["x-read", "etag"] {
        add(&mut actual.headers, name, "\"7\"");
    }
    if random.percent(20) {
        // Whether the cookies of other sites are blocked is not claimed.
        let cookie = random.pick(if is_of_site { COOKIES } else { COOKIES_OF_ONE_SITE });
        add(&mut actual.headers, "set-cookie", cookie);
    }
    if is_bare {
        return Answers { preflight, actual };
    }
    // Half of the servers mean well, and most say the same of an origin in both answers.
    let means_well = random.percent(50);
    let (mut allowed, mut credentials) = (*random.pick(ORIGINS), *random.pick(CREDENTIALS));
    if means_well {
        (allowed, credentials) = (&["{origin}"], &["true"]);
        preflight.status = StatusCode::NO_CONTENT;
    }
    for headers in [&mut preflight.headers, &mut actual.headers] {
        let is_other = !means_well && random.percent(25);
        let allowed = if is_other { random.pick(ORIGINS) } else { allowed };
        let credentials = if is_other { random.pick(CREDENTIALS) } else { credentials };
        for line in allowed {
            add(headers, "access-control-allow-origin", &line.replace("{origin}", origin));
        }
        for line in credentials {
            add(headers, "access-control-allow-credentials", line);
        }
    }
    let lists = [
        ("access-control-allow-methods", asked.methods.join(", ")),
        ("access-control-allow-headers", asked.names.join(",")),
    ];
    for (name, all) in lists {
        let lines = if means_well { &["{asked}"][..] } else { *random.pick(LISTS) };
        for line in lines {
            add(&mut preflight.headers, name, &line.replace("{asked}", &all));
        }
    }
    if preflight.status.is_redirection() {
        add(&mut preflight.headers, "location", "/elsewhere");
    }
    for line in *random.pick(MAX_AGES) {
        add(&mut preflight.headers, "access-control-max-age", line);
    }
    for line in *random.pick(EXPOSED) {
        add(&mut actual.headers, "access-control-expose-headers", line);
    }
    Answers { preflight, actual }
}

fn answer(random: &mut Random, statuses: &[u16]) -> Answer {
    let status = StatusCode::from_u16(*random.pick(statuses)).expect("a status");
    let mut headers = HeaderMap::new();
    // What is kept of preflights is tried, not what is kept of responses.
    add(&mut headers, "cache-control", "no-store");
    Answer { status, headers }
}

fn redirect(random: &mut Random, answer: &mut Answer, id: usize, on: &On) {
    answer.status = StatusCode::from_u16(*random.pick(REDIRECTS)).expect("a status");
    let On { page, api, beside, .. } = on;
    let location = match *random.pick(LOCATIONS) {
        "same" => format!("{api}/{id}/1"),
        "relative" => format!("/{id}/1"),
        "beside" => format!("{beside}/{id}/1"),
        "home" => format!("{page}/"),
        "loop" => format!("{api}/{id}/0"),
        "password" => format!("{api}/{id}/1").replace("//", "//me:secret@"),
        "scheme" => "ftp://localhost/".to_owned(),
        "malformed" => "http://[".to_owned(),
        other => unreachable!("no location {other}"),
    };
    add(&mut answer.headers, "location", &location);
}

fn add(headers: &mut HeaderMap, name: &'static str, value: &str) {
    let value = HeaderValue::from_str(value).expect("a value of a case is one");
    headers.append(HeaderName::from_static(name), value);
}
