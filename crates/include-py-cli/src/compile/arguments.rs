//! The options of `include-py compile`, checked.
//!
//! `-qq` is `Quiet::All`; `--target 3.13` is that version's newest release.

use std::ffi::OsString;
use std::io::{self, Write as _};
use std::path::PathBuf;

use lexopt::prelude::{Long, Short, Value, ValueExt as _};
use pyc_code::{Minor, Version};
use pyc_compiler::{Optimize, Target};

use super::python::Interpreter;
use super::warnings::Filters;
use crate::error::Error;

/// Everything that the command line says.
#[derive(Debug)]
pub(super) struct Arguments {
    pub(super) target: Target,
    /// How deep to go; without bound if none.
    pub(super) depth: Option<u32>,
    pub(super) force: bool,
    pub(super) quiet: Quiet,
    pub(super) legacy: bool,
    pub(super) renaming: Renaming,
    pub(super) skip: Option<Pattern>,
    pub(super) list: Option<PathBuf>,
    pub(super) workers: usize,
    /// Sorted, each once.
    pub(super) levels: Vec<Optimize>,
    /// `PYTHONWARNINGS`
    pub(super) filters: Filters,
    /// `PYTHONPYCACHEPREFIX`
    pub(super) cache_prefix: Option<PathBuf>,
    pub(super) links_within: Option<PathBuf>,
    pub(super) hardlink_duplicates: bool,
    pub(super) invalidation: Invalidation,
    pub(super) paths: Vec<PathBuf>,
    /// What is said first.
    pub(super) notice: Option<&'static str>,
}

/// How much is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Quiet {
    /// Everything is.
    No,
    /// Errors are.
    Progress,
    /// Nothing is.
    All,
}

/// How a source's path becomes the name in its code.
#[derive(Clone, Debug, Default)]
pub(super) struct Renaming {
    pub(super) directory: Option<OsString>,
    pub(super) strip: Option<OsString>,
    pub(super) prepend: Option<OsString>,
}

/// `py_compile.PycInvalidationMode`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Invalidation {
    Timestamp,
    CheckedHash,
    UncheckedHash,
}

impl Arguments {
    /// Reads the rest of the command line; none if help is asked for.
    pub(super) fn parse(parser: &mut lexopt::Parser) -> Result<Option<Self>, Error> {
        let mut found = Self::defaults()?;
        let (mut flat, mut recursion, mut target, mut python) = (false, None, None, None);
        while let Some(argument) = parser.next()? {
            let argument = match argument {
                Long(word) => Long(long(word)?),
                other => other,
            };
            match argument {
                Short('h') | Long("help") => return Ok(None),
                Long("target") => target = Some(parser.value()?.string()?),
                Long("python") => python = Some(parser.value()?),
                Short('l') => flat = true,
                Short('r') => recursion = Some(depth(&parser.value()?)?),
                Short('f') => found.force = true,
                Short('q') => {
                    found.quiet =
                        if found.quiet == Quiet::No { Quiet::Progress } else { Quiet::All };
                }
                Short('b') => found.legacy = true,
                Short('d') => found.renaming.directory = Some(parser.value()?),
                Short('s') => found.renaming.strip = Some(parser.value()?),
                Short('p') => found.renaming.prepend = Some(parser.value()?),
                Short('x') => found.skip = Some(Pattern::new(&parser.value()?.string()?)?),
                Short('i') => found.list = Some(parser.value()?.into()),
                Short('j') | Long("workers") => found.workers = workers(&parser.value()?)?,
                Short('o') => found.levels.push(level(&parser.value()?)?),
                Short('e') => {
                    let directory = parser.value()?;
                    found.links_within = (!directory.is_empty()).then(|| directory.into());
                }
                Long("hardlink-dupes") => found.hardlink_duplicates = true,
                Long("invalidation-mode") => {
                    found.invalidation = invalidation(&parser.value()?.string()?)?;
                }
                Value(path) => found.paths.push(path.into()),
                other => return Err(other.unexpected().into()),
            }
        }
        found.depth = recursion.or(if flat { Some(0) } else { None });
        let python = python.map(|python| Interpreter::ask(&python)).transpose()?;
        if let Some(target) = target.as_ref().or(python.as_ref().map(|python| &python.release)) {
            found.target = parse_target(target)?;
        }
        if found.paths.is_empty() && found.list.is_none() {
            found.take_path(python.map(|python| python.path))?;
        }
        found.check()?;
        Ok(Some(found))
    }

    /// Without paths, those on `sys.path` are compiled, but nothing below them
    /// (`compileall.py: compile_path`, 3.13); without an interpreter, `PYTHONPATH` stands for it.
    fn take_path(&mut self, path: Option<Vec<PathBuf>>) -> Result<(), Error> {
        let variable = || {
            let list = environment("PYTHONPATH")?;
            Some(std::env::split_paths(&list).collect())
        };
        let path = path.or_else(variable).ok_or_else(|| {
            Error::usage(
                "name files or directories; or, with `--python`, an interpreter whose `sys.path` \
                 is compiled",
            )
        })?;
        let is_current = |entry: &PathBuf| entry.as_os_str().is_empty() || entry.as_os_str() == ".";
        self.notice = path.iter().any(is_current).then_some("Skipping current directory");
        self.paths = path.into_iter().filter(|entry| !is_current(entry)).collect();
        self.depth = Some(0);
        Ok(())
    }

