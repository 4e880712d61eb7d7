//! A file of machine code in an open bundle, and the libraries that it needs.
//!
//! `numpy/_core/_multiarray_umath.cpython-313-x86_64-linux-gnu.so` needs two files of `numpy.libs`.

use std::cmp::Ordering;

use super::{Bundle, File, Node};
use crate::Error;
use crate::layout::{LibraryRecord, NEEDS_FILE, Section};

/// An extension module, or a library that one needs.
#[derive(Clone, Copy, Debug)]
pub struct Library<'a> {
    bundle: Bundle<'a>,
    number: usize,
    record: LibraryRecord,
    file: File<'a>,
}

impl<'a> Library<'a> {
    pub(super) fn read(bundle: &Bundle<'a>, number: usize) -> Result<Self, Error> {
        let libraries = bundle.part(Section::Libraries);
        let corrupt = |what| Error::corrupt(libraries.offset(number), what);
        let record: LibraryRecord = libraries
            .record(number)
            .ok_or_else(|| corrupt("there is no library of this number"))?;
        let Node::File(file) = node(bundle, record.node)? else {
            return Err(corrupt("a library isn't a file"));
        };
        Ok(Self { bundle: *bundle, number, record, file })
    }

    /// The library at this node, if it is one.
    pub(super) fn of(bundle: &Bundle<'a>, node: usize) -> Result<Option<Self>, Error> {
        let libraries = bundle.part(Section::Libraries);
        let Ok(node) = u32::try_from(node) else { return Ok(None) };
        let (mut start, mut end) = (0, libraries.count());
        while start < end {
            let middle = start.midpoint(end);
            let record: LibraryRecord = libraries.record(middle).unwrap_or_default();
            match record.node.cmp(&node) {
                Ordering::Less => start = middle + 1,
                Ordering::Equal => return Self::read(bundle, middle).map(Some),
                Ordering::Greater => end = middle,
            }
        }
        Ok(None)
    }

    /// The file itself.
    #[must_use]
    pub const fn file(&self) -> File<'a> {
        self.file
    }

    /// Whether the dynamic linker can find its dependencies only beside a real file.
    #[must_use]
    pub const fn needs_file(&self) -> bool {
        self.record.flags & NEEDS_FILE != 0
    }

    /// The files that must be loaded before it, in this order, including indirect dependencies. The
    /// iterator ends after an error.
    pub fn loads(&self) -> impl Iterator<Item = Result<File<'a>, Error>> + use<'a> {
        let (bundle, record) = (self.bundle, self.record);
        let loads = bundle.part(Section::Loads);
        let offset = bundle.part(Section::Libraries).offset(self.number);
        let mut places = 0..record.count;
        std::iter::from_fn(move || {
            let place = record.first.checked_add(places.next()?);
            let number: Option<u32> = place.and_then(|place| loads.record(place as usize));
            let found = number.map(|number| node(&bundle, number));
            let file = match found {
                Some(Ok(Node::File(file))) => Ok(file),
                Some(Err(error)) => Err(error),
                _ => Err(Error::corrupt(offset, "a library's dependency isn't a file")),
            };
            if file.is_err() {
                places = 0..0;
            }
            Some(file)
        })
    }
}

fn node<'a>(bundle: &Bundle<'a>, number: u32) -> Result<Node<'a>, Error> {
    bundle.node_at(number as usize)
}
