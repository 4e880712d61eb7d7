//! Division that rounds towards minus infinity: `-7 // 2` is -4, `-7 % 2` is 1.

use std::cmp::Ordering;

use super::bits::{left, right};
use super::{Integer, LIMB, add, compare, low, subtract};

impl Integer {
    /// Quotient and remainder, which has the divisor's sign; `None` if the divisor is zero.
    pub(in crate::fold) fn divided(&self, divisor: &Self) -> Option<(Self, Self)> {
        if divisor.is_zero() {
            return None;
        }
        let (mut quotient, mut rest) = divide(&self.limbs, &divisor.limbs);
        let differ = self.negative != divisor.negative;
        if differ && rest.iter().any(|&limb| limb != 0) {
            quotient = add(&quotient, &[1]);
            rest = subtract(&divisor.limbs, &rest);
        }
        Some((Self::new(differ, quotient), Self::new(divisor.negative, rest)))
    }
}

/// Quotient and remainder of magnitudes without leading zeros; the divisor isn't zero.
///
/// Knuth, *The Art of Computer Programming* volume 2, algorithm D.
pub(super) fn divide(dividend: &[u32], divisor: &[u32]) -> (Vec<u32>, Vec<u32>) {
    if compare(dividend, divisor) == Ordering::Less {
        return (Vec::new(), dividend.to_vec());
    }
    if let [divisor] = *divisor {
        return divide_by_limb(dividend, divisor);
    }
    // If the divisor's highest bit is set, an estimate from two limbs is at most two too large.
    let shift = divisor[divisor.len() - 1].leading_zeros() as usize;
    let mut divisor = left(divisor, shift);
    divisor.pop();
    let mut rest = left(dividend, shift);
    let len = divisor.len();
    let (first, second) = (u64::from(divisor[len - 1]), u64::from(divisor[len - 2]));
    let mut quotient = vec![0; rest.len() - len];
    for at in (0..quotient.len()).rev() {
        let high = u64::from(rest[at + len]) << LIMB | u64::from(rest[at + len - 1]);
        let (mut guess, mut left_over) = (high / first, high % first);
        while guess >> LIMB != 0
            || guess * second > (left_over << LIMB | u64::from(rest[at + len - 2]))
        {
            guess -= 1;
            left_over += first;
            if left_over >> LIMB != 0 {
                break;
            }
        }
        if subtract_times(&mut rest[at..=at + len], &divisor, guess) {
            guess -= 1;
            add_back(&mut rest[at..=at + len], &divisor);
        }
        quotient[at] = low(guess);
    }
    while rest.last() == Some(&0) {
        rest.pop();
    }
    (quotient, right(&rest, shift))
}

fn divide_by_limb(dividend: &[u32], divisor: u32) -> (Vec<u32>, Vec<u32>) {
    let mut quotient = vec![0; dividend.len()];
    let mut rest = 0;
    for (at, &limb) in dividend.iter().enumerate().rev() {
        let value = rest << LIMB | u64::from(limb);
        quotient[at] = low(value / u64::from(divisor));
        rest = value % u64::from(divisor);
    }
    (quotient, vec![low(rest)])
}

/// Subtracts `factor` times the divisor; returns whether that was too much.
fn subtract_times(rest: &mut [u32], divisor: &[u32], factor: u64) -> bool {
    let (mut carry, mut borrow) = (0, false);
    for (at, limb) in rest.iter_mut().enumerate() {
        carry += factor * u64::from(divisor.get(at).copied().unwrap_or(0));
        let (value, under) = limb.overflowing_sub(low(carry));
        let (value, under_again) = value.overflowing_sub(borrow.into());
        *limb = value;
        borrow = under || under_again;
        carry >>= LIMB;
    }
    borrow
}

fn add_back(rest: &mut [u32], divisor: &[u32]) {
    let mut carry = 0;
    for (at, limb) in rest.iter_mut().enumerate() {
        carry += u64::from(*limb) + u64::from(divisor.get(at).copied().unwrap_or(0));
        *limb = low(carry);
        carry >>= LIMB;
    }
}
