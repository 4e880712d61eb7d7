//! A code object as plain data.
//!
//! `compile("x = 1", "m.py", "exec")` has names `["x"]`, consts `[1, None]` and no locals.

mod flags;
mod locals;
mod rename;

pub use flags::CodeFlags;
pub use locals::{Local, LocalKind, Locals};

use std::borrow::Cow;
use std::sync::Arc;

use crate::constant::Const;
use crate::text::Text;

/// What CPython's `types.CodeType` holds, field by field.
///
/// One type serves all versions: 3.8 to 3.10 leave `qualname` and `exceptiontable` empty and have
/// [`Locals::Split`], later ones have [`Locals::Plus`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct CodeObject<'a> {
    /// Positional parameters, the positional-only ones among them.
    pub argcount: u32,
    /// Positional-only parameters.
    pub posonlyargcount: u32,
    /// Keyword-only parameters.
    pub kwonlyargcount: u32,
    /// The deepest the value stack gets, in objects.
    pub stacksize: u32,
    /// `co_flags`
    pub flags: CodeFlags,
    /// The instructions; two bytes each, inline caches included.
    pub code: Cow<'a, [u8]>,
    /// Constants that instructions name by index.
    pub consts: Arc<[Const<'a>]>,
    /// Names of globals and attributes that instructions name by index.
    pub names: Arc<[Text<'a>]>,
    /// Parameters, variables, cells and free variables.
    pub locals: Locals<'a>,
    /// Where the source came from.
    pub filename: Text<'a>,
    /// The function's or class's name, `<module>`, `<lambda>`.
    pub name: Text<'a>,
    /// The dotted name; empty before 3.11.
    pub qualname: Text<'a>,
    /// The line of the first statement, which the line table counts from.
    pub firstlineno: i32,
    /// `co_lnotab` or `co_linetable`, in the version's format; [`crate::tables`] reads it.
    pub linetable: Cow<'a, [u8]>,
    /// The exception table; empty before 3.11.
    pub exceptiontable: Cow<'a, [u8]>,
}

impl CodeObject<'_> {
    /// The nested code objects in `consts`, in order.
    pub fn children(&self) -> impl Iterator<Item = &Self> {
        self.consts.iter().filter_map(|constant| match constant {
            Const::Code(code) => Some(&**code),
            _ => None,
        })
    }
}
