//! Finds Python files that are data: skeletons, templates, scripts for other processes.
//!
//! ```text
//! app/__init__.py
//! app/skeleton/manage.py        no module imports `app.skeleton`: a module and data
//! app/views/home.py             `from app.views import home` somewhere: a module
//! app/templates/site/conf.py    data because of `templates`, unless a module imports it
//! ```
//!
//! Below a regular package, a directory without `__init__.py` may be a namespace package only by
//! accident. If no other module of the package imports from it, its files keep their text even in a
//! bundle without sources, and needn't be valid Python.

use std::collections::BTreeMap;

use include_py_bundle::ModuleKind;
use memchr::memmem::Finder;

use super::imports::Names;
use super::{Library, Module, Role};
use crate::record::{Previous, Verdict};
use crate::source::Source;

/// Names of directories whose files are to be copied or filled in.
const TEMPLATES: &[&str] =
    &["boilerplate", "scaffold", "scaffolds", "skeleton", "skeletons", "template", "templates"];

/// Marks modules that are data as well, and records the reasons for the next build. `previous` is
/// the last build.
pub(super) fn mark(
    modules: &mut [(Module, Source)],
    previous: Option<&Previous<'_>>,
) -> Vec<Verdict> {
    let mut imports = Imports::new(modules, previous);
    let groups = groups(modules);
    let named: Vec<_> =
        groups.iter().map(|(name, members)| imports.naming(name, members)).collect();
    let mut verdicts = Vec::with_capacity(groups.len());
    for ((directory, members), named_by) in groups.into_iter().zip(named) {
        let name = |number: usize| modules[number].0.name.clone();
        verdicts.push(Verdict {
            directory,
            members: members.iter().copied().map(name).collect(),
            named_by: named_by.map(name),
        });
        if named_by.is_none() {
            for number in members {
                modules[number].0.role = Role::ModuleAndData;
            }
        }
    }
    verdicts
}

/// The directories to check, by their dotted names, with the modules in each.
fn groups(modules: &[(Module, Source)]) -> BTreeMap<String, Vec<usize>> {
    let kinds: BTreeMap<&str, ModuleKind> = modules
        .iter()
        .filter(|(module, _)| !is_implied(module))
        .map(|(module, _)| (module.name.as_str(), module.kind))
        .collect();
    let mut groups = BTreeMap::<String, Vec<usize>>::new();
    for (number, (module, _)) in modules.iter().enumerate() {
        if module.is_aside() || module.origin.library == Library::Standard {
            continue;
        }
        let mut in_package = false;
        for directory in directories(module) {
            let (_, last) = directory.rsplit_once('.').unwrap_or(("", directory));
            let kind = kinds.get(directory).copied();
            if is_template(last) || in_package && kind == Some(ModuleKind::Namespace) {
                groups.entry(directory.to_owned()).or_default().push(number);
                break;
            }
            in_package |= kind == Some(ModuleKind::Package);
        }
    }
    // Directories with only other files, such as translations, have no text to keep, so they
    // needn't be checked.
    let has_text = |&number: &usize| modules[number].0.kind != ModuleKind::Namespace;
    groups.retain(|_, members| members.iter().any(has_text));
    groups
}

/// Whether it exists only because `Bundle::package` adds something below its name.
fn is_implied(module: &Module) -> bool {
    let last = module.name.rsplit('.').next();
    module.kind == ModuleKind::Namespace
        && module.source.file_name().and_then(|name| name.to_str()) != last
}

/// The packages that contain a module, the outermost first; a package contains itself.
fn directories(module: &Module) -> impl Iterator<Item = &str> {
    let name = module.name.as_str();
    let itself = (module.kind != ModuleKind::Module).then_some(name);
    name.match_indices('.').map(|(end, _)| &name[..end]).chain(itself)
}

