//! CPython versions: `Minor` determines the formats, `Version` names a release.
//!
//! `"3.13.5".parse::<Version>()?.minor() == Minor::PY313`, whose magic number is 3571.
//!
//! No other file compares versions: each fact that differs between versions is a method here.

use std::fmt;
use std::str::FromStr;

use crate::error::{Error, ErrorKind};

/// A minor version of CPython, 3.8 to 3.15. It determines all binary formats.
///
/// ```
/// use pyc_code::Minor;
/// assert_eq!(Minor::from_magic(3571), Some(Minor::PY313));
/// assert_eq!(Minor::PY313.to_string(), "3.13");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Minor(u8);

/// One release of CPython, such as 3.13.5.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version {
    minor: Minor,
    micro: u8,
}

/// The order of a code object's fields in a marshal stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Layout {
    /// 3.8 to 3.10: separate tuples of local variables, free variables and cells.
    Split,
    /// 3.11 and later: one tuple of all fast locals, and bytes with their kinds.
    Plus,
}

/// How instruction offsets map to lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum LineFormat {
    /// 3.8 and 3.9: `co_lnotab`, pairs of unsigned address and signed line steps.
    Lnotab,
    /// 3.10: PEP 626's `co_linetable`, pairs that may say "no line".
    LineTable,
    /// 3.11 and later: PEP 657's location table with columns.
    Locations,
}

/// The `SipHash` variant of a `.pyc` header's source hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SourceHash {
    /// SipHash-2-4, up to 3.10.
    SipHash24,
    /// SipHash-1-3, from 3.11 (bpo-29410).
    SipHash13,
}

/// For each version from 3.8: `importlib.util.MAGIC_NUMBER`'s first two bytes in final releases,
/// and `marshal.version`.
const MAGIC: [(u16, u8); 8] =
    [(3413, 4), (3425, 4), (3439, 4), (3495, 4), (3531, 4), (3571, 4), (3627, 5), (3666, 6)];

impl Minor {
    /// CPython 3.8.
    pub const PY38: Self = Self(8);
    /// CPython 3.9.
    pub const PY39: Self = Self(9);
    /// CPython 3.10.
    pub const PY310: Self = Self(10);
    /// CPython 3.11.
    pub const PY311: Self = Self(11);
    /// CPython 3.12.
    pub const PY312: Self = Self(12);
    /// CPython 3.13.
    pub const PY313: Self = Self(13);
    /// CPython 3.14.
    pub const PY314: Self = Self(14);
    /// CPython 3.15.
    pub const PY315: Self = Self(15);

    /// All supported versions, oldest first.
    pub const ALL: [Self; 8] = [
        Self::PY38,
        Self::PY39,
        Self::PY310,
        Self::PY311,
        Self::PY312,
        Self::PY313,
        Self::PY314,
        Self::PY315,
    ];

    /// 3.`minor`, if this crate supports it.
    #[must_use]
    pub const fn new(minor: u8) -> Option<Self> {
        if minor >= 8 && minor <= 15 { Some(Self(minor)) } else { None }
    }

    /// The version whose final releases have this magic number.
    #[must_use]
    pub fn from_magic(magic: u16) -> Option<Self> {
        Self::ALL.into_iter().find(|minor| minor.magic() == magic)
    }

    /// The minor version number, such as 13.
    #[must_use]
    pub const fn number(self) -> u8 {
        self.0
    }

    /// The magic number of `.pyc` files; in the file, `\r\n` follows its two little-endian bytes.
    #[must_use]
    pub const fn magic(self) -> u16 {
        MAGIC[self.index()].0
    }

    /// `marshal.version`: the newest format that this version reads and writes.
    #[must_use]
    pub const fn marshal_version(self) -> u8 {
        MAGIC[self.index()].1
    }

    /// Whether it reads types that were added in this marshal version.
    #[inline(always)]
    pub(crate) const fn reads_marshal(self, version: u8) -> bool {
        self.marshal_version() >= version
    }

