//! Proves that values whose texts once misled somebody are told rightly, row by row.

use tower_cors::{CorsLayer, Kind, Setting};

use super::{
    common::said,
    suggestions::{check, layer, written_list},
};

/// What misled somebody once: the setting, the value, and what the text says now.
#[test]
fn of_values_that_once_misled() {
    for (setting, value, kind, suggestion) in [
        // `localhost` means the servers of development, which have ports.
        (Setting::AllowOrigins, "localhost", Kind::NoScheme, Some("http://localhost:*")),
        (Setting::AllowOrigins, "LOCALHOST", Kind::NoScheme, Some("http://localhost:*")),
        (Setting::AllowOrigins, "localhost:3000", Kind::NoScheme, Some("http://localhost:3000")),
        (Setting::AllowOrigins, "\"localhost\"", Kind::Quotes, Some("http://localhost:*")),
        (Setting::AllowOrigins, "127.0.0.1", Kind::NoScheme, Some("http://127.0.0.1:*")),
        // Nobody has a certificate for a private address.
        (Setting::AllowOrigins, "0.0.0.0:8000", Kind::NoScheme, Some("http://0.0.0.0:8000")),
        (Setting::AllowOrigins, "0.0.0.0", Kind::NoScheme, Some("http://0.0.0.0")),
        (Setting::AllowOrigins, "192.168.0.20", Kind::NoScheme, Some("http://192.168.0.20")),
        (Setting::AllowOrigins, "172.20.0.3:8080", Kind::NoScheme, Some("http://172.20.0.3:8080")),
        // The port of a scheme names it.
        (Setting::AllowOrigins, "example.com:80", Kind::NoScheme, Some("http://example.com")),
        (Setting::AllowOrigins, "localhost:443", Kind::NoScheme, Some("https://localhost")),
        // A mask is no path.
        (Setting::AllowOrigins, "http://192.168.1.0/24", Kind::AddressRange, None),
        (Setting::AllowOrigins, "192.168.1.0/24", Kind::AddressRange, None),
        (Setting::AllowOrigins, "0.0.0.0/0", Kind::AddressRange, None),
        (Setting::AllowOrigins, "::/0", Kind::AddressRange, None),
        // Words.
        (Setting::AllowOrigins, "all", Kind::Word, Some("*")),
        (Setting::AllowOrigins, "any", Kind::Word, Some("*")),
        (Setting::AllowOrigins, "'any'", Kind::Word, Some("*")),
        (Setting::AllowOrigins, "none", Kind::Word, None),
        (Setting::AllowOrigins, "undefined", Kind::Word, None),
        (Setting::AllowOrigins, "'self'", Kind::Word, None),
        (Setting::AllowOrigins, "off", Kind::Word, None),
        (Setting::AllowOrigins, "frontend", Kind::NoScheme, None),
        (Setting::AllowOrigins, "FRONTEND_URL", Kind::NoScheme, None),
        // What nobody filled in.
        (Setting::AllowOrigins, "${X}", Kind::Placeholder, None),
        (Setting::AllowOrigins, "https://{tenant}.example.com", Kind::Placeholder, None),
        (Setting::AllowOrigins, "process.env.ORIGIN", Kind::Placeholder, None),
        (Setting::AllowHeaders, "${HEADERS}", Kind::Placeholder, None),
        (Setting::AllowMethods, "$METHODS", Kind::Placeholder, None),
        (Setting::AllowHosts, "${HOST}", Kind::Placeholder, None),
        // International hosts: no guess.
        (Setting::AllowOrigins, "https://bu\u{308}cher.example", Kind::InternationalHost, None),
        (Setting::AllowOrigins, "https://\u{ff45}xample.com", Kind::InternationalHost, None),
        (Setting::AllowOrigins, "https://ex\u{ad}ample.com", Kind::InternationalHost, None),
        (Setting::AllowOrigins, "https://\u{fb01}sh.example", Kind::InternationalHost, None),
        (Setting::AllowOrigins, "https://xn--\u{e9}.example", Kind::InternationalHost, None),
        // Not wildcards.
        (Setting::AllowOrigins, "https://..", Kind::EmptyLabel, None),
        (Setting::AllowOrigins, "https://.", Kind::EmptyLabel, None),
        (Setting::AllowOrigins, "chrome-extension://*", Kind::MisplacedWildcard, None),
        // Two schemes, other schemes, no scheme.
        (
            Setting::AllowOrigins,
            "http://https://example.com",
            Kind::MalformedScheme,
            Some("https://example.com"),
        ),
        (Setting::AllowOrigins, "htps://a.example", Kind::ProbableTypo, Some("https://a.example")),
        (Setting::AllowOrigins, "ws://a.example", Kind::NoPageScheme, Some("http://a.example")),
        (Setting::AllowOrigins, "wss://a.example/", Kind::Path, Some("https://a.example")),
        (Setting::AllowOrigins, "::1", Kind::UnbracketedAddress, None),
        (Setting::AllowOrigins, "http://localhost:3000:3000", Kind::MalformedPort, None),
        // What stands around an item.
        (
            Setting::AllowOrigins,
            "http://localhost:3000,",
            Kind::Quotes,
            Some("http://localhost:3000"),
        ),
        (
            Setting::AllowOrigins,
            "[http://localhost:3000/]",
            Kind::Quotes,
            Some("http://localhost:3000"),
        ),
        (Setting::AllowOrigins, "[\"*\"]", Kind::Quotes, Some("*")),
        (Setting::AllowOrigins, "\"https://a.example", Kind::Quotes, Some("https://a.example")),
        (Setting::AllowOrigins, "<https://a.example>", Kind::Quotes, Some("https://a.example")),
        (Setting::AllowHosts, "'api.example'", Kind::Quotes, Some("api.example")),
        // A line that was copied from a request or a response.
        (
            Setting::AllowOrigins,
            "Origin: https://a.example",
            Kind::Quotes,
            Some("https://a.example"),
        ),
        (Setting::AllowOrigins, "Access-Control-Allow-Origin: *", Kind::Quotes, Some("*")),
        (
            Setting::AllowMethods,
            "Access-Control-Allow-Methods: PUT",
            Kind::MalformedName,
            Some("PUT"),
        ),
        (
            Setting::AllowHeaders,
            "Access-Control-Allow-Headers: X-Token",
            Kind::MalformedName,
            Some("X-Token"),
        ),
        (
            Setting::AllowOrigins,
            "\u{feff}https://a.example",
            Kind::Quotes,
            Some("https://a.example"),
        ),
        (
            Setting::AllowOrigins,
            "https://a.example\u{200b}",
            Kind::Quotes,
            Some("https://a.example"),
        ),
        (Setting::AllowOrigins, "('https://a.example')", Kind::Quotes, Some("https://a.example")),
        // A scheme, however badly written, is no host.
        (Setting::AllowOrigins, "capacitor//localhost", Kind::NoScheme, None),
        (Setting::AllowOrigins, "https.//a.example", Kind::NoScheme, None),
        (Setting::AllowOrigins, "http:s//a.example", Kind::NoScheme, None),
        (Setting::AllowOrigins, "http[s]://a.example", Kind::OtherOriginSetting, None),
        (Setting::AllowOrigins, "app://[a-f0-9]+", Kind::OtherOriginSetting, None),
        // Encoded characters are no placeholder.
        (Setting::AllowOrigins, "https%3A%2F%2Fa.example", Kind::MalformedHost, None),
        (Setting::AllowOrigins, "https:\\\\a.example", Kind::NoScheme, Some("https://a.example")),
        // No list, no expression.
        (Setting::AllowOrigins, "javascript:alert(1)", Kind::SchemeWithoutOrigin, None),
        (Setting::AllowOrigins, "data:text/html,x", Kind::SchemeWithoutOrigin, None),
        // Addresses in other forms.
        (Setting::AllowOrigins, "fe80::1%eth0", Kind::UnbracketedAddress, None),
        (Setting::AllowHosts, "[0:0:0:0:0:0:0:1]", Kind::NonCanonicalAddress, Some("[::1]")),
        (Setting::AllowHosts, "[fe80::1%25eth0]", Kind::NonCanonicalAddress, None),
        // Words are no hosts, and `*` would be a danger.
        (Setting::AllowHosts, "any", Kind::Word, None),
        (Setting::AllowHosts, "None", Kind::Word, None),
        (Setting::AllowHosts, "null", Kind::Word, None),
        (Setting::AllowHosts, "Host: api.example:8000", Kind::Quotes, Some("api.example:8000")),
        // The rest of an expression is no path.
        (Setting::AllowHosts, "api\\.example\\.com", Kind::MalformedHost, None),
        (Setting::AllowHosts, "api.example:8000/", Kind::Path, Some("api.example:8000")),
        // Names.
        (Setting::AllowMethods, "PSOT", Kind::ProbableTypo, Some("POST")),
        (Setting::AllowMethods, "UPDATE", Kind::ProbableTypo, Some("PUT")),
        (Setting::AllowHeaders, "Authorisation", Kind::ProbableTypo, Some("Authorization")),
        (Setting::AllowHeaders, "Content Type", Kind::MalformedName, Some("Content-Type")),
        (Setting::AllowHeaders, "X My Token", Kind::MalformedName, Some("X-My-Token")),
        (Setting::AllowMethods, "Method::PUT", Kind::MalformedName, Some("PUT")),
        (
            Setting::ExposeHeaders,
            "header::CONTENT_DISPOSITION",
            Kind::MalformedName,
            Some("Content-Disposition"),
        ),
        (Setting::AllowHeaders, "Content_type:", Kind::MalformedName, Some("Content-Type")),
        (Setting::AllowHeaders, "Access-Control-Allow-Origin", Kind::OtherDirection, None),
        (Setting::AllowHeaders, "Access-Control-Origin", Kind::OtherDirection, None),
        (
            Setting::AllowHeaders,
            "axum::http::header::IF_MATCH",
            Kind::MalformedName,
            Some("If-Match"),
        ),
        // Words for everything and for nothing.
        (Setting::AllowHeaders, "everything", Kind::ProbableTypo, Some("*")),
        (Setting::AllowHeaders, "none", Kind::ProbableTypo, None),
        (Setting::AllowMethods, "None", Kind::ProbableTypo, None),
        (Setting::ExposeHeaders, "null", Kind::ProbableTypo, None),
    ] {
        let said = said(&layer(setting, &[value]));
        let [one] = &said[..] else { panic!("{value}: {said:?}") };
        assert_eq!((one.kind(), one.suggestion()), (kind, suggestion), "{one}");
        check(one).unwrap();
    }
}

