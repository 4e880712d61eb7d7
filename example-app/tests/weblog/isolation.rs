//! Nothing on the machine gets between the binary and its bundle.

use std::{fs, path::Path, process::Command};

use crate::{Run, SAMPLE, assert_holds, command, scratch};

/// A directory of modules that fail loudly when they are imported.
fn traps(test: &str) -> std::path::PathBuf {
    let directory = scratch(test);
    for name in ["json", "csv", "os", "encodings", "weblog", "sitecustomize", "usercustomize"] {
        let code = format!("raise SystemExit('{name}.py was imported')\n");
        fs::write(directory.join(name).with_extension("py"), code).unwrap();
    }
    directory
}

fn works(command: &mut Command) {
    let text = Run::of(command.args(["summary", "--where", SAMPLE])).success();
    assert_holds(&text, &["Requests    623\n", ", 0 pure-Python outside the bundle\n"]);
}

#[test]
fn modules_in_the_current_directory_are_not_imported() {
    works(command().current_dir(traps("current_directory")));
}

#[test]
fn pythons_environment_is_not_read() {
    let traps = traps("environment");
    works(
        command()
            .env("PYTHONPATH", &traps)
            .env("PYTHONHOME", "/nonexistent")
            .env("PYTHONSTARTUP", traps.join("json.py"))
            .env("PYTHONUSERBASE", &traps)
            .env("PYTHONWARNINGS", "error")
            .env("PYTHONOPTIMIZE", "2")
            .env("PYTHONIOENCODING", "ascii:strict"),
    );
}

#[test]
fn it_runs_with_an_empty_environment() {
    works(command().env_clear().current_dir("/"));
}

#[test]
fn text_does_not_depend_on_the_locale() {
    let log = scratch("locale").join("zugänge.log");
    fs::copy(SAMPLE, &log).unwrap();
    for locale in ["C", "POSIX", "C.UTF-8", "xx_XX.nonsense"] {
        let mut command = command();
        command.arg("report").arg(&log).env("LC_ALL", locale);
        assert_holds(&Run::of(&mut command).success(), &["zugänge.log: 623 entries", "█"]);
    }
}

#[test]
fn the_binary_may_be_moved() {
    let directory = scratch("moved");
    let binary = directory.join("renamed");
    fs::copy(Path::new(env!("CARGO_BIN_EXE_example-app")), &binary).unwrap();
    works(Command::new(&binary).env_remove("LD_LIBRARY_PATH").current_dir(&directory));
}
