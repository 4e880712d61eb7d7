//! Puts everything into a bundle.
//!
//! Its bytes depend only on what is compiled here and the options, never on where or when.

use std::num::NonZeroUsize;

use include_py_bundle::{Builder, Bundle, ModuleKind, NewModule, Packed as Source, Target};

use super::Mismatch;
use super::compile::{Compiled, Entry};
use crate::error::{ErrorKind, Problem};
use crate::native::Natives;
use crate::options::Part;

/// A bundle's bytes and the digest in them.
#[derive(Debug)]
pub(super) struct Packed {
    pub(super) bytes: Vec<u8>,
    pub(super) digest: [u8; 32],
}

/// What goes into a bundle.
#[derive(Clone, Copy, Debug)]
pub(super) struct Parts<'p> {
    pub(super) compiled: &'p Compiled<'p>,
    pub(super) natives: &'p Natives,
    /// The paths that are unpacked.
    pub(super) unpacked: &'p [String],
}

pub(super) fn pack(
    name: &str,
    targets: &[Target],
    Parts { compiled, natives, unpacked }: Parts<'_>,
    mismatch: Mismatch,
    workers: NonZeroUsize,
) -> Result<Packed, Problem> {
    let mut builder = Builder::new(name, targets);
    if mismatch == Mismatch::CompileSource {
        builder.compile_source();
    }
    for (entry, source) in compiled.modules.iter().zip(sources(&compiled.modules, workers)) {
        builder.module(NewModule {
            name: entry.module.name.clone(),
            path: entry.module.path.clone(),
            kind: entry.module.kind,
            code: entry.code.codes().into_iter().map(Into::into).collect(),
            source,
        });
    }
    for (module, content) in &natives.modules {
        builder.module(NewModule {
            name: module.name.clone(),
            path: module.path.clone(),
            kind: module.kind,
            code: Vec::new(),
            source: Some(Source::plain(content.as_slice())),
        });
    }
    for library in &natives.libraries {
        builder.library(library.clone());
    }
    for absent in &natives.absent {
        builder.absent(&absent.name, &absent.path, &absent.reason);
    }
    for (file, data) in &compiled.files {
        builder.file(file.path.as_str(), data.as_slice());
    }
    for directory in &compiled.directories {
        builder.directory(directory.as_str());
    }
    for (distribution, name) in &compiled.distributions {
        builder.distribution(name, &distribution.directory);
    }
    for path in unpacked {
        builder.unpack(path.as_str());
    }
    let refused = |error: include_py_bundle::Error| {
        Problem::new(ErrorKind::Source, format!("the bundle `{name}` can't hold this: {error}"))
    };
    let bytes = builder.finish().map_err(refused)?;
    let digest = *Bundle::open(&bytes).map_err(refused)?.digest();
    Ok(Packed { bytes, digest })
}

/// The source of each module that is bundled with it, compressed by several threads.
fn sources<'e>(entries: &'e [Entry<'e>], workers: NonZeroUsize) -> Vec<Option<Source<'e>>> {
    std::thread::scope(|scope| {
        let parts = entries.chunks(entries.len().div_ceil(workers.get()).max(1));
        let parts: Vec<_> =
            parts.map(|part| scope.spawn(|| part.iter().map(source).collect::<Vec<_>>())).collect();
        // Nothing in it can panic.
        parts.into_iter().flat_map(|part| part.join().unwrap_or_default()).collect()
    })
}

fn source<'e>(entry: &'e Entry<'e>) -> Option<Source<'e>> {
    let module = &entry.module;
    let has_text = module.kind != ModuleKind::Namespace && !module.is_sourceless();
    if entry.settled.source == Part::LeftOut || !has_text {
        return None;
    }
    Some(entry.packed.clone().unwrap_or_else(|| Source::compressed(&entry.source)))
}
