//! The interface to the system's dynamic linker: `dlopen` and its error messages.
//!
//! `open(c"/lib/libx.so", Flags::LOCAL)` returns `Err("libz.so.1: cannot open shared object file:
//! …")`.

use std::ffi::CStr;

/// How symbols are bound, and where they are visible: `RTLD_…`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Flags(i32);

impl Flags {
    /// Binds all symbols at once and hides them from others, as the linker loads dependencies.
    #[cfg(unix)]
    pub(super) const DEPENDENCY: Self = Self(libc::RTLD_NOW | libc::RTLD_LOCAL);
    #[cfg(not(unix))]
    pub(super) const DEPENDENCY: Self = Self(0);

    /// Flags as in `sys.getdlopenflags()` or the mode of `ctypes.CDLL`.
    pub(crate) const fn new(flags: i32) -> Self {
        Self(flags)
    }
}

/// Loads a library and keeps it loaded; the error is the linker's message.
#[cfg(unix)]
pub(super) fn open(name: &CStr, flags: Flags) -> Result<(), String> {
    let binding = libc::RTLD_NOW | libc::RTLD_LAZY;
    let flags = if flags.0 & binding == 0 { flags.0 | libc::RTLD_NOW } else { flags.0 };
    // SAFETY: the name is a string that lives as long as the call. The library runs its
    // initialisation: it is the program's own, built in with it.
    let handle = unsafe { libc::dlopen(name.as_ptr(), flags) };
    if !handle.is_null() {
        return Ok(());
    }
    // SAFETY: after a failure it gives a string that is this thread's until its next call, or null.
    let message = unsafe {
        let message = libc::dlerror();
        if message.is_null() { None } else { Some(CStr::from_ptr(message)) }
    };
    Err(message.map_or_else(|| "it can't be loaded".into(), |text| text.to_string_lossy().into()))
}

/// Whether the file is on a file system that is mounted `noexec`.
#[cfg(unix)]
pub(super) fn is_noexec(name: &CStr) -> bool {
    let mut found = std::mem::MaybeUninit::<libc::statvfs>::zeroed();
    // SAFETY: the name is a string that lives as long as the call, and `found` has room for the
    // result, of which every bit pattern is valid.
    let found = unsafe {
        let done = libc::statvfs(name.as_ptr(), found.as_mut_ptr());
        (done == 0).then(|| found.assume_init())
    };
    found.is_some_and(|found| found.f_flag & NOEXEC != 0)
}

/// `ST_NOEXEC`; the C libraries of some systems don't define it.
#[cfg(target_os = "linux")]
const NOEXEC: libc::c_ulong = libc::ST_NOEXEC;
#[cfg(all(unix, not(target_os = "linux")))]
const NOEXEC: libc::c_ulong = 0;

#[cfg(not(unix))]
pub(super) fn is_noexec(_: &CStr) -> bool {
    false
}

/// On other systems Python loads it itself.
#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "there is more to say elsewhere")]
pub(super) fn open(_: &CStr, _: Flags) -> Result<(), String> {
    Ok(())
}
