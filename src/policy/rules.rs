//! The rules of one policy, with every value ready to send. Compare this file with Starlette's.

use std::sync::Arc;

use http::{HeaderValue, Method, StatusCode};

use super::{
    bytes::is_equal,
    decoration::Decoration,
    enforce::EnforceOrigin,
    extras::Extras,
    hosts::{Authority, Hosts},
    names::{self, AllowedNames},
    origin::set::OriginSet,
    prefixes::Prefixes,
    request::{AskedHeaders, Head, OriginField, RequestOrigin},
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
    /// Shared with the decorations of pending responses. Under `Extras::WRITE_NAMES` these are the
    /// names that outer layers add.
    pub(crate) expose: Option<Arc<HeaderValue>>,
    /// Invariant: 200 to 299.
    pub(crate) success: StatusCode,
    pub(crate) browser_diagnostics: bool,
    /// Invariant: true => origins are `Origins::Any` and credentials is false and enforce is Nothing.
    pub(crate) constant: bool,
    pub(crate) enforce: EnforceOrigin,
    /// `None` allows every host.
    pub(crate) hosts: Option<Hosts>,
    /// Requests that `enforce` and `hosts` refuse are reported and handled.
    pub(crate) report_only: bool,
    pub(crate) extras: Extras,
}

#[derive(Debug)]
pub(crate) enum Origins {
    /// `*`.
    Any,
    Set(OriginSet),
}

#[derive(Debug)]
pub(crate) enum Methods {
    /// Any token.
    Mirrored,
    Listed {
        names: Box<[Box<[u8]>]>,
        value: HeaderValue,
    },
}

#[derive(Debug)]
pub(crate) enum Headers {
    Listed {
        names: AllowedNames,
        value: HeaderValue,
    },
    /// The answer depends on the request.
    Echoed(Echoed),
}

#[derive(Debug)]
pub(crate) enum Echoed {
    /// `*`: all requested names.
    Any,
    /// Some are allowed by prefix.
    Prefixed(Box<Prefixes>),
}

/// The decision about an actual request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict<'a> {
    /// It is handled, and its response has the grant.
    Forward(Grant<'a>),
    /// `enforce_origin` refuses it.
    Forbid,
    /// CONNECT: the response of a tunnel is not changed.
    Tunnel,
}

/// The value of Access-Control-Allow-Origin.
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
            Self::Any => Some(const { HeaderValue::from_static("*") }),
            Self::Origin(origin) => Some(origin.clone()),
        }
    }
}

impl Rules {
    /// Whether a request is for a host that `allow_hosts` lists.
    #[inline]
    pub(crate) fn allows_host(&self, head: Head<'_>) -> bool {
        match &self.hosts {
            None => true,
            Some(hosts) => hosts.contain(Authority::of(head)),
        }
    }

    /// The decision about an actual request.
    #[inline]
    pub(crate) fn actual<'a>(&self, head: Head<'a>, origin: &RequestOrigin<'a>) -> Verdict<'a> {
        let grant = self.actual_grant(origin);
        if self.enforce != EnforceOrigin::Nothing
            && grant.is_nothing()
            && self.enforce.refuses(head, origin, self.hosts.as_ref())
        {
            return Verdict::Forbid;
        }
        if *head.method == Method::CONNECT { Verdict::Tunnel } else { Verdict::Forward(grant) }
    }

    /// Access-Control-Allow-Origin of an actual response.
    #[inline]
    pub(crate) fn actual_grant<'a>(&self, origin: &RequestOrigin<'a>) -> Grant<'a> {
        if self.constant { Grant::Any } else { self.grant(origin) }
    }

    /// Access-Control-Allow-Origin for an Origin.
    #[inline]
    pub(crate) fn grant<'a>(&self, origin: &RequestOrigin<'a>) -> Grant<'a> {
        let value = match origin.field() {
            OriginField::Absent => return Grant::Nothing,
            OriginField::One(value) => Some(value),
            OriginField::Several => None,
        };
        let is_allowed = match (&self.origins, value) {
            // Nothing from the request is echoed, so it may be malformed.
            (Origins::Any, _) if !self.credentials => return Grant::Any,
            (Origins::Any, Some(_)) => origin.parsed().is_some(),
            (Origins::Set(set), Some(value)) => set.contains(value.as_bytes(), origin),
            (_, None) => false,
        };
        match value {
            Some(value) if is_allowed => Grant::Origin(value),
            _ => Grant::Nothing,
        }
    }

    /// The headers of the response to an actual request.
    #[inline]
    pub(crate) fn decoration(
        &self,
        grant: Grant<'_>,
        method: &Method,
        vary_names: &VaryNames,
    ) -> Decoration {
        Decoration {
            expose: if grant.is_nothing() { None } else { self.expose.clone() },
            allow_origin: grant.value(),
            credentials: self.credentials,
            extras: self.extras,
            varies: if self.constant && vary_names.is_none() {
                Varies::Not
            } else if self.report_only {
                Varies::OnOrigin
            } else {
                self.enforce.varies(method)
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
            Self::Listed { names, .. } => {
                names.iter().any(|name| is_equal(name, method.as_bytes()))
            }
        }
    }
}

impl Headers {
    #[inline]
    pub(crate) fn refuse(&self, asked: AskedHeaders<'_>) -> bool {
        match self {
            Self::Echoed(Echoed::Any) => false,
            Self::Listed { names, .. } => match asked {
                AskedHeaders::None => false,
                AskedHeaders::One(line) => !names.contains_all(line.as_bytes()),
                AskedHeaders::Several(_) => {
                    !asked.lines().all(|line| names.contains_all(line.as_bytes()))
                }
            },
            Self::Echoed(Echoed::Prefixed(prefixes)) => !prefixes.contain_all(asked),
        }
    }

    /// Whether a requested name is allowed.
    pub(crate) fn contain(&self, name: &[u8]) -> bool {
        match self {
            Self::Echoed(Echoed::Any) => true,
            Self::Listed { names, .. } => names.contains(name),
            Self::Echoed(Echoed::Prefixed(prefixes)) => prefixes.contain(name),
        }
    }
}
