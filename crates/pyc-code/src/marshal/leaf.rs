//! An object without children, by its value: one value has one `Leaf`, whatever letter it was written with.
//!
//! `z 01 "x"`, `Z 01 "x"` and `t 01 00 00 00 "x"` are all `Leaf::Str(b"x")`.

use std::borrow::Cow;
use std::hash::{Hash, Hasher};

use super::graph::{Graph, Node};
use super::tag::{FLAG_REF, Tag};
use crate::error::{Error, ErrorKind};
use crate::int::Int;

/// *Invariant*: equal leaves are equal values, and the other way round.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Leaf<'d> {
    /// `None`, `True`, `False` and `Ellipsis`.
    Singleton(u8),
    Int(i32),
    /// What no `i32` holds: digits of 15 bits in two bytes each, normalised.
    BigInt {
        negative: bool,
        digits: Cow<'d, [u8]>,
    },
    Float(u64),
    Complex(u64, u64),
    Bytes(&'d [u8]),
    Str(&'d [u8]),
}

impl<'d> Leaf<'d> {
    /// The value of `node`, whose bytes are in `data`.
    #[inline]
    pub(super) fn of(node: Node, data: &'d [u8]) -> Result<Self, Error> {
        let bytes = node.payload(data);
        Ok(match node.tag {
            Tag::None | Tag::True | Tag::False | Tag::Ellipsis => Self::Singleton(node.tag.byte()),
            Tag::Bytes => Self::Bytes(bytes),
            tag if tag.is_str() => Self::Str(bytes),
            Tag::Int => Self::Int(i32::from_le_bytes(fixed(bytes, 0))),
            Tag::Int64 => Self::int(&Int::from(i64::from_le_bytes(fixed(bytes, 0)))),
            Tag::BigInt => big_int(node, data),
            Tag::Float => Self::Float(u64::from_le_bytes(fixed(bytes, 0))),
            Tag::Complex => Self::Complex(
                u64::from_le_bytes(fixed(bytes, 0)),
                u64::from_le_bytes(fixed(bytes, 8)),
            ),
            Tag::OldFloat => Self::Float(numeral(bytes, node)?.0),
            Tag::OldComplex => {
                let (real, rest) = numeral(bytes, node)?;
                Self::Complex(real, numeral(rest, node)?.0)
            }
            tag => {
                return Err(Error::at(ErrorKind::NotConstant(tag.python_type()), node.at as usize));
            }
        })
    }

    /// The leaf of an integer.
    pub(super) fn int(value: &Int) -> Self {
        match value.to_i32() {
            Some(small) => Self::Int(small),
            None => Self::BigInt {
                negative: value.is_negative(),
                digits: value.digits().flat_map(u16::to_le_bytes).collect(),
            },
        }
    }

    /// Writes it in the form of CF1, rule 5.
    pub(super) fn write(&self, interned: bool, flagged: bool, out: &mut Vec<u8>) {
        let flag = if flagged { FLAG_REF } else { 0 };
        let mut start = |tag: Tag| out.push(tag.byte() | flag);
        match self {
            Self::Singleton(byte) => out.push(*byte),
            Self::Int(value) => {
                start(Tag::Int);
                out.extend_from_slice(&value.to_le_bytes());
            }
            Self::BigInt { negative, digits } => {
                start(Tag::BigInt);
                let count = (digits.len() / 2) as u32;
                let count = if *negative { count.wrapping_neg() } else { count };
                out.extend_from_slice(&count.to_le_bytes());
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
            Self::Str(text) => {
                let tag = str_tag(text, interned);
                start(tag);
                match tag {
                    Tag::ShortAscii | Tag::ShortAsciiInterned => out.push(text.len() as u8),
                    _ => out.extend_from_slice(&(text.len() as u32).to_le_bytes()),
                }
                out.extend_from_slice(text);
            }
        }
    }
}

/// What most leaves are known by without taking them apart: their type and their bytes. Of the types that
/// [`Node::plain`] leaves out, every value is also one of another leaf or has several forms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Plain<'d> {
    kind: Kind,
    bytes: &'d [u8],
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Singleton(Tag),
    Int,
    Float,
    Complex,
    Bytes,
    Str,
}

impl Node {
    /// A leaf by its type and bytes, if they decide its value.
    #[inline]
    pub(super) fn plain(self, data: &[u8]) -> Option<Plain<'_>> {
        let kind = match self.tag {
            Tag::ShortAscii
            | Tag::ShortAsciiInterned
            | Tag::Ascii
            | Tag::AsciiInterned
            | Tag::Unicode
            | Tag::Interned => Kind::Str,
            Tag::Bytes => Kind::Bytes,
            Tag::Int => Kind::Int,
            Tag::Float => Kind::Float,
            Tag::Complex => Kind::Complex,
            tag @ (Tag::None | Tag::True | Tag::False | Tag::Ellipsis) => Kind::Singleton(tag),
            _ => return None,
        };
        Some(Plain { kind, bytes: self.payload(data) })
    }
}

