//! `include-py normalize`: rewrites files in the canonical form.
//!
//! The 16 bytes of the header stay as they are; a file that is canonical already is not touched.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use crate::Format;
use crate::error::Error;
use crate::json::{number, object, string, truth};
use crate::pyc::Pyc;

/// Normalises each of `files`.
pub(crate) fn run(files: &[PathBuf], format: Format) -> Result<ExitCode, Error> {
    for path in files {
        let file = Pyc::read(path)?;
        let canonical =
            pyc_code::canonical(file.stream(), file.minor()).map_err(Error::pyc(path))?;
        let changed = canonical != file.stream();
        if changed {
            replace(path, &[file.header(), &canonical])?;
        }
        match format {
            Format::Json => {
                let members = [
                    ("file", string(&path.to_string_lossy())),
                    ("changed", truth(changed)),
                    ("before", number(file.stream().len())),
                    ("after", number(canonical.len())),
                ];
                println!("{}", object(members));
            }
            Format::Text if changed => println!("normalised {}", path.display()),
            Format::Text => {}
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Puts a new file in the place of `path`, which is whole at every moment.
fn replace(path: &Path, parts: &[&[u8]]) -> Result<(), Error> {
    let directory = match path.parent() {
        Some(parent) if parent != Path::new("") => parent,
        _ => Path::new("."),
    };
    let mut file = tempfile::NamedTempFile::new_in(directory).map_err(Error::io(directory))?;
    for part in parts {
        file.write_all(part).map_err(Error::io(file.path()))?;
    }
    let permissions = std::fs::metadata(path).map_err(Error::io(path))?.permissions();
    file.as_file().set_permissions(permissions).map_err(Error::io(path))?;
    file.persist(path).map_err(|error| Error::Io(path.to_owned(), error.error))?;
    Ok(())
}
