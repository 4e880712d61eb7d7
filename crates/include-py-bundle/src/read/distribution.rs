//! A distribution in an open bundle: its name, and the location of its metadata.
//!
//! `requests` has its metadata in `requests-2.32.3.dist-info`.

use super::Bundle;
use crate::Error;
use crate::layout::{DistributionRecord, Section};

/// A distribution in a bundle.
#[derive(Clone, Copy, Debug)]
pub struct Distribution<'a> {
    name: &'a str,
    directory: &'a str,
}

impl<'a> Distribution<'a> {
    pub(super) fn read(bundle: &Bundle<'a>, number: usize) -> Result<Self, Error> {
        let distributions = bundle.part(Section::Distributions);
        let strings = bundle.part(Section::Strings);
        let read = || {
            let record: DistributionRecord = distributions.record(number)?;
            Some(Self {
                name: strings.text(record.name)?,
                directory: strings.text(record.directory)?,
            })
        };
        read().ok_or_else(|| {
            let offset = distributions.offset(number);
            Error::corrupt(offset, "a distribution's name or directory isn't in `strings`")
        })
    }

    /// Its name, normalised by [`normalize`](crate::normalize).
    #[must_use]
    pub const fn name(&self) -> &'a str {
        self.name
    }

    /// The path of the directory with its metadata, such as `requests-2.32.3.dist-info`.
    #[must_use]
    pub const fn directory(&self) -> &'a str {
        self.directory
    }
}
