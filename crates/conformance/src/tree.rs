//! `cargo xtask conformance tree` and `… instructions`: compares a stage of our compiler with an
//! interpreter's, as text.
//!
//! ```text
//! version  files  identical  refused by both  false accepts  false rejects
//! 3.13.0    1758       1746               12              0              0
//! ```

use std::io::{Read as _, Write as _};
use std::path::PathBuf;

use lexopt::prelude::{Long, Short, Value, ValueExt as _};
use pyc_compiler::{Options, SyntaxError, Target, stage};

use testbed::Outcome as Exit;
use testbed::command_line;
use testbed::library::sources;
use testbed::pythons::interpreter as find;
use testbed::script::Script;

/// A stage that both have.
pub(super) struct Stage {
    /// The script that makes the interpreter print it.
    script: &'static str,
    ours: fn(&[u8], &Options) -> Result<String, SyntaxError>,
}

/// The syntax tree, compared with `ast.parse`.
pub(super) const TREE: Stage = Stage {
    script: concat!(include_str!("tree.py"), include_str!("stage.py")),
    ours: stage::syntax,
};

/// Code generation, compared with `_testinternalcapi.compiler_codegen`.
pub(super) const INSTRUCTIONS: Stage = Stage {
    script: concat!(include_str!("instructions.py"), include_str!("stage.py")),
    ours: instructions,
};

const HELP: &str = "\
Compare what a stage of our compiler makes with what the interpreter's makes, every position included:

  tree          The syntax tree, with `ast.parse`
  instructions  What code generation gives to the flow graph, with `_testinternalcapi.compiler_codegen`

Usage: cargo xtask conformance tree|instructions VERSION [OPTION]… [PATH]…

