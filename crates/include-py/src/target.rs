//! Which of a bundle's targets the interpreter of this process is.
//!
//! Twice, since no bytecode may run unchecked: [`for_library`] compares versions before CPython is
//! started, when all it can tell is its version; [`for_interpreter`] compares magic numbers, which
//! is what CPython itself does with a `.pyc` file.
//!
//! | a target suits | the bundle allows to compile | |
//! |---|---|---|
//! | yes | | its bytecode runs |
//! | no | yes | sources are compiled, module by module |
//! | no | no | an error names both versions |

use include_py_bundle::{Bundle, Target};
use pyo3::{Python, ffi};

use crate::Error;

/// What the interpreter of this process can use of a bundle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fit {
    /// The bytecode for the target of this number.
    Bytecode(usize),
    /// No bytecode, but the sources.
    Source,
}

/// The release level of `sys.hexversion`'s second-lowest nibble for a final release.
const FINAL: u32 = 0xf;

/// What suits the libpython in this process, which need not be started.
///
/// All final releases of a minor version share one magic number (`importlib.util.MAGIC_NUMBER`,
/// 3.11.0 to 3.15.2); pre-releases change theirs at will, so one suits only itself.
pub(crate) fn for_library(bundle: &Bundle<'_>) -> Result<Fit, Error> {
    let running = library_hexversion();
    linked(running)?;
    fit(bundle, |target| same_bytecode(target.hexversion(), running))
        .ok_or_else(|| mismatch(bundle))
}

/// Index of the target that suits the libpython in this process; sources won't do.
#[cfg(unix)]
pub(crate) fn bytecode_for_library(bundle: &Bundle<'_>) -> Result<usize, Error> {
    match for_library(bundle)? {
        Fit::Bytecode(target) => Ok(target),
        Fit::Source => Err(mismatch(bundle)),
    }
}

/// What suits the running interpreter.
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

/// Whether this is the minor version that PyO3 was compiled for: a bundle may hold bytecode for
/// others, too, or do without, but PyO3 knows CPython's structures of one version only.
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

/// `CPython 3.13.0`, of a hexversion.
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
