//! Interns every text of a file: identifiers, attributes and the contents of string literals.
//!
//! `names.intern(b"spam")` always returns the same [`Name`], so names are compared as numbers.

mod table;

use std::num::NonZeroU32;

use table::Table;

/// A text in the file's [`Names`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Name(NonZeroU32);

/// The texts of one file, in UTF-8 with encoded surrogates ("surrogatepass"). Must be cleared
/// before use.
#[derive(Default)]
pub(crate) struct Names {
    bytes: Vec<u8>,
    /// The end of each text, which is the start of the next one.
    ends: Vec<u32>,
    /// For each name, see [`Names::is_private`].
    private: Vec<bool>,
    table: Table,
}

macro_rules! known {
    ($($constant:ident = $text:literal,)*) => {
        /// Texts that the compiler itself uses. They are the first names, in this order.
        impl Name {
            known!(@ 0u32; $($constant = $text,)*);
        }

        const KNOWN: &[&str] = &[$($text),*];
    };
    (@ $at:expr; $constant:ident = $text:literal, $($rest:tt)*) => {
        #[doc = concat!("`", $text, "`")]
        pub(crate) const $constant: Self = Self::at($at);
        known!(@ $at + 1; $($rest)*);
    };
    (@ $at:expr;) => {};
}

known! {
    EMPTY = "",
    ALL = "all",
    ANNOTATE = "__annotate__",
    ANNOTATE_FUNC = "__annotate_func__",
    ANNOTATIONS = "__annotations__",
    ANY = "any",
    STAR = "*",
    CLASS = "__class__",
    CLASSCELL = "__classcell__",
    CLASSDICT = "__classdict__",
    CLASSDICTCELL = "__classdictcell__",
    CONDITIONAL_ANNOTATIONS = "__conditional_annotations__",
    DEBUG = "__debug__",
    DEFAULTS = ".defaults",
    DICT_COMPREHENSION = "<dictcomp>",
    DOC = "__doc__",
    FIRSTLINENO = "__firstlineno__",
    FORMAT = "format",
    FORMAT_PARAMETER = ".format",
    FUTURE = "__future__",
    GENERATOR_EXPRESSION = "<genexpr>",
    GENERIC_BASE = ".generic_base",
    ITERATOR = ".0",
    JOIN = "join",
    KWDEFAULTS = ".kwdefaults",
    LAMBDA = "<lambda>",
    LIST = "list",
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
    SET = "set",
    TUPLE = "tuple",
    TYPE_PARAMS = "__type_params__",
    TYPE_PARAMS_VARIABLE = ".type_params",
}

impl Names {
    #[cfg(test)]
    pub(crate) fn new() -> Self {
        let mut names = Self::default();
        names.clear();
        names
    }

    /// Removes all names except those that the compiler itself uses, and keeps the memory.
    pub(crate) fn clear(&mut self) {
        self.bytes.clear();
        self.ends.clear();
        self.private.clear();
        self.table.clear();
        for text in KNOWN {
            self.intern(text.as_bytes());
        }
    }

    /// Reserves memory for the names of a source of this size in bytes.
    pub(crate) fn reserve(&mut self, bytes: usize) {
        self.bytes.reserve(bytes / 4);
        self.ends.reserve(bytes / 60);
        self.private.reserve(bytes / 60);
        self.table.reserve(bytes / 60);
    }

    /// The name for `text`, which is in surrogatepass UTF-8.
    pub(crate) fn intern(&mut self, text: &[u8]) -> Name {
        self.intern_here(text)
    }

    /// [`Self::intern`] for the call that interns most names.
    #[inline(always)]
    pub(crate) fn intern_here(&mut self, text: &[u8]) -> Name {
        let key = self.table.key(text);
        match self.table.find(key, |name| self.bytes(name) == text) {
            Some(name) => name,
            None => self.add(text, key),
        }
    }

    #[inline(never)]
    fn add(&mut self, text: &[u8], key: table::Key) -> Name {
        let name = Name::at(count(self.ends.len()));
        self.bytes.extend_from_slice(text);
        self.ends.push(count(self.bytes.len()));
        self.private.push(is_private(text));
        self.table.add(key, name);
        name
    }

    /// The text in surrogatepass UTF-8.
    pub(crate) fn bytes(&self, name: Name) -> &[u8] {
        let at = name.index();
        let ends: &[u32] = &self.ends;
        let start = if at == 0 { 0 } else { ends[at - 1] as usize };
        &self.bytes[start..ends[at] as usize]
    }

    /// The text. Lone surrogates, which identifiers never contain, become U+FFFD.
    pub(crate) fn text(&self, name: Name) -> std::borrow::Cow<'_, str> {
        String::from_utf8_lossy(self.bytes(name))
    }

    /// The total size of all texts in bytes.
    pub(crate) fn size(&self) -> usize {
        self.bytes.len()
    }

    /// Whether classes mangle the name: it starts with two underscores, doesn't end with two, and
    /// contains no dot.
    #[inline(always)]
    pub(crate) fn is_private(&self, name: Name) -> bool {
        self.private[name.index()]
    }

    /// The number of names; every [`Name`]'s index is less than this.
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }
}

impl Name {
    /// Its index among all names of the file, for tables beside [`Names`].
    pub(crate) const fn index(self) -> usize {
        (self.0.get() - 1) as usize
    }

    #[inline(always)]
    const fn at(index: u32) -> Self {
        Self(NonZeroU32::MIN.saturating_add(index))
    }
}

impl std::fmt::Debug for Name {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match KNOWN.get(self.index()) {
            Some(text) => write!(f, "`{text}`"),
            None => write!(f, "name {}", self.index()),
        }
    }
}

fn is_private(text: &[u8]) -> bool {
    text.starts_with(b"__") && !text.ends_with(b"__") && !text.contains(&b'.')
}

/// `compile` checks that sources are shorter than 4 GiB, so all counts of their parts fit.
#[expect(clippy::cast_possible_truncation, reason = "checked")]
#[inline(always)]
pub(crate) fn count(number: usize) -> u32 {
    const MAX_COUNT: usize = u32::MAX as usize;
    assert!(number <= MAX_COUNT, "a source of less than 4 GiB has fewer parts");
    number as u32
}

/// Appends `count` items, copied from some that are all the same: without optimisation,
/// [`Vec::resize`] would take most of the time.
pub(crate) fn push_copies<T: Copy>(all: &mut Vec<T>, same: &[T], count: usize) {
    let mut left = count;
    while left > same.len() {
        all.extend_from_slice(same);
        left -= same.len();
    }
    all.extend_from_slice(&same[..left]);
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

    #[test]
    fn texts_that_share_parts_are_different() {
        let text: Vec<u8> = (0..40).map(|at| b"abc"[at % 3]).collect();
        let ranges = (0..text.len()).flat_map(|end| (0..=end).map(move |start| start..end));
        let texts: Vec<&[u8]> = ranges.map(|range| &text[range]).collect();
        let mut names = Names::new();
        let numbers: Vec<Name> = texts.iter().map(|text| names.intern(text)).collect();
        for (text, &name) in texts.iter().zip(&numbers) {
            assert_eq!(names.bytes(name), *text);
            assert_eq!(names.intern(text), name);
        }
        // Each length except the shortest, at three offsets.
        assert_eq!(names.len(), KNOWN.len() + 3 * 39 - 1 - 2);
    }
}
