//! Compiles whole trees: the order of events, runs that end early, and options that exclude each
//! other.

use std::fs;
use std::num::NonZero;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use pyc_compiler::{Optimize, Target};
use pyc_tree::{Conflict, Event, Naming, Outcome, TreeCompiler};

fn compiler() -> TreeCompiler {
    TreeCompiler::new(Target::for_version("3.13.0".parse().unwrap()).unwrap())
}

/// Forty sources in two directories; `b/m7.py` is invalid.
fn tree() -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    for directory in ["a", "b"] {
        fs::create_dir(root.path().join(directory)).unwrap();
        for number in 0..20 {
            // Lengths differ a lot, so that threads finish out of order.
            let text = "x = [1, 2, 3]\n".repeat((number * 37) % 90 + 1);
            let file = root.path().join(directory).join(format!("m{number}.py"));
            fs::write(file, text).unwrap();
        }
    }
    fs::write(root.path().join("b/m7.py"), "def f(:\n").unwrap();
    root
}

fn told(event: &Event, root: &Path) -> String {
    let relative = |path: &Path| path.strip_prefix(root).unwrap().display().to_string();
    match event {
        Event::Directory(path) => format!("in {}", relative(path)),
        Event::File(report) => {
            let outcome = match report.outcome() {
                Outcome::Compiled => "compiled",
                Outcome::UpToDate => "up to date",
                Outcome::Refused(_) => "refused",
                other => panic!("{other:?}"),
            };
            format!("{} {outcome}", relative(report.source()))
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn reports_do_not_depend_on_the_number_of_workers() {
    let run = |workers: usize| {
        let root = tree();
        let mut events = Vec::new();
        let compiler = compiler().workers(NonZero::new(workers).unwrap());
        let summary = compiler.compile_dir(root.path(), |event| {
            events.push(told(&event, root.path()));
            ControlFlow::Continue(())
        });
        assert_eq!((summary.compiled, summary.refused, summary.failed), (39, 1, 0));
        assert!(!summary.is_success());
        events
    };
    let one = run(1);
    assert_eq!(one[..3], ["in ", "in a", "a/m0.py compiled"]);
    assert!(one.contains(&"b/m7.py refused".to_owned()));
    for workers in [2, 8, 100] {
        assert_eq!(run(workers), one);
    }
}

#[test]
fn a_second_run_compiles_only_what_changed() {
    let root = tree();
    let ignore = |_| ControlFlow::Continue(());
    compiler().compile_dir(root.path(), ignore);
    fs::write(root.path().join("b/m7.py"), "def f(): pass\n").unwrap();
    let second = compiler().compile_dir(root.path(), ignore);
    assert_eq!((second.compiled, second.up_to_date), (1, 39));
    let forced = compiler().force().compile_dir(root.path(), ignore);
    assert_eq!((forced.compiled, forced.up_to_date), (40, 0));
}

#[test]
fn the_observer_and_the_program_can_end_a_run() {
    let root = tree();
    let mut seen = 0;
    compiler().workers(NonZero::new(4).unwrap()).compile_dir(root.path(), |_| {
        seen += 1;
        if seen == 5 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    assert_eq!(seen, 5, "nothing is told after the end");

    let asked = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&asked);
    let compiler = compiler().stop_when(move || counter.fetch_add(1, Ordering::Relaxed) >= 3);
    let mut seen = 0;
    compiler.force().compile_dir(root.path(), |_| {
        seen += 1;
        ControlFlow::Continue(())
    });
    assert_eq!(seen, 3, "what has begun is finished, and nothing else begins");
}

#[test]
fn one_file_has_a_report_of_its_own() {
    let root = tree();
    let report = compiler()
        .levels([Optimize::NoDocstrings, Optimize::None])
        .naming(Naming::default().directory("/srv/app"))
        .compile_file(root.path().join("a/m1.py"));
    assert!(matches!(report.outcome(), Outcome::Compiled), "{report:?}");
    assert_eq!(report.name(), "/srv/app/m1.py");
    let cache = root.path().join("a/__pycache__");
    let expected = ["m1.cpython-313.pyc", "m1.cpython-313.opt-2.pyc"].map(|name| cache.join(name));
    assert_eq!(report.files(), expected);

    let missing = compiler().compile_file(root.path().join("a/none.py"));
    assert!(matches!(missing.outcome(), Outcome::Failed(..)) && missing.is_failure());
    let other = compiler().compile_file(root.path().join("a"));
    assert!(matches!(other.outcome(), Outcome::Skipped) && !other.is_failure());
}

#[test]
fn compile_path_does_not_descend() {
    let root = tree();
    fs::write(root.path().join("top.py"), "x = 1\n").unwrap();
    let mut current = 0;
    let summary = compiler().compile_path(["".into(), root.path().to_owned()], |event| {
        current += usize::from(matches!(event, Event::CurrentDirectory));
        ControlFlow::Continue(())
    });
    assert_eq!((summary.compiled, current), (1, 1));
}

#[test]
fn options_that_exclude_each_other_are_known() {
    assert_eq!(compiler().check(), Ok(()));
    assert_eq!(compiler().hardlink_duplicates().check(), Err(Conflict::LinkOfOneLevel));
    let levels = [Optimize::None, Optimize::NoAsserts];
    assert_eq!(compiler().levels(levels).legacy().check(), Err(Conflict::LegacyOfSeveral));
    let newest = Target::for_version("3.13.5".parse().unwrap()).unwrap();
    assert_eq!(compiler().also_for(newest).check(), Err(Conflict::SameMinor));
    let naming = Naming::default().directory("a").strip("b");
    assert_eq!(compiler().naming(naming).check(), Err(Conflict::DirectoryAndPrefix));
}
