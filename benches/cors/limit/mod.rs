//! The limit: a CORS service written by hand for one policy, which the compiler knows in full.
//!
//! It does every header operation that DESIGN.md asks for, and nothing else: it reads no configuration, has no builder, no
//! diagnostics, no choice of policy. What it costs is what the wire behaviour itself costs.

mod body;
mod guard;
mod names;
mod preflight;

use std::{
    future::Future,
    marker::PhantomData,
    mem,
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use http::{
    HeaderMap, HeaderValue, Method, Request, Response, StatusCode,
    header::{
        ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_ORIGIN,
        ACCESS_CONTROL_EXPOSE_HEADERS, ORIGIN, VARY,
    },
};
use pin_project_lite::pin_project;
use tower::{Layer, Service};

use body::LimitBody;
use guard::Refusal;
use preflight::{Failures, preflight};

/// What one policy hard-codes. Every constant folds into the one service it is used by.
pub(crate) trait Policy: Clone + Send + Sync + 'static {
    const ANY_ORIGIN: bool = false;
    const CREDENTIALS: bool = false;
    const EXPOSED: Option<HeaderValue> = None;
    const METHODS: Methods = Methods::These(HeaderValue::from_static("GET"));
    const HEADERS: Headers = Headers::These(HeaderValue::from_static(
        "Accept, Accept-Language, Content-Language, Content-Type",
    ));
    /// `EnforceOrigin::AllRequests`.
    const ENFORCED: bool = false;
    /// The one host of `allow_hosts`, at any port.
    const HOST: Option<&'static str> = None;
    /// `HEADERS` holds no longer name.
    const LONGEST_HEADER: usize = "content-language".len();

    fn allows_origin(&self, origin: &[u8]) -> bool;

    fn allows_method(method: &[u8]) -> bool {
        method == b"GET"
    }

    fn allows_header(name: &[u8]) -> bool {
        match name.len() {
            6 => is(name, b"accept"),
            12 => is(name, b"content-type"),
            15 => is(name, b"accept-language"),
            16 => is(name, b"content-language"),
            _ => false,
        }
    }
}

pub(crate) enum Methods {
    These(HeaderValue),
    Mirrored,
}

pub(crate) enum Headers {
    These(HeaderValue),
    /// So many that they are made when the program starts.
    Made(fn() -> HeaderValue),
    Mirrored,
}

/// Browsers send lower case: try that before folding the case.
#[inline]
pub(crate) fn is(name: &[u8], lower: &[u8]) -> bool {
    name == lower || name.eq_ignore_ascii_case(lower)
}

#[derive(Clone)]
pub(crate) struct LimitLayer<P>(pub(crate) P);

impl<S, P: Clone> Layer<S> for LimitLayer<P> {
    type Service = Limit<S, P>;

    fn layer(&self, inner: S) -> Limit<S, P> {
        Limit { inner, policy: self.0.clone() }
    }
}

#[derive(Clone)]
pub(crate) struct Limit<S, P> {
    inner: S,
    policy: P,
}

impl<S, P, ReqBody, ResBody> Service<Request<ReqBody>> for Limit<S, P>
where
    S: Service<Request<ReqBody>, Response = Response<ResBody>>,
    P: Policy,
{
    type Response = Response<LimitBody<ResBody>>;
    type Error = S::Error;
    type Future = LimitFuture<S::Future, P>;

    #[inline]
    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    #[inline]
    fn call(&mut self, mut request: Request<ReqBody>) -> Self::Future {
        if P::HOST.is_some_and(|host| !guard::is_for(&request, host)) {
            return LimitFuture::refused(Refusal::Host, &mut request);
        }
        if request.method() == Method::OPTIONS
            && let Some((headers, failures)) = preflight(&self.policy, request.headers_mut())
        {
            return LimitFuture {
                kind: Kind::Preflight { headers, failures },
                policy: PhantomData,
            };
        }
        let decoration = decoration(&self.policy, &request);
        let is_refusable = P::ENFORCED && !matches!(decoration, Decoration::Allowed(_));
        if is_refusable && guard::refuses::<P, _>(&request) {
            return LimitFuture::refused(Refusal::Origin, &mut request);
        }
        let is_read = P::ENFORCED && guard::is_read(request.method());
        LimitFuture {
            kind: Kind::Actual { inner: self.inner.call(request), decoration, is_read },
            policy: PhantomData,
        }
    }
}

impl<F, P> LimitFuture<F, P> {
    #[cold]
    fn refused<B>(refusal: Refusal, request: &mut Request<B>) -> Self {
        let is_read = guard::is_read(request.method());
        let headers = refusal.headers(is_read, request.headers_mut());
        Self { kind: Kind::Refused { headers, refusal }, policy: PhantomData }
    }
}

fn decoration<P: Policy, B>(policy: &P, request: &Request<B>) -> Decoration {
    if request.method() == Method::CONNECT {
        return Decoration::Untouched;
    }
    let headers = request.headers();
    let Some(origin) = headers.get(ORIGIN) else {
        return Decoration::Vary;
    };
    if P::ANY_ORIGIN && !P::CREDENTIALS {
        return Decoration::Any;
    }
    if policy.allows_origin(origin.as_bytes()) && !is_repeated(headers) {
        Decoration::Allowed(origin.clone())
    } else {
        Decoration::Vary
    }
}