fn is_template(directory: &str) -> bool {
    let name = directory.to_ascii_lowercase();
    TEMPLATES.contains(&name.as_str())
        || ["_template", "_templates", "_skeleton"].iter().any(|end| name.ends_with(end))
        || name.starts_with("cookiecutter")
        || name.contains('{')
}

/// The imports of the modules, as far as their texts show them.
struct Imports<'m> {
    modules: &'m [(Module, Source)],
    previous: Option<&'m Previous<'m>>,
    /// The names in a module's text, once it has been read.
    names: Vec<Option<Names>>,
}

impl<'m> Imports<'m> {
    fn new(modules: &'m [(Module, Source)], previous: Option<&'m Previous<'m>>) -> Self {
        Self { modules, previous, names: modules.iter().map(|_| None).collect() }
    }

    /// Finds a module outside the directory that imports it, or that has the full name of one of
    /// its modules in a string. For an installed package, only its own modules are searched.
    fn naming(&mut self, directory: &str, members: &[usize]) -> Option<usize> {
        let &first = members.first()?;
        let modules = self.modules;
        let library = modules[first].0.origin.library;
        let top = top(directory);
        let names = members.iter().map(|&member| modules[member].0.name.as_str());
        let verdict = self.previous.and_then(|previous| previous.verdict(directory, names));
        let asked = |number: &usize| {
            let module = &modules[*number].0;
            module.origin.library == library
                && (library == Library::Own || self::top(&module.name) == top)
                && members.binary_search(number).is_err()
        };
        let mut asked: Vec<usize> = (0..modules.len()).filter(asked).collect();
        match verdict.map(|verdict| verdict.named_by.as_deref()) {
            // The module that named it may still do so; if its text has changed, it is searched
            // first.
            Some(Some(name)) => {
                if let Some(place) = asked.iter().position(|&number| modules[number].0.name == name)
                {
                    let number = asked.remove(place);
                    if self.is_known(number) {
                        return Some(number);
                    }
                    asked.insert(0, number);
                }
            }
            // An unchanged text still doesn't name it.
            Some(None) => asked.retain(|&number| !self.is_known(number)),
            None => {}
        }
        let (_, last) = directory.rsplit_once('.').unwrap_or(("", directory));
        let last = Finder::new(last);
        asked.into_iter().find(|&number| {
            if !self.may_name(number, directory, &last) {
                return false;
            }
            let names = self.names_in(number);
            let in_strings = |&member: &usize| {
                // `files("app.skeleton")` names the directory without importing it.
                let name = &modules[member].0.name;
                name != directory && names.in_strings.contains(name)
            };
            names.imported.contains(directory) || members.iter().any(in_strings)
        })
    }

    /// Whether the last build has read the same text in the module.
    fn is_known(&self, number: usize) -> bool {
        let (module, source) = &self.modules[number];
        module.kind == ModuleKind::Namespace
            || self.previous.is_some_and(|previous| previous.has(&module.name, source))
    }

    /// Whether a module's text contains the last part of the directory's name, which it must in
    /// order to name the directory from outside. This search is much cheaper than parsing all
    /// names.
    fn may_name(&self, number: usize, directory: &str, last: &Finder<'_>) -> bool {
        let (module, source) = &self.modules[number];
        module.name.starts_with(directory) || last.find(source.text()).is_some()
    }

    fn names_in(&mut self, number: usize) -> &Names {
        let (module, source) = &self.modules[number];
        self.names[number].get_or_insert_with(|| Names::of(source.text(), package(module)))
    }
}

/// The package from which a module's relative imports start.
fn package(module: &Module) -> &str {
    match module.kind {
        ModuleKind::Module => module.name.rsplit_once('.').map_or("", |(package, _)| package),
        _ => &module.name,
    }
}

fn top(name: &str) -> &str {
    name.split('.').next().unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_are_known_by_name() {
        for name in ["templates", "Skeleton", "app_template", "cookiecutter-x", "{{name}}"] {
            assert!(is_template(name), "{name}");
        }
        assert!(!is_template("template_tags") && !is_template("views"));
    }
}
