//! Detects whether this crate is optimised. Cargo doesn't optimise build scripts by default.
//!
//! `Optimized::here()` is `No` in the build script of a release build.

use std::hint::black_box;
use std::time::Instant;

/// Whether this crate is optimised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Optimized {
    Yes,
    No,
}

impl Optimized {
    /// Measures it, since no `cfg` tells.
    ///
    /// Compares a loop in this crate with one in the standard library, which is always optimised.
    /// Unoptimised, ours takes fifty times as long. The shortest of a few runs counts, since on a
    /// busy machine any run may be interrupted.
    pub(crate) fn here() -> Self {
        const RUNS: usize = 5;
        let text = vec![b'a'; 1 << 14];
        let shortest = |work: &dyn Fn()| {
            let times = (0..RUNS).map(|_| {
                let start = Instant::now();
                work();
                start.elapsed()
            });
            times.min().unwrap_or_default()
        };
        let ours = shortest(&|| {
            let mut sum = 0_u8;
            for byte in black_box(&text) {
                sum = sum.wrapping_add(*byte);
            }
            black_box(sum);
        });
        let theirs = shortest(&|| {
            black_box(std::str::from_utf8(black_box(&text)).is_ok());
        });
        if ours > theirs * 10 { Self::No } else { Self::Yes }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unoptimised_build_is_detected() {
        // This workspace optimises its tests only in release.
        let expected = if cfg!(debug_assertions) { Optimized::No } else { Optimized::Yes };
        assert_eq!(Optimized::here(), expected);
    }
}
