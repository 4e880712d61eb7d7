//! Reads a bundle in place: opening checks the header, each look-up checks what it returns.
//!
//! ```
//! # use include_py_bundle::{Builder, Bundle, Node, Target};
//! # let mut builder = Builder::new("app", &[Target::new(3495, 0x030b_07f0, 4, 0)]);
//! # builder.file("templates/index.html", &b"<h1>"[..]);
//! # let bytes = builder.finish()?;
//! let bundle = Bundle::open(&bytes)?;
//! let Some(Node::File(file)) = bundle.node("templates/index.html")? else { panic!() };
//! assert_eq!(*file.content()?, b"<h1>"[..]);
//! # Ok::<(), include_py_bundle::Error>(())
//! ```

mod absent;
mod distribution;
mod header;
mod library;
mod module;
mod section;
mod sorted;
#[cfg(test)]
mod tests;
mod tree;
mod unpacked;

pub use absent::Absent;
pub use distribution::Distribution;
pub use library::Library;
pub use module::Module;
pub use tree::{Directory, File, Node};
pub use unpacked::{Entry, EntryKind, Unpacked};

use std::fmt;

pub(crate) use section::Part;
pub(crate) use sorted::{Column, Sorted};

use crate::layout::{
    AbsentRecord, DistributionRecord, ModuleRecord, NodeRecord, Section, SlotRecord, TargetRecord,
    UnpackedRecord,
};
use crate::{Error, Target, index};
use sorted::Children;

/// An open bundle: a view of its bytes.
///
/// No look-up allocates; where the bytes are damaged it returns an error and never panics.
#[derive(Clone, Copy)]
pub struct Bundle<'a> {
    bytes: &'a [u8],
    name: &'a str,
}

impl<'a> Bundle<'a> {
    /// A view of `bytes`, which are one bundle, whole and with nothing behind it.
    ///
    /// Takes the same short time for a bundle of any size: it checks the header and that the
    /// sections lie within the bytes. [`verify`](Self::verify) checks everything.
    pub fn open(bytes: &'a [u8]) -> Result<Self, Error> {
        header::open(bytes)
    }

    /// A view of the bundle that `bytes` begin with, as [`open`](Self::open); what is behind it doesn't matter.
    ///
    /// For tools that look for [`MAGIC`](crate::MAGIC) in programs.
    pub fn open_prefix(bytes: &'a [u8]) -> Result<Self, Error> {
        header::open(header::prefix(bytes))
    }

