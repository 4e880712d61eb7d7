//! `cargo xtask conformance verdicts`: enumerates small sources, and checks whether they are valid.
//!
//! ```text
//! 3.13.0
//!             files  identical  refused  false accepts  false rejects  broken  code objects
//! targets     40194      13061    27133              0              0       0  21007 / 21007
//! ```
//!
//! Each kind combines fragments in all ways, so that a rule that is too permissive or too strict
//! shows in some source.

mod fstrings;
mod names;
mod patterns;
mod sizes;
mod targets;
mod words;

use lexopt::prelude::{Long, Short, Value, ValueExt as _};
use pyc_compiler::{Optimize, Target};

use testbed::Outcome as Exit;
use testbed::command_line;
use testbed::pythons::Python;

use super::compiler::{Causes, HEADING, Messages, Oracle, Row, compare, interpreters};

const HELP: &str = "\
Compare our compiler with an interpreter's on small sources, all combinations of fragments.

Usage: cargo xtask conformance verdicts VERSION [OPTION]…

VERSION is a release, 3.13.0, a minor version, 3.13, or `all` that the compiler supports.

Options:
  --kind KIND  Only this: patterns, soft-keywords, targets, fstrings, names or sizes
  --quick      Only every 20th source
  --most N     Print this many causes of differences (default: 12)

Exit code: 0 if every verdict, all code and all warnings are equal.
";

/// A kind of enumerated sources.
struct Kind {
    name: &'static str,
    sources: fn(&Python) -> Result<Vec<String>, String>,
}

const KINDS: &[Kind] = &[
    Kind { name: "patterns", sources: |_| Ok(patterns::sources()) },
    Kind { name: "soft-keywords", sources: |_| Ok(words::sources()) },
    Kind { name: "targets", sources: |_| Ok(targets::sources()) },
    Kind { name: "fstrings", sources: |_| Ok(fstrings::sources()) },
    Kind { name: "names", sources: names::sources },
    Kind { name: "sizes", sources: |_| Ok(sizes::sources()) },
];

struct Verdicts {
    version: String,
    kind: Option<String>,
    step: usize,
    most: usize,
}

pub(super) fn main(words: &[&str]) -> Exit {
    match parse(words) {
        Ok(verdicts) => Exit::of(run(&verdicts)),
        Err(outcome) => outcome,
    }
}

fn parse(words: &[&str]) -> Result<Verdicts, Exit> {
    if words.is_empty() {
        return Err(Exit::Help(HELP));
    }
    let mut found = Verdicts { version: String::new(), kind: None, step: 1, most: 12 };
    let mut version = None;
    let mut parser = command_line::parser(words);
    while let Some(argument) = parser.next()? {
        match argument {
            Short('h') | Long("help") => return Err(Exit::Help(HELP)),
            Long("quick") => found.step = 20,
            Long("most") => found.most = parser.value()?.parse()?,
            Long("kind") => {
                let kind = parser.value()?.string()?;
                if !KINDS.iter().any(|one| one.name == kind) {
                    return Err(Exit::Misuse(format!("no kind `{kind}`, see `--help`")));
                }
                found.kind = Some(kind);
            }
            Value(word) if version.is_none() => version = Some(word.string()?),
            other => return Err(other.unexpected().into()),
        }
    }
    found.version = command_line::required(version)?;
    Ok(found)
}

fn run(verdicts: &Verdicts) -> Result<bool, String> {
    let mut good = true;
    for python in interpreters(&verdicts.version)? {
        println!("{}\n{HEADING}", python.version());
        let wanted = |kind: &&Kind| verdicts.kind.as_ref().is_none_or(|name| name == kind.name);
        for kind in KINDS.iter().filter(wanted) {
            good &= compare_with(&python, kind, verdicts)?;
        }
    }
    Ok(good)
}

fn compare_with(python: &Python, kind: &Kind, verdicts: &Verdicts) -> Result<bool, String> {
    let target = Target::preview(python.version()).map_err(|error| error.to_string())?;
    let mut oracle = Oracle::new(python.clone())?;
    let (mut row, mut causes) = (Row::default(), Causes::default());
    let mut warnings = 0;
    let mut sources = (kind.sources)(python)?;
    sources.sort_unstable();
    sources.dedup();
    for source in sources.iter().step_by(verdicts.step) {
        let answer = oracle.ask_afresh("m.py", source.as_bytes(), 0)?;
        let (outcome, warned) = compare(source.as_bytes(), "m.py", target, Optimize::None, &answer);
        if let Some((ours, theirs)) = warned {
            warnings += 1;
            let shown = format!("{}: {ours:?}, not {theirs:?}", source.escape_debug());
            causes.add_text("other warnings".to_owned(), &shown, &shown);
        }
        row.add(&outcome, &source.escape_debug().to_string(), &mut causes, Messages::Ignored);
    }
    row.print(kind.name);
    causes.print(verdicts.most);
    Ok(row.is_good() && row.is_same_where_accepted() && warnings == 0)
}

/// Every fragment at `@` in every frame.
fn framed<'a>(frames: &'a [&str], fragments: &'a [String]) -> impl Iterator<Item = String> + 'a {
    frames.iter().flat_map(move |frame| fragments.iter().map(move |one| frame.replace('@', one)))
}

/// Every pair of fragments at `@` and `#` in every frame.
fn paired<'a>(frames: &'a [&str], fragments: &'a [String]) -> impl Iterator<Item = String> + 'a {
    let with_first = framed(frames, fragments);
    with_first.flat_map(move |half| fragments.iter().map(move |one| half.replace('#', one)))
}

fn owned(fragments: &[&str]) -> Vec<String> {
    fragments.iter().map(ToString::to_string).collect()
}
