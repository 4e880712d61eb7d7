//! Runs the compiler as a process that answers requests: `cargo xtask conformance suites --answer
//! 3.13.0`.
//!
//! ```text
//! request   {"source": "783d31", "file": "m.py", "mode": "exec", "optimize": 0}
//! answer    {"code": "e3…", "warnings": [["SyntaxWarning", "…", 1, 1, 1, 4, "…"]]}
//! answer    {"error": ["SyntaxError", "invalid syntax", 1, 2, 1, 3, "x y"], "warnings": []}
//! ```
//!
//! Each is one line. Sources and marshal streams are hexadecimal.

use std::fmt::Write as _;
use std::io::{BufRead as _, Write as _};

use pyc_code::Version;
use pyc_compiler::{Mode, Optimize, Options, SyntaxError, Target, Warning, WarningKind};
use serde_json::{Value, json};

/// Answers requests until the input ends.
pub(super) fn serve(version: &str) -> Result<(), String> {
    let version: Version = version.parse().map_err(|_| format!("`{version}` is no release"))?;
    let target = Target::preview(version).map_err(|error| error.to_string())?;
    let mut output = std::io::stdout().lock();
    for line in std::io::stdin().lock().lines() {
        let line = line.map_err(|error| format!("standard input: {error}"))?;
        let request: Value = serde_json::from_str(&line).map_err(|error| error.to_string())?;
        let answer = answer(&request, target).ok_or("not a request")?;
        writeln!(output, "{answer}")
            .and_then(|()| output.flush())
            .map_err(|error| format!("standard output: {error}"))?;
    }
    Ok(())
}

/// `None` if the request is invalid.
fn answer(request: &Value, target: Target) -> Option<Value> {
    let source = bytes(request.get("source")?.as_str()?)?;
    let mode = match request.get("mode")?.as_str()? {
        "exec" => Mode::Module,
        "single" => Mode::Interactive,
        "eval" => Mode::Expression,
        _ => return None,
    };
    let level = match request.get("optimize")?.as_u64()? {
        0 => Optimize::None,
        1 => Optimize::NoAsserts,
        _ => Optimize::NoDocstrings,
    };
    let file = request.get("file")?.as_str()?;
    let options = Options::new(target, file).mode(mode).optimize(level);
    Some(match pyc_compiler::compile_to_marshal(&source, &options) {
        Ok(compiled) => {
            let warnings = warnings(compiled.warnings());
            json!({ "code": digits(&compiled.into_code()), "warnings": warnings })
        }
        Err(error) => {
            json!({ "error": exception(&error), "warnings": warnings(error.warnings()) })
        }
    })
}

fn exception(error: &SyntaxError) -> Value {
    let span = error.span();
    json!([
        error.kind().exception_name(),
        error.message(),
        span.map(|span| span.line),
        error.offset(),
        span.map(|span| span.end_line),
        error.end_offset(),
        error.text(),
    ])
}

fn warnings(warnings: &[Warning]) -> Vec<Value> {
    warnings.iter().map(warning).collect()
}

fn warning(warning: &Warning) -> Value {
    let category = match warning.kind {
        WarningKind::Deprecation => "DeprecationWarning",
        _ => "SyntaxWarning",
    };
    let span = warning.span;
    let from_one = |column: Option<usize>| column.map(|column| column + 1);
    json!([
        category,
        warning.message,
        span.map(|span| span.line),
        span.and_then(|span| from_one(span.column)),
        span.map(|span| span.end_line),
        span.and_then(|span| from_one(span.end_column)),
    ])
}

fn bytes(digits: &str) -> Option<Vec<u8>> {
    let pairs = digits.as_bytes().chunks(2);
    pairs.map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()).collect()
}

fn digits(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        // A string takes everything.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_answered() {
        let target = Target::preview("3.13.0".parse().unwrap()).unwrap();
        let ask = |source: &str| {
            let source = digits(source.as_bytes());
            let request =
                json!({ "source": source, "file": "m.py", "mode": "eval", "optimize": 0 });
            answer(&request, target).unwrap()
        };
        assert!(ask("1 + x")["code"].as_str().unwrap().starts_with("63"));
        assert_eq!(
            ask("x y")["error"],
            json!(["SyntaxError", "invalid syntax", 1, 3, 1, 4, "x y"])
        );
    }
}
