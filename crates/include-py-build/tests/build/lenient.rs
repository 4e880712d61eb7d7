//! Trees that `import` accepts: a build must accept them, too, and name what it leaves out.

use std::os::unix::fs::symlink;
use std::os::unix::net::UnixListener;
use std::process::Command;

use include_py_build::{Bundle, Options};
use include_py_bundle::{Bundle as Reader, Node};

use crate::project::{PYTHON, Project, small_library, target_version};

/// Builds the directory `site` as installed packages. Returns the warnings.
fn installed(project: &Project) -> Vec<String> {
    let bundle = Bundle::new("app").source(project.source()).site_packages(project.path("site"));
    let output = bundle.build(&project.environment()).unwrap();
    project.warnings(&output)
}

fn modules(project: &Project) -> Vec<String> {
    let bundle = project.bundle();
    let reader = Reader::open(&bundle).unwrap();
    reader.modules().map(|module| module.unwrap().name().to_owned()).collect()
}

fn has_file(project: &Project, path: &str) -> bool {
    matches!(Reader::open(&project.bundle()).unwrap().node(path), Ok(Some(Node::File(_))))
}

fn has_directory(project: &Project, path: &str) -> bool {
    matches!(Reader::open(&project.bundle()).unwrap().node(path), Ok(Some(Node::Directory(_))))
}

#[test]
fn links_pipes_and_names_are_left_out_with_a_warning() {
    let project = Project::new(&[("app/__init__.py", "")]);
    let at = |path: &str| project.path(&format!("python/app/{path}"));
    symlink("..", at("around")).unwrap();
    symlink("nowhere.py", at("broken.py")).unwrap();
    symlink("me@host.1234", at(".#app.py")).unwrap();
    symlink("circle_b", at("circle_a")).unwrap();
    symlink("circle_a", at("circle_b")).unwrap();
    assert!(std::process::Command::new("mkfifo").arg(at("pipe.py")).status().unwrap().success());
    let _socket = UnixListener::bind(at("socket")).unwrap();
    let directory = at("x").with_file_name(not_utf8());
    std::fs::create_dir(&directory).unwrap();
    std::fs::write(directory.join("inside.py"), "").unwrap();
    std::fs::write(at("y\\z.py"), "").unwrap();
    std::fs::write(at("y\n.txt"), "").unwrap();
    let output = project.build(|bundle| bundle).unwrap();
    let warnings = project.warnings(&output);
    let advice = "correct the link, or leave it out with `Bundle::exclude`";
    assert_eq!(
        warnings,
        [
            "the symbolic link `<dir>/python/app/around` leads back to `<dir>/python`, which it is \
             in, and is left out: remove the link, or leave it out with `Bundle::exclude`"
                .to_owned(),
            format!(
                "the symbolic link `<dir>/python/app/broken.py` leads to `nowhere.py`, which can't \
                 be reached, and is left out: {advice}"
            ),
            format!(
                "the symbolic link `<dir>/python/app/circle_a` leads to `circle_b`, which can't be \
                 reached, and is left out: {advice}"
            ),
            format!(
                "the symbolic link `<dir>/python/app/circle_b` leads to `circle_a`, which can't be \
                 reached, and is left out: {advice}"
            ),
            "`<dir>/python/app/pipe.py` is neither a file nor a directory and is left out: remove \
             it, or leave it out with `Bundle::exclude`"
                .to_owned(),
            "`<dir>/python/app/socket` is neither a file nor a directory and is left out: remove \
             it, or leave it out with `Bundle::exclude`"
                .to_owned(),
            "the name of `<dir>/python/app/x\u{fffd}` isn't UTF-8, so it is left out: rename it, or \
             leave it out with `Bundle::exclude`"
                .to_owned(),
            "the name of `<dir>/python/app/y\u{fffd}.txt` has a control character, so it is left \
             out: rename it, or leave it out with `Bundle::exclude`"
                .to_owned(),
            "the name of `<dir>/python/app/y\\z.py` has a backslash, so it is left out: rename it, \
             or leave it out with `Bundle::exclude`"
                .to_owned(),
        ]
    );
    assert_eq!(modules(&project), ["app"]);
}

