//! Proves which origins are allowed: tables of patterns and origins, and random ones held against a
//! naive grammar.

mod common;
#[path = "../fuzz/grammar.rs"]
mod grammar;

use std::sync::{Arc, Mutex};

use common::*;
use grammar::{is_well_formed, matches};
use proptest::{prelude::*, sample::select};
use tower_cors::{CorsLayer, CorsPolicy};

fn policy<S: AsRef<str>>(origins: &[S]) -> CorsPolicy {
    CorsLayer::new().allow_origins(origins).build().unwrap_or_else(|error| panic!("{error}"))
}

/// Patterns of no interest, enough of them to be looked up by hash.
fn noise() -> Vec<String> {
    let number = |format: fn(usize) -> String| (0..20).map(format);
    number(|n| format!("https://noise{n}.example"))
        .chain(number(|n| format!("https://*.noise{n}.example")))
        .chain(number(|n| format!("http://noise{n}.example:*")))
        .chain(number(|n| format!("app://*.noise{n}:*")))
        .collect()
}

/// The same answers alone, among many others, and from the service.
#[track_caller]
fn table(pattern: &str, taken: &[&str], refused: &[&str]) {
    let alone = policy(&[pattern]);
    let crowded = CorsLayer::new().allow_origins(noise()).allow_origins([pattern]).build().unwrap();
    let origins = taken.iter().map(|origin| (origin, true));
    for (origin, allowed) in origins.chain(refused.iter().map(|origin| (origin, false))) {
        for policy in [&alone, &crowded] {
            assert_eq!(policy.allows_origin(origin), allowed, "{pattern} {origin:?}");
        }
        assert_eq!(matches(&[pattern], origin), allowed, "the reference: {pattern} {origin:?}");
        let asked = format!("origin: {origin}");
        let layer = CorsLayer::from(alone.clone());
        let (response, _) = through(&layer, &["GET /", &asked], &["200"]);
        let granted = response.headers().get("access-control-allow-origin");
        assert_eq!(granted.is_some_and(|granted| granted == origin), allowed, "{origin:?}");
    }
}

#[test]
fn listed_origins() {
    table(
        "https://example.com",
        &["https://example.com"],
        &[
            "http://example.com",
            "https://example.com:443",
            "https://example.com:8443",
            "https://example.com.",
            "https://example.com/",
            "https://www.example.com",
            "https://xample.com",
            "https://eexample.com",
            "https://example.co",
            "https://example.comm",
            "https://EXAMPLE.com",
            "wss://example.com",
            "example.com",
            "//example.com",
            "null",
            "file://",
            "",
        ],
    );
    table("https://example.com.", &["https://example.com."], &["https://example.com"]);
    table(
        "http://127.0.0.1:3000",
        &["http://127.0.0.1:3000"],
        &["http://127.0.0.1", "http://127.0.0.1:30000", "http://127.0.0.1:3", "http://127.1:3000"],
    );
    table(
        "http://[::1]:3000",
        &["http://[::1]:3000"],
        &["http://[::1]", "http://::1:3000", "http://[0:0:0:0:0:0:0:1]:3000", "http://[::1]:30000"],
    );
    table(
        "https://xn--bcher-kva.example",
        &["https://xn--bcher-kva.example"],
        &["https://XN--bcher-kva.example", "https://b\u{fc}cher.example"],
    );
    table(
        "https://sub_domain.example",
        &["https://sub_domain.example"],
        &["https://subdomain.example"],
    );
    table("null", &["null"], &["NULL", "null.", "null://", "https://null", ""]);
    table(
        "chrome-extension://mhjfbmdgcfjbbpaeojofohoefgiehjai",
        &["chrome-extension://mhjfbmdgcfjbbpaeojofohoefgiehjai"],
        &[
            "chrome-extension://MHJFBMDGCFJBBPAEOJOFOHOEFGIEHJAI",
            "moz-extension://mhjfbmdgcfjbbpaeojofohoefgiehjai",
        ],
    );
    table("app://Mixed~Case", &["app://Mixed~Case"], &["app://mixed~case", "APP://Mixed~Case"]);
    table("app://-", &["app://-"], &["app://", "app://--", "app://-/"]);
}

