//! Selects the part of the standard library to bundle.
//!
//! `Stdlib::new().without("tkinter").with("ensurepip")` is all but the tests, IDLE and tkinter.

#[cfg(feature = "archives")]
mod archive;

use std::path::{Path, PathBuf};

use crate::Options;
use crate::error::{ErrorKind, Problem};
use crate::record::Trust;

/// The modules and packages of the standard library that [`Stdlib::new`] leaves out: tests, and
/// programs that come with Python but aren't libraries.
///
/// ```
/// assert!(include_py_build::STDLIB_EXCLUDES.contains(&"test"));
/// ```
pub const STDLIB_EXCLUDES: &[&str] = &[
    "ctypes.test",
    "distutils.tests",
    "ensurepip",
    "idlelib",
    "lib2to3.tests",
    "sqlite3.test",
    "test",
    "_tkinter",
    "tkinter.test",
    "turtledemo",
    "unittest.test",
];

/// Extension modules for CPython's own tests, which are left out together with the package `test`.
/// So are those named `_test…`.
const TEST_EXTENSIONS: &[&str] =
    &["_ctypes_test", "_xxtestfuzz", "xxlimited", "xxlimited_35", "xxsubtype"];

/// Entries of the standard library's directory that aren't part of it.
const NOT_OURS: &[&str] = &["__pycache__", "dist-packages", "lib-dynload", "site-packages"];

/// The part of the standard library to bundle: by default all except [`STDLIB_EXCLUDES`].
///
/// ```
/// use include_py_build::{Bundle, Stdlib};
///
/// let stdlib = Stdlib::new().without("tkinter").without("turtle").with("ensurepip");
/// let bundle = Bundle::new("app").source("python").stdlib_with(stdlib);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stdlib {
    excludes: Vec<String>,
    /// Names given to [`with`](Self::with) that weren't left out.
    pointless: Vec<String>,
    options: Options,
    extensions: Extensions,
    origin: Origin,
}

/// Where the standard library's files come from.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Origin {
    /// From the installation of the target's interpreter.
    Interpreter,
    Dir(PathBuf),
    #[cfg(feature = "archives")]
    Archive(PathBuf),
}

/// Where the standard library's extension modules are at run time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Extensions {
    /// In the installation for which the program was built.
    Installed,
    Bundled,
}

impl Stdlib {
    /// The standard library without [`STDLIB_EXCLUDES`].
    ///
    /// ```
    /// assert_eq!(include_py_build::Stdlib::new(), include_py_build::Stdlib::default());
    /// ```
    #[must_use]
    pub fn new() -> Self {
        let excludes = STDLIB_EXCLUDES.iter().map(|&name| name.to_owned()).collect();
        let extensions = Extensions::Installed;
        let (pointless, options) = (Vec::new(), Options::new());
        Self { excludes, pointless, options, extensions, origin: Origin::Interpreter }
    }

    /// The standard library in this directory, instead of that of the target's interpreter, without
    /// [`STDLIB_EXCLUDES`]. The directory is `lib/python3.13` of an unpacked installation, or `Lib`
    /// of CPython's sources. Then the machine that builds the program needs no Python.
    ///
    /// # Errors
    ///
    /// The build reports a directory without `os.py`, and one whose name has another version than
    /// the target.
    ///
    /// ```
    /// # use include_py_build::{Bundle, Stdlib};
    /// let library = Stdlib::from_dir("vendor/python/lib/python3.13");
    /// let bundle = Bundle::new("app").source("python").stdlib_with(library);
    /// ```
    #[must_use]
    pub fn from_dir(dir: impl Into<PathBuf>) -> Self {
        Self { origin: Origin::Dir(dir.into()), ..Self::new() }
    }

    /// The standard library in this `.tar` or `.tar.gz` archive of an installation or of CPython's
    /// sources, as by [`from_dir`](Self::from_dir). The build unpacks it in `OUT_DIR`, once.
    ///
    /// It needs the feature `archives`.
    ///
    /// # Errors
    ///
    /// The build reports an archive that can't be read, and one without a standard library.
    ///
    /// ```
    /// # use include_py_build::{Bundle, Stdlib};
    /// let library = Stdlib::from_archive("vendor/Python-3.13.0.tgz");
    /// let bundle = Bundle::new("app").source("python").stdlib_with(library);
    /// ```
    #[cfg(feature = "archives")]
    #[must_use]
    pub fn from_archive(archive: impl Into<PathBuf>) -> Self {
        Self { origin: Origin::Archive(archive.into()), ..Self::new() }
    }

    /// Leaves out a module, or a package with everything in it, by its dotted name. A name that
    /// this version of Python doesn't have isn't an error.
    ///
    /// ```
    /// # use include_py_build::Stdlib;
    /// let small = Stdlib::new().without("tkinter").without("xml.sax");
    /// ```
    #[must_use]
    pub fn without(mut self, module: impl Into<String>) -> Self {
        self.excludes.push(module.into());
        self
    }

