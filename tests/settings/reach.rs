//! Which values are dangerous and which are not: list items, expressions and predicates by one rule.
//!
//! Each row was judged by hand, by who could come by an origin that the value matches.

use tower_cors::{CorsLayer, CorsPolicy, Diagnostic, EnforceOrigin, Kind, Risk};

use super::common::said;

/// What is open to anybody, with an origin of a stranger that it matches.
const OPEN_ITEMS: &[(&str, &str)] = &[
    // Findings.
    ("https://*.vercel.app", "https://evil.vercel.app"),
    ("https://*.github.io", "https://evil.github.io"),
    ("https://*.co.uk", "https://evil.co.uk"),
    ("https://*.compute.amazonaws.com", "https://evil.eu-west-1.compute.amazonaws.com"),
    ("https://*.amazonaws.com", "https://evil.s3.amazonaws.com"),
    ("https://*.run.app", "https://evil.a.run.app"),
    ("https://*.com.", "https://evil.com."),
    // Others.
    ("https://*.netlify.app", "https://evil.netlify.app"),
    ("https://*.pages.dev", "https://evil.pages.dev"),
    ("https://*.onrender.com", "https://evil.onrender.com"),
    ("https://*.workers.dev:*", "https://evil.workers.dev:8443"),
    ("https://*.web.app", "https://evil.web.app"),
    ("https://*.lovable.app", "https://evil.lovable.app"),
    ("https://*.ngrok-free.app", "https://evil.ngrok-free.app"),
    ("https://*.trycloudflare.com", "https://evil.trycloudflare.com"),
    ("https://*.azurewebsites.net", "https://evil.azurewebsites.net"),
    ("https://*.appspot.com", "https://evil.appspot.com"),
    ("https://*.uk", "https://evil.uk"),
    ("http://*.io:3000", "http://evil.io:3000"),
    ("https://*.com.br", "https://evil.com.br"),
    ("https://*.up.railway.app.", "https://evil.up.railway.app."),
];

const CLOSED_ITEMS: &[&str] = &[
    "https://app.example.com",
    "https://*.example.com",
    "https://*.example.com.",
    "https://*.a.b.c.example.com:*",
    "https://*.example.co.uk",
    "https://*.acme.vercel.app",
    "https://*.acme.github.io",
    "https://*.acme.s3.amazonaws.com",
    "https://acme.vercel.app",
    "https://acme.github.io:*",
    "http://localhost:*",
    "http://*.localhost:*",
    "http://127.0.0.1:*",
    "http://[::1]:*",
    "https://203.0.113.7:*",
    "https://intranet",
    "https://intranet:*",
    "https://nas.local",
    "tauri://localhost",
    "chrome-extension://abcdefghijklmnopabcdefghijklmnop",
    "https://vercel.app",
    "https://com",
];

/// The policy in which a danger is tolerated; `None` where there is none.
#[track_caller]
fn open(layer: &CorsLayer, of: &str) -> Option<CorsPolicy> {
    let policy = layer.clone().tolerate(Risk::AnyOrigin).build();
    let policy = policy.unwrap_or_else(|error| panic!("{of}: {error}"));
    let found: Vec<_> = policy.diagnostics().iter().filter(|one| one.risk().is_some()).collect();
    let [danger] = found[..] else {
        assert!(found.is_empty(), "{of}: {found:?}");
        return None;
    };
    assert_eq!(danger.risk(), Some(Risk::AnyOrigin), "{of}");
    // The example is real.
    let text = danger.to_string();
    let example = text.split("it matches ").nth(1).and_then(|rest| rest.split(',').next());
    assert!(example.is_some_and(|example| policy.allows_origin(example)), "{of}: {text}");
    Some(policy)
}

/// Under credentials, and under enforcement.
fn trusting() -> [CorsLayer; 2] {
    let enforcing = CorsLayer::new().enforce_origin(EnforceOrigin::WebSockets);
    [CorsLayer::new().allow_credentials(true), enforcing]
}

#[test]
fn items() {
    for layer in trusting() {
        for (item, stranger) in OPEN_ITEMS {
            let policy = open(&layer.clone().allow_origins([item]), item);
            let policy = policy.unwrap_or_else(|| panic!("{item} is open"));
            assert!(policy.allows_origin(stranger), "{item}: {stranger}");
        }
        for item in CLOSED_ITEMS {
            assert!(open(&layer.clone().allow_origins([item]), item).is_none(), "{item} is closed");
        }
    }
}