fn not_utf8() -> std::ffi::OsString {
    use std::os::unix::ffi::OsStringExt as _;
    std::ffi::OsString::from_vec(b"x\xff".to_vec())
}

#[test]
fn files_beside_top_level_modules_and_empty_directories_are_bundled() {
    let project = Project::new(&[
        ("a.py", ""),
        ("settings.json", "{}"),
        (".env", "SECRET=1"),
        ("app/__init__.py", ""),
    ]);
    for directory in ["app/spool/in", "app/plugins/__pycache__", "var", ".cache"] {
        std::fs::create_dir_all(project.path(&format!("python/{directory}"))).unwrap();
    }
    let output = project.build(|bundle| bundle).unwrap();
    let warnings = project.warnings(&output);
    assert_eq!(
        warnings,
        [
            "`<dir>/python/.env` is left out, as hidden files beside top-level modules are: rename it or \
          move it into a package if the program reads it, else leave it out with `Bundle::exclude`"
        ]
    );
    assert!(has_file(&project, "settings.json") && !has_file(&project, ".env"));
    assert!(has_directory(&project, "app/spool/in") && has_directory(&project, "var"));
    assert!(!has_directory(&project, ".cache"));
    // `import` takes an empty directory for a namespace package.
    assert_eq!(modules(&project), ["a", "app", "app.plugins", "app.spool", "app.spool.in", "var"]);
}

#[test]
fn packages_that_extend_their_path_lie_in_several_roots() {
    let line = "__path__ = __import__('pkgutil').extend_path(__path__, __name__)\n";
    let project = Project::new(&[
        ("ns/__init__.py", line),
        ("ns/a.py", "first = True"),
        ("ns/both.py", "first = True"),
        ("ns/both.txt", "first"),
        ("commented/__init__.py", "# extend_path"),
    ]);
    project.write("more/ns/__init__.py", "");
    project.write("more/ns/b.py", "");
    project.write("more/ns/both.py", "first = False");
    project.write("more/ns/both.txt", "second");
    let more = project.path("more");
    project.build(|bundle| bundle.source(&more)).unwrap();
    assert_eq!(modules(&project), ["commented", "ns", "ns.a", "ns.b", "ns.both"]);
    let bundle = project.bundle();
    match Reader::open(&bundle).unwrap().node("ns/both.txt") {
        Ok(Some(Node::File(file))) => assert_eq!(&*file.content().unwrap(), b"first"),
        other => panic!("{other:?}"),
    }
    project.write("more/commented/__init__.py", line);
    let report = project.report(|bundle| bundle.source(&more));
    assert!(report.contains("the module `commented` has two sources"), "{report}");
}

#[test]
fn installed_packages_win_over_modules_beside_them() {
    let project = Project::new(&[("a.py", "")]);
    project.write("site/six.py", "");
    project.write("site/six/__init__.py", "");
    project.write("site/pkg/__init__.py", "");
    project.write("site/pkg/x.py", "");
    project.write("site/pkg/x/__init__.py", "");
    project.write("site/tool.py", "");
    project.write("site/tool/helper.py", "");
    project.write("site/sitecustomize.py", "");
    project.write("site/usercustomize.py", "");
    assert_eq!(
        installed(&project),
        [
            "`<dir>/site/pkg/x.py` is left out: the package `x` beside it is what `import` finds",
            "`<dir>/site/six.py` is left out: the package `six` beside it is what `import` finds",
        ]
    );
    assert_eq!(modules(&project), ["a", "pkg", "pkg.x", "six", "tool"]);
    assert!(has_file(&project, "tool/helper.py"));
}

