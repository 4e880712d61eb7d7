//! Compiles one source, unless its `.pyc` files are up to date.
//!
//! `src/__pycache__/app.cpython-313.pyc` is written if its header doesn't have the modification
//! time of `src/app.py`.

use std::fs::{self, File, Metadata};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use pyc_code::pyc::{Check, HEADER_LEN, Header, Origin};
use pyc_code::{Minor, marshal};
use pyc_compiler::{Optimize, Options, Target, Warning};

use crate::compiler::{Duplicates, Invalidation, Recompile, Task, TreeCompiler, WarningAction};
use crate::file::{self, Sharing};
use crate::report::{FileReport, Outcome, SourceWarning};
use crate::text::{file_name_text, shown};
use crate::walk::Base;

/// A `.pyc` file to write.
struct Product {
    target: Target,
    level: Optimize,
    file: PathBuf,
}

/// Compiles `source` for each target and level (`compileall.py: compile_file`, 3.13).
pub(crate) fn compile(source: &Path, base: &Base, compiler: &TreeCompiler) -> FileReport {
    let (name, unstripped) = base.naming.name(source.as_os_str().as_encoded_bytes());
    let mut report = FileReport {
        source: source.to_owned(),
        unstripped: unstripped.map(ToOwned::to_owned),
        shown: shown(&name),
        outcome: Outcome::Skipped,
        warnings: Vec::new(),
        files: Vec::new(),
    };
    if is_excluded(source, compiler) {
        return report;
    }
    let products: Vec<Product> = compiler
        .targets
        .iter()
        .flat_map(|&target| compiler.levels.iter().map(move |&level| (target, level)))
        .map(|(target, level)| {
            let file = compiler.destination.of(source, &base.root, target.minor(), level);
            Product { target, level, file }
        })
        .collect();
    let done = match compiler.task {
        Task::Check => check(source, &products, compiler, &mut report),
        Task::Clean => clean(&products, &mut report),
        Task::Compile if is_up_to_date(source, &products, compiler) => Ok(Outcome::UpToDate),
        Task::Compile => write(source, &name, &products, compiler, &mut report),
    };
    report.outcome = done.unwrap_or_else(|fault| fault);
    report
}

/// Reports which files compiling would write.
fn check(
    source: &Path,
    products: &[Product],
    compiler: &TreeCompiler,
    report: &mut FileReport,
) -> Result<Outcome, Outcome> {
    let failed = |error: io::Error| Outcome::Failed(source.to_owned(), error);
    let text = match compiler.invalidation {
        Invalidation::Timestamp => None,
        Invalidation::CheckedHash | Invalidation::UncheckedHash => {
            Some(file::read(source).map_err(failed)?.0)
        }
    };
    let metadata = fs::metadata(source).map_err(failed)?;
    for Product { target, file, .. } in products {
        let header = Header::new(
            target.minor(),
            origin(text.as_deref().unwrap_or_default(), &metadata, *target, compiler)
                .map_err(failed)?,
        );
        // The size in a timestamp header isn't compared, because `compileall.py` doesn't compare
        // it.
        let compared = if text.is_some() { HEADER_LEN } else { STAMP_LEN };
        if compiler.recompile == Recompile::Everything || !begins_with(file, &header, compared) {
            report.files.push(file.clone());
        }
    }
    Ok(if report.files.is_empty() { Outcome::UpToDate } else { Outcome::Due })
}

