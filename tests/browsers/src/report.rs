//! What a run came to: lines while it goes on, figures at its end.

use std::{fmt::Write, fs, path::Path, time::Duration};

use serde_json::{Value, json};

use crate::{Error, case::Case, engine::Engine, scene::Verdict};

/// The figures of one engine.
pub struct Report {
    engine: Engine,
    versions: String,
    passed: usize,
    /// Name and reason; they count as passed.
    exceptions: Vec<(&'static str, &'static str)>,
    /// Exceptions that the engine did not need.
    outgrown: Vec<&'static str>,
    failed: Vec<(&'static str, String)>,
    /// What was played a second time.
    again: Vec<&'static str>,
    /// Name and reason: what cannot be played in this engine. They count as nothing.
    unplayable: Vec<(&'static str, &'static str)>,
    seconds: f64,
}

impl Report {
    pub fn new(engine: Engine, versions: String) -> Self {
        println!("{versions}");
        Self {
            engine,
            versions,
            passed: 0,
            exceptions: Vec::new(),
            outgrown: Vec::new(),
            failed: Vec::new(),
            again: Vec::new(),
            unplayable: Vec::new(),
            seconds: 0.0,
        }
    }

    /// Takes in a case and prints its line.
    pub fn add(&mut self, case: &Case, verdict: Result<Verdict, Error>, took: Duration) {
        let (word, more) = match verdict {
            Ok(Verdict::AsTheStandardSays) => {
                if case.has_exception(self.engine) {
                    self.outgrown.push(case.name);
                }
                ("pass", String::new())
            }
            Ok(Verdict::Exception(reason)) => {
                self.exceptions.push((case.name, reason));
                ("pass", format!("\n     {} differs: {reason}", self.engine))
            }
            Ok(Verdict::Failure(text)) => ("FAIL", self.fail(case, text)),
            Err(error) => ("FAIL", self.fail(case, error.to_string())),
        };
        if word == "pass" {
            self.passed += 1;
        }
        println!("{word} {:8} {:48} {:5.2} s{more}", self.engine, case.name, took.as_secs_f64());
    }

    /// Says that a case failed and is played once more.
    pub fn again(&mut self, case: &Case, text: &str) {
        println!("AGAIN {:7} {:48} {}", self.engine, case.name, text.replace('\n', "\n     "));
        self.again.push(case.name);
    }

    /// Says that a case cannot be played here.
    pub fn leave_out(&mut self, case: &Case, reason: &'static str) {
        self.unplayable.push((case.name, reason));
        println!("none {:8} {:48} {reason}", self.engine, case.name);
    }

    fn fail(&mut self, case: &Case, text: String) -> String {
        let shown = format!("\n{}\n{text}", case.why).replace('\n', "\n     ");
        self.failed.push((case.name, text));
        shown
    }

    pub fn end(&mut self, seconds: f64) {
        self.seconds = seconds;
        for name in &self.outgrown {
            println!(
                "note {:8} {name}: did as the standard says, its exception may go",
                self.engine
            );
        }
    }

    fn json(&self) -> Value {
        let list = |pairs: &[(&'static str, &'static str)]| -> Vec<Value> {
            pairs.iter().map(|(name, reason)| json!({ "case": name, "reason": reason })).collect()
        };
        json!({
            "engine": self.engine.name(),
            "versions": self.versions,
            "passed": self.passed,
            "failed": self.failed.iter().map(|(name, _)| name).collect::<Vec<_>>(),
            "played_again": self.again,
            "exceptions": list(&self.exceptions),
            "unplayable": list(&self.unplayable),
            "outgrown_exceptions": self.outgrown,
            "seconds": (self.seconds * 10.0).round() / 10.0,
        })
    }
}

/// Prints the closing lines and says whether all passed.
pub fn close(reports: &[Report]) -> bool {
    let passed: usize = reports.iter().map(|report| report.passed).sum();
    let failed: usize = reports.iter().map(|report| report.failed.len()).sum();
    println!("\n{}", markdown(reports));
    let again: usize = reports.iter().map(|report| report.again.len()).sum();
    println!("{passed} passed, {failed} failed; {again} were played again");
    failed == 0 && passed > 0
}

/// Markdown, or JSON if the file's name says so.
pub fn write(reports: &[Report], file: &Path) -> Result<(), Error> {
    let text = if file.extension().is_some_and(|extension| extension == "json") {
        let reports: Vec<_> = reports.iter().map(Report::json).collect();
        format!("{:#}\n", Value::from(reports))
    } else {
        markdown(reports)
    };
    fs::write(file, text).map_err(|error| format!("{}: {error}", file.display()).into())
}

fn markdown(reports: &[Report]) -> String {
    let mut text = "| engine | passed | failed | of them exceptions | seconds |\n| --- | --- | --- | --- | --- |\n".to_owned();
    for report in reports {
        let Report { versions, passed, failed, exceptions, seconds, .. } = report;
        let (failed, exceptions) = (failed.len(), exceptions.len());
        let _ =
            writeln!(text, "| {versions} | {passed} | {failed} | {exceptions} | {seconds:.0} |");
    }
    if reports.iter().any(|report| !report.exceptions.is_empty() || !report.unplayable.is_empty()) {
        text.push_str("\n| exception | engine | reason |\n| --- | --- | --- |\n");
    }
    for report in reports {
        for (name, reason) in &report.exceptions {
            let _ = writeln!(text, "| {name} | {} | {reason} |", report.engine);
        }
        for (name, reason) in &report.unplayable {
            let _ = writeln!(text, "| {name}: not played | {} | {reason} |", report.engine);
        }
    }
    text
}
