//! How the bundle's bytes get into the binary.
//!
//! | bundle | by | reason |
//! |---|---|---|
//! | below [`LARGE`] | `include_bytes!` | needs nothing but rustc, and is equally fast |
//! | others | the assembler's `.incbin`, in an archive for the linker | rustc keeps included bytes in memory, fourteen copies in release builds |
//!
//! Without an assembler, or for a target whose object files aren't ELF, large bundles use
//! `include_bytes!`, too.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use crate::cargo::Watched;
use crate::ctools::{Failure, Tools, hex, run, unfound};
use crate::environment::Machine;
use crate::error::Problem;
use crate::{Environment, fs};

/// From this size on the assembler is faster: `cargo xtask bench embed`.
const LARGE: usize = 4 << 20;

/// A bundle that has been written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bundle<'a> {
    pub(crate) name: &'a str,
    pub(crate) path: &'a Path,
    pub(crate) length: usize,
}

/// How the bundle was embedded.
#[derive(Debug, Default)]
pub(crate) struct Embedded {
    /// The linker's name of the bytes and the archive; `None` if rustc includes them.
    pub(crate) symbol: Option<String>,
    pub(crate) archive: Option<PathBuf>,
    pub(crate) watched: Vec<Watched>,
    pub(crate) warning: Option<String>,
}

/// Makes an archive of the bundle, if that is better than including it.
pub(crate) fn embed(
    bundle: &Bundle<'_>,
    digest: &[u8; 32],
    environment: &Environment,
) -> Result<Embedded, Problem> {
    let out_dir = environment.out_dir();
    let machine = environment.machine.as_deref().filter(|machine| machine.is_elf());
    let large = machine.filter(|_| bundle.length >= LARGE);
    let mut embedded = Embedded::default();
    if let Some(machine) = large {
        let symbol = symbol(bundle.name, digest);
        let tools = Tools::new(machine, out_dir);
        embedded.watched = tools.watched();
        match assemble(tools, bundle, &symbol)? {
            Ok(archive) => {
                embedded.symbol = Some(symbol);
                embedded.archive = Some(archive);
            }
            Err(failure) => embedded.warning = Some(unassembled(bundle, machine, &failure)),
        }
    }
    let keep = embedded.archive.as_slice();
    let keep: Vec<_> = keep.iter().map(PathBuf::as_path).collect();
    Tools::remove_archives(out_dir, &prefix(bundle.name), &keep);
    Ok(embedded)
}

/// Contains the digest, so that a version of the bundle can't be mistaken for another one.
fn symbol(name: &str, digest: &[u8; 32]) -> String {
    format!("{}{}", prefix(name), hex(&digest[..16]))
}

fn prefix(name: &str) -> String {
    // An assembler takes `-` for a minus. A bundle's name has no dot, so two names can't get the
    // same prefix.
    format!("include_py_{}_", name.replace('-', "."))
}

/// Makes the archive, or returns the reason why it can't.
fn assemble(
    tools: Tools<'_>,
    bundle: &Bundle<'_>,
    symbol: &str,
) -> Result<Result<PathBuf, Failure>, Problem> {
    let archive = tools.archive_path(symbol);
    if archive.exists() {
        return Ok(Ok(archive));
    }
    let (source, object) = (bundle.path.with_extension("s"), bundle.path.with_extension("o"));
    fs::write(&source, &directives(symbol, bundle))?;
    let assembled = || {
        let compiler = tools.build().try_get_compiler().map_err(|error| unfound(&error))?;
        run(compiler.to_command().arg("-c").arg(&source).arg("-o").arg(&object))?;
        tools.archive(symbol, std::slice::from_ref(&object))
    };
    let archive = assembled();
    for path in [source, object] {
        // It is as large as the bundle and isn't needed any more.
        let _ = std::fs::remove_file(path);
    }
    Ok(archive)
}

