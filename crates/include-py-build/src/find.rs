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
mod twins;

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

/// A source of modules.
#[derive(Clone, Debug)]
pub(crate) enum Root {
    /// An entry of `sys.path`.
    Source { dir: PathBuf },
    /// A package's directory or a module's file, which can have another name.
    Package { name: String, path: PathBuf },
    /// A directory that an installer has filled.
    SitePackages { dir: PathBuf },
    /// The standard library's directory.
    Stdlib { dir: PathBuf, stdlib: Stdlib },
    /// The directory of the standard library's extension modules.
    Extensions { dir: PathBuf, stdlib: Stdlib },
}

/// The content of the roots.
#[derive(Debug, Default)]
pub(crate) struct Found {
    pub(crate) modules: Vec<Module>,
    pub(crate) files: Vec<File>,
    /// Empty directories, by their paths in the bundle.
    pub(crate) directories: Vec<String>,
    pub(crate) distributions: Vec<Distribution>,
    /// Modules in machine code that aren't for the target.
    pub(crate) absent: Vec<Absent>,
    /// Messages about omitted files.
    pub(crate) warnings: Vec<String>,
    /// The directories that were read, and the files that were read only for such messages.
    pub(crate) consulted: Vec<PathBuf>,
}

#[derive(Clone, Debug)]
pub(crate) struct Module {
    /// `app.views.x`; `app/tool-1.2/x` in a directory that can't be a package.
    pub(crate) name: String,
    /// The path in the bundle: `app/views/x.py`, `app/views` for a namespace package,
    /// `app/x.abi3.so` for machine code.
    pub(crate) path: String,
    pub(crate) kind: ModuleKind,
    /// The file to compile; for a namespace package, the directory.
    pub(crate) source: PathBuf,
    pub(crate) origin: Origin,
    pub(crate) role: Role,
}

/// How a module's file is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    Module,
    /// Programs also read its text; it needn't be valid Python.
    ModuleAndData,
}

impl Module {
    pub(crate) fn is_package(&self) -> bool {
        self.kind.is_regular_package() || self.kind == ModuleKind::Namespace
    }

    /// Whether it is in a directory that can't be a package: a module for programs that put the
    /// directory on `sys.path`, a file for all others.
    pub(crate) fn is_aside(&self) -> bool {
        self.name.contains('/')
    }

    /// Whether there is only its compiled file, without the source.
    pub(crate) fn is_sourceless(&self) -> bool {
        self.source.extension().is_some_and(|end| end == "pyc")
    }

    /// Whether invalid Python is silently accepted. Files in directories that can't be packages are
    /// often data, and so are some of CPython's tests for its compiler.
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
    pub(crate) origin: Origin,
}

/// A module whose file was found, but isn't for the target.
#[derive(Clone, Debug)]
pub(crate) struct Absent {
    /// As [`Module::name`].
    pub(crate) name: String,
    /// The path that it would have in the bundle.
    pub(crate) path: String,
    pub(crate) source: PathBuf,
    /// The reason and a remedy, as the end of a sentence.
    pub(crate) reason: String,
}

/// The root in which something was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Origin {
    /// The root's index.
    pub(crate) root: usize,
    pub(crate) library: Library,
}

/// Who wrote the code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Library {
    Own,
    /// The authors of an installed package. Its warnings aren't shown, and it may contain invalid
    /// files.
    Foreign,
    Standard,
}

/// Finds everything in the roots except what `patterns` exclude; the standard library has its own
/// list.
///
/// `unpacks` tells whether a package is imported from real files; `abi` is what machine code must
/// be for.
///
/// Continues after a problem, so that one run finds them all.
pub(crate) fn find(
    roots: &[Root],
    patterns: &Patterns,
    unpacks: &dyn Fn(&str) -> bool,
    abi: &Abi,
    problems: &mut Vec<Problem>,
) -> Found {
    let mut found = Found::default();
    let mut searched = Vec::new();
    for (number, root) in roots.iter().enumerate() {
        // The same directory a second time, perhaps through a link, adds nothing.
        if let Root::Source { dir } | Root::SitePackages { dir } = root {
            let kind = std::mem::discriminant(root);
            let place = std::fs::canonicalize(dir).ok().map(|real| (kind, real));
            if place.is_some() && searched.contains(&place) {
                continue;
            }
            searched.push(place);
        }
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
                found.consulted.extend(site::consulted(dir));
            }
            Root::Package { name, path } => package(name, path, patterns, &mut classifier),
            Root::Stdlib { dir, stdlib } => {
                let excluded = |path: &str, node| match node {
                    // Data beside the modules: broken links don't matter.
                    Node::Unknown if path.strip_suffix(".py").is_none() => true,
                    _ => stdlib.leaves_out(path),
                };
                let tree = classifier.read(dir, "", &excluded);
                classifier.path_entry(&tree);
                found.warnings.extend(stdlib.absent(dir));
                found.consulted.push(dir.join("lib-dynload"));
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

/// The problem that no root contains a module.
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
        // A pattern for a directory excludes its content, also if the directory is above the
        // package.
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
