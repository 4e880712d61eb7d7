//! The layout of a bundle: one row per field, used by the writer and the reader.
//!
//! ```text
//! ┌────────┬──────┬─────────┬───────┬─────────┬───────┬───────┬───────────────┬──────────┬─────────┐
//! │ Header │ name │ targets │ index │ modules │ codes │ nodes │ distributions │ unpacked │ digests │ …
//! └────────┴──────┴─────────┴───────┴─────────┴───────┴───────┴───────────────┴──────────┴─────────┘
//!   ┌───────────┬───────┬────────┬─────────┬──────┬──────┐
//! … │ libraries │ loads │ absent │ strings │ code │ data │
//!   └───────────┴───────┴────────┴─────────┴──────┴──────┘
//!   Each section starts at a multiple of 16. All tables come first, so that a lookup touches few
//!   pages.
//! ```

/// The format number that this crate writes and reads.
pub const FORMAT: u32 = 4;

/// The first bytes of a bundle. They are not valid UTF-8, and are changed by tools that strip high
/// bits, convert line endings or stop at Ctrl-Z.
pub const MAGIC: [u8; 8] = *b"\xf1IPY\r\n\x1a\n";

/// The directory of the tree with the libraries that were the build machine's. It isn't importable.
pub const SYSTEM_LIBRARIES: &str = "include-py.libs";

/// The file of the tree that names the licences of the libraries in [`SYSTEM_LIBRARIES`]: lines
/// such as `libssl.so.3 Apache-2.0`, with `unknown` for one that isn't known.
pub const SYSTEM_LICENCES: &str = "include-py.libs/LICENCES";

/// Alignment of every section and of the bundle's end.
pub(crate) const ALIGNMENT: usize = 16;

/// Offset of the first byte that the digest covers; it covers everything up to the end.
pub(crate) const DIGESTED_FROM: usize = 48;

/// Number of sections; every bundle has all of them, even if they are empty.
pub(crate) const SECTIONS: usize = 15;

/// A section; the order is that of the section table and of the file.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Section {
    /// The bundle's name, UTF-8.
    Name,
    /// One [`TargetRecord`] for each target.
    Targets,
    /// One [`SlotRecord`] for each slot of the hash table.
    Index,
    /// One [`ModuleRecord`] for each module, by name.
    Modules,
    /// One [`Span`] of `Code` for each target, for each module.
    Codes,
    /// One [`NodeRecord`] for each file and directory, by path.
    Nodes,
    /// One [`DistributionRecord`] for each distribution, by name.
    Distributions,
    /// One [`UnpackedRecord`] for each file or directory that is unpacked at run time, by path.
    Unpacked,
    /// If anything is unpacked, one [`DigestRecord`] for each target, and one for interpreters that
    /// match no target.
    Digests,
    /// One [`LibraryRecord`] for each file of machine code, by node.
    Libraries,
    /// For each library that another one needs, its node number as u32.
    Loads,
    /// One [`AbsentRecord`] for each omitted module, by name.
    Absent,
    /// UTF-8 text.
    Strings,
    /// Marshalled code objects.
    Code,
    /// The content of files.
    Data,
}

/// A value of fixed size, stored in little-endian order.
pub(crate) trait Field: Sized {
    const SIZE: usize;

    /// Reads a value and advances `input` past it; `None` if `input` is too short.
    fn read(input: &mut &[u8]) -> Option<Self>;

    fn write(&self, out: &mut Vec<u8>);
}

macro_rules! integers {
    ($($type:ty)*) => {$(
        impl Field for $type {
            const SIZE: usize = size_of::<$type>();

            #[inline]
            fn read(input: &mut &[u8]) -> Option<Self> {
                let (bytes, rest) = input.split_first_chunk()?;
                *input = rest;
                Some(Self::from_le_bytes(*bytes))
            }

            fn write(&self, out: &mut Vec<u8>) {
                out.extend_from_slice(&self.to_le_bytes());
            }
        }
    )*};
}

integers!(u8 u16 u32 u64);

impl<T: Field + Copy + Default, const N: usize> Field for [T; N] {
    const SIZE: usize = N * T::SIZE;

    fn read(input: &mut &[u8]) -> Option<Self> {
        let mut items = [T::default(); N];
        for item in &mut items {
            *item = T::read(input)?;
        }
        Some(items)
    }

    fn write(&self, out: &mut Vec<u8>) {
        for item in self {
            item.write(out);
        }
    }
}

macro_rules! records {
    ($($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $type:ty,)* })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        pub(crate) struct $name { $($(#[$field_doc])* pub(crate) $field: $type,)* }

        impl Field for $name {
            const SIZE: usize = 0 $(+ <$type>::SIZE)*;

            #[inline]
            fn read(input: &mut &[u8]) -> Option<Self> {
                Some(Self { $($field: Field::read(input)?,)* })
            }

            fn write(&self, out: &mut Vec<u8>) {
                $(self.$field.write(out);)*
            }
        }
    )*};
}

