//! The value of an object without children, independent of the type byte it was written with.
//!
//! `z 01 "x"`, `Z 01 "x"` and `t 01 00 00 00 "x"` are all `Leaf::Str(b"x")`.

use std::hash::{Hash, Hasher};

use super::tag::Tag;
use crate::error::ErrorKind;
use crate::int::{self, Int, Sign};

/// *Invariant*: two leaves are equal exactly if their values are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Leaf<'d> {
    /// `None`, `True`, `False` and `Ellipsis`.
    Singleton(u8),
    Int(i32),
    /// A value that fits an `i64`, but not an `i32`.
    Wide(i64),
    /// A value that doesn't fit an `i64`: normalised 15-bit digits in two bytes each.
    BigInt {
        sign: Sign,
        digits: &'d [u8],
    },
    Float(u64),
    Complex(u64, u64),
    Bytes(&'d [u8]),
    Str(&'d [u8]),
}

/// Whether CPython interns a string on loading it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Interned {
    No,
    Yes,
}

const UNICODE: u8 = Tag::Unicode.byte();

impl<'d> Leaf<'d> {
    /// The value of an object with type `tag` and content `bytes`.
    #[inline]
    pub(super) fn of_bytes(tag: Tag, bytes: &'d [u8]) -> Result<Self, ErrorKind> {
        Ok(match tag {
            Tag::Int => Self::Int(i32::from_le_bytes(fixed(bytes, 0))),
            Tag::Int64 => Self::small_int(i64::from_le_bytes(fixed(bytes, 0))),
            Tag::Float => Self::Float(u64::from_le_bytes(fixed(bytes, 0))),
            Tag::Complex => Self::Complex(
                u64::from_le_bytes(fixed(bytes, 0)),
                u64::from_le_bytes(fixed(bytes, 8)),
            ),
            Tag::OldFloat => Self::Float(numeral(bytes)?.0),
            Tag::OldComplex => {
                let (real, rest) = numeral(bytes)?;
                Self::Complex(real, numeral(rest)?.0)
            }
            tag => return Err(ErrorKind::NotConstant(tag.python_type())),
        })
    }

    /// The integer with these digits.
    pub(super) fn big_int(sign: Sign, digits: &'d [u8]) -> Self {
        match int::small(sign, digits) {
            Some(value) => Self::small_int(value),
            None => Self::BigInt { sign, digits },
        }
    }

    fn small_int(value: i64) -> Self {
        i32::try_from(value).map_or(Self::Wide(value), Self::Int)
    }

    /// The leaf of an integer.
    pub(super) fn int(value: &'d Int) -> Self {
        match value.big() {
            Some((sign, digits)) => Self::BigInt { sign, digits },
            // An integer that isn't big fits an `i64`.
            None => Self::small_int(value.to_i64().unwrap_or(0)),
        }
    }

    /// Writes the leaf according to rule 5 of CF1 (`docs/reference/marshal.md`); `flag` is added to
    /// its type byte, and a string is not interned.
    #[inline]
    pub(super) fn write(&self, flag: u8, out: &mut Vec<u8>) {
        let mut start = |tag: Tag| out.push(tag.byte() | flag);
        match self {
            Self::Singleton(byte) => out.push(*byte),
            Self::Int(value) => {
                start(Tag::Int);
                out.extend_from_slice(&value.to_le_bytes());
            }
            Self::Wide(value) => {
                start(Tag::BigInt);
                let count = digit_count(Sign::of(*value), int::small_digits(*value).count());
                out.extend_from_slice(&count);
                out.extend(int::small_digits(*value).flat_map(u16::to_le_bytes));
            }
            Self::BigInt { sign, digits } => {
                start(Tag::BigInt);
                out.extend_from_slice(&digit_count(*sign, digits.len() / 2));
                out.extend_from_slice(digits);
            }
            Self::Float(bits) => {
                start(Tag::Float);
                out.extend_from_slice(&bits.to_le_bytes());
            }
            Self::Complex(real, imaginary) => {
                start(Tag::Complex);
                out.extend_from_slice(&real.to_le_bytes());
                out.extend_from_slice(&imaginary.to_le_bytes());
            }
            Self::Bytes(bytes) => {
                start(Tag::Bytes);
                out.extend_from_slice(&(bytes.len() as u32).to_le_bytes());
                out.extend_from_slice(bytes);
            }
            Self::Str(text) => write_str(text, Interned::No, flag, out),
        }
    }
}

/// The number of digits, negative for a negative integer, as marshal stores it.
fn digit_count(sign: Sign, count: usize) -> [u8; 4] {
    let count = count as u32;
    match sign {
        Sign::Positive => count,
        Sign::Negative => count.wrapping_neg(),
    }
    .to_le_bytes()
}

/// Writes a string in its shortest form.
#[inline]
pub(super) fn write_str(text: &[u8], interned: Interned, flag: u8, out: &mut Vec<u8>) {
    let tag = str_tag(text, interned);
    if let Tag::ShortAscii | Tag::ShortAsciiInterned = tag {
        out.extend_from_slice(&[tag.byte() | flag, text.len() as u8]);
    } else {
        let [a, b, c, d] = (text.len() as u32).to_le_bytes();
        out.extend_from_slice(&[tag.byte() | flag, a, b, c, d]);
    }
    out.extend_from_slice(text);
}

