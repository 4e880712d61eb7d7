//! Measures builds in a build script, which Cargo doesn't optimise: from nothing, unchanged, after
//! one edit.
//!
//! ```text
//! modules     data         fresh           unchanged       one edit
//!   5000    200 MB  191d8da    52.31 s  640 MB   14.02 s  631 MB   14.40 s  640 MB
//!   5000    200 MB  here        9.80 s  310 MB    0.19 s   24 MB    0.61 s   30 MB
//! ```
//!
//! Shows processor time of the process and its children, and peak memory, as the kernel counts
//! them. The rows for several numbers of modules show whether costs grow linearly.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use testbed::project;
use testbed::pythons::Python;

const PROGRAM: &str = include_str!("build/program.rs");

/// The number of files with the data.
const FILES: usize = 200;

/// What to measure.
pub(super) struct Subject {
    /// The numbers of modules; each gets a tree.
    pub(super) modules: Vec<usize>,
    /// The amount of data, in megabytes.
    pub(super) data: usize,
    pub(super) profile: Profile,
    /// A commit to measure in addition to this tree.
    pub(super) base: Option<String>,
}

/// How the program that builds is compiled.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Profile {
    /// As Cargo compiles build scripts by default.
    Default,
    Optimised,
}

/// The cost and the result of a build.
struct Run {
    seconds: f64,
    megabytes: f64,
    bundle: String,
}

/// Measures this tree's build, and that of the base commit.
pub(super) fn run(subject: &Subject, root: &Path) -> Result<(), String> {
    let python = Python::default_for_pyo3()?;
    let directory = tempfile::tempdir().map_err(|error| error.to_string())?;
    let mut programs = Vec::new();
    if let Some(base) = subject.base.as_deref() {
        let exported = directory.path().join("base");
        export(root, base, &exported)?;
        programs.push((base, program(root, &exported, "base", subject.profile)?));
    }
    programs.push(("here", program(root, root, "here", subject.profile)?));

    println!("modules     data                  fresh             unchanged          one edit");
    for &modules in &subject.modules {
        let tree = directory.path().join(format!("tree{modules}"));
        write_tree(&tree, modules, subject.data)?;
        // A build doesn't trust the stamp of a file that was written less than a tick of the clock
        // before. That is rare in practice, so the measurement avoids it.
        std::thread::sleep(Duration::from_millis(100));
        for (label, program) in &programs {
            let out = directory.path().join("out");
            let row = row(program, &tree, &out, &python);
            let row = row.map_err(|error| format!("{label}, {modules} modules: {error}"))?;
            println!("{modules:7} {:5} MB  {label:10}{row}", subject.data);
            std::fs::remove_dir_all(&out).map_err(|error| error.to_string())?;
        }
        let removed = std::fs::remove_dir_all(&tree);
        removed.map_err(|error| format!("`{}`: {error}", tree.display()))?;
    }
    Ok(())
}

/// The three builds of a tree.
fn row(program: &Path, tree: &Path, out: &Path, python: &Python) -> Result<String, String> {
    let build = || build(program, tree, out, python);
    let fresh = build()?;
    let unchanged = build()?;
    let edited = tree.join("app/p0/m0.py");
    let old = std::fs::read(&edited).map_err(|error| error.to_string())?;
    project::write(&edited, &[&old, &b"EDITED = 1\n"[..]].concat())?;
    let edit = build()?;
    project::write(&edited, &old)?;
    if unchanged.bundle != fresh.bundle || edit.bundle == fresh.bundle {
        return Err("the builds didn't make the bundles that they should".to_owned());
    }
    let mut row = String::new();
    for Run { seconds, megabytes, .. } in [fresh, unchanged, edit] {
        let _ = write!(row, " {seconds:7.2} s {megabytes:5.0} MB");
    }
    Ok(row)
}

