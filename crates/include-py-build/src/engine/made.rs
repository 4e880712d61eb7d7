//! The record of a finished bundle.
//!
//! Each module and file has a row with its position in the bundle.

use include_py_bundle::{Image, ModuleKind, Packed as Content, Payload};

use super::compile::{Compiled, Data};
use super::pack::{Frame, PackedFile, PackedModule, Payloads};
use crate::record::{Coded, FileRow, ModuleRow, Moment, Record, Stamp};

/// A finished bundle.
pub(super) struct Made<'m> {
    pub(super) payloads: &'m Payloads<'m>,
    /// `None` if the bundle is the previous one.
    pub(super) image: Option<&'m Image<'m>>,
    pub(super) frame: &'m Frame<'m>,
}

impl<'m> Made<'m> {
    /// The record's rows, without the digest and stamp of the bundle as a whole.
    pub(super) fn record(&self, compiled: &'m Compiled) -> Record<'m> {
        let start = self.frame.start;
        let Payloads { modules, files, natives } = self.payloads;
        let coded = modules.iter().filter(|one| one.entry.module.kind != ModuleKind::Namespace);
        let mut modules: Vec<_> = coded.map(|one| self.module(one, start)).collect();
        modules.extend(files.iter().filter_map(|one| refused(one, start)));
        let natives = natives.iter().map(|one| FileRow {
            path: &one.module.path,
            source: one.source.seen(start),
            payload: self.place(&one.content),
        });
        let files = files.iter().map(|one| FileRow {
            path: &one.data.file.path,
            source: one.data.source.seen(start),
            payload: self.place(&one.content),
        });
        let mut files: Vec<_> = files.chain(natives).collect();
        modules.sort_by(|a, b| a.name.cmp(b.name));
        files.sort_by(|a, b| a.path.cmp(b.path));
        let digest = [0; 32];
        Record {
            context: compiled.context,
            bundle: digest,
            stamp: Stamp::default(),
            fingerprint: digest,
            modules,
            files,
            roots: self.frame.roots,
            verdicts: compiled.verdicts.clone(),
        }
    }

    fn module(&self, packed: &'m PackedModule<'m>, start: Moment) -> ModuleRow<'m> {
        let PackedModule { entry, codes, text } = packed;
        ModuleRow {
            name: &entry.module.name,
            path: &entry.module.path,
            level: entry.settled.level,
            source: entry.source.seen(start),
            result: Ok(Coded {
                code: codes.iter().filter_map(|code| self.place(code)).collect(),
                warnings: entry.code.warnings.clone(),
            }),
            text: text.as_ref().and_then(|text| self.place(text)),
        }
    }

    fn place(&self, packed: &Content<'_>) -> Option<Payload> {
        self.image.map_or_else(|| packed.payload(), |image| image.payload(packed))
    }
}

/// The row of a file that was found as a module, but isn't valid Python.
fn refused<'m>(packed: &'m PackedFile<'m>, start: Moment) -> Option<ModuleRow<'m>> {
    let Data { file, source, refused } = packed.data;
    let (name, settled, message) = refused.as_ref()?;
    Some(ModuleRow {
        name,
        path: &file.path,
        level: settled.level,
        source: source.seen(start),
        result: Err(message),
        text: None,
    })
}