    /// Bundles what [`STDLIB_EXCLUDES`] or [`without`](Self::without) leaves out, by its dotted
    /// name and with everything in it.
    ///
    /// Some files of CPython's test suite are intentionally invalid Python. They are bundled as
    /// files.
    ///
    /// # Errors
    ///
    /// The build reports a name that isn't itself left out, for instance `test.support`, since all
    /// of `test` is.
    ///
    /// ```
    /// # use include_py_build::Stdlib;
    /// assert_eq!(Stdlib::new().without("this").with("this"), Stdlib::new());
    /// ```
    #[must_use]
    pub fn with(mut self, module: impl Into<String>) -> Self {
        let module = module.into();
        let before = self.excludes.len();
        self.excludes.retain(|name| !is_in(name, &module));
        if self.excludes.len() == before {
            self.pointless.push(module);
        }
        self
    }

    /// Also bundles the library's extension modules, such as `_ssl` and `_ctypes`, which otherwise
    /// load from the installation for which the program was built. [`without`](Self::without)
    /// leaves them out by name. `_tkinter` is left out by default, since Tcl and Tk need script
    /// files of their own. Those for CPython's tests are left out together with `test`.
    ///
    /// The system libraries that they need are only bundled with
    /// [`Bundle::system_libraries`](crate::Bundle::system_libraries).
    ///
    /// ```
    /// # use include_py_build::Stdlib;
    /// let stdlib = Stdlib::new().extension_modules().without("_dbm");
    /// ```
    #[must_use]
    pub fn extension_modules(mut self) -> Self {
        self.extensions = Extensions::Bundled;
        self
    }

    /// Sets the options of the library's modules, unless
    /// [`Bundle::options_for`](crate::Bundle::options_for) sets others.
    ///
    /// ```
    /// # use include_py_build::{Options, Stdlib};
    /// let stdlib = Stdlib::new().options(Options::new().without_docstrings().without_source());
    /// ```
    #[must_use]
    pub fn options(mut self, options: Options) -> Self {
        self.options = options.within(self.options);
        self
    }

    /// The directory that is given, if the library isn't in an archive.
    pub(crate) fn dir(&self) -> Option<&Path> {
        let Origin::Dir(dir) = &self.origin else { return None };
        Some(dir)
    }

    /// The archive that is given.
    pub(crate) fn archive(&self) -> Option<&Path> {
        match &self.origin {
            #[cfg(feature = "archives")]
            Origin::Archive(archive) => Some(archive),
            _ => None,
        }
    }

    /// Whether it is independent of the target's interpreter.
    pub(crate) fn is_given(&self) -> bool {
        self.origin != Origin::Interpreter
    }

    /// The library with its files in a directory: those of an archive are unpacked to `to`.
    #[cfg_attr(
        not(feature = "archives"),
        expect(unused_variables, clippy::unnecessary_wraps, reason = "for archives only")
    )]
    pub(crate) fn unpacked(self, to: &Path, trust: Trust) -> Result<Self, Problem> {
        match &self.origin {
            #[cfg(feature = "archives")]
            Origin::Archive(archive) => {
                let dir = archive::unpack(archive, to, trust)?;
                Ok(Self { origin: Origin::Dir(dir), ..self })
            }
            _ => Ok(self),
        }
    }

    pub(crate) fn bundles_extensions(&self) -> bool {
        self.extensions == Extensions::Bundled
    }

    /// Whether the extension module in this file is left out.
    pub(crate) fn leaves_out_extension(&self, file: &str) -> bool {
        let module = file.split('.').next().unwrap_or_default();
        let for_tests = module.starts_with("_test") || TEST_EXTENSIONS.contains(&module);
        self.excludes(module) || (for_tests && self.excludes("test"))
    }

    /// A module that users may expect but that isn't bundled, and the reason.
    pub(crate) fn left_out(&self) -> Option<(&'static str, &'static str)> {
        const WHY: &str = "Tcl and Tk need script files that no bundle holds: \
            `Stdlib::with(\"_tkinter\")` bundles it for systems that have them";
        (self.bundles_extensions() && self.excludes("_tkinter")).then_some(("_tkinter", WHY))
    }

    fn excludes(&self, module: &str) -> bool {
        self.excludes.iter().any(|exclude| exclude == module)
    }

    pub(crate) fn own_options(&self) -> Options {
        self.options
    }

    /// Whether a file or directory is left out; `path` is relative to the library's directory.
    pub(crate) fn leaves_out(&self, path: &str) -> bool {
        if NOT_OURS.iter().any(|name| path == *name || path.ends_with(&format!("/{name}"))) {
            return true;
        }
        if crate::find::MACHINE.contains(&path) {
            return true;
        }
        let name = path.strip_suffix(".py").unwrap_or(path).replace('/', ".");
        self.excludes.contains(&name)
    }

    /// Warnings about names given to [`without`](Self::without) that the library's directory
    /// doesn't have.
    pub(crate) fn absent(&self, dir: &Path) -> impl Iterator<Item = String> {
        let installed = match self.extensions {
            Extensions::Installed => Vec::new(),
            Extensions::Bundled => crate::fs::names(&dir.join("lib-dynload")),
        };
        let names = self.excludes.iter().filter(|name| !STDLIB_EXCLUDES.contains(&name.as_str()));
        names.filter_map(move |name| {
            let path = dir.join(name.replace('.', "/"));
            let extension = |file: &String| file.split('.').next() == Some(name);
            let there = path.is_dir()
                || path.with_extension("py").is_file()
                || installed.iter().any(extension);
            (!there).then(|| {
                format!(
                    "`Stdlib::without(\"{name}\")` leaves nothing out: `{}` has no module of that name; \
                     correct or remove it",
                    dir.display()
                )
            })
        })
    }

    pub(crate) fn check(&self, problems: &mut Vec<Problem>) {
        for name in &self.pointless {
            let around = self.excludes.iter().find(|exclude| is_in(name, exclude));
            let why = around.map_or_else(
                || "nothing of that name is left out".to_owned(),
                |around| format!("all of `{around}` is left out"),
            );
            problems.push(
                Problem::new(
                    ErrorKind::Option,
                    format!("`Stdlib::with(\"{name}\")` has no effect: {why}"),
                )
                .help(around.map_or_else(
                    || "remove it; what is left out by default is in `STDLIB_EXCLUDES`".to_owned(),
                    |around| format!("give `\"{around}\"` instead"),
                )),
            );
        }
    }
}