/// A list in one text is written out as a list, each item corrected; or not at all.
#[test]
fn lists_in_one_text_are_written_out() {
    let list = |setting, text| {
        let said = said(&layer(setting, &[text]));
        let [one] = &said[..] else { panic!("{text}: {said:?}") };
        assert_eq!((one.kind(), one.suggestion()), (Kind::Several, None), "{one}");
        check(one).unwrap();
        let said = one.to_string();
        assert!(said.contains("; in a variable: separate them by commas"), "{said}");
        written_list(&said).unwrap_or_default()
    };
    let origins = |text| list(Setting::AllowOrigins, text);
    assert_eq!(origins("localhost, all"), ["http://localhost:*", "*"]);
    assert_eq!(
        origins("['https://a.example/','b.example']"),
        ["https://a.example", "https://b.example"]
    );
    assert_eq!(
        origins("http://a.example|https://b.example"),
        ["http://a.example", "https://b.example"]
    );
    assert_eq!(origins("https://a.example;b.example"), ["https://a.example", "https://b.example"]);
    assert!(origins("all origins").is_empty());
    assert!(origins("http://localhost 3000").is_empty());
    assert!(origins("https://exa mple.com").is_empty());
    assert_eq!(
        origins("(\"https://a.example\", \"https://b.example\")"),
        ["https://a.example", "https://b.example"]
    );
    assert_eq!(
        origins("http://localhost:3000 and http://localhost:5173"),
        ["http://localhost:3000", "http://localhost:5173"]
    );
    assert_eq!(
        origins("Access-Control-Allow-Origin: https://a.example, https://b.example"),
        ["https://a.example", "https://b.example"]
    );
    assert_eq!(list(Setting::AllowMethods, "GET, POST"), ["GET", "POST"]);
    assert_eq!(list(Setting::AllowMethods, "get psot"), ["GET", "POST"]);
    assert_eq!(list(Setting::AllowMethods, "GET & POST and PUT"), ["GET", "POST", "PUT"]);
    assert_eq!(list(Setting::AllowHeaders, "X-Token | X-Other"), ["X-Token", "X-Other"]);
    assert_eq!(
        list(Setting::AllowMethods, "Access-Control-Allow-Methods: GET, POST"),
        ["GET", "POST"]
    );
    assert_eq!(
        list(Setting::AllowHeaders, "Content_type, Authorizationn"),
        ["Content-Type", "Authorization"]
    );
    assert_eq!(list(Setting::AllowHosts, "a.example, b.example"), ["a.example", "b.example"]);
}