    /// The bytes it was opened from.
    #[must_use]
    pub const fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// The name it was built with.
    #[must_use]
    pub const fn name(&self) -> &'a str {
        self.name
    }

    /// The SHA-256 of its content, as the header states it: the bundle's identity.
    #[must_use]
    pub fn digest(&self) -> &'a [u8; 32] {
        header::digest(self.bytes)
    }

    /// Checks the digest and then the whole structure.
    ///
    /// After this no look-up fails. It reads every byte, and unlike look-ups it allocates.
    pub fn verify(&self) -> Result<(), Error> {
        crate::verify::verify(self)
    }

    /// Checks the digest alone: for bundles that are known to have been written well.
    pub fn verify_digest(&self) -> Result<(), Error> {
        crate::verify::verify_digest(self)
    }

    /// The interpreters it has bytecode for, in the order the builder was given them.
    #[must_use]
    pub fn targets(&self) -> impl ExactSizeIterator<Item = Target> + use<'a> {
        let targets = self.part(Section::Targets);
        // A part never has a fraction of a record, so the default stands for nothing.
        (0..targets.count()).map(move |number| {
            let target: TargetRecord = targets.record(number).unwrap_or_default();
            Target::new(target.magic, target.hexversion, target.marshal_version, target.optimize)
        })
    }

    /// Whether an interpreter that no target suits may compile the sources that are included.
    #[must_use]
    pub fn compiles_source(&self) -> bool {
        header::compiles_source(self.bytes)
    }

    /// How many modules it has.
    #[must_use]
    pub fn module_count(&self) -> usize {
        self.part(Section::Modules).count()
    }

    /// All modules, sorted by the bytes of their names.
    #[must_use]
    pub fn modules(&self) -> impl ExactSizeIterator<Item = Result<Module<'a>, Error>> + use<'a> {
        let bundle = *self;
        (0..self.module_count()).map(move |index| bundle.module_at(index))
    }

    /// The module with the number `index`, which is [`Module::index`].
    ///
    /// An index of [`module_count`](Self::module_count) or more is the error
    /// [`NoModule`](crate::ErrorKind::NoModule).
    pub fn module_at(&self, index: usize) -> Result<Module<'a>, Error> {
        Module::read(self, index)
    }

    /// The module with the full name `name`, such as `pkg.mod`.
    pub fn module(&self, name: &str) -> Result<Option<Module<'a>>, Error> {
        let slots = self.part(Section::Index);
        let names = self.module_names();
        let hash = index::hash(name.as_bytes());
        for slot in index::probe(hash, slots.count()) {
            // One slot is always there, and a free one is what ends the search.
            let entry: SlotRecord = slots.record(slot).unwrap_or_default();
            let Some(number) = entry.module.checked_sub(1) else { break };
            if entry.hash != hash {
                continue;
            }
            let number = number as usize;
            if number >= self.module_count() {
                return Err(Error::corrupt(
                    slots.offset(slot),
                    "a slot of the index has no module",
                ));
            }
            if names.get(number)? == name.as_bytes() {
                return self.module_at(number).map(Some);
            }
        }
        Ok(None)
    }

    /// The modules directly in `package`, sorted; those at the top level if it is empty, and those in a
    /// directory that can't be a package if it ends in `/` ([`package_name`](crate::package_name)).
    ///
    /// After an error the iterator ends.
    pub fn submodules(
        &self,
        package: &str,
    ) -> impl Iterator<Item = Result<Module<'a>, Error>> + use<'a> {
        let bundle = *self;
        let children = match package.strip_suffix('/') {
            Some(directory) => Children::after(self.module_names(), directory, b'/', b'.'),
            None => Children::of(self.module_names(), package, b'.'),
        };
        children.map(move |number| bundle.module_at(number?))
    }

    /// The file or directory at `path`, which has `/` between its components and nowhere else.
    ///
    /// The root directory's path is empty.
    pub fn node(&self, path: &str) -> Result<Option<Node<'a>>, Error> {
        self.node_paths().find(path)?.map(|number| self.node_at(number)).transpose()
    }

    /// The distributions whose metadata it holds, sorted by normalised name.
    #[must_use]
    pub fn distributions(
        &self,
    ) -> impl ExactSizeIterator<Item = Result<Distribution<'a>, Error>> + use<'a> {
        let bundle = *self;
        (0..self.part(Section::Distributions).count())
            .map(move |number| Distribution::read(&bundle, number))
    }

    /// What of it is imported from real files, which whoever runs it writes to disk first.
    #[must_use]
    pub const fn unpacked(&self) -> Unpacked<'a> {
        Unpacked::of(*self)
    }

    /// The files of machine code, in the order of their paths.
    #[must_use]
    pub fn libraries(&self) -> impl ExactSizeIterator<Item = Result<Library<'a>, Error>> + use<'a> {
        let bundle = *self;
        (0..self.part(Section::Libraries).count()).map(move |number| Library::read(&bundle, number))
    }

    /// The file of machine code at `path`, be it a module or a library that one needs.
    pub fn library(&self, path: &str) -> Result<Option<Library<'a>>, Error> {
        match self.node_paths().find(path)? {
            Some(node) => Library::of(self, node),
            None => Ok(None),
        }
    }

    /// The modules that were left out, sorted by name.
    #[must_use]
    pub fn absent_modules(
        &self,
    ) -> impl ExactSizeIterator<Item = Result<Absent<'a>, Error>> + use<'a> {
        let bundle = *self;
        (0..self.part(Section::Absent).count()).map(move |number| Absent::read(&bundle, number))
    }

    /// What is said of the module of this name, if it was left out.
    pub fn absent(&self, name: &str) -> Result<Option<Absent<'a>>, Error> {
        self.absent_names().find(name)?.map(|number| Absent::read(self, number)).transpose()
    }

    pub(crate) fn node_at(&self, number: usize) -> Result<Node<'a>, Error> {
        Node::read(self, number)
    }

    #[inline]
    pub(crate) fn part(&self, section: Section) -> Part<'a> {
        header::part(self.bytes, section)
    }

    pub(crate) fn module_names(&self) -> Column<'a, ModuleRecord> {
        self.column(Section::Modules)
    }

    pub(crate) fn node_paths(&self) -> Column<'a, NodeRecord> {
        self.column(Section::Nodes)
    }

    pub(crate) fn distribution_names(&self) -> Column<'a, DistributionRecord> {
        self.column(Section::Distributions)
    }

    pub(crate) fn absent_names(&self) -> Column<'a, AbsentRecord> {
        self.column(Section::Absent)
    }

    pub(crate) fn unpacked_paths(&self) -> Column<'a, UnpackedRecord> {
        self.column(Section::Unpacked)
    }

    fn column<R: Sorted>(&self, section: Section) -> Column<'a, R> {
        Column::new(self.part(section), self.part(Section::Strings))
    }
}

/// Says which bundle it is, not all that is in it.
impl fmt::Debug for Bundle<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bundle")
            .field("name", &self.name)
            .field("length", &self.bytes.len())
            .field("modules", &self.module_count())
            .finish_non_exhaustive()
    }
}
