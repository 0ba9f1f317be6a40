//! `Cors<S>`: answers preflights, passes everything else on and decorates its response.

use std::{
    fmt, mem,
    sync::Arc,
    task::{Context, Poll},
};

use http::{Method, Request, Response, request::Parts};
use tower_service::Service;

use crate::{
    body::ResponseBody,
    cors_policy::CorsPolicy,
    future::ResponseFuture,
    policy::{
        Decision,
        decoration::Decoration,
        enforce::forbid,
        preflight::Echoes,
        rules::Verdict,
        vary::{self, VaryNames},
    },
};

/// The service of [`CorsLayer`](crate::CorsLayer) and [`PerRequestLayer`](crate::PerRequestLayer).
///
/// It is ready when the inner service is. A preflight does not call the inner service; any other
/// request calls it once, and its `Err` passes as it is.
///
/// # Clone
///
/// A clone costs that of the inner service and one reference count.
#[derive(Clone, Debug)]
pub struct Cors<S> {
    pub(crate) inner: S,
    pub(crate) source: Source,
}

/// Where the policy of a request comes from.
#[derive(Clone, Debug)]
pub(crate) enum Source {
    Fixed(CorsPolicy),
    Chosen(Arc<Chooser>),
}

/// A closure that chooses the policy, and the request headers that it reads.
#[derive(Clone)]
pub(crate) struct Chooser {
    pub(crate) choose: Arc<Choose>,
    pub(crate) vary_names: VaryNames,
}

pub(crate) type Choose = dyn Fn(&Parts) -> Option<CorsPolicy> + Send + Sync;

impl fmt::Debug for Chooser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Chooser")
            .field("choose", &"<fn>")
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
        let decision = match &self.source {
            Source::Fixed(policy) => decide(policy, &None, &mut request),
            Source::Chosen(chooser) => {
                let (parts, body) = request.into_parts();
                let policy = (chooser.choose)(&parts);
                request = Request::from_parts(parts, body);
                decide_chosen(policy.as_ref(), &chooser.vary_names, &mut request)
            }
        };
        ResponseFuture::new(decision, &mut self.inner, request)
    }
}

/// What becomes of a request under a policy.
#[inline]
fn decide<B>(policy: &CorsPolicy, vary_names: &VaryNames, request: &mut Request<B>) -> Decision {
    let rules = policy.rules();
    let head = (&*request).into();
    let verdict = rules.judge(head);
    #[cfg(feature = "tracing")]
    crate::events::judged(policy, head, &verdict);
    // What an answer repeats of the request is cloned before the answer is written over the request.
    let echoes: Option<Echoes> = match verdict {
        Verdict::Actual(_, grant) => return Decision::Forward(rules.decoration(grant, vary_names)),
        Verdict::Tunnel => return Decision::Forward(Decoration::NONE),
        Verdict::Preflight(preflight) => Some(preflight.echoes(rules)),
        Verdict::Forbidden(_) => None,
    };
    let fields = mem::take(request.headers_mut());
    let mut answer = match echoes {
        Some(echoes) => echoes.answer(rules, fields),
        None => forbid(fields),
    };
    vary::on_names(&mut answer.headers, vary_names);
    Decision::Answer(answer)
}

/// As [`decide`]. Without a policy the request is left alone; that it was left alone depends on what
/// the choice reads, all the same.
pub(crate) fn decide_chosen<B>(
    policy: Option<&CorsPolicy>,
    vary_names: &VaryNames,
    request: &mut Request<B>,
) -> Decision {
    match policy {
        Some(policy) => decide(policy, vary_names, request),
        None if request.method() == Method::CONNECT => Decision::Forward(Decoration::NONE),
        None => {
            Decision::Forward(Decoration { vary_names: vary_names.clone(), ..Decoration::NONE })
        }
    }
}
