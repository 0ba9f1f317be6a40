//! The examples of the crate, built as `cargo run --example` would build them.

use std::{collections::HashMap, env, path::PathBuf, process::Stdio};

use serde_json::Value;
use tokio::process::Command;

use crate::{
    Error,
    case::{Case, Servers, What},
};

/// The programs, by name.
#[derive(Default)]
pub struct Examples(pub HashMap<String, PathBuf>);

/// Builds those that the cases need.
pub async fn build(cases: &[&Case]) -> Result<Examples, Error> {
    let mut names: Vec<_> = cases.iter().filter_map(|case| needed(case)).collect();
    names.sort_unstable();
    names.dedup();
    if names.is_empty() {
        return Ok(Examples::default());
    }
    println!("building the examples {}", names.join(", "));
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or("cargo".into()));
    cargo.args(["build", "--quiet", "--message-format=json-render-diagnostics"]);
    cargo.arg("--manifest-path").arg(crate::repository().join("Cargo.toml"));
    for name in &names {
        cargo.args(["--example", name]);
    }
    let output = cargo.stderr(Stdio::inherit()).kill_on_drop(true).output().await?;
    if !output.status.success() {
        return Err("the examples do not build".into());
    }
    let messages = String::from_utf8_lossy(&output.stdout);
    let built = messages.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let programs = built.filter_map(|message| {
        let program = message.get("executable")?.as_str()?;
        Some((message["target"]["name"].as_str()?.to_owned(), program.into()))
    });
    Ok(Examples(programs.collect()))
}

fn needed(case: &Case) -> Option<&'static str> {
    match &case.what {
        What::Row(row) => match row.servers {
            Servers::Example(name) => Some(name),
            _ => None,
        },
        What::Scene { example, .. } => Some(example),
    }
}
