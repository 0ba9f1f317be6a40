//! Proves that the layer answers as Starlette's CORSMiddleware does, and its TrustedHostMiddleware around
//! that, to the letter, but for the numbered differences.
//!
//! Replays recorded answers of the real one. `tests/oracle/run` records and replays fresh ones, and
//! explains single rows.

#[path = "oracle/differences.rs"]
mod differences;
#[path = "../fuzz/enforcement.rs"]
mod enforcement;
#[path = "../fuzz/grammar.rs"]
mod grammar;
#[path = "oracle/row.rs"]
mod row;
#[path = "oracle/shrink.rs"]
mod shrink;

use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::{env, fmt, fs};

use http::Request;
use http_body::Body;
use http_body_util::Full;
use serde_json::Value;
use tower::{Layer, ServiceExt, service_fn};
use tower_cors::CorsLayer;

use differences::{Difference, Due, all, vary};
use row::{Ask, Headers, Reply};
use shrink::Reference;

#[tokio::test]
async fn answers_as_starlette_does() {
    let path = env::var("TOWER_CORS_ORACLE");
    let recorded = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/oracle/corpus.jsonl");
    let path = path.as_deref().unwrap_or(recorded);
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{path}: {error}"));
    let groups: Vec<Group> = text.lines().map(Group::read).collect();
    let cases: usize = groups.iter().map(|group| group.cases.len()).sum();
    assert_ne!(cases, 0, "{path} holds no case");

    let mut counts = BTreeMap::from(Difference::ALL.map(|difference| (difference, 0)));
    let mut failures = Vec::new();
    for group in &groups {
        for (index, outcome) in group.judge().await.into_iter().enumerate() {
            match outcome {
                Ok(differences) => {
                    differences
                        .iter()
                        .for_each(|difference| *counts.entry(*difference).or_default() += 1);
                    if cases == 1 {
                        println!("{}", group.cases[0].story(&differences));
                    }
                }
                Err(failure) => failures.push((group.row(index), failure)),
            }
        }
    }
    let shown: Vec<_> = counts.iter().map(|(name, count)| format!("{name:?} {count}")).collect();
    println!("{cases} cases, {} failures; differences: {}", failures.len(), shown.join(", "));

    let count = failures.len();
    if let Some((row, failure)) = failures.into_iter().next() {
        let (row, failure) = match Reference::from_env() {
            Some(mut reference) => reference.shrink(row, failure).await,
            None => (row, failure),
        };
        let row = for_shell(&row);
        panic!(
            "{count} of {cases} cases fail, such as\n\n    tests/oracle/run --case '{row}'\n\n{failure}"
        );
    }
    // A difference that never shows is one whose rule nothing has put to the test.
    let silent: Vec<_> =
        counts.iter().filter(|(_, count)| **count == 0).map(|(name, _)| name).collect();
    assert!(cases < 2_000 || silent.is_empty(), "no case shows {silent:?}");
}

/// The row as JSON that survives single quotes and a terminal.
fn for_shell(row: &Value) -> String {
    let escape = |c: char| match c {
        ' '..='~' if c != '\'' => c.to_string(),
        _ => format!("\\u{:04x}", u32::from(c)),
    };
    row.to_string().chars().map(escape).collect()
}

/// The cases of one configuration.
#[derive(Debug)]
struct Group {
    config: Value,
    cases: Vec<Case>,
}

impl Group {
    fn read(text: &str) -> Self {
        let mut row: Value = serde_json::from_str(text).expect("a group is a line of JSON");
        let table = row["lines"].as_array().cloned().unwrap_or_default();
        let cases = row["cases"].as_array().expect("a group has cases");
        let cases = cases.iter().map(|case| Case::read(case, &table)).collect();
        Self { config: row["config"].take(), cases }
    }

    /// One of the cases alone, as text to feed back.
    fn row(&self, index: usize) -> Value {
        let case = &self.cases[index];
        let mut ask = case.ask.headers.write();
        ask.insert(0, case.ask.method.clone().into());
        serde_json::json!({ "config": self.config, "cases": [[ask, case.inner.write()]] })
    }

    async fn judge(&self) -> Vec<Result<BTreeSet<Difference>, Failure>> {
        let layer = row::layer(&self.config);
        let built = layer.build().map_err(|error| Failure::Refused(error.to_string()));
        let mut outcomes = Vec::new();
        for case in &self.cases {
            outcomes.push(match &built {
                Ok(_) => case.judge(&self.config, &layer).await,
                Err(refused) => Err(refused.clone()),
            });
        }
        outcomes
    }
}

/// A request, what the app inside would answer, and what came out of the reference.
#[derive(Debug)]
struct Case {
    ask: Ask,
    inner: Reply,
    calls: usize,
    reference: Reply,
    allowed: Option<bool>,
    /// What TrustedHostMiddleware answers itself.
    outside: Option<Reply>,
}

