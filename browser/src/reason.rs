//! `Reason`: why a page gets a network error in place of a response.

use thiserror::Error;

/// Why a page gets a network error instead of a response.
///
/// [`Blocked::exchange`](crate::Blocked::exchange) says whether the preflight or the actual
/// response failed.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Reason {
    /// `Page::new` got an origin that no browser sends.
    #[error("the page's origin is malformed")]
    MalformedOrigin,
    /// The URL does not parse.
    #[error("the URL is malformed")]
    MalformedUrl,
    /// The URL is neither http nor https; for WebSockets neither ws nor wss.
    #[error("the URL's scheme is not supported")]
    UnsupportedScheme,
    /// The URL holds a user name or a password (Fetch, "Request class").
    #[error("the URL holds a user name or a password")]
    UrlWithCredentials,
    /// Browsers do not connect to this port (Fetch, "Port blocking").
    #[error("browsers do not connect to this port")]
    BadPort,
    /// The method is not a token.
    #[error("the method is malformed")]
    InvalidMethod,
    /// No script can send CONNECT, TRACE and TRACK (Fetch, "forbidden method").
    #[error("no script can send this method")]
    ForbiddenMethod,
    /// A header's name or value is malformed.
    #[error("a request header is malformed")]
    InvalidHeader,
    /// GET and HEAD have no body (Fetch, "Request class").
    #[error("a GET or HEAD cannot have a body")]
    UnexpectedBody,
    /// Mode no-cors is for GET, HEAD and POST (Fetch, "Request class").
    #[error("mode no-cors is for GET, HEAD and POST alone")]
    NoCorsMethod,
    /// Mode no-cors follows redirects, and nothing else (Fetch, "Main fetch").
    #[error("mode no-cors must follow redirects")]
    NoCorsRedirect,
    /// Mode same-origin does not reach another origin (Fetch, "Main fetch").
    #[error("mode same-origin does not reach another origin")]
    SameOriginMode,

    /// The service returned an error instead of a response.
    #[error("the service returned an error in place of a response")]
    ServiceError,

    /// `Access-Control-Allow-Origin` is missing (Fetch, "CORS check").
    #[error("Access-Control-Allow-Origin is missing")]
    AllowOriginMissing,
    /// `Access-Control-Allow-Origin` names another origin.
    #[error("Access-Control-Allow-Origin is not the page's origin")]
    AllowOriginMismatch,
    /// `Access-Control-Allow-Origin` has several values, in one line or more.
    #[error("Access-Control-Allow-Origin has several values")]
    AllowOriginMultiple,
    /// `Access-Control-Allow-Origin` is not an origin.
    #[error("Access-Control-Allow-Origin is not an origin")]
    AllowOriginInvalid,
    /// `Access-Control-Allow-Origin` is `*`, and the request is made with credentials.
    #[error("Access-Control-Allow-Origin is * for a request with credentials")]
    WildcardWithCredentials,
    /// `Access-Control-Allow-Credentials` is not exactly `true`.
    #[error("Access-Control-Allow-Credentials is not true")]
    AllowCredentialsNotTrue,

    /// The preflight was answered with a redirect.
    #[error("the preflight was redirected")]
    PreflightRedirected,
    /// The preflight's status is not between 200 and 299.
    #[error("the preflight's status is not 2xx")]
    PreflightStatus,
    /// The method is not in `Access-Control-Allow-Methods` (Fetch, "CORS-preflight fetch").
    #[error("the method is not in Access-Control-Allow-Methods")]
    MethodNotAllowed,
    /// A header's name is not in `Access-Control-Allow-Headers`.
    #[error("a header is not in Access-Control-Allow-Headers")]
    HeaderNotAllowed,
    /// In the standard, `Access-Control-Allow-Headers: *` does not cover `Authorization`. Current
    /// engines accept it.
    #[error("Access-Control-Allow-Headers: * does not cover Authorization")]
    WildcardWithAuthorization,
    /// An element of `Access-Control-Allow-Methods` is not a method.
    #[error("Access-Control-Allow-Methods is malformed")]
    AllowMethodsInvalid,
    /// An element of `Access-Control-Allow-Headers` is not a header's name.
    #[error("Access-Control-Allow-Headers is malformed")]
    AllowHeadersInvalid,

    /// There is a redirect, and the page asked for [`Redirect::Error`](crate::Redirect::Error).
    #[error("a redirect came, which the page does not accept")]
    UnexpectedRedirect,
    /// A request follows at most 20 redirects (Fetch, "HTTP-redirect fetch").
    #[error("there are more than 20 redirects")]
    TooManyRedirects,
    /// `Location` does not parse, or appears several times.
    #[error("the redirect's Location is malformed")]
    RedirectLocation,
    /// `Location` is neither http nor https.
    #[error("the redirect leads to another scheme than http and https")]
    RedirectScheme,
    /// `Location` holds a user name or a password.
    #[error("the redirect's Location holds a user name or a password")]
    RedirectWithCredentials,

    /// A WebSocket's handshake was answered with a status other than 101 (RFC 6455, 4.1).
    #[error("the handshake's status is not 101")]
    HandshakeStatus,
    /// A WebSocket's handshake was answered with wrong headers.
    #[error("the handshake's headers are wrong")]
    HandshakeHeaders,
}

impl Reason {
    /// Whether a response's headers or status are the cause.
    pub(crate) fn is_of_cors(self) -> bool {
        matches!(
            self,
            Self::AllowOriginMissing
                | Self::AllowOriginMismatch
                | Self::AllowOriginMultiple
                | Self::AllowOriginInvalid
                | Self::WildcardWithCredentials
                | Self::AllowCredentialsNotTrue
                | Self::PreflightRedirected
                | Self::PreflightStatus
                | Self::MethodNotAllowed
                | Self::HeaderNotAllowed
                | Self::WildcardWithAuthorization
                | Self::AllowMethodsInvalid
                | Self::AllowHeadersInvalid
        )
    }
}
