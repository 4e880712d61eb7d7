//! The parsed and checked options of `include-py compile`.
//!
//! `-qq` is `Quiet::All`; `--target 3.13` is the newest known release of 3.13.

use std::ffi::OsString;
use std::io::{self, Write as _};
use std::num::NonZero;
use std::path::PathBuf;

use lexopt::prelude::{Long, Short, Value, ValueExt as _};
use pyc_compiler::{Optimize, Target};
use pyc_tree::{Conflict, Invalidation, Naming, Quiet, Task, TreeCompiler};

use super::glob::{self, Glob};
use super::memory;
use super::printer::Style;
use super::python::Interpreter;
use super::warnings::Filters;
use crate::error::Error;

/// The result of parsing the command line.
#[derive(Debug)]
pub(super) struct Arguments {
    /// The compiler with all options applied.
    pub(super) compiler: TreeCompiler,
    /// What to compile.
    pub(super) sources: Sources,
    /// A file with further paths (`-i`).
    pub(super) list: Option<PathBuf>,
    pub(super) quiet: Quiet,
    pub(super) style: Style,
    pub(super) task: Task,
}

/// What to compile.
#[derive(Debug)]
pub(super) enum Sources {
    /// The given files and directories.
    Named(Vec<PathBuf>),
    /// The directories on a `sys.path`.
    Path(Vec<PathBuf>),
}

/// The options as given on the command line.
#[derive(Default)]
struct Given {
    targets: Vec<Target>,
    python: Option<OsString>,
    /// 0 if `-l` is given; `depth` takes precedence.
    flat: Option<u32>,
    depth: Option<u32>,
    force: bool,
    quiet: Option<Quiet>,
    legacy: bool,
    naming: Naming,
    skip: Option<Pattern>,
    exclude: Vec<Glob>,
    list: Option<PathBuf>,
    workers: Option<NonZero<usize>>,
    levels: Vec<Optimize>,
    links_within: Option<PathBuf>,
    hardlink_duplicates: bool,
    invalidation: Option<Invalidation>,
    warnings: Vec<String>,
    out_dir: Option<PathBuf>,
    cache_prefix: Option<PathBuf>,
    task: Option<Task>,
    style: Option<Style>,
    paths: Vec<PathBuf>,
}

impl Arguments {
    /// Parses the rest of the command line; `None` if help is requested.
    pub(super) fn parse(parser: &mut lexopt::Parser) -> Result<Option<Self>, Error> {
        let Some(mut given) = Given::parse(parser)? else { return Ok(None) };
        given.check()?;
        let python = given.python.take().map(|python| Interpreter::ask(&python)).transpose()?;
        if given.targets.is_empty() {
            let release = python.as_ref().map(|python| python.release.as_str());
            given.targets.push(parse_target(release.unwrap_or("3.13"))?);
        }
        let sources = if given.paths.is_empty() && given.list.is_none() {
            Sources::Path(path(python.map(|python| python.path))?)
        } else {
            Sources::Named(std::mem::take(&mut given.paths))
        };
        let (list, quiet) = (given.list.take(), given.quiet.unwrap_or(Quiet::No));
        let (style, task) = (given.style.unwrap_or_default(), given.task.unwrap_or_default());
        let compiler = given.compiler();
        compiler.check().map_err(conflicting)?;
        Ok(Some(Self { compiler, sources, list, quiet, style, task }))
    }

    /// Adds the paths in the list to the sources. Returns `false` after printing an error if the
    /// list can't be read.
    pub(super) fn read_list(&mut self) -> io::Result<bool> {
        let Some(list) = &self.list else { return Ok(true) };
        let Ok(more) = super::list::read(list) else {
            if self.quiet < Quiet::All {
                writeln!(io::stdout(), "Error reading file list {}", list.display())?;
            }
            return Ok(false);
        };
        let (Sources::Named(paths) | Sources::Path(paths)) = &mut self.sources;
        paths.extend(more);
        Ok(true)
    }
}

