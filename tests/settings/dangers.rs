//! Dangers: what any website could use is refused until it is tolerated, and told where it stands.

use tower_cors::{
    Any, CorsLayer, Diagnostic, EnforceOrigin,
    Kind::{self, *},
    Risk, Setting, Severity,
};

use super::{
    common::{one_origin, said, tolerant},
    says,
};

fn trusting() -> CorsLayer {
    CorsLayer::new().allow_credentials(true)
}

fn risks(said: &[Diagnostic]) -> Vec<Risk> {
    said.iter().filter_map(Diagnostic::risk).collect()
}

#[test]
fn a_danger_is_an_error_until_it_is_tolerated() {
    for (layer, risk, kind) in [
        (trusting().allow_origins(Any), Risk::AnyOrigin, AnyOrigin),
        (trusting().allow_origin_if(|o| o != "null"), Risk::AnyOrigin, AnyOrigin),
        (trusting().allow_origins(["null"]), Risk::NullOrigin, NullOrigin),
        (trusting().allow_origin_if(|o| o == "null"), Risk::NullOrigin, NullOrigin),
        (trusting().allow_origins(["https://*.com"]), Risk::AnyOrigin, AnyOrigin),
        #[cfg(feature = "regex")]
        (trusting().allow_origin_regex("https://.*"), Risk::AnyOrigin, AnyOrigin),
        // It matches `null` too, and that is the lesser part of it.
        #[cfg(feature = "regex")]
        (trusting().allow_origin_regex(".*"), Risk::AnyOrigin, AnyOrigin),
        #[cfg(feature = "regex")]
        (trusting().allow_origin_regex("null"), Risk::NullOrigin, NullOrigin),
    ] {
        let error = layer.build().unwrap_err();
        let [danger] = error.diagnostics() else { panic!("{error}") };
        assert_eq!((danger.risk(), danger.kind()), (Some(risk), kind));
        assert_eq!((danger.severity(), danger.suggestion()), (Severity::Error, None));
        // The text names what to type.
        assert!(error.to_string().contains(&format!(".tolerate(Risk::{risk:?})")), "{error}");
        // Tolerating the other one is of no use.
        let other = match risk {
            Risk::AnyOrigin => Risk::NullOrigin,
            _ => Risk::AnyOrigin,
        };
        assert_eq!(layer.clone().tolerate(other).build().unwrap_err(), error);

        let policy = layer.clone().tolerate(risk).build().unwrap();
        let [note] = policy.diagnostics() else { panic!("{:?}", policy.diagnostics()) };
        assert_eq!((note.severity(), note.risk(), note.kind()), (Severity::Note, Some(risk), kind));
        assert_eq!((note.setting(), note.value()), (danger.setting(), danger.value()));
        // Nobody is told to accept what is accepted.
        let text = note.to_string();
        assert!(text.contains("tolerated") && !text.contains(".tolerate("), "{text}");
        // Nobody is trusted, so there is no danger.
        assert_eq!(risks(&said(&layer.allow_credentials(false))), []);
    }
}

/// Cookies go with WebSockets and form posts whatever CORS says, so an enforced origin is trusted.
#[test]
fn dangers_are_asked_under_enforcement_too() {
    for enforce in [EnforceOrigin::WebSockets, EnforceOrigin::AllRequests] {
        for (layer, risk) in [
            (CorsLayer::new().allow_origins(Any), Risk::AnyOrigin),
            (CorsLayer::new().allow_origins(["https://*.com"]), Risk::AnyOrigin),
            (CorsLayer::new().allow_origins(["null"]), Risk::NullOrigin),
            (CorsLayer::new().allow_origin_if(|_| true), Risk::AnyOrigin),
        ] {
            assert!(layer.build().is_ok());
            let layer = layer.enforce_origin(enforce);
            assert_eq!(risks(layer.build().unwrap_err().diagnostics()), [risk]);
            let policy = layer.tolerate(risk).build().unwrap();
            assert_eq!(risks(policy.diagnostics()), [risk]);
        }
        let layer = one_origin().allow_hosts("api.example").enforce_origin(enforce);
        assert_eq!(said(&layer), []);
        assert!(one_origin().enforce_origin(EnforceOrigin::Nothing).build().is_ok());
    }
    // Under `*` nothing is refused, so there is nothing to enforce.
    let any = tolerant().allow_origins(Any).enforce_origin(EnforceOrigin::WebSockets);
    let kinds: Vec<_> = said(&any).iter().map(|one| (one.setting(), one.kind())).collect();
    assert_eq!(
        kinds,
        [(Setting::AllowOrigins, AnyOrigin), (Setting::EnforceOrigin, NothingToEnforce)]
    );
    // Nor does anybody ask what stands beside it.
    let beside = trusting().allow_origins(Any).allow_origin_if(|origin| origin == "null");
    assert_eq!(risks(beside.build().unwrap_err().diagnostics()), [Risk::AnyOrigin]);
}

