//! Cargo's side of a build script: the variables that it sets, the lines that it reads.
//!
//! | variable | meaning |
//! |---|---|
//! | `OUT_DIR` | where the output goes |
//! | `NUM_JOBS` | maximum number of workers |
//! | `CARGO_MAKEFLAGS` | the source of the tokens that each worker except one needs (`parallel/tokens.rs`) |
//! | `PROFILE` | `debug`: sources are included by default |
//! | `INCLUDE_PY_DEVELOP` | `0`: debug builds ignore `Bundle::develop` |
//! | `INCLUDE_PY_HASH` | `1`: files are read again even if their size and times are unchanged |
//! | `INCLUDE_PY_COMMAND` | the path of the command `include-py` that may compile; `0`: don't use one |
//! | `PATH` | where the command is searched for otherwise; its code is the same, so Cargo needn't watch this |
//! | `CARGO_MANIFEST_DIR` | what paths in messages are relative to; whether the package has a shared library |
//! | `TARGET`, `HOST`, `CARGO_CFG_TARGET_OS`, `OPT_LEVEL`, `DEBUG` | the target and options for C |
//! | `CARGO_PKG_NAME`, `CARGO_PKG_VERSION` | part of the names of the package's symbols |
//! | `CARGO_CFG_TARGET_ARCH`, `…_OS`, `…_ENV` | the machine that extension modules must be for |
//! | `CARGO_CFG_UNIX` | whether the target's linker supports run paths |
//! | `CARGO_CFG_TARGET_OS`, `…_ARCH`, `…_FEATURE` | whether libpython can be linked into the program, and which one |
//! | `DEP_INCLUDE_PY_VERSION` | the version of `include-py` |
//! | `DEP_INCLUDE_PY_PYTHON_VERSION` | the target, `3.13` |
//! | `DEP_INCLUDE_PY_PYTHON_EXECUTABLE` | the interpreter that PyO3 resolved, if there is one |
//! | `DEP_INCLUDE_PY_PYTHON_SHARED`, `…_LIB_NAME`, `…_LIB_DIR`, `…_FRAMEWORK_PREFIX` | libpython |
//!
//! No other file of this crate reads them. The crate `cc` reads further variables to find a C
//! compiler, which are listed in `ctools.rs`.

use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::backend;
use crate::develop::Mode;
use crate::environment::{Machine, Resolved, Sources};
use crate::error::{ErrorKind, Problem};
use crate::link::{self, Libc, Platform};
use crate::parallel::Tokens;
use crate::record::Trust;
use crate::{Environment, Output, report};

/// Set by the user; the program reads it as well.
pub(crate) const DEVELOP: &str = "INCLUDE_PY_DEVELOP";

/// Set by the user.
pub(crate) const HASH: &str = "INCLUDE_PY_HASH";

/// Set by the user.
pub(crate) const COMMAND: &str = "INCLUDE_PY_COMMAND";

/// The settings from Cargo.
#[derive(Debug)]
pub(crate) struct Cargo {
    pub(crate) environment: Environment,
    /// The run path to libpython, if the program needs one.
    rpath: Option<String>,
    manifest_dir: Option<PathBuf>,
    /// The profile's name in `Cargo.toml`.
    profile: String,
}

/// Whether the program shall have a run path to libpython.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rpath {
    Emitted,
    LeftOut,
}

/// Something whose change makes Cargo run the build script again.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Watched {
    /// A file, or a directory with its content.
    Path(PathBuf),
    Variable(Cow<'static, str>),
}

impl Cargo {
    pub(crate) fn from_env() -> Result<Self, Problem> {
        Self::new(&|name| std::env::var_os(name)?.into_string().ok())
    }

