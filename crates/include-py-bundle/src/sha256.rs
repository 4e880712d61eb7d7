//! SHA-256 (FIPS 180-4) of bytes in memory, fast with and without optimisation.
//!
//! ```
//! let digest = include_py_bundle::sha256(b"abc");
//! assert_eq!(digest[..4], [0xba, 0x78, 0x16, 0xbf]);
//! ```
//!
//! The crate `sha2` computes it. Cargo doesn't optimise build scripts, however, and then each
//! rotation and each instruction for SHA-256 is a function call. [`plain`] makes no calls, and is
//! more than twice as fast there. The first call measures both, because no `cfg` tells
//! whether a crate is optimised.

mod plain;

use std::hint::black_box;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use sha2::{Digest as _, Sha256};

/// One way to compute a SHA-256.
type Way = fn(&[u8]) -> [u8; 32];

/// The SHA-256 of `bytes`.
#[must_use]
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    static FASTEST: OnceLock<Way> = OnceLock::new();
    FASTEST.get_or_init(fastest)(bytes)
}

/// [`plain`] if it is faster by far, as it is without optimisation, and gives the same result here;
/// else `sha2`.
fn fastest() -> Way {
    const SAMPLE: &[u8] = &[0xa5; 1000];
    let is_faster = || time(plain::sha256, SAMPLE) * 3 / 2 < time(by_sha2, SAMPLE);
    if plain::sha256(SAMPLE) == by_sha2(SAMPLE) && is_faster() { plain::sha256 } else { by_sha2 }
}

fn by_sha2(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// The shortest of a few runs, because a busy machine may interrupt any of them.
fn time(way: Way, sample: &[u8]) -> Duration {
    const RUNS: usize = 5;
    let run = |_| {
        let start = Instant::now();
        black_box(way(black_box(sample)));
        start.elapsed()
    };
    (0..RUNS).map(run).min().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_implementations_of_sha_256_agree() {
        let bytes: Vec<u8> =
            (0..1000_u32).map(|at| at.wrapping_mul(0x9e37_79b9).to_le_bytes()[3]).collect();
        for length in 0..bytes.len() {
            assert_eq!(plain::sha256(&bytes[..length]), by_sha2(&bytes[..length]), "{length}");
        }
        assert_eq!(sha256(&bytes), by_sha2(&bytes));
    }
}
