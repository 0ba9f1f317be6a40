//! A differential test: what the crate matches, beside Python's `re.fullmatch` (difference D8).
//!
//! ```text
//! cargo run --release -p tower-cors-regexes -- [--seed N] [--seconds N] [--pairs N]
//! ```
//!
//! Makes expressions at random, from a grammar of both languages. What the crate accepts must agree with
//! Python on every well-formed origin; the origins are made from either language's reading. Before that, the
//! expressions of real configurations: none is lost that both read alike. The seed is fresh unless given, and
//! printed. Without a bound it stops after 500,000 pairs of an expression and an origin. Exits with 1 on any
//! difference, each made small.

mod generate;
mod python;
mod random;
mod reading;
mod sample;
mod shrink;

use std::{
    process::ExitCode,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use python::{Answer, Python};
use random::Random;
use reading::{Reading, is_well_formed};
use shrink::{Difference, shrink};

/// What an expression is compared on: made from Rust's reading, and from Python's.
const SAMPLES: usize = 24;
/// As many as pipes have room for.
const BATCH: usize = 10;
/// Longer expressions say nothing new.
const LONGEST: usize = 400;
/// How many differences are printed.
const PRINTED: usize = 20;

fn main() -> ExitCode {
    let asked = Arguments::read();
    println!("seed {}", asked.seed);
    let mut random = Random::new(asked.seed);
    let mut python = Python::start();
    let mut count = Count { lost: lost(&mut python), ..Count::default() };
    let start = Instant::now();
    let mut waiting: Vec<Question> = Vec::new();
    loop {
        let is_over = count.pairs >= asked.pairs || start.elapsed() >= asked.time;
        let next = if is_over { Vec::new() } else { batch(&mut random, &mut count) };
        waiting.iter().for_each(|question| count.add(question, python.answer()));
        if next.is_empty() {
            break;
        }
        for question in &next {
            python.ask(question.regex.trim(), &question.origins, SAMPLES, random.next());
        }
        waiting = next;
    }
    count.print(&mut python, start.elapsed())
}

/// The real expressions that the crate refuses, though Python compiles them.
fn lost(python: &mut Python) -> Vec<&'static str> {
    let (mut read, mut lost) = (0, Vec::new());
    for regex in generate::real() {
        read += 1;
        python.ask(regex, &[], 0, 0);
        let by_python = !matches!(python.answer(), Answer::Refused);
        if by_python && matches!(Reading::of(regex), Reading::Refused | Reading::Large) {
            lost.push(regex);
        }
    }
    println!("real expressions {read}, of those that Python reads lost {}", lost.len());
    lost
}

struct Question {
    regex: String,
    origins: Vec<String>,
    reading: Reading,
}

/// Expressions that the crate accepts.
fn batch(random: &mut Random, count: &mut Count) -> Vec<Question> {
    let mut batch = Vec::new();
    while batch.len() < BATCH {
        let regex = generate::expression(random);
        if regex.len() > LONGEST {
            continue;
        }
        count.made += 1;
        let reading = Reading::of(&regex);
        match reading {
            Reading::Accepted(_) | Reading::Nothing => {
                let mut origins = sample::origins(random, &regex, SAMPLES);
                origins.retain(|origin| is_well_formed(origin));
                batch.push(Question { regex, origins, reading });
            }
            Reading::Large => count.large += 1,
            Reading::Refused => count.refused += 1,
        }
    }
    batch
}

#[derive(Default)]
struct Count {
    made: usize,
    refused: usize,
    large: usize,
    accepted: usize,
    slow: usize,
    pairs: usize,
    matching: usize,
    differing: usize,
    differences: Vec<Difference>,
    lost: Vec<&'static str>,
}

impl Count {
    fn add(&mut self, question: &Question, answer: Answer) {
        self.accepted += 1;
        let mut pairs = match answer {
            Answer::Matches(pairs) => pairs,
            Answer::Refused => return self.differ(&question.regex, None),
            Answer::Slow => {
                self.slow += 1;
                return;
            }
        };
        pairs.sort_unstable();
        pairs.dedup();
        for (origin, theirs) in pairs {
            let Some(ours) = question.reading.matches(&origin) else { continue };
            self.pairs += 1;
            self.matching += usize::from(ours);
            if ours != theirs {
                self.differ(&question.regex, Some(origin));
            }
        }
    }

    fn differ(&mut self, regex: &str, origin: Option<String>) {
        self.differing += 1;
        let is_new = self.differences.iter().all(|known| known.regex != regex);
        if is_new && self.differences.len() < PRINTED {
            self.differences.push(Difference { regex: regex.to_owned(), origin });
        }
    }

    fn print(self, python: &mut Python, time: Duration) -> ExitCode {
        for regex in &self.lost {
            println!("LOST {regex:?}");
        }
        for found in self.differences {
            let Difference { regex, origin } = shrink(python, found);
            let said = match origin {
                Some(origin) if Reading::of(&regex).matches(&origin) == Some(true) => {
                    format!("{origin:?}: we match it, Python does not")
                }
                Some(origin) => format!("{origin:?}: Python matches it, we do not"),
                None => "accepted, and Python refuses it or warns".to_owned(),
            };
            println!("DIFFERENT {regex:?} {said}");
        }
        let share = self.matching * 100 / self.pairs.max(1);
        println!(
            "expressions {}: {} refused, {} too large, {} accepted, of those {} too slow for Python",
            self.made, self.refused, self.large, self.accepted, self.slow,
        );
        println!(
            "pairs {}, {share} in 100 matching, {} differences, {:.0} s",
            self.pairs,
            self.differing,
            time.as_secs_f64(),
        );
        match self.differing == 0 && self.lost.is_empty() && self.matching > 0 {
            true => ExitCode::SUCCESS,
            false => ExitCode::FAILURE,
        }
    }
}

struct Arguments {
    seed: u64,
    time: Duration,
    pairs: usize,
}

impl Arguments {
    fn read() -> Self {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("it is after 1970");
        let (mut seed, mut time, mut pairs) = (now.as_micros() as u64, None, None);
        let mut arguments = std::env::args().skip(1);
        while let Some(name) = arguments.next() {
            let value = arguments.next().and_then(|value| value.parse::<u64>().ok());
            match (name.as_str(), value) {
                ("--seed", Some(given)) => seed = given,
                ("--seconds", Some(given)) => time = Some(Duration::from_secs(given)),
                ("--pairs", Some(given)) => pairs = Some(given as usize),
                _ => {
                    eprintln!("usage: tower-cors-regexes [--seed N] [--seconds N] [--pairs N]");
                    std::process::exit(2);
                }
            }
        }
        let unbounded = if time.is_some() { usize::MAX } else { 500_000 };
        Self { seed, time: time.unwrap_or(Duration::MAX), pairs: pairs.unwrap_or(unbounded) }
    }
}
