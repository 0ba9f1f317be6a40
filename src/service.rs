//! `Cors<S>`: answers preflights, passes everything else on and decorates its response.

use std::{
    mem,
    task::{Context, Poll},
};

use http::{Request, Response};
use tower_service::Service;

use crate::{
    body::ResponseBody,
    future::{Kind, ResponseFuture},
    source::{Source, decide, decide_chosen},
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
            Source::Chosen(choose) => {
                let (parts, body) = request.into_parts();
                let policy = (choose.pick)(&parts);
                request = Request::from_parts(parts, body);
                decide_chosen(policy.as_ref(), &choose.vary, &mut request)
            }
        };
        let kind = match decision {
            Ok(decoration) => Kind::Actual { future: self.inner.call(request), decoration },
            Err(answer) => Kind::Answered { headers: mem::take(request.headers_mut()), answer },
        };
        ResponseFuture { kind }
    }
}
