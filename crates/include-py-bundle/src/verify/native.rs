//! Checks the libraries and what was left out: each file once, and everything that one needs a library, too.
//!
//! The rows of `loads` belong to the libraries in their order, without gaps.

use super::sorted;
use super::tiles::Tiles;
use crate::layout::{AbsentRecord, LibraryRecord, NEEDS_FILE, Section};
use crate::{Bundle, Error, names};

pub(super) fn verify_libraries(bundle: &Bundle<'_>) -> Result<(), Error> {
    let part = bundle.part(Section::Libraries);
    let mut last = 0;
    for number in 0..part.count() {
        let record: LibraryRecord = part.record(number).unwrap_or_default();
        // The first node is the root directory, so that no library is 0.
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
            return corrupt("a library has a flag that no format defines");
        }
        if (record.count == 0 && record.first != 0) || (record.count > 0 && record.first != loads) {
            return corrupt("what a library needs isn't where it belongs");
        }
        loads = loads.saturating_add(record.count);
        for file in library.loads() {
            let file = file?;
            if file.path() == library.file().path() || bundle.library(file.path())?.is_none() {
                return corrupt("what a library needs isn't another library");
            }
        }
    }
    if usize::try_from(loads) == Ok(bundle.part(Section::Loads).count()) {
        Ok(())
    } else {
        Err(Error::corrupt(bundle.part(Section::Loads).start(), "nothing needs a library here"))
    }
}

/// Each module in machine code is a library.
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
            return corrupt("the name of a module that was left out isn't one");
        }
        if names::check_path(absent.path()).is_err() {
            return corrupt("a path isn't relative and normal");
        }
        if bundle.module(absent.name())?.is_some() {
            return corrupt("a module that was left out is there");
        }
        let record: AbsentRecord = part.record(number).unwrap_or_default();
        for span in [record.name, record.path, record.reason] {
            strings.see(span, part.offset(number))?;
        }
    }
    sorted(&bundle.absent_names(), part)
}
