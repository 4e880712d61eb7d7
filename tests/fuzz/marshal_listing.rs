//! Any bytes as a code object of any version: listing it ends, its tables come back.
//!
//! The first byte chooses the version; the rest is a marshal stream, and once more a header.

#![no_main]

use libfuzzer_sys::fuzz_target;
use pyc_code::{Minor, laws};

fuzz_target!(|input: &[u8]| {
    if let Some((&first, bytes)) = input.split_first() {
        laws::listing(bytes, Minor::ALL[usize::from(first) % Minor::ALL.len()]);
        laws::header(bytes);
    }
});
