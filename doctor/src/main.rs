//! `cors-doctor URL --origin ORIGIN`: says whether a page works, and if not, which hop broke it.
//!
//! | file | holds |
//! | --- | --- |
//! | arguments.rs, question.rs | the page and the request |
//! | client.rs | HTTP over TLS, and why there is no answer |
//! | probe.rs | limits and replaces requests |
//! | examine.rs, trick.rs | the requests to the server, through `tower-browser` |
//! | judge/ | from answers to findings: pure |
//! | answer.rs, place.rs | answers, and who made them |
//! | report.rs, text.rs, json.rs, shown.rs | the output |

mod answer;
mod arguments;
mod client;
mod examine;
mod finding;
mod json;
mod judge;
mod place;
mod probe;
mod question;
mod report;
mod shown;
#[cfg(test)]
mod table;
mod text;
mod trick;

use std::{env, io::Write, process::ExitCode};

use tokio::time::{Instant, timeout_at};

use crate::{
    arguments::{Arguments, Examine},
    client::Client,
    examine::{Examination, Unknown, examine},
    report::Report,
};

fn main() -> ExitCode {
    match Arguments::read(env::args().skip(1)) {
        Ok(Arguments::Print(text)) => {
            print(&text);
            ExitCode::SUCCESS
        }
        Ok(Arguments::Examine(asked)) => run(*asked),
        Err(mistake) => {
            let as_json = env::args().any(|argument| argument == "--json");
            complain(&Unknown::Usage(mistake), as_json)
        }
    }
}

fn run(asked: Examine) -> ExitCode {
    let as_json = asked.as_json;
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return complain(&Unknown::NoAnswer(error.to_string()), as_json),
    };
    let examination = runtime.block_on(ask(asked));
    // Do not wait for a name that is still looked up.
    runtime.shutdown_background();
    let examination = match examination {
        Ok(examination) => examination,
        Err(unknown) => return complain(&unknown, as_json),
    };
    let report = Report::of(&examination);
    if as_json {
        print(&format!("{:#}", json::json(&report)));
    } else {
        print(text::text(&report).trim_end());
    }
    if report.works() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

async fn ask(asked: Examine) -> Result<Examination, Unknown> {
    let Examine { question, timeout, .. } = asked;
    let until = Instant::now() + timeout;
    let host = question.host().to_owned();
    let client = Client::new();
    let (mut examination, mut probe) =
        timeout_at(until, examine(client.clone(), question)).await.map_err(|_| {
            let seconds = timeout.as_secs_f64();
            Unknown::NoAnswer(format!(
                "no complete answer from {host} within {seconds} seconds (--timeout)"
            ))
        })??;
    // Answers that do not arrive in time are left out.
    let _ = timeout_at(until, examination.look_around(&mut probe)).await;
    examination.address = client.address();
    Ok(examination)
}

fn complain(unknown: &Unknown, as_json: bool) -> ExitCode {
    if as_json {
        print(&format!("{:#}", json::unknown(unknown)));
    }
    let (Unknown::Usage(text) | Unknown::NoAnswer(text)) = unknown;
    // It is not an error if nobody reads the output.
    let _ = writeln!(std::io::stderr(), "cors-doctor: {}", one_line(text));
    ExitCode::from(2)
}

/// It may contain text from a server.
fn one_line(text: &str) -> String {
    text.chars().map(|it| if it.is_control() { ' ' } else { it }).collect()
}

fn print(text: &str) {
    let _ = writeln!(std::io::stdout(), "{text}");
}
