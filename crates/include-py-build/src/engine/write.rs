//! Writes a bundle: new content from memory, the rest from the previous bundle's file.
//!
//! `Bytes(…) Earlier(5120..9200)` takes one write and one copy.

use std::fs::File;
use std::io::{self, BufWriter, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::Path;

use include_py_bundle::{Image, Segment};

use crate::error::Problem;
use crate::fs;
use crate::record::Previous;

/// Size of the buffer; larger content is written directly.
const BUFFER: usize = 1 << 20;

/// Returns the file, open, as it is at `path`.
pub(super) fn write(
    path: &Path,
    image: &Image<'_>,
    previous: Option<&Previous<'_>>,
) -> Result<File, Problem> {
    fs::replace(path, |file| {
        let mut out = BufWriter::with_capacity(BUFFER, file);
        for segment in image.segments() {
            match (segment, previous) {
                (Segment::Bytes(bytes), _) => out.write_all(bytes)?,
                (Segment::Earlier(range), Some(previous)) => {
                    // The kernel copies from file to file.
                    out.flush()?;
                    let mut from = &previous.bundle;
                    from.seek(SeekFrom::Start(range.start))?;
                    let wanted = range.end - range.start;
                    let copied = io::copy(&mut from.take(wanted), *out.get_mut())?;
                    if copied != wanted {
                        return Err(io::ErrorKind::UnexpectedEof.into());
                    }
                }
                // Only a previous bundle has such ranges.
                _ => return Err(io::ErrorKind::InvalidData.into()),
            }
        }
        out.flush()
    })
}
