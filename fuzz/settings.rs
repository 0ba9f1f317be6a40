//! Fuzzes `laws::diagnostics_are_final`.
#![no_main]

mod laws;

libfuzzer_sys::fuzz_target!(|data: &[u8]| laws::diagnostics_are_final(data));
