//! Any bytes as a marshal stream of any version: the laws hold.
//!
//! The first byte selects the version. A specimen with one byte before it is a good seed.

#![no_main]

use libfuzzer_sys::fuzz_target;
use pyc_code::{Minor, laws};

fuzz_target!(|input: &[u8]| {
    if let Some((&first, bytes)) = input.split_first() {
        laws::marshal(bytes, Minor::ALL[usize::from(first) % Minor::ALL.len()]);
    }
});
