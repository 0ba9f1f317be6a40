//! The hot core: what a policy decides about one request, as a value.
//!
//! It reads and writes `http` types. It knows no service, task or body, and nothing of how settings
//! are read or mistakes are worded.

pub(crate) mod decoration;
pub(crate) mod enforce;
pub(crate) mod names;
pub(crate) mod origin;
pub(crate) mod preflight;
pub(crate) mod refusal;
pub(crate) mod request;
pub(crate) mod rules;
pub(crate) mod vary;

use http::{HeaderMap, HeaderValue, StatusCode};

use self::{decoration::Decoration, refusal::Refusal};

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

const TEXT: HeaderValue = HeaderValue::from_static("text/plain; charset=utf-8");
const TRUE: HeaderValue = HeaderValue::from_static("true");
