//! A marshal stream as a graph: what it says, reference by reference.
//!
//! `("x", "x")` with one string referred to twice is two nodes, one edge to the tuple and two to the string.

use super::tag::Tag;
use crate::code::CodeObject;
use crate::error::Error;
use crate::version::Minor;

/// The objects of a marshal stream, with the letters they were written with and the references between them.
///
/// Writing it gives the stream it was read from, byte for byte. Memory is linear in the stream's length.
///
/// ```
/// # use pyc_code::{Minor, marshal::Graph};
/// let graph = Graph::read(b"\xe9\x07\x00\x00\x00", Minor::PY38)?; // 7, flagged, though nothing refers to it
/// assert_eq!(graph.write(), b"\xe9\x07\x00\x00\x00");
/// # Ok::<(), pyc_code::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Graph<'a> {
    /// The stream.
    pub(super) data: &'a [u8],
    pub(super) minor: Minor,
    /// In the order of their type bytes; a reference makes no node.
    pub(super) nodes: Vec<Node>,
    /// What containers hold, each container's in one piece: ids of nodes, and in code objects also numbers.
    pub(super) edges: Vec<u32>,
    pub(super) root: Id,
}

/// The index of a node.
pub(super) type Id = u32;

/// One object.
#[derive(Clone, Copy, Debug)]
pub(super) struct Node {
    pub(super) tag: Tag,
    /// Whether its type byte has `FLAG_REF`.
    pub(super) flagged: bool,
    /// Where its type byte is in the data.
    pub(super) at: u32,
    /// A leaf's first byte after its length; a container's first edge.
    pub(super) start: u32,
    /// A leaf's bytes; a container's edges.
    pub(super) len: u32,
}

impl<'a> Graph<'a> {
    /// Reads the one object in `stream`.
    pub fn read(stream: &'a [u8], minor: impl Into<Minor>) -> Result<Self, Error> {
        super::read::whole(stream, minor.into())
    }

    /// Reads the object at the start of `stream`, and tells how many bytes it took.
    pub fn read_prefix(stream: &'a [u8], minor: impl Into<Minor>) -> Result<(Self, usize), Error> {
        super::read::prefix(stream, minor.into())
    }

    /// The stream, exactly as it was read.
    #[must_use]
    pub fn write(&self) -> Vec<u8> {
        super::write::exact(self)
    }

    /// The canonical stream, CF1, of the code object that this is.
    pub fn canonical(&self) -> Result<Vec<u8>, Error> {
        super::canonical(self.data, self.minor)
    }

    /// The code object that this is.
    pub fn code(&self) -> Result<CodeObject<'a>, Error> {
        super::read(self.data, self.minor)
    }

    /// The version whose rules it follows.
    #[must_use]
    pub fn minor(&self) -> Minor {
        self.minor
    }

    #[inline]
    pub(super) fn node(&self, id: Id) -> Node {
        self.nodes[id as usize]
    }

    #[inline]
    pub(super) fn edges(&self, node: Node) -> &[u32] {
        &self.edges[node.start as usize..][..node.len as usize]
    }
}
