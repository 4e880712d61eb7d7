//! Characters whose names follow a rule: ideographs by their number, Hangul syllables by their
//! letters.
//!
//! | name | 3.13.0 | 3.13.18 |
//! |---|---|---|
//! | `CJK UNIFIED IDEOGRAPH-4E00` | 一 | 一 |
//! | `cjk unified ideograph-4e00` | none | 一 |
//! | `CJK UNIFIED IDEOGRAPH-04E00` | 一 | none |
//! | `TANGUT IDEOGRAPH-17000` | none | U+17000 |
//!
//! This follows `unicodedata.c: _getcode`.

use std::ops::RangeInclusive;

use crate::target::{Facts, Feature};

const HANGUL: &str = "HANGUL SYLLABLE ";

/// The prefix of ideographs' names, and the ranges that exist in Unicode 17.0.
const CJK: (&str, &[RangeInclusive<u32>]) = (
    "CJK UNIFIED IDEOGRAPH-",
    &[
        0x3400..=0x4dbf,
        0x4e00..=0x9fff,
        0x2_0000..=0x2_a6df,
        0x2_a700..=0x2_b73f,
        0x2_b740..=0x2_b81d,
        0x2_b820..=0x2_cead,
        0x2_ceb0..=0x2_ebe0,
        0x2_ebf0..=0x2_ee5d,
        0x3_0000..=0x3_134a,
        0x3_1350..=0x3_23af,
        0x3_23b0..=0x3_3479,
    ],
);
const TANGUT: (&str, &[RangeInclusive<u32>]) =
    ("TANGUT IDEOGRAPH-", &[0x1_7000..=0x1_87ff, 0x1_8d00..=0x1_8d1e]);

/// The character for a name with the prefix of a rule, or none if the rest is invalid. The outer
/// `None` is for names without such a prefix.
#[expect(clippy::option_option, reason = "the outer one is whether the name is ruled at all")]
pub(super) fn find(name: &str, facts: &Facts) -> Option<Option<char>> {
    let folded;
    let name = if facts.has(Feature::RuledNamesInAnyCase) {
        folded = name.to_ascii_uppercase();
        &folded
    } else {
        name
    };
    if let Some(letters) = name.strip_prefix(HANGUL) {
        return Some(syllable(letters));
    }
    let tangut = facts.has(Feature::TangutNames);
    let (digits, ranges) = match name.strip_prefix(CJK.0) {
        Some(digits) => (digits, CJK.1),
        None => (name.strip_prefix(TANGUT.0).filter(|_| tangut)?, TANGUT.1),
    };
    // From the release on that names Tangut ideographs, numbers have no leading zeros.
    let is_number = matches!(digits.len(), 4 | 5)
        && digits.bytes().all(|digit| matches!(digit, b'0'..=b'9' | b'A'..=b'F'))
        && !(tangut && digits.starts_with('0'));
    let code = u32::from_str_radix(digits, 16).ok().filter(|_| is_number);
    let code = code.filter(|code| ranges.iter().any(|range| range.contains(code)));
    Some(code.and_then(char::from_u32))
}

/// The short names of the letters at the start, in the middle and at the end of a syllable
/// (Unicode, chapter 3.12).
const INITIAL: &[&str] = &[
    "G", "GG", "N", "D", "DD", "R", "M", "B", "BB", "S", "SS", "", "J", "JJ", "C", "K", "T", "P",
    "H",
];
const VOWEL: &[&str] = &[
    "A", "AE", "YA", "YAE", "EO", "E", "YEO", "YE", "O", "WA", "WAE", "OE", "YO", "U", "WEO", "WE",
    "WI", "YU", "EU", "YI", "I",
];
const FINAL: &[&str] = &[
    "", "G", "GG", "GS", "N", "NJ", "NH", "D", "L", "LG", "LM", "LB", "LS", "LT", "LP", "LH", "M",
    "B", "BS", "S", "SS", "NG", "J", "C", "K", "T", "P", "H",
];

fn syllable(mut letters: &str) -> Option<char> {
    let mut number = 0;
    for names in [INITIAL, VOWEL, FINAL] {
        let matching = (0..).zip(names).filter(|(_, name)| letters.starts_with(**name));
        let (index, name) = matching.max_by_key(|(_, name)| name.len())?;
        letters = &letters[name.len()..];
        number = number * u32::try_from(names.len()).ok()? + index;
    }
    if letters.is_empty() { char::from_u32(0xac00 + number) } else { None }
}
