//! From integers to the nearest float, ties to even: `float(2**53 + 1)`, `1 / 3`.

use super::bits::{left, right};
use super::division::divide;
use super::{Integer, bits_of, low};

/// The number of bits of a float's significand.
const PRECISION: i64 = 53;
/// The exponent of the highest bit of the smallest normal float.
const MIN_EXPONENT: i64 = -1022;
const MAX_EXPONENT: i64 = 1023;

impl Integer {
    /// The nearest float; `None` if it would be infinite (`longobject.c: PyLong_AsDouble`, 3.13).
    pub(in crate::fold) fn to_f64(&self) -> Option<f64> {
        let magnitude = round(&self.limbs, Rest::Zero, 0)?;
        Some(if self.negative { -magnitude } else { magnitude })
    }

    /// The integer equal to the float, if there is one.
    pub(in crate::fold) fn from_f64(value: f64) -> Option<Self> {
        if !value.is_finite() || value.fract() != 0.0 {
            return None;
        }
        let bits = value.to_bits();
        let exponent = bits >> 52 & 0x7FF;
        // A whole number is zero or normal; the highest bit of its significand isn't stored.
        let significand = if exponent == 0 { 0 } else { bits & ((1 << 52) - 1) | 1 << 52 };
        let limbs = [low(significand), low(significand >> 32)];
        let limbs = match usize::try_from(exponent).ok()?.checked_sub(1075) {
            Some(count) => left(&limbs, count),
            None => right(&limbs, 1075 - usize::try_from(exponent).ok()?),
        };
        Some(Self::new(value < 0.0, limbs))
    }

    /// The float nearest to the quotient; `None` if it would be infinite or the divisor is zero
    /// (`longobject.c: long_true_divide`, 3.13).
    pub(in crate::fold) fn true_divided(&self, divisor: &Self) -> Option<f64> {
        if divisor.is_zero() {
            return None;
        }
        // The dividend is scaled, so that the quotient has more bits than any float.
        let missing = (66 + divisor.bits()).saturating_sub(self.bits());
        let (quotient, rest) = divide(&strip(left(&self.limbs, missing)), &divisor.limbs);
        let rest = if strip(rest).is_empty() { Rest::Zero } else { Rest::Some };
        let magnitude = round(&strip(quotient), rest, -i64::try_from(missing).ok()?)?;
        Some(if self.negative == divisor.negative { magnitude } else { -magnitude })
    }
}

/// Whether the value has a non-zero rest after the last bit.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Rest {
    Zero,
    Some,
}

/// The float nearest to the limbs and the rest, times two to the `exponent`; `None` if it is
/// infinite.
fn round(limbs: &[u32], rest: Rest, exponent: i64) -> Option<f64> {
    let bits = i64::try_from(bits_of(limbs)).ok()?;
    if bits == 0 {
        return Some(0.0);
    }
    let highest = bits - 1 + exponent;
    // Below the normal floats, a bit is lost with each power of two.
    let kept = PRECISION.min(PRECISION - (MIN_EXPONENT - highest));
    let dropped = (bits - kept).max(0);
    let mut significand = low_bits(&right(limbs, usize::try_from(dropped).ok()?));
    if dropped > 0 {
        let half = bit(limbs, dropped - 1);
        let below = rest == Rest::Some || (0..dropped - 1).any(|at| bit(limbs, at));
        if half && (below || significand & 1 == 1) {
            significand += 1;
        }
    }
    let exponent = exponent + dropped;
    let length = i64::from(u64::BITS - significand.leading_zeros());
    if length + exponent - 1 > MAX_EXPONENT {
        return None;
    }
    Some(scale(significand, exponent))
}

fn bit(limbs: &[u32], at: i64) -> bool {
    let at = usize::try_from(at).unwrap_or_default();
    limbs.get(at / 32).is_some_and(|limb| limb >> (at % 32) & 1 == 1)
}

fn low_bits(limbs: &[u32]) -> u64 {
    limbs.iter().take(2).rev().fold(0, |sum, &limb| sum << 32 | u64::from(limb))
}

/// The float that is exactly the significand, at most 2**53, times two to the `exponent`.
fn scale(significand: u64, exponent: i64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "53 bits are exact")]
    let mut value = significand as f64;
    let mut left = exponent;
    // Done in exact steps that no normal power of two overflows.
    while left != 0 {
        let step = left.clamp(-1000, 1000);
        let biased = u64::try_from(step + 1023).unwrap_or_default();
        value *= f64::from_bits(biased << 52);
        left -= step;
    }
    value
}

fn strip(mut limbs: Vec<u32>) -> Vec<u32> {
    while limbs.last() == Some(&0) {
        limbs.pop();
    }
    limbs
}