    fn new(get: &dyn Fn(&str) -> Option<String>) -> Result<Self, Problem> {
        let problem = |text: &str| Problem::new(ErrorKind::Environment, text);
        let out_dir = get("OUT_DIR").ok_or_else(|| {
            problem("`OUT_DIR` isn't set: this isn't a build script that Cargo runs")
                .help("call it in `build.rs`, or use `Bundle::build` elsewhere")
        })?;
        let Some(version) = get("DEP_INCLUDE_PY_VERSION") else {
            return Err(problem("the package that this build script belongs to doesn't depend on `include-py`")
                .note("its build script says which interpreter PyO3 resolved, but only to direct dependents")
                .help(format!(
                    "add `include-py = \"{}\"` to `[dependencies]` in `Cargo.toml`",
                    env!("CARGO_PKG_VERSION")
                )));
        };
        if version != env!("CARGO_PKG_VERSION") {
            let own = env!("CARGO_PKG_VERSION");
            return Err(problem(&format!(
                "`include-py` is {version}, but `include-py-build` is {own}"
            ))
            .note("they share the bundle's format, which can change with every version")
            .help("give both the same version in `Cargo.toml`, and run `cargo update`"));
        }
        let target = get("DEP_INCLUDE_PY_PYTHON_VERSION").as_deref().and_then(minor);
        let Some((major, minor)) = target else {
            return Err(problem("`include-py` doesn't say which Python it is built for")
                .help("run `cargo clean -p include-py`, and build again"));
        };

        let profile = profile(Path::new(&out_dir));
        let mut environment = Environment::new(out_dir).python_version(major, minor);
        environment.python = get("DEP_INCLUDE_PY_PYTHON_EXECUTABLE").map(PathBuf::from);
        environment.jobs = get("NUM_JOBS").and_then(|jobs| jobs.parse().ok());
        environment.tokens =
            get("CARGO_MAKEFLAGS").and_then(|flags| Tokens::parse(&flags)).map(Arc::new);
        environment.command = match get(COMMAND) {
            Some(named) if named == "0" => None,
            Some(named) if !named.is_empty() => Some(PathBuf::from(named)),
            _ => get("PATH").and_then(|path| backend::search(path.as_ref())),
        };
        let system = &mut environment.system;
        for (name, part) in [
            ("CARGO_CFG_TARGET_ARCH", &mut system.arch),
            ("CARGO_CFG_TARGET_OS", &mut system.os),
            ("CARGO_CFG_TARGET_ENV", &mut system.env),
        ] {
            if let Some(value) = get(name) {
                *part = value;
            }
        }
        if get(HASH).is_some_and(|value| !matches!(value.as_str(), "" | "0")) {
            environment.trust = Trust::Contents;
        }
        if get("PROFILE").is_some_and(|profile| profile == "debug") {
            environment.sources = Sources::Included;
            if get(DEVELOP).is_none_or(|value| value != "0") {
                environment.develop = Mode::Developed;
            }
        }
        environment.machine = machine(get).map(Box::new);
        environment.libpython = Resolved {
            name: get("DEP_INCLUDE_PY_PYTHON_LIB_NAME"),
            dir: get("DEP_INCLUDE_PY_PYTHON_LIB_DIR").map(PathBuf::from),
        };
        environment.platform = platform(get);
        let manifest_dir = get("CARGO_MANIFEST_DIR").map(PathBuf::from);
        environment.manifest = manifest_dir.as_ref().map(|dir| dir.join("Cargo.toml"));
        let shared = get("DEP_INCLUDE_PY_PYTHON_SHARED").is_some_and(|shared| shared == "true");
        let library = get("DEP_INCLUDE_PY_PYTHON_FRAMEWORK_PREFIX")
            .or_else(|| get("DEP_INCLUDE_PY_PYTHON_LIB_DIR"));
        Ok(Self {
            environment,
            rpath: library.filter(|_| shared && get("CARGO_CFG_UNIX").is_some()),
            manifest_dir,
            profile,
        })
    }

