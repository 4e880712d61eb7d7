//! Code pages and double-byte sets, decoded with tables.
//!
//! ```text
//! euc_kr   b0 a1                     가
//! euc_kr   a4 d4 a4 a1 a4 bf a4 a2   갂, composed from its letters
//! gb18030  81 30 81 30               U+0080, a sequence of four bytes
//! ```

use super::table::{self, Meaning};
use super::undecodable;

/// The text, decoded with the table of this number.
pub(super) fn decode(codec: &str, number: usize, bytes: &[u8]) -> Result<String, String> {
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

/// Whether a pair was added to JIS X 0213 in 2004, so that the codecs of its first edition refuse
/// it as a whole (`_codecs_jp.c: EMULATE_JISX0213_2000_DECODE_PLANE1`, 3.13).
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

/// The first sequence in the bytes: its length and its meaning.
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

/// A Hangul syllable in four pairs: a filler and its letters, composed by annex 3 of KS X 1001.
fn syllable([_, _, a, initial, b, vowel, c, last]: [u8; 8]) -> Option<char> {
    const FILLER: u8 = 0xd4;
    // The letters have the order of U+3131. Not every consonant can begin or end a syllable.
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

/// Whether the codec has multi-byte characters, in which case CPython's `multibytecodec.c` decodes
/// it.
pub(super) fn is_multibyte(number: usize) -> bool {
    (0x80..=0xff).any(|byte| table::meaning(number, byte) == Meaning::Start)
}
