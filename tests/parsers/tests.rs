//! Each error that is corrected or left out exists: without that, the trees of its example differ.

use super::*;

const FAULTS: &[&str] = &[
    "a[*b]\n",
    "(x): int = 1\n",
    "match x,:\n case _: 0\n",
    "match x, y:\n case _: 0\n",
    "with a:\n b ;\n",
    "f(x for x in y)\n",
    "(x := (1))\n",
    "f'{a,}'\n",
    "f'a{b:c}'\n",
    "'\\ud800'\n",
];

#[test]
fn faults_are_known() {
    let options = Options::new(Target::newest(Minor::PY313).unwrap(), "m.py");
    for source in FAULTS {
        let ours = stage::syntax(source.as_bytes(), &options).unwrap();
        let raw = print::print(source, &ast::Suite::parse(source, "m.py").unwrap());
        assert_ne!(ours, raw, "{source}");
        let [ours, theirs] =
            [ours, theirs(source).unwrap()].map(|tree| normal::normal(&tree, source));
        assert_eq!(first_difference(&ours, &theirs), None, "{source}");
    }
}

#[test]
fn differences_are_found() {
    let trees = ["x = 1\n", "x = 2\n", "x =  1\n", "y = 1\n", "x += 1\n"].map(theirs);
    let differ =
        |at: usize| first_difference(trees[0].as_ref().unwrap(), trees[at].as_ref().unwrap());
    assert!(differ(0).is_none() && (1..trees.len()).all(|at| differ(at).is_some()));
}
