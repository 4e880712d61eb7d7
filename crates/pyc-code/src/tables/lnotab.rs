//! `co_lnotab` of 3.8 and 3.9.
//!
//! ```
//! use pyc_code::tables::lnotab::{self, Step};
//!
//! let table = b"\xff\x00\x0a\x7f\x00\x05"; // after 265 bytes, the line increases by 132
//! let steps = lnotab::decode(table)?;
//! assert_eq!(steps, [Step { bytes: 265, lines: 132 }]);
//! assert_eq!(lnotab::encode(&steps), table);
//! # Ok::<(), pyc_code::Error>(())
//! ```
//!
//! The table consists of pairs: an unsigned address step and a signed line step. A step that is too
//! large for one pair takes several (`lnotab_notes.txt`).

use crate::error::{Error, ErrorKind};

/// A step in the code and the corresponding step in the source.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Step {
    /// Bytes of code since the previous step.
    pub bytes: u32,
    /// Lines since the previous step.
    pub lines: i32,
}

/// Decodes a `co_lnotab`.
pub fn decode(table: &[u8]) -> Result<Vec<Step>, Error> {
    let (pairs, rest) = (table.chunks_exact(2), table.len() % 2);
    if rest != 0 {
        return Err(Error::at(ErrorKind::BadTable("lnotab"), table.len() - 1));
    }
    let mut steps = Vec::new();
    let mut step = Step::default();
    let mut pairs = pairs.map(|pair| (pair[0], i8::from_le_bytes([pair[1]]))).peekable();
    while let Some((bytes, lines)) = pairs.next() {
        step.bytes = step.bytes.saturating_add(bytes.into());
        step.lines = step.lines.saturating_add(lines.into());
        let goes_on = match pairs.peek() {
            // After a line step at the limit, the next pair continues in the same direction or ends
            // the step with (0, 0).
            Some((0, 0)) => matches!(lines, i8::MAX | i8::MIN) && step.lines != lines.into(),
            Some((0, next)) if lines == i8::MAX => *next > 0,
            Some((0, next)) if lines == i8::MIN => *next < 0,
            Some((1.., _)) => (bytes, lines) == (u8::MAX, 0),
            _ => false,
        };
        if !goes_on {
            steps.push(std::mem::take(&mut step));
        }
    }
    Ok(steps)
}

/// Encodes a `co_lnotab` (`compile.c: assemble_lnotab`, 3.8).
#[must_use]
pub fn encode(steps: &[Step]) -> Vec<u8> {
    let mut table = Vec::with_capacity(steps.len() * 2);
    for step in steps {
        let mut bytes = step.bytes;
        while bytes > 255 {
            table.extend_from_slice(&[255, 0]);
            bytes -= 255;
        }
        let limit = if step.lines < 0 { i8::MIN } else { i8::MAX };
        let mut lines = step.lines;
        if i8::try_from(lines).is_err() {
            // CPython writes as many full pairs as fit, then the rest even if it is zero.
            for _ in 0..lines / i32::from(limit) {
                table.extend_from_slice(&[bytes.to_le_bytes()[0], limit.to_le_bytes()[0]]);
                bytes = 0;
            }
            lines %= i32::from(limit);
        }
        table.extend_from_slice(&[bytes.to_le_bytes()[0], lines.to_le_bytes()[0]]);
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_at_the_limits_are_read_back() {
        for lines in [127, 128, 254, 255, 381, -128, -129, -256, -257] {
            for after in [0, 1, -1] {
                let steps = [
                    Step { bytes: 4, lines },
                    Step { bytes: 0, lines: after },
                    Step { bytes: 600, lines: 1 },
                ];
                let once = encode(&steps);
                assert_eq!(encode(&decode(&once).unwrap()), once, "{lines} {after}");
            }
        }
    }
}
