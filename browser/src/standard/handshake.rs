//! The opening handshake of a WebSocket (Fetch, "WebSockets"; RFC 6455, 4.1).

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, StatusCode, header};
use url::Url;

use super::{
    cors::Fault,
    lists, metadata,
    origin::Origin,
    preflight::Asked,
    session::{Malformed, Session},
    target,
};
use crate::{
    Blocked, Reason, Verdict,
    blocked::Refusal,
    cause::Evidence,
    cookies::{Place, Reach, SetCookie},
    exchange::{Answer, Exchange, shown},
};

/// The key of RFC 6455's own example, so that logs stay the same.
const KEY: &str = "dGhlIHNhbXBsZSBub25jZQ==";
/// What a server makes of it.
const ACCEPT: &str = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

/// A handshake under way.
#[derive(Debug)]
pub(crate) struct Handshake {
    page: Origin,
    url: Url,
    protocols: Vec<String>,
}

impl Handshake {
    /// Err: no script can ask for this.
    pub(crate) fn prepare(
        text: &str,
        protocols: &[&str],
        session: &Session,
    ) -> Result<Self, Blocked> {
        let asked = format!("WebSocket {}", shown(text.as_bytes()));
        let page = session
            .origin
            .clone()
            .map_err(|malformed: Malformed| Blocked::malformed_origin(&asked, &malformed))?;
        let asked = format!("{asked} of a page of {}", page.serialized());
        let refused = |reason, subject| {
            let console = super::refusal::NOTHING;
            let asked = asked.clone();
            Blocked::new(Refusal { reason, subject, asked, exchange: None, console, cause: None })
        };
        // WebSockets, "new WebSocket(url)": http and https mean ws and wss.
        let schemes = ["ws", "wss", "http", "https"];
        let mut url = target::parse(text, session.base.as_ref(), &schemes)
            .map_err(|(reason, value)| refused(reason, value))?;
        let scheme = match url.scheme() {
            "http" | "ws" => "ws",
            _ => "wss",
        };
        if url.set_scheme(scheme).is_err() {
            return Err(refused(Reason::UnsupportedScheme, text.to_owned()));
        }
        for (position, protocol) in protocols.iter().enumerate() {
            if !lists::is_token(protocol.as_bytes()) || protocols[..position].contains(protocol) {
                let subject = format!("the protocol \"{protocol}\" is malformed or named twice");
                return Err(refused(Reason::InvalidHeader, subject));
            }
        }
        let protocols = protocols.iter().map(|protocol| (*protocol).to_owned()).collect();
        Ok(Self { page, url, protocols })
    }

    fn reach(&self, session: &Session) -> Reach {
        let is_of_page = self.page.is_opaque() && !session.engine.habits().sandbox_is_of_its_site;
        let site = if is_of_page { &self.page } else { &session.shown_on };
        if site.is_same_site(&Origin::of(&self.url)) { Reach::SameSite } else { Reach::CrossSite }
    }

