//! Merges equal values into one node.
//!
//! In `("x", ("x",), ("x",))` the three strings become one node and the two inner tuples another,
//! with two uses each.

use std::hash::BuildHasher;
use std::vec::Drain;

use hashbrown::hash_table::Entry;
use hashbrown::{DefaultHashBuilder, HashTable};

use super::order;
use crate::error::ErrorKind;
use crate::marshal::build::{Build, Code, Locals};
use crate::marshal::layout;
use crate::marshal::leaf::Leaf;
use crate::marshal::tag::Tag;
use crate::version::Minor;

/// The index of a node.
pub(super) type Id = u32;

/// A graph with one node for each distinct value. Code objects are never merged. Children precede
/// their parents.
pub(super) struct Merger<'d> {
    pub(super) minor: Minor,
    pub(super) nodes: Vec<Node<'d>>,
    /// The number of edges to each node.
    pub(super) uses: Vec<u32>,
    /// The children of all containers, each container's contiguous: node ids, and in code objects
    /// also numbers.
    pub(super) edges: Vec<u32>,
    table: HashTable<Id>,
    hasher: DefaultHashBuilder,
    /// Which fields of code objects are numbers; the lowest bit is the first field.
    pub(super) numbers: u16,
    /// The nodes of constants without content, indexed by their type byte.
    singletons: [Option<Id>; 128],
}

/// One value.
pub(super) struct Node<'d> {
    pub(super) what: What<'d>,
    hash: u64,
    /// Whether CPython interns this string on loading, or the strings of this tuple.
    pub(super) interned: bool,
}

pub(super) enum What<'d> {
    Leaf(Leaf<'d>),
    Container(Container),
}

#[derive(Clone, Copy)]
pub(super) struct Container {
    /// Tuples of any length have `Tag::Tuple`.
    pub(super) tag: Tag,
    pub(super) start: u32,
    pub(super) len: u32,
}

impl<'d> Merger<'d> {
    /// An empty graph with room for about `guess` nodes.
    pub(super) fn new(minor: Minor, guess: usize) -> Self {
        Self {
            minor,
            nodes: Vec::with_capacity(guess),
            uses: Vec::with_capacity(guess),
            edges: Vec::with_capacity(guess * 3),
            table: HashTable::with_capacity(guess),
            hasher: DefaultHashBuilder::default(),
            numbers: layout::numbers(minor),
            singletons: [None; 128],
        }
    }

