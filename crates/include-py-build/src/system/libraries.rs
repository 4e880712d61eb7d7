//! Selects the system libraries to bundle, and describes them.
//!
//! `SystemLibraries::new().without("libssl.so.3").with("libreadline")`

use std::path::{Path, PathBuf};

use super::known::{self, Custody};

/// Selects the system libraries to bundle among those that machine code needs.
///
/// By default all are bundled, except those that only the target can provide, and those whose
/// licences have conditions for distributors beyond being named:
///
/// | left to the target | reason |
/// |---|---|
/// | glibc's (`libc.so.6`, `libm.so.6`, `ld-linux-x86-64.so.2` …) | they work only with each other's versions |
/// | `libgcc_s.so.1` | the program itself needs it, as every Rust program does |
/// | `libreadline`, `libgdbm`, `libdb` | the GPL or AGPL, unless [`with`](Self::with) takes them |
///
/// ```
/// use include_py_build::{Bundle, SystemLibraries};
///
/// let libraries = SystemLibraries::new().without("libssl").without("libcrypto");
/// let bundle = Bundle::new("app").source("python").system_libraries_with(libraries);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SystemLibraries {
    bundled: Bundled,
    with: Vec<String>,
    without: Vec<String>,
    also: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Bundled {
    None,
    Needed,
}

impl SystemLibraries {
    /// The default selection: the libraries of the table above are left to the target, all others
    /// are bundled.
    ///
    /// ```
    /// let libraries = include_py_build::SystemLibraries::new();
    /// ```
    #[must_use]
    #[expect(clippy::new_without_default, reason = "no libraries would be as good a default")]
    pub fn new() -> Self {
        Self { bundled: Bundled::Needed, with: Vec::new(), without: Vec::new(), also: Vec::new() }
    }

    /// Bundles no library.
    pub(crate) fn none() -> Self {
        Self { bundled: Bundled::None, ..Self::new() }
    }

    /// Bundles a library that would be left to the target because of its licence:
    /// `libreadline.so.8`, or `libreadline` for any version. It has no effect on glibc's.
    ///
    /// ```
    /// # use include_py_build::SystemLibraries;
    /// let libraries = SystemLibraries::new().with("libreadline");
    /// ```
    #[must_use]
    pub fn with(mut self, name: impl Into<String>) -> Self {
        self.with.push(name.into());
        self
    }

    /// Leaves a library to the target: `libssl.so.3`, or `libssl` for any version.
    ///
    /// ```
    /// # use include_py_build::SystemLibraries;
    /// let libraries = SystemLibraries::new().without("libssl").without("libcrypto");
    /// ```
    #[must_use]
    pub fn without(mut self, name: impl Into<String>) -> Self {
        self.without.push(name.into());
        self
    }

    /// Bundles a library that code opens by its name, and the libraries that it needs:
    /// `libmagic.so.1`, or `libmagic` for the version that is installed. Nothing in the bundle is
    /// linked with it, so the build can't know about it.
    ///
    /// ```
    /// # use include_py_build::SystemLibraries;
    /// let libraries = SystemLibraries::new().also("libmagic").also("libpango-1.0.so.0");
    /// ```
    ///
    /// `ctypes.util.find_library`, `ctypes.CDLL("libmagic.so.1")` and cffi's `FFI.dlopen` find it
    /// in the bundle. Files that the library opens, such as libmagic's database, remain the
    /// target's.
    #[must_use]
    pub fn also(mut self, name: impl Into<String>) -> Self {
        self.also.push(name.into());
        self
    }

    /// The libraries that code opens by their names.
    pub(crate) fn opened(&self) -> &[String] {
        &self.also
    }

    pub(crate) fn are_bundled(&self) -> bool {
        self.bundled == Bundled::Needed
    }

    /// Whether the library is bundled.
    pub(crate) fn bundles(&self, name: &str) -> bool {
        if self.without.iter().any(|given| is(given, name)) {
            return false;
        }
        match known::custody(name) {
            Custody::Target => false,
            Custody::TargetByLicence => {
                self.with.iter().chain(&self.also).any(|given| is(given, name))
            }
            Custody::Bundle => true,
        }
    }

    /// Warnings about names that nothing needs.
    pub(crate) fn unused(&self, needed: &[&str]) -> Vec<String> {
        let given = [("with", &self.with), ("without", &self.without)];
        let given =
            given.into_iter().flat_map(|(how, names)| names.iter().map(move |one| (how, one)));
        let unused = given.filter(|(_, given)| !needed.iter().any(|name| is(given, name)));
        unused
            .map(|(how, name)| {
                format!(
                    "`SystemLibraries::{how}(\"{name}\")` has no effect: nothing in the bundle needs that \
                     library; correct or remove it"
                )
            })
            .collect()
    }
}

/// Whether the given name means this library.
fn is(given: &str, name: &str) -> bool {
    given == name || given == known::stem(name)
}

/// A system library that something in the bundle needs.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SystemLibrary {
    name: String,
    /// The file and its size, if the library is bundled.
    bundled: Option<(PathBuf, usize)>,
}

impl SystemLibrary {
    pub(crate) fn bundled(name: &str, path: &Path, size: usize) -> Self {
        Self { name: name.to_owned(), bundled: Some((path.to_owned(), size)) }
    }

    pub(crate) fn left(name: &str) -> Self {
        Self { name: name.to_owned(), bundled: None }
    }

    /// The name by which the loader knows it: `libssl.so.3`.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The file that is bundled; `None` if the target has to provide the library.
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        self.bundled.as_ref().map(|(path, _)| path.as_path())
    }

    /// Its size in bytes, if it is bundled.
    #[must_use]
    pub fn size(&self) -> Option<usize> {
        self.bundled.as_ref().map(|(_, size)| *size)
    }

    /// The SPDX identifier of its licence, if it is known.
    #[must_use]
    pub fn licence(&self) -> Option<&'static str> {
        known::licence(&self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_match_with_and_without_a_version() {
        let libraries = SystemLibraries::new().without("libssl").without("libcrypto.so.1.1");
        assert!(!libraries.bundles("libssl.so.3") && libraries.bundles("libcrypto.so.3"));
        assert!(!libraries.bundles("libc.so.6") && !libraries.bundles("libreadline.so.8"));
        let libraries = SystemLibraries::new().with("libreadline").with("libc");
        assert!(libraries.bundles("libreadline.so.8") && !libraries.bundles("libc.so.6"));
    }

    #[test]
    fn names_of_unneeded_libraries_are_reported() {
        let libraries = SystemLibraries::new().with("libreadline").without("libsll");
        assert_eq!(
            libraries.unused(&["libreadline.so.8", "libssl.so.3"]),
            [
                "`SystemLibraries::without(\"libsll\")` has no effect: nothing in the bundle needs that \
              library; correct or remove it"
            ]
        );
    }
}
