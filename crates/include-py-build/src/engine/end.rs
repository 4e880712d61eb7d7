//! What is left to do once the bundle is there, and the result.

use std::path::{Path, PathBuf};

use crate::backend::Python;
use crate::cargo::Watched;
use crate::develop::Develop;
use crate::embed::{self, Embedded};
use crate::error::Problem;
use crate::extension::Linked;
use crate::link::{self, Libpython};
use crate::output::Counts;
use crate::record::Digest;
use crate::report::Time;
use crate::settings::Settings;
use crate::{Environment, Output, SystemLibrary, fs, rust};

/// A build whose bundle is there.
pub(super) struct End<'e> {
    pub(super) settings: &'e Settings,
    pub(super) environment: &'e Environment,
    /// The lines that link libpython.
    pub(super) link: Vec<String>,
    pub(super) python: &'e Python,
    pub(super) extensions: &'e [Linked],
    pub(super) develop: Option<&'e Develop>,
    pub(super) length: usize,
    pub(super) digest: Digest,
    pub(super) counts: Counts,
    pub(super) warnings: Vec<String>,
    pub(super) watched: Vec<Watched>,
    pub(super) system_libraries: Vec<SystemLibrary>,
}

impl End<'_> {
    /// Writes the expression and the files that it needs.
    pub(super) fn write(self) -> Result<Output, Problem> {
        let (name, out_dir) = (&self.settings.name, self.environment.out_dir());
        let [bundle_path, keys, rust] =
            ["bundle", "keys", "rs"].map(|end| out_dir.join(format!("{name}.{end}")));
        if !self.link.is_empty() {
            link::write_symbols(out_dir)?;
        }
        let bundle = embed::Bundle { name, path: &bundle_path, length: self.length };
        let embedded = embed::embed(&bundle, &self.digest, self.environment)?;
        let libpython =
            if self.link.is_empty() { Libpython::AsResolved } else { Libpython::Inside };
        let parts = rust::Parts {
            embedded: &embedded,
            extensions: self.extensions,
            develop: self.develop,
            libpython,
        };
        let expression = rust::expression(&bundle, &parts, self.python);
        fs::write(&rust, expression.as_bytes())?;

        let library_dirs = library_dirs(out_dir, &embedded, self.extensions);
        Ok(Output {
            counts: self.counts,
            bytes: self.length,
            bundle: bundle_path,
            rust,
            keys,
            warnings: self.warnings.into_iter().chain(embedded.warning).collect(),
            watched: self.watched.into_iter().chain(embedded.watched).collect(),
            link: self.link,
            system_libraries: self.system_libraries,
            library_dirs,
            time: Time::default(),
        })
    }
}

/// Directories in which the linker finds what the expression names.
fn library_dirs(out_dir: &Path, embedded: &Embedded, extensions: &[Linked]) -> Vec<PathBuf> {
    let own = embedded.archive.is_some() || !extensions.is_empty();
    let own = own.then(|| out_dir.to_owned());
    let theirs = extensions.iter().flat_map(|one| one.library_dirs.iter().cloned());
    own.into_iter().chain(theirs).collect()
}
