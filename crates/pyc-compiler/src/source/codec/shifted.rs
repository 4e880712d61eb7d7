//! Codecs with a state: escape sequences select the character set of the following bytes.
//!
//! ```text
//! iso2022_jp   ESC $ B  24 22  ESC ( B  61   ─▶   あa
//! hz           ~{  30 21  ~}  61             ─▶   啊a
//! ```
//!
//! The sets are those of other codecs with the eighth bit clear, so their tables are used.

use super::table::{self, Meaning};
use super::undecodable;

const ILLEGAL: &str = "illegal multibyte sequence";
const INCOMPLETE: &str = "incomplete multibyte sequence";
const ESCAPE: u8 = 0x1b;
const SHIFT_OUT: u8 = 0x0e;
const SHIFT_IN: u8 = 0x0f;
/// Maximum length of an escape sequence (`_codecs_iso2022.c: MAX_ESCSEQLEN`, 3.13).
const LONGEST: usize = 16;

/// A character set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Set {
    Ascii,
    Latin,
    Greek,
    /// ASCII with a yen sign and an overline: JIS X 0201's left half.
    Roman,
    /// JIS X 0201's right half.
    Katakana,
    Gb2312,
    Ksx1001,
    Jisx0208,
    /// The same, designated by the escape sequence of 1978.
    Jisx0208Old,
    Jisx0212,
    /// Plane 1 of JIS X 0213 in its edition of 2000.
    Jisx0213First,
    Jisx0213,
    Jisx0213Plane2,
}

/// The sets and shifts that a codec allows.
#[derive(Clone, Copy)]
pub(super) struct Designations {
    sets: &'static [Set],
    /// Whether SO and SI shift between two sets; otherwise they are characters.
    shifts: bool,
    /// Whether `ESC N` takes the next character from a third set.
    third: bool,
}

impl Designations {
    /// Those of the codec with this official name (`_codecs_iso2022.c: CODEC_LIST`, 3.13).
    pub(super) fn of(codec: &str) -> Option<Self> {
        use Set::{
            Gb2312, Greek, Jisx0208, Jisx0208Old, Jisx0212, Jisx0213, Jisx0213First,
            Jisx0213Plane2, Katakana, Ksx1001, Latin, Roman,
        };
        let sets: &[Set] = match codec {
            "iso2022_kr" => &[Ksx1001],
            "iso2022_jp" => &[Jisx0208, Roman, Jisx0208Old],
            "iso2022_jp_1" => &[Jisx0208, Jisx0212, Roman, Jisx0208Old],
            "iso2022_jp_2" => {
                &[Jisx0208, Jisx0212, Ksx1001, Gb2312, Roman, Jisx0208Old, Latin, Greek]
            }
            "iso2022_jp_2004" => &[Jisx0208, Jisx0213, Jisx0213Plane2],
            "iso2022_jp_3" => &[Jisx0208, Jisx0213First, Jisx0213Plane2],
            "iso2022_jp_ext" => &[Jisx0208, Jisx0212, Roman, Katakana, Jisx0208Old],
            _ => return None,
        };
        Some(Self { sets, shifts: codec == "iso2022_kr", third: codec == "iso2022_jp_2" })
    }
}

/// The designated sets.
struct State {
    /// G0, G1 and G2.
    sets: [Set; 3],
    shifted: bool,
    /// Whether an escape sequence that isn't part of ISO 2022 is still open.
    foreign: bool,
}

/// The number of illegal bytes; `None` for all remaining bytes if there are too few.
type Fault = Option<usize>;

/// The text of one of the `iso2022_…` codecs (`_codecs_iso2022.c: DECODER(iso2022)`, 3.13).
pub(super) fn iso2022(codec: &str, allowed: Designations, bytes: &[u8]) -> Result<String, String> {
    let mut state = State { sets: [Set::Ascii; 3], shifted: false, foreign: false };
    let mut text = String::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let rest = &bytes[at..];
        match state.read(rest, allowed, &mut text) {
            Ok(len) => at += len,
            Err(fault) => return Err(refused(codec, rest, at, fault)),
        }
    }
    Ok(text)
}

