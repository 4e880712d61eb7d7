//! Classifies files by the rules of `import`.
//!
//! | entry of a package | becomes |
//! |---|---|
//! | `__init__.py` | the package itself |
//! | `x.py`, `0001_x.py`, `my-x.py` | a module |
//! | `x.pyc` without `x.py` | a module without source |
//! | `x.y.py`, `x.html` | a file: `import` finds no module with a `.` in its name |
//! | `x/` | a package, a namespace package if it has no `__init__.py` |
//! | `x/` without Python files beside `x.py` | files |
//! | `x.y/` | files, and modules for programs that put it on `sys.path` |
//! | `x.cpython-313-x86_64-linux-gnu.so`, `x.abi3.so`, `x.so` | a module in machine code, which hides `x.py` and `x/`; if it is for another Python or machine, it is left out with a warning |
//! | `__init__.abi3.so` | the package itself |
//! | `libx.so`, `libx.so.1` | a file; so is all machine code in an unpacked package |
//!
//! For an entry of `sys.path` the same rules apply, but hidden files and directories are left out,
//! and in installed packages also all directories with a `.` in their names, except the metadata of
//! distributions.
//!
//! The content of `x.y/` may be data, so a module in it need not be valid Python or importable.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use include_py_bundle::{ModuleKind, package_name, submodule_name};

use super::native::{Beside, Natives};
use super::tree::{Entry, Tree};
use super::{Absent, Distribution, File, Found, Library, Module, Origin, Role, startup};
use crate::error::{ErrorKind, Problem};
use crate::native::{Abi, Name};
use crate::pattern::Node;
use crate::patterns::Patterns;

/// The bundle's settings for files and packages.
#[derive(Clone, Copy)]
pub(super) struct Rules<'a> {
    pub(super) patterns: &'a Patterns,
    /// Whether a package will be in real files, from which its extension modules can be loaded.
    pub(super) unpacks: &'a dyn Fn(&str) -> bool,
    /// What machine code must be for.
    pub(super) abi: &'a Abi,
}

/// Sorts the content of a root into modules, files and distributions.
pub(super) struct Classifier<'a> {
    origin: Origin,
    rules: Rules<'a>,
    found: &'a mut Found,
    pub(super) problems: &'a mut Vec<Problem>,
}

/// Whether a directory contains anything for the bundle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Holds {
    Something,
    Nothing,
}

impl<'a> Classifier<'a> {
    pub(super) fn new(
        origin: Origin,
        rules: Rules<'a>,
        found: &'a mut Found,
        problems: &'a mut Vec<Problem>,
    ) -> Self {
        Self { origin, rules, found, problems }
    }

    /// Reads the tree at `root`; see [`Tree::read`].
    pub(super) fn read(
        &mut self,
        root: &Path,
        prefix: &str,
        excluded: &dyn Fn(&str, Node) -> bool,
    ) -> Tree {
        let Found { warnings, consulted, .. } = &mut *self.found;
        Tree::read(root, prefix, excluded, self.problems, warnings, consulted)
    }

