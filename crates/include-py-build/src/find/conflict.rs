//! Joins the content of several roots. Namespace packages are merged. Anything else that is found
//! twice is a problem, unless an installer has put one of the two there: that one is left out with
//! a warning if `import` wouldn't find it either.
//!
//! | first root | second root | |
//! |---|---|---|
//! | `ns/a.py` | `ns/b.py` | one namespace package `ns` |
//! | `pkg/__init__.py` | `pkg/b.py` | problem: `import` looks for `pkg.b` only in the first |
//! | `a.py` | `a.py` or `a/__init__.py` | problem: two sources |
//! | `pkg/__init__.py` with `extend_path` | the same | one package `pkg` |
//! | `ns/x.txt` | `ns/x.txt` | problem: two sources |
//! | `a.py` | `a.py` in `site-packages` | the first |
//! | `json.py` in `site-packages` | the standard library's `json` | the standard library's |

use std::collections::{BTreeMap, BTreeSet};

use std::path::Path;

use include_py_bundle::ModuleKind;

use super::{Found, Library, Module, spread};
use crate::error::{ErrorKind, Problem};

/// Reports duplicates, only the outermost of each, and completes the namespace packages.
pub(super) fn check(found: &mut Found, problems: &mut Vec<Problem>) {
    let mut reported = BTreeSet::new();
    let mut hidden = Hidden::default();
    let spread = modules(found, &mut reported, &mut hidden, problems);
    let modules: BTreeSet<&str> = found.modules.iter().map(|module| &*module.name).collect();
    found.absent.retain(|absent| !modules.contains(&*absent.name));
    found.absent.sort_by(|a, b| (&a.name, &a.path).cmp(&(&b.name, &b.path)));
    found.absent.dedup_by(|later, first| later.name == first.name);
    distributions(found, &mut reported, &mut hidden, problems);
    found.files.retain(|file| !hidden.has(file.origin.root, &file.path));
    files(found, &reported, &spread, problems);
}

/// Installed packages and modules that `import` doesn't find, because something else hides them:
/// the root and the directory.
#[derive(Default)]
struct Hidden(BTreeSet<(usize, String)>);

impl Hidden {
    fn add(&mut self, root: usize, directory: String) {
        self.0.insert((root, directory));
    }

    fn has(&self, root: usize, path: &str) -> bool {
        let above = path.match_indices('/').map(|(end, _)| &path[..end]);
        !self.0.is_empty()
            && above.chain([path]).any(|directory| self.0.contains(&(root, directory.to_owned())))
    }
}

/// Which of two modules of one name is installed and hidden by the other.
fn loser<'m>(first: &'m Module, second: &'m Module) -> Option<&'m Module> {
    let is_portion = |module: &Module| module.kind == ModuleKind::Namespace;
    let is_standard = |module: &Module| module.origin.library == Library::Standard;
    // A portion of a namespace package comes last, then the order on `sys.path` decides, on which
    // the standard library comes before all installed packages.
    let loser = match (is_portion(first), is_portion(second)) {
        (true, false) => first,
        (false, true) => second,
        _ if is_standard(second) => first,
        _ => second,
    };
    (loser.origin.library == Library::Foreign).then_some(loser)
}

fn hides(winner: &Module, loser: &Module) -> String {
    format!(
        "`{}` is left out: `{}` is what `import` finds as `{}`",
        loser.source.display(),
        winner.source.display(),
        loser.name,
    )
}

