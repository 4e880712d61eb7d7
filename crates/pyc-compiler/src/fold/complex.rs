//! Complex numbers: pairs of real and imaginary part.
//!
//! `(1 + 2j) * 3` is `(3+6j)`: the 3 is `(3+0j)` first, which also decides on signs of zeros. Everything is none where
//! Python raises.
#![expect(clippy::float_cmp, reason = "the rules speak of exact values")]

use super::number::Number;
use crate::target::{Feature, Target};

type Complex = (f64, f64);

/// `left * right` (`complexobject.c: _Py_c_prod`, 3.13).
pub(super) fn multiply(left: Complex, right: Complex) -> Complex {
    (left.0 * right.0 - left.1 * right.1, left.0 * right.1 + left.1 * right.0)
}

/// `left / right`, scaled by the larger of the divisor's parts (`complexobject.c: _Py_c_quot`, 3.13).
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

/// `base ** exponent` (`complexobject.c: complex_pow`, 3.13).
pub(super) fn power(target: &Target, base: Complex, exponent: Complex) -> Option<Number> {
    let (real, imaginary) = exponent;
    let whole = imaginary == 0.0 && real == real.floor() && real.abs() <= 100.0;
    let (real, imaginary) =
        if whole { whole_power(base, real)? } else { general_power(target, base, exponent)? };
    if real.is_infinite() || imaginary.is_infinite() {
        return None;
    }
    Some(Number::Complex(real, imaginary))
}

/// By repeated squaring (`c_powi`); the exponent is at most 100 either way.
fn whole_power(base: Complex, exponent: f64) -> Option<Complex> {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a whole number up to 100"
    )]
    let mut bits = exponent.abs() as u32;
    let (mut result, mut square) = ((1.0, 0.0), base);
    while bits != 0 {
        if bits & 1 == 1 {
            result = multiply(result, square);
        }
        square = multiply(square, square);
        bits >>= 1;
    }
    if exponent > 0.0 { Some(result) } else { divide((1.0, 0.0), result) }
}

/// By polar coordinates (`_Py_c_pow`).
fn general_power(target: &Target, base: Complex, exponent: Complex) -> Option<Complex> {
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
        if target.has(Feature::ComplexPowerByProduct) {
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
        let target = Target::newest(pyc_code::Minor::PY313).unwrap();
        let parts = |base, exponent| match power(&target, base, exponent) {
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
