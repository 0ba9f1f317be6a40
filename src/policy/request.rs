//! Reads the head of a request. This needs no policy.

use std::cell::OnceCell;

use http::{
    HeaderMap, HeaderName, HeaderValue, Method, Uri,
    header::{ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD, ORIGIN},
    request::Parts,
};

use super::origin::syntax::Origin;

pub(crate) const REQUEST_PRIVATE_NETWORK: HeaderName =
    HeaderName::from_static("access-control-request-private-network");

/// The head of a request, borrowed from a whole request or from its parts.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Head<'a> {
    pub(crate) method: &'a Method,
    pub(crate) uri: &'a Uri,
    pub(crate) headers: &'a HeaderMap,
}

impl<'a> From<&'a Parts> for Head<'a> {
    fn from(parts: &'a Parts) -> Self {
        let Parts { method, uri, headers, .. } = parts;
        Self { method, uri, headers }
    }
}

impl<'a, B> From<&'a http::Request<B>> for Head<'a> {
    fn from(request: &'a http::Request<B>) -> Self {
        Self { method: request.method(), uri: request.uri(), headers: request.headers() }
    }
}

/// The Origin of a request. It is read from the head once, and parsed at most once, on first use.
#[derive(Debug)]
pub(crate) struct RequestOrigin<'a> {
    field: OriginField<'a>,
    parsed: OnceCell<Option<Origin<'a>>>,
}

/// The lines of the Origin field. Several lines are always malformed (difference D3).
#[derive(Clone, Copy, Debug)]
pub(crate) enum OriginField<'a> {
    Absent,
    One(&'a HeaderValue),
    Several,
}

impl<'a> RequestOrigin<'a> {
    #[inline]
    pub(crate) fn read(headers: &'a HeaderMap) -> Self {
        Self::from(match headers.get(ORIGIN) {
            None => OriginField::Absent,
            // If there are as many lines as names, no name has several lines. This check is cheaper
            // than a search.
            Some(origin) if headers.len() == headers.keys_len() => OriginField::One(origin),
            Some(origin) => match headers.get_all(ORIGIN).iter().nth(1) {
                None => OriginField::One(origin),
                Some(_) => OriginField::Several,
            },
        })
    }

    pub(crate) fn is_absent(&self) -> bool {
        matches!(self.field, OriginField::Absent)
    }

    pub(crate) fn field(&self) -> OriginField<'a> {
        self.field
    }

    /// `None` if it is malformed, missing, or has several lines.
    #[inline]
    pub(crate) fn parsed(&self) -> Option<&Origin<'a>> {
        let parse = || match self.field {
            OriginField::One(origin) => Origin::read(origin.as_bytes()),
            OriginField::Absent | OriginField::Several => None,
        };
        self.parsed.get_or_init(parse).as_ref()
    }
}

impl<'a> From<OriginField<'a>> for RequestOrigin<'a> {
    #[inline]
    fn from(field: OriginField<'a>) -> Self {
        Self { field, parsed: OnceCell::new() }
    }
}

/// The Access-Control-Request-Headers field. Several lines are one list (difference D1).
#[derive(Clone, Copy, Debug)]
pub(crate) enum AskedHeaders<'a> {
    None,
    One(&'a HeaderValue),
    Several(&'a HeaderMap),
}

impl<'a> AskedHeaders<'a> {
    pub(crate) fn lines(self) -> impl Iterator<Item = &'a HeaderValue> {
        let (one, several) = match self {
            Self::None => (None, None),
            Self::One(line) => (Some(line), None),
            Self::Several(map) => (None, Some(map.get_all(ACCESS_CONTROL_REQUEST_HEADERS))),
        };
        one.into_iter().chain(several.into_iter().flatten())
    }
}

/// A CORS-preflight request (Fetch, "HTTP requests").
#[derive(Debug)]
pub(crate) struct PreflightRequest<'a> {
    pub(crate) origin: RequestOrigin<'a>,
    /// The first line. Several lines are malformed, and Starlette reads the first.
    pub(crate) method: &'a HeaderValue,
    pub(crate) headers: AskedHeaders<'a>,
    pub(crate) private_network: bool,
}

impl<'a> PreflightRequest<'a> {
    /// `None` unless the method is OPTIONS, and Origin and Access-Control-Request-Method are
    /// present. They may be empty.
    #[inline]
    pub(crate) fn read(head: Head<'a>) -> Option<Self> {
        match *head.method {
            Method::OPTIONS => Self::of_options(head.headers),
            _ => None,
        }
    }

    /// One pass over the fields costs less than four look-ups.
    #[inline]
    fn of_options(fields: &'a HeaderMap) -> Option<Self> {
        let mut origin = OriginField::Absent;
        let mut method = None;
        let mut headers = AskedHeaders::None;
        let mut private_network = false;
        for (name, value) in fields {
            if name == ORIGIN {
                origin = match origin {
                    OriginField::Absent => OriginField::One(value),
                    _ => OriginField::Several,
                };
            } else if name == ACCESS_CONTROL_REQUEST_METHOD {
                method = method.or(Some(value));
            } else if name == ACCESS_CONTROL_REQUEST_HEADERS {
                headers = match headers {
                    AskedHeaders::None => AskedHeaders::One(value),
                    _ => AskedHeaders::Several(fields),
                };
            } else if name == REQUEST_PRIVATE_NETWORK {
                private_network = true;
            }
        }
        if matches!(origin, OriginField::Absent) {
            return None;
        }
        Some(Self { origin: origin.into(), method: method?, headers, private_network })
    }
}
