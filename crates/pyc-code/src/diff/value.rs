//! Equality of constants by value.
//!
//! `frozenset({1, 2})` equals `frozenset({2, 1})`. Nested code objects count as equal here, because
//! `diff` compares them separately.

use std::collections::HashMap;
use std::sync::Arc;

use crate::constant::Const;
use crate::int::Sign;

/// Assigns equal values the same number, so that shared containers are visited only once.
#[derive(Default)]
pub(super) struct Values {
    numbers: HashMap<Key, u64>,
    /// Numbers of containers, keyed by address; the containers outlive this table.
    known: HashMap<(u8, *const ()), u64>,
}

/// A value whose children are replaced by their numbers.
#[derive(PartialEq, Eq, Hash)]
enum Key {
    Leaf(Box<[u8]>),
    Sequence(u8, Vec<u64>),
}

/// A container whose children are being numbered.
struct Open<'c> {
    kind: u8,
    address: *const (),
    items: &'c [Const<'c>],
    numbers: Vec<u64>,
}

impl Values {
    /// Whether two constants are the same value.
    pub(super) fn equal(&mut self, left: &Const<'_>, right: &Const<'_>) -> bool {
        self.number(left) == self.number(right)
    }

    /// The number of a constant. It uses an explicit stack instead of recursion, so nesting can't
    /// overflow the call stack.
    fn number(&mut self, constant: &Const<'_>) -> u64 {
        let mut open: Vec<Open<'_>> = Vec::new();
        let mut next = constant;
        loop {
            let mut number = match self.visit(next) {
                Ok(number) => number,
                Err(container) => {
                    open.push(container);
                    u64::MAX
                }
            };
            loop {
                let Some(top) = open.last_mut() else { return number };
                if number != u64::MAX {
                    top.numbers.push(number);
                }
                if let Some(item) = top.items.get(top.numbers.len()) {
                    next = item;
                    break;
                }
                let Some(done) = open.pop() else { return number };
                number = self.finish(done);
            }
        }
    }

    /// The number of a leaf or of a container seen before; otherwise the container to visit.
    fn visit<'c>(&mut self, constant: &'c Const<'c>) -> Result<u64, Open<'c>> {
        let (kind, address, items) = match constant {
            Const::Tuple(items) => (b'(', Arc::as_ptr(items).cast(), &items[..]),
            Const::FrozenSet(items) => (b'>', Arc::as_ptr(items).cast(), &items[..]),
            Const::Slice(items) => (b':', Arc::as_ptr(items).cast(), &items[..]),
            leaf => return Ok(self.intern(Key::Leaf(bytes(leaf)))),
        };
        match self.known.get(&(kind, address)) {
            Some(&number) => Ok(number),
            None => Err(Open { kind, address, items, numbers: Vec::with_capacity(items.len()) }),
        }
    }

    fn finish(&mut self, Open { kind, address, mut numbers, .. }: Open<'_>) -> u64 {
        if kind == b'>' {
            numbers.sort_unstable();
        }
        let number = self.intern(Key::Sequence(kind, numbers));
        self.known.insert((kind, address), number);
        number
    }

    fn intern(&mut self, key: Key) -> u64 {
        let next = self.numbers.len() as u64;
        *self.numbers.entry(key).or_insert(next)
    }
}

/// An encoding of a leaf that differs for different leaves.
fn bytes(leaf: &Const<'_>) -> Box<[u8]> {
    let (kind, content) = match leaf {
        Const::Int(value) => match (value.to_i64(), value.big()) {
            (_, Some((Sign::Negative, digits))) => (b'-', digits.to_vec()),
            (_, Some((Sign::Positive, digits))) => (b'+', digits.to_vec()),
            (small, None) => (b'i', small.map_or(Vec::new(), |value| value.to_le_bytes().to_vec())),
        },
        Const::Float(value) => (b'g', value.to_bits().to_le_bytes().to_vec()),
        Const::Complex(real, imaginary) => {
            (b'y', [real.to_bits().to_le_bytes(), imaginary.to_bits().to_le_bytes()].concat())
        }
        Const::Str(text) => (b'u', text.as_bytes().to_vec()),
        Const::Bytes(bytes) => (b's', bytes.to_vec()),
        Const::Bool(true) => (b'T', Vec::new()),
        Const::Bool(false) => (b'F', Vec::new()),
        Const::Ellipsis => (b'.', Vec::new()),
        Const::Code(_) => (b'c', Vec::new()),
        _ => (b'N', Vec::new()),
    };
    std::iter::once(kind).chain(content).collect()
}
