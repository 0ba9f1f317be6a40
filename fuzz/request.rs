//! Fuzzes `laws::one_verdict`.
#![no_main]

mod laws;

libfuzzer_sys::fuzz_target!(|data: &[u8]| drop(laws::one_verdict(data)));