fn build(program: &Path, tree: &Path, out: &Path, python: &Python) -> Result<Run, String> {
    let mut command = Command::new(program);
    command.arg(tree).arg(out).arg(python.path()).arg(python.version().minor().to_string());
    let output = command.stderr(Stdio::inherit()).output();
    let output = output.map_err(|error| format!("`{}`: {error}", program.display()))?;
    let text = String::from_utf8_lossy(&output.stdout);
    let mut fields = text.lines().last().unwrap_or_default().split(' ');
    let mut number = || fields.next().and_then(|field| field.parse::<f64>().ok());
    let run = number().zip(number());
    let bundle = fields.next().unwrap_or_default().to_owned();
    match run.filter(|_| output.status.success()) {
        Some((seconds, megabytes)) => Ok(Run { seconds, megabytes, bundle }),
        None => Err(format!("`{}` failed: {text}", program.display())),
    }
}

/// A package outside the workspace, so that our profiles don't apply, with the library in
/// `sources`.
fn program(root: &Path, sources: &Path, label: &str, profile: Profile) -> Result<PathBuf, String> {
    let directory = root.join("target/bench/build").join(label);
    let library = sources.join("crates/include-py-build");
    let manifest = format!(
        "[package]\nname = \"measured\"\nversion = \"0.1.0\"\nedition = \"2024\"\n[workspace]\n\
         [dependencies]\ninclude-py-build = {{ path = {:?} }}\n",
        library.display().to_string()
    );
    project::write(&directory.join("Cargo.toml"), manifest.as_bytes())?;
    project::write(&directory.join("src/main.rs"), PROGRAM.as_bytes())?;
    let lock = std::fs::read(sources.join("Cargo.lock")).map_err(|error| error.to_string())?;
    project::write(&directory.join("Cargo.lock"), &lock)?;
    let target = directory.join("target");
    let (optimised, directory_name): (&[&str], _) = match profile {
        Profile::Default => (&[], "debug"),
        Profile::Optimised => (&["--release"], "release"),
    };
    project::run(
        Command::new(env!("CARGO"))
            .args(["build", "--offline", "--quiet"])
            .args(optimised)
            .current_dir(&directory)
            .env("CARGO_TARGET_DIR", &target),
    )?;
    Ok(target.join(directory_name).join("measured"))
}

/// Extracts the files of a commit.
fn export(root: &Path, commit: &str, to: &Path) -> Result<(), String> {
    std::fs::create_dir_all(to).map_err(|error| error.to_string())?;
    let archive = to.join("base.tar");
    project::run(
        Command::new("git").arg("-C").arg(root).args(["archive", "-o"]).arg(&archive).arg(commit),
    )?;
    project::run(Command::new("tar").arg("-xf").arg(&archive).arg("-C").arg(to))
}

/// Writes packages of a hundred modules, and the given megabytes of data.
fn write_tree(tree: &Path, modules: usize, data: usize) -> Result<(), String> {
    for number in 0..modules {
        let package = tree.join(format!("app/p{}", number / 100));
        if number % 100 == 0 {
            project::write(&package.join("__init__.py"), b"")?;
        }
        let source = module(number);
        project::write(&package.join(format!("m{}.py", number % 100)), source.as_bytes())?;
    }
    project::write(&tree.join("app/__init__.py"), b"")?;
    let mut state = 1_u64;
    for number in 0..FILES.min(data) {
        let mut content = vec![0; data * 1_000_000 / FILES.min(data)];
        for part in content.chunks_mut(8) {
            // Marsaglia's xorshift64: the data is incompressible, and no two files are equal.
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            part.copy_from_slice(&state.to_le_bytes()[..part.len()]);
        }
        project::write(&tree.join(format!("app/data/d{number}.bin")), &content)?;
    }
    Ok(())
}

/// About four kilobytes of typical code.
fn module(number: usize) -> String {
    let mut text = format!("\"\"\"Module {number}.\"\"\"\n\nimport os\n\nfrom app import p0\n\n");
    for part in 0..10 {
        let _ = write!(
            text,
            "\nclass Record{part}:\n    \"\"\"One of {number}.\"\"\"\n\n    limit = {}\n\n    \
             def __init__(self, name, *, size=0):\n        self.name = name\n        \
             self.size = size\n        self.path = os.path.join(name, \"{number}-{part}\")\n\n    \
             def total(self, others):\n        found = [one.size for one in others if one.name]\n        \
             if len(found) > self.limit:\n            raise ValueError(f\"{{self.name}}: too many\")\n        \
             return sum(found) + self.size\n",
            number * 10 + part
        );
    }
    text
}
