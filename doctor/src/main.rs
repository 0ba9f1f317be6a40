//! `cors-doctor URL --origin ORIGIN`: says whether a page works, and if not, which hop broke it.
//!
//! | file | holds |
//! | --- | --- |
//! | arguments.rs, question.rs | what is asked |
//! | client.rs | HTTP over TLS, and why there is no answer |
//! | probe.rs | how many requests are sent, and which are replaced |
//! | examine.rs, trick.rs | what is asked of the server, through `tower-browser` |
//! | judge/ | from answers to findings: pure |
//! | answer.rs, place.rs | what an answer says, and who made it |
//! | report.rs, text.rs, json.rs, shown.rs | how it is told |

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
    // A name that is still looked up is no reason to stay.
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
    // What is not answered in time is left out.
    let _ = timeout_at(until, examination.look_around(&mut probe)).await;
    examination.address = client.address();
    Ok(examination)
}

fn complain(unknown: &Unknown, as_json: bool) -> ExitCode {
    if as_json {
        print(&format!("{:#}", json::unknown(unknown)));
    }
    let (Unknown::Usage(text) | Unknown::NoAnswer(text)) = unknown;
    // Nobody to read it is no failure of its own.
    let _ = writeln!(std::io::stderr(), "cors-doctor: {}", one_line(text));
    ExitCode::from(2)
}

/// What a server said may be part of it.
fn one_line(text: &str) -> String {
    text.chars().map(|it| if it.is_control() { ' ' } else { it }).collect()
}

fn print(text: &str) {
    let _ = writeln!(std::io::stdout(), "{text}");
}
