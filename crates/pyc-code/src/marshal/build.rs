//! What a reader hands over, part by part, and a builder turns into something.
//!
//! `("x", 1)` as a constant is `str(b"x")`, `str_constant`, `leaf(Int(1))`, and `sequence` of both.
//!
//! `parse.rs` reads streams and `walk.rs` goes through code objects; `objects.rs` builds code objects and
//! `canonical/merge.rs` the graph of different values.

use std::vec::Drain;

use super::leaf::Leaf;
use super::tag::Tag;
use crate::error::ErrorKind;

/// Makes something of a code object's parts, which come from the inside out.
pub(super) trait Build<'d> {
    type Str: Copy;
    type Bytes: Copy;
    /// A tuple of strings in a field of its own.
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

    /// A constant tuple as a field holds it; none if it is none, or not of strings.
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

/// What the two layouts of code objects have each for itself.
pub(super) enum Locals<'d, B: Build<'d> + ?Sized> {
    /// 3.8 to 3.10.
    Split { nlocals: u32, varnames: B::Names, freevars: B::Names, cellvars: B::Names },
    /// From 3.11.
    Plus { names: B::Names, kinds: B::Bytes, qualname: B::Str, exceptiontable: B::Bytes },
}
