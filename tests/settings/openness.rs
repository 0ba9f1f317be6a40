//! Which origins anybody can obtain: expressions, patterns and predicates by one rule.

use tower_cors::{CorsLayer, Diagnostic, Kind::*, Risk, Severity};

use super::common::said;

fn trusting() -> CorsLayer {
    CorsLayer::new().allow_credentials(true)
}

/// What is said under credentials, with the example where there is one.
fn risk_of(layer: &CorsLayer) -> Option<(Risk, String)> {
    let said = said(layer);
    let found: Vec<&Diagnostic> = said.iter().filter(|one| one.risk().is_some()).collect();
    assert!(found.len() < 2, "{said:?}");
    let found = found.first()?;
    let text = found.to_string();
    let example = text.split("it matches ").nth(1).and_then(|rest| rest.split(", ").next());
    Some((found.risk()?, example.unwrap_or_default().to_owned()))
}

#[test]
fn open_expressions() {
    let mut others = Vec::new();
    for (text, example) in [
        // The design's.
        (r"https://.*\.vercel\.app", "https://x.vercel.app"),
        (r"https://acme-.*\.vercel\.app", "https://acme-x.vercel.app"),
        (r"https://.*example\.com", "https://xexample.com"),
        (r"^https://example\.com.*$", "https://example.comc"),
        (r"http://192\.168\..*", "http://192.168.cc"),
        ("https://.*:3000", "https://x.cc:3000"),
        (r"https://app\..*", "https://app.cc"),
        ("https://app.example.com", "https://appxexample.com"),
        ("https://my-app.vercel.app", "https://my-appxvercel.app"),
        // A top-level domain that does not exist is the last resort.
        (r"https://app\.example.com", "https://app.exampleccom"),
        (r"https://app\.example\.com\S*", "https://app.example.comc"),
        (r"https://app\.example\.com.{0,40}", "https://app.example.comc"),
        // Findings, section 3.
        (r"^https://app\.acme\.tech.*$", "https://app.acme.techc"),
        ("(http://localhost.*)", "http://localhost.cc"),
        (r"http://localhost.*|https://b\.example", "http://localhost.cc"),
        (r"https?:\/\/.*\.?acme\.tech", "http://xacme.tech"),
        (r"https://.*\bexample\.com", "https://x-example.com"),
        (r"https://\w{4,8}\.com", "https://xxxx.com"),
        (r"https://[a-z]{5}\.com", "https://xxxxx.com"),
        (r"https://.*\.fr", "https://x.fr"),
        (r"https://.*\.co\.jp", "https://x.co.jp"),
        (r"https://[^.]+\.co\.uk", "https://x.co.uk"),
        (r"https://.*\.co\.uk", "https://x.co.uk"),
        (r"https://.*\.waw\.pl", "https://x.waw.pl"),
        (r"https://[a-z-]+\.edu\.in", "https://x.edu.in"),
        (r"https://.*\.github\.io", "https://x.github.io"),
        (r"https://.*\.amazonaws\.com", "https://x.amazonaws.com"),
        (r"https://.*\.compute\.amazonaws\.com", "https://x.x.compute.amazonaws.com"),
        (r"https://.*\.com\.", "https://x.com."),
        // Any.
        (".*", "http://x.cc"),
        (".+", "http://x.cc"),
        ("^.*$", "http://x.cc"),
        ("^(.*)", "http://x.cc"),
        ("https?://.*", "http://x.cc"),
        ("(?i)HTTPS://.*", "https://x.cc"),
        (r"\w+://\S+", "http://x.cc"),
        ("https://[^/]+", "https://x.cc"),
        ("https://[^.]+[.][^.]+", "https://x.cc"),
        // Loose dots and classes.
        (r"https://www.example\.com", "https://wwwxexample.com"),
        (r"https://(www.)?a\.com", "https://wwwxa.com"),
        (r"https://a\.com|https://b.c.com", "https://bxc.com"),
        (r"https://example.co.uk", "https://examplexco.uk"),
        (r"https://app-[a-z0-9]\.com", "https://app-x.com"),
        (r"https://app-[0-9a-f]\.com", "https://app-a.com"),
        (r"https://app-\d{3}\.com", "https://app-000.com"),
        (r"https://app\d+\.com", "https://app0.com"),
        (r"https://example\.[a-z]{2,}", "https://example.cc"),
        (r"https://example\.\w+", "https://example.cc"),
        (r"https://[a-z]ercel\.app", "https://xercel.app"),
        (r"https://x(a|b|c)?[a-z]\.com", "https://xx.com"),
        // Shared hosts.
        (r"https://acme.*\.netlify\.app", "https://acmex.netlify.app"),
        (r"https://.*acme\.netlify\.app", "https://xacme.netlify.app"),
        (r"https://.*-acme\.vercel\.app", "https://x-acme.vercel.app"),
        (r"https://.+-3000\.app\.github\.dev", "https://x-3000.app.github.dev"),
        (r"https://[a-z0-9-]+\.up\.railway\.app", "https://x.up.railway.app"),
        (r"https://[a-z0-9-]+\.railway\.app", "https://x.railway.app"),
        (r"https://[\w-]+\.ts\.net", "https://x.ts.net"),
        (r"https://.*\.s3\.amazonaws\.com", "https://x.s3.amazonaws.com"),
        (r"https://.*\.azurestaticapps\.net", "https://x.azurestaticapps.net"),
        (r"https://[^.]+\.euw\.devtunnels\.ms", "https://x.euw.devtunnels.ms"),
        (r"https://.*\.azurecontainerapps\.io", "https://x.x.azurecontainerapps.io"),
        (r"https://[^.]+\.z13\.web\.core\.windows\.net", "https://x.z13.web.core.windows.net"),
        (r"https://acme-[a-z]+\.icp0\.io", "https://acme-x.icp0.io"),
        // In each region.
        (
            r"https://[a-z0-9]+\.execute-api\.eu-central-1\.amazonaws\.com",
            "https://x.execute-api.eu-central-1.amazonaws.com",
        ),
        (
            r"https://.*\.s3-website-us-west-2\.amazonaws\.com",
            "https://x.s3-website-us-west-2.amazonaws.com",
        ),
        (r"https://[^.]+\.s3\.eu-west-3\.amazonaws\.com", "https://x.s3.eu-west-3.amazonaws.com"),
        (
            r"https://[a-z0-9]+\.lambda-url\.ap-south-1\.on\.aws",
            "https://x.lambda-url.ap-south-1.on.aws",
        ),
        (
            r"https://[^.]+\.us-east-2\.elasticbeanstalk\.com",
            "https://x.us-east-2.elasticbeanstalk.com",
        ),
        (
            r"https://acme-[a-z0-9]+\.westeurope-01\.azurewebsites\.net",
            "https://acme-x.westeurope-01.azurewebsites.net",
        ),
        (r"https://.*\.2\.azurestaticapps\.net", "https://x.2.azurestaticapps.net"),
        (r"https://.*\.vercel\.app(:\d+)?|http://localhost:\d+", "https://x.vercel.app"),
        (r"https://(.*\.)?(vercel|netlify)\.app\.?", "https://x.vercel.app"),
        // Addresses.
        (r"https?://(\d{1,3}\.){3}\d{1,3}(:\d+)?", "http://1.0.0.0"),
        (r"http://198\.51\.\d+\.\d+", "http://198.51.0.0"),
        (r"http://172\.\d+\.\d+\.\d+", "http://172.0.0.0"),
        (r"http://\[.*\]:3000", "http://[::2]:3000"),
        (r"http://\[2001:[0-9a-f:]+\]", "http://[2001::]"),
        // Spellings that hide it.
        (r"^(?:(?:https://(?:[a-z0-9-]+\.)*vercel\.app))$", "https://x.vercel.app"),
        (r"https://x\.example|https://.{1,2}\.io", "https://x.io"),
        (r"(https://a\.example|https://.*(a|b)\.com)", "https://xa.com"),
        (r"https:/{2}(?:.)+\.com", "https://x.com"),
        (r"https:.+\.com", "https://x.com"),
        (r"\Ahttps://.+?\.com$", "https://x.com"),
        (r"https://[\s\S]*\.com", "https://x.com"),
        (r"https://[^x]*\.com", "https://a.com"),
        (r"https://\D+\.com", "https://x.com"),
    ] {
        let layer = trusting().allow_origin_regex(text);
        let (risk, found) = risk_of(&layer).unwrap_or_else(|| panic!("{text}"));
        assert_eq!(risk, Risk::AnyOrigin, "{text}: {found}");
        if found != example {
            others.push((text, found.clone()));
        }
        // The example is really matched.
        let policy = layer.tolerate(Risk::AnyOrigin).build().unwrap();
        assert!(policy.allows_origin(&found), "{text}: {found}");
    }
    assert_eq!(others, []);
}

