//! Finished code objects, which still refer to the file's names and constants.
//!
//! [`to_object`] converts to the `pyc_code::CodeObject` that [`crate::compile`] returns,
//! [`to_marshal`] to its marshal stream.

mod object;
mod stream;

#[cfg(test)]
mod tests;

pub(crate) use object::to_object;
pub(crate) use stream::to_marshal;

use pyc_code::CodeFlags;

use crate::constant::{CodeId, ConstId};
use crate::location::Line;
use crate::name::{Name, count, push_copies};

/// A finished code object. Its parts of variable length are in the file's [`Codes`].
#[derive(Clone, Copy, Debug)]
pub(crate) struct Code {
    pub(crate) name: Name,
    pub(crate) qualname: Name,
    pub(crate) first_line: Line,
    pub(crate) flags: CodeFlags,
    pub(crate) argcount: u32,
    pub(crate) posonlyargcount: u32,
    pub(crate) kwonlyargcount: u32,
    pub(crate) stack_size: u32,
    pub(crate) bytecode: Units,
    pub(crate) consts: Consts,
    pub(crate) names: Names,
    /// Locals, cells and free variables: `co_localsplusnames`.
    pub(crate) locals: Names,
    /// The last of the locals: `co_freevars`
    pub(crate) frees: Names,
    /// `co_localspluskinds`
    pub(crate) kinds: Bytes,
    pub(crate) locations: Bytes,
    pub(crate) exceptions: Bytes,
}

/// The code units of a code object.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Units(Span);

/// A range of bytes in a file's codes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bytes(Span);

/// A range of constants in a file's codes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Consts(Span);

/// A range of names in a file's codes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Names(Span);

#[derive(Clone, Copy, Debug)]
struct Span {
    start: u32,
    end: u32,
}

/// All finished code objects of a file; inner ones precede the outer ones.
#[derive(Debug, Default)]
pub(crate) struct Codes {
    list: Vec<Code>,
    units: Vec<[u8; 2]>,
    bytes: Vec<u8>,
    consts: Vec<ConstId>,
    names: Vec<Name>,
}

impl Codes {
    /// Stores `code`, which was finished last.
    pub(crate) fn push(&mut self, code: Code) -> CodeId {
        let id = CodeId(count(self.list.len()));
        self.list.push(code);
        id
    }

    /// Removes everything, and keeps the memory.
    pub(crate) fn clear(&mut self) {
        let Self { list, units, bytes, consts, names } = self;
        list.clear();
        units.clear();
        bytes.clear();
        consts.clear();
        names.clear();
    }

    /// The approximate size of the stream in bytes, without constants and names.
    pub(crate) fn size(&self) -> usize {
        let Self { list, units, bytes, consts, names } = self;
        100 * list.len() + 2 * units.len() + bytes.len() + 5 * (consts.len() + names.len())
    }

    /// Adds code of this number of units, filled with zeros that `write` overwrites, and the
    /// location table that it appends.
    pub(crate) fn add_code(
        &mut self,
        units: u32,
        write: impl FnOnce(&mut [[u8; 2]], &mut Vec<u8>),
    ) -> (Units, Bytes) {
        let Self { units: all, bytes, .. } = self;
        let (start, table) = (count(all.len()), count(bytes.len()));
        push_copies(all, &[[0; 2]; 64], units as usize);
        write(&mut all[start as usize..], bytes);
        let units = Units(Span { start, end: start + units });
        (units, Bytes(Span { start: table, end: count(bytes.len()) }))
    }

    /// Adds the bytes that `write` appends.
    pub(crate) fn add_bytes(&mut self, write: impl FnOnce(&mut Vec<u8>)) -> Bytes {
        let start = count(self.bytes.len());
        write(&mut self.bytes);
        Bytes(Span { start, end: count(self.bytes.len()) })
    }

    pub(crate) fn add_consts(&mut self, consts: &[ConstId]) -> Consts {
        let start = count(self.consts.len());
        self.consts.extend_from_slice(consts);
        Consts(Span { start, end: count(self.consts.len()) })
    }

    pub(crate) fn add_names(&mut self, names: impl Iterator<Item = Name>) -> Names {
        let start = count(self.names.len());
        self.names.extend(names);
        Names(Span { start, end: count(self.names.len()) })
    }

    /// Replaces the first name.
    pub(crate) fn rename_first(&mut self, names: Names, name: Name) {
        self.names[names.0.start as usize] = name;
    }

    pub(crate) fn units(&self, units: Units) -> &[u8] {
        units.0.of(&self.units).as_flattened()
    }

    pub(crate) fn bytes(&self, bytes: Bytes) -> &[u8] {
        bytes.0.of(&self.bytes)
    }

    pub(crate) fn consts(&self, consts: Consts) -> &[ConstId] {
        consts.0.of(&self.consts)
    }

    pub(crate) fn names(&self, names: Names) -> &[Name] {
        names.0.of(&self.names)
    }

    /// Whether CPython would merge these code objects as equal constants (`codeobject.c:
    /// code_richcompare`, 3.13). Qualified names and stack sizes are ignored.
    pub(crate) fn is_equal(&self, one: &Code, other: &Code) -> bool {
        let numbers = |code: &Code| {
            let Code { name, first_line, flags, argcount, posonlyargcount, kwonlyargcount, .. } =
                *code;
            (name, first_line, flags, argcount, posonlyargcount, kwonlyargcount)
        };
        numbers(one) == numbers(other)
            && self.units(one.bytecode) == self.units(other.bytecode)
            && self.bytes(one.locations) == self.bytes(other.locations)
            && self.bytes(one.exceptions) == self.bytes(other.exceptions)
            && self.consts(one.consts) == self.consts(other.consts)
            && self.names(one.names) == self.names(other.names)
            && self.names(one.locals) == self.names(other.locals)
    }
}

impl std::ops::Index<CodeId> for Codes {
    type Output = Code;

    fn index(&self, id: CodeId) -> &Code {
        &self.list[id.0 as usize]
    }
}

impl Names {
    pub(crate) fn len(self) -> usize {
        (self.0.end - self.0.start) as usize
    }

    pub(crate) fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// The last `count` items.
    pub(crate) fn last(self, count: u32) -> Self {
        Self(Span { start: self.0.end - count, ..self.0 })
    }
}

impl Span {
    fn of<T>(self, all: &[T]) -> &[T] {
        &all[self.start as usize..self.end as usize]
    }
}
