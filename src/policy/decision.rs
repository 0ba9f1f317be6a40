//! `Decision`: what becomes of a request, as a value.

use http::{HeaderMap, HeaderValue, StatusCode};

use super::{decoration::Decoration, refusal::Refusal};

/// What becomes of a request.
#[derive(Debug)]
pub(crate) enum Decision {
    /// It is answered here; the inner service never sees it.
    Answer(Answer),
    /// The inner service carries it out, and its response is decorated.
    Forward(Decoration),
}

/// A response that is made here.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: &'static str,
    pub(crate) refusal: Refusal,
}

pub(super) const TEXT: HeaderValue = HeaderValue::from_static("text/plain; charset=utf-8");
