//! Decodes bytes to text: encoding cookie (PEP 263), byte order mark, line ends.
//!
//! ```text
//! "# coding: latin-1\r\nx = 'é'\r\n" in ISO 8859-1   ─▶   "# coding: latin-1\nx = 'é'\n" in UTF-8
//! ```
//!
//! It decodes as `compile()` does with bytes (`string_tokenizer.c: decode_str`, 3.13). The
//! tokenizer handles form feeds, and a missing newline at the end of the file.

mod codec;
mod cookie;
mod utf8;

pub(crate) use codec::{decode as decoded, names as codecs, renamed as renamed_codecs};
pub(crate) use utf8::{Undecodable, complaint, decode as decode_utf8};

use std::borrow::Cow;

use crate::error::{ColumnUnit, ErrorKind, Fault, FoundBy, Result};
use crate::location::{Column, Line, Location};
use crate::target::{Facts, Feature};

/// A decoded source: UTF-8 with `\n` as the only line end.
pub(crate) struct Source<'s> {
    text: Cow<'s, str>,
    undecodable: Undecodable,
    /// Whether a byte order mark or a comment tells the encoding.
    is_declared: bool,
    ends_in_crlf: bool,
}

/// EF BB BF, which means that the rest is UTF-8.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

impl<'s> Source<'s> {
    pub(crate) fn decode(bytes: &'s [u8], facts: &Facts) -> Result<Self> {
        // Most sources have neither, and one search for both is half the work.
        let is_plain = memchr::memchr2(0, b'\r', bytes).is_none();
        if !is_plain && memchr::memchr(0, bytes).is_some() {
            let is_syntax = facts.has(Feature::NullBytesAreSyntax);
            let kind = if is_syntax { ErrorKind::Syntax } else { ErrorKind::Value };
            return refuse(kind, "source code string cannot contain null bytes");
        }
        let (bytes, marked) = match bytes.strip_prefix(BYTE_ORDER_MARK) {
            Some(rest) => (rest, true),
            None => (bytes, false),
        };
        let ends_in_crlf = bytes.ends_with(b"\r\n");
        let bytes = if is_plain { bytes.into() } else { with_line_feeds(bytes) };
        let name = cookie::find(&bytes);
        let is_declared = marked || name.is_some();
        if let Some(name) = name.filter(|name| *name != cookie::UTF_8) {
            if marked {
                let message = format!("encoding problem: {name} with BOM");
                let is_located = facts.has(Feature::BytesCheckedFirst);
                let at = if is_located { at_cookie(&bytes) } else { Location::NONE };
                return Err(Fault::new(ErrorKind::Encoding, at, message));
            }
            // CPython also decodes a newline after the last line, which terminates an open sequence
            // in UTF-7. It is removed again, since the tokenizer handles a last line without a
            // newline.
            let is_open = !bytes.ends_with(b"\n");
            let whole: Cow<'_, [u8]> =
                if is_open { [&bytes[..], b"\n"].concat().into() } else { (&*bytes).into() };
            let mut text = codec::decode(name, &whole, facts)
                .or_else(|message| refuse(ErrorKind::Encoding, message))?;
            if is_open && text.ends_with('\n') {
                text.pop();
            }
            let text = readable(text).into();
            return Ok(Self {
                text,
                undecodable: Undecodable::default(),
                is_declared,
                ends_in_crlf,
            });
        }
        let (text, undecodable) = utf8::decode(bytes);
        Ok(Self { text, undecodable, is_declared, ends_in_crlf })
    }

