//! `InnerHeaders`: what happens to CORS headers that the inner service set.

use http::{
    HeaderMap, HeaderName,
    header::{
        ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS,
        ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS,
        ACCESS_CONTROL_MAX_AGE,
    },
};

/// What happens to the `Access-Control` headers of the inner service's response.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum InnerHeaders {
    /// The layer replaces the headers that it sets. All others stay.
    #[default]
    Replace,
    /// If the response has `Access-Control-Allow-Origin`, its headers stay, and the layer adds only
    /// `Vary`.
    Keep,
    /// All of them are removed first, also for origins that are not allowed.
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
    /// Removes headers as configured. Returns whether the layer then adds its own.
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
