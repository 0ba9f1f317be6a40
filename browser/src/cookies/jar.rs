//! `Jar`: which cookies are stored and which are sent (RFC 6265bis, 5.7 and 5.8).

use std::time::Duration;

use url::Url;

use super::{
    Reach, SetCookie,
    set_cookie::{Expiry, SameSite},
};
use crate::{engine::Habits, standard::origin};

/// Browsers keep 150 to 180 cookies per site. A hostile server cannot store more here.
const MOST: usize = 600;
/// No cookie is kept for longer.
const LONGEST_AGE: u64 = 400 * 86_400;
/// How old a cookie without `SameSite` may be to go with cross-site POST navigations.
const TWO_MINUTES: Duration = Duration::from_secs(120);

#[derive(Debug, Default)]
pub(crate) struct Jar {
    cookies: Vec<Cookie>,
}

#[derive(Debug)]
struct Cookie {
    name: Vec<u8>,
    value: Vec<u8>,
    domain: String,
    is_host_only: bool,
    path: String,
    is_secure: bool,
    /// `None` if the line does not set it.
    same_site: Option<SameSite>,
    created: Duration,
    expires: Option<Duration>,
}

/// Where and when cookies are stored or sent.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place<'a> {
    pub(crate) url: &'a Url,
    pub(crate) reach: Reach,
    pub(crate) now: Duration,
    pub(crate) habits: &'a Habits,
}

impl Place<'_> {
    fn host(&self) -> &str {
        self.url.host_str().unwrap_or_default()
    }

    /// Whether `Secure` cookies may be stored and sent.
    fn is_secure(&self) -> bool {
        matches!(self.url.scheme(), "https" | "wss")
            || (self.habits.keeps_secure_of_loopback && origin::is_trustworthy(self.url))
    }

    /// 5.1.4: the path up to its last `/`.
    fn default_path(&self) -> &str {
        let path = self.url.path();
        match path.rfind('/') {
            None | Some(0) => "/",
            Some(last) => &path[..last],
        }
    }

    fn same_site(&self, said: Option<SameSite>) -> SameSite {
        said.unwrap_or(if self.habits.has_lax_by_default { SameSite::Lax } else { SameSite::None })
    }
}

impl Jar {
    /// Stores a cookie of a response. Returns false if a browser refuses it.
    pub(crate) fn store(&mut self, line: SetCookie, place: Place<'_>) -> bool {
        let host = place.host();
        let mut domain = line.domain.clone();
        // Nobody may set a cookie for all of co.uk; a site that is a public suffix may for itself.
        if domain.as_deref().is_some_and(origin::is_public_suffix) {
            if domain.as_deref() != Some(host) || !place.habits.keeps_domain_of_suffix {
                return false;
            }
            domain = None;
        }
        if domain.as_deref().is_some_and(|domain| !domain_matches(host, domain)) {
            return false;
        }
        let same_site = place.same_site(line.same_site);
        if (line.is_secure && !place.is_secure())
            || (same_site != SameSite::None && place.reach == Reach::CrossSite)
            || (line.same_site == Some(SameSite::None)
                && !line.is_secure
                && place.habits.wants_secure_for_none)
            || (place.habits.refuses_nameless_cookies && line.name.is_empty())
            || !prefix_holds(&line, domain.is_some())
        {
            return false;
        }
        let path = line.path.clone().unwrap_or_else(|| place.default_path().to_owned());
        if !place.is_secure()
            && self.has_secure_twin(&line.name, domain.as_deref().unwrap_or(host), &path)
        {
            return false;
        }
        let expires = match line.expiry {
            Expiry::Session => None,
            Expiry::After(seconds) => Some(place.now.saturating_add(age(seconds))),
            Expiry::At(seconds) => {
                let at = Duration::from_secs(u64::try_from(seconds).unwrap_or(0));
                Some(at.min(place.now.saturating_add(Duration::from_secs(LONGEST_AGE))))
            }
        };
        let is_host_only = domain.is_none();
        self.insert(Cookie {
            name: line.name,
            value: line.value,
            domain: domain.unwrap_or_else(|| host.to_owned()),
            is_host_only,
            path,
            is_secure: line.is_secure,
            same_site: line.same_site,
            created: place.now,
            expires,
        });
        self.cookies.retain(|cookie| cookie.is_alive(place.now));
        true
    }

