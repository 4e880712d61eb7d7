//! Files that list what is compiled, a path a line (`compile -i`).

use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

/// The paths in a list; `-` is standard input.
pub(super) fn read(list: &Path) -> io::Result<Vec<PathBuf>> {
    let mut text = Vec::new();
    if list == Path::new("-") {
        io::stdin().lock().read_to_end(&mut text)?;
    } else {
        fs::File::open(list)?.read_to_end(&mut text)?;
    }
    if text.is_empty() {
        return Ok(Vec::new());
    }
    let lines = text.strip_suffix(b"\n").unwrap_or(&text).split(|&byte| byte == b'\n');
    Ok(lines.map(|line| path(line.trim_ascii())).collect())
}

/// A path as the system has it.
#[cfg(unix)]
pub(super) fn path(bytes: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStrExt as _;

    std::ffi::OsStr::from_bytes(bytes).into()
}

/// A path as the system has it.
#[cfg(not(unix))]
pub(super) fn path(bytes: &[u8]) -> PathBuf {
    String::from_utf8_lossy(bytes).as_ref().into()
}
