//! Proves the laws of the fuzz targets on stable, for a bounded number of cases.
#![cfg(all(feature = "regex", feature = "serde", feature = "tracing"))]

#[path = "../fuzz/laws.rs"]
mod laws;

use proptest::{prelude::*, sample::select};

/// Bytes made of what the laws cut at and of what means something to the crate, so that random
/// cases get past the first check.
fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let words = [
        "https://",
        "http://",
        "app://",
        "null",
        "file://",
        "*",
        "*.",
        ":*",
        ":",
        ".",
        "a",
        "b",
        "example",
        "localhost",
        "[::1]",
        "127.0.0.1",
        "443",
        "80",
        "65535",
        "65536",
        "0",
        "-",
        "_",
        "~",
        "/",
        "@",
        " ",
        "\t",
        ",",
        "A",
        "é",
        "xn--",
        "com",
        "co.uk",
        "GET",
        "get",
        "PUT",
        "OPTIONS",
        "x-token",
        "x-nope",
        "X-Token",
        "accept",
        "set-cookie",
        "(",
        ")",
        "|",
        "+",
        "\\.",
        "[",
        "]",
        "{",
        "}",
        "\n",
        "\n",
        "\n",
        "\norigin:https://a.example",
        "\norigin:https://x.b.example:8",
        "\norigin:null",
        "\norigin:",
        "\nOPTIONS\n",
        "\naccess-control-request-method:GET",
        "\naccess-control-request-method:",
        "\naccess-control-request-headers:x-token",
        "\naccess-control-request-headers:",
        "\naccess-control-request-private-network:",
        "\nhttps://*.example",
        "\nhttps://a.example",
        "\nhttp://localhost:*",
        "\nhttps://*.b.example:*",
        "\napp://*.a",
        "\nm",
        "\nh",
        "\ne",
        "\nr",
        "\nc",
    ];
    let word = prop_oneof![
        8 => select(words.to_vec()).prop_map(|word| word.as_bytes().to_vec()),
        1 => any::<u8>().prop_map(|byte| vec![byte]),
    ];
    prop::collection::vec(word, 0..24).prop_map(|words| words.concat())
}

/// Requests of what the rules of enforcement read, each line with an odd byte now and then.
fn requests() -> impl Strategy<Value = Vec<u8>> {
    const METHODS: [&str; 9] =
        ["GET", "GET", "GET", "HEAD", "OPTIONS", "POST", "POST", "CONNECT", "get"];
    const TARGETS: [&str; 8] = [
        "/",
        "/",
        "/",
        "https://own.example/",
        "http://own.example:8000/",
        "https://x@own.example/",
        "http://[::1]:443/",
        "own.example:443",
    ];
    const ORIGINS: [&str; 20] = [
        "https://a.example",
        "https://x.b.example:8",
        "capacitor://localhost",
        "https://evil.example",
        "https://own.example",
        "https://own.example:8000",
        "http://own.example",
        "http://own.example:8000",
        "http://x.own.example",
        "ws://own.example",
        "wss://own.example",
        "https://own.example.",
        "http://x.vercel.app",
        "http://localhost",
        "http://x.localhost.:8000",
        "http://127.0.0.1:8000",
        "https://[::1]",
        "null",
        "file://",
        "",
    ];
    const HOSTS: [&str; 13] = [
        "own.example",
        "own.example:8000",
        "OWN.example:443",
        "own.example:80",
        "own.example.",
        "x.own.example",
        "..own.example",
        "x.vercel.app",
        "localhost",
        "x.localhost.:8000",
        "127.0.0.1:8000",
        "[::1]",
        "",
    ];
    const SITES: [&str; 6] = ["same-origin", "same-origin", "none", "same-site", "cross-site", ""];
    const MODES: [&str; 5] = ["navigate", "navigate", "cors", "websocket", "no-cors"];
    const DESTINATIONS: [&str; 5] = ["document", "empty", "iframe", "object", "websocket"];
    const UPGRADES: [&str; 4] = ["websocket", "h2c, WebSocket", "h2c", "websocket2"];
    let field = |name: &'static str, values: &'static [&'static str], weights: [u32; 3]| {
        let line = (select(values), prop::option::weighted(0.06, (any::<usize>(), any::<u8>())));
        let line = line.prop_map(move |(value, odd)| {
            let mut bytes = value.as_bytes().to_vec();
            if let Some((at, byte)) = odd {
                bytes.insert(at % (bytes.len() + 1), byte);
            }
            [b"\n", name.as_bytes(), b":", &bytes].concat()
        });
        let [none, one, two] = weights;
        prop_oneof![
            none => Just(Vec::new()),
            one => line.clone(),
            two => prop::collection::vec(line, 2).prop_map(|lines| lines.concat()),
        ]
    };
    let fields = (
        field("origin", &ORIGINS, [10, 60, 2]),
        field("sec-fetch-site", &SITES, [30, 40, 2]),
        field("sec-fetch-mode", &MODES, [30, 40, 2]),
        field("sec-fetch-dest", &DESTINATIONS, [30, 40, 2]),
        field("host", &HOSTS, [2, 60, 2]),
        field("upgrade", &UPGRADES, [40, 20, 2]),
        field("access-control-request-method", &["GET"], [40, 10, 0]),
    );
    let seed = (prop_oneof![Just(0_u8), any::<u8>()], any::<u8>(), any::<u8>());
    (seed, select(&METHODS[..]), select(&TARGETS[..]), fields).prop_map(
        |(seed, method, target, (a, b, c, d, e, f, g))| {
            // The seed is a line of its own.
            let seed = [seed.0, seed.1, seed.2].map(|byte| if byte == b'\n' { 0 } else { byte });
            let head = format!("\n{method}\n{target}");
            [&seed[..], head.as_bytes(), &a, &b, &c, &d, &e, &f, &g].concat()
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8_192, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn matcher_equals_reference(data in bytes()) {
        laws::matcher_equals_reference(&data);
    }

    #[test]
    fn one_verdict(data in bytes()) {
        laws::one_verdict(&data);
    }

    #[test]
    fn enforcement_equals_reference(data in requests()) {
        laws::enforcement_equals_reference(&data);
    }

    #[test]
    fn diagnostics_are_final(data in bytes()) {
        laws::diagnostics_are_final(&data);
    }
}
