//! Keeps what was reached: the cost of the main scenarios, as ratios to the limit, against those on record.

use std::{collections::BTreeMap, fmt::Write, fs, path::PathBuf};

use crate::{
    scenarios::Scenario,
    table::{met, target},
    valgrind::{self, PerContender},
};

/// What changes of the compiler and of dependencies may add.
const MARGIN: f64 = 1.03;

const MAIN: [&str; 21] = [
    "no Origin",
    "one origin, hit",
    "one origin, miss",
    "any origin (`*`)",
    "1,000 origins, hit",
    "1,000 origins, miss",
    "wildcard pattern, hit",
    "regex, hit",
    "inner response has a Vary",
    "credentials and exposed headers",
    "enforced: its own page, no Origin",
    "enforced: its own page, with Origin",
    "enforced, hosts: a listed origin",
    "preflight, plain",
    "preflight, method, 3 headers, credentials",
    "preflight, headers mirrored",
    "preflight refused: origin",
    "64 KiB of commas",
    "64 KiB of one name",
    "64 KiB of allowed names",
    "Origin of 8 KiB against a regex",
];

/// Writes the ratios of this run down.
pub(crate) fn record(scenarios: &[Scenario]) {
    let mut text = String::from(
        "# Instructions in total, over those of the hand-written limit.\n\
         # Written by `cargo bench --bench cors --all-features -- --record`.\n",
    );
    for (scenario, figures) in measure(scenarios) {
        writeln!(text, "\"{}\" = {:.3}", scenario.name, ratio(&figures)).expect("text");
    }
    fs::write(path(), text).expect("a writable benches/ratios.toml");
}

/// Whether every ratio is within [`MARGIN`] of the one on record. Says which are not, and which targets are missed.
pub(crate) fn check(scenarios: &[Scenario]) -> bool {
    let recorded = recorded();
    let (mut passed, mut failed) = (0, 0);
    for (scenario, figures) in measure(scenarios) {
        let ratio = ratio(&figures);
        let before = recorded.get(&scenario.name).copied().unwrap_or(0.0);
        let within = ratio <= before * MARGIN;
        if within {
            passed += 1
        } else {
            failed += 1
        }
        let verdict = if within { "ok" } else { "FAILED" };
        println!("{verdict:6} {:45} {ratio:.3}, on record {before:.3}", scenario.name);
        if met(scenario.target, &figures) == Some(false) {
            println!("       misses its target: {}", target(scenario.target));
        }
    }
    println!("\n{passed} passed, {failed} failed");
    failed == 0
}

fn measure(scenarios: &[Scenario]) -> Vec<(&Scenario, PerContender<u64>)> {
    let is_main = |scenario: &&Scenario| MAIN.contains(&&*scenario.name);
    let main: Vec<&Scenario> = scenarios.iter().filter(is_main).collect();
    assert_eq!(main.len(), MAIN.len(), "the main scenarios exist");
    let figures = valgrind::each(&main, valgrind::instructions);
    main.into_iter().zip(figures).collect()
}

fn ratio([_, limit, ours, _]: &PerContender<u64>) -> f64 {
    ours.expect("this crate's figure") as f64 / limit.expect("the limit's figure") as f64
}

fn recorded() -> BTreeMap<String, f64> {
    let text = fs::read_to_string(path()).expect("benches/ratios.toml");
    text.lines()
        .filter_map(|line| line.strip_prefix('"')?.split_once("\" = "))
        .map(|(name, ratio)| (name.to_owned(), ratio.parse().expect("a ratio")))
        .collect()
}

fn path() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("benches/ratios.toml")
}
