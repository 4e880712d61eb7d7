//! The part of a bundle that is imported from real files: the paths, and the files to write.
//!
//! | in the bundle | written |
//! |---|---|
//! | a file, a directory | the same |
//! | module `pkg/mod.py` with its source | `pkg/mod.py` and `pkg/__pycache__/mod.cpython-313.pyc` |
//! | module `pkg/mod.py` without source | `pkg/mod.pyc`, which `import` uses if there is no source |

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::{Bundle, File, Node};
use crate::layout::{DigestRecord, Section};
use crate::{Error, Module, Target, TreeHasher, names};

/// The part of a bundle that is written to disk at run time and imported from there.
#[derive(Clone, Copy, Debug)]
pub struct Unpacked<'a> {
    bundle: Bundle<'a>,
}

/// A file or directory to write.
#[derive(Clone, Debug)]
pub struct Entry<'a> {
    path: String,
    kind: EntryKind<'a>,
}

/// The kind and content of an [`Entry`].
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum EntryKind<'a> {
    /// A directory.
    Directory,
    /// A file of the bundle.
    File(File<'a>),
    /// A `.pyc` file: its header is for this target, and its code is marshalled.
    Compiled(Target, &'a [u8]),
}

impl<'a> Unpacked<'a> {
    pub(super) const fn of(bundle: Bundle<'a>) -> Self {
        Self { bundle }
    }

    /// Whether nothing is unpacked.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.bundle.part(Section::Unpacked).count() == 0
    }

    /// The unpacked files and directories, sorted; directories include everything in them. A module
    /// is listed by its path even if its source isn't included.
    pub fn roots(&self) -> impl Iterator<Item = Result<&'a str, Error>> + use<'a> {
        let (part, paths) = (self.bundle.part(Section::Unpacked), self.bundle.unpacked_paths());
        (0..part.count()).map(move |number| {
            let path = std::str::from_utf8(paths.get(number)?);
            path.map_err(|_| Error::corrupt(part.offset(number), "a path isn't in `strings`"))
        })
    }

    /// Whether the file, directory or module at this path is unpacked.
    pub fn holds(&self, path: &str) -> Result<bool, Error> {
        let roots = self.bundle.unpacked_paths();
        for end in path.match_indices('/').map(|(end, _)| end).chain([path.len()]) {
            if roots.find(&path[..end])?.is_some() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The [digest](crate::TreeHasher) of the entries for the target with this index, or for `None`
    /// of the entries without bytecode. Returns `None` if nothing is unpacked or the index is out
    /// of range.
    #[must_use]
    pub fn digest(&self, target: Option<usize>) -> Option<[u8; 32]> {
        let digests = self.bundle.part(Section::Digests);
        let last = digests.count().checked_sub(1)?;
        let number = target.unwrap_or(last);
        let known = target.is_none_or(|target| target < last);
        let record: DigestRecord = digests.record(number).filter(|_| known)?;
        Some(record.digest)
    }

    /// Everything to write for the target with this index, sorted by the bytes of the paths; for
    /// `None` without bytecode.
    pub fn entries(&self, target: Option<usize>) -> Result<Vec<Entry<'a>>, Error> {
        let mut entries = BTreeMap::new();
        for root in self.roots() {
            if let Some(node) = self.bundle.node(root?)? {
                add(&mut entries, node)?;
            }
        }
        if let Some((number, target)) =
            target.and_then(|number| Some((number, self.bundle.targets().nth(number)?)))
        {
            for module in self.bundle.modules() {
                let module = module?;
                if !module.kind().has_code() || !self.holds(module.path())? {
                    continue;
                }
                if let Some(code) = module.code(number) {
                    let path = compiled(&module, target);
                    entries.insert(path, EntryKind::Compiled(target, code));
                }
            }
        }
        checked(entries, self.bundle.part(Section::Unpacked).start())
    }
}

impl<'a> Bundle<'a> {
    /// Everything to write so that machine code can be loaded from real files: each library and its
    /// directories, sorted by the bytes of the paths.
    pub fn library_entries(&self) -> Result<Vec<Entry<'a>>, Error> {
        let mut entries = BTreeMap::new();
        for library in self.libraries() {
            let file = library?.file();
            entries.insert(file.path().to_owned(), EntryKind::File(file));
        }
        checked(entries, self.part(Section::Libraries).start())
    }
}

