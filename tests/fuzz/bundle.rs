//! Fuzzes the bundle reader: no bytes make it panic, and what verifies can be read.
//!
//! ```text
//! cargo install cargo-fuzz
//! cargo +nightly fuzz run --fuzz-dir tests/fuzz bundle -- -max_total_time=600
//! ```
//!
//! A crash is kept in `tests/fuzz/artifacts/bundle/`; that file as the last argument, without
//! `-max_total_time`, runs it again. `cargo test -p include-py-bundle` tries the same on fewer
//! inputs, see `damage.rs` and `laws.rs` there.

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

/// Goes straight to what random bytes hardly reach: a good bundle in which some bytes are wrong.
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
