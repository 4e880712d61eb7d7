//! Which modules, files and distributions are found, with real sources.
//!
//! Each test states the content of the bundle that it expects.

use std::path::Path;

use include_py_build::{Bundle, Stdlib};
use include_py_bundle::{Bundle as Reader, ModuleKind, Node};

use crate::project::{Project, interpreters, patched};

/// `app package`, `app.views namespace`, … of a bundle.
fn modules(bundle: &[u8]) -> Vec<String> {
    let modules = Reader::open(bundle).unwrap().modules();
    let kind = |kind| match kind {
        ModuleKind::Package => " package",
        ModuleKind::Namespace => " namespace",
        _ => "",
    };
    modules
        .map(|one| one.map(|one| format!("{}{}", one.name(), kind(one.kind()))).unwrap())
        .collect()
}

fn files(bundle: &[u8]) -> Vec<String> {
    fn walk(node: Node<'_>, into: &mut Vec<String>) {
        match node {
            Node::File(file) => into.push(file.path().to_owned()),
            Node::Directory(directory) => {
                directory.children().for_each(|child| walk(child.unwrap(), into));
            }
        }
    }
    let mut found = Vec::new();
    walk(Reader::open(bundle).unwrap().node("").unwrap().unwrap(), &mut found);
    found
}

#[test]
fn a_source_tree_becomes_modules_files_and_distributions() {
    let project = Project::new(&[
        ("single.py", ""),
        ("my-script.py", ""),
        ("README.md", "beside modules"),
        ("data.v1/x.py", ""),
        (".venv/x.py", "left out"),
        (".hidden.py", "left out"),
        ("empty/nothing/.DS_Store", "left out"),
        ("app/__init__.py", ""),
        ("app/0001_initial.py", ""),
        ("app/a.b.py", "a file"),
        ("app/py.typed", ""),
        ("app/views/x.py", ""),
        ("app/templates/index.html", ""),
        ("app/report.py", ""),
        ("app/report/style.css", "beside a module"),
        ("app/static.d/x.py", "a file"),
        ("app/__pycache__/x.cpython-311.pyc", "left out"),
        ("ns/inner/deep.py", ""),
        ("only_data/x.json", ""),
        ("My_App-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: My.App\nVersion: 1.0\n"),
        ("My_App-1.0.dist-info/direct_url.json", "{\"url\": \"file:///home/me\"}"),
        ("My_App-1.0.dist-info/licenses/LICENSE", ""),
        ("old-2.egg-info/PKG-INFO", "Version: 2\n"),
    ]);
    let output = project.build(|bundle| bundle).unwrap();
    assert_eq!(
        modules(&project.bundle()),
        [
            "app package",
            "app.0001_initial",
            "app.report",
            "app.templates namespace",
            "app.views namespace",
            "app.views.x",
            "data.v1/x",
            "empty namespace",
            "empty.nothing namespace",
            "my-script",
            "ns namespace",
            "ns.inner namespace",
            "ns.inner.deep",
            "only_data namespace",
            "single",
        ]
    );
    assert_eq!(
        files(&project.bundle()),
        [
            "My_App-1.0.dist-info/METADATA",
            "My_App-1.0.dist-info/licenses/LICENSE",
            "README.md",
            "app/a.b.py",
            "app/py.typed",
            "app/report/style.css",
            "app/static.d/x.py",
            "app/templates/index.html",
            "app/views/x.py",
            "data.v1/x.py",
            "old-2.egg-info/PKG-INFO",
            "only_data/x.json",
        ]
    );
    let bundle = project.bundle();
    let distributions = Reader::open(&bundle).unwrap().distributions();
    let named: Vec<_> = distributions
        .map(|one| one.map(|one| format!("{} in {}", one.name(), one.directory())).unwrap())
        .collect();
    assert_eq!(named, ["my-app in My_App-1.0.dist-info", "old in old-2.egg-info"]);
    assert_eq!((output.modules(), output.compiled(), output.files()), (15, 8, 10));
    assert_eq!(output.bytes(), bundle.len());
    Reader::open(&bundle).unwrap().verify().unwrap();
}

