//! `Bundle::new("app").extension("app._fast", ["src/fast.c"])`

use std::path::PathBuf;

use super::Extension;
use crate::Bundle;

impl Bundle {
    /// Compiles an extension module in C or C++, Cython's output included, and links it into the
    /// binary, by its dotted name and its sources.
    ///
    /// It is imported as a built-in module, which needs no file and no code in the program.
    /// [`Extension`] has include directories, macros and libraries.
    ///
    /// # Errors
    ///
    /// The build reports a name that can't be imported or that a Python module also has, sources
    /// that don't exist or don't compile, and an installation of Python without headers.
    ///
    /// ```
    /// # use include_py_build::Bundle;
    /// let bundle = Bundle::new("app").source("python").extension("app._fast", ["src/fast.c"]);
    /// ```
    pub fn extension<S>(self, name: impl Into<String>, sources: S) -> Self
    where
        S: IntoIterator,
        S::Item: Into<PathBuf>,
    {
        self.extension_with(Extension::new(name, sources))
    }

    /// Compiles an extension module as [`extension`](Self::extension) does, with further options.
    ///
    /// # Errors
    ///
    /// As for [`extension`](Self::extension).
    ///
    /// ```
    /// # use include_py_build::{Bundle, Extension};
    /// let fast = Extension::new("app._fast", ["src/fast.c"]).include_dir("include");
    /// let bundle = Bundle::new("app").source("python").extension_with(fast);
    /// ```
    pub fn extension_with(mut self, extension: Extension) -> Self {
        self.settings.extensions.push(extension);
        self
    }
}
