//! Makes a program a single file, as a whole or step by step.
//!
//! `Bundle::new("app").source("python").one_file().compile()`

use super::{Bundle, Files};
use crate::SystemLibraries;
use crate::link::Libpython;
use crate::settings::Storage;

impl Bundle {
    /// Links all of libpython into the program, which then needs no Python on the machine that it
    /// runs on, apart from extension modules. Linux only.
    ///
    /// `libpython3.13.a` belongs to the interpreter that PyO3 resolved and is beside its
    /// `Makefile`: pyenv and `make install` install it, Debian has it in `libpython3-dev`. The
    /// libraries that it needs (`z` and `expat` for Debian's) are linked in as well, if their
    /// archives are installed. Extension modules find libpython's symbols in the program.
    ///
    /// The build script must be that of the package with the binaries. Outside a build script it
    /// does nothing.
    ///
    /// # Errors
    ///
    /// The build reports an archive that isn't installed, with the package or option that provides
    /// it, an archive for another machine, and targets other than Linux with a shared C library.
    ///
    /// ```
    /// # use include_py_build::Bundle;
    /// let bundle = Bundle::new("app").source("python").stdlib().static_python();
    /// ```
    pub fn static_python(mut self) -> Self {
        self.settings.libpython = Libpython::Inside;
        self
    }

    /// Bundles the libraries of this system that machine code in the bundle needs, such as
    /// OpenSSL's for `_ssl` and `libstdc++` for packages, except those that [`SystemLibraries`]
    /// leaves to the target.
    ///
    /// They are found as the dynamic loader finds them: by run paths, then in `/etc/ld.so.cache`
    /// and the usual directories. [`Output::system_libraries`](crate::Output::system_libraries)
    /// lists them with sizes and licences.
    ///
    /// ```
    /// # use include_py_build::{Bundle, Stdlib};
    /// let stdlib = Stdlib::new().extension_modules();
    /// let bundle = Bundle::new("app").source("python").stdlib_with(stdlib).system_libraries();
    /// ```
    pub fn system_libraries(self) -> Self {
        self.system_libraries_with(SystemLibraries::new())
    }

    /// Bundles libraries of this system, with a different selection than
    /// [`system_libraries`](Self::system_libraries).
    ///
    /// ```
    /// # use include_py_build::{Bundle, SystemLibraries};
    /// let libraries = SystemLibraries::new().with("libreadline");
    /// let bundle = Bundle::new("app").source("python").one_file().system_libraries_with(libraries);
    /// ```
    pub fn system_libraries_with(mut self, libraries: SystemLibraries) -> Self {
        self.settings.system = libraries;
        self
    }

    /// Stores machine code compressed: extension modules and libraries, of packages and of the
    /// system. The program is smaller, but takes longer to load each module in machine code, since
    /// it is decompressed completely first.
    ///
    /// ```
    /// # use include_py_build::Bundle;
    /// let bundle = Bundle::new("app").source("python").one_file().compress_machine_code();
    /// ```
    pub fn compress_machine_code(mut self) -> Self {
        self.settings.machine_code = Storage::Compressed;
        self
    }

    /// Makes the program one file that needs only the C library on its machine. It bundles the
    /// standard library ([`stdlib`](Self::stdlib)) with its extension modules
    /// ([`Stdlib::extension_modules`](crate::Stdlib::extension_modules)), libpython
    /// ([`static_python`](Self::static_python)), and the libraries that all of it and the packages
    /// need ([`system_libraries`](Self::system_libraries)). Explicit calls of these methods, before
    /// or after, take precedence.
    ///
    /// # Errors
    ///
    /// As for these methods.
    ///
    /// ```no_run
    /// // in build.rs
    /// include_py_build::Bundle::new("app").source("python").site_packages("vendor").one_file().compile();
    /// ```
    pub fn one_file(mut self) -> Self {
        self.files = Files::One;
        self
    }

    /// The same bundle, with the calls that [`one_file`](Self::one_file) implies.
    pub(super) fn parts_of_one_file(&self) -> Self {
        let stdlib = self.settings.stdlib.clone().unwrap_or_default().extension_modules();
        let mut parts = self.clone().stdlib_with(stdlib).static_python();
        if !parts.settings.system.are_bundled() {
            parts = parts.system_libraries();
        }
        parts.files = Files::AsSaid;
        parts
    }
}
