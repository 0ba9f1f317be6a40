//! `ResponseFuture`: a response made here, or the inner service's to be decorated.

use std::{
    future::Future,
    mem,
    pin::Pin,
    task::{Context, Poll, ready},
};

use http::{HeaderMap, Response, StatusCode};
use pin_project_lite::pin_project;

use crate::{
    body::ResponseBody,
    policy::decision::{Answer, Decoration, Refusal},
};

pin_project! {
    /// The future of [`Cors`](crate::Cors).
    ///
    /// Once it has given its response it is not to be polled again; what it would give is not
    /// specified, but it does not panic.
    #[derive(Debug)]
    pub struct ResponseFuture<F> {
        #[pin]
        pub(crate) kind: Kind<F>,
    }
}

pin_project! {
    #[project = KindProjection]
    #[derive(Debug)]
    pub(crate) enum Kind<F> {
        Answered { headers: HeaderMap, answer: Answer },
        Actual { #[pin] future: F, decoration: Decoration },
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
            KindProjection::Answered { headers, answer } => {
                Poll::Ready(Ok(respond(mem::take(headers), *answer)))
            }
            KindProjection::Actual { future, decoration } => {
                let mut response = ready!(future.poll(cx))?;
                // A 101 hands the connection over; it leaves as it came.
                if response.status() != StatusCode::SWITCHING_PROTOCOLS {
                    decoration.apply(response.headers_mut());
                }
                Poll::Ready(Ok(response.map(ResponseBody::inner)))
            }
        }
    }
}

#[inline]
fn respond<B>(headers: HeaderMap, answer: Answer) -> Response<ResponseBody<B>> {
    let mut response = Response::new(ResponseBody::text(answer.text));
    *response.status_mut() = answer.status;
    *response.headers_mut() = headers;
    if answer.refusal != Refusal::NOTHING {
        response.extensions_mut().insert(answer.refusal);
    }
    response
}
