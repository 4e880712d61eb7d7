//! The virtual tree of an open bundle: its files and all their directories.
//!
//! `bundle.node("")?` is the root directory, `bundle.node("pkg/data.txt")?` a file.

use std::borrow::Cow;
use std::fmt;

use super::{Bundle, sorted::Children};
use crate::layout::{DEFLATED, DIRECTORY, FILE, NodeRecord, Section};
use crate::packed::Form;
use crate::{Error, Packed};

/// A file or a directory. The enum is exhaustive: there will be no third kind.
#[derive(Clone, Copy, Debug)]
pub enum Node<'a> {
    /// A file.
    File(File<'a>),
    /// A directory.
    Directory(Directory<'a>),
}

/// A file in a bundle: a resource, a module's source, a file of a distribution's metadata.
#[derive(Clone, Copy)]
pub struct File<'a> {
    path: &'a str,
    form: Form,
    stored: &'a [u8],
    size: usize,
    /// Offset of the node's record, for messages.
    offset: usize,
}

/// A directory in a bundle.
#[derive(Clone, Copy)]
pub struct Directory<'a> {
    path: &'a str,
    bundle: Bundle<'a>,
}

impl<'a> Node<'a> {
    pub(super) fn read(bundle: &Bundle<'a>, number: usize) -> Result<Self, Error> {
        let nodes = bundle.part(Section::Nodes);
        let corrupt = |what| Error::corrupt(nodes.offset(number), what);

        let record: NodeRecord =
            nodes.record(number).ok_or_else(|| corrupt("there is no node of this number"))?;
        let path = bundle.part(Section::Strings).text(record.path);
        let path = path.ok_or_else(|| corrupt("a node's path isn't in `strings`"))?;
        let form = match record.kind {
            FILE => Form::Plain,
            DEFLATED => Form::Deflated,
            DIRECTORY => return Ok(Self::Directory(Directory { path, bundle: *bundle })),
            _ => return Err(corrupt("a node has an unknown kind")),
        };
        let stored = bundle.part(Section::Data).range(record.data);
        let stored = stored.ok_or_else(|| corrupt("a file's data isn't in `data`"))?;
        let size = form.size(stored).ok_or_else(|| corrupt(UNPACKED))?;
        Ok(Self::File(File { path, form, stored, size, offset: nodes.offset(number) }))
    }

    /// Its path from the root.
    #[must_use]
    pub const fn path(&self) -> &'a str {
        match self {
            Self::File(file) => file.path,
            Self::Directory(directory) => directory.path,
        }
    }

    /// The last component of its path; empty for the root directory.
    #[must_use]
    pub fn name(&self) -> &'a str {
        name(self.path())
    }
}

impl<'a> File<'a> {
    /// Its path from the root.
    #[must_use]
    pub const fn path(&self) -> &'a str {
        self.path
    }

    /// The last component of its path.
    #[must_use]
    pub fn name(&self) -> &'a str {
        name(self.path)
    }

    /// Length of its content in bytes.
    #[must_use]
    pub const fn size(&self) -> usize {
        self.size
    }

    /// Its content; borrowed from the bundle unless it is compressed.
    pub fn content(&self) -> Result<Cow<'a, [u8]>, Error> {
        self.form.unpack(self.stored).ok_or_else(|| Error::corrupt(self.offset, UNPACKED))
    }

    /// Its content as stored, to be added to another bundle.
    #[must_use]
    pub fn packed(&self) -> Packed<'a> {
        Packed::stored(self.form, self.stored)
    }
}

impl<'a> Directory<'a> {
    /// Its path from the root; empty for the root itself.
    #[must_use]
    pub const fn path(&self) -> &'a str {
        self.path
    }

    /// The last component of its path; empty for the root.
    #[must_use]
    pub fn name(&self) -> &'a str {
        name(self.path)
    }

    /// The files and directories directly in it, sorted by name. The iterator ends after an error.
    pub fn children(&self) -> impl Iterator<Item = Result<Node<'a>, Error>> + use<'a> {
        let bundle = self.bundle;
        Children::of(bundle.node_paths(), self.path, b'/')
            .map(move |number| Node::read(&bundle, number?))
    }
}

const UNPACKED: &str = "a file's compressed content can't be read";

fn name(path: &str) -> &str {
    path.rsplit_once('/').map_or(path, |(_, name)| name)
}

impl fmt::Debug for File<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("File")
            .field("path", &self.path)
            .field("size", &self.size)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Directory<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Directory").field("path", &self.path).finish_non_exhaustive()
    }
}
