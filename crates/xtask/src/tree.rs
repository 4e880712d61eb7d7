//! The repository as the rules see it: the texts of its files, and its packages. It is read once.
//!
//! ```text
//! tree.rust().filter(|file| file.text.contains("…"))
//! tree.exists("docs/SUMMARY.md")
//! ```

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use crate::metadata::{self, Package};
use crate::rust::Source;

/// A snapshot of the repository. Tests create theirs in memory.
#[derive(Default)]
pub(crate) struct Tree {
    pub(crate) packages: Vec<Package>,
    files: Vec<File>,
    directories: BTreeSet<String>,
}

/// The packages that only developers of this repository run.
const TOOLS: &[&str] = &[
    "crates/api-listing/",
    "crates/bench/",
    "crates/conformance/",
    "crates/testbed/",
    "crates/xtask/",
];

/// One text file.
pub(crate) struct File {
    /// Relative to the repository's root, with forward slashes.
    pub(crate) path: String,
    /// Empty for a file that isn't UTF-8, which no rule checks.
    pub(crate) text: String,
    /// For Rust files only.
    source: Option<Source>,
}

impl Tree {
    /// Reads every file that git tracks or would track, so that rules also check a file before its
    /// first commit.
    pub(crate) fn read(root: &Path) -> Result<Self, String> {
        let output = Command::new("git")
            .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
            .current_dir(root)
            .output()
            .map_err(|error| format!("can't run `git ls-files`: {error}"))?;
        if !output.status.success() {
            let stderr = String::from_utf8_lossy(&output.stderr);
            return Err(format!("`git ls-files` failed: {}", stderr.trim()));
        }
        let listing = String::from_utf8_lossy(&output.stdout);
        let mut files = Vec::new();
        for path in listing.split_terminator('\0').collect::<BTreeSet<_>>() {
            match std::fs::read(root.join(path)) {
                Ok(bytes) => {
                    files.push(File::new(path, String::from_utf8(bytes).unwrap_or_default()));
                }
                // Deleted, but still in the index.
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
                Err(error) => return Err(format!("can't read `{path}`: {error}")),
            }
        }
        Ok(Self::new(files, metadata::packages(root)?))
    }

    pub(crate) fn new(files: Vec<File>, packages: Vec<Package>) -> Self {
        let directories = files
            .iter()
            .flat_map(|file| file.path.match_indices('/').map(|(at, _)| file.path[..at].to_owned()))
            .collect();
        Self { packages, files, directories }
    }

    /// Every file, sorted by path.
    pub(crate) fn files(&self) -> &[File] {
        &self.files
    }

    /// The Rust files with their layers.
    pub(crate) fn rust(&self) -> impl Iterator<Item = (&File, &Source)> {
        self.files.iter().filter_map(|file| Some((file, file.source.as_ref()?)))
    }

    /// The Markdown files.
    pub(crate) fn markdown(&self) -> impl Iterator<Item = &File> {
        self.files.iter().filter(|file| has_extension(&file.path, "md"))
    }

    pub(crate) fn file(&self, path: &str) -> Option<&File> {
        self.files.iter().find(|file| file.path == path)
    }

    /// Whether this file or directory exists; "" is the root.
    pub(crate) fn exists(&self, path: &str) -> bool {
        path.is_empty() || self.directories.contains(path) || self.file(path).is_some()
    }
}

impl File {
    pub(crate) fn new(path: &str, text: String) -> Self {
        let source = has_extension(path, "rs").then(|| Source::new(&text));
        Self { path: path.to_owned(), text, source }
    }

    /// Whether the file is generated, which its first lines then say.
    pub(crate) fn is_generated(&self) -> bool {
        self.text.lines().take(3).any(|line| line.contains("@generated"))
    }

    /// Whether only developers of this repository run it.
    pub(crate) fn is_tool(&self) -> bool {
        TOOLS.iter().any(|tool| self.path.starts_with(tool))
    }

    /// Whether the whole file is test code, judged by its path.
    pub(crate) fn is_test(&self) -> bool {
        let path = format!("/{}", self.path);
        path.ends_with("/tests.rs") || path.contains("/tests/") || path.contains("/benches/")
    }
}

pub(crate) fn has_extension(path: &str, extension: &str) -> bool {
    Path::new(path).extension().is_some_and(|found| found == extension)
}

#[cfg(test)]
impl Tree {
    /// A repository with these files and no packages.
    pub(crate) fn of(files: &[(&str, &str)]) -> Self {
        let files = files.iter().map(|(path, text)| File::new(path, (*text).to_owned()));
        Self::new(files.collect(), Vec::new())
    }
}
