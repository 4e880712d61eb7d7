//! `cargo xtask api`: lists the public API of each published library in `docs/api/`, so that a
//! change of the API shows in a diff.
//!
//! ```text
//! pub fn include_py_build::Bundle::source(self, impl core::convert::Into<std::path::PathBuf>) -> Self
//! ```
//!
//! rustdoc's JSON output is unstable, so `RUSTC_BOOTSTRAP` allows unstable options for this run.

#![forbid(unsafe_code)]

use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use testbed::{Outcome, root};

const HELP: &str = "\
List the public API of each published library in docs/api/.

Usage: cargo xtask api [--check]

Options:
  --check   Write nothing; exit with 1 if a listing is out of date

This command reads the JSON format of rustdoc 1.95. If the toolchain writes another format, the
command says so and neither lists nor checks anything.
";

/// The published libraries.
const LIBRARIES: &[&str] = &[
    "include-py",
    "include-py-build",
    "include-py-bundle",
    "pyc-code",
    "pyc-compiler",
    "pyc-tree",
];

/// The version of rustdoc's format that `public-api` reads.
const FORMAT: u32 = 57;

/// What to do with a listing.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    Write,
    Check,
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let outcome = match arguments.as_slice() {
        ["-h" | "--help", ..] => Outcome::Help(HELP),
        [] => Outcome::of(list_all(Mode::Write)),
        ["--check"] => Outcome::of(list_all(Mode::Check)),
        [other, ..] => Outcome::Misuse(format!("`{other}` isn't an option, see `--help`")),
    };
    outcome.report()
}

/// Lists the API of all libraries. `Ok(false)` if a checked listing has changed.
fn list_all(mode: Mode) -> Result<bool, String> {
    let mut changed = Vec::new();
    for library in LIBRARIES {
        let Some(listing) = listing(library)? else { return Ok(true) };
        let path = root().join("docs/api").join(format!("{library}.txt"));
        let before = std::fs::read_to_string(&path).unwrap_or_default();
        if before == listing {
            continue;
        }
        changed.push(*library);
        if mode == Mode::Write {
            let unwritable = |error| format!("can't write {}: {error}", path.display());
            std::fs::write(&path, listing).map_err(unwritable)?;
        }
    }
    match (mode, changed.as_slice()) {
        (_, []) => println!("api: {} listings are up to date", LIBRARIES.len()),
        (Mode::Write, changed) => println!("api: written for {}", changed.join(", ")),
        (Mode::Check, changed) => {
            println!("api: {} changed: run `cargo xtask api`", changed.join(", "));
            return Ok(false);
        }
    }
    Ok(true)
}

/// The library's public items, one a line. `None` if rustdoc has another format.
fn listing(library: &str) -> Result<Option<String>, String> {
    let json = document(library)?;
    let text = std::fs::read_to_string(&json).map_err(|error| format!("{library}: {error}"))?;
    if !text.contains(&format!("\"format_version\":{FORMAT}")) {
        println!("api: skipped, since this toolchain's rustdoc doesn't write format {FORMAT}");
        return Ok(None);
    }
    let api = public_api::Builder::from_rustdoc_json(&json)
        .omit_blanket_impls(true)
        .omit_auto_trait_impls(true)
        .omit_auto_derived_impls(true)
        .build()
        .map_err(|error| format!("{library}: {error}"))?;
    let mut listing = String::new();
    for item in api.items() {
        let _ = writeln!(listing, "{item}");
    }
    Ok(Some(listing))
}

/// Lets rustdoc write the library's JSON, and returns its path.
fn document(library: &str) -> Result<PathBuf, String> {
    // A separate directory, so that stable builds don't use what was compiled with unstable
    // options, or the reverse.
    let target = root().join("target/api");
    let status = testbed::cargo()
        .args(["rustdoc", "--quiet", "--lib", "--all-features", "--package", library])
        .arg("--manifest-path")
        .arg(root().join("Cargo.toml"))
        .args(["--", "-Zunstable-options", "--output-format", "json"])
        .env("CARGO_TARGET_DIR", &target)
        .env("RUSTC_BOOTSTRAP", "1")
        .status()
        .map_err(|error| format!("can't run cargo: {error}"))?;
    if !status.success() {
        return Err(format!("rustdoc failed for {library}"));
    }
    Ok(target.join("doc").join(format!("{}.json", library.replace('-', "_"))))
}
