//! Ruff's parser, with the target's grammar.
//!
//! The text `x = 1` gives ruff's module, `x = ` a fault.

use ruff_python_ast::{Mod, PythonVersion};
use ruff_python_parser::{Mode as Grammar, ParseOptions, Parsed, parse_unchecked};

use super::warnings::Warnings;
use super::{dismantle, fault, limits, undecodable};
use crate::context::Context;
use crate::error::{ErrorKind, Fault, Result};
use crate::location::Location;
use crate::options::Mode;
use crate::source::Source;

/// Parses a text that has only `\n` as line end.
pub(super) fn parse(source: &Source<'_>, context: &Context<'_>) -> Result<(Parsed<Mod>, Warnings)> {
    let text = source.text();
    if i32::try_from(text.len()).is_err() {
        let message = "the source is longer than 2 GiB, split it";
        return Err(Fault::new(ErrorKind::Unsupported, Location::NONE, message));
    }
    let minor = context.options.target().minor();
    let grammar = match context.options.get_mode() {
        Mode::Module | Mode::Interactive => Grammar::Module,
        Mode::Expression => Grammar::Expression,
    };
    let version = PythonVersion::from((3, minor.number()));
    let options = ParseOptions::from(grammar).with_target_version(version);
    let parsed = parse_unchecked(text, options);
    let checked = limits::check(text, parsed.tokens()).and_then(|warnings| {
        undecodable::check(source, parsed.tokens())?;
        fault::check(text, &parsed)?;
        Ok(warnings)
    });
    match checked {
        Ok(warnings) => Ok((parsed, warnings)),
        Err(fault) => {
            dismantle::dismantle(parsed.into_syntax(), None);
            Err(fault)
        }
    }
}