impl Default for Stdlib {
    fn default() -> Self {
        Self::new()
    }
}

/// The problem if the given directory isn't the standard library of this version.
pub(crate) fn unfit(dir: &Path, (major, minor): (u8, u8)) -> Option<Problem> {
    let shown = dir.display();
    let problem = |text| Some(Problem::new(ErrorKind::Option, text));
    if !dir.join("os.py").is_file() {
        let text = format!("`{shown}` isn't a standard library: there is no `os.py` in it");
        return problem(text).map(|problem| {
            problem.help(
                "give `Stdlib::from_dir` the directory that `os.py` is in: `lib/python3.13`, `Lib`",
            )
        });
    }
    let name = dir.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let other = name.strip_prefix("python").filter(|version| version.contains('.'));
    other.filter(|version| *version != format!("{major}.{minor}"))?;
    problem(format!("`{shown}` is the library of another version than the target, {major}.{minor}"))
        .map(|problem| problem.help("give `Stdlib::from_dir` the library of the target's version"))
}

/// Whether the module is `package` or in it.
fn is_in(module: &str, package: &str) -> bool {
    module.strip_prefix(package).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tests_and_files_outside_the_library_are_omitted() {
        let stdlib = Stdlib::new().without("this").without("xml.sax");
        for path in ["test", "ctypes/test", "this.py", "xml/sax", "site-packages", "a/__pycache__"]
        {
            assert!(stdlib.leaves_out(path), "{path}");
        }
        for path in ["unittest", "xml", "xml/dom", "doctest.py", "xml/sax.txt"] {
            assert!(!stdlib.leaves_out(path), "{path}");
        }
    }

    #[test]
    fn extension_modules_are_left_out_by_name_and_those_for_tests_with_test() {
        let stdlib = Stdlib::new().extension_modules().without("_dbm");
        for file in ["_tkinter.cpython-313-x.so", "_dbm.so", "_testcapi.so", "xxlimited_35.abi3.so"]
        {
            assert!(stdlib.leaves_out_extension(file), "{file}");
        }
        assert!(!stdlib.leaves_out_extension("_ssl.cpython-313-x.so"));
        assert_eq!(stdlib.left_out().map(|(name, _)| name), Some("_tkinter"));
        let stdlib = stdlib.with("test").with("_tkinter");
        assert!(!stdlib.leaves_out_extension("_testcapi.so") && stdlib.left_out().is_none());
        assert_eq!(Stdlib::new().left_out(), None, "it may be where Python is installed");
    }

    #[test]
    fn with_also_restores_the_contents_of_a_package() {
        let stdlib = Stdlib::new().with("tkinter");
        assert!(!stdlib.leaves_out("tkinter/test") && stdlib.leaves_out("test"));
    }

    #[test]
    fn with_must_have_an_effect() {
        let mut problems = Vec::new();
        Stdlib::new().with("test.support").with("json").with("test").check(&mut problems);
        let texts: Vec<_> = problems.iter().map(Problem::message).collect();
        // `test` was taken back after `test.support` was asked for.
        assert_eq!(
            texts,
            [
                "`Stdlib::with(\"test.support\")` has no effect: nothing of that name is left out\n  \
                 = help: remove it; what is left out by default is in `STDLIB_EXCLUDES`",
                "`Stdlib::with(\"json\")` has no effect: nothing of that name is left out\n  \
                 = help: remove it; what is left out by default is in `STDLIB_EXCLUDES`",
            ]
        );
        problems.clear();
        Stdlib::new().with("test.support").check(&mut problems);
        assert_eq!(
            problems[0].message(),
            "`Stdlib::with(\"test.support\")` has no effect: all of `test` is left out\n  \
             = help: give `\"test\"` instead"
        );
    }
}