/// The text of `hz`, RFC 1843's (`_codecs_cn.c: DECODER(hz)`, 3.13).
pub(super) fn hz(bytes: &[u8]) -> Result<String, String> {
    let mut text = String::with_capacity(bytes.len());
    let mut in_pairs = false;
    let mut at = 0;
    while at < bytes.len() {
        let rest = &bytes[at..];
        at += match (rest, in_pairs) {
            ([b'~'], _) => return Err(refused("hz", rest, at, None)),
            ([b'~', b'~', ..], false) => {
                text.push('~');
                2
            }
            ([b'~', b'\n', ..], false) => 2,
            ([b'~', b'{', ..], false) | ([b'~', b'}', ..], true) => {
                in_pairs = !in_pairs;
                2
            }
            ([b'~' | 0x80.., ..], _) => return Err(refused("hz", rest, at, Some(1))),
            ([byte, ..], false) => {
                text.push(char::from(*byte));
                1
            }
            ([_], true) => return Err(refused("hz", rest, at, None)),
            ([first, second, ..], true) => {
                let meaning = pair("gb2312", [*first, *second]);
                if !push(meaning, &mut text) {
                    return Err(refused("hz", rest, at, Some(1)));
                }
                2
            }
            ([], _) => break,
        };
    }
    Ok(text)
}

fn refused(codec: &str, rest: &[u8], at: usize, fault: Fault) -> String {
    match fault {
        Some(len) => undecodable(codec, &rest[..len], at, ILLEGAL),
        None => undecodable(codec, rest, at, INCOMPLETE),
    }
}

impl State {
    /// Reads a character or an escape sequence, and returns its length.
    fn read(
        &mut self,
        bytes: &[u8],
        allowed: Designations,
        text: &mut String,
    ) -> Result<usize, Fault> {
        let byte = bytes[0];
        if self.foreign {
            text.push(char::from(byte));
            self.foreign = !is_final(byte);
            return Ok(1);
        }
        match byte {
            ESCAPE => return self.escape(bytes, allowed, text),
            SHIFT_IN | SHIFT_OUT if allowed.shifts => {
                self.shifted = byte == SHIFT_OUT;
                return Ok(1);
            }
            b'\n' => self.shifted = false,
            0x80.. => return Err(Some(1)),
            _ => {}
        }
        let set = self.sets[usize::from(self.shifted)];
        if byte < 0x20 || set == Set::Ascii {
            text.push(char::from(byte));
            return Ok(1);
        }
        let len = set.width();
        let sequence = bytes.get(..len).ok_or(None)?;
        if push(set.meaning(sequence), text) { Ok(len) } else { Err(Some(len)) }
    }

    fn escape(
        &mut self,
        bytes: &[u8],
        allowed: Designations,
        text: &mut String,
    ) -> Result<usize, Fault> {
        match bytes.get(1).ok_or(None)? {
            b'(' | b')' | b'$' | b'.' | b'&' => self.designate(bytes, allowed),
            b'N' if allowed.third => {
                let &byte = bytes.get(2).ok_or(None)?;
                let meaning = match self.sets[2] {
                    Set::Latin if byte < 0x80 => Meaning::One(char::from(byte + 0x80)),
                    Set::Greek => greek(byte ^ 0x80),
                    Set::Ascii if byte < 0x80 => Meaning::One(char::from(byte)),
                    _ => Meaning::Nothing,
                };
                if push(meaning, text) { Ok(3) } else { Err(Some(3)) }
            }
            _ => {
                text.push(char::from(ESCAPE));
                self.foreign = true;
                Ok(1)
            }
        }
    }

    /// Reads an escape sequence that designates a set (`_codecs_iso2022.c: iso2022processesc`,
    /// 3.13).
    fn designate(&mut self, bytes: &[u8], allowed: Designations) -> Result<usize, Fault> {
        let len = length(bytes, allowed)?;
        let last = bytes[len - 1];
        let (place, set) = match &bytes[1..len] {
            [b'$', _] | [b'$', b'(', _] => (0, Set::of_two_bytes(last)),
            [b'$', b')', _] => (1, Set::of_two_bytes(last)),
            [b'(', _] => (0, Set::of_one_byte(last)),
            [b')', _] => (1, Set::of_one_byte(last)),
            [b'.', _] if allowed.third => (2, Set::of_one_byte(last)),
            [_, _, ESCAPE, b'$', b'B'] if !allowed.shifts => (0, Set::of_two_bytes(last)),
            _ => return Err(Some(len)),
        };
        let set = set.ok_or(Some(len))?;
        if set != Set::Ascii && !allowed.sets.contains(&set) {
            return Err(Some(len));
        }
        self.sets[place] = set;
        Ok(len)
    }
}

