//! Combines a module's objects to one archive, in which only the function that creates the module
//! is visible.
//!
//! ```text
//! 0.o, 1.o, naming.o ─▶ cc -r ─▶ all.o ─▶ objcopy --keep-global-symbol=include_py_init_6ad1… ─▶ lib….a
//! ```
//!
//! In a shared library, a module's function `helper()` would be its own. In a binary with other
//! modules, the linker would refuse a second `helper()`, or silently use the wrong one.

use std::path::PathBuf;
use std::process::Command;

use sha2::{Digest as _, Sha256};

use super::object::{Function, Units};
use super::{Extension, Fields, Linked};
use crate::ctools::{Failure, Tools, hex, run, unfound};
use crate::environment::Machine;
use crate::error::{ErrorKind, Problem};
use crate::fs;

/// The prefix of the names of the bundle's archives, before the digest.
pub(super) fn prefix(bundle: &str) -> String {
    // The bundle's own archive has another prefix.
    format!("include_py.{}_", bundle.replace('-', "."))
}

/// The names of the module's functions in the binary. They differ from those of modules with the
/// same last component, and of other versions of the package.
pub(super) fn function(
    extension: &Extension,
    bundle: &str,
    machine: &Machine,
) -> Result<Function, Problem> {
    let mut fields = Fields::default();
    fields.add(machine.package.as_bytes());
    fields.add(bundle.as_bytes());
    fields.add(extension.name.as_bytes());
    for source in &extension.sources {
        fields.add(&fs::read(source)?);
    }
    let digest = hex(&fields.digest()[..16]);
    Ok(Function {
        own: format!("PyInit_{}_{digest}", extension.leaf()),
        outer: format!("include_py_init_{digest}"),
    })
}

pub(super) fn link(
    extension: &Extension,
    bundle: &str,
    function: Function,
    units: &Units,
    tools: Tools<'_>,
) -> Result<Linked, Problem> {
    let failed = |failure: &Failure| {
        let text =
            format!("the extension module `{}` can't be linked: {}", extension.name, failure.what);
        let problem = Problem::new(ErrorKind::Compile, text);
        match failure.printed.trim_end() {
            "" => problem.help("install binutils, or name an archiver with `AR`"),
            printed => problem
                .note(printed.replace('\n', "\n    "))
                .help("correct the sources; the linker was asked for one object of all of them"),
        }
    };
    let named = format!("{}\0", function.own);
    let mut defines = false;
    for object in &units.objects {
        defines |= memchr::memmem::find(&fs::read(object)?, named.as_bytes()).is_some();
    }
    if !defines {
        return Err(without_function(extension));
    }
    let object = isolated(units, &function.outer, tools).map_err(|failure| failed(&failure))?;
    let content = fs::read(&object)?;
    let library = format!("{}{}", prefix(bundle), hex(&Sha256::digest(&content)[..16]));
    let mut archive = tools.archive_path(&library);
    if !archive.exists() {
        archive = tools.archive(&library, &[object]).map_err(|failure| failed(&failure))?;
    }
    let mut libraries = extension.libraries.clone();
    if extension.is_cpp() {
        libraries.push(cpp_library(&tools.machine().os).to_owned());
    }
    Ok(Linked {
        name: extension.name.clone(),
        archive,
        library,
        function: function.outer,
        libraries,
        library_dirs: extension.library_dirs.clone(),
    })
}

/// Combines the objects to one, whose other symbols are hidden if a tool for that exists.
fn isolated(units: &Units, function: &str, tools: Tools<'_>) -> Result<PathBuf, Failure> {
    let all = units.naming.with_file_name("all.o");
    let compiler = tools.build().try_get_compiler().map_err(|error| unfound(&error))?;
    let mut command = compiler.to_command();
    run(command.args(["-r", "-nostdlib", "-o"]).arg(&all).args(&units.objects).arg(&units.naming))?;
    if tools.machine().is_elf() {
        let keep = format!("--keep-global-symbol={function}");
        let name = compiler.path().file_name().and_then(|name| name.to_str()).unwrap_or_default();
        for objcopy in objcopies(name) {
            if run(Command::new(objcopy).arg(&keep).arg(&all)).is_ok() {
                break;
            }
        }
    }
    Ok(all)
}

/// Possible names of the tool: with the compiler's prefix, GNU's, LLVM's.
fn objcopies(compiler: &str) -> Vec<String> {
    let prefixed = compiler.strip_suffix("gcc").or_else(|| compiler.strip_suffix("cc"));
    let prefixed = prefixed.filter(|prefix| !prefix.is_empty());
    let prefixed = prefixed.map(|prefix| format!("{prefix}objcopy"));
    let usual = ["objcopy", "llvm-objcopy", "rust-objcopy"].map(str::to_owned);
    prefixed.into_iter().chain(usual).collect()
}

/// The C++ standard library's usual name on the system.
fn cpp_library(os: &str) -> &'static str {
    match os {
        "macos" | "ios" | "freebsd" | "openbsd" | "dragonfly" => "c++",
        "android" => "c++_shared",
        _ => "stdc++",
    }
}

fn without_function(extension: &Extension) -> Problem {
    let (name, leaf) = (&extension.name, extension.leaf());
    Problem::new(
        ErrorKind::Compile,
        format!("the extension module `{name}` has no function `PyInit_{leaf}`, which CPython calls to make it"),
    )
    .help(format!(
        "define it (`PyMODINIT_FUNC PyInit_{leaf}(void)`), or give the module the name that its sources have"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_function_differs_where_modules_differ() {
        let dir = tempfile::tempdir().unwrap();
        let source = dir.path().join("a.c");
        std::fs::write(&source, "int x;").unwrap();
        let machine = Machine::example();
        let of = |name: &str, bundle: &str, machine: &Machine| {
            function(&Extension::new(name, [&source]), bundle, machine).unwrap().own
        };
        let first = of("a._fast", "app", &machine);
        assert!(first.starts_with("PyInit__fast_") && first.len() == 13 + 32, "{first}");
        assert_eq!(of("a._fast", "app", &machine), first);
        assert_ne!(of("b._fast", "app", &machine), first);
        assert_ne!(of("a._fast", "other", &machine), first);
        let newer = Machine { package: "app 0.2.0".to_owned(), ..machine.clone() };
        assert_ne!(of("a._fast", "app", &newer), first);
        std::fs::write(&source, "int y;").unwrap();
        assert_ne!(of("a._fast", "app", &machine), first);
    }

    #[test]
    fn objcopy_has_the_compilers_target_prefix() {
        let usual = ["objcopy", "llvm-objcopy", "rust-objcopy"];
        assert_eq!(objcopies("cc"), usual);
        assert_eq!(objcopies("clang"), usual);
        assert_eq!(objcopies("aarch64-linux-gnu-gcc")[0], "aarch64-linux-gnu-objcopy");
    }
}
