//! Development: a debug build imports from the source trees, so that edits need no new build.

use include_py_tests::{OutputInTime, Project, text};

const MAIN: &str = r#"
include_py::include_py!(APP = "app");

fn main() -> std::process::ExitCode {
    include_py::run(&APP, |py| py.import("main").map(drop))
}
"#;

/// A project with a source directory, a package from elsewhere, and a bundled library.
fn project(name: &str) -> Project {
    let script = r#"include_py_build::Bundle::new("app")
        .source("python")
        .package("vendor.tools", "elsewhere/src")
        .package("vendor.single", "elsewhere/one.py")
        .site_packages("site")
        .stdlib()
        .develop()"#;
    let main = "import app, importlib.metadata, json, sys, vendor.single, vendor.tools.deep, installed\n\
                print(app.text(), vendor.tools.deep.TEXT, vendor.single.TEXT)\n\
                print(*(type(m.__loader__).__name__ for m in (app, vendor.tools.deep, json, installed)))\n\
                print(importlib.metadata.version('app'))\n";
    Project::new(name)
        .build_script(script)
        .file("src/main.rs", MAIN)
        .python("main.py", main)
        .python("app/__init__.py", "def text():\n    return 'one'\n")
        .python("app-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: app\nVersion: 1.0\n")
        .file("elsewhere/src/__init__.py", "")
        .file("elsewhere/src/deep.py", "TEXT = 'deep'\n")
        .file("elsewhere/one.py", "TEXT = 'single'\n")
        .file("site/installed.py", "")
}

const FROM_TREES: &str = "SourceFileLoader SourceFileLoader BundleLoader BundleLoader";
const FROM_BUNDLE: &str = "BundleLoader BundleLoader BundleLoader BundleLoader";

#[test]
fn edits_are_seen_without_a_build() {
    let project = project("develop-edit");
    assert_eq!(project.built().run(), format!("one deep single\n{FROM_TREES}\n1.0\n"));

    project.write("python/app/__init__.py", "from app.new import text\n");
    project.write("python/app/new.py", "def text():\n    return 'edited'\n");
    project.write("elsewhere/src/deep.py", "TEXT = 'deeper'\n");
    project.write(
        "python/app-1.0.dist-info/METADATA",
        "Metadata-Version: 2.1\nName: app\nVersion: 2.0\n",
    );
    assert_eq!(project.run(), format!("edited deeper single\n{FROM_TREES}\n2.0\n"));
    // Cargo sees no reason for one, either.
    project.built();
    assert_eq!(project.runs().len(), 1);

    // The bundled modules are still there.
    let output = project.program().env("INCLUDE_PY_DEVELOP", "0").output_in_time();
    let bundled = format!("one deep single\n{FROM_BUNDLE}\n1.0\n");
    assert_eq!(text(&output.stdout), bundled, "{}", text(&output.stderr));
}

#[test]
fn tracebacks_name_the_real_files() {
    let project = project("develop-traceback");
    project.built();
    project.write("python/app/__init__.py", "def text():\n    raise ValueError('seen')\n");
    let output = project.program().output_in_time();
    let file = project.path("python/app/__init__.py");
    let file = std::fs::canonicalize(file).unwrap();
    let expected =
        format!("  File \"{}\", line 2, in text\n    raise ValueError('seen')\n", file.display());
    assert!(text(&output.stderr).contains(&expected), "{}", text(&output.stderr));
}

#[test]
fn deleted_modules_arent_imported_from_the_bundle() {
    let project = project("develop-delete");
    project.built();
    std::fs::remove_dir_all(project.path("python/app")).unwrap();
    let output = project.program().output_in_time();
    let stderr = text(&output.stderr);
    let expected =
        "ModuleNotFoundError: No module named 'app' (there was one when bundle `app` was built;";
    assert!(stderr.contains(expected), "{stderr}");
}

#[test]
fn a_program_without_its_source_tree_says_so() {
    let project = project("develop-moved");
    project.built();
    std::fs::rename(project.path("elsewhere"), project.path("gone")).unwrap();
    let stderr = text(&project.program().output_in_time().stderr);
    assert!(
        stderr.starts_with("error: ") && stderr.contains("elsewhere/src` isn't there"),
        "{stderr}"
    );
    assert!(
        stderr.contains("`Bundle::develop`") && stderr.contains("`INCLUDE_PY_DEVELOP=0`"),
        "{stderr}"
    );
}

#[test]
fn the_variable_switches_it_off_for_a_build() {
    let project = project("develop-off");
    let build = |value: &str| {
        let output = project.cargo().env("INCLUDE_PY_DEVELOP", value).output_in_time();
        assert!(output.status.success(), "{}", text(&output.stderr));
    };
    build("0");
    assert_eq!(project.run(), format!("one deep single\n{FROM_BUNDLE}\n1.0\n"));
    project.write("python/app/__init__.py", "def text():\n    return 'two'\n");
    assert_eq!(project.run(), format!("one deep single\n{FROM_BUNDLE}\n1.0\n"));
    build("0");
    assert_eq!(project.run(), format!("two deep single\n{FROM_BUNDLE}\n1.0\n"));
    build("1");
    assert_eq!(project.run(), format!("two deep single\n{FROM_TREES}\n1.0\n"));
    assert_eq!(project.runs().len(), 3);
}
