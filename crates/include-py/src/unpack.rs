//! The part of a bundle that is imported from real files. It is in a directory of the user's cache,
//! is written once, and is checked before use.
//!
//! ```text
//! ~/.cache/include-py/            0700, owned by the user                          owner.rs
//! ├── 1c19b836…40a7/              named for the SHA-256 of its content             check.rs, write.rs
//! │   ├── certifi/cacert.pem
//! │   └── certifi-2024.8.30.dist-info/METADATA
//! ├── 1c19b836…40a7.stamp         attributes of the files when they were checked   stamp.rs
//! ├── 7c30a1d2…91be-native/       a bundle's machine code, named for the bundle's SHA-256
//! └── .new-4711-…/                being written; stays only if the writer is killed
//! ```
//!
//! | start | action |
//! |---|---|
//! | the first | everything is written to a temporary directory, which is then renamed; other processes wait ([`lock`]) and use it |
//! | the first after that, or after a boot | every byte is read, and the SHA-256 is compared |
//! | any other | type, owner, mode, size and times of each file are compared with the stamp |
//! | any, if something differs | everything is written again and replaces the old directory |
//!
//! An attacker could use the directory only if they can write to it, so other users must not.
//! Deliberate changes by the user or root aren't guarded against, since they could change the
//! program as well.

mod cache;
mod check;
mod fault;
mod lock;
mod owner;
mod stamp;
#[cfg(all(test, unix))]
mod tests;
mod write;

use std::{
    cell::OnceCell,
    path::{Path, PathBuf},
    sync::OnceLock,
};

use include_py_bundle::{Bundle, Entry, TreeHasher};
use pyo3::prelude::*;

pub(crate) use fault::Fault;

/// The directory of a bundle's unpacked part, once it has been needed.
#[derive(Debug, Default)]
pub(crate) struct Unpack {
    directory: OnceLock<PathBuf>,
}

impl Unpack {
    /// The directory, if it has been needed already.
    pub(crate) fn done(&self) -> Option<&Path> {
        self.directory.get().map(PathBuf::as_path)
    }

    /// The directory, written and checked, for the target with this index; `None` for sources only.
    pub(crate) fn directory(
        &self,
        py: Python<'_>,
        bundle: &Bundle<'_>,
        target: Option<usize>,
    ) -> Result<&Path, Fault> {
        self.ensured(py, |cache| ensure(cache, bundle, target))
    }

    /// The directory with the bundle's machine code, written and checked.
    pub(crate) fn libraries(&self, py: Python<'_>, bundle: &Bundle<'_>) -> Result<&Path, Fault> {
        self.ensured(py, |cache| {
            let entries = bundle.library_entries().map_err(Fault::damaged)?;
            let name = format!("{}-native", hex(bundle.digest()));
            ensure_tree(cache, &Tree { entries, name, digest: OnceCell::new() })
        })
    }

    fn ensured(
        &self,
        py: Python<'_>,
        ensure: impl Fn(&Path) -> Result<PathBuf, Fault> + Sync,
    ) -> Result<&Path, Fault> {
        if let Some(directory) = self.done() {
            return Ok(directory);
        }
        let cache = cache::find(py)?;
        // Other threads can import meanwhile. A second thread here finds what the first has
        // written.
        let directory = py.detach(|| ensure(&cache))?;
        Ok(self.directory.get_or_init(|| directory))
    }
}

/// The files that the directory must contain.
struct Tree<'a> {
    entries: Vec<Entry<'a>>,
    /// The directory's name, which is unique for its content.
    name: String,
    /// For machine code, the digest isn't stored in the bundle, and most starts don't need it.
    digest: OnceCell<[u8; 32]>,
}

impl<'a> Tree<'a> {
    fn known(entries: Vec<Entry<'a>>, digest: [u8; 32]) -> Self {
        Self { entries, name: hex(&digest), digest: OnceCell::from(digest) }
    }

    /// The SHA-256 of the whole content.
    fn digest(&self) -> Result<[u8; 32], Fault> {
        if let Some(digest) = self.digest.get() {
            return Ok(*digest);
        }
        let mut hasher = TreeHasher::new();
        for entry in &self.entries {
            match entry.content().map_err(Fault::damaged)? {
                None => hasher.directory(entry.path()),
                Some(content) => hasher.file(entry.path(), &content),
            };
        }
        Ok(*self.digest.get_or_init(|| hasher.finish()))
    }
}

/// The directory below `cache` with the unpacked part of the bundle. It is written if necessary.
fn ensure(cache: &Path, bundle: &Bundle<'_>, target: Option<usize>) -> Result<PathBuf, Fault> {
    let unpacked = bundle.unpacked();
    let entries = unpacked.entries(target).map_err(Fault::damaged)?;
    ensure_tree(cache, &Tree::known(entries, unpacked.digest(target).unwrap_or_default()))
}

fn ensure_tree(cache: &Path, tree: &Tree<'_>) -> Result<PathBuf, Fault> {
    let base = owner::base(cache)?;
    let directory = base.join(&tree.name);
    if stamp::fits(&directory, tree) {
        return Ok(directory);
    }
    if check::is_intact(&directory, tree) {
        stamp::put(&directory, tree);
        return Ok(directory);
    }
    let _lock = lock::take(&base)?;
    // The previous holder of the lock may have written it.
    if !check::is_intact(&directory, tree) {
        write::replace(&base, &directory, tree)?;
    }
    Ok(directory)
}

/// The path of an entry, or of the directory itself for the empty path.
///
/// `join("")` would append a separator, and a link with a trailing separator is followed.
pub(crate) fn place(directory: &Path, path: &str) -> PathBuf {
    if path.is_empty() { directory.to_owned() } else { directory.join(path) }
}

fn hex(digest: &[u8; 32]) -> String {
    use std::fmt::Write;
    digest.iter().fold(String::with_capacity(64), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
