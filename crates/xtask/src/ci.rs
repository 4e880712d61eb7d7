//! `cargo xtask ci`: every check of this repository, in order, timed.
//!
//! ```text
//! step          seconds
//! fmt               0.4  ok
//! clippy           21.7  FAILED
//! ```

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use testbed::Outcome;

use crate::{dependencies, lowest, minimum, package, pages};

const HELP: &str = "\
Run every check of this repository in order, also after one has failed, and time each.

Usage: cargo xtask ci [STEP]…

Arguments:
  [STEP]…   Only these steps: fmt, package-fmt, clippy, package-clippy, doc, dependencies, minimum, lowest, package,
            api, tidy, long, archives, marshal, dis, compiler, parsers, referee, fuzz, importer, cases, pages, book

`long` runs the tests that take too long for `cargo test --workspace`, the README's second command.
Tests that are ignored for another reason aren't part of any step.

Exit code: 0 if all steps pass, 1 if one fails.
";

/// One check: a command line, and environment variables that it needs.
struct Step {
    name: &'static str,
    program: Program,
    arguments: &'static [&'static str],
    environment: &'static [(&'static str, &'static str)],
}

/// The program of a step.
enum Program {
    /// The Cargo that runs this program.
    Cargo,
    /// A function of this program; there are no arguments.
    Check(fn(&Path) -> Result<(), String>),
    /// This program.
    Xtask,
    /// A tool that may be missing; then the step is skipped and the reason printed.
    Optional { name: &'static str, instead: &'static str },
}

const STEPS: &[Step] = &[
    Step {
        name: "fmt",
        program: Program::Cargo,
        arguments: &["fmt", "--all", "--check"],
        environment: &[],
    },
    // Outside the workspace, because its PyO3 has the feature `abi3`.
    Step {
        name: "package-fmt",
        program: Program::Cargo,
        arguments: &["fmt", "--manifest-path", "crates/include-py-python/Cargo.toml", "--check"],
        environment: &[],
    },
    Step {
        name: "clippy",
        program: Program::Cargo,
        arguments: &[
            "clippy",
            "--workspace",
            "--all-targets",
            "--features",
            "api-listing/listing,include-py-build/archives",
            "--",
            "-D",
            "warnings",
        ],
        environment: &[],
    },
    Step {
        name: "package-clippy",
        program: Program::Cargo,
        arguments: &[
            "clippy",
            "--manifest-path",
            "crates/include-py-python/Cargo.toml",
            "--all-targets",
            "--target-dir",
            "target/include-py-python",
            "--",
            "-D",
            "warnings",
        ],
        environment: &[],
    },
    Step {
        name: "doc",
        program: Program::Cargo,
        arguments: &["doc", "--workspace", "--no-deps"],
        environment: &[("RUSTDOCFLAGS", "-D warnings")],
    },
    Step {
        name: "dependencies",
        program: Program::Check(dependencies::check),
        arguments: &[],
        environment: &[],
    },
    Step {
        name: "minimum",
        program: Program::Check(minimum::check),
        arguments: &[],
        environment: &[],
    },
    Step {
        name: "lowest",
        program: Program::Check(lowest::check),
        arguments: &[],
        environment: &[],
    },
    Step {
        name: "package",
        program: Program::Check(package::check),
        arguments: &[],
        environment: &[],
    },
    Step { name: "api", program: Program::Xtask, arguments: &["api", "--check"], environment: &[] },
    Step { name: "tidy", program: Program::Xtask, arguments: &["tidy"], environment: &[] },
    Step {
        name: "long",
        program: Program::Cargo,
        arguments: &["test", "--workspace", "--tests", "--", "--ignored", "long::"],
        environment: &[],
    },
    // A feature, so that users compile two packages less.
    Step {
        name: "archives",
        program: Program::Cargo,
        arguments: &["test", "-p", "include-py-build", "--features", "archives", "archive"],
        environment: &[],
    },
    Step {
        name: "marshal",
        program: Program::Xtask,
        arguments: &["conformance", "marshal", "--quick"],
        environment: &[],
    },
    Step {
        name: "dis",
        program: Program::Xtask,
        arguments: &["conformance", "dis", "--quick"],
        environment: &[],
    },
    Step {
        name: "importer",
        program: Program::Xtask,
        arguments: &["conformance", "importer", "--quick"],
        environment: &[],
    },
    Step {
        name: "compiler",
        program: Program::Xtask,
        arguments: &["conformance", "compiler", "all", "--quick"],
        environment: &[],
    },
    Step {
        name: "parsers",
        program: Program::Xtask,
        arguments: &["conformance", "parsers", "all", "--quick"],
        environment: &[],
    },
    // Outside the workspace, so that only this step compiles the other parser.
    Step {
        name: "referee",
        program: Program::Cargo,
        arguments: &[
            "run",
            "--quiet",
            "--manifest-path",
            "tests/parsers/Cargo.toml",
            "--target-dir",
            "target/referee",
            "--",
            "crates",
            "example-app",
            "integrations",
            "tests",
        ],
        environment: &[],
    },
    Step {
        name: "fuzz",
        program: Program::Xtask,
        arguments: &["conformance", "fuzz", "all", "--count", "1000"],
        environment: &[],
    },
    Step {
        name: "cases",
        program: Program::Xtask,
        arguments: &["conformance", "cases", "--quick"],
        environment: &[],
    },
    Step { name: "pages", program: Program::Check(pages::check), arguments: &[], environment: &[] },
    Step {
        name: "book",
        program: Program::Optional {
            name: "mdbook",
            instead: "`tidy` has checked the book's links and its table of contents; \
                      to build the book, `cargo install mdbook`",
        },
        arguments: &["build", "docs"],
        environment: &[],
    },
];

