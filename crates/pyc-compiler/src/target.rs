//! The release of CPython to compile for. All differences between releases are data here.
//!
//! ```
//! use pyc_compiler::Target;
//! let target = Target::for_version("3.13.0".parse()?)?;
//! assert_eq!(target.to_string(), "3.13.0");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! One magic number covers a minor version, but compilers differ between its micro releases, so a
//! target is a release. Code generation and passes ask `target.has(Feature::…)` and never compare
//! versions.

mod facts;
mod feature;
mod idioms;
mod py311;
mod py312;
mod py313;
mod py314;
mod py315;

pub(crate) use facts::Facts;
pub(crate) use feature::Feature;
pub(crate) use idioms::{Field, Idioms, NamedCall};

use std::fmt;

use pyc_code::{Minor, Version};

use crate::flow::Pipeline;
use feature::Features;

/// A release of CPython to compile for.
#[derive(Clone, Copy)]
pub struct Target {
    version: Version,
    features: Features,
    release: &'static Release,
}

/// The version is one for which this crate doesn't compile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnsupportedVersion(Version);

/// There is no target with this name.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum UnknownRelease {
    /// It isn't a release's name.
    NoRelease(String),
    /// It is a release's name, but this crate doesn't compile for it.
    Unsupported(UnsupportedVersion),
}

/// The parts of one minor version's compiler. Each file below defines one, as the difference from
/// its neighbour.
#[derive(Debug)]
pub(crate) struct Release {
    minor: Minor,
    /// The newest known micro release, with which the compiler was compared.
    newest: u8,
    /// The shapes of code that differ between releases.
    pub(crate) idioms: Idioms,
    /// The passes over the flow graph.
    pub(crate) pipeline: Pipeline,
}

impl Release {
    /// All versions for which this crate compiles, oldest first.
    pub(crate) const ALL: &[&Self] =
        &[&py311::PY311, &py312::PY312, &py313::PY313, &py314::PY314, &py315::PY315];

    /// Versions whose code doesn't equal CPython's yet; only [`Target::preview`] returns them.
    pub(crate) const PREVIEWS: &[&Self] = &[];

    fn of(minor: Minor) -> Option<&'static Self> {
        Self::find(Self::ALL, minor)
    }

    fn find(among: &[&'static Self], minor: Minor) -> Option<&'static Self> {
        among.iter().copied().find(|release| release.minor == minor)
    }
}

impl Target {
    /// The release `version`. A micro release that is newer than the known ones counts as the
    /// newest known one.
    ///
    /// # Errors
    ///
    /// If the minor version isn't supported.
    pub fn for_version(version: Version) -> Result<Self, UnsupportedVersion> {
        let release = Release::of(version.minor()).ok_or(UnsupportedVersion(version))?;
        Ok(Self::of(version, release))
    }

    /// As [`Target::for_version`], but also returns releases whose compiler is under construction.
    /// For conformance tests.
    ///
    /// # Errors
    ///
    /// If the minor version isn't known.
    #[doc(hidden)]
    pub fn preview(version: Version) -> Result<Self, UnsupportedVersion> {
        match Release::find(Release::PREVIEWS, version.minor()) {
            Some(release) => Ok(Self::of(version, release)),
            None => Self::for_version(version),
        }
    }

    fn of(version: Version, release: &'static Release) -> Self {
        Self { version, features: Features::of(version), release }
    }

    /// The newest known release of `minor`.
    #[must_use]
    pub fn newest(minor: Minor) -> Option<Self> {
        let release = Release::of(minor)?;
        Self::for_version(Version::new(minor, release.newest)).ok()
    }

    /// The release with this name: `3.13.0`, or `3.13` for the newest known one of that version.
    ///
    /// # Errors
    ///
    /// If it isn't the name of a release, or the release isn't supported.
    pub fn named(name: &str) -> Result<Self, UnknownRelease> {
        let unknown = || UnknownRelease::NoRelease(name.to_owned());
        let unsupported = |version| Self::for_version(version).map_err(UnknownRelease::Unsupported);
        if name.matches('.').count() != 1 {
            return unsupported(name.parse().map_err(|_| unknown())?);
        }
        let number = name.strip_prefix("3.").and_then(|number| number.parse().ok());
        let minor = number.and_then(Minor::new).ok_or_else(unknown)?;
        Self::newest(minor).map_or_else(|| unsupported(Version::new(minor, 0)), Ok)
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

    /// The parts of this minor version's compiler.
    #[inline(always)]
    pub(crate) fn release(&self) -> &'static Release {
        self.release
    }

    /// Whether this release's compiler has the feature.
    pub(crate) fn has(&self, feature: Feature) -> bool {
        self.features.contains(feature)
    }
}

impl PartialEq for Target {
    fn eq(&self, other: &Self) -> bool {
        self.version == other.version
    }
}

impl Eq for Target {}

impl fmt::Debug for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Target({})", self.version)
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
        for release in Release::ALL {
            write!(f, " {}", release.minor)?;
        }
        Ok(())
    }
}

impl std::error::Error for UnsupportedVersion {}

