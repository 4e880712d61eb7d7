//! Goes through a code object and hands its parts to a builder, twin of `parse.rs`.
//!
//! `CodeObject { consts: [Const::None], … }` is `leaf`, `sequence`, …, `code`.
//!
//! What the code object shares is gone through once: a value may be shared more often than could be written out.

use std::slice::Iter;
use std::sync::Arc;

use hashbrown::HashMap;

use super::MAX_DEPTH;
use super::build::{Build, Code, Locals};
use super::cursor::MAX_LENGTH;
use super::layout::Field;
use super::leaf::Leaf;
use super::tag::Tag;
use crate::code::{self, CodeObject};
use crate::constant::Const;
use crate::error::{Error, ErrorKind};
use crate::text::Text;
use crate::version::{Layout, Minor};

/// Hands the parts of `code` to `build`.
pub(super) fn code<'c, B: Build<'c>>(
    code: &'c CodeObject<'_>,
    minor: Minor,
    build: &mut B,
) -> Result<B::Constant, Error> {
    let mut walker = Walker {
        layout: minor.layout(),
        slices: Tag::Slice.is_known_to(minor),
        build,
        open: Vec::with_capacity(16),
        constants: Vec::with_capacity(64),
        strings: Vec::with_capacity(64),
        shared: HashMap::new(),
        shared_names: HashMap::new(),
        recent: vec![None; RECENT],
    };
    walker.run(code).map_err(Error::new)
}

struct Walker<'c, 'a, 'b, B: Build<'c>> {
    layout: Layout,
    slices: bool,
    build: &'b mut B,
    /// Containers that are not complete, outermost first.
    open: Vec<Open<'c, 'a>>,
    /// The children of all open containers, as far as they are complete.
    constants: Vec<B::Constant>,
    /// The items of a tuple in a field.
    strings: Vec<B::Str>,
    /// What was made of what several places hold.
    shared: HashMap<Address, Done<B::Constant>>,
    shared_names: HashMap<Address, B::Names>,
    /// Strings that were met last, each in a place that its address decides: most names come again soon, and many
    /// from one address, which is quicker to tell than that two strings are equal.
    recent: Vec<Option<(&'c [u8], B::Str)>>,
}

/// A power of two.
const RECENT: usize = 512;

/// Where a container is, and of which type it is: two empty ones may be in one place.
type Address = (Tag, *const ());

/// A container that is not complete.
enum Open<'c, 'a> {
    Sequence(Sequence<'c, 'a>),
    /// A code object, of which only the constants are open or complete.
    Code(&'c CodeObject<'a>, Option<Address>),
}

struct Sequence<'c, 'a> {
    tag: Tag,
    /// Where it is, if others may hold it too.
    address: Option<Address>,
    /// Children that are still to come.
    left: Iter<'c, Const<'a>>,
    /// Where the complete ones start in `constants`.
    base: usize,
    /// The highest of its children so far; 0 if it has none.
    height: u16,
}

/// A complete constant, and how many containers deep it is, itself among them.
#[derive(Clone)]
struct Done<Value> {
    value: Value,
    height: u16,
}

impl<'c, 'a, B: Build<'c>> Walker<'c, 'a, '_, B> {
    fn run(&mut self, code: &'c CodeObject<'a>) -> Result<B::Constant, ErrorKind> {
        let mut done = self.start_code(code, None)?;
        loop {
            if let Some(Done { value, height }) = done {
                match self.open.pop() {
                    None => return Ok(value),
                    Some(Open::Code(code, address)) => {
                        done = Some(self.finish_code(code, address, Done { value, height })?);
                    }
                    Some(Open::Sequence(mut sequence)) => {
                        self.constants.push(value);
                        sequence.height = sequence.height.max(height);
                        done = self.items(sequence)?;
                    }
                }
            } else if let Some(Open::Sequence(sequence)) = self.open.pop() {
                done = self.items(sequence)?;
            }
        }
    }

