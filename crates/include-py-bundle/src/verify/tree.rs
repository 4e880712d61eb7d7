//! Checks the tree: each node by itself, their order, and that each lies in a directory.
//!
//! The first node is the root directory, whose path is empty.

use super::sorted;
use super::tiles::Tiles;
use crate::layout::{NodeRecord, Section, Span};
use crate::{Bundle, Error, Node, names};

pub(super) fn verify(
    bundle: &Bundle<'_>,
    strings: &mut Tiles,
    data: &mut Tiles,
) -> Result<(), Error> {
    let part = bundle.part(Section::Nodes);
    if !is_directory(bundle, "")? {
        return Err(Error::corrupt(part.start(), "it has no root directory"));
    }
    for number in 0..part.count() {
        let corrupt = |what| Err(Error::corrupt(part.offset(number), what));
        let node = bundle.node_at(number)?;
        let record: NodeRecord = part.record(number).unwrap_or_default();
        if matches!(node, Node::Directory(_)) && record.data != Span::default() {
            return corrupt("a directory has data");
        }
        if let Node::File(file) = node {
            // Fails if the content can't be unpacked.
            file.content()?;
        }
        if !node.path().is_empty() && names::check_path(node.path()).is_err() {
            return corrupt("a path isn't relative and normal");
        }
        if !has_parent(bundle, node.path())? {
            return corrupt("a node's directory doesn't exist");
        }
        strings.see(record.path, part.offset(number))?;
        data.see(record.data, part.offset(number))?;
    }
    sorted(&bundle.node_paths(), part)
}

pub(super) fn is_directory(bundle: &Bundle<'_>, path: &str) -> Result<bool, Error> {
    Ok(matches!(bundle.node(path)?, Some(Node::Directory(_))))
}

pub(super) fn has_parent(bundle: &Bundle<'_>, path: &str) -> Result<bool, Error> {
    is_directory(bundle, path.rsplit_once('/').map_or("", |(parent, _)| parent))
}
