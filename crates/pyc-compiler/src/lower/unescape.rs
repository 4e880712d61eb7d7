//! Decodes escapes where ruff leaves them alone and a release of CPython doesn't.
//!
//! | source | value |
//! |---|---|
//! | `{x:\x41}` in a raw f-string | `A`, before 3.13.6 |
//! | `{'\n'=}` | a line end between quotes, in 3.13.0 |

use super::text::{octal, surrogate};
use crate::target::Target;
use crate::unicode;

/// Appends the decoded text; or gives CPython's message without the place in the text.
pub(super) fn decode(source: &str, target: &Target, into: &mut Vec<u8>) -> Result<(), String> {
    let mut rest = source;
    while let Some((before, escape)) = rest.split_once('\\') {
        into.extend_from_slice(before.as_bytes());
        let Some(after) = escape.chars().next() else {
            into.push(b'\\');
            return Ok(());
        };
        rest = &escape[after.len_utf8()..];
        let character = match after {
            '\n' => continue,
            '\\' | '\'' | '"' => after,
            'a' => '\x07',
            'b' => '\x08',
            'f' => '\x0c',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'v' => '\x0b',
            '0'..='7' => {
                let digits = octal(escape);
                rest = &escape[digits.len()..];
                let code = u32::from_str_radix(digits, 8).unwrap_or_default();
                char::from_u32(code).unwrap_or_default()
            }
            'x' | 'u' | 'U' => {
                let code = hexadecimal(after, &mut rest)?;
                let Some(character) = char::from_u32(code) else {
                    into.extend(surrogate(code));
                    continue;
                };
                character
            }
            'N' => named(&mut rest, target)?,
            _ => {
                into.push(b'\\');
                after
            }
        };
        into.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
    }
    into.extend_from_slice(rest.as_bytes());
    Ok(())
}

fn hexadecimal(kind: char, rest: &mut &str) -> Result<u32, String> {
    let (many, form) = match kind {
        'x' => (2, "truncated \\xXX escape"),
        'u' => (4, "truncated \\uXXXX escape"),
        _ => (8, "truncated \\UXXXXXXXX escape"),
    };
    let digits = rest.get(..many).filter(|digits| !digits.starts_with('+'));
    let code = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok());
    let code = code.ok_or_else(|| complaint(form))?;
    *rest = &rest[many..];
    if code > 0x0010_ffff { Err(complaint("illegal Unicode character")) } else { Ok(code) }
}

/// The character of `{NAME}`.
fn named(rest: &mut &str, target: &Target) -> Result<char, String> {
    let name = rest.strip_prefix('{').and_then(|rest| rest.split_once('}'));
    let (name, left) = name.ok_or_else(|| complaint("malformed \\N character escape"))?;
    *rest = left;
    unicode::character(name, target).ok_or_else(|| complaint("unknown Unicode character name"))
}

fn complaint(reason: &str) -> String {
    format!("(unicode error) 'unicodeescape' codec can't decode bytes: {reason}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_decoded() {
        let decoded = |source| {
            let mut bytes = Vec::new();
            decode(source, &Target::newest(pyc_code::Minor::PY313).unwrap(), &mut bytes)
                .map(|()| bytes)
        };
        assert_eq!(decoded(r"a\n\x41\101\\\d").unwrap(), b"a\nAA\\\\d");
        assert_eq!(decoded(r"\ud800\N{DIGIT ONE}\").unwrap(), b"\xed\xa0\x801\\");
        assert!(decoded(r"\N{DASHING}").unwrap_err().ends_with("unknown Unicode character name"));
        assert!(decoded(r"\x4").unwrap_err().ends_with("truncated \\xXX escape"));
    }
}