/// The length of the escape sequence at the start of the bytes.
fn length(bytes: &[u8], allowed: Designations) -> Result<usize, Fault> {
    let mut at = 1;
    while at < LONGEST {
        let &byte = bytes.get(at).ok_or(None)?;
        if is_final(byte) {
            return Ok(at + 1);
        }
        // `ESC & @` is a part of the sequence that follows it, in the codecs without shifts.
        if !allowed.shifts && byte == b'&' && bytes.get(at + 1) == Some(&b'@') {
            at += 2;
        }
        at += 1;
    }
    Err(Some(1))
}

const fn is_final(byte: u8) -> bool {
    matches!(byte, b'@'..=b'Z')
}

impl Set {
    /// The set of one-byte characters whose escape sequence ends in this byte.
    fn of_one_byte(last: u8) -> Option<Self> {
        let set = match last {
            b'B' => Self::Ascii,
            b'A' => Self::Latin,
            b'F' => Self::Greek,
            b'J' => Self::Roman,
            b'I' => Self::Katakana,
            _ => return None,
        };
        Some(set)
    }

    /// The set of two-byte characters whose escape sequence ends in this byte.
    fn of_two_bytes(last: u8) -> Option<Self> {
        let set = match last {
            b'A' => Self::Gb2312,
            b'C' => Self::Ksx1001,
            b'B' => Self::Jisx0208,
            b'@' => Self::Jisx0208Old,
            b'D' => Self::Jisx0212,
            b'O' => Self::Jisx0213First,
            b'Q' => Self::Jisx0213,
            b'P' => Self::Jisx0213Plane2,
            _ => return None,
        };
        Some(set)
    }

    const fn width(self) -> usize {
        match self {
            Self::Ascii | Self::Latin | Self::Greek | Self::Roman | Self::Katakana => 1,
            _ => 2,
        }
    }

    /// The meaning of a sequence with the set's width.
    fn meaning(self, bytes: &[u8]) -> Meaning {
        match (self, bytes) {
            (Self::Roman, [b'\\']) => Meaning::One('¥'),
            (Self::Roman, [b'~']) => Meaning::One('‾'),
            (Self::Roman | Self::Ascii, [byte]) => Meaning::One(char::from(*byte)),
            (Self::Katakana, [byte @ 0x21..=0x5f]) => {
                let letter = char::from_u32(0xff40 + u32::from(*byte));
                letter.map_or(Meaning::Nothing, Meaning::One)
            }
            (Self::Gb2312, &[first, second]) => pair("gb2312", [first, second]),
            // In EUC-KR the filler begins a syllable of several pairs.
            (Self::Ksx1001, [0x24, 0x54]) => Meaning::One('\u{3164}'),
            (Self::Ksx1001, &[first, second]) => pair("euc_kr", [first, second]),
            (Self::Jisx0208 | Self::Jisx0208Old, &[first, second]) => {
                pair("euc_jp", [first, second])
            }
            (Self::Jisx0212, &[first, second]) => in_plane_2("euc_jp", [first, second]),
            // The EUC codecs have a full-width tilde instead.
            (Self::Jisx0213First | Self::Jisx0213, [0x22, 0x32]) => Meaning::One('~'),
            (Self::Jisx0213First, &[first, second]) => pair("euc_jisx0213", [first, second]),
            (Self::Jisx0213, &[first, second]) => pair("euc_jis_2004", [first, second]),
            // The other rows of this plane belong to JIS X 0212. Its edition of 2004 is also used
            // for `iso2022_jp_3`.
            (
                Self::Jisx0213Plane2,
                &[first @ (0x21 | 0x23..=0x25 | 0x28 | 0x2c..=0x2f | 0x6e..=0x7e), second],
            ) => in_plane_2("euc_jis_2004", [first, second]),
            _ => Meaning::Nothing,
        }
    }
}

