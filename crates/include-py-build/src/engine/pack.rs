//! Packs the content into a bundle, and makes its record.
//!
//! The bundle's bytes depend only on the compiled content and the options. They don't depend on the
//! directory, on the time, or on what is reused from the previous build.

use std::collections::BTreeSet;
use std::fs::File;
use std::path::Path;

use include_py_bundle::{Builder, ModuleKind, NewModule, Packed as Content, Payload};

use super::compile::{Common, Compiled, Data, Entry};
use super::made::Made;
use super::write::write;
use crate::error::{ErrorKind, Problem};
use crate::find::Module;
use crate::fs;
use crate::native::Natives;
use crate::options::Part;
use crate::record::{Digest, Moment, Record, Stamp};
use crate::settings::{Mismatch, Settings, Storage};
use crate::source::Source;

/// Properties of the bundle besides its content.
pub(super) struct Frame<'f> {
    pub(super) name: &'f str,
    pub(super) natives: &'f Natives,
    /// The paths to unpack.
    pub(super) unpacked: &'f [String],
    pub(super) settings: &'f Settings,
    /// The roots in which files were searched for.
    pub(super) roots: &'f str,
    /// When the build started.
    pub(super) start: Moment,
}

/// The content of the bundle; each payload is in memory or in the previous bundle.
pub(super) struct Payloads<'e> {
    pub(super) modules: Vec<PackedModule<'e>>,
    pub(super) files: Vec<PackedFile<'e>>,
    /// Modules in machine code.
    pub(super) natives: Vec<PackedNative<'e>>,
}

/// A module and the parts of it that are bundled.
pub(super) struct PackedModule<'e> {
    pub(super) entry: &'e Entry,
    /// The code for each target.
    pub(super) codes: Vec<Content<'e>>,
    /// The source, if it is bundled.
    pub(super) text: Option<Content<'e>>,
}

pub(super) struct PackedFile<'e> {
    pub(super) data: &'e Data,
    pub(super) content: Content<'e>,
}

pub(super) struct PackedNative<'e> {
    pub(super) module: &'e Module,
    pub(super) source: &'e Source,
    pub(super) content: Content<'e>,
}

/// A finished bundle.
pub(super) struct Packed {
    pub(super) length: usize,
    pub(super) digest: Digest,
    /// The record for the next build.
    pub(super) record: Vec<u8>,
}

/// Writes the bundle, unless the previous build's has the same content.
pub(super) fn pack(
    path: &Path,
    frame: &Frame<'_>,
    compiled: &Compiled,
    common: &Common<'_>,
) -> Result<Packed, Problem> {
    let refused = |error: include_py_bundle::Error| {
        let name = frame.name;
        Problem::new(ErrorKind::Source, format!("the bundle `{name}` can't hold this: {error}"))
    };
    let payloads = payloads(compiled, frame, common)?;
    let mut builder = builder(frame, compiled, &payloads, common)?;
    let fingerprint = builder.fingerprint();
    if let Some(previous) = common.previous {
        if builder.is_earlier() && previous.record.fingerprint == fingerprint {
            let (bundle, stamp) = (previous.record.bundle, stamp(path, &previous.bundle)?);
            let length = usize::try_from(stamp.size()).unwrap_or(usize::MAX);
            let made = Made { payloads: &payloads, image: None, frame };
            let record = made.record(compiled);
            let record = Record { bundle, stamp, fingerprint, ..record };
            return Ok(Packed { length, digest: bundle, record: record.to_bytes() });
        }
    }
    let image = builder.image().map_err(refused)?;
    let bundle = *image.digest();
    let same = common.previous.filter(|previous| previous.record.bundle == bundle);
    let stamp = match same {
        Some(previous) => stamp(path, &previous.bundle)?,
        None => stamp(path, &write(path, &image, common.previous)?)?,
    };
    let record = Made { payloads: &payloads, image: Some(&image), frame }.record(compiled);
    let record = Record { bundle, stamp, fingerprint, ..record };
    // The writer has checked that the address space suffices.
    let length = usize::try_from(image.length()).unwrap_or(usize::MAX);
    Ok(Packed { length, digest: bundle, record: record.to_bytes() })
}

/// The stamp of the opened or written file, even if there is another one at `path` now.
fn stamp(path: &Path, file: &File) -> Result<Stamp, Problem> {
    file.metadata()
        .map(|metadata| Stamp::new(&metadata))
        .map_err(|error| fs::unwritable(path, &error))
}

