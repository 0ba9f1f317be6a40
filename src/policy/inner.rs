//! `InnerHeaders`: what becomes of the CORS headers that the inner service set.

use http::{
    HeaderMap, HeaderName,
    header::{
        ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS,
        ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS,
        ACCESS_CONTROL_MAX_AGE,
    },
};

/// What becomes of the `Access-Control` headers of the inner service's response.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum InnerHeaders {
    /// What the layer sets replaces what is there; the rest stays.
    #[default]
    Replace,
    /// Where the inner service answered with `Access-Control-Allow-Origin`, its headers stay and the
    /// layer adds none of its own but `Vary`.
    Keep,
    /// All of them are removed first, for origins that are not allowed too.
    Remove,
}

const ALL: [HeaderName; 7] = [
    ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_ALLOW_CREDENTIALS,
    ACCESS_CONTROL_EXPOSE_HEADERS,
    ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_HEADERS,
    ACCESS_CONTROL_MAX_AGE,
    HeaderName::from_static("access-control-allow-private-network"),
];

impl InnerHeaders {
    /// Removes what is to be removed. Whether the layer then adds its own.
    #[cold]
    pub(crate) fn prepare(self, headers: &mut HeaderMap) -> bool {
        match self {
            Self::Replace => true,
            Self::Keep => !headers.contains_key(ACCESS_CONTROL_ALLOW_ORIGIN),
            Self::Remove => {
                ALL.iter().for_each(|name| drop(headers.remove(name)));
                true
            }
        }
    }
}