#[cfg(feature = "regex")]
const OPEN_EXPRESSIONS: &[(&str, &str)] = &[
    // Findings.
    (r"https://.*\.vercel\.app", "https://evil.vercel.app"),
    (r"https://acme-.*\.vercel\.app", "https://acme-evil.vercel.app"),
    (r"^https://app\.acme\.tech.*$", "https://app.acme.tech.evil.com"),
    ("(http://localhost.*)", "http://localhost.evil.com"),
    (r"http://localhost.*|https://b\.example", "http://localhost.evil.com"),
    (r"https://example\.com\S*", "https://example.com.evil.com"),
    (".{0,40}", "https://evil.com"),
    (r"http://192\.168\..*", "http://192.168.evil.com"),
    (r"https://app\..*", "https://app.evil.com"),
    (r"https?:\/\/.*\.?acme\.tech", "https://evilacme.tech"),
    (r"https://.*\bexample\.com", "https://evil-example.com"),
    ("https://.*:3000", "https://evil.com:3000"),
    (r"https://\w{4,8}\.com", "https://evil.com"),
    (r"https://[a-z]{5}\.com", "https://weevi.com"),
    (r"https://.*\.fr", "https://evil.fr"),
    (r"https://.*\.co\.jp", "https://evil.co.jp"),
    // Ends and beginnings that are open.
    (r"https://app\.example\.com(.*)", "https://app.example.com.evil.com"),
    (r"https://app\.example\.com.+", "https://app.example.company"),
    (r"https://app\.example\.com[^/]*", "https://app.example.com.evil.com"),
    (r"https://app\.example\.com\.?.*", "https://app.example.com.evil.com"),
    (r"https://app\.example\.com(:.*|[.].*)?", "https://app.example.com.evil.com"),
    (r".*example\.com", "https://evilexample.com"),
    (r".+\.com$", "https://evil.com"),
    (r"https?://(www\.)?.+\.example", "https://evil.example"),
    (r"https://[a-z0-9.-]+example\.com", "https://evilexample.com"),
    (r"https://(.*)?example\.org", "https://evilexample.org"),
    (r"https://(app|www)?[.]?[a-z]*example\.com", "https://evilexample.com"),
    // Dots that stand for any character.
    ("https://www.example.com", "https://wwwxexample.com"),
    ("https://app.acme-client.io", "https://appxacme-client.io"),
    ("https://.example.com", "https://xexample.com"),
    (r"https://example.com|https://www.example\.com", "https://wwwxexample.com"),
    (r"https://api.stage.example\.com", "https://apixstagexexample.com"),
    // Classes and repetitions in the registrable domain.
    (r"https://acme[a-z]\.com", "https://acmex.com"),
    (r"https://acme-\w+\.com", "https://acme-evil.com"),
    (r"https://[a-m]+\.org", "https://alibi.org"),
    (r"https://[0-9a-f]{8}\.net", "https://deadbeef.net"),
    (r"https://acme\d{3,}\.com", "https://acme123.com"),
    (r"https://acme\.[a-z]{2,3}", "https://acme.xyz"),
    (r"https://acme\.(com|[a-z]+)", "https://acme.xyz"),
    (r"https://(a|b|c|d|e|f|g|h|i|j|k|l){2}\.com", "https://al.com"),
    // Shared hosts, and public suffixes of several labels.
    (r"https://[a-z0-9-]+--acme[a-z]*\.netlify\.app", "https://x--acmeevil.netlify.app"),
    (r"https://.*\.(pages|workers)\.dev", "https://evil.pages.dev"),
    (r"https://deploy-preview-\d+--.*\.netlify\.app", "https://deploy-preview-1--evil.netlify.app"),
    (r"https://acme-[a-z0-9]+-team\.vercel\.app", "https://acme-evil-team.vercel.app"),
    (r"https://.*\.fly\.dev", "https://evil.fly.dev"),
    (r"https://.*\.lovableproject\.com", "https://evil.lovableproject.com"),
    (r"https://.*\.windsurf\.app", "https://evil.windsurf.app"),
    (r"https://.*\.e2b\.app", "https://evil.e2b.app"),
    (r"https://acme-.*\.replit\.dev", "https://acme-evil.replit.dev"),
    (r"https://[^.]+\.sisko\.replit\.dev", "https://evil.sisko.replit.dev"),
    (r"https://.*\.acme\.localto\.net", "https://evil.acme.localto.net"),
    (r"https://.*\.(com|net|org)\.au", "https://evil.com.au"),
    (r"https://.*\.herokuapp\.com(:\d+)?", "https://evil.herokuapp.com"),
    (r"https://[^.]*\.s3\.amazonaws\.com", "https://evil.s3.amazonaws.com"),
    (
        r"https://.*\.eu-west-1\.compute\.amazonaws\.com",
        "https://evil.eu-west-1.compute.amazonaws.com",
    ),
    // Any host behind something that looks narrow.
    (r"https?://\S+:(3000|5173)", "http://evil.com:3000"),
    (r"https://[\w.-]+\.[a-z]{2,}(:\d+)?", "https://evil.com"),
    (r"https://([^.]+\.)+[^.]+", "https://evil.com"),
    (r"(?i)https://.*\.COM", "https://evil.com"),
    (r"http://(10|192|172)\..*", "http://10.evil.com"),
    (r"https?://(\d+\.){3}\d+", "http://203.0.113.7"),
    (r"http://\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}:8080", "http://203.0.113.7:8080"),
    (r"http://\[[0-9a-f:]+\]", "http://[2001:db8::1]"),
    (r"http://localhost[^a]*", "http://localhost.tod.com"),
    (r"http://127\.0\.0\.1.*", "http://127.0.0.1.evil.com"),
];

