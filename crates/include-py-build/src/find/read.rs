//! Reads the found files, unless the previous build has recorded their content.
//!
//! `app-1.0.dist-info/METADATA` with `Name: My_App` makes the distribution `My_App`.

use super::{Absent, Distribution, File, Found, Module, data, twins};
use crate::error::Problem;
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
    /// For each directory of modules that may be data: whether a module imports one of its modules.
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
    twins::leave_out(&mut content, problems, warnings);
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
