//! What is left out of a comparison.

use std::borrow::Cow;

use pyc_code::tables::locations::{self, Position, Span};
use pyc_code::{CodeObject, LineFormat, Minor};

use crate::error::Error;

/// What doesn't count.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Ignored {
    names: bool,
    lines: bool,
    positions: bool,
}

impl Ignored {
    /// Adds what a word of the command line means.
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

    /// The code without what doesn't count.
    pub(super) fn left_out<'a>(self, code: &CodeObject<'a>, minor: Minor) -> CodeObject<'a> {
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

/// The table with lines alone; as it is, if it is broken.
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
