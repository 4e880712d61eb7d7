//! What a package's modules are bundled with: source, docstrings, assertions; and where they run.
//!
//! | for `app.secret.keys` | says |
//! |---|---|
//! | `options_for("app.secret", …)` | first, what it says |
//! | `options_for("app", …)` | then this, what it says |
//! | `Stdlib::options` | then this, for the standard library |
//! | `options`, `optimize`, `include_source` | then this, for every module |

use crate::backend::Level;
use crate::error::{ErrorKind, Problem};
use crate::find::{Library, Module, Role};

/// What modules are bundled with. What isn't said is as it is for the modules around them.
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
    place: Option<Place>,
}

/// Where modules are imported from, if not from memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Disk,
}

/// Whether something of a module is bundled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Kept,
    LeftOut,
}

/// What the options come to for one module.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Settled {
    pub(crate) source: Part,
    pub(crate) level: Level,
}

impl Options {
    /// Options that say nothing.
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

    /// Bundles bytecode only: no byte of the source's text is in the program.
    ///
    /// Names and string constants are part of the bytecode, docstrings among them.
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

    /// Leaves docstrings out, as `-OO` does; `__doc__` is `None`. Code that reads its own
    /// docstrings (command-line parsers, say) needs them.
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

    /// Has the program write a package's files to disk, once, and import it from there: for
    /// packages that work only from real files, since C code or other programs open them.
    ///
    /// Of a package or module that [`Bundle::options_for`](crate::Bundle::options_for) names, this
    /// means everything in it, and the metadata of the distributions that brought it: sources where
    /// they are bundled, else `.pyc` files, data, empty directories. They are written when the
    /// first of its modules is imported, into a directory of the user's cache that is named for
    /// their SHA-256; later runs, and other programs with the same files, find them there. What
    /// isn't named is imported from memory, as ever.
    ///
    /// # Errors
    ///
    /// The build reports it in options that aren't those of `Bundle::options_for`.
    ///
    /// ```
    /// # use include_py_build::{Bundle, Options};
    /// let bundle = Bundle::new("app")
    ///     .source("python")
    ///     .site_packages("vendor")
    ///     .options_for("certifi", Options::new().unpacked());
    /// ```
    pub fn unpacked(self) -> Self {
        Self { place: Some(Place::Disk), ..self }
    }

    /// These, and where they say nothing, `around`.
    pub(crate) fn within(self, around: Self) -> Self {
        Self {
            source: self.source.or(around.source),
            docstrings: self.docstrings.or(around.docstrings),
            assertions: self.assertions.or(around.assertions),
            place: self.place.or(around.place),
        }
    }

    /// What they come to, with `source` where nobody says anything of it.
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
    /// What they come to for a module, with `source` where nobody says anything of it.
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
        // Data always comes with its content, unless options that name it say otherwise.
        let is_data = module.role == Role::ModuleAndData && !withheld;
        if module.is_aside() || is_data {
            Settled { source: Part::Kept, ..settled }
        } else {
            settled
        }
    }

    /// Whether options that name this very module have it unpacked, with all that is in it.
    pub(crate) fn unpacks(&self, module: &str) -> bool {
        self.named.iter().any(|(name, options)| name == module && options.place.is_some())
    }

    /// Whether a package is unpacked, for itself or as a part of another; `""` asks for any at all.
    pub(crate) fn unpacks_in(&self, package: &str) -> bool {
        let mut named = self.named.iter().filter(|(_, options)| options.place.is_some());
        named.any(|(name, _)| {
            let rest = package.strip_prefix(name.as_str());
            package.is_empty() || rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        })
    }

    /// Reports names that no module has, and what is said where it can't be.
    pub(crate) fn check(&self, modules: &[Module], problems: &mut Vec<Problem>) {
        for (options, method) in
            [(self.general, "Bundle::options"), (self.library, "Stdlib::options")]
        {
            if options.place.is_some() {
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
    fn what_is_nearer_comes_first() {
        let outer = Options::new().without_source().without_docstrings();
        let inner = Options::new().with_source();
        let settled = inner.within(outer).settle(Part::LeftOut);
        assert_eq!(settled, Settled { source: Part::Kept, level: Level::NoDocstrings });
        assert_eq!(Options::new().settle(Part::Kept).source, Part::Kept);
    }

    #[test]
    fn levels_are_pythons_where_it_has_them() {
        let level = |options: Options| options.settle(Part::Kept).level;
        assert_eq!(level(Options::new()), Level::All);
        assert_eq!(level(Options::new().without_assertions()), Level::NoAsserts);
        let bare = Options::new().without_assertions().without_docstrings();
        assert_eq!(level(bare), Level::NoAssertsNoDocstrings);
        assert_eq!(level(bare.with_assertions()), Level::NoDocstrings);
    }
}
