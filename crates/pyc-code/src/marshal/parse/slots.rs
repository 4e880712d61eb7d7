//! The values that references lead to.
//!
//! After `da 01 78`, slot 0 contains the string `x`; `72 00000000` refers to it as a string or as a
//! constant.

use super::Done;
use crate::error::{Error, ErrorKind};
use crate::marshal::build::Build;
use crate::marshal::cursor::Head;
use crate::marshal::tag::Tag;

/// The flagged values in the order of their type bytes: a container comes before its items.
pub(super) struct Slots<'d, B: Build<'d>>(Vec<Entry<'d, B>>);

/// The slot of a value; `None` if it isn't flagged.
#[derive(Clone, Copy)]
pub(super) struct Slot(Option<u32>);

struct Entry<'d, B: Build<'d>> {
    held: Held<'d, B>,
    /// As in [`Done`]; 0 while the value is being read.
    height: u16,
}

enum Held<'d, B: Build<'d>> {
    /// A container being read.
    Open(Tag),
    Str(B::Str),
    Bytes(B::Bytes),
    Constant(B::Constant),
    Names(B::Names),
    /// A tuple that is used both in a field and as a constant. Both forms are kept, because
    /// converting it at every reference could take quadratic time.
    Both(Box<(B::Names, B::Constant)>),
}

impl<'d, B: Build<'d>> Slots<'d, B> {
    pub(super) fn new(guess: usize) -> Self {
        Self(Vec::with_capacity(guess))
    }

    /// Reserves the slot of a container before its children take theirs (`marshal.c:
    /// r_ref_reserve`).
    #[inline]
    pub(super) fn reserve(&mut self, head: Head) -> Slot {
        if !head.flagged {
            return Slot(None);
        }
        self.0.push(Entry { held: Held::Open(head.tag), height: 0 });
        Slot(Some(self.0.len() as u32 - 1))
    }

    #[inline(always)]
    pub(super) fn add_str(&mut self, text: B::Str) {
        self.0.push(Entry { held: Held::Str(text), height: 1 });
    }

    #[inline(always)]
    pub(super) fn add_bytes(&mut self, bytes: B::Bytes) {
        self.0.push(Entry { held: Held::Bytes(bytes), height: 1 });
    }

    #[inline(always)]
    pub(super) fn fill_constant(&mut self, slot: Slot, value: &B::Constant, height: u16) {
        if let Slot(Some(index)) = slot {
            self.0[index as usize] = Entry { held: Held::Constant(value.clone()), height };
        }
    }

    #[inline(always)]
    pub(super) fn fill_names(&mut self, slot: Slot, names: &B::Names, height: u16) {
        if let Slot(Some(index)) = slot {
            self.0[index as usize] = Entry { held: Held::Names(names.clone()), height };
        }
    }

    /// The string in a slot; `None` for other values.
    #[inline]
    pub(super) fn string(&self, index: u32) -> Option<B::Str> {
        match self.0.get(index as usize)?.held {
            Held::Str(text) => Some(text),
            _ => None,
        }
    }

    #[inline]
    pub(super) fn bytes(&self, index: u32) -> Option<B::Bytes> {
        match self.0.get(index as usize)?.held {
            Held::Bytes(bytes) => Some(bytes),
            _ => None,
        }
    }

    #[inline]
    pub(super) fn names(&mut self, index: u32, build: &mut B) -> Option<Done<B::Names>> {
        let entry = self.0.get_mut(index as usize)?;
        let value = match &entry.held {
            Held::Names(names) => names.clone(),
            Held::Both(both) => both.0.clone(),
            Held::Constant(constant) => {
                let names = build.to_names(constant)?;
                entry.held = Held::Both(Box::new((names.clone(), constant.clone())));
                names
            }
            _ => return None,
        };
        Some(Done { value, height: entry.height })
    }

    /// The constant that the reference at byte `at` leads to.
    #[inline]
    pub(super) fn constant(
        &mut self,
        index: u32,
        at: usize,
        build: &mut B,
    ) -> Result<Done<B::Constant>, Error> {
        let Some(entry) = self.0.get_mut(index as usize) else {
            return Err(Error::at(ErrorKind::BadReference(index), at));
        };
        let value = match &entry.held {
            Held::Str(text) => build.str_constant(*text),
            Held::Constant(constant) => constant.clone(),
            Held::Bytes(bytes) => build.bytes_constant(*bytes),
            Held::Both(both) => both.1.clone(),
            Held::Names(names) => {
                let constant = build.names_constant(names);
                entry.held = Held::Both(Box::new((names.clone(), constant.clone())));
                constant
            }
            Held::Open(tag) => return Err(incomplete(*tag, index, at)),
        };
        Ok(Done { value, height: entry.height })
    }

    /// Whether the slot exists and its value is complete.
    pub(super) fn is_complete(&self, index: u32) -> bool {
        let entry = self.0.get(index as usize);
        entry.is_some_and(|entry| !matches!(entry.held, Held::Open(_)))
    }
}

/// The error for a reference to a container being read.
#[cold]
fn incomplete(tag: Tag, index: u32, at: usize) -> Error {
    let kind =
        if tag.may_hold_itself() { ErrorKind::Recursive } else { ErrorKind::BadReference(index) };
    Error::at(kind, at)
}