    /// Adds `tree` as an entry of `sys.path`.
    pub(super) fn path_entry(&mut self, tree: &Tree) {
        let natives = self.natives("", tree);
        self.absent("", "", tree, &natives);
        for (name, entry) in &tree.entries {
            match entry {
                Entry::File(path) if self.is_resource(name, Node::File) => {
                    self.add_file(name.clone(), path);
                }
                Entry::Directory(inner) if self.is_resource(name, Node::Directory) => {
                    self.files(name, inner);
                }
                Entry::File(path) if name == "__init__.py" => self.stray_init(path, &tree.path),
                Entry::File(path) if self.is_native(&natives, tree, name, path) => {
                    let module = natives.module(name).filter(|module| *module != "__init__");
                    if let Some(module) = module.filter(|module| !has_package(tree, module)) {
                        self.add_module(module, name, ModuleKind::Extension, path);
                    }
                }
                Entry::File(path) if name.strip_suffix(".egg-info").is_some() => {
                    self.bare_metadata(name, path);
                }
                Entry::File(path) => match module_stem(tree, name) {
                    Some(stem) if self.is_hidden(&natives, tree, stem, path) => {}
                    Some(stem) => {
                        self.add_module(stem, &format!("{stem}.py"), ModuleKind::Module, path);
                    }
                    None => self.beside_modules(name, path),
                },
                Entry::Directory(inner) if is_metadata(name) => self.distribution(name, inner),
                // The shared libraries of extension modules, in a directory named for their
                // distribution.
                Entry::Directory(inner) if name.strip_suffix(".libs").is_some() => {
                    self.files(name, inner);
                }
                Entry::Directory(inner) if name.contains('.') => {
                    if self.origin.library == Library::Own && !name.starts_with('.') {
                        self.aside(name, inner);
                    }
                }
                Entry::Directory(inner) => {
                    let beside = natives.beside(tree, name);
                    self.directory(name, name, inner, beside);
                }
            }
        }
        if self.origin.library == Library::Foreign {
            self.found.warnings.extend(startup::warnings(tree));
            self.found.consulted.extend(startup::consulted(tree));
        }
    }

    /// Adds `tree` as the package `name`, which is dotted if it is in another package.
    pub(super) fn package(&mut self, name: &str, tree: &Tree) {
        if self.directory(name, &name.replace('.', "/"), tree, Beside::Python(None))
            == Holds::Nothing
        {
            self.problems.push(
                Problem::new(
                    ErrorKind::Source,
                    format!(
                        "the package `{name}` is empty: nothing was found in `{}`",
                        tree.path.display()
                    ),
                )
                .help("correct the path given to `Bundle::package`"),
            );
        }
    }

    /// Adds `path` as the module `name`, even if the file has another name.
    pub(super) fn module(&mut self, name: &str, path: &Path) {
        let in_bundle = format!("{}.py", name.replace('.', "/"));
        self.add_module(name, &in_bundle, ModuleKind::Module, path);
    }

    /// Adds a directory to which a dotted name can lead; `beside` is a module of the same name.
    fn directory(&mut self, name: &str, path: &str, tree: &Tree, beside: Beside<'_>) -> Holds {
        let natives = self.natives(name, tree);
        if let Some((file, source)) = natives.file(tree, "__init__") {
            self.add_module(name, &format!("{path}/{file}"), ModuleKind::ExtensionPackage, source);
            self.content(name, path, tree, &natives);
            return Holds::Something;
        }
        let init = init(tree);
        let beside = match beside {
            // `import` takes the module, which isn't a package (`_bootstrap_external.py:
            // FileFinder.find_spec`, 3.13).
            Beside::Native if init.is_none() => return self.files(path, tree),
            // A module that isn't bundled hides nothing.
            Beside::Unfit if init.is_none() && first_module(tree).is_none() => {
                return self.files(path, tree);
            }
            Beside::Native | Beside::Unfit => None,
            Beside::Python(entry) => entry,
        };
        let beside = beside.filter(|_| init.is_none() || self.origin.library != Library::Foreign);
        if let Some(Entry::File(module)) = beside {
            match init.or_else(|| first_module(tree)) {
                None => return self.files(path, tree),
                // As the problem below, but it doesn't matter here.
                Some(_) if name.contains('/') && init.is_none() => return self.files(path, tree),
                Some(_) if name.contains('/') => {}
                Some(_) if self.origin.library == Library::Foreign => {
                    return self.files(path, tree);
                }
                Some(hidden) => {
                    self.problems.push(hidden_by_module(name, module, hidden));
                    return Holds::Something;
                }
            }
        }
        if let Some(init) = init {
            self.add_module(name, &format!("{path}/__init__.py"), ModuleKind::Package, init);
            self.content(name, path, tree, &natives);
            return Holds::Something;
        }
        let holds = self.content(name, path, tree, &natives);
        // `import` takes an empty directory, too (`FileFinder.find_spec`, 3.13).
        let is_empty = tree.entries.is_empty() && self.origin.library != Library::Standard;
        if holds == Holds::Something || is_empty {
            self.add_module(name, path, ModuleKind::Namespace, &tree.path);
        }
        holds
    }