#[test]
fn closed_expressions() {
    for text in [
        // The design's.
        r"https://.*\.example\.com",
        r"https://pr-\d+\.preview\.example\.com",
        r"http://localhost:\d+",
        r"https://app[0-9]\.example\.com",
        r"https://app[0-9]\.com",
        r"https://app[0-9]{2}\.com",
        // A few domains, however written.
        r"https://(alpha|bravo|charlie|delta|echo|foxtrot|golf|hotel|india|juliet|kilo|lima)\.com",
        r"https://example\.(com|org|net|de|fr|es|it|nl|pl|pt|se|no|fi|dk)",
        r"https?://([a-z0-9-]+\.)*example\.com(:\d+)?",
        r"https://[a-z0-9-]+(\.[a-z0-9-]+)*\.example\.com\.?",
        r"https://(.*\.)?example\.co\.uk",
        r"(?i)https://(.+\.)?(a|b)\.example(:[0-9]{2,5})?",
        r"https://[^.]+\.acme\.vercel\.app",
        r"https://.*\.x\.s3\.amazonaws\.com",
        r"https://.*\.x\.execute-api\.us-west-2\.amazonaws\.com",
        r"https://[^.]+\.politehill-1a2b3c4d\.westeurope\.azurecontainerapps\.io",
        r"https://(acme|acme-staging)\.vercel\.app",
        r"https://.*--acme-client-demo\.netlify\.app",
        r"https://[a-z0-9-]+--quiet-example-1a2b3c\.netlify\.app",
        r"https://example.com",
        // Numbers, addresses, ports.
        "http://127.0.0.1:.*",
        r"https?://(localhost|127\.0\.0\.1)(:\d+)?",
        r"http://192\.168\.\d+\.\d+(:\d+)?",
        r"http://10(\.\d{1,3}){3}",
        r"http://172\.(1[6-9]|2\d|3[01])\.\d{1,3}\.\d{1,3}",
        r"http://100\.64\.\d+\.\d+",
        r"http://\[::1\]:\d+",
        r"http://\[fe80:[0-9a-f:]+\]",
        r"http://\[f[cd][0-9a-f]{2}:[0-9a-f:]+\]",
        r"https://203\.0\.113\.7",
        r"https://203\.0\.113\.\d",
        // Hosts that nobody can register.
        r"https?://[a-z]+(:\d+)?",
        r"http://.*\.localhost",
        r"https?://.*\.local(:\d+)?",
        r"https://.*\.internal",
        r"https://.*\.test",
        r"https://.*\.home\.arpa",
        r"https://.*\.invalid",
        // Labels that no registry sells.
        r"https://.*_\.com",
        r"https://-[^.]*\.com",
        r"https://.*-\.com",
        // Schemes other than the web's.
        "chrome-extension://.*",
        "(moz|chrome)-extension://.*",
        r"tauri://localhost|capacitor://localhost",
        r"wss://.*",
        "null",
        "file://",
        r"(app|file)://.*",
    ] {
        let layer = trusting().allow_origin_regex(text);
        let risk = risk_of(&layer).filter(|(risk, _)| *risk == Risk::AnyOrigin);
        assert_eq!(risk, None, "{text}");
        let build = layer.tolerate(Risk::NullOrigin).build();
        assert!(build.is_ok(), "{text}: {build:?}");
    }
}

