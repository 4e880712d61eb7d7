//! What is bundled for each package: with or without sources, docstrings and assertions.

use include_py_build::{Bundle, Options, Stdlib};
use include_py_bundle::Bundle as Reader;

use crate::project::{Project, interpreters};

const DOCUMENTED: &str = r#""""Of the module."""
from __future__ import annotations

class Class:
    """Of the class."""

    def method(self):
        """Of the method."""
        "another string"
        assert self is None, "asserted"

    async def empty(self):
        """Of a method that has nothing else."""

if True:
    try:
        def inner():
            "Of a function in statements"
            return __debug__
    finally:
        pass

match 1:
    case 1:
        def case():
            "Of a function in a case"
"#;

/// The paths that are unpacked if options require it for `names`.
fn unpacked(project: &Project, names: &[&str]) -> String {
    let options = Options::new().unpacked();
    let change = |bundle: Bundle| {
        names.iter().fold(bundle, |bundle, name| bundle.options_for(*name, options))
    };
    project.build(change).unwrap();
    let bytes = project.bundle();
    let bundle = Reader::open(&bytes).unwrap();
    bundle.verify().unwrap();
    bundle.unpacked().roots().map(Result::unwrap).collect::<Vec<_>>().join(" ")
}

#[test]
fn packages_are_unpacked_with_their_metadata() {
    let project = Project::new(&[
        ("big/__init__.py", ""),
        ("big/part/__init__.py", ""),
        ("big/data.txt", ""),
        ("bigger.py", ""),
        ("single.py", ""),
        ("space/inner/x.py", ""),
        ("Big_Thing-1.0.dist-info/METADATA", "Name: Big-Thing\n"),
        ("Big_Thing-1.0.dist-info/RECORD", "big/data.txt,,\nbig/part/__init__.py,sha256=x,0\n"),
        ("bigger-2.dist-info/METADATA", "Name: bigger\n"),
        ("bigger-2.dist-info/RECORD", "bigger.py,sha256=x,0\n"),
        ("old-1.egg-info/PKG-INFO", "Name: old\n"),
        ("old-1.egg-info/top_level.txt", "other\nspace\n"),
        ("single-3.egg-info", "Name: Single\n"),
    ]);
    for (names, expected) in [
        (&["big"][..], "Big_Thing-1.0.dist-info big"),
        (&["big.part"], "Big_Thing-1.0.dist-info big/part"),
        (
            &["big.part", "big", "bigger"],
            "Big_Thing-1.0.dist-info big bigger-2.dist-info bigger.py",
        ),
        (&["space.inner"], "old-1.egg-info space/inner"),
        (&["single"], "single-3.egg-info single.py"),
        (&[], ""),
    ] {
        assert_eq!(unpacked(&project, names), expected, "{names:?}");
    }
}

#[test]
fn extension_modules_of_unpacked_packages_are_unpacked_too() {
    let project = Project::new(&[
        ("native/__init__.py", ""),
        ("native/_fast.cpython-313-x86_64-linux-gnu.so", "of native"),
        ("native/inner/__init__.py", ""),
        ("native/inner/_fast.abi3.so", "of native.inner"),
        ("other/__init__.py", ""),
        ("other/_fast.abi3.so", "of other"),
        ("Native_Dist.libs/libx.so.1", "library"),
        ("other.libs/liby.so.1", "for memory"),
        ("Native_Dist-1.dist-info/METADATA", "Name: Native-Dist\n"),
        ("Native_Dist-1.dist-info/RECORD", "Native_Dist.libs/libx.so.1,,\nnative/__init__.py,,\n"),
    ]);
    assert_eq!(unpacked(&project, &["native"]), "Native_Dist-1.dist-info Native_Dist.libs native");
    let bytes = project.bundle();
    let bundle = Reader::open(&bytes).unwrap();
    let entries = bundle.unpacked().entries(Some(0)).unwrap();
    let paths: Vec<_> = entries.iter().map(include_py_bundle::Entry::path).collect();
    for path in [
        "native/_fast.cpython-313-x86_64-linux-gnu.so",
        "native/inner/_fast.abi3.so",
        "Native_Dist.libs/libx.so.1",
    ] {
        assert!(paths.contains(&path), "{path} isn't among {paths:?}");
    }
    assert!(!paths.contains(&"other.libs/liby.so.1"));
    assert!(bundle.node("other.libs/liby.so.1").unwrap().is_some());
    assert!(bundle.absent("other._fast").unwrap().is_some(), "it isn't an ELF file");
}