impl Given {
    fn parse(parser: &mut lexopt::Parser) -> Result<Option<Self>, Error> {
        let mut found = Self::default();
        while let Some(argument) = parser.next()? {
            let argument = match argument {
                Long(word) => Long(long(word)?),
                other => other,
            };
            match argument {
                Short('h') | Long("help") => return Ok(None),
                Long("target") => found.targets.push(parse_target(&parser.value()?.string()?)?),
                Long("python") => found.python = Some(parser.value()?),
                Short('l') => found.flat = Some(0),
                Short('r') => found.depth = Some(depth(&parser.value()?)?),
                Short('f') => found.force = true,
                Short('q') => found.quiet = Some(quieter(found.quiet)),
                Short('b') => found.legacy = true,
                Short('d') => found.naming = found.naming.directory(parser.value()?),
                Short('s') => found.naming = found.naming.strip(parser.value()?),
                Short('p') => found.naming = found.naming.prepend(parser.value()?),
                Short('x') => found.skip = Some(Pattern::new(&parser.value()?.string()?)?),
                Long("exclude") => found.exclude.push(Glob::new(&parser.value()?.string()?)?),
                Short('i') => found.list = Some(parser.value()?.into()),
                Short('j') | Long("workers") => found.workers = Some(workers(&parser.value()?)?),
                Short('o') => found.levels.push(level(&parser.value()?)?),
                Short('e') => {
                    let directory = parser.value()?;
                    found.links_within = (!directory.is_empty()).then(|| directory.into());
                }
                Long("hardlink-dupes") => found.hardlink_duplicates = true,
                Long("invalidation-mode") => {
                    found.invalidation = Some(invalidation(&parser.value()?.string()?)?);
                }
                Short('W') => found.warnings.push(parser.value()?.string()?),
                Long("out-dir") => found.out_dir = Some(directory("--out-dir", parser)?),
                Long("cache-prefix") => {
                    found.cache_prefix = Some(directory("--cache-prefix", parser)?);
                }
                Long("check") => found.set_task(Task::Check)?,
                Long("clean") => found.set_task(Task::Clean)?,
                Long("json") => found.set_style(Style::Json)?,
                Long("format") => found.set_style(Style::named(&parser.value()?.string()?)?)?,
                Value(path) => found.paths.push(path.into()),
                other => return Err(other.unexpected().into()),
            }
        }
        Ok(Some(found))
    }

    fn set_task(&mut self, task: Task) -> Result<(), Error> {
        if self.task.replace(task).is_some_and(|before| before != task) {
            return Err(Error::usage("`--check` and `--clean` exclude each other"));
        }
        Ok(())
    }

    fn set_style(&mut self, style: Style) -> Result<(), Error> {
        if self.style.replace(style).is_some_and(|before| before != style) {
            return Err(Error::usage("`--format` can be given only once, and not with `--json`"));
        }
        Ok(())
    }

    /// Rejects combinations of options that exclude each other.
    fn check(&self) -> Result<(), Error> {
        let message = if self.out_dir.is_some() && self.cache_prefix.is_some() {
            "`--out-dir` and `--cache-prefix` exclude each other"
        } else if self.legacy && self.cache_prefix.is_some() {
            "`-b` writes no file into a cache, so `--cache-prefix` has no effect"
        } else if self.out_dir.is_some() && (self.paths.len() != 1 || self.list.is_some()) {
            "`--out-dir` needs exactly one directory to compile, and no `-i` list"
        } else if self.style == Some(Style::Json) && self.quiet.is_some() {
            "`--json` prints a line for each file, so it can't be combined with `-q`"
        } else {
            return Ok(());
        };
        Err(Error::usage(message))
    }

