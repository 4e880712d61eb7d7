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

use pyc_compiler::{Options, Target};

use testbed::Outcome as Exit;
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

pub(super) fn main(arguments: &[&str]) -> Exit {
    if let [] | ["-h" | "--help", ..] = arguments {
        return Exit::Help(HELP);
    }
    let arguments = match parse(arguments) {
        Ok(arguments) => arguments,
        Err(message) => return Exit::Misuse(message),
    };
    let compared = interpreters(&arguments.version).and_then(|pythons| {
        pythons.iter().try_fold(true, |good, python| Ok(compare(python, &arguments)? && good))
    });
    Exit::of(compared)
}

fn parse(words: &[&str]) -> Result<Arguments, String> {
    let mut found = Arguments {
        version: String::new(),
        corpus: String::new(),
        step: 1,
        seed: 1,
        most: 30,
        about: String::new(),
        shown: Shown::Differences,
    };
    let mut words = words.iter();
    while let Some(&word) = words.next() {
        let mut value = || words.next().copied().ok_or_else(|| format!("`{word}` takes a value"));
        let number = |text: &str| text.parse().map_err(|_| format!("`{word}` takes a number"));
        match word {
            "--quick" => found.step = 40,
            "--show" => found.shown = Shown::Sources,
            "--corpus" => value()?.clone_into(&mut found.corpus),
            "--about" => value()?.clone_into(&mut found.about),
            "--most" => found.most = number(value()?)?,
            "--seed" => found.seed = u64::try_from(number(value()?)?).unwrap_or(1),
            option if option.starts_with("--") => {
                return Err(format!("no option `{option}`, see `--help`"));
            }
            version if found.version.is_empty() => version.clone_into(&mut found.version),
            other => return Err(format!("`{other}` isn't a valid argument, see `--help`")),
        }
    }
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
