//! `allow_origins`: what builds, what is wrong with the rest, and what was meant.

use tower_cors::{
    CorsLayer,
    Kind::{self, *},
    Severity,
};

use super::{Row, common::said, says};

fn listing(item: &str) -> CorsLayer {
    CorsLayer::new().allow_origins([item])
}

#[test]
fn what_browsers_send_builds_and_nothing_is_said() {
    for item in [
        "null",
        "file://",
        "https://example.com",
        "https://example.com.",
        "https://sub_domain.example.com:8443",
        "https://a_b",
        "http://localhost",
        "http://127.0.0.1:3000",
        "http://[::]",
        "http://[::1]:3000",
        "https://xn--bcher-kva.example",
        "tauri://localhost",
        "tauri://example.com",
        "capacitor://localhost",
        "exp://192.0.2.1:8081",
        "chrome-extension://AbCdEf",
        "app://-",
        "app://1.2.3",
    ] {
        let policy = listing(item).build().unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(policy.diagnostics(), [], "{item}");
        assert!(policy.allows_origin(item), "{item}");
    }
    for (item, matched) in [
        ("*", "https://example.com"),
        ("https://*.example.com", "https://a.example.com"),
        ("http://localhost:*", "http://localhost:3000"),
        ("https://*.example.com:*", "https://a.example.com:1"),
        ("https://*.example.com:8443", "https://a.b.example.com:8443"),
        ("http://[::1]:*", "http://[::1]:80"),
        ("http://127.0.0.1:*", "http://127.0.0.1"),
        ("https://*.com", "https://example.com"),
        ("app://*.Tenant", "app://a.Tenant"),
    ] {
        let policy = listing(item).build().unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(policy.diagnostics(), [], "{item}");
        assert!(policy.allows_origin(matched), "{item}");
        assert!(!policy.allows_origin(item) || item == "*", "{item}");
    }
}

