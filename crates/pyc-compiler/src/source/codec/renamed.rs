//! Names of codecs that not all releases have, or that mean another codec in some.
//!
//! ```text
//! ibm00858   3.13.0: unknown   3.13.18: cp858
//! korean     3.14: euc_kr      3.15: cp949
//! ```
//!
//! `names.txt` has the names of 3.13.0 (`encodings/aliases.py`). This table has the differences of
//! other releases.

use crate::target::{Facts, Feature};

/// A name of cp932 that releases before 3.13 don't have.
const WINDOWS_31J: &str = "windows_31j";

/// Additional names of some releases: the feature, the codec, the names.
const ADDED: &[(Feature, &str, &[&str])] = &[
    (
        Feature::EuroCodecNames,
        "cp858",
        &["cp00858", "csibm00858", "ibm00858", "pc_multilingual_850_euro"],
    ),
    (
        Feature::EuroCodecNames,
        "cp1140",
        &["cp01140", "csibm01140", "ebcdic_us_37_euro", "ibm01140"],
    ),
    (Feature::ThaiCodecNames, "cp874", &["874", "ms874", "windows_874"]),
    (Feature::ThaiCodecNames, "euc_kr", &["cseuckr"]),
    (Feature::ThaiCodecNames, "iso8859_8", &["iso_8859_8_e", "iso_8859_8_i"]),
    (Feature::RegisteredCodecNames, "big5hkscs", &["csbig5hkscs"]),
    (Feature::RegisteredCodecNames, "cp1140", &["ccsid01140"]),
    (Feature::RegisteredCodecNames, "cp1250", &["cswindows1250"]),
    (Feature::RegisteredCodecNames, "cp1251", &["cswindows1251"]),
    (Feature::RegisteredCodecNames, "cp1252", &["cswindows1252"]),
    (Feature::RegisteredCodecNames, "cp1253", &["cswindows1253"]),
    (Feature::RegisteredCodecNames, "cp1254", &["cswindows1254"]),
    (Feature::RegisteredCodecNames, "cp1255", &["cswindows1255"]),
    (Feature::RegisteredCodecNames, "cp1256", &["cswindows1256"]),
    (Feature::RegisteredCodecNames, "cp1257", &["cswindows1257"]),
    (Feature::RegisteredCodecNames, "cp1258", &["cswindows1258"]),
    (Feature::RegisteredCodecNames, "cp858", &["ccsid00858"]),
    (Feature::RegisteredCodecNames, "cp874", &["cswindows874"]),
    (Feature::RegisteredCodecNames, "cp932", &["cswindows31j"]),
    (
        Feature::RegisteredCodecNames,
        "cp949",
        &[
            "csksc56011987",
            "iso_ir_149",
            "korean",
            "ks_c_5601",
            "ks_c_5601_1987",
            "ks_c_5601_1989",
            "ks_x_1001",
            "ksc5601",
            "ksc_5601",
            "ksx1001",
        ],
    ),
    (Feature::RegisteredCodecNames, "euc_jp", &["cseucpkdfmtjapanese"]),
    (Feature::RegisteredCodecNames, "gb18030", &["csgb18030"]),
    (Feature::RegisteredCodecNames, "gb2312", &["csgb2312", "gb_2312_80"]),
    (Feature::RegisteredCodecNames, "gbk", &["csgbk", "windows_936"]),
    (Feature::RegisteredCodecNames, "hp_roman8", &["cshproman8"]),
    (Feature::RegisteredCodecNames, "iso2022_jp_2", &["csiso2022jp2"]),
    (Feature::RegisteredCodecNames, "iso8859_2", &["latin_2"]),
    (Feature::RegisteredCodecNames, "iso8859_3", &["latin_3"]),
    (Feature::RegisteredCodecNames, "iso8859_4", &["latin_4"]),
    (Feature::RegisteredCodecNames, "iso8859_8", &["csiso88598e", "csiso88598i"]),
    (Feature::RegisteredCodecNames, "iso8859_9", &["latin_5"]),
    (Feature::RegisteredCodecNames, "iso8859_10", &["latin_6"]),
    (Feature::RegisteredCodecNames, "iso8859_13", &["csiso885913", "latin_7"]),
    (Feature::RegisteredCodecNames, "iso8859_14", &["csiso885914", "latin_8"]),
    (Feature::RegisteredCodecNames, "iso8859_15", &["csiso885915", "latin_9"]),
    (Feature::RegisteredCodecNames, "iso8859_16", &["csiso885916", "latin_10"]),
    (Feature::RegisteredCodecNames, "koi8_u", &["cskoi8u"]),
    (Feature::RegisteredCodecNames, "kz1048", &["cskz1048"]),
    (Feature::RegisteredCodecNames, "mac_roman", &["csmacintosh", "mac"]),
    (Feature::RegisteredCodecNames, "tis_620", &["cstis620"]),
    (Feature::RegisteredCodecNames, "utf_16", &["csutf16"]),
    (Feature::RegisteredCodecNames, "utf_16_be", &["csutf16be"]),
    (Feature::RegisteredCodecNames, "utf_16_le", &["csutf16le"]),
    (Feature::RegisteredCodecNames, "utf_32", &["csutf32"]),
    (Feature::RegisteredCodecNames, "utf_32_be", &["csutf32be"]),
    (Feature::RegisteredCodecNames, "utf_32_le", &["csutf32le"]),
    (Feature::RegisteredCodecNames, "utf_7", &["csunicode11utf7", "csutf7"]),
    (Feature::RegisteredCodecNames, "utf_8", &["csutf8"]),
    (Feature::RegisteredCodecNames, "utf_8_sig", &["utf8_sig"]),
];

/// The codec with this name in this release, if other releases don't have the name or use it for
/// another codec.
pub(super) fn codec(name: &str, facts: &Facts) -> Option<&'static str> {
    let has_name = |names: &[&str]| names.contains(&name);
    let mut rows = ADDED.iter().filter(|(since, ..)| facts.has(*since));
    rows.find(|(_, _, names)| has_name(names)).map(|&(_, codec, _)| codec)
}

/// Every name that only some releases have.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    ADDED.iter().flat_map(|(_, _, names)| *names).copied().chain([WINDOWS_31J])
}

/// Whether this release doesn't have a name that 3.13.0 has.
pub(super) fn is_unknown(name: &str, facts: &Facts) -> bool {
    name == WINDOWS_31J && !facts.has(Feature::Windows31j)
}
