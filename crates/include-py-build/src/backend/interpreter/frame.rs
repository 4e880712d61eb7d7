//! The frames that are exchanged with worker.py, which documents them.
//!
//! `ipw1` `0a 00 00 00` `01 00 00 00` `0` `01 00 00 00` `x` holds the two fields `0` and `x`.

use std::io::{self, Read, Write};

use super::super::diagnostic::{Kind, Span};
use super::super::{Diagnostic, Outcome, Warning};

/// Each frame starts with these bytes, so that any other output is detected at once.
const MAGIC: &[u8; 4] = b"ipw1";

pub(crate) type Fields = Vec<Vec<u8>>;

/// Why there is no valid frame.
#[derive(Debug)]
pub(super) enum Bad {
    /// The stream ended before or within a frame.
    End,
    /// These bytes aren't a frame.
    Noise(Vec<u8>),
    Io(io::Error),
}

pub(super) fn write(to: &mut impl Write, fields: &[&[u8]]) -> io::Result<()> {
    let mut frame = MAGIC.to_vec();
    let size: usize = fields.iter().map(|field| 4 + field.len()).sum();
    frame.extend(length(size)?);
    for field in fields {
        frame.extend(length(field.len())?);
        frame.extend_from_slice(field);
    }
    to.write_all(&frame)?;
    to.flush()
}

fn length(bytes: usize) -> io::Result<[u8; 4]> {
    let number = u32::try_from(bytes).map_err(|_| io::Error::other("more than 4 GiB"))?;
    Ok(number.to_le_bytes())
}

pub(super) fn read(from: &mut impl Read) -> Result<Fields, Bad> {
    let mut header = take(from, MAGIC.len())?;
    if !MAGIC.starts_with(&header) {
        // Includes in the message what is available so far. Waiting for more could take forever.
        let mut more = [0; 60];
        let length = from.read(&mut more).unwrap_or(0);
        header.extend_from_slice(&more[..length]);
        return Err(Bad::Noise(header));
    }
    let size = u32_at(&take(from, 4)?, 0).ok_or(Bad::End)?;
    let body = take(from, size)?;
    if body.len() < size {
        return Err(Bad::End);
    }

    let mut fields = Vec::new();
    let mut rest = body.as_slice();
    while !rest.is_empty() {
        let field = u32_at(rest, 0).and_then(|size| rest.get(4..)?.get(..size));
        let Some(field) = field else { return Err(Bad::Noise(body)) };
        fields.push(field.to_vec());
        rest = &rest[4 + field.len()..];
    }
    Ok(fields)
}

/// Reads `count` bytes, or fewer at the end of the stream.
///
/// Doesn't reserve memory in advance, since invalid input can claim any length.
fn take(from: &mut impl Read, count: usize) -> Result<Vec<u8>, Bad> {
    let mut bytes = Vec::new();
    let limit = u64::try_from(count).unwrap_or(u64::MAX);
    from.take(limit).read_to_end(&mut bytes).map_err(Bad::Io)?;
    Ok(bytes)
}

fn u32_at(bytes: &[u8], position: usize) -> Option<usize> {
    let bytes = bytes.get(position..position + 4)?;
    usize::try_from(u32::from_le_bytes(bytes.try_into().ok()?)).ok()
}

/// A field as text.
pub(super) fn text(field: &[u8]) -> String {
    String::from_utf8_lossy(field).into_owned()
}

/// A field as a number; `None` if it is empty or invalid, such as −1.
pub(super) fn number<T: std::str::FromStr>(field: &[u8]) -> Option<T> {
    std::str::from_utf8(field).ok()?.parse().ok()
}

