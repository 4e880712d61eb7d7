//! Compiles a source to an object, unless the previous build's object is still valid.
//!
//! ```text
//! $OUT_DIR/app.objects/app._fast/0.o      the object
//!                                0.d      its dependencies, as the compiler lists them
//!                                0.key    a digest of those, the compiler and its options; then warnings
//!                                naming.o   the function that CPython calls; sets the module's full name
//! ```

use std::path::{Path, PathBuf};
use std::process::Command;

use super::{Extension, Fields};
use crate::cargo::Watched;
use crate::ctools::{Failure, Tools, hex, run, unfound};
use crate::error::{ErrorKind, Problem};
use crate::fs;
use crate::parallel::Workers;

/// The source of the function that calls the module's own.
const NAMING: &str = include_str!("naming.c");

/// Maximum number of lines of a compiler's messages that are shown.
const SHOWN: usize = 60;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Language {
    C,
    Cpp,
    Assembly,
}

impl Language {
    pub(super) fn of(source: &Path) -> Option<Self> {
        match source.extension()?.to_str()? {
            "c" => Some(Self::C),
            "cc" | "cpp" | "cxx" => Some(Self::Cpp),
            "s" | "S" => Some(Self::Assembly),
            _ => None,
        }
    }
}

/// What is the same for all sources of a module.
#[derive(Clone, Copy, Debug)]
pub(super) struct Unit<'a> {
    pub(super) extension: &'a Extension,
    /// The directory of `Python.h`, unless the extension's own directories have it.
    pub(super) headers: Option<&'a Path>,
    pub(super) function: &'a Function,
}

/// The names of a module's functions in the binary.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Function {
    /// The module's own function.
    pub(super) own: String,
    /// The one that CPython calls, and that calls the module's own.
    pub(super) outer: String,
}

/// A module's objects.
#[derive(Debug, Default)]
pub(super) struct Units {
    pub(super) objects: Vec<PathBuf>,
    /// The object with the function that CPython calls.
    pub(super) naming: PathBuf,
    pub(super) watched: Vec<Watched>,
    pub(super) warnings: Vec<String>,
}

/// Compiles the module's sources in parallel.
pub(super) fn compile(
    unit: &Unit<'_>,
    bundle: &str,
    tools: Tools<'_>,
    workers: &Workers,
) -> Result<Units, Vec<Problem>> {
    let extension = unit.extension;
    let directory = tools.out_dir().join(format!("{bundle}.objects")).join(&extension.name);
    fs::create_dir(&directory).map_err(|problem| vec![problem])?;
    let numbered: Vec<_> = extension.sources.iter().enumerate().collect();
    let results = workers.map(&numbered, |(number, source)| {
        let object = directory.join(format!("{number}.o"));
        one(unit, source, &object, tools).map(|made| (object, made))
    });
    let (mut units, mut problems) = (Units::default(), Vec::new());
    for result in results {
        match result {
            Ok((object, (dependencies, printed))) => {
                units.objects.push(object);
                units.watched.extend(dependencies.into_iter().map(Watched::Path));
                units.warnings.extend(printed.lines().map(str::to_owned));
            }
            Err(problem) => problems.push(problem),
        }
    }
    match naming(unit, &directory, tools) {
        Ok(object) => units.naming = object,
        // If nothing can be compiled, that is reported already.
        Err(problem) if problems.is_empty() => problems.push(problem),
        Err(_) => {}
    }
    if problems.is_empty() { Ok(units) } else { Err(problems) }
}

/// The dependencies of the object, and what the compiler printed.
fn one(
    unit: &Unit<'_>,
    source: &Path,
    object: &Path,
    tools: Tools<'_>,
) -> Result<(Vec<PathBuf>, String), Problem> {
    let command = command(unit, source, tools);
    let command = command.map_err(|failure| refused(unit.extension, source, &failure))?;
    made(unit.extension, command, source, object)
}