/// The type byte of the interned form of a string.
pub(super) fn interned(byte: u8) -> u8 {
    match byte {
        UNICODE => Tag::Interned.byte(),
        // `z` becomes `Z`, `a` becomes `A`.
        byte => byte.to_ascii_uppercase(),
    }
}

/// Hashes the content without the type, since a collision between types only costs time.
impl Hash for Leaf<'_> {
    #[inline]
    fn hash<H: Hasher>(&self, state: &mut H) {
        match self {
            Self::Singleton(_) => state.write(&[]),
            Self::Int(value) => state.write(&value.to_le_bytes()),
            Self::Wide(value) => state.write(&value.to_le_bytes()),
            Self::BigInt { digits, .. } => state.write(digits),
            Self::Float(bits) => state.write(&bits.to_le_bytes()),
            Self::Complex(real, imaginary) => {
                let mut bytes = [0; 16];
                bytes[..8].copy_from_slice(&real.to_le_bytes());
                bytes[8..].copy_from_slice(&imaginary.to_le_bytes());
                state.write(&bytes);
            }
            Self::Bytes(bytes) | Self::Str(bytes) => state.write(bytes),
        }
    }
}

/// The bytes that can occur in an identifier.
static NAME: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0u8;
    while byte < 128 {
        table[byte as usize] = byte.is_ascii_alphanumeric() || byte == b'_';
        byte += 1;
    }
    table
};

/// Whether CPython interns a constant string because of its characters (`codeobject.c:
/// all_name_chars`).
#[inline(always)]
pub(super) fn is_identifier(text: &[u8]) -> bool {
    let mut at = 0;
    while at < text.len() && NAME[text[at] as usize] {
        at += 1;
    }
    at == text.len()
}

/// Like the standard library's, which is several calls without optimisation.
#[inline]
fn is_ascii(text: &[u8]) -> bool {
    const SHORT: usize = 32;
    if text.len() > SHORT {
        return text.is_ascii();
    }
    let (mut bits, mut at) = (0, 0);
    while at < text.len() {
        bits |= text[at];
        at += 1;
    }
    bits < 0x80
}

/// The shortest form of a string.
#[inline]
fn str_tag(text: &[u8], interned: Interned) -> Tag {
    match (is_ascii(text), text.len() < 256, interned == Interned::Yes) {
        (true, true, false) => Tag::ShortAscii,
        (true, true, true) => Tag::ShortAsciiInterned,
        (true, false, false) => Tag::Ascii,
        (true, false, true) => Tag::AsciiInterned,
        (false, _, false) => Tag::Unicode,
        (false, _, true) => Tag::Interned,
    }
}

/// Parses a float in text form; returns its bits and the rest of the bytes.
fn numeral(bytes: &[u8]) -> Result<(u64, &[u8]), ErrorKind> {
    let bad = || ErrorKind::BadFloat;
    let (&len, rest) = bytes.split_first().ok_or_else(bad)?;
    let (text, rest) = rest.split_at_checked(len.into()).ok_or_else(bad)?;
    let value: f64 =
        std::str::from_utf8(text).ok().and_then(|text| text.parse().ok()).ok_or_else(bad)?;
    Ok((value.to_bits(), rest))
}

/// The `N` bytes at `at`; the reader has checked that they exist.
fn fixed<const N: usize>(bytes: &[u8], at: usize) -> [u8; N] {
    std::array::from_fn(|index| bytes[at + index])
}

#[cfg(test)]
mod tests {
    use std::hash::{BuildHasher, RandomState};

    use super::*;

    #[test]
    fn equal_values_of_different_type_bytes_are_equal_leaves() {
        let hasher = RandomState::new();
        let of = |tag, bytes: &'static [u8]| Leaf::of_bytes(tag, bytes).unwrap();
        let seven = b"\xf9\xff\xff\xff\xff\xff\xff\xff";
        for forms in [
            [
                of(Tag::Int, &seven[..4]),
                of(Tag::Int64, seven),
                Leaf::big_int(Sign::Negative, b"\x07\x00"),
            ],
            [of(Tag::Int, &[0; 4]), of(Tag::Int64, &[0; 8]), Leaf::big_int(Sign::Positive, b"")],
            [
                of(Tag::Float, b"\0\0\0\0\0\0\xf8\x3f"),
                of(Tag::OldFloat, b"\x031.5"),
                of(Tag::OldFloat, b"\x051.500"),
            ],
        ] {
            for form in &forms {
                assert_eq!(*form, forms[0]);
                assert_eq!(hasher.hash_one(form), hasher.hash_one(forms[0]));
            }
        }
    }

    #[test]
    fn an_integer_is_written_in_its_shortest_form() {
        for (value, expected) in [
            (0, &b"i\x00\x00\x00\x00"[..]),
            (i64::from(i32::MIN), b"i\x00\x00\x00\x80"),
            (-(1 << 31) - 1, b"l\xfd\xff\xff\xff\x01\x00\x00\x00\x02\x00"),
            (1 << 31, b"l\x03\x00\x00\x00\x00\x00\x00\x00\x02\x00"),
        ] {
            let mut out = Vec::new();
            Leaf::int(&Int::from(value)).write(0, &mut out);
            assert_eq!(out, expected, "{value}");
        }
    }
}
