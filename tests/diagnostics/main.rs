//! Proves that each mistake in a configuration says what is wrong and what to write: every text, all
//! errors at once, and that what is suggested does build.

#[path = "../common/mod.rs"]
mod common;

mod listing;
mod meant;
mod misleading;
mod suggestions;
mod written_badly;

use std::{collections::BTreeSet, error::Error as _, time::Duration};

use common::{one_origin, said};
use http::StatusCode;
use tower_cors::{
    Any, ConfigError, CorsConfig, CorsLayer, Diagnostic, EnforceOrigin, Kind, Risk, Setting,
    Severity,
};

/// Everything that is said of any of the listed settings.
fn all_said() -> Vec<Diagnostic> {
    listing::settings().iter().flat_map(said).collect()
}

/// `setting("value"): what is wrong; what to write`, lower case, no full stop.
#[test]
fn every_text_names_the_setting_the_value_and_the_fix() {
    let keys = keys();
    for one in all_said() {
        let text = one.to_string();
        let name = one.setting().name();
        assert!(text.starts_with(name), "{text}");
        assert!(!text.ends_with(['.', ' ', '\n']), "{text}");
        // What a third of FastAPI's users see first is a list of ways; everything else is one line.
        assert!(one.severity() == Severity::Error && one.risk().is_some() || !text.contains('\n'));
        let is_bare = matches!(
            one.setting(),
            Setting::MaxAge | Setting::PreflightStatus | Setting::ConstantWildcard
        );
        let calls = match one.value() {
            Some(value) if is_bare => vec![format!("{name}({value})")],
            Some(value) => vec![format!("{name}(r\"{value}\")"), format!("{name}({value:?})")],
            None if one.setting() == Setting::AllowOriginIf => vec!["allow_origin_if(<fn>)".into()],
            None => vec![name.to_owned()],
        };
        let said = calls.iter().find_map(|call| text.strip_prefix(call)?.strip_prefix(": "));
        let said = said.unwrap_or_else(|| panic!("{text} does not begin with {calls:?}"));
        assert!(!said.starts_with(char::is_uppercase) || said.starts_with("GET "), "{text}");
        if let Some(suggestion) = one.suggestion() {
            assert!(text.contains("; write ") && text.contains(suggestion), "{text}");
            assert_ne!(Some(suggestion), one.value(), "{text}");
        }
        assert_eq!(one.clone(), one);
        assert!(name == "allow_origin_if" || keys.contains(name), "{text}");
    }
}

/// The keys of a configuration, as its Debug names them.
fn keys() -> BTreeSet<String> {
    let debug = format!("{:#?}", CorsConfig::default());
    let lines = debug.lines().filter_map(|line| line.strip_prefix("    "));
    lines
        .filter(|line| !line.starts_with([' ', ']']))
        .filter_map(|line| Some(line.split_once(':')?.0.to_owned()))
        .collect()
}

/// An error keeps its settings from building, and nothing else does.
#[test]
fn only_errors_keep_settings_from_building() {
    assert!(Severity::Note < Severity::Warning && Severity::Warning < Severity::Error);
    for layer in listing::settings() {
        let said = said(&layer);
        let worst = said.iter().map(Diagnostic::severity).max();
        assert_eq!(layer.build().is_err(), worst == Some(Severity::Error), "{said:?}");
        // A policy has no errors, and an error nothing else.
        let errors = said.iter().filter(|one| one.severity() == Severity::Error).count();
        assert!(errors == 0 || errors == said.len(), "{said:?}");
    }
}

/// A program sees the same things as data, to say them in its own words.
#[test]
fn a_settings_page_can_say_it_in_its_own_words() {
    let error = CorsLayer::new()
        .allow_origins(["https://a.example/"])
        .allow_methods(["get"])
        .allow_headers(["a, b"])
        .allow_credentials(true)
        .allow_origins(["null"])
        .build()
        .unwrap_err();
    let words = |one: &Diagnostic| match (one.kind(), one.value(), one.suggestion()) {
        (Kind::Path | Kind::LetterCase, Some(value), Some(write)) => format!("{value} -> {write}"),
        (Kind::Several, Some(value), None) => format!("{} {value}", one.setting()),
        (Kind::NullOrigin, value, None) => format!("{:?} {value:?}", one.risk()),
        other => panic!("{other:?}"),
    };
    let said: Vec<_> = error.diagnostics().iter().map(words).collect();
    assert_eq!(
        said,
        [
            "https://a.example/ -> https://a.example",
            "Some(NullOrigin) Some(\"null\")",
            "get -> GET",
            "allow_headers a, b",
        ]
    );
}