/// Runs the compiler, unless the object is up to date.
fn made(
    extension: &Extension,
    mut command: Command,
    source: &Path,
    object: &Path,
) -> Result<(Vec<PathBuf>, String), Problem> {
    let (list, key) = (object.with_extension("d"), object.with_extension("key"));
    command.arg("-c").arg(source).arg("-o").arg(object).arg("-MD").arg("-MF").arg(&list);
    if let Some((dependencies, printed)) = previous(&command, object, &list, &key) {
        return Ok((dependencies, printed));
    }
    // Removed first, so that an interrupted build doesn't leave a key for another object.
    let _ = std::fs::remove_file(&key);
    let printed = run(&mut command).map_err(|failure| refused(extension, source, &failure))?;
    let dependencies = dependencies(&list);
    let digest = digest(&command, &dependencies);
    fs::write(&key, format!("{digest}\n{printed}").as_bytes())?;
    Ok((dependencies, printed))
}

/// Compiles the function that CPython calls.
fn naming(unit: &Unit<'_>, directory: &Path, tools: Tools<'_>) -> Result<PathBuf, Problem> {
    let (source, object) = (directory.join("naming.c"), directory.join("naming.o"));
    fs::write(&source, NAMING.as_bytes())?;
    // The module's own options don't apply, since they may be for another language.
    let mut build = tools.build();
    build
        .define("MODULE", format!("\"{}\"", unit.extension.name).as_str())
        .define("INIT", unit.function.own.as_str())
        .define("NAMED", unit.function.outer.as_str());
    for dir in unit.extension.include_dirs.iter().map(PathBuf::as_path).chain(unit.headers) {
        build.include(dir);
    }
    let compiler = build.try_get_compiler();
    let compiler = compiler.map_err(|error| refused(unit.extension, &source, &unfound(&error)))?;
    made(unit.extension, compiler.to_command(), &source, &object)?;
    Ok(object)
}

/// The compiler with all options, except those that name files.
fn command(unit: &Unit<'_>, source: &Path, tools: Tools<'_>) -> Result<Command, Failure> {
    let extension = unit.extension;
    let mut build = tools.build();
    build
        .cpp(Language::of(source) == Some(Language::Cpp))
        .debug(tools.machine().debug)
        .warnings(false)
        .define(&format!("PyInit_{}", extension.leaf()), unit.function.own.as_str());
    if tools.machine().opt_level != "0" {
        build.define("NDEBUG", None);
    }
    for dir in &extension.include_dirs {
        build.include(dir);
    }
    if let Some(headers) = unit.headers {
        build.include(headers);
    }
    for (name, value) in &extension.defines {
        build.define(name, value.as_deref());
    }
    let compiler = build.try_get_compiler().map_err(|error| unfound(&error))?;
    let mut command = compiler.to_command();
    // CPython and its extension modules are compiled with this option everywhere: overflow is
    // defined.
    command.arg("-fwrapv").args(&extension.flags);
    Ok(command)
}

/// The previous build's dependencies and messages, if its object is still valid.
fn previous(
    command: &Command,
    object: &Path,
    list: &Path,
    key: &Path,
) -> Option<(Vec<PathBuf>, String)> {
    let key = String::from_utf8(fs::read_previous(key)?).ok()?;
    let (written, printed) = key.split_once('\n')?;
    let dependencies = dependencies(list);
    let right = object.is_file() && written == digest(command, &dependencies);
    right.then(|| (dependencies, printed.to_owned()))
}

/// A digest of everything that the object depends on.
fn digest(command: &Command, dependencies: &[PathBuf]) -> String {
    let mut fields = Fields::default();
    fields.add(env!("CARGO_PKG_VERSION").as_bytes());
    fields.add(command.get_program().as_encoded_bytes());
    for argument in command.get_args() {
        fields.add(argument.as_encoded_bytes());
    }
    // Separates the arguments from the dependencies.
    fields.add(b"");
    for path in dependencies {
        fields.add(path.as_os_str().as_encoded_bytes());
        // A missing file counts as empty; the compiler will report it.
        fields.add(&fs::read_previous(path).unwrap_or_default());
    }
    hex(&fields.digest())
}