    fn content(
        &mut self,
        package: &str,
        directory: &str,
        tree: &Tree,
        natives: &Natives<'_>,
    ) -> Holds {
        let mut holds = self.absent(package, directory, tree, natives);
        self.note_empty(directory, tree);
        for (name, entry) in &tree.entries {
            let path = format!("{directory}/{name}");
            let here = match entry {
                Entry::File(source) if self.is_resource(&path, Node::File) => {
                    self.add_file(path, source);
                    Holds::Something
                }
                Entry::Directory(inner) if self.is_resource(&path, Node::Directory) => {
                    self.files(&path, inner)
                }
                Entry::File(_)
                    if module_stem(tree, name) == Some("__init__") && !package.ends_with('/') =>
                {
                    Holds::Nothing
                }
                Entry::File(source) if self.is_native(natives, tree, name, source) => {
                    match natives.module(name) {
                        Some("__init__") | None => Holds::Nothing,
                        Some(module) if has_package(tree, module) => Holds::Nothing,
                        Some(module) => {
                            let name = submodule_name(package, module);
                            self.add_module(&name, &path, ModuleKind::Extension, source);
                            Holds::Something
                        }
                    }
                }
                Entry::File(source) => {
                    let stem = module_stem(tree, name).filter(|stem| *stem != "__init__");
                    let aside = package.contains('/');
                    match stem.filter(|stem| !(aside && has_package(tree, stem))) {
                        Some(stem) if !aside && self.is_hidden(natives, tree, stem, source) => {}
                        Some(stem) => {
                            let path = format!("{directory}/{stem}.py");
                            let name = submodule_name(package, stem);
                            self.add_module(&name, &path, ModuleKind::Module, source);
                        }
                        None => self.add_file(path, source),
                    }
                    Holds::Something
                }
                Entry::Directory(inner) if name.contains('.') => self.aside(&path, inner),
                Entry::Directory(inner) => {
                    let beside = natives.beside(tree, name);
                    self.directory(&submodule_name(package, name), &path, inner, beside)
                }
            };
            if here == Holds::Something {
                holds = Holds::Something;
            }
        }
        holds
    }

    /// Adds a directory to which no dotted name leads, but that can be put on `sys.path`.
    fn aside(&mut self, directory: &str, tree: &Tree) -> Holds {
        if is_metadata(directory) {
            return self.files(directory, tree);
        }
        let package = package_name(directory);
        let natives = self.natives(&package, tree);
        self.content(&package, directory, tree, &natives)
    }

    /// Adds a directory that no import can reach.
    fn files(&mut self, directory: &str, tree: &Tree) -> Holds {
        let mut holds = Holds::Nothing;
        self.note_empty(directory, tree);
        for (name, entry) in &tree.entries {
            let path = format!("{directory}/{name}");
            let here = match entry {
                Entry::File(source) => {
                    self.add_file(path, source);
                    Holds::Something
                }
                Entry::Directory(inner) => self.files(&path, inner),
            };
            if here == Holds::Something {
                holds = Holds::Something;
            }
        }
        holds
    }

    fn distribution(&mut self, directory: &str, tree: &Tree) {
        let before = self.found.files.len();
        self.files(directory, tree);
        // It names the directory or repository from which the package was installed on the build
        // machine.
        let leak = format!("{directory}/direct_url.json");
        let mut position = 0;
        self.found.files.retain(|file| {
            position += 1;
            position <= before || file.path != leak
        });
        self.found.distributions.push(Distribution {
            directory: directory.to_owned(),
            source: tree.path.clone(),
            origin: self.origin,
        });
    }

