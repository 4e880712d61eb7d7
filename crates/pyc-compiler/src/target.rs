//! For which CPython code is made: everything that differs between releases, as data.
//!
//! ```
//! use pyc_compiler::Target;
//! let target = Target::for_version("3.13.0".parse()?)?;
//! assert_eq!(target.to_string(), "3.13.0");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! One magic number covers a minor version, but compilers differ between its micro releases; so a target is a release.
//! Codegen and passes ask `target.has(Feature::…)` and never compare versions.

mod feature;

pub(crate) use feature::Feature;

use std::fmt;

use pyc_code::{Minor, Version};

use feature::Features;

/// A release of CPython to compile for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Target {
    version: Version,
    features: Features,
}

/// The version isn't one that this crate compiles for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnsupportedVersion(Version);

/// The newest releases that are known, which the interpreters were compared with.
const NEWEST: &[(Minor, u8)] = &[(Minor::PY313, 18)];

impl Target {
    /// The release `version`; newer micro releases than the known ones count as the newest known.
    ///
    /// # Errors
    ///
    /// If the minor version isn't supported.
    pub fn for_version(version: Version) -> Result<Self, UnsupportedVersion> {
        if NEWEST.iter().any(|(minor, _)| *minor == version.minor()) {
            Ok(Self { version, features: Features::of(version) })
        } else {
            Err(UnsupportedVersion(version))
        }
    }

    /// The newest known release of `minor`.
    #[must_use]
    pub fn newest(minor: Minor) -> Option<Self> {
        let (_, micro) = NEWEST.iter().find(|(one, _)| *one == minor)?;
        Self::for_version(Version::new(minor, *micro)).ok()
    }

    /// The release.
    #[must_use]
    pub fn version(&self) -> Version {
        self.version
    }

    /// Its minor version, which decides the format of bytecode.
    #[must_use]
    pub fn minor(&self) -> Minor {
        self.version.minor()
    }

    /// Whether this release's compiler works so.
    pub(crate) fn has(&self, feature: Feature) -> bool {
        self.features.contains(feature)
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.version.fmt(f)
    }
}

impl fmt::Display for UnsupportedVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "can't compile for CPython {} yet; supported:", self.0)?;
        for (minor, _) in NEWEST {
            write!(f, " {minor}")?;
        }
        Ok(())
    }
}

impl std::error::Error for UnsupportedVersion {}
