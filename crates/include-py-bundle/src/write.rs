//! Builds a bundle. The same content gives the same bytes, in whatever order it is added.
//!
//! ```
//! # use include_py_bundle::{Builder, Target};
//! let targets = [Target::new(3495, 0x030b_07f0, 4, 0)];
//! let mut one = Builder::new("app", &targets);
//! one.file("a.txt", &b"a"[..]).file("b.txt", &b"b"[..]);
//! let mut two = Builder::new("app", &targets);
//! two.file("b.txt", &b"b"[..]).file("a.txt", &b"a"[..]);
//! assert_eq!(one.finish()?, two.finish()?);
//! # Ok::<(), include_py_bundle::Error>(())
//! ```

mod assemble;
mod check;
mod fingerprint;
mod image;
mod pool;
#[cfg(test)]
mod tests;
mod tree;
mod unpacked;

pub use image::{Image, Segment};

use std::collections::BTreeSet;

use crate::layout::{
    self, AbsentRecord, COMPILES_SOURCE, DEFLATED, DIRECTORY, DigestRecord, DistributionRecord,
    FILE, LibraryRecord, ModuleRecord, NEEDS_FILE, NodeRecord, Section, SlotRecord, Span,
    TargetRecord, UnpackedRecord,
};
use crate::packed::Form;
use crate::{Error, ModuleKind, Packed, Target, index, normalize};
use assemble::{Sections, seal};
use pool::{Payloads, Strings};
use tree::Tree;

/// Collects the content of a bundle and writes it.
///
/// Payloads can be borrowed: nothing is copied before [`finish`](Self::finish), which also reports
/// all errors in the content.
#[derive(Clone, Debug)]
pub struct Builder<'a> {
    name: String,
    targets: Vec<Target>,
    modules: Vec<NewModule<'a>>,
    files: Vec<NewFile<'a>>,
    distributions: Vec<NewDistribution>,
    unpacked: Vec<String>,
    libraries: Vec<NewLibrary>,
    absent: Vec<NewAbsent>,
    directories: Vec<String>,
    flags: u64,
}

/// A module to add.
#[derive(Clone, Debug)]
pub struct NewModule<'a> {
    /// Its full name, such as `pkg.mod`.
    pub name: String,
    /// Its path in the bundle's tree: `pkg/mod.py`, `pkg/__init__.py`, `pkg/mod.abi3.so`, or for a
    /// namespace package its directory, `pkg/ns`.
    pub path: String,
    /// What kind of module it is.
    pub kind: ModuleKind,
    /// Its marshalled code object for each target, in the order of the targets; empty for namespace
    /// packages and for machine code.
    pub code: Vec<Packed<'a>>,
    /// Its source or its machine code, which becomes the file at `path`.
    pub source: Option<Packed<'a>>,
}

/// The properties of a file of machine code. The file itself is added as a module or as a file.
#[derive(Clone, Debug, Default)]
pub struct NewLibrary {
    /// Its path in the bundle's tree.
    pub path: String,
    /// The paths of the libraries that must be loaded before it, in this order.
    pub loads: Vec<String>,
    /// Whether it can be loaded only from a real file.
    pub needs_file: bool,
}

#[derive(Clone, Debug)]
struct NewAbsent {
    name: String,
    path: String,
    reason: String,
}

#[derive(Clone, Debug)]
struct NewFile<'a> {
    path: String,
    data: Packed<'a>,
}

#[derive(Clone, Debug)]
struct NewDistribution {
    /// The name as it was given, for messages.
    spelling: String,
    name: String,
    directory: String,
}

impl<'a> Builder<'a> {
    /// An empty bundle for these interpreters. Its name becomes a component of its modules'
    /// `__file__`.
    #[must_use]
    pub fn new(name: &str, targets: &[Target]) -> Self {
        Self {
            name: name.to_owned(),
            targets: targets.to_vec(),
            modules: Vec::new(),
            files: Vec::new(),
            distributions: Vec::new(),
            unpacked: Vec::new(),
            libraries: Vec::new(),
            absent: Vec::new(),
            directories: Vec::new(),
            flags: 0,
        }
    }

    /// Lets interpreters that match no target compile the included sources.
    pub fn compile_source(&mut self) -> &mut Self {
        self.flags |= COMPILES_SOURCE;
        self
    }

