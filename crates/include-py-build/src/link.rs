//! Links the program with libpython: with the shared library, as PyO3 does, or statically.
//!
//! ```text
//! cargo::rustc-link-search=native=/opt/py/lib/python3.13/config-3.13-x86_64-linux-gnu
//! cargo::rustc-link-lib=static:+whole-archive,-bundle=python3.13    all of libpython3.13.a
//! cargo::rustc-link-lib=static:-bundle=z                            what its own modules need
//! cargo::rustc-link-arg=-Wl,--dynamic-list=$OUT_DIR/python.symbols  exports what extension modules need
//! cargo::rustc-link-arg=-Wl,--defsym=include_py_static_python…=main     only a program has `main`
//! cargo::rustc-link-arg=-no-pie                                     if the archive needs fixed addresses
//! ```
//!
//! The whole archive precedes the shared library that PyO3 requests. Then nothing is left for the
//! shared library to define, and the linker drops it. ADR 31 has the reasons.

mod archive;
mod hashes;
mod installed;
mod makefile;
mod manifest;

use std::path::{Path, PathBuf};

use pyc_code::Minor;

use crate::Environment;
use crate::backend::Python;
use crate::cargo::Watched;
use crate::ctools::Tools;
use crate::error::{ErrorKind, Problem};
pub(crate) use archive::machine;
use archive::{Archive, Code};

/// The symbols that extension modules may use, in the linkers' syntax: those that libpython3.11.so
/// to libpython3.13.so export, without those of the linked libraries.
const SYMBOLS: &str = "{ Py*; _Py*; PY_TIMEOUT_MAX; };\n";

/// A symbol to which each bundle with a linked libpython refers. Cargo applies linker arguments
/// only to the package that sets them, so a program in another package lacks it until its build
/// script calls [`link`](crate::link), and a shared library always does. Its name is the message.
pub(crate) const IN_PROGRAM: &str =
    "include_py_static_python_is_for_programs_whose_build_script_calls_include_py_build_link";

/// The file in `OUT_DIR` with [`SYMBOLS`].
const SYMBOLS_FILE: &str = "python.symbols";

/// The libpython that the program uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Libpython {
    /// The one that PyO3 found: usually a shared library.
    AsResolved,
    /// One that is linked into the program.
    Inside,
}

/// The platform that the program is built for, according to Cargo.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Platform {
    /// `linux`
    pub(crate) os: String,
    /// `x86_64`
    pub(crate) arch: String,
    pub(crate) libc: Libc,
}

/// How the program is linked with the C library.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Libc {
    Shared,
    /// Statically (`+crt-static`), without `dlopen`.
    Static,
}

/// The libpython to look for, according to PyO3.
#[derive(Clone, Copy, Debug)]
struct Wanted<'a> {
    /// `python3.13`
    name: &'a str,
    /// The standard library's directory, below which installations have the archive.
    stdlib_dir: Option<&'a Path>,
    /// The directory where PyO3 found libpython.
    library_dir: Option<&'a Path>,
}

/// The instructions for Cargo.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Linkage {
    pub(crate) lines: Vec<String>,
    pub(crate) watched: Vec<Watched>,
    /// Shared libraries that libpython needs, except the C library.
    pub(crate) needed: Vec<String>,
}

impl Linkage {
    /// Warnings about libraries that the program's machine must have.
    pub(crate) fn warnings(&self) -> impl Iterator<Item = String> {
        self.needed.iter().map(|name| {
            format!(
                "the program needs `lib{name}.so`, because libpython does and `lib{name}.a` isn't \
                 installed: install the library's development package on the build machine, or the \
                 library wherever the program runs"
            )
        })
    }
}

