//! In what releases' compilers differ: one row a fact, with the first release that has it and the last.
//!
//! `Feature::GeneratorGetIter` holds for 3.13.1 to 3.13.3 and again from 3.13.5.

use pyc_code::Version;

macro_rules! features {
    ($($(#[$doc:meta])* $name:ident: $($since:literal..$($until:literal)?),+;)*) => {
        /// A fact about a release's compiler.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum Feature {
            $($(#[$doc])* $name,)*
        }

        /// For each feature the ranges of releases that have it, the end exclusive.
        const RANGES: &[&[(&str, &str)]] = &[$(&[$(($since, features!(@ $($until)?))),+]),*];
    };
    (@) => { "" };
    (@ $until:literal) => { $until };
}

features! {
    /// A generator expression calls `iter()` on what it is given, and so do inlined comprehensions (gh-125038).
    GeneratorGetIter: "3.13.1".."3.13.4", "3.13.5"..;
    /// The text of an f-string's `=` ends where the expression ends, `!=` in it or not (gh-129093, gh-124363).
    DebugTextPastNotEqual: "3.13.2"..;
    /// Complex powers multiply by a power of e, where they divided by its inverse (gh-113841).
    ComplexPowerByProduct: "3.13.1"..;
    /// An unknown future feature is complained of at its name, not at the statement (gh-126139).
    FutureFeatureLocation: "3.13.1"..;
    /// A line end in a format spec of an f-string in single quotes is refused, not skipped (gh-129958).
    NoNewlineInFormatSpec: "3.13.3"..;
    /// No type parameter is called `__classdict__` (gh-128632).
    ReservedClassdict: "3.13.2"..;
    /// The copy of `finally` for exceptions isn't warned of again (gh-139640).
    FinallyWarnsOnce: "3.13.10"..;
    /// An inlined comprehension that sets locals aside is a block, of which there may be so many (gh-156091).
    InlinedComprehensionBlock: "3.13.16"..;
    /// A class's inlined comprehension takes `__classdict__` for a global, as it does `__class__` (gh-145701).
    ClassdictGlobalInComprehension: "3.13.13"..;
    /// A warning of an invalid escape names the escape's line, not that of the string's start. Known not to be in 3.13.0,
    /// and to be in 3.13.5.
    EscapeWarningsCountLines: "3.13.1"..;
    /// Format specs of raw f-strings stay raw, debug texts keep what they hold (gh-137314, gh-135148).
    RawFormatSpecs: "3.13.6"..;
    /// Ideographs and Hangul syllables are named in any case (gh-80667). Known not to be in 3.13.0, and to be in 3.13.18.
    RuledNamesInAnyCase: "3.13.1"..;
    /// Tangut ideographs have names, and numbers in names no zeros before them (gh-144789).
    TangutNames: "3.13.13"..;
}

/// The features of one release.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Features(u64);

impl Features {
    pub(super) fn of(version: Version) -> Self {
        let parse = |text: &str| text.parse::<Version>().ok();
        let in_range = |(since, until): &(&str, &str)| {
            parse(since).is_some_and(|since| since <= version)
                && parse(until).is_none_or(|until| version < until)
        };
        let holds = |ranges: &&[(&str, &str)]| ranges.iter().any(in_range);
        let set = RANGES.iter().enumerate().filter(|(_, ranges)| holds(ranges));
        Self(set.fold(0, |bits, (at, _)| bits | 1 << at))
    }

    pub(super) const fn contains(self, feature: Feature) -> bool {
        self.0 >> feature as u32 & 1 == 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn features_come_and_go_with_releases() {
        let has = |version: &str| {
            Features::of(version.parse().unwrap()).contains(Feature::GeneratorGetIter)
        };
        assert_eq!(
            ["3.13.0", "3.13.1", "3.13.4", "3.13.5", "3.13.18"].map(has),
            [false, true, false, true, true]
        );
    }

    #[test]
    fn every_bound_is_a_release() {
        for (since, until) in RANGES.iter().copied().flatten() {
            assert!(since.parse::<Version>().is_ok(), "{since}");
            assert!(until.is_empty() || until.parse::<Version>().is_ok(), "{until}");
        }
    }
}
