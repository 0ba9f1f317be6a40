//! The pure core: Fetch's algorithms as a state machine, without I/O, time or tasks.
//!
//! [`Attempt`](attempt::Attempt) says what to send next and what to make of the answer. Section
//! names in the comments are those of the Fetch standard.

pub(crate) mod attempt;
pub(crate) mod cors;
mod credentials;
#[cfg(feature = "connection")]
pub(crate) mod handshake;
pub(crate) mod lists;
pub(crate) mod metadata;
pub(crate) mod method;
pub(crate) mod mime;
pub(crate) mod origin;
mod outgoing;
pub(crate) mod port;
pub(crate) mod preflight;
pub(crate) mod preflight_cache;
mod prepare;
pub(crate) mod redirect;
mod refusal;
pub(crate) mod request_header;
pub(crate) mod response_header;
pub(crate) mod session;
pub(crate) mod target;
