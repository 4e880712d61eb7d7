//! One source: is it up to date, and if not, compiled and written.
//!
//! `src/app.py` is read, and `src/__pycache__/app.cpython-313.pyc` written, if its header has another time of change.

use std::fmt::Write as _;
use std::fs::{self, Metadata};
use std::io;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use pyc_code::pyc::{Check, HEADER_LEN, Header, Origin};
use pyc_code::{Minor, marshal};
use pyc_compiler::{Optimize, Options};

use super::arguments::{Arguments, Invalidation, Quiet, Renaming};
use super::warnings::Action;
use super::{file, names, report};

/// What came of one file.
#[derive(Debug, Default)]
pub(super) struct Report {
    /// For standard output, with line ends.
    pub(super) output: String,
    /// Warnings, for standard error, with line ends.
    pub(super) warnings: String,
    pub(super) failed: bool,
}

/// Compiles `source` at each level (`compileall.py: compile_file`, 3.13).
pub(super) fn compile(source: &Path, renaming: &Renaming, arguments: &Arguments) -> Report {
    let mut report = Report::default();
    let given = source.as_os_str().as_encoded_bytes();
    let (name, complaint) = names::in_code(given, renaming);
    if let Some(complaint) = complaint.filter(|_| arguments.quiet < Quiet::All) {
        let _ = writeln!(report.output, "{complaint}");
    }
    if is_left_out(source, arguments) {
        return report;
    }
    let target = &arguments.target;
    let files: Vec<(Optimize, PathBuf)> = arguments
        .levels
        .iter()
        .map(|&level| {
            let prefix = arguments.cache_prefix.as_deref();
            let cached = || names::cached(source, target.minor(), level, prefix);
            (level, if arguments.legacy { names::beside(source) } else { cached() })
        })
        .collect();
    if !arguments.force && is_up_to_date(source, &files, arguments) {
        return report;
    }
    if arguments.quiet == Quiet::No {
        let _ = writeln!(report.output, "Compiling {}...", report::quoted(given));
    }
    if let Err(message) = write(source, &name, &files, arguments, &mut report.warnings) {
        report.failed = true;
        if arguments.quiet < Quiet::All {
            let head = match arguments.quiet {
                Quiet::No => "*** ".to_owned(),
                _ => format!("*** Error compiling {}...\n", report::quoted(given)),
            };
            let _ = writeln!(report.output, "{head}{message}");
        }
    }
    report
}

fn is_left_out(source: &Path, arguments: &Arguments) -> bool {
    let name = source.file_name().unwrap_or_default().as_encoded_bytes();
    if !name.ends_with(b".py") {
        return true;
    }
    if arguments.skip.as_ref().is_some_and(|skip| skip.matches(&source.to_string_lossy())) {
        return true;
    }
    let Some(within) = &arguments.links_within else { return false };
    source.is_symlink()
        && match (fs::canonicalize(within), fs::canonicalize(source)) {
            (Ok(within), Ok(source)) => !source.starts_with(within),
            _ => true,
        }
}

/// Whether every file has the source's time of change in its header.
fn is_up_to_date(source: &Path, files: &[(Optimize, PathBuf)], arguments: &Arguments) -> bool {
    let Ok(origin) = fs::metadata(source).and_then(|source| timestamp(&source)) else {
        return false;
    };
    let expected = Header::new(arguments.target.minor(), origin).to_bytes();
    // The size isn't compared, as `compileall.py` doesn't.
    files
        .iter()
        .all(|(_, file)| fs::read(file).is_ok_and(|actual| actual.get(..12) == expected.get(..12)))
}

fn timestamp(source: &Metadata) -> io::Result<Origin> {
    let seconds = match source.modified()?.duration_since(UNIX_EPOCH) {
        Ok(after) => i128::from(after.as_secs()),
        Err(before) => -i128::from(before.duration().as_secs()),
    };
    // Both are stored modulo 2**32 (PEP 552).
    let low = |number: i128| u32::try_from(number.rem_euclid(1 << 32)).unwrap_or_default();
    Ok(Origin::Timestamp { mtime: low(seconds), size: low(source.len().into()) })
}

fn write(
    source: &Path,
    name: &[u8],
    files: &[(Optimize, PathBuf)],
    arguments: &Arguments,
    warnings: &mut String,
) -> Result<(), String> {
    let failed =
        |path: &Path, error: &io::Error| report::failed(path.as_os_str().as_encoded_bytes(), error);
    let shown = names::shown_bytes(name);
    let (text, metadata) = file::read(source).map_err(|error| failed(source, &error))?;
    let minor = arguments.target.minor();
    let origin = match arguments.invalidation {
        Invalidation::Timestamp => timestamp(&metadata).map_err(|error| failed(source, &error))?,
        Invalidation::CheckedHash => Origin::hash_of(&text, minor, Check::Checked),
        Invalidation::UncheckedHash => Origin::hash_of(&text, minor, Check::Unchecked),
    };
    let header = Header::new(minor, origin).to_bytes();
    let mut previous: Option<(&Path, Vec<u8>)> = None;
    for (index, (level, file)) in files.iter().enumerate() {
        let options = Options::new(arguments.target, shown.as_str()).optimize(*level);
        let compiled = pyc_compiler::compile_to_marshal(&text, &options)
            .map_err(|error| report::refused(&shown, &error))?;
        if index == 0 && !compiled.warnings().is_empty() {
            let lossy = String::from_utf8_lossy(&text);
            let lines: Vec<&str> = lossy.lines().collect();
            for warning in compiled.warnings() {
                match arguments.filters.action(&shown, warning) {
                    Action::Show => report::warned(warnings, &shown, &lines, warning),
                    Action::Ignore => {}
                    Action::Error => return Err(report::refused_for(&shown, &lines, warning)),
                }
            }
        }
        let stream = renamed(compiled.into_code(), name, minor)
            .map_err(|error| format!("SystemError: {error}\n"))?;
        let mut bytes = Vec::with_capacity(HEADER_LEN + stream.len());
        bytes.extend(header);
        bytes.extend(stream);
        match &previous {
            Some((other, same)) if arguments.hardlink_duplicates && *same == bytes => {
                file::link(other, file).map_err(|error| failed(file, &error))?;
            }
            _ => file::write(file, &bytes, &metadata).map_err(|error| failed(file, &error))?,
        }
        previous = Some((file, bytes));
    }
    Ok(())
}

/// The code under its name in bytes, where that isn't UTF-8 and the compiler couldn't have it.
fn renamed(stream: Vec<u8>, name: &[u8], minor: Minor) -> Result<Vec<u8>, pyc_code::Error> {
    if std::str::from_utf8(name).is_ok() {
        return Ok(stream);
    }
    let code = marshal::read(&stream, minor)?.with_filename(names::decoded(name));
    marshal::write(&code, minor)
}
