//! Headers that identify the source by its hash.
//!
//! For `pkg/__pycache__/a.cpython-313.pyc` with a timestamp header, the result has flags 1 and the
//! hash of `pkg/a.py`.

use std::path::{Path, PathBuf};

use pyc_code::pyc::{Check, Header, Origin, source_hash};

use crate::error::Error;

/// Replaces the header of the file at `path` by one with the source's hash.
///
/// The source must match the old header. Otherwise the new header would declare stale code up to
/// date.
pub(super) fn by_hash(path: &Path, header: Header, check: Check) -> Result<Header, Error> {
    let source = source_of(path);
    let bytes = std::fs::read(&source).map_err(Error::io(&source))?;
    let hash = source_hash(&bytes, header.minor());
    let fits = match header.origin() {
        Origin::Timestamp { mtime, size } => {
            let metadata = std::fs::metadata(&source).map_err(Error::io(&source))?;
            // Headers store both modulo 2**32.
            size == low(bytes.len() as u64)
                && pyc_tree::mtime(&metadata).is_ok_and(|now| now == mtime)
        }
        Origin::Hash { hash: known, .. } => known == hash,
        _ => false,
    };
    if !fits {
        return Err(Error::Stale(path.to_owned(), source));
    }
    Ok(Header::new(header.minor(), Origin::Hash { hash, check }))
}

/// Where Python looks for the source of a `.pyc` (`importlib.util.source_from_cache`, or beside
/// it).
pub(crate) fn source_of(path: &Path) -> PathBuf {
    let directory = path.parent().unwrap_or(Path::new(""));
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    if directory.file_name().is_some_and(|name| name == "__pycache__") {
        let stem = name.split('.').next().unwrap_or_default();
        return directory.with_file_name(format!("{stem}.py"));
    }
    path.with_extension("py")
}

/// The lowest 32 bits.
fn low(number: u64) -> u32 {
    (number & u64::from(u32::MAX)).try_into().unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_are_where_python_looks() {
        for (file, expected) in [
            ("pkg/__pycache__/a.cpython-313.pyc", "pkg/a.py"),
            ("pkg/__pycache__/a.cpython-313.opt-1.pyc", "pkg/a.py"),
            ("__pycache__/a.cpython-38.pyc", "a.py"),
            ("pkg/a.pyc", "pkg/a.py"),
            ("a.pyc", "a.py"),
        ] {
            assert_eq!(source_of(Path::new(file)), Path::new(expected), "{file}");
        }
    }
}
