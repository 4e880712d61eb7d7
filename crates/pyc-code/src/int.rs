//! A Python integer of any size.
//!
//! `Int::from(7)` is stored as an `i64`; `Int::from_magnitude(Sign::Positive, &[0, 0, 0, 0, 0, 0,
//! 0, 0, 1])` is 2**64.

use std::fmt::{self, Write as _};
use std::sync::Arc;

/// An integer constant. Equal values compare as equal, however they were created.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Int(Repr);

/// The sign of an integer's magnitude; zero is zero with either.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Sign {
    /// Zero or above.
    Positive,
    /// Zero or below.
    Negative,
}

impl Sign {
    pub(crate) const fn of(value: i64) -> Self {
        if value < 0 { Self::Negative } else { Self::Positive }
    }
}

/// *Invariant*: `Big` holds only values that don't fit an `i64`, without leading zeros.
#[derive(Clone, PartialEq, Eq, Hash)]
enum Repr {
    Small(i64),
    /// 15-bit digits in two bytes each, least significant first, as marshal stores them.
    Big {
        sign: Sign,
        digits: Arc<[u8]>,
    },
}

/// Bits per marshal digit.
const DIGIT_BITS: u32 = 15;

impl Int {
    /// The integer with this sign and magnitude; `bytes` are little-endian.
    #[must_use]
    pub fn from_magnitude(sign: Sign, bytes: &[u8]) -> Self {
        let mut digits = Vec::with_capacity(bytes.len() * 8 / 15 + 1);
        let (mut bits, mut held) = (0u32, 0u32);
        for &byte in bytes {
            bits |= u32::from(byte) << held;
            held += 8;
            if held >= DIGIT_BITS {
                digits.push((bits & 0x7fff) as u16);
                bits >>= DIGIT_BITS;
                held -= DIGIT_BITS;
            }
        }
        digits.push((bits & 0x7fff) as u16);
        Self::from_digits(sign, digits)
    }

    /// The integer with these 15-bit digits, least significant first; each is below 2**15.
    fn from_digits(sign: Sign, mut digits: Vec<u16>) -> Self {
        while digits.last() == Some(&0) {
            digits.pop();
        }
        let bytes: Vec<u8> = digits.into_iter().flat_map(u16::to_le_bytes).collect();
        Self::from_digit_bytes(sign, &bytes)
    }

    /// The integer with these 15-bit digits in two bytes each, least significant first; the last is
    /// not 0.
    pub(crate) fn from_digit_bytes(sign: Sign, bytes: &[u8]) -> Self {
        match small(sign, bytes) {
            Some(value) => Self(Repr::Small(value)),
            None => Self(Repr::Big { sign, digits: bytes.into() }),
        }
    }

    /// The value, if it fits an `i64`.
    #[must_use]
    pub fn to_i64(&self) -> Option<i64> {
        match self.0 {
            Repr::Small(value) => Some(value),
            Repr::Big { .. } => None,
        }
    }

    /// The value, if it fits an `i32`.
    #[must_use]
    pub fn to_i32(&self) -> Option<i32> {
        self.to_i64().and_then(|value| value.try_into().ok())
    }

    /// Whether it is below zero.
    #[must_use]
    pub fn is_negative(&self) -> bool {
        match self.0 {
            Repr::Small(value) => value < 0,
            Repr::Big { sign, .. } => sign == Sign::Negative,
        }
    }

    /// The absolute value in little-endian bytes without leading zeros; empty for zero.
    #[must_use]
    pub fn magnitude(&self) -> Vec<u8> {
        let digits: Vec<u16> = match &self.0 {
            Repr::Small(value) => small_digits(*value).collect(),
            Repr::Big { digits, .. } => self::digits(digits).collect(),
        };
        let (mut bytes, mut bits, mut held) = (Vec::with_capacity(digits.len() * 2), 0u32, 0u32);
        for digit in digits {
            bits |= u32::from(digit) << held;
            held += DIGIT_BITS;
            while held >= 8 {
                bytes.push((bits & 0xff) as u8);
                bits >>= 8;
                held -= 8;
            }
        }
        bytes.push((bits & 0xff) as u8);
        while bytes.last() == Some(&0) {
            bytes.pop();
        }
        bytes
    }

    /// The sign and the digits, if the value doesn't fit an `i64`.
    pub(crate) fn big(&self) -> Option<(Sign, &[u8])> {
        match &self.0 {
            Repr::Small(_) => None,
            Repr::Big { sign, digits } => Some((*sign, digits)),
        }
    }
}

/// The value of these digits, if it fits an `i64`.
pub(crate) fn small(sign: Sign, bytes: &[u8]) -> Option<i64> {
    if bytes.len() > 10 {
        return None;
    }
    let magnitude =
        digits(bytes).rev().fold(0i128, |sum, digit| sum << DIGIT_BITS | i128::from(digit));
    let value = match sign {
        Sign::Positive => magnitude,
        Sign::Negative => -magnitude,
    };
    i64::try_from(value).ok()
}

