//! Builds the code object that a stream represents.
//!
//! `29 01 da 01 78` as `co_names` becomes `["x"]`, borrowed from the stream.
//!
//! Sharing is preserved: a tuple that a thousand places refer to is built once. So memory stays
//! linear in the stream's length.

use std::borrow::Cow;
use std::sync::Arc;
use std::vec::Drain;

use super::build::{Build, Code, Locals};
use super::leaf::Leaf;
use super::tag::Tag;
use crate::code::{self, CodeFlags, CodeObject};
use crate::constant::{Const, Float};
use crate::error::ErrorKind;
use crate::int::Int;
use crate::text::Text;

/// Builds a [`CodeObject`].
pub(super) struct Objects;

impl<'d> Build<'d> for Objects {
    /// The reader has checked its encoding.
    type Str = &'d [u8];
    type Bytes = &'d [u8];
    type Names = Arc<[Text<'d>]>;
    type Constant = Const<'d>;

    #[inline(always)]
    fn str(&mut self, text: &'d [u8]) -> &'d [u8] {
        text
    }

    #[inline(always)]
    fn bytes(&mut self, bytes: &'d [u8]) -> &'d [u8] {
        bytes
    }

    #[inline]
    fn names(&mut self, items: &[&'d [u8]]) -> Result<Arc<[Text<'d>]>, ErrorKind> {
        if items.is_empty() {
            return Ok(Arc::default());
        }
        Ok(items.iter().map(|text| Text::trusted(text)).collect())
    }

    #[inline(always)]
    fn str_constant(&mut self, text: &'d [u8]) -> Const<'d> {
        Const::Str(Text::trusted(text))
    }

    #[inline(always)]
    fn bytes_constant(&mut self, bytes: &'d [u8]) -> Const<'d> {
        Const::Bytes(Cow::Borrowed(bytes))
    }

    #[inline]
    fn leaf(&mut self, leaf: Leaf<'d>) -> Const<'d> {
        match leaf {
            Leaf::Singleton(b'T') => Const::Bool(true),
            Leaf::Singleton(b'F') => Const::Bool(false),
            Leaf::Singleton(b'.') => Const::Ellipsis,
            Leaf::Singleton(_) => Const::None,
            Leaf::Int(value) => Const::Int(value.into()),
            Leaf::Wide(value) => Const::Int(value.into()),
            Leaf::BigInt { sign, digits } => Const::Int(Int::from_digit_bytes(sign, digits)),
            Leaf::Float(bits) => Const::Float(Float::from_bits(bits)),
            Leaf::Complex(real, imaginary) => {
                Const::Complex(Float::from_bits(real), Float::from_bits(imaginary))
            }
            Leaf::Bytes(bytes) => self.bytes_constant(bytes),
            Leaf::Str(text) => self.str_constant(text),
        }
    }

    fn sequence(&mut self, tag: Tag, items: Drain<'_, Const<'d>>) -> Result<Const<'d>, ErrorKind> {
        Ok(match tag {
            Tag::Slice => {
                let parts = <[Const<'d>; 3]>::try_from(items.collect::<Vec<_>>());
                Const::Slice(Arc::new(parts.map_err(|_| ErrorKind::NotConstant("slice"))?))
            }
            Tag::FrozenSet => Const::FrozenSet(items.collect()),
            _ => Const::Tuple(items.collect()),
        })
    }

    fn code(&mut self, code: Code<'d, Self>) -> Result<Const<'d>, ErrorKind> {
        let Const::Tuple(consts) = code.consts else {
            return Err(ErrorKind::BadField("co_consts"));
        };
        let (locals, qualname, exceptiontable): (_, &[u8], &[u8]) = match code.locals {
            Locals::Split { nlocals, varnames, freevars, cellvars } => {
                (code::Locals::Split { nlocals, varnames, freevars, cellvars }, b"", b"")
            }
            Locals::Plus { names, kinds, qualname, exceptiontable } => {
                if names.len() != kinds.len() {
                    return Err(ErrorKind::BadField("co_localspluskinds"));
                }
                (
                    code::Locals::Plus { names, kinds: Cow::Borrowed(kinds) },
                    qualname,
                    exceptiontable,
                )
            }
        };
        Ok(Const::Code(Arc::new(CodeObject {
            argcount: code.argcount,
            posonlyargcount: code.posonlyargcount,
            kwonlyargcount: code.kwonlyargcount,
            stacksize: code.stacksize,
            flags: CodeFlags::from_bits(code.flags),
            code: Cow::Borrowed(code.bytecode),
            consts,
            names: code.names,
            locals,
            filename: Text::trusted(code.filename),
            name: Text::trusted(code.name),
            qualname: Text::trusted(qualname),
            firstlineno: code.firstlineno,
            linetable: Cow::Borrowed(code.linetable),
            exceptiontable: Cow::Borrowed(exceptiontable),
        })))
    }

    #[cold]
    fn to_names(&mut self, constant: &Const<'d>) -> Option<Arc<[Text<'d>]>> {
        let Const::Tuple(items) = constant else { return None };
        let text = |item: &Const<'d>| match item {
            Const::Str(text) => Some(text.clone()),
            _ => None,
        };
        items.iter().map(text).collect()
    }

    fn names_constant(&mut self, names: &Arc<[Text<'d>]>) -> Const<'d> {
        Const::Tuple(names.iter().cloned().map(Const::Str).collect())
    }
}
