//! The limit's body: the inner one, or a short text.

use std::{
    mem,
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use pin_project_lite::pin_project;

pin_project! {
    #[project = LimitBodyProjected]
    pub(crate) enum LimitBody<B> {
        Inner { #[pin] inner: B },
        Text { text: &'static str },
    }
}

impl<B: Body<Data = Bytes>> Body for LimitBody<B> {
    type Data = Bytes;
    type Error = B::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, B::Error>>> {
        match self.project() {
            LimitBodyProjected::Inner { inner } => inner.poll_frame(context),
            LimitBodyProjected::Text { text } => {
                let text = mem::take(text);
                let frame = || Ok(Frame::data(Bytes::from_static(text.as_bytes())));
                Poll::Ready((!text.is_empty()).then(frame))
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        match self {
            LimitBody::Inner { inner } => inner.is_end_stream(),
            LimitBody::Text { text } => text.is_empty(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            LimitBody::Inner { inner } => inner.size_hint(),
            LimitBody::Text { text } => SizeHint::with_exact(text.len() as u64),
        }
    }
}
