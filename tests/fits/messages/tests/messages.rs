//! What the compiler says of calls that cannot be accepted.
//!
//! The whole of its words is held, so another compiler may need `TRYBUILD=overwrite cargo test
//! --test messages`; read the change of `ui/*.stderr` then. The sentences that are this crate's own
//! are held apart, to the letter.

use std::{fs, path::Path};

/// Each file, and what must stand in the compiler's words whatever their version.
const SENTENCES: [(&str, &[&str]); 8] = [
    (
        "any_of_tower_http",
        &[
            "error[E0277]: `tower_http::cors::Any` is not a list for a CORS setting",
            "expected texts, `Method`s, `HeaderName`s, `HeaderValue`s, or `tower_cors::Any` alone",
            "note: `tower_http::cors::Any` is a type of another crate; import `tower_cors::Any`",
        ],
    ),
    (
        "any_in_brackets",
        &[
            "error[E0277]: `[tower_cors::Any; 1]` is not a list for a CORS setting",
            "note: write one text, an array or vector of texts, or `tower_cors::Any` without brackets; `\"*\"` can stand beside other texts",
        ],
    ),
    ("any_beside_texts", &["expected `&str`, found `Any`"]),
    ("number_as_list", &["error[E0277]: `{integer}` is not a list for a CORS setting"]),
    (
        "max_age_of_i32",
        &[
            "error[E0277]: `i32` is not a max-age",
            "expected seconds as `u64`, a `Duration`, or `Option<Duration>`",
            "note: write `.max_age(600)` or `.max_age(Duration::from_secs(600))`; `None` omits the header",
        ],
    ),
    (
        "value_of_http_02",
        &["note: `HeaderValue` and `Uri` are those of the crate `http`, version 1"],
    ),
    // Before any trait of ours is asked. Were the closure bound by a trait with two forms, it could be told more, but
    // then every closure would have to name the type of its argument.
    ("predicate_of_two", &["closure is expected to take 1 argument, but it takes 2 arguments"]),
    ("body_of_another_type", &["ResponseBody<String>"]),
];

#[test]
fn what_cannot_be_accepted_gets_a_sentence() {
    let cases = trybuild::TestCases::new();
    for (name, _) in SENTENCES {
        cases.compile_fail(format!("tests/ui/{name}.rs"));
    }
    // It compiles, and `build` has the sentence. trybuild builds this package alone; in a test of a
    // whole workspace another member may have enabled the feature.
    cases.pass("tests/ui/pass/regex_without_its_feature.rs");
}

#[test]
fn the_sentences_are_in_the_messages() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/ui");
    for (name, sentences) in SENTENCES {
        let path = folder.join(name).with_extension("stderr");
        let said = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path:?}: {error}"));
        for sentence in sentences {
            assert!(said.contains(sentence), "{name}: no {sentence:?} in\n{said}");
        }
    }
    // And no file without a row.
    let files = fs::read_dir(folder).expect("a folder").filter(|file| {
        file.as_ref().expect("a file").path().extension().is_some_and(|end| end == "rs")
    });
    assert_eq!(files.count(), SENTENCES.len());
}
