//! Numbers of all three kinds, and the operators for them.
//!
//! ```text
//! 1 + 2.0      the int becomes a float       2 ** -1    0.5
//! 1.0 + 2j     the float becomes complex     1 / 0      `None`, since Python raises
//! ```

use pyc_code::Int;

use super::integer::Integer;
use super::{complex, float};
use crate::constant::Constant;
use crate::target::{Facts, Feature};
use crate::tree::{BinaryOp, UnaryOp};

/// A number; `True` and `False` are integers here, as their class inherits from `int`.
#[derive(Clone, Debug)]
pub(super) enum Number {
    Int(Integer),
    Float(f64),
    Complex(f64, f64),
}

impl Number {
    pub(super) fn of(constant: &Constant) -> Option<Self> {
        match constant {
            Constant::False => Some(Self::Int(Integer::ZERO)),
            Constant::True => Some(Self::Int(Integer::from(1))),
            Constant::Int(value) => Some(Self::Int(value.into())),
            Constant::Float(value) => Some(Self::Float(value.get())),
            Constant::Complex(real, imaginary) => Some(Self::Complex(real.get(), imaginary.get())),
            _ => None,
        }
    }

    pub(super) fn into_constant(self) -> Constant {
        match self {
            Self::Int(value) => Constant::Int(Int::from(&value)),
            Self::Float(value) => Constant::Float(value.into()),
            Self::Complex(real, imaginary) => Constant::Complex(real.into(), imaginary.into()),
        }
    }

    fn to_f64(&self) -> Option<f64> {
        match self {
            Self::Int(value) => value.to_f64(),
            Self::Float(value) => Some(*value),
            Self::Complex(..) => None,
        }
    }

    fn to_complex(&self) -> Option<(f64, f64)> {
        match self {
            Self::Complex(real, imaginary) => Some((*real, *imaginary)),
            _ => Some((self.to_f64()?, 0.0)),
        }
    }
}

/// `op operand`; [`UnaryOp::Not`] isn't supported.
pub(super) fn unary(op: UnaryOp, operand: Number) -> Option<Number> {
    match (op, operand) {
        (UnaryOp::Plus, operand) => Some(operand),
        (UnaryOp::Minus, Number::Int(value)) => Some(Number::Int(value.negated())),
        (UnaryOp::Minus, Number::Float(value)) => Some(Number::Float(-value)),
        (UnaryOp::Minus, Number::Complex(real, imaginary)) => {
            Some(Number::Complex(-real, -imaginary))
        }
        (UnaryOp::Invert, Number::Int(value)) => Some(Number::Int(value.inverted())),
        (UnaryOp::Invert | UnaryOp::Not, _) => None,
    }
}

/// `left op right`, within CPython's limits for folding.
pub(super) fn binary(facts: &Facts, left: &Number, op: BinaryOp, right: &Number) -> Option<Number> {
    match (left, right) {
        (Number::Int(left), Number::Int(right)) => of_integers(facts, left, op, right),
        (Number::Complex(..), _) | (_, Number::Complex(..)) => {
            if facts.has(Feature::MixedComplexArithmetic) {
                if let Some(mixed) = of_mixed(left, op, right) {
                    return mixed;
                }
            }
            of_complex(facts, left.to_complex()?, op, right.to_complex()?)
        }
        _ => of_floats(facts, left.to_f64()?, op, right.to_f64()?),
    }
}

fn of_integers(facts: &Facts, left: &Integer, op: BinaryOp, right: &Integer) -> Option<Number> {
    let value = match op {
        BinaryOp::Add => left.plus(right),
        BinaryOp::Subtract => left.minus(right),
        BinaryOp::Multiply => left.times(right)?,
        BinaryOp::FloorDivide => left.divided(right)?.0,
        BinaryOp::Remainder => left.divided(right)?.1,
        BinaryOp::TrueDivide => return left.true_divided(right).map(Number::Float),
        BinaryOp::Power if right.is_negative() => {
            return float::power(facts, left.to_f64()?, right.to_f64()?);
        }
        BinaryOp::Power => left.power(right)?,
        BinaryOp::LeftShift => left.shifted_left(right)?,
        BinaryOp::RightShift => left.shifted_right(right)?,
        BinaryOp::BitAnd => left.bitwise(right, |left, right| left & right),
        BinaryOp::BitOr => left.bitwise(right, |left, right| left | right),
        BinaryOp::BitXor => left.bitwise(right, |left, right| left ^ right),
        BinaryOp::MatrixMultiply => return None,
    };
    Some(Number::Int(value))
}

fn of_floats(facts: &Facts, left: f64, op: BinaryOp, right: f64) -> Option<Number> {
    let value = match op {
        BinaryOp::Add => left + right,
        BinaryOp::Subtract => left - right,
        BinaryOp::Multiply => left * right,
        BinaryOp::TrueDivide => float::divide(left, right)?,
        BinaryOp::FloorDivide => float::floor_divide(left, right)?,
        BinaryOp::Remainder => float::remainder(left, right)?,
        BinaryOp::Power => return float::power(facts, left, right),
        _ => return None,
    };
    Some(Number::Float(value))
}

/// The result for a complex and a real number, if it differs from that for two complex numbers.
#[expect(clippy::option_option, reason = "that Python raises is an answer, too")]
fn of_mixed(left: &Number, op: BinaryOp, right: &Number) -> Option<Option<Number>> {
    let (complex, real, turned) = match (left, right) {
        (Number::Complex(..), Number::Complex(..)) => return None,
        (Number::Complex(a, b), real) => ((*a, *b), real, false),
        (real, Number::Complex(a, b)) => ((*a, *b), real, true),
        _ => return None,
    };
    // Python raises for an integer that is too large for a float.
    let Some(real) = real.to_f64() else { return Some(None) };
    let value = match (op, turned) {
        (BinaryOp::Add, _) => Some((complex.0 + real, complex.1)),
        (BinaryOp::Subtract, false) => Some((complex.0 - real, complex.1)),
        (BinaryOp::Subtract, true) => Some((real - complex.0, -complex.1)),
        (BinaryOp::Multiply, _) => Some((complex.0 * real, complex.1 * real)),
        (BinaryOp::TrueDivide, false) => {
            (real != 0.0).then(|| (complex.0 / real, complex.1 / real))
        }
        (BinaryOp::TrueDivide, true) => complex::divide_real(real, complex),
        _ => return None,
    };
    Some(value.map(|(real, imaginary)| Number::Complex(real, imaginary)))
}

fn of_complex(facts: &Facts, left: (f64, f64), op: BinaryOp, right: (f64, f64)) -> Option<Number> {
    let (real, imaginary) = match op {
        BinaryOp::Add => (left.0 + right.0, left.1 + right.1),
        BinaryOp::Subtract => (left.0 - right.0, left.1 - right.1),
        BinaryOp::Multiply => complex::product(facts, left, right),
        BinaryOp::TrueDivide => complex::quotient(facts, left, right)?,
        BinaryOp::Power => return complex::power(facts, left, right),
        _ => return None,
    };
    Some(Number::Complex(real, imaginary))
}
