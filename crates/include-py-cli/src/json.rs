//! Writes JSON values.
//!
//! `object([("a", number(1)), ("b", string("x"))])` is `{"a":1,"b":"x"}`.

use std::fmt::{Display, Write};
use std::path::Path;

/// A number.
pub(crate) fn number(value: impl Display) -> String {
    value.to_string()
}

/// A number, or `null`.
pub(crate) fn optional(value: Option<impl Display>) -> String {
    value.map_or("null".to_owned(), number)
}

/// A boolean.
pub(crate) fn boolean(value: bool) -> String {
    value.to_string()
}

/// A string.
pub(crate) fn string(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    escape(text, &mut out);
    out.push('"');
    out
}

/// A path as a string. Bytes that aren't UTF-8 become lone surrogates, as with `os.fsdecode`
/// (PEP 383): `"n\udce9.py"`.
pub(crate) fn path(path: &Path) -> String {
    let mut out = String::from("\"");
    for chunk in path.as_os_str().as_encoded_bytes().utf8_chunks() {
        escape(chunk.valid(), &mut out);
        for byte in chunk.invalid() {
            // Writing to a string can't fail.
            let _ = write!(out, "\\udc{byte:02x}");
        }
    }
    out.push('"');
    out
}

fn escape(text: &str, out: &mut String) {
    for character in text.chars() {
        match character {
            '"' | '\\' => out.extend(['\\', character]),
            '\n' => out.push_str("\\n"),
            '\0'..='\x1f' => {
                // Writing to a string can't fail.
                let _ = write!(out, "\\u{:04x}", u32::from(character));
            }
            _ => out.push(character),
        }
    }
}

/// An array; the values are already JSON.
pub(crate) fn array(values: impl IntoIterator<Item = String>) -> String {
    let values: Vec<String> = values.into_iter().collect();
    format!("[{}]", values.join(","))
}

/// An object; the values are already JSON.
pub(crate) fn object<const N: usize>(members: [(&str, String); N]) -> String {
    let members = members.map(|(name, value)| format!("{}:{value}", string(name)));
    format!("{{{}}}", members.join(","))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_escaped() {
        assert_eq!(string("a\"\\\n\x01é"), "\"a\\\"\\\\\\n\\u0001é\"");
        assert_eq!(
            object([("a", number(1)), ("b", array([boolean(true)]))]),
            "{\"a\":1,\"b\":[true]}"
        );
    }

    #[cfg(unix)]
    #[test]
    fn paths_keep_their_bytes() {
        use std::ffi::OsStr;
        use std::os::unix::ffi::OsStrExt as _;

        let odd = |bytes| path(Path::new(OsStr::from_bytes(bytes)));
        assert_eq!(odd(b"a\"/n\xe9\xc3\xa9.py"), "\"a\\\"/n\\udce9é.py\"");
        assert_ne!(odd(b"n\xe8"), odd(b"n\xe9"));
    }
}
