//! Where a source's `.pyc` goes, and which name its code has.
//!
//! `pkg/a.py` at level 2 for 3.13 goes to `pkg/__pycache__/a.cpython-313.opt-2.pyc`.
//!
//! Names are bytes, as they are to the system: two that aren't UTF-8 stay two.

use std::ffi::{OsStr, OsString};
use std::fmt::Write as _;
use std::path::{Component, Path, PathBuf};

use pyc_code::{Minor, Text};
use pyc_compiler::Optimize;

use super::arguments::Renaming;

/// The file for `source`'s code (PEP 3147, PEP 488), below `prefix` if there is one
/// (`_bootstrap_external.py: cache_from_source`, 3.13).
pub(super) fn cached(
    source: &Path,
    minor: Minor,
    level: Optimize,
    prefix: Option<&Path>,
) -> PathBuf {
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
    let parent = source.parent().unwrap_or(Path::new(""));
    let Some(prefix) = prefix else { return parent.join("__pycache__").join(file) };
    let parent = std::path::absolute(parent.join(".")).unwrap_or_else(|_| parent.to_owned());
    let below = parent.components().filter(|part| matches!(part, Component::Normal(_)));
    let mut place = prefix.to_owned();
    place.extend(below);
    place.push(file);
    place
}

/// The file beside `source`, as Python 2 had it.
pub(super) fn beside(source: &Path) -> PathBuf {
    let mut name = source.as_os_str().to_owned();
    name.push("c");
    name.into()
}

/// The name in the code, and what to say if `-s` doesn't fit (`compileall.py: compile_file`, 3.13).
pub(super) fn in_code(source: &[u8], renaming: &Renaming) -> (Vec<u8>, Option<String>) {
    let Renaming { directory, strip, prepend } = renaming;
    let parts = |path: &[u8]| -> Vec<Vec<u8>> {
        path.split(|&byte| byte == b'/').map(<[u8]>::to_vec).collect()
    };
    let mut complaint = None;
    let mut name = None;
    if let Some(directory) = directory {
        let own = parts(source).pop().unwrap_or_default();
        name = Some(join(directory.as_encoded_bytes(), &own));
    }
    if let Some(strip) = strip {
        let strip = strip.as_encoded_bytes();
        match parts(source).strip_prefix(&parts(strip)[..]) {
            Some(rest) => {
                name = Some(rest.iter().fold(Vec::new(), |all, part| join(&all, part)));
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
        name = Some(join(prepend.as_encoded_bytes(), name.as_deref().unwrap_or(source)));
    }
    (name.unwrap_or_else(|| source.to_owned()), complaint)
}

/// `os.path.join`
fn join(left: &[u8], right: &[u8]) -> Vec<u8> {
    if right.starts_with(b"/") || left.is_empty() {
        right.to_owned()
    } else if left.ends_with(b"/") {
        [left, right].concat()
    } else {
        [left, b"/", right].concat()
    }
}

/// `os.fsdecode` where the file system's encoding is UTF-8: other bytes are lone surrogates (PEP 383).
pub(super) fn decoded(name: &[u8]) -> Text<'_> {
    if let Ok(name) = std::str::from_utf8(name) {
        return name.into();
    }
    let points = name.utf8_chunks().flat_map(|chunk| {
        let escaped = chunk.invalid().iter().map(|&byte| 0xDC00 + u32::from(byte));
        chunk.valid().chars().map(u32::from).chain(escaped)
    });
    Text::from_code_points(points)
        .unwrap_or_else(|| String::from_utf8_lossy(name).as_ref().to_owned().into())
}

/// A name as Python prints it with `backslashreplace`: `a\udcff.py` for `a\xff.py`.
pub(super) fn shown(name: impl AsRef<OsStr>) -> String {
    shown_bytes(name.as_ref().as_encoded_bytes())
}

/// [`shown`] of bytes.
pub(super) fn shown_bytes(name: &[u8]) -> String {
    let mut text = String::with_capacity(name.len());
    for chunk in name.utf8_chunks() {
        text.push_str(chunk.valid());
        for byte in chunk.invalid() {
            // Writing to a string doesn't fail.
            let _ = write!(text, "\\udc{byte:02x}");
        }
    }
    text
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
            assert_eq!(cached(Path::new(source), minor, level, None), Path::new(expected));
        }
        let prefix = Some(Path::new("/cache"));
        let file = cached(Path::new("/p/./a.py"), minor, Optimize::None, prefix);
        assert_eq!(file, Path::new("/cache/p/a.cpython-313.pyc"));
        assert_eq!(beside(Path::new("p/a.py")), Path::new("p/a.pyc"));
    }

    #[test]
    fn names_in_code_are_those_of_compileall() {
        let renaming = |directory: &str, strip: &str, prepend: &str| {
            let given = |text: &str| (!text.is_empty()).then(|| OsString::from(text));
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
            let (name, complaint) = in_code(b"/b/lib/a.py", &renaming(directory, strip, prepend));
            assert_eq!(name, expected.as_bytes());
            assert_eq!(complaint.is_some(), strip == "/other");
        }
    }

    #[test]
    fn names_that_are_not_text_stay_what_they_are() {
        let points: Vec<u32> = decoded(b"\xc3\xa4\xff").code_points().collect();
        assert_eq!(points, [0xE4, 0xDCFF]);
        assert_eq!(shown_bytes(b"a\xff.py"), "a\\udcff.py");
    }
}
