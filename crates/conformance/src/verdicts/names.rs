//! Compares `\N{…}` and identifiers with the interpreter's Unicode data.
//!
//! It uses every name of `unicodedata`, some in other cases or with a letter changed, and each
//! non-ASCII character at the start of an identifier and in one; beyond U+3400 only every seventh.

use std::process::Command;

use testbed::pythons::Python;

/// Prints all names, one a line.
const SCRIPT: &str = "
import sys, unicodedata
for code in range(sys.maxunicode + 1):
    name = unicodedata.name(chr(code), '')
    if name and (code % 16 == 0 or not name.startswith(('CJK UNIFIED', 'HANGUL SYLLABLE'))):
        print(name)
";

/// Names by rule, valid and invalid, and aliases and sequences, which aren't in the list of names.
const OTHERS: &[&str] = &[
    "LF",
    "NULL",
    "ZWJ",
    "BOM",
    "VS1",
    "VS256",
    "lf",
    "LINE FEED",
    "BELL",
    "ALERT",
    "EOM",
    "KEYCAP DIGIT ONE",
    "LATIN SMALL LETTER R WITH TILDE",
    "TANGUT IDEOGRAPH-17000",
    "TANGUT IDEOGRAPH-187F8",
    "tangut ideograph-18d08",
    "HANGUL SYLLABLE ",
    "HANGUL SYLLABLE A",
    "HANGUL SYLLABLE GAA",
    "HANGUL SYLLABLE GG",
    "CJK UNIFIED IDEOGRAPH-",
    "CJK UNIFIED IDEOGRAPH-33FF",
    "CJK UNIFIED IDEOGRAPH-03400",
    "CJK UNIFIED IDEOGRAPH-003400",
    "CJK UNIFIED IDEOGRAPH-2EE5E",
    "CJK UNIFIED IDEOGRAPH-34G0",
    "CJK UNIFIED IDEOGRAPH-A000",
    "CJK UNIFIED IDEOGRAPH-323B0",
    "EGYPTIAN HIEROGLYPH-13460",
    "NUSHU CHARACTER-1B170",
    "GARAY CAPITAL LETTER A",
    "",
    " ",
    "EM  DASH",
    " EM DASH",
    "EM DASH ",
    "EM_DASH",
    "É",
    "U+0041",
    "<control>",
];

pub(super) fn sources(python: &Python) -> Result<Vec<String>, String> {
    let failed = |error: &dyn std::fmt::Display| format!("{}: {error}", python.path().display());
    let output = Command::new(python.path()).args(["-c", SCRIPT]).output();
    let names = String::from_utf8(output.map_err(|error| failed(&error))?.stdout);
    let names = names.map_err(|error| failed(&error))?;
    let mut all = Vec::new();
    let mut name = |name: &str| all.push(format!("'\\N{{{name}}}'\n"));
    for (number, known) in names.lines().enumerate() {
        name(known);
        match number % 5 {
            0 => name(&known.to_lowercase()),
            1 => name(&known[1..]),
            2 => name(&format!("{known}S")),
            3 => name(&known.replace('-', " ")),
            _ => name(&known.replace('A', "a")),
        }
    }
    for other in OTHERS {
        name(other);
    }
    for code in (0x80..=u32::from(char::MAX)).filter(|code| *code < 0x3400 || code % 7 == 0) {
        if let Some(character) = char::from_u32(code) {
            // One file tests both if the interpreter accepts both.
            all.push(format!("{character} = 1\n"));
            all.push(format!("a{character} = 1\n"));
        }
    }
    Ok(all)
}
