//! A second build redoes only what has changed.
//!
//! `compiled()` and `reused()` count this. The bytes must be those of a build from scratch.

use std::path::Path;
use std::time::{Duration, SystemTime};

use include_py_build::{Bundle, Options, Output};

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
    // A renamed module: its name is part of its code.
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
fn unchanged_outputs_are_not_written() {
    let project = project();
    age(&project);
    let old = SystemTime::UNIX_EPOCH;
    let names = ["out/app.bundle", "out/app.rs", "out/app.keys"];
    let written = || -> Vec<bool> {
        let modified = |name| std::fs::metadata(project.path(name)).unwrap().modified().unwrap();
        names.iter().map(|name| modified(name) != old).collect()
    };
    for name in names {
        set_modified(&project.path(name), old);
    }
    project.build(|bundle| bundle).unwrap();
    // The bundle's own modification time has changed.
    assert_eq!(written(), [false, false, true]);
    set_modified(&project.path("out/app.keys"), old);
    project.build(|bundle| bundle).unwrap();
    assert_eq!(written(), [false, false, false]);
    project.write("python/app/a.py", "y = 3\n");
    project.build(|bundle| bundle).unwrap();
    assert_eq!(written(), [true, false, true]);
    let files = std::fs::read_dir(project.path("out")).unwrap();
    // The report is written, too: the times in it differ each time.
    assert_eq!(files.count(), names.len() + 1);
    let report = std::fs::read_to_string(project.path("out/app.json")).unwrap();
    assert!(report.contains("\"compiled\": 1, \"reused\": 1, \"files\": 1, "), "{report}");
}

#[test]
fn damaged_outputs_are_rebuilt() {
    let project = project();
    project.build(|bundle| bundle).unwrap();
    let good = project.bundle();
    let keys = std::fs::read(project.path("out/app.keys")).unwrap();
    let build = || counts(&project.build(|bundle| bundle).unwrap());

    for position in [0, 40, good.len() / 2, good.len() - 1] {
        let mut damaged = good.clone();
        damaged[position] ^= 1;
        project.write("out/app.bundle", &damaged);
        set_modified(&project.path("out/app.bundle"), SystemTime::UNIX_EPOCH);
        assert_eq!(build(), (2, 0), "{position}");
        assert!(project.bundle() == good);
    }
    project.write("out/app.bundle", &good[..good.len() / 2]);
    assert_eq!(build(), (2, 0));
    for length in [0, 1, keys.len() / 2, keys.len() - 1] {
        project.write("out/app.keys", &keys[..length]);
        assert_eq!(build(), (2, 0));
    }
    for position in (0..keys.len()).step_by(keys.len() / 20) {
        let mut damaged = std::fs::read(project.path("out/app.keys")).unwrap();
        damaged[position] ^= 1;
        project.write("out/app.keys", &damaged);
        assert_eq!(build(), (2, 0), "{position}");
        assert!(project.bundle() == good);
    }
    std::fs::remove_file(project.path("out/app.bundle")).unwrap();
    assert_eq!(build(), (2, 0));
    assert!(project.bundle() == good);
}

fn set_modified(path: &Path, time: SystemTime) {
    let file = std::fs::File::options().append(true).open(path).unwrap();
    file.set_modified(time).unwrap();
}

/// Long enough ago that a further change would change the times, too.
fn age(project: &Project) {
    std::thread::sleep(Duration::from_millis(50));
    project.build(|bundle| bundle).unwrap();
}

/// The bundle equals the one from a build from scratch.
#[track_caller]
fn same_as_fresh(project: &Project) {
    let out = project.path("fresh");
    let environment = project.environment();
    let bundle = Bundle::new("app").source(project.source()).out_dir(&out);
    bundle.build(&environment).unwrap();
    assert!(std::fs::read(out.join("app.bundle")).unwrap() == project.bundle());
    std::fs::remove_dir_all(out).unwrap();
}