    #[inline(always)]
    pub(super) fn node(&self, id: Id) -> &Node<'d> {
        &self.nodes[id as usize]
    }

    /// Maximum number of bytes of the node's own encoding.
    pub(super) fn size(&self) -> usize {
        let leaf = |node: &Node<'_>| match &node.what {
            What::Leaf(Leaf::Str(bytes) | Leaf::Bytes(bytes)) => bytes.len(),
            What::Leaf(Leaf::BigInt { digits, .. }) => digits.len(),
            What::Leaf(_) => 16,
            What::Container(_) => 0,
        };
        self.nodes.iter().map(|node| 5 + leaf(node)).sum::<usize>() + 5 * self.edges.len()
    }

    /// The child nodes; empty for a leaf.
    pub(super) fn children(&self, id: Id) -> &[Id] {
        match self.node(id).what {
            What::Container(container) => self.edges(container),
            What::Leaf(_) => &[],
        }
    }

    #[inline(always)]
    pub(super) fn edges(&self, container: Container) -> &[u32] {
        &self.edges[container.start as usize..][..container.len as usize]
    }

    fn tag(&self, id: Id) -> Option<Tag> {
        match self.node(id).what {
            What::Container(container) => Some(container.tag),
            What::Leaf(_) => None,
        }
    }

    pub(super) fn is_code(&self, id: Id) -> bool {
        self.tag(id) == Some(Tag::Code)
    }

    #[inline]
    fn intern_leaf(&mut self, leaf: Leaf<'d>, equal: impl Fn(&Leaf<'d>) -> bool) -> Id {
        let Self { nodes, uses, table, hasher, .. } = self;
        let hash = hasher.hash_one(leaf);
        let equal =
            |&id: &Id| matches!(&nodes[id as usize].what, What::Leaf(other) if equal(other));
        match table.entry(hash, equal, |&id| nodes[id as usize].hash) {
            Entry::Occupied(known) => *known.get(),
            Entry::Vacant(vacant) => {
                let id = nodes.len() as Id;
                vacant.insert(id);
                nodes.push(Node { what: What::Leaf(leaf), hash, interned: false });
                uses.push(0);
                id
            }
        }
    }

    /// The node of a container whose edges are `edges[start..]`.
    #[inline]
    fn intern_container(&mut self, tag: Tag, start: usize) -> Result<Id, ErrorKind> {
        let Self { nodes, edges, table, hasher, .. } = self;
        let hash = hasher.hash_one(&edges[start..]);
        let equal = |&id: &Id| match nodes[id as usize].what {
            What::Container(other) => {
                other.tag == tag
                    && edges[other.start as usize..][..other.len as usize] == edges[start..]
            }
            What::Leaf(_) => false,
        };
        match table.entry(hash, equal, |&id| nodes[id as usize].hash) {
            Entry::Occupied(known) => {
                let id = *known.get();
                edges.truncate(start);
                Ok(id)
            }
            Entry::Vacant(vacant) => {
                let id = nodes.len() as Id;
                vacant.insert(id);
                self.add_container(tag, start, hash)
            }
        }
    }

    #[inline]
    fn intern_sequence(&mut self, tag: Tag, start: usize) -> Result<Id, ErrorKind> {
        let nodes = self.nodes.len();
        let id = self.intern_container(tag, start)?;
        if self.nodes.len() != nodes {
            for &child in &self.edges[start..] {
                self.uses[child as usize] += 1;
            }
        }
        Ok(id)
    }

    /// Marks a tuple's strings as interned by CPython on loading.
    #[inline]
    fn name(&mut self, tuple: Id) {
        let node = &mut self.nodes[tuple as usize];
        let What::Container(container) = node.what else { return };
        if !std::mem::replace(&mut node.interned, true) {
            for &item in &self.edges[container.start as usize..][..container.len as usize] {
                self.nodes[item as usize].interned = true;
            }
        }
    }

    fn is_str(&self, id: Id) -> bool {
        matches!(self.node(id).what, What::Leaf(Leaf::Str(_)))
    }

    /// Whether there is one kind for each fast local (`codeobject.c: _PyCode_Validate`, 3.11).
    fn kinds_fit(&self, names: Id, kinds: Id) -> bool {
        match (&self.node(names).what, &self.node(kinds).what) {
            (What::Container(names), What::Leaf(Leaf::Bytes(kinds))) => {
                names.len as usize == kinds.len()
            }
            _ => false,
        }
    }

    /// Adds a container whose edges are `edges[start..]`.
    fn add_container(&mut self, tag: Tag, start: usize, hash: u64) -> Result<Id, ErrorKind> {
        let id = self.nodes.len() as Id;
        let len = (self.edges.len() - start) as u32;
        if u32::try_from(self.edges.len()).is_err() {
            return Err(ErrorKind::TooLarge);
        }
        let container = Container { tag, start: start as u32, len };
        self.nodes.push(Node { what: What::Container(container), hash, interned: false });
        self.uses.push(0);
        Ok(id)
    }
}

