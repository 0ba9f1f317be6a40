//! The rules of one policy, every value rendered: the page to read beside Starlette's file.

use http::{HeaderValue, Method, StatusCode};

use super::{
    decoration::Decoration,
    enforce::EnforceOrigin,
    names::{self, AllowedNames},
    origin::set::OriginSet,
    preflight::Preflight,
    refusal::Refusal,
    request::{AskedHeaders, Head, OriginField, PreflightRequest, RequestOrigin},
    vary::{Varies, VaryNames},
};

#[derive(Debug)]
pub(crate) struct Rules {
    pub(crate) origins: Origins,
    pub(crate) methods: Methods,
    pub(crate) headers: Headers,
    pub(crate) credentials: bool,
    pub(crate) private_network: bool,
    pub(crate) max_age: Option<HeaderValue>,
    pub(crate) expose: Option<HeaderValue>,
    /// Invariant: 200 to 299.
    pub(crate) success: StatusCode,
    pub(crate) browser_diagnostics: bool,
    /// Invariant: true => origins are `Origins::Any` and credentials is false and enforce is Nothing.
    pub(crate) constant: bool,
    pub(crate) enforce: EnforceOrigin,
}

#[derive(Debug)]
pub(crate) enum Origins {
    /// `*`.
    Any,
    Set(OriginSet),
}

#[derive(Debug)]
pub(crate) enum Methods {
    /// Whatever token is asked for.
    Mirrored,
    Listed {
        names: Box<[Box<[u8]>]>,
        value: HeaderValue,
    },
}

#[derive(Debug)]
pub(crate) enum Headers {
    /// `*`: whatever is asked for.
    Any,
    Listed {
        names: AllowedNames,
        value: HeaderValue,
    },
}

/// What the policy says to a request. The events tell it and `explain` words it: nobody decides anew.
#[derive(Debug)]
pub(crate) enum Verdict<'a> {
    Preflight(Preflight<'a>),
    /// An actual request, which is carried out.
    Actual(RequestOrigin<'a>, Grant<'a>),
    /// An actual request that `enforce_origin` refuses.
    Forbidden(RequestOrigin<'a>),
    /// CONNECT: its response is a tunnel's, and leaves as it came.
    Tunnel,
}

/// What Access-Control-Allow-Origin is to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Grant<'a> {
    Nothing,
    /// `*`.
    Any,
    /// The request's own Origin.
    Origin(&'a HeaderValue),
}

impl Grant<'_> {
    pub(crate) fn is_nothing(self) -> bool {
        matches!(self, Self::Nothing)
    }

    #[inline]
    pub(crate) fn value(self) -> Option<HeaderValue> {
        match self {
            Self::Nothing => None,
            Self::Any => Some(HeaderValue::from_static("*")),
            Self::Origin(origin) => Some(origin.clone()),
        }
    }
}

