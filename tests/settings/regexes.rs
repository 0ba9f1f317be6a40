//! `allow_origin_regex`: the whole origin matches, and Python's `re` would read the same.

use tower_cors::{CorsConfig, CorsLayer, Kind::*, Severity};

use super::{
    common::{one_origin, said},
    says,
};

fn matching(regex: &str) -> CorsLayer {
    one_origin().allow_origin_regex(regex)
}

#[test]
fn what_reads_alike_is_taken() {
    for regex in [
        "",
        "|",
        "a||b",
        "()",
        "(|a)?",
        "null",
        r"https://[a-z0-9-]+\.example\.com",
        r"(?i)https://(?P<sub>a|b)\.example\.com",
        r"https?://(?:a|b)?\w{1,3}\b.*?",
        r"\Ahttps://a$",
        r"^https?:\/\/localhost(:\d{2,5})?$",
        r"[\[\]a&~|-]",
        r"[-a-z]",
        r"[^-a]",
        r"[^]a]",
        r"[]a]",
        r"[a^]",
        r"[\]-a]",
        r"[+-]",
        r"[&-z]",
        r"[a-a]",
        r"[\d\w\s\D\W\S-]",
        r"a{2}?b{2,}?c{2,3}?d*?e+?f??",
        r"a{0}b{01,2}",
        "a}b]c",
        r"\!\#\$\%\&\'\(\)\*\+\,\-\.\/\:\;\=\?\@\[\\\]\^\_\`\{\|\}\~",
        "a b\tc",
        r"(?P<_a1>x)(?P<b>y)",
    ] {
        let said = said(&matching(regex));
        assert!(said.iter().all(|one| one.kind() != UncommonRegex), "{regex}: {said:?}");
    }
}