    /// The path for messages: relative to `Cargo.toml`, if it is below.
    ///
    /// Build scripts run in that directory, so the result leads to the same file.
    pub(crate) fn shorten(&self, path: &Path) -> PathBuf {
        let dir = self.manifest_dir.as_deref();
        let inside = dir.and_then(|dir| path.strip_prefix(dir).ok());
        match inside {
            Some(inside) if inside.as_os_str().is_empty() => PathBuf::from("."),
            Some(inside) => inside.to_owned(),
            None => path.to_owned(),
        }
    }

    /// The lines for Cargo after a successful build.
    pub(crate) fn lines(&self, output: &Output, rpath: Rpath) -> Vec<String> {
        let watched = output.watched.iter().map(|watched| match watched {
            Watched::Path(path) => format!("cargo::rerun-if-changed={}", path.display()),
            Watched::Variable(name) => format!("cargo::rerun-if-env-changed={name}"),
        });
        // The expression that `include_py!` includes. If it isn't set, the macro's error says what
        // is missing.
        let declared = output.rust.file_stem().map(|name| {
            format!(
                "cargo::rustc-env=INCLUDE_PY_BUNDLE_{}={}",
                name.to_string_lossy(),
                output.rust.display()
            )
        });
        let outside = rpath == Rpath::Emitted && output.link.is_empty();
        let rpath = self.rpath_line().into_iter().filter(|_| outside);
        let search = output.library_dirs.iter();
        let search = search.map(|dir| format!("cargo::rustc-link-search=native={}", dir.display()));
        // Cargo reads line by line, so a warning must not contain a newline.
        let advice = report::advice(&output.time, &self.profile);
        let warnings = output.warnings().map(|warning| warning.replace('\n', " ")).chain(advice);
        let warnings = warnings.map(|warning| format!("cargo::warning={warning}"));
        watched
            .chain(declared)
            .chain(search)
            .chain(output.link.iter().cloned())
            .chain(rpath)
            .chain(warnings)
            .collect()
    }

    /// The lines for a program whose bundle is in another package's library: the linker's options,
    /// which don't come with the library.
    pub(crate) fn program_lines(&self) -> Result<Vec<String>, Problem> {
        let mut lines: Vec<_> = self.rpath_line().into_iter().collect();
        if self.environment.platform.as_ref().is_some_and(|platform| platform.os == "linux") {
            // Has no effect unless the library links libpython statically.
            let out_dir = self.environment.out_dir();
            link::write_symbols(out_dir)?;
            lines.extend(link::program_lines(out_dir));
        }
        Ok(lines)
    }

    fn rpath_line(&self) -> Option<String> {
        self.rpath.as_ref().map(|dir| format!("cargo::rustc-link-arg=-Wl,-rpath,{dir}"))
    }
}

/// The platform that the program is built for.
fn platform(get: &dyn Fn(&str) -> Option<String>) -> Option<Platform> {
    let features = get("CARGO_CFG_TARGET_FEATURE").unwrap_or_default();
    let linked = features.split(',').any(|feature| feature == "crt-static");
    Some(Platform {
        os: get("CARGO_CFG_TARGET_OS")?,
        arch: get("CARGO_CFG_TARGET_ARCH")?,
        libc: if linked { Libc::Static } else { Libc::Shared },
    })
}

/// The name of the profile. `PROFILE` has only the one from which it is derived.
///
/// `target/release/build/app-0123456789abcdef/out` belongs to `release`; a directory `debug`
/// belongs to `dev`.
fn profile(out_dir: &Path) -> String {
    let dir = out_dir.ancestors().nth(3).and_then(Path::file_name);
    match dir.and_then(|name| name.to_str()) {
        None | Some("debug") => "dev".to_owned(),
        Some(name) => name.to_owned(),
    }
}

