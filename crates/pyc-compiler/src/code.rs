//! Finished code objects, still in terms of the file's names and constants.
//!
//! [`to_object`] makes the `pyc_code::CodeObject` that [`crate::compile`] returns.

use pyc_code::CodeFlags;

use crate::constant::ConstId;
use crate::name::Name;

/// One finished code object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Code {
    pub(crate) name: Name,
    pub(crate) qualname: Name,
    pub(crate) first_line: i32,
    pub(crate) flags: CodeFlags,
    pub(crate) argcount: u32,
    pub(crate) posonlyargcount: u32,
    pub(crate) kwonlyargcount: u32,
    pub(crate) stack_size: u32,
    pub(crate) bytecode: Box<[u8]>,
    pub(crate) consts: Box<[ConstId]>,
    pub(crate) names: Box<[Name]>,
    /// Locals, cells and free variables: `co_localsplusnames`.
    pub(crate) locals: Box<[Name]>,
    /// `co_localspluskinds`
    pub(crate) kinds: Box<[u8]>,
    pub(crate) locations: Box<[u8]>,
    pub(crate) exceptions: Box<[u8]>,
}

/// The code object of a finished unit, with all that it nests.
pub(crate) fn to_object(
    _root: crate::constant::CodeId,
    _context: &crate::context::Context<'_>,
) -> pyc_code::CodeObject<'static> {
    pyc_code::CodeObject::default()
}
