//! Whole standard libraries, of all interpreters.
//!
//! They take minutes of processor time: `cargo xtask ci long` runs them, `cargo test` does not.

use std::num::NonZeroUsize;

use include_py_build::{Bundle, Options, Stdlib};
use include_py_bundle::Bundle as Reader;

use crate::bytes::same;
use crate::library::bundles_the_library;
use crate::project::{Project, interpreters, library};

#[test]
#[ignore = "long: `cargo xtask ci long`"]
fn the_library_doesnt_depend_on_the_number_of_workers() {
    by_one_and_by_two(&Stdlib::new());
}

/// With two workers, other modules are compiled before a module than with one.
pub(crate) fn by_one_and_by_two(stdlib: &Stdlib) {
    for python in interpreters() {
        let build = |jobs| {
            let project = Project::new(&[]).with(&python);
            let environment = project.environment().jobs(NonZeroUsize::new(jobs).unwrap());
            let bundle = Bundle::new("app").stdlib_with(stdlib.clone());
            let output = bundle.build(&environment).unwrap();
            (project.bundle(), output)
        };
        let ((one, output), (two, _)) = (build(1), build(2));
        println!("{}: {output}", python.display());
        same(&one, &two);
    }
}

#[test]
#[ignore = "long: `cargo xtask ci long`"]
fn every_library_is_bundled() {
    // The first interpreter is tested by default.
    for python in interpreters().iter().skip(1) {
        bundles_the_library(python);
    }
}

/// One module after another: after the others of the library, or alone in its interpreter.
#[test]
#[ignore = "long: `cargo xtask ci long`"]
fn code_doesnt_depend_on_modules_compiled_earlier() {
    for python in interpreters() {
        let project = Project::new(&[]).with(&python);
        project.build(Bundle::stdlib).unwrap();
        let all = project.bundle();
        let all = Reader::open(&all).unwrap();
        // Constant sets, nested classes, other encodings, and strings of one character.
        for name in ["argparse", "ftplib", "pathlib", "weakref", "html", "tokenize", "difflib"] {
            let alone = Project::new(&[]).with(&python);
            let in_library = library(&python).join(name);
            let module = in_library.with_extension("py");
            let source = if module.exists() { module } else { in_library.join("__init__.py") };
            let file = if source.ends_with("__init__.py") { "__init__.py" } else { "m.py" };
            // Its path in the bundle is part of its code.
            alone.write(&format!("x/{file}"), std::fs::read(&source).unwrap());
            let path = if file == "m.py" { alone.path("x/m.py") } else { alone.path("x") };
            Bundle::new("app").package(name, path).build(&alone.environment()).unwrap();
            let bundle = alone.bundle();
            let alone = Reader::open(&bundle).unwrap().module(name).unwrap().unwrap();
            let among = all.module(name).unwrap().unwrap();
            assert_eq!(alone.path(), among.path());
            assert!(alone.code(0) == among.code(0), "{name}, {}", python.display());
        }
    }
}

#[test]
#[ignore = "long: `cargo xtask ci long`"]
fn the_whole_library_compiles_without_docstrings() {
    for python in interpreters() {
        let modules = |options| {
            let project = Project::new(&[]).with(&python);
            let stdlib = Stdlib::new().options(options);
            let bundle = Bundle::new("app").stdlib_with(stdlib);
            let output = bundle.build(&project.environment()).unwrap();
            (output.modules(), output.files(), output.bytes())
        };
        let (all, bare) = (modules(Options::new()), modules(Options::new().without_docstrings()));
        assert_eq!((all.0, all.1), (bare.0, bare.1));
        assert!(bare.2 < all.2 * 9 / 10, "{} isn't much less than {}", bare.2, all.2);
    }
}

/// Compares, for the whole library, what worker.py removes with what `-OO` removes.
const AS_OO: &str = r#"
import _ast, dis, os, pathlib, sys
script = pathlib.Path(sys.argv[1]).read_text()
exec(script[script.index("def leave_out_docstrings"):script.index("def syntax_error")], globals())
DOCUMENTED = (_ast.Module, _ast.ClassDef, _ast.FunctionDef, _ast.AsyncFunctionDef)

def instructions(code):
    for one in dis.get_instructions(code):
        # It has the first statement's place in a module with annotations, and never fails there.
        place = None if one.opname == "SETUP_ANNOTATIONS" else one.positions
        yield one.opname, one.arg, place
    for constant in code.co_consts:
        if hasattr(constant, "co_code"):
            yield from instructions(constant)
        else:
            # Equal sets can have another order.
            yield sorted(constant, key=repr) if isinstance(constant, frozenset) else constant

compared = 0
library = pathlib.Path(os.__file__).parent
for path in sorted(library.rglob("*.py")):
    if not {"site-packages", "test", "tests"}.isdisjoint(path.parts):
        continue
    source = path.read_bytes()
    expected = compile(source, "f", "exec", 0, True, 2)
    tree = compile(source, "f", "exec", _ast.PyCF_ONLY_AST, True, 2)
    leave_out_docstrings(tree)
    found = compile(tree, "f", "exec", 0, True, 2)
    assert list(map(repr, instructions(expected))) == list(map(repr, instructions(found))), path
    compared += 1
print(sys.version_info[:2] >= (3, 13), compared)
"#;

#[test]
#[ignore = "long: `cargo xtask ci long`"]
fn docstrings_are_left_out_as_python_leaves_them_out() {
    let worker = concat!(env!("CARGO_MANIFEST_DIR"), "/src/backend/interpreter/worker.py");
    // Before 3.13, `-OO` leaves no-ops in their place.
    let Some(python) = interpreters().into_iter().find(|python| {
        let question = "import sys; sys.exit(sys.version_info < (3, 13))";
        std::process::Command::new(python).args(["-c", question]).status().unwrap().success()
    }) else {
        testbed::not_covered("there is no CPython 3.13");
        return;
    };
    let output = std::process::Command::new(python).args(["-c", AS_OO, worker]).output().unwrap();
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{error}");
    assert!(output.stdout.starts_with(b"True "));
}
