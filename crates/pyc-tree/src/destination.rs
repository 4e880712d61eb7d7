//! The path of a source's `.pyc` file.
//!
//! `pkg/a.py` at level 2 for 3.13 becomes `pkg/__pycache__/a.cpython-313.opt-2.pyc`.

use std::ffi::OsString;
use std::path::{Component, Path, PathBuf};

use pyc_code::Minor;
use pyc_compiler::Optimize;

/// Where `.pyc` files are written: the layout within a tree, and the tree.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Destination {
    pub(crate) layout: Layout,
    pub(crate) tree: Tree,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Layout {
    /// `__pycache__/a.cpython-313.pyc` for `a.py`.
    #[default]
    Cache,
    /// `a.pyc` for `a.py`.
    Legacy,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Tree {
    /// The source tree.
    #[default]
    Sources,
    /// A separate tree with absolute paths below this directory and without `__pycache__`
    /// (`sys.pycache_prefix`).
    Cache(PathBuf),
    /// A separate tree with the structure of the compiled directory.
    Mirror(PathBuf),
}

impl Destination {
    /// The `.pyc` file of `source`, which was found below `root` (PEP 3147, PEP 488;
    /// `_bootstrap_external.py: cache_from_source`, 3.13).
    pub(crate) fn of(&self, source: &Path, root: &Path, minor: Minor, level: Optimize) -> PathBuf {
        let mirrored;
        let source = match &self.tree {
            Tree::Mirror(tree) => {
                mirrored = tree.join(source.strip_prefix(root).unwrap_or(source));
                &mirrored
            }
            Tree::Cache(_) | Tree::Sources => source,
        };
        let parent = source.parent().unwrap_or(Path::new(""));
        match (self.layout, &self.tree) {
            // The legacy layout takes precedence over a cache prefix.
            (Layout::Legacy, _) => {
                let mut name = source.as_os_str().to_owned();
                name.push("c");
                name.into()
            }
            (Layout::Cache, Tree::Sources | Tree::Mirror(_)) => {
                parent.join("__pycache__").join(tagged(source, minor, level))
            }
            (Layout::Cache, Tree::Cache(prefix)) => {
                let parent = parent.join(".");
                let parent = std::path::absolute(&parent).unwrap_or(parent);
                let mut file = prefix.clone();
                file.extend(
                    parent.components().filter(|part| matches!(part, Component::Normal(_))),
                );
                file.push(tagged(source, minor, level));
                file
            }
        }
    }
}

fn tagged(source: &Path, minor: Minor, level: Optimize) -> OsString {
    let mut file: OsString = match source.file_name() {
        // Rust takes `.py` for a stem without an extension.
        Some(name) if name == ".py" => "py".into(),
        _ => source.file_stem().unwrap_or_default().to_owned(),
    };
    let level = match level {
        Optimize::None => "",
        Optimize::NoAsserts => ".opt-1",
        Optimize::NoDocstrings => ".opt-2",
    };
    file.push(format!(".{}{level}.pyc", minor.cache_tag()));
    file
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_named_as_importlib_does() {
        let minor = Minor::PY313;
        let of = |destination: &Destination, source: &str, level| {
            destination.of(Path::new(source), Path::new("p"), minor, level)
        };
        let beside = Destination::default();
        for (source, level, expected) in [
            ("a.py", Optimize::None, "__pycache__/a.cpython-313.pyc"),
            ("p/a.b.py", Optimize::NoAsserts, "p/__pycache__/a.b.cpython-313.opt-1.pyc"),
            ("/p/.py", Optimize::NoDocstrings, "/p/__pycache__/py.cpython-313.opt-2.pyc"),
        ] {
            assert_eq!(of(&beside, source, level), Path::new(expected));
        }
        let base = Destination { tree: Tree::Cache("/cache".into()), ..Destination::default() };
        let file = of(&base, "/p/./a.py", Optimize::None);
        assert_eq!(file, Path::new("/cache/p/a.cpython-313.pyc"));
        let legacy = Destination { layout: Layout::Legacy, ..base };
        assert_eq!(of(&legacy, "p/a.py", Optimize::None), Path::new("p/a.pyc"));
        let mut mirror = Destination { tree: Tree::Mirror("out".into()), ..Destination::default() };
        let file = of(&mirror, "p/q/a.py", Optimize::None);
        assert_eq!(file, Path::new("out/q/__pycache__/a.cpython-313.pyc"));
        mirror.layout = Layout::Legacy;
        assert_eq!(of(&mirror, "p/q/a.py", Optimize::None), Path::new("out/q/a.pyc"));
    }
}