/// `reported` receives the directories with a reported problem. Returns the directories of packages
/// that are in several roots.
fn modules(
    found: &mut Found,
    reported: &mut BTreeSet<String>,
    hidden: &mut Hidden,
    problems: &mut Vec<Problem>,
) -> BTreeSet<String> {
    let mut spread = BTreeSet::new();
    let mut by_name: BTreeMap<String, Module> = BTreeMap::new();
    found.modules.sort_by(|a, b| (&a.name, a.origin.root).cmp(&(&b.name, b.origin.root)));
    for module in std::mem::take(&mut found.modules) {
        let directory = directory(&module);
        if is_below(&directory, reported) || hidden.has(module.origin.root, &directory) {
            continue;
        }
        match by_name.get(&module.name) {
            None => {
                let parent = parents(&module.name).find_map(|name| by_name.get(name));
                match parent.filter(|parent| !parent.is_package()) {
                    Some(parent) => {
                        problems.push(not_a_package(parent, &module));
                        reported.insert(directory);
                    }
                    None => {
                        by_name.insert(module.name.clone(), module);
                    }
                }
            }
            Some(first)
                if (first.kind, module.kind) == (ModuleKind::Namespace, ModuleKind::Namespace) => {}
            Some(_) if is_below(&directory, &spread) => {}
            Some(first) if spread::is_one(first, &module) => {
                spread.insert(directory);
                // A regular package takes precedence over a portion of a namespace package.
                if first.kind == ModuleKind::Namespace {
                    by_name.insert(module.name.clone(), module);
                }
            }
            Some(first) => match loser(first, &module) {
                Some(loser) if loser.origin.root == module.origin.root => {
                    found.warnings.push(hides(first, &module));
                    hidden.add(module.origin.root, directory);
                }
                Some(loser) => {
                    found.warnings.push(hides(&module, loser));
                    hidden.add(loser.origin.root, self::directory(loser));
                    by_name.insert(module.name.clone(), module);
                }
                None => {
                    problems.push(twins(first, &module));
                    reported.insert(directory);
                }
            },
        }
    }
    // `Bundle::package("a.b", …)` implies `a`.
    let implied: BTreeMap<String, Module> = by_name
        .values()
        .flat_map(|module| parents(&module.name).map(move |parent| (parent, module)))
        .filter(|(parent, _)| !by_name.contains_key(*parent))
        .map(|(parent, child)| {
            let namespace = Module {
                name: parent.to_owned(),
                path: parent.replace('.', "/"),
                kind: ModuleKind::Namespace,
                ..child.clone()
            };
            (parent.to_owned(), namespace)
        })
        .collect();
    by_name.extend(implied);
    found.modules = by_name.into_values().collect();
    spread
}

fn distributions(
    found: &mut Found,
    reported: &mut BTreeSet<String>,
    hidden: &mut Hidden,
    problems: &mut Vec<Problem>,
) {
    let mut seen: BTreeMap<&str, &Path> = BTreeMap::new();
    for distribution in &found.distributions {
        if let Some(first) = seen.get(&*distribution.directory) {
            if distribution.origin.library == Library::Foreign {
                hidden.add(distribution.origin.root, distribution.directory.clone());
                continue;
            }
            let what = format!("the distribution `{}` has two sources", distribution.directory);
            problems.push(
                Problem::new(ErrorKind::Source, what)
                    .note(format!("`{}`", first.display()))
                    .note(format!("`{}`", distribution.source.display()))
                    .help("leave one of them out, with its modules"),
            );
            reported.insert(distribution.directory.clone());
        }
        seen.entry(&distribution.directory).or_insert(&distribution.source);
    }
    found.distributions.retain(|distribution| {
        !reported.contains(&distribution.directory)
            && !hidden.has(distribution.origin.root, &distribution.directory)
    });
}

