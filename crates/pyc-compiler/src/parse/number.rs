//! Numbers' values.
//!
//! `1_000` is an integer, `1e3` a float, `2j` a complex number.

use super::parser::Parser;
use super::{Doubt, Result};
use crate::constant::{ConstId, Constant};
use crate::lower;

impl Parser<'_, '_, '_> {
    /// The value of the number that the token is.
    pub(super) fn number(&mut self) -> Result<ConstId> {
        let bytes = self.lexer.source();
        if let Some(value) = small(bytes) {
            return Ok(self.context.constants.int(value));
        }
        let source = std::str::from_utf8(bytes).map_err(|_| Doubt)?;
        let value = match bytes {
            [b'0', b'x' | b'X' | b'o' | b'O' | b'b' | b'B', ..] => {
                Constant::Int(lower::integer(source).map_err(|_| Doubt)?)
            }
            [real @ .., b'j' | b'J'] => Constant::Complex(0.0.into(), float(real)?.into()),
            _ if bytes.iter().any(|byte| matches!(byte, b'.' | b'e' | b'E')) => {
                Constant::Float(float(bytes)?.into())
            }
            _ => Constant::Int(lower::integer(source).map_err(|_| Doubt)?),
        };
        Ok(self.context.constants.intern(value))
    }
}

/// A decimal integer of few digits.
fn small(digits: &[u8]) -> Option<i64> {
    if digits.len() > 18 || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    Some(digits.iter().fold(0, |value, digit| value * 10 + i64::from(digit - b'0')))
}

fn float(written: &[u8]) -> Result<f64> {
    let digits: String =
        written.iter().filter(|&&byte| byte != b'_').map(|&byte| char::from(byte)).collect();
    digits.parse().map_err(|_| Doubt)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_read() {
        assert_eq!(small(b"0"), Some(0));
        assert_eq!(small(b"999999999999999999"), Some(999_999_999_999_999_999));
        assert_eq!(small(b"1000000000000000000"), None);
        assert_eq!(small(b"1_0"), None);
        for (written, value) in
            [("1.", 1.0), (".5", 0.5), ("1_0e-1_0", 1e-9), ("1e999", f64::INFINITY)]
        {
            assert_eq!(float(written.as_bytes()).unwrap().to_bits(), value.to_bits(), "{written}");
        }
    }
}
