//! Traverses a code object from the outside in, in stream order.

use std::borrow::Cow;

use super::same::Found;
use super::stream::Object;
use super::{Composer, Item, Numbered, Values};
use crate::error::{Error, ErrorKind};
use crate::marshal::MAX_DEPTH;
use crate::marshal::canonical::{self, Nodes};
use crate::marshal::leaf::{Interned, Leaf, is_identifier};
use crate::marshal::tag::Tag;
use crate::version::Minor;

/// Writes a code object and everything nested in it.
pub(super) fn code<V: Values>(
    values: &V,
    composer: &mut Composer,
    root: V::Code,
    minor: Minor,
) -> Result<(), Error> {
    let height = Walk { values, composer, minor, depth: 0 }.code(root);
    height.map(|_| ()).map_err(Error::new)
}

struct Walk<'v, V> {
    values: &'v V,
    composer: &'v mut Composer,
    minor: Minor,
    /// Number of open containers.
    depth: u16,
}

/// Levels of nesting, including the value itself.
type Height = u16;

impl<V: Values> Walk<'_, V> {
    fn code(&mut self, code: V::Code) -> Result<Height, ErrorKind> {
        let parts = self.values.code(code);
        if parts.localsplusnames.len() != parts.localspluskinds.len() {
            return Err(ErrorKind::BadField("co_localspluskinds"));
        }
        self.depth += 1;
        // Strings in a tuple take two levels.
        self.check(2)?;
        self.composer.stream.code([
            parts.argcount,
            parts.posonlyargcount,
            parts.kwonlyargcount,
            parts.stacksize,
            parts.flags.bits(),
        ]);
        self.bytes(parts.code);
        let (_, height) = self.tuple(parts.consts)?;
        self.names(parts.names);
        self.names(parts.localsplusnames);
        self.bytes(parts.localspluskinds);
        let interned = if self.minor.interns_code_names() { Interned::Yes } else { Interned::No };
        for name in [parts.filename, parts.name, parts.qualname] {
            self.str(name, interned);
        }
        self.composer.stream.number(parts.firstlineno);
        self.bytes(parts.linetable);
        self.bytes(parts.exceptiontable);
        self.depth -= 1;
        Ok(height.max(2) + 1)
    }

    fn constant(&mut self, constant: V::Constant) -> Result<Height, ErrorKind> {
        if let Some(object) = self.composer.constants[constant.number()] {
            return self.again(object);
        }
        self.check(1)?;
        let (object, height) = match self.values.constant(constant) {
            Item::Str(text) => {
                self.str(text, Interned::No);
                return Ok(1);
            }
            Item::Bytes(bytes) => (self.bytes(bytes), 1),
            Item::Tuple(items) => self.tuple(items)?,
            Item::FrozenSet(items) => {
                let mut items = items.to_vec();
                canonical::sort(&Constants(self.values), &mut items)?;
                let object = self.composer.stream.next();
                self.container(object, Tag::FrozenSet, &items)?
            }
            Item::Slice(_) if !Tag::Slice.is_known_to(self.minor) => {
                return Err(ErrorKind::NotConstant("slice"));
            }
            Item::Slice(parts) => {
                let object = self.composer.stream.next();
                self.container(object, Tag::Slice, parts)?
            }
            Item::Code(code) => return self.code(code),
            item => match leaf(&item) {
                Some(Leaf::Singleton(byte)) => {
                    self.composer.stream.singleton(byte);
                    return Ok(1);
                }
                Some(leaf) => (self.composer.stream.leaf(leaf), 1),
                None => return Err(ErrorKind::NotConstant("object")),
            },
        };
        self.composer.constants[constant.number()] = Some(object);
        Ok(height)
    }

    /// Refers to an object that was written before.
    fn again(&mut self, object: Object) -> Result<Height, ErrorKind> {
        let height = self.composer.stream.again(object);
        self.check(height)?;
        Ok(height)
    }

    fn tuple(&mut self, items: &[V::Constant]) -> Result<(Object, Height), ErrorKind> {
        let Composer { tuples, stream, .. } = &mut *self.composer;
        // Strings have even keys: the same string has the same key among names and among constants.
        let key = |&item: &V::Constant| match self.values.constant(item) {
            Item::Str(text) => Some(2 * text.number() as u32),
            Item::Code(_) => None,
            _ => Some(2 * item.number() as u32 + 1),
        };
        match tuples.find(items.iter().map(key), stream) {
            Found::Written(object) => self.again(object).map(|height| (object, height)),
            Found::Next(object) => self.container(object, Tag::Tuple, items),
        }
    }

    /// Writes a container; `next` has returned its object.
    fn container(
        &mut self,
        object: Object,
        tag: Tag,
        items: &[V::Constant],
    ) -> Result<(Object, Height), ErrorKind> {
        self.depth += 1;
        self.check(0)?;
        canonical::start(tag, items.len() as u32, 0, self.composer.stream.out());
        let mut height = 0;
        for &item in items {
            height = height.max(self.constant(item)?);
        }
        self.depth -= 1;
        Ok((object, self.composer.stream.close(object, height)))
    }

    /// Writes a tuple of strings that CPython interns.
    fn names(&mut self, items: &[V::Str]) {
        let Composer { tuples, stream, strs, .. } = &mut *self.composer;
        match tuples.find(items.iter().map(|item| Some(2 * item.number() as u32)), stream) {
            Found::Written(object) => {
                stream.again(object);
                if !stream.mark_interned(object) {
                    for text in items.iter().filter_map(|item| strs[item.number()]) {
                        stream.mark_str_interned(text);
                    }
                }
            }
            Found::Next(object) => {
                stream.mark_interned(object);
                canonical::start(Tag::Tuple, items.len() as u32, 0, stream.out());
                for &item in items {
                    self.str(item, Interned::Yes);
                }
                self.composer.stream.close(object, u16::from(!items.is_empty()));
            }
        }
    }

    #[inline(always)]
    fn str(&mut self, text: V::Str, interned: Interned) {
        let Composer { stream, strs, .. } = &mut *self.composer;
        let place = &mut strs[text.number()];
        if let Some(object) = *place {
            stream.again(object);
            if interned == Interned::Yes {
                stream.mark_str_interned(object);
            }
        } else {
            let text = self.values.str(text);
            let interned = if is_identifier(text) { Interned::Yes } else { interned };
            *place = Some(stream.str(text, interned));
        }
    }

    fn bytes(&mut self, bytes: &[u8]) -> Object {
        let Composer { bytes: known, stream, .. } = &mut *self.composer;
        match known.find(bytes, stream) {
            Found::Written(object) => {
                stream.again(object);
                object
            }
            Found::Next(object) => {
                stream.bytes(bytes);
                object
            }
        }
    }

    /// Checks that a value of this height doesn't exceed the maximum depth here.
    #[inline(always)]
    fn check(&self, height: Height) -> Result<(), ErrorKind> {
        let depth = usize::from(self.depth) + usize::from(height);
        if depth > MAX_DEPTH { Err(ErrorKind::TooDeep) } else { Ok(()) }
    }
}

