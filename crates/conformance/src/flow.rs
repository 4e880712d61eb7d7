//! Compares the flow graph's passes and the assembler with the interpreter's own.
//!
//! ```text
//! 3.13.18
//! 85312 units, 80141 assembled, 0 differences
//! ```
//!
//! The interpreter generates the instructions, so no other stage of our compiler is involved.

use std::path::Path;
use std::process::Command;

use pyc_compiler::Target;

use testbed::pythons::Python;

use super::corpus::Extent;

const SCRIPT: &str = include_str!("flow.py");

/// The test that reads the dump.
const TEST: &str = "flow::tests::oracle::passes_and_assembler_equal_cpython";

/// Dumps the stages of each interpreter that has a target, and compares them in our tests.
pub(super) fn run(pythons: &[Python], extent: Extent, root: &Path) -> Result<bool, String> {
    let mut good = true;
    for python in pythons.iter().filter(|one| Target::preview(one.version()).is_ok()) {
        let dump = tempfile::NamedTempFile::new().map_err(|error| error.to_string())?;
        let numbers = if extent == Extent::Quick { ["40", "2000"] } else { ["1", "20000"] };
        let mut script = Command::new(python.path());
        script.args(["-I", "-c", SCRIPT]).arg(dump.path()).args(numbers);
        if !succeeds(&mut script)? {
            return Err(format!("{} can't dump its stages", python.path().display()));
        }
        println!("{}", python.version());
        let mut test = testbed::cargo();
        test.current_dir(root).env("INCLUDE_PY_FLOW_DUMP", dump.path());
        test.args(["test", "-q", "-p", "pyc-compiler", "--lib", "--", TEST]);
        test.args(["--exact", "--ignored", "--nocapture"]);
        good &= succeeds(&mut test)?;
    }
    Ok(good)
}

fn succeeds(command: &mut Command) -> Result<bool, String> {
    let status = command.status().map_err(|error| format!("{command:?}: {error}"))?;
    Ok(status.success())
}
