//! Memory files that the dynamic linker can load.
//!
//! ```text
//! memfd_create("_fast.abi3.so")   descriptor 5, sealed after it is written
//! /proc/self/fd/././/5            its name, as number 10 of the process
//! ```
//!
//! glibc compares the names of loaded libraries before it opens a file (`dl-load.c:
//! _dl_map_object`, 2.36). Since a memory file is closed after loading, the next one has the same
//! descriptor. So each has another spelling of the same path, which encodes a number in binary:
//! `./` for one and `/` for zero.

use std::{
    borrow::Cow,
    ffi::{CStr, CString},
    fs::File,
    io::{self, Write},
    os::fd::{AsRawFd, FromRawFd},
};

use super::mapped;

const DIRECTORY: &str = "/proc/self/fd/";

/// A memory file. It is closed when it is dropped; what has been loaded from it stays.
#[derive(Debug)]
pub(super) struct MemoryFile {
    file: File,
}

impl MemoryFile {
    /// Creates a file with this content, which can't be changed. `name` is visible in
    /// `/proc/self/maps`. The error is the reason why the system can't create it.
    pub(super) fn new(name: &str, content: Cow<'_, [u8]>) -> Result<Self, String> {
        let mut file =
            create(name).map_err(|error| format!("the system gives no memory file: {error}"))?;
        let path = format!("{DIRECTORY}{}", file.as_raw_fd());
        if let Err(error) = File::open(&path) {
            return Err(format!("memory files can't be opened by `{path}`: {error}"));
        }
        let written = match content {
            Cow::Borrowed(mapped) => {
                mapped::copy(mapped, &file).unwrap_or_else(|| file.write_all(mapped))
            }
            // Compressed content was decompressed into memory.
            Cow::Owned(content) => file.write_all(&content),
        };
        written.map_err(|error| format!("the memory file can't be written: {error}"))?;
        seal(&file).map_err(|error| format!("the memory file can't be sealed: {error}"))?;
        Ok(Self { file })
    }

    /// The path by which it is loaded, which is unique for this number.
    pub(super) fn name(&self, number: u32) -> CString {
        let mut name = DIRECTORY.to_owned();
        // From the highest one bit on, so that the encoding is unambiguous.
        for bit in (0..u32::BITS - number.leading_zeros()).rev() {
            name.push_str(if number >> bit & 1 == 1 { "./" } else { "/" });
        }
        name.push_str(&self.file.as_raw_fd().to_string());
        // These names contain no NUL.
        CString::new(name).unwrap_or_default()
    }
}

fn create(name: &str) -> io::Result<File> {
    // The system rejects longer names (memfd_create(2)).
    let name: String = name.chars().filter(|c| *c != '\0').take(60).collect();
    let name = CString::new(name).unwrap_or_default();
    let flags = libc::MFD_CLOEXEC | libc::MFD_ALLOW_SEALING;
    // From Linux 6.3 on, an administrator can have files without this flag rejected or made
    // non-executable.
    match memfd(&name, flags | libc::MFD_EXEC) {
        Err(error) if error.raw_os_error() == Some(libc::EINVAL) => memfd(&name, flags),
        made => made,
    }
}

fn memfd(name: &CStr, flags: u32) -> io::Result<File> {
    // SAFETY: a string that lives as long as the call.
    let descriptor = unsafe { libc::memfd_create(name.as_ptr(), flags) };
    if descriptor < 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: it is new, and nobody else's.
    Ok(unsafe { File::from_raw_fd(descriptor) })
}

/// From now on nothing can change the file, not even through the descriptor.
fn seal(file: &File) -> io::Result<()> {
    let seals = libc::F_SEAL_SHRINK | libc::F_SEAL_GROW | libc::F_SEAL_WRITE | libc::F_SEAL_SEAL;
    // SAFETY: the descriptor is open, since `file` is, and the argument is a number.
    match unsafe { libc::fcntl(file.as_raw_fd(), libc::F_ADD_SEALS, seals) } {
        0 => Ok(()),
        _ => Err(io::Error::last_os_error()),
    }
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, fs, os::unix::ffi::OsStrExt, path::Path};

    use super::*;

    #[test]
    fn a_memory_file_is_read_by_each_of_its_names() {
        let memory = MemoryFile::new(&"x".repeat(300), Cow::Borrowed(b"content")).unwrap();
        let names: BTreeSet<_> = (1..100).map(|number| memory.name(number)).collect();
        assert_eq!(names.len(), 99);
        for name in &names {
            let path = Path::new(std::ffi::OsStr::from_bytes(name.as_bytes()));
            assert_eq!(fs::read(path).unwrap(), b"content", "{name:?}");
        }
    }

    #[test]
    fn a_memory_file_never_changes() {
        let memory = MemoryFile::new("x", Cow::Owned(b"content".to_vec())).unwrap();
        assert!((&memory.file).write_all(b"more").is_err());
        assert!(memory.file.set_len(0).is_err());
    }

    #[test]
    fn data_of_the_binary_is_copied_from_its_file() {
        static DATA: [u8; 100_000] = [7; 100_000];
        let memory = MemoryFile::new("x", Cow::Borrowed(&DATA)).unwrap();
        let name = memory.name(1);
        let path = Path::new(std::ffi::OsStr::from_bytes(name.as_bytes()));
        assert_eq!(fs::read(path).unwrap(), DATA);
    }
}