/// The meaning of a pair in a set, from an EUC codec that has the set with the eighth bits set.
fn pair(codec: &str, [first, second]: [u8; 2]) -> Meaning {
    by_euc(codec, 0, [first, second])
}

fn in_plane_2(codec: &str, bytes: [u8; 2]) -> Meaning {
    by_euc(codec, 0x8f_0000, bytes)
}

fn by_euc(codec: &str, before: u32, bytes: [u8; 2]) -> Meaning {
    let is_graphic = |byte| matches!(byte, 0x21..=0x7e);
    match table::number(codec) {
        Some((_, number)) if bytes.into_iter().all(is_graphic) => {
            let key = before | u32::from(u16::from_be_bytes(bytes) | 0x8080);
            table::meaning(number, key)
        }
        _ => Meaning::Nothing,
    }
}

/// The right half of ISO 8859-7 before 2003, without the euro sign.
fn greek(byte: u8) -> Meaning {
    match (byte, table::number("iso8859_7")) {
        (0xa4 | 0xa5 | 0xaa, _) | (_, None) => Meaning::Nothing,
        (_, Some((_, number))) => table::meaning(number, u32::from(byte)),
    }
}

/// Appends the characters; returns whether there were any.
fn push(meaning: Meaning, text: &mut String) -> bool {
    match meaning {
        Meaning::One(character) => text.push(character),
        Meaning::Two(first, second) => text.extend([first, second]),
        Meaning::Start | Meaning::Nothing => return false,
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(codec: &str, bytes: &[u8]) -> String {
        let text = match Designations::of(codec) {
            Some(allowed) => iso2022(codec, allowed, bytes),
            None => hz(bytes),
        };
        text.unwrap_or_else(|words| words)
    }

    #[test]
    fn escapes_change_the_set() {
        for (codec, bytes, text) in [
            ("iso2022_jp", &b"\x1b$B$\x22\x1b(Ba"[..], "あa"),
            ("iso2022_jp", b"\x1b&@\x1b$B$\x22", "あ"),
            ("iso2022_jp", b"\x1b(J\\~\n\\", "¥‾\n¥"),
            ("iso2022_jp", b"\x1b[1ma", "\x1b[1ma"),
            ("iso2022_kr", b"\x1b$)C\x0e0!\x0fa\x0e0!\n0!", "가a가\n0!"),
            ("iso2022_jp_2", b"\x1b.A\x1bNia\x1b.F\x1bNa", "éaα"),
            ("iso2022_jp_ext", b"\x1b(I1", "ｱ"),
            ("iso2022_jp_2004", b"\x1b$(Q$w", "か゚"),
            ("iso2022_jp_2004", b"\x1b$(Q\x22\x32\x1b$(P\x7d\x3b", "~\u{9b1c}"),
            ("iso2022_jp_3", b"\x1b$(P\x7d\x3b", "\u{9b1c}"),
            ("hz", b"~{0!~}a~~~\nb", "啊a~b"),
        ] {
            assert_eq!(decoded(codec, bytes), text, "{codec} {}", bytes.escape_ascii());
        }
    }

    #[test]
    fn faults_have_cpythons_wording_and_positions() {
        for (codec, bytes, words) in [
            ("iso2022_jp", &b"a\xff"[..], "byte 0xff in position 1: illegal multibyte sequence"),
            ("iso2022_jp", b"\x1b$B$", "byte 0x24 in position 3: incomplete multibyte sequence"),
            ("iso2022_jp", b"\x1b$B\x7f!", "bytes in position 3-4: illegal multibyte sequence"),
            ("iso2022_jp", b"\x1b$A", "bytes in position 0-2: illegal multibyte sequence"),
            ("hz", b"~{0", "byte 0x30 in position 2: incomplete multibyte sequence"),
            ("hz", b"~x", "byte 0x7e in position 0: illegal multibyte sequence"),
        ] {
            let words = format!("'{codec}' codec can't decode {words}");
            assert_eq!(decoded(codec, bytes), words, "{codec} {}", bytes.escape_ascii());
        }
        assert_eq!(decoded("iso2022_jp_2", b"\x1bNa"), "a");
    }
}
