//! Encodings other than UTF-8, as CPython's codecs decode them.
//!
//! | codec | decoded by |
//! |---|---|
//! | `ascii`, `latin_1` | their definitions |
//! | code pages, double-byte sets, `gb18030` | tables generated from CPython's codecs, see [`table`] |
//! | `idna`, `punycode`, `unicode_escape`, … | nobody: only CPython does |

mod table;

use table::Meaning;

/// The text, or why there is none.
pub(crate) fn decode(name: &str, bytes: &[u8]) -> Result<String, String> {
    let normalized = normalized(name);
    if UTF_8.contains(&normalized.as_str()) {
        return match std::str::from_utf8(bytes) {
            Ok(text) => Ok(text.to_owned()),
            Err(_) => Err(super::utf8::complaint(bytes).unwrap_or_default()),
        };
    }
    match table::number(&normalized) {
        Some(("ascii", _)) => match bytes.iter().position(|byte| !byte.is_ascii()) {
            None => Ok(bytes.iter().map(|&byte| char::from(byte)).collect()),
            Some(at) => Err(undecodable("ascii", &bytes[at..=at], at, "ordinal not in range(128)")),
        },
        Some(("latin_1", _)) => Ok(bytes.iter().map(|&byte| char::from(byte)).collect()),
        Some((codec, number)) => by_table(codec, number, bytes),
        None if UNSUPPORTED.contains(&normalized.as_str()) => Err(format!(
            "encoding problem: {name}, which only CPython decodes; save the file as UTF-8, \
             or let the interpreter compile (`Backend::Interpreter`)"
        )),
        None => Err(format!("unknown encoding: {name}")),
    }
}

