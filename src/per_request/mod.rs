//! Layers whose policy is picked for each request, at once or awaited.

mod awaited;
mod immediate;

pub use self::{
    awaited::{AsyncCors, AsyncPerRequestLayer, AsyncResponseFuture},
    immediate::PerRequestLayer,
};
