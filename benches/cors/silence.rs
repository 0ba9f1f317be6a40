//! An allowed request says nothing: it costs the same whether nobody listens or a subscriber at level info.

use std::io;

use tracing::{Level, level_filters::LevelFilter};

use crate::{
    scenarios::{self, Contender, Scenario},
    valgrind,
};

const ALLOWED: [&str; 3] =
    ["one origin, hit", "credentials and exposed headers", "preflight, plain"];
/// By how many instructions the two may part: what a header map costs hangs a little on where its memory lies. To ask a
/// subscriber once costs 75.
const NOISE: u64 = 20;
const HEARD: &str = ", a subscriber at info";

/// The same rows with a subscriber. They are no rows of the table: it is the whole program's, and would hear the others.
pub(crate) fn heard() -> Vec<Scenario> {
    allowed().into_iter().map(|scenario| scenario.after(HEARD, listen)).collect()
}

/// Says whether each row costs the same with a subscriber.
pub(crate) fn check() -> bool {
    let (silent, heard) = (allowed(), heard());
    let pairs: Vec<&Scenario> = silent.iter().chain(&heard).collect();
    let figures = valgrind::each(&pairs, |scenario| {
        valgrind::instructions(scenario)[Contender::Ours as usize].expect("this crate's figure")
    });
    let (silent, heard) = figures.split_at(ALLOWED.len());
    let mut same = true;
    for ((name, silent), heard) in ALLOWED.iter().zip(silent).zip(heard) {
        let is_same = silent.abs_diff(*heard) <= NOISE;
        let verdict = if is_same { "ok" } else { "FAILED" };
        same &= is_same;
        println!("{verdict:6} {name:45} {silent} instructions, {heard} with a subscriber at info");
    }
    same
}

fn allowed() -> Vec<Scenario> {
    let rows = scenarios::all();
    let is_allowed = |row: &Scenario| ALLOWED.iter().any(|name| *name == row.name);
    let rows: Vec<_> = rows.into_iter().filter(is_allowed).collect();
    assert_eq!(rows.len(), ALLOWED.len(), "the rows exist");
    rows
}

fn listen() {
    // It fails from the second contender on.
    let _ = tracing_subscriber::fmt().with_max_level(Level::INFO).with_writer(io::sink).try_init();
    assert_eq!(LevelFilter::current(), Level::INFO, "somebody listens");
}
