//! `allow_headers` and `expose_headers`: names, and what was meant.

use tower_cors::{Any, CorsLayer, Kind::*, Severity};

use super::{
    Row,
    common::{one_origin, said},
    says,
};

/// `GET` alone would be another warning.
fn allowing(name: &str) -> CorsLayer {
    one_origin().allow_methods(["POST"]).allow_headers([name])
}

fn exposing(name: &str) -> CorsLayer {
    one_origin().expose_headers([name])
}

#[test]
fn names_of_headers_are_tokens() {
    for name in ["x-a", "X_A", "*", "x!#$%&+.^|~", "x'y", "x-a'"] {
        for layer in [allowing(name), exposing(name)] {
            assert_eq!(said(&layer), [], "{name}");
        }
    }
    let rows: &[Row<'_>] = &[
        ("''", Quotes, None),
        ("\"\"", Quotes, None),
        (",", MalformedName, None),
        ("'", Quotes, None),
        ("'x-a'", Quotes, Some("x-a")),
        ("`x-a`", Quotes, Some("x-a")),
        ("\"x-a\"", Quotes, Some("x-a")),
        ("\"'x-a'\"", Quotes, Some("x-a")),
        ("''x-a''", Quotes, Some("x-a")),
        ("'a'|'b'", Quotes, None),
        ("“x-a”", MalformedName, Some("x-a")),
        ("'x-a',", MalformedName, Some("x-a")),
        (" 'x-a' ", Quotes, Some("x-a")),
        ("['x-a']", MalformedName, Some("x-a")),
        (",x-a", MalformedName, Some("x-a")),
        ("; x-a", MalformedName, Some("x-a")),
        ("x-a ,", MalformedName, Some("x-a")),
        ("X-A:", MalformedName, Some("X-A")),
        ("X-Token :", MalformedName, Some("X-Token")),
        ("X-Token : value", MalformedName, Some("X-Token")),
        ("'X-Token: value'", Quotes, Some("X-Token")),
        ("'x-a:1'", Quotes, Some("x-a")),
        ("Cache-Control: no-cache, no-store", MalformedName, Some("Cache-Control")),
        ("Content-Type: text/html; charset=utf-8", MalformedName, Some("Content-Type")),
        ("X-Date: Mon 10:00:00", MalformedName, Some("X-Date")),
        ("Authorization: Bearer abc", MalformedName, Some("Authorization")),
        ("https://a.example", MalformedName, None),
        ("x-ä", MalformedName, None),
        ("x-a, x-b", Several, None),
        ("x-a x-b", Several, None),
        ("x-a\nx-b", Several, None),
        ("['x-a', 'x-b']", Several, None),
        ("\"x-a\", \"x-b\"", Several, None),
        ("x-a:1, x-b:2", Several, None),
        ("x-a:, x-b:", Several, None),
        ("x\r\ny", Several, None),
    ];
    for row in rows {
        says(&allowing(row.0), Severity::Error, *row);
        says(&exposing(row.0), Severity::Error, *row);
    }
}

#[test]
fn request_headers_that_were_probably_not_intended_are_a_warning() {
    for row in [
        ("all", ProbableTypo, Some("*")),
        ("ANY", ProbableTypo, Some("*")),
        ("ETag", OtherDirection, None),
        ("Access-Control-Allow-Origin", OtherDirection, None),
        ("Access-Control-Max-Age", OtherDirection, None),
        ("Authorisation", ProbableTypo, Some("Authorization")),
        ("Autorization", ProbableTypo, Some("Authorization")),
        ("Conten-Type", ProbableTypo, Some("Content-Type")),
        ("X-Reqested-With", ProbableTypo, Some("X-Requested-With")),
        ("X-CSRF-Tokn", ProbableTypo, Some("X-CSRF-Token")),
        ("WWW-Authenticate", OtherDirection, None),
        ("Location", OtherDirection, None),
    ] {
        let layer = allowing(row.0);
        says(&layer, Severity::Warning, row);
        assert!(layer.build().unwrap().check("https://a.example", "POST", &[row.0]).is_ok());
    }
    for name in [
        "Set-Cookie2",
        "Content-Type",
        "Pragma",
        "X-Request-ID",
        "Authorization",
        "X-Tokens",
        "user-agent",
        "x-total-cont",
        "ETags",
        // What it would be corrected to has no effect.
        "Origins",
        // An "X-" more or less makes another name.
        "Request-Id",
        "X-Accept",
        // Names of one's own differ by a letter on purpose.
        "x-a",
        "x-b",
    ] {
        assert_eq!(said(&allowing(name)), [], "{name}");
    }
}

