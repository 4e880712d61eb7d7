//! Patterns for paths, as in a `.gitignore`.
//!
//! | pattern | matches |
//! |---|---|
//! | `*.md` | every file or directory of such a name, at any depth |
//! | `app/data/*.csv` | the path in the bundle; `*` doesn't match `/` |
//! | `app/**/testdata` | `**` matches any number of directories |
//! | `/tools` | only at the top level |
//! | `build/` | only directories |

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::error::{ErrorKind, Problem};

/// The default patterns of files to leave out: what tools and version control leave behind.
///
/// [`Bundle::without_default_excludes`](crate::Bundle::without_default_excludes) disables them.
///
/// ```
/// assert!(include_py_build::DEFAULT_EXCLUDES.contains(&"__pycache__"));
/// ```
pub const DEFAULT_EXCLUDES: &[&str] = &[
    "__pycache__",
    "*.pyc",
    "*.pyo",
    ".git",
    ".hg",
    ".svn",
    ".mypy_cache",
    ".pytest_cache",
    ".ruff_cache",
    ".DS_Store",
];

/// A parsed pattern.
#[derive(Clone, Debug)]
pub(crate) struct Pattern {
    glob: glob::Pattern,
    /// Whether it is matched against the whole path instead of its last component.
    whole: bool,
    directories_only: bool,
    /// Whether it has matched a path yet.
    used: Arc<AtomicBool>,
}

/// The kind of a path that is matched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Node {
    File,
    Directory,
    /// A `.pyc` file that is a module, without a source beside it.
    Sourceless,
    /// It couldn't be examined, for example a broken link.
    Unknown,
}

impl Pattern {
    /// Parses a pattern for the method `method` of `Bundle`.
    pub(crate) fn parse(text: &str, method: &str) -> Result<Self, Problem> {
        let bad = |why: &str| {
            let text = format!("`{text}` isn't a pattern for `Bundle::{method}`: {why}");
            Problem::new(ErrorKind::Option, text)
                .help("patterns look like `*.md`, `app/tests`, `app/**/testdata` or `build/`")
        };
        let directories_only = text.ends_with('/');
        let trimmed = text.strip_suffix('/').unwrap_or(text);
        let (whole, trimmed) = match trimmed.strip_prefix('/') {
            Some(rest) => (true, rest),
            None => (trimmed.contains('/'), trimmed),
        };
        if trimmed.is_empty() {
            return Err(bad("it is empty"));
        }
        if trimmed.split('/').any(|component| matches!(component, "" | "." | "..")) {
            return Err(bad("it has an empty, `.` or `..` component"));
        }
        let glob = glob::Pattern::new(trimmed).map_err(|error| bad(error.msg))?;
        Ok(Self { glob, whole, directories_only, used: Arc::default() })
    }

    /// Whether it has matched a path yet.
    pub(crate) fn is_used(&self) -> bool {
        self.used.load(Ordering::Relaxed)
    }

    /// Whether the pattern matches the path in the bundle, whose separator is `/`.
    pub(crate) fn matches(&self, path: &str, node: Node) -> bool {
        if self.directories_only && matches!(node, Node::File | Node::Sourceless) {
            return false;
        }
        let name = path.rsplit('/').next().unwrap_or(path);
        let options = glob::MatchOptions {
            case_sensitive: true,
            require_literal_separator: true,
            require_literal_leading_dot: false,
        };
        let matches = self.glob.matches_with(if self.whole { path } else { name }, options);
        if matches {
            self.used.store(true, Ordering::Relaxed);
        }
        matches
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(pattern: &str, path: &str) -> bool {
        Pattern::parse(pattern, "exclude").unwrap().matches(path, Node::File)
    }

    #[test]
    fn names_match_at_any_depth_paths_from_the_top() {
        assert!(matches("*.md", "a/b/README.md") && matches("*.md", ".md"));
        assert!(!matches("*.md", "a.md/b"));
        assert!(matches("a/*.csv", "a/x.csv") && !matches("a/*.csv", "a/b/x.csv"));
        assert!(matches("a/**/t", "a/t") && matches("a/**/t", "a/b/c/t"));
        assert!(!matches("a/**/t", "b/a/t"));
        assert!(matches("/a", "a") && !matches("/a", "b/a"));
        assert!(matches("[ab]?.py", "x/b1.py") && !matches("A", "a"));
    }

    #[test]
    fn a_slash_at_the_end_means_directories() {
        let build = Pattern::parse("build/", "exclude").unwrap();
        assert!(
            build.matches("a/build", Node::Directory) && build.matches("a/build", Node::Unknown)
        );
        assert!(!build.matches("a/build", Node::File));
    }

    #[test]
    fn invalid_patterns_are_rejected() {
        for (text, why) in [
            ("", "it is empty"),
            ("/", "it is empty"),
            ("a/../b", "it has an empty, `.` or `..` component"),
            ("a//b", "it has an empty, `.` or `..` component"),
            ("a[", "invalid range pattern"),
            ("a**", "recursive wildcards must form a single path component"),
        ] {
            assert_eq!(
                Pattern::parse(text, "exclude").unwrap_err().message(),
                format!(
                    "`{text}` isn't a pattern for `Bundle::exclude`: {why}\n  = help: patterns look like \
                     `*.md`, `app/tests`, `app/**/testdata` or `build/`"
                )
            );
        }
        for default in DEFAULT_EXCLUDES {
            Pattern::parse(default, "exclude").unwrap();
        }
    }
}
