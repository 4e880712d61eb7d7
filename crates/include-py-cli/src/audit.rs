//! `include-py verify` of `.pyc` files: checks that each is what its source compiles to.
//!
//! ```text
//! pkg/__pycache__/a.cpython-313.pyc: isn't what `pkg/a.py` compiles to: <module>: co_consts is [0] = 1, not [0] = 2
//! 120 files: 118 are what their sources compile to, 1 differ, 1 have no source
//! ```

use std::io::Write;
use std::path::{Path, PathBuf};

use pyc_code::{CodeObject, diff};
use pyc_compiler::{Optimize, Options, Target};

use crate::error::Error;
use crate::json::{self, object, optional, string};
use crate::normalize::header::source_of;
use crate::pyc::Pyc;
use crate::{Format, Status};

/// The result for one file.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Verdict {
    /// The file is what its source compiles to.
    Same,
    Different(String),
    /// CPython rejects the source.
    Refused(String),
    NoSource,
}

/// Counts files by verdict.
#[derive(Default)]
pub(crate) struct Audit {
    format: Format,
    targets: Vec<Target>,
    same: usize,
    different: usize,
    missing: usize,
}

impl Audit {
    /// Compiles for the first of `targets` with the file's minor version, or else for the newest
    /// known release of it.
    pub(crate) fn new(format: Format, targets: Vec<Target>) -> Self {
        Self { format, targets, ..Self::default() }
    }

    /// Checks one file and prints the result.
    pub(crate) fn file(&mut self, path: &Path, out: &mut impl Write) -> Result<(), Error> {
        let file = Pyc::read(path)?;
        let source = source_of(path);
        let verdict = self.verdict(&file, &source)?;
        let shown = source.display();
        let (word, reason) = match &verdict {
            Verdict::Same => ("same", None),
            Verdict::Different(reason) => ("different", Some(reason)),
            Verdict::Refused(reason) => ("refused", Some(reason)),
            Verdict::NoSource => ("no-source", None),
        };
        match verdict {
            Verdict::Same => self.same += 1,
            Verdict::Different(_) | Verdict::Refused(_) => self.different += 1,
            Verdict::NoSource => self.missing += 1,
        }
        match (self.format, reason) {
            (Format::Json, _) => {
                let members = [
                    ("file", json::path(path)),
                    ("source", json::path(&source)),
                    ("verdict", string(word)),
                    ("reason", optional(reason.map(|reason| string(reason)))),
                ];
                writeln!(out, "{}", object(members))?;
            }
            (Format::Text, Some(reason)) => {
                let path = path.display();
                writeln!(out, "{path}: isn't what `{shown}` compiles to: {reason}")?;
            }
            (Format::Text, None) if word == "no-source" => {
                writeln!(out, "{}: its source `{shown}` doesn't exist", path.display())?;
            }
            (Format::Text, None) => {}
        }
        Ok(())
    }

    fn verdict(&self, file: &Pyc, source: &Path) -> Result<Verdict, Error> {
        if !source.is_file() {
            return Ok(Verdict::NoSource);
        }
        let text = std::fs::read(source).map_err(Error::io(source))?;
        let theirs = file.code()?;
        let ours = match compiled(&text, file, &theirs, &self.targets)? {
            Ok(code) => code,
            Err(reason) => return Ok(Verdict::Refused(reason)),
        };
        let minor = file.minor();
        Ok(match diff::first(&theirs, &ours, minor) {
            None => Verdict::Same,
            Some(difference) => {
                let text = difference.to_string();
                Verdict::Different(text.lines().next().unwrap_or_default().to_owned())
            }
        })
    }

    /// Prints the summary.
    pub(crate) fn finish(&self, out: &mut impl Write) -> Result<Status, Error> {
        let Self { same, different, missing, .. } = self;
        if self.format == Format::Text && same + different + missing > 0 {
            let all = same + different + missing;
            writeln!(
                out,
                "{all} files: {same} are what their sources compile to, {different} differ, {missing} have no source"
            )?;
        }
        Ok(if different + missing == 0 { Status::Good } else { Status::Bad })
    }
}

/// What a source compiles to with the file name and level of a `.pyc`. The inner error is a fault
/// in the source.
pub(crate) fn compiled(
    source: &[u8],
    file: &Pyc,
    code: &CodeObject<'_>,
    targets: &[Target],
) -> Result<Result<CodeObject<'static>, String>, Error> {
    let minor = file.minor();
    let named = targets.iter().copied().find(|target| target.minor() == minor);
    let target = named.or_else(|| Target::newest(minor)).ok_or_else(|| {
        Error::Source(format!("{}: can't compile for CPython {minor} yet", file.path().display()))
    })?;
    let options = Options::new(target, "").optimize(level(file.path()));
    let compiled = match pyc_compiler::compile(source, &options) {
        Ok(compiled) => compiled,
        Err(error) => return Ok(Err(error.to_string())),
    };
    let name = code.filename.clone().into_owned();
    Ok(Ok(compiled.with_filename(name)))
}

/// The optimisation level in a file's name (PEP 488).
fn level(path: &Path) -> Optimize {
    let name = path.file_stem().unwrap_or_default().to_string_lossy();
    match name.rsplit_once(".opt-") {
        Some((_, "1")) => Optimize::NoAsserts,
        Some((_, "2")) => Optimize::NoDocstrings,
        _ => Optimize::None,
    }
}

/// Splits the paths into `.pyc` files and directories, and all others.
pub(crate) fn split(paths: Vec<PathBuf>) -> (Vec<PathBuf>, Vec<PathBuf>) {
    paths.into_iter().partition(|path| path.is_dir() || crate::files::is_pyc(path))
}
