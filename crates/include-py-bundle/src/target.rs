//! The interpreters for which a bundle contains bytecode, and the kinds of modules.
//!
//! ```
//! let target = include_py_bundle::Target::new(3495, 0x030b_07f0, 4, 0);
//! assert_eq!(target.to_string(), "CPython 3.11.7 (magic 3495)");
//! ```

use std::fmt;

/// An interpreter for which a bundle contains bytecode.
///
/// Bytecode runs on an interpreter only if the magic numbers are equal. The other fields say which
/// interpreter compiled it, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Target {
    magic: u16,
    hexversion: u32,
    marshal_version: u8,
    optimize: u8,
}

impl Target {
    /// A target with these properties: the number in the first two bytes of its `.pyc` files,
    /// `sys.hexversion`, `marshal.version`, and the optimisation level 0, 1 or 2.
    #[must_use]
    pub const fn new(magic: u16, hexversion: u32, marshal_version: u8, optimize: u8) -> Self {
        Self { magic, hexversion, marshal_version, optimize }
    }

    /// The magic number of its `.pyc` files, such as 3495 for CPython 3.11:
    /// `int.from_bytes(importlib.util.MAGIC_NUMBER[:2], "little")`.
    #[must_use]
    pub const fn magic(self) -> u16 {
        self.magic
    }

    /// `sys.hexversion`, such as `0x030b07f0` for 3.11.7.
    #[must_use]
    pub const fn hexversion(self) -> u32 {
        self.hexversion
    }

    /// `marshal.version`: the format of the code payloads.
    #[must_use]
    pub const fn marshal_version(self) -> u8 {
        self.marshal_version
    }

    /// The optimisation level of the code: 0, 1 (`-O`) or 2 (`-OO`).
    #[must_use]
    pub const fn optimize(self) -> u8 {
        self.optimize
    }

    /// Whether such an interpreter can exist: the release level and the optimisation level are
    /// valid.
    pub(crate) const fn is_plausible(self) -> bool {
        matches!(self.hexversion >> 4 & 0xf, 0xa | 0xb | 0xc | 0xf) && self.optimize <= 2
    }
}

/// The version as `sys.version` writes it, then the magic number.
impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [major, minor, micro, release] = self.hexversion.to_be_bytes();
        write!(f, "CPython {major}.{minor}.{micro}")?;
        let serial = release & 0xf;
        // The release levels are defined in `patchlevel.h` as `PY_RELEASE_LEVEL_ALPHA` and so on.
        match release >> 4 {
            0xa => write!(f, "a{serial}")?,
            0xb => write!(f, "b{serial}")?,
            0xc => write!(f, "rc{serial}")?,
            _ => {}
        }
        write!(f, " (magic {})", self.magic)
    }
}

/// The kind of a module in Python's import system.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ModuleKind {
    /// A module in a single file, `pkg/mod.py`.
    Module,
    /// A regular package, `pkg/__init__.py`.
    Package,
    /// A namespace package ([PEP 420](https://peps.python.org/pep-0420/)): a directory without
    /// code.
    Namespace,
    /// An extension module, `pkg/mod.cpython-313-x86_64-linux-gnu.so`.
    Extension,
    /// A regular package whose `__init__` is an extension module,
    /// `pkg/__init__.cpython-313-x86_64-linux-gnu.so`.
    ExtensionPackage,
}

impl ModuleKind {
    /// Whether it has bytecode, that is, whether it is neither a namespace package nor machine
    /// code.
    #[must_use]
    pub const fn has_code(self) -> bool {
        matches!(self, Self::Module | Self::Package)
    }

    /// Whether it is machine code.
    #[must_use]
    pub const fn is_native(self) -> bool {
        matches!(self, Self::Extension | Self::ExtensionPackage)
    }

    /// Whether it is a regular package, which has an `__init__` file.
    #[must_use]
    pub const fn is_regular_package(self) -> bool {
        matches!(self, Self::Package | Self::ExtensionPackage)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_versions_as_python_does() {
        let cases = [
            (0x030b_07f0, "CPython 3.11.7 (magic 7)"),
            (0x030e_00a1, "CPython 3.14.0a1 (magic 7)"),
            (0x030e_00b4, "CPython 3.14.0b4 (magic 7)"),
            (0x030e_00c2, "CPython 3.14.0rc2 (magic 7)"),
        ];
        for (hexversion, shown) in cases {
            assert_eq!(Target::new(7, hexversion, 4, 0).to_string(), shown);
        }
    }

    #[test]
    fn impossible_versions_and_levels_are_implausible() {
        assert!(Target::new(3495, 0x030b_07f0, 4, 2).is_plausible());
        assert!(!Target::new(3495, 0x030b_07f0, 4, 3).is_plausible());
        assert!(!Target::new(3495, 0x030b_0700, 4, 0).is_plausible());
    }
}
