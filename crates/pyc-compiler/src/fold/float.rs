//! Float operations that C's operators don't have: `//`, `%` and `**`.
//!
//! `-7.5 // 2.0` is -4.0, `-7.5 % 2.0` is 0.5, `(-8.0) ** 0.5` is complex. The result is `None` if
//! Python raises.
#![expect(clippy::float_cmp, reason = "the rules speak of exact values")]

use super::number::Number;
use crate::target::Facts;

/// `left / right`
pub(super) fn divide(left: f64, right: f64) -> Option<f64> {
    (right != 0.0).then(|| left / right)
}

/// `left % right` (`floatobject.c: float_rem`, 3.13).
pub(super) fn remainder(left: f64, right: f64) -> Option<f64> {
    if right == 0.0 {
        return None;
    }
    let rest = left % right;
    Some(if rest == 0.0 {
        0.0_f64.copysign(right)
    } else if (right < 0.0) != (rest < 0.0) {
        rest + right
    } else {
        rest
    })
}

/// `left // right` (`floatobject.c: _float_div_mod`, 3.13).
pub(super) fn floor_divide(left: f64, right: f64) -> Option<f64> {
    if right == 0.0 {
        return None;
    }
    let rest = left % right;
    // Nearly a whole number: the remainder is exact, but this subtraction isn't.
    let mut quotient = (left - rest) / right;
    if rest != 0.0 && (right < 0.0) != (rest < 0.0) {
        quotient -= 1.0;
    }
    if quotient == 0.0 {
        return Some(0.0_f64.copysign(left / right));
    }
    let floor = quotient.floor();
    Some(if quotient - floor > 0.5 { floor + 1.0 } else { floor })
}

/// `base ** exponent` (`floatobject.c: float_pow`, 3.13), with the platform's `pow`, as in CPython.
pub(super) fn power(facts: &Facts, base: f64, exponent: f64) -> Option<Number> {
    let is_odd = exponent.abs() % 2.0 == 1.0;
    let value = if exponent == 0.0 {
        1.0
    } else if base.is_nan() {
        base
    } else if exponent.is_nan() {
        if base == 1.0 { 1.0 } else { exponent }
    } else if exponent.is_infinite() {
        match base.abs() {
            1.0 => 1.0,
            base if (exponent > 0.0) == (base > 1.0) => f64::INFINITY,
            _ => 0.0,
        }
    } else if base.is_infinite() {
        let positive = if exponent > 0.0 { f64::INFINITY } else { 0.0 };
        if is_odd { positive.copysign(base) } else { positive }
    } else if base == 0.0 {
        if exponent < 0.0 {
            return None;
        }
        if is_odd { base } else { 0.0 }
    } else if base < 0.0 && exponent != exponent.floor() {
        return super::complex::power(facts, (base, 0.0), (exponent, 0.0));
    } else {
        let value = if base.abs() == 1.0 { 1.0 } else { base.abs().powf(exponent) };
        if value.is_infinite() {
            return None;
        }
        if base < 0.0 && is_odd { -value } else { value }
    };
    Some(Number::Float(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotients_round_down() {
        assert_eq!(floor_divide(-7.5, 2.0), Some(-4.0));
        assert_eq!(remainder(-7.5, 2.0), Some(0.5));
        assert_eq!(remainder(7.5, -2.0), Some(-0.5));
        assert_eq!(floor_divide(1.0, 0.1), Some(9.0));
        assert_eq!(floor_divide(1.0, 0.0), None);
        let bits = |value: Option<f64>| value.map(f64::to_bits);
        assert_eq!(bits(remainder(4.0, -2.0)), Some((-0.0_f64).to_bits()));
        assert_eq!(bits(floor_divide(-0.0, 2.0)), Some((-0.0_f64).to_bits()));
    }

    #[test]
    fn powers_have_pythons_special_cases() {
        let facts = Facts::of_release("3.13.18");
        let float = |base, exponent| match power(&facts, base, exponent) {
            Some(Number::Float(value)) => value.to_string(),
            Some(_) => "complex".to_owned(),
            None => "raises".to_owned(),
        };
        assert_eq!(float(2.0, 0.5), 2.0_f64.sqrt().to_string());
        assert_eq!(float(f64::NAN, 0.0), "1");
        assert_eq!(float(-1.0, f64::INFINITY), "1");
        assert_eq!(float(0.5, f64::NEG_INFINITY), "inf");
        assert_eq!(float(f64::NEG_INFINITY, 3.0), "-inf");
        assert_eq!(float(f64::NEG_INFINITY, -3.0), "-0");
        assert_eq!(float(-0.0, 3.0), "-0");
        assert_eq!(float(0.0, -1.0), "raises");
        assert_eq!(float(10.0, 400.0), "raises");
        assert_eq!(float(-2.0, 3.0), "-8");
        assert_eq!(float(-8.0, 0.5), "complex");
    }
}
