//! Finds the target of a bundle that fits this process's interpreter.
//!
//! This is checked twice, so that no bytecode runs unchecked. [`for_library`] compares versions
//! before CPython is started, when only its version is known. [`for_interpreter`] compares magic
//! numbers, as CPython itself does for a `.pyc` file.
//!
//! | a target fits | the bundle may be compiled at run time | result |
//! |---|---|---|
//! | yes | | its bytecode runs |
//! | no | yes | sources are compiled, module by module |
//! | no | no | an error names both versions |

use include_py_bundle::{Bundle, Target};
use pyo3::{Python, ffi};

use crate::Error;

/// What this process's interpreter can use of a bundle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fit {
    /// The bytecode for the target with this index.
    Bytecode(usize),
    /// No bytecode, but the sources.
    Source,
}

/// The release level of `sys.hexversion`'s second-lowest nibble for a final release.
const FINAL: u32 = 0xf;

/// What fits the libpython in this process, which needn't have been started.
///
/// All final releases of a minor version share one magic number (`importlib.util.MAGIC_NUMBER`,
/// 3.11.0 to 3.15.2). Pre-releases can change it at any time, so a pre-release fits only itself.
pub(crate) fn for_library(bundle: &Bundle<'_>) -> Result<Fit, Error> {
    let running = library_hexversion();
    linked(running)?;
    fit(bundle, |target| same_bytecode(target.hexversion(), running))
        .ok_or_else(|| mismatch(bundle))
}

/// Index of the target that fits the libpython in this process; sources aren't sufficient.
#[cfg(unix)]
pub(crate) fn bytecode_for_library(bundle: &Bundle<'_>) -> Result<usize, Error> {
    match for_library(bundle)? {
        Fit::Bytecode(target) => Ok(target),
        Fit::Source => Err(mismatch(bundle)),
    }
}

/// What fits the running interpreter.
pub(crate) fn for_interpreter(py: Python<'_>, bundle: &Bundle<'_>) -> Result<Fit, Error> {
    linked(library_hexversion())?;
    let magic = interpreter_magic(py);
    fit(bundle, |target| target.magic() == magic).ok_or_else(|| {
        let running = Target::new(magic, library_hexversion(), 0, 0).to_string();
        Error::version(bundle.name(), bundle.targets().collect(), running)
    })
}

/// The version of the libpython in this process, `CPython 3.13.0`.
pub(crate) fn running() -> String {
    release(library_hexversion())
}

/// Checks that this is the minor version for which PyO3 was compiled. A bundle can have bytecode
/// for others, or none, but PyO3 knows CPython's structures of one version only.
fn linked(running: u32) -> Result<(), Error> {
    let [major, minor, ..] = running.to_be_bytes();
    let built_for = env!("INCLUDE_PY_PYTHON_VERSION");
    if format!("{major}.{minor}") == built_for {
        Ok(())
    } else {
        Err(Error::linked(built_for, release(running)))
    }
}

fn fit(bundle: &Bundle<'_>, suits: impl Fn(Target) -> bool) -> Option<Fit> {
    let target = bundle.targets().position(suits).map(Fit::Bytecode);
    target.or_else(|| bundle.compiles_source().then_some(Fit::Source))
}

fn mismatch(bundle: &Bundle<'_>) -> Error {
    Error::version(bundle.name(), bundle.targets().collect(), running())
}

/// `sys.hexversion` of the linked libpython.
fn library_hexversion() -> u32 {
    // SAFETY: a constant of libpython since 3.11, valid before and after initialisation.
    let version = unsafe { ffi::Py_Version };
    u32::try_from(version).unwrap_or(u32::MAX)
}

/// The magic number that the interpreter puts into `.pyc` files, without its `\r\n`.
fn interpreter_magic(_attached: Python<'_>) -> u16 {
    // SAFETY: the thread is attached. On failure, the -1 matches no target.
    let word = unsafe { ffi::PyImport_GetMagicNumber() };
    // Only the low 16 bits are the number: the high ones are the `\r\n`.
    u16::try_from(word & 0xffff).unwrap_or(u16::MAX)
}

fn same_bytecode(made_for: u32, running: u32) -> bool {
    let is_final = |hexversion: u32| hexversion >> 4 & 0xf == FINAL;
    if is_final(made_for) && is_final(running) {
        made_for >> 16 == running >> 16
    } else {
        made_for == running
    }
}

/// The name of a release, such as `CPython 3.13.0`.
fn release(hexversion: u32) -> String {
    let described = Target::new(0, hexversion, 0, 0).to_string();
    described.split(" (").next().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn final_releases_of_a_minor_version_share_bytecode() {
        assert!(same_bytecode(0x030b_00f0, 0x030b_0ef0));
        assert!(!same_bytecode(0x030b_07f0, 0x030c_07f0));
    }

    #[test]
    fn another_minor_version_than_pyo3s_is_refused() {
        linked(library_hexversion()).unwrap();
        let error = linked(0x0309_01f0).unwrap_err();
        assert_eq!(error.kind(), crate::ErrorKind::Version);
        assert!(error.to_string().ends_with("find the libpython it was built against"), "{error}");
    }

    #[test]
    fn a_pre_release_suits_only_itself() {
        assert!(same_bytecode(0x030e_00c2, 0x030e_00c2));
        assert!(!same_bytecode(0x030e_00c2, 0x030e_00c3));
        assert!(!same_bytecode(0x030e_00c2, 0x030e_00f0));
    }
}
