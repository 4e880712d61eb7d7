//! `cargo xtask conformance compileall --differential`: runs the same command lines with both
//! programs, on equal trees.
//!
//! ```text
//! 3.13.0: 311 command lines, of which 0 differ in files, exit codes or, for no known reason, in text; …
//! ```
//!
//! Each case creates two trees with the same script, and runs `python -m compileall` in one and our
//! command in the other. Then it compares the results: names, types, modes, owners, hard links,
//! headers and code. CPython's code is first converted to the canonical form.

mod cases;
mod state;

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use cases::Case;
use state::State;
use testbed::pythons::Python;

/// Texts that may differ, by a part of the case's name or of one of the texts, with the reason.
const TEXTS: &[(&str, &str)] = &[
    ("usage: ", "argparse prints its own usage, with its own program's name"),
    ("NotADirectoryError: ", "CPython names its temporary file"),
    ("wrong: -o0 -o1 -o2", "CPython warns at each level, ours of each thing once"),
    ("PYTHONWARNINGS=error", "an escape that counts as an error is marked alone, there its string"),
    ("wrong: -d", LINES),
    ("wrong: -s", LINES),
    ("wrong: -p", LINES),
];

const LINES: &str = "CPython looks for the line in a file of the changed name, and shows none";

/// Cases that may differ completely, by their names, with the reason.
const CASES: &[(&str, &str)] = &[
    (
        "plain: -o 3 t",
        "a level that there isn't: an error for each file there, of the command line here",
    ),
    ("plain: -x '' t", "CPython fails with a traceback"),
    ("plain: -x '(' t", "CPython fails with a traceback"),
    ("plain: -j-1 t", "CPython fails with a traceback"),
    (
        "plain: -o1 -o2 --hardlink-dupes -b t",
        "one name for two levels: each file fails there, the command line here",
    ),
    ("plain: t -o1 t/pkg", "argparse wants all paths in one place"),
    ("plain: -o-1 t [PYTHONOPTIMIZE=7]", "a level above 2 is named as 2"),
];

/// Runs all cases; `false` if one differs unexpectedly.
pub(super) fn run(python: &Python, command: &Path, wanted: Option<&str>) -> Result<bool, String> {
    let home = tempfile::tempdir().map_err(|error| error.to_string())?;
    let (mut total, mut same_texts, mut known, mut excused, mut bad) = (0, 0, 0, 0, 0);
    for (number, case) in cases::all().iter().enumerate() {
        if wanted.is_some_and(|wanted| !case.name().contains(wanted)) {
            continue;
        }
        total += 1;
        // Both use the same path, since some of the code contains it.
        let room = home.path().join(number.to_string());
        let theirs = done(case, &room, Program::Theirs(python))?;
        let ours = done(case, &room, Program::Ours(command, python))?;
        if let Some((_, reason)) = CASES.iter().find(|(name, _)| *name == case.name()) {
            excused += 1;
            println!("{}: {reason}", case.name());
            continue;
        }
        let differences = theirs.state.differences(&ours.state);
        let codes = (theirs.output.status.code(), ours.output.status.code());
        if codes.0 != codes.1 || !differences.is_empty() {
            bad += 1;
            println!("{}: exit codes {codes:?}", case.name());
            for difference in differences {
                println!("    {difference}");
            }
        }
        let texts = [&theirs, &ours].map(|done| case.texts(&done.output));
        if texts[0] == texts[1] {
            same_texts += 1;
        } else if let Some((_, reason)) = reason(case, &texts) {
            known += 1;
            if wanted.is_some() {
                println!("{}: the text differs: {reason}", case.name());
            }
        } else {
            bad += 1;
            println!("{}: the text differs", case.name());
            println!("  theirs:\n{}\n  ours:\n{}", texts[0], texts[1]);
        }
    }
    println!(
        "{}: {total} command lines, of which {bad} differ in files, exit codes or, for no known reason, in text; \
         {same_texts} print the same, {known} other words for known reasons; {excused} are known to differ",
        python.version()
    );
    Ok(bad == 0 && total > 0)
}

fn reason(case: &Case, texts: &[String; 2]) -> Option<(&'static str, &'static str)> {
    let told =
        |part: &str| case.name().contains(part) || texts.iter().any(|text| text.contains(part));
    TEXTS.iter().copied().find(|(part, _)| told(part))
}

/// The program that compiles.
#[derive(Clone, Copy)]
enum Program<'p> {
    Theirs(&'p Python),
    Ours(&'p Path, &'p Python),
}

/// The result of a run.
struct Done {
    output: Output,
    state: State,
}

/// Creates the tree, runs each of the case's command lines in it, and reads the result.
fn done(case: &Case, root: &Path, program: Program<'_>) -> Result<Done, String> {
    let failed = |error: std::io::Error| format!("{}: {error}", case.name());
    fs::create_dir_all(root).map_err(failed)?;
    shell(root, cases::BEGIN)?;
    shell(root, case.tree)?;
    shell(root, cases::END)?;
    for step in case.before {
        shell(root, step)?;
        start(case, root, program, case.arguments).map_err(failed)?;
    }
    shell(root, case.change)?;
    let output = start(case, root, program, case.arguments).map_err(failed)?;
    let state = State::of(root)?;
    fs::remove_dir_all(root).map_err(failed)?;
    Ok(Done { output, state })
}

fn shell(root: &Path, script: &str) -> Result<(), String> {
    let status = Command::new("bash").args(["-ec", script]).current_dir(root).status();
    match status {
        Ok(status) if status.success() => Ok(()),
        other => Err(format!("`{script}`: {other:?}")),
    }
}

fn start(
    case: &Case,
    root: &Path,
    program: Program<'_>,
    arguments: &str,
) -> std::io::Result<Output> {
    let (command, begin) = match program {
        Program::Theirs(python) => (python.path(), vec!["-m".to_owned(), "compileall".to_owned()]),
        Program::Ours(command, python) => {
            (command, vec!["compile".into(), "--target".into(), python.version().to_string()])
        }
    };
    // The shell parses the arguments as a user writes them.
    let script = format!("umask {}; {} exec \"$@\" {arguments}", case.umask, case.environment);
    let mut child = Command::new("bash")
        .args(["-c", &script, "bash"])
        .arg(command)
        .args(begin)
        .current_dir(root)
        .env_clear()
        .envs([("PATH", "/usr/bin:/bin"), ("LC_ALL", "C.UTF-8"), ("PYTHONDONTWRITEBYTECODE", "1")])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    if let Some(mut input) = child.stdin.take() {
        // The program may end without reading its input.
        let _ = input.write_all(case.input.as_bytes());
    }
    child.wait_with_output()
}
