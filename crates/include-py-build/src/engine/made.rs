//! The record of a bundle that is there.
//!
//! Each module and file has a row, with where in the bundle it is.

use include_py_bundle::{Image, ModuleKind, Packed as Content, Payload};

use super::compile::{Compiled, Data};
use super::pack::{Frame, Payloads};
use crate::record::{Coded, FileRow, ModuleRow, Record, Stamp};

/// A bundle as it is there.
pub(super) struct Made<'m> {
    pub(super) payloads: &'m Payloads<'m>,
    /// `None` if it is the previous one.
    pub(super) image: Option<&'m Image<'m>>,
    pub(super) frame: &'m Frame<'m>,
}

impl<'m> Made<'m> {
    /// The record of it, but for what the bundle is as a whole.
    pub(super) fn record(&self, compiled: &'m Compiled) -> Record<'m> {
        let start = self.frame.start;
        let Payloads { codes, texts, .. } = self.payloads;
        let bundled = compiled.modules.iter().zip(codes).zip(texts);
        let bundled = bundled.filter(|((entry, _), _)| entry.module.kind != ModuleKind::Namespace);
        let mut modules: Vec<ModuleRow<'_>> = bundled
            .map(|((entry, codes), text)| ModuleRow {
                name: &entry.module.name,
                path: &entry.module.path,
                level: entry.settled.level,
                source: entry.source.seen(start),
                result: Ok(Coded {
                    code: codes.iter().filter_map(|code| self.place(code)).collect(),
                    warnings: entry.code.warnings.clone(),
                }),
                text: text.as_ref().and_then(|text| self.place(text)),
            })
            .collect();
        let mut files = Vec::with_capacity(compiled.files.len());
        for (Data { file, source, refused }, packed) in
            compiled.files.iter().zip(&self.payloads.files)
        {
            files.push(FileRow {
                path: &file.path,
                source: source.seen(start),
                payload: self.place(packed),
            });
            if let Some((name, settled, message)) = refused {
                modules.push(ModuleRow {
                    name,
                    path: &file.path,
                    level: settled.level,
                    source: source.seen(start),
                    result: Err(message),
                    text: None,
                });
            }
        }
        for ((module, source), packed) in
            self.frame.natives.modules.iter().zip(&self.payloads.natives)
        {
            let (path, payload) = (module.path.as_str(), self.place(packed));
            files.push(FileRow { path, source: source.seen(start), payload });
        }
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

    fn place(&self, packed: &Content<'_>) -> Option<Payload> {
        self.image.map_or_else(|| packed.payload(), |image| image.payload(packed))
    }
}
