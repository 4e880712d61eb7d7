//! What is compiled, for which Pythons, and how: the builder with `compileall`'s options.

use std::fmt;
use std::num::NonZero;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use pyc_compiler::{Optimize, Target, Warning};

use crate::naming::Naming;
use crate::place::{Layout, Place, Tree};
use crate::report::{Event, FileReport, Summary};
use crate::walk::{Below, Root, Walk};
use crate::{one, pool};

/// Compiles files and directories of Python sources. Each option has the name of what it does; without any, this
/// is `compileall.compile_dir(directory)` of the target.
#[derive(Clone)]
pub struct TreeCompiler {
    pub(crate) targets: Vec<Target>,
    pub(crate) levels: Vec<Optimize>,
    pub(crate) naming: Naming,
    pub(crate) invalidation: Invalidation,
    pub(crate) recompile: Recompile,
    pub(crate) place: Place,
    pub(crate) duplicates: Duplicates,
    pub(crate) links_within: Option<PathBuf>,
    pub(crate) skip: Option<Arc<Skip>>,
    pub(crate) exclude: Option<Arc<Skip>>,
    pub(crate) task: Task,
    pub(crate) warnings: Option<Arc<Filter>>,
    pub(crate) stop: Option<Arc<Stop>>,
    pub(crate) workers: NonZero<usize>,
    max_depth: Option<u32>,
}

type Skip = dyn Fn(&Path) -> bool + Send + Sync;
type Filter = dyn Fn(&str, &Warning) -> WarningAction + Send + Sync;
type Stop = dyn Fn() -> bool + Send + Sync;

/// How an interpreter will know whether a `.pyc` fits its source (PEP 552, `py_compile.PycInvalidationMode`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Invalidation {
    /// By the source's time of change and size.
    #[default]
    Timestamp,
    /// By a hash of the source, which importing compares.
    CheckedHash,
    /// By a hash of the source, which importing doesn't compare.
    UncheckedHash,
}

/// What is done for each source.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Task {
    /// It is compiled, unless its files are up to date.
    #[default]
    Compile,
    /// Nothing: it is said which files compiling would make. Those with a hash are up to date if it is the source's.
    Check,
    /// The files that compiling makes are removed, and each `__pycache__` that is empty then.
    Clean,
}

/// What becomes of a warning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum WarningAction {
    /// It is in the file's report.
    Report,
    /// Nothing is said of it.
    Ignore,
    /// The source counts as wrong, as under `python -W error`.
    Refuse,
}

/// Whether files that are up to date are compiled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Recompile {
    Changed,
    Everything,
}

/// What becomes of equal code of several levels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Duplicates {
    Kept,
    Linked,
}

/// Options that exclude each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Misuse {
    /// Files of several levels can't be linked if there is only one level.
    LinkOfOneLevel,
    /// [`TreeCompiler::legacy`] has one file name for everything that is made of a source.
    LegacyOfSeveral,
    /// The files of two releases of one minor version have the same names.
    SameMinor,
    /// [`Naming::directory`] stands for the whole directory, so nothing can be stripped or prepended.
    DirectoryAndPrefix,
    /// [`Task::Clean`] compiles nothing, so nothing is compiled again.
    ForcedClean,
}

impl fmt::Display for Misuse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::LinkOfOneLevel => {
                "hardlinking of duplicated bytecode makes sense only for more than one optimization level"
            }
            Self::LegacyOfSeveral => {
                "files beside their sources have one name for all levels and targets, so there can be only one of each"
            }
            Self::SameMinor => {
                "releases of one minor version have the same file names, so there can be only one of them"
            }
            Self::DirectoryAndPrefix => {
                "a directory for names can't be combined with a prefix to strip or prepend"
            }
            Self::ForcedClean => "cleaning compiles nothing, so nothing can be compiled again",
        })
    }
}

impl std::error::Error for Misuse {}

