//! Tests against `i128`, and against Python's output.

use super::*;

fn int(value: i128) -> Integer {
    Integer::from_u128(value < 0, value.unsigned_abs())
}

/// Interesting values of up to two limbs, both signs.
fn values() -> Vec<i128> {
    let mut values = vec![0];
    for bits in [1, 2, 7, 31, 32, 33, 47, 62] {
        let power = 1i128 << bits;
        values.extend([power - 1, power, power + 1, 0x5DEE_CE66_D1B7 % power]);
    }
    values.extend(values.clone().into_iter().map(|value| -value));
    values
}

#[test]
fn arithmetic_is_that_of_i128() {
    for left in values() {
        assert_eq!(int(left).inverted(), int(!left));
        assert_eq!(int(left).negated(), int(-left));
        assert_eq!(int(left).to_i64(), i64::try_from(left).ok());
        for right in values() {
            let (a, b) = (int(left), int(right));
            assert_eq!(a.plus(&b), int(left + right), "{left} + {right}");
            assert_eq!(a.minus(&b), int(left - right), "{left} - {right}");
            assert_eq!(a.times(&b), Some(int(left * right)), "{left} * {right}");
            assert_eq!(a.bitwise(&b, |a, b| a & b), int(left & right), "{left} & {right}");
            assert_eq!(a.bitwise(&b, |a, b| a | b), int(left | right), "{left} | {right}");
            assert_eq!(a.bitwise(&b, |a, b| a ^ b), int(left ^ right), "{left} ^ {right}");
            let floor = (right != 0).then(|| {
                let rest = left.rem_euclid(right);
                let rest = if rest != 0 && right < 0 { rest + right } else { rest };
                (int((left - rest) / right), int(rest))
            });
            assert_eq!(a.divided(&b), floor, "{left} divmod {right}");
        }
    }
}

#[test]
fn shifts_round_down() {
    for left in values() {
        for count in [0, 1, 31, 32, 33, 60] {
            let shifted = int(left).shifted_left(&int(count));
            assert_eq!(shifted, Some(int(left << count)), "{left} << {count}");
            assert_eq!(int(left).shifted_right(&int(count)), Some(int(left >> count)));
        }
        let all = int(if left < 0 { -1 } else { 0 });
        assert_eq!(int(left).shifted_right(&int(1 << 70)), Some(all));
    }
    assert_eq!(int(1).shifted_left(&int(127)).map(|power| power.bits()), Some(128));
    assert_eq!(int(1).shifted_left(&int(128)), None);
    assert_eq!(int(0).shifted_left(&int(1 << 100)), Some(Integer::ZERO));
    assert_eq!(int(1).shifted_left(&int(-1)), None);
    assert_eq!(int(1).shifted_right(&int(-1)), None);
}

/// `big(100)` is the product of 1 to 100.
fn big(factors: u32) -> Integer {
    let mut limbs = vec![1u32];
    for factor in 1..=factors {
        let mut carry = 0;
        for limb in &mut limbs {
            carry += u64::from(*limb) * u64::from(factor);
            *limb = low(carry);
            carry >>= LIMB;
        }
        limbs.push(low(carry));
    }
    Integer::new(false, limbs)
}

#[test]
fn long_division_gives_back_the_dividend() {
    let dividend = big(100).plus(&int(12_345));
    let mut divisor = int(1);
    for factor in 1..=60 {
        divisor = big(factor).minus(&int(factor.into()));
        if divisor.is_zero() {
            continue;
        }
        let (quotient, rest) = dividend.divided(&divisor).unwrap();
        // The quotient times the divisor, by adding the shifted divisor for each bit.
        let mut product = rest.clone();
        for bit in 0..quotient.bits() {
            if quotient.limbs[bit / LIMB] >> (bit % LIMB) & 1 == 1 {
                product = product.plus(&Integer::new(false, bits::left(&divisor.limbs, bit)));
            }
        }
        assert_eq!(product, dividend, "{factor}");
        assert!(compare(&rest.limbs, &divisor.limbs) == Ordering::Less, "{factor}");
    }
    assert!(divisor.limbs.len() > 5);
}

#[test]
fn powers_have_a_limit() {
    let power = |base, exponent| int(base).power(&int(exponent));
    assert_eq!(power(-3, 5), Some(int(-243)));
    assert_eq!(power(2, 64), Some(int(1 << 64)));
    assert_eq!(power(2, 65), None);
    assert_eq!(power(1, 1000), None);
    assert_eq!(power(0, 1 << 100), Some(int(0)));
    assert_eq!(power(7, 0), Some(int(1)));
}

#[test]
fn floats_are_the_nearest() {
    let two_53 = 1i128 << 53;
    assert_eq!(int(two_53 + 1).to_f64(), Some(9_007_199_254_740_992.0));
    assert_eq!(int(-(two_53 + 3)).to_f64(), Some(-9_007_199_254_740_996.0));
    assert_eq!(big(170).to_f64(), Some(7.257_415_615_307_999e306));
    assert_eq!(big(171).to_f64(), None);
    assert_eq!(int(1).true_divided(&int(3)), Some(1.0 / 3.0));
    assert_eq!(int(-1).true_divided(&int(3)), Some(-1.0 / 3.0));
    assert_eq!(int(0).true_divided(&int(3)), Some(0.0));
    assert_eq!(int(1).true_divided(&int(0)), None);
    assert_eq!(big(180).true_divided(&big(170)), Some(2.768_148_789_431_132e22));
    assert_eq!(int(1).true_divided(&big(170)), Some(1.377_900_967_791_770_6e-307));
    assert_eq!(int(1).true_divided(&big(177)), Some(3e-323));
    assert_eq!(int(1).true_divided(&big(178)), Some(0.0));
    assert_eq!(int(1).true_divided(&big(175)), Some(8.89323e-319));
    for value in [0.0, 1.0, -3.0, 4_503_599_627_370_497.0, 1e300] {
        assert_eq!(Integer::from_f64(value).and_then(|value| value.to_f64()), Some(value));
    }
    for value in [0.5, f64::NAN, f64::INFINITY, 1e-310] {
        assert_eq!(Integer::from_f64(value), None);
    }
}