impl Case {
    fn read(row: &Value, table: &[Value]) -> Self {
        let part =
            |index: usize| row[index].as_array().expect("a case is ask, inner, answer, allowed");
        Self {
            ask: Ask::read(&row[0], table),
            inner: Reply::read(part(1), table),
            calls: part(2)[0].as_u64().expect("a count") as usize,
            reference: Reply::read(&part(2)[1..], table),
            allowed: row[3].as_bool(),
            outside: row[4].as_array().map(|answer| Reply::read(&answer[1..], table)),
        }
    }

    async fn judge(
        &self,
        config: &Value,
        layer: &CorsLayer,
    ) -> Result<BTreeSet<Difference>, Failure> {
        let due = Due::new(config, self);
        let (calls, reply, faults) = self.answer(layer).await;
        let same = calls == due.calls && faults.is_empty() && agree(&due, &reply);
        if same {
            return Ok(due.differences);
        }
        Err(Failure::Differs(Box::new(Mismatch {
            story: self.story(&due.differences),
            due: due.reply,
            calls,
            reply,
            faults,
        })))
    }

    /// What the layer makes of it: the calls to the inner service, the response, and what should
    /// never be.
    async fn answer(&self, layer: &CorsLayer) -> (usize, Reply, Vec<&'static str>) {
        let calls = AtomicUsize::new(0);
        let changed = AtomicUsize::new(0);
        let inner = service_fn(|request: Request<Full<_>>| {
            calls.fetch_add(1, Ordering::Relaxed);
            let same = request.method().as_str() == self.ask.method
                && *request.headers() == self.ask.headers.to_map()
                && request.body().size_hint().exact() == Some(5);
            changed.fetch_add(usize::from(!same), Ordering::Relaxed);
            let response = self.inner.response();
            async { Ok::<_, Infallible>(response) }
        });
        let Ok(response) = layer.layer(inner).oneshot(self.ask.request()).await;
        let size = response.body().size_hint().exact();
        let reply = Reply::from_response(response).await;
        let mut faults = Vec::new();
        if changed.load(Ordering::Relaxed) > 0 {
            faults.push("the inner service got another request than was sent");
        }
        // What the server makes Content-Length of, in Starlette's place.
        if size != Some(reply.body.chars().count() as u64) {
            faults.push("the body's size hint is not its size");
        }
        (calls.load(Ordering::Relaxed), reply, faults)
    }

    fn story(&self, differences: &BTreeSet<Difference>) -> String {
        let Self { ask, inner, .. } = self;
        let (calls, reference) = match &self.outside {
            Some(outside) => (0, outside),
            None => (self.calls, &self.reference),
        };
        format!(
            "asked: {}\n{}the app inside would answer: {inner}\
             Starlette called it {calls} times and answered: {reference}\
             differences to expect: {differences:?}",
            ask.method, ask.headers
        )
    }
}

/// Are the two answers the same? Header lines are compared name by name: the order of different
/// names means nothing.
fn agree(due: &Due, reply: &Reply) -> bool {
    let preflight = due.calls == 0;
    let due = &due.reply;
    let names = |reply: &Reply| -> BTreeSet<String> {
        reply.headers.0.iter().map(|(name, _)| name.clone()).collect()
    };
    let same_lines = |name: &String| all(&due.headers, name) == all(&reply.headers, name);
    let mut fixed = names(due);
    fixed.extend(names(reply));
    if !preflight {
        fixed.remove("vary");
    }
    due.status == reply.status
        && due.body == reply.body
        && fixed.iter().all(same_lines)
        && (preflight || agree_on_vary(&due.headers, &reply.headers))
}

/// Vary is one line, as Starlette's (difference D7); its members are the meaning. None may be said more
/// often.
fn agree_on_vary(due: &Headers, reply: &Headers) -> bool {
    let count = |headers| {
        vary(headers).into_iter().fold(BTreeMap::new(), |mut counts, member| {
            *counts.entry(member).or_insert(0) += 1;
            counts
        })
    };
    all(reply, "vary").len() < 2 && count(due) == count(reply)
}

/// Why a case fails.
#[derive(Clone, Debug)]
enum Failure {
    /// The configuration does not build.
    Refused(String),
    /// The answers differ.
    Differs(Box<Mismatch>),
}

#[derive(Clone, Debug)]
struct Mismatch {
    story: String,
    due: Reply,
    calls: usize,
    reply: Reply,
    faults: Vec<&'static str>,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(error) => write!(f, "the configuration does not build: {error}"),
            Self::Differs(mismatch) => {
                let Mismatch { story, due, calls, reply, faults } = &**mismatch;
                write!(f, "{story}, so this was due: {due}")?;
                write!(
                    f,
                    "the layer called the inner service {calls} times and answered: {reply}"
                )?;
                faults.iter().try_for_each(|fault| writeln!(f, "{fault}"))
            }
        }
    }
}

impl fmt::Display for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {:?}\n{}", self.status, self.body, self.headers)
    }
}

impl fmt::Display for Headers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0
            .iter()
            .try_for_each(|(name, value)| writeln!(f, "    {name}: {}", value.escape_debug()))
    }
}