/// The file's size and modification time are as recorded.
#[test]
#[cfg(unix)]
fn the_change_of_an_inode_is_noticed() {
    let project = project();
    age(&project);
    let bytes = project.bundle();
    let swap = |path: &str, content: &str| {
        let path = project.path(path);
        let (old, metadata) = (std::fs::read(&path).unwrap(), std::fs::metadata(&path).unwrap());
        let mut file = std::fs::File::options().write(true).open(&path).unwrap();
        std::io::Write::write_all(&mut file, content.as_bytes()).unwrap();
        file.set_modified(metadata.modified().unwrap()).unwrap();
        assert_eq!((old.len(), metadata.len()), (content.len(), content.len() as u64));
    };
    // The time of the inode's last change shows it.
    swap("python/app/a.py", "y = 5\n");
    assert_eq!(counts(&project.build(|bundle| bundle).unwrap()), (1, 1));
    assert!(project.bundle() != bytes);
    same_as_fresh(&project);
}

#[test]
fn a_file_of_the_same_size_and_time_is_noticed() {
    let project = project();
    age(&project);
    let path = project.path("python/app/a.py");
    let modified = std::fs::metadata(&path).unwrap().modified().unwrap();
    // Replaced by a rename, as editors and version control do.
    project.write("python/other", "y = 7\n");
    std::fs::rename(project.path("python/other"), &path).unwrap();
    set_modified(&path, modified);
    assert_eq!(counts(&project.build(|bundle| bundle).unwrap()), (1, 1));
    same_as_fresh(&project);
}

#[test]
fn changes_are_noticed_after_the_clock_was_set_back() {
    let project = project();
    age(&project);
    let past = SystemTime::now() - Duration::from_secs(1 << 20);
    for (time, content) in
        [(past, "y = 8\n"), (past, "y = 9\n"), (SystemTime::UNIX_EPOCH, "y = 1\n")]
    {
        project.write("python/app/a.py", content);
        set_modified(&project.path("python/app/a.py"), time);
        assert_eq!(counts(&project.build(|bundle| bundle).unwrap()), (1, 1), "{content}");
        same_as_fresh(&project);
    }
    // A time in the future is never trusted: the file is read again.
    let future = SystemTime::now() + Duration::from_secs(1 << 20);
    for content in ["y = 2\n", "y = 3\n"] {
        project.write("python/app/a.py", content);
        set_modified(&project.path("python/app/a.py"), future);
        assert_eq!(counts(&project.build(|bundle| bundle).unwrap()), (1, 1), "{content}");
        same_as_fresh(&project);
    }
}

/// The edits follow each other as fast as possible, so many have the same time as the one before.
#[test]
fn edits_within_one_tick_of_the_clock_are_noticed() {
    let project = project();
    for number in 0..40 {
        let content = format!("y = {}\n", number % 10);
        project.write("python/app/a.py", &content);
        project.write("python/app/b.txt", &content);
        project.build(|bundle| bundle.include_source(true)).unwrap();
        let bytes = project.bundle();
        let bundle = include_py_bundle::Bundle::open(&bytes).unwrap();
        for path in ["app/a.py", "app/b.txt"] {
            let Some(include_py_bundle::Node::File(file)) = bundle.node(path).unwrap() else {
                panic!("a file")
            };
            assert_eq!(*file.content().unwrap(), *content.as_bytes(), "{path}");
        }
    }
}

#[test]
fn hash_contents_reads_every_file() {
    let project = project();
    age(&project);
    let build = || {
        let environment = project.environment().hash_contents();
        Bundle::new("app").source(project.source()).build(&environment)
    };
    assert_eq!(counts(&build().unwrap()), (0, 2));
    let mut damaged = project.bundle();
    let last = damaged.len() - 1;
    damaged[last] ^= 1;
    project.write("out/app.bundle", &damaged);
    assert_eq!(counts(&build().unwrap()), (2, 0));
    same_as_fresh(&project);
}