#[test]
fn what_cannot_match_is_an_error() {
    let rows: &[Row<'_>] = &[
        ("https://a.example, https://b.example", Several, None),
        ("https://a.example,https://b.example", Several, None),
        ("https://a.example https://b.example", Several, None),
        ("https://a.example;https://b.example", Several, None),
        ("[\"https://a.example\"]", Quotes, Some("https://a.example")),
        ("[\"https://a.example\", \"https://b.example\"]", Several, None),
        ("example.com", NoScheme, Some("https://example.com")),
        ("//example.com", NoScheme, Some("https://example.com")),
        ("example.com/", NoScheme, Some("https://example.com")),
        ("localhost", NoScheme, Some("http://localhost:*")),
        ("localhost:3000", NoScheme, Some("http://localhost:3000")),
        ("localhost/", NoScheme, Some("http://localhost:*")),
        ("127.0.0.1:3000", NoScheme, Some("http://127.0.0.1:3000")),
        ("127.0.0.1", NoScheme, Some("http://127.0.0.1:*")),
        ("192.168.1.20:8080", NoScheme, Some("http://192.168.1.20:8080")),
        ("10.0.0.1", NoScheme, Some("http://10.0.0.1")),
        ("0.0.0.0:8000", NoScheme, Some("http://0.0.0.0:8000")),
        ("0.0.0.0", NoScheme, Some("http://0.0.0.0")),
        ("[::1]:3000", NoScheme, Some("http://[::1]:3000")),
        ("[::1]", NoScheme, Some("http://[::1]:*")),
        ("myhost:3000", NoScheme, Some("https://myhost:3000")),
        ("myhost", NoScheme, None),
        ("*.example.com", NoScheme, Some("https://*.example.com")),
        ("https:/example.com", NoScheme, Some("https://example.com")),
        ("https:example.com", NoScheme, Some("https://example.com")),
        ("https//example.com", NoScheme, Some("https://example.com")),
        ("http;//example.com", NoScheme, Some("http://example.com")),
        ("app.localhost", NoScheme, Some("http://app.localhost:*")),
        ("://example.com", MalformedScheme, None),
        ("1http://example.com", MalformedScheme, None),
        ("HTTP_S://a", MalformedScheme, None),
        ("http*://example.com", MalformedScheme, None),
        ("file:///index.html", SchemeWithoutOrigin, None),
        ("file://a", SchemeWithoutOrigin, None),
        ("data:text/html", SchemeWithoutOrigin, None),
        ("blob:https://example.com", SchemeWithoutOrigin, None),
        ("about:blank", SchemeWithoutOrigin, None),
        ("JavaScript:x", SchemeWithoutOrigin, None),
        ("javascript:alert", SchemeWithoutOrigin, None),
        ("NULL", UpperCase, None),
        ("Null", UpperCase, None),
        ("HTTPS://Example.com:443/", UpperCase, Some("https://example.com")),
        ("https://Example.com", UpperCase, Some("https://example.com")),
        ("HTTPS://example.com", UpperCase, Some("https://example.com")),
        ("https://example.com/", Path, Some("https://example.com")),
        ("https://example.com/app?x#y", Path, Some("https://example.com")),
        ("https://example.com/*", Path, Some("https://example.com")),
        ("https://example.com?x", Path, Some("https://example.com")),
        ("https://example.com\\x", Path, Some("https://example.com")),
        ("https://user:pw@example.com", Userinfo, Some("https://example.com")),
        ("https://user@example.com:8443/x", Path, Some("https://example.com:8443")),
        ("https://example.com:443", DefaultPort, Some("https://example.com")),
        ("http://example.com:80", DefaultPort, Some("http://example.com")),
        ("wss://example.com:443", DefaultPort, Some("https://example.com")),
        ("http://example.com:080", MalformedPort, Some("http://example.com")),
        ("http://example.com:08080", MalformedPort, Some("http://example.com:8080")),
        ("http://example.com:", MalformedPort, Some("http://example.com")),
        ("http://example.com:0", MalformedPort, None),
        ("http://example.com:65536", MalformedPort, None),
        ("http://example.com:+80", MalformedPort, None),
        ("http://example.com:80a", MalformedPort, None),
        ("http://localhost:30*", MalformedPort, None),
        ("https://example.com:0/", MalformedPort, None),
        ("https://bücher.example", InternationalHost, None),
        ("https://BÜCHER.example", InternationalHost, None),
        ("https://*.bücher.example/", InternationalHost, None),
        ("https://.bücher.example", InternationalHost, None),
        ("https://exämple.com/é", InternationalHost, None),
        ("http://[0:0:0:0:0:0:0:1]", NonCanonicalAddress, Some("http://[::1]")),
        ("http://[0:0:0:0:0:0:0:1]:3000", NonCanonicalAddress, Some("http://[::1]:3000")),
        ("http://[::ffff:1.2.3.4]", NonCanonicalAddress, Some("http://[::ffff:102:304]")),
        ("http://[2001:DB8::0:1]", UpperCase, Some("http://[2001:db8::1]")),
        ("http://[1:0:0:2:0:0:0:3]", NonCanonicalAddress, Some("http://[1:0:0:2::3]")),
        ("http://[1:0:0:2:3:0:0:4]", NonCanonicalAddress, Some("http://[1::2:3:0:0:4]")),
        ("http://[1:2:3:4:5:6:0:0]", NonCanonicalAddress, Some("http://[1:2:3:4:5:6::]")),
        ("http://[::1.2.3.4]", NonCanonicalAddress, Some("http://[::102:304]")),
        ("http://127.1:3000", NonCanonicalAddress, None),
        ("http://127.1", NonCanonicalAddress, None),
        ("http://0x7f.1", NonCanonicalAddress, None),
        ("http://010.0.0.1", NonCanonicalAddress, None),
        ("http://1.2.3.4.", NonCanonicalAddress, None),
        ("http://4294967295", NonCanonicalAddress, None),
        ("http://1.2.3.4.5", NonCanonicalAddress, None),
        ("http://1.2.3.09", NonCanonicalAddress, None),
        ("http://a.1", NonCanonicalAddress, None),
        ("http://1..2", EmptyLabel, None),
        ("http://999.1.1.1", NonCanonicalAddress, None),
        ("http://[fe80::1%eth0]", NonCanonicalAddress, None),
        ("http://[::g]", NonCanonicalAddress, None),
        ("192.168.1.0/24", AddressRange, None),
        ("http://192.168.0.0/16", AddressRange, None),
        ("10.0.0.0/8", AddressRange, None),
        ("http://[2001:db8::]/48", AddressRange, None),
        ("https://", MalformedHost, None),
        ("https:///", MalformedHost, None),
        ("https://exa%20mple.com", MalformedHost, None),
        ("https://example.com]", MalformedHost, None),
        ("http://[::1]x:80", MalformedHost, None),
        ("https://a b", Several, None),
        ("https://*", MisplacedWildcard, None),
        ("http://*", MisplacedWildcard, None),
        ("https://*/", MisplacedWildcard, None),
        ("https://*:3000", MisplacedWildcard, None),
        ("https://*example.com", MisplacedWildcard, Some("https://*.example.com")),
        ("https://*.*.example.com", MisplacedWildcard, Some("https://*.example.com")),
        ("https://a.*.example.com", MisplacedWildcard, None),
        ("https://app-*.example.com", MisplacedWildcard, None),
        ("https://*-preview.example.com", MisplacedWildcard, None),
        ("https://example.*", MisplacedWildcard, None),
        ("*://example.com", MisplacedWildcard, Some("https://example.com")),
        ("*://*", MisplacedWildcard, None),
        ("https://*.", MisplacedWildcard, None),
        ("https://*.1.2.3", MisplacedWildcard, None),
        ("https://*.0.0.1", MisplacedWildcard, None),
        ("https://*.192.0.2.1", MisplacedWildcard, None),
        ("https://*.[::1]", MisplacedWildcard, None),
        ("https://*..example.com", EmptyLabel, None),
        ("h*", MisplacedWildcard, None),
        ("**", MisplacedWildcard, None),
        ("*:3000", MisplacedWildcard, None),
        ("chrome-extension://*", MisplacedWildcard, None),
        ("app://*", MisplacedWildcard, None),
        ("https://*.1.2.3.4:*", MisplacedWildcard, None),
        ("https://.example.com", EmptyLabel, Some("https://*.example.com")),
        ("https://a..example.com", EmptyLabel, None),
        ("https://..example.com", EmptyLabel, None),
        ("http://::1:3000", UnbracketedAddress, None),
        ("http://2001:db8::1", UnbracketedAddress, None),
        ("\"https://a.example\"", Quotes, Some("https://a.example")),
        ("'https://a.example'", Quotes, Some("https://a.example")),
        ("`https://a.example`", Quotes, Some("https://a.example")),
        ("'*'", Quotes, Some("*")),
        ("\"\"", Quotes, None),
        ("''", Quotes, None),
        ("'a.example'", Quotes, Some("https://a.example")),
        ("${ORIGIN}", Placeholder, None),
        ("$ORIGIN", Placeholder, None),
        ("{{ origin }}", Placeholder, None),
        ("%ORIGIN%", Placeholder, None),
        ("<your-domain>", Placeholder, None),
        ("https://<your-domain>", Placeholder, None),
        ("https://${HOST}", Placeholder, None),
        ("https://$HOST:3000", Placeholder, None),
        ("all", Word, Some("*")),
        ("ALL", Word, Some("*")),
        ("any", Word, Some("*")),
        ("everyone", Word, Some("*")),
        ("none", Word, None),
        ("None", Word, None),
        ("nil", Word, None),
        ("undefined", Word, None),
        ("self", Word, None),
        ("true", Word, None),
        ("false", Word, None),
        ("^https://a.example$", OtherOriginSetting, None),
        ("https?://example.com", OtherOriginSetting, None),
        ("https://.*\\.example\\.com", OtherOriginSetting, None),
        ("https://a.example|https://b.example", Several, None),
        ("https://a\\.example|https://b\\.example", OtherOriginSetting, None),
        ("https://\\w+.example.com", OtherOriginSetting, None),
        ("https://[a-z].example", OtherOriginSetting, None),
        ("(https://a)", OtherOriginSetting, None),
        (&format!("https://{}.com", "a".repeat(251)), MalformedHost, None),
    ];
    for row in rows {
        says(&listing(row.0), Severity::Error, *row);
    }
}

