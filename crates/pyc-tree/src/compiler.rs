//! [`TreeCompiler`]: a builder with the options of `compileall`.

use std::fmt;
use std::num::NonZero;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use pyc_compiler::{Optimize, Target, Warning};

use crate::destination::{Destination, Layout, Tree};
use crate::naming::Naming;
use crate::report::{Event, FileReport, Summary};
use crate::walk::{Base, Root, Walk};
use crate::{pool, source};

/// Compiles files and directories of Python sources.
///
/// Without options it does what `compileall.compile_dir(directory)` of the target does.
#[derive(Clone)]
pub struct TreeCompiler {
    pub(crate) targets: Vec<Target>,
    pub(crate) levels: Vec<Optimize>,
    pub(crate) naming: Naming,
    pub(crate) invalidation: Invalidation,
    pub(crate) recompile: Recompile,
    pub(crate) destination: Destination,
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

/// How an interpreter checks whether a `.pyc` is stale (PEP 552, `py_compile.PycInvalidationMode`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Invalidation {
    /// By the source's modification time and size.
    #[default]
    Timestamp,
    /// By a hash of the source, which an import compares.
    CheckedHash,
    /// By a hash of the source, which an import does not compare.
    UncheckedHash,
}

/// What is done with each source.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Task {
    /// Compile it, unless its `.pyc` files are up to date.
    #[default]
    Compile,
    /// Report which files [`Task::Compile`] would write, and write nothing. Files with a hash are
    /// up to date if it is the source's hash.
    Check,
    /// Remove its `.pyc` files, and each `__pycache__` that is empty afterwards.
    Clean,
}

/// What happens with a warning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum WarningAction {
    /// It is added to the file's report.
    Report,
    /// It is dropped.
    Ignore,
    /// The source is refused, as under `python -W error`.
    Refuse,
}

/// Which files are compiled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Recompile {
    Changed,
    Everything,
}

/// What happens if two levels have the same code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Duplicates {
    Kept,
    Linked,
}

/// Two options that exclude each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Conflict {
    /// Linking files of different levels needs at least two levels.
    LinkOfOneLevel,
    /// [`TreeCompiler::legacy`] uses the same file name for all levels and targets, so there can be
    /// only one of each.
    LegacyOfSeveral,
    /// The `.pyc` files of two releases of the same minor version have the same names.
    SameMinor,
    /// [`Naming::directory`] replaces the whole directory, so nothing can be stripped or prepended.
    DirectoryAndPrefix,
    /// [`Task::Clean`] compiles nothing, so nothing can be recompiled.
    ForcedClean,
}

impl fmt::Display for Conflict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::LinkOfOneLevel => {
                "hardlinking of duplicated bytecode makes sense only for more than one optimization level"
            }
            Self::LegacyOfSeveral => {
                "files beside their sources have the same name for all levels and targets, so there can be only one of each"
            }
            Self::SameMinor => {
                "releases of the same minor version have the same file names, so there can be only one of them"
            }
            Self::DirectoryAndPrefix => {
                "a directory for names can't be combined with a prefix to strip or prepend"
            }
            Self::ForcedClean => "cleaning compiles nothing, so nothing can be compiled again",
        })
    }
}

impl std::error::Error for Conflict {}