    /// Creates the compiler from the options and the environment.
    fn compiler(mut self) -> TreeCompiler {
        if self.levels.is_empty() {
            self.levels.push(own_level());
        }
        let filters = filters(&self.warnings);
        let mut targets = self.targets.into_iter();
        let first = targets.next().expect("a target is named, or there is a default");
        let mut compiler = targets
            .fold(TreeCompiler::new(first), TreeCompiler::also_for)
            .levels(self.levels)
            .naming(self.naming)
            .invalidation(self.invalidation.unwrap_or_else(own_invalidation))
            .workers(memory::limited(self.workers.unwrap_or(NonZero::<usize>::MIN)))
            .task(self.task.unwrap_or_default())
            .filter_warnings(move |file, warning| filters.action(file, warning));
        if let Some(depth) = self.depth.or(self.flat) {
            compiler = compiler.max_depth(depth);
        }
        let prefix =
            self.cache_prefix.or_else(|| environment("PYTHONPYCACHEPREFIX").map(Into::into));
        if let Some(prefix) = prefix {
            compiler = compiler.cache_prefix(prefix);
        }
        if let Some(directory) = self.out_dir {
            compiler = compiler.out_dir(directory);
        }
        if !self.exclude.is_empty() {
            compiler = compiler.exclude(glob::any(self.exclude));
        }
        if let Some(directory) = self.links_within {
            compiler = compiler.links_within(directory);
        }
        if let Some(pattern) = self.skip {
            compiler = compiler.skip(move |path| pattern.matches(&path.to_string_lossy()));
        }
        if self.legacy {
            compiler = compiler.legacy();
        }
        if self.force {
            compiler = compiler.force();
        }
        if self.hardlink_duplicates {
            compiler = compiler.hardlink_duplicates();
        }
        compiler
    }
}

/// The directories to compile if no paths are given: those on `sys.path` (`compileall.py: main`,
/// 3.13), or without an interpreter those in `PYTHONPATH`.
fn path(of_python: Option<Vec<PathBuf>>) -> Result<Vec<PathBuf>, Error> {
    let variable = || {
        let list = environment("PYTHONPATH")?;
        Some(std::env::split_paths(&list).collect())
    };
    of_python.or_else(variable).ok_or_else(|| {
        Error::usage(
            "name files or directories; or, with `--python`, an interpreter whose `sys.path` \
             is compiled",
        )
    })
}

/// The error for options that exclude each other, in terms of the command line.
fn conflicting(conflict: Conflict) -> Error {
    Error::usage(match conflict {
        Conflict::LinkOfOneLevel => {
            "hardlinking of duplicated bytecode makes sense only for more than one optimization level (`-o`)"
        }
        Conflict::LegacyOfSeveral => {
            "`-b` uses the same file name for all levels and targets, so it takes one `-o` and one `--target`"
        }
        Conflict::DirectoryAndPrefix => "`-d` can't be combined with `-s` or `-p`",
        other => return Error::usage(&other.to_string()),
    })
}

fn quieter(quiet: Option<Quiet>) -> Quiet {
    if quiet.is_none() { Quiet::Progress } else { Quiet::All }
}

/// Parses a release, or a minor version for its newest release.
pub(crate) fn parse_target(name: &str) -> Result<Target, Error> {
    Target::named(name).map_err(|error| Error::usage(&format!("`--target`: {error}")))
}

/// The regular expression of `-x`, in the common subset of Python's and Rust's syntax.
#[derive(Debug)]
pub(super) struct Pattern(fancy_regex::Regex);

impl Pattern {
    fn new(text: &str) -> Result<Self, Error> {
        let pattern = fancy_regex::Regex::new(text);
        pattern.map(Self).map_err(|error| Error::usage(&format!("`-x {text}`: {error}")))
    }

    pub(super) fn matches(&self, path: &str) -> bool {
        // A pattern that exceeds the step limit counts as no match.
        self.0.is_match(path).unwrap_or(false)
    }
}

/// An environment variable; `None` if it is empty, as for CPython's own variables.
fn environment(name: &str) -> Option<OsString> {
    std::env::var_os(name).filter(|value| !value.is_empty())
}

/// The filters in `PYTHONWARNINGS` and `-W`; the latter take precedence.
fn filters(options: &[String]) -> Filters {
    let list = environment("PYTHONWARNINGS").unwrap_or_default();
    let list = list.to_string_lossy();
    let texts = list.split(',').chain(options.iter().map(String::as_str));
    let (filters, invalid) = Filters::parse(texts);
    for reason in invalid {
        let _ = writeln!(io::stderr(), "Invalid -W option ignored: {reason}");
    }
    filters
}