/// Python joins two texts where the comma between them is missing.
#[test]
fn texts_without_a_comma_are_a_list() {
    let text = "https://a.examplehttp://localhost:3000https://b.example";
    let said = said(&layer(Setting::AllowOrigins, &[text]));
    assert_eq!(said[0].kind(), Kind::Several);
    assert_eq!(
        written_list(&said[0].to_string()).unwrap(),
        ["https://a.example", "http://localhost:3000", "https://b.example"]
    );
}

/// Expressions that are something else, or that one character keeps from matching.
#[test]
#[cfg(feature = "regex")]
fn of_expressions() {
    for (value, kind, suggestion, says) in [
        ("*", Kind::OtherOriginSetting, None, "write allow_origins([\"*\"])"),
        (
            "*.acme.dev",
            Kind::OtherOriginSetting,
            None,
            "write allow_origins([\"https://*.acme.dev\"])",
        ),
        (
            r"https://*.acme\.dev",
            Kind::OtherOriginSetting,
            None,
            "write allow_origins([\"https://*.acme.dev\"])",
        ),
        (
            r"https://*.acme.dev:\d+",
            Kind::OtherOriginSetting,
            None,
            "write allow_origins([\"https://*.example.com\"])",
        ),
        (
            "https://*.acme.dev/",
            Kind::OtherOriginSetting,
            None,
            "write allow_origins([\"https://*.acme.dev\"])",
        ),
        (
            "http://localhost:*",
            Kind::OtherOriginSetting,
            None,
            "write allow_origins([\"http://localhost:*\"])",
        ),
        ("${REGEX}", Kind::Placeholder, None, "check the variable"),
        (r"https://.*\.acme\.dev/", Kind::MatchesNothing, Some(r"https://.*\.acme\.dev"), ""),
        (r"^https://acme\.dev\/$", Kind::MatchesNothing, Some(r"^https://acme\.dev$"), ""),
        (r"/^https:\/\/acme\.dev$/", Kind::MatchesNothing, Some(r"^https:\/\/acme\.dev$"), ""),
        (r"/^https:\/\/acme\.dev$/i", Kind::MatchesNothing, Some(r"^https:\/\/acme\.dev$"), ""),
        (r"https://acme\\.dev", Kind::MatchesNothing, Some(r"https://acme\.dev"), ""),
        (r#"r"https://acme\.dev""#, Kind::MatchesNothing, Some(r"https://acme\.dev"), ""),
        (r#""https://acme\.dev""#, Kind::MatchesNothing, Some(r"https://acme\.dev"), ""),
        (r"acme\.dev", Kind::MatchesNothing, None, "an origin is a scheme"),
        (r"HTTPS://acme\.dev", Kind::MatchesNothing, None, "a host in lower case"),
    ] {
        let said = said(&layer(Setting::AllowOriginRegex, &[value]));
        let [one] = &said[..] else { panic!("{value}: {said:?}") };
        assert_eq!((one.kind(), one.suggestion()), (kind, suggestion), "{one}");
        assert!(one.to_string().contains(says), "{one}");
        check(one).unwrap();
    }
}

/// What `explain` calls nearest is compared by parts, never as a text in a text.
#[test]
fn of_refused_origins() {
    let nearest = |listed: &str, asked: &str| {
        let policy = CorsLayer::new().allow_origins([listed]).build().unwrap();
        let request = http::Request::builder().header("origin", asked).body(()).unwrap();
        let explanation = policy.explain(&request.into_parts().0);
        assert!(!explanation.allowed(), "{explanation}");
        explanation.findings()[0].reason().to_owned()
    };
    let near = nearest("https://*.example.com", "https://example.co");
    assert_eq!(near, "it is not listed");
    let same_machine = nearest("http://localhost:3000", "http://127.0.0.1:3000");
    assert!(same_machine.contains("the same machine, but another origin"), "{same_machine}");
    let loose = nearest("https://a.example", "https://evil.example");
    assert_eq!(loose, "it is not listed");
}
