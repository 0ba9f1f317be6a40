//! `Server`: answers the random cases, and writes down what came.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use axum::{
    Router,
    body::Bytes,
    extract::Path,
    response::{IntoResponse, Response},
    routing::any,
};
use http::{HeaderMap, Method, StatusCode, header, request::Parts};
use tower_cors::PerRequestLayer;

use super::case::RandomCase;

#[derive(Clone)]
pub struct Server(Arc<State>);

struct State {
    /// What addresses are called, which change from run to run.
    names: Vec<(String, &'static str)>,
    cases: Mutex<BTreeMap<usize, RandomCase>>,
    seen: Mutex<BTreeMap<usize, Vec<String>>>,
}

impl Server {
    pub fn new<const N: usize>(names: [(String, &'static str); N]) -> Self {
        let (cases, seen) = Default::default();
        Self(Arc::new(State { names: names.to_vec(), cases, seen }))
    }

    pub fn is_to_answer(&self, cases: &[RandomCase]) {
        let cases = cases.iter().map(|case| (case.id, case.clone())).collect();
        *self.0.cases.lock().expect("no holder panics") = cases;
        self.seen();
    }

    /// What came since it was asked last, for each case.
    pub fn seen(&self) -> BTreeMap<usize, Vec<String>> {
        std::mem::take(&mut *self.0.seen.lock().expect("no holder panics"))
    }

    fn case(&self, id: usize) -> Option<RandomCase> {
        self.0.cases.lock().expect("no holder panics").get(&id).cloned()
    }

    pub fn router(&self, name: &'static str) -> Router {
        let (answers, policies, writes) = (self.clone(), self.clone(), self.clone());
        let answer =
            async move |Path((id, hop)): Path<(usize, usize)>, method, headers, _: Bytes| {
                answers.answer(hop, id, &method, &headers)
            };
        let policy = move |head: &Parts| policies.case(id_of(head.uri.path())?)?.policy;
        let write = axum::middleware::map_request(move |request: axum::extract::Request| {
            let writes = writes.clone();
            async move {
                let (head, body) = request.into_parts();
                let bytes = axum::body::to_bytes(body, 1 << 20).await.unwrap_or_default();
                writes.write(name, &head, &bytes);
                axum::extract::Request::from_parts(head, bytes.into())
            }
        });
        Router::new()
            .route("/{id}/{hop}", any(answer))
            .layer(PerRequestLayer::new(policy))
            .layer(write)
    }

    fn answer(&self, hop: usize, id: usize, method: &Method, headers: &HeaderMap) -> Response {
        let Some(case) = self.case(id) else { return StatusCode::NOT_FOUND.into_response() };
        let answers = &case.hops[hop.min(1)];
        let is_preflight = method == Method::OPTIONS
            && headers.contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
        let answer = if is_preflight { &answers.preflight } else { &answers.actual };
        (answer.status, answer.headers.clone()).into_response()
    }

    fn write(&self, server: &str, head: &Parts, body: &[u8]) {
        let Some(id) = id_of(head.uri.path()) else { return };
        let mut line = format!("{} {server}{}", head.method, head.uri.path());
        let is_redirected = self
            .case(id)
            .is_some_and(|case| case.hops[0].actual.headers.contains_key(header::LOCATION));
        let shown = if is_redirected { &SHOWN[..SHOWN_OF_REDIRECTED] } else { SHOWN };
        for name in shown {
            for value in head.headers.get_all(*name) {
                let value = String::from_utf8_lossy(value.as_bytes());
                let named = self.0.names.iter().find(|(address, _)| *address == value);
                let value = named.map_or(&*value, |(_, name)| name);
                line.push_str(&format!(" {name}={value}"));
            }
        }
        line.push_str(&format!(" {} bytes", body.len()));
        self.0.seen.lock().expect("no holder panics").entry(id).or_default().push(line);
    }
}

/// How many of them are compared if there is a redirect: neither what engines leave of a request's
/// `Content-Type` nor the site that they speak of is claimed then.
const SHOWN_OF_REDIRECTED: usize = 10;

/// The headers that are compared.
const SHOWN: &[&str] = &[
    "origin",
    "access-control-request-method",
    "access-control-request-headers",
    "cookie",
    "authorization",
    "x-a",
    "x-b",
    "x-http-method-override",
    "date",
    "sec-purpose",
    "content-type",
    "sec-fetch-site",
    "sec-fetch-mode",
    "sec-fetch-dest",
];

fn id_of(path: &str) -> Option<usize> {
    path.split('/').nth(1)?.parse().ok()
}
