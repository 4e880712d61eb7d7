//! A Bazel workspace of generated sources.
//!
//! ```text
//! here/WORKSPACE
//! here/tools/include-py           the command
//! here/sources/p0/BUILD           a `pyc_library` with the sources of this directory
//! here/sources/p0/m0.py
//! plain/p0/__pycache__/m0.cpython-313.pyc     what the command makes of them
//! ```

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::Instant;

use testbed::project;

/// The sources in each package.
const SOURCES: usize = 100;

const PACKAGE: &str = "\
load(\"@include_py//:pyc.bzl\", \"pyc_library\")

pyc_library(
    name = \"pyc\",
    srcs = glob([\"*.py\"]),
    target = \"3.13.0\",
)
";

/// Without it, Bazel 4 refuses workers that don't speak protocol buffers. Later versions have no
/// such option.
const JSON: &str = "--experimental_worker_allow_json_protocol";

pub(super) struct Workspace {
    /// The directory of all workspaces.
    home: PathBuf,
    directory: PathBuf,
    packages: usize,
    command: PathBuf,
}

/// What a build did.
pub(super) struct Build {
    pub(super) seconds: f64,
    /// Worker processes that were started.
    pub(super) workers: usize,
    pub(super) compiled: usize,
    pub(super) cached: usize,
}

impl Workspace {
    /// Writes the workspace; `root` is that of this repository.
    pub(super) fn create(
        home: &Path,
        name: &str,
        packages: usize,
        command: &Path,
        root: &Path,
    ) -> Result<Self, String> {
        let directory = home.join(name);
        let rules = root.join("integrations/bazel");
        let text = format!(
            "workspace(name = \"measured\")\n\nlocal_repository(name = \"include_py\", path = {:?})\n",
            rules.display().to_string()
        );
        project::write(&directory.join("WORKSPACE"), text.as_bytes())?;
        project::write(&directory.join("tools/BUILD"), b"exports_files([\"include-py\"])\n")?;
        let copied = std::fs::copy(command, directory.join("tools/include-py"));
        copied.map_err(|error| format!("{}: {error}", command.display()))?;
        let new = Self { home: home.to_owned(), directory, packages, command: command.to_owned() };
        new.write_options()?;
        for package in 0..packages {
            let place = new.directory.join(format!("sources/p{package}"));
            project::write(&place.join("BUILD"), PACKAGE.as_bytes())?;
            for number in 0..SOURCES {
                let text = source(package * SOURCES + number);
                project::write(&place.join(format!("m{number}.py")), text.as_bytes())?;
            }
        }
        Ok(new)
    }

    pub(super) fn sources(&self) -> usize {
        self.packages * SOURCES
    }

    /// Changes one source.
    pub(super) fn edit(&self) -> Result<(), String> {
        project::write(&self.directory.join("sources/p0/m7.py"), b"EDITED = 'yes'\n")
    }

    pub(super) fn clean(&self) -> Result<(), String> {
        self.bazel(&["clean"]).map(drop)
    }

    pub(super) fn build(&self, targets: &str, options: &[&str]) -> Result<Build, String> {
        let start = Instant::now();
        let output = self.bazel(&[&["build", "--worker_verbose"], options, &[targets]].concat())?;
        let seconds = start.elapsed().as_secs_f64();
        let text = text(&output);
        if !output.status.success() {
            return Err(format!("the build failed:\n{text}"));
        }
        // INFO: 10101 processes: 10000 remote cache hit, 101 internal.
        let counts = text.lines().find_map(|line| line.split_once(" process").map(|found| found.1));
        let number = |what: &str| {
            let all = counts.unwrap_or_default().split([':', ',', '.']);
            let count = |part: &str| part.trim().strip_suffix(what)?.trim().parse::<usize>().ok();
            all.filter_map(count).sum::<usize>()
        };
        // Each process has a log, also where several multiplex workers are one process.
        let logs =
            text.lines().filter_map(|line| line.split_once("logging to ")).map(|(_, log)| log);
        Ok(Build {
            seconds,
            workers: logs.collect::<BTreeSet<_>>().len(),
            compiled: number("worker") + number("local"),
            // Bazel 4 doesn't tell the two caches apart.
            cached: number("disk cache hit") + number("remote cache hit"),
        })
    }

    /// The results in the first packages that aren't those of a plain run of the command.
    pub(super) fn different(&self, packages: usize) -> Result<Vec<String>, String> {
        let plain = self.home.join("plain");
        let _ = std::fs::remove_dir_all(&plain);
        let options = ["-q", "-f", "-j2", "--target", "3.13.0"];
        let mut command = Command::new(&self.command);
        command.arg("compile").args(options).args(["--invalidation-mode", "unchecked-hash"]);
        command.arg("--out-dir").arg(&plain).arg("sources").current_dir(&self.directory);
        project::run(&mut command)?;
        let mut different = Vec::new();
        for number in 0..packages * SOURCES {
            let (package, number) = (number / SOURCES, number % SOURCES);
            let name = format!("p{package}/__pycache__/m{number}.cpython-313.pyc");
            let ours = std::fs::read(self.directory.join("bazel-bin/sources").join(&name));
            let expected = std::fs::read(plain.join(&name));
            let expected = expected.map_err(|error| format!("{name}: {error}"))?;
            if ours.ok() != Some(expected) {
                different.push(name);
            }
        }
        Ok(different)
    }

    /// Whether a build with a source that isn't valid Python fails and shows the error.
    pub(super) fn shows_errors(&self, options: &[&str]) -> Result<bool, String> {
        let place = self.directory.join("sources/bad");
        project::write(&place.join("BUILD"), PACKAGE.as_bytes())?;
        project::write(&place.join("wrong.py"), b"x = = 1\n")?;
        let output = self.bazel(&[&["build"], options, &["//sources/bad:all"]].concat())?;
        let shown = text(&output);
        let expected = "error: invalid syntax\n  --> sources/bad/wrong.py:1:5\n";
        let good = !output.status.success() && shown.contains(expected);
        if !good {
            println!("    the error of a wrong source isn't shown: {shown}");
        }
        std::fs::remove_dir_all(&place).map_err(|error| error.to_string())?;
        Ok(good)
    }

    /// Ends Bazel's server.
    pub(super) fn shut_down(&self) {
        let _ = self.bazel(&["shutdown"]);
    }

    fn write_options(&self) -> Result<(), String> {
        let mut text = "build --@include_py//:command=//tools:include-py\n".to_owned();
        // The help doesn't list it.
        let check = self.bazel(&["canonicalize-flags", "--for_command=build", "--", JSON])?;
        if check.status.success() {
            let _ = writeln!(text, "build {JSON}");
        }
        project::write(&self.directory.join(".bazelrc"), text.as_bytes())
    }

    fn bazel(&self, arguments: &[&str]) -> Result<Output, String> {
        let root = format!("--output_user_root={}", self.home.join("root").display());
        Command::new("bazel")
            .args([root.as_str(), "--host_jvm_args=-Xmx1500m"])
            .args(arguments)
            .current_dir(&self.directory)
            .output()
            .map_err(|error| {
                format!("`bazel` can't be started (`apt install bazel-bootstrap`): {error}")
            })
    }
}

fn text(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn source(number: usize) -> String {
    let mut text = format!("'''Module {number}.'''\n\nimport os\n");
    for part in 0..5 {
        let _ = write!(
            text,
            "\n\ndef f{part}(names, *, limit={number}):\n    \
             found = [name for name in names if len(name) < limit]\n    \
             return os.path.join(*found, f'{{limit}}-{part}')\n"
        );
    }
    text
}
