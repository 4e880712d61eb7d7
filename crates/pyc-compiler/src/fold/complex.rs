//! Complex numbers: pairs of a real and an imaginary part.
//!
//! `(1 + 2j) * 3` is `(3+6j)`: the 3 is first converted to `(3+0j)`, which also affects signs of
//! zeros. The result is `None` if Python raises.
#![expect(clippy::float_cmp, reason = "the rules speak of exact values")]

use super::number::Number;
use crate::target::{Facts, Feature};

type Complex = (f64, f64);

/// `left * right` (`complexobject.c: _Py_c_prod`, 3.13).
pub(super) fn multiply(left: Complex, right: Complex) -> Complex {
    (left.0 * right.0 - left.1 * right.1, left.0 * right.1 + left.1 * right.0)
}

/// `left / right`, scaled by the larger of the divisor's parts (`complexobject.c: _Py_c_quot`,
/// 3.13).
pub(super) fn divide(left: Complex, right: Complex) -> Option<Complex> {
    let (real, imaginary) = (right.0.abs(), right.1.abs());
    if real >= imaginary {
        let ratio = right.1 / right.0;
        let scale = right.0 + right.1 * ratio;
        let quotient = || ((left.0 + left.1 * ratio) / scale, (left.1 - left.0 * ratio) / scale);
        (real != 0.0).then(quotient)
    } else if imaginary >= real {
        let ratio = right.0 / right.1;
        let scale = right.0 * ratio + right.1;
        Some(((left.0 * ratio + left.1) / scale, (left.1 * ratio - left.0) / scale))
    } else {
        Some((f64::NAN, f64::NAN))
    }
}

/// `left * right`, recovering infinities that were computed as NaNs (`complexobject.c: _Py_c_prod`,
/// 3.14).
pub(super) fn product(facts: &Facts, left: Complex, right: Complex) -> Complex {
    let product = multiply(left, right);
    if !facts.has(Feature::MixedComplexArithmetic) || !is_nan(product) {
        return product;
    }
    let (mut left, mut right) = (left, right);
    let mut recovers = false;
    for _ in 0..2 {
        if is_infinite(left) {
            left = unit(left);
            right = (zero_for_nan(right.0), zero_for_nan(right.1));
            recovers = true;
        }
        std::mem::swap(&mut left, &mut right);
    }
    if !recovers {
        let products = [left.0 * right.0, left.1 * right.1, left.0 * right.1, left.1 * right.0];
        if !products.iter().any(|product| product.is_infinite()) {
            return product;
        }
        left = (zero_for_nan(left.0), zero_for_nan(left.1));
        right = (zero_for_nan(right.0), zero_for_nan(right.1));
    }
    let (real, imaginary) = multiply(left, right);
    (f64::INFINITY * real, f64::INFINITY * imaginary)
}

/// `left / right`, recovering infinities and zeros that were computed as NaNs (`complexobject.c:
/// _Py_c_quot`, 3.14).
pub(super) fn quotient(facts: &Facts, left: Complex, right: Complex) -> Option<Complex> {
    let quotient = divide(left, right)?;
    if !facts.has(Feature::MixedComplexArithmetic) || !is_nan(quotient) {
        return Some(quotient);
    }
    let is_finite = |number: Complex| number.0.is_finite() && number.1.is_finite();
    let (scale, left, right) = if is_infinite(left) && is_finite(right) {
        (f64::INFINITY, unit(left), right)
    } else if is_infinite(right) && is_finite(left) {
        (0.0, left, unit(right))
    } else {
        return Some(quotient);
    };
    let real = left.0 * right.0 + left.1 * right.1;
    let imaginary = left.1 * right.0 - left.0 * right.1;
    Some((scale * real, scale * imaginary))
}

/// `left / right` for a real number `left` (`complexobject.c: _Py_rc_quot`, 3.14).
pub(super) fn divide_real(left: f64, right: Complex) -> Option<Complex> {
    let (real, imaginary) = (right.0.abs(), right.1.abs());
    if real >= imaginary {
        let ratio = right.1 / right.0;
        let scale = right.0 + right.1 * ratio;
        (real != 0.0).then(|| (left / scale, (-left * ratio) / scale))
    } else if imaginary >= real {
        let ratio = right.0 / right.1;
        let scale = right.0 * ratio + right.1;
        Some(((left * ratio) / scale, -left / scale))
    } else {
        Some((f64::NAN, f64::NAN))
    }
}