    fn defaults() -> Result<Self, Error> {
        // As `py_compile.py: _get_default_invalidation_mode`, 3.13.
        let reproducible = environment("SOURCE_DATE_EPOCH").is_some();
        Ok(Self {
            target: parse_target("3.13")?,
            depth: None,
            force: false,
            quiet: Quiet::No,
            legacy: false,
            renaming: Renaming::default(),
            skip: None,
            list: None,
            workers: 1,
            levels: Vec::new(),
            filters: filters(),
            cache_prefix: environment("PYTHONPYCACHEPREFIX").map(PathBuf::from),
            links_within: None,
            hardlink_duplicates: false,
            invalidation: if reproducible {
                Invalidation::CheckedHash
            } else {
                Invalidation::Timestamp
            },
            paths: Vec::new(),
            notice: None,
        })
    }

    /// What options may not be combined, in `compileall.py`'s words.
    fn check(&mut self) -> Result<(), Error> {
        if self.levels.is_empty() {
            self.levels.push(own_level());
        }
        self.levels.sort_unstable();
        self.levels.dedup();
        if self.hardlink_duplicates && self.levels.len() < 2 {
            return Err(Error::usage(
                "hardlinking of duplicated bytecode makes sense only for more than one optimization level (`-o`)",
            ));
        }
        let Renaming { directory, strip, prepend } = &self.renaming;
        if directory.is_some() && (strip.is_some() || prepend.is_some()) {
            return Err(Error::usage("`-d` can't be combined with `-s` or `-p`"));
        }
        if self.legacy && self.levels.len() > 1 {
            return Err(Error::usage(
                "`-b` has one file name for all optimization levels, so it takes one `-o`",
            ));
        }
        Ok(())
    }
}

/// A release, or the newest of a minor version.
pub(crate) fn parse_target(text: &str) -> Result<Target, Error> {
    let unknown =
        || Error::usage(&format!("`--target` takes a release such as 3.13.0, not `{text}`"));
    if text.matches('.').count() == 1 {
        let number = text.strip_prefix("3.").and_then(|number| number.parse().ok());
        let minor = number.and_then(Minor::new).ok_or_else(unknown)?;
        return match Target::newest(minor) {
            Some(target) => Ok(target),
            // Says which versions there are.
            None => Err(unsupported(Version::new(minor, 0))),
        };
    }
    let version: Version = text.parse().map_err(|_| unknown())?;
    Target::for_version(version).map_err(|_| unsupported(version))
}

fn unsupported(version: Version) -> Error {
    match Target::for_version(version) {
        Err(error) => Error::usage(&error.to_string()),
        Ok(target) => Error::usage(&format!("no release of {target} is known")),
    }
}

/// `-x`: found anywhere in a path, in the syntax of Python's `re` as far as that is Rust's, too.
#[derive(Debug)]
pub(super) struct Pattern(fancy_regex::Regex);

impl Pattern {
    fn new(text: &str) -> Result<Self, Error> {
        let pattern = fancy_regex::Regex::new(text);
        pattern.map(Self).map_err(|error| Error::usage(&format!("`-x {text}`: {error}")))
    }

    pub(super) fn matches(&self, path: &str) -> bool {
        // What takes too many steps doesn't match.
        self.0.is_match(path).unwrap_or(false)
    }
}

/// A variable that is set and not empty, as CPython looks at its own.
fn environment(name: &str) -> Option<OsString> {
    std::env::var_os(name).filter(|value| !value.is_empty())
}

fn filters() -> Filters {
    let list = environment("PYTHONWARNINGS").unwrap_or_default();
    let (filters, invalid) = Filters::parse(&list.to_string_lossy());
    for reason in invalid {
        let _ = writeln!(io::stderr(), "Invalid -W option ignored: {reason}");
    }
    filters
}

fn workers(value: &OsString) -> Result<usize, Error> {
    match integer("-j", value)? {
        0 => Ok(std::thread::available_parallelism().map_or(1, usize::from)),
        number => usize::try_from(number)
            .map_err(|_| Error::usage("`-j` takes a number of processes, or 0 for all processors")),
    }
}

fn depth(value: &OsString) -> Result<u32, Error> {
    // A negative depth goes no deeper, since it is no more than 0.
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
        // What isn't a number, or is a negative one, counts as 1.
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

/// The long option that a word stands for, which may be cut off where it is unique.
fn long(word: &str) -> Result<&str, Error> {
    const OPTIONS: [&str; 6] =
        ["hardlink-dupes", "help", "invalidation-mode", "python", "target", "workers"];
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
