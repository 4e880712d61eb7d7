//! Any bytes as a source give code or an error, and marshal can write the code and read it back.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| pyc_compiler::laws::source(input));
