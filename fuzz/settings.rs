//! Fuzzes `laws::settings_are_judged`.
#![no_main]

mod laws;

libfuzzer_sys::fuzz_target!(|data: &[u8]| drop(laws::settings_are_judged(data)));
