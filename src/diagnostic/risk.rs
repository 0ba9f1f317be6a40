//! `Risk`: each danger of a CORS policy that one may knowingly accept.

/// A danger that [`CorsLayer::tolerate`](crate::CorsLayer::tolerate) accepts.
///
/// Asked for when credentials are allowed or an origin is enforced: cookies go with WebSockets and
/// form posts whatever CORS says. An error of [`build`](crate::CorsLayer::build) unless tolerated;
/// where it is, a note remains in [`CorsPolicy::diagnostics`](crate::CorsPolicy::diagnostics).
///
/// Source: Fetch, "CORS protocol and credentials" ("both sharing responses and allowing requests
/// with credentials is rather unsafe").
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Risk {
    /// The policy matches an origin that anybody can obtain: any website could send requests as your
    /// logged-in user and read the answers.
    AnyOrigin,
    /// The policy matches `null`, and any website can make itself `null` with a sandboxed frame.
    NullOrigin,
}