#[test]
fn directories_that_are_no_packages_have_modules_and_stay_files() {
    let project = Project::new(&[
        ("app/__init__.py", ""),
        ("app/_vendor/tool-1.2/tool/__init__.py", "import re\nassert(1, 're')\n"),
        ("app/_vendor/tool-1.2/tool/sub.py", ""),
        ("app/_vendor/tool-1.2/tool.py", "hidden by the package"),
        ("app/_vendor/tool-1.2/one.py", ""),
        ("app/_vendor/tool-1.2/one/two.py", "hidden by the module"),
        ("app/_vendor/tool-1.2/ns/three.py", ""),
        ("app/_vendor/tool-1.2/tool-1.2.dist-info/METADATA", "Name: tool\nVersion: 1.2\n"),
        ("app/_vendor/tool-1.2/native.so", "data"),
        ("app/cookie.cut/{{ name }}.py", "import {{ name }}"),
        ("app/cookie.cut/__init__.py", "not {{ Python }}"),
        ("conf.d/a/b.c/d.py", "X = 1\n"),
    ]);
    let output = project.build(|bundle| bundle.include_source(false)).unwrap();
    assert_eq!(output.warnings().collect::<Vec<_>>(), [""; 0]);
    assert_eq!(
        modules(&project.bundle()),
        [
            "app package",
            "app._vendor namespace",
            "app/_vendor/tool-1.2/ns namespace",
            "app/_vendor/tool-1.2/ns.three",
            "app/_vendor/tool-1.2/one",
            "app/_vendor/tool-1.2/tool package",
            "app/_vendor/tool-1.2/tool.sub",
            "conf.d/a namespace",
            "conf.d/a/b.c/d",
        ]
    );
    assert_eq!(
        files(&project.bundle()),
        [
            "app/_vendor/tool-1.2/native.so",
            "app/_vendor/tool-1.2/ns/three.py",
            "app/_vendor/tool-1.2/one/two.py",
            "app/_vendor/tool-1.2/one.py",
            "app/_vendor/tool-1.2/tool/__init__.py",
            "app/_vendor/tool-1.2/tool/sub.py",
            "app/_vendor/tool-1.2/tool-1.2.dist-info/METADATA",
            "app/_vendor/tool-1.2/tool.py",
            "app/cookie.cut/__init__.py",
            "app/cookie.cut/{{ name }}.py",
            "conf.d/a/b.c/d.py",
        ]
    );
    Reader::open(&project.bundle()).unwrap().verify().unwrap();
    let again = project.build(|bundle| bundle.include_source(false)).unwrap();
    assert_eq!((again.compiled(), again.reused()), (0, 6));
}

#[test]
fn packages_are_put_under_their_names() {
    let project = Project::new(&[("app/__init__.py", "")]);
    project.write("elsewhere/__init__.py", "");
    project.write("elsewhere/data.txt", "");
    project.write("tool_impl.py", "");
    let (elsewhere, tool) = (project.path("elsewhere"), project.path("tool_impl.py"));
    project
        .build(|bundle| bundle.package("app.vendor.lib", elsewhere).package("org.tool", tool))
        .unwrap();
    assert_eq!(
        modules(&project.bundle()),
        [
            "app package",
            "app.vendor namespace",
            "app.vendor.lib package",
            "org namespace",
            "org.tool",
        ]
    );
    assert_eq!(files(&project.bundle()), ["app/vendor/lib/data.txt"]);
}

#[test]
fn namespace_packages_of_several_sources_are_joined() {
    let project = Project::new(&[("ns/a.py", ""), ("ns/x.txt", "")]);
    project.write("more/ns/b.py", "");
    let more = project.path("more");
    project.build(|bundle| bundle.source(more)).unwrap();
    assert_eq!(modules(&project.bundle()), ["ns namespace", "ns.a", "ns.b"]);
}

#[test]
fn links_are_followed() {
    let project = Project::new(&[("app/__init__.py", "")]);
    project.write("real/x.py", "");
    std::os::unix::fs::symlink(project.path("real"), project.path("python/app/linked")).unwrap();
    std::os::unix::fs::symlink("../../real/x.py", project.path("python/app/y.py")).unwrap();
    project.build(|bundle| bundle).unwrap();
    let expected = ["app package", "app.linked namespace", "app.linked.x", "app.y"];
    assert_eq!(modules(&project.bundle()), expected);
}

