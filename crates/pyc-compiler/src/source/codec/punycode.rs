//! Punycode (RFC 3492): ASCII up to the last hyphen, then the positions of the other characters.
//!
//! ```text
//! bcher-kva   ─▶   bücher
//! ```

use super::points::Points;
use super::undecodable;

/// The base of the digits.
const BASE: u128 = 36;

/// The code points (`encodings/punycode.py: punycode_decode`, 3.13).
pub(super) fn decode(bytes: &[u8]) -> Result<Points, String> {
    let hyphen = bytes.iter().rposition(|&byte| byte == b'-');
    let mut points = Points::default();
    let basic = &bytes[..hyphen.unwrap_or(0)];
    if let Some(at) = basic.iter().position(|byte| !byte.is_ascii()) {
        return Err(undecodable("ascii", &bytes[at..=at], at, "ordinal not in range(128)"));
    }
    for &byte in basic {
        points.push(u32::from(byte));
    }
    let offset = hyphen.map_or(0, |at| at + 1);
    let extended = &bytes[offset..];
    // CPython's positions can be beyond the end.
    let refused = |at: u128, reason: &str| {
        let at = at + offset as u128;
        Err(match usize::try_from(at).ok().and_then(|at| Some((at, bytes.get(at..=at)?))) {
            Some((at, byte)) => undecodable("punycode", byte, at, reason),
            None => format!("'punycode' codec can't decode bytes in position {at}-{at}: {reason}"),
        })
    };
    let (mut point, mut at, mut bias, mut read) = (0x80, None, 72, 0);
    while read < extended.len() {
        let start = read;
        let delta = match number(extended, &mut read, bias) {
            Ok(delta) => delta,
            Err(Fault::End) => {
                return refused(extended.len() as u128, "incomplete punycode string");
            }
            Err(Fault::Digit(byte)) => {
                // CPython has converted the rest to upper case.
                let byte = byte.to_ascii_uppercase();
                return refused(read as u128 - 1, &format!("Invalid extended code point '{byte}'"));
            }
        };
        let places = points.len() as u128 + 1;
        let to: u128 = at.map_or(0, |at: u128| at + 1).saturating_add(delta);
        point += to / places;
        if point > 0x10_ffff {
            if to > i64::MAX as u128 {
                return Err("Python int too large to convert to C ssize_t".to_owned());
            }
            return refused(to.saturating_sub(1), &format!("Invalid character U+{point:x}"));
        }
        let place = to % places;
        if let (Ok(place), Ok(point)) = (usize::try_from(place), u32::try_from(point)) {
            points.insert(place, point);
        }
        at = Some(place);
        let damping = if start == 0 { FIRST_DAMPING } else { DAMPING };
        bias = adapted(delta / damping, places);
    }
    Ok(points)
}

enum Fault {
    End,
    Digit(u8),
}

/// A number of variable length, saturating.
fn number(extended: &[u8], read: &mut usize, bias: u128) -> Result<u128, Fault> {
    let (mut result, mut weight) = (0_u128, 1_u128);
    for digits in 1.. {
        let &byte = extended.get(*read).ok_or(Fault::End)?;
        *read += 1;
        let digit = match byte.to_ascii_uppercase() {
            letter @ b'A'..=b'Z' => u128::from(letter - b'A'),
            digit @ b'0'..=b'9' => u128::from(digit - b'0' + 26),
            _ => return Err(Fault::Digit(byte)),
        };
        let threshold = (BASE * digits).saturating_sub(bias).clamp(1, 26);
        result = result.saturating_add(weight.saturating_mul(digit));
        if digit < threshold {
            break;
        }
        weight = weight.saturating_mul(BASE - threshold);
    }
    Ok(result)
}

/// By what a delta is divided before the bias is computed from it: the first one, and the others.
const FIRST_DAMPING: u128 = 700;
const DAMPING: u128 = 2;

/// The bias of the next number (RFC 3492, 6.1).
fn adapted(mut delta: u128, places: u128) -> u128 {
    delta += delta / places;
    let mut divisions = 0;
    while delta > 455 {
        delta /= 35;
        divisions += BASE;
    }
    divisions + BASE * delta / (delta + 38)
}

#[cfg(test)]
mod tests {
    use super::super::Points;

    #[test]
    fn characters_are_inserted_at_the_encoded_positions() {
        for (bytes, text) in [
            (&b"bcher-kva"[..], "bücher"),
            (b"BCHER-KVA", "BüCHER"),
            (b"ihqwcrb4cv8a8dqg056pqjye", "他们为什么不说中文"),
            (b"-", ""),
            (b"a-", "a"),
            (
                b"a-9",
                "'punycode' codec can't decode bytes in position 3-3: incomplete punycode string",
            ),
            (
                b"a-b*",
                "'punycode' codec can't decode byte 0x2a in position 3: Invalid extended code point '42'",
            ),
            (
                b"\xff-a",
                "'ascii' codec can't decode byte 0xff in position 0: ordinal not in range(128)",
            ),
        ] {
            let found = super::decode(bytes).and_then(Points::into_text);
            assert_eq!(found.unwrap_or_else(|words| words), text, "{}", bytes.escape_ascii());
        }
    }
}
