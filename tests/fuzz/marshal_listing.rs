//! Any bytes as a code object of any version: listing it ends, and its tables can be rebuilt.
//!
//! The first byte selects the version. The rest is read as a marshal stream, and again as a header.

#![no_main]

use libfuzzer_sys::fuzz_target;
use pyc_code::{Minor, laws};

fuzz_target!(|input: &[u8]| {
    if let Some((&first, bytes)) = input.split_first() {
        laws::listing(bytes, Minor::ALL[usize::from(first) % Minor::ALL.len()]);
        laws::header(bytes);
    }
});