/// One or more labels, never the apex, never less than a label.
#[test]
fn subdomain_patterns() {
    table(
        "https://*.example.com",
        &[
            "https://a.example.com",
            "https://a.b.example.com",
            "https://a.b.c.d.e.f.example.com",
            "https://www.example.com",
            "https://xn--bcher-kva.example.com",
            "https://a_b.example.com",
            "https://_dmarc.example.com",
            "https://-.example.com",
            "https://0.example.com",
            "https://example.com.example.com",
        ],
        &[
            "https://example.com",
            "https://.example.com",
            "https://..example.com",
            "https://a..example.com",
            "https://.a.example.com",
            "https://aexample.com",
            "https://a-example.com",
            "https://a.example.com.",
            "https://a.example.com.evil.org",
            "https://a.example.com:443",
            "https://a.example.com:8443",
            "https://A.example.com",
            "https://a.EXAMPLE.com",
            "http://a.example.com",
            "https://a.example.com/",
            "https://a.example.org",
            "https://user@a.example.com",
            "https://evil.org/.example.com",
            "https://evil.org:80.example.com",
            "https://a b.example.com",
            "https://a%2eb.example.com",
            "https://*.example.com",
            "https://[::1].example.com",
            "https://~.example.com",
            "null",
            "",
        ],
    );
    table(
        "https://*.example.com.",
        &["https://a.example.com."],
        &["https://a.example.com", "https://example.com.", "https://a.example.com.."],
    );
    table(
        "https://*.localhost",
        &["https://app.localhost", "https://a.b.localhost"],
        &["https://localhost", "https://app.localhost:3000"],
    );
    table(
        "app://*.Tenant",
        &["app://a.Tenant", "app://A.Tenant", "app://~.Tenant", "app://a.B.Tenant"],
        &["app://a.tenant", "app://Tenant", "app://.Tenant", "app://a..Tenant", "App://a.Tenant"],
    );
}

#[test]
fn port_patterns() {
    table(
        "http://localhost:*",
        &[
            "http://localhost",
            "http://localhost:1",
            "http://localhost:80",
            "http://localhost:443",
            "http://localhost:3000",
            "http://localhost:65535",
        ],
        &[
            "http://localhost:",
            "http://localhost:0",
            "http://localhost:00",
            "http://localhost:01",
            "http://localhost:080",
            "http://localhost:65536",
            "http://localhost:99999",
            "http://localhost:100000",
            "http://localhost:3000:3000",
            "http://localhost:+80",
            "http://localhost:-1",
            "http://localhost:8o",
            "http://localhost: 80",
            "http://localhost:80 ",
            "http://localhost:80/",
            "http://localhost:80@evil.example",
            "http://localhost:80.evil.example",
            "http://localhost.:80",
            "http://localhos:80",
            "http://evillocalhost:80",
            "http://evil.localhost:80",
            "https://localhost:80",
            "http://localhost:*",
            "http://:80",
        ],
    );
    table(
        "http://[::1]:*",
        &["http://[::1]", "http://[::1]:1", "http://[::1]:65535"],
        &[
            "http://[::1]:",
            "http://[::1]:0",
            "http://[::1]:65536",
            "http://[::1]1",
            "http://[::2]:80",
            "http://::1:80",
            "http://[::1",
        ],
    );
    table(
        "http://127.0.0.1:*",
        &["http://127.0.0.1", "http://127.0.0.1:8000"],
        &[
            "http://127.0.0.10",
            "http://127.0.0.10:8000",
            "http://1.127.0.0.1",
            "http://127.0.0.1.:80",
        ],
    );
    table(
        "tauri://localhost:*",
        &["tauri://localhost", "tauri://localhost:1420"],
        &["tauri://Localhost", "tauri://localhost:0", "tauri://localhost:"],
    );
    table(
        "https://*.example.com:8443",
        &["https://a.example.com:8443", "https://a.b.example.com:8443"],
        &[
            "https://a.example.com",
            "https://a.example.com:443",
            "https://a.example.com:84430",
            "https://a.example.com:844",
            "https://example.com:8443",
            "https://.example.com:8443",
        ],
    );
    table(
        "https://*.example.com:*",
        &["https://a.example.com", "https://a.example.com:443", "https://a.b.example.com:1"],
        &[
            "https://example.com",
            "https://example.com:443",
            "https://.example.com:1",
            "https://a.example.com:0",
            "https://a.example.com:65536",
            "https://a:1.example.com",
            "https://a.example.com:1:2",
            "https://a:1.example.com:2",
        ],
    );
}

