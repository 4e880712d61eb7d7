//! `cargo xtask conformance compiler`: our compiler against an interpreter's, source by source.
//!
//! ```text
//! optimize  files  identical  refused  false accepts  false rejects  broken   code objects
//! 0          1758       1758       12              0              0       0  80342 / 80342
//! ```

mod causes;
mod compare;
mod files;
mod oracle;

use std::path::PathBuf;

use pyc_compiler::{Optimize, Target};

use crate::Outcome as Exit;
use crate::pythons::{self, Python};
use causes::Causes;
use compare::{Outcome, compare};
use oracle::Oracle;

const HELP: &str = "\
Compare our compiler with an interpreter's, over any trees or files.

Usage: cargo xtask conformance compiler VERSION [OPTION]… [PATH]…

Arguments:
  VERSION        The target: an interpreter of this release is asked, 3.13.0 or 3.13
  [PATH]…        Files or trees (default: the interpreter's standard library, with its tests)

Options:
  --optimize N   Only this level: 0, 1 or 2
  --quick        Only every 40th file
  --most N       Print this many causes of differences (default: 12)
  --names        Name each file that differs
  --messages     Compare the messages of files that both refuse, too
  --warnings     Compare warnings, too

What an interpreter said is kept in ~/.cache/include-py-oracles/dumps. In a release build it is faster:
cargo run --release -p xtask -- conformance compiler …

Exit code: 0 if everything is equal, 1 if anything differs.
";

/// The command line, taken apart.
struct Arguments {
    version: String,
    levels: Vec<(u8, Optimize)>,
    step: usize,
    most: usize,
    names: bool,
    messages: bool,
    warnings: bool,
    paths: Vec<PathBuf>,
}

pub(super) fn main(arguments: &[&str]) -> Exit {
    if let [] | ["-h" | "--help", ..] = arguments {
        return Exit::Help(HELP);
    }
    let arguments = match parse(arguments) {
        Ok(arguments) => arguments,
        Err(message) => return Exit::Misuse(message),
    };
    match run(&arguments) {
        Ok(true) => Exit::Good,
        Ok(false) => Exit::Bad,
        Err(message) => Exit::Failed(message),
    }
}

fn parse(words: &[&str]) -> Result<Arguments, String> {
    let all = [(0, Optimize::None), (1, Optimize::NoAsserts), (2, Optimize::NoDocstrings)];
    let mut found = Arguments {
        version: String::new(),
        levels: all.to_vec(),
        step: 1,
        most: 12,
        names: false,
        messages: false,
        warnings: false,
        paths: Vec::new(),
    };
    let mut words = words.iter();
    while let Some(&word) = words.next() {
        let mut number = || {
            let value = words.next().and_then(|word| word.parse::<usize>().ok());
            value.ok_or_else(|| format!("`{word}` takes a number"))
        };
        match word {
            "--optimize" => {
                let level = number()?;
                let chosen = all.get(level).ok_or("`--optimize` takes 0, 1 or 2")?;
                found.levels = vec![*chosen];
            }
            "--quick" => found.step = 40,
            "--most" => found.most = number()?,
            "--names" => found.names = true,
            "--messages" => found.messages = true,
            "--warnings" => found.warnings = true,
            option if option.starts_with("--") => {
                return Err(format!("no option `{option}`, see `--help`"));
            }
            version if found.version.is_empty() => version.clone_into(&mut found.version),
            path => found.paths.push(path.into()),
        }
    }
    Ok(found)
}

fn run(arguments: &Arguments) -> Result<bool, String> {
    let python = interpreter(&arguments.version)?;
    let version = python.version();
    let target = Target::for_version(version).map_err(|error| error.to_string())?;
    let sources = files::sources(&python, &arguments.paths, arguments.step)?;
    println!(
        "{version}, {} files\noptimize  files  identical  refused  false accepts  false rejects  broken   code objects",
        sources.len()
    );
    let mut good = !sources.is_empty();
    let mut causes = Causes::default();
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
            if !equal && arguments.names {
                println!("          {name}");
            }
        }
        row.print(number);
        good &= row.is_good();
    }
    causes.print(arguments.most);
    Ok(good)
}

fn interpreter(wanted: &str) -> Result<Python, String> {
    let fits = |python: &Python| {
        let version = python.version();
        version.to_string() == wanted || version.minor().to_string() == wanted
    };
    pythons::all()?
        .into_iter()
        .rfind(fits)
        .ok_or_else(|| format!("no interpreter {wanted} on this machine"))
}

/// One level's counts.
#[derive(Default)]
struct Row {
    files: usize,
    identical: usize,
    refused: usize,
    false_accepts: usize,
    false_rejects: usize,
    broken: usize,
    codes: usize,
    same_codes: usize,
}

impl Row {
    /// Counts one file; says whether it is equal.
    fn add(&mut self, outcome: &Outcome, name: &str, causes: &mut Causes, messages: bool) -> bool {
        self.files += 1;
        match outcome {
            Outcome::Same(codes) => {
                self.identical += 1;
                self.codes += codes;
                self.same_codes += codes;
                return true;
            }
            Outcome::BothRefuse(pair) => {
                self.refused += 1;
                if let (Some((ours, theirs)), true) = (pair, messages) {
                    causes.add_text(format!("message: {theirs}"), name, ours);
                }
                return true;
            }
            Outcome::Different(codes, differences) => {
                self.codes += codes;
                self.same_codes += codes.saturating_sub(differences.len());
                for difference in differences {
                    causes.add(name, difference);
                }
            }
            Outcome::FalseAccept(reason) => {
                self.false_accepts += 1;
                causes.add_text(format!("false accept: {reason}"), name, reason);
            }
            Outcome::FalseReject(reason) => {
                self.false_rejects += 1;
                let words = reason.lines().next().and_then(|line| line.splitn(4, ':').nth(3));
                causes.add_text(format!("false reject:{}", words.unwrap_or("")), name, reason);
            }
            Outcome::Broken(reason) => {
                self.broken += 1;
                causes.add_text(format!("broken: {reason}"), name, reason);
            }
        }
        false
    }

    fn print(&self, level: u8) {
        let Self { files, identical, refused, false_accepts, false_rejects, broken, .. } = self;
        println!(
            "{level}         {files:5} {identical:10} {refused:8} {false_accepts:14} {false_rejects:14} {broken:7} {:>7}{} / {}",
            "", self.same_codes, self.codes
        );
    }

    fn is_good(&self) -> bool {
        self.identical + self.refused == self.files
    }
}
