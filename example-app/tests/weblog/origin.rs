//! `--where`: every pure-Python module comes from the bundle.

use crate::{Run, SAMPLE, assert_holds, command, weblog};

/// Modules that exist before any importer. Everything else that is Python must be bundled.
const CORE: [&str; 3] = ["_frozen_importlib", "_frozen_importlib_external", "zipimport"];

#[test]
fn all_pure_python_modules_are_bundled() {
    let text = weblog(&["--where"]).success();
    let rows = rows(&text);
    for [module, kind, origin] in &rows {
        match kind.as_str() {
            "bundle" => assert!(origin.starts_with(env!("CARGO_BIN_EXE_example-app")), "{origin}"),
            "built-in" => {}
            "extension" => assert_holds(origin, &["/lib-dynload/"]),
            "interpreter core" => assert!(CORE.contains(&module.as_str()), "{module}"),
            other => panic!("{module} is {other}: {origin}"),
        }
    }
    let summary = text.lines().next_back().unwrap();
    assert_holds(summary, &[&format!("{} modules: ", rows.len()), ", 3 interpreter core, "]);
    assert!(summary.ends_with(", 0 pure-Python outside the bundle"), "{summary}");
}

#[test]
fn the_application_and_the_library_are_there() {
    let rows = rows(&weblog(&["--where"]).success());
    for wanted in ["weblog", "weblog.report.html", "json.decoder", "sqlite3", "encodings", "os"] {
        let row = rows.iter().find(|[module, ..]| module == wanted).expect(wanted);
        assert_eq!(row[1], "bundle", "{row:?}");
    }
    let [_, _, origin] = rows.iter().find(|[module, ..]| module == "weblog.report").unwrap();
    let expected = concat!(env!("CARGO_BIN_EXE_example-app"), "/app/weblog/report/__init__.py");
    assert_eq!(origin, expected);
}

#[test]
fn other_names_of_a_module_stand_beside_it() {
    assert_holds(&weblog(&["--where"]).success(), &["\n  posixpath (os.path) "]);
}

#[test]
fn after_a_command_its_output_comes_first() {
    let text = weblog(&["top", "bots", "--where", SAMPLE]).success();
    assert!(text.starts_with("Bots\n"), "{text}");
    assert!(text.ends_with(", 0 pure-Python outside the bundle\n"), "{text}");

    let run = Run::of(command().args(["--where", "top", "bots", "nope.log"]));
    assert_eq!(run.status, Some(2));
}

/// The table's rows: module (without its other names), kind, origin.
fn rows(text: &str) -> Vec<[String; 3]> {
    let table = text.lines().skip(2).take_while(|line| !line.is_empty());
    table.map(row).collect()
}

/// Columns are separated by two or more spaces, and contain at most single spaces.
fn row(line: &str) -> [String; 3] {
    let mut cells = line.split("  ").map(str::trim).filter(|cell| !cell.is_empty());
    let mut next = || cells.next().unwrap_or_else(|| panic!("too few cells: {line}")).to_owned();
    let module = next();
    let name = module.split(' ').next().unwrap_or_default().to_owned();
    [name, next(), next()]
}
