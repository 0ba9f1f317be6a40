//! Fuzzes `laws::enforcement_equals_reference`.
#![no_main]

mod laws;

libfuzzer_sys::fuzz_target!(|data: &[u8]| drop(laws::enforcement_equals_reference(data)));
