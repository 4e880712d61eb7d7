//! The warnings of a successful build.
//!
//! `python/a.py:1: "is" with 'int' literal. Did you mean "=="?`

use crate::project::{Project, target_version};

#[test]
fn syntax_warnings_come_with_every_build() {
    let project = Project::new(&[
        ("b.py", "x = 1\n\nassert (x, 'always true')\n"),
        ("a.py", "x = 1\nx is 2\nx is 2\n"),
        ("c.py", "print('fine')\n"),
    ]);
    let expected = [
        "<dir>/python/a.py:2: \"is\" with a literal. Did you mean \"==\"?",
        "<dir>/python/a.py:3: \"is\" with a literal. Did you mean \"==\"?",
        "<dir>/python/b.py:3: assertion is always true, perhaps remove parentheses?",
    ];
    let first = project.build(|bundle| bundle).unwrap();
    assert_eq!(project.warnings(&first), expected);
    let second = project.build(|bundle| bundle).unwrap();
    assert_eq!(project.warnings(&second), expected);
    assert_eq!((second.compiled(), second.reused()), (0, 3));
}

#[test]
fn omitted_files_are_reported() {
    let project = Project::new(&[
        ("__init__.py", ""),
        ("fast.cpython-38-x86_64-linux-gnu.so", ""),
        ("other.cpython-38-x86_64-linux-gnu.so", ""),
        ("slow.cpython-38-x86_64-linux-gnu.so", ""),
        ("slow.py", ""),
        ("both.cpython-38-x86_64-linux-gnu.so", ""),
        ("both/__init__.py", ""),
        ("app/__init__.py", ""),
        ("app/_speed.pyd", ""),
        ("app/libx.dylib", ""),
    ]);
    let output = project.build(|bundle| bundle).unwrap();
    let version = target_version();
    let remedy = format!(
        "install the package again with `python{version} -m pip install --target`, or leave the file out \
         with `Bundle::exclude`"
    );
    let older = format!("it is for CPython 3.8, and the program has {version}: {remedy}");
    assert_eq!(
        project.warnings(&output),
        [
            &format!(
                "`<dir>/python/slow.cpython-38-x86_64-linux-gnu.so` is left out, since {older}; the program \
                 takes `slow.py` beside it"
            ),
            "`<dir>/python/__init__.py` is left out, since `<dir>/python` was given as a directory of \
             packages, not as a package: give the directory above it, or add the package with \
             `Bundle::package`",
            &format!(
                "the extension modules `<dir>/python/fast.cpython-38-x86_64-linux-gnu.so`, \
                 `<dir>/python/other.cpython-38-x86_64-linux-gnu.so` are left out, since {}",
                older.replace("it is", "they are")
            ),
            &format!(
                "the extension module `<dir>/python/app/_speed.pyd` is left out, since it is for Windows, and \
                 the program is for Linux: {remedy}"
            ),
        ]
    );
}