    /// What the columns of CPython's exception count for an error in this source. In releases that
    /// convert columns only if they know the encoding, it must be declared.
    pub(crate) fn column_unit(&self, fault: &Fault, facts: &Facts) -> ColumnUnit {
        let is_converted = match fault.found_by {
            FoundBy::Tokenizer => true,
            // A field's encoding is never declared.
            FoundBy::Parser if fault.text.is_some() => false,
            FoundBy::Parser => self.is_declared || !facts.has(Feature::ColumnsByEncoding),
            FoundBy::Compiler => false,
        };
        if is_converted { ColumnUnit::Characters } else { ColumnUnit::Bytes }
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Whether the last line ended with a carriage return and a line feed.
    pub(crate) fn ends_in_crlf(&self) -> bool {
        self.ends_in_crlf
    }

    /// Bytes that aren't UTF-8, which are accepted only in comments.
    pub(crate) fn undecodable(&self) -> &Undecodable {
        &self.undecodable
    }

    /// Returns an error for the first byte that isn't UTF-8 (`helpers.c: _PyTokenizer_ensure_utf8`,
    /// 3.14).
    #[cold]
    pub(crate) fn refuse_bytes(&self) -> Result<()> {
        let Some((offset, byte)) = self.undecodable.first_byte() else { return Ok(()) };
        let before = &self.text[..offset];
        let line = memchr::memchr_iter(b'\n', before.as_bytes()).count() + 1;
        let column = offset - before.rfind('\n').map_or(0, |end| end + 1);
        let number = |count: usize| i32::try_from(count).unwrap_or(i32::MAX);
        let at = Location::new(number(line), number(line), number(column), number(column));
        let message = format!(
            "Non-UTF-8 code starting with '\\x{byte:02x}' on line {line}, but no encoding declared; see \
             https://peps.python.org/pep-0263/ for details"
        );
        Err(Fault::syntax(at, message))
    }

    /// The line that contains the start of a location, with its newline, and the location in it.
    /// Bytes that aren't UTF-8 are shown as U+FFFD.
    ///
    /// Quirk: a column that counts characters is converted by that text, in which U+FFFD is longer
    /// than the byte that it stands for (`pegen_errors.c: _PyPegen_raise_error_known_location`,
    /// 3.13). The tokenizer counts the characters before (`helpers.c: _syntaxerror_range`).
    pub(crate) fn shown(
        &self,
        fault: &Fault,
        unit: ColumnUnit,
    ) -> (Location, Option<Cow<'_, str>>) {
        let (at, found_by) = (fault.location, fault.found_by);
        let original = if let Some(text) = fault.text.as_deref() {
            Cow::Borrowed(text)
        } else {
            let Some((line, original)) = self.line(at.line) else { return (at, None) };
            if self.undecodable.first(0).is_none() {
                return (at, Some(line.into()));
            }
            original
        };
        let text = String::from_utf8_lossy(&original).into_owned();
        if unit == ColumnUnit::Bytes {
            return (at, Some(text.into()));
        }
        let shorter = |column: Column| {
            let at = column.get().and_then(|column| usize::try_from(column).ok());
            let before = at.and_then(|at| match found_by {
                FoundBy::Tokenizer => original.get(..at),
                FoundBy::Parser | FoundBy::Compiler => text.as_bytes().get(..=at),
            });
            let Some(before) = before else { return column };
            let count = String::from_utf8_lossy(before).chars().count();
            let last = match found_by {
                FoundBy::Tokenizer => count,
                FoundBy::Parser | FoundBy::Compiler => count.saturating_sub(1),
            };
            let at = text.char_indices().nth(last).map_or(text.len(), |(at, _)| at);
            Column::between(0, at)
        };
        let (column, end_column) = (shorter(at.column), shorter(at.end_column));
        (Location { column, end_column, ..at }, Some(text.into()))
    }

    /// A line, counted from 1, with its newline, and its bytes.
    fn line(&self, line: Line) -> Option<(&str, Cow<'_, [u8]>)> {
        let index = usize::try_from(line.get()?).ok()?.checked_sub(1)?;
        let line = self.text.split_inclusive('\n').nth(index)?;
        let start = line.as_ptr() as usize - self.text.as_ptr() as usize;
        let original = match self.undecodable.first(start) {
            Some(_) => self.undecodable.original(start, line).into(),
            None => line.as_bytes().into(),
        };
        Some((line, original))
    }
}

/// Whether the compiler decodes a source exactly as CPython does, with the encoding in the source's
/// cookie (PEP 263). If not, it refuses the source.
///
/// All of CPython's codecs are supported, except `idna` text with characters that are encoded in
/// ASCII. If this is `false`, only an interpreter can compile the source.
///
/// ```
/// assert!(pyc_compiler::decodes_exactly("x = 'é'".as_bytes()));
/// assert!(pyc_compiler::decodes_exactly(b"# coding: utf-7\nx = 1"));
/// assert!(!pyc_compiler::decodes_exactly(b"# coding: idna\nx.xn--bcher-kva"));
/// ```
#[must_use]
pub fn decodes_exactly(source: &[u8]) -> bool {
    let bytes = with_line_feeds(source.strip_prefix(BYTE_ORDER_MARK).unwrap_or(source));
    cookie::find(&bytes).is_none_or(|name| codec::is_exact(name, &bytes))
}

/// The line with the encoding, without its first column.
fn at_cookie(bytes: &[u8]) -> Location {
    let lines = bytes.split(|byte| *byte == b'\n').take(2);
    let found = lines.zip(1..).find(|(line, _)| cookie::find(line).is_some());
    let Some((line, number)) = found else { return Location::NONE };
    let text = String::from_utf8_lossy(line);
    let last = text.char_indices().next_back().map_or(0, |(at, _)| at);
    // Quirk: the end is before the last character of the first line, but after that of the second.
    let end = if number == 1 { last } else { text.len() };
    let end = Location::new(number, number, 0, i32::try_from(end).unwrap_or(i32::MAX));
    Location { column: Column::NONE, ..end }
}

/// The line of an error in a source that can't be decoded.
pub(crate) fn undecoded_line(bytes: &[u8], at: Location) -> Option<String> {
    let index = usize::try_from(at.line.get()?).ok()?.checked_sub(1)?;
    let bytes = with_line_feeds(bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes));
    let line = bytes.split(|byte| *byte == b'\n').nth(index)?;
    Some(String::from_utf8_lossy(line).into_owned())
}

