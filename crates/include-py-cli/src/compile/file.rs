//! Reads sources and writes what is made of them, in as few system calls as may be.
//!
//! Files are written beside their place and renamed, so that none is ever half there.

use std::fs::{self, File, Metadata};
use std::io::{self, Read as _, Write as _};
use std::path::Path;

use tempfile::NamedTempFile;

/// A source, and what the file system says of it.
pub(super) fn read(source: &Path) -> io::Result<(Vec<u8>, Metadata)> {
    let mut file = File::open(source)?;
    let metadata = file.metadata()?;
    let mut text = Vec::with_capacity(metadata.len().try_into().unwrap_or(0));
    if metadata.is_file() {
        // What is behind its end isn't asked for.
        file.take(metadata.len()).read_to_end(&mut text)?;
    } else {
        file.read_to_end(&mut text)?;
    }
    Ok((text, metadata))
}

/// Writes a file as a whole, with the source's permissions and `u+w` as far as the process gives them
/// (`_bootstrap_external.py: _calc_mode`, `_write_atomic`, 3.13).
pub(super) fn write(file: &Path, bytes: &[u8], source: &Metadata) -> io::Result<()> {
    let other = |message: &str| Err(io::Error::other(message.to_owned()));
    match fs::symlink_metadata(file).map(|there| there.file_type()) {
        Ok(there) if there.is_symlink() => {
            return other("is a symlink, which would become a regular file: remove it first");
        }
        Ok(there) if !there.is_file() => return other("isn't a regular file: remove it first"),
        _ => (),
    }
    let directory =
        file.parent().filter(|parent| *parent != Path::new("")).unwrap_or(Path::new("."));
    let mut temporary = match temporary(directory, source) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            fs::create_dir_all(directory)?;
            self::temporary(directory, source)?
        }
        created => created?,
    };
    temporary.write_all(bytes)?;
    temporary.persist(file).map_err(|error| error.error)?;
    Ok(())
}

fn temporary(directory: &Path, source: &Metadata) -> io::Result<NamedTempFile> {
    tempfile::Builder::new().permissions(permissions(source)).tempfile_in(directory)
}

#[cfg(unix)]
fn permissions(source: &Metadata) -> fs::Permissions {
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};

    fs::Permissions::from_mode((source.mode() | 0o200) & 0o666)
}

#[cfg(not(unix))]
fn permissions(source: &Metadata) -> fs::Permissions {
    source.permissions()
}

/// Makes `file` another name of `other`, through a temporary name so that it is whole at every moment.
pub(super) fn link(other: &Path, file: &Path) -> io::Result<()> {
    let temporary = file.with_extension("pyc.link");
    fs::hard_link(other, &temporary)?;
    fs::rename(&temporary, file).inspect_err(|_| {
        let _ = fs::remove_file(&temporary);
    })
}
