//! The type bytes of marshal: one row each, used by readers and writers.
//!
//! `Tag::of(b'z') == Some(Tag::ShortAscii)`, whose form is [`Form::Short`]: a length byte, then
//! that many bytes.

use crate::version::Minor;

/// Bit 7 of a type byte: the object gets a slot, and later objects may refer to it.
pub(crate) const FLAG_REF: u8 = 0x80;

/// The encoding of an object after its type byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// Nothing follows; a flag is ignored.
    Singleton,
    /// A number of bytes.
    Fixed(u8),
    /// `i32` number of digits, negative for negative integers, then each digit as `u16`.
    Digits,
    /// A number of texts, each with a length byte.
    Numerals(u8),
    /// `u8` length, then bytes.
    Short,
    /// `i32` length, then bytes.
    Long,
    /// A number of objects.
    Objects(u8),
    /// `u8` count, then objects.
    ShortSequence,
    /// `i32` count, then objects.
    Sequence,
    /// Keys and values until `NULL`.
    Pairs,
    /// The fields of a code object.
    Code,
    /// `u32` slot of an earlier object.
    Reference,
}

macro_rules! tags {
    ($($(#[$doc:meta])* $name:ident = $byte:literal $form:expr, $python:literal;)*) => {
        /// A type byte without the flag.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[repr(u8)]
        pub(crate) enum Tag {
            $($(#[$doc])* $name = $byte,)*
        }

        impl Tag {
            const fn row(byte: u8) -> Option<Self> {
                match byte {
                    $($byte => Some(Self::$name),)*
                    _ => None,
                }
            }

            const fn form_of(self) -> Form {
                match self {
                    $(Self::$name => $form,)*
                }
            }

            /// The name of the Python type, for messages.
            pub(crate) const fn python_type(self) -> &'static str {
                match self {
                    $(Self::$name => $python,)*
                }
            }
        }
    };
}

tags! {
    /// The end of a dict.
    Null = b'0' Form::Singleton, "NULL";
    None = b'N' Form::Singleton, "NoneType";
    True = b'T' Form::Singleton, "bool";
    False = b'F' Form::Singleton, "bool";
    Ellipsis = b'.' Form::Singleton, "ellipsis";
    StopIteration = b'S' Form::Singleton, "type";
    /// `i32`
    Int = b'i' Form::Fixed(4), "int";
    /// `i64`; read, but no longer written.
    Int64 = b'I' Form::Fixed(8), "int";
    /// Any other integer, as 15-bit digits.
    BigInt = b'l' Form::Digits, "int";
    Float = b'g' Form::Fixed(8), "float";
    Complex = b'y' Form::Fixed(16), "complex";
    /// A float as text, up to marshal version 1.
    OldFloat = b'f' Form::Numerals(1), "float";
    OldComplex = b'x' Form::Numerals(2), "complex";
    Bytes = b's' Form::Long, "bytes";
    ShortAscii = b'z' Form::Short, "str";
    ShortAsciiInterned = b'Z' Form::Short, "str";
    Ascii = b'a' Form::Long, "str";
    AsciiInterned = b'A' Form::Long, "str";
    Unicode = b'u' Form::Long, "str";
    Interned = b't' Form::Long, "str";
    SmallTuple = b')' Form::ShortSequence, "tuple";
    Tuple = b'(' Form::Sequence, "tuple";
    List = b'[' Form::Sequence, "list";
    Set = b'<' Form::Sequence, "set";
    FrozenSet = b'>' Form::Sequence, "frozenset";
    Dict = b'{' Form::Pairs, "dict";
    /// From marshal version 6.
    FrozenDict = b'}' Form::Pairs, "frozendict";
    /// From marshal version 5.
    Slice = b':' Form::Objects(3), "slice";
    Code = b'c' Form::Code, "code";
    Reference = b'r' Form::Reference, "reference";
}

/// `Tag::row` for every byte, so that decoding a type byte is a single load.
static TAGS: [Option<Tag>; 256] = {
    let mut table = [None; 256];
    let mut byte = 0u8;
    while byte < 128 {
        table[byte as usize] = Tag::row(byte);
        byte += 1;
    }
    table
};

/// `Tag::form_of` for every byte that is a tag, so that it is a single load.
static FORMS: [Form; 256] = {
    let mut table = [Form::Singleton; 256];
    let mut byte = 0u8;
    while byte < 128 {
        if let Some(tag) = Tag::row(byte) {
            table[byte as usize] = tag.form_of();
        }
        byte += 1;
    }
    table
};

impl Tag {
    /// The tag with this type byte; `None` for a byte with the flag.
    #[inline(always)]
    pub(crate) fn of(byte: u8) -> Option<Self> {
        TAGS[usize::from(byte)]
    }

    /// The encoding after the type byte.
    #[inline(always)]
    pub(crate) fn form(self) -> Form {
        FORMS[usize::from(self.byte())]
    }

    /// The type byte.
    pub(crate) const fn byte(self) -> u8 {
        self as u8
    }

    /// Whether this type exists in `minor`.
    #[inline]
    pub(crate) const fn is_known_to(self, minor: Minor) -> bool {
        let since = match self {
            Self::Slice => 5,
            Self::FrozenDict => 6,
            _ => 4,
        };
        minor.reads_marshal(since)
    }

    /// Whether it is one of the six types of strings.
    #[inline]
    pub(crate) const fn is_str(self) -> bool {
        matches!(
            self,
            Self::ShortAscii
                | Self::ShortAsciiInterned
                | Self::Ascii
                | Self::AsciiInterned
                | Self::Unicode
                | Self::Interned
        )
    }

    /// Whether it is one of the two types of tuples.
    pub(crate) const fn is_tuple(self) -> bool {
        matches!(self, Self::SmallTuple | Self::Tuple)
    }

    /// Whether the object gets a slot if it is flagged.
    #[inline]
    pub(crate) const fn takes_slot(self) -> bool {
        !matches!(
            self,
            Self::Null
                | Self::None
                | Self::True
                | Self::False
                | Self::Ellipsis
                | Self::StopIteration
                | Self::Reference
        )
    }

    /// Whether the object has children.
    #[inline]
    pub(crate) const fn is_container(self) -> bool {
        matches!(
            self,
            Self::SmallTuple
                | Self::Tuple
                | Self::List
                | Self::Set
                | Self::FrozenSet
                | Self::Dict
                | Self::FrozenDict
                | Self::Slice
                | Self::Code
        )
    }

    /// Whether children may refer to the container: CPython fills the slots of these types before
    /// it reads the children, those of others afterwards (`marshal.c: r_object`, `R_REF` and
    /// `r_ref_reserve`).
    pub(crate) const fn may_hold_itself(self) -> bool {
        matches!(self, Self::SmallTuple | Self::Tuple | Self::List | Self::Set | Self::Dict)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_decides_which_tags_are_containers() {
        for tag in TAGS.iter().flatten() {
            let form = tag.form();
            let holds = matches!(
                form,
                Form::Objects(_) | Form::ShortSequence | Form::Sequence | Form::Pairs | Form::Code
            );
            assert_eq!(tag.is_container(), holds, "{tag:?}");
            assert_eq!(
                tag.takes_slot(),
                !matches!(form, Form::Singleton | Form::Reference),
                "{tag:?}"
            );
        }
    }

    #[test]
    fn bytes_and_tags_are_one_to_one() {
        for byte in 0..=255u8 {
            if let Some(tag) = Tag::of(byte) {
                assert_eq!(tag.byte(), byte);
                assert_eq!(byte & FLAG_REF, 0);
            }
        }
        assert_eq!(TAGS.iter().flatten().count(), 30);
    }
}
