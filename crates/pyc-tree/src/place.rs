//! Where a source's `.pyc` goes.
//!
//! `pkg/a.py` at level 2 for 3.13 goes to `pkg/__pycache__/a.cpython-313.opt-2.pyc`.

use std::ffi::OsString;
use std::path::{Component, Path, PathBuf};

use pyc_code::Minor;
use pyc_compiler::Optimize;

use crate::compiler::Place;

impl Place {
    /// The file for `source`'s code (PEP 3147, PEP 488; `_bootstrap_external.py: cache_from_source`, 3.13).
    pub(crate) fn of(&self, source: &Path, minor: Minor, level: Optimize) -> PathBuf {
        match self {
            Self::Legacy => {
                let mut name = source.as_os_str().to_owned();
                name.push("c");
                name.into()
            }
            Self::Cache => {
                let parent = source.parent().unwrap_or(Path::new(""));
                parent.join("__pycache__").join(tagged(source, minor, level))
            }
            Self::Below(prefix) => {
                let parent = source.parent().unwrap_or(Path::new("")).join(".");
                let parent = std::path::absolute(&parent).unwrap_or(parent);
                let mut place = prefix.clone();
                place.extend(
                    parent.components().filter(|part| matches!(part, Component::Normal(_))),
                );
                place.push(tagged(source, minor, level));
                place
            }
        }
    }
}

fn tagged(source: &Path, minor: Minor, level: Optimize) -> OsString {
    let mut file: OsString = match source.file_name() {
        // Its stem would be the whole of it.
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
        for (source, level, expected) in [
            ("a.py", Optimize::None, "__pycache__/a.cpython-313.pyc"),
            ("p/a.b.py", Optimize::NoAsserts, "p/__pycache__/a.b.cpython-313.opt-1.pyc"),
            ("/p/.py", Optimize::NoDocstrings, "/p/__pycache__/py.cpython-313.opt-2.pyc"),
        ] {
            assert_eq!(Place::Cache.of(Path::new(source), minor, level), Path::new(expected));
        }
        let below = Place::Below("/cache".into());
        let file = below.of(Path::new("/p/./a.py"), minor, Optimize::None);
        assert_eq!(file, Path::new("/cache/p/a.cpython-313.pyc"));
        let beside = Place::Legacy.of(Path::new("p/a.py"), minor, Optimize::None);
        assert_eq!(beside, Path::new("p/a.pyc"));
    }
}
