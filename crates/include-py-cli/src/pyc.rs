//! A `.pyc` file in memory.
//!
//! `Pyc::read("app.pyc")?.code()?` is the module's code object.

use std::path::{Path, PathBuf};

use pyc_code::pyc::Header;
use pyc_code::{CodeObject, Minor, marshal};

use crate::error::Error;

/// The bytes of a file whose header has been read.
pub(crate) struct Pyc {
    path: PathBuf,
    bytes: Vec<u8>,
    header: Header,
}

impl Pyc {
    pub(crate) fn read(path: &Path) -> Result<Self, Error> {
        let bytes = std::fs::read(path).map_err(Error::io(path))?;
        let (header, _) = Header::read(&bytes).map_err(Error::pyc(path))?;
        Ok(Self { path: path.to_owned(), bytes, header })
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
        &self.bytes[pyc_code::pyc::HEADER_LEN..]
    }

    pub(crate) fn code(&self) -> Result<CodeObject<'_>, Error> {
        marshal::read(self.stream(), self.minor()).map_err(Error::pyc(&self.path))
    }
}
