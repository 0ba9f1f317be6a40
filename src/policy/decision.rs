//! `Decision`: what happens to a request, as a value.

use http::{HeaderMap, HeaderValue, StatusCode};

use super::{decoration::Decoration, refusal::Refusal};

/// What happens to a request.
#[derive(Debug)]
pub(crate) enum Decision {
    /// The layer answers it. The inner service does not get it.
    Answer(Answer),
    /// The inner service handles it, and the layer decorates the response.
    Forward(Decoration),
}

/// An answer of the layer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: &'static str,
    pub(crate) refusal: Refusal,
}

pub(super) const TEXT: HeaderValue = HeaderValue::from_static("text/plain; charset=utf-8");