/// Domains of 254 bytes and schemes of 64 are the longest; one byte more is no origin.
#[test]
fn lengths_at_the_limits() {
    let labels = |length: usize| {
        let text = "a.".repeat(length / 2);
        if length.is_multiple_of(2) {
            format!("{}a", &text[..length - 1])
        } else {
            format!("{text}a")
        }
    };
    for scheme in ["https", "app"] {
        let longest = if scheme == "app" { 253 } else { 254 };
        let everything = CorsLayer::new().allow_origin_if(|_| true).build().unwrap();
        let port = format!("{scheme}://*.x:*");
        let patterns = [policy(std::slice::from_ref(&port)), {
            let many = CorsLayer::new().allow_origins(noise()).allow_origins([port]);
            many.build().unwrap()
        }];
        for length in [1, 2, 252, 253, 254, 255, 256, 8192, 65_536] {
            let host = labels(length);
            assert_eq!(host.len(), length);
            let origin = format!("{scheme}://{host}:65535");
            assert_eq!(everything.allows_origin(&origin), length <= longest, "{length}");
            if length < 3 {
                continue;
            }
            let host = format!("{}.x", &labels(length - 2));
            for policy in &patterns {
                for origin in [format!("{scheme}://{host}"), format!("{scheme}://{host}:65535")] {
                    assert_eq!(policy.allows_origin(&origin), length <= longest, "{origin}");
                }
            }
        }
        for length in [1, 63, 64, 65, 8192] {
            let origin = format!("{}://a", "s".repeat(length));
            assert_eq!(everything.allows_origin(&origin), length <= 64, "{length}");
            assert_eq!(CorsLayer::new().allow_origins([origin]).build().is_ok(), length <= 64);
        }
    }
    // A pattern whose shortest origin does not fit takes nothing, so it is a fault.
    for (length, fits) in [(252, true), (253, false), (254, false)] {
        let pattern = format!("https://*.{}", "a".repeat(length));
        assert_eq!(CorsLayer::new().allow_origins([&pattern]).build().is_ok(), fits, "{length}");
    }
    for (length, fits) in [(254, true), (255, false)] {
        let origin = format!("https://{}", "a".repeat(length));
        assert_eq!(CorsLayer::new().allow_origins([&origin]).build().is_ok(), fits, "{length}");
    }
}

#[test]
fn very_long_values_are_never_allowed() {
    let mut policies = vec![
        policy(&["https://*.example.com", "https://example.com:*"]),
        CorsLayer::new().allow_origins(noise()).build().unwrap(),
        CorsLayer::new().allow_origin_if(|_| true).build().unwrap(),
    ];
    if cfg!(feature = "regex") {
        let mut config = tower_cors::CorsConfig::default();
        config.allow_origin_regex =
            vec![".*".to_owned(), r"https://.*\.example\.com".to_owned()];
        policies.push(CorsLayer::from(config).build().unwrap());
    }
    for origin in [
        format!("https://{}.example.com", "a".repeat(65_536)),
        format!("https://{}.example.com", "a.".repeat(32_768)),
        format!("https://example.com:{}", "1".repeat(65_536)),
        format!("https://example.com:{}80", "0".repeat(65_536)),
        format!("{}://example.com", "h".repeat(65_536)),
        "https://".repeat(8192),
        ":".repeat(65_536),
        ".".repeat(65_536),
        "[".repeat(65_536),
    ] {
        for policy in &policies {
            assert!(!policy.allows_origin(&origin), "{origin:.40} of {}", origin.len());
        }
    }
}

