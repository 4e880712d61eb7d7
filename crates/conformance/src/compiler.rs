//! `cargo xtask conformance compiler`: compares our compiler with an interpreter's for each source.
//!
//! ```text
//!             files  identical  refused  false accepts  false rejects  broken  code objects
//! optimize 0   1758       1746       12              0              0       0  80342 / 80342
//! ```

mod causes;
mod compare;
mod oracle;
mod packages;
mod reduce;
mod row;

pub(super) use causes::Causes;
pub(super) use compare::compare;
pub(super) use oracle::{Oracle, Verdict};
pub(super) use row::{HEADING, Messages, Row};

use std::path::PathBuf;

use lexopt::prelude::{Long, Short, Value, ValueExt as _};
use pyc_compiler::{Optimize, Target};

use testbed::Outcome as Exit;
use testbed::command_line;
use testbed::library;
use testbed::pythons::{self, Python, interpreter};

const HELP: &str = "\
Compare our compiler with an interpreter's, over any trees or files.

Usage: cargo xtask conformance compiler VERSION [OPTION]… [PATH]…

Arguments:
  VERSION        The target: an interpreter of this release is asked, 3.13.0 or 3.13; `all` are those of this
                 machine that the compiler supports, `--all` those that it previews, too, and those that npm's
                 pyodide contains (3.12.7), in one table at the end
  [PATH]…        Files or trees (default: the interpreter's standard library, with its tests)

Options:
  --optimize N   Only this level: 0, 1 or 2
  --packages     The packages of packages.txt, which are installed if they are missing
  --quick        Only every 40th file
  --most N       Print this many causes of differences (default: 12)
  --reduce       Print the least part of the first file that differs which still does
  --names        Name each file that differs
  --messages     Compare the messages of files that both refuse, too
  --warnings     Compare warnings, too

What an interpreter said is kept in ~/.cache/include-py-oracles/dumps. In a release build it is faster:
cargo run --release -p conformance -- compiler …

Exit code: 0 if everything is equal, 1 if anything differs.
";

/// The parsed command line.
struct Arguments {
    version: String,
    levels: Vec<(u8, Optimize)>,
    step: usize,
    most: usize,
    names: bool,
    reduce: bool,
    messages: Messages,
    warnings: bool,
    paths: Vec<PathBuf>,
}

pub(super) fn main(words: &[&str]) -> Exit {
    match parse(words) {
        Ok(arguments) => Exit::of(run(&arguments)),
        Err(outcome) => outcome,
    }
}

fn parse(words: &[&str]) -> Result<Arguments, Exit> {
    if words.is_empty() {
        return Err(Exit::Help(HELP));
    }
    let all = [(0, Optimize::None), (1, Optimize::NoAsserts), (2, Optimize::NoDocstrings)];
    let mut found = Arguments {
        version: String::new(),
        levels: all.to_vec(),
        step: 1,
        most: 12,
        names: false,
        reduce: false,
        messages: Messages::Ignored,
        warnings: false,
        paths: Vec::new(),
    };
    let mut version = None;
    let mut parser = command_line::parser(words);
    while let Some(argument) = parser.next()? {
        match argument {
            Short('h') | Long("help") => return Err(Exit::Help(HELP)),
            Long("optimize") => {
                let level: usize = parser.value()?.parse()?;
                let refused = || Exit::Misuse("`--optimize` takes 0, 1 or 2".to_owned());
                found.levels = vec![*all.get(level).ok_or_else(refused)?];
            }
            Long("all") => version = Some("--all".to_owned()),
            Long("packages") => {
                found.paths.extend(packages::directories().map_err(Exit::Failed)?);
            }
            Long("quick") => found.step = 40,
            Long("most") => found.most = parser.value()?.parse()?,
            Long("names") => found.names = true,
            Long("reduce") => found.reduce = true,
            Long("messages") => found.messages = Messages::Compared,
            Long("warnings") => found.warnings = true,
            Value(word) if version.is_none() => version = Some(word.string()?),
            Value(path) => found.paths.push(path.into()),
            other => return Err(other.unexpected().into()),
        }
    }
    found.version = command_line::required(version)?;
    Ok(found)
}

fn run(arguments: &Arguments) -> Result<bool, String> {
    let mut rows = Vec::new();
    let mut good = true;
    for python in interpreters(&arguments.version)? {
        good &= compare_with(&python, arguments, &mut rows)?;
    }
    if rows.len() > arguments.levels.len() {
        println!("\nall\n{HEADING}");
        for (label, row) in &rows {
            row.print(label);
        }
    }
    Ok(good)
}

/// Compares with one interpreter, and adds its row for each level.
fn compare_with(
    python: &Python,
    arguments: &Arguments,
    rows: &mut Vec<(String, Row)>,
) -> Result<bool, String> {
    let version = python.version();
    let target = Target::preview(version).map_err(|error| error.to_string())?;
    let sources = library::sources(python, &arguments.paths, arguments.step)?;
    println!("{version}, {} files\n{HEADING}", sources.len());
    let mut good = !sources.is_empty();
    let mut causes = Causes::default();
    let mut reduce = arguments.reduce;
    for &(number, level) in &arguments.levels {
        let mut row = Row::default();
        let mut oracle = Oracle::new(python.clone())?;
        for (name, path) in &sources {
            let source =
                std::fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?;
            let answer = oracle.ask(name, &source, number)?;
            let (outcome, warned) = compare(&source, name, target, level, &answer);
            if let (Some((ours, theirs)), true) = (warned, arguments.warnings) {
                good = false;
                causes.add_text("warnings".into(), name, &format!("{ours}\nnot\n{theirs}"));
            }
            let equal = row.add(&outcome, name, &mut causes, arguments.messages);
            let found = outcome;
            if !equal && arguments.names {
                println!("          {name}");
            }
            if !equal && reduce {
                reduce = false;
                let differs = |part: &str| {
                    let answer = oracle.ask_afresh(name, part.as_bytes(), number);
                    answer.is_ok_and(|answer| {
                        let (outcome, _) = compare(part.as_bytes(), name, target, level, &answer);
                        outcome.is_alike(&found)
                    })
                };
                println!("{name}, reduced:\n{}", reduce::reduce(&source, differs));
            }
        }
        row.print(&format!("optimize {number}"));
        good &= row.is_good();
        rows.push((format!("{version} {number}"), row));
    }
    causes.print(arguments.most);
    Ok(good)
}

/// The interpreter of this release or minor version; for `all`, each that the compiler supports;
/// for `--all`, also each that it previews, and those in WebAssembly.
pub(super) fn interpreters(wanted: &str) -> Result<Vec<Python>, String> {
    if wanted != "all" && wanted != "--all" {
        return interpreter(wanted).map(|python| vec![python]);
    }
    let mut supported = pythons::all()?;
    if wanted == "--all" {
        supported.extend(pythons::all_in_webassembly()?);
        supported.sort_by_key(Python::version);
    }
    let target = if wanted == "all" { Target::for_version } else { Target::preview };
    supported.retain(|python| target(python.version()).is_ok());
    if supported.is_empty() {
        println!("not compared: no interpreter on this machine is one that the compiler supports");
    }
    Ok(supported)
}
