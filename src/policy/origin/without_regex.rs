//! Stands in for `regex` in builds without the feature: no expression ever passes `build()`.

use crate::error::Fault;

/// Has no values.
#[derive(Debug)]
pub(crate) enum OriginRegex {}

impl OriginRegex {
    pub(crate) fn new(regexes: &[impl AsRef<str>]) -> Result<Self, Fault> {
        let regex = regexes.first().map_or("", AsRef::as_ref).to_owned();
        Err(Fault::RegexWithoutFeature { regex })
    }

    pub(crate) fn matches(&self, _: &[u8]) -> bool {
        match *self {}
    }
}

pub(crate) struct Looseness {
    pub(crate) example: Option<String>,
    pub(crate) write: String,
}

pub(crate) fn looseness(_: &str) -> Option<Looseness> {
    None
}