    /// `sys.implementation.cache_tag`, as in `spam.cpython-313.pyc`.
    #[must_use]
    pub fn cache_tag(self) -> String {
        format!("cpython-3{}", self.0)
    }

    /// The order of a code object's fields.
    #[must_use]
    pub const fn layout(self) -> Layout {
        if self.0 >= 11 { Layout::Plus } else { Layout::Split }
    }

    /// The format of the line table.
    #[must_use]
    pub const fn line_format(self) -> LineFormat {
        match self.0 {
            8 | 9 => LineFormat::Lnotab,
            10 => LineFormat::LineTable,
            _ => LineFormat::Locations,
        }
    }

    /// The hash of a hash-based `.pyc`.
    #[must_use]
    pub const fn source_hash(self) -> SourceHash {
        if self.0 >= 11 { SourceHash::SipHash13 } else { SourceHash::SipHash24 }
    }

    /// Whether `_PyCode_New` interns a code object's filename, name and qualified name (3.13).
    #[must_use]
    pub(crate) const fn interns_code_names(self) -> bool {
        self.0 >= 13
    }

    /// Index of this version in tables that have one row per version.
    pub(crate) const fn index(self) -> usize {
        self.0 as usize - 8
    }
}

impl Version {
    /// 3.`minor`.`micro`.
    #[must_use]
    pub const fn new(minor: Minor, micro: u8) -> Self {
        Self { minor, micro }
    }

    /// The minor version, which determines the formats.
    #[must_use]
    pub const fn minor(self) -> Minor {
        self.minor
    }

    /// The micro version number: 5 in 3.13.5.
    #[must_use]
    pub const fn micro(self) -> u8 {
        self.micro
    }
}

impl From<Version> for Minor {
    fn from(version: Version) -> Self {
        version.minor
    }
}

impl fmt::Display for Minor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "3.{}", self.0)
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.minor, self.micro)
    }
}

impl FromStr for Minor {
    type Err = Error;

    /// Reads `3.13`.
    fn from_str(text: &str) -> Result<Self, Error> {
        text.strip_prefix("3.")
            .and_then(decimal)
            .and_then(Self::new)
            .ok_or_else(|| Error::new(ErrorKind::UnknownVersion(text.into())))
    }
}

impl FromStr for Version {
    type Err = Error;

    /// Reads `3.13.5`.
    fn from_str(text: &str) -> Result<Self, Error> {
        let (minor, micro) = text
            .rsplit_once('.')
            .and_then(|(minor, micro)| Some((minor, decimal(micro)?)))
            .ok_or_else(|| Error::new(ErrorKind::UnknownVersion(text.into())))?;
        Ok(Self { minor: minor.parse()?, micro })
    }
}

/// Parses a number without sign and without leading zeros.
fn decimal(text: &str) -> Option<u8> {
    let plain =
        text.bytes().all(|byte| byte.is_ascii_digit()) && (text == "0" || !text.starts_with('0'));
    if plain { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_print_as_they_parse() {
        for text in ["3.8.0", "3.13.18", "3.15.2"] {
            assert_eq!(text.parse::<Version>().unwrap().to_string(), text);
        }
        for wrong in ["3", "3.7.1", "3.16.0", "3.08.1", "2.7.18", "3.13", "3.13.+1", "3.13.999", ""]
        {
            assert!(wrong.parse::<Version>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn releases_are_ordered() {
        let version = |text: &str| text.parse::<Version>().unwrap();
        assert!(version("3.9.18") < version("3.10.0"));
        assert!(version("3.10.2") < version("3.10.13"));
    }

    #[test]
    fn every_magic_number_gives_its_version() {
        for minor in Minor::ALL {
            assert_eq!(Minor::from_magic(minor.magic()), Some(minor));
            assert_eq!(Minor::new(minor.number()), Some(minor));
        }
    }
}
