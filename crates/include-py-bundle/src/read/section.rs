//! A section of an open bundle; returns checked records and ranges.
//!
//! `part.record::<ModuleRecord>(3)` is the fourth module's record, if there is one.

use crate::layout::{Field, Section, Span};

/// The bytes of a section and their offset in the bundle.
#[derive(Clone, Copy)]
pub(crate) struct Part<'a> {
    section: Section,
    start: usize,
    bytes: &'a [u8],
}

impl<'a> Part<'a> {
    #[inline]
    pub(super) const fn new(section: Section, start: usize, bytes: &'a [u8]) -> Self {
        Self { section, start, bytes }
    }

    /// Number of records.
    #[inline]
    pub(crate) const fn count(self) -> usize {
        self.bytes.len() / self.section.record_size()
    }

    pub(crate) const fn bytes(self) -> &'a [u8] {
        self.bytes
    }

    /// Offset in the bundle of the section's start.
    pub(crate) const fn start(self) -> usize {
        self.start
    }

    /// Offset in the bundle of the section's end, excluding padding.
    pub(crate) const fn end(self) -> usize {
        self.start.saturating_add(self.bytes.len())
    }

    /// Offset in the bundle of a record, even if it doesn't exist; for errors.
    pub(crate) const fn offset(self, number: usize) -> usize {
        self.start.saturating_add(number.saturating_mul(self.section.record_size()))
    }

    #[inline]
    pub(crate) fn record<T: Field>(self, number: usize) -> Option<T> {
        record(self.bytes, number)
    }

    /// The bytes of `count` records.
    #[inline]
    pub(crate) fn records<T: Field>(self, first: usize, count: usize) -> Option<&'a [u8]> {
        let start = first.checked_mul(T::SIZE)?;
        self.bytes.get(start..start.checked_add(count.checked_mul(T::SIZE)?)?)
    }

    #[inline]
    pub(crate) fn range(self, span: Span) -> Option<&'a [u8]> {
        span.of(self.bytes)
    }

    /// The range, if it is UTF-8.
    #[inline]
    pub(crate) fn text(self, span: Span) -> Option<&'a str> {
        std::str::from_utf8(self.range(span)?).ok()
    }
}

/// The record with this number in `bytes`, which contains only records of this type.
#[inline]
pub(super) fn record<T: Field>(bytes: &[u8], number: usize) -> Option<T> {
    let start = number.checked_mul(T::SIZE)?;
    T::read(&mut bytes.get(start..start.checked_add(T::SIZE)?)?)
}

impl Span {
    /// The referenced bytes in `pool`, if they lie within it.
    #[inline]
    pub(super) fn of(self, pool: &[u8]) -> Option<&[u8]> {
        let start = usize::try_from(self.offset).ok()?;
        let length = usize::try_from(self.length).ok()?;
        pool.get(start..start.checked_add(length)?)
    }
}
