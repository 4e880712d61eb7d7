//! Python files that are data: skeletons, templates, scripts for another process.
//!
//! ```text
//! app/__init__.py
//! app/skeleton/manage.py        nobody imports `app.skeleton`: a module, and data
//! app/views/home.py             `from app.views import home` somewhere: a module
//! app/templates/site/conf.py    data by its directory's name, unless somebody imports it
//! ```
//!
//! Below a regular package, a directory without `__init__.py` is a package by accident as often as on
//! purpose. If no module around it names it in an import, its files keep their text in a bundle without
//! sources, and one that isn't valid Python stops no build.

use std::collections::{BTreeMap, HashSet};

use include_py_bundle::ModuleKind;
use memchr::memmem;

use super::{Library, Module, Role};

/// Directories whose name says that what is in them is to be copied or filled in.
const TEMPLATES: &[&str] =
    &["boilerplate", "scaffold", "scaffolds", "skeleton", "skeletons", "template", "templates"];

/// Finds out which modules are data as well.
pub(super) fn mark(modules: &mut [(Module, Vec<u8>)]) {
    let mut imports = Imports::new(modules);
    let groups = groups(modules).into_iter();
    let unnamed = groups.filter(|(directory, members)| !imports.names(directory, members));
    let marked: Vec<usize> = unnamed.flat_map(|(_, members)| members).collect();
    for number in marked {
        modules[number].0.role = Role::ModuleAndData;
    }
}

/// The directories in question, by their dotted names, and the modules in each.
fn groups(modules: &[(Module, Vec<u8>)]) -> BTreeMap<String, Vec<usize>> {
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
    groups
}

/// Whether it is there only because `Bundle::package` puts something below its name.
fn is_implied(module: &Module) -> bool {
    let last = module.name.rsplit('.').next();
    module.kind == ModuleKind::Namespace
        && module.source.file_name().and_then(|name| name.to_str()) != last
}

/// The packages that a module is in, the outermost first; a package is in itself.
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

/// What the modules import, as far as their text tells.
struct Imports<'m> {
    modules: &'m [(Module, Vec<u8>)],
    /// The words in a module's import statements, once they were asked for.
    words: Vec<Option<HashSet<&'m str>>>,
}

impl<'m> Imports<'m> {
    fn new(modules: &'m [(Module, Vec<u8>)]) -> Self {
        Self { modules, words: modules.iter().map(|_| None).collect() }
    }

    /// Whether a module outside the directory names it, in full anywhere or by its last component in an
    /// import statement. Of an installed package only its own modules are asked.
    fn names(&mut self, directory: &str, members: &[usize]) -> bool {
        let Some(&first) = members.first() else { return false };
        let library = self.modules[first].0.origin.library;
        let top = top(directory);
        let last = directory.rsplit('.').next().unwrap_or(directory);
        let full = memmem::Finder::new(directory);
        for number in 0..self.modules.len() {
            let (module, source) = &self.modules[number];
            let asked = module.origin.library == library
                && (library == Library::Own || self::top(&module.name) == top)
                && members.binary_search(&number).is_err();
            if asked && (full.find(source).is_some() || self.words(number).contains(last)) {
                return true;
            }
        }
        false
    }

    fn words(&mut self, number: usize) -> &HashSet<&'m str> {
        let source = &self.modules[number].1;
        self.words[number].get_or_insert_with(|| {
            let mut words = HashSet::new();
            statements(std::str::from_utf8(source).unwrap_or_default(), &mut |line| {
                let is_word = |c: char| c.is_alphanumeric() || c == '_';
                words.extend(line.split(|c| !is_word(c)).filter(|word| !word.is_empty()));
            });
            words
        })
    }
}

fn top(name: &str) -> &str {
    name.split('.').next().unwrap_or(name)
}

/// The lines of import statements, those in parentheses to their end.
fn statements<'t>(text: &'t str, take: &mut dyn FnMut(&'t str)) {
    let mut open = false;
    for line in text.lines() {
        let trimmed = line.trim_start();
        let begins = trimmed.starts_with("import ") || trimmed.starts_with("from ");
        if !open && !begins {
            continue;
        }
        take(trimmed);
        let continues = trimmed.ends_with('\\');
        open = if open {
            !trimmed.contains(')')
        } else {
            trimmed.contains('(') && !trimmed.contains(')')
        } || continues;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn import_statements_are_found_to_their_end() {
        let text =
            "x = 1\nfrom . import (\n    a,\n    b,\n)\nc\n  import d.e\nfrom f \\\n  import g\n";
        let mut lines = Vec::new();
        statements(text, &mut |line| lines.push(line));
        let expected = ["from . import (", "a,", "b,", ")", "import d.e", "from f \\", "import g"];
        assert_eq!(lines, expected);
    }

    #[test]
    fn templates_are_known_by_name() {
        for name in ["templates", "Skeleton", "app_template", "cookiecutter-x", "{{name}}"] {
            assert!(is_template(name), "{name}");
        }
        assert!(!is_template("template_tags") && !is_template("views"));
    }
}
