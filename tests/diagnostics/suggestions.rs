//! Proves that whoever writes what a text suggests gets what was meant: over the listing, and over public
//! configurations of FastAPI.

use tower_cors::{CorsLayer, CorsPolicy, Diagnostic, Setting, Severity};

use super::{
    common::said,
    listing,
    meant::{Meant, slip},
};

/// What was wrong with a suggestion, if anything.
pub(super) type Checked = Result<(), String>;

/// Holds everything that a diagnostic lets one write against what was meant: the suggestion, the list that it
/// writes out, and the calls in its sentence.
pub(super) fn check(one: &Diagnostic) -> Checked {
    let text = one.to_string();
    let value = of_line(one.value().unwrap_or_default());
    if let Some(suggestion) = one.suggestion() {
        if Some(suggestion) == one.value() {
            return Err(format!("{text}: the same again"));
        }
        check_one(one.setting(), value, suggestion).map_err(|wrong| format!("{text}: {wrong}"))?;
    }
    if let Some(list) = written_list(&text) {
        let parts: Vec<&str> = parts(value).collect();
        if parts.len() != list.len() {
            return Err(format!("{text}: of {parts:?}"));
        }
        for (part, written) in parts.into_iter().zip(&list) {
            check_one(one.setting(), part, written).map_err(|wrong| format!("{text}: {wrong}"))?;
        }
    }
    for call in calls(&text, "allow_origins([") {
        let list: Vec<String> =
            serde_json::from_str(&format!("[{call}]")).map_err(|_| text.clone())?;
        CorsLayer::new().allow_origins(list).build().map_err(|error| format!("{text}: {error}"))?;
    }
    Ok(())
}

/// `["a", "b"]` behind "pass each as a separate item".
pub(super) fn written_list(text: &str) -> Option<Vec<String>> {
    let (_, rest) = text.split_once("as a separate item: [")?;
    let (list, _) = rest.split_once("]; in a variable")?;
    // Of a long list only the beginning is written.
    serde_json::from_str(&format!("[{list}]")).ok()
}

fn calls<'a>(text: &'a str, call: &'a str) -> impl Iterator<Item = &'a str> {
    text.split(call).skip(1).filter_map(|rest| Some(rest.split_once("])")?.0))
}

/// What follows the name in a header line of CORS.
fn of_line(value: &str) -> &str {
    match value.split_once(": ") {
        Some((name, rest))
            if name.eq_ignore_ascii_case("origin") || name.starts_with("Access-Control-") =>
        {
            rest
        }
        _ => value,
    }
}

fn parts(list: &str) -> impl Iterator<Item = &str> {
    let is_separator = |c: char| c.is_whitespace() || ",;|[]()".contains(c);
    let is_quote = |c: char| "\"'`".contains(c);
    list.split(is_separator)
        .map(move |part| part.trim_matches(is_quote))
        .filter(|part| !part.is_empty() && !["and", "&"].contains(part))
}

fn check_one(setting: Setting, value: &str, written: &str) -> Checked {
    let layer = layer(setting, &[written]);
    let worst = said(&layer).into_iter().find(|one| one.severity() > Severity::Note);
    if let Some(worst) = worst {
        return Err(format!("{written:?} is {worst}"));
    }
    match setting {
        Setting::AllowOrigins => check_origin(value, written),
        Setting::AllowMethods => check_word(method(value), written),
        Setting::AllowHeaders => check_word(header(value, &REQUEST_HEADERS), written),
        Setting::ExposeHeaders => check_word(header(value, &RESPONSE_HEADERS), written),
        Setting::AllowOriginRegex | Setting::AllowHosts | Setting::MaxAge => Ok(()),
        other => Err(format!("nobody knows what is meant by {other}")),
    }
}

pub(super) fn layer(setting: Setting, items: &[&str]) -> CorsLayer {
    let one = CorsLayer::new().allow_origins(["https://zz.example"]);
    match setting {
        Setting::AllowOrigins => CorsLayer::new().allow_origins(items),
        Setting::AllowMethods => one.allow_methods(items),
        Setting::AllowHeaders => one.allow_methods(["POST"]).allow_headers(items),
        Setting::ExposeHeaders => one.expose_headers(items),
        Setting::AllowHosts => one.allow_hosts(items),
        #[cfg(feature = "regex")]
        Setting::AllowOriginRegex => items.iter().fold(one, CorsLayer::allow_origin_regex),
        _ => one,
    }
}

fn check_origin(value: &str, written: &str) -> Checked {
    let Some(meant) = Meant::by(value) else {
        return Err(format!("{written:?} is a guess: nobody can know what {value:?} means"));
    };
    let policy = CorsLayer::new().allow_origins([written]).build();
    matches_what_is_meant(&policy.map_err(|error| error.to_string())?, &meant)
}

