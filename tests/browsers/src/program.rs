//! A program that starts servers and browsers: its roles, its signals, its exit status.

use std::{env, process::ExitCode};

use tokio::signal::unix::{SignalKind, signal};

use crate::{
    Error,
    processes::{EndAll, Folder},
};

/// Runs a program: `play` for `role NAME ...`, which is how it starts its own servers as processes, else `run` with its
/// arguments and a folder that is removed. Whatever it started ends with it, by a signal too.
pub fn main(
    play: impl AsyncFnOnce(&[String]) -> Result<(), Error>,
    run: impl AsyncFnOnce(&[String], &Folder) -> Result<bool, Error>,
) -> ExitCode {
    let arguments: Vec<_> = env::args().skip(1).collect();
    let runtime = tokio::runtime::Runtime::new().expect("a runtime starts");
    let result = match arguments.split_first() {
        Some((role, arguments)) if role == "role" => {
            runtime.block_on(play(arguments)).map(|()| true)
        }
        _ => runtime.block_on(interruptible(run, &arguments)),
    };
    // A server that still waits for somebody is no reason to stay.
    runtime.shutdown_background();
    match result {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn interruptible(
    run: impl AsyncFnOnce(&[String], &Folder) -> Result<bool, Error>,
    arguments: &[String],
) -> Result<bool, Error> {
    let scratch = Folder::new()?;
    // Dropped first.
    let _end_all = EndAll::new()?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        result = run(arguments, &scratch) => result,
        _ = interrupt.recv() => Err("interrupted".into()),
        _ = terminate.recv() => Err("terminated".into()),
    }
}
