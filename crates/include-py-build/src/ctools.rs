//! The target's C compiler and archiver, as the crate `cc` finds them.
//!
//! | variable | meaning |
//! |---|---|
//! | `CC`, `CXX`, `AR` | the tools |
//! | `CFLAGS`, `CXXFLAGS`, `ARFLAGS` | further options for them |
//! | `CROSS_COMPILE` | a prefix of the tools' names |
//! | `CRATE_CC_NO_DEFAULTS` | pass only these options and those of the build |
//!
//! All except the last two are also read with the target in their names
//! (`CC_x86_64-unknown-linux-gnu`, `CC_x86_64_unknown_linux_gnu`), and as `TARGET_CC` or `HOST_CC`.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::cargo::Watched;
use crate::environment::Machine;
use crate::fs;

const FOR_EACH_TARGET: &[&str] = &["CC", "CXX", "AR", "CFLAGS", "CXXFLAGS", "ARFLAGS"];
const FOR_ALL: &[&str] = &["CROSS_COMPILE", "CRATE_CC_NO_DEFAULTS"];

/// Finds the tools for a machine.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tools<'a> {
    machine: &'a Machine,
    /// Where `cc` can write files to test tools.
    out_dir: &'a Path,
}

/// What went wrong with a tool, and its output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Failure {
    pub(crate) what: String,
    pub(crate) printed: String,
}

impl<'a> Tools<'a> {
    pub(crate) fn new(machine: &'a Machine, out_dir: &'a Path) -> Self {
        Self { machine, out_dir }
    }

    pub(crate) fn machine(self) -> &'a Machine {
        self.machine
    }

    pub(crate) fn out_dir(self) -> &'a Path {
        self.out_dir
    }

    /// A configuration for this machine that prints nothing.
    pub(crate) fn build(self) -> cc::Build {
        let mut build = cc::Build::new();
        build
            .target(&self.machine.target)
            .host(&self.machine.host)
            .opt_level_str(&self.machine.opt_level)
            .out_dir(self.out_dir)
            .debug(false)
            .cargo_metadata(false)
            .cargo_warnings(false)
            .cargo_debug(false)
            .cargo_output(false);
        build
    }

    /// Puts objects into the static library `lib<name>.a` in the output directory.
    ///
    /// Its name identifies its content, and it is written atomically, so an existing one is valid.
    pub(crate) fn archive(self, name: &str, objects: &[PathBuf]) -> Result<PathBuf, Failure> {
        let path = self.archive_path(name);
        let beside = path.with_extension(format!("{}.tmp", std::process::id()));
        let mut archiver = self.build().try_get_archiver().map_err(|error| unfound(&error))?;
        // `D`: no times and owners, so that the same objects give the same bytes.
        let modes = if self.machine.is_elf() { "crsD" } else { "crs" };
        run(archiver.arg(modes).arg(&beside).args(objects))?;
        std::fs::rename(&beside, &path).map_err(|error| Failure {
            what: format!("`{}` can't be written: {error}", path.display()),
            printed: String::new(),
        })?;
        Ok(path)
    }

    pub(crate) fn archive_path(self, name: &str) -> PathBuf {
        self.out_dir.join(format!("lib{name}.a"))
    }

    /// Removes the archives whose names are `prefix` and a digest, except those in `keep`.
    pub(crate) fn remove_archives(out_dir: &Path, prefix: &str, keep: &[&Path]) {
        let of_another_build = |path: &Path| {
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            let digest = name.strip_prefix("lib").and_then(|rest| rest.strip_prefix(prefix));
            let digest = digest.and_then(|rest| rest.strip_suffix(".a"));
            digest.is_some_and(|hex| hex.len() == 32 && hex.chars().all(|c| c.is_ascii_hexdigit()))
        };
        for path in fs::files_in(out_dir) {
            if of_another_build(&path) && !keep.contains(&&*path) {
                // Best effort: an old one takes room, but does no harm.
                let _ = std::fs::remove_file(path);
            }
        }
    }

    /// The environment variables on which the result depends.
    pub(crate) fn watched(self) -> Vec<Watched> {
        let target = &self.machine.target;
        let kind = if *target == self.machine.host { "HOST" } else { "TARGET" };
        let underscored = target.replace(['-', '.'], "_");
        let forms = |name: &&str| {
            [
                (*name).to_owned(),
                format!("{name}_{target}"),
                format!("{name}_{underscored}"),
                format!("{kind}_{name}"),
            ]
        };
        let names = FOR_EACH_TARGET.iter().flat_map(forms);
        let names = names.chain(FOR_ALL.iter().map(|name| (*name).to_owned()));
        names.map(|name| Watched::Variable(name.into())).collect()
    }
}

