//! The digest of a file tree: SHA-256 over paths and contents, sorted by path.
//!
//! ```text
//! for each entry   u8 kind (0 file, 1 directory)   u64 length of the path     the path
//!                                                  u64 length of the content  the content
//! ```

use sha2::{Digest, Sha256};

/// Hashes the entries of a tree. They must be added sorted by the bytes of their paths.
///
/// ```
/// use include_py_bundle::TreeHasher;
///
/// let mut tree = TreeHasher::new();
/// tree.directory("pkg").file("pkg/data.txt", b"content");
/// let digest: [u8; 32] = tree.finish();
/// # assert_ne!(digest, TreeHasher::new().finish());
/// ```
#[derive(Clone, Debug, Default)]
pub struct TreeHasher(Sha256);

const FILE: u8 = 0;
const DIRECTORY: u8 = 1;

impl TreeHasher {
    /// An empty tree.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a directory.
    pub fn directory(&mut self, path: &str) -> &mut Self {
        self.entry(DIRECTORY, path, &[])
    }

    /// Adds a file.
    pub fn file(&mut self, path: &str, content: &[u8]) -> &mut Self {
        self.entry(FILE, path, content)
    }

    /// The digest of all entries.
    #[must_use]
    pub fn finish(self) -> [u8; 32] {
        self.0.finalize().into()
    }

    fn entry(&mut self, kind: u8, path: &str, content: &[u8]) -> &mut Self {
        self.0.update([kind]);
        for field in [path.as_bytes(), content] {
            // Lengths separate the fields, so that different trees hash different bytes.
            self.0.update((field.len() as u64).to_le_bytes());
            self.0.update(field);
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trees_that_differ_have_other_digests() {
        let digest = |build: &dyn Fn(&mut TreeHasher)| {
            let mut tree = TreeHasher::new();
            build(&mut tree);
            tree.finish()
        };
        let digests = [
            digest(&|_| {}),
            digest(&|tree| _ = tree.directory("a")),
            digest(&|tree| _ = tree.file("a", b"")),
            digest(&|tree| _ = tree.file("a", b"b")),
            digest(&|tree| _ = tree.file("ab", b"")),
            digest(&|tree| _ = tree.file("a", b"").file("b", b"")),
        ];
        for (number, one) in digests.iter().enumerate() {
            assert!(!digests[..number].contains(one), "{number}");
        }
    }
}
