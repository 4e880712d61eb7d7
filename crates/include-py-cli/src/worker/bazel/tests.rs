//! Requests as Bazel sends them, and input that isn't its protocol.

use std::path::Path;

use serde_json::json;

use super::*;

/// A directory with sources.
fn sources(sources: &[(&str, &str)]) -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    for (name, text) in sources {
        std::fs::write(directory.path().join(name), text).unwrap();
    }
    directory
}

/// A request to compile a file into `out` beside it, in a single line.
fn request(id: i64, directory: &Path, name: &str) -> String {
    let [out, file] = ["out", name].map(|name| directory.join(name));
    let (out, file) = (out.to_str().unwrap(), file.to_str().unwrap());
    let arguments = ["-q", "--target", "3.13", "--out-dir", out, file];
    // Bazel sends inputs and a verbosity as well.
    let inputs = json!([{ "path": file, "digest": "abc" }]);
    json!({ "arguments": arguments, "inputs": inputs, "requestId": id, "verbosity": 10 })
        .to_string()
}

/// The answers to this input, sorted by number, and how the worker ended.
fn served(input: &str) -> (Vec<Value>, Result<(), String>) {
    let mut output = Vec::new();
    let done = serve(input.as_bytes(), &mut output);
    let output = String::from_utf8(output).unwrap();
    assert!(output.is_empty() || output.ends_with('\n'));
    let mut answers: Vec<Value> =
        output.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    answers.sort_by_key(|answer| answer["requestId"].as_i64());
    (answers, done.map_err(|error| error.to_string()))
}

fn good(id: i64) -> Value {
    json!({ "exitCode": 0, "output": "", "requestId": id })
}

#[test]
fn several_requests_are_answered() {
    let directory = sources(&[("a.py", "x = 1\n"), ("b.py", "y = 2\n"), ("c.py", "z = 3\n")]);
    let all = ["a.py", "b.py", "c.py"];
    let requests: Vec<String> =
        all.iter().zip(7..).map(|(name, id)| request(id, directory.path(), name)).collect();
    // The end of a request is the end of its object, whatever the white space after it.
    for separator in ["\n", "", "\r\n \n"] {
        let (answers, done) = served(&(requests.join(separator) + separator));
        assert_eq!(answers, [good(7), good(8), good(9)]);
        assert_eq!(done, Ok(()));
        for name in ["a", "b", "c"] {
            let file = format!("out/__pycache__/{name}.cpython-313.pyc");
            std::fs::remove_file(directory.path().join(file)).unwrap();
        }
    }
}

#[test]
fn many_requests_at_once_are_all_answered() {
    let directory = sources(&[]);
    let mut requests = String::new();
    for id in 1..=200 {
        let name = format!("m{id}.py");
        std::fs::write(directory.path().join(&name), format!("x = {id}\n")).unwrap();
        requests += &request(id, directory.path(), &name);
    }
    let (answers, done) = served(&requests);
    assert_eq!(answers, (1..=200).map(good).collect::<Vec<_>>());
    assert_eq!(done, Ok(()));
    assert_eq!(std::fs::read_dir(directory.path().join("out/__pycache__")).unwrap().count(), 200);
}

#[test]
fn an_error_is_an_answer() {
    let directory = sources(&[("bad.py", "x = = 1\n"), ("warned.py", "x = 1 is 2\n")]);
    let bad = request(0, directory.path(), "bad.py");
    let warned = request(1, directory.path(), "warned.py");
    let (answers, done) = served(&[bad, warned].concat());
    assert_eq!(done, Ok(()));
    assert_eq!(answers[0]["exitCode"], 1);
    let output = answers[0]["output"].as_str().unwrap();
    assert!(output.contains("bad.py\", line 1\n    x = = 1\n"), "{output}");
    assert!(output.contains("SyntaxError: invalid syntax"), "{output}");
    assert_eq!(answers[1]["exitCode"], 0);
    let output = answers[1]["output"].as_str().unwrap();
    assert!(output.contains("SyntaxWarning: \"is\" with 'int' literal"), "{output}");
}

#[test]
fn a_misused_command_line_is_an_answer() {
    for (arguments, message) in [
        (json!(["--nonsense", "a.py"]), "there is no option `--nonsense`"),
        (json!(["--target", "2.7", "a.py"]), "`--target`: "),
        (json!(["--target", "3.13"]), "name files or directories"),
        (json!(["--help"]), "neither `--help` nor `-i` can be used here"),
        (json!(["-i", "-", "a.py"]), "neither `--help` nor `-i` can be used here"),
    ] {
        let (answers, done) = served(&json!({ "arguments": arguments }).to_string());
        assert_eq!(done, Ok(()));
        let output = answers[0]["output"].as_str().unwrap();
        assert!(output.contains(message), "{arguments}: {output}");
        assert_ne!(answers[0]["exitCode"], 0, "{arguments}");
    }
}

#[test]
fn a_cancelled_request_is_answered_once() {
    let directory = sources(&[("a.py", "x = 1\n")]);
    let cancel = |id: i64| json!({ "requestId": id, "cancel": true }).to_string();
    let input = [request(1, directory.path(), "a.py"), cancel(1), cancel(2)].join("\n");
    let (answers, done) = served(&input);
    assert_eq!(done, Ok(()));
    assert_eq!(answers.len(), 1);
    // Whether a thread had taken it isn't known.
    if answers[0] != good(1) {
        let cancelled =
            json!({ "exitCode": 0, "output": "", "requestId": 1, "wasCancelled": true });
        assert_eq!(answers[0], cancelled);
    }
}

#[test]
fn a_request_that_waits_can_be_removed() {
    let queue = Queue::default();
    let request = |id| Request { arguments: Vec::new(), id, purpose: Purpose::Compile };
    queue.put(request(1));
    queue.put(request(2));
    assert!(queue.remove(1));
    assert!(!queue.remove(1));
    queue.close();
    assert_eq!(queue.take().map(|request| request.id), Some(2));
    assert!(queue.take().is_none());
}

#[test]
fn other_input_ends_the_worker() {
    let directory = sources(&[("a.py", "x = 1\n")]);
    let before = request(3, directory.path(), "a.py");
    for (input, reason) in [
        ("hello", "expected value at line 1"),
        ("{\"arguments\": [", "EOF while parsing"),
        ("[]", "a request is an object"),
        ("{\"arguments\": \"a.py\"}", "`arguments` is an array"),
        ("{\"arguments\": [1]}", "`arguments` contains only strings"),
        ("{\"requestId\": \"1\"}", "`requestId` is an integer"),
        ("{\"cancel\": 1}", "`cancel` is true or false"),
        ("{\"sandboxDir\": \"s/1\"}", "`supports-multiplex-sandboxing` must not be set"),
        ("\n\u{12}\u{5}-q", "expected value at line 2"),
    ] {
        let (answers, done) = served(&[&before, input].concat());
        let error = done.unwrap_err();
        assert!(error.starts_with("the input isn't Bazel's worker protocol in JSON"), "{error}");
        assert!(error.contains(reason), "{input}: {error}");
        assert_eq!(answers, [good(3)], "what came before is answered");
    }
}

#[test]
fn the_end_of_the_input_ends_the_worker() {
    assert_eq!(served(""), (Vec::new(), Ok(())));
    assert_eq!(served("\n \n"), (Vec::new(), Ok(())));
}
