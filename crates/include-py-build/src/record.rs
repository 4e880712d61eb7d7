//! The record that a build leaves for the next one: which files it read, and where in the bundle
//! the results are.
//!
//! ```text
//! app.keys   include-py-build 0.1.0 record 1
//!            what all code depends on (compiler, targets):     one SHA-256
//!            the bundle: digest, stamp, content
//!            app.views  app/views.py  python/app/views.py  its stamp and SHA-256  positions of code and text
//!            …          sorted by name; then other files, sorted by path
//! ```
//!
//! A file with the recorded stamp isn't read, and its result is copied from the bundle as a range
//! of bytes. If the stamp differs, the SHA-256 of the content decides.

mod codec;
mod context;
pub(crate) mod inputs;
mod rows;
mod stamp;

use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::Path;

use include_py_bundle::Payload;

use crate::source::Source;
use codec::{Input, Output};
pub(crate) use context::Context;
pub(crate) use rows::{Coded, FileRow, ModuleRow, Seen, Verdict};
pub(crate) use stamp::{Moment, Stamp};

pub(crate) type Digest = [u8; 32];

const HEADER: &str = concat!("include-py-build ", env!("CARGO_PKG_VERSION"), " record 1\n");

/// Whether stamps are trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trust {
    Stamps,
    /// No: everything is read and hashed.
    Contents,
}

/// The record of a build. Rows are sorted by name and path.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Record<'a> {
    pub(crate) context: Digest,
    /// The digest in the bundle's header.
    pub(crate) bundle: Digest,
    /// The stamp of the bundle's file.
    pub(crate) stamp: Stamp,
    pub(crate) fingerprint: Digest,
    pub(crate) modules: Vec<ModuleRow<'a>>,
    pub(crate) files: Vec<FileRow<'a>>,
    /// The roots, which must be the same so that each file belongs to the same root.
    pub(crate) roots: &'a str,
    /// Sorted by directory.
    pub(crate) verdicts: Vec<Verdict>,
}

/// The previous build: its record, and the bundle that belongs to it.
#[derive(Debug)]
pub(crate) struct Previous<'a> {
    pub(crate) record: Record<'a>,
    /// Held open, so that another build that replaces the file meanwhile has no effect.
    pub(crate) bundle: File,
    trust: Trust,
}

impl<'a> Record<'a> {
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let mut out = Output(HEADER.as_bytes().to_vec());
        out.digest(&self.context);
        out.digest(&self.bundle);
        out.stamp(self.stamp);
        out.digest(&self.fingerprint);
        out.number(self.modules.len());
        for row in &self.modules {
            row.write(&mut out);
        }
        out.number(self.files.len());
        for row in &self.files {
            row.write(&mut out);
        }
        out.text(self.roots);
        out.number(self.verdicts.len());
        for row in &self.verdicts {
            row.write(&mut out);
        }
        let sum = checksum(&out.0);
        out.0.extend_from_slice(&sum.to_le_bytes());
        out.0
    }

    /// `None` if another version wrote it or it is damaged.
    pub(crate) fn from_bytes(bytes: &'a [u8]) -> Option<Self> {
        let (rows, sum) = bytes.split_last_chunk()?;
        if checksum(rows) != u64::from_le_bytes(*sum) {
            return None;
        }
        let mut input = Input(rows.strip_prefix(HEADER.as_bytes())?);
        let (context, bundle) = (input.digest()?, input.digest()?);
        let (stamp, fingerprint) = (input.stamp()?, input.digest()?);
        let (modules, files) = (input.list(ModuleRow::read)?, input.list(FileRow::read)?);
        let (roots, verdicts) = (input.text()?, input.list(Verdict::read)?);
        let record = Self { context, bundle, stamp, fingerprint, modules, files, roots, verdicts };
        input.0.is_empty().then_some(record)
    }
}

impl<'a> Previous<'a> {
    /// `None` if there is no record or no bundle that belongs to it.
    pub(crate) fn open(record: &'a [u8], bundle: &Path, roots: &str, trust: Trust) -> Option<Self> {
        let mut record = Record::from_bytes(record)?;
        if record.roots != roots {
            // With other roots, other modules may import a directory.
            record.verdicts.clear();
        }
        let file = File::open(bundle).ok()?;
        let stamp = Stamp::new(&file.metadata().ok()?);
        if stamp != record.stamp || trust == Trust::Contents {
            let mut bytes = Vec::new();
            (&file).read_to_end(&mut bytes).ok()?;
            let content = include_py_bundle::Bundle::open(&bytes).ok()?;
            // We wrote it, so it suffices that its digest is the recorded one.
            let unchanged = *content.digest() == record.bundle && content.verify_digest().is_ok();
            if !unchanged {
                return None;
            }
        }
        Some(Self { record, bundle: file, trust })
    }

    pub(crate) fn module(&self, name: &str) -> Option<&ModuleRow<'a>> {
        let rows = &self.record.modules;
        rows.binary_search_by(|row| row.name.cmp(name)).ok().map(|number| &rows[number])
    }

    pub(crate) fn file(&self, path: &str) -> Option<&FileRow<'a>> {
        let rows = &self.record.files;
        rows.binary_search_by(|row| row.path.cmp(path)).ok().map(|number| &rows[number])
    }

    /// Whether the module's file and content are as in the last build.
    pub(crate) fn has(&self, name: &str, source: &Source) -> bool {
        self.module(name).is_some_and(|row| row.source.is(source.path(), &source.digest()))
    }

    /// The last build's verdict about a directory, if it had the same modules.
    pub(crate) fn verdict<'m>(
        &self,
        directory: &str,
        members: impl Iterator<Item = &'m str>,
    ) -> Option<&Verdict> {
        let all = &self.record.verdicts;
        let found = all.binary_search_by(|verdict| verdict.directory.as_str().cmp(directory));
        found.ok().map(|number| &all[number]).filter(|verdict| members.eq(&verdict.members))
    }

    /// The SHA-256 of a file's content, if its stamp is the recorded one and stamps are trusted.
    pub(crate) fn known(&self, seen: &Seen<'_>, path: &Path, stamp: &Stamp) -> Option<Digest> {
        seen.known(path, stamp).filter(|_| self.trust == Trust::Stamps)
    }

    /// Reads a payload from the bundle.
    pub(crate) fn read(&self, payload: &Payload) -> std::io::Result<Vec<u8>> {
        let range = payload.range();
        let mut file = &self.bundle;
        file.seek(SeekFrom::Start(range.start))?;
        let mut bytes = Vec::new();
        file.take(range.end - range.start).read_to_end(&mut bytes)?;
        Ok(bytes)
    }
}

/// Detects damage, not attacks. It reads eight bytes at a time, since build scripts aren't
/// optimised.
fn checksum(bytes: &[u8]) -> u64 {
    let words = bytes.chunks(8).map(|chunk| {
        let mut word = [0; 8];
        word[..chunk.len()].copy_from_slice(chunk);
        u64::from_le_bytes(word)
    });
    let length = bytes.len() as u64;
    // An odd constant from the digits of pi: every bit of a word affects the highest bits.
    words.fold(length, |sum, word| (sum.rotate_left(5) ^ word).wrapping_mul(0x243f_6a88_85a3_08d3))
}

#[cfg(test)]
mod tests;