/// A constant without children; `None` for strings and containers.
fn leaf<'v, V: Values>(item: &Item<'v, V>) -> Option<Leaf<'v>> {
    Some(match item {
        Item::None => Leaf::Singleton(Tag::None.byte()),
        Item::Bool(false) => Leaf::Singleton(Tag::False.byte()),
        Item::Bool(true) => Leaf::Singleton(Tag::True.byte()),
        Item::Ellipsis => Leaf::Singleton(Tag::Ellipsis.byte()),
        Item::Int(value) => Leaf::int(value),
        Item::Float(value) => Leaf::Float(value.to_bits()),
        Item::Complex(real, imaginary) => Leaf::Complex(real.to_bits(), imaginary.to_bits()),
        Item::Bytes(bytes) => Leaf::Bytes(bytes),
        Item::Str(_) | Item::Tuple(_) | Item::FrozenSet(_) | Item::Slice(_) | Item::Code(_) => {
            return None;
        }
    })
}

/// The constants as nodes, for sorting the elements of frozensets.
struct Constants<'v, V>(&'v V);

impl<V: Values> Nodes for Constants<'_, V> {
    type Id = V::Constant;

    fn write_head(&self, id: V::Constant, out: &mut Vec<u8>) -> Option<()> {
        let item = self.0.constant(id);
        let (tag, items) = match &item {
            Item::Str(text) => {
                Leaf::Str(self.0.str(*text)).write(0, out);
                return Some(());
            }
            Item::Tuple(items) => (Tag::Tuple, *items),
            Item::FrozenSet(items) => (Tag::FrozenSet, *items),
            Item::Slice(items) => (Tag::Slice, &items[..]),
            item => {
                leaf(item)?.write(0, out);
                return Some(());
            }
        };
        canonical::start(tag, items.len() as u32, 0, out);
        Some(())
    }

    fn children(&self, id: V::Constant) -> Option<Cow<'_, [V::Constant]>> {
        Some(match self.0.constant(id) {
            Item::Tuple(items) => Cow::Borrowed(items),
            Item::Slice(items) => Cow::Borrowed(items),
            Item::FrozenSet(items) => {
                let mut items = items.to_vec();
                canonical::sort(self, &mut items).ok()?;
                Cow::Owned(items)
            }
            _ => Cow::Owned(Vec::new()),
        })
    }
}