pub(super) fn matches_what_is_meant(policy: &CorsPolicy, meant: &Meant) -> Checked {
    for (origin, is_meant) in meant.probes() {
        if policy.allows_origin(&origin) != is_meant {
            return Err(format!("{origin} is meant: {is_meant}, by {meant:?}"));
        }
    }
    Ok(())
}

fn check_word(meant: Option<String>, written: &str) -> Checked {
    match meant {
        Some(meant) if meant == written => Ok(()),
        meant => Err(format!("{written:?} is written, {meant:?} is meant")),
    }
}

const METHODS: [&str; 8] = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "QUERY"];

/// What a method was meant to be.
fn method(value: &str) -> Option<String> {
    let bare = value
        .trim_start_matches("Method::")
        .trim_matches(|c: char| !c.is_ascii_alphanumeric() && c != '*' && c != '_' && c != '-');
    let upper = bare.to_ascii_uppercase();
    let by_verb = match upper.as_str() {
        "ALL" | "ANY" | "EVERYONE" | "EVERYTHING" | "**" | "*" => Some("*"),
        "CREATE" | "INSERT" => Some("POST"),
        "READ" | "FETCH" | "RETRIEVE" => Some("GET"),
        "UPDATE" | "REPLACE" => Some("PUT"),
        "REMOVE" | "DESTROY" => Some("DELETE"),
        "CONNECT" | "TRACE" | "TRACK" => return Some(upper),
        _ => None,
    };
    let meant = by_verb.or_else(|| slip(&upper, &METHODS));
    Some(meant.map_or_else(|| bare.to_owned(), str::to_owned))
}

const REQUEST_HEADERS: [&str; 24] = [
    "Accept",
    "Accept-Language",
    "Authorization",
    "Baggage",
    "Cache-Control",
    "Content-Type",
    "Content-Disposition",
    "Content-Language",
    "Idempotency-Key",
    "If-Match",
    "If-Modified-Since",
    "If-None-Match",
    "Last-Event-ID",
    "Range",
    "Traceparent",
    "User-Agent",
    "X-API-Key",
    "X-CSRF-Token",
    "X-CSRFToken",
    "X-Request-ID",
    "X-Requested-With",
    "X-Session-ID",
    "X-XSRF-Token",
    "X-Forwarded-For",
];

const RESPONSE_HEADERS: [&str; 16] = [
    "Content-Disposition",
    "Content-Encoding",
    "Content-Length",
    "Content-Range",
    "Content-Type",
    "ETag",
    "Last-Modified",
    "Link",
    "Location",
    "Retry-After",
    "Server-Timing",
    "X-CSRF-Token",
    "X-Process-Time",
    "X-RateLimit-Remaining",
    "X-Request-ID",
    "X-Total-Count",
];

/// What a name of a header was meant to be; `value` may be a whole line.
fn header(value: &str, known: &[&str]) -> Option<String> {
    let is_of_name = |c: char| c.is_ascii_alphanumeric() || "-_*!#$%&+.^|~".contains(c);
    let line = value.rsplit("::").next()?.trim_matches(|c: char| !is_of_name(c));
    let name = line.split(':').next()?.trim();
    if ["all", "any", "everyone", "everything", "*", "**"].contains(&&*name.to_ascii_lowercase()) {
        return Some("*".to_owned());
    }
    let joined = name.split_whitespace().collect::<Vec<_>>().join("-");
    // Names of five letters differ by one on purpose.
    let typo = if joined.len() > 5 { slip(&joined, known) } else { None };
    match typo {
        Some(meant) if meant.eq_ignore_ascii_case(name) => Some(name.to_owned()),
        Some(meant) => Some(meant.to_owned()),
        None => Some(joined),
    }
}

/// Every text of the listing, as far as it lets one write something.
#[test]
fn of_the_listing() {
    let mut count = 0;
    let mut wrong = Vec::new();
    for one in listing::settings().iter().flat_map(said) {
        // A duration is no text.
        count += usize::from(one.suggestion().is_some());
        wrong.extend(check(&one).err());
    }
    assert!(wrong.is_empty() && count > 20, "{count}\n{}", wrong.join("\n"));
}

