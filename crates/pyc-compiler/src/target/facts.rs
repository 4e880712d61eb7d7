//! A release's facts, with a record of which of them were used.
//!
//! If the parser used no fact in which two releases differ, a source has the same tree for both,
//! and can be compiled for both from one parse. `x = 1` has the same tree for 3.12 and 3.13, but
//! not `class A[T=int]: pass`, for which the parser asked for `TypeParamDefaults`.

use std::cell::Cell;

use super::feature::Features;
use super::{Feature, Target};

/// The facts that decoding and parsing use; later stages ask the [`Target`] itself.
#[derive(Clone, Debug)]
pub(crate) struct Facts {
    target: Target,
    asked: Cell<Features>,
}

impl Facts {
    pub(crate) fn of(target: &Target) -> Self {
        Self { target: *target, asked: Cell::new(Features::NONE) }
    }

    #[cfg(test)]
    pub(crate) fn of_release(version: &str) -> Self {
        Self::of(&Target::preview(version.parse().unwrap()).unwrap())
    }

    /// Whether this release's compiler has the feature. Records the question.
    pub(crate) fn has(&self, feature: Feature) -> bool {
        self.asked.set(self.asked.get().with(feature));
        self.target.has(feature)
    }

    /// The release; from here on, any fact may have been used.
    pub(crate) fn release(&self) -> &Target {
        self.asked.set(Features::ALL);
        &self.target
    }

    /// The questions asked so far.
    pub(crate) fn questions(&self) -> Questions {
        Questions { target: self.target, asked: self.asked.get() }
    }
}

/// The questions that were asked about a release.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Questions {
    target: Target,
    asked: Features,
}

impl Questions {
    /// Whether `other` gives the same answers to all questions.
    pub(crate) fn answered_alike(&self, other: &Target) -> bool {
        !self.target.features.differ_in(other.features, self.asked)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn releases_differ_only_in_facts_that_were_asked_for() {
        let target = |version: &str| Target::for_version(version.parse().unwrap()).unwrap();
        let (old, new) = (target("3.12.7"), target("3.13.0"));
        let facts = Facts::of(&old);
        assert!(facts.questions().answered_alike(&new));
        facts.has(Feature::TypeParams);
        assert!(facts.questions().answered_alike(&new));
        assert!(!facts.questions().answered_alike(&target("3.11.7")));
        facts.has(Feature::TypeParamDefaults);
        assert!(!facts.questions().answered_alike(&new));
    }
}