#[test]
fn the_layout_of_an_error() {
    let one = one_origin().allow_methods(["get"]).build().unwrap_err();
    assert_eq!(
        one.to_string(),
        "the CORS configuration has an error:\n\
         - allow_methods(\"get\"): methods are case-sensitive; write \"GET\""
    );
    let two = one_origin().allow_methods(["get", "put"]).build().unwrap_err();
    assert_eq!(
        two.to_string(),
        "the CORS configuration has 2 errors:\n\
         - allow_methods(\"get\"): methods are case-sensitive; write \"GET\"\n\
         - allow_methods(\"put\"): methods are case-sensitive; write \"PUT\""
    );
    // Nothing is said twice by those who print an error with its sources.
    assert!(two.source().is_none());
    assert_eq!(two.clone(), two);
    assert_ne!(one, two);
}

/// Every setting with an error, and every item of a list.
fn all_wrong() -> ConfigError {
    let layer = CorsLayer::new();
    #[cfg(feature = "regex")]
    let layer = layer.allow_origin_regex("(").allow_origin_regex("[");
    layer
        .preflight_status(StatusCode::FOUND)
        .max_age(Duration::from_millis(1))
        .expose_headers(["a b", "set-cookie", "x*"])
        .allow_headers(["c d", "e:"])
        .allow_methods(["get", "f g"])
        .constant_wildcard(true)
        .allow_credentials(true)
        .allow_origins(["https://a.example/", "null", "x://*", "https://*.com"])
        .build()
        .unwrap_err()
}

#[test]
fn all_errors_come_at_once() {
    let error = all_wrong();
    let mut counts = std::collections::BTreeMap::new();
    for one in error.diagnostics() {
        assert_eq!(one.severity(), Severity::Error, "{one}");
        *counts.entry(one.setting().name()).or_insert(0) += 1;
    }
    let regexes = if cfg!(feature = "regex") { Some(("allow_origin_regex", 2)) } else { None };
    let expected = [
        ("allow_headers", 2),
        ("allow_methods", 2),
        ("allow_origins", 4),
        ("constant_wildcard", 2),
        ("expose_headers", 2),
        ("max_age", 1),
        ("preflight_status", 1),
    ];
    assert_eq!(counts, expected.into_iter().chain(regexes).collect());
    // Each begins a line.
    let lines = error.to_string();
    let begun = lines.lines().filter(|line| line.starts_with("- ")).count();
    assert_eq!(begun, error.diagnostics().len(), "{lines}");
}

/// The order of the settings, whatever the order of the calls; of the origins the dangers come last.
#[test]
fn errors_come_in_the_order_of_the_settings() {
    let order = [
        Setting::AllowOrigins,
        Setting::AllowOriginRegex,
        Setting::AllowMethods,
        Setting::AllowHeaders,
        Setting::ExposeHeaders,
        Setting::MaxAge,
        Setting::PreflightStatus,
        Setting::ConstantWildcard,
    ];
    let place = |one: &Diagnostic| {
        let place = order.iter().position(|known| *known == one.setting());
        // Dangers are about all origins, after each was read.
        let is_danger = one.risk().is_some();
        if is_danger { 1 } else { place.expect("a known setting") }
    };
    let error = all_wrong();
    let places: Vec<_> = error.diagnostics().iter().map(place).collect();
    assert!(places.is_sorted(), "{error}");
    // Items of one list keep their order.
    let error = one_origin().allow_headers(["z z", "a a", "m m"]).build().unwrap_err();
    let values: Vec<_> = error.diagnostics().iter().filter_map(Diagnostic::value).collect();
    assert_eq!(values, ["z z", "a a", "m m"]);
}

// What people need instead

/// The lines after the first: the ways out.
fn ways(layer: impl Into<CorsLayer>) -> Vec<String> {
    let error = layer.into().build().unwrap_err();
    let [danger] = error.diagnostics() else { panic!("{error}") };
    danger.to_string().lines().skip(1).map(str::to_owned).collect()
}

