//! Any bytes as a source: code or an error, and marshal carries the code.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| pyc_compiler::laws::source(input));
