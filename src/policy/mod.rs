//! The request path: what a policy decides about one request, as a value.
//!
//! It reads and writes `http` types. It does not use services, tasks or bodies, and does not read
//! settings or write diagnostics.

pub(crate) mod bytes;
pub(crate) mod decision;
pub(crate) mod decoration;
pub(crate) mod enforce;
pub(crate) mod extras;
pub(crate) mod hosts;
pub(crate) mod inner;
pub(crate) mod names;
pub(crate) mod origin;
pub(crate) mod prefixes;
pub(crate) mod preflight;
pub(crate) mod refusal;
pub(crate) mod request;
pub(crate) mod rules;
pub(crate) mod vary;
