//! Proves the law of the fuzz target `browser` on its committed seeds, and that they reach what matters.

#[path = "../../fuzz/pages.rs"]
mod pages;

use std::{collections::BTreeSet, fs, path::Path};

const WANTED: [&str; 11] = [
    "basic",
    "blocked",
    "cookie",
    "cors",
    "not sent",
    "opaque",
    "opaqueredirect",
    "preflight",
    "preflight refused",
    "redirected",
    "redirects without end",
];

#[test]
fn the_seeds_reach_what_matters() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/seeds/browser");
    let mut reached = BTreeSet::new();
    for file in fs::read_dir(folder).unwrap() {
        reached.extend(pages::every_fetch_ends(&fs::read(file.unwrap().path()).unwrap()));
    }
    let missed: Vec<_> = WANTED.iter().filter(|branch| !reached.contains(*branch)).collect();
    assert!(missed.is_empty(), "the seeds miss {missed:?}");
}