#[test]
fn distributions_without_metadata_are_known_by_their_directory() {
    let project = Project::new(&[
        ("a.py", ""),
        ("x-1.dist-info/RECORD", ""),
        ("y-1.egg-info/METADATA", ""),
        ("z-1.dist-info/METADATA", "Name: -z-\n"),
    ]);
    let output = project.build(|bundle| bundle).unwrap();
    let warnings = project.warnings(&output);
    assert_eq!(
        warnings,
        [
            "the distribution `<dir>/python/z-1.dist-info` has the invalid name `-z-`, by which nobody \
          can ask for it: correct `Name:` in its `METADATA`, or leave it out with `Bundle::exclude`"
        ]
    );
    let bundle = project.bundle();
    let distributions = Reader::open(&bundle).unwrap().distributions();
    let names: Vec<_> = distributions.map(|one| one.unwrap().name().to_owned()).collect();
    assert_eq!(names, ["x", "y"]);
}

#[test]
fn paths_that_python_would_add_at_startup_are_reported() {
    let project = Project::new(&[("a.py", "")]);
    project.write("site/__editable__.edpkg-1.pth", "/some/where/src\n");
    project.write("site/edpkg-1.dist-info/METADATA", "Name: edpkg\n");
    project.write("site/hatched.pth", "/else/where\n");
    project.write("site/hatched-1.dist-info/METADATA", "Name: hatched\n");
    project.write(
        "site/hatched-1.dist-info/direct_url.json",
        r#"{"dir_info": {"editable": true}, "url": "file:///else/where"}"#,
    );
    project.write("site/old.egg-link", "/older/src\n.\n");
    project.write("site/extra.pth", "# none\nimporters\n");
    project.write("site/cov.pth", "import coverage\n");
    project.write("site/x-nspkg.pth", "import sys\n");
    project.write("site/empty.pth", "\n");
    let instead = "or install it without `--editable`";
    let added = "add it with `Bundle::source` or `Bundle::site_packages`, or leave the file out with \
                 `Bundle::exclude`";
    assert_eq!(
        installed(&project),
        [
            format!(
                "`edpkg` is installed editable, by `<dir>/site/__editable__.edpkg-1.pth`: only its \
                 metadata is in the bundle; add `/some/where/src` with `Bundle::source`, {instead}"
            ),
            "`<dir>/site/cov.pth` has Python run code when it starts, which bundled programs don't: \
             import what it needs where the program begins, or leave it out with `Bundle::exclude`"
                .to_owned(),
            format!(
                "`<dir>/site/extra.pth` adds `<dir>/site/importers` to `sys.path`, and what is there \
                 isn't in the bundle: {added}"
            ),
            format!(
                "`<dir>/site/hatched.pth` adds `/else/where` to `sys.path`, and what is there isn't \
                 in the bundle: {added}"
            ),
            format!(
                "`old` is installed editable, by `<dir>/site/old.egg-link`: only its metadata is in \
                 the bundle; add `/older/src` with `Bundle::source`, {instead}"
            ),
            format!(
                "`hatched` is installed editable: only its metadata is in the bundle; add the \
                 directory of its sources with `Bundle::source`, {instead}"
            ),
        ]
    );
}

