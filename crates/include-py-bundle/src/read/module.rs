//! One module of an open bundle.
//!
//! `bundle.module("json.decoder")?` has the path `json/decoder.py`.

use std::fmt;

use super::section::record;
use super::{Bundle, File, Node};
use crate::layout::{self, ModuleRecord, Section, Span};
use crate::{Error, ErrorKind, ModuleKind};

/// A module in a bundle; all of it lies within the bundle's bytes.
#[derive(Clone, Copy)]
pub struct Module<'a> {
    index: usize,
    name: &'a str,
    path: &'a str,
    kind: ModuleKind,
    /// Its source or its machine code.
    file: Option<File<'a>>,
    codes: Codes<'a>,
}

/// A module's row of the `codes` section, of which every span is in `payloads`.
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
            _ => return Err(corrupt("a module is of an unknown kind")),
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

    /// Its full name, `pkg.mod`.
    #[must_use]
    pub const fn name(&self) -> &'a str {
        self.name
    }

    /// Its path in the tree, whether or not the source is there: `pkg/mod.py`,
    /// `pkg/__init__.py`, or a namespace package's directory `pkg/ns`.
    #[must_use]
    pub const fn path(&self) -> &'a str {
        self.path
    }

    /// Whether it is a package.
    #[must_use]
    pub const fn kind(&self) -> ModuleKind {
        self.kind
    }

    /// Its marshalled code object for the target of this number in [`Bundle::targets`].
    ///
    /// `None` for a namespace package, for machine code, and for a number too high.
    #[must_use]
    pub fn code(&self, target: usize) -> Option<&'a [u8]> {
        self.codes.get(target)
    }

    /// Its source, if that was included: the file at [`path`](Self::path).
    #[must_use]
    pub const fn source(&self) -> Option<File<'a>> {
        if self.kind.is_native() { None } else { self.file }
    }

    /// Its machine code: the file at [`path`](Self::path).
    #[must_use]
    pub const fn native(&self) -> Option<File<'a>> {
        if self.kind.is_native() { self.file } else { None }
    }

    /// Its number among the modules sorted by name, for [`Bundle::module_at`].
    #[must_use]
    pub const fn index(&self) -> usize {
        self.index
    }
}

impl<'a> Codes<'a> {
    /// `None` if one of them is out of bounds.
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

/// The node, if that is a file.
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