    /// Adds a distribution whose metadata is a single file, as distutils wrote it
    /// (`install_egg_info`, 3.11). In the bundle it becomes `PKG-INFO` in a directory of that name,
    /// which is equivalent for all readers.
    fn bare_metadata(&mut self, name: &str, path: &Path) {
        self.add_file(format!("{name}/PKG-INFO"), path);
        self.found.distributions.push(Distribution {
            directory: name.to_owned(),
            source: path.to_owned(),
            origin: self.origin,
        });
    }

    fn add_module(&mut self, name: &str, path: &str, kind: ModuleKind, source: &Path) {
        self.found.modules.push(Module {
            name: name.to_owned(),
            path: path.to_owned(),
            kind,
            source: source.to_owned(),
            origin: self.origin,
            role: Role::Module,
        });
    }

    fn add_file(&mut self, path: String, source: &Path) {
        self.found.files.push(File { path, source: source.to_owned(), origin: self.origin });
    }

    fn is_resource(&self, path: &str, node: Node) -> bool {
        self.origin.library != Library::Standard && self.rules.patterns.is_resource(path, node)
    }

    /// Adds an empty directory to the bundle, since programs may check that it exists.
    fn note_empty(&mut self, directory: &str, tree: &Tree) {
        if tree.entries.is_empty() && self.origin.library != Library::Standard {
            self.found.directories.push(directory.to_owned());
        }
    }

    /// Adds a file that isn't a module, in a directory of packages: a module beside it may read it.
    fn beside_modules(&mut self, name: &str, path: &Path) {
        match self.origin.library {
            Library::Standard => {}
            Library::Foreign if startup::is_for_start(name) || name.starts_with('.') => {}
            Library::Own if name.starts_with('.') => self.found.warnings.push(format!(
                "`{}` is left out, as hidden files beside top-level modules are: rename it or move it \
                 into a package if the program reads it, else leave it out with `Bundle::exclude`",
                path.display()
            )),
            Library::Own | Library::Foreign => self.add_file(name.to_owned(), path),
        }
    }

    /// The directory's modules in machine code. There are none in an unpacked package, where all
    /// machine code is files.
    fn natives<'t>(&self, package: &str, tree: &'t Tree) -> Natives<'t> {
        let mut natives = Natives::default();
        if !package.is_empty() && (self.rules.unpacks)(package) {
            return natives;
        }
        let mut ranks = BTreeMap::new();
        for (name, entry) in &tree.entries {
            let Entry::File(path) = entry else { continue };
            match self.rules.abi.classify(name, path) {
                Name::Fits { module, rank }
                    if ranks.get(module).is_none_or(|best| rank < *best) =>
                {
                    ranks.insert(module, rank);
                    natives.chosen.insert(module, name);
                }
                Name::Unfit { module, reason } => {
                    natives.unfit_files.insert(name);
                    natives.unfit.entry(module).or_insert((name, reason));
                }
                Name::Fits { .. } | Name::Other => {}
            }
        }
        natives
    }

    /// Whether the file is a module in machine code, for the target or not. Warns if a package
    /// hides it.
    fn is_native(&mut self, natives: &Natives<'_>, tree: &Tree, name: &str, path: &Path) -> bool {
        let Some(module) = natives.module(name) else { return natives.unfit_files.contains(name) };
        if has_package(tree, module) {
            self.found.warnings.push(format!(
                "`{}` is left out: the package beside it is what `import` finds",
                path.display()
            ));
        }
        true
    }

    /// Records the modules that exist only for other targets.
    fn absent(
        &mut self,
        package: &str,
        directory: &str,
        tree: &Tree,
        natives: &Natives<'_>,
    ) -> Holds {
        let mut holds = Holds::Nothing;
        for (module, (file, reason)) in &natives.unfit {
            if natives.chosen.contains_key(module) || has_package(tree, module) {
                continue;
            }
            let Some(Entry::File(source)) = tree.entries.get(*file) else { continue };
            let path = |name: &str| match directory {
                "" => name.to_owned(),
                directory => format!("{directory}/{name}"),
            };
            holds = Holds::Something;
            if tree.entries.contains_key(&format!("{module}.py")) {
                let file = source.display();
                self.found.warnings.push(format!(
                    "`{file}` is left out, since {reason}; the program takes `{module}.py` beside it"
                ));
                continue;
            }
            let name = match *module {
                "__init__" => continue,
                module => submodule_name(package, module),
            };
            let (path, source, reason) = (path(file), source.clone(), reason.clone());
            self.found.absent.push(Absent { name, path, source, reason });
        }
        holds
    }

    /// Whether a module can't be imported, because a module in machine code takes precedence, or in
    /// installed code a package (`_bootstrap_external.py: FileFinder.find_spec`, 3.13). Warns if it
    /// is a package.
    fn is_hidden(&mut self, natives: &Natives<'_>, tree: &Tree, stem: &str, module: &Path) -> bool {
        if natives.chosen.contains_key(stem) {
            return true;
        }
        let hidden = self.origin.library == Library::Foreign && has_package(tree, stem);
        if hidden {
            self.found.warnings.push(format!(
                "`{}` is left out: the package `{stem}` beside it is what `import` finds",
                module.display()
            ));
        }
        hidden
    }

    fn stray_init(&mut self, init: &Path, dir: &Path) {
        self.found.warnings.push(format!(
            "`{}` is left out, since `{}` was given as a directory of packages, not as a package: \
             give the directory above it, or add the package with `Bundle::package`",
            init.display(),
            dir.display()
        ));
    }
}

