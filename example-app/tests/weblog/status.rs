//! Messages, and the exit statuses that scripts depend on.

use std::{
    fs,
    io::{BufRead, BufReader, Read},
    os::unix::process::ExitStatusExt,
    process::{Command, Stdio},
};

use crate::{ROTATED, SAMPLE, assert_holds, command, scratch, weblog};

#[test]
fn without_arguments_help_is_printed() {
    let help = weblog::<&str>(&[]).success();
    assert_holds(&help, &["usage: weblog ", "report ", "query ", "Exit status: 0"]);
}

#[test]
fn every_file_that_cannot_be_read_is_named() {
    let messages = weblog(&["report", "nope.log", SAMPLE, "/"]).failure(2);
    let expected = "\
weblog: cannot read `nope.log`: No such file or directory; check the path and its permissions
weblog: cannot read `/`: it is a directory; name the log files in it
";
    assert_eq!(messages, expected);
}

#[test]
fn a_damaged_archive_is_an_error() {
    let path = scratch("damaged").join("access.log.1.gz");
    let archive = fs::read(ROTATED).unwrap();
    fs::write(&path, &archive[..archive.len() / 2]).unwrap();
    let message = weblog(&["report", path.to_str().unwrap()]).failure(2);
    assert_holds(&message, &["it is not a whole gzip file", "restore it or leave it out"]);
}

#[test]
fn no_request_is_status_1() {
    let message = weblog(&["report", "--path", "/nowhere/*", SAMPLE]).failure(1);
    assert_eq!(message, "weblog: none of the 623 entries matches the filter; widen it\n");
}

#[test]
fn a_wrong_option_is_status_2() {
    let message = weblog(&["report", "--status", "9xx", SAMPLE]).failure(2);
    assert_holds(&message, &["argument --status: `9xx` is not a status such as 404, 5xx"]);
    let message = weblog(&["query", "DELETE FROM requests", SAMPLE]).failure(2);
    assert_holds(&message, &["cannot run the query: not authorized; write one SELECT"]);
}

#[test]
fn a_closed_output_pipe_is_not_an_error() {
    let mut child = command()
        .args(["report", SAMPLE])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(141));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}

#[test]
fn ctrl_c_ends_it_while_it_waits_for_input() {
    let mut child = command()
        .args(["report", "--verbose", SAMPLE, "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // After the file is read, only standard input is left, to which nothing is written.
    let mut stderr = BufReader::new(child.stderr.take().unwrap());
    let mut line = String::new();
    stderr.read_line(&mut line).unwrap();
    assert_holds(&line, &["access.log: 623 entries"]);
    let killed = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(killed.success());

    let mut rest = String::new();
    stderr.read_to_string(&mut rest).unwrap();
    assert_eq!(rest, "");
    // The input is still open here, so its end can't be why the program ended.
    let input = child.stdin.take();
    assert_eq!(child.wait().unwrap().signal(), Some(2));
    drop(input);
}
