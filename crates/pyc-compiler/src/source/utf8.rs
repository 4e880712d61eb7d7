//! UTF-8 in which invalid bytes are accepted where CPython accepts them: in comments.
//!
//! `x = 1  # \xff` becomes `x = 1  # ?`, so that offsets don't change. The byte is recorded, so
//! that tokens can be checked for it.

use std::borrow::Cow;

/// The offsets and values of bytes that aren't UTF-8, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Undecodable(Vec<(usize, u8)>);

impl Undecodable {
    /// The offset of the first such byte at or after `from`.
    pub(crate) fn first(&self, from: usize) -> Option<usize> {
        let index = self.0.partition_point(|(offset, _)| *offset < from);
        self.0.get(index).map(|(offset, _)| *offset)
    }

    /// The first byte with its offset.
    pub(super) fn first_byte(&self) -> Option<(usize, u8)> {
        self.0.first().copied()
    }

    /// The original bytes of `text`, which starts at `start`.
    pub(crate) fn original(&self, start: usize, text: &str) -> Vec<u8> {
        let mut bytes = text.as_bytes().to_vec();
        for (offset, byte) in &self.0 {
            if let Some(place) = offset.checked_sub(start).and_then(|at| bytes.get_mut(at)) {
                *place = *byte;
            }
        }
        bytes
    }
}

/// The text, with a question mark for each byte that isn't UTF-8.
pub(crate) fn decode(bytes: Cow<'_, [u8]>) -> (Cow<'_, str>, Undecodable) {
    let bytes = match bytes {
        Cow::Borrowed(bytes) => match std::str::from_utf8(bytes) {
            Ok(text) => return (text.into(), Undecodable::default()),
            Err(_) => bytes.to_vec(),
        },
        Cow::Owned(bytes) => match String::from_utf8(bytes) {
            Ok(text) => return (text.into(), Undecodable::default()),
            Err(error) => error.into_bytes(),
        },
    };
    let mut text = String::with_capacity(bytes.len());
    let mut undecodable = Vec::new();
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        for byte in chunk.invalid() {
            undecodable.push((text.len(), *byte));
            text.push('?');
        }
    }
    (text.into(), Undecodable(undecodable))
}

/// CPython's error for bytes that aren't UTF-8 (`unicodeobject.c: unicode_decode_utf8`, 3.13).
pub(crate) fn complaint(bytes: &[u8]) -> Option<String> {
    let error = std::str::from_utf8(bytes).err()?;
    let start = error.valid_up_to();
    let end = error.error_len().map_or(bytes.len(), |len| start + len);
    let byte = bytes[start];
    let reason = match error.error_len() {
        None => "unexpected end of data",
        Some(_) if matches!(byte, 0xc2..=0xf4) => "invalid continuation byte",
        Some(_) => "invalid start byte",
    };
    let which = if end - start == 1 {
        format!("byte 0x{byte:02x} in position {start}")
    } else {
        format!("bytes in position {start}-{}", end - 1)
    };
    Some(format!("'utf-8' codec can't decode {which}: {reason}"))
}

#[cfg(test)]
mod tests {
    use super::complaint;

    #[test]
    fn messages_are_cpythons() {
        for (bytes, words) in [
            (&b"a\xff"[..], "byte 0xff in position 1: invalid start byte"),
            (b"\xe9a", "byte 0xe9 in position 0: invalid continuation byte"),
            (b"\xe2\x82", "bytes in position 0-1: unexpected end of data"),
            (b"\xed\xa0\x80", "byte 0xed in position 0: invalid continuation byte"),
        ] {
            assert_eq!(complaint(bytes), Some(format!("'utf-8' codec can't decode {words}")));
        }
        assert_eq!(complaint("é".as_bytes()), None);
    }
}
