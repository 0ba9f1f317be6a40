//! A process that answers for Python's `re`.

use std::{
    io::{BufRead, BufReader, Write},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

use serde_json::{Value, json};

pub struct Python {
    child: Child,
    questions: ChildStdin,
    answers: BufReader<ChildStdout>,
}

pub enum Answer {
    /// Each origin, and whether it is matched as a whole.
    Matches(Vec<(String, bool)>),
    /// Python refuses the expression, or warns that its meaning will change.
    Refused,
    /// Python still backtracks.
    Slow,
}

impl Python {
    pub fn start() -> Self {
        const SCRIPT: &str = include_str!("reference.py");
        let mut child = Command::new("python3")
            .args(["-c", SCRIPT])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("python3 starts");
        let questions = child.stdin.take().expect("its input is piped");
        let answers = BufReader::new(child.stdout.take().expect("its output is piped"));
        Self { child, questions, answers }
    }

    /// Few questions may wait at once: nobody reads the answers meanwhile, and pipes are short.
    pub fn ask(&mut self, regex: &str, origins: &[String], samples: usize, seed: u64) {
        let question =
            json!({"regex": regex, "origins": origins, "samples": samples, "seed": seed});
        writeln!(self.questions, "{question}").expect("Python reads");
    }

    pub fn answer(&mut self) -> Answer {
        let mut line = String::new();
        self.answers.read_line(&mut line).expect("Python writes");
        let answer: Value = serde_json::from_str(&line).expect("Python writes JSON");
        if answer["refused"].is_string() {
            return Answer::Refused;
        }
        let (Some(origins), Some(matches)) =
            (answer["origins"].as_array(), answer["matches"].as_array())
        else {
            return Answer::Slow;
        };
        let pair = |(origin, matches): (&Value, &Value)| {
            Some((origin.as_str()?.to_owned(), matches.as_bool()?))
        };
        let pairs: Option<Vec<_>> = origins.iter().zip(matches).map(pair).collect();
        Answer::Matches(pairs.expect("a text and a truth value each"))
    }
}

impl Drop for Python {
    fn drop(&mut self) {
        // It ends with its input as well.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
