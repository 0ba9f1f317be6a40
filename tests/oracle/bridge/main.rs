//! Lets programs in other languages use the layer: JSON lines in on standard input, JSON lines out.
//!
//! A row is `{"config": {...}, "ask": [method, ...lines], "inner": [status, body, ...lines]}`,
//! where a line is `name: value` and the settings are FastAPI's arguments. The answer is
//! `{"answer": [calls, status, body, ...lines]}`, or `{"error": ...}` if the configuration does not
//! build. A row without `inner` is a conversation: only if the request is to be carried out does
//! the bridge write `{"call": true}`, and it reads what came of it, `[status, body, ...lines]`,
//! from the next line.
//!
//! `tests/oracle/starlette_suite` runs Starlette's own tests against this crate that way. Every
//! risk is tolerated here.

#[path = "../row.rs"]
mod row;

use std::convert::Infallible;
use std::io::{self, BufRead, Write};
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value, json};
use tower::{Layer, ServiceExt, service_fn};

use row::{Ask, Reply};

#[tokio::main(flavor = "current_thread")]
async fn main() {
    while let Some(row) = read() {
        write(&answer(&row).await);
    }
}

async fn answer(row: &Value) -> Value {
    let layer = row::layer(&row["config"]);
    if let Err(error) = layer.build() {
        return json!({ "error": error.to_string() });
    }
    let calls = AtomicUsize::new(0);
    let inner = service_fn(|_| {
        calls.fetch_add(1, Ordering::Relaxed);
        let inner = row.get("inner").cloned().unwrap_or_else(ask_back);
        let reply = Reply::read(inner.as_array().expect("an answer is an array"), &[]);
        async move { Ok::<_, Infallible>(reply.response()) }
    });
    let Ok(response) = layer.layer(inner).oneshot(Ask::read(&row["ask"], &[]).request()).await;
    let mut answer = Reply::from_response(response).await.write();
    answer.insert(0, calls.into_inner().into());
    json!({ "answer": answer })
}

fn ask_back() -> Value {
    write(&json!({ "call": true }));
    read().expect("after a call comes what the app answered")
}

fn read() -> Option<Value> {
    let mut line = String::new();
    let length = io::stdin().lock().read_line(&mut line).expect("standard input is text");
    (length > 0).then(|| serde_json::from_str(&line).expect("every line is JSON"))
}

fn write(value: &Value) {
    // Standard output flushes itself after each line.
    writeln!(io::stdout().lock(), "{value}").expect("somebody reads the answers");
}
