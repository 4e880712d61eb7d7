//! Builds that are killed, and simultaneous builds into one directory: the next build must be
//! right.
//!
//! The builds are separate processes: this test program, which runs its only ignored test.

use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use include_py_build::Bundle;

use crate::project::{PYTHON, Project};

/// The directory to build in the ignored test, and the interpreter.
const PROJECT: &str = "INCLUDE_PY_BUILD_TEST_PROJECT";
const INTERPRETER: &str = "INCLUDE_PY_BUILD_TEST_PYTHON";

/// Far longer than a build of a few modules takes. Without it, a build that hangs would block
/// everything.
const DEADLINE: Duration = Duration::from_secs(300);

fn project() -> Project {
    let project = Project::new(&[("app/__init__.py", "x = 1\n")]);
    for number in 0..40 {
        project.write(&format!("python/app/m{number}.py"), format!("x = {number}\n").repeat(50));
        project.write(&format!("python/app/d{number}.bin"), format!("{number}").repeat(20_000));
    }
    project
}

#[test]
#[ignore = "what the other tests start"]
fn build_once() {
    let (Some(dir), Some(python)) = (std::env::var_os(PROJECT), std::env::var_os(INTERPRETER))
    else {
        return;
    };
    let dir = std::path::PathBuf::from(dir);
    let environment = include_py_build::Environment::new(dir.join("out")).python(python);
    Bundle::new("app").source(dir.join("python")).build(&environment).unwrap();
}

fn start(project: &Project) -> Child {
    let program = std::env::current_exe().unwrap();
    Command::new(program)
        .args(["interrupted::build_once", "--exact", "--ignored"])
        .env(PROJECT, project.path(""))
        .env(INTERPRETER, &*PYTHON)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// Whether it ended by itself, successfully.
fn wait(child: &mut Child, limit: Duration) -> Option<bool> {
    let start = Instant::now();
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            return Some(status.success());
        }
        if start.elapsed() >= limit {
            child.kill().unwrap();
            child.wait().unwrap();
            return None;
        }
        std::thread::sleep(Duration::from_micros(200));
    }
}

#[test]
fn a_build_may_be_killed() {
    builds_may_be_killed(6);
}

/// Kills a build after each of so many fractions of its time.
fn builds_may_be_killed(points: u32) {
    let project = project();
    project.build(|bundle| bundle).unwrap();
    let edit = |number: u32| {
        project.write("python/app/m7.py", format!("y = {number}\n"));
        project.write("python/app/d7.bin", format!("{number} ").repeat(9_000));
    };
    edit(100);
    let begin = Instant::now();
    assert_eq!(wait(&mut start(&project), DEADLINE), Some(true));
    let whole = begin.elapsed();
    let mut killed = 0;
    for point in 0..points {
        edit(point);
        // Every other one is a build from scratch.
        if point % 2 == 1 {
            std::fs::remove_dir_all(project.path("out")).unwrap();
        }
        let limit = whole * (point + 1) / points;
        killed += usize::from(wait(&mut start(&project), limit).is_none());
        project.check_against_fresh(&format!("killed after {limit:?}"));
    }
    println!("{killed} of {points} were killed, after up to {whole:?}");
    assert!(killed > 0, "all were too fast");
    let left: Vec<_> = std::fs::read_dir(project.path("out")).unwrap().flatten().collect();
    assert!(left.len() <= 4 + 20, "{left:?}");
}

#[test]
fn builds_at_the_same_time_do_not_disturb_each_other() {
    let project = project();
    for round in 0..5 {
        project.write("python/app/m7.py", format!("y = {round}\n"));
        let mut children: Vec<_> = (0..3).map(|_| start(&project)).collect();
        for child in &mut children {
            assert_eq!(wait(child, DEADLINE), Some(true), "round {round}");
        }
        project.check_against_fresh(&format!("round {round}"));
    }
}

mod long {
    #[test]
    #[ignore = "long: `cargo xtask ci long`"]
    fn a_build_may_be_killed_at_any_point() {
        super::builds_may_be_killed(20);
    }
}
