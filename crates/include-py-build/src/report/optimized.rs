//! Whether Cargo has optimised this crate, which it doesn't do for build scripts unless it is told
//! to.
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
    /// Finds out: no `cfg` tells.
    ///
    /// Compares a loop of ours with one of the standard library, which is optimised always.
    /// Unoptimised, ours takes fifty times as long; the shortest of a few runs is meant, for a busy
    /// machine may stop any of them.
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
    fn an_unoptimised_build_knows_itself() {
        // This workspace doesn't optimise its tests, unless in release.
        let expected = if cfg!(debug_assertions) { Optimized::No } else { Optimized::Yes };
        assert_eq!(Optimized::here(), expected);
    }
}