records! {
    /// The start of a bundle.
    Header {
        /// [`MAGIC`].
        magic: [u8; 8],
        /// [`FORMAT`]; a reader stops here if it doesn't support it.
        format: u32,
        /// Size of the header.
        size: u32,
        /// Covers everything after it (`digest.rs`).
        digest: [u8; 32],
        /// Length of the bundle including the header.
        length: u64,
        /// The position of each [`Section`].
        sections: [Extent; SECTIONS],
        /// [`COMPILES_SOURCE`], or 0.
        flags: u64,
    }

    /// A range of the file.
    Extent {
        /// From the start of the bundle.
        offset: u64,
        /// Without padding.
        length: u64,
    }

    /// A range of `Strings`, `Code` or `Data`. Empty ranges have offset 0.
    Span {
        /// From the start of that section.
        offset: u32,
        length: u32,
    }

    /// A [`Target`](crate::Target).
    TargetRecord {
        magic: u16,
        marshal_version: u8,
        optimize: u8,
        hexversion: u32,
        /// Must be zero.
        reserved: u64,
    }

    /// A slot of the hash table; both fields are zero if it is free.
    SlotRecord {
        /// The complete hash of the module's name; if it differs, a lookup needn't read the name.
        hash: u32,
        /// The module's index + 1.
        module: u32,
    }

    /// A [`Module`](crate::Module).
    ModuleRecord {
        name: Span,
        path: Span,
        /// Number of the node with the source or the machine code; 0, the root directory, if the
        /// source isn't included.
        source: u32,
        /// [`MODULE`], [`PACKAGE`], [`NAMESPACE`], [`EXTENSION`] or [`EXTENSION_PACKAGE`].
        kind: u32,
    }

    /// A [`Node`](crate::Node).
    NodeRecord {
        path: Span,
        /// Empty for a directory.
        data: Span,
        /// [`FILE`], [`DIRECTORY`] or [`DEFLATED`].
        kind: u32,
    }

    /// A [`Distribution`](crate::Distribution).
    DistributionRecord {
        /// The normalised name.
        name: Span,
        directory: Span,
    }

    /// One of [`Unpacked::roots`](crate::Unpacked::roots).
    UnpackedRecord {
        path: Span,
    }

    /// The digest of the tree that [`Unpacked::entries`](crate::Unpacked::entries) lists.
    DigestRecord {
        digest: [u8; 32],
    }

    /// A [`Library`](crate::Library).
    LibraryRecord {
        /// Number of the file's node.
        node: u32,
        /// Index in `Loads` of the first library that it needs.
        first: u32,
        /// Number of libraries that it needs.
        count: u32,
        /// [`NEEDS_FILE`], or 0.
        flags: u32,
    }

    /// An [`Absent`](crate::Absent) module.
    AbsentRecord {
        name: Span,
        path: Span,
        reason: Span,
    }
}

pub(crate) const MODULE: u32 = 0;
pub(crate) const PACKAGE: u32 = 1;
pub(crate) const NAMESPACE: u32 = 2;
pub(crate) const EXTENSION: u32 = 3;
pub(crate) const EXTENSION_PACKAGE: u32 = 4;

pub(crate) const FILE: u32 = 0;
pub(crate) const DIRECTORY: u32 = 1;
pub(crate) const DEFLATED: u32 = 2;

/// Flag of a library that can be loaded only from a real file.
pub(crate) const NEEDS_FILE: u32 = 1;

/// Flag: interpreters that match no target may compile the sources.
pub(crate) const COMPILES_SOURCE: u64 = 1;

impl Section {
    pub(crate) const ALL: [Self; SECTIONS] = [
        Self::Name,
        Self::Targets,
        Self::Index,
        Self::Modules,
        Self::Codes,
        Self::Nodes,
        Self::Distributions,
        Self::Unpacked,
        Self::Digests,
        Self::Libraries,
        Self::Loads,
        Self::Absent,
        Self::Strings,
        Self::Code,
        Self::Data,
    ];

    /// Size of a record; the section's length is a multiple of it.
    #[inline]
    pub(crate) const fn record_size(self) -> usize {
        match self {
            Self::Targets => TargetRecord::SIZE,
            Self::Index => SlotRecord::SIZE,
            Self::Loads => u32::SIZE,
            Self::Modules => ModuleRecord::SIZE,
            Self::Codes => Span::SIZE,
            Self::Nodes => NodeRecord::SIZE,
            Self::Distributions => DistributionRecord::SIZE,
            Self::Unpacked => UnpackedRecord::SIZE,
            Self::Digests => DigestRecord::SIZE,
            Self::Libraries => LibraryRecord::SIZE,
            Self::Absent => AbsentRecord::SIZE,
            Self::Name | Self::Strings | Self::Code | Self::Data => 1,
        }
    }

    /// The name in messages and in the specification.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Targets => "targets",
            Self::Index => "index",
            Self::Modules => "modules",
            Self::Codes => "codes",
            Self::Nodes => "nodes",
            Self::Distributions => "distributions",
            Self::Unpacked => "unpacked",
            Self::Digests => "digests",
            Self::Libraries => "libraries",
            Self::Loads => "loads",
            Self::Absent => "absent",
            Self::Strings => "strings",
            Self::Code => "code",
            Self::Data => "data",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_those_of_the_specification() {
        assert_eq!(Header::SIZE, 304);
        assert_eq!(Header::SIZE - SECTIONS * Extent::SIZE - 2 * u64::SIZE, DIGESTED_FROM);
        let sizes = Section::ALL.map(Section::record_size);
        assert_eq!(sizes, [1, 16, 8, 24, 8, 20, 16, 8, 32, 16, 4, 24, 1, 1, 1]);
    }

    #[test]
    fn sections_are_numbered_in_order() {
        for (number, section) in Section::ALL.into_iter().enumerate() {
            assert_eq!(section as usize, number);
        }
    }

    #[test]
    fn records_read_what_they_write() {
        let record = NodeRecord {
            path: Span { offset: 1, length: 2 },
            data: Span { offset: 3, length: u32::MAX },
            kind: DIRECTORY,
        };
        let mut bytes = Vec::new();
        record.write(&mut bytes);
        assert_eq!(bytes.len(), NodeRecord::SIZE);
        assert_eq!(NodeRecord::read(&mut &bytes[..]), Some(record));
        assert_eq!(NodeRecord::read(&mut &bytes[..NodeRecord::SIZE - 1]), None);
    }
}