fn any_with_credentials() -> CorsLayer {
    CorsLayer::new().allow_origins(Any).allow_credentials(true)
}

/// Any origin with credentials: three short lines, chosen by the configuration and in its words.
#[test]
fn any_origin_says_what_is_needed_instead() {
    let cookies = "  - the page needs cookies: write .allow_origins([\"https://app.example.com\", \"http://localhost:*\"]) instead";
    let meant = "  - this is intended: .tolerate(Risk::AnyOrigin)";
    let token = "  - the page sends a token in a header: drop .allow_credentials(true) here and credentials: \"include\" in the page";
    for headers in [vec!["*"], vec!["Authorization", "x-token"]] {
        assert_eq!(ways(any_with_credentials().allow_headers(headers)), [token, cookies, meant]);
    }
    // The header is added where no token could pass without it.
    let added = format!("{token}, and add .allow_headers([\"authorization\"])");
    assert_eq!(ways(any_with_credentials().allow_headers(["x-token"])), [&added, cookies, meant]);

    let mut config = CorsConfig::default();
    config.allow_origins = vec!["*".to_owned()];
    config.allow_credentials = true;
    config.allow_headers = vec!["x-token".to_owned()];
    let lines = [
        "  - the page sends a token in a header: drop allow_credentials = true here and credentials: \"include\" in the page, and write allow_headers = [\"x-token\", \"authorization\"]",
        "  - the page needs cookies: write allow_origins = [\"https://app.example.com\", \"http://localhost:*\"] instead",
        "  - this is intended: tolerate = [\"any_origin\"]",
    ];
    assert_eq!(ways(config.clone()), lines);
    // What is tolerated already stays so.
    config.tolerate = vec![Risk::NullOrigin];
    assert_eq!(
        ways(config.clone())[2],
        "  - this is intended: tolerate = [\"null_origin\", \"any_origin\"]"
    );
    config.tolerate = vec![Risk::AnyOrigin];
    let policy = CorsLayer::from(config).build().unwrap();
    let note = policy.diagnostics()[0].to_string();
    assert_eq!(note, "allow_origins(\"*\"): this is tolerated by tolerate = [\"any_origin\"]");
}

/// Enforcement alone has no credentials that a page could go without.
#[test]
fn any_origin_under_enforcement_says_what_is_needed_instead() {
    let any = CorsLayer::new().allow_origins(Any).enforce_origin(EnforceOrigin::WebSockets);
    let error = any.build().unwrap_err().to_string();
    for line in [
        "any website could send requests and open WebSockets as your logged-in user\n",
        "\n  - any website may send requests: drop .enforce_origin(…)\n",
        "\n  - only some websites may: write .allow_origins([\"https://app.example.com\", \"http://localhost:*\"]) instead\n",
    ] {
        assert!(error.contains(line), "{error}");
    }
    let both = ways(any.allow_credentials(true).allow_headers(Any));
    assert_eq!(
        both[0],
        "  - the page sends a token in a header: drop .allow_credentials(true) and .enforce_origin(…) here and credentials: \"include\" in the page"
    );
    let null = CorsLayer::new().allow_origins(["null"]).enforce_origin(EnforceOrigin::WebSockets);
    let error = null.build().unwrap_err().to_string();
    assert!(error.contains("any website can make itself the origin null, and could then send requests and open WebSockets as your logged-in user"), "{error}");
    // In a configuration.
    let mut config = CorsConfig::default();
    config.allow_origins = vec!["*".to_owned()];
    config.enforce_origin = EnforceOrigin::WebSockets;
    assert_eq!(ways(config)[0], "  - any website may send requests: drop enforce_origin");
}

/// An open host is no question of cookies.
#[test]
fn an_open_host_says_to_list_the_hosts() {
    assert_eq!(
        ways(one_origin().allow_hosts("*")),
        [
            "  - list the hosts of this server: write .allow_hosts([\"api.example.com\"]) instead",
            "  - this is intended: .tolerate(Risk::AnyOrigin)",
        ]
    );
    let error = one_origin().allow_hosts("*").build().unwrap_err().to_string();
    assert!(
        error.contains(
            "any website could point its own DNS name at this server and read the answers"
        ),
        "{error}"
    );
}

