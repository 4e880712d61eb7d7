//! The interface between the readers of code objects and the builders of results.
//!
//! The constant `("x", 1)` is passed as `str(b"x")`, `str_constant`, `leaf(Int(1))` and a
//! `sequence` of both.
//!
//! There are two readers: `parse.rs` reads streams, `walk.rs` traverses code objects. There are two
//! builders: `objects.rs` creates code objects, `canonical/merge.rs` creates the graph of distinct
//! values.

use std::vec::Drain;

use super::leaf::Leaf;
use super::tag::Tag;
use crate::error::ErrorKind;

/// Builds something from the parts of a code object; children are passed before their parents.
pub(super) trait Build<'d> {
    type Str: Copy;
    type Bytes: Copy;
    /// A tuple of strings in a field of a code object, such as `co_names`.
    type Names: Clone;
    type Constant: Clone;

    fn str(&mut self, text: &'d [u8]) -> Self::Str;
    fn bytes(&mut self, bytes: &'d [u8]) -> Self::Bytes;
    fn names(&mut self, items: &[Self::Str]) -> Result<Self::Names, ErrorKind>;

    fn str_constant(&mut self, text: Self::Str) -> Self::Constant;
    fn bytes_constant(&mut self, bytes: Self::Bytes) -> Self::Constant;
    /// Any other constant without children.
    fn leaf(&mut self, leaf: Leaf<'d>) -> Self::Constant;
    /// A tuple, frozenset or slice.
    fn sequence(
        &mut self,
        tag: Tag,
        items: Drain<'_, Self::Constant>,
    ) -> Result<Self::Constant, ErrorKind>;
    fn code(&mut self, code: Code<'d, Self>) -> Result<Self::Constant, ErrorKind>;

    /// A constant in the form of a field's tuple. `None` unless it is a tuple of strings.
    fn to_names(&mut self, constant: &Self::Constant) -> Option<Self::Names>;
    fn names_constant(&mut self, names: &Self::Names) -> Self::Constant;
}

/// The parts of a code object.
pub(super) struct Code<'d, B: Build<'d> + ?Sized> {
    pub(super) argcount: u32,
    pub(super) posonlyargcount: u32,
    pub(super) kwonlyargcount: u32,
    pub(super) stacksize: u32,
    pub(super) flags: u32,
    pub(super) bytecode: B::Bytes,
    pub(super) consts: B::Constant,
    pub(super) names: B::Names,
    pub(super) locals: Locals<'d, B>,
    pub(super) filename: B::Str,
    pub(super) name: B::Str,
    pub(super) firstlineno: i32,
    pub(super) linetable: B::Bytes,
}

/// The fields in which the two layouts of code objects differ.
pub(super) enum Locals<'d, B: Build<'d> + ?Sized> {
    /// 3.8 to 3.10.
    Split { nlocals: u32, varnames: B::Names, freevars: B::Names, cellvars: B::Names },
    /// From 3.11.
    Plus { names: B::Names, kinds: B::Bytes, qualname: B::Str, exceptiontable: B::Bytes },
}