/// A section that contains only the bundle, aligned to a cache line.
fn directives(symbol: &str, bundle: &Bundle<'_>) -> Vec<u8> {
    let mut text = format!(
        "    .section .rodata.{symbol},\"a\",%progbits\n    .globl {symbol}\n    .hidden {symbol}\n    \
         .type {symbol}, %object\n    .size {symbol}, {length}\n    .balign 64\n{symbol}:\n    .incbin \"",
        length = bundle.length
    )
    .into_bytes();
    for byte in bytes(bundle.path.as_os_str()) {
        match byte {
            b'"' | b'\\' => text.extend([b'\\', byte]),
            b'\n' => text.extend(b"\\n"),
            byte => text.push(byte),
        }
    }
    // Without the last line the linker makes the stack executable.
    text.extend(b"\"\n    .section .note.GNU-stack,\"\",%progbits\n");
    text
}

#[cfg(unix)]
fn bytes(path: &OsStr) -> Vec<u8> {
    std::os::unix::ffi::OsStrExt::as_bytes(path).to_vec()
}

#[cfg(not(unix))]
fn bytes(path: &OsStr) -> Vec<u8> {
    path.to_string_lossy().into_owned().into_bytes()
}

fn unassembled(bundle: &Bundle<'_>, machine: &Machine, failure: &Failure) -> String {
    let printed = failure.printed.lines().next().map(|line| format!(" ({})", line.trim()));
    format!(
        "the bundle `{}` of {} MB is compiled by rustc, which takes much time and memory, since no \
         assembler could be used: {}{}; install a C compiler for `{}`, or name one with `CC`",
        bundle.name,
        bundle.length / 1_000_000,
        failure.what,
        printed.unwrap_or_default(),
        machine.target,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Embeds a bundle of this length in a directory whose name needs escapes.
    fn embedded(length: usize, machine: Machine) -> (tempfile::TempDir, Embedded) {
        let dir = tempfile::tempdir().unwrap();
        let out_dir = dir.path().join("o\"u\\t ü");
        std::fs::create_dir(&out_dir).unwrap();
        let path = out_dir.join("a-b.bundle");
        std::fs::write(&path, vec![7; length]).unwrap();
        let mut environment = Environment::new(&out_dir);
        environment.machine = Some(Box::new(machine));
        let bundle = Bundle { name: "a-b", path: &path, length };
        let embedded = embed(&bundle, &[0xab; 32], &environment).unwrap();
        (dir, embedded)
    }

    #[test]
    fn a_large_bundle_becomes_an_archive_without_temporary_files() {
        let (_dir, large) = embedded(LARGE, Machine::example());
        let symbol = format!("include_py_a.b_{}", "ab".repeat(16));
        assert_eq!(large.symbol.as_ref(), Some(&symbol), "{:?}", large.warning);
        let archive = large.archive.unwrap();
        assert!(archive.metadata().unwrap().len() > LARGE as u64);
        let out_dir = archive.parent().unwrap();
        assert_eq!(fs::files_in(out_dir).len(), 2, "the bundle and the archive");
        assert!(large.watched.contains(&Watched::Variable("CC".into())));
    }

    #[test]
    fn small_bundles_and_other_systems_use_include_bytes() {
        let windows = Machine { os: "windows".to_owned(), ..Machine::example() };
        for (length, machine) in [(LARGE - 1, Machine::example()), (LARGE, windows)] {
            let (_dir, included) = embedded(length, machine);
            assert_eq!((included.symbol, included.warning), (None, None));
        }
    }

    #[test]
    fn without_an_assembler_a_large_bundle_is_included_with_a_warning() {
        // No machine has a compiler for this target.
        let other = Machine { target: "s390x-unknown-linux-gnu".to_owned(), ..Machine::example() };
        let (_dir, included) = embedded(LARGE, other);
        assert_eq!(included.symbol, None);
        let warning = included.warning.unwrap();
        assert!(warning.starts_with(
            "the bundle `a-b` of 4 MB is compiled by rustc, which takes much time and memory, since no \
             assembler could be used: "
        ));
        assert!(
            warning.ends_with(
                "; install a C compiler for `s390x-unknown-linux-gnu`, or name one with `CC`"
            ),
            "{warning}"
        );
    }
}
