//! Checks the modules: each by itself, their order, their index, and their sources.
//!
//! A module with path `pkg/mod.py` needs the directory `pkg`, and the file itself if it has source.

use super::tiles::Tiles;
use super::{sorted, tree};
use crate::layout::{ModuleRecord, Section, SlotRecord, Span};
use crate::{Bundle, Error, Module, ModuleKind, Node, names};

pub(super) fn verify(
    bundle: &Bundle<'_>,
    strings: &mut Tiles,
    code: &mut Tiles,
) -> Result<(), Error> {
    let part = bundle.part(Section::Modules);
    let codes = bundle.part(Section::Codes);
    let targets = bundle.part(Section::Targets).count();
    for (number, module) in bundle.modules().enumerate() {
        let corrupt = |what| Err(Error::corrupt(part.offset(number), what));
        let module = module?;
        let record: ModuleRecord = part.record(number).unwrap_or_default();
        if names::check_module_name(module.name()).is_err() {
            return corrupt("a module's name is invalid");
        }
        if names::check_module_path(module.path(), module.kind()).is_err() {
            return corrupt("a module's path doesn't agree with its kind");
        }
        strings.see(record.name, part.offset(number))?;
        strings.see(record.path, part.offset(number))?;
        for target in 0..targets {
            // `open` has checked that there is one code for each module and target.
            let place = number.saturating_mul(targets).saturating_add(target);
            let span: Span = codes.record(place).unwrap_or_default();
            code.see(span, codes.offset(place))?;
            if !module.kind().has_code() && span != Span::default() {
                return corrupt("a namespace package or a module in machine code has bytecode");
            }
        }
    }
    sorted(&bundle.module_names(), part)
}

/// Checks that the index finds every module and contains nothing else.
pub(super) fn verify_index(bundle: &Bundle<'_>) -> Result<(), Error> {
    let slots = bundle.part(Section::Index);
    let taken = (0..slots.count())
        .filter(|slot| slots.record(*slot) != Some(SlotRecord::default()))
        .count();
    if taken != bundle.module_count() {
        return Err(Error::corrupt(slots.start(), "its index doesn't contain each module once"));
    }
    for module in bundle.modules() {
        let module = module?;
        if bundle.module(module.name())?.map(|found| found.index()) != Some(module.index()) {
            return Err(Error::corrupt(slots.start(), "its index doesn't find a module"));
        }
    }
    Ok(())
}

/// Checks that the modules' files and directories are in the tree.
pub(super) fn verify_sources(bundle: &Bundle<'_>) -> Result<(), Error> {
    let part = bundle.part(Section::Modules);
    let mut paths = Vec::with_capacity(bundle.module_count());
    for (number, module) in bundle.modules().enumerate() {
        let module = module?;
        let record: ModuleRecord = part.record(number).unwrap_or_default();
        if let Some(what) = contradiction(bundle, &module, record)? {
            return Err(Error::corrupt(part.offset(number), what));
        }
        if module.kind() != ModuleKind::Namespace {
            paths.push((module.path(), number));
        }
    }
    paths.sort_unstable();
    match paths.windows(2).find(|pair| matches!(pair, [a, b] if a.0 == b.0)) {
        Some([_, (_, number)]) => {
            Err(Error::corrupt(part.offset(*number), "two modules have the same path"))
        }
        _ => Ok(()),
    }
}

fn contradiction(
    bundle: &Bundle<'_>,
    module: &Module<'_>,
    record: ModuleRecord,
) -> Result<Option<&'static str>, Error> {
    if !tree::has_parent(bundle, module.path())? {
        return Ok(Some("a module's directory doesn't exist"));
    }
    let node = bundle.node(module.path())?;
    Ok(match (module.kind(), node, record.source) {
        (ModuleKind::Namespace, Some(Node::Directory(_)), 0) => None,
        (ModuleKind::Namespace, _, 0) => Some("a namespace package's directory doesn't exist"),
        (ModuleKind::Namespace, ..) => Some("a namespace package has source"),
        (_, None, 0) => None,
        (_, Some(_), 0) => Some("a module without source has something at its path"),
        (_, _, source) => match bundle.node_paths().find(module.path())? {
            Some(number) if u32::try_from(number) == Ok(source) => None,
            _ => Some("a module's source is another file"),
        },
    })
}
