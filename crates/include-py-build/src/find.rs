//! Finds what goes into a bundle: modules, the files of packages, distributions.
//!
//! ```text
//! python/app/__init__.py     module `app`, a package
//! python/app/views/x.py      modules `app.views`, a namespace package, and `app.views.x`
//! python/app/logo.png        file `app/logo.png`
//! python/app-1.0.dist-info/  distribution `app`
//! ```

mod classify;
mod conflict;
mod data;
mod imports;
mod native;
mod read;
mod site;
mod spread;
mod startup;
mod tree;

use std::path::{Path, PathBuf};

use include_py_bundle::ModuleKind;

use crate::Stdlib;
use crate::error::{ErrorKind, Problem};
use crate::native::Abi;
use crate::pattern::Node;
use crate::patterns::Patterns;
use classify::{Classifier, Rules};
pub(crate) use read::{Content, read};
pub(crate) use site::MACHINE;

/// A place that modules come from.
#[derive(Clone, Debug)]
pub(crate) enum Root {
    /// Like an entry of `sys.path`.
    Source { dir: PathBuf },
    /// A package's directory or a module's file, whatever its own name.
    Package { name: String, path: PathBuf },
    /// What an installer has filled.
    SitePackages { dir: PathBuf },
    /// The standard library's directory.
    Stdlib { dir: PathBuf, stdlib: Stdlib },
    /// The directory of its extension modules.
    Extensions { dir: PathBuf, stdlib: Stdlib },
}

/// What is in the roots.
#[derive(Debug, Default)]
pub(crate) struct Found {
    pub(crate) modules: Vec<Module>,
    pub(crate) files: Vec<File>,
    /// Directories without files, by their paths in the bundle.
    pub(crate) directories: Vec<String>,
    pub(crate) distributions: Vec<Distribution>,
    /// Modules in machine code that aren't for the target.
    pub(crate) absent: Vec<Absent>,
    /// What was left out, and the user should know.
    pub(crate) warnings: Vec<String>,
}

#[derive(Clone, Debug)]
pub(crate) struct Module {
    /// `app.views.x`; `app/tool-1.2/x` in a directory that can't be a package.
    pub(crate) name: String,
    /// `app/views/x.py`, the path in the bundle; of a namespace package `app/views`, of machine
    /// code `app/x.abi3.so`.
    pub(crate) path: String,
    pub(crate) kind: ModuleKind,
    /// The file it is compiled from; of a namespace package the directory.
    pub(crate) source: PathBuf,
    pub(crate) origin: Origin,
    pub(crate) role: Role,
}

/// What a module's file is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    Module,
    /// Programs read its text, too; it need not be valid Python.
    ModuleAndData,
}

impl Module {
    pub(crate) fn is_package(&self) -> bool {
        self.kind.is_regular_package() || self.kind == ModuleKind::Namespace
    }

    /// Whether it lies in a directory that can't be a package: a module for those who put the
    /// directory on `sys.path`, and a file for the rest.
    pub(crate) fn is_aside(&self) -> bool {
        self.name.contains('/')
    }

    /// Whether it is compiled already, and its source isn't there.
    pub(crate) fn is_sourceless(&self) -> bool {
        self.source.extension().is_some_and(|end| end == "pyc")
    }

    /// Whether nobody need hear of it if it isn't Python: what lies aside is read as a file at
    /// least as often, and so are CPython's tests of its own compiler.
    pub(crate) fn may_be_data(&self) -> bool {
        self.is_aside()
            || self.origin.library == Library::Standard
            || self.role == Role::ModuleAndData
    }
}

/// A file that isn't compiled.
#[derive(Clone, Debug)]
pub(crate) struct File {
    /// `app/logo.png`, the path in the bundle.
    pub(crate) path: String,
    pub(crate) source: PathBuf,
    pub(crate) origin: Origin,
}

#[derive(Clone, Debug)]
pub(crate) struct Distribution {
    /// `app-1.0.dist-info`, the path in the bundle.
    pub(crate) directory: String,
    pub(crate) source: PathBuf,
}

/// A module whose file was found, but isn't for the target.
#[derive(Clone, Debug)]
pub(crate) struct Absent {
    /// As of a [`Module`].
    pub(crate) name: String,
    /// The path in the bundle that it would have.
    pub(crate) path: String,
    pub(crate) source: PathBuf,
    /// Why, and what can be done, as the end of a sentence.
    pub(crate) reason: String,
}

/// Which root something was found in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Origin {
    /// Its number among the roots.
    pub(crate) root: usize,
    pub(crate) library: Library,
}

/// Whose code it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Library {
    Own,
    /// Installed: its warnings are its authors' affair, and not all of it need be valid.
    Foreign,
    Standard,
}