/// By content alone: a collision of types is only slower.
impl Hash for Plain<'_> {
    #[inline]
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write(self.bytes);
    }
}

/// As [`Plain`] does where there is one.
impl Hash for Leaf<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        match self {
            Self::Singleton(_) => state.write(&[]),
            Self::Int(value) => state.write(&value.to_le_bytes()),
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

impl Graph<'_> {
    /// The value of a leaf.
    pub(super) fn leaf(&self, node: Node) -> Result<Leaf<'_>, Error> {
        Leaf::of(node, &self.data)
    }
}

/// The shortest form of a string.
fn str_tag(text: &[u8], interned: bool) -> Tag {
    match (text.is_ascii(), text.len() < 256, interned) {
        (true, true, false) => Tag::ShortAscii,
        (true, true, true) => Tag::ShortAsciiInterned,
        (true, false, false) => Tag::Ascii,
        (true, false, true) => Tag::AsciiInterned,
        (false, _, false) => Tag::Unicode,
        (false, _, true) => Tag::Interned,
    }
}

/// The value of digits, of which three may fit an `i32`.
fn big_int(node: Node, data: &[u8]) -> Leaf<'_> {
    let digits = node.payload(data);
    // The sign is that of the count, whose last byte stands before the digits.
    let negative = data[node.start as usize - 1] & 0x80 != 0;
    if digits.len() > 6 {
        return Leaf::BigInt { negative, digits: Cow::Borrowed(digits) };
    }
    let digits =
        digits.chunks_exact(2).map(|digit| u16::from_le_bytes([digit[0], digit[1]])).collect();
    Leaf::int(&Int::from_digits(negative, digits))
}

/// The bits of a float written in text, and what follows it.
fn numeral(bytes: &[u8], node: Node) -> Result<(u64, &[u8]), Error> {
    let bad = || Error::at(ErrorKind::BadFloat, node.at as usize);
    let (&len, rest) = bytes.split_first().ok_or_else(bad)?;
    let (text, rest) = rest.split_at_checked(len.into()).ok_or_else(bad)?;
    let value: f64 =
        std::str::from_utf8(text).ok().and_then(|text| text.parse().ok()).ok_or_else(bad)?;
    Ok((value.to_bits(), rest))
}

/// `N` bytes from `at`; the reader has seen that they are there.
fn fixed<const N: usize>(bytes: &[u8], at: usize) -> [u8; N] {
    std::array::from_fn(|index| bytes[at + index])
}

#[cfg(test)]
mod tests {
    use std::hash::{BuildHasher, RandomState};

    use super::*;
    use crate::version::Minor;

    #[test]
    fn a_value_is_one_leaf_whatever_its_letter() {
        let hasher = RandomState::new();
        for forms in [
            [
                &b"i\xf9\xff\xff\xff"[..],
                b"I\xf9\xff\xff\xff\xff\xff\xff\xff",
                b"l\xff\xff\xff\xff\x07\x00",
            ],
            [b"i\x00\x00\x00\x00", b"I\x00\x00\x00\x00\x00\x00\x00\x00", b"l\x00\x00\x00\x00"],
            [b"g\x00\x00\x00\x00\x00\x00\xf8\x3f", b"f\x031.5", b"f\x051.500"],
            [b"Z\x01x", b"a\x01\x00\x00\x00x", b"u\x01\x00\x00\x00x"],
        ] {
            let graphs = forms.map(|form| Graph::read(form, Minor::PY38).unwrap());
            let leaves = graphs.each_ref().map(|graph| graph.leaf(graph.nodes[0]).unwrap());
            for (graph, leaf) in graphs.iter().zip(&leaves) {
                assert_eq!(*leaf, leaves[0]);
                assert_eq!(hasher.hash_one(leaf), hasher.hash_one(&leaves[0]));
                if let Some(plain) = graph.nodes[0].plain(&graph.data) {
                    assert_eq!(hasher.hash_one(plain), hasher.hash_one(leaf), "{leaf:?}");
                }
            }
        }
    }
}
