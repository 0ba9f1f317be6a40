//! `Risk`: the dangers of a CORS policy that can be accepted on purpose.

/// A danger that [`CorsLayer::tolerate`](crate::CorsLayer::tolerate) accepts.
///
/// It is checked if credentials are allowed or origins are enforced: browsers send cookies with
/// WebSockets and form posts, whatever CORS says. A danger that is not tolerated is an error of
/// [`build`](crate::CorsLayer::build). A tolerated one is a note in
/// [`CorsPolicy::diagnostics`](crate::CorsPolicy::diagnostics).
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