/// How to link the libpython that PyO3 resolved into the program. Outside a build script, nothing
/// is linked.
///
/// `resolved` is what PyO3's interpreter reports, if it is the one that compiles.
pub(crate) fn libpython(
    environment: &Environment,
    resolved: Option<&Python>,
) -> Result<Linkage, Problem> {
    let Some(platform) = &environment.platform else { return Ok(Linkage::default()) };
    if let Some(text) = environment.manifest.as_deref().and_then(crate::fs::read_previous) {
        for_programs(&String::from_utf8_lossy(&text))?;
    }
    let minor = environment.version.filter(|version| version.0 == 3);
    let minor = minor.and_then(|(_, minor)| Minor::new(minor));
    let described = minor.filter(|_| resolved.is_none()).and_then(|minor| {
        let python = environment.python.as_deref()?;
        Some(crate::backend::describe(Some(python), minor)?.python)
    });
    let stdlib_dir =
        resolved.or(described.as_ref()).and_then(|python| python.stdlib_dir.as_deref());
    let usual = minor.map(|minor| format!("python{minor}"));
    let name = environment.libpython.name.clone().or(usual).unwrap_or_default();
    let library_dir = environment.libpython.dir.as_deref();
    let wanted = Wanted { name: &name, stdlib_dir, library_dir };
    let out_dir = environment.out_dir();
    let tools = environment.machine.as_deref().map(|machine| Tools::new(machine, out_dir));
    let mut linkage = inside(wanted, platform, tools, out_dir)?;
    linkage.watched.extend(environment.manifest.clone().map(Watched::Path));
    Ok(linkage)
}

/// How to link libpython into the program; the list of exported symbols is in `out_dir`.
fn inside(
    wanted: Wanted<'_>,
    platform: &Platform,
    tools: Option<Tools<'_>>,
    out_dir: &Path,
) -> Result<Linkage, Problem> {
    supported(platform)?;
    let places = installed::places(wanted);
    let archives = installed::archives(&places, wanted.name);
    let mut refused = None;
    for path in archives {
        let fits = archive::read(&path).and_then(|archive| fit(&path, archive, platform));
        let fits = fits.and_then(|code| Ok((code, hashes::absent(&path)?)));
        match fits {
            Ok((code, absent)) => {
                let mut linkage = lines(&path, code, platform, out_dir);
                if let Some(tools) = tools.filter(|_| !absent.is_empty()) {
                    add_hashes(&mut linkage, &absent, tools)?;
                }
                return Ok(linkage);
            }
            Err(problem) => refused = refused.or(Some(problem)),
        }
    }
    Err(refused.unwrap_or_else(|| missing(wanted, &places)))
}

/// Links stand-ins for functions that the archive calls and no installed file defines, directly
/// after it.
fn add_hashes(linkage: &mut Linkage, absent: &[String], tools: Tools<'_>) -> Result<(), Problem> {
    let name = hashes::stand_in(absent, tools)?;
    let lines = [
        format!("cargo::rustc-link-search=native={}", tools.out_dir().display()),
        format!("cargo::rustc-link-lib=static:-bundle={name}"),
    ];
    let after = linkage.lines.iter().position(|line| line.contains("+whole-archive"));
    let after = after.map_or(linkage.lines.len(), |at| at + 1);
    linkage.lines.splice(after..after, lines);
    linkage.watched.extend(tools.watched());
    Ok(())
}

/// Writes the list of symbols that [`export_line`] names.
pub(crate) fn write_symbols(out_dir: &Path) -> Result<(), Problem> {
    crate::fs::write(&out_dir.join(SYMBOLS_FILE), SYMBOLS.as_bytes())
}

/// The lines that make the linker export from the program what extension modules need, and define
/// the symbol that shows that they were heeded.
pub(crate) fn program_lines(out_dir: &Path) -> [String; 2] {
    let symbols = out_dir.join(SYMBOLS_FILE);
    [
        format!("cargo::rustc-link-arg=-Wl,--dynamic-list={}", symbols.display()),
        format!("cargo::rustc-link-arg=-Wl,--defsym={IN_PROGRAM}=main"),
    ]
}

