//! The settings of a bundle as one value that all stages use, and the checks that need no file.
//!
//! `Bundle::new("app").source("python").optimize(7)` has the settings `app`, one root, and a level
//! that [`check`](Settings::check) reports.

use std::path::PathBuf;

use crate::backend::{Choice, Verify};
use crate::develop::Mode;
use crate::environment::Sources;
use crate::error::{ErrorKind, Problem};
use crate::find::Root;
use crate::link::Libpython;
use crate::options::{Part, Table};
use crate::{DEFAULT_EXCLUDES, Environment, Extension, Stdlib, SystemLibraries};

/// What to build.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    pub(crate) name: String,
    /// Without the standard library, whose place only the backend knows.
    pub(crate) roots: Vec<Root>,
    pub(crate) extensions: Vec<Extension>,
    pub(crate) stdlib: Option<Stdlib>,
    pub(crate) default_excludes: &'static [&'static str],
    pub(crate) excludes: Vec<String>,
    pub(crate) resources: Vec<String>,
    /// The level as it was given; `options` has its effect.
    pub(crate) optimize: u8,
    pub(crate) options: Table,
    pub(crate) interpreter: Option<PathBuf>,
    /// Interpreters of further targets.
    pub(crate) further: Vec<PathBuf>,
    /// Releases for which the compiler makes code, by their given names.
    pub(crate) targets: Vec<String>,
    pub(crate) mismatch: Mismatch,
    pub(crate) develop: Mode,
    pub(crate) backend: Option<Choice>,
    pub(crate) verify: Verify,
    pub(crate) libpython: Libpython,
    pub(crate) system: SystemLibraries,
    pub(crate) machine_code: Storage,
}

/// How machine code is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Storage {
    Plain,
    Compressed,
}

/// What happens if an interpreter fits no target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mismatch {
    Refuse,
    CompileSource,
}

impl Settings {
    pub(crate) fn new(name: String) -> Self {
        Self {
            name,
            roots: Vec::new(),
            extensions: Vec::new(),
            stdlib: None,
            default_excludes: DEFAULT_EXCLUDES,
            excludes: Vec::new(),
            resources: Vec::new(),
            optimize: 0,
            options: Table::default(),
            interpreter: None,
            further: Vec::new(),
            targets: Vec::new(),
            mismatch: Mismatch::Refuse,
            develop: Mode::Bundled,
            backend: None,
            verify: Verify::No,
            libpython: Libpython::AsResolved,
            system: SystemLibraries::none(),
            machine_code: Storage::Plain,
        }
    }

    /// Whether the program needs an installation of Python: for its standard library, unless a
    /// directory is given for that, or for its libpython.
    pub(crate) fn needs_installation(&self) -> bool {
        let library = self.stdlib.as_ref().is_some_and(|stdlib| !stdlib.is_given());
        library || self.libpython != Libpython::AsResolved
    }

    /// Whether a directory or an archive of the standard library is given.
    pub(crate) fn has_own_stdlib(&self) -> bool {
        self.stdlib.as_ref().is_some_and(Stdlib::is_given)
    }

    /// Whether sources are bundled if no options decide it.
    pub(crate) fn sources(&self, environment: &Environment) -> Part {
        let included = environment.sources == Sources::Included;
        if included || self.mismatch == Mismatch::CompileSource {
            Part::Kept
        } else {
            Part::LeftOut
        }
    }

    /// Reports settings that are invalid whatever files there are.
    pub(crate) fn check(&self, problems: &mut Vec<Problem>) {
        let mut add = |text: String, help: &str| {
            problems.push(Problem::new(ErrorKind::Option, text).help(help));
        };
        let name = &self.name;
        let inside = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
        if name.is_empty() || name.starts_with('-') || !name.chars().all(inside) {
            add(
                format!("`{name}` can't be the name of a bundle"),
                "use ASCII letters, digits, `_` and `-`, as in `Bundle::new(\"app\")`",
            );
        }
        if self.optimize > 2 {
            let text = format!("there is no optimisation level {}", self.optimize);
            add(text, "give `Bundle::optimize` 0, 1 or 2; 0 is the default");
        }
        let several = !self.further.is_empty() || self.targets.len() > 1;
        let elsewhere = several || self.mismatch == Mismatch::CompileSource;
        if self.stdlib.is_some() && elsewhere {
            add(
                "a standard library belongs to one version of Python".to_owned(),
                "leave out `Bundle::stdlib`, or `also_for`, `targets` and `compile_on_mismatch`",
            );
        }
        for root in &self.roots {
            let Root::Package { name, .. } = root else { continue };
            let bad = |part: &str| {
                part.is_empty() || part == "__init__" || part.contains(['/', '\\', '\0'])
            };
            if name.split('.').any(bad) {
                add(
                    format!("`{name}` can't be imported"),
                    "give `Bundle::package` a name as in `import app.vendor`",
                );
            }
        }
        if let Some(stdlib) = &self.stdlib {
            stdlib.check(problems);
        }
    }
}