/// Whether Origin comes in several lines. Where no field does, the map has as many names as lines.
#[inline]
fn is_repeated(headers: &HeaderMap) -> bool {
    headers.len() != headers.keys_len() && headers.get_all(ORIGIN).iter().nth(1).is_some()
}

/// What the answer to an actual request gets.
enum Decoration {
    Untouched,
    Vary,
    Any,
    Allowed(HeaderValue),
}

impl Decoration {
    #[inline]
    fn apply<P: Policy>(self, headers: &mut HeaderMap, is_read: bool) {
        let origin = match self {
            Decoration::Untouched => return,
            Decoration::Vary => return vary_by_origin(headers, is_read),
            Decoration::Any => HeaderValue::from_static("*"),
            Decoration::Allowed(origin) => origin,
        };
        if P::CREDENTIALS && P::EXPOSED.is_some() {
            headers.reserve(4);
        }
        // One pass is cheaper than look-ups, while the response has few fields.
        let (mut varies, mut has_credentials) = (false, false);
        for name in headers.keys() {
            varies |= name == VARY;
            has_credentials |= !P::CREDENTIALS && name == ACCESS_CONTROL_ALLOW_CREDENTIALS;
        }
        if has_credentials {
            withdraw_credentials(headers, &origin);
        }
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        if P::CREDENTIALS {
            headers.insert(ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
        }
        if let Some(exposed) = P::EXPOSED {
            headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, exposed);
        }
        write_vary(headers, varies, is_read);
    }
}

/// Difference D9, unless the inner service granted that very origin.
#[cold]
fn withdraw_credentials(headers: &mut HeaderMap, origin: &HeaderValue) {
    let mut lines = headers.get_all(ACCESS_CONTROL_ALLOW_ORIGIN).iter();
    if lines.next() != Some(origin) || lines.next().is_some() {
        headers.remove(ACCESS_CONTROL_ALLOW_CREDENTIALS);
    }
}

#[inline]
fn vary_by_origin(headers: &mut HeaderMap, is_read: bool) {
    let varies = headers.keys().any(|name| name == VARY);
    write_vary(headers, varies, is_read);
}

#[inline]
fn write_vary(headers: &mut HeaderMap, varies: bool, is_read: bool) {
    match (varies, is_read) {
        (false, false) => drop(headers.append(VARY, HeaderValue::from_static("Origin"))),
        (false, true) => drop(headers.append(VARY, HeaderValue::from_static(guard::METADATA))),
        (true, false) => merge_origin(headers),
        (true, true) => {
            // No row has an inner Vary beside enforcement.
            headers.append(VARY, HeaderValue::from_static(guard::METADATA));
        }
    }
}

/// One line that never says Origin twice; `Vary: *` says it already (difference D7).
#[inline]
fn merge_origin(headers: &mut HeaderMap) {
    let lines = || headers.get_all(VARY).iter().map(HeaderValue::as_bytes);
    let says_it = |line: &[u8]| {
        line.split(|byte| *byte == b',').any(|name| {
            let name = name.trim_ascii();
            name == b"*" || name.eq_ignore_ascii_case(b"origin")
        })
    };
    let is_said = lines().any(says_it);
    if is_said && lines().nth(1).is_none() {
        return;
    }
    let mut parts: Vec<&[u8]> = lines().collect();
    if !is_said {
        parts.push(b"Origin");
    }
    let line = Bytes::from(parts.join(&b", "[..]));
    headers.insert(VARY, HeaderValue::from_maybe_shared(line).expect("joined header values"));
}

pin_project! {
    pub(crate) struct LimitFuture<F, P> {
        #[pin]
        kind: Kind<F>,
        policy: PhantomData<fn() -> P>,
    }
}

pin_project! {
    #[project = KindProjected]
    enum Kind<F> {
        Preflight { headers: HeaderMap, failures: Failures },
        Refused { headers: HeaderMap, refusal: Refusal },
        Actual { #[pin] inner: F, decoration: Decoration, is_read: bool },
    }
}

impl<F, P, B, E> Future for LimitFuture<F, P>
where
    F: Future<Output = Result<Response<B>, E>>,
    P: Policy,
{
    type Output = Result<Response<LimitBody<B>>, E>;

    #[inline]
    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        match self.project().kind.project() {
            KindProjected::Preflight { headers, failures } => {
                let body = LimitBody::Text { text: failures.text() };
                let mut response = Response::new(body);
                *response.headers_mut() = mem::take(headers);
                if failures.0 != 0 {
                    *response.status_mut() = StatusCode::BAD_REQUEST;
                    response.extensions_mut().insert(*failures);
                }
                Poll::Ready(Ok(response))
            }
            KindProjected::Refused { headers, refusal } => {
                let mut response = Response::new(LimitBody::Text { text: refusal.text() });
                *response.headers_mut() = mem::take(headers);
                *response.status_mut() = refusal.status();
                response.extensions_mut().insert(*refusal);
                Poll::Ready(Ok(response))
            }
            KindProjected::Actual { inner, decoration, is_read } => {
                let mut response = ready!(inner.poll(context))?;
                if response.status() != StatusCode::SWITCHING_PROTOCOLS {
                    mem::replace(decoration, Decoration::Untouched)
                        .apply::<P>(response.headers_mut(), *is_read);
                }
                Poll::Ready(Ok(response.map(|inner| LimitBody::Inner { inner })))
            }
        }
    }
}
