//! From a file's codes straight to a marshal stream in the canonical form CF1.
//!
//! Names and constants are numbered already, equal ones once, so each is looked at once; only tables are compared by
//! their content.

use pyc_code::marshal::{self, CodeParts, Composer, Str, Value};

use super::Names;
use crate::constant::{CodeId, ConstId, Constant};
use crate::context::Context;
use crate::error::{ErrorKind, Fault, Result};
use crate::location::Location;
use crate::name::Name;

/// The stream of a finished unit, with all that it nests.
///
/// Equals `pyc_code::marshal::write` of [`super::to_object`], byte for byte.
pub(crate) fn to_marshal(root: CodeId, context: &Context<'_>) -> Result<Vec<u8>> {
    let (names, constants) = (context.names.len(), context.constants.len());
    let minor = context.options.target().minor();
    let mut writer = Writer {
        composer: Composer::new(minor, names / 2 + constants + 6 * context.codes.len()),
        context,
        strings: vec![None; names],
        values: vec![None; constants],
        items: Vec::with_capacity(64),
        texts: Vec::with_capacity(32),
    };
    let root = writer.code(root).map_err(|error| fault(&error))?;
    writer.composer.finish(root).map_err(|error| fault(&error))
}

struct Writer<'c, 'o> {
    context: &'c Context<'o>,
    composer: Composer<'c>,
    /// By name.
    strings: Vec<Option<Str>>,
    /// By constant.
    values: Vec<Option<Value>>,
    /// The items so far of all tuples that are being made.
    items: Vec<Value>,
    texts: Vec<Str>,
}

impl<'c> Writer<'c, '_> {
    fn code(&mut self, id: CodeId) -> Result<Value, pyc_code::Error> {
        let codes = &self.context.codes;
        let code = &codes[id];
        let consts = self.sequence(codes.consts(code.consts), Composer::tuple)?;
        let parts = CodeParts {
            argcount: code.argcount,
            posonlyargcount: code.posonlyargcount,
            kwonlyargcount: code.kwonlyargcount,
            stacksize: code.stack_size,
            flags: code.flags,
            code: self.composer.bytes(codes.bytes(code.bytecode)),
            consts,
            names: self.names(code.names)?,
            localsplusnames: self.names(code.locals)?,
            localspluskinds: self.composer.bytes(codes.bytes(code.kinds)),
            filename: self.composer.str(self.context.options.filename().as_bytes()),
            name: self.string(code.name),
            qualname: self.string(code.qualname),
            firstlineno: code.first_line,
            linetable: self.composer.bytes(codes.bytes(code.locations)),
            exceptiontable: self.composer.bytes(codes.bytes(code.exceptions)),
        };
        self.composer.code(parts)
    }

    fn constant(&mut self, id: ConstId) -> Result<Value, pyc_code::Error> {
        if let Some(known) = self.values[id.index()] {
            return Ok(known);
        }
        let context = self.context;
        let composer = &mut self.composer;
        let value = match &context.constants[id] {
            Constant::None => composer.none(),
            Constant::False => composer.bool(false),
            Constant::True => composer.bool(true),
            Constant::Ellipsis => composer.ellipsis(),
            Constant::Int(value) => composer.int(value),
            Constant::Float(value) => composer.float(*value),
            Constant::Complex(real, imaginary) => composer.complex(*real, *imaginary),
            Constant::Str(text) => self.string(*text).into(),
            Constant::Bytes(bytes) => composer.bytes(bytes).into(),
            Constant::Tuple(items) => self.sequence(items, Composer::tuple)?,
            Constant::FrozenSet(items) => self.sequence(items, Composer::frozenset)?,
            Constant::Slice(parts) => self.sequence(parts, Composer::slice)?,
            // A code object in two places is written twice.
            Constant::Code(code) => return self.code(*code),
        };
        self.values[id.index()] = Some(value);
        Ok(value)
    }

    fn sequence(
        &mut self,
        ids: &[ConstId],
        make: fn(&mut Composer<'c>, &[Value]) -> Result<Value, pyc_code::Error>,
    ) -> Result<Value, pyc_code::Error> {
        let base = self.items.len();
        for &id in ids {
            let item = self.constant(id)?;
            self.items.push(item);
        }
        let value = make(&mut self.composer, &self.items[base..]);
        self.items.truncate(base);
        value
    }

    fn names(&mut self, names: Names) -> Result<marshal::Names, pyc_code::Error> {
        self.texts.clear();
        for &name in self.context.codes.names(names) {
            let text = self.string(name);
            self.texts.push(text);
        }
        self.composer.names(&self.texts)
    }

    fn string(&mut self, name: Name) -> Str {
        let Self { context, composer, strings, .. } = self;
        *strings[name.index()].get_or_insert_with(|| composer.str(context.names.bytes(name)))
    }
}

fn fault(error: &pyc_code::Error) -> Fault {
    Fault::new(ErrorKind::Depth, Location::NONE, error.to_string())
}