#[cfg(feature = "regex")]
const CLOSED_EXPRESSIONS: &[&str] = &[
    r"https://.*\.example\.com",
    r"https://pr-\d+\.preview\.example\.com",
    r"http://localhost:\d+",
    r"https://app[0-9]\.example\.com",
    // Subdomains, however loose.
    r"https://.+\.example\.com(:\d{1,5})?",
    r"https://[^/]*\.example\.com",
    r"https://(?:.*\.)?example\.com",
    r"https://\S+\.example\.co\.uk",
    r"https://.{1,60}\.example\.org\.?",
    r"https://app.\.example\.com",
    r"https://[a-z]+-[a-z]+\.example\.com",
    r"https://([\w-]+\.){0,3}example\.com",
    r"https://app-(dev|stage|prod)[a-z]*\.example\.com",
    r".*://.*\.example\.com",
    r"https?://.*\.acme\.internal",
    // A few domains.
    r"https://(www\.)?(acme|acme-shop|acmeblog)\.(com|de|fr)",
    r"https://acme\.(co\.uk|com\.au|co\.jp|com\.br)",
    r"https://acme(-(de|fr|it|es))?\.com",
    r"https://acme[1-5]\.com",
    r"https://acme-\d\.(com|net)",
    r"https://\d\d\.example",
    r"https://a[bc]?d\.com",
    r"(?i)https://Example\.COM",
    // Sites of one's own on shared hosts.
    r"https://acme\.vercel\.app",
    r"https://(acme|acme-git-main-team|acme-docs)\.vercel\.app",
    r"https://.*\.acme\.github\.io",
    r"https://deploy-preview-\d+--acme\.netlify\.app",
    r"https://[a-z0-9-]+--acme\.netlify\.app",
    r"https://acme-[0-9]\.onrender\.com",
    r"https://.*\.acme\.pages\.dev",
    // This machine and its neighbours.
    r"https?://localhost(:\d+)?",
    r"http://(localhost|127\.0\.0\.1|\[::1\]):[0-9]{4}",
    r"http://localhost:(3000|5173|8080)",
    r"http://.*\.localhost:\d+",
    r"http://127\.\d+\.\d+\.\d+",
    r"http://10\.\d{1,3}\.\d{1,3}\.\d{1,3}(:\d+)?",
    r"http://192\.168\.[0-9]{1,3}\.[0-9]{1,3}:3000",
    r"http://169\.254\.\d+\.\d+",
    r"http://172\.(1[6-9]|2[0-9]|3[01])\.\d+\.\d+",
    r"http://\[f[cd][0-9a-f]{2}:[0-9a-f:]*\]",
    r"http://\[fe[89ab][0-9a-f]:[0-9a-f:]*\]",
    r"http://[a-z0-9-]+:8080",
    r"https://.*\.(local|test|internal|invalid)",
    r"https://203\.0\.113\.(7|8|9)",
    // A hundred: no browser writes a number with a zero before it.
    r"http://0?\d?\d\.8\.8\.8",
    // No page of the web.
    r"(tauri|ionic|capacitor)://localhost",
    r"chrome-extension://[a-p]{32}",
    r"moz-extension://[0-9a-f-]{36}",
    r"ws://.*",
    r"app://.*",
];

