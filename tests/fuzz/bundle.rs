//! Fuzzes the bundle reader: no bytes may make it panic, and what verifies must be readable.
//!
//! ```text
//! cargo install cargo-fuzz
//! cargo +nightly fuzz run --fuzz-dir tests/fuzz bundle -- -max_total_time=600
//! ```
//!
//! A crash is stored in `tests/fuzz/artifacts/bundle/`. To run it again, pass that file as the last
//! argument, without `-max_total_time`. `cargo test -p include-py-bundle` tests the same on fewer
//! inputs, see its `damage.rs` and `laws.rs`.

#![no_main]
#![forbid(unsafe_code)]

#[path = "../../crates/include-py-bundle/tests/bundle/generate.rs"]
mod generate;
#[path = "../../crates/include-py-bundle/tests/bundle/walk.rs"]
mod walk;

use generate::{Content, Random};
use include_py_bundle::Bundle;
use walk::{reseal, walk};

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    walk(data);
    let mut sealed = data.to_vec();
    reseal(&mut sealed);
    walk(&sealed);
    if let Some((seed, patches)) = data.split_first_chunk() {
        patched(u64::from_le_bytes(*seed), patches);
    }
});

/// Tests what random bytes hardly ever reach: a valid bundle with some changed bytes.
fn patched(seed: u64, patches: &[u8]) {
    let mut random = Random::new(seed);
    let content = Content::random(&mut random);
    let mut bytes = content.build(&mut random);
    let read = Bundle::open(&bytes).and_then(|bundle| walk::content(&bundle));
    assert_eq!(read.expect("it was just written"), content);
    assert!(walk(&bytes), "what was just written doesn't verify");

    for patch in patches.chunks_exact(3) {
        let offset = usize::from(u16::from_le_bytes([patch[0], patch[1]])) % bytes.len();
        bytes[offset] = patch[2];
    }
    reseal(&mut bytes);
    walk(&bytes);
}
