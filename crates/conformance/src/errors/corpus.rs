//! The corpora of sources, and how they are made.
//!
//! The same seed and the same interpreter give the same sources.

use testbed::library;
use testbed::pythons::Python;

use super::super::fuzz::{Random, mutant};
use super::enumeration::{self, Enumeration};
use super::{slip, snippets};

/// CPython's tests that contain sources.
const TESTS: [&str; 10] = [
    "test_syntax",
    "test_exceptions",
    "test_grammar",
    "test_fstring",
    "test_string_literals",
    "test_unicode_identifiers",
    "test_patma",
    "test_type_params",
    "test_eof",
    "test_source_encoding",
];

const MUTANTS: usize = 20_000;
const TRUNCATIONS: usize = 5_000;
const SLIPS: usize = 1_800;
/// Maximum length of the start of a file in which it is cut; more gives no further information.
const LONGEST: usize = 20_000;

#[derive(Clone, Copy)]
pub(super) enum Corpus {
    /// Sources in one of CPython's tests.
    Test(&'static str),
    /// Statements of the library with one to three wrong tokens.
    Mutants,
    /// Files of the library that end too early.
    Truncations,
    /// Statements of the library with a typical mistake.
    People,
    /// All combinations of small pieces.
    Tokens(&'static Enumeration),
}

impl Corpus {
    pub(super) fn all() -> impl Iterator<Item = Self> {
        let tests = TESTS.iter().map(|name| Self::Test(name));
        let tokens = enumeration::ALL.iter().map(Self::Tokens);
        tests.chain([Self::Mutants, Self::Truncations, Self::People]).chain(tokens)
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Test(name) => name,
            Self::Mutants => "mutants",
            Self::Truncations => "truncations",
            Self::People => "people",
            Self::Tokens(enumeration) => enumeration.name,
        }
    }

    /// The sources; only every `step`-th one.
    pub(super) fn sources(
        self,
        python: &Python,
        seed: u64,
        step: usize,
    ) -> Result<Vec<Vec<u8>>, String> {
        let mut random = Random::new(seed);
        let made = match self {
            Self::Test(name) => {
                return Ok(snippets::of_test(python, name)?.into_iter().step_by(step).collect());
            }
            Self::Tokens(enumeration) => {
                return Ok((enumeration.make)().into_iter().step_by(step).collect());
            }
            Self::Mutants => {
                let library = Library::open(python)?;
                (0..MUTANTS / step)
                    .map(|_| Ok(mutant::mutate(&library.excerpt(&mut random)?, &mut random)))
                    .collect::<Result<Vec<_>, String>>()?
            }
            Self::Truncations => {
                let library = Library::open(python)?;
                (0..TRUNCATIONS / step).map(|_| library.truncated(&mut random)).collect()
            }
            Self::People => {
                let library = Library::open(python)?;
                let count = SLIPS / slip::ALL.len() / step;
                let mut found = Vec::new();
                for slip in slip::ALL {
                    let end = found.len() + count;
                    while found.len() < end {
                        let excerpt = library.excerpt(&mut random)?;
                        found.extend(slip::make(slip, &excerpt, &mut random));
                    }
                }
                found
            }
        };
        Ok(made.into_iter().map(String::into_bytes).collect())
    }
}

/// The texts of an interpreter's library.
pub(super) struct Library(Vec<String>);

impl Library {
    pub(super) fn open(python: &Python) -> Result<Self, String> {
        let mut texts = Vec::new();
        for (_, path) in library::sources(python, &[], 1)? {
            let bytes =
                std::fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))?;
            texts.extend(String::from_utf8(bytes).ok().filter(|text| !text.is_empty()));
        }
        if texts.is_empty() {
            return Err("the interpreter has no library".to_owned());
        }
        Ok(Self(texts))
    }

    #[cfg(test)]
    pub(super) fn of(texts: Vec<String>) -> Self {
        Self(texts)
    }

    pub(super) fn excerpt(&self, random: &mut Random) -> Result<String, String> {
        let tries =
            (0..10_000).find_map(|_| mutant::excerpt(random.pick::<String>(&self.0), random));
        tries.ok_or_else(|| "the library has no file to take statements from".to_owned())
    }

    /// A line that contains an f-string, without its indentation, and where the f-string begins.
    pub(super) fn line_with_fstring(&self, random: &mut Random) -> Result<(String, usize), String> {
        let found = (0..10_000).find_map(|_| {
            let lines: Vec<&str> = random.pick::<String>(&self.0).lines().collect();
            let starts = lines.iter().filter_map(|line| {
                let line = line.trim();
                let at = ["f\"", "f'"].iter().filter_map(|start| line.find(start)).min()?;
                Some((line, at))
            });
            let starts: Vec<(&str, usize)> = starts.collect();
            (!starts.is_empty()).then(|| *random.pick(&starts))
        });
        let (line, at) = found.ok_or_else(|| "the library has no f-string".to_owned())?;
        Ok((line.to_owned(), at + 1))
    }

    fn truncated(&self, random: &mut Random) -> String {
        let text = random.pick::<String>(&self.0);
        let mut end = random.below(text.len().min(LONGEST));
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        text[..end].to_owned()
    }
}
