//! `allow_origin_regex`: the whole origin matches, and Python's `re` would read the same.

use tower_cors::{CorsConfig, CorsLayer, Kind::*, Setting, Severity};

use super::{
    common::{one_origin, said},
    says,
};

fn matching(regex: &str) -> CorsLayer {
    one_origin().allow_origin_regex(regex)
}

#[test]
fn what_reads_alike_builds() {
    for regex in [
        r"https://[a-z0-9-]+\.example\.com",
        r"https://[a-z]*\.x",
        r"(?i)https://(?P<sub>a|b)\.example\.com",
        r"https?://(?:a|b)?\w{1,3}\b.*?",
        r"(?x) https://a \. example # comment",
        r"\Ahttps://a$",
        r"[\[\]a&~-]",
        r"a\z",
        r"\{sub\}",
        "a{0,3}",
        r"(?P<n>a)\.b",
    ] {
        assert_eq!(said(&matching(regex)), [], "{regex}");
    }
}

/// The part that is read differently is named.
#[test]
fn what_reads_differently_is_an_error() {
    for (regex, part) in [
        (r"https://.*+\.x", r#"".*+""#),
        (r"a?+", r#""a?+""#),
        (r"a{2}+", r#""a{2}+""#),
        (r"(b|a*+)", r#""a*+""#),
        (r"a{2, 3}", r#""{2, 3}""#),
        (r"[a&&b]", r#""a&&b""#),
        (r"[a~~b]", r#""a~~b""#),
        (r"[a--b]", r#""a--b""#),
        (r"[[:alpha:]]", r#""[:alpha:]""#),
        (r"[a[bc]]", r#""[bc]""#),
        (r"\<a", r#""\\<""#),
        (r"a\>", r#""\\>""#),
        (r"\b{start}a", r#""\\b{start}""#),
    ] {
        let layer = matching(regex);
        says(&layer, Severity::Error, (regex, UncommonRegex, None));
        let text = said(&layer)[0].to_string();
        assert!(text.contains(&format!(": {part}: ")) && text.contains("in Python"), "{text}");
    }
}

/// What one of the two cannot read says what to write instead.
#[test]
fn what_is_not_common_to_both_names_the_way() {
    for (regex, way) in [
        ("(?=a)", "alternatives"),
        ("(?!a)", "alternatives"),
        ("(?<=a)b", "alternatives"),
        ("(?<!a)b", "alternatives"),
        (r"(a)\1", "alternatives"),
        (r"(?P<n>a)(?P=n)", "alternatives"),
        (r"a\Z", r#""\z""#),
        ("a{,3}", "{0,3}"),
        ("https://{sub}.example", r#""\{""#),
        ("[", r#""\[""#),
        ("[[]", r#""\[""#),
        ("(?>a)", "(?:\u{2026})"),
        ("(?#a)", "(?:\u{2026})"),
        ("(?a)b", "(?:\u{2026})"),
        ("(?(1)a|b)", "(?:\u{2026})"),
        (r"\é", "escape"),
        (r"\N{DIGIT ONE}", "escape"),
        (r"\0", "octal"),
        (r"\012", "octal"),
        ("(", "not a regular expression"),
        ("(?i", "not a regular expression"),
        ("a)|(?:b", "not a regular expression"),
        ("a{3,2}", "not a regular expression"),
        ("+a", "nothing to repeat"),
    ] {
        let layer = matching(regex);
        says(&layer, Severity::Error, (regex, UncommonRegex, None));
        let text = said(&layer)[0].to_string();
        assert!(text.contains(way), "{text} does not say {way}");
    }
    for wildcard in ["*", "*.example.com", "https://*.example.com", "http://*:3000"] {
        says(&matching(wildcard), Severity::Error, (wildcard, OtherOriginSetting, None));
    }
    let large = "(?:a{1000}){1000}";
    says(&matching(large), Severity::Error, (large, LargeRegex, None));
}

/// Each passes alone; together they are too large.
#[test]
fn expressions_that_are_too_large_together_are_an_error() {
    let layer = (b'a'..=b'z').fold(one_origin(), |layer, letter| {
        let regex = format!("https://(?:{}{{200}}){{200}}", char::from(letter));
        assert_eq!(said(&one_origin().allow_origin_regex(&regex)), []);
        layer.allow_origin_regex(regex)
    });
    let error = layer.build().unwrap_err();
    let [large] = error.diagnostics() else { panic!("{error}") };
    assert_eq!((large.setting(), large.kind()), (Setting::AllowOriginRegex, LargeRegex));
}

#[test]
fn expressions_without_effect_are_a_note() {
    says(&matching(""), Severity::Note, ("", EmptyItem, None));
    says(&matching(" "), Severity::Note, (" ", EmptyItem, None));
    says(&matching(" https://b "), Severity::Note, (" https://b ", Blanks, None));
    let twice = matching("https://b").allow_origin_regex("https://b");
    says(&twice, Severity::Note, ("https://b", Duplicate, None));
    assert!(matching(" https://b ").build().unwrap().allows_origin("https://b"));
}

#[test]
fn the_whole_origin_matches() {
    for (regex, origin, expected) in [
        ("https://a|https://ab", "https://ab", true),
        ("https://a|https://ab", "https://abc", false),
        ("(?x)https://a # comment", "https://a", true),
        (r"https://.*\.example\.org", "https://a.example.org", true),
        (r"https://.*\.example\.org", "https://.example.org", true),
        (r"https://.+\.example\.org", "https://.example.org", false),
        (r"https://.*\.example\.org", "https://a.example.org.evil", false),
        (r"https://.*\.example\.org", "http://a.example.org", false),
        ("https://aa.*aa", "https://aaa", false),
        ("https://aa.*aa", "https://aaaa", true),
        ("(?i)HTTPS://A", "https://a", true),
        ("https://x|https://y", "https://y", true),
    ] {
        let policy = CorsLayer::new().allow_origin_regex(regex).build().unwrap();
        assert_eq!(policy.allows_origin(origin), expected, "{regex} {origin}");
    }
}

/// A text is given and shown as a person would write it: raw, where it has a backslash.
#[test]
fn expressions_are_kept_to_the_letter() {
    let regex = r"https://\w+\.example";
    let mut config = CorsConfig::default();
    config.allow_origin_regex = vec![regex.to_owned()];
    let policy = CorsLayer::from(config).build().unwrap();
    assert_eq!(policy.config().allow_origin_regex, [regex]);
    assert!(policy.allows_origin("https://a.example"));
}

/// Of a domain that somebody owns, and nothing else.
pub(super) const CLOSED: [&str; 9] = [
    r"https://app\.example\.com",
    r"https://.*\.example\.com",
    r"https://([a-z]+\.)?example\.com",
    r"https://(www\.)?example\.com",
    r"https://app\.example\.com(:\d+)?",
    r"https?://localhost(:[0-9]+)?",
    r"https://pr-\d+\.example\.com",
    r"https://[^.]+\.example\.com",
    r"https://example[.]com",
];

// FOR LATER: expressions that match more than was meant, each with an origin that anybody can obtain
// and one that was meant. Nothing asserts this table now: a judgement of the automaton is to refuse
// all of them under credentials.
#[allow(dead_code, reason = "for the judgement of openness that is to come")]
const LOOSE: [(&str, &str, &str); 23] = [
    (r"https://app.example.com", "https://appxexample.com", "https://app.example.com"),
    (r"https://app.example\.com", "https://appxexample.com", "https://app.example.com"),
    (r"https://.*example\.com", "https://evilexample.com", "https://a.example.com"),
    (r"https://.*.example\.com", "https://evilxexample.com", "https://a.example.com"),
    (r"https://.*.example.com", "https://evilxexample.com", "https://a.example.com"),
    (r"https://.+example\.com", "https://evilexample.com", "https://a.example.com"),
    (r"https://.*?example\.com", "https://evilexample.com", "https://a.example.com"),
    (r"https://[a-z]+example\.com", "https://evilexample.com", "https://aexample.com"),
    (r"https://[a-z0-9.-]+example\.com", "https://evilexample.com", "https://a.example.com"),
    (r"https://[\w.]*example\.com", "https://evilexample.com", "https://a.example.com"),
    (r"https://(.*)example\.com", "https://evilexample.com", "https://a.example.com"),
    (r"https://(?:.*)example\.com", "https://evilexample.com", "https://a.example.com"),
    (r"https://(www.)?example\.com", "https://wwwxexample.com", "https://www.example.com"),
    (r"https://(www.)?a\.com", "https://wwwxa.com", "https://www.a.com"),
    (r"https://a\.com|https://b.c.com", "https://bxc.com", "https://b.c.com"),
    (
        r"https://example\.com|https://app.example.com",
        "https://appxexample.com",
        "https://app.example.com",
    ),
    (r"(?i)https://app.example.com", "https://appxexample.com", "https://app.example.com"),
    (r"https://example.(com|org)", "https://examplexcom", "https://example.org"),
    (r"https://app\.example\.com.*", "https://app.example.comevil", "https://app.example.com"),
    (r"https://a\.com.*", "https://a.comevil", "https://a.com"),
    (r"https://.*\.example\.com.*", "https://a.example.comevil", "https://a.example.com:8443"),
    (r"https?://.*localhost:\d+", "http://evillocalhost:1", "http://localhost:3000"),
    (r"https://example.com", "https://examplexcom", "https://example.com"),
];
