//! Strings, bytes and tuples: `"a" + "b"`, `(0,) * 3`, `"abc"[1]`.
//!
//! | operation | folded up to |
//! |---|---|
//! | `+` | any length |
//! | `str`, `bytes` times `int` | 4096 characters |
//! | `tuple` times `int` | 256 items, 1024 including those of nested tuples |
//!
//! The length of a string is in characters, which are counted in its UTF-8.

use super::Pool;
use super::integer::Integer;
use super::number::Number;
use crate::constant::{ConstId, Constant, Constants};

const MAX_COLLECTION_SIZE: usize = 256;
const MAX_STR_SIZE: usize = 4096;
const MAX_TOTAL_ITEMS: usize = 1024;

/// `left + right`
pub(super) fn concatenate(
    pool: &mut Pool<'_>,
    left: &Constant,
    right: &Constant,
) -> Option<Constant> {
    match (left, right) {
        (Constant::Str(left), Constant::Str(right)) => {
            let names = &mut *pool.names;
            let text = [names.bytes(*left), names.bytes(*right)].concat();
            Some(Constant::Str(names.intern(&text)))
        }
        (Constant::Bytes(left), Constant::Bytes(right)) => {
            Some(Constant::Bytes([&**left, right].concat().into()))
        }
        (Constant::Tuple(left), Constant::Tuple(right)) => {
            Some(Constant::Tuple([&**left, right].concat().into()))
        }
        _ => None,
    }
}

/// `sequence * times` (`ast_opt.c: safe_multiply`, 3.13).
pub(super) fn repeat(
    pool: &mut Pool<'_>,
    sequence: &Constant,
    times: &Integer,
) -> Option<Constant> {
    let times = times.to_i64();
    let within = |size: usize, limit: usize| -> Option<usize> {
        if size == 0 {
            // Whatever the number is, it must be an index.
            return times.map(|_| 0);
        }
        let times = usize::try_from(times?).ok()?;
        (times <= limit / size).then_some(times)
    };
    match sequence {
        Constant::Str(text) => {
            let bytes = pool.names.bytes(*text);
            let times = within(characters(bytes).count(), MAX_STR_SIZE)?;
            let text = bytes.repeat(times);
            Some(Constant::Str(pool.names.intern(&text)))
        }
        Constant::Bytes(bytes) => {
            let times = within(bytes.len(), MAX_STR_SIZE)?;
            Some(Constant::Bytes(bytes.repeat(times).into()))
        }
        Constant::Tuple(items) => {
            let times = within(items.len(), MAX_COLLECTION_SIZE)?;
            if let Some(limit) = MAX_TOTAL_ITEMS.checked_div(times) {
                check_complexity(pool, items, limit)?;
            }
            Some(Constant::Tuple(items.repeat(times).into()))
        }
        _ => None,
    }
}

/// The rest of the limit after all items, including nested ones.
fn check_complexity(pool: &Pool<'_>, items: &[ConstId], limit: usize) -> Option<usize> {
    let limit = limit.checked_sub(items.len())?;
    items.iter().try_fold(limit, |limit, &item| match &pool.constants[item] {
        Constant::Tuple(items) => check_complexity(pool, items, limit),
        _ => Some(limit),
    })
}

/// `sequence[index]`
pub(super) fn item(pool: &mut Pool<'_>, sequence: &Constant, index: &Integer) -> Option<Constant> {
    let index = index.to_i64()?;
    let place = |len: usize| -> Option<usize> {
        let len = i64::try_from(len).ok()?;
        let index = if index < 0 { index + len } else { index };
        usize::try_from(index).ok()
    };
    match sequence {
        Constant::Str(text) => {
            let bytes = pool.names.bytes(*text);
            let at = place(characters(bytes).count())?;
            let character = characters(bytes).nth(at)?.to_vec();
            Some(Constant::Str(pool.names.intern(&character)))
        }
        Constant::Bytes(bytes) => {
            let byte = bytes.get(place(bytes.len())?)?;
            Some(Constant::Int(i64::from(*byte).into()))
        }
        Constant::Tuple(items) => {
            let item = *items.get(place(items.len())?)?;
            Some(pool.constants[item].clone())
        }
        _ => None,
    }
}

/// The characters of UTF-8 text, including surrogates.
fn characters(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    bytes.chunk_by(|_, &next| next & 0xC0 == 0x80)
}

/// `sequence[start:stop:step]` (`sliceobject.c: PySlice_AdjustIndices`).
pub(super) fn slice(
    pool: &mut Pool<'_>,
    sequence: &Constant,
    parts: [ConstId; 3],
) -> Option<Constant> {
    let places = |len: usize| Places::of(pool.constants, parts, len);
    match sequence {
        Constant::Str(text) => {
            let all: Vec<_> = characters(pool.names.bytes(*text)).collect();
            let text: Vec<u8> = places(all.len())?.flat_map(|at| all[at].iter().copied()).collect();
            Some(Constant::Str(pool.names.intern(&text)))
        }
        Constant::Bytes(bytes) => {
            Some(Constant::Bytes(places(bytes.len())?.map(|at| bytes[at]).collect()))
        }
        Constant::Tuple(items) => {
            Some(Constant::Tuple(places(items.len())?.map(|at| items[at]).collect()))
        }
        _ => None,
    }
}

/// The indices that a slice selects.
struct Places {
    next: i64,
    step: i64,
    left: usize,
}

impl Places {
    fn of(constants: &Constants, parts: [ConstId; 3], len: usize) -> Option<Self> {
        let len = i64::try_from(len).ok()?;
        let [from, to, by] = parts.map(|part| Bound::of(&constants[part]));
        let step = match by? {
            Bound::Left => 1,
            // The smallest step can't be negated.
            Bound::At(step) => step.max(-i64::MAX),
        };
        let backward = step < 0;
        let (least, most) = if backward { (-1, len - 1) } else { (0, len) };
        let place = |bound, left_out: i64| match bound {
            Bound::Left => left_out,
            Bound::At(at) => if at < 0 { at.saturating_add(len) } else { at }.clamp(least, most),
        };
        let first = place(from?, if backward { most } else { least });
        let end = place(to?, if backward { least } else { most });
        let distance = if backward { first - end } else { end - first };
        if step == 0 {
            return None;
        }
        let left = if distance > 0 { (distance - 1) / step.abs() + 1 } else { 0 };
        Some(Self { next: first, step, left: usize::try_from(left).ok()? })
    }
}

impl Iterator for Places {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        self.left = self.left.checked_sub(1)?;
        let place = usize::try_from(self.next).ok();
        self.next = self.next.saturating_add(self.step);
        place
    }
}

/// A part of a slice.
#[derive(Clone, Copy)]
enum Bound {
    Left,
    /// Numbers out of range are clamped.
    At(i64),
}

impl Bound {
    fn of(part: &Constant) -> Option<Self> {
        if *part == Constant::None {
            return Some(Self::Left);
        }
        let Some(Number::Int(number)) = Number::of(part) else { return None };
        let extreme = if number.is_negative() { i64::MIN } else { i64::MAX };
        Some(Self::At(number.to_i64().unwrap_or(extreme)))
    }
}