/// Parses the files in a rule for `make`: `0.o: src/fast.c /usr/include/a\ b.h \`, and so on.
fn dependencies(list: &Path) -> Vec<PathBuf> {
    let rule = fs::read_previous(list).unwrap_or_default();
    let rule = String::from_utf8_lossy(&rule);
    let Some((_, files)) = rule.split_once(": ") else { return Vec::new() };
    let (mut found, mut path) = (Vec::new(), String::new());
    let mut characters = files.chars().peekable();
    while let Some(c) = characters.next() {
        match (c, characters.peek()) {
            ('\\', Some('\n')) => {}
            ('\\', Some(&next @ (' ' | '#' | '\\'))) | ('$', Some(&next @ '$')) => {
                path.push(next);
                characters.next();
            }
            (' ' | '\n', _) => {
                if !path.is_empty() {
                    found.push(PathBuf::from(std::mem::take(&mut path)));
                }
            }
            (c, _) => path.push(c),
        }
    }
    found
}

/// The problem with the compiler's messages.
fn refused(extension: &Extension, source: &Path, failure: &Failure) -> Problem {
    let name = &extension.name;
    let printed = failure.printed.trim_end();
    let missing = printed.lines().find(|line| line.contains("fatal error: ")).and_then(|line| {
        let (_, rest) = line.split_once("fatal error: ")?;
        // Messages of GCC and Clang.
        let header = rest.split_once(": No such file").map(|(header, _)| header);
        header.or_else(|| Some(rest.strip_suffix(" file not found")?.trim_matches('\'')))
    });
    if printed.is_empty() {
        return Problem::new(
            ErrorKind::Compile,
            format!("the extension module `{name}` can't be compiled: {}", failure.what),
        )
        .help("install a C compiler (`apt install gcc g++`), or name one with `CC` and `CXX`");
    }
    let mut lines: Vec<_> = printed.lines().take(SHOWN).map(str::to_owned).collect();
    let more = printed.lines().count().saturating_sub(SHOWN);
    if more > 0 {
        lines.push(format!("… and {more} more lines"));
    }
    let problem = Problem::new(
        ErrorKind::Compile,
        format!("`{}`, for the extension module `{name}`:\n{}", source.display(), lines.join("\n")),
    );
    match missing {
        Some(header) => {
            problem.help(format!("name the directory of `{header}` with `Extension::include_dir`"))
        }
        None => problem.help(
            "correct the source; macros and options are those of `Extension::define` and `flag`, and of \
             `CFLAGS`",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_for_make_names_files() {
        let dir = tempfile::tempdir().unwrap();
        let list = dir.path().join("0.d");
        std::fs::write(&list, "/o ut/0.o: src/a.c /usr/b\\ c.h \\\n  d\\#e$$f.h\n").unwrap();
        let expected = ["src/a.c", "/usr/b c.h", "d#e$f.h"].map(PathBuf::from);
        assert_eq!(dependencies(&list), expected);
        assert_eq!(dependencies(&dir.path().join("none.d")), [""; 0].map(PathBuf::from));
    }

    #[test]
    fn the_c_compilers_output_is_shown_completely_with_help() {
        let extension = Extension::new("app._fast", ["a.c"]);
        let report = |printed: &str| {
            let failure = Failure {
                what: "`cc` ended with exit status: 1".to_owned(),
                printed: printed.to_owned(),
            };
            refused(&extension, Path::new("a.c"), &failure).message().to_owned()
        };
        assert_eq!(
            report("a.c:3:1: error: expected ';'\n    3 | }\n"),
            "`a.c`, for the extension module `app._fast`:\na.c:3:1: error: expected ';'\n    3 | }\n  = help: \
             correct the source; macros and options are those of `Extension::define` and `flag`, and of \
             `CFLAGS`"
        );
        for missing in [
            "a.c:1:10: fatal error: zlib.h: No such file or directory",
            "a.c:1:10: fatal error: 'zlib.h' file not found",
        ] {
            let help = "name the directory of `zlib.h` with `Extension::include_dir`";
            assert!(report(missing).ends_with(help), "{}", report(missing));
        }
        assert_eq!(
            report(""),
            "the extension module `app._fast` can't be compiled: `cc` ended with exit status: 1\n  = help: \
             install a C compiler (`apt install gcc g++`), or name one with `CC` and `CXX`"
        );
    }
}
