//! `cargo xtask conformance fuzz`: compiles random sources, and compares with an interpreter's
//! compiler.
//!
//! ```text
//!             files  identical  refused  false accepts  false rejects  broken  code objects
//! layout      30000      20120     9880              0              0       0  81234 / 81234
//! mutants     40000       9011    30980              5              4       0  12345 / 12345
//! ```

mod layout;
pub(super) mod mutant;
mod program;
mod random;

use lexopt::prelude::{Long, Short, Value, ValueExt as _};
use pyc_compiler::{Optimize, Target};

use testbed::Outcome as Exit;
use testbed::command_line;
use testbed::library;
use testbed::pythons::Python;

use super::compiler::{Causes, HEADING, Messages, Oracle, Row, Verdict, compare, interpreters};
pub(super) use random::Random;

const HELP: &str = "\
Compare our compiler with an interpreter's on sources made at random, the same for the same seed.

Usage: cargo xtask conformance fuzz VERSION [OPTION]…

VERSION is a release, 3.13.0, a minor version, 3.13, or `all` that the compiler supports.

Options:
  --kind KIND   Only this: layout (valid programs, laid out at random) or mutants (sources of the
                standard library with a token wrong)
  --count N     How many of each (default: 30000 and 40000)
  --seed N      Where to start (default: 1)
  --most N      Print this many causes of differences (default: 12)
  --refusals    Print why the interpreter refuses sources, too: most layouts should be valid
  --show        Print the source of the first difference of each cause

Exit code: 0 if all code is equal and at most 20 sources are accepted or refused by one only.
";

/// Maximum number of false accepts and rejects together.
const TOLERATED: usize = 20;

struct Fuzz {
    version: String,
    kinds: Vec<Kind>,
    count: Option<usize>,
    seed: u64,
    most: usize,
    show: bool,
    refusals: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Layout,
    Mutants,
}

pub(super) fn main(words: &[&str]) -> Exit {
    match parse(words) {
        Ok(fuzz) => Exit::of(run(&fuzz)),
        Err(outcome) => outcome,
    }
}

fn parse(words: &[&str]) -> Result<Fuzz, Exit> {
    if words.is_empty() {
        return Err(Exit::Help(HELP));
    }
    let mut found = Fuzz {
        version: String::new(),
        kinds: vec![Kind::Layout, Kind::Mutants],
        count: None,
        seed: 1,
        most: 12,
        show: false,
        refusals: false,
    };
    let mut version = None;
    let mut parser = command_line::parser(words);
    while let Some(argument) = parser.next()? {
        match argument {
            Short('h') | Long("help") => return Err(Exit::Help(HELP)),
            Long("count") => found.count = Some(parser.value()?.parse()?),
            Long("seed") => found.seed = parser.value()?.parse()?,
            Long("most") => found.most = parser.value()?.parse()?,
            Long("refusals") => found.refusals = true,
            Long("show") => found.show = true,
            Long("kind") => {
                found.kinds = match parser.value()?.string()?.as_str() {
                    "layout" => vec![Kind::Layout],
                    "mutants" => vec![Kind::Mutants],
                    _ => return Err(Exit::Misuse("`--kind` takes layout or mutants".to_owned())),
                };
            }
            Value(word) if version.is_none() => version = Some(word.string()?),
            other => return Err(other.unexpected().into()),
        }
    }
    found.version = command_line::required(version)?;
    Ok(found)
}

fn run(fuzz: &Fuzz) -> Result<bool, String> {
    let mut good = true;
    for python in interpreters(&fuzz.version)? {
        good &= compare_with(&python, fuzz)?;
    }
    Ok(good)
}

fn compare_with(python: &Python, fuzz: &Fuzz) -> Result<bool, String> {
    let target = Target::preview(python.version()).map_err(|error| error.to_string())?;
    let mut oracle = Oracle::new(python.clone())?;
    let mut good = true;
    println!("{} seed {}\n{HEADING}", python.version(), fuzz.seed);
    for &kind in &fuzz.kinds {
        let library = match kind {
            Kind::Layout => Vec::new(),
            Kind::Mutants => library::sources(python, &[], 1)?,
        };
        let mut random = Random::new(fuzz.seed);
        let (mut row, mut causes) = (Row::default(), Causes::default());
        let default = if kind == Kind::Layout { 30_000 } else { 40_000 };
        for number in 0..fuzz.count.unwrap_or(default) {
            let source = match kind {
                Kind::Layout => {
                    let number = u64::try_from(number).unwrap_or_default();
                    program::program(fuzz.seed << 32 | number)
                }
                Kind::Mutants => next_mutant(&library, &mut random)?,
            };
            let name = format!("{kind:?} {number}");
            let answer = oracle.ask_afresh(&name, source.as_bytes(), 0)?;
            if let (Verdict::Refused(reason), true) = (&answer.verdict, fuzz.refusals) {
                let message = reason.lines().nth(1).unwrap_or_default();
                causes.add_text(format!("refused: {message}"), &name, &source);
            }
            let (outcome, _) = compare(source.as_bytes(), &name, target, Optimize::None, &answer);
            let shown = if fuzz.show { format!("{name}\n{source}\n") } else { name };
            row.add(&outcome, &shown, &mut causes, Messages::Ignored);
        }
        row.print(&format!("{kind:?}").to_lowercase());
        causes.print(fuzz.most);
        good &= row.false_verdicts() <= TOLERATED && row.is_same_where_accepted();
    }
    Ok(good)
}

/// A damaged excerpt of a random file.
fn next_mutant(
    library: &[(String, std::path::PathBuf)],
    random: &mut Random,
) -> Result<String, String> {
    for _ in 0..10_000 {
        let (_, path) = random.pick(library);
        let bytes = std::fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?;
        let Ok(text) = String::from_utf8(bytes) else { continue };
        if let Some(excerpt) = mutant::excerpt(&text, random) {
            return Ok(mutant::mutate(&excerpt, random));
        }
    }
    Err("the library has no file to take statements from".to_owned())
}
