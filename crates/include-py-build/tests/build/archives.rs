//! The standard library from an archive.

use std::io::Write as _;
use std::path::Path;
use std::time::{Duration, SystemTime};

use flate2::{Compression, write::GzEncoder};
use include_py_build::{Bundle, Environment, Error, Output, Stdlib};

use crate::project::Project;

const LIBRARY: &[(&str, &str)] = &[
    ("python/bin/python3.13", "#!/bin/false\n"),
    ("python/include/python3.13/Python.h", ""),
    ("python/lib/python3.13/os.py", "import abc\n"),
    ("python/lib/python3.13/abc.py", "class ABC:\n    pass\n"),
    ("python/lib/python3.13/json/__init__.py", ""),
    ("python/lib/python3.13/site-packages/foreign.py", ""),
    ("python/lib/python3.13/test/os.py", ""),
];

fn tar(files: &[(&str, &str)]) -> Vec<u8> {
    let mut archive = tar::Builder::new(Vec::new());
    for (path, text) in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(text.len().try_into().unwrap());
        header.set_mode(0o644);
        header.set_mtime(1_000_000_000);
        header.set_cksum();
        archive.append_data(&mut header, path, text.as_bytes()).unwrap();
    }
    archive.into_inner().unwrap()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn build(project: &Project, archive: &Path) -> Result<Output, Error> {
    let environment = Environment::new(project.path("out")).python_version(3, 13);
    let bundle = Bundle::new("app").source(project.source());
    bundle.stdlib_with(Stdlib::from_archive(archive)).build(&environment)
}

#[test]
fn a_library_in_an_archive_needs_no_python() {
    let mut bundles = Vec::new();
    for bytes in [tar(LIBRARY), gzip(&tar(LIBRARY))] {
        let project = Project::new(&[("app.py", "import os\n")]);
        let archive = project.path("python.tar");
        std::fs::write(&archive, bytes).unwrap();
        // A file that was just written isn't trusted to stay as it is.
        let past = SystemTime::now() - Duration::from_secs(60);
        std::fs::File::options().append(true).open(&archive).unwrap().set_modified(past).unwrap();
        std::thread::sleep(Duration::from_millis(100));
        assert_eq!(build(&project, &archive).unwrap().modules(), 4, "app, os, abc, json");
        bundles.push(project.bundle());
        let os = project.path("out/app.stdlib/python/lib/python3.13/os.py");
        assert!(os.exists() && !project.path("out/app.stdlib/python/bin").exists());

        // It is unpacked once, until the archive changes.
        std::fs::write(&os, "import abc, json\n").unwrap();
        assert_eq!(build(&project, &archive).unwrap().compiled(), 1);
        std::fs::write(&archive, tar(LIBRARY)).unwrap();
        build(&project, &archive).unwrap();
        assert_eq!(std::fs::read_to_string(&os).unwrap(), "import abc\n");
        assert!(project.bundle() == bundles[0]);
    }
    assert!(bundles[0] == bundles[1]);
}

#[test]
fn an_archive_without_a_library_is_refused() {
    let project = Project::new(&[("app.py", "")]);
    let refused = |bytes: &[u8]| {
        let archive = project.path("python.tgz");
        std::fs::write(&archive, bytes).unwrap();
        let error = build(&project, &archive).unwrap_err().to_string();
        assert!(!project.path("out/app.stdlib").exists());
        error.replace(&project.path("").display().to_string(), "")
    };
    let help = "  = help: give `Stdlib::from_archive` an archive with `lib/python3.13/os.py`";
    let error = refused(&gzip(&tar(&LIBRARY[..2])));
    assert!(error.starts_with("`python.tgz` has no standard library in it\n"), "{error}");
    assert!(error.contains(help), "{error}");
    let cut = gzip(&tar(LIBRARY));
    for bytes in [&cut[..cut.len() / 2], b"\xfd7zXZ\0 and so on, which isn't a tar archive"] {
        let error = refused(bytes);
        assert!(error.starts_with("`python.tgz` can't be unpacked: "), "{error}");
        assert!(error.contains("reads .tar and .tar.gz files"), "{error}");
    }
    // Another version than the target's.
    let other = LIBRARY.iter().map(|(path, text)| (path.replace("3.13", "3.12"), *text));
    let other: Vec<_> = other.collect();
    let other: Vec<_> = other.iter().map(|(path, text)| (path.as_str(), *text)).collect();
    let archive = project.path("python.tgz");
    std::fs::write(&archive, tar(&other)).unwrap();
    let error = build(&project, &archive).unwrap_err().to_string();
    assert!(error.contains("is the library of another version than the target, 3.13"), "{error}");
    let error = build(&project, &project.path("absent.tgz")).unwrap_err().to_string();
    assert!(error.contains("absent.tgz"), "{error}");
}
