//! `Sec-Fetch-*`: what a browser says of a request by itself (Fetch Metadata).

use http::{HeaderMap, HeaderName, HeaderValue};
use url::Url;

use super::origin::{self, Origin};

const SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
const MODE: HeaderName = HeaderName::from_static("sec-fetch-mode");
const DEST: HeaderName = HeaderName::from_static("sec-fetch-dest");

/// Adds the three headers, if the URL is trustworthy ("append the Fetch metadata headers").
pub(crate) fn append(
    headers: &mut HeaderMap,
    origin: &Origin,
    urls: &[Url],
    mode: &'static str,
    destination: &'static str,
) {
    if !urls.last().is_some_and(origin::is_trustworthy) {
        return;
    }
    headers.insert(SITE, HeaderValue::from_static(site(origin, urls)));
    headers.insert(MODE, HeaderValue::from_static(mode));
    headers.insert(DEST, HeaderValue::from_static(destination));
}

/// The farthest that any URL of the request is from the page ("set the Sec-Fetch-Site header").
fn site(page: &Origin, urls: &[Url]) -> &'static str {
    let mut site = "same-origin";
    for url in urls {
        let origin = Origin::of(url);
        if page.is_same(&origin) {
            continue;
        }
        if !page.is_same_site(&origin) {
            return "cross-site";
        }
        site = "same-site";
    }
    site
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_farthest_url_decides() {
        let rows: [(&str, &[&str], Option<&str>); 6] = [
            ("https://a.example.com", &["https://a.example.com/x"], Some("same-origin")),
            ("https://a.example.com", &["https://b.example.com"], Some("same-site")),
            (
                "https://a.example.com",
                &["https://other.example", "https://a.example.com"],
                Some("cross-site"),
            ),
            ("http://localhost:1", &["http://localhost:2"], Some("same-site")),
            ("https://a.example.com", &["http://a.example.com"], None),
            ("data:,", &["https://a.example.com"], Some("cross-site")),
        ];
        for (page, urls, expected) in rows {
            let page = Origin::of(&Url::parse(page).unwrap());
            let urls: Vec<_> = urls.iter().map(|url| Url::parse(url).unwrap()).collect();
            let mut headers = HeaderMap::new();
            append(&mut headers, &page, &urls, "cors", "empty");
            let site = headers.get("sec-fetch-site").map(|site| site.to_str().unwrap());
            assert_eq!(site, expected, "{urls:?}");
            assert_eq!(headers.len(), if expected.is_some() { 3 } else { 0 });
        }
    }
}
