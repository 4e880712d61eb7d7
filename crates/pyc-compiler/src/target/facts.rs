//! A release's facts, with a note of those that were asked for.
//!
//! A source has the same tree for two releases unless the parser asked for a fact in which they
//! differ, so both can be compiled from one parse. `x = 1` has the same tree for 3.12 and 3.13, and
//! `class A[T=int]: pass` hasn't, since the parser asked for `TypeParamDefaults`.

use std::cell::Cell;

use super::feature::Features;
use super::{Feature, Target};

/// The facts that decoding and parsing ask for; later stages ask the [`Target`] itself.
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

    /// Whether this release's compiler works so.
    pub(crate) fn has(&self, feature: Feature) -> bool {
        self.asked.set(self.asked.get().with(feature));
        self.target.has(feature)
    }

    /// The release, of which anything may matter from here on.
    pub(crate) fn release(&self) -> &Target {
        self.asked.set(Features::ALL);
        &self.target
    }

    /// The questions so far.
    pub(crate) fn questions(&self) -> Questions {
        Questions { target: self.target, asked: self.asked.get() }
    }
}

/// What a release was asked.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Questions {
    target: Target,
    asked: Features,
}

impl Questions {
    /// Whether `other` gives the same answers.
    pub(crate) fn answered_alike(&self, other: &Target) -> bool {
        !self.target.features.differ_in(other.features, self.asked)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_questions_that_were_asked_tell_releases_apart() {
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
