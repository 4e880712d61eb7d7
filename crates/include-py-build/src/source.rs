//! A file's content, which is read only when it is needed. If the last build has recorded the file,
//! it often isn't.
//!
//! `Source::open(path, |stamp| previous.known(…))` reads the file unless `known` returns its
//! SHA-256.

use std::borrow::Cow;
use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use include_py_bundle::sha256;

use crate::error::Problem;
use crate::fs;
use crate::record::{Digest, Moment, Seen, Stamp};

/// A file, and what is known of its content.
#[derive(Debug, Default)]
pub(crate) struct Source {
    path: PathBuf,
    stamp: Option<Stamp>,
    /// The result of reading it, once it has been read.
    content: OnceLock<Result<Vec<u8>, Problem>>,
    digest: OnceLock<Digest>,
}

impl Source {
    /// Opens the file at `path`; `known` returns the digest of its content for a stamp, if it can.
    pub(crate) fn open(
        path: &Path,
        known: impl FnOnce(&Stamp) -> Option<Digest>,
    ) -> Result<Self, Problem> {
        // Taken before the file is read, so that a change meanwhile gives another stamp.
        let stamp = Stamp::of(path).map_err(|error| fs::unreadable(path, &error))?;
        let source = Self { path: path.to_owned(), stamp: Some(stamp), ..Self::default() };
        match known(&stamp) {
            Some(digest) => _ = source.digest.set(digest),
            None => _ = source.content.set(Ok(fs::read(path)?)),
        }
        Ok(source)
    }

    /// Reads the file at `path`.
    pub(crate) fn read(path: &Path) -> std::io::Result<Self> {
        let stamp = Some(Stamp::of(path)?);
        let source = Self { path: path.to_owned(), stamp, ..Self::default() };
        _ = source.content.set(Ok(std::fs::read(path)?));
        Ok(source)
    }

    /// Content that was made from the file at `path`.
    pub(crate) fn made(path: &Path, content: Vec<u8>) -> Self {
        let source = Self { path: path.to_owned(), ..Self::default() };
        _ = source.content.set(Ok(content));
        source
    }

    /// The empty content of something that isn't a file.
    pub(crate) fn none() -> Self {
        let source = Self::default();
        _ = source.content.set(Ok(Vec::new()));
        source
    }

    /// Whether it is a file, not something that was made.
    pub(crate) fn is_file(&self) -> bool {
        self.stamp.is_some()
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// The content.
    pub(crate) fn load(&self) -> Result<&[u8], Problem> {
        let content = self.content.get_or_init(|| {
            let content = fs::read(&self.path)?;
            // It was known by its stamp, and the result is in the bundle; now its content is needed
            // as well.
            match self.digest.get() {
                Some(digest) if *digest != sha256(&content) => Err(fs::changed(&self.path)),
                _ => Ok(content),
            }
        });
        content.as_deref().map_err(Clone::clone)
    }

    /// The content, or nothing if it can't be read. For heuristics.
    pub(crate) fn text(&self) -> &[u8] {
        self.load().unwrap_or_default()
    }

    /// The content, or nothing if it can't be read. Content that is read here isn't kept in memory,
    /// or compared with the record.
    pub(crate) fn look(&self) -> Cow<'_, [u8]> {
        match self.content.get() {
            Some(content) => Cow::Borrowed(content.as_deref().unwrap_or_default()),
            None => Cow::Owned(fs::read(&self.path).unwrap_or_default()),
        }
    }

    /// The first bytes, which show the file's type. There are fewer if the file is shorter.
    pub(crate) fn start(&self) -> Vec<u8> {
        const LENGTH: usize = 16;
        if let Some(Ok(content)) = self.content.get() {
            return content[..content.len().min(LENGTH)].to_vec();
        }
        let mut start = Vec::new();
        if let Ok(file) = File::open(&self.path) {
            // A file that can't be read has no type.
            let _ = file.take(LENGTH as u64).read_to_end(&mut start);
        }
        start
    }

    /// The SHA-256 of the content.
    pub(crate) fn digest(&self) -> Digest {
        *self.digest.get_or_init(|| sha256(self.text()))
    }

    /// The file with its stamp; `None` in the place of a stamp if the file could have changed
    /// after `start` without changing it.
    pub(crate) fn settled(&self, start: Moment) -> (&Path, Option<Stamp>) {
        (&self.path, self.stamp.filter(|stamp| stamp.is_settled(start)))
    }

    /// The file for the record of a build that started at `start`.
    pub(crate) fn seen(&self, start: Moment) -> Seen<'_> {
        let (path, stamp) = self.settled(start);
        Seen::new(path, stamp, self.digest())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_with_a_known_digest_is_read_late_and_checked() {
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
