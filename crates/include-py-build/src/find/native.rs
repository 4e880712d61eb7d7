//! The modules in machine code of one directory, and what they hide there.
//!
//! `x.cpython-313-x86_64-linux-gnu.so` goes before `x.abi3.so`, and both before `x.py` and a
//! directory `x`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::tree::{Entry, Tree};

/// The modules in machine code of one directory, by the names that import looks for there.
#[derive(Default)]
pub(super) struct Natives<'t> {
    /// The name of the file that import takes.
    pub(super) chosen: BTreeMap<&'t str, &'t str>,
    /// The first file that isn't for the target, and why.
    pub(super) unfit: BTreeMap<&'t str, (&'t str, String)>,
    /// The names of all files that aren't for the target.
    pub(super) unfit_files: BTreeSet<&'t str>,
}

/// What stands beside a directory, under the same name.
#[derive(Clone, Copy)]
pub(super) enum Beside<'t> {
    /// A module in machine code.
    Native,
    /// One that isn't for the target.
    Unfit,
    /// A module in Python, or nothing.
    Python(Option<&'t Entry>),
}

impl<'t> Natives<'t> {
    /// The module that the file of this name is.
    pub(super) fn module(&self, file: &str) -> Option<&'t str> {
        let (module, _) = file.split_once('.')?;
        let (module, chosen) = self.chosen.get_key_value(module)?;
        (*chosen == file).then_some(*module)
    }

    /// The file of this module, by its name and its path.
    pub(super) fn file(&self, tree: &'t Tree, module: &str) -> Option<(&'t str, &'t Path)> {
        let file = *self.chosen.get(module)?;
        match tree.entries.get(file) {
            Some(Entry::File(path)) => Some((file, path)),
            _ => None,
        }
    }

    pub(super) fn beside(&self, tree: &'t Tree, name: &str) -> Beside<'t> {
        let python = tree.entries.get(&format!("{name}.py"));
        if self.chosen.contains_key(name) {
            Beside::Native
        } else if self.unfit.contains_key(name) && python.is_none() {
            Beside::Unfit
        } else {
            Beside::Python(python)
        }
    }
}
