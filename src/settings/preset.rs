//! `Preset`: the names that a protocol's browser clients need.

/// The names that a protocol's browser clients need.
///
/// `preset(p)` calls `allow_methods`, `allow_headers` and `expose_headers` with the names that are
/// not listed yet. In a configuration file it is the key `preset`: `preset = ["mcp", "tracing"]`.
///
/// | preset | methods | request headers | exposed |
/// | --- | --- | --- | --- |
/// | `GrpcWeb` | `POST` | `Content-Type`, `X-Grpc-Web`, `X-User-Agent`, `Grpc-Timeout` | `Grpc-Status`, `Grpc-Message`, `Grpc-Status-Details-Bin` |
/// | `Connect` | `GET`, `POST` | `Content-Type`, `Connect-Protocol-Version`, `Connect-Timeout-Ms`, `X-User-Agent` | nothing |
/// | `Mcp` | `GET`, `POST`, `DELETE` | `Content-Type`, `Authorization`, `Last-Event-ID`, `Mcp-Session-Id`, `MCP-Protocol-Version`, `Mcp-Method`, `Mcp-Name`, `Mcp-Param-*` | `Mcp-Session-Id`, `MCP-Protocol-Version`, `WWW-Authenticate` |
/// | `Tracing` | nothing | `traceparent`, `tracestate`, `baggage` | nothing |
/// | `Tus` | `POST`, `HEAD`, `PATCH`, `DELETE`, `OPTIONS` | `Content-Type`, `Tus-Resumable`, `Upload-Length`, `Upload-Offset`, `Upload-Metadata`, `Upload-Defer-Length`, `Upload-Concat`, `Upload-Checksum`, `X-HTTP-Method-Override` | `Location`, `Tus-Resumable`, `Tus-Version`, `Tus-Extension`, `Tus-Max-Size`, `Tus-Checksum-Algorithm`, `Upload-Offset`, `Upload-Length`, `Upload-Metadata`, `Upload-Defer-Length`, `Upload-Concat`, `Upload-Expires` |
///
/// Only `Mcp` has `Authorization`, because its protocol defines how tokens are sent. If a page
/// sends a token, add `.allow_headers(["authorization"])`.
///
/// ```
/// use tower_cors::{CorsLayer, Preset};
///
/// let policy = CorsLayer::new()
///     .allow_origins(["https://app.example.com"])
///     .preset(Preset::Mcp)
///     .preset(Preset::Tracing)
///     .build()?;
/// let asked = ["content-type, mcp-session-id, mcp-param-region, traceparent"];
/// assert!(policy.check("https://app.example.com", "POST", &asked).is_ok());
/// # Ok::<(), tower_cors::ConfigError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Preset {
    /// gRPC-Web. List `Authorization` and your own metadata yourself.
    ///
    /// Sources: the gRPC-Web protocol (`PROTOCOL-WEB.md`: `X-Grpc-Web`, `X-User-Agent`, content
    /// types), gRPC over HTTP/2 (`PROTOCOL-HTTP2.md`: `Grpc-Timeout`, `Grpc-Status`, `Grpc-Message`),
    /// gRPC's richer error model (`Grpc-Status-Details-Bin`).
    GrpcWeb,
    /// Connect. Its errors are in the body, so nothing is exposed. List `Authorization`,
    /// `Trailer-…` headers and your own metadata yourself.
    ///
    /// Source: the Connect protocol reference and its CORS page.
    Connect,
    /// The Model Context Protocol over streamable HTTP: its revisions of 2025, and the headers that
    /// repeat parts of the body since 2026. Each argument of a tool is sent as `Mcp-Param-` and its
    /// name, so this is a prefix. `WWW-Authenticate` is exposed so that clients find the
    /// authorization server.
    ///
    /// Sources: the specification, "Transports", "Streamable HTTP" (`Mcp-Session-Id`, `Last-Event-ID`,
    /// and the methods: 2025-03-26; `MCP-Protocol-Version`: 2025-06-18) and "Authorization"
    /// (`Authorization`, `WWW-Authenticate`); SEP-2243, "HTTP header standardization" (`Mcp-Method`,
    /// `Mcp-Name`, `Mcp-Param-…`).
    Mcp,
    /// Distributed tracing that starts in the page. It adds no method and exposes nothing.
    ///
    /// Sentry's browser SDK sends `sentry-trace` together with `baggage`: add
    /// `.allow_headers(["sentry-trace"])`. List the names of B3 and other vendors yourself too.
    ///
    /// Sources: W3C Trace Context (`traceparent`, `tracestate`); W3C Baggage (`baggage`).
    Tracing,
    /// Resumable uploads by tus 1.0 with all its extensions. List `Authorization` yourself, and
    /// `GET`, which the protocol does not define.
    ///
    /// Source: the tus resumable upload protocol 1.0.0, core protocol (`X-HTTP-Method-Override`
    /// included) and the extensions creation, creation-defer-length, expiration, checksum, termination
    /// and concatenation.
    Tus,
}

impl Preset {
    /// Empty if the protocol does not define methods.
    pub(crate) fn methods(self) -> &'static [&'static str] {
        match self {
            Self::GrpcWeb => &["POST"],
            Self::Connect => &["GET", "POST"],
            Self::Mcp => &["GET", "POST", "DELETE"],
            Self::Tracing => &[],
            Self::Tus => &["POST", "HEAD", "PATCH", "DELETE", "OPTIONS"],
        }
    }

    pub(crate) fn request_headers(self) -> &'static [&'static str] {
        match self {
            Self::GrpcWeb => &["Content-Type", "X-Grpc-Web", "X-User-Agent", "Grpc-Timeout"],
            Self::Connect => {
                &["Content-Type", "Connect-Protocol-Version", "Connect-Timeout-Ms", "X-User-Agent"]
            }
            Self::Mcp => &[
                "Content-Type",
                "Authorization",
                "Last-Event-ID",
                "Mcp-Session-Id",
                "MCP-Protocol-Version",
                "Mcp-Method",
                "Mcp-Name",
                "Mcp-Param-*",
            ],
            Self::Tracing => &["traceparent", "tracestate", "baggage"],
            Self::Tus => &[
                "Content-Type",
                "Tus-Resumable",
                "Upload-Length",
                "Upload-Offset",
                "Upload-Metadata",
                "Upload-Defer-Length",
                "Upload-Concat",
                "Upload-Checksum",
                "X-HTTP-Method-Override",
            ],
        }
    }

    pub(crate) fn exposed_headers(self) -> &'static [&'static str] {
        match self {
            Self::GrpcWeb => &["Grpc-Status", "Grpc-Message", "Grpc-Status-Details-Bin"],
            Self::Connect | Self::Tracing => &[],
            Self::Mcp => &["Mcp-Session-Id", "MCP-Protocol-Version", "WWW-Authenticate"],
            Self::Tus => &[
                "Location",
                "Tus-Resumable",
                "Tus-Version",
                "Tus-Extension",
                "Tus-Max-Size",
                "Tus-Checksum-Algorithm",
                "Upload-Offset",
                "Upload-Length",
                "Upload-Metadata",
                "Upload-Defer-Length",
                "Upload-Concat",
                "Upload-Expires",
            ],
        }
    }
}
