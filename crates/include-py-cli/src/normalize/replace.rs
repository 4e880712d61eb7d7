//! Gives a file new contents, and leaves whose it is and by which names it is known.
//!
//! ```text
//! a.pyc                     a new file takes its place, whole at every moment
//! link.pyc -> a.pyc         the file that the link leads to is replaced, not the link
//! a.pyc = b.pyc             a file with two names, or of another owner, is written in place
//! ```

use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

use tempfile::NamedTempFile;

use crate::error::Error;

/// Makes `parts`, one after the other, the contents of the file at `path`.
pub(super) fn with(path: &Path, parts: &[&[u8]]) -> Result<(), Error> {
    let real = fs::canonicalize(path).map_err(Error::io(path))?;
    let there = fs::metadata(&real).map_err(Error::io(path))?;
    let replaced =
        has_one_name(&there) && renamed(&real, &there, parts).map_err(Error::io(path))?;
    if replaced { Ok(()) } else { in_place(&real, parts).map_err(Error::io(path)) }
}

/// Puts a new file in the place of the old one; `false` if it can't have the owner of that.
fn renamed(real: &Path, there: &Metadata, parts: &[&[u8]]) -> io::Result<bool> {
    let mut file = NamedTempFile::new_in(real.parent().unwrap_or(Path::new(".")))?;
    if !is_given(file.as_file(), there) {
        return Ok(false);
    }
    write(&mut file, parts)?;
    // After the owner, whose change may take permissions away.
    file.as_file().set_permissions(there.permissions())?;
    file.persist(real).map_err(|error| error.error)?;
    Ok(true)
}

fn in_place(real: &Path, parts: &[&[u8]]) -> io::Result<()> {
    write(&mut OpenOptions::new().write(true).truncate(true).open(real)?, parts)
}

fn write(out: &mut impl Write, parts: &[&[u8]]) -> io::Result<()> {
    parts.iter().try_for_each(|part| out.write_all(part))
}

#[cfg(unix)]
fn has_one_name(file: &Metadata) -> bool {
    std::os::unix::fs::MetadataExt::nlink(file) == 1
}

/// Whether a file has the owner and group of another, or could be given to them.
#[cfg(unix)]
fn is_given(file: &File, other: &Metadata) -> bool {
    use std::os::unix::fs::{MetadataExt as _, fchown};

    let owners = |file: &Metadata| (file.uid(), file.gid());
    file.metadata().is_ok_and(|own| owners(&own) == owners(other))
        || fchown(file, Some(other.uid()), Some(other.gid())).is_ok()
}

#[cfg(not(unix))]
fn has_one_name(_: &Metadata) -> bool {
    true
}

#[cfg(not(unix))]
fn is_given(_: &File, _: &Metadata) -> bool {
    true
}
