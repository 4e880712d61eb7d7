//! Constant sets: which of their elements Python takes for equal.
//!
//! `{1, 1.0, True, "a"}` is `frozenset({1, "a"})`: of equal elements the first stays.

use pyc_code::Int;

use super::{ConstId, Constant, Constants};

impl Constants {
    /// The frozenset of these elements. Their order means nothing: the sets of `{1, 2}` and `{2, 1}` are one constant.
    pub(crate) fn frozen_set(&mut self, elements: &[ConstId]) -> ConstId {
        let mut distinct: Vec<ConstId> = Vec::with_capacity(elements.len());
        let mut numbers: Vec<ConstId> = Vec::new();
        for &element in elements {
            if self.may_equal_others(element) {
                if numbers.iter().any(|&known| self.equal(known, element)) {
                    continue;
                }
                numbers.push(element);
            }
            distinct.push(element);
        }
        distinct.sort_unstable();
        distinct.dedup();
        self.intern(Constant::FrozenSet(distinct.into()))
    }

    /// Whether another constant can be equal in Python: numbers of several types, and what contains them.
    fn may_equal_others(&self, id: ConstId) -> bool {
        match &self[id] {
            Constant::False
            | Constant::True
            | Constant::Int(_)
            | Constant::Float(_)
            | Constant::Complex(..) => true,
            Constant::Tuple(items) => items.iter().any(|&item| self.may_equal_others(item)),
            Constant::FrozenSet(items) => items.iter().any(|&item| self.may_equal_others(item)),
            _ => false,
        }
    }

    /// Python's `==`, with the same constant always equal to itself.
    fn equal(&self, left: ConstId, right: ConstId) -> bool {
        if left == right {
            return true;
        }
        match (&self[left], &self[right]) {
            (Constant::Tuple(left), Constant::Tuple(right)) => {
                left.len() == right.len()
                    && left.iter().zip(right).all(|(&left, &right)| self.equal(left, right))
            }
            (Constant::FrozenSet(left), Constant::FrozenSet(right)) => {
                left.len() == right.len()
                    && left.iter().all(|&left| right.iter().any(|&right| self.equal(left, right)))
            }
            _ => match (self.number(left), self.number(right)) {
                (Some(left), Some(right)) => left == right,
                _ => false,
            },
        }
    }

    /// The number in one form, whatever its type is: its real and imaginary part.
    fn number(&self, id: ConstId) -> Option<(Real, f64)> {
        Some(match &self[id] {
            Constant::False => (Real::Whole(Int::from(0)), 0.0),
            Constant::True => (Real::Whole(Int::from(1)), 0.0),
            Constant::Int(value) => (Real::Whole(value.clone()), 0.0),
            Constant::Float(value) => (Real::of(value.get()), 0.0),
            Constant::Complex(real, imaginary) => (Real::of(real.get()), imaginary.get()),
            _ => return None,
        })
    }
}

/// A real number; what is whole is never a fraction.
#[derive(Clone, Debug, PartialEq)]
enum Real {
    Whole(Int),
    Fraction(f64),
}

impl Real {
    fn of(value: f64) -> Self {
        /// Bits of a significand that are stored, below the one that is not.
        const STORED: u32 = 52;
        if !value.is_finite() || value.fract() != 0.0 {
            return Self::Fraction(value);
        }
        let bits = value.abs().to_bits();
        let exponent = (bits >> STORED) as u32;
        let significand = bits & ((1 << STORED) - 1) | 1 << STORED;
        // 1023 is the exponent of 1.0, whose significand is 2**52.
        let magnitude = match exponent.checked_sub(1023 + STORED) {
            Some(shift) => {
                let mut bytes = vec![0; shift as usize / 8];
                bytes.extend((u128::from(significand) << (shift % 8)).to_le_bytes());
                bytes
            }
            None if value == 0.0 => Vec::new(),
            None => (significand >> (1023 + STORED - exponent)).to_le_bytes().to_vec(),
        };
        Self::Whole(Int::from_magnitude(value < 0.0, &magnitude))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_numbers_are_one_element() {
        let mut constants = Constants::new();
        let one = constants.int(1);
        let float = constants.intern(Constant::Float(1.0.into()));
        let complex = constants.intern(Constant::Complex(1.0.into(), 0.0.into()));
        let half = constants.intern(Constant::Float(0.5.into()));
        let alone = constants.frozen_set(&[one]);
        assert_eq!(constants.frozen_set(&[one, float, complex, ConstId::TRUE]), alone);
        assert_ne!(constants.frozen_set(&[float, one]), alone);
        let both = constants.frozen_set(&[half, one, half]);
        assert_eq!(constants.frozen_set(&[one, half]), both);
        let (pair, other) = (constants.tuple([one, half]), constants.tuple([float, half]));
        let pairs = constants.frozen_set(&[pair]);
        assert_eq!(constants.frozen_set(&[pair, other]), pairs);
    }

    #[test]
    fn whole_floats_are_integers() {
        let whole = |value: i64| Real::Whole(value.into());
        assert_eq!(Real::of(-0.0), whole(0));
        assert_eq!(Real::of(3.0), whole(3));
        assert_eq!(Real::of(-9_007_199_254_740_994.0), whole(-9_007_199_254_740_994));
        assert_eq!(Real::of(1e300).to_text(), format!("{:.0}", 1e300));
        assert_eq!(Real::of(0.25), Real::Fraction(0.25));
        assert_ne!(Real::of(f64::NAN), Real::of(f64::NAN));
    }

    impl Real {
        fn to_text(&self) -> String {
            match self {
                Self::Whole(value) => value.to_string(),
                Self::Fraction(value) => value.to_string(),
            }
        }
    }
}