#[test]
fn unpacked_is_refused_for_everything_at_once() {
    let project = Project::new(&[("app.py", "")]);
    let options = Options::new().unpacked();
    let report = project.report(|bundle| {
        bundle.options(options).stdlib_with(Stdlib::new().options(options)).optimize(0)
    });
    for method in ["Bundle::options", "Stdlib::options"] {
        let expected =
            format!("`Options::unpacked` can't be given to `{method}`\n  = help: name each");
        assert!(report.contains(&expected), "{report}");
    }
}

/// Prints what can be observed of `DOCUMENTED` when it runs.
const PROBE: &str = r#"
import asyncio, marshal, sys
space = {"__name__": "m"}
exec(marshal.loads(sys.stdin.buffer.read()), space)
Class = space["Class"]
documented = [space, Class, Class.method, Class.empty, space["inner"], space["case"]]
documents = [one.get("__doc__") if one is space else one.__doc__ for one in documented]
try:
    Class().method()
    asserted = False
except AssertionError as error:
    asserted = str(error) == "asserted"
assert asyncio.run(Class().empty()) is None
print(sum(one is not None for one in documents), asserted, space["inner"]())
"#;

/// The output for the code of `app` for the target with this number, run by `python`.
fn seen(project: &Project, python: &std::path::Path, target: usize) -> String {
    use std::io::Write;
    use std::process::{Command, Stdio};
    let bundle = project.bundle();
    let module = Reader::open(&bundle).unwrap().module("app").unwrap().unwrap();
    let mut command = Command::new(python);
    command.args(["-c", PROBE]).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(module.code(target).unwrap()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

#[test]
fn docstrings_and_assertions_are_left_out_apart() {
    let options = [
        (Options::new(), "6 True True"),
        (Options::new().without_assertions(), "6 False False"),
        (Options::new().without_docstrings(), "0 True True"),
        (Options::new().without_docstrings().without_assertions(), "0 False False"),
    ];
    for python in interpreters() {
        let project = Project::new(&[("app.py", DOCUMENTED)]).with(&python);
        for (options, expected) in options {
            // Each is compiled again: the manner is a part of the key.
            let output = project.build(|bundle| bundle.options(options)).unwrap();
            assert_eq!(output.compiled(), 1);
            assert_eq!(seen(&project, &python, 0), expected, "{options:?}");
        }
    }
}

#[test]
fn errors_are_the_same_without_docstrings() {
    let project = Project::new(&[("app.py", "\"doc\"\nx = = 1\n")]);
    let report = project.report(|bundle| bundle.options(Options::new().without_docstrings()));
    assert!(report.starts_with("<dir>/python/app.py:2:5: invalid syntax\n"), "{report}");
}

#[test]
fn the_nearest_options_decide() {
    let project = Project::new(&[
        ("a/__init__.py", "'doc'"),
        ("a/b/__init__.py", "'doc'"),
        ("a/b/c.py", "'doc'"),
        ("other.py", "'doc'"),
    ]);
    project
        .build(|bundle| {
            bundle
                .include_source(true)
                .options_for("a", Options::new().without_source().without_docstrings())
                .options_for("a.b.c", Options::new().with_source())
        })
        .unwrap();
    let bytes = project.bundle();
    let bundle = Reader::open(&bytes).unwrap();
    let sources: Vec<_> = bundle
        .modules()
        .map(Result::unwrap)
        .filter(|module| module.source().is_some())
        .map(|module| module.name())
        .collect();
    assert_eq!(sources, ["a.b.c", "other"]);
    let documented = |name: &str| {
        let code = bundle.module(name).unwrap().unwrap().code(0).unwrap();
        code.windows(3).any(|window| window == b"doc")
    };
    assert!(documented("other"));
    assert!(!documented("a") && !documented("a.b") && !documented("a.b.c"));
}

#[test]
fn options_for_absent_modules_are_reported() {
    let project = Project::new(&[("app.py", "")]);
    assert_eq!(
        project.report(|bundle| bundle.options_for("ap", Options::new().with_source())),
        "`Bundle::options_for(\"ap\", …)` has no effect: there is no module of that name\n  \
         = help: give the dotted name of a module or package that is bundled"
    );
}

#[test]
fn sources_are_compressed_and_reused() {
    let text = format!("# {}\nx = 1\n", "a comment that repeats ".repeat(40));
    let project = Project::new(&[("app.py", &text)]);
    let source = || {
        let bundle = project.bundle();
        let bundle = Reader::open(&bundle).unwrap();
        bundle.verify().unwrap();
        let file = bundle.module("app").unwrap().unwrap().source().unwrap();
        assert!(file.packed().len() < file.size() / 5);
        String::from_utf8(file.content().unwrap().into_owned()).unwrap()
    };
    let build = || project.build(|bundle| bundle.include_source(true)).unwrap();
    assert_eq!((build().compiled(), source()), (1, text.clone()));
    let first = project.bundle();
    assert_eq!((build().reused(), project.bundle()), (1, first));
    project.build(|bundle| bundle.include_source(false)).unwrap();
    // The code is reused. The source can't be: it wasn't in the bundle.
    assert_eq!((build().reused(), source()), (1, text));
}

#[test]
fn bytecode_alone_contains_no_source_text() {
    let marker = "marker-in-a-comment";
    let text = format!("# {marker}\ndef function():\n    return 1  # {marker}\n");
    let project = Project::new(&[("app/__init__.py", &text), ("app/b.py", "x = 1")]);
    project
        .build(|bundle| {
            let bundle = bundle.include_source(true);
            bundle.options_for("app", Options::new().without_source())
        })
        .unwrap();
    let bytes = project.bundle();
    assert!(!bytes.windows(marker.len()).any(|window| window == marker.as_bytes()));
    assert!(bytes.windows(8).any(|window| window == b"function"));
}

#[test]
fn a_bundle_for_several_interpreters_holds_code_for_each() {
    let pythons = interpreters();
    let [first, further @ ..] = pythons.as_slice() else { panic!("there is `python3`") };
    let project = Project::new(&[("app.py", DOCUMENTED), ("ns/b.py", "")]).with(first);
    let build = || {
        let all = |bundle: Bundle| further.iter().fold(bundle, Bundle::also_for);
        project.build(|bundle| all(bundle).options(Options::new().without_docstrings()))
    };
    let output = build().unwrap();
    assert_eq!((output.modules(), output.compiled()), (3, 2));
    let first = project.bundle();
    Reader::open(&first).unwrap().verify().unwrap();
    assert_eq!(Reader::open(&first).unwrap().targets().len(), pythons.len());
    for (target, python) in pythons.iter().enumerate() {
        assert_eq!(seen(&project, python, target), "0 True True");
    }
    assert_eq!((build().unwrap().reused(), project.bundle()), (2, first));
    // With one target less, the bundle is another one.
    assert_eq!(project.build(|bundle| bundle).unwrap().compiled(), 2);
}

#[test]
fn one_source_that_one_interpreter_refuses_is_an_error() {
    let pythons = interpreters();
    let [first, second, ..] = pythons.as_slice() else {
        testbed::not_covered("this machine has one interpreter");
        return;
    };
    let project = Project::new(&[("app.py", "def f(:\n    pass\n")]).with(first);
    let report = project.report(|bundle| bundle.also_for(second));
    assert_eq!(report.matches("app.py:1:7: invalid syntax").count(), 1, "{report}");
}

#[test]
fn the_library_belongs_to_one_version() {
    let project = Project::new(&[("app.py", "")]);
    for change in [|bundle: Bundle| bundle.also_for("python3"), Bundle::compile_on_mismatch] {
        let report = project.report(|bundle| change(bundle.stdlib()));
        assert_eq!(
            report,
            "a standard library belongs to one version of Python\n  \
             = help: leave out `Bundle::stdlib`, or `also_for`, `targets` and `compile_on_mismatch`"
        );
    }
}

#[test]
fn compile_on_mismatch_includes_sources() {
    let project = Project::new(&[("app.py", "x = 1\n"), ("secret.py", "y = 2\n")]);
    project
        .build(|bundle| {
            let secret = Options::new().without_source();
            bundle.compile_on_mismatch().options_for("secret", secret)
        })
        .unwrap();
    let bytes = project.bundle();
    let bundle = Reader::open(&bytes).unwrap();
    assert!(bundle.compiles_source());
    let source = |name| bundle.module(name).unwrap().unwrap().source().is_some();
    assert!(source("app") && !source("secret"));
}
