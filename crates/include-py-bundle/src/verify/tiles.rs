//! Checks that references cover a pool without gaps, so that it can't contain hidden data.
//!
//! ```text
//! references   [0..4]  [4..7]  [0..4]  [7..9]
//! pool         └──────┘└──────┘        └────┘   each starts at the end of all before it, or lies
//!                                               within the range that they cover
//! ```

use crate::layout::{Section, Span};
use crate::{Bundle, Error};

/// The part of a pool that is covered so far.
pub(super) struct Tiles {
    covered: u64,
    end: u64,
    section_end: usize,
}

impl Tiles {
    pub(super) fn of(bundle: &Bundle<'_>, section: Section) -> Self {
        let part = bundle.part(section);
        Self { covered: 0, end: part.bytes().len() as u64, section_end: part.end() }
    }

    /// Adds the next reference; its record is at `offset`.
    pub(super) fn see(&mut self, span: Span, offset: usize) -> Result<(), Error> {
        let start = u64::from(span.offset);
        let end = start + u64::from(span.length);
        if span.length == 0 && start != 0 {
            return Err(Error::corrupt(offset, "an empty reference isn't at 0"));
        }
        if start == self.covered {
            self.covered = end;
        } else if end > self.covered {
            return Err(Error::corrupt(offset, "a reference leaves a gap"));
        }
        Ok(())
    }

    /// Checks that the whole pool is covered.
    pub(super) fn finish(self) -> Result<(), Error> {
        if self.covered == self.end {
            Ok(())
        } else {
            Err(Error::corrupt(self.section_end, "a section contains bytes without a reference"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(spans: &[(u32, u32)], end: u64) -> Result<(), Error> {
        let mut tiles = Tiles { covered: 0, end, section_end: 0 };
        for (offset, length) in spans {
            tiles.see(Span { offset: *offset, length: *length }, 0)?;
        }
        tiles.finish()
    }

    #[test]
    fn references_leave_no_gaps() {
        assert!(check(&[], 0).is_ok());
        assert!(check(&[(0, 0), (0, 4), (0, 0), (4, 3), (0, 4), (7, 2)], 9).is_ok());
        assert!(check(&[(0, 4)], 5).is_err());
        assert!(check(&[(0, 4), (5, 1)], 6).is_err());
        assert!(check(&[(0, 4), (3, 2)], 5).is_err());
        assert!(check(&[(0, 4), (4, 0)], 4).is_err());
    }
}
