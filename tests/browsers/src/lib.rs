//! What drives real browsers, for the programs that need one: this one and `tests/gateways`.

pub mod browser;
pub mod engine;
pub mod log;
pub mod processes;
pub mod program;
pub mod servers;

use std::path::{Path, PathBuf};

pub type Error = Box<dyn std::error::Error + Send + Sync>;

/// The crate's repository.
pub fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}
