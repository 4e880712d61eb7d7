//! Converts a file's codes to `pyc_code`'s code object.
//!
//! Constants that several units share are one `Arc` each.

use std::borrow::Cow;
use std::sync::Arc;

use pyc_code::{CodeObject, Const, Locals, Text};

use crate::constant::{CodeId, ConstId, Constant};
use crate::context::Context;
use crate::name::Name;

/// The code object of a finished unit, including nested ones.
pub(crate) fn to_object(root: CodeId, context: &Context<'_>) -> CodeObject<'static> {
    let filename = Text::from(context.options.filename().to_owned());
    let made = vec![None; context.constants.len()];
    Maker { context, filename, made }.code(root)
}

struct Maker<'c, 'o> {
    context: &'c Context<'o>,
    filename: Text<'static>,
    /// Indexed by constant.
    made: Vec<Option<Const<'static>>>,
}

impl Maker<'_, '_> {
    fn code(&mut self, id: CodeId) -> CodeObject<'static> {
        let codes = &self.context.codes;
        let code = &codes[id];
        let bytes = |bytes| Cow::Owned(codes.bytes(bytes).to_vec());
        let names = |names| codes.names(names).iter().map(|&name| self.text(name)).collect();
        let mut object = CodeObject::default();
        object.argcount = code.argcount;
        object.posonlyargcount = code.posonlyargcount;
        object.kwonlyargcount = code.kwonlyargcount;
        object.stacksize = code.stack_size;
        object.flags = code.flags;
        object.code = Cow::Owned(codes.units(code.bytecode).to_vec());
        object.names = names(code.names);
        object.locals = Locals::Plus { names: names(code.locals), kinds: bytes(code.kinds) };
        object.filename = self.filename.clone();
        object.name = self.text(code.name);
        object.qualname = self.text(code.qualname);
        object.firstlineno = code.first_line.number();
        object.linetable = bytes(code.locations);
        object.exceptiontable = bytes(code.exceptions);
        object.consts = self.constants(codes.consts(code.consts));
        object
    }

    fn constants(&mut self, ids: &[ConstId]) -> Arc<[Const<'static>]> {
        ids.iter().map(|&id| self.constant(id)).collect()
    }

    fn constant(&mut self, id: ConstId) -> Const<'static> {
        if let Some(known) = &self.made[id.index()] {
            return known.clone();
        }
        let constants = &self.context.constants;
        let made = match &constants[id] {
            Constant::None => Const::None,
            Constant::False => Const::Bool(false),
            Constant::True => Const::Bool(true),
            Constant::Ellipsis => Const::Ellipsis,
            Constant::Int(value) => Const::Int(value.clone()),
            Constant::Float(value) => Const::Float(*value),
            Constant::Complex(real, imaginary) => Const::Complex(*real, *imaginary),
            Constant::Str(text) => Const::Str(self.text(*text)),
            Constant::Bytes(bytes) => Const::Bytes(Cow::Owned(bytes.to_vec())),
            Constant::Tuple(items) => Const::Tuple(self.constants(items)),
            Constant::FrozenSet(items) => Const::FrozenSet(self.constants(items)),
            Constant::Slice(parts) => Const::Slice(Arc::new(parts.map(|part| self.constant(part)))),
            // Each occurs only once, so it isn't cached.
            Constant::Code(code) => return Const::Code(Arc::new(self.code(*code))),
        };
        self.made[id.index()] = Some(made.clone());
        made
    }

    fn text(&self, name: Name) -> Text<'static> {
        Text::from_surrogatepass(self.context.names.bytes(name).to_vec())
            .expect("names are made of decoded sources and literals")
    }
}
