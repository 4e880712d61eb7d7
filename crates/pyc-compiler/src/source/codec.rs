//! Encodings other than UTF-8, as CPython's codecs decode them.
//!
//! | codec | decoded by |
//! |---|---|
//! | `ascii`, `latin_1`, `charmap` | their definitions |
//! | code pages, double-byte sets, `gb18030` | tables generated from CPython's codecs, see [`table`] |
//! | `hz`, `iso2022_…` | switches between these tables, see [`shifted`] |
//! | `rot_13`, `base64_codec`, … | not decoded: they don't convert bytes to text |
//!
//! A source is decoded as a whole, as in `compile()` (`string_tokenizer.c: translate_into_utf8`,
//! 3.13).

mod escape;
mod idna;
mod multibyte;
mod points;
mod punycode;
mod renamed;
mod shifted;
mod table;
mod utf7;
mod wide;

pub(crate) use renamed::names as renamed;

use points::Points;

use crate::target::{Facts, Feature};

/// The text, or the error. Releases differ in the names of codecs, and in the names of characters
/// in `unicode_escape`.
pub(crate) fn decode(name: &str, bytes: &[u8], facts: &Facts) -> Result<String, String> {
    let normalized = normalized(name);
    let dotless = normalized.replace('.', "_");
    let renamed = renamed::codec(&dotless, facts);
    let is_utf_8 = matches!(renamed, Some("utf_8")) || normalized == "utf_8";
    // In a source the byte order mark is removed before the codec is called.
    let is_marked = matches!(renamed, Some("utf_8_sig"));
    if is_utf_8 || is_marked || UTF_8_ALIASES.contains(&dotless.as_str()) {
        return match std::str::from_utf8(bytes) {
            Ok(text) => Ok(text.to_owned()),
            Err(_) => Err(super::utf8::complaint(bytes).unwrap_or_default()),
        };
    }
    let known = table::number(renamed.unwrap_or(&normalized));
    let Some((codec, number)) = known.filter(|_| !renamed::is_unknown(&dotless, facts)) else {
        return Err(format!("unknown encoding: {name}"));
    };
    if number < table::count() && !matches!(codec, "ascii" | "latin_1") {
        let text = multibyte::decode(codec, number, bytes)?;
        let has_quote = codec == "palmos" && facts.has(Feature::PalmosQuote);
        return Ok(if has_quote { text.replace('\u{9b}', "\u{203a}") } else { text });
    }
    match codec {
        "ascii" => ascii("ascii", bytes),
        "latin_1" | "charmap" => Ok(bytes.iter().map(|&byte| char::from(byte)).collect()),
        "hz" => shifted::hz(bytes),
        "idna" => idna::decode(name, bytes),
        "punycode" => punycode::decode(bytes).and_then(Points::into_text),
        "raw_unicode_escape" => escape::raw(bytes).and_then(Points::into_text),
        "unicode_escape" => escape::cooked(bytes, facts).and_then(Points::into_text),
        "undefined" => Err("undefined encoding".to_owned()),
        "utf_7" => utf7::decode(bytes).and_then(Points::into_text),
        _ => match (wide::Form::of(codec), shifted::Designations::of(codec)) {
            (Some(form), _) => wide::decode(form, bytes),
            (_, Some(designations)) => shifted::iso2022(codec, designations, bytes),
            _ => Err(format!(
                "'{name}' is not a text encoding; use codecs.decode() to handle arbitrary codecs"
            )),
        },
    }
}

fn ascii(codec: &str, bytes: &[u8]) -> Result<String, String> {
    match bytes.iter().position(|byte| !byte.is_ascii()) {
        None => Ok(bytes.iter().map(|&byte| char::from(byte)).collect()),
        Some(at) => Err(undecodable(codec, &bytes[at..=at], at, "ordinal not in range(128)")),
    }
}

/// The official names of codecs: single-byte, multi-byte, and those without a table.
pub(crate) fn names() -> [Vec<&'static str>; 3] {
    let mut names = [Vec::new(), Vec::new(), Vec::new()];
    for (number, name) in table::names().enumerate() {
        let kind = match number {
            _ if number >= table::count() => 2,
            _ => usize::from(multibyte::is_multibyte(number)),
        };
        names[kind].push(name);
    }
    names
}

/// The message of a `UnicodeDecodeError`.
fn undecodable(codec: &str, bytes: &[u8], at: usize, reason: &str) -> String {
    if let [byte] = bytes {
        return format!(
            "'{codec}' codec can't decode byte 0x{byte:02x} in position {at}: {reason}"
        );
    }
    let last = at + bytes.len() - 1;
    format!("'{codec}' codec can't decode bytes in position {at}-{last}: {reason}")
}

/// Whether this codec decodes these bytes as CPython does, or both refuse them.
pub(super) fn is_exact(name: &str, bytes: &[u8]) -> bool {
    normalized(name) != "idna" || idna::is_exact(bytes)
}

/// The name with normalised case and separators (`encodings.normalize_encoding`, 3.13).
fn normalized(name: &str) -> String {
    let parts =
        name.split(|character: char| !character.is_ascii_alphanumeric() && character != '.');
    let parts: Vec<&str> = parts.filter(|part| !part.is_empty()).collect();
    parts.join("_").to_ascii_lowercase()
}