/// The outcome in an answer to a request; `None` if it isn't a valid answer.
pub(super) fn outcome(mut fields: Fields) -> Option<Outcome> {
    match fields.first()?.as_slice() {
        b"code" if fields.len() >= 2 && fields.len() % 2 == 0 => {
            let mut warnings: Vec<_> = fields[2..]
                .chunks_exact(2)
                .map(|pair| Warning {
                    line: number(&pair[0]).unwrap_or_default(),
                    message: text(&pair[1]),
                })
                .collect();
            // The tokenizer can warn twice if the parser reads a line twice.
            warnings.sort();
            warnings.dedup();
            Some(Outcome::Code { marshalled: fields.swap_remove(1), warnings })
        }
        b"syntax" if fields.len() == 8 => {
            let span = number(&fields[3]).map(|line| Span {
                line,
                column: number(&fields[4]),
                end_line: number(&fields[5]),
                end_column: number(&fields[6]),
            });
            let kind = Kind::of_syntax_error(&text(&fields[1]));
            let (message, text) = (text(&fields[2]), text(&fields[7]));
            Some(Outcome::Refused(Diagnostic { kind, message, span, text }))
        }
        b"error" if fields.len() == 3 => {
            Some(Outcome::Refused(Diagnostic::of_exception(&text(&fields[1]), text(&fields[2]))))
        }
        // The command `include-py` gives no reason.
        b"refused" if fields.len() == 1 => Some(Outcome::Untried),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(fields: &[&[u8]]) -> Vec<u8> {
        let mut bytes = Vec::new();
        write(&mut bytes, fields).unwrap();
        bytes
    }

    #[test]
    fn written_frames_are_read_back() {
        let fields: &[&[u8]] = &[b"0", b"", b"ipw1\0\xff"];
        let mut bytes = frame(fields);
        assert!(bytes.starts_with(b"ipw1\x13\0\0\0\x01\0\0\x000\0\0\0\0"));
        bytes.extend(frame(&[]));
        let mut stream = bytes.as_slice();
        assert_eq!(read(&mut stream).unwrap(), fields);
        assert_eq!(read(&mut stream).unwrap(), Fields::new());
        assert!(matches!(read(&mut stream), Err(Bad::End)));
    }

    #[test]
    fn other_input_is_rejected() {
        let good = frame(&[b"field"]);
        for end in 0..good.len() {
            assert!(matches!(read(&mut &good[..end]), Err(Bad::End)), "{end}");
        }
        assert!(matches!(read(&mut &b"Hi"[..]), Err(Bad::Noise(bytes)) if bytes == b"Hi"));
        let long = [b'y'; 200];
        assert!(matches!(read(&mut &long[..]), Err(Bad::Noise(bytes)) if bytes.len() == 64));
        // A field longer than its frame, and a frame longer than the input.
        let mut bad = good.clone();
        bad[8] = 6;
        assert!(matches!(read(&mut bad.as_slice()), Err(Bad::Noise(_))));
        assert!(matches!(read(&mut &b"ipw1\xff\xff\xff\xff1234"[..]), Err(Bad::End)));
    }

    /// A program that has printed something and keeps running.
    struct Waits;

    impl Read for Waits {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            panic!("nothing may wait for it");
        }
    }

    #[test]
    fn other_output_is_noticed_before_the_program_ends() {
        let mut stream = (&b"include-py 0.0.1\n"[..]).chain(Waits);
        let Err(Bad::Noise(bytes)) = read(&mut stream) else { panic!("noise") };
        assert_eq!(bytes, b"include-py 0.0.1\n");
    }

    #[test]
    fn answers_are_recognised() {
        let answer = |fields: &[&str]| {
            outcome(fields.iter().map(|field| field.as_bytes().to_vec()).collect())
        };
        let warning = |line, message: &str| Warning { line, message: message.to_owned() };
        assert_eq!(
            answer(&["code", "c", "7", "b", "2", "a", "7", "b"]),
            Some(Outcome::Code {
                marshalled: b"c".to_vec(),
                warnings: vec![warning(2, "a"), warning(7, "b")],
            })
        );
        let Some(Outcome::Refused(error)) =
            answer(&["syntax", "TabError", "m", "3", "-1", "", "9", "t"])
        else {
            panic!("a syntax error");
        };
        let span = Span { line: 3, column: None, end_line: None, end_column: Some(9) };
        assert_eq!((error.kind, error.span, error.text.as_str()), (Kind::Tab, Some(span), "t"));
        assert_eq!(
            answer(&["error", "OverflowError", "m"]),
            Some(Outcome::Refused(Diagnostic::new(Kind::Other, "OverflowError: m")))
        );
        assert_eq!(answer(&["refused"]), Some(Outcome::Untried));
        for bad in [&[][..], &["code"], &["code", "c", "1"], &["syntax", "x"], &["other", "x"]] {
            assert_eq!(answer(bad), None);
        }
    }
}
