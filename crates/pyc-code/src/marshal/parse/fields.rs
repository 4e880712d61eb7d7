//! Reads the fields of a code object. They are read in sequence, because only the constants nest.
//!
//! `63 00000000 … 73 …` up to `co_code` is a [`Start`]; `co_names` and the other fields follow
//! after the constants.

use super::{Done, Open, Parser};
use crate::error::{Error, ErrorKind};
use crate::marshal::MAX_DEPTH;
use crate::marshal::build::{Build, Code, Locals};
use crate::marshal::cursor::{Content, Head, MAX_LENGTH, REFERENCE_LEN};
use crate::marshal::layout::Field;
use crate::marshal::parse::slots::Slot;
use crate::version::Layout;

/// The fields before the constants.
#[derive(Clone, Copy)]
pub(super) struct Start<Bytes> {
    at: usize,
    slot: Slot,
    argcount: u32,
    posonlyargcount: u32,
    kwonlyargcount: u32,
    nlocals: u32,
    stacksize: u32,
    flags: u32,
    bytecode: Bytes,
}

impl<'d, B: Build<'d>> Parser<'d, '_, B> {
    /// Reads the fields up to the constants, and starts reading these unless they are a reference.
    pub(super) fn start_code(&mut self, head: Head) -> Result<Option<Done<B::Constant>>, Error> {
        let at = head.at;
        let slot = self.slots.reserve(head);
        let start = Start {
            at,
            slot,
            argcount: self.natural(at, Field::ArgCount)?,
            posonlyargcount: self.natural(at, Field::PosOnlyArgCount)?,
            kwonlyargcount: self.natural(at, Field::KwOnlyArgCount)?,
            nlocals: match self.layout {
                Layout::Split => self.natural(at, Field::NLocals)?,
                Layout::Plus => 0,
            },
            stacksize: self.natural(at, Field::StackSize)?,
            flags: self.cursor.u32()?,
            bytecode: self.bytes(at, Field::Code)?,
        };
        self.open.push(Open::Code(start));
        if self.open.len() >= MAX_DEPTH {
            return Err(Error::at(ErrorKind::TooDeep, self.cursor.at()));
        }
        if let Some(index) = self.cursor.reference() {
            let known = self.constant_of(index)?;
            self.check_height(self.open.len(), known.height)?;
            return Ok(Some(known));
        }
        let head = self.cursor.head(self.minor)?;
        if !head.tag.is_tuple() {
            self.cursor.payload(head)?;
            return Err(bad_field(at, Field::Consts));
        }
        self.start_sequence(head)?;
        Ok(None)
    }

    /// Reads the fields after the constants.
    pub(super) fn finish_code(
        &mut self,
        start: Start<B::Bytes>,
        consts: Done<B::Constant>,
    ) -> Result<Done<B::Constant>, Error> {
        let at = start.at;
        let mut height = consts.height;
        let names = self.names(at, Field::Names, &mut height)?;
        let locals = match self.layout {
            Layout::Split => Tuples::Split {
                varnames: self.names(at, Field::VarNames, &mut height)?,
                freevars: self.names(at, Field::FreeVars, &mut height)?,
                cellvars: self.names(at, Field::CellVars, &mut height)?,
            },
            Layout::Plus => Tuples::Plus {
                names: self.names(at, Field::LocalsPlusNames, &mut height)?,
                kinds: self.bytes(at, Field::LocalsPlusKinds)?,
            },
        };
        let filename = self.string(at, Field::FileName)?;
        let name = self.string(at, Field::Name)?;
        let qualname = match self.layout {
            Layout::Split => name,
            Layout::Plus => self.string(at, Field::QualName)?,
        };
        let firstlineno = i32::from_le_bytes(self.cursor.u32()?.to_le_bytes());
        let linetable = self.bytes(at, Field::LineTable)?;
        let locals = match locals {
            Tuples::Split { varnames, freevars, cellvars } => {
                Locals::Split { nlocals: start.nlocals, varnames, freevars, cellvars }
            }
            Tuples::Plus { names, kinds } => {
                let exceptiontable = self.bytes(at, Field::ExceptionTable)?;
                Locals::Plus { names, kinds, qualname, exceptiontable }
            }
        };
        let code = Code {
            argcount: start.argcount,
            posonlyargcount: start.posonlyargcount,
            kwonlyargcount: start.kwonlyargcount,
            stacksize: start.stacksize,
            flags: start.flags,
            bytecode: start.bytecode,
            consts: consts.value,
            names,
            locals,
            filename,
            name,
            firstlineno,
            linetable,
        };
        let value = self.build.code(code).map_err(|kind| Error::at(kind, at))?;
        let height = height.max(1) + 1;
        self.slots.fill_constant(start.slot, &value, height);
        Ok(Done { value, height })
    }

