//! What a policy decided, ready to be written into headers.

use std::{error::Error, fmt, mem, sync::Arc};

use http::{
    HeaderMap, HeaderName, HeaderValue, StatusCode,
    header::{
        ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_ORIGIN,
        ACCESS_CONTROL_EXPOSE_HEADERS, Entry, ORIGIN, VARY,
    },
};

use super::{names, request::SEC_FETCH_SITE};

pub(crate) const TRUE: HeaderValue = HeaderValue::from_static("true");

/// What a policy refused of a request: its origin, method, headers or private network.
///
/// It is in the extensions of a refused preflight's response and of a 403 of
/// [`enforce_origin`](crate::CorsLayer::enforce_origin), where an outer layer can read it, and
/// nowhere else. Prints as the text that the response carries.
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
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Refusal(u8);

impl Refusal {
    pub(crate) const NOTHING: Self = Self(0);
    pub(crate) const ORIGIN: Self = Self(1);
    pub(crate) const METHOD: Self = Self(2);
    pub(crate) const HEADERS: Self = Self(4);
    pub(crate) const PRIVATE_NETWORK: Self = Self(8);

    /// Invariant: the bits of the index say what the text says.
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

    /// The body of the preflight's response, `OK` included.
    pub(crate) fn text(self) -> &'static str {
        Self::TEXTS[usize::from(self.0 & 15)]
    }

    /// The origin is not allowed.
    #[must_use]
    pub fn origin(&self) -> bool {
        self.0 & Self::ORIGIN.0 != 0
    }

    /// The asked method is not allowed.
    #[must_use]
    pub fn method(&self) -> bool {
        self.0 & Self::METHOD.0 != 0
    }

    /// At least one of the asked headers is not allowed.
    #[must_use]
    pub fn headers(&self) -> bool {
        self.0 & Self::HEADERS.0 != 0
    }

    /// Access from a public to a private network is not allowed.
    #[must_use]
    pub fn private_network(&self) -> bool {
        self.0 & Self::PRIVATE_NETWORK.0 != 0
    }
}

impl fmt::Debug for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Refusal")
            .field("origin", &self.origin())
            .field("method", &self.method())
            .field("headers", &self.headers())
            .field("private_network", &self.private_network())
            .finish()
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text())
    }
}

impl Error for Refusal {}

/// A response that is made here, without the inner service; its headers have replaced the request's.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) refusal: Refusal,
    pub(crate) text: &'static str,
}

/// The request headers that the choice of a policy depends on beside Origin; `None` for no choice.
pub(crate) type Choice = Option<Arc<[HeaderName]>>;

/// What the responses of a resource depend on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Varies {
    Not,
    OnOrigin,
    /// Under `EnforceOrigin::AllRequests`.
    OnOriginAndFetchSite,
}

/// Access-Control-Allow-Origin.
#[derive(Debug)]
pub(crate) enum AllowOrigin {
    Nothing,
    Any,
    /// The request's own Origin.
    Echo(HeaderValue),
}

impl AllowOrigin {
    pub(crate) fn is_nothing(&self) -> bool {
        matches!(self, Self::Nothing)
    }

    /// Takes the value out.
    #[inline]
    pub(crate) fn take(&mut self) -> Option<HeaderValue> {
        match mem::replace(self, Self::Nothing) {
            Self::Nothing => None,
            Self::Any => Some(HeaderValue::from_static("*")),
            Self::Echo(origin) => Some(origin),
        }
    }
}

/// What an actual response is to carry.
#[derive(Debug)]
pub(crate) struct Decoration {
    /// `Nothing` grants nothing, and then neither of the next two is sent (difference D2).
    pub(crate) allow_origin: AllowOrigin,
    pub(crate) credentials: bool,
    pub(crate) expose: Option<HeaderValue>,
    pub(crate) varies: Varies,
    pub(crate) choice: Choice,
}

impl Decoration {
    /// Leaves a response as it came.
    pub(crate) const NONE: Self = Self {
        allow_origin: AllowOrigin::Nothing,
        credentials: false,
        expose: None,
        varies: Varies::Not,
        choice: None,
    };

    /// Replaces what it sets, all lines of it, and leaves the rest. What it carries goes with it: it is
    /// applied once.
    #[inline]
    pub(crate) fn apply(&mut self, headers: &mut HeaderMap) {
        // From here on `try_insert` would refuse even to replace, and leave what the inner service
        // granted; removing first makes room. A map takes 24,576 names.
        if headers.keys_len() >= 24_000 {
            self.remove_replaced(headers);
        }
        if let Some(origin) = self.allow_origin.take() {
            self.grant(origin, headers);
        }
        if self.varies != Varies::Not {
            vary_on_origin(headers);
        }
        if self.varies == Varies::OnOriginAndFetchSite {
            vary_on(headers, &SEC_FETCH_SITE, HeaderValue::from_static("Sec-Fetch-Site"));
        }
        vary_on_choice(headers, &self.choice);
    }

    #[inline]
    fn grant(&mut self, origin: HeaderValue, headers: &mut HeaderMap) {
        let names = self.expose.take();
        if self.credentials && names.is_some() {
            // With Vary four fields: one growth of the map instead of two.
            let _ = headers.try_reserve(4);
        }
        set(headers, ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        if self.credentials {
            set(headers, ACCESS_CONTROL_ALLOW_CREDENTIALS, TRUE);
        }
        if let Some(names) = names {
            set(headers, ACCESS_CONTROL_EXPOSE_HEADERS, names);
        }
    }

    #[cold]
    fn remove_replaced(&self, headers: &mut HeaderMap) {
        if !self.allow_origin.is_nothing() {
            headers.remove(ACCESS_CONTROL_ALLOW_ORIGIN);
            if self.credentials {
                headers.remove(ACCESS_CONTROL_ALLOW_CREDENTIALS);
            }
            if self.expose.is_some() {
                headers.remove(ACCESS_CONTROL_EXPOSE_HEADERS);
            }
        }
    }
}

/// Replaces a field. A map that holds as many names as it can takes no more; the grant is then
/// missing, and the browser refuses.
#[inline]
fn set(headers: &mut HeaderMap, name: HeaderName, value: HeaderValue) {
    let _ = headers.try_insert(name, value);
}

#[inline]
fn vary_on_origin(headers: &mut HeaderMap) {
    let value = HeaderValue::from_static("Origin");
    // With few names a pass over them costs less than a look-up.
    if headers.keys_len() < 16 && !headers.keys().any(|name| name == VARY) {
        let _ = headers.try_append(VARY, value);
    } else {
        vary_on(headers, &ORIGIN, value);
    }
}

#[inline]
pub(crate) fn vary_on_choice(headers: &mut HeaderMap, choice: &Choice) {
    let Some(names) = choice else { return };
    for name in names.iter() {
        vary_on(headers, name, HeaderValue::from(name.clone()));
    }
}

/// Adds a name to Vary unless it is there, or `*` is (RFC 9110, section 12.5.5; difference D7).
fn vary_on(headers: &mut HeaderMap, name: &HeaderName, value: HeaderValue) {
    match headers.try_entry(VARY) {
        Ok(Entry::Vacant(entry)) => {
            let _ = entry.try_insert(value);
        }
        Ok(Entry::Occupied(mut entry)) => {
            let is_known = entry.iter().any(|line| {
                names::elements(line.as_bytes()).any(|element| {
                    element == b"*" || element.eq_ignore_ascii_case(name.as_str().as_bytes())
                })
            });
            if !is_known {
                entry.append(value);
            }
        }
        Err(_) => {}
    }
}
