//! `{"a": x, **rest}`: all keys must be present.
//!
//! ```text
//! {"a": x}     MATCH_MAPPING; …; GET_LEN; LOAD_CONST 1; COMPARE_OP >=; …; LOAD_CONST 'a'; BUILD_TUPLE 1; MATCH_KEYS; …
//! ```

use hashbrown::HashSet;
use pyc_code::{Float, Int, Sign};

use super::Matching;
use crate::codegen::Generator;
use crate::constant::{ConstId, Constant};
use crate::error::Result;
use crate::instruction::Op;
use crate::location::Location;
use crate::name::{Name, count};
use crate::tree::{CompareOp, ExprId, ExprKind, List, PatternId};

impl Generator<'_, '_> {
    /// `compile.c: compiler_pattern_mapping`, 3.13.
    pub(super) fn mapping_pattern(
        &mut self,
        keys: List<ExprId>,
        patterns: List<PatternId>,
        rest: Option<Name>,
        matching: &mut Matching,
        at: Location,
    ) -> Result<()> {
        let tree = self.tree;
        let size = count(keys.len());
        matching.on_top += 1;
        self.emit(Op::MATCH_MAPPING, 0, at);
        self.fail(Op::POP_JUMP_IF_FALSE, matching, at);
        if size == 0 && rest.is_none() {
            matching.on_top -= 1;
            self.emit(Op::POP_TOP, 0, at);
            return Ok(());
        }
        if size > 0 {
            self.check_length(CompareOp::GreaterEqual, keys.len(), matching, at);
        }
        self.keys(keys, at)?;
        self.emit(Op::BUILD_TUPLE, size, at);
        self.emit(Op::MATCH_KEYS, 0, at);
        // The keys and the values, as tuples.
        matching.on_top += 2;
        self.fail_if_none(matching, at);
        self.emit(Op::UNPACK_SEQUENCE, size, at);
        // The tuple of the values is replaced by its items.
        matching.on_top += size;
        matching.on_top -= 1;
        for &pattern in &tree[patterns] {
            matching.on_top -= 1;
            self.subpattern(pattern, matching)?;
        }
        // What follows pops the keys and the subject.
        matching.on_top -= 2;
        let at = self.pattern_carried_or(matching, at);
        if let Some(rest) = rest {
            self.rest(size, at);
            return self.capture(Some(rest), matching, at);
        }
        self.emit(Op::POP_TOP, 0, at);
        self.emit(Op::POP_TOP, 0, at);
        Ok(())
    }

    /// Creates a copy of the dict without the keys. Stack: `[subject, keys]`.
    fn rest(&mut self, size: u32, at: Location) {
        self.emit(Op::BUILD_MAP, 0, at);
        self.emit(Op::SWAP, 3, at);
        self.emit(Op::DICT_UPDATE, 2, at);
        self.emit(Op::UNPACK_SEQUENCE, size, at);
        // Stack: `[copy, keys…]`. Each round deletes the key on top from the copy.
        for keys_left in (1..=size).rev() {
            self.emit(Op::COPY, 1 + keys_left, at);
            self.emit(Op::SWAP, 2, at);
            self.emit(Op::DELETE_SUBSCR, 0, at);
        }
    }

    /// Pushes the keys. Duplicate keys are refused.
    fn keys(&mut self, keys: List<ExprId>, at: Location) -> Result<()> {
        let tree = self.tree;
        let mut seen = HashSet::new();
        for &key in &tree[keys] {
            match tree[key].kind {
                ExprKind::Constant { value, .. } => {
                    if !seen.insert(Key::of(value, &self.context.constants[value])) {
                        let key = crate::unparse::repr(value, self.context);
                        let message = format!("mapping pattern checks duplicate key ({key})");
                        return self.error(at, message);
                    }
                }
                ExprKind::Attribute { .. } => {}
                _ => {
                    let message =
                        "mapping pattern keys may only match literals and attribute lookups";
                    return self.error(at, message);
                }
            }
            self.expression(key)?;
        }
        Ok(())
    }
}

/// A key for comparison: in Python `1 == 1.0 == True`.
#[derive(Debug, PartialEq, Eq, Hash)]
enum Key {
    Number(Real, Real),
    /// Constants other than numbers are equal if they are the same.
    Other(ConstId),
}

impl Key {
    fn of(id: ConstId, constant: &Constant) -> Self {
        number(constant).map_or(Self::Other(id), |(real, imaginary)| Self::Number(real, imaginary))
    }
}

/// A number's real and imaginary part, such that equal numbers have equal parts.
fn number(constant: &Constant) -> Option<(Real, Real)> {
    let zero = || Real::Whole(Int::from(0));
    Some(match constant {
        Constant::False => (zero(), zero()),
        Constant::True => (Real::Whole(Int::from(1)), zero()),
        Constant::Int(value) => (Real::Whole(value.clone()), zero()),
        Constant::Float(value) => (real(*value), zero()),
        Constant::Complex(real_part, imaginary) => (real(*real_part), real(*imaginary)),
        _ => return None,
    })
}

#[derive(Debug, PartialEq, Eq, Hash)]
enum Real {
    Whole(Int),
    /// The bits of a number that isn't whole or is infinite.
    Other(u64),
}

fn real(float: Float) -> Real {
    let value = float.get();
    if !value.is_finite() || value.fract() != 0.0 {
        return Real::Other(value.to_bits());
    }
    // The mantissa has 53 bits: `mantissa * 2 ** exponent`.
    let bits = value.abs().to_bits();
    let (mantissa, exponent) = match bits >> 52 {
        0 => (0, 0),
        biased => (bits & ((1 << 52) - 1) | 1 << 52, i64::try_from(biased).unwrap_or(0) - 1075),
    };
    // The largest exponent is 971, so the last bytes written below are 121 to 136.
    let mut bytes = vec![0; 144];
    if exponent < 0 {
        bytes[..8].copy_from_slice(&(mantissa >> -exponent).to_le_bytes());
    } else {
        let shifted = u128::from(mantissa) << (exponent % 8);
        let start = usize::try_from(exponent / 8).unwrap_or(0);
        bytes[start..start + 16].copy_from_slice(&shifted.to_le_bytes());
    }
    let sign = if value < 0.0 { Sign::Negative } else { Sign::Positive };
    Real::Whole(Int::from_magnitude(sign, &bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_equal_whatever_their_type() {
        let equal = |a: &Constant, b: &Constant| {
            // For numbers, the id of the constant doesn't matter.
            Key::of(ConstId::NONE, a) == Key::of(ConstId::TRUE, b)
        };
        let float = |value: f64| Constant::Float(value.into());
        let int = |value: i64| Constant::Int(value.into());
        assert!(equal(&int(1), &Constant::True));
        assert!(equal(&float(0.0), &float(-0.0)));
        assert!(equal(&float(-3.0), &int(-3)));
        assert!(equal(&float(9_007_199_254_740_992.0), &int(1 << 53)));
        assert!(equal(&Constant::Complex(2.0.into(), 0.0.into()), &int(2)));
        assert!(!equal(&Constant::Complex(2.0.into(), 1.0.into()), &int(2)));
        assert!(!equal(&float(0.5), &int(0)));
        assert!(!equal(&Constant::None, &Constant::False));
        let mut big = vec![0; 12];
        big.push(1);
        assert!(equal(
            &float(2f64.powi(96)),
            &Constant::Int(Int::from_magnitude(Sign::Positive, &big))
        ));
    }
}
