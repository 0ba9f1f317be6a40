//! Proves the laws of the fuzz targets on stable, for a bounded number of cases.
#![cfg(all(feature = "regex", feature = "serde", feature = "tracing"))]

#[path = "../fuzz/laws.rs"]
mod laws;

use std::{collections::BTreeSet, fs, path::Path};

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
        "\nhttps://*.example",
        "\nhttps://a.example",
        "\nhttp://localhost:*",
        "\nhttps://*.b.example:*",
        "\napp://*.a",
    ];
    let word = prop_oneof![
        8 => select(words.to_vec()).prop_map(|word| word.as_bytes().to_vec()),
        1 => any::<u8>().prop_map(|byte| vec![byte]),
    ];
    prop::collection::vec(word, 0..24).prop_map(|words| words.concat())
}

/// Lines of settings.
fn settings() -> impl Strategy<Value = Vec<u8>> {
    let keys = [
        "allow_origins",
        "allow_origins",
        "allow_origin_regex",
        "allow_methods",
        "allow_headers",
        "expose_headers",
        "allow_hosts",
        "allow_credentials",
    ];
    let word = bytes().prop_map(|bytes| {
        let word: Vec<u8> = bytes.into_iter().filter(|byte| *byte != b'\n').take(40).collect();
        if word.is_empty() { b"true".to_vec() } else { word }
    });
    let line = (select(keys.to_vec()), word)
        .prop_map(|(key, word)| [key.as_bytes(), b": ", &word].concat());
    prop::collection::vec(line, 0..6).prop_map(|lines| lines.join(&b'\n'))
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

/// Transcripts of what the seeds have in their lines, in another order and number, with an odd byte now and then.
fn transcripts() -> impl Strategy<Value = Vec<u8>> {
    let block = |number: usize| {
        let lines: BTreeSet<Vec<u8>> = seeds("request")
            .into_iter()
            .filter_map(|(_, data)| {
                let blocks = data.split("\n\n").nth(number)?.lines();
                Some(blocks.map(|line| line.as_bytes().to_vec()).collect::<Vec<_>>())
            })
            .flatten()
            .collect();
        select(lines.into_iter().collect::<Vec<_>>())
    };
    let line = |number: usize| {
        (block(number), prop::option::weighted(0.04, (any::<usize>(), any::<u8>()))).prop_map(
            |(mut line, odd)| {
                if let Some((at, byte)) = odd {
                    line.insert(at % (line.len() + 1), byte);
                }
                line
            },
        )
    };
    let settings = prop::collection::vec(line(0), 0..10);
    let heads =
        ["GET /", "GET /", "OPTIONS /", "OPTIONS /", "POST /", "HEAD /", "CONNECT a.example:443"];
    let head = (select(heads.to_vec()), prop::collection::vec(line(1), 0..6));
    let statuses = ["200", "200", "200", "304", "404", "101"];
    let inner = (select(statuses.to_vec()), prop::collection::vec(line(2), 0..5));
    (settings, head, inner).prop_map(|(settings, (head, fields), (status, inner))| {
        let lines =
            [&settings[..], &[vec![], head.into()], &fields, &[vec![], status.into()], &inner];
        lines.concat().join(&b'\n')
    })
}

/// The committed seeds of a fuzz target, by name.
fn seeds(target: &str) -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds").join(target);
    let files = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{folder:?}: {error}"));
    let seed = |file: fs::DirEntry| {
        (file.file_name().into_string().unwrap(), fs::read_to_string(file.path()).unwrap())
    };
    let mut seeds: Vec<_> = files.map(|file| seed(file.unwrap())).collect();
    seeds.sort();
    seeds
}

type Law = fn(&[u8]) -> laws::Reached;

/// A target whose seeds stop before the interesting branches would let the fuzzer stop there, too.
#[test]
fn the_seeds_reach_what_matters() {
    let targets: [(&str, Law, &[&str]); 6] = [
        (
            "origin",
            laws::matcher_equals_reference,
            &["allowed", "refused", "malformed", "any", "listed", "by a pattern", "open", "closed"],
        ),
        (
            "regex",
            laws::expressions_equal_reference,
            &[
                "builds",
                "does not build",
                "matched",
                "matched and malformed",
                "not matched",
                "open",
                "closed",
            ],
        ),
        (
            "request",
            laws::one_verdict,
            &[
                "another host",
                "enforced",
                "preflight allowed",
                "preflight refused: origin",
                "preflight refused: method",
                "preflight refused: headers",
                "preflight refused: private network",
                "refused with a diagnostic status",
                "no origin",
                "origin allowed",
                "origin refused",
                "tunnel",
                "inner grant kept",
                "inner grant removed",
                "inner grant replaced",
                "inner credentials withdrawn",
                "exposed names written out",
                "not modified",
                "inner vary",
                "other guards",
                "one policy",
                "first of several",
                "one in between",
                "last of several",
            ],
        ),
        (
            "enforce",
            laws::enforcement_equals_reference,
            &[
                "preflight",
                "preflight to another host",
                "host reported",
                "host refused",
                "origin reported",
                "origin refused",
                "passed",
                "web sockets",
                "state changing",
                "all requests",
                "passed by sec-fetch-site",
                "passed without",
                "tunnel",
            ],
        ),
        (
            "settings",
            laws::settings_are_judged,
            &[
                "read",
                "builds",
                "error",
                "warning",
                "note",
                "any origin",
                "null origin",
                "nothing is tolerated",
                "origin suggested",
                "method suggested",
                "header suggested",
                "exposed suggested",
                "host suggested",
            ],
        ),
        (
            "config",
            laws::configs_survive,
            &["not read", "read", "read and builds", "read and does not build"],
        ),
    ];
    for (target, law, wanted) in targets {
        let reached: BTreeSet<_> =
            seeds(target).iter().flat_map(|(_, seed)| law(seed.as_bytes())).collect();
        let missed: Vec<_> = wanted.iter().filter(|branch| !reached.contains(*branch)).collect();
        assert!(missed.is_empty(), "the seeds of {target} miss {missed:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8_192, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn matcher_equals_reference(data in bytes()) {
        laws::matcher_equals_reference(&data);
    }

    #[test]
    fn enforcement_equals_reference(data in requests()) {
        laws::enforcement_equals_reference(&data);
    }

    #[test]
    fn settings_are_judged(data in settings()) {
        laws::settings_are_judged(&data);
    }
}

proptest! {
    // Several policies are built for each.
    #![proptest_config(ProptestConfig { cases: 2_048, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn one_verdict(data in transcripts()) {
        laws::one_verdict(&data);
    }
}
