//! A module that was omitted from the bundle, and the reason.
//!
//! `pkg._fast` is omitted because `pkg/_fast.cpython-312-x86_64-linux-gnu.so` is for another
//! CPython.

use super::Bundle;
use crate::Error;
use crate::layout::{AbsentRecord, Section};

/// An omitted module.
#[derive(Clone, Copy, Debug)]
pub struct Absent<'a> {
    name: &'a str,
    path: &'a str,
    reason: &'a str,
}

impl<'a> Absent<'a> {
    pub(super) fn read(bundle: &Bundle<'a>, number: usize) -> Result<Self, Error> {
        let absent = bundle.part(Section::Absent);
        let strings = bundle.part(Section::Strings);
        let read = || {
            let record: AbsentRecord = absent.record(number)?;
            Some(Self {
                name: strings.text(record.name)?,
                path: strings.text(record.path)?,
                reason: strings.text(record.reason)?,
            })
        };
        read().ok_or_else(|| {
            let offset = absent.offset(number);
            Error::corrupt(offset, "the text of an omitted module isn't in `strings`")
        })
    }

    /// The full name of the module.
    #[must_use]
    pub const fn name(&self) -> &'a str {
        self.name
    }

    /// The path that its file would have.
    #[must_use]
    pub const fn path(&self) -> &'a str {
        self.path
    }

    /// Why it was omitted and what to do, worded as the end of a sentence.
    #[must_use]
    pub const fn reason(&self) -> &'a str {
        self.reason
    }
}
