//! Fuzzes `laws::configs_survive`.
#![no_main]

mod laws;

libfuzzer_sys::fuzz_target!(|data: &[u8]| drop(laws::configs_survive(data)));
