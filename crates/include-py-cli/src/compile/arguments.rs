//! The options of `include-py compile`, checked.
//!
//! `-qq` is `Quiet::All`; `--target 3.13` is that version's newest release.

use std::ffi::OsString;
use std::path::PathBuf;

use lexopt::prelude::{Long, Short, Value, ValueExt as _};
use pyc_code::{Minor, Version};
use pyc_compiler::{Optimize, Target};
use regex_lite::Regex;

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
    pub(super) skip: Option<Regex>,
    pub(super) list: Option<PathBuf>,
    pub(super) workers: usize,
    /// Sorted, each once.
    pub(super) levels: Vec<Optimize>,
    pub(super) links_within: Option<PathBuf>,
    pub(super) hardlink_duplicates: bool,
    pub(super) invalidation: Invalidation,
    pub(super) paths: Vec<PathBuf>,
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
    pub(super) directory: Option<String>,
    pub(super) strip: Option<String>,
    pub(super) prepend: Option<String>,
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
        let (mut flat, mut recursion, mut target) = (false, None, None);
        while let Some(argument) = parser.next()? {
            match argument {
                Short('h') | Long("help") => return Ok(None),
                Long("target") => target = Some(parser.value()?),
                Short('l') => flat = true,
                Short('r') => recursion = Some(parser.value()?.parse::<u32>()?),
                Short('f') => found.force = true,
                Short('q') => {
                    found.quiet =
                        if found.quiet == Quiet::No { Quiet::Progress } else { Quiet::All };
                }
                Short('b') => found.legacy = true,
                Short('d') => found.renaming.directory = Some(parser.value()?.string()?),
                Short('s') => found.renaming.strip = Some(parser.value()?.string()?),
                Short('p') => found.renaming.prepend = Some(parser.value()?.string()?),
                Short('x') => found.skip = Some(regex(&parser.value()?.string()?)?),
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
        if let Some(target) = target {
            found.target = parse_target(&target.string()?)?;
        }
        found.depth = recursion.or(if flat { Some(0) } else { None });
        found.check()?;
        Ok(Some(found))
    }

    fn defaults() -> Result<Self, Error> {
        // As `py_compile.py: _get_default_invalidation_mode`, 3.13.
        let reproducible = std::env::var_os("SOURCE_DATE_EPOCH").is_some_and(|at| !at.is_empty());
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
            links_within: None,
            hardlink_duplicates: false,
            invalidation: if reproducible {
                Invalidation::CheckedHash
            } else {
                Invalidation::Timestamp
            },
            paths: Vec::new(),
        })
    }

    /// What options may not be combined, in `compileall.py`'s words.
    fn check(&mut self) -> Result<(), Error> {
        if self.levels.is_empty() {
            self.levels.push(Optimize::None);
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
        if self.paths.is_empty() && self.list.is_none() {
            return Err(Error::usage("`compile` takes files or directories"));
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

fn regex(text: &str) -> Result<Regex, Error> {
    Regex::new(text).map_err(|error| Error::usage(&format!("`-x {text}`: {error}")))
}

fn workers(value: &OsString) -> Result<usize, Error> {
    match value.parse()? {
        0 => Ok(std::thread::available_parallelism().map_or(1, usize::from)),
        number => Ok(number),
    }
}

fn level(value: &OsString) -> Result<Optimize, Error> {
    // -1 is "as the interpreter runs", which without an interpreter is 0.
    match value.parse::<i32>()? {
        -1 | 0 => Ok(Optimize::None),
        1 => Ok(Optimize::NoAsserts),
        2 => Ok(Optimize::NoDocstrings),
        other => Err(Error::usage(&format!("`-o` takes 0, 1 or 2, not {other}"))),
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
