//! The requests that go out, with all that a browser adds (Fetch, "HTTP-network-or-cache fetch").

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, header};

use super::{
    attempt::{Attempt, Tainting},
    metadata, request_header, target,
};
use crate::{
    Mode,
    cookies::Place,
    engine::NullOrigin,
    standard::{origin::Origin, redirect::Taint, session::Session},
};

/// Names this tool, because some servers need the header.
pub(super) const USER_AGENT: HeaderValue = HeaderValue::from_static("Mozilla/5.0 tower-browser");

impl Attempt {
    /// Fetch, "CORS-preflight fetch": no cookies, no Authorization, nothing of the script's. None:
    /// the URL is too long.
    pub(super) fn preflight(&self) -> Option<Request<Bytes>> {
        let mut headers = HeaderMap::new();
        insert(&mut headers, header::HOST, target::host(self.url())?);
        insert(&mut headers, header::ACCEPT, HeaderValue::from_static("*/*"));
        let method = HeaderValue::from_str(self.method.as_str()).ok()?;
        insert(&mut headers, header::ACCESS_CONTROL_REQUEST_METHOD, method);
        if !self.asked.names.is_empty() {
            // Without a space: Fetch says that this is not "combine".
            let names = HeaderValue::from_str(&self.asked.names.join(",")).ok()?;
            insert(&mut headers, header::ACCESS_CONTROL_REQUEST_HEADERS, names);
        }
        insert(&mut headers, header::ORIGIN, HeaderValue::from_str(&self.asked.origin).ok()?);
        metadata::append(&mut headers, &self.page, &self.urls, "cors", "empty");
        insert(&mut headers, header::USER_AGENT, USER_AGENT);
        self.request(Method::OPTIONS, headers, Bytes::new())
    }

    /// The request that the page asked for.
    pub(super) fn actual(&self, session: &Session) -> Option<Request<Bytes>> {
        let mut headers = HeaderMap::new();
        insert(&mut headers, header::HOST, target::host(self.url())?);
        for field in &self.fields {
            let name = HeaderName::from_bytes(field.name.as_bytes()).ok()?;
            let value = match headers.get(&name) {
                None => field.value.clone(),
                Some(first) => {
                    let both = [first.as_bytes(), b", ", field.value.as_bytes()].concat();
                    HeaderValue::from_bytes(&both).ok()?
                }
            };
            insert(&mut headers, name, value);
        }
        self.append_accept(&mut headers);
        let length = match &self.body {
            Some(body) => Some(body.len()),
            None if matches!(self.method, Method::POST | Method::PUT) => Some(0),
            None => None,
        };
        if let Some(length) = length {
            insert(&mut headers, header::CONTENT_LENGTH, HeaderValue::from(length));
        }
        if let Some(origin) = self.origin_header(session) {
            insert(&mut headers, header::ORIGIN, HeaderValue::from_str(&origin).ok()?);
        }
        let destination = if self.mode == Mode::Navigate { "document" } else { "empty" };
        metadata::append(&mut headers, &self.page, &self.urls, self.mode.as_str(), destination);
        append_default(&mut headers, header::USER_AGENT, USER_AGENT);
        append_cache_mode(&mut headers);
        if headers.contains_key(header::RANGE) {
            append_default(
                &mut headers,
                header::ACCEPT_ENCODING,
                HeaderValue::from_static("identity"),
            );
        }
        if self.includes_credentials() {
            let reach = self.reach(session);
            let habits = session.engine.habits();
            let place = Place { url: self.url(), reach, now: session.now, habits };
            if let Some(cookies) = session.jar.header(place) {
                insert(&mut headers, header::COOKIE, HeaderValue::from_bytes(&cookies).ok()?);
            }
        }
        self.request(self.method.clone(), headers, self.body.clone().unwrap_or_default())
    }

    fn append_accept(&self, headers: &mut HeaderMap) {
        let accept = match self.mode {
            Mode::Navigate => "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
            _ => "*/*",
        };
        append_default(headers, header::ACCEPT, HeaderValue::from_static(accept));
    }

    /// Fetch, "append a request `Origin` header", with the default referrer policy.
    fn origin_header(&self, session: &Session) -> Option<String> {
        if self.tainting == Tainting::Cors {
            return Some(self.asked.origin.clone());
        }
        let habits = session.engine.habits();
        let is_opaque = self.tainting == Tainting::Opaque;
        let is_on_one_server = self.taint() == Taint::SameOrigin;
        let has_null = match habits.null_origin {
            NullOrigin::ByMethod => false,
            NullOrigin::UntilGet => !self.was_post,
            NullOrigin::UntilForeign => is_on_one_server,
        };
        let sends_null =
            has_null && self.page.is_opaque() && is_opaque && self.includes_credentials();
        let keeps =
            habits.keeps_origin_after_redirect && is_opaque && self.was_post && is_on_one_server;
        if matches!(self.method, Method::GET | Method::HEAD) && !sends_null && !keeps {
            return None;
        }
        // strict-origin-when-cross-origin: https sends nothing to http.
        let is_downgrade = self.page.is_https() && !Origin::of(self.url()).is_https();
        if self.mode != Mode::Cors && is_downgrade {
            return Some("null".to_owned());
        }
        Some(self.asked.origin.clone())
    }

    /// In absolute form, which HTTP clients need and servers accept.
    fn request(&self, method: Method, headers: HeaderMap, body: Bytes) -> Option<Request<Bytes>> {
        let mut request = Request::new(body);
        *request.method_mut() = method;
        *request.uri_mut() = target::uri(self.url())?;
        *request.headers_mut() = headers;
        Some(request)
    }
}

fn insert(headers: &mut HeaderMap, name: HeaderName, value: HeaderValue) {
    headers.insert(name, value);
}

fn append_default(headers: &mut HeaderMap, name: HeaderName, value: HeaderValue) {
    headers.entry(name).or_insert(value);
}

/// If a script sends a conditional request, the browser's cache does not answer.
fn append_cache_mode(headers: &mut HeaderMap) {
    if request_header::CONDITIONS.iter().any(|name| headers.contains_key(*name)) {
        let no_cache = HeaderValue::from_static("no-cache");
        append_default(headers, header::PRAGMA, no_cache.clone());
        append_default(headers, header::CACHE_CONTROL, no_cache);
    }
}