#[cfg(feature = "regex")]
#[test]
fn expressions() {
    let [layer, enforcing] = trusting();
    for (text, stranger) in OPEN_EXPRESSIONS {
        let policy = open(&layer.clone().allow_origin_regex(text), text);
        let policy = policy.unwrap_or_else(|| panic!("{text} is open"));
        assert!(policy.allows_origin(stranger), "{text}: {stranger}");
    }
    for text in CLOSED_EXPRESSIONS {
        assert!(open(&layer.clone().allow_origin_regex(text), text).is_none(), "{text} is closed");
    }
    // It is asked as one question.
    let vercel = OPEN_EXPRESSIONS[0].0;
    assert!(open(&enforcing.allow_origin_regex(vercel), vercel).is_some());
}

type Decides = fn(&str) -> bool;

/// Of an origin, without its port.
fn host(origin: &str) -> &str {
    let rest = origin.split_once("://").map_or("", |(_, rest)| rest);
    match rest.split_once("]") {
        Some((address, _)) => &rest[..address.len() + 1],
        None => rest.split(':').next().unwrap_or_default(),
    }
}

fn is_strange(origin: &str) -> bool {
    !["example", "acme", "localhost"].iter().any(|known| origin.contains(known))
}

fn is_in(network: &str, origin: &str) -> bool {
    let host = host(origin);
    host.starts_with(network) && host.parse::<std::net::Ipv4Addr>().is_ok()
}

/// The label before a top-level domain, and its length; none of a name like the listed ones.
fn name(origin: &str) -> Option<(&str, usize)> {
    let (name, top) = host(origin).split_once('.')?;
    (!top.contains('.') && is_strange(origin)).then_some((name, name.len()))
}

/// Beside `https://app.example.com` and `https://app.acme.tech`, as one writes them.
const OPEN_PREDICATES: &[(&str, Decides)] = &[
    ("ends with the domain", |o| o.ends_with("example.com")),
    ("begins with localhost", |o| o.starts_with("http://localhost")),
    ("begins with the origin", |o| o.starts_with("https://app.example.com")),
    ("contains the domain", |o| o.contains("example.com")),
    ("ends with a shared host", |o| o.ends_with(".vercel.app")),
    ("ends with a top-level domain", |o| o.ends_with(".com")),
    ("is encrypted", |o| o.starts_with("https://")),
    ("is not null", |o| o != "null"),
    ("has a port of development", |o| o.ends_with(":3000")),
    ("has the port of Vite", |o| o.ends_with(":5173")),
    ("has the port of Angular", |o| o.contains(":4200")),
    ("ends with a regional host", |o| o.ends_with(".execute-api.eu-west-1.amazonaws.com")),
    ("ends with a hyphen's part", |o| o.ends_with("-example.com")),
    ("any", |_| true),
    ("is no stranger by name", |o| !o.contains("evil")),
    ("ends with the domain of a subdomain", |o| o.ends_with("acme.tech")),
    ("ends with it behind a hyphen", |o| o.ends_with("-acme.tech")),
    ("begins with its labels", |o| host(o).split('.').take(3).eq(["app", "acme", "tech"])),
    ("reads a dot as any character", |o| {
        o.len() == "https://app.acme.tech".len()
            && o.starts_with("https://app")
            && o.ends_with("acme.tech")
    }),
    // By the shape of what nobody thought of.
    ("is not encrypted", |o| o.starts_with("http://")),
    ("has no port", |o| o.starts_with("https://") && !o[8..].contains(':')),
    ("has a port of TLS", |o| o.ends_with(":8443")),
    ("has a port of proxies", |o| o.ends_with(":8080")),
    ("is a name of one letter", |o| name(o).is_some_and(|(_, length)| length == 1)),
    ("is a name of three letters", |o| name(o).is_some_and(|(_, length)| length == 3)),
    ("is a name of four letters", |o| {
        o.ends_with(".com") && name(o).is_some_and(|(_, length)| length == 4)
    }),
    ("is a long name of letters", |o| {
        let is_letter = |letter: char| letter.is_ascii_lowercase();
        name(o).is_some_and(|(name, length)| length > 4 && name.chars().all(is_letter))
    }),
    ("is a name with a hyphen", |o| name(o).is_some_and(|(name, _)| name.contains('-'))),
    ("is www. of any name", |o| o.starts_with("https://www.") && is_strange(o)),
    ("is an IPv4 address", |o| host(o).parse::<std::net::Ipv4Addr>().is_ok()),
    ("is an IPv6 address", |o| host(o).starts_with('[')),
];