/// Compresses and hashes changed content in several threads.
fn payloads<'e>(
    compiled: &'e Compiled,
    frame: &Frame<'e>,
    common: &Common<'_>,
) -> Result<Payloads<'e>, Problem> {
    let natives = frame.natives;
    let machine_code: BTreeSet<&str> = match frame.settings.machine_code {
        Storage::Plain => BTreeSet::new(),
        Storage::Compressed => natives.libraries.iter().map(|one| one.path.as_str()).collect(),
    };
    let file = |path: &str, source: &'e Source| {
        let storage =
            if machine_code.contains(path) { Storage::Compressed } else { Storage::Plain };
        file(path, source, storage, common)
    };
    let modules = common.workers.map(&compiled.modules, |entry| {
        let codes = entry.code.code.iter().map(|code| code.by_ref().digested()).collect();
        Ok(PackedModule { entry, codes, text: text(entry, common)? })
    });
    let files = common.workers.map(&compiled.files, |data| {
        let content = file(&data.file.path, &data.source)?;
        Ok(PackedFile { data, content })
    });
    let natives = common.workers.map(&natives.modules, |(module, source)| {
        let content = file(&module.path, source)?;
        Ok(PackedNative { module, source, content })
    });
    Ok(Payloads {
        modules: modules.into_iter().collect::<Result<_, _>>()?,
        files: files.into_iter().collect::<Result<_, _>>()?,
        natives: natives.into_iter().collect::<Result<_, _>>()?,
    })
}

/// A module's source, if it is bundled.
fn text<'e>(entry: &'e Entry, common: &Common<'_>) -> Result<Option<Content<'e>>, Problem> {
    let Entry { module, source, settled, .. } = entry;
    let has_text = module.kind != ModuleKind::Namespace && !module.is_sourceless();
    if settled.source == Part::LeftOut || !has_text {
        return Ok(None);
    }
    let row = common.previous.and_then(|previous| previous.module(&module.name));
    let row = row.filter(|row| *row.source.digest() == source.digest());
    Ok(Some(match row.and_then(|row| row.text) {
        Some(payload) => Content::earlier(payload),
        None => Content::compressed(source.load()?).digested(),
    }))
}

/// A file's content; reused from the previous build if that stored it in the same way.
fn file<'e>(
    path: &str,
    source: &'e Source,
    storage: Storage,
    common: &Common<'_>,
) -> Result<Content<'e>, Problem> {
    let row = common.previous.and_then(|previous| previous.file(path));
    let row = row.filter(|row| *row.source.digest() == source.digest());
    // Incompressible content is stored uncompressed, so its compression is tried again in each
    // build. That is rare for machine code.
    let is_wanted = |payload: &Payload| payload.is_compressed() == (storage == Storage::Compressed);
    Ok(match (row.and_then(|row| row.payload).filter(is_wanted), storage) {
        (Some(payload), _) => Content::earlier(payload),
        (None, Storage::Compressed) => Content::compressed(source.load()?).digested(),
        (None, Storage::Plain) => Content::plain(source.load()?).with_digest(source.digest()),
    })
}

fn builder<'e>(
    frame: &Frame<'_>,
    compiled: &'e Compiled,
    payloads: &'e Payloads<'e>,
    common: &Common<'_>,
) -> Result<Builder<'e>, Problem> {
    let mut builder = Builder::new(frame.name, common.targets);
    if frame.settings.mismatch == Mismatch::CompileSource {
        builder.compile_source();
    }
    // The builder hashes unpacked content as files, so it must be in memory.
    let loaded = |path: &str, packed: &'e Content<'_>| {
        let unpacked = frame.unpacked.iter().any(|root| {
            path.strip_prefix(root.as_str())
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        });
        match (packed.payload(), common.previous) {
            (Some(payload), Some(previous)) if unpacked => {
                let bytes = previous.read(&payload);
                let bytes = bytes.map_err(|error| fs::unreadable(Path::new(path), &error))?;
                Ok(Content::loaded(payload, bytes))
            }
            _ => Ok::<_, Problem>(packed.by_ref()),
        }
    };
    for PackedModule { entry, codes, text } in &payloads.modules {
        let path = &entry.module.path;
        let code = codes.iter().map(|code| loaded(path, code)).collect::<Result<_, _>>()?;
        builder.module(NewModule {
            name: entry.module.name.clone(),
            path: path.clone(),
            kind: entry.module.kind,
            code,
            source: text.as_ref().map(|text| loaded(path, text)).transpose()?,
        });
    }
    for PackedNative { module, content, .. } in &payloads.natives {
        builder.module(NewModule {
            name: module.name.clone(),
            path: module.path.clone(),
            kind: module.kind,
            code: Vec::new(),
            source: Some(loaded(&module.path, content)?),
        });
    }
    for library in &frame.natives.libraries {
        builder.library(library.clone());
    }
    for absent in &frame.natives.absent {
        builder.absent(&absent.name, &absent.path, &absent.reason);
    }
    for PackedFile { data, content } in &payloads.files {
        builder.file(data.file.path.as_str(), loaded(&data.file.path, content)?);
    }
    for directory in &compiled.directories {
        builder.directory(directory.as_str());
    }
    for (distribution, name) in &compiled.distributions {
        builder.distribution(name, &distribution.directory);
    }
    for path in frame.unpacked {
        builder.unpack(path.as_str());
    }
    Ok(builder)
}
