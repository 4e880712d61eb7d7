//! The Unicode data of the target's `unicodedata` and `str.isidentifier`: 14.0 for 3.11, 15.0 for
//! 3.12, 15.1 for 3.13, 16.0 for 3.14, 17.0 for 3.15.
//!
//! ```text
//! character("EM DASH", &facts)   Some('—')
//! continues_name('·')             true
//! ```
//!
//! The tables are generated from the newest interpreter (`cargo xtask gen-unicode`). Characters
//! that are newer than the target are excluded here, so that they have no name and can't be in an
//! identifier.

mod identifiers;
mod names;
mod ruled;

pub(crate) use identifiers::{begins_name, continues_name};

use crate::target::{Facts, Feature};

/// The character for `\N{…}`: by name or alias, but not by named sequence (`unicodedata.c:
/// capi_getcode`, 3.13).
pub(crate) fn character(name: &str, facts: &Facts) -> Option<char> {
    let found = match ruled::find(name, facts) {
        Some(ruled) => ruled,
        None => names::find(name),
    };
    found.filter(|&character| is_known(character, facts))
}

/// Whether the target's Unicode has the character. 15.1 added some ideographs and their description
/// characters.
fn is_known(character: char, facts: &Facts) -> bool {
    let since_15_1 =
        || matches!(character, '\u{2ebf0}'..='\u{2ee5d}' | '\u{2ffc}'..='\u{2fff}' | '\u{31ef}');
    (!is_since_17(character) || facts.has(Feature::Unicode17))
        && (!is_since_16(character) || facts.has(Feature::Unicode16))
        && (!since_15_1() || facts.has(Feature::Unicode15_1))
        && (!is_since_15_0(character) || facts.has(Feature::Unicode15_0))
}

/// Characters of Unicode 17.0 that aren't in 16.0, merged with adjacent unassigned code points.
fn is_since_17(character: char) -> bool {
    matches!(character,
        '\u{88f}'
        | '\u{c5c}'
        | '\u{cdc}'
        | '\u{1acf}'..='\u{1aeb}'
        | '\u{20c1}'
        | '\u{2b96}'
        | '\u{a7ce}'..='\u{a7cf}'
        | '\u{a7d2}'
        | '\u{a7d4}'
        | '\u{a7f1}'
        | '\u{fbc3}'..='\u{fbd2}'
        | '\u{fd90}'..='\u{fd91}'
        | '\u{fdc8}'..='\u{fdce}'
        | '\u{10940}'..='\u{10959}'
        | '\u{10ec5}'..='\u{10efb}'
        | '\u{11b60}'..='\u{11b67}'
        | '\u{11db0}'..='\u{11de9}'
        | '\u{16ea0}'..='\u{16ed3}'
        | '\u{16ff2}'..='\u{16ff6}'
        | '\u{187f8}'..='\u{187ff}'
        | '\u{18d09}'..='\u{18df2}'
        | '\u{1ccfa}'..='\u{1ccfc}'
        | '\u{1ceba}'..='\u{1cef0}'
        | '\u{1e6c0}'..='\u{1e6ff}'
        | '\u{1f6d8}'
        | '\u{1f777}'..='\u{1f77a}'
        | '\u{1f8d0}'..='\u{1f8d8}'
        | '\u{1fa54}'..='\u{1fa57}'
        | '\u{1fa8a}'..='\u{1fa8e}'
        | '\u{1fac8}'..='\u{1facd}'
        | '\u{1faea}'..='\u{1faef}'
        | '\u{1fbfa}'
        | '\u{2b73a}'..='\u{2b73f}'
        | '\u{2cea2}'..='\u{2cead}'
        | '\u{323b0}'..='\u{33479}'
    )
}

