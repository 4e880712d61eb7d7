//! Reads the found files, unless the previous build has recorded their content.
//!
//! `app-1.0.dist-info/METADATA` with `Name: My_App` makes the distribution `My_App`.

use std::collections::BTreeMap;

use super::{Absent, Distribution, File, Found, Library, Module, data};
use crate::error::{ErrorKind, Problem};
use crate::record::{Previous, Verdict};
use crate::source::Source;
use include_py_bundle::ModuleKind;

/// What was found, with its content.
#[derive(Debug, Default)]
pub(crate) struct Content {
    /// The modules; a namespace package has no content.
    pub(crate) modules: Vec<(Module, Source)>,
    /// The modules in machine code.
    pub(crate) extensions: Vec<(Module, Source)>,
    /// Modules in machine code that aren't for the target.
    pub(crate) absent: Vec<Absent>,
    pub(crate) files: Vec<(File, Source)>,
    pub(crate) directories: Vec<String>,
    /// The distributions with their names.
    pub(crate) distributions: Vec<(Distribution, String)>,
    /// Whether directories of modules are imported.
    pub(crate) verdicts: Vec<Verdict>,
}

/// `warnings` receives messages about omitted files.
pub(crate) fn read(
    found: Found,
    previous: Option<&Previous<'_>>,
    problems: &mut Vec<Problem>,
    warnings: &mut Vec<String>,
) -> Content {
    let Found { directories, absent, .. } = found;
    let mut content = Content { absent, directories, ..Content::default() };
    for module in found.modules {
        let source = match module.kind {
            ModuleKind::Namespace => Ok(Source::none()),
            _ => Source::open(&module.source, |stamp| {
                let previous = previous?;
                let seen = if module.kind.is_native() {
                    previous.file(&module.path)?.source
                } else {
                    previous.module(&module.name)?.source
                };
                previous.known(&seen, &module.source, stamp)
            }),
        };
        match source {
            Ok(source) if module.kind.is_native() => content.extensions.push((module, source)),
            Ok(source) => content.modules.push((module, source)),
            Err(problem) => problems.push(problem),
        }
    }
    content.verdicts = data::mark(&mut content.modules, previous);
    for file in found.files {
        let source = Source::open(&file.source, |stamp| {
            let previous = previous?;
            previous.known(&previous.file(&file.path)?.source, &file.source, stamp)
        });
        match source {
            Ok(source) => content.files.push((file, source)),
            Err(problem) => problems.push(problem),
        }
    }
    for distribution in found.distributions {
        match name(&distribution, &content.files) {
            Ok(name) => content.distributions.push((distribution, name)),
            Err(warning) => warnings.push(warning),
        }
    }
    without_twins(&mut content, problems, warnings);
    content
}

/// The name in the metadata. If the metadata file is missing, it is the start of the directory's
/// name, as in importlib (`importlib/metadata/__init__.py: PathDistribution`, 3.13).
fn name(distribution: &Distribution, files: &[(File, Source)]) -> Result<String, String> {
    let directory = &distribution.directory;
    let (stem, suffix) = directory.rsplit_once('.').unwrap_or((directory, ""));
    let metadata = if suffix == "egg-info" { "PKG-INFO" } else { "METADATA" };
    let path = format!("{directory}/{metadata}");
    let found = files.iter().find(|(file, _)| file.path == path);
    let bytes = found.map_or(&[][..], |(_, source)| source.text());
    let text = String::from_utf8_lossy(bytes);
    let headers = text.lines().take_while(|line| !line.trim().is_empty());
    let header = headers.filter_map(|line| line.split_once(':')).find_map(|(key, value)| {
        key.eq_ignore_ascii_case("name").then(|| value.trim()).filter(|value| !value.is_empty())
    });
    let name = header.or_else(|| stem.split('-').next()).unwrap_or(stem);
    // Core metadata specification, field `Name`.
    let inside = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let outside = |c: char| !c.is_ascii_alphanumeric();
    if name.is_empty()
        || !name.chars().all(inside)
        || name.starts_with(outside)
        || name.ends_with(outside)
    {
        return Err(format!(
            "the distribution `{}` has the invalid name `{name}`, by which nobody can ask for it: \
             correct `Name:` in its `{metadata}`, or leave it out with `Bundle::exclude`",
            distribution.source.display()
        ));
    }
    Ok(name.to_owned())
}

/// Leaves out older versions of installed distributions, which `pip install --target` doesn't
/// remove, and those of later directories. Any other twins are a problem.
fn without_twins(content: &mut Content, problems: &mut Vec<Problem>, warnings: &mut Vec<String>) {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let mut kept: Vec<(Distribution, String)> = Vec::new();
    for (distribution, name) in std::mem::take(&mut content.distributions) {
        let index = *seen.entry(include_py_bundle::normalize(&name)).or_insert(kept.len());
        let Some((first, _)) = kept.get_mut(index) else {
            kept.push((distribution, name));
            continue;
        };
        if distribution.origin.library != Library::Foreign {
            problems.push(
                Problem::new(
                    ErrorKind::Source,
                    format!("the distribution `{name}` is there twice"),
                )
                .note(format!("`{}`", first.source.display()))
                .note(format!("`{}`", distribution.source.display()))
                .help("uninstall one of them, or leave it out with `Bundle::exclude`"),
            );
            continue;
        }
        let is_newer = first.origin.root == distribution.origin.root
            && version(&distribution.directory) > version(&first.directory);
        let older = if is_newer { std::mem::replace(first, distribution) } else { distribution };
        warnings.push(format!(
            "`{}` is left out: `{name}` is there twice, also as `{}`; uninstall one of them, or \
             leave it out with `Bundle::exclude`",
            older.source.display(),
            first.source.display(),
        ));
        let below = format!("{}/", older.directory);
        content.files.retain(|(file, _)| !file.path.starts_with(&below));
    }
    content.distributions = kept;
}

/// The version in the name of a distribution's directory, to compare: of each part the number,
/// whether it is final (`0`) or a preview (`0rc1`), and what follows the number.
fn version(directory: &str) -> Vec<(u64, bool, &str)> {
    let stem = directory.rsplit_once('.').map_or(directory, |(stem, _)| stem);
    let version = stem.split('-').nth(1).unwrap_or_default();
    let parts = version.split(['.', '_', '+']);
    parts
        .map(|part| {
            let end = part.find(|c: char| !c.is_ascii_digit()).unwrap_or(part.len());
            (part[..end].parse().unwrap_or(0), end == part.len(), &part[end..])
        })
        .collect()
}
