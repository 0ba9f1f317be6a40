//! Every case that `tower-browser` claims, through a `Page` of each engine, is as that engine was
//! recorded to do it.

use std::process::Command;

#[test]
fn a_page_does_as_the_engines_did() {
    let program = env!("CARGO_BIN_EXE_tower-cors-browsers");
    let output = Command::new(program)
        .args(["--engine", "all", "--recorded"])
        .output()
        .expect("the program is built");
    let said = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}{errors}");
    // Cases that were lost would pass in silence.
    for engine in ["chromium", "firefox", "webkit"] {
        let line = said.lines().find(|line| line.starts_with(&format!("{engine}: ")));
        let line = line.unwrap_or_else(|| panic!("nothing of {engine}: {said}"));
        let count = line.split(' ').nth(1).and_then(|count| count.parse::<usize>().ok());
        assert!(count >= Some(258), "{line}");
    }
}
