//! When Cargo runs the build script again, and how much is compiled then.
//!
//! `runs()` lists the number of compiled modules of each run: `["3", "1"]` is a full build of three
//! modules and a rebuild of one.

use std::{env, fs, path::PathBuf, process::Command, time::Duration};

use include_py_tests::Project;

/// Three modules: `app`, `app.part`, `app.other`.
fn sample(name: &str) -> Project {
    Project::new(name)
        .python("app/__init__.py", "from app import part\nprint(part.TEXT)\n")
        .python("app/part.py", "TEXT = 'one'\n")
        .python("app/other.py", "TEXT = 'other'\n")
        .python("app/data.txt", "data\n")
}

/// Waits until the file system's clock has advanced: Cargo compares modification times.
fn wait() {
    std::thread::sleep(Duration::from_millis(50));
}

#[test]
fn without_changes_no_script_runs() {
    let project = sample("rebuild-nothing");
    assert_eq!(project.built().run(), "one\n");
    project.built().built();
    assert_eq!(project.runs(), ["3"]);
}

#[test]
fn an_edited_module_is_compiled_alone() {
    let project = sample("rebuild-edit");
    project.built();
    wait();
    project.write("python/app/part.py", "TEXT = 'two'\n");
    assert_eq!(project.built().run(), "two\n");
    project.built();
    assert_eq!(project.runs(), ["3", "1"]);
}

#[test]
fn a_touched_module_is_not_compiled() {
    let project = sample("rebuild-touch");
    project.built();
    wait();
    project.write("python/app/part.py", "TEXT = 'one'\n");
    project.built().built();
    assert_eq!(project.runs(), ["3", "0"]);
}

#[test]
fn an_added_module_is_found() {
    let project = sample("rebuild-add");
    project.built();
    wait();
    project.write("python/app/deep/new.py", "TEXT = 'new'\n");
    project.built();
    wait();
    project.write("python/app/__init__.py", "from app.deep import new\nprint(new.TEXT)\n");
    assert_eq!(project.built().run(), "new\n");
    assert_eq!(project.runs(), ["3", "1", "1"]);
}

#[test]
fn a_removed_module_is_gone() {
    let project = sample("rebuild-remove");
    project.built();
    wait();
    fs::remove_file(project.path("python/app/part.py")).unwrap();
    let output = project.built().program().output().unwrap();
    let stderr = include_py_tests::text(&output.stderr);
    assert!(stderr.contains("ImportError: cannot import name 'part' from"), "{stderr}");
    assert_eq!(project.runs(), ["3", "0"]);
}

#[test]
fn a_renamed_module_has_its_new_name() {
    let project = sample("rebuild-rename");
    project.built();
    wait();
    fs::rename(project.path("python/app/part.py"), project.path("python/app/piece.py")).unwrap();
    project.built();
    wait();
    project.write("python/app/__init__.py", "from app import piece\nprint(piece.TEXT)\n");
    assert_eq!(project.built().run(), "one\n");
    assert_eq!(project.runs(), ["3", "1", "1"]);
}

#[test]
fn a_changed_resource_is_bundled() {
    let main = "import importlib.resources\n\
                print(importlib.resources.files('app').joinpath('data.txt').read_text(), end='')\n";
    let project = sample("rebuild-resource").python("app/__init__.py", main);
    assert_eq!(project.built().run(), "data\n");
    wait();
    project.write("python/app/data.txt", "new data\n");
    assert_eq!(project.built().run(), "new data\n");
    assert_eq!(project.runs(), ["3", "0"]);
}

#[test]
fn files_outside_the_sources_do_not_matter() {
    let project = sample("rebuild-outside");
    project.built();
    wait();
    project.write("README.md", "# Read me\n");
    project.write("scripts/tool.py", "print(1)\n");
    project.built();
    assert_eq!(project.runs(), ["3"]);
}

#[test]
fn other_options_compile_again() {
    let optimized = r#"include_py_build::Bundle::new("app").source("python").optimize(2)"#;
    let project = sample("rebuild-options");
    project.built();
    wait();
    let project = project.build_script(optimized);
    project.built();
    assert_eq!(project.runs(), ["3", "3"]);
}

#[test]
fn a_damaged_cache_is_rebuilt() {
    let project = sample("rebuild-damage");
    project.built();
    let bundle = project.out_dir().join("app.bundle");
    let good = fs::read(&bundle).unwrap();
    let mut bad = good.clone();
    let middle = bad.len() / 2;
    bad[middle] ^= 0xff;
    fs::write(&bundle, bad).unwrap();
    wait();
    project.write("python/app/other.py", "TEXT = 'changed'\n");
    assert_eq!(project.built().run(), "one\n");
    wait();
    project.write("python/app/other.py", "TEXT = 'other'\n");
    project.built();
    assert_eq!(fs::read(&bundle).unwrap(), good, "incremental and clean builds differ");
    assert_eq!(project.runs(), ["3", "3", "1"]);
}

/// Everything is compiled for two Pythons.
mod long {
    use super::*;

    #[test]
    #[ignore = "long: `cargo xtask ci long`"]
    fn another_interpreter_compiles_again() {
        let Some((one, other)) = two_interpreters() else {
            testbed::not_covered(
                "this machine has no two interpreters with a libpython in ~/.pyenv",
            );
            return;
        };
        let version = "import sys\nprint('%d.%d' % sys.version_info[:2])\n";
        let project =
            Project::new("rebuild-target").apart("rebuild-target").python("app.py", version);
        for (python, runs) in [(&one, vec!["1"]), (&one, vec!["1"]), (&other, vec!["1", "1"])] {
            let output = project.cargo().env("PYO3_PYTHON", python).output().unwrap();
            assert!(output.status.success(), "{}", include_py_tests::text(&output.stderr));
            let shown = Command::new(python).arg(project.path("python/app.py")).output().unwrap();
            assert_eq!(project.run(), include_py_tests::text(&shown.stdout));
            assert_eq!(project.runs(), runs);
        }
    }

    /// Interpreters of two minor versions that can be linked.
    fn two_interpreters() -> Option<(PathBuf, PathBuf)> {
        let versions = PathBuf::from(env::var_os("HOME")?).join(".pyenv/versions");
        let mut found = ["3.13", "3.12", "3.11"].iter().filter_map(|minor| {
            fs::read_dir(&versions).ok()?.filter_map(Result::ok).find_map(|entry| {
                let library = entry.path().join(format!("lib/libpython{minor}.so.1.0"));
                library.exists().then(|| entry.path().join("bin/python"))
            })
        });
        Some((found.next()?, found.next()?))
    }
}