impl TreeCompiler {
    /// Compiles for `target` at level 0, what isn't up to date, one file at a time.
    #[must_use]
    pub fn new(target: Target) -> Self {
        Self {
            targets: vec![target],
            levels: vec![Optimize::None],
            naming: Naming::default(),
            invalidation: Invalidation::default(),
            recompile: Recompile::Changed,
            place: Place::default(),
            duplicates: Duplicates::Kept,
            links_within: None,
            skip: None,
            exclude: None,
            task: Task::Compile,
            warnings: None,
            stop: None,
            workers: NonZero::<usize>::MIN,
            max_depth: None,
        }
    }

    /// Compiles for `target`, too; each source is read once.
    #[must_use]
    pub fn also_for(mut self, target: Target) -> Self {
        if !self.targets.contains(&target) {
            self.targets.push(target);
        }
        self
    }

    /// At these levels instead of 0, each once.
    ///
    /// # Panics
    ///
    /// If there is none.
    #[must_use]
    pub fn levels(mut self, levels: impl IntoIterator<Item = Optimize>) -> Self {
        self.levels = levels.into_iter().collect();
        self.levels.sort_unstable();
        self.levels.dedup();
        assert!(!self.levels.is_empty(), "a file is compiled at one level at least");
        self
    }

    /// Which names code gets for its sources.
    #[must_use]
    pub fn naming(mut self, naming: Naming) -> Self {
        self.naming = naming;
        self
    }

    /// How an interpreter will know whether a `.pyc` fits its source.
    #[must_use]
    pub fn invalidation(mut self, invalidation: Invalidation) -> Self {
        self.invalidation = invalidation;
        self
    }

    /// Compiles what is up to date, too.
    #[must_use]
    pub fn force(mut self) -> Self {
        self.recompile = Recompile::Everything;
        self
    }

    /// Writes `a.pyc` beside `a.py`, as Python 2 did.
    #[must_use]
    pub fn legacy(mut self) -> Self {
        self.place.layout = Layout::Legacy;
        self
    }

    /// Writes into a tree of its own below `prefix`, as `PYTHONPYCACHEPREFIX` says it to Python; files beside their
    /// sources stay there.
    #[must_use]
    pub fn cache_prefix(mut self, prefix: impl Into<PathBuf>) -> Self {
        self.place.tree = Tree::Cache(prefix.into());
        self
    }

    /// Writes below `directory`, at the places that files would have below the directory that is compiled.
    #[must_use]
    pub fn out_dir(mut self, directory: impl Into<PathBuf>) -> Self {
        self.place.tree = Tree::Mirror(directory.into());
        self
    }

    /// Checks or cleans instead of compiling.
    #[must_use]
    pub fn task(mut self, task: Task) -> Self {
        self.task = task;
        self
    }

    /// Leaves out sources, and directories with all that is in them, whose path `exclude` accepts; what is named itself
    /// isn't asked for.
    #[must_use]
    pub fn exclude(mut self, exclude: impl Fn(&Path) -> bool + Send + Sync + 'static) -> Self {
        self.exclude = Some(Arc::new(exclude));
        self
    }

    /// Makes a file another name of the one of the level before it where both have the same bytes.
    #[must_use]
    pub fn hardlink_duplicates(mut self) -> Self {
        self.duplicates = Duplicates::Linked;
        self
    }

    /// Leaves out symbolic links to sources outside `directory`.
    #[must_use]
    pub fn links_within(mut self, directory: impl Into<PathBuf>) -> Self {
        self.links_within = Some(directory.into());
        self
    }

    /// Leaves out sources whose path `skip` accepts.
    #[must_use]
    pub fn skip(mut self, skip: impl Fn(&Path) -> bool + Send + Sync + 'static) -> Self {
        self.skip = Some(Arc::new(skip));
        self
    }

    /// What becomes of a warning in a file of the name that is given with it; without a filter, all are reported.
    #[must_use]
    pub fn filter_warnings(
        mut self,
        filter: impl Fn(&str, &Warning) -> WarningAction + Send + Sync + 'static,
    ) -> Self {
        self.warnings = Some(Arc::new(filter));
        self
    }

    /// Begins no further file once `stop` says so. Files that have been begun are finished.
    #[must_use]
    pub fn stop_when(mut self, stop: impl Fn() -> bool + Send + Sync + 'static) -> Self {
        self.stop = Some(Arc::new(stop));
        self
    }

