//! Finds the bundle's paths to unpack: packages with that option, and their metadata.
//!
//! ```text
//! options_for("certifi", Options::new().unpacked())
//!     certifi                        the package's directory
//!     certifi-2024.8.30.dist-info    its RECORD lists files of it
//! ```

use include_py_bundle::{ModuleKind, normalize};

use super::compile::{Compiled, Data, Entry};
use crate::find::{Distribution, File};
use crate::native::Natives;
use crate::options::Table;

/// The paths, in no particular order.
pub(super) fn paths(compiled: &Compiled, natives: &Natives, options: &Table) -> Vec<String> {
    let modules = compiled.modules.iter().map(|Entry { module, .. }| module);
    let modules = modules.chain(natives.modules.iter().map(|(module, _)| module));
    let unpacked = modules.filter(|module| options.unpacks(&module.name));
    let mut paths: Vec<String> = unpacked
        .map(|module| match module.kind {
            ModuleKind::Package | ModuleKind::ExtensionPackage => {
                module.path.rsplit_once('/').map_or("", |(above, _)| above).to_owned()
            }
            _ => module.path.clone(),
        })
        .collect();
    if paths.is_empty() {
        // No `RECORD` needs to be read.
        return paths;
    }
    let distributions = compiled.distributions.iter();
    let theirs = distributions.filter(|(one, name)| provides(one, name, &compiled.files, &paths));
    let theirs: Vec<_> = theirs.map(|(one, _)| one.directory.clone()).collect();
    let libraries = |file: &File| {
        let first = file.path.split('/').next().unwrap_or_default();
        first.strip_suffix(LIBRARIES).is_some().then(|| first.to_owned())
    };
    let mut loaded: Vec<String> =
        compiled.files.iter().filter_map(|data| libraries(&data.file)).collect();
    loaded.dedup();
    loaded.retain(|one| theirs.iter().any(|directory| lists(&compiled.files, directory, one)));
    paths.extend(theirs);
    paths.extend(loaded);
    paths
}

/// The suffix of directories in which `auditwheel` puts shared libraries, beside the packages.
const LIBRARIES: &str = ".libs";

/// Whether the distribution's `RECORD` lists a file in this directory.
fn lists(files: &[Data], distribution: &str, directory: &str) -> bool {
    let path = format!("{distribution}/RECORD");
    let record = files.iter().find(|data| data.file.path == path);
    record.is_some_and(|data| {
        let lines = String::from_utf8_lossy(data.source.text());
        lines
            .lines()
            .any(|line| line.strip_prefix(directory).is_some_and(|rest| rest.starts_with('/')))
    })
}

/// Whether the distribution installed one of `paths`.
fn provides(distribution: &Distribution, name: &str, files: &[Data], paths: &[String]) -> bool {
    let metadata = |name: &str| {
        let path = format!("{}/{name}", distribution.directory);
        let found = files.iter().find(|data| data.file.path == path);
        found.map(|data| String::from_utf8_lossy(data.source.text()))
    };
    if let Some(record) = metadata("RECORD") {
        // `RECORD` quotes a path only if it contains a comma or a quote.
        let installed = |line: &str| {
            let line = line.trim_start_matches('"');
            paths.iter().any(|path| {
                line.strip_prefix(&**path).is_some_and(|rest| rest.starts_with(['/', ',', '"']))
            })
        };
        return record.lines().any(installed);
    }
    let same = |module: &str| paths.iter().any(|path| top(path) == module);
    match metadata("top_level.txt") {
        Some(modules) => modules.lines().any(|module| same(module.trim())),
        None => paths.iter().any(|path| normalize(top(path)) == normalize(name)),
    }
}

/// The import name of a path's first component.
fn top(path: &str) -> &str {
    let first = path.split('/').next().unwrap_or(path);
    first.strip_suffix(".py").unwrap_or(first)
}
