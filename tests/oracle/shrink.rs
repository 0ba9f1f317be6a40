//! Makes a failing row small: takes pieces away as long as it still fails, asking the reference
//! again each time.

use std::env;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::{Value, json};

use crate::{Failure, Group};

/// The real Starlette, as a child process.
#[derive(Debug)]
pub(crate) struct Reference {
    child: Child,
    asks: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Reference {
    /// The reference, if `tests/oracle/run` says which Python has it.
    pub(crate) fn from_env() -> Option<Self> {
        let python = env::var_os("TOWER_CORS_REFERENCE")?;
        let mut child = Command::new(python)
            .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/oracle/reference.py"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("TOWER_CORS_REFERENCE is a Python with Starlette");
        let asks = child.stdin.take().expect("it was piped");
        let answers = BufReader::new(child.stdout.take().expect("it was piped"));
        Some(Self { child, asks, answers })
    }

    /// The smallest row that fails in the same way.
    pub(crate) async fn shrink(&mut self, row: Value, failure: Failure) -> (Value, Failure) {
        let mut smallest = (row, failure);
        'again: loop {
            for row in smaller(&smallest.0) {
                if let Some(failure) = self.failure(&row).await
                    && matches!(failure, Failure::Refused(_))
                        == matches!(smallest.1, Failure::Refused(_))
                {
                    smallest = (row, failure);
                    continue 'again;
                }
            }
            return smallest;
        }
    }

    async fn failure(&mut self, row: &Value) -> Option<Failure> {
        writeln!(self.asks, "{row}").expect("the reference reads");
        let mut answer = String::new();
        self.answers.read_line(&mut answer).expect("the reference answers");
        Group::read(&answer).judge().await.into_iter().find_map(Result::err)
    }
}

impl Drop for Reference {
    fn drop(&mut self) {
        // Nothing can be done about a child that is gone already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The row with one piece less, in every way.
fn smaller(row: &Value) -> Vec<Value> {
    let mut rows = Vec::new();
    let mut vary = |change: &dyn Fn(&mut Value)| {
        let mut smaller = row.clone();
        change(&mut smaller);
        if smaller != *row {
            rows.push(smaller);
        }
    };
    for (name, value) in row["config"].as_object().into_iter().flatten() {
        vary(&|row| drop(row["config"].as_object_mut().map(|config| config.shift_remove(name))));
        for index in 0..value.as_array().map_or(0, Vec::len) {
            vary(&|row| drop(row["config"][name].as_array_mut().map(|list| list.remove(index))));
        }
    }
    vary(&|row| row["cases"][0][1][0] = json!(200));
    vary(&|row| row["cases"][0][1][1] = json!(""));
    for (part, head) in [(0, 1), (1, 2)] {
        let lines = row["cases"][0][part].as_array().map_or(&[][..], |lines| &lines[head..]);
        for (index, line) in lines.iter().enumerate() {
            vary(&|row| {
                drop(row["cases"][0][part].as_array_mut().map(|lines| lines.remove(head + index)))
            });
            let Some((name, value)) = line.as_str().and_then(|line| line.split_once(": ")) else {
                continue;
            };
            let elements: Vec<_> = value.split(',').collect();
            for gone in 0..elements.len() {
                let mut rest = elements.clone();
                rest.remove(gone);
                vary(&|row| {
                    row["cases"][0][part][head + index] =
                        json!(format!("{name}: {}", rest.join(",")))
                });
            }
        }
    }
    rows
}
