//! SipHash-c-d by Aumasson and Bernstein with a 64-bit key; the upper half of the 128-bit key is 0.
//!
//! `hash::<1, 3>(key, source)` is the source hash of CPython 3.11 and later.

/// The hash of `data` with `C` rounds per word and `D` final rounds.
pub(crate) fn hash<const C: usize, const D: usize>(key: u64, data: &[u8]) -> u64 {
    let mut state = [
        key ^ 0x736f_6d65_7073_6575,
        0x646f_7261_6e64_6f6d,
        key ^ 0x6c79_6765_6e65_7261,
        0x7465_6462_7974_6573,
    ];
    let mut words = data.chunks_exact(8);
    for word in &mut words {
        absorb::<C>(
            &mut state,
            word.iter().rev().fold(0, |word, &byte| word << 8 | u64::from(byte)),
        );
    }
    let tail = words.remainder().iter().rev().fold(0, |word, &byte| word << 8 | u64::from(byte));
    absorb::<C>(&mut state, (data.len() as u64) << 56 | tail);
    state[2] ^= 0xff;
    rounds::<D>(&mut state);
    state.into_iter().fold(0, |sum, part| sum ^ part)
}

fn absorb<const C: usize>(state: &mut [u64; 4], word: u64) {
    state[3] ^= word;
    rounds::<C>(state);
    state[0] ^= word;
}

fn rounds<const N: usize>([a, b, c, d]: &mut [u64; 4]) {
    for _ in 0..N {
        *a = a.wrapping_add(*b);
        *b = b.rotate_left(13) ^ *a;
        *a = a.rotate_left(32);
        *c = c.wrapping_add(*d);
        *d = d.rotate_left(16) ^ *c;
        *a = a.wrapping_add(*d);
        *d = d.rotate_left(21) ^ *a;
        *c = c.wrapping_add(*b);
        *b = b.rotate_left(17) ^ *c;
        *c = c.rotate_left(32);
    }
}
