//! Checks the libraries, their dependencies, and the omitted modules.
//!
//! Each file is listed once, all dependencies are libraries as well, and the rows of `loads` belong
//! to the libraries in order and without gaps.

use super::sorted;
use super::tiles::Tiles;
use crate::layout::{AbsentRecord, LibraryRecord, NEEDS_FILE, Section};
use crate::{Bundle, Error, names};

pub(super) fn verify_libraries(bundle: &Bundle<'_>) -> Result<(), Error> {
    let part = bundle.part(Section::Libraries);
    let mut last = 0;
    for number in 0..part.count() {
        let record: LibraryRecord = part.record(number).unwrap_or_default();
        // Node 0 is the root directory, so no library can have number 0.
        if record.node <= last {
            return Err(Error::corrupt(part.offset(number), "the libraries aren't sorted"));
        }
        last = record.node;
    }
    let mut loads = 0;
    for (number, library) in bundle.libraries().enumerate() {
        let corrupt = |what| Err(Error::corrupt(part.offset(number), what));
        let library = library?;
        let record: LibraryRecord = part.record(number).unwrap_or_default();
        if record.flags & !NEEDS_FILE != 0 {
            return corrupt("a library has an unknown flag");
        }
        if (record.count == 0 && record.first != 0) || (record.count > 0 && record.first != loads) {
            return corrupt("a library's dependencies aren't contiguous");
        }
        loads = loads.saturating_add(record.count);
        for file in library.loads() {
            let file = file?;
            if file.path() == library.file().path() || bundle.library(file.path())?.is_none() {
                return corrupt("a library's dependency isn't another library");
            }
        }
    }
    if usize::try_from(loads) == Ok(bundle.part(Section::Loads).count()) {
        Ok(())
    } else {
        Err(Error::corrupt(bundle.part(Section::Loads).start(), "`loads` has rows of no library"))
    }
}

/// Checks that each module in machine code is a library.
pub(super) fn verify_modules(bundle: &Bundle<'_>) -> Result<(), Error> {
    let part = bundle.part(Section::Modules);
    for (number, module) in bundle.modules().enumerate() {
        let module = module?;
        if module.kind().is_native() && bundle.library(module.path())?.is_none() {
            return Err(Error::corrupt(part.offset(number), "a module isn't a library"));
        }
    }
    Ok(())
}

pub(super) fn verify_absent(bundle: &Bundle<'_>, strings: &mut Tiles) -> Result<(), Error> {
    let part = bundle.part(Section::Absent);
    for (number, absent) in bundle.absent_modules().enumerate() {
        let corrupt = |what| Err(Error::corrupt(part.offset(number), what));
        let absent = absent?;
        if names::check_module_name(absent.name()).is_err() {
            return corrupt("an omitted module's name is invalid");
        }
        if names::check_path(absent.path()).is_err() {
            return corrupt("a path isn't relative and normal");
        }
        if bundle.module(absent.name())?.is_some() {
            return corrupt("an omitted module exists");
        }
        let record: AbsentRecord = part.record(number).unwrap_or_default();
        for span in [record.name, record.path, record.reason] {
            strings.see(span, part.offset(number))?;
        }
    }
    sorted(&bundle.absent_names(), part)
}
