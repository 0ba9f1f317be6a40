//! Proves what each setting accepts, what it makes of that, and what it says to the rest.

#[path = "../common/mod.rs"]
mod common;

mod builder;
mod constant_wildcard;
mod dangers;
#[cfg(feature = "serde")]
mod format_errors;
#[cfg(feature = "serde")]
mod formats;
mod max_age;
mod methods;
mod names;
#[cfg(feature = "regex")]
mod openness;
mod origins;
mod preflight_status;
mod presets;
mod reach;
#[cfg(feature = "regex")]
mod regexes;

use common::said;
use tower_cors::{CorsLayer, Kind, Severity};

/// An item, what is said of it, and what is suggested instead.
type Row<'a> = (&'a str, Kind, Option<&'a str>);

/// Holds what is said of settings with one item against a row: that alone.
#[track_caller]
fn says(layer: &CorsLayer, severity: Severity, (item, kind, suggestion): Row<'_>) {
    let said = said(layer);
    let [found] = &said[..] else { panic!("{item:?}: {said:?}") };
    assert_eq!(
        (found.severity(), found.kind(), found.suggestion()),
        (severity, kind, suggestion),
        "{found}"
    );
    // Blanks are gone before anything else is read.
    let value = found.value().expect("an item is a value");
    assert!(value == item || value == item.trim(), "{found}");
}
