//! Searches records that are sorted by a string, in place.
//!
//! ```text
//! a   a-b   a.b   a.b.c   a.b.d   a.e      the children of `a` are `a.b` and `a.e`:
//!           └────── `a.`-prefixed ──┘      all in one range, from which `a.b.`'s is skipped
//! ```

use std::cmp::Ordering;
use std::marker::PhantomData;
use std::ops::Range;

use super::Part;
use crate::Error;
use crate::layout::{DistributionRecord, Field, ModuleRecord, NodeRecord, Span};

/// A record that has its place by a string.
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

/// The strings that the records of a section are sorted by.
///
/// A section that isn't sorted makes searches miss, nothing worse.
pub(crate) struct Column<'a, R> {
    records: Part<'a>,
    strings: Part<'a>,
    record: PhantomData<R>,
}

impl<'a, R: Sorted> Column<'a, R> {
    pub(super) const fn new(records: Part<'a>, strings: Part<'a>) -> Self {
        Self { records, strings, record: PhantomData }
    }

    /// The string of the record `number`.
    pub(crate) fn get(&self, number: usize) -> Result<&'a [u8], Error> {
        self.records
            .record::<R>(number)
            .and_then(|record| self.strings.range(record.key()))
            .ok_or_else(|| Error::corrupt(self.records.offset(number), "a name is out of bounds"))
    }

    /// The number of the record whose string is `key`.
    pub(crate) fn find(&self, key: &str) -> Result<Option<usize>, Error> {
        let all = 0..self.records.count();
        let number = self.partition(all.clone(), |other| other < key.as_bytes())?;
        let found = number < all.end && self.get(number)? == key.as_bytes();
        Ok(found.then_some(number))
    }

    /// The first in `range` that isn't `before`; its end if all are.
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

/// How `key` lies to the strings that start with `base` and `separator`: `Equal` is among them.
fn order(key: &[u8], base: &[u8], separator: u8) -> Ordering {
    match key.split_at_checked(base.len()) {
        None => key.cmp(base).then(Ordering::Less),
        Some((start, rest)) => start.cmp(base).then_with(|| rest.first().cmp(&Some(&separator))),
    }
}

/// The numbers of the records one level below another, in order.
///
/// Holds no more of the parent than its length; after an error it ends.
pub(super) struct Children<'a, R> {
    column: Column<'a, R>,
    range: Range<usize>,
    prefix: usize,
    separator: u8,
    error: Option<Error>,
}

impl<'a, R: Sorted> Children<'a, R> {
    /// Those below `parent`, or at the top level if it is empty.
    pub(super) fn of(column: Column<'a, R>, parent: &str, separator: u8) -> Self {
        let (range, prefix) = if parent.is_empty() {
            (Ok(0..column.records.count()), 0)
        } else {
            (column.below(parent.as_bytes(), separator), parent.len() + 1)
        };
        let (range, error) = match range {
            Ok(range) => (range, None),
            Err(error) => (0..0, Some(error)),
        };
        Self { column, range, prefix, separator, error }
    }

    /// The next child, stepping over whole subtrees.
    fn step(&mut self) -> Result<Option<usize>, Error> {
        while self.range.start < self.range.end {
            let number = self.range.start;
            let key = self.column.get(number)?;
            let rest = key.get(self.prefix..).unwrap_or_default();
            match rest.iter().position(|byte| *byte == self.separator) {
                None => {
                    self.range.start = number + 1;
                    // Only the root directory has an empty name, and it is nobody's child.
                    if !rest.is_empty() {
                        return Ok(Some(number));
                    }
                }
                Some(end) => {
                    let child = key.get(..self.prefix + end).unwrap_or_default();
                    let rest = number + 1..self.range.end;
                    let inside = |key: &[u8]| order(key, child, self.separator).is_le();
                    self.range.start = self.column.partition(rest, inside)?;
                }
            }
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