fn files(
    found: &mut Found,
    reported: &BTreeSet<String>,
    spread: &BTreeSet<String>,
    problems: &mut Vec<Problem>,
) {
    found.files.sort_by(|a, b| (&a.path, a.origin.root).cmp(&(&b.path, b.origin.root)));
    let warnings = &mut found.warnings;
    found.files.dedup_by(|later, first| {
        let is_installed = later.origin.library == Library::Foreign;
        let is_twice = later.path == first.path;
        if is_twice && is_installed && !is_below(&first.path, spread) {
            let (later, first) = (later.source.display(), first.source.display());
            warnings.push(format!(
                "`{later}` is left out: `{first}` is in an earlier directory and has the same path"
            ));
        }
        is_twice && (is_installed || is_below(&first.path, spread))
    });
    found.files.retain(|file| !is_below(&file.path, reported));
    let owners = found
        .files
        .iter()
        .map(|file| (file.path.as_str(), &file.source))
        .chain(found.modules.iter().map(|module| (module.path.as_str(), &module.source)));
    // One example file for each directory.
    let mut directories = BTreeMap::new();
    for (path, source) in owners {
        for (end, _) in path.match_indices('/') {
            directories.entry(&path[..end]).or_insert(source);
        }
    }
    for pair in found.files.windows(2).filter(|pair| pair[0].path == pair[1].path) {
        problems.push(
            Problem::new(ErrorKind::Source, format!("the file `{}` has two sources", pair[0].path))
                .note(format!("`{}`", pair[0].source.display()))
                .note(format!("`{}`", pair[1].source.display()))
                .help("rename one of them, or leave one out"),
        );
    }
    for file in &found.files {
        if let Some(inside) = directories.get(file.path.as_str()) {
            problems.push(
                Problem::new(
                    ErrorKind::Source,
                    format!("`{}` is a file in one source and a directory in another", file.path),
                )
                .note(format!("`{}`", file.source.display()))
                .note(format!("`{}`", inside.display()))
                .help("rename one of them, or leave one out"),
            );
        }
    }
}

/// The parents, innermost first: `a.b` and `a` of `a.b.c`, only `a/b-1.2/c` of `a/b-1.2/c.d`.
fn parents(name: &str) -> impl Iterator<Item = &str> {
    let start = name.rfind('/').map_or(0, |slash| slash + 1);
    name[start..].rmatch_indices('.').map(move |(end, _)| &name[..start + end])
}

/// The directory that the module would have if it were a package.
fn directory(module: &Module) -> String {
    if module.is_aside() {
        if module.kind.is_regular_package() {
            return module.path.rsplit_once('/').map_or("", |(above, _)| above).to_owned();
        }
        let (above, name) = module.path.rsplit_once('/').unwrap_or(("", &module.path));
        let stem = if module.kind == ModuleKind::Namespace { name } else { stem(name) };
        return if above.is_empty() { stem.to_owned() } else { format!("{above}/{stem}") };
    }
    module.name.replace('.', "/")
}

/// The name of a module's file without its suffix.
fn stem(name: &str) -> &str {
    name.split_once('.').map_or(name, |(stem, _)| stem)
}

fn is_below(path: &str, reported: &BTreeSet<String>) -> bool {
    let above = path.match_indices('/').map(|(end, _)| &path[..end]);
    above.chain([path]).any(|directory| reported.contains(directory))
}

fn twins(first: &Module, second: &Module) -> Problem {
    let (one, two) = (first.source.display(), second.source.display());
    let name = &first.name;
    let problem = if first.kind == ModuleKind::Namespace || second.kind == ModuleKind::Namespace {
        let (regular, portion) =
            if first.kind == ModuleKind::Namespace { (two, one) } else { (one, two) };
        Problem::new(
            ErrorKind::Source,
            format!("the module `{name}` hides the directory of the same name"),
        )
        .note(format!("with `{regular}` there,"))
        .note(format!("what is in `{portion}` can't be imported"))
    } else {
        Problem::new(ErrorKind::Source, format!("the module `{name}` has two sources"))
            .note(format!("`{one}`"))
            .note(format!("`{two}`"))
    };
    let standard = [first, second].iter().any(|one| one.origin.library == Library::Standard);
    if standard {
        problem.help(format!(
            "rename yours, or leave the standard library's out: \
             `.stdlib_with(Stdlib::new().without(\"{name}\"))`"
        ))
    } else {
        problem.help("rename one of them, or leave one out")
    }
}

fn not_a_package(parent: &Module, child: &Module) -> Problem {
    Problem::new(
        ErrorKind::Source,
        format!("the module `{}` can't be imported: `{}` isn't a package", child.name, parent.name),
    )
    .note(format!("`{}`", parent.source.display()))
    .note(format!("`{}`", child.source.display()))
    .help("give one of them another name")
}