/// The module's name if `import` finds this file of the directory. A source takes precedence over a
/// compiled file (`_bootstrap_external.py: _get_supported_file_loaders`, 3.13).
fn module_stem<'n>(directory: &Tree, name: &'n str) -> Option<&'n str> {
    let compiled = || {
        let stem = name.strip_suffix(".pyc")?;
        (!directory.entries.contains_key(&format!("{stem}.py"))).then_some(stem)
    };
    let stem = name.strip_suffix(".py").or_else(compiled)?;
    (!stem.is_empty() && !stem.contains('.')).then_some(stem)
}

fn is_metadata(name: &str) -> bool {
    let suffix = name.rsplit_once('.').map(|(_, suffix)| suffix);
    matches!(suffix, Some("dist-info" | "egg-info"))
}

/// Whether there is a package of this name, which takes precedence over a module.
fn has_package(tree: &Tree, name: &str) -> bool {
    matches!(tree.entries.get(name), Some(Entry::Directory(inner)) if init(inner).is_some())
}

/// The file that makes the directory a regular package.
fn init(tree: &Tree) -> Option<&PathBuf> {
    ["__init__.py", "__init__.pyc"].into_iter().find_map(|name| match tree.entries.get(name) {
        Some(Entry::File(init)) => Some(init),
        _ => None,
    })
}

/// A module in `tree` to which a dotted name leads.
fn first_module(tree: &Tree) -> Option<&PathBuf> {
    tree.entries.iter().find_map(|(name, entry)| match entry {
        Entry::File(path) => module_stem(tree, name).is_some().then_some(path),
        Entry::Directory(_) if name.contains('.') => None,
        Entry::Directory(inner) => first_module(inner),
    })
}

/// `_bootstrap_external.py: FileFinder.find_spec` (3.13) prefers a directory with `__init__.py` to
/// a module, and a module to any other directory.
fn hidden_by_module(name: &str, module: &Path, hidden: &Path) -> Problem {
    let (module, path) = (module.display(), hidden.display());
    let problem = if hidden.ends_with("__init__.py") {
        Problem::new(ErrorKind::Source, format!("the module `{name}` has two sources"))
            .note(format!("`{module}`"))
            .note(format!("`{path}`"))
    } else {
        Problem::new(
            ErrorKind::Source,
            format!("the module `{name}` hides the directory of the same name"),
        )
        .note(format!("with `{module}` beside it,"))
        .note(format!("`{path}` can't be imported"))
    };
    problem.help("rename one of them, or leave one out with `Bundle::exclude`")
}
