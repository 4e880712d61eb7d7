//! The tokens of Cargo's jobserver: who takes one may keep another core busy, and puts it back
//! then.
//!
//! ```text
//! CARGO_MAKEFLAGS=-j --jobserver-fds=8,9 --jobserver-auth=8,9    a pipe that this process has inherited
//! CARGO_MAKEFLAGS=-j --jobserver-auth=fifo:/tmp/GMfifo1          a named one, from GNU make 4.4
//! ```
//!
//! A token is a byte in the pipe. Cargo, its rustcs and its other build scripts take them as well,
//! so that together they are as many as `-j` says. The pipe is opened again by its path below
//! `/proc`: what is set for the new opening, that reads never wait, isn't set for Cargo's.
//! Elsewhere than on Linux there is no such path, and no token is asked for.

use std::fs::File;
use std::io::{Read as _, Write as _};

/// Where tokens are taken from and put back to.
#[derive(Debug)]
pub(crate) struct Tokens {
    from: File,
    to: File,
}

/// One token, which is put back at the end.
#[derive(Debug)]
pub(crate) struct Token<'t> {
    byte: u8,
    to: &'t File,
}

impl Tokens {
    /// What the flags for make name, if it can be opened.
    pub(crate) fn parse(flags: &str) -> Option<Self> {
        // The last one counts, as for make.
        let value = flags.split_whitespace().rev().find_map(|flag| {
            flag.strip_prefix("--jobserver-auth=").or(flag.strip_prefix("--jobserver-fds="))
        })?;
        let (from, to) = paths(value)?;
        // In this order: the end that is written to can't be opened without waiting if nobody
        // reads.
        let from = open(&from)?;
        let to = File::options().write(true).open(to).ok()?;
        Some(Self { from, to })
    }

    /// A token, if there is one now.
    pub(crate) fn take(&self) -> Option<Token<'_>> {
        let mut byte = [0];
        // What can't be read is no token, be it that there is none or that Cargo has ended.
        let count = (&self.from).read(&mut byte).ok()?;
        (count == 1).then_some(Token { byte: byte[0], to: &self.to })
    }
}

/// Where a pipe can be opened, for reading and for writing.
fn paths(value: &str) -> Option<(String, String)> {
    if let Some(path) = value.strip_prefix("fifo:") {
        return Some((path.to_owned(), path.to_owned()));
    }
    let (from, to) = value.split_once(',')?;
    // A negative number is for a child that shall have none.
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
        // Whoever waits for it has ended if this fails.
        let _ = self.to.write_all(&[self.byte]);
    }
}

/// Opens the end of a pipe for reads that never wait.
#[cfg(all(
    target_os = "linux",
    not(any(target_arch = "mips", target_arch = "mips64", target_arch = "sparc64"))
))]
fn open(path: &str) -> Option<File> {
    use std::os::unix::fs::{FileTypeExt as _, OpenOptionsExt as _};

    /// `O_NONBLOCK`, which has another value on the machines above (`asm-generic/fcntl.h`).
    const NONBLOCK: i32 = 0o4000;
    let file = File::options().read(true).custom_flags(NONBLOCK).open(path).ok()?;
    // A descriptor that Cargo didn't hand on may be anything by now.
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
    fn what_names_no_pipe_is_no_jobserver() {
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
