//! Compares the compiler's trees with rustpython-parser's: sources that both accept must give the
//! same tree.
//!
//! ```text
//! $ cargo run --release --manifest-path tests/parsers/Cargo.toml -- /usr/lib/python3.11
//! files  alike  refused by both  by ours  by theirs  different
//!  1790   1777                7        2          4          0
//! ```
//!
//! Every name, constant and location is compared, except for those that are wrong in theirs
//! according to [`mend`] and [`normal`]. `docs/internals/compiler-conformance.md` has the details
//! and the results.

#![forbid(unsafe_code)]

mod mend;
mod nodes;
mod normal;
mod print;
#[cfg(test)]
mod tests;
mod values;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use pyc_code::Minor;
use pyc_compiler::{Options, Target, stage};
use rustpython_parser::{Parse, ast};

/// Their parser and the traversals of their trees recurse without a limit.
const STACK: usize = 1 << 30;

fn main() -> ExitCode {
    let all = || {
        let paths: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
        run(&paths).unwrap_or_else(|message| {
            eprintln!("{message}");
            false
        })
    };
    let thread = std::thread::Builder::new().stack_size(STACK).spawn(all);
    let good = thread.is_ok_and(|thread| thread.join().is_ok_and(|good| good));
    if good { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Whether all trees are equal, and there are any.
fn run(paths: &[PathBuf]) -> Result<bool, String> {
    let target = Target::newest(Minor::PY313).ok_or("the compiler has no target 3.13")?;
    let options = Options::new(target, "m.py");
    let mut files = Vec::new();
    paths.iter().try_for_each(|path| collect(path, &mut files))?;
    let [mut alike, mut neither, mut not_ours, mut not_theirs, mut different] = [0; 5];
    for path in &files {
        let source = std::fs::read(path).map_err(|error| in_path(path, &error))?;
        let ours = stage::syntax(&source, &options).map_err(|error| error.to_string());
        let text = text(&source);
        let theirs = text.as_ref().map_err(Clone::clone).and_then(|text| theirs(text));
        let (count, words) = match (ours, theirs, text) {
            (Ok(ours), Ok(theirs), Ok(text)) => {
                let [ours, theirs] = [ours, theirs].map(|tree| normal::normal(&tree, &text));
                match first_difference(&ours, &theirs) {
                    None => (&mut alike, None),
                    Some(lines) => (&mut different, Some(lines)),
                }
            }
            (Ok(_), Err(error), _) => {
                (&mut not_theirs, Some(format!("theirs alone refuses it: {error}")))
            }
            (Err(error), Ok(_), _) => {
                (&mut not_ours, Some(format!("ours alone refuses it: {error}")))
            }
            _ => (&mut neither, None),
        };
        *count += 1;
        if let Some(words) = words {
            println!("{}: {words}", path.display());
        }
    }
    println!("files  alike  refused by both  by ours  by theirs  different");
    let files = files.len();
    println!("{files:5} {alike:6} {neither:16} {not_ours:8} {not_theirs:10} {different:10}");
    Ok(alike > 0 && different == 0)
}

/// Every `.py` file of a tree, sorted. A path to a file is that file.
fn collect(path: &Path, files: &mut Vec<PathBuf>) -> Result<(), String> {
    if !path.is_dir() {
        files.push(path.to_owned());
        return Ok(());
    }
    let entries = path.read_dir().and_then(Iterator::collect::<Result<Vec<_>, _>>);
    let entries = entries.map_err(|error| in_path(path, &error))?;
    let mut paths: Vec<PathBuf> = entries.iter().map(std::fs::DirEntry::path).collect();
    let python = |path: &Path| path.is_file() && path.extension().is_some_and(|end| end == "py");
    paths.retain(|path| python(path) || path.is_dir() && !path.ends_with("site-packages"));
    paths.sort();
    paths.iter().try_for_each(|path| collect(path, files))
}

fn in_path(path: &Path, error: &std::io::Error) -> String {
    format!("{}: {error}", path.display())
}

/// The source in the form that they require: decoding and line ends are left to the caller.
fn text(source: &[u8]) -> Result<String, String> {
    let text = std::str::from_utf8(source).map_err(|error| error.to_string())?;
    let coding = |line: &str| {
        let declared = line.split_once("coding:").or_else(|| line.split_once("coding="));
        line.starts_with('#')
            && declared.is_some_and(|(_, name)| !name.to_ascii_lowercase().contains("utf"))
    };
    if !text.is_ascii() && text.lines().take(2).any(coding) {
        return Err("the source isn't in UTF-8".to_owned());
    }
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    Ok(text.replace("\r\n", "\n").replace('\r', "\n"))
}

fn theirs(text: &str) -> Result<String, String> {
    let body = ast::Suite::parse(text, "m.py").map_err(|error| error.to_string())?;
    Ok(print::print(text, &mend::mend(body, text)))
}

fn first_difference(ours: &str, theirs: &str) -> Option<String> {
    let (mut ours, mut theirs) = (ours.lines(), theirs.lines());
    loop {
        match (ours.next(), theirs.next()) {
            (None, None) => return None,
            (ours, theirs) if ours == theirs => {}
            (ours, theirs) => {
                let [ours, theirs] = [ours, theirs].map(|line| line.map_or("(end)", str::trim));
                return Some(format!("\n  ours   {ours}\n  theirs {theirs}"));
            }
        }
    }
}
