//! `Cors<S>`: answers preflights, passes everything else on and decorates its response.

use std::task::{Context, Poll};

use http::{Request, Response};
use tower_service::Service;

use crate::{
    body::ResponseBody,
    future::ResponseFuture,
    source::{Source, serve, serve_chosen},
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
    fn call(&mut self, request: Request<B>) -> Self::Future {
        let inner = &mut self.inner;
        match &self.source {
            Source::Fixed(policy) => serve(policy, &None, request, |request| inner.call(request)),
            Source::Chosen(choose) => {
                let (parts, body) = request.into_parts();
                let policy = (choose.pick)(&parts);
                let request = Request::from_parts(parts, body);
                serve_chosen(policy.as_ref(), &choose.vary, request, |request| inner.call(request))
            }
        }
    }
}