#[test]
fn many_domains_are_counted_and_not_listed() {
    let of = |count: usize| {
        let names: Vec<String> = (0..count).map(|each| format!("n{each}")).collect();
        format!(r"https://({})\.com(:\d+)?|https://a\.com", names.join("|"))
    };
    let is_open = |text: &str| risk_of(&trusting().allow_origin_regex(text)).is_some();
    assert!(!is_open(&of(99)));
    assert!(is_open(&of(100)));
    // Ports and subdomains do not count, trailing dots neither.
    assert!(!is_open(r"https://(.*\.)?n[0-9]{2}\.com\.?(:\d+)?"));
    assert!(!is_open(r"https://n[0-9]{2}\.com:1|https://n[0-9]{2}\.com:[23]"));
}

#[test]
fn what_matches_no_origin_is_an_error() {
    for text in [
        r"https://x\.example/",
        r"/^https:\/\/x$/",
        r"app\.example\.com",
        r"https://X\.example",
        r"https://x\.example:0\d+",
        r"https://x\.example:443",
        r"http://x\.example:80",
        r"https://.*\.example\.com:443",
        r"https://x\.example:[7-9]\d{4}",
        r"https://x\.example/.*",
        "a^",
        r"https://999\.1\.1\.1",
        r"https://\.",
        r"https://a\.\.b\.example",
        "https://[a-z]{300}",
        "file://.+",
        "(?i)NULL.",
        "localhost:3000",
        r"\*",
    ] {
        let error = CorsLayer::new().allow_origin_regex(text).build().unwrap_err();
        assert_eq!(error.diagnostics()[0].kind(), MatchesNothing, "{text}");
    }
}

#[test]
fn expressions_that_are_hardly_meant_are_a_warning() {
    for (text, kind) in [
        (r"https?://.*\.example\.com", InsecureOrigin),
        (r"http://192\.168\.1\.7:80\d\d", InsecureOrigin),
        (r"http://0\.0\.0\.0", InsecureOrigin),
        (r"http://192\.168\.\d+\.\d+", OpenNetwork),
        (r"https://.*\.internal", OpenNetwork),
        (r"https://.*\.(lan|home)", OpenNetwork),
        // A dot that was not escaped.
        ("https://acme.com", OpenNetwork),
        ("https?://[a-z]+:3000", OpenNetwork),
        ("chrome-extension://.*", LocalPages),
        ("chrome-extension://[a-p]{32}", LocalPages),
        ("file://", LocalPages),
    ] {
        let said = said(&trusting().allow_origin_regex(text));
        let [found] = &said[..] else { panic!("{text}: {said:?}") };
        assert_eq!((found.severity(), found.kind()), (Severity::Warning, kind), "{text}");
    }
    for text in [
        "http://localhost:3000",
        r"https?://(127\.0\.0\.1|localhost|a\.localhost|\[::1\])(:\d+)?",
        r"https://a\.example",
        r"https://.*\.app\.internal",
        "tauri://localhost",
        "chrome-extension://abcdefghijklmnopabcdefghijklmnop",
    ] {
        assert_eq!(said(&trusting().allow_origin_regex(text)), [], "{text}");
    }
}