impl<'d> Build<'d> for Merger<'d> {
    type Str = Id;
    type Bytes = Id;
    type Names = Id;
    type Constant = Id;

    #[inline]
    fn str(&mut self, text: &'d [u8]) -> Id {
        self.intern_leaf(
            Leaf::Str(text),
            |other| matches!(other, Leaf::Str(other) if *other == text),
        )
    }

    #[inline]
    fn bytes(&mut self, bytes: &'d [u8]) -> Id {
        self.intern_leaf(
            Leaf::Bytes(bytes),
            |other| matches!(other, Leaf::Bytes(other) if *other == bytes),
        )
    }

    #[inline]
    fn names(&mut self, items: &[Id]) -> Result<Id, ErrorKind> {
        let start = self.edges.len();
        self.edges.extend_from_slice(items);
        let id = self.intern_sequence(Tag::Tuple, start)?;
        self.name(id);
        Ok(id)
    }

    #[inline(always)]
    fn str_constant(&mut self, text: Id) -> Id {
        text
    }

    #[inline(always)]
    fn bytes_constant(&mut self, bytes: Id) -> Id {
        bytes
    }

    #[inline]
    fn leaf(&mut self, leaf: Leaf<'d>) -> Id {
        let Leaf::Singleton(byte) = leaf else {
            return self.intern_leaf(leaf, |other| *other == leaf);
        };
        if let Some(id) = self.singletons[usize::from(byte)] {
            return id;
        }
        let id = self.intern_leaf(leaf, |other| *other == leaf);
        self.singletons[usize::from(byte)] = Some(id);
        id
    }

    #[inline]
    fn sequence(&mut self, tag: Tag, items: Drain<'_, Id>) -> Result<Id, ErrorKind> {
        let start = self.edges.len();
        self.edges.extend_from_slice(items.as_slice());
        if tag == Tag::FrozenSet {
            let mut elements = self.edges[start..].to_vec();
            order::sort(self, &mut elements)?;
            self.edges[start..].copy_from_slice(&elements);
        }
        let nodes = self.nodes.len();
        let id = self.intern_sequence(if tag.is_tuple() { Tag::Tuple } else { tag }, start)?;
        if self.nodes.len() != nodes {
            let shared = |&id: &Id| self.uses[id as usize] > 1 && self.is_code(id);
            if self.edges[start..].iter().any(shared) {
                return Err(ErrorKind::SharedCode);
            }
        }
        Ok(id)
    }

    fn code(&mut self, code: Code<'d, Self>) -> Result<Id, ErrorKind> {
        if self.tag(code.consts) != Some(Tag::Tuple) {
            return Err(ErrorKind::BadField("co_consts"));
        }
        let firstlineno = u32::from_le_bytes(code.firstlineno.to_le_bytes());
        let mut interned = [code.filename, code.name, code.name];
        let edges: [u32; layout::FIELDS] = match code.locals {
            Locals::Split { nlocals, varnames, freevars, cellvars } => [
                code.argcount,
                code.posonlyargcount,
                code.kwonlyargcount,
                nlocals,
                code.stacksize,
                code.flags,
                code.bytecode,
                code.consts,
                code.names,
                varnames,
                freevars,
                cellvars,
                code.filename,
                code.name,
                firstlineno,
                code.linetable,
            ],
            Locals::Plus { names, kinds, qualname, exceptiontable } => {
                if !self.kinds_fit(names, kinds) {
                    return Err(ErrorKind::BadField("co_localspluskinds"));
                }
                interned[2] = qualname;
                [
                    code.argcount,
                    code.posonlyargcount,
                    code.kwonlyargcount,
                    code.stacksize,
                    code.flags,
                    code.bytecode,
                    code.consts,
                    code.names,
                    names,
                    kinds,
                    code.filename,
                    code.name,
                    qualname,
                    firstlineno,
                    code.linetable,
                    exceptiontable,
                ]
            }
        };
        if self.minor.interns_code_names() {
            for id in interned {
                self.nodes[id as usize].interned = true;
            }
        }
        for (at, &edge) in edges.iter().enumerate() {
            // The other fields are numbers, not references.
            if self.numbers >> at & 1 == 0 {
                self.uses[edge as usize] += 1;
            }
        }
        let start = self.edges.len();
        self.edges.extend_from_slice(&edges);
        self.add_container(Tag::Code, start, 0)
    }

    fn to_names(&mut self, constant: &Id) -> Option<Id> {
        let are_strings = self.tag(*constant) == Some(Tag::Tuple)
            && self.children(*constant).iter().all(|&id| self.is_str(id));
        are_strings.then(|| {
            self.name(*constant);
            *constant
        })
    }

    #[inline(always)]
    fn names_constant(&mut self, names: &Id) -> Id {
        *names
    }
}