/// The official names of what is decoded by a table: of single bytes, of several, and with a state.
pub(crate) fn names() -> [Vec<&'static str>; 3] {
    let (double, single) =
        table::names().enumerate().partition::<Vec<_>, _>(|(number, _)| is_multibyte(*number));
    let names = |list: Vec<(usize, &'static str)>| list.into_iter().map(|(_, name)| name).collect();
    [names(single), names(double), Vec::new()]
}

fn by_table(codec: &str, number: usize, bytes: &[u8]) -> Result<String, String> {
    let mut text = String::with_capacity(bytes.len() + bytes.len() / 2);
    let mut at = 0;
    while at < bytes.len() {
        let rest = &bytes[at..];
        match sequence(codec, number, rest) {
            (len, Meaning::One(character)) => {
                text.push(character);
                at += len;
            }
            (len, Meaning::Two(first, second)) => {
                text.extend([first, second]);
                at += len;
            }
            (_, Meaning::Start) => {
                return Err(undecodable(codec, rest, at, "incomplete multibyte sequence"));
            }
            (_, Meaning::Nothing) if is_multibyte(number) => {
                let len = if is_later(codec, rest) { 2 } else { 1 };
                return Err(undecodable(codec, &rest[..len], at, "illegal multibyte sequence"));
            }
            (_, Meaning::Nothing) => {
                let reason = "character maps to <undefined>";
                return Err(undecodable("charmap", &rest[..1], at, reason));
            }
        }
    }
    Ok(text)
}

/// Whether a pair is one that JIS X 0213 got in 2004, so that the codecs of its first edition refuse it as a whole
/// (`_codecs_jp.c: EMULATE_JISX0213_2000_DECODE_PLANE1`, 3.13).
fn is_later(codec: &str, bytes: &[u8]) -> bool {
    let later: &[u16] = match codec {
        "euc_jisx0213" => {
            &[0xaea1, 0xaffe, 0xcfd4, 0xcffe, 0xf4a7, 0xfefa, 0xfefb, 0xfefc, 0xfefd, 0xfefe]
        }
        "shift_jisx0213" => {
            &[0x879f, 0x889e, 0x9873, 0x989e, 0xeaa5, 0xeff8, 0xeff9, 0xeffa, 0xeffb, 0xeffc]
        }
        _ => &[],
    };
    bytes.first_chunk().is_some_and(|pair| later.contains(&u16::from_be_bytes(*pair)))
}

/// The bytes' first sequence: its length and what it stands for.
fn sequence(codec: &str, number: usize, bytes: &[u8]) -> (usize, Meaning) {
    let mut key = 0;
    for (index, &byte) in bytes.iter().take(3).enumerate() {
        key = key << 8 | u32::from(byte);
        match table::meaning(number, key) {
            Meaning::Start if index == 1 && codec == "gb18030" => {
                let Some(&sequence) = bytes.first_chunk() else { return (0, Meaning::Start) };
                let key = table::four(sequence);
                return (4, key.map_or(Meaning::Nothing, |key| table::meaning(number, key)));
            }
            Meaning::Start if index == 1 && codec == "euc_kr" => {
                let Some(&sequence) = bytes.first_chunk() else { return (0, Meaning::Start) };
                return (8, syllable(sequence).map_or(Meaning::Nothing, Meaning::One));
            }
            Meaning::Start => {}
            meaning => return (index + 1, meaning),
        }
    }
    (0, Meaning::Start)
}

/// A Hangul syllable in four pairs: a filler and its letters, as KS X 1001's annex 3 composes them.
fn syllable([_, _, a, initial, b, vowel, c, last]: [u8; 8]) -> Option<char> {
    const FILLER: u8 = 0xd4;
    // The letters are in the order of U+3131; not every consonant can begin or end a syllable.
    const NOT_INITIAL: &[u8] = &[0xa3, 0xa5, 0xa6, 0xaa, 0xab, 0xac, 0xad, 0xae, 0xaf, 0xb0, 0xb4];
    const NOT_LAST: &[u8] = &[0xa8, 0xb3, 0xb9];
    let consonant = |byte: u8, without: &[u8]| {
        let skipped = without.iter().filter(|other| **other < byte).count();
        let is_one = (0xa1..=0xbe).contains(&byte) && !without.contains(&byte);
        is_one.then(|| usize::from(byte - 0xa1) - skipped)
    };
    let last = if last == FILLER { 0 } else { 1 + consonant(last, NOT_LAST)? };
    if [a, b, c] != [0xa4; 3] || !(0xbf..=0xd3).contains(&vowel) {
        return None;
    }
    let number = (consonant(initial, NOT_INITIAL)? * 21 + usize::from(vowel - 0xbf)) * 28 + last;
    char::from_u32(0xac00 + u32::try_from(number).ok()?)
}

/// Whether any byte is only the start of a character, for then CPython's `multibytecodec.c` decodes.
fn is_multibyte(number: usize) -> bool {
    (0x80..=0xff).any(|byte| table::meaning(number, byte) == Meaning::Start)
}

/// As `UnicodeDecodeError` says it.
fn undecodable(codec: &str, bytes: &[u8], at: usize, reason: &str) -> String {
    if let [byte] = bytes {
        return format!(
            "'{codec}' codec can't decode byte 0x{byte:02x} in position {at}: {reason}"
        );
    }
    let last = at + bytes.len() - 1;
    format!("'{codec}' codec can't decode bytes in position {at}-{last}: {reason}")
}

/// Whether the codec of this name is ours as well as CPython's; a name that nobody knows is.
pub(super) fn is_exact(name: &str) -> bool {
    !UNSUPPORTED.contains(&normalized(name).as_str())
}

/// Whatever the case and the separators (`encodings.normalize_encoding`, 3.13).
fn normalized(name: &str) -> String {
    let parts =
        name.split(|character: char| !character.is_ascii_alphanumeric() && character != '.');
    let parts: Vec<&str> = parts.filter(|part| !part.is_empty()).collect();
    parts.join("_").to_ascii_lowercase()
}

const UTF_8: &[&str] = &["utf_8", "utf8", "u8", "utf", "utf8_ucs2", "utf8_ucs4", "cp65001"];

/// What CPython decodes a source from, too (`encodings`, 3.13).
const UNSUPPORTED: &[&str] = &[
    "hz",
    "idna",
    "iso2022_jp",
    "iso2022_jp_1",
    "iso2022_jp_2",
    "iso2022_jp_2004",
    "iso2022_jp_3",
    "iso2022_jp_ext",
    "iso2022_kr",
    "punycode",
    "raw_unicode_escape",
    "unicode_escape",
    "utf_7",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codecs_decode_as_cpythons() {
        let decoded = |name, bytes: &[u8]| decode(name, bytes).unwrap();
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
        assert_eq!(decoded("EUC-KR", b"\xb0\xa1\xa4\xd4\xa4\xa1\xa4\xbf\xa4\xa2"), "가갂");
    }

    #[test]
    fn what_cant_be_decoded_is_named() {
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
            (
                "HZ",
                b"",
                "encoding problem: HZ, which only CPython decodes; save the file as UTF-8, \
                 or let the interpreter compile (`Backend::Interpreter`)",
            ),
        ] {
            assert_eq!(decode(name, bytes).unwrap_err(), message);
        }
    }
}
