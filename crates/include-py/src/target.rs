//! Which of a bundle's targets the interpreter of this process is.
//!
//! Twice, since no bytecode may run unchecked: [`for_library`] compares versions before CPython is
//! started, when all it can tell is its version; [`for_interpreter`] compares magic numbers, which
//! is what CPython itself does with a `.pyc` file.

use include_py_bundle::{Bundle, Target};
use pyo3::{Python, ffi};

use crate::Error;

/// The release level of `sys.hexversion`'s second-lowest nibble for a final release.
const FINAL: u32 = 0xf;

/// Index of the target that suits the libpython in this process, which need not be started.
///
/// All final releases of a minor version share one magic number (`importlib.util.MAGIC_NUMBER`,
/// 3.11.0 to 3.15.2); pre-releases change theirs at will, so one suits only itself.
pub(crate) fn for_library(bundle: &Bundle<'_>) -> Result<usize, Error> {
    let running = library_hexversion();
    bundle
        .targets()
        .position(|target| same_bytecode(target.hexversion(), running))
        .ok_or_else(|| mismatch(bundle, release(running)))
}

/// Index of the target that suits the running interpreter.
pub(crate) fn for_interpreter(py: Python<'_>, bundle: &Bundle<'_>) -> Result<usize, Error> {
    let magic = interpreter_magic(py);
    bundle
        .targets()
        .position(|target| target.magic() == magic)
        .ok_or_else(|| mismatch(bundle, Target::new(magic, library_hexversion(), 0, 0).to_string()))
}

fn mismatch(bundle: &Bundle<'_>, running: String) -> Error {
    Error::version(bundle.name(), bundle.targets().collect(), running)
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
    fn a_pre_release_suits_only_itself() {
        assert!(same_bytecode(0x030e_00c2, 0x030e_00c2));
        assert!(!same_bytecode(0x030e_00c2, 0x030e_00c3));
        assert!(!same_bytecode(0x030e_00c2, 0x030e_00f0));
    }
}
