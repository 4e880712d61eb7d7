//! Code points before they become text; they can include lone surrogates.
//!
//! Some codecs decode to surrogates, which are allowed in a `str` but not in a source, since
//! CPython encodes the text in UTF-8.

/// The result of a codec.
#[derive(Default)]
pub(super) struct Points(Vec<u32>);

impl Points {
    pub(super) fn push(&mut self, point: u32) {
        self.0.push(point);
    }

    /// Inserts a point at this index.
    pub(super) fn insert(&mut self, index: usize, point: u32) {
        self.0.insert(index, point);
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// The text, or CPython's error for the first surrogates in it (`unicodeobject.c:
    /// unicode_encode_utf8`, 3.13).
    pub(super) fn into_text(self) -> Result<String, String> {
        let is_surrogate = |point: &u32| (0xd800..0xe000).contains(point);
        let Some(start) = self.0.iter().position(is_surrogate) else {
            return Ok(self.0.into_iter().filter_map(char::from_u32).collect());
        };
        let count = self.0[start..].iter().take_while(|point| is_surrogate(point)).count();
        let which = match count {
            1 => format!("character '\\u{:x}' in position {start}", self.0[start]),
            _ => format!("characters in position {start}-{}", start + count - 1),
        };
        Err(format!("'utf-8' codec can't encode {which}: surrogates not allowed"))
    }
}
