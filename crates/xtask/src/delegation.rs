//! Commands that are separate packages, so that `tidy` doesn't have to wait until the compiler has
//! been built.
//!
//! `cargo xtask bench import` runs `cargo run --package bench -- import`.

use testbed::{Outcome, root};

/// Runs the package's program with these arguments, built with the same profile as this program and
/// with these features.
pub(crate) fn main(package: &str, features: &str, arguments: &[&str]) -> Outcome {
    let status = testbed::cargo()
        .args(["run", "--quiet", "--package", package, "--profile", &profile()])
        .args(["--features", features])
        .arg("--manifest-path")
        .arg(root().join("Cargo.toml"))
        .arg("--")
        .args(arguments)
        .status();
    match status {
        Ok(status) => Outcome::Ended(status.code().and_then(|code| code.try_into().ok())),
        Err(error) => Outcome::Failed(format!("can't run cargo: {error}")),
    }
}

/// The profile: `release` for `target/release/xtask`; a directory `debug` belongs to `dev`.
fn profile() -> String {
    let program = std::env::current_exe().unwrap_or_default();
    let directory = program.parent().and_then(|parent| parent.file_name());
    match directory.map(|name| name.to_string_lossy().into_owned()) {
        Some(name) if name != "debug" => name,
        _ => "dev".to_owned(),
    }
}