/// The digits of an `i64`, least significant first; empty for zero.
pub(crate) fn small_digits(value: i64) -> impl Iterator<Item = u16> {
    let mut rest = value.unsigned_abs();
    std::iter::from_fn(move || {
        let digit = (rest & 0x7fff) as u16;
        let more = rest != 0;
        rest >>= DIGIT_BITS;
        more.then_some(digit)
    })
}

fn digits(bytes: &[u8]) -> impl DoubleEndedIterator<Item = u16> + '_ {
    bytes.chunks_exact(2).map(|digit| u16::from_le_bytes([digit[0], digit[1]]))
}

impl From<i64> for Int {
    fn from(value: i64) -> Self {
        Self(Repr::Small(value))
    }
}

impl From<i32> for Int {
    fn from(value: i32) -> Self {
        Self(Repr::Small(value.into()))
    }
}

/// Maximum number of 15-bit digits of a value that has at most 4,300 decimal digits.
const PRINTED: usize = 952;

/// Prints decimal digits as Python does. Values of more than 4,300 decimal digits are printed in
/// hexadecimal: Python refuses to print them (`sys.set_int_max_str_digits`), and converting them
/// takes quadratic time.
impl fmt::Display for Int {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest: Vec<u16> = match &self.0 {
            Repr::Small(value) => return value.fmt(f),
            Repr::Big { digits, .. } if digits.len() > 2 * PRINTED => {
                let mut text = String::with_capacity(digits.len());
                for byte in self.magnitude().iter().rev() {
                    write!(text, "{byte:02x}")?;
                }
                let text = text.trim_start_matches('0');
                return f.pad_integral(!self.is_negative(), "", &format!("0x{text}"));
            }
            Repr::Big { digits, .. } => self::digits(digits).collect(),
        };
        let mut groups = Vec::new();
        while !rest.is_empty() {
            let mut remainder = 0u64;
            for digit in rest.iter_mut().rev() {
                let value = remainder << DIGIT_BITS | u64::from(*digit);
                // The remainder is below 10**9, so the quotient is below 2**15.
                *digit = ((value / 1_000_000_000) & 0x7fff) as u16;
                remainder = value % 1_000_000_000;
            }
            while rest.last() == Some(&0) {
                rest.pop();
            }
            groups.push(remainder);
        }
        let mut text = groups.pop().unwrap_or(0).to_string();
        for group in groups.iter().rev() {
            write!(text, "{group:09}")?;
        }
        f.pad_integral(!self.is_negative(), "", &text)
    }
}

impl fmt::Debug for Int {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_too_long_for_python_to_print_are_hexadecimal() {
        let [largest, larger] =
            [1785, 1786].map(|length| Int::from_magnitude(Sign::Negative, &vec![1; length]));
        assert!(!largest.to_string().starts_with("-0x"), "{largest}");
        assert!(larger.to_string().starts_with("-0x10101"), "{larger}");
        assert_eq!(larger.to_string().len(), 3 + 2 * 1786 - 1);
    }

    #[test]
    fn one_value_has_one_form() {
        let two_to_63 = Int::from_magnitude(Sign::Negative, &[0, 0, 0, 0, 0, 0, 0, 0x80, 0, 0]);
        assert_eq!(two_to_63, Int::from(i64::MIN));
        assert_eq!(Int::from_magnitude(Sign::Positive, &[]), Int::from(0));
        assert_eq!(Int::from_magnitude(Sign::Negative, &[1]), Int::from(-1));
        for value in [0, 1, 0x7fff, 0x8000, i64::from(u32::MAX), i64::MAX] {
            let int = Int::from(value);
            assert_eq!(Int::from_digits(Sign::Positive, small_digits(value).collect()), int);
        }
    }

    #[test]
    fn magnitudes_are_little_endian() {
        let ten_to_30 = 10u128.pow(30).to_le_bytes();
        let trimmed = Int::from_magnitude(Sign::Negative, &ten_to_30).magnitude();
        assert_eq!(trimmed, ten_to_30[..13]);
        assert_eq!(Int::from(-258).magnitude(), [2, 1]);
        assert_eq!(Int::from(0).magnitude(), []);
        assert_eq!(Int::from(i64::MIN).magnitude(), [0, 0, 0, 0, 0, 0, 0, 0x80]);
    }

    #[test]
    fn big_integers_print_in_decimal() {
        let ten_to_30 = Int::from_magnitude(Sign::Negative, &(10u128.pow(30)).to_le_bytes());
        assert_eq!(ten_to_30.to_string(), format!("-1{}", "0".repeat(30)));
        let all = Int::from_magnitude(Sign::Positive, &u128::MAX.to_le_bytes());
        assert_eq!(all.to_string(), u128::MAX.to_string());
    }
}
