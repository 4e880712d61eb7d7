//! Sets standard streams to `None` if they were closed when the program started.
//!
//! CPython checks the descriptors itself (`pylifecycle.c: create_stdio`, 3.13). But before `main`,
//! Rust's runtime opens `/dev/null` in place of closed ones, and this can't be recognised later:
//! `subprocess.DEVNULL` is the same file, opened in the same way. So a function that the system
//! runs before Rust's runtime checks them first.

use std::{
    ffi::c_int,
    mem::MaybeUninit,
    sync::atomic::{AtomicU8, Ordering},
};

use pyo3::prelude::*;

/// Bit `n` is set if descriptor `n` was closed at the start.
static CLOSED: AtomicU8 = AtomicU8::new(0);

/// The linker's list of functions that run before `main`.
#[used]
#[cfg_attr(target_vendor = "apple", unsafe(link_section = "__DATA,__mod_init_func"))]
#[cfg_attr(not(target_vendor = "apple"), unsafe(link_section = ".init_array"))]
static LOOK: extern "C" fn() = look;

extern "C" fn look() {
    for descriptor in 0..3 {
        // SAFETY: asks for a flag and changes nothing, whatever the descriptor is. Nothing of
        // Rust's that would have to be set up before `main` is used here.
        if unsafe { libc::fcntl(descriptor, libc::F_GETFD) } == -1 {
            CLOSED.fetch_or(1 << descriptor, Ordering::Relaxed);
        }
    }
}

/// Sets streams to `None` that CPython created only because Rust's runtime had opened the
/// descriptor.
pub(super) fn remove_closed(py: Python<'_>) -> PyResult<()> {
    let closed = CLOSED.load(Ordering::Relaxed);
    if closed == 0 {
        return Ok(());
    }
    let sys = py.import("sys")?;
    for (descriptor, name) in ["stdin", "stdout", "stderr"].into_iter().enumerate() {
        let descriptor = c_int::try_from(descriptor)?;
        if closed & 1 << descriptor != 0 && is_null_device(descriptor) {
            sys.setattr(name, py.None())?;
            sys.setattr(format!("__{name}__"), py.None())?;
        }
    }
    Ok(())
}

/// Whether the descriptor still is what the runtime opened.
fn is_null_device(descriptor: c_int) -> bool {
    let (mut here, mut null) = (MaybeUninit::uninit(), MaybeUninit::uninit());
    // SAFETY: the system fills in the structures; they are read only where it says that it has.
    unsafe {
        libc::fstat(descriptor, here.as_mut_ptr()) == 0
            && libc::stat(c"/dev/null".as_ptr(), null.as_mut_ptr()) == 0
            && here.assume_init().st_rdev == null.assume_init().st_rdev
    }
}
