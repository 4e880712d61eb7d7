//! What a build that succeeds says.
//!
//! `python/a.py:1: "is" with 'int' literal. Did you mean "=="?`

use crate::project::Project;

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
    assert_eq!((second.compiled(), second.reused()), (2, 1));
}

#[test]
fn what_is_left_out_is_named() {
    let project = Project::new(&[
        ("__init__.py", ""),
        ("fast.cpython-311-x86_64-linux-gnu.so", ""),
        ("app/__init__.py", ""),
        ("app/_speed.pyd", ""),
        ("app/libx.dylib", ""),
    ]);
    let output = project.build(|bundle| bundle).unwrap();
    assert_eq!(
        project.warnings(&output),
        [
            "`<dir>/python/__init__.py` is left out: `<dir>/python` is added as a directory of \
             packages, not as a package (for that there is `Bundle::package`)",
            "native extension modules aren't supported yet and are left out, but in packages with \
             `Options::unpacked`: \
             `<dir>/python/app/_speed.pyd`, `<dir>/python/fast.cpython-311-x86_64-linux-gnu.so`",
        ]
    );
}
