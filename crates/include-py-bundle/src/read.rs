//! Reads a bundle in place. Opening checks the header, and each lookup checks what it returns.
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
/// Lookups don't allocate. If the bytes are damaged, they return an error and never panic.
#[derive(Clone, Copy)]
pub struct Bundle<'a> {
    bytes: &'a [u8],
    name: &'a str,
}

impl<'a> Bundle<'a> {
    /// Opens `bytes`, which must be exactly one bundle.
    ///
    /// This takes constant time: it checks the header and that the sections lie within the bytes.
    /// [`verify`](Self::verify) checks everything.
    pub fn open(bytes: &'a [u8]) -> Result<Self, Error> {
        header::open(bytes)
    }

    /// Opens the bundle at the start of `bytes`, like [`open`](Self::open); the rest is ignored.
    ///
    /// This is for tools that search programs for [`MAGIC`](crate::MAGIC).
    pub fn open_prefix(bytes: &'a [u8]) -> Result<Self, Error> {
        header::open(header::prefix(bytes))
    }

    /// The bytes of the bundle.
    #[must_use]
    pub const fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// The bundle's name.
    #[must_use]
    pub const fn name(&self) -> &'a str {
        self.name
    }

    /// The SHA-256 of the content according to the header. It identifies the bundle.
    #[must_use]
    pub fn digest(&self) -> &'a [u8; 32] {
        header::digest(self.bytes)
    }

    /// Checks the digest and then the whole structure.
    ///
    /// After this no lookup fails. It reads every byte and, unlike lookups, allocates.
    pub fn verify(&self) -> Result<(), Error> {
        crate::verify::verify(self)
    }

    /// Checks only the digest: for bundles from a trusted writer.
    pub fn verify_digest(&self) -> Result<(), Error> {
        crate::verify::verify_digest(self)
    }

    /// The interpreters for which the bundle contains bytecode, in the order passed to the builder.
    #[must_use]
    pub fn targets(&self) -> impl ExactSizeIterator<Item = Target> + use<'a> {
        let targets = self.part(Section::Targets);
        // A part contains only whole records, so the default is never used.
        (0..targets.count()).map(move |number| {
            let target: TargetRecord = targets.record(number).unwrap_or_default();
            Target::new(target.magic, target.hexversion, target.marshal_version, target.optimize)
        })
    }

    /// Whether an interpreter that matches no target may compile the included sources.
    #[must_use]
    pub fn compiles_source(&self) -> bool {
        header::compiles_source(self.bytes)
    }

    /// Number of modules.
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

    /// The module with this [`Module::index`].
    ///
    /// An index out of range is the error [`NoModule`](crate::ErrorKind::NoModule).
    pub fn module_at(&self, index: usize) -> Result<Module<'a>, Error> {
        Module::read(self, index)
    }

    /// The module with the full name `name`, such as `pkg.mod`.
    pub fn module(&self, name: &str) -> Result<Option<Module<'a>>, Error> {
        let slots = self.part(Section::Index);
        let names = self.module_names();
        let hash = index::hash(name.as_bytes());
        for slot in index::probe(hash, slots.count()) {
            // The index has at least one slot, and a free slot ends the search.
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

    /// The modules directly in `package`, sorted. An empty `package` stands for the top level. One
    /// that ends in `/` is a directory that can't be a package
    /// ([`package_name`](crate::package_name)).
    ///
    /// The iterator ends after an error.
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

    /// The file or directory at `path`, whose components are separated by `/`.
    ///
    /// The root directory's path is empty.
    pub fn node(&self, path: &str) -> Result<Option<Node<'a>>, Error> {
        self.node_paths().find(path)?.map(|number| self.node_at(number)).transpose()
    }

    /// The distributions with metadata in the bundle, sorted by normalised name.
    #[must_use]
    pub fn distributions(
        &self,
    ) -> impl ExactSizeIterator<Item = Result<Distribution<'a>, Error>> + use<'a> {
        let bundle = *self;
        (0..self.part(Section::Distributions).count())
            .map(move |number| Distribution::read(&bundle, number))
    }

    /// The modules and files that must be written to disk and imported from there.
    #[must_use]
    pub const fn unpacked(&self) -> Unpacked<'a> {
        Unpacked::of(*self)
    }

    /// The files of machine code, sorted by path.
    #[must_use]
    pub fn libraries(&self) -> impl ExactSizeIterator<Item = Result<Library<'a>, Error>> + use<'a> {
        let bundle = *self;
        (0..self.part(Section::Libraries).count()).map(move |number| Library::read(&bundle, number))
    }

    /// The file of machine code at `path`: an extension module, or a library that one needs.
    pub fn library(&self, path: &str) -> Result<Option<Library<'a>>, Error> {
        match self.node_paths().find(path)? {
            Some(node) => Library::of(self, node),
            None => Ok(None),
        }
    }

    /// The omitted modules, sorted by name.
    #[must_use]
    pub fn absent_modules(
        &self,
    ) -> impl ExactSizeIterator<Item = Result<Absent<'a>, Error>> + use<'a> {
        let bundle = *self;
        (0..self.part(Section::Absent).count()).map(move |number| Absent::read(&bundle, number))
    }

    /// The entry of the module with this name, if it was omitted.
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

/// Shows only what identifies the bundle.
impl fmt::Debug for Bundle<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bundle")
            .field("name", &self.name)
            .field("length", &self.bytes.len())
            .field("modules", &self.module_count())
            .finish_non_exhaustive()
    }
}
