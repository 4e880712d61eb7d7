//! Numbers, strings and bytes.
//!
//! `0x_ff` is 255, `"a" 'b'` one constant, and `"\ud800"` a text that ruff can't hold: it is decoded again.

use ruff_python_ast::{self as ast, Number, StringFlags, StringLiteral};
use ruff_text_size::TextRange;

use pyc_code::Int;

use super::text::{self, Kind};
use super::walk::Lowering;
use crate::constant::{ConstId, Constant};
use crate::error::{Fault, Result};
use crate::parse::too_many_digits;
use crate::tree::{ExprId, ExprKind, StrPrefix};

/// More digits than this aren't read (`sys.int_info.default_max_str_digits`, 3.13).
const MOST_DIGITS: usize = 4300;

impl Lowering<'_, '_, '_> {
    pub(super) fn number(&mut self, node: &ast::ExprNumberLiteral) -> Result<ConstId> {
        let value = match &node.value {
            Number::Int(value) => match value.as_i64() {
                Some(value) => return Ok(self.context.constants.int(value)),
                None => Constant::Int(self.big(node.range)?),
            },
            Number::Float(value) => Constant::Float((*value).into()),
            Number::Complex { real, imag } => Constant::Complex((*real).into(), (*imag).into()),
        };
        Ok(self.context.constants.intern(value))
    }

    /// An integer that no `i64` holds.
    fn big(&mut self, range: TextRange) -> Result<Int> {
        integer(self.source(range))
            .map_err(|many| Fault::syntax(self.span(range), too_many_digits(many)))
    }

    /// A string of one part or several.
    pub(super) fn string(&mut self, node: &ast::ExprStringLiteral) -> ExprId {
        let parts = node.value.as_slice();
        let mark = self.bytes.len();
        for part in parts {
            self.warn_in_string(part.range, part.flags, Kind::Text);
        }
        let name = match parts {
            [part] if self.is_plain(part) => self.name(&part.value),
            _ => {
                for part in parts {
                    self.add_string(part);
                }
                self.context.names.intern(&self.bytes[mark..])
            }
        };
        self.bytes.truncate(mark);
        let value = self.context.constants.str(name);
        let prefix = parts.first().map_or(StrPrefix::None, |part| self.prefix(part));
        let at = self.span(node.range);
        self.push(ExprKind::Constant { value, prefix }, at)
    }

    pub(super) fn bytes_literal(&mut self, node: &ast::ExprBytesLiteral) -> ExprId {
        let parts = node.value.as_slice();
        for part in parts {
            self.warn_in_string(part.range, part.flags, Kind::Bytes);
        }
        let value: Box<[u8]> = match parts {
            [part] => part.value.clone(),
            several => several.iter().flat_map(|part| part.value.iter().copied()).collect(),
        };
        let value = self.context.constants.intern(Constant::Bytes(value));
        let at = self.span(node.range);
        self.constant(value, at)
    }

    /// Appends a string's text to `self.bytes`.
    pub(super) fn add_string(&mut self, part: &StringLiteral) {
        if self.is_plain(part) {
            self.bytes.extend_from_slice(part.value.as_bytes());
        } else {
            let source = self.source(content(part.range, part.flags));
            text::restore_surrogates(source, &part.value, Kind::Text, &mut self.bytes);
        }
    }

    /// Whether ruff holds the text as it is: it puts U+FFFD in the place of a lone surrogate.
    fn is_plain(&self, part: &StringLiteral) -> bool {
        !part.value.contains(char::REPLACEMENT_CHARACTER)
            || StringFlags::prefix(part.flags).is_raw()
            || !self.source(part.range).contains('\\')
    }

    /// Whether the string is written `u"…"`; `U"…"` isn't told apart from a plain one (`action_helpers.c:
    /// _PyPegen_constant_from_string`, 3.13).
    pub(super) fn prefix(&self, part: &StringLiteral) -> StrPrefix {
        if self.source(part.range).starts_with('u') { StrPrefix::Unicode } else { StrPrefix::None }
    }
}

/// What is between the quotes.
pub(super) fn content(range: TextRange, flags: impl StringFlags) -> TextRange {
    range.add_start(flags.opener_len()).sub_end(flags.closer_len())
}

/// The integer that is written so; how many digits it has, if they are too many.
pub(crate) fn integer(source: &str) -> std::result::Result<Int, usize> {
    let radix = match source.as_bytes() {
        [b'0', b'x' | b'X', ..] => 16,
        [b'0', b'o' | b'O', ..] => 8,
        [b'0', b'b' | b'B', ..] => 2,
        _ => 10,
    };
    let digits = if radix == 10 { source } else { &source[2..] };
    let digits = digits.chars().filter_map(|digit| digit.to_digit(radix));
    let many = digits.clone().count();
    if radix == 10 && many > MOST_DIGITS && digits.clone().any(|digit| digit > 0) {
        return Err(many);
    }
    Ok(Int::from_magnitude(false, &magnitude(digits, radix)))
}

/// The magnitude in little-endian bytes: digits in chunks times the radix, one after the other.
fn magnitude(digits: impl Iterator<Item = u32>, radix: u32) -> Vec<u8> {
    if radix.is_power_of_two() {
        return packed(digits, radix.trailing_zeros());
    }
    let mut limbs: Vec<u32> = Vec::new();
    let mut shift_in = |scale: u64, chunk: u64| {
        let mut carry = chunk;
        for limb in &mut limbs {
            let sum = u64::from(*limb) * scale + carry;
            *limb = low(sum);
            carry = sum >> 32;
        }
        if carry > 0 {
            limbs.push(low(carry));
        }
    };
    let (mut scale, mut chunk) = (1u64, 0u64);
    for digit in digits {
        chunk = chunk * u64::from(radix) + u64::from(digit);
        scale *= u64::from(radix);
        if scale >= 1 << 26 {
            shift_in(scale, chunk);
            (scale, chunk) = (1, 0);
        }
    }
    shift_in(scale, chunk);
    limbs.iter().flat_map(|limb| limb.to_le_bytes()).collect()
}

/// The magnitude of digits that take so many bits each.
fn packed(digits: impl Iterator<Item = u32>, bits: u32) -> Vec<u8> {
    let digits: Vec<u32> = digits.collect();
    let mut bytes = Vec::with_capacity(digits.len() * bits as usize / 8 + 1);
    let (mut pending, mut held) = (0u32, 0);
    for digit in digits.iter().rev() {
        pending |= digit << held;
        held += bits;
        if held >= 8 {
            bytes.push(pending.to_le_bytes()[0]);
            pending >>= 8;
            held -= 8;
        }
    }
    bytes.push(pending.to_le_bytes()[0]);
    bytes
}

#[expect(clippy::cast_possible_truncation, reason = "the lower half is asked for")]
const fn low(value: u64) -> u32 {
    value as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn big_integers_are_read_in_any_radix() {
        let read = |digits: &str, radix| {
            let digits = digits.chars().filter_map(|digit| digit.to_digit(radix));
            Int::from_magnitude(false, &magnitude(digits, radix)).to_string()
        };
        let googol = format!("1{}", "0".repeat(100));
        assert_eq!(read(&googol, 10), googol);
        assert_eq!(read("1_0000_0000_0000_0000", 16), "18446744073709551616");
        assert_eq!(read(&"7".repeat(22), 8), "73786976294838206463");
        assert_eq!(read(&format!("1{}1", "0".repeat(65)), 2), "73786976294838206465");
        assert_eq!([read("", 16), read("000", 2)], ["0", "0"]);
    }
}