/// What counts as an origin at all, seen through a predicate that takes everything it is asked for.
#[test]
fn a_predicate_is_asked_for_well_formed_origins_only() {
    let asked = Arc::new(Mutex::new(Vec::new()));
    let record = asked.clone();
    let policy = CorsLayer::new()
        .allow_origins(["https://listed.example", "https://*.listed.example"])
        .allow_origin_if(move |origin| {
            record.lock().unwrap().push(origin.to_owned());
            true
        })
        .build()
        .unwrap();
    assert_eq!(*asked.lock().unwrap(), [""; 0], "without credentials nothing is probed");
    for (origin, well_formed) in [
        ("null", true),
        ("file://", true),
        ("https://a.example", true),
        ("https://a.example.", true),
        ("https://a..example", true),
        ("https://a_b-c.example:65535", true),
        ("http://127.0.0.1:1", true),
        ("https://[::1]", true),
        ("https://[2001:db8::1]:8443", true),
        ("wss://a.example", true),
        ("ftp://a.example", true),
        ("x+y.z-1://a", true),
        ("tauri://localhost", true),
        ("vscode-webview://0abcDEF~_.-", true),
        ("", false),
        ("*", false),
        ("Null", false),
        ("file:///", false),
        ("file:///index.html", false),
        ("file://a", false),
        ("File://", false),
        ("file:", false),
        ("a.example", false),
        ("https:a.example", false),
        ("https:///", false),
        ("https://", false),
        ("https://a/", false),
        ("https://a?b", false),
        ("https://a#b", false),
        ("https://a\\b", false),
        ("https://u@a", false),
        ("https://a:", false),
        ("https://a:0", false),
        ("https://a:00080", false),
        ("https://a:65536", false),
        ("https://a:80:80", false),
        ("https://a~b", false),
        ("https://A", false),
        ("Https://a", false),
        ("https://\u{e9}", false),
        ("https://a b", false),
        ("https://a\t", false),
        ("https://a,b", false),
        ("https://a*", false),
        ("https://[::1", false),
        ("https://::1", false),
        ("https://[]", false),
        ("https://[1.2.3.4]", false),
        ("https://[::1]a", false),
        ("https://a[::1]", false),
        ("app://[::1]", false),
        ("app://a/b", false),
        ("app://\u{e9}", false),
        ("1app://a", false),
        ("app_x://a", false),
        ("://a", false),
        (" https://a", false),
        ("https://a https://b", false),
    ] {
        asked.lock().unwrap().clear();
        assert_eq!(policy.allows_origin(origin), well_formed, "{origin:?}");
        let expected: &[&str] = if well_formed { &[origin] } else { &[] };
        assert_eq!(*asked.lock().unwrap(), expected, "{origin:?}");
        assert_eq!(is_well_formed(origin), well_formed, "the reference: {origin:?}");
    }
    // What the list takes needs no asking.
    asked.lock().unwrap().clear();
    assert!(policy.allows_origin("https://listed.example"));
    assert!(policy.allows_origin("https://a.listed.example"));
    assert_eq!(*asked.lock().unwrap(), [""; 0]);
}

#[test]
fn lists_patterns_and_predicates_are_a_union() {
    let layer = CorsLayer::new()
        .allow_origins(["https://listed.example"])
        .allow_origins(["https://*.pattern.example"])
        .allow_origin_if(|origin| origin == "https://first.example")
        .allow_origin_if(|origin| origin == "https://second.example");
    #[cfg(feature = "regex")]
    let layer =
        layer.allow_origin_regex("https://regex.example").allow_origin_regex("http://x|http://y");
    let policy = layer.build().unwrap();
    for origin in [
        "https://listed.example",
        "https://a.pattern.example",
        "https://first.example",
        "https://second.example",
    ] {
        assert!(policy.allows_origin(origin), "{origin}");
    }
    for origin in ["https://regex.example", "http://x", "http://y"] {
        assert_eq!(policy.allows_origin(origin), cfg!(feature = "regex"), "{origin}");
    }
    for origin in ["https://third.example", "http://xhttp://y", "null"] {
        assert!(!policy.allows_origin(origin), "{origin}");
    }
}

