//! A digest of a builder's content. A build uses it to see that it would write the same bundle
//! again.

use super::{Builder, NewAbsent, NewDistribution, NewFile, NewLibrary, NewModule};
use crate::layout::Field;
use crate::{Packed, digest};

impl Builder<'_> {
    /// A digest of the content in the order in which it was added. Equal fingerprints mean equal
    /// bundles.
    #[must_use]
    pub fn fingerprint(&self) -> [u8; 32] {
        // Structs are destructured completely here and below, so that a new field can't be
        // forgotten.
        let Self { name, targets, modules, files, distributions, .. } = self;
        let Self { unpacked, directories, libraries, absent, flags, .. } = self;
        let mut out = Vec::new();
        text(&mut out, name);
        count(&mut out, targets.len());
        for target in targets {
            super::target(*target).write(&mut out);
        }
        flags.write(&mut out);
        count(&mut out, modules.len());
        for NewModule { name, path, kind, code, source } in modules {
            text(&mut out, name);
            text(&mut out, path);
            super::module_kind(*kind).write(&mut out);
            count(&mut out, code.len());
            for code in code {
                payload(&mut out, code);
            }
            count(&mut out, usize::from(source.is_some()));
            if let Some(source) = source {
                payload(&mut out, source);
            }
        }
        count(&mut out, files.len());
        for NewFile { path, data } in files {
            text(&mut out, path);
            payload(&mut out, data);
        }
        count(&mut out, distributions.len());
        for NewDistribution { spelling, name: _, directory } in distributions {
            text(&mut out, spelling);
            text(&mut out, directory);
        }
        for paths in [unpacked, directories] {
            texts(&mut out, paths);
        }
        count(&mut out, libraries.len());
        for NewLibrary { path, loads, needs_file } in libraries {
            text(&mut out, path);
            texts(&mut out, loads);
            u8::from(*needs_file).write(&mut out);
        }
        count(&mut out, absent.len());
        for NewAbsent { name, path, reason } in absent {
            for one in [name, path, reason] {
                text(&mut out, one);
            }
        }
        digest::of(&out)
    }

    /// Whether all payloads come from an [earlier](Packed::earlier) bundle.
    #[must_use]
    pub fn is_earlier(&self) -> bool {
        let modules =
            self.modules.iter().flat_map(|module| module.code.iter().chain(&module.source));
        let mut all = modules.chain(self.files.iter().map(|file| &file.data));
        all.all(|packed| packed.is_empty() || packed.payload().is_some())
    }
}

fn payload(out: &mut Vec<u8>, packed: &Packed<'_>) {
    super::node_kind(packed.form()).write(out);
    count(out, packed.len());
    packed.digest().write(out);
}

fn count(out: &mut Vec<u8>, count: usize) {
    (count as u64).write(out);
}

fn texts(out: &mut Vec<u8>, texts: &[String]) {
    count(out, texts.len());
    for one in texts {
        text(out, one);
    }
}

/// Adds a text with its length, so that different lists of texts hash different bytes.
fn text(out: &mut Vec<u8>, text: &str) {
    count(out, text.len());
    out.extend_from_slice(text.as_bytes());
}