/// The first part that is not read alike is named, with what to write instead.
#[test]
fn what_is_not_read_alike_is_an_error() {
    for (regex, part) in [
        // Once widened an allow-list in silence.
        (r"(?x)https://[a - z]+\.example\.com", "(?x)"),
        (r"(?x) x://[a-f]{4} \.b", "(?x)"),
        (r"https://[^--9]+\.example\.com", "--"),
        (r"https://[^]-z]+\.com", "]-"),
        ("(?x)a\u{a0}b", "(?x)"),
        (r"(?i)https://[^ı]\.com", "ı"),
        // Escapes.
        (r"(a)\1", r"\1"),
        (r"\012", r"\0"),
        (r"a\x2eb", r"\x"),
        (r"\u0041", r"\u"),
        (r"\U00000041", r"\U"),
        (r"\N{DIGIT ONE}", r"\N"),
        (r"\pL", r"\p"),
        (r"[\P{L}]", r"\P"),
        (r"a\n", r"\n"),
        (r"a\Z", r"\Z"),
        (r"a\z", r"\z"),
        (r"\<a", r"\<"),
        (r"[\>]", r"\>"),
        (r"\Ba", r"\B"),
        (r"\é", r"\é"),
        (r"\ya", r"\y"),
        (r"a\ b", r"\ "),
        (r"[\b]", r"\b"),
        (r"[\A]", r"\A"),
        (r"a\", r"\"),
        (r"[a\", r"\"),
        (r"\b{start}a", "{"),
        // Quantifiers.
        (r"https://.*+\.x", "+"),
        ("a?+", "+"),
        ("a{2}+", "+"),
        ("(b|a*+)", "+"),
        ("a**", "*"),
        ("a*?+", "+"),
        ("a*??", "?"),
        ("a*{2}", "{2}"),
        ("^*", "*"),
        ("a$?", "?"),
        (r"\b+", "+"),
        (r"\A{2}", "{2}"),
        ("+a", "+"),
        ("a|*b", "*"),
        ("(?i)*", "*"),
        ("(?:?)", "?"),
        ("{3}", "{3}"),
        ("a{,3}", "{,3}"),
        ("a{2, 3}", "{2, 3}"),
        ("a{2,\t3}", "{2,\t3}"),
        ("a{ 2}", "{ 2}"),
        ("a{3,2}", "{3,2}"),
        ("a{4294967295}", "{4294967295}"),
        ("a{1,99999999999999999999}", "{1,99999999999999999999}"),
        ("https://{sub}", "{"),
        ("a{", "{"),
        ("a{}", "{}"),
        ("a{,}", "{,}"),
        ("a{1,2,3}", "{"),
        ("a{\u{663}}", "{"),
        // Classes.
        ("[a&&b]", "&&"),
        ("[a~~b]", "~~"),
        ("[a||b]", "||"),
        ("[a--b]", "--"),
        ("[a-&&]", "&&"),
        ("[+--]", "--"),
        ("[[:alpha:]]", "[:"),
        ("[a[bc]]", "["),
        ("[[]", "["),
        ("[!-[]", "["),
        ("[--9]", "--"),
        ("[]-z]", "]-"),
        (r"[a-\d]", r"a-\d"),
        (r"[\w-z]", r"\w-z"),
        ("[z-a]", "z-a"),
        ("[a-z-9]", "-"),
        ("[-a-z-_]", "-"),
        ("[a", "["),
        ("[", "["),
        ("[]", "["),
        ("[^]", "["),
        ("[a-", "["),
        ("[é]", "é"),
        // Groups.
        ("(?=a)", "(?="),
        ("(?!a)b", "(?!"),
        ("(?<=a)b", "(?<="),
        ("(?<!a)b", "(?<!"),
        ("(?>a)", "(?>"),
        ("(?#a)", "(?#"),
        ("(a)(?(1)b|c)", "(?("),
        ("(?<n>a)", "(?<"),
        ("(?P<n>a)(?P=n)", "(?P="),
        ("(?P<é>a)", "(?P<"),
        ("(?P<1>a)", "(?P<"),
        ("(?P<n", "(?P<"),
        ("(?P<a.b>c)", "(?P<"),
        ("(?P<n>a)(?P<n>b)", "(?P<n>"),
        ("(?ix)a", "(?ix)"),
        ("(?x:a)", "(?x:"),
        ("(?s)a", "(?s)"),
        ("(?m)a", "(?m)"),
        ("(?a)b", "(?a)"),
        ("(?U)b", "(?U)"),
        ("(?is)a", "(?is)"),
        ("(?-i)a", "(?-i)"),
        ("(?-i:a)", "(?-i:"),
        ("a(?i)b", "(?i)"),
        ("(?i)(?i)b", "(?i)"),
        ("(?i:a)", "(?i:"),
        ("(?P>n)", "(?"),
        ("(?)", "(?"),
        ("(?", "(?"),
        ("(?&n)", "(?"),
        ("(", "("),
        ("a(?:b", "("),
        ("a)|(?:b", ")"),
        ("é", "é"),
    ] {
        let layer = matching(regex);
        says(&layer, Severity::Error, (regex, UncommonRegex, None));
        let text = said(&layer)[0].to_string();
        assert!(text.contains(&format!(": at {part:?}: ")), "{regex}: {text}");
    }
    for wildcard in ["*", "*.example.com", "https://*.example.com", "http://*:3000"] {
        says(&matching(wildcard), Severity::Error, (wildcard, OtherOriginSetting, None));
    }
}

/// What once matched other origins than in Python is refused, and the text names the way out.
#[test]
fn what_was_read_differently_says_what_to_write() {
    for (regex, way_out) in [
        (
            r"(?x)https://[a - z]+\.example\.com",
            "write the expression without spaces and comments, and remove the \"x\"",
        ),
        (
            r"(?x) x://[a-f]{4} \.b",
            "write the expression without spaces and comments, and remove the \"x\"",
        ),
        (
            "(?x)https://a\u{a0}b",
            "write the expression without spaces and comments, and remove the \"x\"",
        ),
        (
            r"https://[^--9]+\.example\.com",
            "write \"\\\" before each \"-\" and \"]\" that stands for itself",
        ),
        (
            r"https://[^]-z]+\.com",
            "write \"\\\" before each \"-\" and \"]\" that stands for itself",
        ),
        (r"(?i)https://[^ı]\.com", "write the host as the browser's console shows it"),
    ] {
        let text = said(&matching(regex))[0].to_string();
        assert!(text.contains(way_out), "{text}");
    }
    // And that way leads out.
    for regex in
        [r"https://[a-z]+\.example\.com", r"https://[^\--9]+\.example\.com", r"x://[a-f]{4}\.b"]
    {
        assert_eq!(said(&matching(regex)), [], "{regex}");
    }
}

/// Parts that begin alike are told apart.
#[test]
fn what_looks_alike_has_its_own_sentence() {
    for (regex, sentence) in [
        (r"\012", "only Python reads octal escapes"),
        (r"(a)\1", "backreferences are not supported"),
        ("(?P<n>a)(?P=n)", "backreferences are not supported"),
        ("[[:alpha:]]", "a named class in Rust"),
        ("[[=a=]]", "a named class in Rust"),
        ("[[.a.]]", "a named class in Rust"),
        ("[[a]]", "a class inside a class in Rust"),
        ("(?<=a)b", "look-around is not supported"),
        ("(?<!a)b", "look-around is not supported"),
        ("(?<n>a)", "only Rust reads this name"),
        (r"a\Z", "only Python reads"),
        (r"a\z", "only Rust reads"),
        ("a{2, 3}", "remove the spaces"),
        ("a{,3}", "write it, as in \"{0,3}\""),
        ("a*+", "remove the \"+\""),
        ("a**", "keep one of the two"),
        ("(?i:a)", "flags are read only at the start"),
        ("a(?i)b", "Python reads flags only at the start"),
        ("(?s)a", "remove these flags"),
    ] {
        let text = said(&matching(regex))[0].to_string();
        assert!(text.contains(sentence), "{regex}: {text}");
    }
}

#[test]
fn groups_are_nested_so_deep() {
    let nested = |depth| format!("{}https://a{}", "(".repeat(depth), ")".repeat(depth));
    assert_eq!(said(&matching(&nested(100))), []);
    for regex in [nested(10_000), "(".repeat(10_000), "(?:".repeat(10_000)] {
        says(&matching(&regex), Severity::Error, (&regex, UncommonRegex, None));
    }
}

/// What cannot be decided within bounded time and memory is an error, not a hang.
#[test]
fn what_is_too_large_is_an_error() {
    for regex in ["(?:a{1000}){1000}", r"(\w{0,100}[a-m]\w{0,100}){4}"] {
        says(&matching(regex), Severity::Error, (regex, LargeRegex, None));
    }
}

/// One automaton for all would be too large: it would remember seven letters at once.
#[test]
fn expressions_that_are_too_large_together_are_several_automata() {
    let letters = "abcdefgh";
    let regex = |letter| format!(r"https://[a-z]{{7}}{letter}[a-z]*\.example\.com");
    let layer =
        letters.chars().fold(one_origin(), |layer, each| layer.allow_origin_regex(regex(each)));
    let policy = layer.build().unwrap();
    for letter in letters.chars() {
        assert!(policy.allows_origin(&format!("https://zzzzzzz{letter}z.example.com")));
        assert!(!policy.allows_origin(&format!("https://zzzzzzzz{letter}.example.com")));
    }
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
        ("ab|https://ab", "https://ab", true),
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
