//! `Refusal`: which parts of a request a policy refused.

use std::fmt;

use thiserror::Error;

/// The parts of a request that a policy refused: origin, method, headers, private network or host.
///
/// An outer layer finds it in the extensions of the response: of a refused preflight, of a 403 from
/// [`enforce_origin`](crate::CorsLayer::enforce_origin) and of a 400 from
/// [`allow_hosts`](crate::CorsLayer::allow_hosts). Under
/// [`report_only`](crate::CorsLayer::report_only) it is in the extensions of the request. It prints
/// as the text of the response.
///
/// ```
/// use tower_cors::CorsLayer;
///
/// let policy = CorsLayer::new().allow_origins(["https://app.example.com"]).build()?;
/// let refusal = policy.check("https://app.example.com", "PUT", &["x-token"]).unwrap_err();
/// assert!(!refusal.origin() && refusal.method() && refusal.headers());
/// assert_eq!(refusal.to_string(), "Disallowed CORS method, headers");
/// # Ok::<(), tower_cors::ConfigError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, Error)]
#[error("{}", self.text())]
pub struct Refusal(u8);

impl Refusal {
    pub(crate) const NOTHING: Self = Self(0);
    pub(crate) const ORIGIN: Self = Self(1);
    pub(crate) const METHOD: Self = Self(2);
    pub(crate) const HEADERS: Self = Self(4);
    pub(crate) const PRIVATE_NETWORK: Self = Self(8);
    pub(crate) const HOST: Self = Self(16);

    /// Invariant: the bits of the index are the parts that the text names.
    const TEXTS: [&str; 16] = [
        "OK",
        "Disallowed CORS origin",
        "Disallowed CORS method",
        "Disallowed CORS origin, method",
        "Disallowed CORS headers",
        "Disallowed CORS origin, headers",
        "Disallowed CORS method, headers",
        "Disallowed CORS origin, method, headers",
        "Disallowed CORS private-network",
        "Disallowed CORS origin, private-network",
        "Disallowed CORS method, private-network",
        "Disallowed CORS origin, method, private-network",
        "Disallowed CORS headers, private-network",
        "Disallowed CORS origin, headers, private-network",
        "Disallowed CORS method, headers, private-network",
        "Disallowed CORS origin, method, headers, private-network",
    ];

    pub(crate) fn when(self, refused: bool) -> Self {
        if refused { self } else { Self::NOTHING }
    }

    pub(crate) fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// `Ok` if nothing was refused.
    pub(crate) fn into_result(self) -> Result<(), Self> {
        if self == Self::NOTHING { Ok(()) } else { Err(self) }
    }

    /// The body of the response, `OK` included.
    pub(crate) fn text(self) -> &'static str {
        if self.host() { "Invalid host header" } else { Self::TEXTS[usize::from(self.0 & 15)] }
    }

    /// `origin, method`, as in the text of the response.
    #[cfg(feature = "tracing")]
    pub(crate) fn reasons(self) -> &'static str {
        self.text().trim_start_matches("Disallowed CORS ")
    }

    /// The origin is not allowed.
    #[must_use]
    pub fn origin(&self) -> bool {
        self.0 & Self::ORIGIN.0 != 0
    }

    /// The requested method is not allowed.
    #[must_use]
    pub fn method(&self) -> bool {
        self.0 & Self::METHOD.0 != 0
    }

    /// At least one of the requested headers is not allowed.
    #[must_use]
    pub fn headers(&self) -> bool {
        self.0 & Self::HEADERS.0 != 0
    }

    /// Access from a public network to a private one is not allowed.
    #[must_use]
    pub fn private_network(&self) -> bool {
        self.0 & Self::PRIVATE_NETWORK.0 != 0
    }

    /// The request is for a host that is not allowed.
    #[must_use]
    pub fn host(&self) -> bool {
        self.0 & Self::HOST.0 != 0
    }
}

impl fmt::Debug for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Refusal")
            .field("origin", &self.origin())
            .field("method", &self.method())
            .field("headers", &self.headers())
            .field("private_network", &self.private_network())
            .field("host", &self.host())
            .finish()
    }
}
