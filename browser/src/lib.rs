//! A browser's CORS decisions over any Tower service, for tests of whole applications.
mod blocked;
mod cause;
#[cfg(feature = "connection")]
mod connection;
mod console;
mod cookies;
mod engine;
mod exchange;
mod fetch;
mod page;
mod reason;
mod seen;
mod standard;

#[cfg(feature = "connection")]
pub use self::connection::Socket;
pub use self::{
    blocked::Blocked,
    engine::Engine,
    exchange::{Exchange, Verdict},
    fetch::{Content, Credentials, Fetch, Mode, Redirect},
    page::{Body, Page},
    reason::Reason,
    seen::Seen,
};
