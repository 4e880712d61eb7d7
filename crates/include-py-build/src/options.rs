//! The options of a package's modules: source, docstrings, assertions, unpacking.
//!
//! | for `app.secret.keys` | precedence |
//! |---|---|
//! | `options_for("app.secret", …)` | first |
//! | `options_for("app", …)` | second |
//! | `Stdlib::options` | third, for the standard library |
//! | `options`, `optimize`, `include_source` | last, for every module |

use crate::backend::Level;
use crate::error::{ErrorKind, Problem};
use crate::find::{Library, Module, Role};

/// How modules are bundled. An option that isn't set is inherited from the enclosing package.
///
/// ```
/// use include_py_build::{Bundle, Options};
///
/// let bundle = Bundle::new("app")
///     .source("python")
///     .stdlib()
///     .options(Options::new().without_docstrings())
///     .options_for("app", Options::new().with_source())
///     .options_for("app.licence", Options::new().without_source());
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[must_use]
pub struct Options {
    source: Option<Part>,
    docstrings: Option<Part>,
    assertions: Option<Part>,
    import_from: Option<ImportFrom>,
}

/// Where modules are imported from, other than memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ImportFrom {
    Disk,
}

/// Whether a part of a module is bundled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Kept,
    LeftOut,
}

/// The resolved options of a module.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Settled {
    pub(crate) source: Part,
    pub(crate) level: Level,
}

impl Options {
    /// Options that set nothing.
    ///
    /// ```
    /// assert_eq!(include_py_build::Options::new(), include_py_build::Options::default());
    /// ```
    pub fn new() -> Self {
        Self::default()
    }

    /// Bundles the sources, compressed, for tracebacks and `inspect.getsource`.
    ///
    /// ```
    /// let options = include_py_build::Options::new().with_source();
    /// ```
    pub fn with_source(self) -> Self {
        Self { source: Some(Part::Kept), ..self }
    }

    /// Bundles only bytecode; the source's text isn't in the program.
    ///
    /// Names and string constants are part of the bytecode. Docstrings are string constants.
    ///
    /// ```
    /// let options = include_py_build::Options::new().without_source().without_docstrings();
    /// ```
    pub fn without_source(self) -> Self {
        Self { source: Some(Part::LeftOut), ..self }
    }

    /// Keeps docstrings.
    ///
    /// ```
    /// let options = include_py_build::Options::new().with_docstrings();
    /// ```
    pub fn with_docstrings(self) -> Self {
        Self { docstrings: Some(Part::Kept), ..self }
    }

    /// Removes docstrings, as `-OO` does; `__doc__` is `None`. Code that reads its own docstrings,
    /// such as some command-line parsers, needs them.
    ///
    /// ```
    /// let options = include_py_build::Options::new().without_docstrings();
    /// ```
    pub fn without_docstrings(self) -> Self {
        Self { docstrings: Some(Part::LeftOut), ..self }
    }

    /// Keeps `assert` statements; `__debug__` is true.
    ///
    /// ```
    /// let options = include_py_build::Options::new().with_assertions();
    /// ```
    pub fn with_assertions(self) -> Self {
        Self { assertions: Some(Part::Kept), ..self }
    }

    /// Leaves `assert` statements out, as `-O` does; `__debug__` is false.
    ///
    /// ```
    /// let options = include_py_build::Options::new().without_assertions();
    /// ```
    pub fn without_assertions(self) -> Self {
        Self { assertions: Some(Part::LeftOut), ..self }
    }

    /// Makes the program write a package's files to disk once, and import it from there. For
    /// packages that work only from real files, since C code or other programs open them.
    ///
    /// For a package or module that [`Bundle::options_for`](crate::Bundle::options_for) names, this
    /// includes everything in it, and the metadata of the distributions that installed it: sources
    /// if they are bundled, otherwise `.pyc` files, data, empty directories. They are written when
    /// the first of its modules is imported, into a directory of the user's cache that is named for
    /// their SHA-256. Later runs, and other programs with the same files, find them there. All
    /// other modules are still imported from memory.
    ///
    /// # Errors
    ///
    /// The build reports this option outside of `Bundle::options_for`.
    ///
    /// ```
    /// # use include_py_build::{Bundle, Options};
    /// let bundle = Bundle::new("app")
    ///     .source("python")
    ///     .site_packages("vendor")
    ///     .options_for("certifi", Options::new().unpacked());
    /// ```
    pub fn unpacked(self) -> Self {
        Self { import_from: Some(ImportFrom::Disk), ..self }
    }