Arguments:
  VERSION    The target: an interpreter of this release is asked, 3.13.0 or 3.13
  [PATH]…    Files or trees (default: the interpreter's standard library, with its tests)

Options:
  --quick     Only every 40th file
  --most N    Show this many differences (default: 10)
  --refusals  Show what both say of files that both refuse

Exit code: 0 if everything is equal, 1 if anything differs.
";

/// The parsed command line.
#[derive(Default)]
pub(super) struct Arguments {
    pub(super) version: String,
    pub(super) paths: Vec<PathBuf>,
    /// Only every n-th file is compared.
    pub(super) step: usize,
    pub(super) most: usize,
    pub(super) refusals: bool,
}

pub(super) fn main(stage: &Stage, words: &[&str]) -> Exit {
    match parse(words, HELP) {
        Ok(arguments) => Exit::of(run(stage, &arguments)),
        Err(outcome) => outcome,
    }
}

pub(super) fn parse(words: &[&str], help: &'static str) -> Result<Arguments, Exit> {
    if words.is_empty() {
        return Err(Exit::Help(help));
    }
    let mut found = Arguments { step: 1, most: 10, ..Arguments::default() };
    let mut version = None;
    let mut parser = command_line::parser(words);
    while let Some(argument) = parser.next()? {
        match argument {
            Short('h') | Long("help") => return Err(Exit::Help(help)),
            Long("quick") => found.step = 40,
            Long("refusals") => found.refusals = true,
            Long("most") => found.most = parser.value()?.parse()?,
            Value(word) if version.is_none() => version = Some(word.string()?),
            Value(path) => found.paths.push(path.into()),
            other => return Err(other.unexpected().into()),
        }
    }
    found.version = command_line::required(version)?;
    Ok(found)
}

fn run(stage: &Stage, arguments: &Arguments) -> Result<bool, String> {
    let python = find(&arguments.version)?;
    let target = Target::preview(python.version()).map_err(|error| error.to_string())?;
    let mut interpreter = Script::start(&python, &["-I", "-S"], stage.script)?;
    let sources = sources(&python, &arguments.paths, arguments.step)?;
    let (mut equal, mut refused, mut accepted, mut rejected, mut shown) = (0, 0, 0, 0, 0);
    let files = sources.iter().map(|(name, path)| match std::fs::read(path) {
        Ok(source) => Ok((name.clone(), source)),
        Err(error) => Err(format!("{}: {error}", path.display())),
    });
    let snippets = if arguments.paths.is_empty() { snippets() } else { Vec::new() };
    let total = sources.len() + snippets.len();
    for read in files.chain(snippets.into_iter().map(Ok)) {
        let (name, source) = read?;
        let theirs = ask(&mut interpreter, &source).map_err(|error| format!("{name}: {error}"))?;
        let ours = (stage.ours)(&source, &Options::new(target, "m.py"));
        let difference = match (&ours, &theirs) {
            (Ok(ours), Ok(theirs)) if ours == theirs => {
                equal += 1;
                continue;
            }
            (Ok(ours), Ok(theirs)) => first_difference(ours, theirs),
            (Err(ours), Err(theirs)) => {
                refused += 1;
                if arguments.refusals {
                    println!("{name}:\n- {theirs}\n+ {ours}");
                }
                continue;
            }
            (Ok(_), Err(theirs)) => {
                accepted += 1;
                format!("falsely accepted\n- {theirs}")
            }
            (Err(ours), Ok(_)) => {
                rejected += 1;
                format!("falsely rejected\n+ {ours}")
            }
        };
        shown += 1;
        if shown <= arguments.most {
            println!("{name}: {difference}");
        }
    }
    println!("version   files  identical  refused by both  false accepts  false rejects");
    println!(
        "{:8} {:6} {equal:10} {refused:16} {accepted:14} {rejected:14}",
        python.version().to_string(),
        total
    );
    Ok(!sources.is_empty() && equal + refused == total)
}

/// The sources of the parser's own tests, each unchanged and in a block.
fn snippets() -> Vec<(String, Vec<u8>)> {
    const RIGHT: &str = include_str!("../../pyc-compiler/src/parse/tests/right.txt");
    let paragraphs = RIGHT.split("\n\n").filter(|paragraph| !paragraph.trim().is_empty());
    let both = paragraphs.zip(1..).flat_map(|(paragraph, number): (&str, usize)| {
        let nested = format!("if x:\n  {}\n", paragraph.replace('\n', "\n  "));
        let name = format!("right.txt, paragraph {number}");
        [(format!("{name}, in a block"), nested), (name, paragraph.to_owned())]
    });
    both.map(|(name, source)| (name, source.into_bytes())).collect()
}

/// The first line that differs, with the two lines before it.
fn first_difference(ours: &str, theirs: &str) -> String {
    let (ours, theirs): (Vec<&str>, Vec<&str>) = (ours.lines().collect(), theirs.lines().collect());
    let at = ours.iter().zip(&theirs).take_while(|(ours, theirs)| ours == theirs).count();
    let before = ours[at.saturating_sub(2)..at].iter().map(|line| format!("\n  {line}"));
    let line = |lines: &[&str]| lines.get(at).copied().unwrap_or("(end)").to_owned();
    format!("line {at}{}\n- {}\n+ {}", before.collect::<String>(), line(&theirs), line(&ours))
}

/// Our listing without the parts for people: titles, and names beside numbers.
fn instructions(source: &[u8], options: &Options) -> Result<String, SyntaxError> {
    let text = stage::instructions(source, options)?;
    let mut bare = String::with_capacity(text.len());
    for line in text.lines() {
        let mut words = line.split_ascii_whitespace();
        let parts = (words.next(), words.next(), words.next(), words.next_back());
        if let (true, (Some(_), Some(op), Some(argument), Some(place))) =
            (line.starts_with(' '), parts)
        {
            let target = if argument == "to" { words.next() } else { None };
            let (space, target) = target.map_or(("", ""), |target| (" ", target));
            // The interpreter has only one instruction of this name, with a label.
            let op = op.strip_suffix("_OF").unwrap_or(op);
            bare.extend([op, " ", argument, space, target, " ", place, "\n"]);
        } else if line.is_empty() {
            bare.push('\n');
        }
    }
    Ok(bare)
}

/// The interpreter's text for a stage, or the reason why there is none.
fn ask(interpreter: &mut Script, source: &[u8]) -> std::io::Result<Result<String, String>> {
    interpreter.write_part(source)?;
    interpreter.flush()?;
    let mut status = [0];
    interpreter.read_exact(&mut status)?;
    let text = String::from_utf8_lossy(&interpreter.read_part()?).into_owned();
    Ok(if status == [0] { Ok(text) } else { Err(text) })
}
