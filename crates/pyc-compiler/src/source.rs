//! From bytes to text: encoding cookie (PEP 263), byte order mark, line ends.

use crate::error::{ErrorKind, Fault, Result};
use crate::location::Location;

/// A decoded source: UTF-8 with `\n` as the only line end.
pub(crate) struct Source<'s> {
    text: std::borrow::Cow<'s, str>,
}

impl<'s> Source<'s> {
    pub(crate) fn decode(bytes: &'s [u8]) -> Result<Self> {
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let text = std::str::from_utf8(bytes).map_err(|_| {
            Fault::new(ErrorKind::Encoding, Location::NONE, "the source isn't UTF-8")
        })?;
        Ok(Self { text: text.into() })
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// A line, counted from 1, with its end.
    pub(crate) fn line(&self, number: i32) -> Option<&str> {
        let index = usize::try_from(number).ok()?.checked_sub(1)?;
        self.text.split_inclusive('\n').nth(index)
    }
}
