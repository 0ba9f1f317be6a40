//! `Trick`: origins that servers allow by mistake. An attacker can have each of them.

use tower_browser::Page;
use url::Url;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trick {
    /// A sandboxed frame of any site.
    Null,
    /// `https://app.example.com.cors-doctor.example`: the check compares only the start.
    Suffix,
    /// `https://cors-doctorapp.example.com`: the check compares only the end.
    Prefix,
    /// `https://appxexample.com`: a dot of a regular expression that means any character.
    Dot,
    /// `http` instead of `https`: anybody in the network can serve that page.
    Scheme,
    /// Another port of the host.
    Port,
}

impl Trick {
    pub(crate) const ALL: [Self; 6] =
        [Self::Null, Self::Suffix, Self::Prefix, Self::Dot, Self::Scheme, Self::Port];

    /// The attacker's origin. `None` if this trick does not fit the origin.
    pub(crate) fn page(self, origin: &str) -> Option<Page> {
        if self == Self::Null {
            return (origin != "null").then(Page::sandboxed);
        }
        self.origin(origin).map(Page::new)
    }

    pub(crate) fn origin(self, origin: &str) -> Option<String> {
        if self == Self::Null {
            return Some("null".to_owned());
        }
        let url = Url::parse(origin).ok()?;
        let (scheme, host) = (url.scheme(), url.domain()?);
        let port = url.port().map_or(String::new(), |port| format!(":{port}"));
        match self {
            Self::Null => None,
            Self::Suffix => Some(format!("{scheme}://{host}.cors-doctor.example{port}")),
            Self::Prefix => Some(format!("{scheme}://cors-doctor{host}{port}")),
            Self::Dot => {
                let (first, rest) = host.split_once('.')?;
                Some(format!("{scheme}://{first}x{rest}{port}")).filter(|_| rest.contains('.'))
            }
            Self::Scheme => (scheme == "https").then(|| format!("http://{host}{port}")),
            Self::Port => Some(format!("{scheme}://{host}:8443")).filter(|it| it != origin),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours() {
        let all = |origin| Trick::ALL.map(|trick| trick.origin(origin));
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(
            all("https://app.example.com"),
            [
                some("null"),
                some("https://app.example.com.cors-doctor.example"),
                some("https://cors-doctorapp.example.com"),
                some("https://appxexample.com"),
                some("http://app.example.com"),
                some("https://app.example.com:8443"),
            ]
        );
        assert_eq!(
            all("http://localhost:3000"),
            [
                some("null"),
                some("http://localhost.cors-doctor.example:3000"),
                some("http://cors-doctorlocalhost:3000"),
                None,
                None,
                some("http://localhost:8443"),
            ]
        );
        assert_eq!(all("https://1.2.3.4").iter().flatten().count(), 1);
        // `https://examplexcom` can be nobody's, and nobody else has the page's own port.
        assert_eq!(Trick::Dot.origin("https://example.com"), None);
        assert_eq!(Trick::Port.origin("https://app.example.com:8443"), None);
    }
}