#[test]
fn shared_objects_that_nobody_imports_are_data() {
    let project = Project::new(&[
        ("app/__init__.py", ""),
        ("app/libdata.so", "\x7fELF"),
        ("app/libx.dylib", ""),
        ("app/plain.so", "\x7fELF PyInit_plain\0"),
        ("app/stable.abi3.so", "#!/bin/sh"),
        ("app/stable/inner.pyi", ""),
        ("app/empty.abi3.so", ""),
    ]);
    let output = project.build(|bundle| bundle).unwrap();
    let warnings = project.warnings(&output);
    assert_eq!(
        warnings,
        [
            left_out("empty.abi3.so", "it is empty"),
            left_out("plain.so", "it is truncated or damaged"),
            left_out("stable.abi3.so", "it isn't an ELF file"),
        ]
    );
    let bytes = project.bundle();
    let bundle = Reader::open(&bytes).unwrap();
    let absent = bundle.absent("app.stable").unwrap().unwrap();
    assert_eq!(absent.path(), "app/stable.abi3.so");
    assert!(absent.reason().starts_with("it isn't an ELF file: install the package again with"));
    assert!(has_file(&project, "app/stable/inner.pyi"));
    assert!(
        bundle.module("app.stable").unwrap().is_none(),
        "a namespace package hides what is absent"
    );
    assert!(has_file(&project, "app/libdata.so") && has_file(&project, "app/libx.dylib"));
    assert!(!has_file(&project, "app/plain.so"));
}

/// The warning about a file in `app` that the target can't load.
fn left_out(file: &str, reason: &str) -> String {
    let version = target_version();
    format!(
        "the extension module `<dir>/python/app/{file}` is left out, since {reason}: install the package \
         again with `python{version} -m pip install --target`, or leave the file out with \
         `Bundle::exclude`"
    )
}

#[test]
fn python_files_that_nobody_imports_are_data_as_well() {
    let project = Project::new(&[
        ("app/__init__.py", "from .views import (\n    home,\n)\n"),
        ("app/payload/agent.py", "REMOTE = 1\n"),
        ("app/views/home.py", "HOME = 1\n"),
        ("app/plugins/one.py", "ONE = 1\n"),
        ("app/load.py", "import importlib\nimportlib.import_module('app.plugins.one')\n"),
        ("app/skeleton/__init__.py", "{{ broken }} =\n"),
        ("app/skeleton/main.py", "print 'Python 2'\n"),
        ("app/secret/key.py", "KEY = 1\n"),
        ("top/job.py", "JOB = 1\n"),
    ]);
    let output = project
        .build(|bundle| {
            let secret = Options::new().without_source();
            bundle.include_source(false).options_for("app.secret", secret)
        })
        .unwrap();
    let warnings = project.warnings(&output);
    assert_eq!(warnings.len(), 2, "{warnings:?}");
    let file = "is bundled as a file, not as a module";
    assert!(warnings.iter().all(|warning| warning.ends_with(file)), "{warnings:?}");
    let has = |path| has_file(&project, path);
    assert!(has("app/payload/agent.py") && has("app/skeleton/main.py"));
    assert!(has("app/skeleton/__init__.py"));
    for path in ["app/views/home.py", "app/plugins/one.py", "app/secret/key.py", "top/job.py"] {
        assert!(!has(path), "{path}");
    }
    assert!(modules(&project).contains(&"app.payload.agent".to_owned()));
}

#[test]
fn mentions_in_text_and_comments_are_not_imports() {
    let project = Project::new(&[
        ("a/__init__.py", "\"\"\"Makes a project\nfrom the skeleton_a directory.\n\"\"\"\n"),
        ("a/skeleton_a/app.py", ""),
        ("b/__init__.py", "import os  # reads starter/\n"),
        ("b/starter/app.py", ""),
        ("c/__init__.py", "import os; D = os.path.join(__path__[0], 'starter')\n"),
        ("c/starter/app.py", ""),
        ("d/__init__.py", ""),
        ("d/starter/app.py", ""),
        ("d/make.py", "# copies d.starter.app\n"),
        ("e/__init__.py", "import importlib.resources as r\nF = r.files('e.starter')\n"),
        ("e/starter/app.py", ""),
        ("other/__init__.py", "from .starter import app\nfrom a import starter\n"),
        ("other/starter/app.py", ""),
        ("other/computed/one.py", ""),
        ("other/load.py", "PLUGINS = ['other.computed.one:main']\n"),
    ]);
    project.build(|bundle| bundle.include_source(false)).unwrap();
    for top in ["a/skeleton_a", "b/starter", "c/starter", "d/starter", "e/starter"] {
        assert!(has_file(&project, &format!("{top}/app.py")), "{top}");
    }
    for path in ["other/starter/app.py", "other/computed/one.py"] {
        assert!(!has_file(&project, path), "{path}");
    }
}

