//! What a second build does again: only what changed.
//!
//! `compiled()` and `reused()` tell; the bytes must be those of a build from nothing.

use std::time::SystemTime;

use include_py_build::{Bundle, Output};

use crate::project::Project;

fn counts(output: &Output) -> (usize, usize) {
    (output.compiled(), output.reused())
}

fn project() -> Project {
    Project::new(&[("app/__init__.py", "x = 1\n"), ("app/a.py", "y = 2\n"), ("app/b.txt", "")])
}

#[test]
fn only_changed_modules_are_compiled() {
    let project = project();
    let build = || counts(&project.build(|bundle| bundle).unwrap());
    assert_eq!(build(), (2, 0));
    assert_eq!(build(), (0, 2));
    project.write("python/app/a.py", "y = 3\n");
    assert_eq!(build(), (1, 1));
    project.write("python/app/c.py", "");
    assert_eq!(build(), (1, 2));
    // Renamed: its name is in its code.
    std::fs::rename(project.path("python/app/c.py"), project.path("python/app/d.py")).unwrap();
    assert_eq!(build(), (1, 2));
    std::fs::remove_file(project.path("python/app/d.py")).unwrap();
    assert_eq!(build(), (0, 2));
    project.write("python/app/b.txt", "changed");
    assert_eq!(build(), (0, 2));
}

#[test]
fn options_that_change_the_code_compile_all() {
    let project = project();
    project.build(|bundle| bundle).unwrap();
    let output = project.build(|bundle| bundle.optimize(1)).unwrap();
    assert_eq!(counts(&output), (2, 0));
    let output = project.build(|bundle| bundle.optimize(1).include_source(true)).unwrap();
    assert_eq!(counts(&output), (0, 2));
    if let [_, .., last] = crate::project::interpreters().as_slice() {
        let environment = project.environment().python(last);
        let bundle = Bundle::new("app").source(project.source());
        assert_eq!(counts(&bundle.build(&environment).unwrap()), (2, 0));
    }
}

#[test]
fn what_doesnt_change_isnt_written() {
    let project = project();
    project.build(|bundle| bundle).unwrap();
    let old = SystemTime::UNIX_EPOCH;
    let names = ["out/app.bundle", "out/app.rs", "out/app.keys"];
    for name in names {
        let file = std::fs::File::options().append(true).open(project.path(name)).unwrap();
        file.set_modified(old).unwrap();
    }
    let written = || -> Vec<bool> {
        let modified = |name| std::fs::metadata(project.path(name)).unwrap().modified().unwrap();
        names.iter().map(|name| modified(name) != old).collect()
    };
    project.build(|bundle| bundle).unwrap();
    assert_eq!(written(), [false, false, false]);
    project.write("python/app/a.py", "y = 3\n");
    project.build(|bundle| bundle).unwrap();
    assert_eq!(written(), [true, false, true]);
    let files = std::fs::read_dir(project.path("out")).unwrap();
    assert_eq!(files.count(), names.len());
}

#[test]
fn damaged_output_is_made_again() {
    let project = project();
    project.build(|bundle| bundle).unwrap();
    let good = project.bundle();
    let keys = std::fs::read_to_string(project.path("out/app.keys")).unwrap();
    let build = || counts(&project.build(|bundle| bundle).unwrap());

    for position in [0, 40, good.len() / 2, good.len() - 1] {
        let mut damaged = good.clone();
        damaged[position] ^= 1;
        project.write("out/app.bundle", &damaged);
        assert_eq!(build(), (2, 0), "{position}");
        assert!(project.bundle() == good);
    }
    project.write("out/app.bundle", &good[..good.len() / 2]);
    assert_eq!(build(), (2, 0));
    for damaged in
        ["", "x", &keys.replace("bundle ", "bundle 0"), &keys.replace("keys 1", "keys 2")]
    {
        project.write("out/app.keys", damaged);
        assert_eq!(build(), (2, 0));
    }
    // A key that is damaged costs its own module only.
    project.write("out/app.keys", keys.replace(" app.a", "0 app.a"));
    assert_eq!(build(), (1, 1));
    std::fs::remove_file(project.path("out/app.bundle")).unwrap();
    assert_eq!(build(), (2, 0));
    assert_eq!(std::fs::read_to_string(project.path("out/app.keys")).unwrap(), keys);
}
