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
    fn diagnostics_are_final(data in bytes()) {
        laws::diagnostics_are_final(&data);
    }
}
