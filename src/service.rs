//! `Cors<S>`: answers preflights, forwards all other requests and adds headers to their responses.

use std::{
    fmt,
    sync::Arc,
    task::{Context, Poll},
};

use http::{Method, Request, Response, request::Parts};
use tower_service::Service;

use crate::{
    body::ResponseBody,
    cors_policy::CorsPolicy,
    future::ResponseFuture,
    policies::Policies,
    policy::{
        decision::{Answer, Decision},
        decoration::Decoration,
        enforce::forbid,
        hosts,
        refusal::Refusal,
        request::{Head, PreflightRequest, RequestOrigin},
        rules::{Grant, Rules, Verdict},
        vary::{self, Varies, VaryNames},
    },
};

/// The service of [`CorsLayer`](crate::CorsLayer) and [`PerRequestLayer`](crate::PerRequestLayer).
///
/// It is ready when the inner service is. A preflight does not call the inner service. Any other
/// request calls it once, and an `Err` is returned unchanged.
///
/// # Clone
///
/// A clone costs that of the inner service and one reference count.
#[derive(Clone, Debug)]
pub struct Cors<S> {
    pub(crate) inner: S,
    pub(crate) source: Source,
}

impl<S> Cors<S> {
    /// The inner service.
    #[must_use]
    pub fn get_ref(&self) -> &S {
        &self.inner
    }

    /// The inner service.
    #[must_use]
    pub fn get_mut(&mut self) -> &mut S {
        &mut self.inner
    }

    /// The inner service.
    #[must_use]
    pub fn into_inner(self) -> S {
        self.inner
    }
}

/// Where the policy of a request comes from.
#[derive(Clone, Debug)]
pub(crate) enum Source {
    Fixed(CorsPolicy),
    Chosen(Arc<Chooser>),
}

/// Chooses the policy of each request, and lists the request headers that the choice reads.
#[derive(Clone)]
pub(crate) struct Chooser {
    pub(crate) choose: Choose,
    pub(crate) vary_names: VaryNames,
}

/// How the policy of a request is chosen.
#[derive(Clone)]
pub(crate) enum Choose {
    Closure(Arc<Closure>),
    /// The first policy that allows the Origin.
    First(Policies),
}

pub(crate) type Closure = dyn Fn(&Parts) -> Option<CorsPolicy> + Send + Sync;

impl Choose {
    #[inline]
    pub(crate) fn policy(&self, head: &Parts) -> Option<CorsPolicy> {
        match self {
            Self::Closure(choose) => choose(head),
            Self::First(policies) => Some(policies.choose(&head.headers).1.clone()),
        }
    }
}

impl fmt::Debug for Choose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Closure(_) => f.write_str("<fn>"),
            Self::First(policies) => policies.fmt(f),
        }
    }
}

impl Chooser {
    /// Separate from `call`, because a closure needs the parts, and a fixed policy should not pay
    /// for moving them.
    #[inline(never)]
    fn decide<B>(&self, request: Request<B>) -> (Decision, Request<B>) {
        let (parts, body) = request.into_parts();
        let policy = self.choose.policy(&parts);
        let mut request = Request::from_parts(parts, body);
        (decide(policy.as_ref(), &self.vary_names, &mut request), request)
    }
}

impl fmt::Debug for Chooser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Chooser")
            .field("choose", &self.choose)
            .field("vary_names", &self.vary_names)
            .finish()
    }
}

impl<S, B, ResBody> Service<Request<B>> for Cors<S>
where
    S: Service<Request<B>, Response = Response<ResBody>>,
{
    type Response = Response<ResponseBody<ResBody>>;
    type Error = S::Error;
    type Future = ResponseFuture<S::Future>;

    #[inline]
    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    #[inline]
    fn call(&mut self, mut request: Request<B>) -> Self::Future {
        match &self.source {
            Source::Fixed(policy) => {
                let decision = decide(Some(policy), &None, &mut request);
                ResponseFuture::new(decision, &mut self.inner, request)
            }
            Source::Chosen(chooser) => {
                let (decision, request) = chooser.decide(request);
                ResponseFuture::new(decision, &mut self.inner, request)
            }
        }
    }
}

/// Decides what happens to a request. Without a policy only Vary is added, because the choice of no
/// policy depends on the same request headers.
#[inline]
pub(crate) fn decide<B>(
    policy: Option<&CorsPolicy>,
    vary_names: &VaryNames,
    request: &mut Request<B>,
) -> Decision {
    let Some(policy) = policy else {
        if request.method() == Method::CONNECT {
            return Decision::Forward(Decoration::NONE);
        }
        let (varies, vary_names) = (Varies::OnOrigin, vary_names.clone());
        return Decision::Forward(Decoration { varies, vary_names, ..Decoration::NONE });
    };
    let rules = policy.rules();
    if !rules.allows_host(Head::from(&*request)) {
        if let Some(mut answer) = refuse_host(policy, request) {
            // The choice of a policy may read more than the host.
            if vary_names.is_some() {
                vary::merge(&mut answer.headers, Varies::OnOrigin, vary_names);
            }
            return Decision::Answer(answer);
        }
    }
    let head = Head::from(&*request);
    if let Some(asked) = PreflightRequest::read(head) {
        let preflight = rules.preflight(asked);
        #[cfg(feature = "tracing")]
        crate::events::preflight(policy, head, &preflight);
        // Cloned before the answer overwrites the request's fields.
        let echoes = preflight.echoes(rules);
        let mut answer = echoes.answer(rules, request.headers_mut());
        vary::add_names(&mut answer.headers, vary_names);
        return Decision::Answer(answer);
    }
    let origin = RequestOrigin::read(head.headers);
    let verdict = rules.actual(head, &origin);
    #[cfg(feature = "tracing")]
    crate::events::actual(policy, head, &origin, verdict);
    match verdict {
        Verdict::Forward(grant) => {
            Decision::Forward(rules.decoration(grant, head.method, vary_names))
        }
        Verdict::Tunnel => Decision::Forward(Decoration::NONE),
        Verdict::Forbid => refuse_origin(rules, vary_names, request),
    }
}

/// The answer to a request for a host that is not listed. `None` under `report_only`.
#[cold]
fn refuse_host<B>(policy: &CorsPolicy, request: &mut Request<B>) -> Option<Answer> {
    #[cfg(feature = "tracing")]
    crate::events::host(policy, Head::from(&*request));
    if policy.rules().report_only {
        report(request, Refusal::HOST);
        return None;
    }
    Some(hosts::refuse(request.headers_mut()))
}

/// Refuses a request by `enforce_origin`, or reports it.
#[cold]
fn refuse_origin<B>(rules: &Rules, vary_names: &VaryNames, request: &mut Request<B>) -> Decision {
    let method = request.method().clone();
    if !rules.report_only {
        let mut answer = forbid(rules.enforce, &method, request.headers_mut());
        vary::add_names(&mut answer.headers, vary_names);
        return Decision::Answer(answer);
    }
    report(request, Refusal::ORIGIN);
    Decision::Forward(match method {
        Method::CONNECT => Decoration::NONE,
        _ => rules.decoration(Grant::Nothing, &method, vary_names),
    })
}

/// Under `report_only` the request's extensions tell the inner service what would have been
/// refused.
fn report<B>(request: &mut Request<B>, refusal: Refusal) {
    let reported = request.extensions().get().copied().unwrap_or(Refusal::NOTHING);
    request.extensions_mut().insert(reported.and(refusal));
}