/// Characters of Unicode 16.0 that aren't in 15.1, merged with adjacent unassigned code points.
fn is_since_16(character: char) -> bool {
    matches!(character,
        '\u{897}'
        | '\u{1b4e}'..='\u{1b4f}'
        | '\u{1b7f}'
        | '\u{1c89}'..='\u{1c8a}'
        | '\u{2427}'..='\u{2429}'
        | '\u{31e4}'..='\u{31e5}'
        | '\u{a7cb}'..='\u{a7cd}'
        | '\u{a7da}'..='\u{a7dc}'
        | '\u{105c0}'..='\u{105f3}'
        | '\u{10d40}'..='\u{10d8f}'
        | '\u{10ec2}'..='\u{10efc}'
        | '\u{11380}'..='\u{113e2}'
        | '\u{116d0}'..='\u{116e3}'
        | '\u{11bc0}'..='\u{11bf9}'
        | '\u{11f5a}'
        | '\u{13460}'..='\u{143fa}'
        | '\u{16100}'..='\u{16139}'
        | '\u{16d40}'..='\u{16d79}'
        | '\u{18cff}'
        | '\u{1cc00}'..='\u{1ceb3}'
        | '\u{1e5d0}'..='\u{1e5ff}'
        | '\u{1f8b2}'..='\u{1f8c1}'
        | '\u{1fa89}'..='\u{1fa8f}'
        | '\u{1fabe}'
        | '\u{1fac6}'
        | '\u{1fadc}'..='\u{1fadf}'
        | '\u{1fae9}'
        | '\u{1fbcb}'..='\u{1fbef}'
    )
}

/// Characters of Unicode 15.0 that aren't in 14.0.
fn is_since_15_0(character: char) -> bool {
    matches!(
        character,
        '\u{cf3}'
            | '\u{ece}'
            | '\u{10efd}'..='\u{10eff}'
            | '\u{1123f}'..='\u{11241}'
            | '\u{11b00}'..='\u{11b09}'
            | '\u{11f00}'..='\u{11f10}'
            | '\u{11f12}'..='\u{11f3a}'
            | '\u{11f3e}'..='\u{11f59}'
            | '\u{1342f}'
            | '\u{13439}'..='\u{13455}'
            | '\u{1b132}'
            | '\u{1b155}'
            | '\u{1d2c0}'..='\u{1d2d3}'
            | '\u{1df25}'..='\u{1df2a}'
            | '\u{1e030}'..='\u{1e06d}'
            | '\u{1e08f}'
            | '\u{1e4d0}'..='\u{1e4f9}'
            | '\u{1f6dc}'
            | '\u{1f774}'..='\u{1f776}'
            | '\u{1f77b}'..='\u{1f77f}'
            | '\u{1f7d9}'
            | '\u{1fa75}'..='\u{1fa77}'
            | '\u{1fa87}'..='\u{1fa88}'
            | '\u{1faad}'..='\u{1faaf}'
            | '\u{1fabb}'..='\u{1fabd}'
            | '\u{1fabf}'
            | '\u{1face}'..='\u{1facf}'
            | '\u{1fada}'..='\u{1fadb}'
            | '\u{1fae8}'
            | '\u{1faf7}'..='\u{1faf8}'
            | '\u{2b739}'
            | '\u{31350}'..='\u{323af}'
    )
}