#[test]
fn pages_that_are_not_encrypted_are_a_warning() {
    for origin in [
        "http://a.example",
        "http://a.example:8080",
        "http://*.c.example:*",
        "http://192.0.2.1:*",
        "http://192.168.1.20",
        "http://[2001:db8::1]",
        "http://localhost.example",
    ] {
        let layer = trusting().allow_origins([origin]);
        says(&layer, Severity::Warning, (origin, InsecureOrigin, None));
        // Without credentials nothing is said of it, nor where the origin is enforced.
        let layer = layer.allow_credentials(false);
        assert_eq!(said(&layer), [], "{origin}");
        assert_eq!(said(&layer.enforce_origin(EnforceOrigin::WebSockets)), [], "{origin}");
    }
    for origin in [
        "https://a.example",
        "http://localhost",
        "http://localhost:3000",
        "http://*.localhost:*",
        "http://localhost.:8000",
        "http://127.0.0.1:*",
        "http://127.1.2.3",
        "http://[::1]",
        "app://a.example",
    ] {
        assert_eq!(said(&trusting().allow_origins([origin])), [], "{origin}");
    }
}

/// Every file that a user opens has this origin.
#[test]
fn local_pages_are_a_warning() {
    let files = || CorsLayer::new().allow_origins(["file://"]);
    assert_eq!(said(&files()), []);
    let row = ("file://", LocalPages, None);
    says(&files().allow_credentials(true), Severity::Warning, row);
    says(&files().enforce_origin(EnforceOrigin::WebSockets), Severity::Warning, row);
}

/// Several at once: each place for itself.
#[test]
fn dangers_are_told_by_place() {
    let layer = trusting()
        .allow_origins(["null", "https://*.com", "http://*.org", "http://a.example"])
        .allow_origin_if(|_| true);
    let found = |said: &[Diagnostic]| -> Vec<(Setting, Option<String>, Kind)> {
        let value = |one: &Diagnostic| one.value().map(str::to_owned);
        said.iter().map(|one| (one.setting(), value(one), one.kind())).collect()
    };
    let listed = |value: &str, kind| (Setting::AllowOrigins, Some(value.to_owned()), kind);
    let insecure = listed("http://a.example", InsecureOrigin);
    let mut dangers = vec![
        listed("null", NullOrigin),
        listed("https://*.com", AnyOrigin),
        listed("http://*.org", AnyOrigin),
        insecure.clone(),
        (Setting::AllowOriginIf, None, AnyOrigin),
    ];
    let tolerated = layer.clone().tolerate(Risk::AnyOrigin).tolerate(Risk::NullOrigin);
    assert_eq!(found(&said(&tolerated)), dangers);
    dangers.retain(|danger| *danger != insecure);
    assert_eq!(found(&said(&layer)), dangers);
    // Those that are left, where one is tolerated.
    let some = layer.tolerate(Risk::AnyOrigin).build().unwrap_err();
    assert_eq!(risks(some.diagnostics()), [Risk::NullOrigin]);
    for risk in [Risk::AnyOrigin, Risk::NullOrigin] {
        assert!(!risk.to_string().is_empty());
    }
}

/// Origins nobody owns are asked for under several schemes and top-level domains.
#[test]
fn predicates_that_accept_strangers_are_found() {
    let open: &[fn(&str) -> bool] = &[
        |_| true,
        |origin| origin.starts_with("https://"),
        |origin| origin.starts_with("http://"),
        |origin| origin.ends_with(".com"),
        |origin| origin.ends_with(".org"),
        |origin| origin.ends_with(".io"),
        |origin| origin.ends_with(".dev") && origin.starts_with("https"),
        |origin| origin.contains("com"),
        |origin| !origin.contains("evil"),
        |origin| origin.len() > 10,
        |origin| origin != "null" && !origin.starts_with("http:"),
        // `http://192.168.0.evil.example` too.
        |origin| origin.starts_with("http://192.168."),
        |origin| origin.starts_with("http://192.168.0.") || origin.starts_with("http://localhost:"),
        |origin| origin.starts_with("http://10."),
        |origin| origin.starts_with("https://172.16."),
    ];
    for (index, open) in open.iter().enumerate() {
        let error = trusting().allow_origin_if(open).build().unwrap_err();
        let [danger] = error.diagnostics() else { panic!("{index}: {error}") };
        assert_eq!((danger.setting(), danger.value()), (Setting::AllowOriginIf, None));
        assert_eq!(danger.risk(), Some(Risk::AnyOrigin), "{index}");
        // The text shows an origin, and it is one that is matched.
        let text = danger.to_string();
        let shown = text.split("it matches ").nth(1).and_then(|rest| rest.split(", ").next());
        assert!(shown.is_some_and(open), "{index}: {text}");
    }
    let closed: &[fn(&str) -> bool] = &[
        |_| false,
        |origin| origin == "https://a.example",
        |origin| origin.starts_with("https://") && origin.ends_with(".mine.example"),
        |origin| origin.starts_with("http://localhost:"),
        |origin| origin == "https://192.168.0.77",
    ];
    for closed in closed {
        assert_eq!(said(&trusting().allow_origin_if(closed)), []);
    }
}