#[test]
fn excluded_paths_are_omitted() {
    let files = [("app/__init__.py", ""), ("app/tests/t.py", ""), ("app/a.pyc", ""), ("b.py", "")];
    let project = Project::new(&files);
    project.build(|bundle| bundle.exclude("tests").exclude("/b.py")).unwrap();
    assert_eq!(modules(&project.bundle()), ["app package"]);
    project.build(Bundle::without_default_excludes).unwrap();
    assert_eq!(
        modules(&project.bundle()),
        ["app package", "app.tests namespace", "app.tests.t", "b"]
    );
}

#[test]
fn sources_are_included_on_request_and_in_debug() {
    let project = Project::new(&[("a.py", "x = 1\n")]);
    let source = || {
        let bundle = project.bundle();
        let module = Reader::open(&bundle).unwrap().module("a").unwrap().unwrap();
        module.source().map(|source| source.content().unwrap().into_owned())
    };
    let bundle = || Bundle::new("app").source(project.source());
    bundle().build(&project.environment()).unwrap();
    assert_eq!(source(), None);
    bundle().include_source(true).build(&project.environment()).unwrap();
    assert_eq!(source().unwrap(), b"x = 1\n");
    bundle().build(&project.environment().debug()).unwrap();
    assert!(source().is_some());
    bundle().include_source(false).build(&project.environment().debug()).unwrap();
    assert_eq!(source(), None);
}

#[test]
fn the_standard_library_is_bundled() {
    let python = interpreters().swap_remove(0);
    bundles_the_library(&python);
}

/// Builds a bundle with the interpreter's standard library, and checks what is in it.
pub(crate) fn bundles_the_library(python: &Path) {
    let project = Project::new(&[("app.py", "")]).with(python);
    let output = project.build(Bundle::stdlib).unwrap();
    let names = modules(&project.bundle());
    println!("{}: {output}", python.display());
    for name in ["json package", "encodings.utf_8", "os", "importlib.resources package"] {
        assert!(names.iter().any(|one| one == name), "{name}");
    }
    let left_out = ["test", "idlelib", "ensurepip", "turtledemo", "site-packages", "lib-dynload"];
    for name in left_out.iter().chain(include_py_build::STDLIB_EXCLUDES) {
        assert!(!names.iter().any(|one| one.split(' ').next() == Some(name)), "{name}");
    }
    let rust = std::fs::read_to_string(output.rust()).unwrap();
    assert!(rust.contains("/lib-dynload\"),\n"), "{rust}");
    assert!(!rust.contains("extension_dir: None"));
    assert_eq!(output.warnings().count(), 0);
}

#[test]
fn the_standard_library_can_be_less_or_more() {
    let project = Project::new(&[]);
    for path in ["os.py", "this.py", "xml/__init__.py", "xml/sax/__init__.py", "idlelib/run.py"] {
        project.write(&format!("lib/{path}"), "");
    }
    project.write("lib/test/__init__.py", "");
    project.write("lib/test/bad_syntax.py", "no valid Python, on purpose\n");
    project.write("lib/test/warns.py", "x is 1\n");
    project.write("lib/site-packages/pip/__init__.py", "");
    project.write("lib/LICENSE.txt", "");
    std::os::unix::fs::symlink("nowhere", project.path("lib/link")).unwrap();
    let library = project.path("lib");
    let python =
        patched(&project, &format!("import sys\nsys._stdlib_dir = '{}'\n", library.display()));
    let project = project.with(python);
    let found = |stdlib: Stdlib| {
        let bundle = Bundle::new("app").stdlib_with(stdlib);
        let output = bundle.build(&project.environment()).unwrap();
        assert_eq!(output.warnings().count(), 0);
        (modules(&project.bundle()).join(", "), files(&project.bundle()).join(", "))
    };
    let whole = "os, this, xml package, xml.sax package";
    assert_eq!(found(Stdlib::new()), (whole.to_owned(), String::new()));
    let (names, paths) = found(Stdlib::new().without("this").without("xml.sax").with("test"));
    assert_eq!(names, "os, test package, test.warns, xml package");
    assert_eq!(paths, "test/bad_syntax.py");
}
