//! A `.pyc` file in memory.
//!
//! `Pyc::read("app.pyc")?.code()?` is the module's code object.

use std::path::{Path, PathBuf};

use pyc_code::marshal::Graph;
use pyc_code::pyc::{HEADER_LEN, Header};
use pyc_code::{CodeObject, Minor, marshal};

use crate::error::Error;

/// The content of a `.pyc` file and its header.
pub(crate) struct Pyc {
    path: PathBuf,
    bytes: Vec<u8>,
    header: Header,
    /// The end of the marshal stream; Python ignores the rest.
    end: usize,
}

impl Pyc {
    pub(crate) fn read(path: &Path) -> Result<Self, Error> {
        let bytes = std::fs::read(path).map_err(Error::io(path))?;
        let (header, stream) = Header::read(&bytes).map_err(Error::pyc(path))?;
        // An invalid stream is reported later, when it is used.
        let length = Graph::read_prefix(stream, header.minor()).map_or(stream.len(), |read| read.1);
        Ok(Self { path: path.to_owned(), end: HEADER_LEN + length, bytes, header })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn minor(&self) -> Minor {
        self.header.minor()
    }

    pub(crate) fn header(&self) -> Header {
        self.header
    }

    /// The marshal stream.
    pub(crate) fn stream(&self) -> &[u8] {
        &self.bytes[HEADER_LEN..self.end]
    }

    /// Whether there are bytes after the stream.
    pub(crate) fn has_rest(&self) -> bool {
        self.end < self.bytes.len()
    }

    pub(crate) fn code(&self) -> Result<CodeObject<'_>, Error> {
        marshal::read(self.stream(), self.minor()).map_err(Error::pyc(&self.path))
    }
}
