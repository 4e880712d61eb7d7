//! The part of a bundle that is imported from real files: in a directory of the user's cache,
//! written once, checked before it is used.
//!
//! ```text
//! ~/.cache/include-py/            0700, the user's own                                     owner.rs
//! ├── 1c19b836…40a7/              named for the SHA-256 of all that is in it       check.rs, write.rs
//! │   ├── certifi/cacert.pem
//! │   └── certifi-2024.8.30.dist-info/METADATA
//! ├── 1c19b836…40a7.stamp         what the files looked like when they were checked         stamp.rs
//! ├── 7c30a1d2…91be-native/       a bundle's machine code, named for the bundle's SHA-256
//! └── .new-4711-…/                being written; left behind only by who was killed
//! ```
//!
//! | start | what happens |
//! |---|---|
//! | the first one | everything is written beside, then renamed; others wait ([`lock`]) and use it |
//! | the first after that, or after a boot | every byte is read and compared with the SHA-256 |
//! | any other | kind, owner, mode, size and times of each file are compared with the stamp |
//! | something differs | all of it is written anew and takes the old one's place |
//!
//! The directory is of use to who can't be trusted only if they can write to it: other users. What
//! the user, or root, does to it deliberately isn't guarded against; they could change the program
//! as well.

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

/// Where a bundle's unpacked part is, once somebody needed it.
#[derive(Debug, Default)]
pub(crate) struct Unpack {
    directory: OnceLock<PathBuf>,
}

impl Unpack {
    /// The directory, if it has been needed already.
    pub(crate) fn done(&self) -> Option<&Path> {
        self.directory.get().map(PathBuf::as_path)
    }

    /// The directory, written and checked; for the target of this number, or for none.
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
        // Others may import meanwhile. A second thread that comes here finds what the first one
        // wrote.
        let directory = py.detach(|| ensure(&cache))?;
        Ok(self.directory.get_or_init(|| directory))
    }
}

/// What has to be there.
struct Tree<'a> {
    entries: Vec<Entry<'a>>,
    /// The directory's, which no other content has.
    name: String,
    /// Of machine code it isn't in the bundle, and not needed at most starts.
    digest: OnceCell<[u8; 32]>,
}

impl<'a> Tree<'a> {
    fn known(entries: Vec<Entry<'a>>, digest: [u8; 32]) -> Self {
        Self { entries, name: hex(&digest), digest: OnceCell::from(digest) }
    }

    /// The SHA-256 of all that has to be there.
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

/// The directory below `cache` with the unpacked part of the bundle, as it was built.
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
    // Who had the lock before may have written it.
    if !check::is_intact(&directory, tree) {
        write::replace(&base, &directory, tree)?;
    }
    Ok(directory)
}

/// The place of an entry, and of the directory itself for the empty path.
///
/// `join("")` would put a separator at the end, and a link that ends so is followed.
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