fn is_nan(number: Complex) -> bool {
    number.0.is_nan() && number.1.is_nan()
}

fn is_infinite(number: Complex) -> bool {
    number.0.is_infinite() || number.1.is_infinite()
}

/// Ones for infinities and zeros for other values, with their signs.
fn unit(number: Complex) -> Complex {
    let part = |part: f64| if part.is_infinite() { 1.0_f64 } else { 0.0 }.copysign(part);
    (part(number.0), part(number.1))
}

fn zero_for_nan(part: f64) -> f64 {
    if part.is_nan() { 0.0_f64.copysign(part) } else { part }
}

/// `base ** exponent` (`complexobject.c: complex_pow`, 3.13).
pub(super) fn power(facts: &Facts, base: Complex, exponent: Complex) -> Option<Number> {
    let (real, imaginary) = exponent;
    let whole = imaginary == 0.0 && real == real.floor() && real.abs() <= 100.0;
    let (real, imaginary) =
        if whole { whole_power(facts, base, real)? } else { general_power(facts, base, exponent)? };
    if real.is_infinite() || imaginary.is_infinite() {
        return None;
    }
    Some(Number::Complex(real, imaginary))
}

/// A power by repeated squaring (`c_powi`); the absolute value of the exponent is at most 100.
fn whole_power(facts: &Facts, base: Complex, exponent: f64) -> Option<Complex> {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a whole number up to 100"
    )]
    let mut bits = exponent.abs() as u32;
    let (mut result, mut square) = ((1.0, 0.0), base);
    while bits != 0 {
        if bits & 1 == 1 {
            result = product(facts, result, square);
        }
        square = product(facts, square, square);
        bits >>= 1;
    }
    if exponent > 0.0 { Some(result) } else { quotient(facts, (1.0, 0.0), result) }
}

/// A power by polar coordinates (`_Py_c_pow`).
fn general_power(facts: &Facts, base: Complex, exponent: Complex) -> Option<Complex> {
    if exponent == (0.0, 0.0) {
        return Some((1.0, 0.0));
    }
    if base == (0.0, 0.0) {
        let raises = exponent.1 != 0.0 || exponent.0 < 0.0;
        return (!raises).then_some((0.0, 0.0));
    }
    let absolute = base.0.hypot(base.1);
    let angle = base.1.atan2(base.0);
    let mut length = absolute.powf(exponent.0);
    let mut phase = angle * exponent.0;
    if exponent.1 != 0.0 {
        if facts.has(Feature::ComplexPowerByProduct) {
            length *= (-angle * exponent.1).exp();
        } else {
            length /= (angle * exponent.1).exp();
        }
        phase += exponent.1 * absolute.ln();
    }
    // C's `cos` reports infinity as a domain error.
    (!phase.is_infinite()).then(|| (length * phase.cos(), length * phase.sin()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operations_are_those_of_python() {
        assert_eq!(multiply((1.0, 2.0), (3.0, 0.0)), (3.0, 6.0));
        assert_eq!(divide((1.0, 2.0), (3.0, 4.0)), Some((0.44, 0.08)));
        assert_eq!(divide((1.0, 2.0), (0.0, 0.0)), None);
        let facts = Facts::of_release("3.13.18");
        let parts = |base, exponent| match power(&facts, base, exponent) {
            Some(Number::Complex(real, imaginary)) => Some((real, imaginary)),
            _ => None,
        };
        assert_eq!(parts((0.0, 1.0), (2.0, 0.0)), Some((-1.0, 0.0)));
        assert_eq!(parts((0.0, 0.0), (-1.0, 0.0)), None);
        assert_eq!(parts((0.0, 0.0), (0.0, 1.0)), None);
        assert_eq!(parts((1e300, 0.0), (2.0, 0.0)), None);
        let (real, imaginary) = parts((-8.0, 0.0), (0.5, 0.0)).unwrap();
        assert!(real.abs() < 1e-15 && (imaginary - 8.0_f64.sqrt()).abs() < 1e-15);
    }
}
