//! The bundle's tree: each file has one owner, and each directory that a path implies is there.
//!
//! `pkg/mod.py` implies the root directory and `pkg`.

use std::collections::BTreeMap;
use std::fmt;

use super::Builder;
use crate::{Error, ErrorKind, ModuleKind, Packed};

/// What is at each path, by the bytes of the path.
pub(super) struct Tree<'b> {
    nodes: Vec<(&'b str, Option<&'b Packed<'b>>)>,
}

/// What is at a path while the tree is made.
enum Place<'b> {
    File(Owner<'b>, Option<&'b Packed<'b>>),
    Directory,
}

/// Who wants a path, for messages.
#[derive(Clone, Copy)]
enum Owner<'b> {
    Module(&'b str),
    File,
}

impl<'b> Tree<'b> {
    /// `builder` is sorted, so that of several errors always the same one is reported.
    pub(super) fn new(builder: &'b Builder<'_>) -> Result<Self, Error> {
        let mut places = BTreeMap::new();
        // A module without source has no file, but nothing else can be at its path.
        let modules = builder.modules.iter().filter(|module| module.kind != ModuleKind::Namespace);
        for module in modules {
            place(&mut places, &module.path, Owner::Module(&module.name), module.source.as_ref())?;
        }
        for file in &builder.files {
            place(&mut places, &file.path, Owner::File, Some(&file.data))?;
        }

        let files: Vec<&str> = places.keys().copied().collect();
        places.insert("", Place::Directory);
        for path in files {
            directories(&mut places, parent(path), &format_args!("`{path}` in it"))?;
        }
        for module in builder.modules.iter().filter(|module| module.kind == ModuleKind::Namespace) {
            let owner = Owner::Module(&module.name);
            directories(&mut places, Some(&module.path), &owner)?;
        }
        for directory in &builder.directories {
            directories(&mut places, Some(directory), &"a directory without files")?;
        }
        for distribution in &builder.distributions {
            let place = Some(&*distribution.directory);
            let name = &distribution.spelling;
            directories(&mut places, place, &format_args!("the distribution `{name}`"))?;
        }

        let nodes = places.into_iter().filter_map(|(path, place)| match place {
            Place::File(_, data) => Some((path, Some(data?))),
            Place::Directory => Some((path, None)),
        });
        Ok(Self { nodes: nodes.collect() })
    }

    /// Each path, and the data if it is a file.
    pub(super) fn nodes(&self) -> &[(&'b str, Option<&'b Packed<'b>>)] {
        &self.nodes
    }

    /// The number of the node at `path`.
    pub(super) fn number(&self, path: &str) -> u32 {
        let number = self.nodes.binary_search_by(|(other, _)| (*other).cmp(path));
        // More than u32::MAX nodes don't fit in their section, which is checked where it is written.
        number.ok().and_then(|number| u32::try_from(number).ok()).unwrap_or_default()
    }
}

fn place<'b>(
    places: &mut BTreeMap<&'b str, Place<'b>>,
    path: &'b str,
    owner: Owner<'b>,
    data: Option<&'b Packed<'b>>,
) -> Result<(), Error> {
    match places.insert(path, Place::File(owner, data)) {
        Some(Place::File(other, _)) => Err(Error::write(
            ErrorKind::DuplicateFile,
            format!("`{path}` is added twice, as {other} and as {owner}: leave one of them out"),
        )),
        _ => Ok(()),
    }
}

/// Makes `directory` and all above it, because of what `reason` says.
fn directories<'b>(
    places: &mut BTreeMap<&'b str, Place<'b>>,
    mut directory: Option<&'b str>,
    reason: &dyn fmt::Display,
) -> Result<(), Error> {
    while let Some(here) = directory {
        match places.get(here) {
            // Then everything above it is there, too.
            Some(Place::Directory) => break,
            Some(Place::File(owner, _)) => {
                return Err(Error::write(
                    ErrorKind::FileAndDirectory,
                    format!(
                        "`{here}` is {owner} and also a directory, for {reason}: \
                         rename one of them or leave it out"
                    ),
                ));
            }
            None => places.insert(here, Place::Directory),
        };
        directory = parent(here);
    }
    Ok(())
}

fn parent(path: &str) -> Option<&str> {
    path.rsplit_once('/').map(|(parent, _)| parent)
}

impl fmt::Display for Owner<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Module(name) => write!(f, "the module `{name}`"),
            Self::File => f.write_str("a file"),
        }
    }
}
