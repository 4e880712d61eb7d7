//! A summary of a code object, as `dis.code_info` prints it.

use std::fmt;

use super::repr::Repr;
use super::style::Style;
use crate::code::{CodeFlags, CodeObject};
use crate::text::Text;
use crate::version::Minor;

/// Name, file, numbers, flags, constants and names of a code object (`dis.py: _format_code_info`,
/// 3.13).
#[must_use]
pub fn info<'c>(code: &'c CodeObject<'c>, minor: Minor) -> impl fmt::Display + 'c {
    Info { code, minor }
}

struct Info<'c> {
    code: &'c CodeObject<'c>,
    minor: Minor,
}

impl fmt::Display for Info<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { code, minor } = self;
        writeln!(f, "Name:              {}", code.name)?;
        writeln!(f, "Filename:          {}", code.filename)?;
        writeln!(f, "Argument count:    {}", code.argcount)?;
        writeln!(f, "Positional-only arguments: {}", code.posonlyargcount)?;
        writeln!(f, "Kw-only arguments: {}", code.kwonlyargcount)?;
        writeln!(f, "Number of locals:  {}", code.locals.nlocals())?;
        writeln!(f, "Stack size:        {}", code.stacksize)?;
        writeln!(f, "Flags:             {}", flags(code.flags, *minor))?;
        if !code.consts.is_empty() {
            writeln!(f, "Constants:")?;
            for (number, constant) in code.consts.iter().enumerate() {
                writeln!(f, "{number:4}: {}", Repr::new(constant, *minor))?;
            }
        }
        names(f, "Names", &code.names.iter().collect::<Vec<_>>())?;
        names(f, "Variable names", &code.locals.varnames())?;
        names(f, "Free variables", &code.locals.freevars())?;
        names(f, "Cell variables", &code.locals.cellvars())
    }
}

/// The flags, each that has no name in this version's `dis` as a number (`dis.py: pretty_flags`,
/// 3.14).
fn flags(flags: CodeFlags, minor: Minor) -> String {
    let named = Style::of(minor).named_flags;
    let bits = (0..u32::BITS).map(|bit| 1 << bit).filter(|bit| flags.bits() & bit != 0);
    let shown: Vec<String> = bits
        .map(|bit| match named & bit {
            0 => format!("{bit:#x}"),
            _ => CodeFlags::from_bits(bit).to_string(),
        })
        .collect();
    if shown.is_empty() { "0x0".to_owned() } else { shown.join(", ") }
}

fn names(f: &mut fmt::Formatter<'_>, title: &str, names: &[&Text<'_>]) -> fmt::Result {
    if names.is_empty() {
        return Ok(());
    }
    writeln!(f, "{title}:")?;
    names.iter().enumerate().try_for_each(|(number, name)| writeln!(f, "{number:4}: {name}"))
}
