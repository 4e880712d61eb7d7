//! `pathlib.Path.walk` for a directory of a bundle.

use std::sync::{Mutex, PoisonError};

use pyo3::{prelude::*, types::PyList};

use super::BundlePath;

/// Yields for each directory its path, the names of its subdirectories, and those of its files.
#[pyclass(frozen, module = "include_py", name = "BundleWalk")]
pub(super) struct Walk {
    state: Mutex<State>,
}

enum State {
    /// The directories to visit, the next one last. Subdirectories of the directory that was
    /// yielded last are taken from its list when the next one is requested, since the caller may
    /// remove names from the list.
    Top { stack: Vec<BundlePath>, yielded: Option<(BundlePath, Py<PyList>)> },
    /// Bottom-up; all directories are known in advance.
    Bottom(Vec<BundlePath>),
}

impl Walk {
    pub(super) fn from_top(path: &BundlePath) -> Self {
        let state = State::Top { stack: vec![path.clone()], yielded: None };
        Self { state: Mutex::new(state) }
    }

    pub(super) fn from_bottom(path: &BundlePath) -> PyResult<Self> {
        let (mut stack, mut order) = (vec![path.clone()], Vec::new());
        while let Some(directory) = stack.pop() {
            if directory.is_directory()? {
                stack.extend(split(&directory)?.0);
                order.push(directory);
            }
        }
        Ok(Self { state: Mutex::new(State::Bottom(order)) })
    }
}

type Step = (BundlePath, Py<PyList>, Vec<String>);

#[pymethods]
impl Walk {
    fn __iter__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    fn __next__(&self, py: Python<'_>) -> PyResult<Option<Step>> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        match &mut *state {
            State::Bottom(order) => order.pop().map(|directory| step(py, directory)).transpose(),
            State::Top { stack, yielded } => {
                if let Some((directory, names)) = yielded.take() {
                    let names: Vec<String> = names.bind(py).extract()?;
                    stack.extend(names.iter().rev().map(|name| directory.child(name)));
                }
                while let Some(directory) = stack.pop() {
                    if directory.is_directory()? {
                        let (directory, names, files) = step(py, directory)?;
                        *yielded = Some((directory.clone(), names.clone_ref(py)));
                        return Ok(Some((directory, names, files)));
                    }
                }
                Ok(None)
            }
        }
    }
}

fn step(py: Python<'_>, directory: BundlePath) -> PyResult<Step> {
    let (directories, files) = split(&directory)?;
    let directories = PyList::new(py, directories.iter().map(BundlePath::name))?;
    let files = files.iter().map(|file| file.name().to_owned()).collect();
    Ok((directory, directories.unbind(), files))
}

/// The subdirectories and the files of a directory.
fn split(directory: &BundlePath) -> PyResult<(Vec<BundlePath>, Vec<BundlePath>)> {
    let (mut directories, mut files) = (Vec::new(), Vec::new());
    for child in directory.children()? {
        if child.is_directory()? { directories.push(child) } else { files.push(child) }
    }
    Ok((directories, files))
}
