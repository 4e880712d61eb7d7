//! Removes what a comparison ignores.

use std::borrow::Cow;

use pyc_code::tables::locations::{self, Position, Span};
use pyc_code::{CodeObject, LineFormat, Minor};

use crate::error::Error;

/// The parts to ignore.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Ignored {
    names: bool,
    lines: bool,
    positions: bool,
}

impl Ignored {
    /// Adds the part that a command-line word names.
    pub(super) fn add(&mut self, word: &str) -> Result<(), Error> {
        match word {
            "names" => self.names = true,
            "lines" => self.lines = true,
            "positions" => self.positions = true,
            other => {
                return Err(Error::usage(&format!(
                    "`--ignore` takes names, lines or positions, not `{other}`"
                )));
            }
        }
        Ok(())
    }

    /// A copy of the code without the ignored parts.
    pub(super) fn remove_from<'a>(self, code: &CodeObject<'a>, minor: Minor) -> CodeObject<'a> {
        code.mapped(|code| {
            if self.names {
                code.filename = "".into();
            }
            if self.lines {
                code.firstlineno = 1;
                code.linetable = Cow::Borrowed(&[]);
            } else if self.positions && minor.line_format() == LineFormat::Locations {
                code.linetable = lines_only(&code.linetable, code.firstlineno);
            }
        })
    }
}

/// The location table without columns; unchanged if it is invalid.
fn lines_only<'a>(table: &[u8], first: i32) -> Cow<'a, [u8]> {
    let Ok(spans) = locations::decode(table, first) else { return table.to_vec().into() };
    let mut merged: Vec<Span> = Vec::new();
    for Span { units, position } in spans {
        let position = position.map(|place| Position {
            end_line: place.line,
            column: None,
            end_column: None,
            ..place
        });
        match merged.last_mut() {
            Some(last) if last.position == position => last.units += units,
            _ => merged.push(Span { units, position }),
        }
    }
    locations::encode(&merged, first).into()
}