/// Fails if the package with this `Cargo.toml` builds a shared library.
///
/// Rust exports nothing of libpython from a shared library. Python would import it into an
/// interpreter whose functions aren't those that it calls, and crash; in another program, no
/// extension module would find libpython.
fn for_programs(manifest: &str) -> Result<(), Problem> {
    if !manifest::has_shared_library(manifest) {
        return Ok(());
    }
    let text = "`Bundle::static_python` is for programs, but this package has a shared library \
                (`crate-type = [\"cdylib\"]`)";
    Err(Problem::new(ErrorKind::Link, text)
        .note("a shared library with its own libpython crashes in a Python process, and can't load \
               extension modules in other processes")
        .help("for a program: move the shared library to a package of its own")
        .help("for a shared library: use `Bundle::stdlib` in place of `static_python` and `one_file`; it \
               then uses the libpython of its process"))
}

fn supported(platform: &Platform) -> Result<(), Problem> {
    if platform.os != "linux" {
        let text = format!(
            "`Bundle::static_python` is for Linux, but the program is built for `{}`",
            platform.os
        );
        return Err(Problem::new(ErrorKind::Link, text).help(
            "leave it out for this target; the program then needs the libpython that PyO3 found",
        ));
    }
    if platform.libc == Libc::Static {
        let text = "`Bundle::static_python` needs a shared C library, but the program is built with \
                    `crt-static`";
        return Err(Problem::new(ErrorKind::Link, text)
            .note("a program without the dynamic loader can't load extension modules")
            .help("remove `+crt-static` from `target-feature`"));
    }
    Ok(())
}

/// How the archive's code can be linked, if it is for this platform.
fn fit(path: &Path, archive: Archive, platform: &Platform) -> Result<Code, Problem> {
    if let Some(arch) = archive.arch.filter(|arch| *arch != platform.arch) {
        let text = format!(
            "`{}` is for {arch}, but the program is built for {}",
            path.display(),
            platform.arch
        );
        return Err(Problem::new(ErrorKind::Link, text).help(
            "let PyO3 resolve a Python for the target: `PYO3_CROSS_LIB_DIR` or `PYO3_CONFIG_FILE`",
        ));
    }
    Ok(archive.code)
}

fn missing(wanted: Wanted<'_>, places: &[PathBuf]) -> Problem {
    let name = wanted.name;
    let text = format!("`Bundle::static_python` needs `lib{name}.a`, which isn't installed");
    let mut problem = Problem::new(ErrorKind::Link, text);
    for place in places {
        problem = problem.note(format!("looked for in `{}`", place.display()));
    }
    if places.is_empty() {
        problem =
            problem.note("PyO3 names no interpreter whose files are where installations have them");
    }
    problem
        .help(format!("Debian, Ubuntu: `apt install lib{name}-dev`"))
        .help(
            "pyenv, or built from source: every build installs it, unless it is configured with \
             `--without-static-libpython`; build Python again without that option",
        )
        .help("conda: `conda install libpython-static`")
        .help("or leave `Bundle::static_python` out; the program then needs the shared library")
}

fn lines(path: &Path, code: Code, platform: &Platform, out_dir: &Path) -> Linkage {
    let dir = path.parent().unwrap_or(Path::new("."));
    let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
    let name = stem.strip_prefix("lib").unwrap_or(stem);
    let mut linkage = Linkage {
        lines: vec![
            format!("cargo::rustc-link-search=native={}", dir.display()),
            format!("cargo::rustc-link-lib=static:+whole-archive,-bundle={name}"),
        ],
        watched: vec![Watched::Path(path.to_owned())],
        needed: Vec::new(),
    };
    let makefile = dir.join("Makefile");
    if let Some(text) = crate::fs::read_previous(&makefile) {
        linkage.watched.push(Watched::Path(makefile));
        let flags = makefile::flags(&String::from_utf8_lossy(&text));
        installed::add_libraries(&mut linkage, &flags, code, platform);
    }
    linkage.lines.extend(program_lines(out_dir));
    if code == Code::FixedAddress {
        linkage.lines.push("cargo::rustc-link-arg=-no-pie".to_owned());
    }
    linkage
}

#[cfg(test)]
mod tests;
