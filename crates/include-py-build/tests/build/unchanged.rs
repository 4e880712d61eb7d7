//! A build that finds the recorded inputs unchanged does nothing, and gives the same result.
//!
//! Each change below must be found, although nothing is searched.
#![cfg(unix)]

use std::os::unix::fs::symlink;
use std::time::Duration;

use include_py_build::Bundle;

use crate::project::Project;

fn project() -> Project {
    let project = Project::new(&[
        ("app/__init__.py", "x = 1\n"),
        ("app/a.py", "y = 2 is 2\n"),
        ("app/b.txt", "text"),
        ("app/__pycache__/a.pyc", "excluded"),
        ("space/deep/c.py", "z = 3\n"),
    ]);
    project.write("elsewhere/one/d.py", "d = 1\n");
    project.write("elsewhere/two/d.py", "d = 2\n");
    symlink(project.path("elsewhere/one"), project.path("python/linked")).unwrap();
    symlink(project.path("elsewhere/two/d.py"), project.path("python/single.py")).unwrap();
    project
}

/// Builds so long after the last change that its stamps can be trusted.
fn settle(project: &Project) {
    std::thread::sleep(Duration::from_millis(50));
    project.build(|bundle| bundle).unwrap();
}

fn has_inputs(project: &Project) -> bool {
    project.path("out/app.inputs").exists()
}

#[test]
fn the_result_is_the_same() {
    let project = project();
    settle(&project);
    assert!(has_inputs(&project));
    let bytes = project.bundle();
    let short = project.build(|bundle| bundle).unwrap();
    std::fs::remove_file(project.path("out/app.inputs")).unwrap();
    let long = project.build(|bundle| bundle).unwrap();
    assert_eq!(short.to_string(), long.to_string());
    assert_eq!((short.compiled(), short.modules()), (0, short.reused() + 3));
    assert!(short.warnings().eq(long.warnings()));
    assert_eq!(short.warnings().count(), 1);
    assert!(project.bundle() == bytes);
}

/// A change to a project.
type Change = fn(&Project);

#[test]
fn every_change_is_found() {
    let changes: &[(&str, Change)] = &[
        ("edited", |project| project.write("python/app/a.py", "y = 3\n")),
        ("of the same size and time", |project| {
            let path = project.path("python/app/a.py");
            let modified = std::fs::metadata(&path).unwrap().modified().unwrap();
            project.write("python/app/a.py", "y = 7 is 7\n");
            let file = std::fs::File::options().append(true).open(&path).unwrap();
            file.set_modified(modified).unwrap();
        }),
        ("added", |project| project.write("python/app/new.py", "")),
        ("added where no module was", |project| project.write("python/space/e.txt", "")),
        ("added in a new directory", |project| project.write("python/app/new/f.py", "")),
        ("removed", |project| std::fs::remove_file(project.path("python/app/b.txt")).unwrap()),
        ("renamed", |project| {
            let [from, to] = ["a", "c"].map(|name| project.path(&format!("python/app/{name}.py")));
            std::fs::rename(from, to).unwrap();
        }),
        ("edited behind a link", |project| project.write("elsewhere/one/d.py", "d = 4\n")),
        ("added behind a link", |project| project.write("elsewhere/one/e.py", "")),
        ("edited behind a link to a file", |project| {
            project.write("elsewhere/two/d.py", "d = 5\n");
        }),
        ("another link", |project| {
            let link = project.path("python/linked");
            std::fs::remove_file(&link).unwrap();
            symlink(project.path("elsewhere/two"), link).unwrap();
        }),
        ("another directory behind a link", |project| {
            let one = project.path("elsewhere/one");
            std::fs::rename(&one, project.path("elsewhere/three")).unwrap();
            std::fs::rename(project.path("elsewhere/two"), one).unwrap();
        }),
        ("without bundle", |project| {
            std::fs::remove_file(project.path("out/app.bundle")).unwrap();
        }),
        ("without keys", |project| std::fs::remove_file(project.path("out/app.keys")).unwrap()),
        ("damaged inputs", |project| {
            let path = project.path("out/app.inputs");
            let mut bytes = std::fs::read(&path).unwrap();
            bytes.truncate(bytes.len() - 1);
            std::fs::write(path, bytes).unwrap();
        }),
    ];
    for (what, change) in changes {
        let project = project();
        settle(&project);
        assert!(has_inputs(&project), "{what}");
        change(&project);
        project.check_against_fresh(what);
    }
}

#[test]
fn other_settings_are_found() {
    let project = project();
    let changes: &[fn(Bundle) -> Bundle] = &[
        |bundle| bundle.optimize(2),
        |bundle| bundle.include_source(true),
        |bundle| bundle.exclude("space"),
        |bundle| bundle.exclude("app/b.txt"),
    ];
    for (number, change) in changes.iter().enumerate() {
        settle(&project);
        let plain = project.bundle();
        project.build(change).unwrap();
        let other = project.bundle();
        project.build(change).unwrap();
        assert!(project.bundle() == other, "{number}");
        assert!(other != plain, "{number}");
        settle(&project);
        assert!(project.bundle() == plain, "{number}");
    }
}

#[test]
fn what_stamps_do_not_show_is_not_recorded() {
    let project = project();
    // The target may appear without any change here.
    symlink(project.path("nowhere"), project.path("python/app/broken.py")).unwrap();
    settle(&project);
    assert!(!has_inputs(&project));
    std::fs::remove_file(project.path("python/app/broken.py")).unwrap();
    settle(&project);
    assert!(has_inputs(&project));
    // Who distrusts stamps compares nothing.
    let bundle = Bundle::new("app").source(project.source());
    bundle.build(&project.environment().hash_contents()).unwrap();
    // An edit within a tick of the build.
    project.write("python/app/a.py", "y = 5\n");
    project.build(|bundle| bundle).unwrap();
    assert!(!has_inputs(&project));
    project.check_against_fresh("after an edit");
}
