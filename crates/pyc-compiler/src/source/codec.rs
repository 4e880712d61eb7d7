//! Encodings other than UTF-8, as CPython's codecs decode them.
//!
//! | codec | decoded by |
//! |---|---|
//! | `ascii`, `latin_1`, `iso8859_9` | ourselves: what `encoding_rs` calls so are Windows' code pages |
//! | other `iso8859_*`, `cp125*`, `koi8_*`, … | `encoding_rs`, compared with CPython byte by byte |
//! | `cp932`, `cp949`, `euc_jp`, `gbk`, … | `encoding_rs`; a few sequences more than CPython's codec has are taken |
//!
//! The web's `windows-*` encodings give C1 controls for bytes that CPython's `cp*` leave undefined.

use encoding_rs::{self as web, DecoderResult, Encoding};

/// A codec of CPython's.
struct Codec {
    name: &'static str,
    /// As `encodings.aliases` has them, but for those that differ only in separators.
    aliases: &'static [&'static str],
    how: How,
}

enum How {
    Ascii,
    /// Each byte is the character of its number, but for these.
    Latin(&'static [(char, char)]),
    /// As the web has it.
    Same(&'static Encoding),
    /// As the web has it, but these characters are others.
    Except(&'static Encoding, &'static [(char, char)]),
    /// As the web has it, but no byte is a C1 control or U+05BA, which `windows-1255` has too much.
    Defined(&'static Encoding),
    Utf8,
}

/// The text, or why there is none.
pub(super) fn decode(name: &str, bytes: &[u8]) -> Result<String, String> {
    let Some(codec) = find(name) else {
        return Err(if is_known(name) {
            format!("encoding problem: {name}, which only CPython decodes; save the file as UTF-8")
        } else {
            format!("unknown encoding: {name}")
        });
    };
    match codec.how {
        How::Utf8 => match std::str::from_utf8(bytes) {
            Ok(text) => Ok(text.to_owned()),
            Err(_) => Err(super::utf8::complaint(bytes).unwrap_or_default()),
        },
        How::Ascii => match bytes.iter().position(|byte| !byte.is_ascii()) {
            None => Ok(bytes.iter().map(|&byte| char::from(byte)).collect()),
            Some(at) => Err(undecodable("ascii", bytes[at], at, "ordinal not in range(128)")),
        },
        How::Latin(others) => {
            Ok(bytes.iter().map(|&byte| replaced(char::from(byte), others)).collect())
        }
        How::Same(encoding) => by_the_web(codec, encoding, bytes),
        How::Except(encoding, others) => {
            let text = by_the_web(codec, encoding, bytes)?;
            Ok(text.chars().map(|character| replaced(character, others)).collect())
        }
        How::Defined(encoding) => {
            let text = by_the_web(codec, encoding, bytes)?;
            match text
                .chars()
                .position(|character| matches!(character, '\u{80}'..='\u{9f}' | '\u{5ba}'))
            {
                None => Ok(text),
                // One byte, one character.
                Some(at) => Err(undecodable("charmap", bytes[at], at, UNDEFINED)),
            }
        }
    }
}

const UNDEFINED: &str = "character maps to <undefined>";

fn by_the_web(codec: &Codec, encoding: &'static Encoding, bytes: &[u8]) -> Result<String, String> {
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let room = decoder.max_utf8_buffer_length_without_replacement(bytes.len()).unwrap_or(0);
    let mut text = String::with_capacity(room);
    match decoder.decode_to_string_without_replacement(bytes, &mut text, true) {
        (DecoderResult::Malformed(len, after), read) => {
            let at = read.saturating_sub(usize::from(len) + usize::from(after));
            let byte = bytes.get(at).copied().unwrap_or_default();
            Err(if encoding.is_single_byte() {
                undecodable("charmap", byte, at, UNDEFINED)
            } else {
                undecodable(codec.name, byte, at, "illegal multibyte sequence")
            })
        }
        _ => Ok(text),
    }
}

fn undecodable(codec: &str, byte: u8, at: usize, reason: &str) -> String {
    format!("'{codec}' codec can't decode byte 0x{byte:02x} in position {at}: {reason}")
}

fn replaced(character: char, others: &[(char, char)]) -> char {
    let other = others.iter().find(|(from, _)| *from == character);
    other.map_or(character, |(_, to)| *to)
}

/// A codec by its name or an alias, whatever the case and the separators (`encodings.normalize_encoding`, 3.13).
fn find(name: &str) -> Option<&'static Codec> {
    let name = normalized(name);
    CODECS
        .iter()
        .find(|codec| codec.name == name || codec.aliases.iter().any(|alias| *alias == name))
}

/// Whether the codec of this name is CPython's to the byte; a name that nobody knows is.
pub(super) fn is_exact(name: &str) -> bool {
    match find(name).map(|codec| &codec.how) {
        Some(How::Same(encoding) | How::Except(encoding, _)) => encoding.is_single_byte(),
        Some(_) => true,
        None => !is_known(name),
    }
}

fn is_known(name: &str) -> bool {
    UNSUPPORTED.contains(&normalized(name).as_str())
}

fn normalized(name: &str) -> String {
    let parts =
        name.split(|character: char| !character.is_ascii_alphanumeric() && character != '.');
    let parts: Vec<&str> = parts.filter(|part| !part.is_empty()).collect();
    parts.join("_").to_ascii_lowercase()
}

macro_rules! codecs {
    ($($name:literal $($alias:literal)* => $how:expr,)*) => {
        const CODECS: &[Codec] = &[$(Codec { name: $name, aliases: &[$($alias),*], how: $how }),*];
    };
}

codecs! {
    "utf_8" "utf8" "u8" "utf" "utf8_ucs2" "utf8_ucs4" "cp65001" => How::Utf8,
    "ascii" "646" "ansi_x3.4_1968" "ansi_x3_4_1968" "ansi_x3.4_1986" "cp367" "csascii" "ibm367" "iso646_us"
        "iso_646.irv_1991" "iso_ir_6" "us" "us_ascii" => How::Ascii,
    "latin_1" "8859" "cp819" "csisolatin1" "ibm819" "iso8859" "iso8859_1" "iso_8859_1" "iso_8859_1_1987"
        "iso_ir_100" "l1" "latin" "latin1" => How::Latin(&[]),
    "iso8859_2" "csisolatin2" "iso_8859_2" "iso_8859_2_1987" "iso_ir_101" "l2" "latin2"
        => How::Same(web::ISO_8859_2),
    "iso8859_3" "csisolatin3" "iso_8859_3" "iso_8859_3_1988" "iso_ir_109" "l3" "latin3"
        => How::Same(web::ISO_8859_3),
    "iso8859_4" "csisolatin4" "iso_8859_4" "iso_8859_4_1988" "iso_ir_110" "l4" "latin4"
        => How::Same(web::ISO_8859_4),
    "iso8859_5" "csisolatincyrillic" "cyrillic" "iso_8859_5" "iso_8859_5_1988" "iso_ir_144"
        => How::Same(web::ISO_8859_5),
    "iso8859_6" "arabic" "asmo_708" "csisolatinarabic" "ecma_114" "iso_8859_6" "iso_8859_6_1987" "iso_ir_127"
        => How::Same(web::ISO_8859_6),
    "iso8859_7" "csisolatingreek" "ecma_118" "elot_928" "greek" "greek8" "iso_8859_7" "iso_8859_7_1987"
        "iso_ir_126" => How::Same(web::ISO_8859_7),
    "iso8859_8" "csisolatinhebrew" "hebrew" "iso_8859_8" "iso_8859_8_1988" "iso_ir_138"
        => How::Same(web::ISO_8859_8),
    "iso8859_9" "csisolatin5" "iso_8859_9" "iso_8859_9_1989" "iso_ir_148" "l5" "latin5"
        => How::Latin(&[('Ð', 'Ğ'), ('Ý', 'İ'), ('Þ', 'Ş'), ('ð', 'ğ'), ('ý', 'ı'), ('þ', 'ş')]),
    "iso8859_10" "csisolatin6" "iso_8859_10" "iso_8859_10_1992" "iso_ir_157" "l6" "latin6"
        => How::Same(web::ISO_8859_10),
    "iso8859_11" "thai" "iso_8859_11" "iso_8859_11_2001" => How::Except(web::WINDOWS_874, &[
        ('€', '\u{80}'), ('…', '\u{85}'), ('‘', '\u{91}'), ('’', '\u{92}'), ('“', '\u{93}'), ('”', '\u{94}'),
        ('•', '\u{95}'), ('–', '\u{96}'), ('—', '\u{97}'),
    ]),
    "iso8859_13" "iso_8859_13" "l7" "latin7" => How::Same(web::ISO_8859_13),
    "iso8859_14" "iso_8859_14" "iso_8859_14_1998" "iso_celtic" "iso_ir_199" "l8" "latin8"
        => How::Same(web::ISO_8859_14),
    "iso8859_15" "iso_8859_15" "l9" "latin9" => How::Same(web::ISO_8859_15),
    "iso8859_16" "iso_8859_16" "iso_8859_16_2001" "iso_ir_226" "l10" "latin10" => How::Same(web::ISO_8859_16),
    "cp1250" "1250" "windows_1250" => How::Defined(web::WINDOWS_1250),
    "cp1251" "1251" "windows_1251" => How::Defined(web::WINDOWS_1251),
    "cp1252" "1252" "windows_1252" => How::Defined(web::WINDOWS_1252),
    "cp1253" "1253" "windows_1253" => How::Defined(web::WINDOWS_1253),
    "cp1254" "1254" "windows_1254" => How::Defined(web::WINDOWS_1254),
    "cp1255" "1255" "windows_1255" => How::Defined(web::WINDOWS_1255),
    "cp1256" "1256" "windows_1256" => How::Defined(web::WINDOWS_1256),
    "cp1257" "1257" "windows_1257" => How::Defined(web::WINDOWS_1257),
    "cp1258" "1258" "windows_1258" => How::Defined(web::WINDOWS_1258),
    "cp874" => How::Defined(web::WINDOWS_874),
    "cp866" "866" "csibm866" "ibm866" => How::Same(web::IBM866),
    "koi8_r" "cskoi8r" => How::Same(web::KOI8_R),
    "koi8_u" => How::Except(web::KOI8_U, &[('ў', '╝'), ('Ў', '╬')]),
    "mac_roman" "macintosh" "macroman" => How::Same(web::MACINTOSH),
    "mac_cyrillic" "maccyrillic" => How::Same(web::X_MAC_CYRILLIC),
    "cp932" "932" "ms932" "mskanji" "ms_kanji" "windows_31j" => How::Same(web::SHIFT_JIS),
    "cp949" "949" "ms949" "uhc" => How::Same(web::EUC_KR),
    "euc_kr" "euckr" "korean" "ksc5601" "ks_c_5601" "ks_c_5601_1987" "ksx1001" "ks_x_1001" "x_mac_korean"
        => How::Same(web::EUC_KR),
    "gbk" "936" "cp936" "ms936" => How::Same(web::GBK),
    "gb2312" "chinese" "csiso58gb231280" "euc_cn" "euccn" "eucgb2312_cn" "gb2312_1980" "gb2312_80" "iso_ir_58"
        "x_mac_simp_chinese" => How::Except(web::GBK, &[('·', '・'), ('—', '―')]),
    "euc_jp" "eucjp" "ujis" "u_jis" => How::Except(web::EUC_JP, JAPANESE),
    "shift_jis" "csshiftjis" "shiftjis" "sjis" "s_jis" "x_mac_japanese"
        => How::Except(web::SHIFT_JIS, JAPANESE),
}

/// The characters of JIS X 0208 that the web takes for Microsoft's.
const JAPANESE: &[(char, char)] =
    &[('～', '〜'), ('∥', '‖'), ('－', '−'), ('￠', '¢'), ('￡', '£'), ('￢', '¬')];

/// What CPython decodes a source from, too (`encodings`, 3.13).
const UNSUPPORTED: &[&str] = &[
    "big5",
    "big5hkscs",
    "cp037",
    "cp1006",
    "cp1026",
    "cp1125",
    "cp1140",
    "cp273",
    "cp424",
    "cp437",
    "cp500",
    "cp720",
    "cp737",
    "cp775",
    "cp850",
    "cp852",
    "cp855",
    "cp856",
    "cp857",
    "cp858",
    "cp860",
    "cp861",
    "cp862",
    "cp863",
    "cp864",
    "cp865",
    "cp869",
    "cp875",
    "cp950",
    "euc_jis_2004",
    "euc_jisx0213",
    "gb18030",
    "hp_roman8",
    "hz",
    "idna",
    "iso2022_jp",
    "iso2022_jp_1",
    "iso2022_jp_2",
    "iso2022_jp_2004",
    "iso2022_jp_3",
    "iso2022_jp_ext",
    "iso2022_kr",
    "johab",
    "koi8_t",
    "kz1048",
    "mac_arabic",
    "mac_croatian",
    "mac_farsi",
    "mac_greek",
    "mac_iceland",
    "mac_latin2",
    "mac_romanian",
    "mac_turkish",
    "palmos",
    "ptcp154",
    "punycode",
    "raw_unicode_escape",
    "shift_jis_2004",
    "shift_jisx0213",
    "tis_620",
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
                "'cp932' codec can't decode byte 0x81 in position 1: illegal multibyte sequence",
            ),
            ("uft-8", b"", "unknown encoding: uft-8"),
            (
                "Big5",
                b"",
                "encoding problem: Big5, which only CPython decodes; save the file as UTF-8",
            ),
        ] {
            assert_eq!(decode(name, bytes).unwrap_err(), message);
        }
    }
}