/// The number of listed origins decides how they are looked up, and nothing else.
#[test]
fn any_number_of_listed_origins_is_found() {
    for count in [0_usize, 1, 2, 3, 4, 5, 8, 9, 100, 5000] {
        let listed: Vec<_> = (0..count).map(|n| format!("https://o{n}.example")).collect();
        let policy = policy(&listed);
        assert!(listed.iter().all(|origin| policy.allows_origin(origin)), "{count}");
        for origin in [format!("https://o{count}.example"), "https://o.example".to_owned()] {
            assert!(!policy.allows_origin(&origin), "{count}");
        }
    }
}

#[test]
fn any_number_of_patterns_is_found() {
    for count in [1_usize, 7, 8, 9, 10, 100, 2000] {
        let patterns: Vec<_> = (0..count)
            .map(|n| match n % 4 {
                0 => format!("https://*.o{n}.example"),
                1 => format!("https://o{n}.example:*"),
                2 => format!("https://*.o{n}.example:*"),
                _ => format!("https://*.o{n}.example:8443"),
            })
            .collect();
        let policy = policy(&patterns);
        for n in 0..count + 1 {
            let taken = |origin: String| policy.allows_origin(&origin);
            let known = n < count;
            let found = [
                taken(format!("https://a.o{n}.example")),
                taken(format!("https://o{n}.example")),
                taken(format!("https://o{n}.example:1")),
                taken(format!("https://a.b.o{n}.example:1")),
                taken(format!("https://a.o{n}.example:8443")),
            ];
            let expected = match n % 4 {
                0 => [true, false, false, false, false],
                1 => [false, true, true, false, false],
                2 => [true, false, false, true, true],
                _ => [false, false, false, false, true],
            };
            assert_eq!(found, expected.map(|taken| taken && known), "{count} {n}");
        }
    }
}

/// Many patterns of one tail, and tails that are tails of others.
#[test]
fn patterns_that_overlap_do_not_hide_each_other() {
    let mut patterns: Vec<_> = ["http", "https", "ws", "wss", "app", "ftp"]
        .iter()
        .flat_map(|scheme| ["a", "b.a", "c.b.a"].map(|host| format!("{scheme}://*.{host}")))
        .collect();
    patterns.push("https://a:*".to_owned());
    patterns.push("https://*.a:81".to_owned());
    let policy = policy(&patterns);
    for (origin, taken) in [
        ("https://x.a", true),
        ("https://b.a", true),
        ("https://x.b.a", true),
        ("https://x.c.b.a", true),
        ("app://x.c.b.a", true),
        ("https://a", true),
        ("https://a:1", true),
        ("https://x.a:81", true),
        ("https://x.c.b.a:81", true),
        ("https://x.a:82", false),
        ("http://x.a:81", false),
        ("http://a", false),
        ("tauri://x.a", false),
        ("https://x.b", false),
    ] {
        assert_eq!(policy.allows_origin(origin), taken, "{origin}");
        assert_eq!(matches(&patterns, origin), taken, "the reference: {origin}");
    }
}

// Random origins

/// Few letters and few words, so that hits and near misses are frequent.
fn label() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => select(vec!["a", "b", "ab", "ba", "a-b", "a_b", "-", "xn--a", "localhost", "aa"])
            .prop_map(str::to_owned),
        2 => "[ab._-]{1,4}",
        1 => select(vec!["A", "aB", "~", "\u{e9}", "*", "", "a b", "%61", "a@b", "[::1]"])
            .prop_map(str::to_owned),
        1 => (240_usize..260).prop_map(|length| "a".repeat(length)),
    ]
}

fn host() -> impl Strategy<Value = String> {
    let dotted = prop::collection::vec(label(), 1..4).prop_map(|labels| labels.join(".")).boxed();
    prop_oneof![
        8 => dotted.clone(),
        1 => dotted.prop_map(|host| format!("{host}.")),
        1 => select(vec!["[::1]", "[::]", "[2001:db8::1]", "[::g]", "[1:2]", "127.0.0.1", "1.2.3"])
            .prop_map(str::to_owned),
    ]
}

