//! Requests as a browser writes them and as hyper hands them on.

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Uri};

/// The origin that most policies here allow.
pub(crate) const ORIGIN: &str = "https://app.example.com";

/// One that none does.
pub(crate) const STRANGER: &str = "https://www.example.org";

/// The head of a request: its text, cut into fields.
#[derive(Clone)]
pub(crate) struct Head {
    method: Method,
    fields: Vec<(&'static str, String)>,
}

impl Head {
    /// What a browser sends for `fetch(url)`.
    pub(crate) fn get() -> Head {
        Head {
            method: Method::GET,
            fields: [
                ("host", "api.example.com"),
                ("connection", "keep-alive"),
                ("sec-ch-ua-platform", "\"Linux\""),
                ("user-agent", USER_AGENT),
                ("sec-ch-ua", "\"Chromium\";v=\"148\", \"Not.A/Brand\";v=\"99\""),
                ("sec-ch-ua-mobile", "?0"),
                ("accept", "application/json"),
                ("sec-fetch-site", "same-site"),
                ("sec-fetch-mode", "cors"),
                ("sec-fetch-dest", "empty"),
                ("referer", "https://app.example.com/"),
                ("accept-encoding", "gzip, deflate, br, zstd"),
                ("accept-language", "en-GB,en;q=0.9"),
            ]
            .map(|(name, value)| (name, value.to_owned()))
            .into(),
        }
    }

    /// What a browser asks before it sends another method or header.
    pub(crate) fn preflight(origin: &str, method: &str) -> Head {
        Head {
            method: Method::OPTIONS,
            fields: [
                ("host", "api.example.com"),
                ("connection", "keep-alive"),
                ("accept", "*/*"),
                ("access-control-request-method", method),
                ("origin", origin),
                ("user-agent", USER_AGENT),
                ("sec-fetch-mode", "cors"),
                ("sec-fetch-site", "same-site"),
                ("sec-fetch-dest", "empty"),
                ("referer", "https://app.example.com/"),
                ("accept-encoding", "gzip, deflate, br, zstd"),
                ("accept-language", "en-GB,en;q=0.9"),
            ]
            .map(|(name, value)| (name, value.to_owned()))
            .into(),
        }
    }

    pub(crate) fn from(self, origin: &str) -> Head {
        self.with("origin", origin)
    }

    pub(crate) fn asking(self, headers: &str) -> Head {
        self.with("access-control-request-headers", headers)
    }

    pub(crate) fn with(mut self, name: &'static str, value: &str) -> Head {
        self.fields.push((name, value.to_owned()));
        self
    }

    pub(crate) fn without(mut self, name: &str) -> Head {
        self.fields.retain(|(other, _)| *other != name);
        self
    }

    /// The request as hyper makes it: all values are parts of one buffer, names that `http` does not know are their own.
    pub(crate) fn request<B>(&self, body: B) -> Request<B> {
        let text = Bytes::from(self.wire());
        let mut headers = HeaderMap::new();
        headers.reserve(self.fields.len());
        let mut start = text.windows(2).position(|end| end == b"\r\n").expect("a line") + 2;
        for (name, value) in &self.fields {
            start += name.len() + 2;
            let end = start + value.len();
            headers.append(
                HeaderName::from_bytes(name.as_bytes()).expect("a header name"),
                HeaderValue::from_maybe_shared(text.slice(start..end)).expect("a header value"),
            );
            start = end + 2;
        }
        let mut request = Request::new(body);
        *request.method_mut() = self.method.clone();
        *request.uri_mut() = Uri::from_static("/things/7");
        *request.headers_mut() = headers;
        request
    }

    /// The head in HTTP/1.1.
    pub(crate) fn wire(&self) -> Vec<u8> {
        let mut text = format!("{} /things/7 HTTP/1.1\r\n", self.method);
        for (name, value) in &self.fields {
            text += &format!("{name}: {value}\r\n");
        }
        text += "\r\n";
        text.into_bytes()
    }
}

const USER_AGENT: &str = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/148.0.0.0 Safari/537.36";
