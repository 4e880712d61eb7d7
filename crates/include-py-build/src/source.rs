//! A file's content, read when somebody needs it: what the last build has recorded needn't be.
//!
//! `Source::open(path, |stamp| previous.known(…))` reads the file unless its SHA-256 is known by
//! its stamp.

use std::borrow::Cow;
use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use sha2::{Digest as _, Sha256};

use crate::error::Problem;
use crate::fs;
use crate::record::{Digest, Moment, Seen, Stamp};

/// A file, and what is known of its content.
#[derive(Debug, Default)]
pub(crate) struct Source {
    path: PathBuf,
    stamp: Option<Stamp>,
    /// What came of reading it, once it was.
    content: OnceLock<Result<Vec<u8>, Problem>>,
    digest: OnceLock<Digest>,
}

impl Source {
    /// The file at `path`; `known` says what is in it from its stamp, if it can.
    pub(crate) fn open(
        path: &Path,
        known: impl FnOnce(&Stamp) -> Option<Digest>,
    ) -> Result<Self, Problem> {
        // Before it is read: what is changed meanwhile has another one.
        let stamp = Stamp::of(path).map_err(|error| fs::unreadable(path, &error))?;
        let source = Self { path: path.to_owned(), stamp: Some(stamp), ..Self::default() };
        match known(&stamp) {
            Some(digest) => _ = source.digest.set(digest),
            None => _ = source.content.set(Ok(fs::read(path)?)),
        }
        Ok(source)
    }

    /// The file at `path`, read.
    pub(crate) fn read(path: &Path) -> std::io::Result<Self> {
        let stamp = Some(Stamp::of(path)?);
        let source = Self { path: path.to_owned(), stamp, ..Self::default() };
        _ = source.content.set(Ok(std::fs::read(path)?));
        Ok(source)
    }

    /// Content that was made of the file at `path`.
    pub(crate) fn made(path: &Path, content: Vec<u8>) -> Self {
        let source = Self { path: path.to_owned(), ..Self::default() };
        _ = source.content.set(Ok(content));
        source
    }

    /// Of what isn't a file.
    pub(crate) fn none() -> Self {
        let source = Self::default();
        _ = source.content.set(Ok(Vec::new()));
        source
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// What is in it.
    pub(crate) fn load(&self) -> Result<&[u8], Problem> {
        let content = self.content.get_or_init(|| {
            let content = fs::read(&self.path)?;
            // It was known by its stamp, and what was made of it is in the bundle.
            match self.digest.get() {
                Some(digest) if *digest != sha256(&content) => Err(fs::changed(&self.path)),
                _ => Ok(content),
            }
        });
        content.as_deref().map_err(Clone::clone)
    }

    /// What is in it, or nothing if that can't be read: for those who only guess from it.
    pub(crate) fn text(&self) -> &[u8] {
        self.load().unwrap_or_default()
    }

    /// What is in it, or nothing if that can't be read; isn't kept in memory if it is read for this
    /// only, nor compared with what was recorded.
    pub(crate) fn look(&self) -> Cow<'_, [u8]> {
        match self.content.get() {
            Some(content) => Cow::Borrowed(content.as_deref().unwrap_or_default()),
            None => Cow::Owned(fs::read(&self.path).unwrap_or_default()),
        }
    }

    /// Its first bytes, by which files tell of what kind they are: fewer if it hasn't so many.
    pub(crate) fn start(&self) -> Vec<u8> {
        const LENGTH: usize = 16;
        if let Some(Ok(content)) = self.content.get() {
            return content[..content.len().min(LENGTH)].to_vec();
        }
        let mut start = Vec::new();
        if let Ok(file) = File::open(&self.path) {
            // What can't be read is of no kind.
            let _ = file.take(LENGTH as u64).read_to_end(&mut start);
        }
        start
    }

    /// The SHA-256 of what is in it.
    pub(crate) fn digest(&self) -> Digest {
        *self.digest.get_or_init(|| sha256(self.text()))
    }

    /// For the record of a build that started at `start`.
    pub(crate) fn seen(&self, start: Moment) -> Seen<'_> {
        let stamp = self.stamp.filter(|stamp| stamp.is_settled(start));
        Seen::new(&self.path, stamp, self.digest())
    }
}

fn sha256(content: &[u8]) -> Digest {
    Sha256::digest(content).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_known_is_read_late_and_checked() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.py");
        std::fs::write(&path, "x = 1\n").unwrap();
        let read = Source::open(&path, |_| None).unwrap();
        let digest = read.digest();
        let known = Source::open(&path, |_| Some(digest)).unwrap();
        assert_eq!((&*known.look(), &*known.start()), (&b"x = 1\n"[..], &b"x = 1\n"[..]));
        assert!(known.content.get().is_none());
        assert_eq!(known.load().unwrap(), b"x = 1\n");
        let early = Source::open(&path, |_| Some(digest)).unwrap();
        std::fs::write(&path, "x = 2\n").unwrap();
        assert_eq!(early.digest(), digest);
        assert_eq!(
            early.load().unwrap_err().message(),
            format!(
                "`{}` was changed while the sources were read\n  \
                 = help: leave the sources alone during a build, and build again",
                path.display()
            )
        );
        assert_eq!(read.load().unwrap(), b"x = 1\n");
        assert!(Source::open(&dir.path().join("gone"), |_| None).is_err());
    }
}
