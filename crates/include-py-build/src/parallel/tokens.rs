//! The tokens of Cargo's jobserver. Whoever takes one may use another core, and returns it
//! afterwards.
//!
//! ```text
//! CARGO_MAKEFLAGS=-j --jobserver-fds=8,9 --jobserver-auth=8,9    an inherited pipe
//! CARGO_MAKEFLAGS=-j --jobserver-auth=fifo:/tmp/GMfifo1          a named pipe, from GNU make 4.4
//! ```
//!
//! A token is a byte in the pipe. Cargo, its `rustc` processes and its other build scripts take
//! tokens as well, so that `-j` limits all of them together. The pipe is opened again by its path
//! below `/proc`, because the non-blocking mode that is set here must not affect Cargo's own file
//! description. Systems other than Linux have no such path, so no tokens are used there.

use std::fs::File;
use std::io::{Read as _, Write as _};

/// The ends of the pipe.
#[derive(Debug)]
pub(crate) struct Tokens {
    from: File,
    to: File,
}

/// A token, which is returned when it is dropped.
#[derive(Debug)]
pub(crate) struct Token<'t> {
    byte: u8,
    to: &'t File,
}

impl Tokens {
    /// Opens the pipe that make's flags name; `None` if that fails.
    pub(crate) fn parse(flags: &str) -> Option<Self> {
        // The last one counts, as in make.
        let value = flags.split_whitespace().rev().find_map(|flag| {
            flag.strip_prefix("--jobserver-auth=").or(flag.strip_prefix("--jobserver-fds="))
        })?;
        let (from, to) = paths(value)?;
        // The order matters: the write end can't be opened without blocking unless there is a
        // reader.
        let from = open(&from)?;
        let to = File::options().write(true).open(to).ok()?;
        Some(Self { from, to })
    }

    /// Takes a token if one is available now.
    pub(crate) fn take(&self) -> Option<Token<'_>> {
        let mut byte = [0];
        // A failed read means that there is no token, or that Cargo has ended.
        let count = (&self.from).read(&mut byte).ok()?;
        (count == 1).then_some(Token { byte: byte[0], to: &self.to })
    }
}

/// The paths of the pipe, for reading and for writing.
fn paths(value: &str) -> Option<(String, String)> {
    if let Some(path) = value.strip_prefix("fifo:") {
        return Some((path.to_owned(), path.to_owned()));
    }
    let (from, to) = value.split_once(',')?;
    // A negative number means that this process has no jobserver.
    let path = |number: &str| Some(format!("/proc/self/fd/{}", number.parse::<u32>().ok()?));
    Some((path(from)?, path(to)?))
}

impl Token<'_> {
    #[cfg(test)]
    pub(super) fn byte(&self) -> u8 {
        self.byte
    }
}

impl Drop for Token<'_> {
    fn drop(&mut self) {
        // If this fails, the process that waits for tokens has ended.
        let _ = self.to.write_all(&[self.byte]);
    }
}

/// Opens a pipe for non-blocking reads.
#[cfg(all(
    target_os = "linux",
    not(any(target_arch = "mips", target_arch = "mips64", target_arch = "sparc64"))
))]
fn open(path: &str) -> Option<File> {
    use std::os::unix::fs::{FileTypeExt as _, OpenOptionsExt as _};

    /// `O_NONBLOCK`; the architectures above have other values (`asm-generic/fcntl.h`).
    const NONBLOCK: i32 = 0o4000;
    let file = File::options().read(true).custom_flags(NONBLOCK).open(path).ok()?;
    // If Cargo didn't pass the descriptor on, its number may belong to another file.
    let is_pipe = file.metadata().is_ok_and(|metadata| metadata.file_type().is_fifo());
    is_pipe.then_some(file)
}

#[cfg(not(all(
    target_os = "linux",
    not(any(target_arch = "mips", target_arch = "mips64", target_arch = "sparc64"))
)))]
fn open(_path: &str) -> Option<File> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_without_a_usable_pipe_give_no_jobserver() {
        let file = std::env::temp_dir();
        for flags in [
            "",
            "-j",
            "--jobserver-auth=-2,-2",
            "--jobserver-auth=8",
            "--jobserver-auth=a,b",
            "--jobserver-auth=70000,70001",
            "--jobserver-auth=fifo:/nowhere/fifo",
            &format!("--jobserver-auth=fifo:{}", file.display()),
            "--jobserver-auth=fifo:/dev/null",
        ] {
            assert!(Tokens::parse(flags).is_none(), "{flags}");
        }
    }
}
