//! `Cause`: what on the server is likely wrong, told from what went over the wire.

use http::header::{ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN, VARY};

use crate::{
    Reason, Verdict,
    difference::origin_difference,
    exchange::{Answer, Exchange},
    standard::{preflight::Asked, redirect},
};

/// A likely cause and what to change, in words of server code.
#[derive(Clone, Debug)]
pub(crate) struct Cause {
    pub(crate) why: String,
    pub(crate) change: String,
}

/// What is known of a refusal.
#[derive(Debug)]
pub(crate) struct Evidence<'a> {
    pub(crate) reason: Reason,
    pub(crate) subject: &'a str,
    pub(crate) exchange: &'a Exchange,
    /// All exchanges of the request up to the one that failed, and that one.
    pub(crate) exchanges: &'a [Exchange],
    pub(crate) page: &'a str,
    pub(crate) asked: &'a Asked,
}

const ORDER: &str = "(on an axum Router: call `.layer(cors)` after";

fn cause(why: impl Into<String>, change: impl Into<String>) -> Option<Cause> {
    Some(Cause { why: why.into(), change: change.into() })
}

impl Evidence<'_> {
    pub(crate) fn likely_cause(&self) -> Option<Cause> {
        let Self { subject, page, .. } = self;
        let (origin, with) = (self.asked.origin.as_str(), self.asked.with_credentials);
        match self.reason {
            Reason::AllowOriginMissing if self.exchange.is_preflight => self.bare_preflight(),
            Reason::AllowOriginMissing => self.bare_response(),
            Reason::PreflightRedirected => self.redirected_preflight(),
            Reason::PreflightStatus => self.refused_preflight(),
            Reason::AllowOriginMultiple => cause(
                "two components add the header: two CORS layers, a handler and a layer, or the application and the gateway in front of it",
                "let exactly one of them set CORS headers",
            ),
            Reason::AllowOriginMismatch if origin == "null" && *page != "null" => cause(
                "a redirect from one foreign origin to another made the page's origin `null`, which this server does not allow",
                "let the page request the final URL, or redirect within one origin",
            ),
            Reason::AllowOriginMismatch => cause(
                format!(
                    "the server allows \"{subject}\": {}",
                    origin_difference(subject, origin).unwrap_or(
                        "it is another origin: the server sends one constant origin, or a cache returned the answer for another page"
                    )
                ),
                format!(
                    "let the server send the page's origin: list \"{origin}\" in its allowed origins, without a path or slash",
                ),
            ),
            Reason::AllowOriginInvalid => cause(
                format!("the configured value \"{subject}\" is not an origin"),
                format!("write an origin with its scheme: \"{origin}\""),
            ),
            Reason::WildcardWithCredentials => cause(
                "the server allows any origin with `*`, but browsers do not accept `*` for requests with credentials",
                format!(
                    "if cookies are needed: list \"{origin}\" and allow credentials; otherwise drop `credentials: 'include'` on the page"
                ),
            ),
            Reason::AllowCredentialsNotTrue => cause(
                "the server does not allow credentials, but the page asks with `credentials: 'include'`",
                "if cookies are needed: `allow_credentials(true)` on the CORS layer; otherwise drop `credentials: 'include'` on the page",
            ),
            Reason::MethodNotAllowed if with && self.lists_wildcard() => cause(
                "for requests with credentials `Access-Control-Allow-Methods: *` does not mean any",
                format!("list the methods by name: `allow_methods([\"{subject}\"])`"),
            ),
            Reason::MethodNotAllowed if subject.bytes().any(|byte| byte.is_ascii_lowercase()) => {
                cause(
                    format!(
                        "the page writes the method as `{subject}`; browsers send it as it is, and methods are case-sensitive"
                    ),
                    format!("let the page write `{}`", subject.to_ascii_uppercase()),
                )
            }
            Reason::MethodNotAllowed => cause(
                "the CORS layer does not allow the method",
                format!("add it: `allow_methods([\"{subject}\"])`"),
            ),
            Reason::HeaderNotAllowed => cause(
                if with {
                    "the CORS layer does not allow the header by name; for requests with credentials `*` does not mean any"
                } else {
                    "the CORS layer does not allow the header"
                },
                format!("add it: `allow_headers([\"{subject}\"])`"),
            ),
            Reason::WildcardWithAuthorization => cause(
                "the server allows any header with `*`, but in the standard this does not cover Authorization; current engines accept it",
                "list it by name: `allow_headers([\"authorization\"])`",
            ),
            Reason::AllowMethodsInvalid | Reason::AllowHeadersInvalid => cause(
                format!("the configured list has an element that is not a name: \"{subject}\""),
                "separate the names by commas, without quotes and brackets",
            ),
            Reason::TooManyRedirects => {
                cause("the redirects form a loop", "look at the Location headers of the exchanges")
            }
            Reason::RedirectLocation | Reason::RedirectScheme | Reason::RedirectWithCredentials => {
                cause(
                    "the server redirects to a URL that a page cannot follow",
                    "correct the Location header",
                )
            }
            Reason::ServiceError => cause(
                "the service returned an error instead of a response: the browser sees a broken connection",
                "turn the error into a response inside the CORS layer (in axum: HandleErrorLayer)",
            ),
            Reason::HandshakeStatus => self.refused_handshake(),
            _ => None,
        }
    }

    fn lists_wildcard(&self) -> bool {
        self.exchange
            .answered(&ACCESS_CONTROL_ALLOW_METHODS)
            .is_some_and(|list| list.split(',').any(|item| item.trim() == "*"))
    }

    fn redirected_preflight(&self) -> Option<Cause> {
        let to = self.exchange.answered(&http::header::LOCATION).unwrap_or_default();
        cause(
            format!(
                "the redirect to \"{to}\" is made outside the CORS layer, and browsers do not follow redirects of a preflight"
            ),
            format!(
                "put the CORS layer outside the layer that redirects {ORDER} it), or let the page request the final URL"
            ),
        )
    }

    /// A preflight without `Access-Control-Allow-Origin`.
    fn bare_preflight(&self) -> Option<Cause> {
        if self.exchange.speaks_cors() {
            return self.origin_not_listed();
        }
        let Answer::Response(status, headers) = &self.exchange.answer else { return None };
        match status.as_u16() {
            401 | 403 | 407 => cause(
                "the CORS layer is inside authentication, which refuses preflights: browsers send them without cookies and without Authorization",
                format!(
                    "put the CORS layer outside authentication {ORDER} the layer that authenticates)"
                ),
            ),
            404 => cause(
                "there is no CORS layer around this path: the route is missing, or the layer was added before it, and wraps only earlier routes",
                "add the CORS layer last, after all routes and the fallback, around the whole router",
            ),
            405 => cause(
                "OPTIONS reached the route itself: the route was added after the CORS layer, the layer wraps only the handlers (`route_layer`, `MethodRouter::layer`), or there is none",
                "add the CORS layer last, after all routes, around the whole router",
            ),
            400 if headers.get(VARY).is_some_and(|vary| mentions_origin(vary.as_bytes())) => {
                self.origin_not_listed()
            }
            408 | 413 | 429 | 500..=599 => self.error_made_outside(*status),
            _ if status.is_success() => cause(
                "the preflight reached the application: there is no CORS layer around this path, or a handler answers OPTIONS itself",
                "put a CORS layer around the whole router",
            ),
            _ => cause(
                format!("something outside the CORS layer answers preflights with {status}"),
                "put the CORS layer outside of it",
            ),
        }
    }

    /// A preflight whose origin is right, or whose engine looks at the status first.
    fn refused_preflight(&self) -> Option<Cause> {
        let has_origin =
            self.exchange.answered(&ACCESS_CONTROL_ALLOW_ORIGIN).is_some_and(|it| !it.is_empty());
        if !has_origin {
            return self.bare_preflight();
        }
        let method = self.asked.method.as_str();
        let list = |name| self.exchange.answered(name).unwrap_or_default();
        let has = |list: &str, wanted: &str| {
            list.split(',')
                .any(|item| item.trim().eq_ignore_ascii_case(wanted) || item.trim() == "*")
        };
        if !has(&list(&ACCESS_CONTROL_ALLOW_METHODS), method) {
            return cause(
                format!("the CORS layer refuses the method {method}"),
                format!("add it: `allow_methods([\"{method}\"])`"),
            );
        }
        let allowed = list(&http::header::ACCESS_CONTROL_ALLOW_HEADERS);
        let refused: Vec<_> = self
            .asked
            .names
            .iter()
            .filter(|name| !has(&allowed, name))
            .map(|name| format!("\"{name}\""))
            .collect();
        if !refused.is_empty() {
            let refused = refused.join(", ");
            return cause(
                format!("the CORS layer refuses the header {refused}"),
                format!("add it: `allow_headers([{refused}])`"),
            );
        }
        cause(
            "something inside the layer that adds the CORS headers refuses preflights, such as authentication or a route without OPTIONS",
            "let the CORS layer answer preflights itself, outside all other layers",
        )
    }

    fn origin_not_listed(&self) -> Option<Cause> {
        let origin = &self.asked.origin;
        match (origin.as_str(), self.page) {
            ("null", "null") => cause(
                "the CORS layer does not allow the origin `null` of sandboxed frames and file pages",
                "serve the page from its own origin; any website can make itself `null`",
            ),
            ("null", _) => cause(
                "a redirect from one foreign origin to another made the page's origin `null`, which this server does not allow",
                "let the page request the final URL, or redirect within one origin",
            ),
            _ => cause(
                format!("the CORS layer answers, but does not allow the origin {origin}"),
                format!("add it: `allow_origins([\"{origin}\"])`"),
            ),
        }
    }

    fn error_made_outside(&self, status: http::StatusCode) -> Option<Cause> {
        cause(
            format!(
                "the error {status} is made outside the CORS layer, by a limit, a timeout, a panic handler or a gateway"
            ),
            format!("put the CORS layer outside the layer that makes it {ORDER} that layer)"),
        )
    }

    /// An actual response without `Access-Control-Allow-Origin`.
    fn bare_response(&self) -> Option<Cause> {
        let Answer::Response(status, headers) = &self.exchange.answer else { return None };
        if redirect::is_redirect(*status) {
            return cause(
                "the redirect is made outside the CORS layer, and each redirect needs the headers too",
                format!("put the CORS layer outside the layer that redirects {ORDER} it)"),
            );
        }
        let asked_before = self.exchanges.iter().rev().skip(1).find(|one| one.is_preflight);
        let preflight_passed = asked_before
            .is_some_and(|one| one.verdict == Verdict::Passed && one.url == self.exchange.url);
        if preflight_passed && status.is_success() {
            return cause(
                "different components answer the preflight and the request: a gateway, another route or another layer answers OPTIONS, and nothing adds the headers to this response",
                "put the CORS layer around the routes, and let it answer the preflights too",
            );
        }
        let varies = headers.get_all(VARY).iter().any(|vary| mentions_origin(vary.as_bytes()));
        if self.exchange.speaks_cors() || (varies && !preflight_passed) {
            return self.origin_not_listed();
        }
        match status.as_u16() {
            404 | 405 => cause(
                format!(
                    "the {status} is made outside the CORS layer: the route or the fallback was added after the layer, which wraps only earlier routes, or the layer is a `route_layer`, which wraps only routes"
                ),
                "add the CORS layer last, after all routes and the fallback, around the whole router",
            ),
            401 | 403 => cause(
                format!("the {status} is made by authentication outside the CORS layer"),
                format!(
                    "put the CORS layer outside authentication {ORDER} the layer that authenticates), so the page can read the error"
                ),
            ),
            400..=599 => self.error_made_outside(*status),
            _ => cause(
                "there is no CORS layer around this path: there is none, or the route was added after it; or the layer does not allow the origin",
                format!(
                    "add the CORS layer last, after all routes, and allow the origin: `allow_origins([\"{}\"])`",
                    self.asked.origin
                ),
            ),
        }
    }

    fn refused_handshake(&self) -> Option<Cause> {
        match self.exchange.status()?.as_u16() {
            403 => cause(
                "the server refuses the handshake, maybe because of its Origin; CORS headers do not matter for WebSockets",
                format!("allow the origin where the server checks it: \"{}\"", self.asked.origin),
            ),
            404 | 405 => cause(
                "there is no WebSocket route at this path, or not for GET",
                "check the path and the route",
            ),
            426 => cause(
                "the server was called without a connection that can be upgraded",
                "use Page::web_socket, which opens one",
            ),
            _ => None,
        }
    }
}

fn mentions_origin(vary: &[u8]) -> bool {
    vary.split(|byte| *byte == b',').any(|name| name.trim_ascii().eq_ignore_ascii_case(b"origin"))
}
