//! SHA-256 (FIPS 180-4) that needs no optimisation.
//!
//! ```text
//! (x | x << 32) >> 6     in its lower half: x rotated to the right by 6, without a function call
//! ```
//!
//! Without optimisation each function call is made, each array is indexed in memory, and each
//! variable that changes is in memory. Here all of a block's 64 rounds are macros, and their
//! variables are new ones in each round, which stay in registers.

/// The first 32 bits of the fractional parts of the cube roots of the first 64 primes (4.2.2). No
/// `const`, of which each use would be a copy of all of it.
#[rustfmt::skip]
static ROOTS: [u32; 64] = [
    0x428a_2f98, 0x7137_4491, 0xb5c0_fbcf, 0xe9b5_dba5, 0x3956_c25b, 0x59f1_11f1, 0x923f_82a4, 0xab1c_5ed5,
    0xd807_aa98, 0x1283_5b01, 0x2431_85be, 0x550c_7dc3, 0x72be_5d74, 0x80de_b1fe, 0x9bdc_06a7, 0xc19b_f174,
    0xe49b_69c1, 0xefbe_4786, 0x0fc1_9dc6, 0x240c_a1cc, 0x2de9_2c6f, 0x4a74_84aa, 0x5cb0_a9dc, 0x76f9_88da,
    0x983e_5152, 0xa831_c66d, 0xb003_27c8, 0xbf59_7fc7, 0xc6e0_0bf3, 0xd5a7_9147, 0x06ca_6351, 0x1429_2967,
    0x27b7_0a85, 0x2e1b_2138, 0x4d2c_6dfc, 0x5338_0d13, 0x650a_7354, 0x766a_0abb, 0x81c2_c92e, 0x9272_2c85,
    0xa2bf_e8a1, 0xa81a_664b, 0xc24b_8b70, 0xc76c_51a3, 0xd192_e819, 0xd699_0624, 0xf40e_3585, 0x106a_a070,
    0x19a4_c116, 0x1e37_6c08, 0x2748_774c, 0x34b0_bcb5, 0x391c_0cb3, 0x4ed8_aa4a, 0x5b9c_ca4f, 0x682e_6ff3,
    0x748f_82ee, 0x78a5_636f, 0x84c8_7814, 0x8cc7_0208, 0x90be_fffa, 0xa450_6ceb, 0xbef9_a3f7, 0xc671_78f2,
];

/// The same of the square roots of the first eight primes: the initial state (5.3.3).
const INITIAL: [u32; 8] = [
    0x6a09_e667,
    0xbb67_ae85,
    0x3c6e_f372,
    0xa54f_f53a,
    0x510e_527f,
    0x9b05_688c,
    0x1f83_d9ab,
    0x5be0_cd19,
];

const BLOCK: usize = 64;

/// Size of the length in bits at the end of the last block.
const LENGTH: usize = 8;

/// The SHA-256 of `bytes`.
pub(super) fn sha256(bytes: &[u8]) -> [u8; 32] {
    let mut state = INITIAL;
    let mut at = 0;
    while let Some(block) = bytes[at..].first_chunk() {
        compress(&mut state, block);
        at += BLOCK;
    }
    // The rest is followed by a one bit, zeros and the length, in one block or in two (5.1.1).
    let rest = &bytes[at..];
    let mut last = [0; 2 * BLOCK];
    last[..rest.len()].copy_from_slice(rest);
    last[rest.len()] = 0x80;
    let end = if rest.len() + 1 + LENGTH > BLOCK { 2 * BLOCK } else { BLOCK };
    last[end - LENGTH..end].copy_from_slice(&(bytes.len() as u64 * 8).to_be_bytes());
    for block in last[..end].chunks_exact(BLOCK) {
        if let Some(block) = block.first_chunk() {
            compress(&mut state, block);
        }
    }
    let mut digest = [0; 32];
    for (four, word) in digest.chunks_exact_mut(4).zip(state) {
        four.copy_from_slice(&word.to_be_bytes());
    }
    digest
}

/// A word twice, so that its lower half is the word rotated after a shift to the right.
macro_rules! twice {
    ($word:ident) => {
        $word as u64 | ($word as u64) << 32
    };
}

/// One round (6.2.2, 3): the variables that change become new ones.
macro_rules! round {
    ($at:expr, $word:ident, $a:ident $b:ident $c:ident $d:ident $e:ident $f:ident $g:ident $h:ident) => {
        let a = twice!($a);
        let e = twice!($e);
        let sum = $h
            .wrapping_add((e >> 6 ^ e >> 11 ^ e >> 25) as u32)
            .wrapping_add($g ^ $e & ($f ^ $g))
            .wrapping_add(ROOTS[$at])
            .wrapping_add($word);
        let $d = $d.wrapping_add(sum);
        let $h = sum
            .wrapping_add((a >> 2 ^ a >> 13 ^ a >> 22) as u32)
            .wrapping_add($a & $b | $c & ($a | $b));
    };
}