fn machine(get: &dyn Fn(&str) -> Option<String>) -> Option<Machine> {
    Some(Machine {
        target: get("TARGET")?,
        host: get("HOST")?,
        os: get("CARGO_CFG_TARGET_OS")?,
        opt_level: get("OPT_LEVEL")?,
        debug: get("DEBUG").is_some_and(|debug| !matches!(&*debug, "false" | "0" | "none")),
        package: format!("{} {}", get("CARGO_PKG_NAME")?, get("CARGO_PKG_VERSION")?),
    })
}

/// `3.13` as `(3, 13)`
fn minor(version: &str) -> Option<(u8, u8)> {
    let (major, minor) = version.split_once('.')?;
    Some((major.parse().ok()?, minor.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    const VARIABLES: &[(&str, &str)] = &[
        ("OUT_DIR", "/out"),
        ("NUM_JOBS", "3"),
        ("PROFILE", "debug"),
        ("CARGO_MANIFEST_DIR", "/app"),
        ("TARGET", "riscv64gc-unknown-linux-gnu"),
        ("HOST", "x86_64-unknown-linux-gnu"),
        ("OPT_LEVEL", "s"),
        ("DEBUG", "line-tables-only"),
        ("CARGO_PKG_NAME", "app"),
        ("CARGO_PKG_VERSION", "1.2.0"),
        ("CARGO_CFG_UNIX", ""),
        ("CARGO_CFG_TARGET_OS", "linux"),
        ("CARGO_CFG_TARGET_ARCH", "x86_64"),
        ("DEP_INCLUDE_PY_VERSION", env!("CARGO_PKG_VERSION")),
        ("DEP_INCLUDE_PY_PYTHON_VERSION", "3.13"),
        ("DEP_INCLUDE_PY_PYTHON_EXECUTABLE", "/bin/python3.13"),
        ("DEP_INCLUDE_PY_PYTHON_SHARED", "true"),
        ("DEP_INCLUDE_PY_PYTHON_LIB_NAME", "python3.13"),
        ("DEP_INCLUDE_PY_PYTHON_LIB_DIR", "/usr/lib"),
    ];

    /// `Cargo` with these variables instead of the usual ones; an empty value removes a variable.
    fn cargo(changes: &[(&str, &str)]) -> Result<Cargo, Problem> {
        let get = |name: &str| {
            let replaced = changes.iter().find(|(key, _)| *key == name);
            let usual = VARIABLES.iter().find(|(key, _)| *key == name);
            match replaced {
                Some((_, "")) => None,
                found => found.or(usual).map(|(_, value)| (*value).to_owned()),
            }
        };
        Cargo::new(&get)
    }

    #[test]
    fn variables_become_an_environment() {
        let Cargo { environment, rpath, .. } = cargo(&[]).unwrap();
        assert_eq!(environment.out_dir(), Path::new("/out"));
        assert_eq!(environment.version, Some((3, 13)));
        assert_eq!(environment.python.as_deref(), Some(Path::new("/bin/python3.13")));
        assert_eq!(environment.jobs.unwrap().get(), 3);
        assert_eq!(environment.sources, Sources::Included);
        assert_eq!(rpath.as_deref(), Some("/usr/lib"));
        let machine = environment.machine.clone().unwrap();
        assert_eq!((&*machine.target, &*machine.os), ("riscv64gc-unknown-linux-gnu", "linux"));
        assert_eq!((&*machine.host, &*machine.opt_level), ("x86_64-unknown-linux-gnu", "s"));
        assert_eq!(environment.libpython.name.as_deref(), Some("python3.13"));
        let platform = environment.platform.unwrap();
        assert_eq!(
            (&*platform.os, &*platform.arch, platform.libc),
            ("linux", "x86_64", Libc::Shared)
        );
        let features = ("CARGO_CFG_TARGET_FEATURE", "crt-static,fxsr");
        assert_eq!(cargo(&[features]).unwrap().environment.platform.unwrap().libc, Libc::Static);
        assert_eq!((machine.debug, &*machine.package), (true, "app 1.2.0"));
        let release = cargo(&[("PROFILE", "release"), ("NUM_JOBS", "0")]).unwrap().environment;
        assert_eq!((release.sources, release.jobs), (Sources::LeftOut, None));
        assert_eq!((environment.develop, release.develop), (Mode::Developed, Mode::Bundled));
        let off = cargo(&[("INCLUDE_PY_DEVELOP", "0")]).unwrap().environment;
        assert_eq!((off.develop, off.sources), (Mode::Bundled, Sources::Included));
        let command = |value| cargo(&[("INCLUDE_PY_COMMAND", value)]).unwrap().environment.command;
        assert_eq!((command(""), command("0")), (None, None));
        assert_eq!(command("/bin/include-py"), Some(PathBuf::from("/bin/include-py")));
        let trust = |value| cargo(&[("INCLUDE_PY_HASH", value)]).unwrap().environment.trust;
        assert_eq!(["", "0", "1"].map(trust), [Trust::Stamps, Trust::Stamps, Trust::Contents]);
    }

    #[test]
    fn a_run_path_is_for_shared_libraries_on_unix() {
        for (name, value) in [
            ("DEP_INCLUDE_PY_PYTHON_SHARED", "false"),
            ("DEP_INCLUDE_PY_PYTHON_LIB_DIR", ""),
            ("CARGO_CFG_UNIX", ""),
        ] {
            assert_eq!(cargo(&[(name, value)]).unwrap().rpath, None, "{name}");
        }
        let framework = cargo(&[("DEP_INCLUDE_PY_PYTHON_FRAMEWORK_PREFIX", "/F")]).unwrap();
        assert_eq!(framework.rpath.as_deref(), Some("/F"));
    }

    #[test]
    fn paths_are_shown_relative_to_the_package() {
        let cargo = cargo(&[]).unwrap();
        let short = |path: &str| cargo.shorten(Path::new(path)).display().to_string();
        assert_eq!(short("/app/python"), "python");
        assert_eq!(short("/app"), ".");
        assert_eq!(short("/else/python"), "/else/python");
        assert_eq!(short("../python"), "../python");
    }

    #[test]
    fn the_profiles_name_is_found_in_the_output_directory() {
        let of = |dir: &str| profile(Path::new(dir));
        assert_eq!(of("/app/target/debug/build/app-0123/out"), "dev");
        assert_eq!(of("/app/target/x86_64-unknown-linux-gnu/dist/build/app-0123/out"), "dist");
        assert_eq!(of("/out"), "dev");
    }

    #[test]
    fn missing_variables_are_explained() {
        let message = |name, value| cargo(&[(name, value)]).unwrap_err().message().to_owned();
        assert_eq!(
            message("OUT_DIR", ""),
            "`OUT_DIR` isn't set: this isn't a build script that Cargo runs\n  \
             = help: call it in `build.rs`, or use `Bundle::build` elsewhere"
        );
        assert_eq!(
            message("DEP_INCLUDE_PY_VERSION", ""),
            "the package that this build script belongs to doesn't depend on `include-py`\n  \
             = note: its build script says which interpreter PyO3 resolved, but only to direct \
             dependents\n  \
             = help: add `include-py = \"0.1.0\"` to `[dependencies]` in `Cargo.toml`"
        );
        assert_eq!(
            message("DEP_INCLUDE_PY_VERSION", "0.0.9"),
            "`include-py` is 0.0.9, but `include-py-build` is 0.1.0\n  \
             = note: they share the bundle's format, which can change with every version\n  \
             = help: give both the same version in `Cargo.toml`, and run `cargo update`"
        );
        assert_eq!(
            message("DEP_INCLUDE_PY_PYTHON_VERSION", "x"),
            "`include-py` doesn't say which Python it is built for\n  \
             = help: run `cargo clean -p include-py`, and build again"
        );
    }
}