    /// "Leave secure cookies alone": plain HTTP cannot put another one in front.
    fn has_secure_twin(&self, name: &[u8], domain: &str, path: &str) -> bool {
        self.cookies.iter().any(|cookie| {
            cookie.is_secure
                && cookie.name == name
                && (domain_matches(&cookie.domain, domain)
                    || domain_matches(domain, &cookie.domain))
                && path_matches(path, &cookie.path)
        })
    }

    /// A cookie of the same name, domain and path is replaced, and keeps its place in line.
    fn insert(&mut self, mut cookie: Cookie) {
        let is_twin = |known: &&mut Cookie| {
            known.name == cookie.name
                && known.domain == cookie.domain
                && known.is_host_only == cookie.is_host_only
                && known.path == cookie.path
        };
        if let Some(known) = self.cookies.iter_mut().find(is_twin) {
            cookie.created = known.created;
            *known = cookie;
            return;
        }
        if self.cookies.len() == MOST {
            self.cookies.remove(0);
        }
        self.cookies.push(cookie);
    }

    /// The value of `Cookie`. `None` if no cookie is sent there.
    pub(crate) fn header(&self, place: Place<'_>) -> Option<Vec<u8>> {
        let mut cookies: Vec<_> = self.cookies.iter().filter(|it| it.goes_to(place)).collect();
        // Longer paths first, then older cookies. The sort is stable.
        cookies.sort_by_key(|cookie| (std::cmp::Reverse(cookie.path.len()), cookie.created));
        let pairs: Vec<_> = cookies.iter().map(|cookie| cookie.pair()).collect();
        (!pairs.is_empty()).then(|| pairs.join(&b"; "[..]))
    }
}

impl Cookie {
    fn is_alive(&self, now: Duration) -> bool {
        self.expires.is_none_or(|expires| expires > now)
    }

    fn goes_to(&self, place: Place<'_>) -> bool {
        let host = place.host();
        let is_domain = if self.is_host_only {
            host == self.domain
        } else {
            domain_matches(host, &self.domain)
        };
        let is_young = self.same_site.is_none()
            && place.habits.has_two_minutes
            && place.now.saturating_sub(self.created) <= TWO_MINUTES;
        let is_site = match place.same_site(self.same_site) {
            SameSite::None => true,
            SameSite::Lax if place.reach == Reach::Navigation => is_young,
            SameSite::Lax => place.reach <= Reach::SafeNavigation,
            SameSite::Strict => place.reach == Reach::SameSite,
        };
        is_domain
            && is_site
            && self.is_alive(place.now)
            && path_matches(place.url.path(), &self.path)
            && (!self.is_secure || place.is_secure())
    }

    fn pair(&self) -> Vec<u8> {
        if self.name.is_empty() {
            return self.value.clone();
        }
        [self.name.as_slice(), b"=", self.value.as_slice()].concat()
    }
}

fn age(seconds: i64) -> Duration {
    Duration::from_secs(u64::try_from(seconds).unwrap_or(0).min(LONGEST_AGE))
}