impl fmt::Display for UnknownRelease {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoRelease(name) => {
                write!(f, "`{name}` isn't a release such as 3.13.0, nor a version such as 3.13")
            }
            Self::Unsupported(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for UnknownRelease {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Options, compile};

    /// The error of a release for a source that it refuses.
    fn refused(version: &str, source: &str) -> Option<String> {
        let target = Target::for_version(version.parse().unwrap()).unwrap();
        let compiled = compile(source.as_bytes(), &Options::new(target, "m.py"));
        compiled.err().map(|error| error.message().to_owned())
    }

    #[test]
    fn unsupported_syntax_is_refused_with_each_releases_message() {
        let wanted = "Expected one or more names after 'import'";
        let unterminated = "unterminated string literal (detected at line 1)";
        let escaped = format!("{unterminated}; perhaps you escaped the end quote?");
        let lambda = "Cannot use lambda in annotation scope within class scope";
        let used = "name 'a' is used prior to global declaration";
        let comprehension = "Cannot use comprehension in annotation scope within class scope";
        for (source, old, new) in [
            ("class A[T=int]: pass\n", Some("invalid syntax"), None),
            ("def f[*T=int](): pass\n", Some("expected '('"), None),
            ("import\n", Some("invalid syntax"), Some(wanted)),
            ("'a\\'\n", Some(unterminated), Some(&*escaped)),
            ("class C:\n type X = lambda: a\n", Some(lambda), None),
            ("try: pass\nexcept: global a\nelse: a\n", Some(used), None),
            ("class C:\n def f[T: [a for a in b]](): pass\n", Some(comprehension), None),
        ] {
            assert_eq!(refused("3.12.1", source).as_deref(), old, "{source}");
            assert_eq!(refused("3.13.0", source).as_deref(), new, "{source}");
        }
    }

    #[test]
    fn imports_wait_and_comprehensions_unpack_since_3_15() {
        let said = |version: &str, source: &str| {
            let target = Target::preview(version.parse().unwrap()).unwrap();
            let compiled = compile(source.as_bytes(), &Options::new(target, "m.py"));
            compiled.err().map(|error| error.message().to_owned())
        };
        let unpacked = "iterable unpacking cannot be used in comprehension";
        for (source, old, new) in [
            ("lazy import a\n", Some("invalid syntax"), None),
            ("lazy = 1; lazy\n", None, None),
            ("[*a for a in b]\n", Some(unpacked), None),
            ("f(*a or b for a in c)\n", Some(unpacked), None),
            (
                "def f(): lazy import a\n",
                Some("invalid syntax"),
                Some("lazy import not allowed inside functions"),
            ),
            ("[**a]\n", Some("invalid syntax"), Some("cannot use dict unpacking here")),
            (
                "def f(*): pass\n",
                Some("named arguments must follow bare *"),
                Some("named parameters must follow bare *"),
            ),
        ] {
            assert_eq!(said("3.14.10", source).as_deref(), old, "{source}");
            assert_eq!(said("3.15.2", source).as_deref(), new, "{source}");
        }
    }

    #[test]
    fn name_mangling_in_generic_classes_depends_on_the_release() {
        let names = |version: &str| {
            let target = Target::for_version(version.parse().unwrap()).unwrap();
            let source = b"class C[T](__a): pass\n__b\n";
            let code = compile(source, &Options::new(target, "m.py")).unwrap();
            code.names.iter().map(ToString::to_string).collect::<Vec<_>>()
        };
        assert_eq!(names("3.12.1"), ["C", "_C__b"]);
        assert_eq!(names("3.12.7"), ["C", "__b"]);
        assert_eq!(names("3.13.0"), ["C", "__b"]);
    }

    #[test]
    fn annotations_in_a_case_are_found_depending_on_the_release() {
        let length = |version: &str| {
            let target = Target::for_version(version.parse().unwrap()).unwrap();
            let source = b"match a:\n  case 1: b: int\n";
            compile(source, &Options::new(target, "m.py")).unwrap().code.len()
        };
        // `SETUP_ANNOTATIONS` at the begin.
        assert_eq!(length("3.11.2") + 2, length("3.11.7"));
    }

    #[test]
    fn unsupported_versions_are_refused_with_a_list_of_supported_ones() {
        let error = Target::for_version("3.10.12".parse().unwrap()).unwrap_err();
        let message = "can't compile for CPython 3.10.12 yet; supported: 3.11 3.12 3.13 3.14 3.15";
        assert_eq!(error.to_string(), message);
        assert_eq!(Target::newest(Minor::PY312).unwrap().to_string(), "3.12.7");
    }

    #[test]
    fn targets_have_names() {
        let named = |name| Target::named(name).map(|target| target.to_string());
        assert_eq!(named("3.13.0").unwrap(), "3.13.0");
        assert_eq!(named("3.12").unwrap(), "3.12.7");
        for name in ["", "3", "3.7", "3.13.0.1", "2.7", "3.x", "soup"] {
            let message = named(name).unwrap_err().to_string();
            let known = "isn't a release such as 3.13.0, nor a version such as 3.13";
            assert_eq!(message, format!("`{name}` {known}"));
        }
        let message = named("3.8").unwrap_err().to_string();
        assert!(message.starts_with("can't compile for CPython 3.8.0 yet; "), "{message}");
    }
}
