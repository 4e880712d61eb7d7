//! Locations as numbers, so that steps are small and cheap to copy.
//!
//! Place 3 is the location of the instruction with index 3.

use crate::instruction::{Instruction, Op};
use crate::location::{Line, Location};
use crate::name::count;

/// The location of an instruction in the unit's [`Places`]. Different places may have equal
/// locations.
#[derive(Clone, Copy, Debug, Eq)]
pub(in crate::flow) struct Place(u32);

impl PartialEq for Place {
    /// The derived one isn't always inlined.
    #[inline(always)]
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

/// The instructions from which the steps were created, for their locations.
#[derive(Debug, Default)]
pub(super) struct Places(pub(super) Vec<Instruction>);

/// The first line of each place.
#[derive(Clone, Copy)]
pub(in crate::flow) struct Lines<'p>(&'p [Instruction]);

impl Place {
    /// In no line.
    pub(in crate::flow) const NONE: Self = Self(u32::MAX);

    /// Replaced in the end by the place of the step that comes next.
    pub(in crate::flow) const NEXT: Self = Self(u32::MAX - 1);

    /// The place for a location without a line.
    pub(super) fn nowhere(location: Location) -> Self {
        if location == Location::NEXT { Self::NEXT } else { Self::NONE }
    }

    /// The place of the instruction with this index.
    #[inline(always)]
    pub(super) const fn of(index: u32) -> Self {
        Self(index)
    }
}

impl Places {
    pub(super) fn location(&self, place: Place) -> Location {
        match self.0.get(place.0 as usize) {
            Some(instruction) => instruction.location,
            None => Location::NONE,
        }
    }

    pub(super) fn add(&mut self, location: Location) -> Place {
        let place = Place(count(self.0.len()));
        self.0.push(Instruction { op: Op::NOP, argument: 0, location });
        place
    }

    #[inline(always)]
    pub(super) fn lines(&self) -> Lines<'_> {
        Lines(&self.0)
    }
}

impl Lines<'_> {
    #[inline(always)]
    pub(in crate::flow) fn of(self, place: Place) -> Line {
        self.0.get(place.0 as usize).map_or(Line::NONE, |instruction| instruction.location.line)
    }
}
