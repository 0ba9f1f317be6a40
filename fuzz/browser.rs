//! Fuzzes `pages::every_fetch_ends`.
#![no_main]

mod pages;

libfuzzer_sys::fuzz_target!(|data: &[u8]| drop(pages::every_fetch_ends(data)));
