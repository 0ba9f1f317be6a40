//! Redirects: where they lead and what is left of the request (Fetch, "HTTP-redirect fetch").

use http::{HeaderMap, Method, StatusCode, header::LOCATION};
use url::Url;

use super::{cors::Fault, lists, origin::Origin, target};
use crate::{Reason, engine::Habits};

/// How many redirects a request may follow.
pub(crate) const LIMIT: usize = 20;

/// Fetch, "redirect status".
pub(crate) fn is_redirect(status: StatusCode) -> bool {
    matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308)
}

/// Where a redirect leads (Fetch, "location URL"); none if it says nothing of that.
pub(crate) fn location(headers: &HeaderMap, current: &Url) -> Result<Option<Url>, Fault> {
    let mut lines = headers.get_all(LOCATION).iter();
    let Some(line) = lines.next() else { return Ok(None) };
    let text = match std::str::from_utf8(lists::trimmed(line.as_bytes())) {
        Ok(text) => text.to_owned(),
        Err(_) => lists::decoded(line.as_bytes()),
    };
    if lines.next().is_some() {
        return Err(Fault::new(Reason::RedirectLocation, "several Location headers"));
    }
    let Ok(mut url) = current.join(&text) else {
        return Err(Fault::new(Reason::RedirectLocation, text));
    };
    if url.fragment().is_none() {
        url.set_fragment(current.fragment());
    }
    Ok(Some(url))
}

/// Whether the request may go there at all.
pub(crate) fn is_allowed(
    to: &Url,
    page: &Origin,
    followed: usize,
    is_cors_mode: bool,
    is_cors_tainted: bool,
    refuses_passwords: bool,
) -> Result<(), Fault> {
    if !is_followed(to) {
        return Err(Fault::new(Reason::RedirectScheme, to.scheme()));
    }
    if followed >= LIMIT {
        return Err(Fault::new(Reason::TooManyRedirects, LIMIT.to_string()));
    }
    let is_foreign = !page.is_same(&Origin::of(to));
    let is_refused = refuses_passwords || is_cors_tainted || (is_cors_mode && is_foreign);
    if target::has_credentials(to) && is_refused {
        return Err(Fault::new(Reason::RedirectWithCredentials, to.host_str().unwrap_or_default()));
    }
    Ok(())
}

/// Why a redirect fails also for a page that does not follow it.
pub(crate) fn fault_unless_followed(
    location: &Result<Option<Url>, Fault>,
    habits: &Habits,
) -> Option<Fault> {
    match location {
        Err(fault) if habits.parses_location_always => Some(fault.clone()),
        Ok(Some(to)) if habits.refuses_schemes_always && !is_followed(to) => {
            Some(Fault::new(Reason::RedirectScheme, to.scheme()))
        }
        _ => None,
    }
}

fn is_followed(to: &Url) -> bool {
    matches!(to.scheme(), "http" | "https")
}

/// Whether the redirect makes a GET without a body of it.
pub(crate) fn becomes_get(
    status: StatusCode,
    method: &Method,
    is_foreign: bool,
    habits: &Habits,
) -> bool {
    if is_foreign && habits.gets_for_foreign_delete && *method == Method::DELETE {
        return true;
    }
    match status.as_u16() {
        301 | 302 => *method == Method::POST,
        303 => *method != Method::GET && *method != Method::HEAD,
        _ => false,
    }
}

/// How much a chain of URLs makes of the page's origin (Fetch, "redirect-taint").
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Taint {
    SameOrigin,
    SameSite,
    CrossSite,
}

pub(crate) fn taint(page: &Origin, urls: &[Url]) -> Taint {
    let mut taint = Taint::SameOrigin;
    for (last, url) in urls.iter().map(Origin::of).zip(urls.iter().skip(1).map(Origin::of)) {
        if !url.is_same_site(&last) && !page.is_same_site(&last) {
            return Taint::CrossSite;
        }
        if !url.is_same(&last) && !page.is_same(&last) {
            taint = Taint::SameSite;
        }
    }
    taint
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    #[test]
    fn taints() {
        let page = Origin::of(&url("https://a.example.com"));
        let rows: [(&[&str], Taint); 7] = [
            (&["https://b.example.com"], Taint::SameOrigin),
            (&["https://a.example.com", "https://other.example"], Taint::SameOrigin),
            (&["https://b.example.com", "https://b.example.com/2"], Taint::SameOrigin),
            (&["https://b.example.com", "https://c.example.com"], Taint::SameSite),
            (&["https://b.example.com", "https://a.example.com"], Taint::SameSite),
            (&["https://other.example", "https://a.example.com"], Taint::CrossSite),
            (
                &["https://a.example.com", "https://other.example", "https://third.example"],
                Taint::CrossSite,
            ),
        ];
        for (urls, expected) in rows {
            let list: Vec<_> = urls.iter().map(|text| url(text)).collect();
            assert_eq!(taint(&page, &list), expected, "{urls:?}");
        }
    }

    #[test]
    fn locations() {
        let current = url("https://x/a/b#f");
        type Row<'a> = (&'a [&'a [u8]], Result<Option<&'a str>, ()>);
        let rows: [Row<'_>; 8] = [
            (&[], Ok(None)),
            (&[b"/c"], Ok(Some("https://x/c#f"))),
            (&[b" c#g "], Ok(Some("https://x/a/c#g"))),
            (&[b"//y/"], Ok(Some("https://y/#f"))),
            (&[b"/\xc3\xbc"], Ok(Some("https://x/%C3%BC#f"))),
            (&[b"/\xfc"], Ok(Some("https://x/%C3%BC#f"))),
            (&[b"https://"], Err(())),
            (&[b"/c", b"/d"], Err(())),
        ];
        for (lines, expected) in rows {
            let mut headers = HeaderMap::new();
            for line in lines {
                headers.append(LOCATION, HeaderValue::from_bytes(line).unwrap());
            }
            let seen = location(&headers, &current).map_err(|_| ());
            let expected = expected.map(|to| to.map(url));
            assert_eq!(seen, expected, "{lines:?}");
        }
    }

    #[test]
    fn methods_after_redirects() {
        let habits = crate::Engine::WebKit.habits();
        for (status, method, expected) in [
            (301, "POST", true),
            (302, "POST", true),
            (302, "PUT", false),
            (303, "PUT", true),
            (303, "HEAD", false),
            (307, "POST", false),
            (308, "POST", false),
        ] {
            let status = StatusCode::from_u16(status).unwrap();
            assert_eq!(
                becomes_get(status, &method.parse().unwrap(), false, habits),
                expected,
                "{status} {method}"
            );
        }
    }

    #[test]
    fn a_delete_that_leaves_its_origin() {
        for engine in [crate::Engine::Standard, crate::Engine::WebKit] {
            let becomes = |is_foreign| {
                let (status, habits) = (StatusCode::TEMPORARY_REDIRECT, engine.habits());
                becomes_get(status, &Method::DELETE, is_foreign, habits)
            };
            let is_webkit = engine == crate::Engine::WebKit;
            assert_eq!([becomes(false), becomes(true)], [false, is_webkit], "{engine}");
        }
    }
}
