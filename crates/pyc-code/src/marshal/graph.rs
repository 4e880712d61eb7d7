//! A marshal stream as a graph that preserves every reference.
//!
//! `("x", "x")` with one shared string is two nodes, with one edge to the tuple and two edges to
//! the string.

use super::tag::Tag;
use crate::code::CodeObject;
use crate::error::Error;
use crate::version::Minor;

/// The objects in a marshal stream, including their type bytes and the references between them.
///
/// Writing a graph reproduces the original stream byte for byte. Memory is linear in the stream's
/// length.
///
/// ```
/// # use pyc_code::{Minor, marshal::Graph};
/// let graph = Graph::read(b"\xe9\x07\x00\x00\x00", Minor::PY38)?; // 7, flagged, though nothing refers to it
/// assert_eq!(graph.write(), b"\xe9\x07\x00\x00\x00");
/// # Ok::<(), pyc_code::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Graph<'a> {
    /// The stream that was read.
    pub(super) data: &'a [u8],
    pub(super) minor: Minor,
    /// One node for each object in the order of their type bytes; references have none.
    pub(super) nodes: Vec<Node>,
    /// The children of all containers, each container's contiguous: node ids, and in code objects
    /// also numbers.
    pub(super) edges: Vec<u32>,
    pub(super) root: Id,
}

/// The index of a node.
pub(super) type Id = u32;

/// One object.
#[derive(Clone, Copy, Debug)]
pub(super) struct Node {
    pub(super) tag: Tag,
    /// Whether the type byte has `FLAG_REF`.
    pub(super) flagged: bool,
    /// Offset of the type byte.
    pub(super) at: u32,
    /// For a leaf, the offset of its content; for a container, the index of its first edge.
    pub(super) start: u32,
    /// For a leaf, its content's length; for a container, its number of edges.
    pub(super) len: u32,
}

impl<'a> Graph<'a> {
    /// Reads the object in `stream`. Nothing may follow it.
    pub fn read(stream: &'a [u8], minor: impl Into<Minor>) -> Result<Self, Error> {
        super::read::whole(stream, minor.into())
    }

    /// Reads the object at the start of `stream` and returns its length.
    pub fn read_prefix(stream: &'a [u8], minor: impl Into<Minor>) -> Result<(Self, usize), Error> {
        super::read::prefix(stream, minor.into())
    }

    /// The stream as it was read.
    #[must_use]
    pub fn write(&self) -> Vec<u8> {
        super::write::exact(self)
    }

    /// The canonical form CF1, if the object is a code object.
    pub fn canonical(&self) -> Result<Vec<u8>, Error> {
        super::canonical(self.data, self.minor)
    }

    /// The code object that the stream represents, if it is one.
    pub fn code(&self) -> Result<CodeObject<'a>, Error> {
        super::read(self.data, self.minor)
    }

    /// The version whose rules the stream follows.
    #[must_use]
    pub fn minor(&self) -> Minor {
        self.minor
    }

    #[inline(always)]
    pub(super) fn node(&self, id: Id) -> Node {
        self.nodes[id as usize]
    }

    #[inline(always)]
    pub(super) fn edges(&self, node: Node) -> &[u32] {
        &self.edges[node.start as usize..][..node.len as usize]
    }
}
