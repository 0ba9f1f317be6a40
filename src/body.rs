//! `ResponseBody`: the inner service's body, or one short text.

use std::{
    pin::Pin,
    task::{Context, Poll},
};

use bytes::{Buf, Bytes};
use http_body::{Body, Frame, SizeHint};
use pin_project_lite::pin_project;

pin_project! {
    /// The body of every response: the inner service's body, or the short text of an answer that
    /// the layer makes.
    ///
    /// Frames, trailers, size hint and end of stream of the inner body pass through. The only bound
    /// on the inner body is `Body`, so the layer can wrap limits and timeouts.
    ///
    /// If the compiler says that `ResponseBody<B>` is not `B`, end the chain of the layer with
    /// [`same_body()`](crate::CorsLayer::same_body): its service answers with `B` itself.
    /// [`guide::placement`](crate::guide::placement) says which answers of a framework get CORS
    /// headers.
    #[derive(Debug)]
    pub struct ResponseBody<B> {
        #[pin]
        kind: Kind<B>,
    }
}

pin_project! {
    #[project = KindProjection]
    #[derive(Debug)]
    enum Kind<B> {
        Inner { #[pin] body: B },
        Text { text: &'static str },
    }
}

impl<B> ResponseBody<B> {
    /// The inner body, or one made of the text.
    pub(crate) fn into_inner_or(self, make: fn(&'static str) -> B) -> B {
        match self.kind {
            Kind::Inner { body } => body,
            Kind::Text { text } => make(text),
        }
    }

    pub(crate) fn inner(body: B) -> Self {
        Self { kind: Kind::Inner { body } }
    }

    pub(crate) fn text(text: &'static str) -> Self {
        Self { kind: Kind::Text { text } }
    }
}

/// An empty inner body.
impl<B: Default> Default for ResponseBody<B> {
    fn default() -> Self {
        Self::inner(B::default())
    }
}

impl<B: Body> Body for ResponseBody<B> {
    type Data = Bytes;
    type Error = B::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, B::Error>>> {
        match self.project().kind.project() {
            KindProjection::Inner { body } => body.poll_frame(cx).map_ok(|frame| {
                // For `Bytes` this copies nothing.
                frame.map_data(|mut data| data.copy_to_bytes(data.remaining()))
            }),
            KindProjection::Text { text } => {
                let text = std::mem::take(text);
                let frame = || Ok(Frame::data(Bytes::from_static(text.as_bytes())));
                Poll::Ready((!text.is_empty()).then(frame))
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        match &self.kind {
            Kind::Inner { body } => body.is_end_stream(),
            Kind::Text { text } => text.is_empty(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.kind {
            Kind::Inner { body } => body.size_hint(),
            Kind::Text { text } => SizeHint::with_exact(text.len() as u64),
        }
    }
}
