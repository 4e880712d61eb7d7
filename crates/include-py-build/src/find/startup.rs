//! Files that installers create for Python's start: `.pth` files and links to sources elsewhere.
//!
//! ```text
//! __editable__.app-1.0.pth    /src/app                an editable install, with only its metadata
//! extra.pth                   /opt/extra              a directory for sys.path
//! coverage.pth                import coverage; …      code that runs at the start
//! ```
//!
//! `site.py: addpackage` reads them, but no bundled program does. What they add isn't in the
//! bundle.

use std::path::{Path, PathBuf};

use super::tree::{Entry, Tree};

/// Whether the file is only for Python's start.
pub(super) fn is_for_start(name: &str) -> bool {
    matches!(name.rsplit_once('.'), Some((_, "pth" | "egg-link")))
}

/// Warnings about what isn't in the bundle because of such files, in a directory of installed
/// packages.
pub(super) fn warnings(tree: &Tree) -> Vec<String> {
    let mut warnings = Vec::new();
    let mut explained = Vec::new();
    for (name, entry) in &tree.entries {
        let Entry::File(path) = entry else { continue };
        if !is_for_start(name) || is_harmless(name) {
            continue;
        }
        let text = std::fs::read(path).unwrap_or_default();
        let text = String::from_utf8_lossy(&text);
        let project = editable_project(name);
        if let Some(project) = &project {
            explained.push(normal(project));
        }
        match project {
            Some(project) => warnings.push(editable(&project, path, &text)),
            None => warnings.extend(other(path, &text)),
        }
    }
    // Other build tools use other names for `.pth` files, but the metadata is the same (PEP 610).
    for (name, entry) in &tree.entries {
        let Entry::Directory(metadata) = entry else { continue };
        let Some(stem) = name.strip_suffix(".dist-info") else { continue };
        let project = stem.split('-').next().unwrap_or(stem);
        let Some(Entry::File(url)) = metadata.entries.get("direct_url.json") else { continue };
        let url = std::fs::read_to_string(url).unwrap_or_default();
        let words: String = url.split_whitespace().collect();
        if words.contains("\"editable\":true") && !explained.contains(&normal(project)) {
            warnings.push(format!(
                "`{project}` is installed editable: only its metadata is in the bundle; {}",
                what_to_do("the directory of its sources")
            ));
        }
    }
    warnings
}

/// The files that [`warnings`] may have read.
pub(super) fn consulted(tree: &Tree) -> impl Iterator<Item = PathBuf> {
    tree.entries.iter().filter_map(|(name, entry)| match entry {
        Entry::File(path) => is_for_start(name).then(|| path.clone()),
        Entry::Directory(inner) => match inner.entries.get("direct_url.json") {
            Some(Entry::File(path)) => Some(path.clone()),
            _ => None,
        },
    })
}

/// Files of setuptools for itself and for namespace packages, which don't need them.
fn is_harmless(name: &str) -> bool {
    name == "distutils-precedence.pth" || name.ends_with("-nspkg.pth")
}

/// `app` of `__editable__.app-1.0.pth` (setuptools) and `app.egg-link` (`setup.py develop`).
fn editable_project(name: &str) -> Option<String> {
    if let Some(project) = name.strip_suffix(".egg-link") {
        return Some(project.to_owned());
    }
    let rest = name.strip_prefix("__editable__.")?.strip_suffix(".pth")?;
    Some(rest.split('-').next().unwrap_or(rest).to_owned())
}

fn normal(project: &str) -> String {
    include_py_bundle::normalize(project)
}

fn editable(project: &str, path: &Path, text: &str) -> String {
    let sources = match directories(path, text).first() {
        Some(directory) => format!("`{}`", directory.display()),
        None => "the directory of its sources".to_owned(),
    };
    format!(
        "`{project}` is installed editable, by `{}`: only its metadata is in the bundle; {}",
        path.display(),
        what_to_do(&sources)
    )
}

fn what_to_do(sources: &str) -> String {
    format!("add {sources} with `Bundle::source`, or install it without `--editable`")
}

/// A warning about a `.pth` file; `None` if it has no effect here.
fn other(path: &Path, text: &str) -> Option<String> {
    let directories = directories(path, text);
    let directories: Vec<_> =
        directories.iter().map(|one| format!("`{}`", one.display())).collect();
    let path = path.display();
    if directories.is_empty() {
        if !text.lines().any(is_code) {
            return None;
        }
        return Some(format!(
            "`{path}` has Python run code when it starts, which bundled programs don't: import what it \
             needs where the program begins, or leave it out with `Bundle::exclude`"
        ));
    }
    Some(format!(
        "`{path}` adds {} to `sys.path`, and what is there isn't in the bundle: add it with \
         `Bundle::source` or `Bundle::site_packages`, or leave the file out with `Bundle::exclude`",
        directories.join(", ")
    ))
}

/// The directories that the file at `path` names (`site.py: addpackage`, 3.13).
fn directories(path: &Path, text: &str) -> Vec<PathBuf> {
    let above = path.parent().unwrap_or(path);
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && *line != ".");
    let lines = lines.filter(|line| !line.starts_with('#') && !is_code(line));
    lines.map(|line| above.join(line)).collect()
}

/// Whether `site.py` executes the line.
fn is_code(line: &str) -> bool {
    line.strip_prefix("import").is_some_and(|rest| rest.starts_with([' ', '\t']))
}
