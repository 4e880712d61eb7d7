//! The same sources give the same bytes, regardless of where and when they are built.

use std::{
    fs,
    time::{Duration, SystemTime},
};

use include_py_tests::Project;

/// What differs between two builds that must give the same bundle.
struct Circumstances {
    project: &'static str,
    hash_seed: &'static str,
    time_zone: &'static str,
    umask: &'static str,
    age: Duration,
}

#[test]
fn two_clean_builds_give_the_same_bytes() {
    let one = Circumstances {
        project: "reproducible-one",
        hash_seed: "1",
        time_zone: "UTC",
        umask: "022",
        age: Duration::ZERO,
    };
    let other = Circumstances {
        project: "reproducible-other",
        hash_seed: "4242",
        time_zone: "Asia/Kathmandu",
        umask: "077",
        age: Duration::from_secs(400 * 24 * 3600),
    };
    let (one, other) = (build(&one), build(&other));
    assert!(one.len() > 5_000_000, "the standard library is missing: {} bytes", one.len());
    assert!(one == other, "the bundles differ at byte {:?}", first_difference(&one, &other));
}

/// A clean build of an application with the whole standard library.
fn build(circumstances: &Circumstances) -> Vec<u8> {
    let project = Project::new(circumstances.project)
        .build_script(r#"include_py_build::Bundle::new("app").source("python").stdlib()"#)
        .python(
            "app/__init__.py",
            "NAMES = {'foo', 2, 3}\n\ndef f(x):\n    return x in {'foo', 2, 3}\n",
        )
        .python("app/words.py", "LETTERS = ['{', '}', 'x'], frozenset([None, ...])\n")
        .python("app/data.bin", [0, 1, 2, 255]);
    let modified = SystemTime::now() - circumstances.age;
    for file in ["python/app/__init__.py", "python/app/words.py", "python/app/data.bin"] {
        fs::File::options()
            .append(true)
            .open(project.path(file))
            .unwrap()
            .set_modified(modified)
            .unwrap();
    }
    let cargo = project.cargo();
    let arguments: Vec<_> = cargo.get_args().map(ToOwned::to_owned).collect();
    // `umask` is a command of the shell. The rest of the command is passed on unchanged.
    let mut shell = std::process::Command::new("sh");
    shell
        .arg("-c")
        .arg(format!("umask {}; exec \"$0\" \"$@\"", circumstances.umask))
        .arg(cargo.get_program())
        .args(arguments)
        .current_dir(project.path(""))
        .envs(cargo.get_envs().filter_map(|(key, value)| Some((key, value?))))
        .env("PYTHONHASHSEED", circumstances.hash_seed)
        .env("TZ", circumstances.time_zone);
    let output = shell.output().unwrap();
    assert!(output.status.success(), "{}", include_py_tests::text(&output.stderr));
    fs::read(project.out_dir().join("app.bundle")).unwrap()
}

fn first_difference(one: &[u8], other: &[u8]) -> Option<usize> {
    one.iter().zip(other).position(|(a, b)| a != b)
}