#[test]
fn response_headers_that_were_probably_not_intended_are_a_warning() {
    for row in [
        ("all", ProbableTypo, Some("*")),
        ("ANY", ProbableTypo, Some("*")),
        ("cookie", OtherDirection, None),
        ("Host", OtherDirection, None),
        ("Origin", OtherDirection, None),
        ("Conten-Type", ProbableTypo, Some("Content-Type")),
        ("Authorization", OtherDirection, None),
        ("X-CSRF-Tokn", ProbableTypo, Some("X-CSRF-Token")),
        ("user-agent", OtherDirection, None),
        ("x-total-cont", ProbableTypo, Some("X-Total-Count")),
        ("Access-Control-Request-Headers", OtherDirection, None),
    ] {
        says(&exposing(row.0), Severity::Warning, row);
    }
    for name in [
        "Sec-Fetch-Site",
        "Proxy-Auth",
        "ETag",
        "Access-Control-Allow-Origin",
        "Access-Control-Max-Age",
        "Authorisation",
        "Autorization",
        "X-Reqested-With",
        "X-Request-ID",
        "X-Session-ID",
        "X-API-Key",
        "X-Date",
        "Request-Id",
        "Tracestate",
        "X-Tokens",
        "WWW-Authenticate",
        "Location",
        "date",
        "ETags",
    ] {
        assert_eq!(said(&exposing(name)), [], "{name}");
    }
}

#[test]
fn names_without_effect_are_a_note() {
    for row in [
        ("", EmptyItem, None),
        (" ", EmptyItem, None),
        ("cookie", ForbiddenRequestHeader, None),
        ("Host", ForbiddenRequestHeader, None),
        ("Origin", ForbiddenRequestHeader, None),
        ("Sec-Fetch-Site", ForbiddenRequestHeader, None),
        ("Proxy-Auth", ForbiddenRequestHeader, None),
        ("set-cookie", ForbiddenRequestHeader, None),
        ("date", ForbiddenRequestHeader, None),
        ("Access-Control-Request-Headers", ForbiddenRequestHeader, None),
    ] {
        says(&allowing(row.0), Severity::Note, row);
    }
    for row in [
        ("", EmptyItem, None),
        (" ", EmptyItem, None),
        ("set-cookie", NeverReadable, None),
        ("Set-Cookie2", NeverReadable, None),
        ("Content-Type", AlwaysExposed, None),
        ("Pragma", AlwaysExposed, None),
    ] {
        says(&exposing(row.0), Severity::Note, row);
    }
    says(&allowing("x-a").allow_headers(["x-a", "x-a"]), Severity::Note, ("x-a", Duplicate, None));
    says(&exposing("x-a").expose_headers(["x-a"]), Severity::Note, ("x-a", Duplicate, None));
    // Letter case makes no difference to a browser.
    says(&allowing("x-a").allow_headers(["X-A"]), Severity::Note, ("X-A", Duplicate, None));
    for layer in [allowing("x-a").allow_headers(Any), exposing("x-a").expose_headers(Any)] {
        let said = said(&layer);
        let [note] = &said[..] else { panic!("{said:?}") };
        let about = (note.severity(), note.kind(), note.value());
        assert_eq!(about, (Severity::Note, BesideAny, None));
    }
}

/// With credentials `*` is written out, so what stands beside it has a meaning: names that outer layers
/// add (difference D12).
#[test]
fn any_may_be_exposed_with_credentials() {
    for layer in [exposing("*"), exposing("*").expose_headers(["x-a"])] {
        assert_eq!(said(&layer.allow_credentials(true)), []);
    }
    assert_eq!(said(&allowing("*").allow_credentials(true)), []);
}

/// Difference D11.
#[test]
fn prefixes_end_in_a_hyphen_and_a_star() {
    for name in ["x-amz-meta-*", "X-Goog-*", "ab-*", "a--*", "x-custom.meta-*", "Authorisatio-*"] {
        assert_eq!(said(&allowing(name)), [], "{name}");
    }
    for row in [
        ("sec-*", ForbiddenRequestHeader, None),
        ("Proxy-*", ForbiddenRequestHeader, None),
        ("sec-fetch-*", ForbiddenRequestHeader, None),
    ] {
        says(&allowing(row.0), Severity::Note, row);
    }
    says(
        &allowing("Access-Control-Allow-*"),
        Severity::Warning,
        ("Access-Control-Allow-*", OtherDirection, None),
    );
    for name in ["x-*", "-*", "x*", "x-amz-meta*", "*-meta", "x-*-meta", "x-amz-*-*", "x-amz-**"] {
        says(&allowing(name), Severity::Error, (name, MisplacedWildcard, None));
    }
    for name in ["x-*", "x*", "upload-*", "*-meta", "x-amz-meta-*"] {
        says(&exposing(name), Severity::Error, (name, MisplacedWildcard, None));
    }
    for layer in [allowing("**"), exposing("**")] {
        says(&layer, Severity::Error, ("**", MisplacedWildcard, Some("*")));
    }
    for name in ["é-x-*", "x y-*"] {
        let kinds: Vec<_> = said(&allowing(name)).iter().map(|said| said.kind()).collect();
        assert_ne!(kinds, [MisplacedWildcard], "{name}");
    }
}
