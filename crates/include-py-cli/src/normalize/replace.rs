//! Replaces a file's content and preserves its owner, permissions and names.
//!
//! ```text
//! a.pyc                     a new file is renamed over it, so readers never see a partial file
//! link.pyc -> a.pyc         the link's target is replaced, not the link
//! a.pyc = b.pyc             a file with several names or another owner is written in place
//! ```

use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

use tempfile::NamedTempFile;

use crate::error::Error;

/// Replaces the content of the file at `path` by the concatenation of `parts`.
pub(super) fn with(path: &Path, parts: &[&[u8]]) -> Result<(), Error> {
    let real = fs::canonicalize(path).map_err(Error::io(path))?;
    let there = fs::metadata(&real).map_err(Error::io(path))?;
    let replaced =
        has_one_name(&there) && renamed(&real, &there, parts).map_err(Error::io(path))?;
    if replaced { Ok(()) } else { in_place(&real, parts).map_err(Error::io(path)) }
}

/// Replaces the old file by a new one; `false` if the new one can't get the old one's owner.
fn renamed(real: &Path, there: &Metadata, parts: &[&[u8]]) -> io::Result<bool> {
    let mut file = NamedTempFile::new_in(real.parent().unwrap_or(Path::new(".")))?;
    if !is_given(file.as_file(), there) {
        return Ok(false);
    }
    write(&mut file, parts)?;
    // After the owner, because changing the owner can clear permission bits.
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

/// Whether a file has the owner and group of another file or can be given them.
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
