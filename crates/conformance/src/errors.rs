//! `cargo xtask conformance errors`: compares our errors for invalid sources with an interpreter's.
//!
//! ```text
//! corpus          refused   class message    line  column end line end col    text     all  accepted  rejected
//! test_syntax        1012   100.0    99.1    99.8    98.2     99.5    98.1    99.9    97.0         0         0
//! ```

mod corpus;
mod enumeration;
mod fuzz;
mod oracle;
mod reduce;
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
use corpus::{Corpus, Library};
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
  --kind KIND    Random wrong sources instead of the corpora: lines, indents, splices, characters, shapes, fields,
                 brackets or bytes, or `all` of them
  --count N      How many sources of each kind (default: 2000)
  --seed N       Where random choices start (default: 1)
  --most N       Print this many differences, the commonest first (default: 30)
  --about TEXT   Only differences in whose description TEXT occurs
  --show         Print the first source of each difference
  --reduce       Print the smallest part of it that has the same difference

In percent of the sources that both refuse: class, message and so on are the same; in the last columns, how many only
one of the two refuses. Where the exception has no text, as those of the symbol table, ours isn't compared.

Exit code: 0 if in total the class is always the same, the message in 99 %, the line in 99.5 %, columns and ends in 97 %.
";

struct Arguments {
    version: String,
    corpus: String,
    kinds: Vec<fuzz::Kind>,
    count: usize,
    step: usize,
    seed: u64,
    most: usize,
    about: String,
    shown: Shown,
}

/// Whether sources are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shown {
    Reduced,
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
        kinds: Vec::new(),
        count: 2000,
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
            Long("reduce") => found.shown = Shown::Reduced,
            Long("kind") => {
                let name = parser.value()?.string()?;
                found.kinds = fuzz::Kind::named(&name).map_err(Exit::Misuse)?;
            }
            Long("count") => found.count = parser.value()?.parse()?,
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
    let mut both = Both {
        options: Options::new(target, oracle::FILE_NAME),
        oracle: Oracle::new(python),
        differences: Differences::default(),
        total: Row::default(),
    };
    println!("{}, seed {}\n{HEADING}", python.version(), arguments.seed);
    if arguments.kinds.is_empty() {
        for corpus in Corpus::all().filter(|corpus| corpus.name().starts_with(&arguments.corpus)) {
            let sources = corpus.sources(python, arguments.seed, arguments.step)?;
            both.compare(corpus.name(), &sources)?;
        }
    } else {
        let library = Library::open(python)?;
        for kind in &arguments.kinds {
            let sources = kind.sources(&library, arguments.seed, arguments.count)?;
            both.compare(kind.name(), &sources)?;
        }
    }
    both.total.print("total");
    both.print_differences(arguments)?;
    Ok(both.total.is_good())
}

/// Our compiler and the interpreter, and how they differed so far.
struct Both {
    options: Options,
    oracle: Oracle,
    differences: Differences,
    total: Row,
}

impl Both {
    fn compare(&mut self, name: &str, sources: &[Vec<u8>]) -> Result<(), String> {
        let mut row = Row::default();
        for source in sources {
            let (ours, theirs) = self.ask(source)?;
            row.add(ours.as_ref(), theirs.as_ref(), source, &mut self.differences);
        }
        row.print(name);
        self.total.include(&row);
        Ok(())
    }

    fn ask(&mut self, source: &[u8]) -> Result<(Option<Report>, Option<Report>), String> {
        Ok((Report::ours(source, &self.options), self.oracle.ask(source)?))
    }

    /// Prints the most frequent kinds of differences first.
    fn print_differences(&mut self, arguments: &Arguments) -> Result<(), String> {
        let sorted = std::mem::take(&mut self.differences).sorted(&arguments.about);
        for (kind, count, source) in sorted.iter().take(arguments.most) {
            println!("{count:6}  {kind}");
            let differs = |part: &[u8]| {
                let (ours, theirs) = self.ask(part).unwrap_or_default();
                table::difference(ours.as_ref(), theirs.as_ref()).as_ref() == Some(kind)
            };
            let shown = match arguments.shown {
                Shown::Differences => continue,
                Shown::Sources => source.clone(),
                Shown::Reduced => reduce::reduce(source, differs),
            };
            println!("        {}", quoted(&shown));
            if arguments.shown == Shown::Reduced {
                let (ours, theirs) = self.ask(&shown)?;
                println!(
                    "        {}, not {}",
                    Report::place(ours.as_ref()),
                    Report::place(theirs.as_ref())
                );
            }
        }
        if sorted.len() > arguments.most {
            println!("        and {} kinds more", sorted.len() - arguments.most);
        }
        Ok(())
    }
}

/// The source in quotes, with escapes for bytes that aren't UTF-8.
fn quoted(source: &[u8]) -> String {
    match std::str::from_utf8(source) {
        Ok(text) => format!("{text:?}"),
        Err(_) => format!("b\"{}\"", source.escape_ascii()),
    }
}
