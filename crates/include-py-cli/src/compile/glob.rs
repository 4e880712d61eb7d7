//! `--exclude`: patterns of names, as shells have them.
//!
//! `test_*.py` and `tests` leave out files and directories of such names anywhere, `app/**/data`
//! those whose path ends so.

use std::path::Path;

use fancy_regex::Regex;

use crate::error::Error;

/// A pattern of the end of a path: whole names of files and directories.
#[derive(Debug)]
pub(super) struct Glob(Regex);

impl Glob {
    pub(super) fn new(text: &str) -> Result<Self, Error> {
        Self::read(text).map_err(|wrong| Error::usage(&format!("`--exclude {text}`: {wrong}")))
    }

    /// The pattern, or what is wrong with it.
    fn read(text: &str) -> Result<Self, String> {
        let pattern = expression(text.trim_end_matches('/'))
            .ok_or("a `[` has no `]`, write `[[]` for the character itself")?;
        if text.is_empty() {
            return Err("an empty pattern matches nothing".to_owned());
        }
        Regex::new(&pattern).map(Self).map_err(|error| error.to_string())
    }

    /// Whether the path ends so.
    fn matches(&self, path: &str) -> bool {
        self.0.is_match(path).unwrap_or(false)
    }
}

/// Tells whether a path matches one of the patterns.
pub(super) fn any(patterns: Vec<Glob>) -> impl Fn(&Path) -> bool + Send + Sync + 'static {
    move |path| {
        let path = path.to_string_lossy();
        patterns.iter().any(|pattern| pattern.matches(&path))
    }
}

/// Tells whether a path matches one of the patterns: for the Python package.
///
/// # Errors
///
/// If a pattern is invalid, with the pattern.
pub fn excluding(
    patterns: &[String],
) -> Result<impl Fn(&Path) -> bool + Send + Sync + 'static, String> {
    let read = |text: &String| {
        Glob::read(text).map_err(|wrong| format!("the pattern `{text}` is invalid: {wrong}"))
    };
    patterns.iter().map(read).collect::<Result<Vec<_>, _>>().map(any)
}

/// The pattern as a regular expression; `None` if a bracket isn't closed.
fn expression(glob: &str) -> Option<String> {
    let mut expression = "(?s)(?:^|/)".to_owned();
    let mut rest = glob;
    while let Some(next) = rest.chars().next() {
        let (taken, meaning) = if rest.starts_with("**/") {
            (3, "(?:.*/)?".into())
        } else if rest.starts_with("**") {
            (2, ".*".into())
        } else {
            match next {
                '*' => (1, "[^/]*".into()),
                '?' => (1, "[^/]".into()),
                '[' => set(rest)?,
                other => (other.len_utf8(), fancy_regex::escape(&rest[..other.len_utf8()])),
            }
        };
        expression.push_str(&meaning);
        rest = &rest[taken..];
    }
    expression.push('$');
    Some(expression)
}

/// `[a-z]` or `[!a-z]` at the beginning of `rest`: its length and meaning.
fn set(rest: &str) -> Option<(usize, std::borrow::Cow<'_, str>)> {
    let negated = rest[1..].starts_with('!');
    let start = if negated { 2 } else { 1 };
    // A bracket that comes first is one of the characters.
    let first = rest[start..].chars().next()?;
    let from = start + first.len_utf8();
    let end = from + rest[from..].find(']')?;
    let escaped: String = rest[start..end]
        .chars()
        .flat_map(|character| {
            let special = matches!(character, '[' | ']' | '\\' | '^' | '&' | '~');
            special.then_some('\\').into_iter().chain([character])
        })
        .collect();
    Some((end + 1, format!("[{}{escaped}]", if negated { "^/" } else { "" }).into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_whole_names_at_the_end() {
        for (glob, path, expected) in [
            ("tests", "a/tests", true),
            ("tests", "tests", true),
            ("tests", "a/mytests", false),
            ("tests/", "a/tests", true),
            ("test_*.py", "a/test_b.py", true),
            ("*.py", "a/b.pyc", false),
            ("a/*.py", "x/a/b.py", true),
            ("a/*.py", "a/b/c.py", false),
            ("a/**/c.py", "a/b/b/c.py", true),
            ("a/**/c.py", "a/c.py", true),
            ("b?.py", "b1.py", true),
            ("b[0-3].py", "b2.py", true),
            ("b[!0-3].py", "b2.py", false),
            ("b[!0-3].py", "b/.py", false),
            ("b[]].py", "b].py", true),
            ("a.b", "axb", false),
            ("ä(*", "ä(1", true),
        ] {
            assert_eq!(Glob::new(glob).unwrap().matches(path), expected, "{glob} {path}");
        }
        for glob in ["", "a[", "[]"] {
            assert!(Glob::new(glob).is_err(), "{glob}");
        }
    }
}