/// Included sources, files and distributions are taken from the previous bundle, and must be the
/// same.
#[test]
fn reused_content_gives_the_bytes_of_a_fresh_build() {
    let project = project();
    project.write("python/thing-1.dist-info/METADATA", "Name: thing\n");
    project.write("python/thing-1.dist-info/RECORD", "app/a.py,,\n");
    project.write("python/app/long.py", "x = 'text'\n".repeat(300));
    project.write("python/app/big.bin", "0123456789".repeat(10_000));
    let check = |what: &str, change: &dyn Fn(Bundle) -> Bundle| {
        let edited = project.build(change).unwrap();
        let fresh = change(Bundle::new("app").source(project.source()));
        fresh.out_dir(project.path("fresh")).build(&project.environment()).unwrap();
        let fresh = std::fs::read(project.path("fresh/app.bundle")).unwrap();
        assert!(fresh == project.bundle(), "{what}");
        assert_eq!(edited.bytes(), fresh.len());
        std::fs::remove_dir_all(project.path("fresh")).unwrap();
        include_py_bundle::Bundle::open(&fresh).unwrap().verify().unwrap();
    };
    let unpacked = |bundle: Bundle| bundle.options_for("app", Options::new().unpacked());
    let changes: [(&str, &dyn Fn(Bundle) -> Bundle); 4] = [
        ("plain", &|bundle| bundle),
        ("sources", &|bundle| bundle.include_source(true)),
        ("sources once more", &|bundle| bundle.include_source(true)),
        ("unpacked", &unpacked),
    ];
    for (what, change) in changes {
        check(what, change);
        check(&format!("{what}, unchanged"), change);
        project.write("python/app/long.py", "x = 'TEXT'\n".repeat(200));
        project.write("python/app/a.py", format!("y = {what:?}\n"));
        check(&format!("{what}, edited"), change);
        project.write("python/app/c.py", "x = 'text'\n".repeat(300));
        project.write("python/app/big2.bin", "0123456789".repeat(10_000));
        check(&format!("{what}, with another file of the same content"), change);
        std::fs::remove_file(project.path("python/app/c.py")).unwrap();
        project.write("python/app/big.bin", "abcdefghij".repeat(9_000));
        check(&format!("{what}, without that file"), change);
        std::fs::remove_file(project.path("python/app/big2.bin")).unwrap();
    }
}

/// If a text has changed, the check whether any module imports from a directory is repeated.
#[test]
fn the_check_for_importers_is_repeated_after_edits() {
    let project = project();
    project.write("python/app/skeleton/manage.py", "x = 1\n");
    project.write("python/app/skeleton/other.py", "x = 2\n");
    let is_data = || {
        let bytes = project.bundle();
        let bundle = include_py_bundle::Bundle::open(&bytes).unwrap();
        matches!(bundle.node("app/skeleton/manage.py"), Ok(Some(_)))
    };
    let importing = "from app.skeleton import manage\n";
    let edits = [
        ("app/a.py", "y = 2\n", true),
        ("app/a.py", importing, false),
        ("app/b.py", "z = 1\n", false),
        ("app/b.py", importing, false),
        ("app/a.py", "y = 2\n", false),
        ("app/b.py", "z = 1\n", true),
        ("app/skeleton/more.py", "x = 3\n", true),
        ("app/__init__.py", "load('app.skeleton.more')\n", false),
        ("app/skeleton/other.py", "x = 4\n", false),
        ("app/__init__.py", "", true),
        ("app/__init__.py", "", true),
    ];
    for (number, (path, content, expected)) in edits.into_iter().enumerate() {
        project.write(&format!("python/{path}"), content);
        age(&project);
        assert_eq!(is_data(), expected, "edit {number}");
        same_as_fresh(&project);
    }
    project.write("python/app/c.py", importing);
    age(&project);
    assert!(!is_data());
    std::fs::remove_file(project.path("python/app/c.py")).unwrap();
    age(&project);
    assert!(is_data());
}
