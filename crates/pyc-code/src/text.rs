//! A Python string: Unicode that may hold lone surrogates.
//!
//! `Text::from("spam").as_str() == Some("spam")`; `'\ud800'` is the three bytes `ed a0 80` and has
//! no `as_str`.

use std::borrow::Cow;
use std::fmt;

/// A `str` as marshal stores it: UTF-8 that may also encode surrogates ("surrogatepass").
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Text<'a>(Cow<'a, [u8]>);

impl<'a> Text<'a> {
    /// The string with this surrogatepass encoding; `None` if the bytes are not valid in it.
    #[must_use]
    pub fn from_surrogatepass(bytes: impl Into<Cow<'a, [u8]>>) -> Option<Self> {
        let bytes = bytes.into();
        is_surrogatepass(&bytes).then_some(Self(bytes))
    }

    /// The string of these code points, which may be surrogates; `None` above U+10FFFF.
    #[must_use]
    pub fn from_code_points(points: impl IntoIterator<Item = u32>) -> Option<Self> {
        let mut bytes = Vec::new();
        for point in points {
            if let Some(character) = char::from_u32(point) {
                bytes.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
            } else if point < 0x11_0000 {
                // Rust's encoder rejects surrogates, so they are put into UTF-8's three-byte form
                // here.
                let (high, low) = (0xa0 | (point >> 6) & 0x1f, 0x80 | point & 0x3f);
                bytes.push(0xed);
                bytes.extend([high, low].map(|byte| byte.to_le_bytes()[0]));
            } else {
                return None;
            }
        }
        Some(Self(Cow::Owned(bytes)))
    }

    /// A string whose encoding the caller has checked.
    pub(crate) fn trusted(bytes: &'a [u8]) -> Self {
        Self(Cow::Borrowed(bytes))
    }

    /// The surrogatepass encoding.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The string, if it contains no surrogates.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        std::str::from_utf8(&self.0).ok()
    }

    /// The code points, including surrogates.
    pub fn code_points(&self) -> impl Iterator<Item = u32> + '_ {
        let mut rest = &self.0[..];
        std::iter::from_fn(move || {
            let (point, width) = decode(rest)?;
            rest = &rest[width..];
            Some(point)
        })
    }

    /// The same string with owned bytes.
    #[must_use]
    pub fn into_owned(self) -> Text<'static> {
        Text(Cow::Owned(self.0.into_owned()))
    }
}

impl<'a> From<&'a str> for Text<'a> {
    fn from(text: &'a str) -> Self {
        Self(Cow::Borrowed(text.as_bytes()))
    }
}

impl From<String> for Text<'_> {
    fn from(text: String) -> Self {
        Self(Cow::Owned(text.into_bytes()))
    }
}

impl PartialEq<str> for Text<'_> {
    fn eq(&self, other: &str) -> bool {
        *self.0 == *other.as_bytes()
    }
}

impl PartialEq<&str> for Text<'_> {
    fn eq(&self, other: &&str) -> bool {
        *self == **other
    }
}

/// Surrogates are printed as U+FFFD.
impl fmt::Display for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lossy = |point| char::from_u32(point).unwrap_or(char::REPLACEMENT_CHARACTER);
        f.pad(&self.code_points().map(lossy).collect::<String>())
    }
}

impl fmt::Debug for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(text) = self.as_str() {
            fmt::Debug::fmt(text, f)
        } else {
            write!(f, "\"{}\"", self.0.escape_ascii())
        }
    }
}

/// Whether CPython's `PyUnicode_DecodeUTF8(…, "surrogatepass")` accepts `bytes`.
pub(crate) fn is_surrogatepass(bytes: &[u8]) -> bool {
    let mut rest = bytes;
    loop {
        let Err(error) = std::str::from_utf8(rest) else { return true };
        rest = &rest[error.valid_up_to()..];
        match rest {
            [0xed, 0xa0..=0xbf, 0x80..=0xbf, tail @ ..] => rest = tail,
            _ => return false,
        }
    }
}

/// The first code point of well-formed bytes, and its length in bytes.
fn decode(bytes: &[u8]) -> Option<(u32, usize)> {
    let tail = |at: usize| bytes.get(at).map_or(0, |byte| u32::from(byte & 0x3f));
    let first = u32::from(*bytes.first()?);
    Some(match first {
        0..=0x7f => (first, 1),
        0x80..=0xdf => ((first & 0x1f) << 6 | tail(1), bytes.len().min(2)),
        0xe0..=0xef => ((first & 0x0f) << 12 | tail(1) << 6 | tail(2), bytes.len().min(3)),
        _ => ((first & 0x07) << 18 | tail(1) << 12 | tail(2) << 6 | tail(3), bytes.len().min(4)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_points_and_bytes_agree() {
        let points = [0x61, 0xe9, 0xd800, 0xdc00, 0xffff, 0x1_f600];
        let text = Text::from_code_points(points).unwrap();
        assert_eq!(
            text.as_bytes(),
            b"a\xc3\xa9\xed\xa0\x80\xed\xb0\x80\xef\xbf\xbf\xf0\x9f\x98\x80"
        );
        assert_eq!(text.code_points().collect::<Vec<_>>(), points);
        assert_eq!(Text::from_surrogatepass(text.as_bytes().to_vec()), Some(text.clone()));
        assert_eq!(text.as_str(), None);
        assert_eq!(Text::from_code_points([0x11_0000]), None);
    }

    #[test]
    fn malformed_encodings_are_refused() {
        for bytes in
            [&b"\x80"[..], b"\xed\xa0", b"\xed\xa0\x7f", b"\xc0\x80", b"\xf4\x90\x80\x80", b"a\xe9"]
        {
            assert!(!is_surrogatepass(bytes), "{}", bytes.escape_ascii());
        }
    }
}