    /// Goes through what is left of a sequence: to its end, or to a container in it, which is open then.
    fn items(
        &mut self,
        mut sequence: Sequence<'c, 'a>,
    ) -> Result<Option<Done<B::Constant>>, ErrorKind> {
        let depth = self.open.len() + 1;
        while let Some(item) = sequence.left.next() {
            let (tag, address, items) = match item {
                Const::Tuple(items) => (Tag::Tuple, address(Tag::Tuple, items), &items[..]),
                Const::FrozenSet(items) => {
                    (Tag::FrozenSet, address(Tag::FrozenSet, items), &items[..])
                }
                Const::Slice(_) if !self.slices => return Err(ErrorKind::NotConstant("slice")),
                Const::Slice(items) => (Tag::Slice, address(Tag::Slice, items), &items[..]),
                Const::Code(code) => (Tag::Code, address(Tag::Code, code), &[][..]),
                leaf => {
                    let leaf = self.leaf(leaf);
                    self.constants.push(leaf);
                    continue;
                }
            };
            if let Some(known) = self.known(address) {
                check_height(depth, known.height)?;
                sequence.height = sequence.height.max(known.height);
                self.constants.push(known.value);
                continue;
            }
            self.open.push(Open::Sequence(sequence));
            if let Const::Code(code) = item {
                return self.start_code(code, address);
            }
            self.start_sequence(tag, address, items)?;
            return Ok(None);
        }
        let Sequence { tag, address, base, height, .. } = sequence;
        let value = self.build.sequence(tag, self.constants.drain(base..))?;
        let done = Done { value, height: height + 1 };
        self.keep(address, &done);
        Ok(Some(done))
    }

    fn start_sequence(
        &mut self,
        tag: Tag,
        address: Option<Address>,
        items: &'c [Const<'a>],
    ) -> Result<(), ErrorKind> {
        let height = u16::from(!items.is_empty());
        check_height(self.open.len(), 1 + height)?;
        let base = self.constants.len();
        let left = items.iter();
        self.open.push(Open::Sequence(Sequence { tag, address, left, base, height }));
        Ok(())
    }

    fn start_code(
        &mut self,
        code: &'c CodeObject<'a>,
        own: Option<Address>,
    ) -> Result<Option<Done<B::Constant>>, ErrorKind> {
        self.open.push(Open::Code(code, own));
        check_height(self.open.len(), 1)?;
        let address = address(Tag::Tuple, &code.consts);
        if let Some(known) = self.known(address) {
            check_height(self.open.len(), known.height)?;
            return Ok(Some(known));
        }
        self.start_sequence(Tag::Tuple, address, &code.consts)?;
        Ok(None)
    }

    /// Goes through the fields of a code object whose constants are complete and whose container is closed.
    fn finish_code(
        &mut self,
        code: &'c CodeObject<'a>,
        address: Option<Address>,
        consts: Done<B::Constant>,
    ) -> Result<Done<B::Constant>, ErrorKind> {
        let mut height = consts.height;
        let names = self.names(&code.names, &mut height)?;
        let locals = match (&code.locals, self.layout) {
            (code::Locals::Split { nlocals, varnames, freevars, cellvars }, Layout::Split) => {
                Locals::Split {
                    nlocals: natural(*nlocals, Field::NLocals)?,
                    varnames: self.names(varnames, &mut height)?,
                    freevars: self.names(freevars, &mut height)?,
                    cellvars: self.names(cellvars, &mut height)?,
                }
            }
            (code::Locals::Plus { names, kinds }, Layout::Plus) => Locals::Plus {
                names: self.names(names, &mut height)?,
                kinds: self.build.bytes(kinds),
                qualname: self.string(&code.qualname),
                exceptiontable: self.build.bytes(&code.exceptiontable),
            },
            _ => return Err(ErrorKind::BadField("locals")),
        };
        let parts = Code {
            argcount: natural(code.argcount, Field::ArgCount)?,
            posonlyargcount: natural(code.posonlyargcount, Field::PosOnlyArgCount)?,
            kwonlyargcount: natural(code.kwonlyargcount, Field::KwOnlyArgCount)?,
            stacksize: natural(code.stacksize, Field::StackSize)?,
            flags: code.flags.bits(),
            bytecode: self.build.bytes(&code.code),
            consts: consts.value,
            names,
            locals,
            filename: self.string(&code.filename),
            name: self.string(&code.name),
            firstlineno: code.firstlineno,
            linetable: self.build.bytes(&code.linetable),
        };
        let done = Done { value: self.build.code(parts)?, height: height + 1 };
        self.keep(address, &done);
        Ok(done)
    }

