//! Where a source's `.pyc` goes, and which name its code has.
//!
//! `pkg/a.py` at level 2 for 3.13 goes to `pkg/__pycache__/a.cpython-313.opt-2.pyc`.

use std::path::{Path, PathBuf};

use pyc_code::Minor;
use pyc_compiler::Optimize;

use super::arguments::Renaming;

/// The file for `source`'s code (PEP 3147, PEP 488).
pub(super) fn cached(source: &Path, minor: Minor, level: Optimize) -> PathBuf {
    let name = source.file_name().unwrap_or_default().to_string_lossy();
    let stem = match name.rsplit_once('.') {
        Some((stem, _)) if !stem.is_empty() => stem,
        Some((_, rest)) => rest,
        None => &name,
    };
    let level = match level {
        Optimize::None => "",
        Optimize::NoAsserts => ".opt-1",
        Optimize::NoDocstrings => ".opt-2",
    };
    let file = format!("{stem}.{}{level}.pyc", minor.cache_tag());
    source.parent().unwrap_or(Path::new("")).join("__pycache__").join(file)
}

/// The file beside `source`, as Python 2 had it.
pub(super) fn beside(source: &Path) -> PathBuf {
    let mut name = source.as_os_str().to_owned();
    name.push("c");
    name.into()
}

/// The name in the code, and what to say if `-s` doesn't fit (`compileall.py: compile_file`, 3.13).
pub(super) fn in_code(source: &str, renaming: &Renaming) -> (String, Option<String>) {
    let Renaming { directory, strip, prepend } = renaming;
    let mut complaint = None;
    let mut name = None;
    if let Some(directory) = directory {
        name = Some(join(directory, source.rsplit('/').next().unwrap_or(source)));
    }
    if let Some(strip) = strip {
        let (parts, wanted): (Vec<_>, Vec<_>) =
            (source.split('/').collect(), strip.split('/').collect());
        match parts.strip_prefix(&wanted[..]) {
            Some(rest) => {
                name = Some(rest.iter().fold(String::new(), |all, part| join(&all, part)));
            }
            None => {
                complaint = Some(format!(
                    "The stripdir path {} is not a valid prefix for source path {}; ignoring",
                    super::report::quoted(strip),
                    super::report::quoted(source)
                ));
            }
        }
    }
    if let Some(prepend) = prepend {
        name = Some(join(prepend, name.as_deref().unwrap_or(source)));
    }
    (name.unwrap_or_else(|| source.to_owned()), complaint)
}

/// `os.path.join`
fn join(left: &str, right: &str) -> String {
    if right.starts_with('/') || left.is_empty() {
        right.to_owned()
    } else if left.ends_with('/') {
        format!("{left}{right}")
    } else {
        format!("{left}/{right}")
    }
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
            assert_eq!(cached(Path::new(source), minor, level), Path::new(expected));
        }
        assert_eq!(beside(Path::new("p/a.py")), Path::new("p/a.pyc"));
    }

    #[test]
    fn names_in_code_are_those_of_compileall() {
        let renaming = |directory: &str, strip: &str, prepend: &str| {
            let given = |text: &str| (!text.is_empty()).then(|| text.to_owned());
            Renaming { directory: given(directory), strip: given(strip), prepend: given(prepend) }
        };
        for (directory, strip, prepend, expected) in [
            ("", "", "", "/b/lib/a.py"),
            ("/usr", "", "", "/usr/a.py"),
            ("", "/b", "", "lib/a.py"),
            ("", "/b", "/usr", "/usr/lib/a.py"),
            ("", "", "/usr", "/b/lib/a.py"),
            ("", "/other", "/usr", "/b/lib/a.py"),
        ] {
            let (name, complaint) = in_code("/b/lib/a.py", &renaming(directory, strip, prepend));
            assert_eq!(name, expected);
            assert_eq!(complaint.is_some(), strip == "/other");
        }
    }
}
