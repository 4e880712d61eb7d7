//! Modules whose source isn't in the bundle, presented as `.pyc` files.
//!
//! | in the bundle, without source | presented as |
//! |---|---|
//! | the package `pkg` | `pkg/__init__.pyc` |
//! | the module `pkg.module` | `pkg/module.pyc` |
//!
//! CPython imports such files if there is no source (`_bootstrap_external.py:
//! SourcelessFileLoader`), and code that lists a directory finds them, as in a program made by
//! `python -m compileall -b`. A module's `__file__` is still the path of its source.

use include_py_bundle::{Module, ModuleKind, package_name, submodule_name};
use pyo3::prelude::*;

use super::Mount;
use crate::{Error, fit::Fit};

const SOURCE: &str = ".py";
const COMPILED: &str = ".pyc";
const PACKAGE: &str = "__init__";

/// The header's flags: the next eight bytes are a hash of the source that isn't checked (PEP 552).
const UNCHECKED: u32 = 0b01;
/// The magic number, the flags, and the hash.
const HEADER: usize = 16;

/// The `.pyc` file of a module.
#[derive(Clone, Copy)]
pub(crate) struct Compiled<'a> {
    magic: u16,
    payload: &'a [u8],
}

impl Compiled<'_> {
    pub(crate) fn size(&self) -> usize {
        HEADER + self.payload.len()
    }

    pub(crate) fn bytes(&self) -> Vec<u8> {
        let magic = self.magic.to_le_bytes();
        [&magic[..], b"\r\n", &UNCHECKED.to_le_bytes(), &[0; 8], self.payload].concat()
    }
}

impl Mount {
    /// The `.pyc` file of a module with bytecode.
    pub(crate) fn compiled<'a>(&self, module: &Module<'a>) -> Option<Compiled<'a>> {
        let Fit::Bytecode(target) = self.fit else { return None };
        let magic = self.bundle().targets().nth(target)?.magic();
        Some(Compiled { magic, payload: module.code(target)? })
    }

    /// The `.pyc` file at a path inside the bundle, for a module without source.
    pub(crate) fn sourceless(&self, path: &str) -> PyResult<Option<Compiled<'_>>> {
        let Some(stem) = path.strip_suffix(COMPILED) else { return Ok(None) };
        let (directory, last) = stem.rsplit_once('/').unwrap_or(("", stem));
        let package = package_name(directory);
        let name = if last == PACKAGE { package } else { submodule_name(&package, last) };
        let bundle = self.bundle();
        let module = bundle.module(&name).map_err(|error| Error::damaged(bundle.name(), error))?;
        let module = module.filter(|module| without_source(module).is_some_and(|one| one == stem));
        Ok(module.and_then(|module| self.compiled(&module)))
    }

    /// The paths of all such files in a directory of the bundle.
    pub(crate) fn sourceless_in(&self, directory: &str) -> PyResult<Vec<String>> {
        let bundle = self.bundle();
        if !matches!(self.fit, Fit::Bytecode(_)) {
            return Ok(Vec::new());
        }
        let package = package_name(directory);
        let damaged = |error| Error::damaged(bundle.name(), error);
        let mut modules: Vec<_> = bundle.module(&package).map_err(damaged)?.into_iter().collect();
        for module in bundle.submodules(&package) {
            modules.push(module.map_err(damaged)?);
        }
        let stems = modules.iter().filter_map(without_source);
        let here =
            stems.filter(|stem| stem.rsplit_once('/').map_or("", |(above, _)| above) == directory);
        Ok(here.map(|stem| format!("{stem}{COMPILED}")).collect())
    }
}

/// The path of a Python module without its extension, if the bundle doesn't contain its source.
fn without_source<'a>(module: &Module<'a>) -> Option<&'a str> {
    let python = matches!(module.kind(), ModuleKind::Module | ModuleKind::Package);
    let missing = python && module.source().is_none();
    let path = missing.then(|| module.path())?;
    path.strip_suffix(SOURCE).or_else(|| path.strip_suffix(COMPILED))
}
