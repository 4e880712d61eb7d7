//! Searches records that are sorted by a string, in place.
//!
//! ```text
//! a   a-b   a.b   a.b.c   a.b.d   a.e      the children of `a` are `a.b` and `a.e`:
//!           └────── `a.`-prefixed ──┘      all in one range, from which `a.b.`'s is skipped
//! ```
//!
//! The names of modules in a directory, such as `a/b-1.2/c.d`, have a `/` before the last
//! separator: `a/b-1.2/` has the child `a/b-1.2/c`.

use std::cmp::Ordering;
use std::marker::PhantomData;
use std::ops::Range;

use super::Part;
use crate::Error;
use crate::layout::{
    AbsentRecord, DistributionRecord, Field, ModuleRecord, NodeRecord, Span, UnpackedRecord,
};

/// A record with a string by which its section is sorted.
pub(crate) trait Sorted: Field {
    fn key(&self) -> Span;
}

impl Sorted for ModuleRecord {
    fn key(&self) -> Span {
        self.name
    }
}

impl Sorted for NodeRecord {
    fn key(&self) -> Span {
        self.path
    }
}

impl Sorted for DistributionRecord {
    fn key(&self) -> Span {
        self.name
    }
}

impl Sorted for AbsentRecord {
    fn key(&self) -> Span {
        self.name
    }
}

impl Sorted for UnpackedRecord {
    fn key(&self) -> Span {
        self.path
    }
}

/// The strings by which the records of a section are sorted.
///
/// In a section that isn't sorted, a search can miss records without noticing.
pub(crate) struct Column<'a, R> {
    records: Part<'a>,
    strings: Part<'a>,
    record: PhantomData<R>,
}

impl<'a, R: Sorted> Column<'a, R> {
    pub(super) const fn new(records: Part<'a>, strings: Part<'a>) -> Self {
        Self { records, strings, record: PhantomData }
    }

    /// The string of a record.
    pub(crate) fn get(&self, number: usize) -> Result<&'a [u8], Error> {
        self.records
            .record::<R>(number)
            .and_then(|record| self.strings.range(record.key()))
            .ok_or_else(|| Error::corrupt(self.records.offset(number), "a name is out of bounds"))
    }

    /// The number of the record with the string `key`.
    pub(crate) fn find(&self, key: &str) -> Result<Option<usize>, Error> {
        let all = 0..self.records.count();
        let number = self.partition(all.clone(), |other| other < key.as_bytes())?;
        let found = number < all.end && self.get(number)? == key.as_bytes();
        Ok(found.then_some(number))
    }

    fn unsorted(&self, number: usize) -> Error {
        Error::corrupt(self.records.offset(number), "a section isn't sorted")
    }

    /// The first number in `range` for which `before` is false; its end if there is none.
    fn partition(
        &self,
        mut range: Range<usize>,
        before: impl Fn(&[u8]) -> bool,
    ) -> Result<usize, Error> {
        while range.start < range.end {
            let middle = range.start.midpoint(range.end);
            if before(self.get(middle)?) {
                range.start = middle + 1;
            } else {
                range.end = middle;
            }
        }
        Ok(range.start)
    }

    /// The records whose strings start with `base` and `separator`.
    fn below(&self, base: &[u8], separator: u8) -> Result<Range<usize>, Error> {
        let all = 0..self.records.count();
        let start = self.partition(all.clone(), |key| order(key, base, separator).is_lt())?;
        let end = self.partition(start..all.end, |key| order(key, base, separator).is_le())?;
        Ok(start..end)
    }
}

/// Compares `key` with the range of strings that start with `base` and `separator`: `Equal` if it
/// is one of them.
fn order(key: &[u8], base: &[u8], separator: u8) -> Ordering {
    match key.split_at_checked(base.len()) {
        None => key.cmp(base).then(Ordering::Less),
        Some((start, rest)) => start.cmp(base).then_with(|| rest.first().cmp(&Some(&separator))),
    }
}

/// The numbers of the records one level below another, in order.
///
/// Even in a damaged section, all of them have the right prefix and none occurs twice, so
/// descending into a tree ends. The iterator ends after an error.
pub(super) struct Children<'a, R> {
    column: Column<'a, R>,
    range: Range<usize>,
    separator: u8,
    /// Their common prefix. It is borrowed from the section, so the parent's name may be
    /// short-lived.
    prefix: &'a [u8],
    last: &'a [u8],
    error: Option<Error>,
}

impl<'a, R: Sorted> Children<'a, R> {
    /// The records below `parent`, or at the top level if it is empty.
    pub(super) fn of(column: Column<'a, R>, parent: &str, separator: u8) -> Self {
        Self::after(column, parent, separator, separator)
    }

    /// The same if `follows` instead of the separator stands between the parent and its children.
    pub(super) fn after(column: Column<'a, R>, parent: &str, follows: u8, separator: u8) -> Self {
        let find = || {
            if parent.is_empty() {
                return Ok((0..column.records.count(), &[][..]));
            }
            let range = column.below(parent.as_bytes(), follows)?;
            let first = if range.is_empty() { &[][..] } else { column.get(range.start)? };
            let prefix = first.get(..=parent.len()).unwrap_or_default();
            if range.is_empty() || order(prefix, parent.as_bytes(), follows).is_eq() {
                Ok((range, prefix))
            } else {
                Err(column.unsorted(range.start))
            }
        };
        let (range, prefix, error) = match find() {
            Ok((range, prefix)) => (range, prefix, None),
            Err(error) => (0..0, &[][..], Some(error)),
        };
        Self { column, range, separator, prefix, last: &[], error }
    }

    /// The next child; skips whole subtrees.
    fn step(&mut self) -> Result<Option<usize>, Error> {
        while self.range.start < self.range.end {
            let number = self.range.start;
            let key = self.column.get(number)?;
            if key.is_empty() && number == 0 {
                // Record 0 is the root directory, which isn't a child.
                self.range.start = 1;
                continue;
            }
            let rest = key.strip_prefix(self.prefix).filter(|_| key > self.last);
            let rest = rest.ok_or_else(|| self.column.unsorted(number))?;
            self.last = key;
            let Some(end) = rest.iter().position(|byte| *byte == self.separator) else {
                self.range.start = number + 1;
                if rest.contains(&b'/') {
                    // `a.d/x` lies in a directory next to `a`, not in `a`.
                    continue;
                }
                return Ok(Some(number));
            };
            let child = key.get(..self.prefix.len() + end).unwrap_or_default();
            let inside = |key: &[u8]| order(key, child, self.separator).is_le();
            self.range.start = self.column.partition(number + 1..self.range.end, inside)?;
        }
        Ok(None)
    }
}

impl<R: Sorted> Iterator for Children<'_, R> {
    type Item = Result<usize, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Some(error) = self.error.take() {
            return Some(Err(error));
        }
        let step = self.step();
        if step.is_err() {
            self.range = 0..0;
        }
        step.transpose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefixes_are_one_range() {
        let sorted = ["", "a", "a-b", "a.", "a.b", "a.b.c", "a/", "ab", "b"];
        let orders = sorted.map(|key| order(key.as_bytes(), b"a", b'.'));
        let (less, equal, greater) = (Ordering::Less, Ordering::Equal, Ordering::Greater);
        let expected = [less, less, less, equal, equal, equal, greater, greater, greater];
        assert_eq!(orders, expected);
    }
}
