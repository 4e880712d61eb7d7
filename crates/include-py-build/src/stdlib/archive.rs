//! Unpacks the standard library from an archive of CPython.
//!
//! ```text
//! cpython-3.13.0-x86_64-…-install_only.tar.gz     $OUT_DIR/app.stdlib/
//!   python/bin/python3.13                         ├── stamp              of the archive
//!   python/lib/python3.13/os.py             ──▶   └── python/lib/python3.13/os.py
//! ```
//!
//! Only the library's files are unpacked, below the paths that they have in the archive. The next
//! build takes them as they are, unless the archive's stamp has changed.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek as _};
use std::path::{Path, PathBuf};

use flate2::read::GzDecoder;

use crate::error::{ErrorKind, Problem};
use crate::fs;
use crate::record::{Moment, Stamp, Trust};

/// The first bytes of a gzip file (RFC 1952).
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// The file with the archive's stamp and the path of the library's directory.
const STAMP: &str = "stamp";

/// The directory of the standard library in `archive`, which is unpacked to `to` if it isn't there.
pub(super) fn unpack(archive: &Path, to: &Path, trust: Trust) -> Result<PathBuf, Problem> {
    let start = Moment::now();
    let stamp = Stamp::of(archive).map_err(|error| fs::unreadable(archive, &error))?;
    let recorded = fs::read_previous(&to.join(STAMP)).filter(|_| trust == Trust::Stamps);
    let recorded = recorded.and_then(|bytes| {
        let library = bytes.strip_prefix(&stamp.to_bytes())?;
        Some(to.join(std::str::from_utf8(library).ok()?))
    });
    if let Some(library) = recorded.filter(|library| library.is_dir()) {
        return Ok(library);
    }

    let beside = to.with_extension(format!("stdlib.{}.tmp", std::process::id()));
    remove(&beside)?;
    fs::create_dir(&beside)?;
    let library = unpack_into(archive, &beside);
    let library = library.inspect_err(|_| {
        // Best effort: the error is the one to report.
        let _ = std::fs::remove_dir_all(&beside);
    })?;
    // Without a stamp, the next build unpacks again.
    if stamp.is_settled(start) {
        let text = library.to_string_lossy();
        fs::write(&beside.join(STAMP), &[&stamp.to_bytes()[..], text.as_bytes()].concat())?;
    }
    remove(to)?;
    std::fs::rename(&beside, to).map_err(|error| fs::unwritable(to, &error))?;
    Ok(to.join(library))
}

fn remove(dir: &Path) -> Result<(), Problem> {
    match std::fs::remove_dir_all(dir) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(fs::unwritable(dir, &error)),
        _ => Ok(()),
    }
}

/// Unpacks the library's files; returns the path of its directory in the archive.
fn unpack_into(archive: &Path, dir: &Path) -> Result<PathBuf, Problem> {
    let unreadable = |error: io::Error| fs::unreadable(archive, &error);
    let mut file = BufReader::new(File::open(archive).map_err(unreadable)?);
    let mut magic = [0; GZIP.len()];
    let is_gzip = file.read_exact(&mut magic).is_ok() && magic == GZIP;
    file.rewind().map_err(unreadable)?;
    let stream: Box<dyn Read> =
        if is_gzip { Box::new(GzDecoder::new(file)) } else { Box::new(file) };

    let damaged = |error: io::Error| {
        let text = format!("`{}` can't be unpacked: {error}", archive.display());
        Problem::new(ErrorKind::Source, text).help(
            "`Stdlib::from_archive` reads .tar and .tar.gz files; unpack others yourself, and name \
             the directory with `Stdlib::from_dir`",
        )
    };
    let mut libraries: Vec<PathBuf> = Vec::new();
    let mut archive_reader = tar::Archive::new(stream);
    for entry in archive_reader.entries().map_err(damaged)? {
        let mut entry = entry.map_err(damaged)?;
        let path = entry.path().map_err(damaged)?.into_owned();
        let Some((library, file)) = split(&path) else { continue };
        if file == Path::new("os.py") {
            libraries.push(library);
        }
        entry.unpack_in(dir).map_err(damaged)?;
    }
    libraries.into_iter().min_by_key(|path| path.components().count()).ok_or_else(|| {
        let text = format!("`{}` has no standard library in it", archive.display());
        Problem::new(ErrorKind::Source, text).help(
            "give `Stdlib::from_archive` an archive with `lib/python3.13/os.py`, as of an \
             installation, or with `Lib/os.py`, as of CPython's sources",
        )
    })
}

/// Splits the path of one of the library's files: `python/lib/python3.13`, `json/decoder.py`.
fn split(path: &Path) -> Option<(PathBuf, &Path)> {
    let mut library = PathBuf::new();
    let mut parts = path.components();
    while let Some(part) = parts.next() {
        let (name, parent) = (part.as_os_str().to_str()?, library.file_name());
        let is_versioned = name.strip_prefix("python").is_some_and(|rest| rest.contains('.'))
            && parent.is_some_and(|parent| parent == "lib" || parent == "lib64");
        library.push(part);
        if name == "Lib" || is_versioned {
            let file = parts.as_path();
            let foreign =
                ["site-packages", "dist-packages"].iter().any(|dir| file.starts_with(dir));
            return (!foreign).then_some((library, file));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_librarys_files_are_known_by_their_paths() {
        let split = |path| {
            split(Path::new(path))
                .map(|(library, file)| (library.display().to_string(), file.display().to_string()))
        };
        let is = |library: &str, file: &str| Some((library.to_owned(), file.to_owned()));
        let installed = "python/lib/python3.13";
        assert_eq!(split("python/lib/python3.13/os.py"), is(installed, "os.py"));
        assert_eq!(split("python/lib/python3.13/json/a.py"), is(installed, "json/a.py"));
        assert_eq!(split("./usr/lib/python3.13/os.py"), is("./usr/lib/python3.13", "os.py"));
        assert_eq!(split("Python-3.13.0/Lib/os.py"), is("Python-3.13.0/Lib", "os.py"));
        assert_eq!(split("python/lib/python3.13/site-packages/os.py"), None);
        assert_eq!(split("python/include/python3.13/Python.h"), None);
        assert_eq!(split("python/lib/libpython3.13.a"), None);
    }
}