/// Runs a tool until it ends; returns its messages if it succeeded.
pub(crate) fn run(command: &mut Command) -> Result<String, Failure> {
    outcome(command).map(|(_, complaints)| complaints)
}

/// Runs a tool until it ends; returns its standard output.
pub(crate) fn answer(command: &mut Command) -> Result<String, Failure> {
    outcome(command).map(|(answer, _)| answer)
}

fn outcome(command: &mut Command) -> Result<(String, String), Failure> {
    let shown = command.get_program().to_string_lossy().into_owned();
    let output = command.output().map_err(|error| Failure {
        what: format!("`{shown}` could not be started: {error}"),
        printed: String::new(),
    })?;
    let printed = String::from_utf8_lossy(&output.stderr).into_owned();
    if output.status.success() {
        return Ok((String::from_utf8_lossy(&output.stdout).into_owned(), printed));
    }
    Err(Failure { what: format!("`{shown}` ended with {}", output.status), printed })
}

/// The failure when `cc` finds no tool.
pub(crate) fn unfound(error: &cc::Error) -> Failure {
    Failure { what: error.to_string(), printed: String::new() }
}

/// Each byte as two hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn archives_of_earlier_builds_are_removed() {
        let dir = tempfile::tempdir().unwrap();
        let digest = |c: char| c.to_string().repeat(32);
        let name = |bundle: &str, c| format!("libinclude_py_{bundle}_{}.a", digest(c));
        let kept = [
            name("app", '1'),
            name("app_x", '2'),
            format!("{}x", name("app", '3')),
            "libinclude_py_app_12.a".to_owned(),
            format!("include_py_app_{}", digest('4')),
        ];
        for one in kept.iter().chain([&name("app", 'a'), &name("app", '0')]) {
            std::fs::write(dir.path().join(one), "").unwrap();
        }
        let keep = dir.path().join(&kept[0]);
        Tools::remove_archives(dir.path(), "include_py_app_", &[&keep]);
        let mut left: Vec<_> = fs::files_in(dir.path());
        left.sort();
        let mut expected: Vec<_> = kept.iter().map(|name| dir.path().join(name)).collect();
        expected.sort();
        assert_eq!(left, expected);
    }

    #[test]
    fn tools_that_fail_or_are_missing_are_named() {
        let failure = run(Command::new("sh").args(["-c", "echo why >&2; exit 3"])).unwrap_err();
        assert_eq!(failure.what, "`sh` ended with exit status: 3");
        assert_eq!(failure.printed, "why\n");
        let failure = run(&mut Command::new("/nowhere/cc")).unwrap_err();
        assert!(failure.what.starts_with("`/nowhere/cc` could not be started: "), "{failure:?}");
    }

    #[test]
    fn variables_are_watched_in_every_form() {
        let target = "thumbv8m.main-none-eabi".to_owned();
        let machine = Machine { target, ..Machine::example() };
        let watched = Tools::new(&machine, Path::new("/out")).watched();
        for name in
            ["CC", "AR_thumbv8m_main_none_eabi", "CFLAGS_thumbv8m.main-none-eabi", "TARGET_CC"]
        {
            assert!(watched.contains(&Watched::Variable(name.into())), "{name}");
        }
    }
}