/// It builds, and no page has such an origin.
#[test]
fn what_was_probably_not_intended_is_a_warning() {
    for row in [
        ("ws://example.com", NoPageScheme, Some("http://example.com")),
        ("wss://example.com", NoPageScheme, Some("https://example.com")),
        ("ftp://example.com", NoPageScheme, Some("http://example.com")),
        ("ftp://example.com:2121", NoPageScheme, None),
        ("htps://example.com", ProbableTypo, Some("https://example.com")),
        ("httpss://example.com", ProbableTypo, Some("https://example.com")),
        ("hhttps://example.com", ProbableTypo, Some("https://example.com")),
    ] {
        says(&listing(row.0), Severity::Warning, row);
    }
    let foreign = "ws://example.com:443";
    assert_eq!(said(&listing(foreign))[0].suggestion(), Some("http://example.com:443"));
    // Applications choose schemes of their own.
    for own in ["http+unix://socket", "htps://localhost", "app://a.b"] {
        assert_eq!(said(&listing(own)), [], "{own}");
    }
}

/// What stands beside `*` was meant to restrict something.
#[test]
fn items_beside_any_are_a_warning() {
    let beside = |layer: &CorsLayer| -> Vec<(Severity, Kind)> {
        said(layer).iter().map(|one| (one.severity(), one.kind())).collect()
    };
    let any = || CorsLayer::new().allow_origins(["*"]);
    for layer in [
        any().allow_origins(["https://a.example"]),
        CorsLayer::new().allow_origins(["https://*.a.example", "*"]),
        any().allow_origin_if(|_| false),
        #[cfg(feature = "regex")]
        any().allow_origin_regex("https://a"),
    ] {
        assert_eq!(beside(&layer), [(Severity::Warning, BesideAny)], "{layer:?}");
        assert!(layer.build().unwrap().allows_origin("https://anything.example"));
    }
    assert_eq!(beside(&any().allow_origins([" *"])).last(), Some(&(Severity::Note, Duplicate)));
    assert_eq!(beside(&any()), []);
}