/// Eight rounds, after which each variable has its name again.
macro_rules! eight_rounds {
    ($at:expr, $w0:ident $w1:ident $w2:ident $w3:ident $w4:ident $w5:ident $w6:ident $w7:ident,
        $a:ident $b:ident $c:ident $d:ident $e:ident $f:ident $g:ident $h:ident) => {
        round!($at, $w0, $a $b $c $d $e $f $g $h);
        round!($at + 1, $w1, $h $a $b $c $d $e $f $g);
        round!($at + 2, $w2, $g $h $a $b $c $d $e $f);
        round!($at + 3, $w3, $f $g $h $a $b $c $d $e);
        round!($at + 4, $w4, $e $f $g $h $a $b $c $d);
        round!($at + 5, $w5, $d $e $f $g $h $a $b $c);
        round!($at + 6, $w6, $c $d $e $f $g $h $a $b);
        round!($at + 7, $w7, $b $c $d $e $f $g $h $a);
    };
}

/// The word of the schedule that is 16 after `$w0` (6.2.2, 1).
macro_rules! next {
    ($w0:ident $w1:ident $w9:ident $w14:ident) => {
        let one = twice!($w1);
        let fourteen = twice!($w14);
        let $w0 = $w0
            .wrapping_add($w9)
            .wrapping_add((one >> 7 ^ one >> 18) as u32 ^ $w1 >> 3)
            .wrapping_add((fourteen >> 17 ^ fourteen >> 19) as u32 ^ $w14 >> 10);
    };
}

/// Sixteen rounds with the next sixteen words of the schedule.
macro_rules! sixteen_rounds {
    ($at:expr,
        $w0:ident $w1:ident $w2:ident $w3:ident $w4:ident $w5:ident $w6:ident $w7:ident,
        $w8:ident $w9:ident $w10:ident $w11:ident $w12:ident $w13:ident $w14:ident $w15:ident,
        $($state:ident)*) => {
        next!($w0 $w1 $w9 $w14);
        next!($w1 $w2 $w10 $w15);
        next!($w2 $w3 $w11 $w0);
        next!($w3 $w4 $w12 $w1);
        next!($w4 $w5 $w13 $w2);
        next!($w5 $w6 $w14 $w3);
        next!($w6 $w7 $w15 $w4);
        next!($w7 $w8 $w0 $w5);
        eight_rounds!($at, $w0 $w1 $w2 $w3 $w4 $w5 $w6 $w7, $($state)*);
        next!($w8 $w9 $w1 $w6);
        next!($w9 $w10 $w2 $w7);
        next!($w10 $w11 $w3 $w8);
        next!($w11 $w12 $w4 $w9);
        next!($w12 $w13 $w5 $w10);
        next!($w13 $w14 $w6 $w11);
        next!($w14 $w15 $w7 $w12);
        next!($w15 $w0 $w8 $w13);
        eight_rounds!($at + 8, $w8 $w9 $w10 $w11 $w12 $w13 $w14 $w15, $($state)*);
    };
}

/// Adds a block to the state (6.2.2).
#[expect(clippy::many_single_char_names, reason = "they are the standard's")]
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_lossless,
    reason = "`from` would be a call"
)]
fn compress(state: &mut [u32; 8], block: &[u8; BLOCK]) {
    macro_rules! word {
        ($at:expr) => {
            (block[$at] as u32) << 24
                | (block[$at + 1] as u32) << 16
                | (block[$at + 2] as u32) << 8
                | block[$at + 3] as u32
        };
    }
    let [a, b, c, d, e, f, g, h] = *state;
    let w0 = word!(0);
    let w1 = word!(4);
    let w2 = word!(8);
    let w3 = word!(12);
    let w4 = word!(16);
    let w5 = word!(20);
    let w6 = word!(24);
    let w7 = word!(28);
    let w8 = word!(32);
    let w9 = word!(36);
    let w10 = word!(40);
    let w11 = word!(44);
    let w12 = word!(48);
    let w13 = word!(52);
    let w14 = word!(56);
    let w15 = word!(60);
    eight_rounds!(0, w0 w1 w2 w3 w4 w5 w6 w7, a b c d e f g h);
    eight_rounds!(8, w8 w9 w10 w11 w12 w13 w14 w15, a b c d e f g h);
    sixteen_rounds!(16, w0 w1 w2 w3 w4 w5 w6 w7, w8 w9 w10 w11 w12 w13 w14 w15, a b c d e f g h);
    sixteen_rounds!(32, w0 w1 w2 w3 w4 w5 w6 w7, w8 w9 w10 w11 w12 w13 w14 w15, a b c d e f g h);
    sixteen_rounds!(48, w0 w1 w2 w3 w4 w5 w6 w7, w8 w9 w10 w11 w12 w13 w14 w15, a b c d e f g h);
    let [a0, b0, c0, d0, e0, f0, g0, h0] = *state;
    *state = [
        a0.wrapping_add(a),
        b0.wrapping_add(b),
        c0.wrapping_add(c),
        d0.wrapping_add(d),
        e0.wrapping_add(e),
        f0.wrapping_add(f),
        g0.wrapping_add(g),
        h0.wrapping_add(h),
    ];
}
