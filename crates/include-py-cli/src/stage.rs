//! `include-py dis` for sources: compiles them and prints the code or the result of an earlier
//! stage.
//!
//! ```text
//! include-py dis a.py                                   the code, as `python -m dis a.py` lists it
//! include-py dis --stage tree a.py                      the syntax tree after constant folding
//! include-py dis --stage scopes a.py                    the scope of each name in each block
//! include-py dis --stage instructions a.py              the result of code generation
//! include-py dis --stage cfg:after=peephole a.py        each flow graph after a pass
//! include-py dis --stage cfg:after=jumps --skip swaps a.py   the same, without one of the passes
//! ```

use std::io::Read as _;
use std::path::Path;

use pyc_code::{CodeObject, Minor};
use pyc_compiler::{Options, SyntaxError, Target, stage};

use crate::error::Error;

/// What to print of sources.
#[derive(Debug)]
pub(crate) struct Wanted {
    pub(crate) stage: String,
    pub(crate) target: Option<Target>,
    /// Passes to skip.
    pub(crate) skipped: Vec<String>,
}

impl Default for Wanted {
    fn default() -> Self {
        Self { stage: "code".to_owned(), target: None, skipped: Vec::new() }
    }
}

/// Whether the file is a source according to its name; standard input is one.
pub(crate) fn is_source(path: &Path) -> bool {
    path == Path::new("-") || path.extension().is_some_and(|end| end == "py" || end == "pyw")
}

/// The code of a source.
pub(crate) fn code(path: &Path, wanted: &Wanted) -> Result<(CodeObject<'static>, Minor), Error> {
    if !wanted.skipped.is_empty() {
        return Err(Error::usage("`--skip` goes with `--stage cfg:after=NAME`"));
    }
    let (source, options, target) = read(path, wanted)?;
    let code = pyc_compiler::compile(&source, &options);
    Ok((code.map_err(|error| Error::Source(error.to_string()))?, target.minor()))
}

fn read(path: &Path, wanted: &Wanted) -> Result<(Vec<u8>, Options, Target), Error> {
    let target = wanted.target.or_else(|| Target::newest(Minor::PY313));
    let target = target.ok_or_else(|| Error::usage("name a release with `--target`"))?;
    if path == Path::new("-") {
        let mut source = Vec::new();
        std::io::stdin().lock().read_to_end(&mut source).map_err(Error::io(path))?;
        return Ok((source, Options::new(target, "<stdin>"), target));
    }
    let source = std::fs::read(path).map_err(Error::io(path))?;
    Ok((source, Options::new(target, path.to_string_lossy()), target))
}

/// The text of a stage before code.
pub(crate) fn text(path: &Path, wanted: &Wanted) -> Result<String, Error> {
    let (source, options, _) = read(path, wanted)?;
    let refused = |error: SyntaxError| Error::Source(error.to_string());
    let skipped: Vec<&str> = wanted.skipped.iter().map(String::as_str).collect();
    if let Some(pass) = wanted.stage.strip_prefix("cfg:after=") {
        return stage::graph(&source, &options, pass, &skipped)
            .map_err(|error| Error::Source(error.to_string()));
    }
    if !skipped.is_empty() {
        return Err(Error::usage("`--skip` goes with `--stage cfg:after=NAME`"));
    }
    match wanted.stage.as_str() {
        "tree" => stage::tree(&source, &options).map_err(refused),
        "scopes" => stage::scopes(&source, &options).map_err(refused),
        "instructions" => stage::instructions(&source, &options).map_err(refused),
        other => Err(Error::usage(&format!(
            "there is no stage `{other}`; the stages are tree, scopes, instructions, cfg:after=NAME and code"
        ))),
    }
}
