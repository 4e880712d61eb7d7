//! Builds the bundle's tree: each file has one owner, and all directories of a path exist.
//!
//! `pkg/mod.py` implies the root directory and `pkg`.

use std::collections::BTreeMap;
use std::fmt;

use super::Builder;
use crate::{Error, ErrorKind, ModuleKind, Packed};

/// The nodes, sorted by the bytes of their paths.
pub(super) struct Tree<'b> {
    nodes: Vec<(&'b str, Option<&'b Packed<'b>>)>,
}

/// The node at a path while the tree is built.
enum Occupant<'b> {
    File(Owner<'b>, Option<&'b Packed<'b>>),
    Directory,
}

/// What a path was added for; used in messages.
#[derive(Clone, Copy)]
enum Owner<'b> {
    Module(&'b str),
    File,
}

impl<'b> Tree<'b> {
    /// `builder` must be sorted, so that of several errors always the same one is reported.
    pub(super) fn new(builder: &'b Builder<'_>) -> Result<Self, Error> {
        let mut occupants = BTreeMap::new();
        // A module without source has no file, but it reserves its path.
        let modules = builder.modules.iter().filter(|module| module.kind != ModuleKind::Namespace);
        for module in modules {
            occupy(
                &mut occupants,
                &module.path,
                Owner::Module(&module.name),
                module.source.as_ref(),
            )?;
        }
        for file in &builder.files {
            occupy(&mut occupants, &file.path, Owner::File, Some(&file.data))?;
        }

        let files: Vec<&str> = occupants.keys().copied().collect();
        occupants.insert("", Occupant::Directory);
        for path in files {
            directories(&mut occupants, parent(path), &format_args!("`{path}` in it"))?;
        }
        for module in builder.modules.iter().filter(|module| module.kind == ModuleKind::Namespace) {
            let owner = Owner::Module(&module.name);
            directories(&mut occupants, Some(&module.path), &owner)?;
        }
        for directory in &builder.directories {
            directories(&mut occupants, Some(directory), &"a directory without files")?;
        }
        for distribution in &builder.distributions {
            let place = Some(&*distribution.directory);
            let name = &distribution.spelling;
            directories(&mut occupants, place, &format_args!("the distribution `{name}`"))?;
        }

        let nodes = occupants.into_iter().filter_map(|(path, occupant)| match occupant {
            Occupant::File(_, data) => Some((path, Some(data?))),
            Occupant::Directory => Some((path, None)),
        });
        Ok(Self { nodes: nodes.collect() })
    }

    /// All paths, with the data of those that are files.
    pub(super) fn nodes(&self) -> &[(&'b str, Option<&'b Packed<'b>>)] {
        &self.nodes
    }

    /// The number of the node at `path`.
    pub(super) fn number(&self, path: &str) -> u32 {
        let number = self.nodes.binary_search_by(|(other, _)| (*other).cmp(path));
        // A section can't hold more than u32::MAX nodes, which is checked when it is written.
        number.ok().and_then(|number| u32::try_from(number).ok()).unwrap_or_default()
    }
}

fn occupy<'b>(
    occupants: &mut BTreeMap<&'b str, Occupant<'b>>,
    path: &'b str,
    owner: Owner<'b>,
    data: Option<&'b Packed<'b>>,
) -> Result<(), Error> {
    match occupants.insert(path, Occupant::File(owner, data)) {
        Some(Occupant::File(other, _)) => Err(Error::write(
            ErrorKind::DuplicateFile,
            format!("`{path}` is added twice, as {other} and as {owner}: remove one of them"),
        )),
        _ => Ok(()),
    }
}

/// Adds `directory` and all directories above it; `reason` is used in messages.
fn directories<'b>(
    occupants: &mut BTreeMap<&'b str, Occupant<'b>>,
    mut directory: Option<&'b str>,
    reason: &dyn fmt::Display,
) -> Result<(), Error> {
    while let Some(here) = directory {
        match occupants.get(here) {
            // Its parents were added together with it.
            Some(Occupant::Directory) => break,
            Some(Occupant::File(owner, _)) => {
                return Err(Error::write(
                    ErrorKind::FileAndDirectory,
                    format!(
                        "`{here}` is {owner} and also a directory, for {reason}: \
                         rename one of them or leave it out"
                    ),
                ));
            }
            None => occupants.insert(here, Occupant::Directory),
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
