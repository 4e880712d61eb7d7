//! Shifts and bitwise operations in two's complement of infinite length.
//!
//! `-1 & 0xFF` is 255, `-5 >> 1` is -3.

use super::{Integer, LIMB, bits_of, low};

impl Integer {
    /// `~self`
    pub(in crate::fold) fn inverted(&self) -> Self {
        self.negated().minus(&Self::from(1))
    }

    /// The left shift by a non-negative count, if its size can't exceed 128 bits.
    pub(in crate::fold) fn shifted_left(&self, count: &Self) -> Option<Self> {
        if count.is_negative() {
            return None;
        }
        if self.is_zero() || count.is_zero() {
            return Some(self.clone());
        }
        let count = usize::try_from(count.to_i64()?).ok()?;
        if count > 128 || self.bits() > 128 - count {
            return None;
        }
        Some(Self::new(self.negative, left(&self.limbs, count)))
    }

    /// The right shift by a non-negative count.
    pub(in crate::fold) fn shifted_right(&self, count: &Self) -> Option<Self> {
        if count.is_negative() {
            return None;
        }
        let all = self.bits();
        let count = count.to_i64().and_then(|count| usize::try_from(count).ok()).unwrap_or(all);
        // Rounds towards minus infinity: -5 >> 1 is ~(4 >> 1).
        Some(if self.negative {
            let inverted = self.inverted();
            Self::new(false, right(&inverted.limbs, count)).inverted()
        } else {
            Self::new(false, right(&self.limbs, count))
        })
    }

    /// `self & other`, `self | other` or `self ^ other`, given by the operation on limbs.
    pub(in crate::fold) fn bitwise(&self, other: &Self, operation: fn(u32, u32) -> u32) -> Self {
        let len = self.limbs.len().max(other.limbs.len()) + 1;
        let (left, right) = (self.complement(len), other.complement(len));
        let mut limbs: Vec<_> =
            left.into_iter().zip(right).map(|(left, right)| operation(left, right)).collect();
        let negative = limbs.last().is_some_and(|&last| last >> (LIMB - 1) == 1);
        if negative {
            negate(&mut limbs);
        }
        Self::new(negative, limbs)
    }

    /// The two's complement with `len` limbs.
    fn complement(&self, len: usize) -> Vec<u32> {
        let mut limbs = self.limbs.clone();
        limbs.resize(len, 0);
        if self.negative {
            negate(&mut limbs);
        }
        limbs
    }
}

/// Negates a number in two's complement.
fn negate(limbs: &mut [u32]) {
    let mut carry = true;
    for limb in limbs {
        (*limb, carry) = (!*limb).overflowing_add(carry.into());
    }
}

pub(super) fn left(limbs: &[u32], count: usize) -> Vec<u32> {
    let mut shifted = vec![0; count / LIMB];
    let mut carry = 0;
    for &limb in limbs {
        carry |= u64::from(limb) << (count % LIMB);
        shifted.push(low(carry));
        carry >>= LIMB;
    }
    shifted.push(low(carry));
    shifted
}

pub(super) fn right(limbs: &[u32], count: usize) -> Vec<u32> {
    if count >= bits_of(limbs) {
        return Vec::new();
    }
    let rest = &limbs[count / LIMB..];
    let shifted = |at: usize| {
        let high = rest.get(at + 1).copied().unwrap_or(0);
        low((u64::from(high) << LIMB | u64::from(rest[at])) >> (count % LIMB))
    };
    (0..rest.len()).map(shifted).collect()
}