impl TreeCompiler {
    /// Compiles for `target` at level 0, only files that aren't up to date, one file at a time.
    #[must_use]
    pub fn new(target: Target) -> Self {
        Self {
            targets: vec![target],
            levels: vec![Optimize::None],
            naming: Naming::default(),
            invalidation: Invalidation::default(),
            recompile: Recompile::Changed,
            destination: Destination::default(),
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

    /// Compiles for `target` as well; each source is read once, and parsed once where its syntax
    /// means the same for both ([`pyc_compiler::compile_each`]).
    #[must_use]
    pub fn also_for(mut self, target: Target) -> Self {
        if !self.targets.contains(&target) {
            self.targets.push(target);
        }
        self
    }

    /// Compiles at these levels instead of level 0. Duplicates are ignored.
    ///
    /// # Panics
    ///
    /// If `levels` is empty.
    #[must_use]
    pub fn levels(mut self, levels: impl IntoIterator<Item = Optimize>) -> Self {
        self.levels = levels.into_iter().collect();
        self.levels.sort_unstable();
        self.levels.dedup();
        assert!(!self.levels.is_empty(), "a file is compiled at one level at least");
        self
    }

    /// The file names in the code objects.
    #[must_use]
    pub fn naming(mut self, naming: Naming) -> Self {
        self.naming = naming;
        self
    }

    /// How an interpreter checks whether a `.pyc` is stale.
    #[must_use]
    pub fn invalidation(mut self, invalidation: Invalidation) -> Self {
        self.invalidation = invalidation;
        self
    }

    /// Compiles files that are up to date, too.
    #[must_use]
    pub fn force(mut self) -> Self {
        self.recompile = Recompile::Everything;
        self
    }

    /// Writes `a.pyc` beside `a.py`, as Python 2 did.
    #[must_use]
    pub fn legacy(mut self) -> Self {
        self.destination.layout = Layout::Legacy;
        self
    }

    /// Writes into a separate tree below `prefix`, as `PYTHONPYCACHEPREFIX` does. Files of the
    /// legacy layout are not affected.
    #[must_use]
    pub fn cache_prefix(mut self, prefix: impl Into<PathBuf>) -> Self {
        self.destination.tree = Tree::Cache(prefix.into());
        self
    }

    /// Writes below `directory`, in the same subdirectories as below the compiled directory.
    #[must_use]
    pub fn out_dir(mut self, directory: impl Into<PathBuf>) -> Self {
        self.destination.tree = Tree::Mirror(directory.into());
        self
    }

    /// Checks or cleans instead of compiling.
    #[must_use]
    pub fn task(mut self, task: Task) -> Self {
        self.task = task;
        self
    }

    /// Omits sources and whole directories for whose path `exclude` returns `true`. Paths passed to
    /// the compiler directly are not tested.
    #[must_use]
    pub fn exclude(mut self, exclude: impl Fn(&Path) -> bool + Send + Sync + 'static) -> Self {
        self.exclude = Some(Arc::new(exclude));
        self
    }

    /// Makes a file a hard link to that of the previous level if both have the same bytes.
    #[must_use]
    pub fn hardlink_duplicates(mut self) -> Self {
        self.duplicates = Duplicates::Linked;
        self
    }

    /// Omits symbolic links to sources outside `directory`.
    #[must_use]
    pub fn links_within(mut self, directory: impl Into<PathBuf>) -> Self {
        self.links_within = Some(directory.into());
        self
    }

    /// Omits sources for whose path `skip` returns `true`.
    #[must_use]
    pub fn skip(mut self, skip: impl Fn(&Path) -> bool + Send + Sync + 'static) -> Self {
        self.skip = Some(Arc::new(skip));
        self
    }

    /// Decides what happens with each warning; `filter` is passed the name of the file. By default
    /// all are reported.
    #[must_use]
    pub fn filter_warnings(
        mut self,
        filter: impl Fn(&str, &Warning) -> WarningAction + Send + Sync + 'static,
    ) -> Self {
        self.warnings = Some(Arc::new(filter));
        self
    }

    /// Starts no further file after `stop` has returned `true`. Files being compiled are finished.
    #[must_use]
    pub fn stop_when(mut self, stop: impl Fn() -> bool + Send + Sync + 'static) -> Self {
        self.stop = Some(Arc::new(stop));
        self
    }

    /// Compiles this many files at once. If the system doesn't provide so many threads, fewer are
    /// used.
    #[must_use]
    pub fn workers(mut self, workers: NonZero<usize>) -> Self {
        self.workers = workers;
        self
    }

    /// Descends at most `depth` directories below each directory passed; 0 compiles only the files
    /// in it.
    #[must_use]
    pub fn max_depth(mut self, depth: u32) -> Self {
        self.max_depth = Some(depth);
        self
    }

    /// Checks that the options are consistent. Compiling doesn't check this, because an
    /// inconsistency is an error in the program, not in its input: it applies the options one after
    /// the other.
    ///
    /// # Errors
    ///
    /// If two options exclude each other.
    pub fn check(&self) -> Result<(), Conflict> {
        if self.duplicates == Duplicates::Linked && self.levels.len() < 2 {
            return Err(Conflict::LinkOfOneLevel);
        }
        if self.destination.layout == Layout::Legacy && self.levels.len() * self.targets.len() > 1 {
            return Err(Conflict::LegacyOfSeveral);
        }
        let minors = self.targets.iter().map(Target::minor);
        if minors
            .clone()
            .enumerate()
            .any(|(at, one)| minors.clone().take(at).any(|other| other == one))
        {
            return Err(Conflict::SameMinor);
        }
        if self.naming.is_contradictory() {
            return Err(Conflict::DirectoryAndPrefix);
        }
        if self.task == Task::Clean && self.recompile == Recompile::Everything {
            return Err(Conflict::ForcedClean);
        }
        Ok(())
    }

    /// Compiles a single file (`compileall.compile_file`).
    #[must_use]
    pub fn compile_file(&self, source: impl AsRef<Path>) -> FileReport {
        let source = source.as_ref();
        source::compile(source, &Base::file(source, self), self)
    }

    /// Compiles the sources in a directory and its subdirectories (`compileall.compile_dir`).
    ///
    /// `observer` receives all events in an order that doesn't depend on the number of workers, and
    /// can end the run.
    pub fn compile_dir(
        &self,
        directory: impl Into<PathBuf>,
        observer: impl FnMut(Event) -> ControlFlow<()> + Send,
    ) -> Summary {
        self.run([Root::Directory(directory.into(), self.max_depth)], observer)
    }

    /// Compiles several files and directories in one run, as the command line of `compileall` does.
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

    /// Compiles the sources in the directories of a `sys.path`, without subdirectories. The current
    /// directory is skipped (`compileall.compile_path`).
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
            .field("destination", &self.destination)
            .field("task", &self.task)
            .field("workers", &self.workers)
            .finish_non_exhaustive()
    }
}
