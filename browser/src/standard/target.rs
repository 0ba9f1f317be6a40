//! The address of a request: from the page's text to the URI and the host that are sent.

use http::{HeaderValue, Uri};
use url::{Position, Url};

use super::port;
use crate::Reason;

/// Parses what a script wrote. Err: the reason and the text.
pub(crate) fn parse(
    text: &str,
    base: Option<&Url>,
    schemes: &[&str],
) -> Result<Url, (Reason, String)> {
    let refused = |reason| Err((reason, format!("\"{text}\"")));
    let options = Url::options().base_url(base);
    let url = options
        .parse(text)
        .map_err(|error| (Reason::MalformedUrl, format!("\"{text}\" ({error})")))?;
    if !schemes.contains(&url.scheme()) {
        return refused(Reason::UnsupportedScheme);
    }
    if has_credentials(&url) {
        return refused(Reason::UrlWithCredentials);
    }
    if port::is_bad(&url) {
        return refused(Reason::BadPort);
    }
    Ok(url)
}

/// URL, "includes credentials".
pub(crate) fn has_credentials(url: &Url) -> bool {
    !url.username().is_empty() || url.password().is_some()
}

/// Without the fragment, which is never sent.
pub(crate) fn sent(url: &Url) -> &str {
    &url[..Position::AfterQuery]
}

/// In absolute form, so that HTTP clients can use it. None: it is longer than a URI can be.
pub(crate) fn uri(url: &Url) -> Option<Uri> {
    let text = format!(
        "{}://{}{}",
        url.scheme(),
        &url[Position::BeforeHost..Position::AfterPort],
        &url[Position::BeforePath..Position::AfterQuery]
    );
    // The URL standard keeps some characters that a URI cannot have.
    text.parse().or_else(|_| escaped(&text).parse()).ok()
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_graphic() && !b"\"<>\\^`{|}".contains(&byte) {
            escaped.push(char::from(byte));
        } else {
            escaped.push_str(&format!("%{byte:02X}"));
        }
    }
    escaped
}

/// The header `Host`, without a default port.
pub(crate) fn host(url: &Url) -> Option<HeaderValue> {
    HeaderValue::from_str(&url[Position::BeforeHost..Position::AfterPort]).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const HTTP: &[&str] = &["http", "https"];

    #[test]
    fn addresses() {
        let base = Url::parse("https://app.example.com/").unwrap();
        let rows = [
            ("/echo?a=b#c", Ok("https://app.example.com/echo?a=b")),
            ("https://API.example.com:443/%20|`^", Ok("https://api.example.com/%20|%60^")),
            ("https://x/a\"b?c`d^{}|", Ok("https://x/a%22b?c%60d^{}|")),
            ("http://localhost:8080", Ok("http://localhost:8080/")),
            ("https://", Err(Reason::MalformedUrl)),
            ("http://a b/", Err(Reason::MalformedUrl)),
            ("ftp://x/", Err(Reason::UnsupportedScheme)),
            ("data:,x", Err(Reason::UnsupportedScheme)),
            ("https://u@x/", Err(Reason::UrlWithCredentials)),
            ("https://:p@x/", Err(Reason::UrlWithCredentials)),
            ("http://x:22/", Err(Reason::BadPort)),
        ];
        for (text, expected) in rows {
            let seen = parse(text, Some(&base), HTTP).map_err(|(reason, _)| reason);
            let seen = seen.map(|url| uri(&url).unwrap().to_string());
            match (&seen, expected) {
                (Ok(seen), Ok(expected)) => {
                    let plain = |text: &str| text.replace("%60", "`").replace("%5E", "^");
                    assert_eq!(plain(seen), plain(expected));
                }
                _ => assert_eq!(seen.as_ref().err(), expected.as_ref().err(), "{text}"),
            }
        }
        assert_eq!(parse("/x", None, HTTP).unwrap_err().0, Reason::MalformedUrl);
    }
}