/// What is said of public configurations of FastAPI: each suggestion is what was meant, and once all are followed
/// nothing else is wrong with the values.
#[test]
#[cfg(all(feature = "regex", feature = "serde"))]
fn of_public_configurations() {
    let (mut followed, mut wrong) = (0, Vec::new());
    for row in include_str!("../fastapi/configs.jsonl").lines() {
        let row: serde_json::Value = serde_json::from_str(row).unwrap();
        let Ok(mut config) =
            serde_json::from_value::<tower_cors::CorsConfig>(row["config"].clone())
        else {
            continue;
        };
        let before = said(&CorsLayer::from(config.clone()));
        wrong.extend(before.iter().filter_map(|one| check(one).err()));
        for one in &before {
            let (Some(value), Some(written)) = (one.value(), one.suggestion()) else { continue };
            let list = match one.setting() {
                Setting::AllowOrigins => &mut config.allow_origins,
                Setting::AllowOriginRegex => &mut config.allow_origin_regex,
                Setting::AllowMethods => &mut config.allow_methods,
                Setting::AllowHeaders => &mut config.allow_headers,
                Setting::ExposeHeaders => &mut config.expose_headers,
                _ => continue,
            };
            list.iter_mut()
                .filter(|item| item.trim() == value)
                .for_each(|item| *item = written.to_owned());
            followed += 1;
        }
        let after = said(&CorsLayer::from(config));
        // All dangers are said at once, also those of what is suggested.
        wrong.extend(
            after
                .iter()
                .filter(|one| one.risk().is_some() && !before.contains(one))
                .map(|one| format!("{}: not before: {one}", row["id"])),
        );
        for one in after.iter().filter(|one| one.suggestion().is_some()) {
            // What an error hid is only said once it is gone.
            let is_hidden = before.iter().any(|before| before.severity() == Severity::Error);
            if one.severity() == Severity::Error || !is_hidden {
                wrong.push(format!("{}: still {one}", row["id"]));
            }
        }
    }
    assert!(wrong.is_empty() && followed > 30, "{followed}\n{}", wrong.join("\n"));
}

/// A correction that would be a danger of this policy is not suggested. The danger is reported beside the error, and
/// whoever tolerates it gets the correction.
#[test]
fn of_what_would_be_dangerous() {
    let rows: &[(Setting, &str, &str)] = &[
        (Setting::AllowOrigins, "all", "*"),
        (Setting::AllowOrigins, "'*'", "*"),
        (Setting::AllowOrigins, "https://*.vercel.app/", "https://*.vercel.app"),
        (Setting::AllowOrigins, "HTTPS://*.co.uk", "https://*.co.uk"),
        (Setting::AllowOrigins, "https://a.example, *", "*"),
        (Setting::AllowHosts, "https://*.com", "*.com"),
        #[cfg(feature = "regex")]
        (Setting::AllowOriginRegex, r"/https:\/\/.*\.vercel\.app/", r"https:\/\/.*\.vercel\.app"),
    ];
    for &(setting, value, danger) in rows {
        let layer = layer(setting, &[value]).allow_credentials(true);
        let errors = said(&layer);
        let texts: Vec<_> = errors.iter().map(Diagnostic::to_string).collect();
        let [error, found] = &errors[..] else { panic!("{value}: {texts:#?}") };
        assert_eq!(error.value(), Some(value), "{texts:#?}");
        assert_eq!((error.suggestion(), written_list(&texts[0])), (None, None), "{texts:#?}");
        assert!(!texts[0].contains(&format!("([{danger:?}")), "{texts:#?}");
        assert_eq!((found.value(), found.severity()), (Some(danger), Severity::Error));
        let risk = found.risk().unwrap_or_else(|| panic!("{texts:#?}"));
        let tolerated = &said(&layer.tolerate(risk))[0];
        let is_written = tolerated.suggestion() == Some(danger)
            || tolerated.to_string().contains(&format!("{danger:?}"));
        assert!(is_written, "{tolerated:#?}");
    }
}

/// A pattern that was written as an expression is not written out where it would be a danger.
#[test]
#[cfg(feature = "regex")]
fn of_a_pattern_in_place_of_an_expression() {
    let written = |value, credentials| {
        let said = said(&layer(Setting::AllowOriginRegex, &[value]).allow_credentials(credentials));
        let [error] = &said[..] else { panic!("{said:#?}") };
        error.to_string().split_once("write ").map(|(_, rest)| rest.to_owned())
    };
    for (value, right, harmless) in [
        ("*", r#"["*"]"#, r#"["https://*.example.com"]"#),
        ("https://*.vercel.app", r#"["https://*.vercel.app"]"#, r#"["https://*.example.com"]"#),
        ("https://*.acme.com", r#"["https://*.acme.com"]"#, r#"["https://*.acme.com"]"#),
    ] {
        assert_eq!(written(value, false).unwrap(), format!("allow_origins({right})"));
        assert_eq!(written(value, true).unwrap(), format!("allow_origins({harmless})"));
    }
}
