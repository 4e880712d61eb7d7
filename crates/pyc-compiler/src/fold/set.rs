//! The distinct elements of a set of constants, by Python's equality.
//!
//! `{1, 1.0, True, "a", "a"}` is `{1, "a"}`: the first of equal elements is kept.

use super::integer::Integer;
use super::number::Number;
use crate::constant::{ConstId, Constant, Constants};

/// The frozenset of these elements. Their order is ignored: the sets of `{1, 2}` and `{2, 1}` are
/// the same constant.
pub(crate) fn frozen_set(constants: &mut Constants, elements: &[ConstId]) -> ConstId {
    let mut keys: Vec<_> =
        (0..).zip(elements).map(|(at, &element)| (key(constants, element), at, element)).collect();
    keys.sort_unstable_by_key(|&(key, at, _)| (key, at));
    keys.dedup_by_key(|&mut (key, ..)| key);
    let mut distinct: Box<[ConstId]> = keys.into_iter().map(|(.., element)| element).collect();
    distinct.sort_unstable();
    constants.intern(Constant::FrozenSet(distinct))
}

/// A constant that is the same for all equal constants.
fn key(constants: &mut Constants, id: ConstId) -> ConstId {
    let key = match &constants[id] {
        Constant::True => Constant::Int(1.into()),
        Constant::False => Constant::Int(0.into()),
        Constant::Float(value) => real(value.get()),
        Constant::Complex(value, imaginary) if imaginary.get() == 0.0 => real(value.get()),
        Constant::Complex(value, imaginary) => {
            // Adding zero converts a negative zero to a positive one.
            Constant::Complex((value.get() + 0.0).into(), (imaginary.get() + 0.0).into())
        }
        Constant::Tuple(items) => {
            let items = items.clone();
            Constant::Tuple(items.iter().map(|&item| key(constants, item)).collect())
        }
        _ => return id,
    };
    constants.intern(key)
}

/// The integer equal to a float, or the float if there is none.
fn real(value: f64) -> Constant {
    match Integer::from_f64(value) {
        Some(value) => Number::Int(value).into_constant(),
        None => Constant::Float(value.into()),
    }
}