fn scheme() -> impl Strategy<Value = String> {
    prop_oneof![
        8 => select(vec!["https", "http", "app", "ws"]).prop_map(str::to_owned),
        1 => select(vec!["HTTPS", "h", "", "1a", "a b", "https:", "x+y"]).prop_map(str::to_owned),
        1 => (60_usize..70).prop_map(|length| "s".repeat(length)),
    ]
}

fn port() -> impl Strategy<Value = String> {
    let odd =
        vec![":0", ":01", ":", ":65536", ":99999", ":100000", ":8a", ":80:80", ":*", "::1", ":+1"];
    prop_oneof![
        4 => Just(String::new()),
        4 => select(vec![":1", ":80", ":81", ":443", ":8080", ":65535"]).prop_map(str::to_owned),
        1 => select(odd).prop_map(str::to_owned),
    ]
}

fn origin() -> impl Strategy<Value = String> {
    prop_oneof![
        20 => (scheme(), host(), port())
            .prop_map(|(scheme, host, port)| format!("{scheme}://{host}{port}")),
        1 => select(vec!["null", "file://", "file:///a"]).prop_map(str::to_owned),
        1 => (scheme(), host(), port(), "[/?#@ \\\\]", host())
            .prop_map(|(scheme, host, port, mark, rest)| format!("{scheme}://{host}{port}{mark}{rest}")),
        1 => "[ -~\u{80}-\u{ff}]{0,12}",
    ]
}

/// Items of a configuration; what does not build is left out.
fn items(count: impl Into<prop::collection::SizeRange>) -> impl Strategy<Value = Vec<String>> {
    let item =
        (scheme(), any::<bool>(), host(), prop_oneof![2 => port(), 1 => Just(":*".to_owned())])
            .prop_map(|(scheme, star, host, port)| {
                format!("{scheme}://{}{host}{port}", if star { "*." } else { "" })
            });
    let item =
        prop_oneof![15 => item, 1 => select(vec!["null", "file://"]).prop_map(str::to_owned)];
    prop::collection::vec(item, count).prop_map(|items| {
        items
            .into_iter()
            .filter(|item| CorsLayer::new().allow_origins([item]).build().is_ok())
            .collect()
    })
}

/// Origins that are near the items: their stars filled in, then a byte changed, added or left out.
fn near(items: Vec<String>) -> impl Strategy<Value = String> {
    let item =
        if items.is_empty() { Just("https://a".to_owned()).boxed() } else { select(items).boxed() };
    let fill = (item, label(), port(), any::<bool>());
    let filled = fill.prop_map(|(item, labels, port, keep)| {
        let item = item.replace("*.", &format!("{labels}."));
        match item.strip_suffix(":*") {
            Some(bare) => format!("{bare}{port}"),
            None if keep => item,
            None => format!("{item}{port}"),
        }
    });
    let change = prop_oneof![4 => Just(None), 3 => (any::<prop::sample::Index>(), 0..3, "[a-c.:/@*A0-9]").prop_map(Some)];
    (filled, change).prop_map(|(text, change)| {
        let Some((at, kind, letter)) = change else { return text };
        let mut letters: Vec<char> = text.chars().collect();
        let at = at.index(letters.len());
        let letter = letter.chars().next().expect("one letter");
        match kind {
            0 => letters[at] = letter,
            1 => letters.insert(at, letter),
            _ => drop(letters.remove(at)),
        }
        letters.into_iter().collect()
    })
}

fn items_and_origins(
    count: impl Into<prop::collection::SizeRange>,
) -> impl Strategy<Value = (Vec<String>, Vec<String>)> {
    items(count).prop_flat_map(|items| {
        let origins = prop_oneof![origin(), near(items.clone())];
        (Just(items), prop::collection::vec(origins, 30))
    })
}

const CONFIG: fn(u32) -> ProptestConfig =
    |cases| ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() };

