//! Ruff's parser, with the target's grammar.
//!
//! `parse("x = 1\n", …)` is ruff's module, `parse("x = ", …)` a fault.

use ruff_python_ast::{Mod, PythonVersion};
use ruff_python_parser::{Mode as Grammar, ParseOptions, Parsed, parse_unchecked};

use super::{dismantle, fault, limits};
use crate::context::Context;
use crate::error::{ErrorKind, Fault, Result};
use crate::location::Location;
use crate::options::Mode;

/// Parses a text that has only `\n` as line end.
pub(super) fn parse(text: &str, context: &mut Context<'_>) -> Result<Parsed<Mod>> {
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
    let checked =
        limits::check(text, parsed.tokens(), context).and_then(|()| fault::check(text, &parsed));
    match checked {
        Ok(()) => Ok(parsed),
        Err(fault) => {
            dismantle::dismantle(parsed.into_syntax(), None);
            Err(fault)
        }
    }
}