#[test]
fn a_pattern_makes_data_of_python_files() {
    let project = Project::new(&[
        ("app/__init__.py", "from . import old\n"),
        ("app/old/__init__.py", "print 1\n"),
        ("app/old/deep/x.py", "print 1\n"),
        ("app/x.tmpl.py", ""),
        ("app/lone.pyc", "data"),
        ("script.py", "print 1\n"),
    ]);
    let change =
        |bundle: Bundle| bundle.resource("app/old").resource("/script.py").resource("*.pyc");
    let output = project.build(change).unwrap();
    assert_eq!(output.warnings().count(), 0);
    assert_eq!(modules(&project), ["app"]);
    for path in ["app/old/__init__.py", "app/old/deep/x.py", "script.py", "app/lone.pyc"] {
        assert!(has_file(&project, path), "{path}");
    }
}

#[test]
fn options_without_effect_are_reported() {
    let project = Project::new(&[("app/__init__.py", "")]);
    let stdlib = small_library(&project).without("jsn").without("json");
    let output = project
        .build(|bundle| bundle.exclude("tets").resource("skeletn/").stdlib_with(stdlib))
        .unwrap();
    let warnings = project.warnings(&output);
    let advice = "remove it, or correct it; patterns are compared with paths in the bundle, such as \
                  `app/data/x.csv`";
    assert_eq!(
        warnings,
        [
            "`Stdlib::without(\"jsn\")` leaves nothing out: `<dir>/lib` has no module of that name; \
             correct or remove it"
                .to_owned(),
            format!("`Bundle::exclude(\"tets\")` matches nothing: {advice}"),
            format!("`Bundle::resource(\"skeletn/\")` matches nothing: {advice}"),
        ]
    );
}

#[test]
fn a_compiled_file_beside_its_source_is_data_if_it_is_not_left_out() {
    let project = Project::new(&[("app/__init__.py", ""), ("app/a.py", ""), ("app/a.pyc", "")]);
    project.write("python/app/__init__.pyc", "");
    project.build(|bundle| bundle).unwrap();
    assert!(!has_file(&project, "app/a.pyc"));
    project.build(Bundle::without_default_excludes).unwrap();
    assert_eq!(modules(&project), ["app", "app.a"]);
    assert!(has_file(&project, "app/a.pyc"));
}

#[test]
fn modules_without_source_are_bundled_if_they_are_the_targets() {
    let project = Project::new(&[("app/__init__.py", ""), ("app/kept.py", "x = 1\n")]);
    project.write("python/app/stale.pyc", "an older version of kept.py, say");
    let script = "import py_compile, sys; py_compile.compile(sys.argv[1], sys.argv[2], 'only.py')";
    let run = |target: &str| {
        let made = Command::new(&*PYTHON)
            .args(["-c", script])
            .arg(project.path("python/app/kept.py"))
            .arg(project.path(target))
            .status();
        assert!(made.unwrap().success());
    };
    run("python/app/only.pyc");
    run("python/app/kept.pyc");
    run("python/app/sub/__init__.pyc");
    let output = project.build(|bundle| bundle.include_source(true)).unwrap();
    let warnings = project.warnings(&output);
    assert_eq!(
        warnings,
        [
            "`<dir>/python/app/stale.pyc` is left out (not a valid `.pyc` header: no `\\r\\n` follows the magic \
             number at byte 2): bundle its source, or leave it out with `Bundle::exclude`"
        ]
    );
    assert_eq!(modules(&project), ["app", "app.kept", "app.only", "app.sub"]);
    assert!(!has_file(&project, "app/only.py") && !has_file(&project, "app/kept.pyc"));
}
