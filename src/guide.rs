//! The guide: CORS basics, recipes, testing, debugging, deployment, security, and coming from other
//! libraries.

#[doc = include_str!("../docs/guide/basics.md")]
pub mod basics {}

#[doc = include_str!("../docs/guide/recipes.md")]
pub mod recipes {}

#[doc = include_str!("../docs/guide/enforcement.md")]
pub mod enforcement {}

#[doc = include_str!("../docs/guide/local_network.md")]
pub mod local_network {}

#[doc = include_str!("../docs/guide/placement.md")]
pub mod placement {}

#[doc = include_str!("../docs/guide/testing.md")]
pub mod testing {}

#[doc = include_str!("../docs/guide/debugging.md")]
pub mod debugging {}

#[doc = include_str!("../docs/guide/deploy.md")]
pub mod deploy {}

#[doc = include_str!("../docs/guide/security.md")]
pub mod security {}

#[doc = include_str!("../docs/guide/fastapi.md")]
pub mod fastapi {}

#[doc = include_str!("../docs/guide/tower-http.md")]
pub mod tower_http {}

#[doc = include_str!("../docs/guide/express.md")]
pub mod express {}