fn directory(option: &str, parser: &mut lexopt::Parser) -> Result<PathBuf, Error> {
    let directory = parser.value()?;
    if directory.is_empty() {
        return Err(Error::usage(&format!("`{option}` takes a directory")));
    }
    Ok(directory.into())
}

fn workers(value: &OsString) -> Result<NonZero<usize>, Error> {
    match integer("-j", value)? {
        0 => Ok(std::thread::available_parallelism().unwrap_or(NonZero::<usize>::MIN)),
        number => usize::try_from(number).ok().and_then(NonZero::new).ok_or_else(|| {
            Error::usage("`-j` takes a number of processes, or 0 for all processors")
        }),
    }
}

/// The default mode, as in `py_compile.py: _get_default_invalidation_mode`, 3.13.
fn own_invalidation() -> Invalidation {
    if environment("SOURCE_DATE_EPOCH").is_some() {
        Invalidation::CheckedHash
    } else {
        Invalidation::Timestamp
    }
}

fn depth(value: &OsString) -> Result<u32, Error> {
    // `compileall` treats a negative depth like 0.
    Ok(u32::try_from(integer("-r", value)?.max(0)).unwrap_or(u32::MAX))
}

fn level(value: &OsString) -> Result<Optimize, Error> {
    match integer("-o", value)? {
        -1 => Ok(own_level()),
        0 => Ok(Optimize::None),
        1 => Ok(Optimize::NoAsserts),
        2 => Ok(Optimize::NoDocstrings),
        other => Err(Error::usage(&format!("`-o` takes 0, 1 or 2, not {other}"))),
    }
}

/// The level of an interpreter in this environment (`initconfig.c: _Py_get_env_flag`, 3.13).
fn own_level() -> Optimize {
    let Some(value) = environment("PYTHONOPTIMIZE") else { return Optimize::None };
    match value.to_str().and_then(|value| value.parse::<i32>().ok()) {
        Some(0) => Optimize::None,
        Some(2..) => Optimize::NoDocstrings,
        // Text that isn't a number and negative numbers count as 1.
        _ => Optimize::NoAsserts,
    }
}

/// What Python's `int` reads: `" +1_000 "` is 1000.
fn integer(option: &str, value: &OsString) -> Result<i64, Error> {
    let invalid =
        || Error::usage(&format!("`{option}` takes a number, not `{}`", value.to_string_lossy()));
    let text = value.to_str().ok_or_else(invalid)?.trim();
    let digits = text.trim_start_matches(['+', '-']);
    let underscores_are_inside = digits
        .split('_')
        .all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()));
    if !underscores_are_inside || text.len() - digits.len() > 1 {
        return Err(invalid());
    }
    text.replace('_', "").parse().map_err(|_| invalid())
}

/// The long option for a word, which may be an unambiguous abbreviation, as for `argparse`.
fn long(word: &str) -> Result<&str, Error> {
    const OPTIONS: [&str; 13] = [
        "cache-prefix",
        "check",
        "clean",
        "exclude",
        "format",
        "hardlink-dupes",
        "help",
        "invalidation-mode",
        "json",
        "out-dir",
        "python",
        "target",
        "workers",
    ];
    let mut candidates = OPTIONS.into_iter().filter(|option| option.starts_with(word));
    match (candidates.next(), candidates.next()) {
        _ if OPTIONS.contains(&word) => Ok(word),
        (Some(option), None) => Ok(option),
        (Some(one), Some(other)) => {
            Err(Error::usage(&format!("`--{word}` could be `--{one}` or `--{other}`")))
        }
        (None, _) => Ok(word),
    }
}

fn invalidation(text: &str) -> Result<Invalidation, Error> {
    match text {
        "timestamp" => Ok(Invalidation::Timestamp),
        "checked-hash" => Ok(Invalidation::CheckedHash),
        "unchecked-hash" => Ok(Invalidation::UncheckedHash),
        other => Err(Error::usage(&format!(
            "`--invalidation-mode` takes timestamp, checked-hash or unchecked-hash, not `{other}`"
        ))),
    }
}
