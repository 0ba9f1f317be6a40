//! The CORS check (Fetch, "CORS check"), with the reason of a failure.

use http::{
    HeaderMap,
    header::{ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_ORIGIN},
};
use url::Url;

use super::lists;
use crate::Reason;

/// Why a response was refused, and the wrong value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) reason: Reason,
    /// The header's value, the method or the name that the reason is about.
    pub(crate) subject: String,
}

impl Fault {
    pub(crate) fn new(reason: Reason, subject: impl Into<String>) -> Self {
        Self { reason, subject: subject.into() }
    }
}

/// Whether a response may be shared with an origin, byte for byte.
pub(crate) fn check(
    origin: &str,
    with_credentials: bool,
    headers: &HeaderMap,
) -> Result<(), Fault> {
    let Some(allowed) = lists::combined(headers, &ACCESS_CONTROL_ALLOW_ORIGIN) else {
        return Err(Fault::new(Reason::AllowOriginMissing, ""));
    };
    if allowed == b"*" {
        return if with_credentials {
            Err(Fault::new(Reason::WildcardWithCredentials, "*"))
        } else {
            Ok(())
        };
    }
    if allowed != origin.as_bytes() {
        let allowed = lists::decoded(&allowed);
        return Err(Fault::new(mismatch(&allowed), allowed));
    }
    if !with_credentials {
        return Ok(());
    }
    let credentials = lists::combined(headers, &ACCESS_CONTROL_ALLOW_CREDENTIALS);
    if credentials.as_deref() == Some(b"true") {
        return Ok(());
    }
    let value = lists::decoded(&credentials.unwrap_or_default());
    Err(Fault::new(Reason::AllowCredentialsNotTrue, value))
}

/// In the standard these are one failure, but they have different causes.
fn mismatch(allowed: &str) -> Reason {
    if allowed.contains([',', ' ']) {
        Reason::AllowOriginMultiple
    } else if allowed == "null" || Url::parse(allowed).is_ok() {
        Reason::AllowOriginMismatch
    } else {
        Reason::AllowOriginInvalid
    }
}

#[cfg(test)]
mod tests {
    use http::{HeaderValue, header::HeaderName};

    use super::*;

    fn reason(origin: &[&str], credentials: &[&str], with: bool) -> Option<Reason> {
        let mut headers = HeaderMap::new();
        let mut add = |name: &HeaderName, lines: &[&str]| {
            for line in lines {
                headers.append(name, HeaderValue::from_bytes(line.as_bytes()).unwrap());
            }
        };
        add(&ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        add(&ACCESS_CONTROL_ALLOW_CREDENTIALS, credentials);
        check("https://a.example", with, &headers).err().map(|fault| fault.reason)
    }

    #[test]
    fn without_credentials() {
        use Reason::*;
        let rows: [(&[&str], Option<Reason>); 18] = [
            (&["https://a.example"], None),
            (&[" https://a.example\t"], None),
            (&["*"], None),
            (&[], Some(AllowOriginMissing)),
            (&[""], Some(AllowOriginInvalid)),
            (&["https://a.example/"], Some(AllowOriginMismatch)),
            (&["https://A.example"], Some(AllowOriginMismatch)),
            (&["HTTPS://a.example"], Some(AllowOriginMismatch)),
            (&["http://a.example"], Some(AllowOriginMismatch)),
            (&["https://a.example:443"], Some(AllowOriginMismatch)),
            (&["null"], Some(AllowOriginMismatch)),
            (&["a.example"], Some(AllowOriginInvalid)),
            (&["True"], Some(AllowOriginInvalid)),
            (&["https://*.example"], Some(AllowOriginMismatch)),
            (&["https://a.example, https://b.example"], Some(AllowOriginMultiple)),
            (&["https://a.example", "https://a.example"], Some(AllowOriginMultiple)),
            (&["*", "*"], Some(AllowOriginMultiple)),
            (&["\u{fc}"], Some(AllowOriginInvalid)),
        ];
        for (origin, expected) in rows {
            let seen = reason(origin, &["false"], false);
            // `https://*.example` parses in some versions of the URL standard and not in others.
            if origin == ["https://*.example"] {
                assert!(matches!(seen, Some(AllowOriginMismatch | AllowOriginInvalid)));
            } else {
                assert_eq!(seen, expected, "{origin:?}");
            }
        }
    }

    #[test]
    fn with_credentials() {
        use Reason::*;
        let own: &[&str] = &["https://a.example"];
        let rows: [(&[&str], &[&str], Option<Reason>); 8] = [
            (own, &["true"], None),
            (own, &[], Some(AllowCredentialsNotTrue)),
            (own, &["True"], Some(AllowCredentialsNotTrue)),
            (own, &["false"], Some(AllowCredentialsNotTrue)),
            (own, &["true", "true"], Some(AllowCredentialsNotTrue)),
            (&["*"], &["true"], Some(WildcardWithCredentials)),
            (&["null"], &["true"], Some(AllowOriginMismatch)),
            (&[], &["true"], Some(AllowOriginMissing)),
        ];
        for (origin, credentials, expected) in rows {
            assert_eq!(reason(origin, credentials, true), expected, "{origin:?} {credentials:?}");
        }
    }
}
