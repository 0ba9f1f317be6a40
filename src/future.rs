//! `ResponseFuture`: an answer of the layer, or the decorated response of the inner service.

use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll, ready},
};

use http::{Request, Response, StatusCode};
use pin_project_lite::pin_project;
use tower_service::Service;

use crate::{
    body::ResponseBody,
    policy::{
        decision::{Answer, Decision},
        decoration::Decoration,
        refusal::Refusal,
    },
};

pin_project! {
    /// The future of [`Cors`](crate::Cors).
    ///
    /// Do not poll it again after it has returned its response: it would stay pending.
    #[derive(Debug)]
    pub struct ResponseFuture<F> {
        #[pin]
        kind: Kind<F>,
    }
}

pin_project! {
    #[project = KindProjection]
    #[derive(Debug)]
    enum Kind<F> {
        /// `None` after the response was returned.
        Answered { answer: Option<Answer> },
        Forwarded { #[pin] future: F, decoration: Decoration },
    }
}

impl<F> ResponseFuture<F> {
    /// Carries a decision out. This is the only place where the inner service is called.
    #[inline]
    pub(crate) fn new<S, B>(decision: Decision, inner: &mut S, request: Request<B>) -> Self
    where
        S: Service<Request<B>, Future = F>,
    {
        Self {
            kind: match decision {
                Decision::Answer(answer) => Kind::Answered { answer: Some(answer) },
                Decision::Forward(decoration) => {
                    Kind::Forwarded { future: inner.call(request), decoration }
                }
            },
        }
    }
}

impl<F, B, E> Future for ResponseFuture<F>
where
    F: Future<Output = Result<Response<B>, E>>,
{
    type Output = Result<Response<ResponseBody<B>>, E>;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        match self.project().kind.project() {
            KindProjection::Answered { answer } => match answer.take() {
                Some(answer) => Poll::Ready(Ok(respond(answer))),
                None => Poll::Pending,
            },
            KindProjection::Forwarded { future, decoration } => {
                let mut response = ready!(future.poll(cx))?;
                // A 101 hands the connection over. It is not changed.
                if response.status() != StatusCode::SWITCHING_PROTOCOLS {
                    decoration.apply(response.status(), response.headers_mut());
                }
                Poll::Ready(Ok(response.map(ResponseBody::inner)))
            }
        }
    }
}

#[inline]
fn respond<B>(answer: Answer) -> Response<ResponseBody<B>> {
    let mut response = Response::new(ResponseBody::text(answer.text));
    *response.status_mut() = answer.status;
    *response.headers_mut() = answer.headers;
    if answer.refusal != Refusal::NOTHING {
        response.extensions_mut().insert(answer.refusal);
    }
    response
}