    /// Adds a module and its directories.
    pub fn module(&mut self, module: NewModule<'a>) -> &mut Self {
        self.modules.push(module);
        self
    }

    /// Adds a file and its directories.
    pub fn file(&mut self, path: impl Into<String>, data: impl Into<Packed<'a>>) -> &mut Self {
        self.files.push(NewFile { path: path.into(), data: data.into() });
        self
    }

    /// Adds a directory and those that contain it. This is only needed for empty directories.
    pub fn directory(&mut self, path: impl Into<String>) -> &mut Self {
        self.directories.push(path.into());
        self
    }

    /// Adds a distribution, with any spelling of its name, and the directory of its metadata, such
    /// as `requests-2.32.3.dist-info`. The files in it are added with [`file`](Self::file).
    pub fn distribution(&mut self, name: &str, directory: &str) -> &mut Self {
        self.distributions.push(NewDistribution {
            spelling: name.to_owned(),
            name: normalize(name),
            directory: directory.to_owned(),
        });
        self
    }

    /// Marks a file, a module, or a directory with everything in it to be unpacked and imported
    /// from real files. Marking it again, or marking something in such a directory, has no effect.
    pub fn unpack(&mut self, path: impl Into<String>) -> &mut Self {
        self.unpacked.push(path.into());
        self
    }

    /// Sets the properties of a file of machine code. This is required for each extension module
    /// and for each library that one needs.
    pub fn library(&mut self, library: NewLibrary) -> &mut Self {
        self.libraries.push(library);
        self
    }

    /// Records that a module is omitted, the path that its file would have, and the reason and what
    /// to do, worded as the end of a sentence.
    pub fn absent(
        &mut self,
        name: impl Into<String>,
        path: impl Into<String>,
        reason: impl Into<String>,
    ) -> &mut Self {
        let (name, path, reason) = (name.into(), path.into(), reason.into());
        self.absent.push(NewAbsent { name, path, reason });
        self
    }

    /// Writes the bundle, or reports what is wrong with its content.
    pub fn finish(mut self) -> Result<Vec<u8>, Error> {
        self.image()?.to_bytes()
    }

    /// Lays out the bundle, so that it can be written without a copy in memory, or reports what is
    /// wrong with its content.
    ///
    /// Payloads of an [earlier](Packed::earlier) bundle are not read. So they can't be
    /// [unpacked](Self::unpack), because the digest of unpacked files must be computed.
    pub fn image(&mut self) -> Result<Image<'_>, Error> {
        self.modules.sort_by(|a, b| (&a.name, &a.path).cmp(&(&b.name, &b.path)));
        self.files.sort_by(|a, b| a.path.cmp(&b.path));
        self.distributions.sort_by(|a, b| (&a.name, &a.directory).cmp(&(&b.name, &b.directory)));
        self.directories.sort();
        self.unpacked = outermost(std::mem::take(&mut self.unpacked));
        // The libraries are stored in the order of their nodes.
        self.libraries.sort_by(|a, b| a.path.cmp(&b.path));
        self.absent.sort_by(|a, b| (&a.name, &a.path).cmp(&(&b.name, &b.path)));
        self.laid_out()
    }

    fn laid_out(&self) -> Result<Image<'_>, Error> {
        check::check(self)?;
        let tree = Tree::new(self)?;
        check::check_unpacked(self, &tree)?;
        check::check_libraries(self, &tree)?;

        let mut strings = Strings::new(Section::Strings);
        let mut code = Payloads::new(Section::Code);
        let mut data = Payloads::new(Section::Data);
        let mut sections = Sections::default();
        // The order of first references is part of the format: it determines the order in the
        // pools.
        sections.bytes(Section::Name, self.name.as_bytes());
        sections.records(Section::Targets, self.targets.iter().copied().map(target));
        sections.records(Section::Index, slots(&self.modules));
        for module in &self.modules {
            sections.record(
                Section::Modules,
                &ModuleRecord {
                    name: strings.add(&module.name)?,
                    path: strings.add(&module.path)?,
                    source: module.source.as_ref().map_or(0, |_| tree.number(&module.path)),
                    kind: module_kind(module.kind),
                },
            );
            for target in 0..self.targets.len() {
                let code = module.code.get(target).map_or(Ok(Span::default()), |c| code.add(c))?;
                sections.record(Section::Codes, &code);
            }
        }
        for (path, content) in tree.nodes() {
            sections.record(
                Section::Nodes,
                &NodeRecord {
                    path: strings.add(path)?,
                    data: content.map_or(Ok(Span::default()), |one| data.add(one))?,
                    kind: content.map_or(DIRECTORY, |content| node_kind(content.form())),
                },
            );
        }
        for distribution in &self.distributions {
            sections.record(
                Section::Distributions,
                &DistributionRecord {
                    name: strings.add(&distribution.name)?,
                    directory: strings.add(&distribution.directory)?,
                },
            );
        }
        for path in &self.unpacked {
            let record = UnpackedRecord { path: strings.add(path)? };
            sections.record(Section::Unpacked, &record);
        }
        if !self.unpacked.is_empty() {
            // Placeholders; the digests are computed after everything else has been written.
            let digests = self.targets.iter().map(|_| DigestRecord::default());
            sections.records(Section::Digests, digests.chain([DigestRecord::default()]));
        }
        sections.libraries(&self.libraries, &tree)?;
        for absent in &self.absent {
            sections.record(
                Section::Absent,
                &AbsentRecord {
                    name: strings.add(&absent.name)?,
                    path: strings.add(&absent.path)?,
                    reason: strings.add(&absent.reason)?,
                },
            );
        }
        sections.strings(&strings);
        let mut image = sections.assemble(self.flags, [code, data])?;
        if !self.unpacked.is_empty() {
            unpacked::digests(self, &mut image)?;
        }
        seal(&mut image);
        Ok(image)
    }
}