    /// Hands over a tuple of strings; `height` becomes at least its own.
    fn names(
        &mut self,
        names: &'c Arc<[Text<'a>]>,
        height: &mut u16,
    ) -> Result<B::Names, ErrorKind> {
        let own = 1 + u16::from(!names.is_empty());
        // The code object itself is not in `open` any more.
        check_height(self.open.len() + 1, own)?;
        *height = own.max(*height);
        let address = address(Tag::Tuple, names);
        if let Some(known) = address.and_then(|address| self.shared_names.get(&address)) {
            return Ok(known.clone());
        }
        self.strings.clear();
        for name in &names[..] {
            let text = self.string(name);
            self.strings.push(text);
        }
        let made = self.build.names(&self.strings)?;
        if let Some(address) = address {
            self.shared_names.insert(address, made.clone());
        }
        Ok(made)
    }

    #[inline]
    fn string(&mut self, text: &'c Text<'_>) -> B::Str {
        let text = text.as_bytes();
        let place = (text.as_ptr() as usize >> 2) % RECENT;
        if let Some((known, made)) = self.recent[place] {
            if std::ptr::eq(known, text) {
                return made;
            }
        }
        let made = self.build.str(text);
        self.recent[place] = Some((text, made));
        made
    }

    #[inline]
    fn leaf(&mut self, constant: &'c Const<'a>) -> B::Constant {
        let leaf = match constant {
            Const::Str(text) => {
                let text = self.string(text);
                return self.build.str_constant(text);
            }
            Const::Bytes(bytes) => {
                let bytes = self.build.bytes(bytes);
                return self.build.bytes_constant(bytes);
            }
            Const::Bool(true) => Leaf::Singleton(Tag::True.byte()),
            Const::Bool(false) => Leaf::Singleton(Tag::False.byte()),
            Const::Ellipsis => Leaf::Singleton(Tag::Ellipsis.byte()),
            Const::Int(value) => Leaf::int(value),
            Const::Float(value) => Leaf::Float(value.to_bits()),
            Const::Complex(real, imaginary) => Leaf::Complex(real.to_bits(), imaginary.to_bits()),
            _ => Leaf::Singleton(Tag::None.byte()),
        };
        self.build.leaf(leaf)
    }

    fn known(&self, address: Option<Address>) -> Option<Done<B::Constant>> {
        self.shared.get(&address?).cloned()
    }

    fn keep(&mut self, address: Option<Address>, done: &Done<B::Constant>) {
        if let Some(address) = address {
            self.shared.insert(address, done.clone());
        }
    }
}

/// Where a container is; none if this is the only place that holds it.
#[inline]
fn address<T: ?Sized>(tag: Tag, container: &Arc<T>) -> Option<Address> {
    (Arc::strong_count(container) > 1).then(|| (tag, Arc::as_ptr(container).cast()))
}

#[inline]
fn natural(number: u32, field: Field) -> Result<u32, ErrorKind> {
    if number > MAX_LENGTH { Err(ErrorKind::BadField(field.attribute())) } else { Ok(number) }
}

/// Refuses an object that in `open` containers nests deeper than the limit.
#[inline]
fn check_height(open: usize, height: u16) -> Result<(), ErrorKind> {
    if open + usize::from(height) > MAX_DEPTH { Err(ErrorKind::TooDeep) } else { Ok(()) }
}
