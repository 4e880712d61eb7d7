//! Traverses a code object and passes its parts to a builder; the counterpart of `parse.rs`.
//!
//! `CodeObject { consts: [Const::None], … }` is passed as `leaf`, `sequence`, …, `code`.
//!
//! Shared containers are traversed once: with nested sharing, the number of paths to them can be
//! exponential.

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

/// Passes the parts of `code` to `build`.
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
    /// The containers being traversed, outermost first.
    open: Vec<Open<'c, 'a>>,
    /// The children built so far of all open containers.
    constants: Vec<B::Constant>,
    /// The items of the field tuple being traversed.
    strings: Vec<B::Str>,
    /// What was built from containers that may be shared.
    shared: HashMap<Address, Done<B::Constant>>,
    shared_names: HashMap<Address, B::Names>,
    /// A cache of recently seen strings, indexed by a hash of their address. Most names recur soon
    /// and many from the same address, and comparing addresses is faster than comparing strings.
    recent: Vec<Option<(&'c [u8], B::Str)>>,
}

/// Size of the cache; a power of two, so that a mask selects the entry.
const RECENT: usize = 512;

/// Type and address of a container. The type is needed because two empty containers can have the
/// same address.
type Address = (Tag, *const ());

/// A container being traversed.
enum Open<'c, 'a> {
    Sequence(Sequence<'c, 'a>),
    /// A code object whose constants are being traversed.
    Code(&'c CodeObject<'a>, Option<Address>),
}

struct Sequence<'c, 'a> {
    tag: Tag,
    /// Its address, if other places may share it.
    address: Option<Address>,
    /// The children still to be traversed.
    left: Iter<'c, Const<'a>>,
    /// Index in `constants` of the first child.
    base: usize,
    /// Maximum height of the children so far; 0 if there are none.
    height: u16,
}

/// A complete constant and its levels of nesting, including itself.
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

    /// Traverses the rest of a sequence. Returns `None` when it has opened a nested container.
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

    /// Passes the fields of a code object whose constants are complete.
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

    /// Passes a tuple of strings and raises `height` to at least the tuple's height.
    fn names(
        &mut self,
        names: &'c Arc<[Text<'a>]>,
        height: &mut u16,
    ) -> Result<B::Names, ErrorKind> {
        let own = 1 + u16::from(!names.is_empty());
        // The code object is no longer in `open`, so it is counted here.
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

/// The address of a container; `None` if it has only one owner.
#[inline(always)]
fn address<T: ?Sized>(tag: Tag, container: &Arc<T>) -> Option<Address> {
    (Arc::strong_count(container) > 1).then(|| (tag, Arc::as_ptr(container).cast()))
}

#[inline(always)]
fn natural(number: u32, field: Field) -> Result<u32, ErrorKind> {
    if number > MAX_LENGTH { Err(ErrorKind::BadField(field.attribute())) } else { Ok(number) }
}

/// Checks that a value of this height in `open` containers doesn't exceed the maximum depth.
#[inline(always)]
fn check_height(open: usize, height: u16) -> Result<(), ErrorKind> {
    if open + usize::from(height) > MAX_DEPTH { Err(ErrorKind::TooDeep) } else { Ok(()) }
}
