//! Function objects: code, the cells that it uses, defaults and annotations.
//!
//! ```text
//! lambda: a     LOAD_CLOSURE a; BUILD_TUPLE 1; LOAD_CONST <code>; MAKE_FUNCTION; SET_FUNCTION_ATTRIBUTE 8
//! ```

use super::Generator;
use crate::constant::CodeId;
use crate::error::{ErrorKind, Fault, Result};
use crate::instruction::Op;
use crate::location::Location;
use crate::name::{Name, count};
use crate::scope::Resolution;

/// What is on the stack for a new function, from the bottom up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Attributes {
    /// A tuple of the defaults of positional parameters.
    pub(super) defaults: bool,
    /// A dict of the defaults of keyword-only parameters.
    pub(super) keyword_defaults: bool,
    pub(super) annotations: Annotations,
}

/// The form of a new function's annotations.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Annotations {
    #[default]
    None,
    /// A tuple that alternates names and annotations.
    Values,
    /// A function that returns a dict of them.
    Function,
}

/// `SET_FUNCTION_ATTRIBUTE`'s arguments (`pycore_opcode_utils.h: MAKE_FUNCTION_*`, 3.13).
const DEFAULTS: u32 = 1;
const KEYWORD_DEFAULTS: u32 = 2;
const ANNOTATIONS: u32 = 4;
const CLOSURE: u32 = 8;
/// Since 3.14.
const ANNOTATE: u32 = 16;

impl Generator<'_, '_> {
    /// Creates a function from finished code and the attributes on the stack (`compile.c:
    /// compiler_make_closure`, 3.13).
    pub(super) fn closure(
        &mut self,
        code: CodeId,
        attributes: Attributes,
        at: Location,
    ) -> Result<()> {
        let frees = self.context.codes[code].frees;
        for index in 0..frees.len() {
            let name = self.context.codes.names(frees)[index];
            let number = self.cell_number(name, at)?;
            self.emit(Op::LOAD_CLOSURE, number, at);
        }
        if !frees.is_empty() {
            self.emit(Op::BUILD_TUPLE, count(frees.len()), at);
        }
        let value = self.context.code_constant(code);
        self.emit_const(value, at);
        let mut given = 0;
        for (there, attribute) in [
            (!frees.is_empty(), CLOSURE),
            (attributes.annotations == Annotations::Values, ANNOTATIONS),
            (attributes.annotations == Annotations::Function, ANNOTATE),
            (attributes.keyword_defaults, KEYWORD_DEFAULTS),
            (attributes.defaults, DEFAULTS),
        ] {
            if there {
                given |= attribute;
            }
        }
        (self.idioms.make_function)(self, given, at);
        Ok(())
    }

    /// Sets the attributes one after the other, from the top of the stack.
    pub(crate) fn make_function_then_set(&mut self, attributes: u32, at: Location) {
        self.emit(Op::MAKE_FUNCTION, 0, at);
        for attribute in [CLOSURE, ANNOTATIONS, ANNOTATE, KEYWORD_DEFAULTS, DEFAULTS] {
            if attributes & attribute != 0 {
                self.emit(Op::SET_FUNCTION_ATTRIBUTE, attribute, at);
            }
        }
    }

    /// `MAKE_FUNCTION` takes them all (3.12).
    pub(crate) fn make_function_with(&mut self, attributes: u32, at: Location) {
        self.emit(Op::MAKE_FUNCTION, attributes, at);
    }

    /// The number of the variable that a nested function sees under this name.
    ///
    /// A name that is both a class's variable and free in a method is the free variable here.
    /// CPython's symbol tables lose `__class__` and `__classdict__` between an inlined
    /// comprehension of a class and a function in it, which CPython then can't compile (gh-145701,
    /// gh-150700).
    fn cell_number(&self, name: Name, at: Location) -> Result<u32> {
        let unit = &self.frame.unit;
        let number = if self.resolution(name) == Some(Resolution::Cell) {
            unit.cells.find(name)
        } else {
            unit.frees.find(name).map(|number| count(unit.cells.items().len()) + number)
        };
        number.ok_or_else(|| {
            let name = self.context.names.text(name);
            let message = format!("CPython's compiler loses `{name}` here, use another name");
            Fault::new(ErrorKind::Unsupported, at, message)
        })
    }
}

#[cfg(test)]
mod tests {
    use pyc_code::Minor;

    use crate::{ErrorKind, Options, Target, compile};

    #[test]
    fn variables_that_cpythons_compiler_loses_are_unsupported() {
        let options = Options::new(Target::newest(Minor::PY313).unwrap(), "m.py");
        let kind = |source: &str| compile(source.as_bytes(), &options).err().map(|one| one.kind());
        let fails = "class C:\n  x = [lambda: super() for y in z]\n";
        assert_eq!(kind(fails), Some(ErrorKind::Unsupported));
        // A method that needs it, too, makes it a cell.
        let works = format!("{fails}  def f(self): return __class__\n");
        assert_eq!(kind(&works), None);
    }

    #[test]
    fn older_releases_lose_more_variables() {
        let options = Options::new(Target::for_version("3.12.1".parse().unwrap()).unwrap(), "m.py");
        let kind = |source: &str| compile(source.as_bytes(), &options).err().map(|one| one.kind());
        let fails = "class C:\n  x = [__class__ for y in z]\n";
        assert_eq!(kind(fails), Some(ErrorKind::Unsupported));
        assert_eq!(kind("[__class__ for y in z]\n"), None);
    }
}