    /// What is sent: with the page's origin and, whatever the origin, with cookies. There is no
    /// preflight and no CORS check.
    pub(crate) fn request(&self, session: &Session) -> Option<Request<()>> {
        let habits = session.engine.habits();
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, target::host(&self.url)?);
        headers.insert(header::CONNECTION, HeaderValue::from_static("Upgrade"));
        headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
        headers.insert(header::SEC_WEBSOCKET_VERSION, HeaderValue::from_static("13"));
        headers.insert(header::SEC_WEBSOCKET_KEY, HeaderValue::from_static(KEY));
        if !self.protocols.is_empty() {
            let protocols = HeaderValue::from_str(&self.protocols.join(", ")).ok()?;
            headers.insert(header::SEC_WEBSOCKET_PROTOCOL, protocols);
        }
        headers.insert(header::ORIGIN, HeaderValue::from_str(self.page.serialized()).ok()?);
        if let Some(destination) = habits.socket_destination {
            let urls = std::slice::from_ref(&self.url);
            metadata::append(&mut headers, &self.page, urls, "websocket", destination);
        }
        headers.insert(header::USER_AGENT, super::outgoing::USER_AGENT);
        let no_cache = HeaderValue::from_static("no-cache");
        headers.insert(header::PRAGMA, no_cache.clone());
        headers.insert(header::CACHE_CONTROL, no_cache);
        let place = Place { url: &self.url, reach: self.reach(session), now: session.now, habits };
        if let Some(cookies) = session.jar.header(place) {
            headers.insert(header::COOKIE, HeaderValue::from_bytes(&cookies).ok()?);
        }
        let mut request = Request::new(());
        // In origin form, as HTTP/1.1 sends it.
        *request.uri_mut() = target::uri(&self.url)?.path_and_query()?.as_str().parse().ok()?;
        *request.headers_mut() = headers;
        Some(request)
    }

    /// What to make of the answer: the protocol that the server chose, if any.
    pub(crate) fn answer(
        &self,
        request: HeaderMap,
        head: Result<(StatusCode, HeaderMap), String>,
        session: &mut Session,
    ) -> Result<Option<String>, Blocked> {
        let verdict = match &head {
            Ok((status, headers)) => {
                self.store_cookies(headers, session);
                self.judge(*status, headers)
            }
            Err(error) => Err(Fault::new(Reason::ServiceError, error.clone())),
        };
        let exchange = Exchange {
            method: Method::GET,
            url: target::sent(&self.url).to_owned(),
            is_preflight: false,
            request,
            body: Bytes::new(),
            answer: match head {
                Ok((status, headers)) => Answer::Response(status, headers),
                Err(error) => Answer::Failure(error),
            },
            verdict: match &verdict {
                Ok(_) => Verdict::Passed,
                Err(fault) => Verdict::Blocked(fault.reason),
            },
        };
        session.exchanges.push(exchange.clone());
        verdict.map_err(|fault| self.blocked(exchange, fault))
    }

    /// Before anything was answered.
    pub(crate) fn failed(&self, error: &str) -> Blocked {
        Blocked::new(Refusal {
            reason: Reason::ServiceError,
            subject: error.to_owned(),
            asked: self.asked_line(),
            exchange: None,
            console: super::refusal::NOTHING,
            cause: None,
        })
    }

    fn asked_line(&self) -> String {
        let url = target::sent(&self.url);
        format!("WebSocket {url} of a page of {}", self.page.serialized())
    }

    /// RFC 6455, 4.1, "the client MUST validate the server's response".
    fn judge(&self, status: StatusCode, headers: &HeaderMap) -> Result<Option<String>, Fault> {
        if status != StatusCode::SWITCHING_PROTOCOLS {
            return Err(Fault::new(Reason::HandshakeStatus, status.as_str()));
        }
        let value =
            |name: &HeaderName| lists::decoded(&lists::combined(headers, name).unwrap_or_default());
        let wrong = |name: &HeaderName| {
            Err(Fault::new(Reason::HandshakeHeaders, format!("{name}: {}", value(name))))
        };
        if !value(&header::UPGRADE).eq_ignore_ascii_case("websocket") {
            return wrong(&header::UPGRADE);
        }
        let connection = value(&header::CONNECTION);
        if !connection.split(',').any(|token| token.trim().eq_ignore_ascii_case("upgrade")) {
            return wrong(&header::CONNECTION);
        }
        if value(&header::SEC_WEBSOCKET_ACCEPT) != ACCEPT {
            return wrong(&header::SEC_WEBSOCKET_ACCEPT);
        }
        let chosen = value(&header::SEC_WEBSOCKET_PROTOCOL);
        match (chosen.is_empty(), self.protocols.is_empty()) {
            (true, true) => Ok(None),
            _ if self.protocols.contains(&chosen) => Ok(Some(chosen)),
            _ => wrong(&header::SEC_WEBSOCKET_PROTOCOL),
        }
    }

    fn blocked(&self, exchange: Exchange, fault: Fault) -> Blocked {
        let Fault { reason, subject } = fault;
        let url = target::sent(&self.url);
        let mut console = super::refusal::NOTHING;
        if exchange.status().is_some() {
            console[2].1 = Some(format!(
                "WebSocket connection to '{url}' failed: The server did not accept the WebSocket handshake."
            ));
        }
        if let (Reason::HandshakeStatus, Some(status)) = (reason, exchange.status()) {
            let status = status.as_u16();
            console[0].1 = Some(format!(
                "WebSocket connection to '{url}' failed: Error during WebSocket handshake: Unexpected response code: {status}"
            ));
            console[1].1 =
                Some(format!("Firefox can’t establish a connection to the server at {url}."));
        }
        let page = self.page.serialized();
        let asked = Asked {
            origin: page.to_owned(),
            with_credentials: true,
            method: Method::GET,
            names: Vec::new(),
            is_forced: false,
        };
        let exchanges = std::slice::from_ref(&exchange);
        let evidence = Evidence {
            reason,
            subject: &subject,
            exchange: &exchange,
            exchanges,
            page,
            asked: &asked,
        };
        let cause = evidence.likely_cause();
        let asked = self.asked_line();
        Blocked::new(Refusal { reason, subject, asked, exchange: Some(exchange), console, cause })
    }

    fn store_cookies(&self, headers: &HeaderMap, session: &mut Session) {
        let reach = self.reach(session);
        let habits = session.engine.habits();
        let place = Place { url: &self.url, reach, now: session.now, habits };
        for line in headers.get_all(header::SET_COOKIE) {
            if let Some(cookie) = SetCookie::parse(line.as_bytes()) {
                session.jar.store(cookie, place);
            }
        }
    }
}
