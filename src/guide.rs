//! What does not fit into one item's documentation.

#[doc = include_str!("../docs/guide/deploy.md")]
pub mod deploy {}

#[doc = include_str!("../docs/guide/enforcement.md")]
pub mod enforcement {}

#[doc = include_str!("../docs/guide/local_network.md")]
pub mod local_network {}

#[doc = include_str!("../docs/guide/placement.md")]
pub mod placement {}