proptest! {
    #![proptest_config(CONFIG(200))]

    #[test]
    fn few_items_take_what_the_reference_takes((items, origins) in items_and_origins(0..6)) {
        let policy = policy(&items);
        for origin in origins {
            prop_assert_eq!(policy.allows_origin(&origin), matches(&items, &origin), "{:?} {:?}", items, origin);
        }
    }

    /// Few items of one kind, many of the other, many of both.
    #[test]
    fn many_items_take_what_the_reference_takes((items, origins) in items_and_origins(10..40)) {
        let (patterns, listed): (Vec<String>, Vec<String>) =
            items.iter().cloned().partition(|item| item.contains('*'));
        for items in [&items, &patterns, &listed] {
            let policy = policy(items);
            for origin in &origins {
                prop_assert_eq!(policy.allows_origin(origin), matches(items, origin), "{:?} {:?}", items, origin);
            }
        }
    }

    /// Everything that is well-formed, and nothing else, reaches a predicate.
    #[test]
    fn the_grammar_is_the_reference_s(origins in prop::collection::vec(origin(), 30)) {
        let everything = CorsLayer::new().allow_origin_if(|_| true).build().unwrap();
        for origin in origins {
            prop_assert_eq!(everything.allows_origin(&origin), is_well_formed(&origin), "{:?}", origin);
        }
    }

    /// The order of the items and saying one twice change nothing.
    #[test]
    fn order_and_repetition_change_nothing((items, origins) in items_and_origins(0..20)) {
        let mut mixed: Vec<_> = items.iter().rev().cloned().collect();
        mixed.extend(items.iter().cloned());
        let (first, second) = (policy(&items), policy(&mixed));
        for origin in origins {
            prop_assert_eq!(first.allows_origin(&origin), second.allows_origin(&origin), "{:?} {:?}", items, origin);
        }
    }

    /// What a browser sends for a listed origin is that origin: each listed one is allowed.
    #[test]
    fn what_is_listed_is_allowed(items in items(0..30)) {
        let policy = policy(&items);
        for item in items.iter().filter(|item| !item.contains('*')) {
            prop_assert!(policy.allows_origin(item), "{}", item);
        }
    }
}

#[cfg(feature = "regex")]
type ByHand = fn(&str) -> bool;

/// Regular expressions and the same thing by hand.
#[cfg(feature = "regex")]
const REGEXES: [(&str, ByHand); 8] = [
    (r"https://.*\.a", |origin| {
        origin.starts_with("https://") && origin.ends_with(".a") && origin.len() >= 10
    }),
    (r"https://.+b", |origin| {
        origin.starts_with("https://") && origin.ends_with('b') && origin.len() >= 10
    }),
    ("http://a|http://b", |origin| ["http://a", "http://b"].contains(&origin)),
    ("(?i)APP://A~?", |origin| {
        ["app://a", "app://a~"].contains(&origin.to_ascii_lowercase().as_str())
    }),
    (r"https?://[ab]+(:\d+)?", |origin| {
        let rest = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://"));
        rest.is_some_and(|rest| {
            let (host, port) = rest.split_once(':').unwrap_or((rest, "1"));
            let digits = !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit());
            !host.is_empty() && host.bytes().all(|byte| b"ab".contains(&byte)) && digits
        })
    }),
    ("null", |origin| origin == "null"),
    ("", str::is_empty),
    (r"ws:.*", |origin| origin.starts_with("ws:")),
];

#[cfg(feature = "regex")]
proptest! {
    #![proptest_config(CONFIG(150))]

    #[test]
    fn regexes_are_in_union_with_the_list(
        (items, origins) in items_and_origins(0..12),
        chosen in prop::sample::subsequence(REGEXES.to_vec(), 0..4),
    ) {
        let layer = CorsLayer::new().allow_origins(&items);
        let layer = chosen.iter().fold(layer, |layer, (regex, _)| layer.allow_origin_regex(regex));
        let policy = layer.build().unwrap();
        for origin in origins {
            let by_regex = is_well_formed(&origin)
                && chosen.iter().any(|(_, takes)| takes(&origin));
            let expected = by_regex || matches(&items, &origin);
            prop_assert_eq!(policy.allows_origin(&origin), expected, "{:?} {:?}", items, origin);
        }
    }
}