/// 5.1.3
fn domain_matches(host: &str, domain: &str) -> bool {
    host == domain
        || (!origin::is_address(host)
            && host.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.')))
}

/// 5.1.4
fn path_matches(path: &str, of_cookie: &str) -> bool {
    path.strip_prefix(of_cookie)
        .is_some_and(|rest| rest.is_empty() || of_cookie.ends_with('/') || rest.starts_with('/'))
}

/// 4.1.3: `__Secure-` and `__Host-` are promises.
fn prefix_holds(line: &SetCookie, has_domain: bool) -> bool {
    // A cookie without a name could be read as one.
    let text = if line.name.is_empty() { &line.value } else { &line.name };
    let text = text.to_ascii_lowercase();
    let is_host = text.starts_with(b"__host-");
    if line.name.is_empty() {
        return !is_host && !text.starts_with(b"__secure-");
    }
    if is_host {
        return line.is_secure && !has_domain && line.path.as_deref() == Some("/");
    }
    !text.starts_with(b"__secure-") || line.is_secure
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Engine;

    /// What goes back to `to`, after `line` was set at `from`.
    fn sent(
        engine: Engine,
        from: &str,
        set_in: Reach,
        line: &str,
        to: &str,
        sent_in: Reach,
    ) -> String {
        let (from, to) = (Url::parse(from).unwrap(), Url::parse(to).unwrap());
        let mut jar = Jar::default();
        let mut place = Place {
            url: &from,
            reach: set_in,
            now: Duration::from_secs(1_000),
            habits: engine.habits(),
        };
        jar.store(SetCookie::parse(line.as_bytes()).unwrap(), place);
        place.url = &to;
        place.reach = sent_in;
        String::from_utf8(jar.header(place).unwrap_or_default()).unwrap()
    }

    #[test]
    fn domains_paths_and_schemes() {
        let rows = [
            ("https://a.example.com/x/y", "n=1", "https://a.example.com/x/z", true),
            ("https://a.example.com/x/y", "n=1", "https://a.example.com/x", true),
            ("https://a.example.com/x/y", "n=1", "https://a.example.com/xy", false),
            ("https://a.example.com/x/y", "n=1", "https://a.example.com/", false),
            ("https://a.example.com/x/y", "n=1; path=/", "https://a.example.com/", true),
            ("https://a.example.com/", "n=1", "https://b.a.example.com/", false),
            ("https://a.example.com/", "n=1; domain=example.com", "https://b.example.com/", true),
            ("https://a.example.com/", "n=1; domain=.example.com", "https://example.com/", true),
            (
                "https://a.example.com/",
                "n=1; domain=b.example.com",
                "https://b.example.com/",
                false,
            ),
            ("https://a.example.com/", "n=1; domain=com", "https://a.example.com/", false),
            ("https://a.example.com/", "n=1; domain=ample.com", "https://a.example.com/", false),
            ("https://a.example.co.uk/", "n=1; domain=co.uk", "https://a.example.co.uk/", false),
            ("https://github.io/", "n=1; domain=github.io", "https://github.io/", true),
            ("https://github.io/", "n=1; domain=github.io", "https://a.github.io/", false),
            ("http://127.0.0.1/", "n=1; domain=127.0.0.1", "http://127.0.0.1:8/", true),
            ("http://127.0.0.1/", "n=1; domain=0.0.1", "http://127.0.0.1/", false),
            ("http://localhost:1/", "n=1; domain=localhost", "http://localhost:2/", true),
            ("http://a.example.com/", "n=1; secure", "https://a.example.com/", false),
            ("https://a.example.com/", "n=1; secure", "http://a.example.com/", false),
            ("https://a.example.com/", "n=1", "http://a.example.com/", true),
            ("http://localhost/", "n=1; secure", "http://localhost/", true),
            ("https://a.example.com/", "n=1; max-age=0", "https://a.example.com/", false),
            (
                "https://a.example.com/",
                "n=1; expires=Thu, 01 Jan 1970 00:16:40 GMT",
                "https://a.example.com/",
                false,
            ),
            (
                "https://a.example.com/",
                "n=1; expires=Thu, 01 Jan 1970 00:16:41 GMT",
                "https://a.example.com/",
                true,
            ),
            (
                "https://a.example.com/",
                "__Host-n=1; secure; path=/",
                "https://a.example.com/",
                true,
            ),
            ("https://a.example.com/", "__Host-n=1; secure", "https://a.example.com/", false),
            ("https://a.example.com/", "__host-n=1; path=/", "https://a.example.com/", false),
            ("https://a.example.com/", "__Secure-n=1", "https://a.example.com/", false),
            ("https://a.example.com/", "=__Secure-n=1; secure", "https://a.example.com/", false),
        ];
        for (from, line, to, expected) in rows {
            let seen = sent(Engine::Standard, from, Reach::SameSite, line, to, Reach::SameSite);
            assert_eq!(!seen.is_empty(), expected, "{from} {line} {to}: {seen:?}");
        }
        let refused = sent(
            Engine::WebKit,
            "http://localhost/",
            Reach::SameSite,
            "n=1; secure",
            "http://localhost/",
            Reach::SameSite,
        );
        assert_eq!(refused, "");
    }

    #[test]
    fn same_site() {
        use Engine::*;
        use Reach::{CrossSite, Navigation, SafeNavigation, SameSite};
        // Standard, Chromium, Firefox, WebKit.
        let rows = [
            ("n=1", SameSite, SameSite, [true; 4]),
            ("n=1", SameSite, CrossSite, [false, false, true, true]),
            ("n=1", SameSite, SafeNavigation, [true; 4]),
            ("n=1", SameSite, Navigation, [false, true, true, true]),
            ("n=1; samesite=lax", SameSite, CrossSite, [false; 4]),
            ("n=1; samesite=lax", SameSite, SafeNavigation, [true; 4]),
            ("n=1; samesite=lax", SameSite, Navigation, [false; 4]),
            ("n=1; samesite=strict", SameSite, SafeNavigation, [false; 4]),
            ("n=1; samesite=strict", SameSite, SameSite, [true; 4]),
            ("n=1; samesite=none; secure", CrossSite, CrossSite, [true; 4]),
            ("n=1; samesite=none", SameSite, CrossSite, [false, false, false, true]),
            ("n=1; samesite=lax", CrossSite, SameSite, [false; 4]),
            ("n=1", CrossSite, SameSite, [false, false, true, true]),
        ];
        let url = "https://a.example.com/";
        for (line, set_in, sent_in, expected) in rows {
            let seen = [Standard, Chromium, Firefox, WebKit]
                .map(|engine| !sent(engine, url, set_in, line, url, sent_in).is_empty());
            assert_eq!(seen, expected, "{line} set {set_in:?} sent {sent_in:?}");
        }
    }

    #[test]
    fn order_replacement_and_limits() {
        let url = Url::parse("https://a.example.com/x/y").unwrap();
        let mut jar = Jar::default();
        let mut place = Place {
            url: &url,
            reach: Reach::SameSite,
            now: Duration::ZERO,
            habits: Engine::Standard.habits(),
        };
        for line in ["a=1; path=/", "b=2", "c=3; path=/", "a=4; path=/", "c=; max-age=0; path=/"] {
            jar.store(SetCookie::parse(line.as_bytes()).unwrap(), place);
            place.now += Duration::from_secs(1);
        }
        assert_eq!(jar.header(place).unwrap(), b"b=2; a=4");
        for number in 0..2 * MOST {
            jar.store(SetCookie::parse(format!("n{number}=1").as_bytes()).unwrap(), place);
        }
        assert_eq!(jar.cookies.len(), MOST);
    }

    #[test]
    fn secure_cookies_are_left_alone() {
        let (https, http) = (
            Url::parse("https://a.example.com/").unwrap(),
            Url::parse("http://a.example.com/").unwrap(),
        );
        let mut jar = Jar::default();
        let mut place = Place {
            url: &https,
            reach: Reach::SameSite,
            now: Duration::ZERO,
            habits: Engine::Standard.habits(),
        };
        assert!(jar.store(SetCookie::parse(b"n=1; secure").unwrap(), place));
        place.url = &http;
        assert!(!jar.store(SetCookie::parse(b"n=2").unwrap(), place));
        assert!(jar.store(SetCookie::parse(b"m=2").unwrap(), place));
    }
}
