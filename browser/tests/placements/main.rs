//! The commonest mistakes with axum, by tower-http's layer and by tower-cors: what blocks the page,
//! and what the explanation names as the cause.

mod application;
#[path = "../common/mod.rs"]
mod common;
mod order;
mod refusals;
