//! Strings and bytes in quotes, as Python's `repr` writes them.
//!
//! `it's` becomes `"it's"`, a newline `\n`, U+00A0 `\xa0`.

use std::fmt::{self, Write};

use super::printable::PRINTABLE;
use crate::text::Text;
use crate::version::Minor;

/// Writes a `str` (`unicodeobject.c: unicode_repr`, 3.13).
pub(super) fn text(text: &Text<'_>, minor: Minor, out: &mut dyn Write) -> fmt::Result {
    let quote = quote(text.as_bytes());
    out.write_char(quote)?;
    for point in text.code_points() {
        match char::from_u32(point) {
            Some(character) if character == quote || character == '\\' => {
                write!(out, "\\{character}")?;
            }
            Some('\t') => out.write_str("\\t")?,
            Some('\n') => out.write_str("\\n")?,
            Some('\r') => out.write_str("\\r")?,
            Some(character) if is_printable(point, minor) => out.write_char(character)?,
            _ if point < 0x100 => write!(out, "\\x{point:02x}")?,
            _ if point < 0x1_0000 => write!(out, "\\u{point:04x}")?,
            _ => write!(out, "\\U{point:08x}")?,
        }
    }
    out.write_char(quote)
}

/// Writes a `bytes` (`bytesobject.c: PyBytes_Repr`, 3.13).
pub(super) fn bytes(bytes: &[u8], out: &mut dyn Write) -> fmt::Result {
    let quote = quote(bytes);
    write!(out, "b{quote}")?;
    for &byte in bytes {
        match byte {
            b'\t' => out.write_str("\\t")?,
            b'\n' => out.write_str("\\n")?,
            b'\r' => out.write_str("\\r")?,
            b'\\' => out.write_str("\\\\")?,
            b' '..=b'~' if char::from(byte) == quote => write!(out, "\\{quote}")?,
            b' '..=b'~' => out.write_char(byte.into())?,
            _ => write!(out, "\\x{byte:02x}")?,
        }
    }
    out.write_char(quote)
}

/// The quote character: double quotes only if they save escaping single quotes.
fn quote(bytes: &[u8]) -> char {
    if bytes.contains(&b'\'') && !bytes.contains(&b'"') { '"' } else { '\'' }
}

fn is_printable(point: u32, minor: Minor) -> bool {
    let after = PRINTABLE.partition_point(|&(first, _, _)| first <= point);
    after.checked_sub(1).is_some_and(|index| {
        let (_, last, since) = PRINTABLE[index];
        point <= last && since <= minor.number()
    })
}