/// Whether the tables of identifiers apply to the character for this target: 15.1 allows some
/// additional characters.
pub(crate) fn is_known_in_names(character: char, facts: &Facts) -> bool {
    let joins = matches!(character, '\u{200c}' | '\u{200d}' | '\u{30fb}' | '\u{ff65}');
    is_known(character, facts) && (!joins || facts.has(Feature::Unicode15_1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_have_names_and_aliases() {
        let (first, newest) = (Facts::of_release("3.13.0"), Facts::of_release("3.13.18"));
        for (name, old, new) in [
            ("EM DASH", Some('—'), Some('—')),
            ("em dash", Some('—'), Some('—')),
            ("NUSHU CHARACTER-1B170", Some('\u{1b170}'), Some('\u{1b170}')),
            ("LF", Some('\n'), Some('\n')),
            ("NULL", Some('\0'), Some('\0')),
            ("KEYCAP DIGIT ONE", None, None),
            ("EM  DASH", None, None),
            ("EM DASHES", None, None),
            ("EM DAS", None, None),
            ("ÉM DASH", None, None),
            ("", None, None),
            ("CJK UNIFIED IDEOGRAPH-4E00", Some('一'), Some('一')),
            ("cjk unified ideograph-4e00", None, Some('一')),
            ("CJK UNIFIED IDEOGRAPH-4e00", None, Some('一')),
            ("CJK UNIFIED IDEOGRAPH-04E00", Some('一'), None),
            ("CJK UNIFIED IDEOGRAPH-2FFFF", None, None),
            ("CJK UNIFIED IDEOGRAPH-", None, None),
            ("CJK UNIFIED IDEOGRAPH-4E0+", None, None),
            ("CJK COMPATIBILITY IDEOGRAPH-F900", Some('\u{f900}'), Some('\u{f900}')),
            ("HANGUL SYLLABLE GA", Some('가'), Some('가')),
            ("HANGUL SYLLABLE SSYEOLB", Some('쎫'), Some('쎫')),
            ("HANGUL SYLLABLE A", Some('아'), Some('아')),
            ("hangul syllable ga", None, Some('가')),
            ("HANGUL SYLLABLE GAA", None, None),
            ("HANGUL SYLLABLE ", None, None),
            ("TANGUT IDEOGRAPH-17000", None, Some('\u{17000}')),
            ("IDEOGRAPHIC DESCRIPTION CHARACTER ROTATION", Some('\u{2fff}'), Some('\u{2fff}')),
            ("CJK UNIFIED IDEOGRAPH-2EBF0", Some('\u{2ebf0}'), Some('\u{2ebf0}')),
            // Unicode 16.
            ("GARAY CAPITAL LETTER A", None, None),
        ] {
            assert_eq!(character(name, &first), old, "{name}");
            assert_eq!(character(name, &newest), new, "{name}");
        }
    }

    #[test]
    fn older_releases_lack_newer_characters() {
        let (old, new) = (Facts::of_release("3.12.1"), Facts::of_release("3.13.0"));
        for name in ["IDEOGRAPHIC DESCRIPTION CHARACTER ROTATION", "CJK UNIFIED IDEOGRAPH-2EBF0"] {
            assert_eq!(character(name, &old), None, "{name}");
        }
        for character in ['\u{2ebf0}', '\u{30fb}', '\u{200d}'] {
            assert!(continues_name(character) && is_known_in_names(character, &new));
            assert!(!is_known_in_names(character, &old));
        }
        assert!(is_known_in_names('é', &old));
        let newer = Facts::of_release("3.14.0");
        assert_eq!(character("GARAY CAPITAL LETTER A", &newer), Some('\u{10d50}'));
        for letter in ['\u{10d50}', '\u{11380}', '\u{143fa}'] {
            assert!(begins_name(letter) && is_known_in_names(letter, &newer), "{letter}");
            assert!(!is_known_in_names(letter, &new), "{letter}");
        }
        let newest = Facts::of_release("3.15.0");
        for letter in ['\u{16ea0}', '\u{187ff}', '\u{33479}'] {
            assert!(begins_name(letter) && is_known_in_names(letter, &newest), "{letter}");
            assert!(!is_known_in_names(letter, &newer), "{letter}");
        }
    }

    #[test]
    fn characters_of_15_0_are_none_of_3_11() {
        let (old, new) = (Facts::of_release("3.11.7"), Facts::of_release("3.12.1"));
        for (name, expected) in [("KAWI LETTER A", '\u{11f04}'), ("SHAKING FACE", '\u{1fae8}')] {
            assert_eq!([character(name, &old), character(name, &new)], [None, Some(expected)]);
        }
        assert!(continues_name('\u{cf3}') && !is_known_in_names('\u{cf3}', &old));
    }

    #[test]
    fn names_of_variables_are_of_the_version() {
        for (character, begins, continues) in [
            ('é', true, true),
            ('一', true, true),
            ('·', false, true),
            ('\u{301}', false, true),
            ('€', false, false),
            ('\u{feff}', false, false),
            ('\u{10ffff}', false, false),
            ('\u{80}', false, false),
            // Unicode 16 and 17.
            ('\u{10d50}', true, true),
            ('\u{16ea0}', true, true),
        ] {
            let both = (begins_name(character), continues_name(character));
            assert_eq!(both, (begins, continues), "{character}");
        }
    }
}