impl Unpacked<'_> {
    /// The correct value of [`digest`](Self::digest).
    pub(crate) fn computed_digest(&self, target: Option<usize>) -> Result<[u8; 32], Error> {
        let mut tree = TreeHasher::new();
        for entry in self.entries(target)? {
            match entry.content()? {
                None => tree.directory(entry.path()),
                Some(content) => tree.file(entry.path(), &content),
            };
        }
        Ok(tree.finish())
    }
}

impl<'a> Entry<'a> {
    /// Its relative path, with `/` between components. The entries of its directories precede it.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Its kind.
    #[must_use]
    pub const fn kind(&self) -> EntryKind<'a> {
        self.kind
    }

    /// The content of a file; `None` for a directory.
    pub fn content(&self) -> Result<Option<Cow<'a, [u8]>>, Error> {
        Ok(match self.kind {
            EntryKind::Directory => None,
            EntryKind::File(file) => Some(file.content()?),
            EntryKind::Compiled(target, code) => Some([&header(target)[..], code].concat().into()),
        })
    }
}

/// The entries and all their directories, sorted; `start` is the section's offset, for errors.
fn checked(
    mut entries: BTreeMap<String, EntryKind<'_>>,
    start: usize,
) -> Result<Vec<Entry<'_>>, Error> {
    let above: Vec<_> = entries.keys().flat_map(|path| ancestors(path)).collect();
    entries.extend(above.into_iter().map(|path| (path, EntryKind::Directory)));
    let entries = entries.into_iter().map(|(path, kind)| match names::check_path(&path) {
        Ok(()) => Ok(Entry { path, kind }),
        // Joined with a directory, such a path could lead out of it.
        Err(_) => Err(Error::corrupt(start, "a path isn't relative and normal")),
    });
    entries.collect()
}

/// Adds a node and everything below it.
fn add<'a>(entries: &mut BTreeMap<String, EntryKind<'a>>, node: Node<'a>) -> Result<(), Error> {
    let mut open = vec![node];
    while let Some(node) = open.pop() {
        let kind = match node {
            Node::File(file) => EntryKind::File(file),
            Node::Directory(directory) => {
                for child in directory.children() {
                    open.push(child?);
                }
                EntryKind::Directory
            }
        };
        entries.insert(node.path().to_owned(), kind);
    }
    Ok(())
}

/// The path at which `import` looks for the module's bytecode.
fn compiled(module: &Module<'_>, target: Target) -> String {
    let path = module.path();
    let stem = path.strip_suffix(".py").unwrap_or(path);
    if module.source().is_none() {
        return format!("{stem}.pyc");
    }
    let (directory, name) = match stem.rsplit_once('/') {
        Some((directory, name)) => (format!("{directory}/"), name),
        None => (String::new(), stem),
    };
    let [major, minor, ..] = target.hexversion().to_be_bytes();
    // The tag is that of `_bootstrap_external.py: cache_from_source`, 3.13.
    let level = match target.optimize() {
        0 => String::new(),
        level => format!(".opt-{level}"),
    };
    format!("{directory}__pycache__/{name}.cpython-{major}{minor}{level}.pyc")
}

/// The header of a `.pyc` file that stays valid whatever its source's modification time (PEP 552,
/// "unchecked hash-based"). The hash in it is never compared.
fn header(target: Target) -> [u8; 16] {
    let mut header = [0; 16];
    header[..2].copy_from_slice(&target.magic().to_le_bytes());
    header[2..4].copy_from_slice(b"\r\n");
    header[4] = 1;
    header
}

/// All directories that contain `path`.
fn ancestors(path: &str) -> Vec<String> {
    path.match_indices('/').map(|(end, _)| path[..end].to_owned()).collect()
}
