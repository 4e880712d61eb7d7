//! The command lines of the tools, read with lexopt.
//!
//! ```text
//! --most 5 --kind=layout 3.13
//! Long("most"), its value 5, Long("kind"), its value layout, Value(3.13)
//! ```

use lexopt::prelude::{Long, Short, Value, ValueExt as _};

use crate::Outcome;

/// A parser for the words after the name of a command.
#[must_use]
pub fn parser(words: &[&str]) -> lexopt::Parser {
    lexopt::Parser::from_args(words)
}

/// The words of a command without options: versions (`3.13`, `3.13.0`), and all others.
pub fn versions_and_names(
    words: &[&str],
    help: &'static str,
) -> Result<(Vec<String>, Vec<String>), Outcome> {
    let (mut versions, mut names) = (Vec::new(), Vec::new());
    let mut parser = parser(words);
    while let Some(argument) = parser.next()? {
        match argument {
            Short('h') | Long("help") => return Err(Outcome::Help(help)),
            Value(word) => {
                let word = word.string()?;
                if is_version(&word) { &mut versions } else { &mut names }.push(word);
            }
            other => return Err(other.unexpected().into()),
        }
    }
    Ok((versions, names))
}

/// Whether a word names a version: no other word begins with a digit.
#[must_use]
pub fn is_version(word: &str) -> bool {
    word.starts_with(|first: char| first.is_ascii_digit())
}

/// The version that a command line has named.
pub fn required(version: Option<String>) -> Result<String, Outcome> {
    version.ok_or_else(|| Outcome::Misuse("this takes a version, see `--help`".to_owned()))
}

impl From<lexopt::Error> for Outcome {
    fn from(error: lexopt::Error) -> Self {
        Self::Misuse(format!("{error}, see `--help`"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_begin_with_a_digit() {
        let (versions, names) = versions_and_names(&["numpy", "3.13", "3.12.1"], "").unwrap();
        assert_eq!((versions, names), (vec!["3.13".into(), "3.12.1".into()], vec!["numpy".into()]));
    }

    #[test]
    fn help_and_unknown_options_end_the_reading() {
        assert!(matches!(versions_and_names(&["3.13", "-h"], "x"), Err(Outcome::Help("x"))));
        let Err(Outcome::Misuse(message)) = versions_and_names(&["--most"], "") else {
            panic!("`--most` isn't refused");
        };
        assert_eq!(message, "invalid option '--most', see `--help`");
    }
}