impl Rules {
    /// What the policy says to a request.
    #[inline]
    pub(crate) fn judge<'a>(&self, head: Head<'a>) -> Verdict<'a> {
        let asked = match *head.method {
            Method::OPTIONS => PreflightRequest::read(head.headers),
            _ => None,
        };
        if let Some(asked) = asked {
            return Verdict::Preflight(self.preflight(asked));
        }
        let origin = RequestOrigin::read(head.headers);
        let grant = self.actual_grant(&origin);
        if self.enforce != EnforceOrigin::Nothing
            && grant.is_nothing()
            && self.enforce.refuses(head, &origin)
        {
            return Verdict::Forbidden(origin);
        }
        if *head.method == Method::CONNECT {
            return Verdict::Tunnel;
        }
        Verdict::Actual(origin, grant)
    }

    /// What Access-Control-Allow-Origin says on an actual response.
    #[inline]
    pub(crate) fn actual_grant<'a>(&self, origin: &RequestOrigin<'a>) -> Grant<'a> {
        if self.constant { Grant::Any } else { self.grant(origin) }
    }

    /// What Access-Control-Allow-Origin says to an Origin.
    #[inline]
    pub(crate) fn grant<'a>(&self, origin: &RequestOrigin<'a>) -> Grant<'a> {
        match (&self.origins, origin.field()) {
            (_, OriginField::Absent) => Grant::Nothing,
            // Nothing of the request is echoed, so it may be malformed.
            (Origins::Any, _) if !self.credentials => Grant::Any,
            (_, OriginField::Several) => Grant::Nothing,
            (Origins::Any, OriginField::One(value)) if origin.parsed().is_some() => {
                Grant::Origin(value)
            }
            (Origins::Set(set), OriginField::One(value))
                if set.contains(value.as_bytes(), origin) =>
            {
                Grant::Origin(value)
            }
            _ => Grant::Nothing,
        }
    }

    /// What the policy says to a preflight.
    #[inline]
    pub(crate) fn preflight<'a>(&self, asked: PreflightRequest<'a>) -> Preflight<'a> {
        let grant = self.grant(&asked.origin);
        let refusal = Refusal::ORIGIN
            .when(grant.is_nothing())
            .and(Refusal::METHOD.when(!self.methods.contain(asked.method)))
            .and(Refusal::HEADERS.when(self.headers.refuse(asked.headers)))
            .and(Refusal::PRIVATE_NETWORK.when(asked.private_network && !self.private_network));
        Preflight { status: self.status(refusal, asked.method), asked, grant, refusal }
    }

    /// The status of the answer to a preflight.
    fn status(&self, refusal: Refusal, method: &HeaderValue) -> StatusCode {
        if refusal == Refusal::NOTHING {
            self.success
        } else if self.browser_diagnostics && self.browser_refuses(refusal, method) {
            StatusCode::OK
        } else {
            StatusCode::BAD_REQUEST
        }
    }

    /// Whether a browser refuses by itself, whatever the status, and can then name the cause (Fetch,
    /// "CORS-preflight fetch", step 7).
    fn browser_refuses(&self, refusal: Refusal, method: &HeaderValue) -> bool {
        // Without a list of methods the browser accepts the method it asked for.
        let method_is_checked = matches!(self.methods, Methods::Listed { .. })
            && !matches!(method.as_bytes(), b"GET" | b"HEAD" | b"POST");
        refusal.origin() || refusal.headers() || refusal.method() && method_is_checked
    }

    /// What the response to an actual request is to carry.
    #[inline]
    pub(crate) fn decoration(&self, grant: Grant<'_>, vary_names: &VaryNames) -> Decoration {
        Decoration {
            expose: if grant.is_nothing() { None } else { self.expose.clone() },
            allow_origin: grant.value(),
            credentials: self.credentials,
            varies: match self.enforce {
                _ if self.constant => Varies::Not,
                EnforceOrigin::AllRequests => Varies::OnOriginAndFetchSite,
                EnforceOrigin::Nothing | EnforceOrigin::WebSockets => Varies::OnOrigin,
            },
            vary_names: vary_names.clone(),
        }
    }
}

impl Methods {
    #[inline]
    pub(crate) fn contain(&self, method: &HeaderValue) -> bool {
        match self {
            Self::Mirrored => names::is_token(method.as_bytes()),
            Self::Listed { names, .. } => names.iter().any(|name| **name == *method.as_bytes()),
        }
    }
}

impl Headers {
    #[inline]
    fn refuse(&self, asked: AskedHeaders<'_>) -> bool {
        match self {
            Self::Any => false,
            Self::Listed { names, .. } => match asked {
                AskedHeaders::None => false,
                AskedHeaders::One(line) => !names.contains_all(line.as_bytes()),
                AskedHeaders::Several(_) => {
                    !asked.lines().all(|line| names.contains_all(line.as_bytes()))
                }
            },
        }
    }

    /// Whether one asked name is allowed.
    pub(crate) fn contain(&self, name: &[u8]) -> bool {
        match self {
            Self::Any => true,
            Self::Listed { names, .. } => names.contains(name),
        }
    }
}