/// Everything in the roots but what `patterns` leave out; the standard library has its own list.
///
/// `unpacks` says of a package whether it is imported from real files; `abi` for what machine code
/// has to be.
///
/// Goes on after a problem, so that one run finds them all.
pub(crate) fn find(
    roots: &[Root],
    patterns: &Patterns,
    unpacks: &dyn Fn(&str) -> bool,
    abi: &Abi,
    problems: &mut Vec<Problem>,
) -> Found {
    let mut found = Found::default();
    for (number, root) in roots.iter().enumerate() {
        let library = match root {
            Root::Stdlib { .. } | Root::Extensions { .. } => Library::Standard,
            Root::Source { .. } | Root::Package { .. } => Library::Own,
            Root::SitePackages { .. } => Library::Foreign,
        };
        let origin = Origin { root: number, library };
        let rules = Rules { patterns, unpacks, abi };
        let mut classifier = Classifier::new(origin, rules, &mut found, problems);
        match root {
            Root::Source { dir } => {
                let excluded = |path: &str, node| patterns.exclude(path, node);
                source(dir, "source", &mut classifier, &excluded);
            }
            Root::SitePackages { dir } => {
                let excluded =
                    |path: &str, node| site::leaves_out(dir, path) || patterns.exclude(path, node);
                source(dir, "site-packages", &mut classifier, &excluded);
            }
            Root::Package { name, path } => package(name, path, patterns, &mut classifier),
            Root::Stdlib { dir, stdlib } => {
                let excluded = |path: &str, node| match node {
                    // Data beside the modules: links that lead nowhere don't matter.
                    Node::Unknown if path.strip_suffix(".py").is_none() => true,
                    _ => stdlib.leaves_out(path),
                };
                let tree = classifier.read(dir, "", &excluded);
                classifier.path_entry(&tree);
                found.warnings.extend(stdlib.absent(dir));
            }
            Root::Extensions { dir, stdlib } => {
                let excluded =
                    |path: &str, node| node != Node::File || stdlib.leaves_out_extension(path);
                let tree = classifier.read(dir, "", &excluded);
                classifier.path_entry(&tree);
            }
        }
    }
    conflict::check(&mut found, problems);
    found
}

/// There is no module in any of the roots.
pub(crate) fn nothing(roots: &[Root]) -> Problem {
    let problem = Problem::new(ErrorKind::Source, "the bundle is empty: no modules were found");
    let places = roots.iter().map(|root| match root {
        Root::Source { dir: path }
        | Root::SitePackages { dir: path }
        | Root::Package { path, .. }
        | Root::Stdlib { dir: path, .. }
        | Root::Extensions { dir: path, .. } => {
            format!("in `{}`", path.display())
        }
    });
    places.fold(problem, Problem::note).help(
        "add a directory of Python modules with `Bundle::source`, and see what \
         `Bundle::exclude` leaves out",
    )
}

fn source(
    dir: &Path,
    what: &str,
    classifier: &mut Classifier<'_>,
    excluded: &dyn Fn(&str, Node) -> bool,
) {
    match std::fs::metadata(dir) {
        Ok(metadata) if metadata.is_dir() => {
            let tree = classifier.read(dir, "", excluded);
            classifier.path_entry(&tree);
        }
        Ok(_) => classifier.problems.push(
            Problem::new(
                ErrorKind::Source,
                format!("the {what} directory `{}` is a file", dir.display()),
            )
            .help("name the directory it is in, or add it with `Bundle::package`"),
        ),
        Err(error) => {
            classifier.problems.push(missing(&format!("{what} directory"), dir, &error));
        }
    }
}

fn package(name: &str, path: &Path, patterns: &Patterns, classifier: &mut Classifier<'_>) {
    let prefix = name.replace('.', "/");
    let excluded = |path: &str, node| {
        // A pattern for a directory leaves out what is in it, also above the package itself.
        let above = path.match_indices('/').map(|(end, _)| (&path[..end], Node::Directory));
        let mut places = above.chain([(path, node)]);
        places.any(|(path, node)| patterns.exclude(path, node))
    };
    match std::fs::metadata(path) {
        Ok(metadata) if metadata.is_dir() => {
            let tree = classifier.read(path, &prefix, &excluded);
            classifier.package(name, &tree);
        }
        Ok(metadata) if metadata.is_file() && path.extension().is_some_and(|one| one == "py") => {
            classifier.module(name, path);
        }
        Ok(_) => classifier.problems.push(
            Problem::new(
                ErrorKind::Source,
                format!(
                    "the package `{name}` can't come from `{}`: that is neither a directory nor \
                     a `.py` file",
                    path.display()
                ),
            )
            .help("give `Bundle::package` the package's directory or the module's file"),
        ),
        Err(error) => {
            classifier.problems.push(missing(&format!("package `{name}`:"), path, &error));
        }
    }
}

fn missing(what: &str, path: &Path, error: &std::io::Error) -> Problem {
    let path = path.display();
    if error.kind() == std::io::ErrorKind::NotFound {
        let method = match what.split([' ', ':']).next() {
            Some("package") => "package",
            Some("site-packages") => "site_packages",
            _ => "source",
        };
        Problem::new(ErrorKind::Source, format!("the {what} `{path}` doesn't exist"))
            .help(format!("create it, or correct the path given to `Bundle::{method}`"))
            .note("a relative path starts at the directory of the package's `Cargo.toml`")
    } else {
        Problem::new(ErrorKind::Source, format!("the {what} `{path}` can't be read: {error}"))
            .help("correct its permissions")
    }
}
