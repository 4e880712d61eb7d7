//! Writes a file's codes directly as a marshal stream in the canonical form CF1.
//!
//! Names and constants are already numbered without duplicates, as `pyc_code`'s composer requires.

use pyc_code::Minor;
use pyc_code::marshal::{self, CodeParts, Item, Numbered, Values};

use super::to_object;
use crate::constant::{CodeId, ConstId, Constant};
use crate::context::Context;
use crate::error::{ErrorKind, Fault, Result};
use crate::location::Location;
use crate::name::Name;

/// The stream of a finished unit, including nested ones.
///
/// Equals `pyc_code::marshal::write` of [`to_object`], byte for byte.
pub(crate) fn to_marshal(root: CodeId, context: &mut Context<'_>) -> Result<Vec<u8>> {
    let minor: Minor = context.options.target().minor();
    // NaNs are different constants, but the same value in the stream.
    let stream = if context.constants.have_nan() {
        marshal::write(&to_object(root, context), minor)
    } else {
        let filename = context.names.intern(context.options.filename().as_bytes());
        let mut composer = std::mem::take(&mut context.composer);
        let tables = Tables { context, filename };
        let stream = composer.compose(&tables, root, minor, tables.size());
        context.composer = composer;
        stream
    };
    stream.map_err(|error| Fault::new(ErrorKind::Depth, Location::NONE, error.to_string()))
}

struct Tables<'c, 'o> {
    context: &'c Context<'o>,
    filename: Name,
}

impl Tables<'_, '_> {
    /// The approximate size of the stream in bytes.
    fn size(&self) -> usize {
        let Context { names, constants, codes, .. } = self.context;
        names.size() + 5 * constants.len() + codes.size()
    }
}

impl Values for Tables<'_, '_> {
    type Str = Name;
    type Constant = ConstId;
    type Code = CodeId;

    fn str_count(&self) -> usize {
        self.context.names.len()
    }

    fn constant_count(&self) -> usize {
        self.context.constants.len()
    }

    #[inline(always)]
    fn str(&self, text: Name) -> &[u8] {
        self.context.names.bytes(text)
    }

    #[inline]
    fn constant(&self, constant: ConstId) -> Item<'_, Self> {
        match &self.context.constants[constant] {
            Constant::None => Item::None,
            Constant::False => Item::Bool(false),
            Constant::True => Item::Bool(true),
            Constant::Ellipsis => Item::Ellipsis,
            Constant::Int(value) => Item::Int(value),
            Constant::Float(value) => Item::Float(*value),
            Constant::Complex(real, imaginary) => Item::Complex(*real, *imaginary),
            Constant::Str(text) => Item::Str(*text),
            Constant::Bytes(bytes) => Item::Bytes(bytes),
            Constant::Tuple(items) => Item::Tuple(items),
            Constant::FrozenSet(items) => Item::FrozenSet(items),
            Constant::Slice(parts) => Item::Slice(parts),
            Constant::Code(code) => Item::Code(*code),
        }
    }

    fn code(&self, code: CodeId) -> CodeParts<'_, Self> {
        let codes = &self.context.codes;
        let code = &codes[code];
        CodeParts {
            argcount: code.argcount,
            posonlyargcount: code.posonlyargcount,
            kwonlyargcount: code.kwonlyargcount,
            stacksize: code.stack_size,
            flags: code.flags,
            code: codes.units(code.bytecode),
            consts: codes.consts(code.consts),
            names: codes.names(code.names),
            localsplusnames: codes.names(code.locals),
            localspluskinds: codes.bytes(code.kinds),
            filename: self.filename,
            name: code.name,
            qualname: code.qualname,
            firstlineno: code.first_line.number(),
            linetable: codes.bytes(code.locations),
            exceptiontable: codes.bytes(code.exceptions),
        }
    }
}

impl Numbered for Name {
    #[inline(always)]
    fn number(self) -> usize {
        self.index()
    }
}

impl Numbered for ConstId {
    #[inline(always)]
    fn number(self) -> usize {
        self.index()
    }
}