const UTF_8_ALIASES: &[&str] = &["utf8", "u8", "utf", "utf8_ucs2", "utf8_ucs4", "cp65001"];

#[cfg(test)]
mod tests {
    use super::*;

    fn newest() -> Facts {
        Facts::of_release("3.13.18")
    }

    #[test]
    fn codecs_decode_as_cpythons() {
        let decoded = |name, bytes: &[u8]| decode(name, bytes, &newest()).unwrap();
        assert_eq!(decoded("Latin1", b"\x80\xff"), "\u{80}ÿ");
        assert_eq!(decoded("iso-8859-9", b"\x80\xd0\xff"), "\u{80}Ğÿ");
        assert_eq!(decoded("windows-1252", b"\x80"), "€");
        assert_eq!(decoded("koi8-u", b"\xae\xc1"), "╝а");
        assert_eq!(decoded("thai", b"\x80\xa1"), "\u{80}ก");
        assert_eq!(decoded("euc_jp", b"\xa4\xa2\xa1\xc1"), "あ〜");
        assert_eq!(decoded("cp932", b"\x81\x60"), "～");
        assert_eq!(decoded("IBM437", b"\x82\xb0"), "é░");
        assert_eq!(decoded("tis-620", b"\xa1"), "ก");
        assert_eq!(decoded("gb18030", b"\xc4\xe3\x81\x30\x81\x30\x95\x32\x82\x36"), "你\u{80}𠀀");
        assert_eq!(decoded("Big5-HKSCS", b"\xa7\x41\x88\x62"), "你Ê̄");
        assert_eq!(decoded("ISO.8859.3", b"\xa1"), "Ħ");
        assert_eq!(decoded("charmap", b"\x80"), "\u{80}");
        assert_eq!(decoded("csISO2022JP", b"\x1b$B$\x22"), "あ");
        assert_eq!(decoded("UTF-7", b"+AGE-"), "a");
        assert_eq!(decoded("utf_16_be", b"\x30\x42"), "あ");
        assert_eq!(decoded("EUC-KR", b"\xb0\xa1\xa4\xd4\xa4\xa1\xa4\xbf\xa4\xa2"), "가갂");
    }

    #[test]
    fn releases_know_different_names() {
        let decoded =
            |version: &str, name, bytes: &[u8]| decode(name, bytes, &Facts::of_release(version));
        for (name, bytes, text) in [
            ("IBM00858", &b"\xd5"[..], "€"),
            ("ebcdic-us-37+euro", b"\x9f", "€"),
            ("Windows-31J", b"\x81\x60", "～"),
        ] {
            assert_eq!(decoded("3.13.18", name, bytes).as_deref(), Ok(text), "{name}");
        }
        for (version, name) in [("3.13.0", "ibm00858"), ("3.12.1", "windows-31j")] {
            assert_eq!(
                decoded(version, name, b"x"),
                Err(format!("unknown encoding: {name}")),
                "{version}"
            );
        }
        assert_eq!(decoded("3.13.0", "palmos", b"\x9b").as_deref(), Ok("\u{9b}"));
        assert_eq!(decoded("3.13.18", "palmos", b"\x9b").as_deref(), Ok("›"));
    }

    #[test]
    fn undecodable_bytes_are_reported() {
        for (name, bytes, message) in [
            (
                "ascii",
                &b"a\xff"[..],
                "'ascii' codec can't decode byte 0xff in position 1: ordinal not in range(128)",
            ),
            (
                "cp1252",
                b"ab\x81",
                "'charmap' codec can't decode byte 0x81 in position 2: character maps to <undefined>",
            ),
            (
                "cp932",
                b"x\x81",
                "'cp932' codec can't decode byte 0x81 in position 1: incomplete multibyte sequence",
            ),
            (
                "gb2312",
                b"x\xd0\x80",
                "'gb2312' codec can't decode byte 0xd0 in position 1: illegal multibyte sequence",
            ),
            (
                "gb18030",
                b"\x81\x30\xff\x30",
                "'gb18030' codec can't decode byte 0x81 in position 0: illegal multibyte sequence",
            ),
            (
                "euc_kr",
                b"\xa4\xd4\xa4",
                "'euc_kr' codec can't decode bytes in position 0-2: incomplete multibyte sequence",
            ),
            (
                "shift_jisx0213",
                b"a\xef\xfbA",
                "'shift_jisx0213' codec can't decode bytes in position 1-2: illegal multibyte sequence",
            ),
            (
                "euc_jisx0213",
                b"\xae\xa1",
                "'euc_jisx0213' codec can't decode bytes in position 0-1: illegal multibyte sequence",
            ),
            ("uft-8", b"", "unknown encoding: uft-8"),
            ("iso8859.3", b"", "unknown encoding: iso8859.3"),
            ("undefined", b"", "undefined encoding"),
            (
                "hex",
                b"",
                "'hex' is not a text encoding; use codecs.decode() to handle arbitrary codecs",
            ),
            (
                "UTF-16",
                b"abc",
                "'utf-16-le' codec can't decode byte 0x63 in position 2: truncated data",
            ),
            (
                "utf_32",
                b"abcd",
                "'utf-32-le' codec can't decode bytes in position 0-3: code point not in range(0x110000)",
            ),
        ] {
            assert_eq!(decode(name, bytes, &newest()).unwrap_err(), message);
        }
    }
}
