//! What a build leaves for the next one: which files it read, and where in the bundle what came of
//! them is.
//!
//! ```text
//! app.keys   include-py-build 0.1.0 record 1
//!            what all code depends on: the compiler, the targets     one SHA-256
//!            the bundle: its digest, its stamp, what was added to it
//!            app.views  app/views.py  python/app/views.py  its stamp and SHA-256  where its code and text are
//!            …          by name, and then the files that aren't modules, by path
//! ```
//!
//! A file that has the recorded stamp isn't read, and what was made of it is copied from the bundle
//! as a range of bytes. Where a stamp has moved, the SHA-256 of the content decides.

mod codec;
mod context;
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

/// Whether stamps are believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trust {
    Stamps,
    /// Everything is read and hashed.
    Contents,
}

/// What one build has recorded. Rows are sorted, by name and by path.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Record<'a> {
    pub(crate) context: Digest,
    /// The digest in the bundle's header.
    pub(crate) bundle: Digest,
    /// Of the bundle's file.
    pub(crate) stamp: Stamp,
    pub(crate) fingerprint: Digest,
    pub(crate) modules: Vec<ModuleRow<'a>>,
    pub(crate) files: Vec<FileRow<'a>>,
    /// Where it was looked for files, so that each belongs to the same root.
    pub(crate) roots: &'a str,
    /// By directory.
    pub(crate) verdicts: Vec<Verdict>,
}

/// The previous build: its record, and its bundle, which is the one that the record is of.
#[derive(Debug)]
pub(crate) struct Previous<'a> {
    pub(crate) record: Record<'a>,
    /// Held open, so that another build that replaces it meanwhile changes nothing.
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

    /// `None` if another version wrote it, or it is damaged.
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
    /// `None` if there is no record, or no bundle of which it is.
    pub(crate) fn open(record: &'a [u8], bundle: &Path, roots: &str, trust: Trust) -> Option<Self> {
        let mut record = Record::from_bytes(record)?;
        if record.roots != roots {
            // A module may be somebody else's now, who isn't asked.
            record.verdicts.clear();
        }
        let file = File::open(bundle).ok()?;
        let stamp = Stamp::new(&file.metadata().ok()?);
        if stamp != record.stamp || trust == Trust::Contents {
            let mut bytes = Vec::new();
            (&file).read_to_end(&mut bytes).ok()?;
            let content = include_py_bundle::Bundle::open(&bytes).ok()?;
            // We wrote it: that it is what we wrote is enough.
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

    /// Whether a module's file and what is in it are those of the last build.
    pub(crate) fn has(&self, name: &str, source: &Source) -> bool {
        self.module(name).is_some_and(|row| row.source.is(source.path(), &source.digest()))
    }

    /// What the last build found out about these modules in a directory, if it had them.
    pub(crate) fn verdict<'m>(
        &self,
        directory: &str,
        members: impl Iterator<Item = &'m str>,
    ) -> Option<&Verdict> {
        let all = &self.record.verdicts;
        let found = all.binary_search_by(|verdict| verdict.directory.as_str().cmp(directory));
        found.ok().map(|number| &all[number]).filter(|verdict| members.eq(&verdict.members))
    }

    /// The SHA-256 of what is in a file, if its stamp is the recorded one and that is believed.
    pub(crate) fn known(&self, seen: &Seen<'_>, path: &Path, stamp: &Stamp) -> Option<Digest> {
        seen.known(path, stamp).filter(|_| self.trust == Trust::Stamps)
    }

    /// What the bundle has there.
    pub(crate) fn read(&self, payload: &Payload) -> std::io::Result<Vec<u8>> {
        let range = payload.range();
        let mut file = &self.bundle;
        file.seek(SeekFrom::Start(range.start))?;
        let mut bytes = Vec::new();
        file.take(range.end - range.start).read_to_end(&mut bytes)?;
        Ok(bytes)
    }
}

/// Against damage, not against anybody: eight bytes at a time, for a build script isn't optimised.
fn checksum(bytes: &[u8]) -> u64 {
    let words = bytes.chunks(8).map(|chunk| {
        let mut word = [0; 8];
        word[..chunk.len()].copy_from_slice(chunk);
        u64::from_le_bytes(word)
    });
    let length = bytes.len() as u64;
    // Odd, from the digits of pi: every bit of a word reaches the highest ones.
    words.fold(length, |sum, word| (sum.rotate_left(5) ^ word).wrapping_mul(0x243f_6a88_85a3_08d3))
}

#[cfg(test)]
mod tests;
