//! Integers of any size, for folding: `2**100 // 3`, `~0xFFFF_FFFF_FFFF_FFFF`.
//!
//! ```text
//! -5     negative, limbs [5]           2**32     limbs [0, 1]           0     no limbs, never negative
//! ```
//!
//! Products, powers and left shifts are folded only up to 128 bits (`ast_opt.c: MAX_INT_SIZE`,
//! 3.13). Literals, sums and other operations have no limit, but simple algorithms on limbs of 32
//! bits are sufficient.

mod bits;
mod division;
mod rounding;

use std::cmp::Ordering;

use pyc_code::{Int, Sign};

/// An integer with sign and magnitude.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Integer {
    negative: bool,
    /// Limbs of 32 bits, least significant first; the last isn't 0.
    limbs: Vec<u32>,
}

/// The number of bits of a limb.
const LIMB: usize = 32;

impl Integer {
    pub(super) const ZERO: Self = Self { negative: false, limbs: Vec::new() };

    fn new(negative: bool, mut limbs: Vec<u32>) -> Self {
        while limbs.last() == Some(&0) {
            limbs.pop();
        }
        let negative = negative && !limbs.is_empty();
        Self { negative, limbs }
    }

    fn from_u128(negative: bool, magnitude: u128) -> Self {
        let bytes = magnitude.to_le_bytes();
        Self::new(negative, limbs(&bytes))
    }

    pub(super) fn is_zero(&self) -> bool {
        self.limbs.is_empty()
    }

    pub(super) fn is_negative(&self) -> bool {
        self.negative
    }

    /// The number of bits of the magnitude: 0 for 0, 3 for -5.
    pub(super) fn bits(&self) -> usize {
        bits_of(&self.limbs)
    }

    pub(super) fn to_i64(&self) -> Option<i64> {
        let magnitude = i128::try_from(self.magnitude()?).ok()?;
        i64::try_from(if self.negative { -magnitude } else { magnitude }).ok()
    }

    fn magnitude(&self) -> Option<u128> {
        let fits = self.limbs.len() <= 4;
        let sum = |sum, limb: &u32| sum << LIMB | u128::from(*limb);
        fits.then(|| self.limbs.iter().rev().fold(0, sum))
    }

    pub(super) fn negated(&self) -> Self {
        Self::new(!self.negative, self.limbs.clone())
    }

    pub(super) fn plus(&self, other: &Self) -> Self {
        if self.negative == other.negative {
            return Self::new(self.negative, add(&self.limbs, &other.limbs));
        }
        match compare(&self.limbs, &other.limbs) {
            Ordering::Less => Self::new(other.negative, subtract(&other.limbs, &self.limbs)),
            _ => Self::new(self.negative, subtract(&self.limbs, &other.limbs)),
        }
    }

    pub(super) fn minus(&self, other: &Self) -> Self {
        self.plus(&other.negated())
    }

    /// The product, if its size can't exceed 128 bits.
    pub(super) fn times(&self, other: &Self) -> Option<Self> {
        if self.is_zero() || other.is_zero() {
            return Some(Self::ZERO);
        }
        // CPython compares the sizes of the factors, not that of the product (`ast_opt.c:
        // safe_multiply`, 3.13).
        if self.bits() + other.bits() > 128 {
            return None;
        }
        let magnitude = self.magnitude()?.checked_mul(other.magnitude()?)?;
        Some(Self::from_u128(self.negative != other.negative, magnitude))
    }

    /// The power with a non-negative exponent, if its size can't exceed 128 bits.
    pub(super) fn power(&self, exponent: &Self) -> Option<Self> {
        if exponent.is_zero() {
            return Some(Self::from_u128(false, 1));
        }
        if self.is_zero() {
            return Some(Self::ZERO);
        }
        let exponent = u32::try_from(exponent.to_i64()?).ok()?;
        // As above: the size of the base decides (`ast_opt.c: safe_power`, 3.13).
        if self.bits() > 128 / exponent as usize {
            return None;
        }
        let magnitude = self.magnitude()?.checked_pow(exponent)?;
        Some(Self::from_u128(self.negative && exponent % 2 == 1, magnitude))
    }
}

impl From<&Int> for Integer {
    fn from(value: &Int) -> Self {
        match value.to_i64() {
            Some(value) => Self::from(value),
            None => Self::new(value.is_negative(), limbs(&value.magnitude())),
        }
    }
}

impl From<i64> for Integer {
    fn from(value: i64) -> Self {
        Self::from_u128(value < 0, value.unsigned_abs().into())
    }
}

impl From<&Integer> for Int {
    fn from(value: &Integer) -> Self {
        let bytes: Vec<u8> = value.limbs.iter().flat_map(|limb| limb.to_le_bytes()).collect();
        let sign = if value.negative { Sign::Negative } else { Sign::Positive };
        Self::from_magnitude(sign, &bytes)
    }
}

fn limbs(bytes: &[u8]) -> Vec<u32> {
    let limb = |chunk: &[u8]| chunk.iter().rev().fold(0, |limb, &byte| limb << 8 | u32::from(byte));
    bytes.chunks(LIMB / 8).map(limb).collect()
}

fn bits_of(limbs: &[u32]) -> usize {
    limbs.last().map_or(0, |last| limbs.len() * LIMB - last.leading_zeros() as usize)
}

fn compare(left: &[u32], right: &[u32]) -> Ordering {
    left.len().cmp(&right.len()).then_with(|| left.iter().rev().cmp(right.iter().rev()))
}

/// The lower limb.
#[expect(clippy::cast_possible_truncation, reason = "the other half is carried on")]
const fn low(value: u64) -> u32 {
    value as u32
}

fn add(left: &[u32], right: &[u32]) -> Vec<u32> {
    let (long, short) = if left.len() < right.len() { (right, left) } else { (left, right) };
    let mut sum = Vec::with_capacity(long.len() + 1);
    let mut carry = 0;
    for (at, &limb) in long.iter().enumerate() {
        carry += u64::from(limb) + u64::from(short.get(at).copied().unwrap_or(0));
        sum.push(low(carry));
        carry >>= LIMB;
    }
    sum.push(low(carry));
    sum
}

/// Subtracts; `left` must not be less than `right`.
fn subtract(left: &[u32], right: &[u32]) -> Vec<u32> {
    let mut difference = Vec::with_capacity(left.len());
    let mut borrow = false;
    for (at, &limb) in left.iter().enumerate() {
        let (value, under) = limb.overflowing_sub(right.get(at).copied().unwrap_or(0));
        let (value, under_again) = value.overflowing_sub(borrow.into());
        difference.push(value);
        // At most one of the two subtractions goes below zero.
        borrow = under || under_again;
    }
    difference
}

#[cfg(test)]
mod tests;
