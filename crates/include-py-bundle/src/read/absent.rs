//! One module that a bundle doesn't hold, although its source was there when it was built, and why.
//!
//! `pkg._fast`, since `pkg/_fast.cpython-312-x86_64-linux-gnu.so` is for another CPython.

use super::Bundle;
use crate::Error;
use crate::layout::{AbsentRecord, Section};

/// A module that was left out.
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
            Error::corrupt(offset, "what is said of a module that was left out isn't in `strings`")
        })
    }

    /// The full name of the module.
    #[must_use]
    pub const fn name(&self) -> &'a str {
        self.name
    }

    /// The path at which its file would be.
    #[must_use]
    pub const fn path(&self) -> &'a str {
        self.path
    }

    /// Why it isn't there, and what can be done, as the end of a sentence.
    #[must_use]
    pub const fn reason(&self) -> &'a str {
        self.reason
    }
}
