//! `cargo xtask conformance errors`: compares our errors for invalid sources with an interpreter's.
//!
//! ```text
//! corpus          refused   class message    line  column end line end col    text     all  accepted  rejected
//! test_syntax        1012   100.0    99.1    99.8    98.2     99.5    98.1    99.9    97.0         0         0
//! ```

mod corpus;
mod enumeration;
mod oracle;
mod report;
mod slip;
mod snippets;
mod table;

use lexopt::prelude::{Long, Short, Value, ValueExt as _};
use pyc_compiler::{Options, Target};

use testbed::Outcome as Exit;
use testbed::command_line;
use testbed::pythons::Python;

use super::compiler::interpreters;
use corpus::Corpus;
use oracle::Oracle;
use report::Report;
use table::{Differences, HEADING, Row};

const HELP: &str = "\
Compare the errors of our compiler with the exceptions of an interpreter's `compile()`: class, message, line,
column, end line, end column and the text line.

Usage: cargo xtask conformance errors VERSION [OPTION]…

VERSION is a release, 3.13.0, a minor version, 3.13, or `all` that the compiler supports.

Options:
  --quick        Only every 40th source
  --corpus NAME  Only corpora whose name begins so: test_… are the sources in the interpreter's own tests, tokens…
                 enumerate what tokens are made of, the others are made from its library
  --seed N       Where random choices start (default: 1)
  --most N       Print this many differences, the commonest first (default: 30)
  --about TEXT   Only differences in whose description TEXT occurs
  --show         Print the first source of each difference

In percent of the sources that both refuse: class, message and so on are the same; in the last columns, how many only
one of the two refuses. Where the exception has no text, as those of the symbol table, ours isn't compared.

Exit code: 0 if in total the class is always the same, the message in 99 %, the line in 99.5 %, columns and ends in 97 %.
";

struct Arguments {
    version: String,
    corpus: String,
    step: usize,
    seed: u64,
    most: usize,
    about: String,
    shown: Shown,
}

/// Whether sources are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shown {
    Sources,
    Differences,
}

pub(super) fn main(words: &[&str]) -> Exit {
    let arguments = match parse(words) {
        Ok(arguments) => arguments,
        Err(outcome) => return outcome,
    };
    let compared = interpreters(&arguments.version).and_then(|pythons| {
        pythons.iter().try_fold(true, |good, python| Ok(compare(python, &arguments)? && good))
    });
    Exit::of(compared)
}

fn parse(words: &[&str]) -> Result<Arguments, Exit> {
    if words.is_empty() {
        return Err(Exit::Help(HELP));
    }
    let mut found = Arguments {
        version: String::new(),
        corpus: String::new(),
        step: 1,
        seed: 1,
        most: 30,
        about: String::new(),
        shown: Shown::Differences,
    };
    let mut version = None;
    let mut parser = command_line::parser(words);
    while let Some(argument) = parser.next()? {
        match argument {
            Short('h') | Long("help") => return Err(Exit::Help(HELP)),
            Long("quick") => found.step = 40,
            Long("show") => found.shown = Shown::Sources,
            Long("corpus") => found.corpus = parser.value()?.string()?,
            Long("about") => found.about = parser.value()?.string()?,
            Long("most") => found.most = parser.value()?.parse()?,
            Long("seed") => found.seed = parser.value()?.parse()?,
            Value(word) if version.is_none() => version = Some(word.string()?),
            other => return Err(other.unexpected().into()),
        }
    }
    found.version = command_line::required(version)?;
    Ok(found)
}

fn compare(python: &Python, arguments: &Arguments) -> Result<bool, String> {
    let target = Target::preview(python.version()).map_err(|error| error.to_string())?;
    let options = Options::new(target, oracle::FILE_NAME);
    let mut oracle = Oracle::new(python);
    let mut differences = Differences::default();
    let mut total = Row::default();
    println!("{}, seed {}\n{HEADING}", python.version(), arguments.seed);
    for corpus in Corpus::all() {
        if !corpus.name().starts_with(&arguments.corpus) {
            continue;
        }
        let mut row = Row::default();
        for source in corpus.sources(python, arguments.seed, arguments.step)? {
            let ours = Report::ours(&source, &options);
            let theirs = oracle.ask(&source)?;
            row.add(ours.as_ref(), theirs.as_ref(), &source, &mut differences);
        }
        row.print(corpus.name());
        total.include(&row);
    }
    total.print("total");
    differences.print(arguments.most, &arguments.about, arguments.shown);
    Ok(total.is_good())
}