pub(crate) fn main(arguments: &[&str], root: &Path) -> Outcome {
    if let ["-h" | "--help", ..] = arguments {
        return Outcome::Help(HELP);
    }
    let known = |name: &str| STEPS.iter().any(|step| step.name == name);
    if let Some(unknown) = arguments.iter().find(|name| !known(name)) {
        return Outcome::Misuse(format!("no step `{unknown}`, see `cargo xtask ci --help`"));
    }
    let mut table = vec!["step          seconds".to_owned()];
    let mut outcome = Outcome::Good;
    for step in STEPS.iter().filter(|one| arguments.is_empty() || arguments.contains(&one.name)) {
        let start = Instant::now();
        let verdict = match step.run(root) {
            Verdict::Passed => "ok",
            Verdict::Failed(message) => {
                eprintln!("ci: `{}` failed: {message}", step.name);
                outcome = Outcome::Bad;
                "FAILED"
            }
            Verdict::Missing(message) => {
                println!("ci: left out `{}`: {message}", step.name);
                "left out"
            }
        };
        let seconds = start.elapsed().as_secs_f64();
        table.push(format!("{:14}{seconds:7.1}  {verdict}", step.name));
    }
    println!("{}", table.join("\n"));
    outcome
}

enum Verdict {
    Passed,
    Failed(String),
    Missing(String),
}

impl Step {
    fn run(&self, root: &Path) -> Verdict {
        println!("ci: {}", self.name);
        let program = match &self.program {
            Program::Cargo => testbed::cargo().get_program().to_owned(),
            Program::Xtask => match std::env::current_exe() {
                Ok(path) => path.into(),
                Err(error) => return Verdict::Failed(format!("can't find this program: {error}")),
            },
            Program::Optional { name, .. } => (*name).into(),
            Program::Check(check) => {
                return check(root).map_or_else(Verdict::Failed, |()| Verdict::Passed);
            }
        };
        let status = Command::new(program)
            .args(self.arguments)
            .envs(self.environment.iter().copied())
            .current_dir(root)
            .stdin(Stdio::null())
            .status();
        match (status, &self.program) {
            (Ok(status), _) if status.success() => Verdict::Passed,
            (Ok(status), _) => Verdict::Failed(status.to_string()),
            (Err(error), Program::Optional { name, instead })
                if error.kind() == std::io::ErrorKind::NotFound =>
            {
                Verdict::Missing(format!("`{name}` isn't installed; {instead}"))
            }
            (Err(error), _) => Verdict::Failed(format!("can't run it: {error}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn help_names_every_step() {
        for step in STEPS {
            assert!(HELP.contains(step.name), "{}", step.name);
        }
    }

    #[test]
    fn a_failing_step_fails() {
        let step = |program, arguments| Step { name: "x", program, arguments, environment: &[] };
        let run = |step: Step| step.run(testbed::root());
        assert!(matches!(run(step(Program::Cargo, &["--version"])), Verdict::Passed));
        if cfg!(unix) {
            // The system's command that only fails.
            let program = Program::Optional { name: "false", instead: "" };
            assert!(matches!(run(step(program, &[])), Verdict::Failed(_)));
        }
        let program = Program::Check(|_| Err("reason".to_owned()));
        assert!(matches!(run(step(program, &[])), Verdict::Failed(_)));
    }

    #[test]
    fn a_missing_tool_is_left_out() {
        let step = Step {
            name: "x",
            program: Program::Optional { name: "no-such-tool-at-all", instead: "y" },
            arguments: &[],
            environment: &[],
        };
        assert!(matches!(step.run(testbed::root()), Verdict::Missing(_)));
    }
}