#[cfg(feature = "regex")]
#[test]
fn expressions_that_match_strangers_are_found() {
    for open in [
        ".*",
        ".+",
        "https://.*",
        "https?://.*",
        r"https?://[\w.-]+(:\d+)?",
        "https://[^/]+",
        r"https://.*\.com",
        r"https://[a-z0-9-]+\.(com|org)",
        r"https://.*\.app",
        "(?i)HTTPS://.+",
        r".*:\d+",
        "a|.*",
    ] {
        let error = trusting().allow_origin_regex(open).build().unwrap_err();
        let [danger] = error.diagnostics() else { panic!("{open}: {error}") };
        assert_eq!((danger.risk(), danger.value()), (Some(Risk::AnyOrigin), Some(open)));
    }
}

/// By the same list in every build.
#[test]
fn patterns_are_judged_by_the_domain_behind_the_wildcard() {
    for (pattern, open) in [
        ("https://*.vercel.app", true),
        ("https://*.github.io", true),
        ("https://*.co.uk", true),
        ("https://*.com", true),
        ("https://*.com.", true),
        ("https://*.com:*", true),
        ("http://*.netlify.app:8080", true),
        ("https://*.amazonaws.com", true),
        ("https://*.compute.amazonaws.com", true),
        ("https://*.eu-west-1.compute.amazonaws.com", true),
        ("https://*.run.app", true),
        ("https://*.railway.app", true),
        ("https://*.example", true),
        ("https://*.example.com", false),
        ("https://*.app.example", false),
        ("https://*.example.com.", false),
        ("https://*.acme.vercel.app", false),
        ("https://*.x.eu-west-1.compute.amazonaws.com", false),
        ("http://localhost:*", false),
        ("http://*.localhost:*", false),
        ("http://[::1]:*", false),
        ("http://127.0.0.1:*", false),
        ("app://*.Tenant", false),
        ("https://*.ck", true),
        ("https://*.test", false),
        ("https://*.home.arpa", false),
    ] {
        let layer = trusting().allow_origins([pattern]);
        let refused = layer.build().is_err();
        assert_eq!(refused, open, "{pattern}");
        if open {
            let policy = layer.clone().tolerate(Risk::AnyOrigin).build().unwrap();
            let text = policy.diagnostics()[0].to_string();
            let example = text.split("it matches ").nth(1).and_then(|rest| rest.split(',').next());
            assert!(example.is_some_and(|example| policy.allows_origin(example)), "{text}");
        }
        assert!(layer.allow_credentials(false).build().is_ok(), "{pattern}");
    }
    for (pattern, kind) in [
        ("https://*.local", OpenNetwork),
        ("https://*.internal:*", OpenNetwork),
        // RFC 6762, appendix G.
        ("https://*.lan", OpenNetwork),
        ("http://*.corp:3000", OpenNetwork),
        ("https://*.home", OpenNetwork),
        ("https://*.intranet", OpenNetwork),
        ("https://*.private", OpenNetwork),
        ("http://*.localdomain", OpenNetwork),
        ("app://*.a", LocalPages),
    ] {
        let layer = trusting().allow_origins([pattern]);
        says(&layer, Severity::Warning, (pattern, kind, None));
        let policy = layer.build().unwrap();
        let text = policy.diagnostics()[0].to_string();
        let example = text.split("it matches ").nth(1).and_then(|rest| rest.split(',').next());
        let is_matched = example.is_some_and(|example| policy.allows_origin(example));
        assert_eq!(is_matched, kind == OpenNetwork, "{text}");
    }
}