/// Whoever follows one of the lines is done: it builds, and the page works.
#[test]
fn each_way_out_of_any_origin_works() {
    // A token in a header needs no credentials.
    let token =
        CorsLayer::new().allow_origins(Any).allow_headers(["authorization"]).build().unwrap();
    assert!(token.check("https://a.example", "GET", &["authorization"]).is_ok());
    let listed = ["https://app.example.com", "http://localhost:*"];
    let cookies = CorsLayer::new().allow_origins(listed).allow_credentials(true);
    assert_eq!(said(&cookies), []);
    assert!(cookies.build().unwrap().allows_origin("http://localhost:5173"));
    assert!(any_with_credentials().tolerate(Risk::AnyOrigin).build().is_ok());
}

/// Where a wildcard cannot stand, the text says where it can.
#[test]
fn misplaced_wildcards_say_where_they_can_stand() {
    for origin in ["https://a.*.example", "https://a*.example", "https://example.*"] {
        let error = CorsLayer::new().allow_origins([origin]).build().unwrap_err().to_string();
        assert!(error.contains("https://*.example.com"), "{error}");
        assert!(error.contains("http://localhost:*"), "{error}");
    }
}

/// A page of a hundred items is told the first of them.
#[test]
fn long_lists_in_one_text_are_cut() {
    let many: Vec<_> = (0..100).map(|number| format!("https://x{number}.example")).collect();
    let error = CorsLayer::new().allow_origins([many.join(",")]).build().unwrap_err();
    let text = error.to_string();
    assert!(
        text.contains("\"https://x7.example\", …]") && !text.contains("\"https://x8."),
        "{text}"
    );
    for (count, cut) in [(8, false), (9, true)] {
        let error = CorsLayer::new().allow_origins([many[..count].join(",")]).build().unwrap_err();
        assert_eq!(error.to_string().contains('…'), cut, "{error}");
    }
}

/// Raw where backslashes are in it, unless it would not compile.
#[test]
fn an_expression_is_shown_as_one_writes_it() {
    for (regex, shown) in [
        (r"https://(a)\1", r#"(r"https://(a)\1"): "#),
        ("https://a(?=b)", r#"("https://a(?=b)"): "#),
        (r#"https://(a)\1""#, r#"("https://(a)\\1\""): "#),
        ("https://(a)\\1\n", r#"(r"https://(a)\1"): "#),
        ("https://(a)\n\\1", r#"("https://(a)\n\\1"): "#),
    ] {
        let error = CorsLayer::new().allow_origin_regex(regex).build().unwrap_err();
        let text = error.diagnostics()[0].to_string();
        assert!(text.starts_with(&format!("allow_origin_regex{shown}")), "{text}");
    }
}

#[test]
fn an_item_that_is_listed_twice_is_wrong_once() {
    let error = CorsLayer::new().allow_origins(["https://a.example/"; 2]).build().unwrap_err();
    assert_eq!(error.diagnostics().len(), 1, "{error}");
}

/// As an empty variable gives it.
#[test]
fn an_empty_expression_is_none() {
    for (origins, unwanted, wanted) in
        [("*", Some(Kind::BesideAny), None), ("", None, Some(Kind::NoOrigins))]
    {
        let policy =
            CorsLayer::new().allow_origins(origins).allow_origin_regex("").build().unwrap();
        let kinds: Vec<_> = policy.diagnostics().iter().map(|one| one.kind()).collect();
        assert!(unwanted.is_none_or(|kind| !kinds.contains(&kind)), "{kinds:?}");
        assert!(wanted.is_none_or(|kind| kinds.contains(&kind)), "{kinds:?}");
    }
}

#[test]
fn blanks_and_doubles_do_not_hide_that_get_stands_alone() {
    for methods in [&["GET"][..], &[" GET", ""], &["GET", "GET"]] {
        let layer = CorsLayer::new().allow_methods(methods).allow_headers("content-type");
        let policy = layer.build().unwrap();
        let warned = policy.diagnostics().iter().any(|one| one.kind() == Kind::OnlyGet);
        assert!(warned, "{methods:?}");
    }
}
