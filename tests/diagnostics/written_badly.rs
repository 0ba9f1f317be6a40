//! Proves that origins, however badly they are written, are told by what was meant; and that nothing is suggested for
//! nonsense that does not build.

use proptest::{prelude::*, sample::select};
use tower_cors::{CorsLayer, Diagnostic, Kind, Setting, Severity};

use super::{
    common::said,
    meant::{Meant, Port},
    suggestions::{check, layer, matches_what_is_meant},
};

/// An origin that is meant, and a text that somebody could write for it.
fn written_badly() -> impl Strategy<Value = (Meant, String)> {
    let hosts = [
        "example.com",
        "app.example.co.uk",
        "a_b.example.org",
        "xn--bcher-kva.example",
        "localhost",
        "app.localhost",
        "127.0.0.1",
        "10.0.0.5",
        "192.168.1.20",
        "0.0.0.0",
        "203.0.113.7",
        "[::1]",
        "[fd00::1]",
    ];
    let ports = [
        ("", Port::Own),
        (":*", Port::Any),
        (":3000", Port::Number(3000)),
        (":8443", Port::Number(8443)),
    ];
    let schemes = ["http", "https"];
    let of_scheme =
        ["", "upper", "none", "one slash", "no slash", "no colon", "star", "twice", "web socket"];
    let of_authority = ["", "upper", "user", "default port", "zeros", "open port"];
    let of_end = ["", "/", "/app/index.html", "/*", "?a=1", "#top", "/app?x#y"];
    let around = ["", "\"", "'", "`", "[]", ",", "\"\",", "['']"];
    (
        select(hosts.to_vec()),
        any::<bool>(),
        select(ports.to_vec()),
        select(schemes.to_vec()),
        select(of_scheme.to_vec()),
        select(of_authority.to_vec()),
        select(of_end.to_vec()),
        select(around.to_vec()),
    )
        .prop_map(
            |(host, star, (port, meant_port), scheme, by_scheme, by_authority, end, around)| {
                let is_name =
                    host.contains(|c: char| c.is_ascii_alphabetic()) && !host.contains('[');
                let subdomains = star && is_name;
                let star = if subdomains { "*." } else { "" };
                let authority = match by_authority {
                    "upper" => format!("{star}{host}{port}").to_uppercase(),
                    "user" => format!("user:secret@{star}{host}{port}"),
                    "default port" if port.is_empty() => {
                        format!("{star}{host}:{}", if scheme == "http" { 80 } else { 443 })
                    }
                    "zeros" if port.len() > 2 => format!("{star}{host}:00{}", &port[1..]),
                    "open port" if port.is_empty() => format!("{star}{host}:"),
                    _ => format!("{star}{host}{port}"),
                };
                let is_here = host.ends_with("localhost") || ["127.0.0.1", "[::1]"].contains(&host);
                let is_private =
                    ["10.0.0.5", "192.168.1.20", "0.0.0.0", "[fd00::1]"].contains(&host);
                // Without a scheme the host tells it, or the port.
                let of_host = match (by_authority, port.is_empty()) {
                    ("default port", true) => scheme,
                    _ if is_here || is_private => "http",
                    _ => "https",
                };
                let (text, scheme) = match by_scheme {
                    "upper" => (format!("{}://{authority}{end}", scheme.to_uppercase()), scheme),
                    "none" => (format!("{authority}{end}"), of_host),
                    "star" => (format!("*://{authority}{end}"), of_host),
                    "one slash" => (format!("{scheme}:/{authority}{end}"), scheme),
                    "no slash" => (format!("{scheme}:{authority}{end}"), scheme),
                    "no colon" => (format!("{scheme}//{authority}{end}"), scheme),
                    "twice" => (format!("http://{scheme}://{authority}{end}"), scheme),
                    "web socket" => (
                        format!(
                            "{}://{authority}{end}",
                            if scheme == "http" { "ws" } else { "wss" }
                        ),
                        scheme,
                    ),
                    _ => (format!("{scheme}://{authority}{end}"), scheme),
                };
                let port = match by_scheme {
                    "none" | "star"
                        if is_here && port.is_empty() && by_authority != "default port" =>
                    {
                        Port::Any
                    }
                    _ => meant_port,
                };
                let text = match around {
                    "[]" => format!("[{text}]"),
                    "['']" => format!("['{text}']"),
                    "," => format!("{text},"),
                    "\"\"," => format!("\"{text}\","),
                    quote => format!("{quote}{text}{quote}"),
                };
                let meant = Meant::One {
                    scheme: scheme.to_owned(),
                    subdomains,
                    host: host.to_owned(),
                    port,
                };
                (meant, text)
            },
        )
}

/// Texts of parts of all settings, most of them nonsense.
fn nonsense() -> impl Strategy<Value = String> {
    let words = [
        "https://",
        "http://",
        "ws://",
        "htps://",
        "://",
        "//",
        "*",
        "*.",
        ":*",
        ":",
        ".",
        "-",
        "/",
        "\\",
        "a",
        "A",
        "localhost",
        "example.com",
        "127.0.0.1",
        "0x7f",
        "[::1]",
        "[",
        "]",
        "443",
        "80",
        "0",
        "@",
        " ",
        ",",
        ";",
        "|",
        "\"",
        "'",
        "`",
        "“",
        "$",
        "{",
        "}",
        "<",
        ">",
        "%",
        "é",
        "ı",
        "xn--",
        "null",
        "all",
        "none",
        "GET",
        "get",
        "POST",
        "PSOT",
        "Content",
        "Type",
        "Authorization",
        "X-CSRF",
        "Token",
        "_",
        "(",
        ")",
        "^",
        "\\.",
        "+",
        "?",
        "=",
        "#",
        "file://",
        "data:",
        "\t",
        "\n",
        "\0",
    ];
    prop::collection::vec(select(words.to_vec()), 0..8).prop_map(|words| words.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_096, failure_persistence: None, ..ProptestConfig::default() })]

    /// However an origin is written, it builds as what was meant, or the suggestion does. The oracle reads it so too.
    #[test]
    fn of_origins_written_badly((meant, text) in written_badly()) {
        let read = Meant::by(&text);
        prop_assert_eq!(read.as_ref(), Some(&meant), "{}", text);
        let layer = CorsLayer::new().allow_origins([text.as_str()]);
        let said = said(&layer);
        let checked = match said.iter().find(|one| one.severity() > Severity::Note) {
            Some(one) if one.suggestion().is_some() => check(one),
            Some(one) => Err(format!("nothing to write: {one}")),
            None => layer.build().map_err(|error| error.to_string()).and_then(|policy| matches_what_is_meant(&policy, &meant)),
        };
        prop_assert_eq!(checked, Ok(()), "{}", text);
    }

    /// What is suggested for nonsense builds, and nothing worse than a note is said of it.
    #[test]
    fn of_nonsense(text in nonsense()) {
        let settings = [
            Setting::AllowOrigins,
            Setting::AllowOriginRegex,
            Setting::AllowMethods,
            Setting::AllowHeaders,
            Setting::ExposeHeaders,
            Setting::AllowHosts,
        ];
        for setting in settings {
            for one in said(&layer(setting, &[&text])) {
                let Some(written) = one.suggestion() else { continue };
                let after = said(&layer(setting, &[written]));
                // Where a name may stand is another question.
                let is_worse = |after: &&Diagnostic| {
                    after.severity() > Severity::Note && after.kind() != Kind::OtherDirection
                };
                let worst = after.iter().find(is_worse);
                prop_assert!(worst.is_none(), "{one}: {worst:?}");
            }
        }
    }
}
