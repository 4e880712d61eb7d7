//! Modules, files and distributions that are in several directories. If an installer has put one of
//! them there, the one that `import` wouldn't find is left out.

use std::os::unix::fs::symlink;

use include_py_build::Bundle;
use include_py_bundle::Bundle as Reader;

use crate::project::{Project, small_library};

/// Builds `python`, then these directories of installed packages. Returns the warnings.
fn warnings(project: &Project, sites: &[&str]) -> Vec<String> {
    let bundle = Bundle::new("app").source(project.source());
    let bundle = sites.iter().fold(bundle, |bundle, site| bundle.site_packages(project.path(site)));
    let output = bundle.build(&project.environment()).unwrap();
    project.warnings(&output)
}

/// The modules and files with this prefix.
fn content(project: &Project, prefix: &str) -> Vec<String> {
    let bundle = project.bundle();
    let reader = Reader::open(&bundle).unwrap();
    let names = reader.modules().map(|module| module.unwrap().name().to_owned());
    names.filter(|name| name.starts_with(prefix)).collect()
}

fn distributions(project: &Project) -> Vec<String> {
    let bundle = project.bundle();
    let all = Reader::open(&bundle).unwrap().distributions();
    all.map(|one| one.unwrap().directory().to_owned()).collect()
}

fn left_out(loser: &str, winner: &str, name: &str) -> String {
    format!("`<dir>/{loser}` is left out: `<dir>/{winner}` is what `import` finds as `{name}`")
}

#[test]
fn the_first_of_two_installed_modules_is_bundled() {
    let project = Project::new(&[("own.py", ""), ("app/__init__.py", "")]);
    for (path, text) in [
        ("site/pkg/__init__.py", "first = True"),
        ("site/pkg/a.py", ""),
        ("site/portion/x.py", ""),
        ("more/pkg/__init__.py", "first = False"),
        ("more/pkg/b.py", ""),
        ("more/pkg/data.txt", ""),
        ("more/own.py", ""),
        ("more/own/__init__.py", ""),
        ("more/app/x.py", ""),
        ("more/portion/__init__.py", ""),
        ("more/portion/y.py", ""),
        ("more/ns/a.py", ""),
        ("site/ns/b.py", ""),
    ] {
        project.write(path, text);
    }
    assert_eq!(
        warnings(&project, &["site", "more"]),
        [
            "`<dir>/more/own.py` is left out: the package `own` beside it is what `import` finds"
                .to_owned(),
            left_out("more/app", "python/app/__init__.py", "app"),
            left_out("more/own/__init__.py", "python/own.py", "own"),
            left_out("more/pkg/__init__.py", "site/pkg/__init__.py", "pkg"),
            left_out("site/portion", "more/portion/__init__.py", "portion"),
        ]
    );
    assert_eq!(content(&project, "pkg"), ["pkg", "pkg.a"]);
    assert_eq!(content(&project, "portion"), ["portion", "portion.y"]);
    assert_eq!(content(&project, "ns"), ["ns", "ns.a", "ns.b"]);
    assert_eq!(content(&project, "app"), ["app"]);
    assert!(Reader::open(&project.bundle()).unwrap().node("pkg/data.txt").unwrap().is_none());
}

/// Packages for old versions of Python, which the library has long contained.
#[test]
fn the_library_wins_over_installed_modules() {
    let project = Project::new(&[("app.py", "")]);
    project.write("site/dataclasses.py", "backport = True");
    project.write("site/json/__init__.py", "");
    project.write("site/json/extra.py", "");
    let site = project.path("site");
    let stdlib = small_library(&project);
    let build = |bundle: Bundle| bundle.site_packages(site).stdlib_with(stdlib);
    let output = project.build(build).unwrap();
    assert_eq!(
        project.warnings(&output),
        [
            "`<dir>/site/dataclasses.py` is left out: `<dir>/lib/dataclasses.py` is what `import` \
             finds as `dataclasses`",
            "`<dir>/site/json/__init__.py` is left out: `<dir>/lib/json/__init__.py` is what \
             `import` finds as `json`",
        ]
    );
    assert!(!content(&project, "json").contains(&"json.extra".to_owned()));
}

#[test]
fn own_code_is_never_left_out_silently() {
    let project = Project::new(&[("same.py", ""), ("part/a.py", "")]);
    project.write("site/same.py", "");
    project.write("site/part/__init__.py", "");
    let (site, source) = (project.path("site"), project.source());
    let bundle = Bundle::new("app").site_packages(site).source(source);
    let report = project.shown(&bundle.build(&project.environment()).unwrap_err().to_string());
    assert!(report.contains("the module `same` has two sources"), "{report}");
    assert!(report.contains("the module `part` hides the directory of the same name"), "{report}");
}

#[test]
fn files_and_distributions_of_the_first_directory_are_bundled() {
    let project = Project::new(&[("a.py", ""), ("ns/own.txt", "own")]);
    for (path, text) in [
        ("site/ns/x.py", ""),
        ("site/ns/own.txt", "installed"),
        ("site/d-1.0.dist-info/METADATA", "Name: d\n"),
        ("more/d-1.0.dist-info/METADATA", "Name: d\n"),
        ("more/d-1.0.dist-info/RECORD", ""),
        ("site/e-1.dist-info/METADATA", "Name: e\n"),
        ("more/e-2.dist-info/METADATA", "Name: E\n"),
    ] {
        project.write(path, text);
    }
    assert_eq!(
        warnings(&project, &["site", "more"]),
        [
            "`<dir>/site/ns/own.txt` is left out: `<dir>/python/ns/own.txt` is in an earlier \
             directory and has the same path",
            "`<dir>/more/e-2.dist-info` is left out: `E` is there twice, also as \
             `<dir>/site/e-1.dist-info`; uninstall one of them, or leave it out with \
             `Bundle::exclude`",
        ]
    );
    assert_eq!(distributions(&project), ["d-1.0.dist-info", "e-1.dist-info"]);
    let bundle = project.bundle();
    let reader = Reader::open(&bundle).unwrap();
    assert!(reader.node("d-1.0.dist-info/RECORD").unwrap().is_none());
    assert!(reader.node("e-2.dist-info").unwrap().is_none());
}

/// `pip install --target` doesn't remove what it replaces.
#[test]
fn the_newest_version_of_a_distribution_is_bundled() {
    let project = Project::new(&[("a.py", "")]);
    for version in ["1.9", "1.10rc1", "1.10", "1.2.post1"] {
        let metadata = format!("Name: tool\nVersion: {version}\n");
        project.write(&format!("site/tool-{version}.dist-info/METADATA"), metadata);
    }
    assert_eq!(warnings(&project, &["site"]).len(), 3);
    assert_eq!(distributions(&project), ["tool-1.10.dist-info"]);
}

#[test]
fn a_directory_that_is_given_twice_is_read_once() {
    let project = Project::new(&[("a.py", "")]);
    project.write("site/pkg/__init__.py", "");
    project.write("site/pkg-1.dist-info/METADATA", "Name: pkg\n");
    symlink("site", project.path("link")).unwrap();
    assert_eq!(warnings(&project, &["site", "link", "site/../site"]), [""; 0]);
    assert_eq!(content(&project, "pkg"), ["pkg"]);
    symlink("python", project.path("again")).unwrap();
    let bundle = Bundle::new("app").source(project.source()).source(project.path("again"));
    bundle.source(project.path("python/.")).build(&project.environment()).unwrap();
    assert_eq!(content(&project, "a"), ["a"]);
}
