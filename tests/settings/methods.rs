//! `allow_methods` and `mirror_methods`: names, what they stand for, and what was meant.

use tower_cors::{Any, CorsLayer, Kind::*, Severity};

use super::{
    Row,
    common::{A, SAFELISTED, one_origin, preflight, said},
    says,
};

#[test]
fn names_of_methods_are_tokens() {
    for method in ["*", "SET", "HOST", "PROPFIND", "Custom", "x|y", "SPOT", "purge", "PUB"] {
        assert_eq!(said(&one_origin().allow_methods([method])), [], "{method}");
    }
    let rows: &[Row<'_>] = &[
        ("get", LetterCase, Some("GET")),
        ("Patch", LetterCase, Some("PATCH")),
        ("query", LetterCase, Some("QUERY")),
        ("connect", LetterCase, Some("CONNECT")),
        ("trace", LetterCase, Some("TRACE")),
        ("GET, POST", Several, None),
        ("GET POST", Several, None),
        ("GET;POST", Several, None),
        ("get ", LetterCase, Some("GET")),
        ("get :", MalformedName, Some("GET")),
        ("GET,", MalformedName, Some("GET")),
        ("GET ,", MalformedName, Some("GET")),
        ("GÉT", MalformedName, None),
        ("\"GET\"", Quotes, Some("GET")),
        ("'get'", Quotes, Some("GET")),
        ("\"GET\", \"POST\"", Several, None),
        ("GET/POST", Several, None),
        ("GET|POST", Several, None),
        ("GET|post", Several, None),
        ("GET: POST", Several, None),
        ("'GET'|'POST'", Several, None),
        ("GET\nPOST", Several, None),
        ("get,post", Several, None),
        ("''", Quotes, None),
        (",", MalformedName, None),
        ("$METHODS", Placeholder, None),
        ("<method>", Placeholder, None),
    ];
    for row in rows {
        says(&one_origin().allow_methods([row.0]), Severity::Error, *row);
    }
    // Every method that browsers send in upper case.
    for upper in ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "QUERY", "TRACK"] {
        let lower = upper.to_ascii_lowercase();
        let row = (&*lower, LetterCase, Some(upper));
        says(&one_origin().allow_methods([&lower]), Severity::Error, row);
    }
}

/// It is allowed to the letter, and HTTP has no such method.
#[test]
fn a_method_that_was_probably_not_intended_is_a_warning() {
    for row in [
        ("DELTE", ProbableTypo, Some("DELETE")),
        ("PSOT", ProbableTypo, Some("POST")),
        ("PATHC", ProbableTypo, Some("PATCH")),
        ("OPTION", ProbableTypo, Some("OPTIONS")),
        ("PATH", ProbableTypo, Some("PATCH")),
        ("GETS", ProbableTypo, Some("GET")),
        ("all", ProbableTypo, Some("*")),
        ("ANY", ProbableTypo, Some("*")),
        ("**", ProbableTypo, Some("*")),
        ("READ", ProbableTypo, Some("GET")),
        ("CREATE", ProbableTypo, Some("POST")),
        ("INSERT", ProbableTypo, Some("POST")),
        ("FETCH", ProbableTypo, Some("GET")),
        ("UPDATE", ProbableTypo, Some("PUT")),
        ("REMOVE", ProbableTypo, Some("DELETE")),
        ("DESTROY", ProbableTypo, Some("DELETE")),
        ("REPLACE", ProbableTypo, Some("PUT")),
        ("RETRIEVE", ProbableTypo, Some("GET")),
        ("update", ProbableTypo, Some("PUT")),
        ("PUTT", ProbableTypo, Some("PUT")),
    ] {
        let layer = one_origin().allow_methods([row.0]);
        says(&layer, Severity::Warning, row);
        assert!(layer.build().unwrap().check("https://a.example", row.0, &[]).is_ok());
    }
}

#[test]
fn a_method_without_effect_is_a_note() {
    for row in [
        ("", EmptyItem, None),
        (" ", EmptyItem, None),
        (" GET", Blanks, None),
        ("TRACE", ForbiddenMethod, None),
        ("TRACK", ForbiddenMethod, None),
        ("CONNECT", ForbiddenMethod, None),
    ] {
        says(&one_origin().allow_methods([row.0]), Severity::Note, row);
    }
    let twice = one_origin().allow_methods(["PUT", "PUT", "PUT"]);
    says(&twice, Severity::Note, ("PUT", Duplicate, None));
    // Methods of WebDAV and others are nobody's business.
    let others = "PROPFIND PROPPATCH MKCOL COPY MOVE LOCK UNLOCK ACL SEARCH BIND LINK UNLINK MERGE \
                  REPORT CHECKOUT MKACTIVITY NOTIFY SUBSCRIBE M-SEARCH PURGE SOURCE LABEL PRI REBIND";
    assert_eq!(said(&one_origin().allow_methods(others.split(' '))), []);
    assert_eq!(said(&one_origin().allow_methods(Any).allow_methods(["PROPFIND"])), []);
}

/// A `POST` with JSON asks first. Who allows the header and leaves the default of methods is refused.
#[test]
fn get_alone_beside_content_type_is_a_warning() {
    let only_get = |layer: CorsLayer| -> bool {
        said(&layer).iter().any(|one| {
            assert_eq!((one.severity(), one.kind()), (Severity::Warning, OnlyGet), "{one}");
            assert_eq!((one.setting().name(), one.value()), ("allow_methods", None));
            true
        })
    };
    assert!(only_get(one_origin().allow_headers(["Content-Type"])));
    assert!(!only_get(one_origin()));
    assert!(!only_get(one_origin().allow_headers(["x-a"])));
    assert!(!only_get(one_origin().allow_headers(["content-type"]).allow_methods(["GET", "POST"])));
    assert!(!only_get(one_origin().allow_headers(["content-type"]).mirror_methods()));
}

#[test]
fn mirrored_methods_are_any_token() {
    let layer = one_origin().mirror_methods();
    assert_eq!(said(&layer), []);
    for (method, is_token) in [
        ("GET", true),
        ("POST", true),
        ("PROPFIND", true),
        ("patch", true),
        ("X-Own!", true),
        ("*", true),
        ("", false),
        ("GET, PUT", false),
        ("a b", false),
        ("\u{ff}", false),
        ("a/b", false),
    ] {
        let mirrored = format!("ac-allow-methods: {method}");
        let mut answer = vec![if is_token { "200 OK" } else { "400 Disallowed CORS method" }];
        answer.extend(["ac-allow-origin: https://a.example", "ac-max-age: 600", SAFELISTED]);
        answer.extend(is_token.then_some(&*mirrored));
        preflight(&layer, &[A, &format!("ac-request-method: {method}")], &answer);
    }
    // The list has no effect beside it, and does no harm.
    let both = layer.allow_methods(["PUT"]);
    assert_eq!(both.build().unwrap().check("https://a.example", "DELETE", &[]), Ok(()));
    let said = said(&both);
    let [note] = &said[..] else { panic!("{said:?}") };
    assert_eq!((note.severity(), note.kind()), (Severity::Note, BesideMirror));
}
