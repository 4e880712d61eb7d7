//! File names as Python strings: what Python makes of bytes that aren't UTF-8.

use std::fmt::Write as _;

use pyc_code::Text;

/// `os.fsdecode` for a UTF-8 file system encoding: invalid bytes become lone surrogates (PEP 383).
#[must_use]
pub fn file_name_text(name: &[u8]) -> Text<'_> {
    if let Ok(name) = std::str::from_utf8(name) {
        return name.into();
    }
    let points = name.utf8_chunks().flat_map(|chunk| {
        let escaped = chunk.invalid().iter().map(|&byte| 0xDC00 + u32::from(byte));
        chunk.valid().chars().map(u32::from).chain(escaped)
    });
    Text::from_code_points(points)
        .unwrap_or_else(|| String::from_utf8_lossy(name).as_ref().to_owned().into())
}

/// A name as Python prints it with `backslashreplace`: `a\udcff.py` for the bytes `a\xff.py`.
pub(crate) fn shown(name: &[u8]) -> String {
    let mut text = String::with_capacity(name.len());
    for chunk in name.utf8_chunks() {
        text.push_str(chunk.valid());
        for byte in chunk.invalid() {
            // Writing to a string can't fail.
            let _ = write!(text, "\\udc{byte:02x}");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn undecodable_names_become_surrogates() {
        let points: Vec<u32> = file_name_text(b"\xc3\xa4\xff").code_points().collect();
        assert_eq!(points, [0xE4, 0xDCFF]);
        assert_eq!(shown(b"a\xff.py"), "a\\udcff.py");
    }
}