fn refuse<T>(kind: ErrorKind, message: impl Into<String>) -> Result<T> {
    Err(Fault::new(kind, Location::NONE, message))
}

/// The decoded text that the tokenizer reads: everything before a null character, with `\n` as the
/// only line end. 3.13.0 keeps a `\r` that a codec has produced; later releases don't.
fn readable(mut text: String) -> String {
    if let Some(end) = text.find('\0') {
        text.truncate(end);
    }
    if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n") } else { text }
}

/// Converts `\r\n` and `\r` to `\n` (`helpers.c: translate_newlines`, 3.13).
fn with_line_feeds(bytes: &[u8]) -> Cow<'_, [u8]> {
    if memchr::memchr(b'\r', bytes).is_none() {
        return bytes.into();
    }
    let mut translated = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some(at) = memchr::memchr(b'\r', rest) {
        translated.extend_from_slice(&rest[..at]);
        translated.push(b'\n');
        let end = at + 1 + usize::from(rest.get(at + 1) == Some(&b'\n'));
        rest = &rest[end..];
    }
    translated.extend_from_slice(rest);
    translated.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decode(bytes: &[u8]) -> Result<Source<'_>> {
        Source::decode(bytes, &Facts::of_release("3.13.18"))
    }

    fn text(bytes: &[u8]) -> String {
        match decode(bytes) {
            Ok(source) => source.text().to_owned(),
            Err(fault) => format!("error: {}", fault.message),
        }
    }

    #[test]
    fn line_ends_are_unified() {
        assert_eq!(text(b"a\r\nb\rc\nd\r\r\ne\r"), "a\nb\nc\nd\n\ne\n");
    }

    #[test]
    fn the_cookie_decides() {
        assert_eq!(text(b"# coding: latin-1\n\xe9"), "# coding: latin-1\n\u{e9}");
        assert_eq!(
            text(b"#!\n# vim: fileencoding=koi8-r\n\xc1"),
            "#!\n# vim: fileencoding=koi8-r\n\u{430}"
        );
        assert_eq!(
            text(b"# coding: cp1252\n\x80\x81").find("'charmap' codec can't decode byte 0x81"),
            Some(7)
        );
        assert_eq!(text(b"\xef\xbb\xbfx"), "x");
        assert_eq!(text(b"\xef\xbb\xbf# coding: utf-8\n"), "# coding: utf-8\n");
        assert_eq!(text(b"\xef\xbb\xbf# coding: utf8\n"), "error: encoding problem: utf8 with BOM");
        assert_eq!(text(b"x\0"), "error: source code string cannot contain null bytes");
    }

    #[test]
    fn escaped_line_ends_are_line_ends() {
        assert_eq!(text(br"# coding: unicode_escape\r\nx\ry\0z"), "# coding: unicode_escape\nx\ny");
        assert_eq!(text(b"#coding:utf-7\n+AGE-=1"), "#coding:utf-7\na=1");
        assert_eq!(text(b"#coding:utf-7\nx # +AGE"), "#coding:utf-7\nx # a");
        assert_eq!(
            text(b"#coding:utf-7\n#+"),
            "error: 'utf7' codec can't decode bytes in position 15-16: ill-formed sequence"
        );
        assert_eq!(
            text(b"#coding:Rot-13\n"),
            "error: 'Rot-13' is not a text encoding; use codecs.decode() to handle arbitrary codecs"
        );
    }

    #[test]
    fn undecodable_bytes_are_kept_for_later() {
        let source = decode(b"x # \xff\xe9\n").ok().unwrap();
        assert_eq!(source.text(), "x # ??\n");
        // The columns are of bytes in the line as it is shown, where each has three.
        let (at, line) =
            source.shown(&Fault::syntax(Location::new(1, 1, 5, 8), ""), ColumnUnit::Characters);
        assert_eq!((at.column, at.end_column), (Column::new(4), Column::new(7)));
        assert_eq!(line.as_deref(), Some("x # \u{fffd}\u{fffd}\n"));
        assert!(source.undecodable().first(0).is_some());
    }
}
