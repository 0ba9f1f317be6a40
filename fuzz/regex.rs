//! Fuzzes `laws::expressions_equal_reference`.
#![no_main]

mod laws;

libfuzzer_sys::fuzz_target!(|data: &[u8]| drop(laws::expressions_equal_reference(data)));
