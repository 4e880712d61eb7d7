//! The modules in machine code of a directory, and what they hide in it.
//!
//! `x.cpython-313-x86_64-linux-gnu.so` takes precedence over `x.abi3.so`, and both over `x.py` and
//! a directory `x`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::tree::{Entry, Tree};

/// A directory's modules in machine code, by the names under which import looks for them.
#[derive(Default)]
pub(super) struct Natives<'t> {
    /// The name of the file that import selects.
    pub(super) chosen: BTreeMap<&'t str, &'t str>,
    /// The first file that isn't for the target, and the reason.
    pub(super) unfit: BTreeMap<&'t str, (&'t str, String)>,
    /// The names of all files that aren't for the target.
    pub(super) unfit_files: BTreeSet<&'t str>,
}

/// The module beside a directory with the same name.
#[derive(Clone, Copy)]
pub(super) enum Beside<'t> {
    /// A module in machine code.
    Native,
    /// A module in machine code that isn't for the target.
    Unfit,
    /// A module in Python, or nothing.
    Python(Option<&'t Entry>),
}

impl<'t> Natives<'t> {
    /// The name of the module that is in this file.
    pub(super) fn module(&self, file: &str) -> Option<&'t str> {
        let (module, _) = file.split_once('.')?;
        let (module, chosen) = self.chosen.get_key_value(module)?;
        (*chosen == file).then_some(*module)
    }

    /// The name and path of this module's file.
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
