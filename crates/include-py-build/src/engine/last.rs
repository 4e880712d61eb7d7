//! Ends a build at once if nothing has changed since the last one.
//!
//! That is for bundles without machine code: which libraries of the system that needs, and whether
//! they are the same, only the whole build finds out.

use std::path::PathBuf;

use super::compile::Compiled;
use super::end::End;
use super::start::Start;
use crate::cargo::Watched;
use crate::develop::Mode;
use crate::error::Problem;
use crate::find::Content;
use crate::native::Natives;
use crate::output::Counts;
use crate::record::inputs::{self, Last};
use crate::record::{Digest, Moment, Stamp, Trust};
use crate::{Output, fs};

/// The last build's inputs.
pub(super) struct Inputs {
    /// `app.inputs`
    path: PathBuf,
    key: Digest,
    trust: Trust,
}

impl Inputs {
    /// `None` if the build depends on more than its key and the files that were searched.
    pub(super) fn of(start: &Start<'_>) -> Option<Self> {
        let Start { settings, environment, linkage, .. } = start;
        let is_whole = start.problems.is_empty()
            && start.mode == Mode::Bundled
            && settings.extensions.is_empty()
            && linkage.lines.is_empty()
            && cfg!(unix);
        if !is_whole {
            return None;
        }
        let first = start.first.as_ref().ok()?;
        let backends: Vec<_> =
            std::iter::once(first).chain(&start.further).map(AsRef::as_ref).collect();
        let key = inputs::key(settings, environment, &start.roots, &backends, &start.abi);
        let path = environment.out_dir().join(format!("{}.inputs", settings.name));
        Some(Self { path, key, trust: environment.trust })
    }

    /// The result, if nothing has changed.
    pub(super) fn unchanged(
        &self,
        start: &mut Start<'_>,
    ) -> Option<Result<(Output, Digest), Problem>> {
        if self.trust == Trust::Contents {
            return None;
        }
        let last = inputs::unchanged(&self.path, &self.key)?;
        let python = start.python().ok()?;
        let mut watched = std::mem::take(&mut start.watched);
        watched.extend(last.library.into_iter().map(Watched::Path));
        let end = End {
            settings: start.settings,
            environment: start.environment,
            link: Vec::new(),
            python: &python,
            extensions: &[],
            develop: None,
            length: last.length,
            digest: last.digest,
            counts: last.counts,
            warnings: last.warnings,
            watched,
            system_libraries: Vec::new(),
        };
        Some(end.write().map(|output| (output, last.digest)))
    }

    /// Records what a build depended on, if nothing else matters to the next one.
    pub(super) fn write(&self, made: &Made<'_>) -> Result<(), Problem> {
        if let Some(bytes) = self.bytes(made) {
            return fs::write(&self.path, &bytes);
        }
        // The next build would only compare in vain.
        let _ = std::fs::remove_file(&self.path);
        Ok(())
    }

    fn bytes(&self, made: &Made<'_>) -> Option<Vec<u8>> {
        let Made { output, moment, .. } = *made;
        let consulted = made.consulted?;
        let Counts { modules, compiled, reused, files } = output.counts;
        let last = Last {
            counts: Counts { modules, compiled: 0, reused: compiled + reused, files },
            length: output.bytes,
            digest: made.digest,
            warnings: made.warnings.to_vec(),
            library: made.library.to_vec(),
        };
        let mut written = last.to_bytes(&self.key);
        for path in [&output.bundle, &output.keys] {
            written.input(path, Stamp::of(path).ok()?);
        }
        let modules = made.compiled.modules.iter().map(|entry| &entry.source);
        let files = made.compiled.files.iter().map(|data| &data.source);
        let mut left = consulted.opened;
        for source in modules.chain(files).filter(|source| source.is_file()) {
            let (path, stamp) = source.settled(moment);
            written.input(path, stamp?);
            left = left.checked_sub(1)?;
        }
        for path in &consulted.paths {
            written.input(path, inputs::settled(path, moment)?);
        }
        // Files that were read, but left out, would be missing.
        (left == 0).then(|| written.into_bytes())
    }
}

/// The files and directories on which a build depends.
pub(super) struct Consulted {
    /// The number of files that were opened for the bundle.
    opened: usize,
    /// Everything else that was looked at.
    paths: Vec<PathBuf>,
}

impl Consulted {
    /// `None` if there is machine code.
    pub(super) fn of(paths: Vec<PathBuf>, content: &Content, natives: &Natives) -> Option<Self> {
        let Natives { modules, libraries, absent, needed } = natives;
        let is_plain =
            modules.is_empty() && libraries.is_empty() && absent.is_empty() && needed.is_empty();
        let modules = content.modules.iter().map(|(_, source)| source);
        let files = content.files.iter().map(|(_, source)| source);
        let opened = modules.chain(files).filter(|source| source.is_file()).count();
        is_plain.then_some(Self { opened, paths })
    }
}

/// A finished build.
pub(super) struct Made<'m> {
    pub(super) output: &'m Output,
    pub(super) digest: Digest,
    pub(super) compiled: &'m Compiled,
    /// `None` if there is machine code.
    pub(super) consulted: Option<&'m Consulted>,
    /// The warnings that the next build doesn't find again by itself.
    pub(super) warnings: &'m [String],
    /// The files of the standard library.
    pub(super) library: &'m [PathBuf],
    /// When the build started.
    pub(super) moment: Moment,
}
