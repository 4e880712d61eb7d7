//! File names in code objects: the source's path, or one with a replaced directory or prefix.

use std::ffi::{OsStr, OsString};
use std::path::Path;

/// How a source's path becomes the file name in its code (`co_filename`). By default it is the path
/// itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Naming {
    directory: Option<OsString>,
    strip: Option<OsString>,
    prepend: Option<OsString>,
}

impl Naming {
    /// Replaces the compiled directory by `directory`, or prepends it to the name of a file that is
    /// compiled by itself (`compileall -d`).
    #[must_use]
    pub fn directory(mut self, directory: impl Into<OsString>) -> Self {
        self.directory = Some(directory.into());
        self
    }

    /// Strips `prefix` from the path (`compileall -s`).
    #[must_use]
    pub fn strip(mut self, prefix: impl Into<OsString>) -> Self {
        self.strip = Some(prefix.into());
        self
    }

    /// Prepends `prefix` to the path, after stripping (`compileall -p`).
    #[must_use]
    pub fn prepend(mut self, prefix: impl Into<OsString>) -> Self {
        self.prepend = Some(prefix.into());
        self
    }

    /// The naming below a directory, where `-d` replaces that directory (`compileall.py:
    /// compile_dir`, 3.13).
    pub(crate) fn below(&self, root: &Path) -> Self {
        let Some(directory) = &self.directory else { return self.clone() };
        Self { directory: None, strip: Some(root.into()), prepend: Some(directory.clone()) }
    }

    /// Whether both a directory and a prefix are set; they exclude each other.
    pub(crate) fn is_contradictory(&self) -> bool {
        self.directory.is_some() && (self.strip.is_some() || self.prepend.is_some())
    }

    /// The file name in the code. The second value is the prefix to strip, if it isn't a prefix of
    /// the path (`compileall.py: compile_file`, 3.13).
    pub(crate) fn name<'n>(&'n self, source: &[u8]) -> (Vec<u8>, Option<&'n OsStr>) {
        let Self { directory, strip, prepend } = self;
        let parts = |path: &[u8]| -> Vec<Vec<u8>> {
            path.split(|&byte| byte == b'/').map(<[u8]>::to_vec).collect()
        };
        let mut unstripped = None;
        let mut name = None;
        if let Some(directory) = directory {
            let own = parts(source).pop().unwrap_or_default();
            name = Some(join(directory.as_encoded_bytes(), &own));
        }
        if let Some(strip) = strip {
            match parts(source).strip_prefix(&parts(strip.as_encoded_bytes())[..]) {
                Some(rest) => {
                    name = Some(rest.iter().fold(Vec::new(), |all, part| join(&all, part)));
                }
                None => unstripped = Some(strip.as_os_str()),
            }
        }
        if let Some(prepend) = prepend {
            name = Some(join(prepend.as_encoded_bytes(), name.as_deref().unwrap_or(source)));
        }
        (name.unwrap_or_else(|| source.to_owned()), unstripped)
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_code_are_those_of_compileall() {
        for (directory, strip, prepend, expected) in [
            ("", "", "", "/b/lib/a.py"),
            ("/usr", "", "", "/usr/a.py"),
            ("", "/b", "", "lib/a.py"),
            ("", "/b", "/usr", "/usr/lib/a.py"),
            ("", "", "/usr", "/b/lib/a.py"),
            ("", "/other", "/usr", "/b/lib/a.py"),
        ] {
            let given = |text: &str| (!text.is_empty()).then(|| OsString::from(text));
            let naming = Naming {
                directory: given(directory),
                strip: given(strip),
                prepend: given(prepend),
            };
            let (name, unstripped) = naming.name(b"/b/lib/a.py");
            assert_eq!(name, expected.as_bytes());
            assert_eq!(unstripped.is_some(), strip == "/other");
        }
    }

    #[test]
    fn a_directory_stands_for_the_one_that_is_compiled() {
        let naming = Naming::default().directory("/usr/lib").below(Path::new("build/lib"));
        assert_eq!(naming.name(b"build/lib/p/a.py").0, b"/usr/lib/p/a.py");
    }
}