    /// Reads a number, which must not be negative.
    #[inline(always)]
    fn natural(&mut self, at: usize, field: Field) -> Result<u32, Error> {
        let number = self.cursor.u32()?;
        if number > MAX_LENGTH { Err(bad_field(at, field)) } else { Ok(number) }
    }

    #[inline]
    fn string(&mut self, at: usize, field: Field) -> Result<B::Str, Error> {
        if let Some(index) = self.cursor.reference() {
            return match self.slots.string(index) {
                Some(text) => Ok(text),
                None => Err(self.bad_reference(index, at, field)),
            };
        }
        let Content { bytes, flagged } = match self.cursor.short_ascii() {
            Some(text) => text,
            None => self.any_string(at, field)?,
        };
        let text = self.build.str(bytes);
        if flagged {
            self.slots.add_str(text);
        }
        Ok(text)
    }

    #[cold]
    fn any_string(&mut self, at: usize, field: Field) -> Result<Content<'d>, Error> {
        let head = self.cursor.head(self.minor)?;
        let bytes = self.cursor.payload(head)?;
        if !head.tag.is_str() {
            return Err(bad_field(at, field));
        }
        Ok(Content { bytes, flagged: head.flagged })
    }

    #[inline]
    fn bytes(&mut self, at: usize, field: Field) -> Result<B::Bytes, Error> {
        if let Some(Content { bytes, flagged }) = self.cursor.bytes() {
            let bytes = self.build.bytes(bytes);
            if flagged {
                self.slots.add_bytes(bytes);
            }
            return Ok(bytes);
        }
        match self.cursor.reference() {
            Some(index) => match self.slots.bytes(index) {
                Some(bytes) => Ok(bytes),
                None => Err(self.bad_reference(index, at, field)),
            },
            None => Err(self.no_bytes(at, field)),
        }
    }

    #[cold]
    fn no_bytes(&mut self, at: usize, field: Field) -> Error {
        let head = self.cursor.head(self.minor);
        match head.and_then(|head| self.cursor.payload(head)) {
            Ok(_) => bad_field(at, field),
            Err(error) => error,
        }
    }

    /// Reads a tuple of strings and raises `height` to at least the tuple's height.
    #[inline]
    fn names(&mut self, at: usize, field: Field, height: &mut u16) -> Result<B::Names, Error> {
        // The code object is no longer in `open`, so it is counted here.
        let open = self.open.len() + 1;
        if let Some(index) = self.cursor.reference() {
            let Some(known) = self.slots.names(index, self.build) else {
                return Err(self.bad_reference(index, at, field));
            };
            self.check_height(open, known.height)?;
            *height = known.height.max(*height);
            return Ok(known.value);
        }
        let head = self.cursor.head(self.minor)?;
        if !head.tag.is_tuple() {
            self.cursor.payload(head)?;
            return Err(bad_field(at, field));
        }
        let count = self.cursor.count(head)?.unwrap_or(0);
        let slot = self.slots.reserve(head);
        let own = if count == 0 { 1 } else { 2 };
        self.check_height(open, own)?;
        *height = own.max(*height);
        self.strings.clear();
        for _ in 0..count {
            let text = self.string(at, field)?;
            self.strings.push(text);
        }
        let names = self.build.names(&self.strings);
        let names = names.map_err(|kind| Error::at(kind, head.at))?;
        self.slots.fill_names(slot, &names, own);
        Ok(names)
    }

    /// The error for a reference in a field of the code object at byte `at`.
    #[cold]
    fn bad_reference(&self, index: u32, at: usize, field: Field) -> Error {
        if self.slots.is_complete(index) {
            return bad_field(at, field);
        }
        Error::at(ErrorKind::BadReference(index), self.cursor.at() - REFERENCE_LEN)
    }
}

/// The fields of [`Locals`] that precede the file name.
enum Tuples<Bytes, Names> {
    Split { varnames: Names, freevars: Names, cellvars: Names },
    Plus { names: Names, kinds: Bytes },
}

#[cold]
fn bad_field(at: usize, field: Field) -> Error {
    Error::at(ErrorKind::BadField(field.attribute()), at)
}