impl Sections {
    /// `libraries` must be sorted by path, and all their paths must be in `tree`.
    fn libraries(&mut self, libraries: &[NewLibrary], tree: &Tree<'_>) -> Result<(), Error> {
        let mut loads: u32 = 0;
        for library in libraries {
            let count = u32::try_from(library.loads.len());
            let count = count.map_err(|_| pool::too_large(Section::Loads))?;
            self.record(
                Section::Libraries,
                &LibraryRecord {
                    node: tree.number(&library.path),
                    first: if count == 0 { 0 } else { loads },
                    count,
                    flags: if library.needs_file { NEEDS_FILE } else { 0 },
                },
            );
            self.records(Section::Loads, library.loads.iter().map(|path| tree.number(path)));
            loads = loads.checked_add(count).ok_or_else(|| pool::too_large(Section::Loads))?;
        }
        Ok(())
    }
}

/// The sorted paths without those that lie in another one.
fn outermost(paths: Vec<String>) -> Vec<String> {
    let mut kept: BTreeSet<String> = paths.into_iter().collect();
    let all = kept.clone();
    kept.retain(|path| !path.match_indices('/').any(|(end, _)| all.contains(&path[..end])));
    kept.into_iter().collect()
}

/// Whether `path` is neither one of the sorted `roots` nor in one of them.
fn outside(path: &str, roots: &[String]) -> bool {
    let ends = path.match_indices('/').map(|(end, _)| end).chain([path.len()]);
    !ends.into_iter().any(|end| roots.binary_search_by(|root| (**root).cmp(&path[..end])).is_ok())
}

const fn module_kind(kind: ModuleKind) -> u32 {
    match kind {
        ModuleKind::Module => layout::MODULE,
        ModuleKind::Package => layout::PACKAGE,
        ModuleKind::Namespace => layout::NAMESPACE,
        ModuleKind::Extension => layout::EXTENSION,
        ModuleKind::ExtensionPackage => layout::EXTENSION_PACKAGE,
    }
}

const fn node_kind(form: Form) -> u32 {
    match form {
        Form::Plain => FILE,
        Form::Deflated => DEFLATED,
    }
}

fn target(target: Target) -> TargetRecord {
    TargetRecord {
        magic: target.magic(),
        marshal_version: target.marshal_version(),
        optimize: target.optimize(),
        hexversion: target.hexversion(),
        reserved: 0,
    }
}

/// The hash table, filled in the order of the modules.
fn slots(modules: &[NewModule<'_>]) -> Vec<SlotRecord> {
    let mut slots = vec![SlotRecord::default(); index::slots(modules.len())];
    for (module, number) in modules.iter().zip(1..) {
        let hash = index::hash(module.name.as_bytes());
        let mut free = index::probe(hash, slots.len());
        if let Some(slot) = free.find(|slot| slots[*slot].module == 0) {
            slots[slot] = SlotRecord { hash, module: number };
        }
    }
    slots
}