    /// Combines these options with those of the enclosing package, `around`.
    pub(crate) fn within(self, around: Self) -> Self {
        Self {
            source: self.source.or(around.source),
            docstrings: self.docstrings.or(around.docstrings),
            assertions: self.assertions.or(around.assertions),
            import_from: self.import_from.or(around.import_from),
        }
    }

    /// Resolves the options; `source` is the default for sources.
    pub(crate) fn settle(self, source: Part) -> Settled {
        let level = match (self.assertions, self.docstrings) {
            (Some(Part::LeftOut), Some(Part::LeftOut)) => Level::NoAssertsNoDocstrings,
            (Some(Part::LeftOut), _) => Level::NoAsserts,
            (_, Some(Part::LeftOut)) => Level::NoDocstrings,
            _ => Level::All,
        };
        Settled { source: self.source.unwrap_or(source), level }
    }
}

/// The options of all modules.
#[derive(Clone, Debug, Default)]
pub(crate) struct Table {
    /// For every module.
    pub(crate) general: Options,
    /// For the standard library.
    pub(crate) library: Options,
    /// By dotted name, in the order in which they were given.
    pub(crate) named: Vec<(String, Options)>,
}

impl Table {
    /// The resolved options of a module; `source` is the default for sources.
    pub(crate) fn of(&self, module: &Module, source: Part) -> Settled {
        let mut options = match module.origin.library {
            Library::Standard => self.library.within(self.general),
            Library::Own | Library::Foreign => self.general,
        };
        let full = module.name.replace('/', ".");
        let ends = full.match_indices('.').map(|(end, _)| end);
        let mut withheld = false;
        for end in ends.chain([full.len()]) {
            let named = self.named.iter().filter(|(name, _)| *name == full[..end]);
            for (_, more) in named {
                withheld = more.source.map_or(withheld, |source| source == Part::LeftOut);
                options = more.within(options);
            }
        }
        let settled = options.settle(source);
        // Data always has its content, unless options that name it say otherwise.
        let is_data = module.role == Role::ModuleAndData && !withheld;
        if module.is_aside() || is_data {
            Settled { source: Part::Kept, ..settled }
        } else {
            settled
        }
    }

    /// Whether options that name exactly this module unpack it with its content.
    pub(crate) fn unpacks(&self, module: &str) -> bool {
        self.named.iter().any(|(name, options)| name == module && options.import_from.is_some())
    }

    /// Whether a package or one that contains it is unpacked; `""` asks for any package.
    pub(crate) fn unpacks_in(&self, package: &str) -> bool {
        let mut named = self.named.iter().filter(|(_, options)| options.import_from.is_some());
        named.any(|(name, _)| {
            let rest = package.strip_prefix(name.as_str());
            package.is_empty() || rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        })
    }

    /// Reports names that no module has, and options that aren't allowed.
    pub(crate) fn check(&self, modules: &[Module], problems: &mut Vec<Problem>) {
        for (options, method) in
            [(self.general, "Bundle::options"), (self.library, "Stdlib::options")]
        {
            if options.import_from.is_some() {
                let text = format!("`Options::unpacked` can't be given to `{method}`");
                problems
                    .push(Problem::new(ErrorKind::Option, text).help(
                        "name each package that needs real files with `Bundle::options_for`",
                    ));
            }
        }
        for (name, _) in &self.named {
            if !modules.iter().any(|module| module.name == *name) {
                let text = format!(
                    "`Bundle::options_for(\"{name}\", …)` has no effect: there is no module of that name"
                );
                problems.push(
                    Problem::new(ErrorKind::Option, text)
                        .help("give the dotted name of a module or package that is bundled"),
                );
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inner_options_override_outer_ones() {
        let outer = Options::new().without_source().without_docstrings();
        let inner = Options::new().with_source();
        let settled = inner.within(outer).settle(Part::LeftOut);
        assert_eq!(settled, Settled { source: Part::Kept, level: Level::NoDocstrings });
        assert_eq!(Options::new().settle(Part::Kept).source, Part::Kept);
    }

    #[test]
    fn omitted_parts_give_the_optimisation_level() {
        let level = |options: Options| options.settle(Part::Kept).level;
        assert_eq!(level(Options::new()), Level::All);
        assert_eq!(level(Options::new().without_assertions()), Level::NoAsserts);
        let bare = Options::new().without_assertions().without_docstrings();
        assert_eq!(level(bare), Level::NoAssertsNoDocstrings);
        assert_eq!(level(bare.with_assertions()), Level::NoDocstrings);
    }
}