    /// Compiles so many files at once. Where the system gives no more threads, those that there are do the work.
    #[must_use]
    pub fn workers(mut self, workers: NonZero<usize>) -> Self {
        self.workers = workers;
        self
    }

    /// Goes at most `depth` directories deep below each one that is named; 0 compiles only what is in it.
    #[must_use]
    pub fn max_depth(mut self, depth: u32) -> Self {
        self.max_depth = Some(depth);
        self
    }

    /// Whether the options go together. What doesn't is the program's mistake, not its user's, so that compiling
    /// doesn't ask: it does what the options say, one after the other.
    ///
    /// # Errors
    ///
    /// If two options exclude each other.
    pub fn check(&self) -> Result<(), Misuse> {
        if self.duplicates == Duplicates::Linked && self.levels.len() < 2 {
            return Err(Misuse::LinkOfOneLevel);
        }
        if self.place.layout == Layout::Legacy && self.levels.len() * self.targets.len() > 1 {
            return Err(Misuse::LegacyOfSeveral);
        }
        let minors = self.targets.iter().map(Target::minor);
        if minors
            .clone()
            .enumerate()
            .any(|(at, one)| minors.clone().take(at).any(|other| other == one))
        {
            return Err(Misuse::SameMinor);
        }
        if self.naming.is_contradictory() {
            return Err(Misuse::DirectoryAndPrefix);
        }
        if self.task == Task::Clean && self.recompile == Recompile::Everything {
            return Err(Misuse::ForcedClean);
        }
        Ok(())
    }

    /// Compiles one file (`compileall.compile_file`).
    #[must_use]
    pub fn compile_file(&self, source: impl AsRef<Path>) -> FileReport {
        let source = source.as_ref();
        one::compile(source, &Below::file(source, self), self)
    }

    /// Compiles the sources in a directory and those below it (`compileall.compile_dir`). `observer` is told of every
    /// step in an order that doesn't depend on the number of workers, and may end the run.
    pub fn compile_dir(
        &self,
        directory: impl Into<PathBuf>,
        observer: impl FnMut(Event) -> ControlFlow<()> + Send,
    ) -> Summary {
        self.run([Root::Directory(directory.into(), self.max_depth)], observer)
    }

    /// Compiles files and directories in one run, as the command line of `compileall` does.
    pub fn compile_paths(
        &self,
        paths: impl IntoIterator<Item = PathBuf>,
        observer: impl FnMut(Event) -> ControlFlow<()> + Send,
    ) -> Summary {
        let root = |path: PathBuf| {
            if path.is_file() { Root::File(path) } else { Root::Directory(path, self.max_depth) }
        };
        self.run(paths.into_iter().map(root), observer)
    }

    /// Compiles what is in the directories of a `sys.path`, but nothing below them, and leaves out the current
    /// directory (`compileall.compile_path`).
    pub fn compile_path(
        &self,
        entries: impl IntoIterator<Item = PathBuf>,
        observer: impl FnMut(Event) -> ControlFlow<()> + Send,
    ) -> Summary {
        let root = |entry: PathBuf| {
            if entry.as_os_str().is_empty() || entry.as_os_str() == "." {
                return Root::Current;
            }
            Root::Directory(entry, Some(0))
        };
        self.run(entries.into_iter().map(root), observer)
    }

    pub(crate) fn excludes(&self, path: &Path) -> bool {
        self.exclude.as_ref().is_some_and(|exclude| exclude(path))
    }

    fn run(
        &self,
        roots: impl IntoIterator<Item = Root>,
        observer: impl FnMut(Event) -> ControlFlow<()> + Send,
    ) -> Summary {
        pool::compile(self, Walk::new(roots.into_iter().collect(), self), observer)
    }
}

impl fmt::Debug for TreeCompiler {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TreeCompiler")
            .field("targets", &self.targets)
            .field("levels", &self.levels)
            .field("naming", &self.naming)
            .field("invalidation", &self.invalidation)
            .field("place", &self.place)
            .field("task", &self.task)
            .field("workers", &self.workers)
            .finish_non_exhaustive()
    }
}
