//! A code object as plain data: the fields of CPython's `types.CodeType`.
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

/// A code object: the fields of CPython's `types.CodeType`.
///
/// One type serves all versions. For 3.8 to 3.10, `qualname` and `exceptiontable` are empty and the
/// locals are [`Locals::Split`]; later versions have [`Locals::Plus`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct CodeObject<'a> {
    /// Number of positional parameters, including the positional-only ones.
    pub argcount: u32,
    /// Number of positional-only parameters.
    pub posonlyargcount: u32,
    /// Number of keyword-only parameters.
    pub kwonlyargcount: u32,
    /// Maximum depth of the value stack, in objects.
    pub stacksize: u32,
    /// `co_flags`.
    pub flags: CodeFlags,
    /// The instructions, two bytes each, including inline caches.
    pub code: Cow<'a, [u8]>,
    /// Constants, which instructions refer to by index.
    pub consts: Arc<[Const<'a>]>,
    /// Names of globals and attributes, which instructions refer to by index.
    pub names: Arc<[Text<'a>]>,
    /// Parameters, variables, cells and free variables.
    pub locals: Locals<'a>,
    /// The path of the source file.
    pub filename: Text<'a>,
    /// The name of the function or class, or `<module>`, `<lambda>` and the like.
    pub name: Text<'a>,
    /// The dotted name; empty before 3.11.
    pub qualname: Text<'a>,
    /// Line number of the first statement; the line table is relative to it.
    pub firstlineno: i32,
    /// `co_lnotab` or `co_linetable` in the version's format; [`crate::tables`] decodes it.
    pub linetable: Cow<'a, [u8]>,
    /// The exception table; empty before 3.11.
    pub exceptiontable: Cow<'a, [u8]>,
}

impl CodeObject<'_> {
    /// The nested code objects in `consts`, in order. Code objects inside tuples are not included.
    pub fn children(&self) -> impl Iterator<Item = &Self> {
        self.consts.iter().filter_map(|constant| match constant {
            Const::Code(code) => Some(&**code),
            _ => None,
        })
    }
}