/// Removes the files that compiling writes.
fn clean(products: &[Product], report: &mut FileReport) -> Result<Outcome, Outcome> {
    for Product { file, .. } in products {
        match fs::remove_file(file) {
            Ok(()) => report.files.push(file.clone()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(Outcome::Failed(file.clone(), error)),
        }
    }
    let caches = report.files.iter().filter_map(|file| file.parent());
    for cache in caches.filter(|cache| cache.ends_with("__pycache__")) {
        // This fails, as intended, if other files are left in the directory.
        let _ = fs::remove_dir(cache);
    }
    Ok(if report.files.is_empty() { Outcome::UpToDate } else { Outcome::Removed })
}

fn is_excluded(source: &Path, compiler: &TreeCompiler) -> bool {
    let name = source.file_name().unwrap_or_default().as_encoded_bytes();
    if !name.ends_with(b".py") {
        return true;
    }
    if compiler.skip.as_ref().is_some_and(|skip| skip(source)) {
        return true;
    }
    let Some(within) = &compiler.links_within else { return false };
    source.is_symlink()
        && match (fs::canonicalize(within), fs::canonicalize(source)) {
            (Ok(within), Ok(source)) => !source.starts_with(within),
            _ => true,
        }
}

/// Whether the headers of all files have the source's modification time.
fn is_up_to_date(source: &Path, products: &[Product], compiler: &TreeCompiler) -> bool {
    if compiler.recompile == Recompile::Everything {
        return false;
    }
    let Ok(origin) = fs::metadata(source).and_then(|source| timestamp(&source)) else {
        return false;
    };
    // The size isn't compared, because `compileall.py` doesn't compare it.
    products.iter().all(|product| {
        begins_with(&product.file, &Header::new(product.target.minor(), origin), STAMP_LEN)
    })
}

/// Length of the header's part with the magic number and the source's modification time.
const STAMP_LEN: usize = 12;

/// Whether a file begins with the first `length` bytes of the header.
fn begins_with(file: &Path, header: &Header, length: usize) -> bool {
    let expected = &header.to_bytes()[..length];
    let mut room = [0; HEADER_LEN];
    let actual = &mut room[..length];
    let read = File::open(file).and_then(|mut file| file.read_exact(actual));
    read.is_ok() && expected == actual
}

/// How a header identifies the source.
fn origin(
    text: &[u8],
    source: &Metadata,
    target: Target,
    compiler: &TreeCompiler,
) -> io::Result<Origin> {
    let minor = target.minor();
    match compiler.invalidation {
        Invalidation::Timestamp => timestamp(source),
        Invalidation::CheckedHash => Ok(Origin::hash_of(text, minor, Check::Checked)),
        Invalidation::UncheckedHash => Ok(Origin::hash_of(text, minor, Check::Unchecked)),
    }
}

fn timestamp(source: &Metadata) -> io::Result<Origin> {
    // Sizes are stored modulo 2**32 (PEP 552).
    Ok(Origin::Timestamp { mtime: mtime(source)?, size: low(source.len().into()) })
}

/// A source's modification time in a `.pyc` header: `int(os.stat(source).st_mtime)` modulo 2**32.
///
/// # Errors
///
/// If the system doesn't provide the time.
pub fn mtime(source: &Metadata) -> io::Result<u32> {
    let (seconds, nanoseconds) = match source.modified()?.duration_since(UNIX_EPOCH) {
        Ok(after) => (i128::from(after.as_secs()), after.subsec_nanos()),
        Err(before) => {
            let before = before.duration();
            match before.subsec_nanos() {
                0 => (-i128::from(before.as_secs()), 0),
                some => (-i128::from(before.as_secs()) - 1, 1_000_000_000 - some),
            }
        }
    };
    #[expect(clippy::cast_precision_loss, reason = "so does `posixmodule.c: fill_time`, 3.13")]
    let float = seconds as f64 + 1e-9 * f64::from(nanoseconds);
    #[expect(clippy::cast_possible_truncation, reason = "`int()`, of seconds since 1970")]
    Ok(low(float as i128))
}

/// The lowest 32 bits.
fn low(number: i128) -> u32 {
    u32::try_from(number.rem_euclid(1 << 32)).unwrap_or_default()
}

/// Compiles the source and writes all products. Both sides of the result become the file's outcome.
fn write(
    source: &Path,
    name: &[u8],
    products: &[Product],
    compiler: &TreeCompiler,
    report: &mut FileReport,
) -> Result<Outcome, Outcome> {
    let failed = |path: &Path| {
        let path = path.to_owned();
        |error: io::Error| Outcome::Failed(path, error)
    };
    let (text, metadata) = file::read(source).map_err(failed(source))?;
    let sharing = match compiler.duplicates {
        Duplicates::Kept => Sharing::Alone,
        Duplicates::Linked => Sharing::Linked,
    };
    let named = |product: &Product| {
        Options::new(product.target, report.shown.as_str()).optimize(product.level)
    };
    let options: Vec<Options> = products.iter().map(named).collect();
    let compilations = pyc_compiler::compile_each(&text, &options);
    // Products are sorted by target, so the previous header is mostly the next one, too.
    let mut header: Option<(Target, [u8; HEADER_LEN])> = None;
    let mut previous: Option<(&Path, Vec<u8>)> = None;
    for (Product { target, file, .. }, compilation) in products.iter().zip(compilations) {
        let compilation = compilation.map_err(|error| Outcome::Refused(Box::new(error)))?;
        // All levels have the same warnings, so those of the first are enough.
        if previous.is_none() {
            report_warnings(compilation.warnings(), &text, compiler, report)?;
        }
        let minor = target.minor();
        let header = match header {
            Some((known, header)) if known == *target => header,
            _ => {
                let origin = origin(&text, &metadata, *target, compiler).map_err(failed(source))?;
                header.insert((*target, Header::new(minor, origin).to_bytes())).1
            }
        };
        let stream = renamed(compilation.into_code(), name, minor).map_err(Outcome::Unnameable)?;
        let bytes = [&header[..], &stream].concat();
        match &previous {
            Some((other, same)) if compiler.duplicates == Duplicates::Linked && *same == bytes => {
                file::link(other, file, &bytes, &metadata).map_err(failed(file))?;
            }
            _ => file::write(file, &bytes, &metadata, sharing).map_err(failed(file))?,
        }
        report.files.push(file.clone());
        previous = Some((file, bytes));
    }
    Ok(Outcome::Compiled)
}

/// Adds warnings to the report, as decided by the filter.
fn report_warnings(
    warnings: &[Warning],
    text: &[u8],
    compiler: &TreeCompiler,
    report: &mut FileReport,
) -> Result<(), Outcome> {
    if warnings.is_empty() {
        return Ok(());
    }
    let text = String::from_utf8_lossy(text);
    let lines: Vec<&str> = text.lines().collect();
    let line = |warning: &Warning| {
        let index = warning.span?.line.checked_sub(1)?;
        lines.get(index).copied()
    };
    for warning in warnings {
        let action = match &compiler.warnings {
            Some(filter) => filter(&report.shown, warning),
            None => WarningAction::Report,
        };
        let line = line(warning).unwrap_or_default().to_owned();
        let warning = SourceWarning { warning: warning.clone(), line };
        match action {
            WarningAction::Report => report.warnings.push(warning),
            WarningAction::Ignore => {}
            WarningAction::Refuse => return Err(Outcome::RefusedForWarning(warning)),
        }
    }
    Ok(())
}

/// Puts a file name that isn't UTF-8 into the code; the compiler only takes UTF-8.
fn renamed(stream: Vec<u8>, name: &[u8], minor: Minor) -> Result<Vec<u8>, pyc_code::Error> {
    if std::str::from_utf8(name).is_ok() {
        return Ok(stream);
    }
    let code = marshal::read(&stream, minor)?.with_filename(file_name_text(name));
    marshal::write(&code, minor)
}