#[test]
fn what_has_no_effect_is_a_note() {
    let one = super::common::one_origin;
    says(&one().allow_origins([""]), Severity::Note, ("", EmptyItem, None));
    says(&one().allow_origins(["  "]), Severity::Note, ("  ", EmptyItem, None));
    let blanks = " https://b.example\t";
    says(&one().allow_origins([blanks]), Severity::Note, (blanks, Blanks, None));
    // Each duplicate once, however often it is listed.
    let twice = ["https://b.example", " https://b.example", "https://b.example"];
    let layer = CorsLayer::new().allow_origins(&twice[..1]).allow_origins([twice[0], twice[0]]);
    says(&layer, Severity::Note, (twice[0], Duplicate, None));
    let kinds: Vec<_> = said(&CorsLayer::new()).iter().map(|one| one.kind()).collect();
    assert_eq!(kinds, [NoOrigins]);
    assert_eq!(said(&CorsLayer::new().allow_origin_if(|_| false)), []);
}

/// What keeps an origin from matching is told beside the others, and each suggestion alone is enough.
#[test]
fn the_whole_item_is_corrected_at_once() {
    for (item, meant) in [
        ("HTTPS://user:pw@Example.com:443/app?x#y", "https://example.com"),
        ("Example.com/", "https://example.com"),
        ("http://LOCALHOST:03000/", "http://localhost:3000"),
        ("*.Example.com:443/", "https://*.example.com"),
    ] {
        let said = said(&listing(item));
        let [error] = &said[..] else { panic!("{said:?}") };
        assert_eq!(error.suggestion(), Some(meant), "{item}");
        assert!(listing(meant).build().is_ok());
    }
}
