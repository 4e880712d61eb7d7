//! The values of numbers.
//!
//! `1_000` is an integer, `1e3` a float, `2j` a complex number.

use pyc_code::{Int, Sign};

use super::parser::Parser;
use super::{Doubt, Result};
use crate::constant::{ConstId, Constant};

impl Parser<'_, '_, '_> {
    /// The value of the current token, which is a number.
    pub(super) fn number(&mut self) -> Result<ConstId> {
        let bytes = self.lexer.source();
        if let Some(value) = small(bytes) {
            return Ok(self.context.constants.int(value));
        }
        let source = std::str::from_utf8(bytes).map_err(|_| Doubt)?;
        let value = match bytes {
            [b'0', b'x' | b'X' | b'o' | b'O' | b'b' | b'B', ..] => {
                Constant::Int(integer(source).map_err(|_| Doubt)?)
            }
            [real @ .., b'j' | b'J'] => Constant::Complex(0.0.into(), float(real)?.into()),
            _ if bytes.iter().any(|byte| matches!(byte, b'.' | b'e' | b'E')) => {
                Constant::Float(float(bytes)?.into())
            }
            _ => Constant::Int(integer(source).map_err(|_| Doubt)?),
        };
        Ok(self.context.constants.intern(value))
    }
}

/// The maximum number of decimal digits (`sys.int_info.default_max_str_digits`, 3.13).
const MOST_DIGITS: usize = 4300;

/// An integer with few digits and no underscores.
fn small(written: &[u8]) -> Option<i64> {
    let (radix, digits) = match written {
        [b'0', b'x' | b'X', digits @ ..] => (16, digits),
        [b'0', b'o' | b'O', digits @ ..] => (8, digits),
        [b'0', b'b' | b'B', digits @ ..] => (2, digits),
        _ => (10, written),
    };
    // Fifteen digits fit into an `i64` in any radix.
    if digits.len() > 15 {
        return None;
    }
    digits.iter().try_fold(0, |value, &digit| {
        let digit = char::from(digit).to_digit(radix)?;
        Some(value * i64::from(radix) + i64::from(digit))
    })
}

fn float(written: &[u8]) -> Result<f64> {
    let digits: String =
        written.iter().filter(|&&byte| byte != b'_').map(|&byte| char::from(byte)).collect();
    digits.parse().map_err(|_| Doubt)
}

/// The integer with this text. The error is the number of digits if there are too many.
pub(super) fn integer(source: &str) -> std::result::Result<Int, usize> {
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
    Ok(Int::from_magnitude(Sign::Positive, &magnitude(digits, radix)))
}

/// The magnitude in little-endian bytes. It is multiplied by the radix and increased, one chunk of
/// digits at a time.
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
        // `scale` stays below 2**30, so the products of `shift_in` fit into 64 bits.
        if scale >= 1 << 26 {
            shift_in(scale, chunk);
            (scale, chunk) = (1, 0);
        }
    }
    shift_in(scale, chunk);
    limbs.iter().flat_map(|limb| limb.to_le_bytes()).collect()
}

/// The magnitude of digits that have this many bits each.
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
    fn values_are_read() {
        assert_eq!(small(b"0"), Some(0));
        assert_eq!(small(b"999999999999999"), Some(999_999_999_999_999));
        assert_eq!(small(b"1000000000000000"), None);
        assert_eq!(small(b"0XfFfFfFfFfFfFfFf"), Some(0xfff_ffff_ffff_ffff));
        assert_eq!([small(b"0o17"), small(b"0B101")], [Some(15), Some(5)]);
        assert_eq!([small(b"1_0"), small(b"0x_1"), small(b"0x10000000000000000")], [None; 3]);
        for (written, value) in
            [("1.", 1.0), (".5", 0.5), ("1_0e-1_0", 1e-9), ("1e999", f64::INFINITY)]
        {
            assert_eq!(float(written.as_bytes()).unwrap().to_bits(), value.to_bits(), "{written}");
        }
    }

    #[test]
    fn big_integers_are_read_in_any_radix() {
        let read = |digits: &str, radix| {
            let digits = digits.chars().filter_map(|digit| digit.to_digit(radix));
            Int::from_magnitude(Sign::Positive, &magnitude(digits, radix)).to_string()
        };
        let googol = format!("1{}", "0".repeat(100));
        assert_eq!(read(&googol, 10), googol);
        assert_eq!(read("1_0000_0000_0000_0000", 16), "18446744073709551616");
        assert_eq!(read(&"7".repeat(22), 8), "73786976294838206463");
        assert_eq!(read(&format!("1{}1", "0".repeat(65)), 2), "73786976294838206465");
        assert_eq!([read("", 16), read("000", 2)], ["0", "0"]);
    }
}
