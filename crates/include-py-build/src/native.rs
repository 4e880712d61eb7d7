//! Handles machine code: which files the target can load, and which must be loaded before others.
//!
//! ```text
//! numpy/_core/_multiarray_umath.cpython-313-x86_64-linux-gnu.so    a module
//!   needs libscipy_openblas64_-ff651d7f.so, run path $ORIGIN/../../numpy.libs
//! numpy.libs/libscipy_openblas64_-ff651d7f.so                      is loaded before it
//! ```
//!
//! ELF files are read only here, so that the program needn't parse them.

mod abi;
mod alias;
mod elf;
mod installed;
mod order;
mod outside;

use std::collections::BTreeMap;
use std::path::Path;

use include_py_bundle::NewLibrary;

use crate::find::{Absent, Content, Module};
use crate::source::Source;
use crate::system::{SystemLibraries, SystemLibrary};
pub(crate) use abi::{Abi, Name, System};
pub(crate) use installed::noted_suffix;
use outside::Collector;

/// A module in machine code with its content.
pub(crate) type Extension = (Module, Source);

/// The machine code of a bundle.
#[derive(Debug, Default)]
pub(crate) struct Natives {
    pub(crate) modules: Vec<Extension>,
    /// The modules, and the other libraries that the target can load.
    pub(crate) libraries: Vec<NewLibrary>,
    pub(crate) absent: Vec<Absent>,
    /// The system libraries that the bundle needs, both bundled ones and others.
    pub(crate) needed: Vec<SystemLibrary>,
}

/// Extracts the modules in machine code from the found files, and examines them. Those that the
/// target can't load are left out, with a message in `warnings`. Libraries of this system are added
/// to the files.
pub(crate) fn resolve(
    content: &mut Content,
    abi: &Abi,
    system: &SystemLibraries,
    warnings: &mut Vec<String>,
) -> Natives {
    let mut absent = std::mem::take(&mut content.absent);
    let mut kept = Vec::new();
    let mut objects = BTreeMap::new();
    let mut origins = BTreeMap::new();
    for (module, source) in std::mem::take(&mut content.extensions) {
        match abi.read(&source.look()) {
            Ok(elf) => {
                origins.insert(module.path.clone(), module.source.clone());
                objects.insert(module.path.clone(), elf);
                kept.push((module, source));
            }
            Err(reason) => absent.push(Absent {
                reason: format!("{reason}: {}", abi.remedy()),
                name: module.name,
                path: module.path,
                source: module.source,
            }),
        }
    }
    for (file, source) in content.files.iter().filter(|(_, source)| elf::is_elf(&source.start())) {
        // A library for another target is treated as data.
        if let Ok(elf) = abi.read(&source.look()) {
            origins.insert(file.path.clone(), file.source.clone());
            objects.insert(file.path.clone(), elf);
        }
    }
    warnings.extend(warning(&absent));
    let mut collector = Collector::new(system, abi, objects, origins);
    collector.collect(warnings);
    let Collector { objects, mut files, needed, .. } = collector;
    content.files.append(&mut files);
    Natives { modules: kept, libraries: order::libraries(&objects), absent, needed }
}

/// Warnings about omitted modules, grouped by reason.
fn warning(absent: &[Absent]) -> Vec<String> {
    let mut by_reason = BTreeMap::<&str, Vec<&Path>>::new();
    for Absent { reason, source, .. } in absent {
        by_reason.entry(reason).or_default().push(source);
    }
    let shown = |path: &Path| format!("`{}`", path.display());
    let lines = by_reason.into_iter().map(|(reason, paths)| {
        let names: Vec<_> = paths.iter().map(|path| shown(path)).collect();
        let (verb, kind, reason) = match paths.len() {
            1 => ("is", "extension module", reason.to_owned()),
            _ => ("are", "extension modules", reason.replace("it is ", "they are ")),
        };
        format!("the {kind} {} {verb} left out, since {reason}", names.join(", "))
    });
    lines.collect()
}