/// What nobody can register, and many have, with the warning.
const LOCAL_PREDICATES: &[(&str, Decides, Kind)] = &[
    ("is of a home's network", |o| is_in("192.168.", o), Kind::OpenNetwork),
    ("is of an office's network", |o| is_in("10.", o), Kind::OpenNetwork),
    ("is one label", |o| o.starts_with("http://") && !o.contains(['.', '[']), Kind::OpenNetwork),
    ("is announced nearby", |o| host(o).ends_with(".local"), Kind::OpenNetwork),
    ("is internal", |o| host(o).ends_with(".internal"), Kind::OpenNetwork),
    ("is Chrome's extension", |o| o.starts_with("chrome-extension://"), Kind::LocalPages),
    ("is Firefox's extension", |o| o.starts_with("moz-extension://"), Kind::LocalPages),
    (
        "is an application",
        |o| {
            o.contains("://")
                && !o.contains("-extension:")
                && !o.starts_with("http")
                && !o.starts_with("file")
        },
        Kind::LocalPages,
    ),
    ("is a file", |o| o == "file://", Kind::LocalPages),
];

const CLOSED_PREDICATES: &[(&str, Decides)] = &[
    ("is the origin", |o| o == "https://app.example.com"),
    ("is below the domain", |o| o.starts_with("https://") && o.ends_with(".example.com")),
    ("is a port of this machine", |o| o.starts_with("http://localhost:")),
    ("is one of a list", |o| ["https://a.example", "https://b.example"].contains(&o)),
    ("is below one's own site", |o| o.ends_with(".acme.vercel.app")),
    ("is an address of this machine", |o| o.starts_with("http://127.0.0.1:")),
    ("none", |_| false),
    ("is a page of the desktop app", |o| o == "tauri://localhost"),
];

#[test]
fn predicates() {
    for layer in trusting() {
        let layer = layer.allow_origins(["https://app.example.com", "https://app.acme.tech"]);
        for (name, decides) in OPEN_PREDICATES {
            assert!(
                open(&layer.clone().allow_origin_if(decides), name).is_some(),
                "{name} is open"
            );
        }
        for (name, closed) in CLOSED_PREDICATES {
            assert!(
                open(&layer.clone().allow_origin_if(closed), name).is_none(),
                "{name} is closed"
            );
        }
        for (name, local, kind) in LOCAL_PREDICATES {
            let kinds: Vec<_> =
                said(&layer.clone().allow_origin_if(local)).iter().map(Diagnostic::kind).collect();
            assert_eq!(kinds, [*kind], "{name}");
        }
    }
}

/// One value, one rule: what an item says, the expression of the same meaning says.
#[cfg(feature = "regex")]
#[test]
fn items_and_expressions_agree() {
    let [layer, _] = trusting();
    let items = OPEN_ITEMS.iter().map(|(item, _)| item).chain(CLOSED_ITEMS);
    for item in items.filter(|item| item.starts_with("http")) {
        let text = item.replace('.', "\\.").replace("*\\.", "(.+\\.)").replace(":*", "(:\\d+)?");
        let text = text.replace('[', "\\[").replace(']', "\\]");
        let [by_item, by_text] = [
            open(&layer.clone().allow_origins([item]), item).is_some(),
            open(&layer.clone().allow_origin_regex(&text), &text).is_some(),
        ];
        assert_eq!(by_item, by_text, "{item} as {text}");
    }
}
