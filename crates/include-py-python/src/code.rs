//! Functions on the bytes of one `.pyc` file.

use pyc_code::dis::{self as listing, Columns};
use pyc_code::pyc::{Check, HEADER_LEN, Header, Origin};
use pyc_code::{diff as differences, marshal};
use pyc_compiler::{Optimize, Options};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyType};

use crate::error::{category, damaged, refused};
use crate::release;

/// Compiles a source to the bytes of a .pyc file.
///
/// Without `mtime`, the header has the source's hash, which imports don't compare (PEP 552). So the
/// same source gives the same bytes. With `mtime`, the header has this time and the source's size.
#[pyfunction]
#[pyo3(signature = (source, filename, *, target=None, optimize=0, mtime=None))]
pub(crate) fn compile_to_pyc<'py>(
    py: Python<'py>,
    source: &[u8],
    filename: &str,
    target: Option<&str>,
    optimize: i32,
    mtime: Option<u32>,
) -> PyResult<Bound<'py, PyBytes>> {
    let target = target.map_or_else(|| release::running(py), release::named)?;
    let options = Options::new(target, filename).optimize(level(optimize)?);
    let compiled = py.detach(|| pyc_compiler::compile_to_marshal(source, &options));
    let stream = compiled.map_err(|error| refused(py, &error))?.into_code();
    let minor = target.minor();
    let origin = match mtime {
        // The header stores the size modulo 2**32 (PEP 552).
        Some(mtime) => Origin::Timestamp { mtime, size: source.len() as u32 },
        None => Origin::hash_of(source, minor, Check::Unchecked),
    };
    let header = Header::new(minor, origin).to_bytes();
    Ok(PyBytes::new(py, &[&header[..], &stream].concat()))
}

/// Compiles a source to the marshalled code of a .pyc file. The second value is the warnings that
/// CPython would give.
#[pyfunction]
pub(crate) fn compile_to_stream<'py>(
    py: Python<'py>,
    source: &[u8],
    filename: &str,
    target: &str,
    optimize: i32,
) -> PyResult<(Bound<'py, PyBytes>, Vec<Reported<'py>>)> {
    let options = Options::new(release::named(target)?, filename).optimize(level(optimize)?);
    let compiled = py.detach(|| pyc_compiler::compile_to_marshal(source, &options));
    let compiled = compiled.map_err(|error| refused(py, &error))?;
    let text = String::from_utf8_lossy(source);
    let reported = compiled
        .warnings()
        .iter()
        .map(|warning| {
            let line = warning.span.map_or(0, |span| span.line);
            let shown = text.lines().nth(line.saturating_sub(1)).unwrap_or_default();
            let category = category(py, warning.kind);
            (warning.message.clone(), category, line, shown.to_owned())
        })
        .collect();
    Ok((PyBytes::new(py, &compiled.into_code()), reported))
}

/// A warning: message, category, line and the line's text.
type Reported<'py> = (String, Bound<'py, PyType>, usize, String);

/// Lists the instructions of a .pyc file. `shown` are the names of options of `dis.dis`.
#[pyfunction]
pub(crate) fn dis(py: Python<'_>, pyc: &[u8], shown: Vec<String>) -> PyResult<String> {
    py.detach(|| {
        let (header, stream) = Header::read(pyc)?;
        let code = marshal::read(stream, header.minor())?;
        let columns = shown.iter().map(String::as_str).fold(Columns::default(), Columns::option);
        Ok(listing::listing(&code, header.minor()).columns(columns).to_string())
    })
    .map_err(|error| damaged(&error))
}

/// Converts a .pyc file to its canonical form, in which equal code is equal bytes.
#[pyfunction]
pub(crate) fn normalize<'py>(py: Python<'py>, pyc: &[u8]) -> PyResult<Bound<'py, PyBytes>> {
    let bytes = py.detach(|| {
        let (header, stream) = Header::read(pyc)?;
        let stream = marshal::canonical(stream, header.minor())?;
        Ok([&pyc[..HEADER_LEN], &stream].concat())
    });
    Ok(PyBytes::new(py, &bytes.map_err(|error| damaged(&error))?))
}

/// Compares the code of two .pyc files of the same version. Returns one text for each difference.
#[pyfunction]
pub(crate) fn diff(py: Python<'_>, left: &[u8], right: &[u8]) -> PyResult<Vec<String>> {
    py.detach(|| {
        let ((header, left), (other, right)) = (Header::read(left)?, Header::read(right)?);
        let (minor, other) = (header.minor(), other.minor());
        if minor != other {
            return Ok(Err(format!(
                "the files are for {minor} and {other}, not for the same version"
            )));
        }
        let (left, right) = (marshal::read(left, minor)?, marshal::read(right, minor)?);
        Ok(Ok(differences::all(&left, &right, minor).map(|found| found.to_string()).collect()))
    })
    .map_err(|error| damaged(&error))?
    .map_err(PyValueError::new_err)
}

pub(crate) fn level(number: i32) -> PyResult<Optimize> {
    match number {
        0 => Ok(Optimize::None),
        1 => Ok(Optimize::NoAsserts),
        2 => Ok(Optimize::NoDocstrings),
        other => Err(PyValueError::new_err(format!("`optimize` is 0, 1 or 2, not {other}"))),
    }
}
