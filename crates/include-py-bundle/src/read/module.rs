//! A module in an open bundle.
//!
//! `bundle.module("json.decoder")?` has the path `json/decoder.py`.

use std::fmt;

use super::section::record;
use super::{Bundle, File, Node};
use crate::layout::{self, ModuleRecord, Section, Span};
use crate::{Error, ErrorKind, ModuleKind};

/// A module in a bundle. All of its data lies within the bundle's bytes.
#[derive(Clone, Copy)]
pub struct Module<'a> {
    index: usize,
    name: &'a str,
    path: &'a str,
    kind: ModuleKind,
    /// The source or the machine code.
    file: Option<File<'a>>,
    codes: Codes<'a>,
}

/// A module's row in the `codes` section; all spans were checked to lie in `payloads`.
#[derive(Clone, Copy)]
struct Codes<'a> {
    row: &'a [u8],
    payloads: &'a [u8],
}

impl<'a> Module<'a> {
    pub(super) fn read(bundle: &Bundle<'a>, index: usize) -> Result<Self, Error> {
        let modules = bundle.part(Section::Modules);
        let strings = bundle.part(Section::Strings);
        let corrupt = |what| Error::corrupt(modules.offset(index), what);

        let missing = || Error::read(ErrorKind::NoModule, modules.offset(index), "");
        let record: ModuleRecord = modules.record(index).ok_or_else(missing)?;
        let kind = match record.kind {
            layout::MODULE => ModuleKind::Module,
            layout::PACKAGE => ModuleKind::Package,
            layout::NAMESPACE => ModuleKind::Namespace,
            layout::EXTENSION => ModuleKind::Extension,
            layout::EXTENSION_PACKAGE => ModuleKind::ExtensionPackage,
            _ => return Err(corrupt("a module has an unknown kind")),
        };
        let text = |span| {
            strings.text(span).ok_or_else(|| corrupt("a module's name or path isn't in `strings`"))
        };
        let codes = Codes::read(bundle, index, kind)
            .ok_or_else(|| corrupt("a module's code isn't in `code`"))?;
        let file = match record.source {
            0 if kind.is_native() => return Err(corrupt("a module has no machine code")),
            0 => None,
            node => {
                let file = file(bundle, node);
                Some(file.ok_or_else(|| corrupt("a module's source isn't a file in the bundle"))?)
            }
        };
        Ok(Self { index, name: text(record.name)?, path: text(record.path)?, kind, file, codes })
    }

    /// Its full name, such as `pkg.mod`.
    #[must_use]
    pub const fn name(&self) -> &'a str {
        self.name
    }

    /// Its path in the tree, even if the source isn't included: `pkg/mod.py`, `pkg/__init__.py`, or
    /// `pkg/ns`, the directory of a namespace package.
    #[must_use]
    pub const fn path(&self) -> &'a str {
        self.path
    }

    /// What kind of module it is.
    #[must_use]
    pub const fn kind(&self) -> ModuleKind {
        self.kind
    }

    /// Its marshalled code object for the target with this index in [`Bundle::targets`].
    ///
    /// `None` for namespace packages, for machine code, and if the index is out of range.
    #[must_use]
    pub fn code(&self, target: usize) -> Option<&'a [u8]> {
        self.codes.get(target)
    }

    /// Its source, if included: the file at [`path`](Self::path).
    #[must_use]
    pub const fn source(&self) -> Option<File<'a>> {
        if self.kind.is_native() { None } else { self.file }
    }

    /// Its machine code, if it is an extension module: the file at [`path`](Self::path).
    #[must_use]
    pub const fn native(&self) -> Option<File<'a>> {
        if self.kind.is_native() { self.file } else { None }
    }

    /// Its index among the modules sorted by name, for [`Bundle::module_at`].
    #[must_use]
    pub const fn index(&self) -> usize {
        self.index
    }
}

impl<'a> Codes<'a> {
    /// The row of a module; `None` if a span is out of bounds.
    fn read(bundle: &Bundle<'a>, index: usize, kind: ModuleKind) -> Option<Self> {
        let targets = if kind.has_code() { bundle.part(Section::Targets).count() } else { 0 };
        let row =
            bundle.part(Section::Codes).records::<Span>(index.checked_mul(targets)?, targets)?;
        let codes = Self { row, payloads: bundle.part(Section::Code).bytes() };
        (0..targets).all(|target| codes.get(target).is_some()).then_some(codes)
    }

    #[inline]
    fn get(&self, target: usize) -> Option<&'a [u8]> {
        record::<Span>(self.row, target)?.of(self.payloads)
    }
}

/// The file at a node, if it is one.
fn file<'a>(bundle: &Bundle<'a>, node: u32) -> Option<File<'a>> {
    match Node::read(bundle, usize::try_from(node).ok()?) {
        Ok(Node::File(file)) => Some(file),
        _ => None,
    }
}

impl fmt::Debug for Module<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Module")
            .field("name", &self.name)
            .field("path", &self.path)
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}
