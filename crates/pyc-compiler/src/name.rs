//! Every text of a file once: identifiers, attributes and the contents of string literals.
//!
//! `names.intern(b"spam")` gives the same [`Name`] each time, so that comparing two names is comparing two numbers.

use std::hash::BuildHasher;

use hashbrown::{DefaultHashBuilder, HashTable};

/// A text that the file's [`Names`] hold.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Name(u32);

/// The texts of one file, in UTF-8 with surrogates encoded too ("surrogatepass").
pub(crate) struct Names {
    bytes: Vec<u8>,
    /// Where each text ends; it starts where the one before it ends.
    ends: Vec<u32>,
    table: HashTable<Name>,
    hasher: DefaultHashBuilder,
}

macro_rules! known {
    ($($constant:ident = $text:literal,)*) => {
        /// Texts that the compiler itself speaks of. They stand first, in this order.
        impl Name {
            known!(@ 0u32; $($constant = $text,)*);
        }

        const KNOWN: &[&str] = &[$($text),*];
    };
    (@ $at:expr; $constant:ident = $text:literal, $($rest:tt)*) => {
        #[doc = concat!("`", $text, "`")]
        pub(crate) const $constant: Self = Self($at);
        known!(@ $at + 1; $($rest)*);
    };
    (@ $at:expr;) => {};
}

known! {
    EMPTY = "",
    ANNOTATIONS = "__annotations__",
    STAR = "*",
    CLASS = "__class__",
    CLASSCELL = "__classcell__",
    CLASSDICT = "__classdict__",
    CLASSDICTCELL = "__classdictcell__",
    DEBUG = "__debug__",
    DEFAULTS = ".defaults",
    DICT_COMPREHENSION = "<dictcomp>",
    DOC = "__doc__",
    FIRSTLINENO = "__firstlineno__",
    FUTURE = "__future__",
    GENERATOR_EXPRESSION = "<genexpr>",
    GENERIC_BASE = ".generic_base",
    ITERATOR = ".0",
    JOIN = "join",
    KWDEFAULTS = ".kwdefaults",
    LAMBDA = "<lambda>",
    LIST_COMPREHENSION = "<listcomp>",
    MODULE = "<module>",
    MODULE_ATTRIBUTE = "__module__",
    NAME = "__name__",
    QUALNAME = "__qualname__",
    RETURN = "return",
    SELF = "self",
    SET_COMPREHENSION = "<setcomp>",
    STATIC_ATTRIBUTES = "__static_attributes__",
    SUPER = "super",
    TOP = "top",
    TYPE_PARAMS = "__type_params__",
    TYPE_PARAMS_VARIABLE = ".type_params",
}

impl Names {
    pub(crate) fn new() -> Self {
        let mut names = Self {
            bytes: Vec::new(),
            ends: Vec::new(),
            table: HashTable::new(),
            hasher: DefaultHashBuilder::default(),
        };
        for text in KNOWN {
            names.intern(text.as_bytes());
        }
        names
    }

    /// Makes room for the names of a source of so many bytes.
    pub(crate) fn reserve(&mut self, bytes: usize) {
        let Self { bytes: texts, ends, table, hasher } = self;
        texts.reserve(bytes / 4);
        ends.reserve(bytes / 60);
        table.reserve(bytes / 60, |&name| hasher.hash_one(text_of(texts, ends, name)));
    }

    /// The name of `text`, which is surrogatepass UTF-8.
    pub(crate) fn intern(&mut self, text: &[u8]) -> Name {
        let hash = self.hasher.hash_one(text);
        let Self { bytes, ends, table, hasher } = self;
        let entry = table.entry(
            hash,
            |&name| text_of(bytes, ends, name) == text,
            |&name| hasher.hash_one(text_of(bytes, ends, name)),
        );
        match entry {
            hashbrown::hash_table::Entry::Occupied(known) => *known.get(),
            hashbrown::hash_table::Entry::Vacant(place) => {
                let name = Name(count(ends.len()));
                place.insert(name);
                bytes.extend_from_slice(text);
                ends.push(count(bytes.len()));
                name
            }
        }
    }

    /// The text in surrogatepass UTF-8.
    pub(crate) fn bytes(&self, name: Name) -> &[u8] {
        text_of(&self.bytes, &self.ends, name)
    }

    /// The text; lone surrogates, which identifiers never have, become U+FFFD.
    pub(crate) fn text(&self, name: Name) -> std::borrow::Cow<'_, str> {
        String::from_utf8_lossy(self.bytes(name))
    }

    /// How many bytes all texts have together.
    pub(crate) fn size(&self) -> usize {
        self.bytes.len()
    }

    /// How many there are: every [`Name`]'s index is below it.
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }
}

impl Name {
    /// Its place among all names of the file: dense from 0, for tables beside [`Names`].
    pub(crate) const fn index(self) -> usize {
        self.0 as usize
    }
}

impl std::fmt::Debug for Name {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match KNOWN.get(self.index()) {
            Some(text) => write!(f, "`{text}`"),
            None => write!(f, "name {}", self.0),
        }
    }
}

fn text_of<'b>(bytes: &'b [u8], ends: &[u32], name: Name) -> &'b [u8] {
    let at = name.index();
    let start = at.checked_sub(1).map_or(0, |before| ends[before] as usize);
    &bytes[start..ends[at] as usize]
}

/// Sources are shorter than 4 GiB, which `compile` checks, and so is all that is made of them.
pub(crate) fn count(number: usize) -> u32 {
    u32::try_from(number).expect("a source of less than 4 GiB has fewer parts")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_has_one_name() {
        let mut names = Names::new();
        let spam = names.intern(b"spam");
        assert_eq!(names.intern(b"spam"), spam);
        assert_ne!(names.intern(b"eggs"), spam);
        assert_eq!(names.bytes(spam), b"spam");
        assert_eq!(names.intern(b"__class__"), Name::CLASS);
        assert_eq!(names.text(Name::TYPE_PARAMS_VARIABLE), ".type_params");
        assert_eq!(names.bytes(Name::EMPTY), b"");
    }
}
