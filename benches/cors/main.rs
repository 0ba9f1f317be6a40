//! What the layer costs, beside a service without CORS, a service written by hand for one policy, and tower-http.
//!
//! `benches/README.md` says how to run it and how the figures are made.

mod chart;
mod check;
mod limit;
mod policies;
mod request;
mod scenarios;
mod silence;
mod subject;
mod table;
mod time;
mod valgrind;

use std::{env, fs, process::exit};

use scenarios::Scenario;

fn main() {
    // `cargo bench` adds this one.
    let arguments: Vec<String> = env::args().skip(1).filter(|word| word != "--bench").collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let scenarios = scenarios::all();
    match *words {
        [valgrind::INSTRUCTIONS, name] => {
            let scenarios =
                scenarios.into_iter().chain(chart::scenarios()).chain(silence::heard()).collect();
            valgrind::run_for_instructions(&named(scenarios, name));
        }
        [valgrind::ALLOCATIONS, name] => valgrind::run_for_allocations(&named(scenarios, name)),
        ["--chart", path] => {
            fs::write(path, chart::draw()).expect("a writable path for the chart");
        }
        ["--record"] => check::record(&scenarios),
        ["--check"] => {
            let kept = check::check(&scenarios);
            if !silence::check() || !kept {
                exit(1);
            }
        }
        ["--silence"] => {
            if !silence::check() {
                exit(1);
            }
        }
        ["--help", ..] => print!("{HELP}"),
        [option, ..] if option.starts_with("--") => {
            eprint!("no such option: {option}\n{HELP}");
            exit(2);
        }
        _ => {
            let chosen = |scenario: &&Scenario| {
                words.is_empty() || words.iter().any(|word| scenario.name.contains(word))
            };
            let chosen: Vec<&Scenario> = scenarios.iter().filter(chosen).collect();
            print!("{}", table::measure(&chosen));
        }
    }
}

fn named(scenarios: Vec<Scenario>, name: &str) -> Scenario {
    scenarios.into_iter().find(|scenario| scenario.name == name).expect("a scenario's name")
}

const HELP: &str = "\
cargo bench --bench cors --all-features [-- WORDS]    the table, of the scenarios whose name has one of the words
cargo bench --bench cors --all-features -- --check    the ratios to the limit, against those in benches/ratios.toml; and --silence
cargo bench --bench cors --all-features -- --silence  that a subscriber costs an allowed request nothing
cargo bench --bench cors --all-features -- --record   writes benches/ratios.toml
cargo bench --bench cors --all-features -- --chart FILE.svg
";
