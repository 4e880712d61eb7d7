//! Makes equal values one node.
//!
//! In `("x", ("x",), ("x",))` three strings become one and two tuples become one, with two uses each.

use std::hash::BuildHasher;

use hashbrown::{DefaultHashBuilder, HashTable};

use super::order;
use crate::error::{Error, ErrorKind};
use crate::marshal::check::Checker;
use crate::marshal::graph::{Graph, Id, Node};
use crate::marshal::layout::{self, Holds};
use crate::marshal::leaf::Leaf;
use crate::marshal::tag::{Form, Tag};

/// A graph in which every value but code objects has one node.
pub(super) struct Merged {
    /// The node that stands for each node's value.
    pub(super) same: Vec<Id>,
    /// The graph's edges, leading to such nodes; those of frozensets sorted.
    pub(super) edges: Vec<u32>,
    /// What is known of each node.
    pub(super) facts: Vec<Facts>,
}

/// What is known of a node that stands for a value.
#[derive(Clone, Copy, Default)]
pub(super) struct Facts {
    /// How many edges of the merged graph lead to it.
    pub(super) uses: u32,
    /// Whether it is a string that stands where CPython interns it on loading.
    pub(super) named: bool,
}

impl Merged {
    /// The merged edges of a container.
    pub(super) fn edges(&self, node: Node) -> &[u32] {
        &self.edges[node.start as usize..][..node.len as usize]
    }
}

/// Merges equal values.
pub(super) fn merge(graph: &Graph<'_>) -> Result<Merged, Error> {
    let mut work = Merger {
        graph,
        merged: Merged {
            same: (0..graph.nodes.len() as Id).collect(),
            edges: graph.edges.clone(),
            facts: vec![Facts::default(); graph.nodes.len()],
        },
        table: HashTable::with_capacity(graph.nodes.len()),
        hasher: DefaultHashBuilder::default(),
    };
    work.leaves()?;
    work.containers()?;
    let merged = work.merged;
    let is_shared =
        |&&id: &&Id| graph.node(id).tag == Tag::Code && merged.facts[id as usize].uses > 1;
    if let Some(&shared) = graph.containers.iter().find(is_shared) {
        return Err(Error::at(ErrorKind::SharedCode, graph.node(shared).at as usize));
    }
    Ok(merged)
}

struct Merger<'g> {
    graph: &'g Graph<'g>,
    merged: Merged,
    table: HashTable<Id>,
    hasher: DefaultHashBuilder,
}

impl Merger<'_> {
    fn leaves(&mut self) -> Result<(), Error> {
        let graph = self.graph;
        for (id, &node) in graph.nodes.iter().enumerate() {
            if node.tag.is_container() {
                continue;
            }
            let data = &graph.data;
            self.merged.same[id] = if let Some(plain) = node.plain(data) {
                let equal = |&other: &Id| {
                    let other = graph.node(other);
                    match other.plain(data) {
                        Some(other) => other == plain,
                        None => is_leaf(graph, other, || graph.leaf(node)),
                    }
                };
                intern(&mut self.table, self.hasher.hash_one(plain), equal, id as Id)
            } else {
                let leaf = graph.leaf(node)?;
                let equal = |&other: &Id| is_leaf(graph, graph.node(other), || Ok(leaf.clone()));
                intern(&mut self.table, self.hasher.hash_one(&leaf), equal, id as Id)
            };
        }
        Ok(())
    }

    /// Children come before the containers that hold them, so theirs are merged already.
    fn containers(&mut self) -> Result<(), Error> {
        let mut checker = Checker::new(self.graph);
        for &id in &self.graph.containers {
            let node = self.graph.node(id);
            match node.tag.form() {
                Form::Code => {
                    let same = &self.merged.same;
                    let facts = &mut self.merged.facts;
                    checker.check(self.graph, node, |names| {
                        for &name in names {
                            facts[same[name as usize] as usize].named = true;
                        }
                    })?;
                    self.code(node);
                }
                Form::Pairs => return Err(not_constant(node)),
                _ => self.sequence(id, node)?,
            }
        }
        Ok(())
    }

    fn code(&mut self, node: Node) {
        let Merged { same, edges, facts } = &mut self.merged;
        let edges = &mut edges[node.start as usize..][..node.len as usize];
        for (edge, field) in edges.iter_mut().zip(layout::fields(self.graph.minor)) {
            let holds = field.holds();
            if holds != Holds::Number {
                *edge = same[*edge as usize];
                let facts = &mut facts[*edge as usize];
                facts.uses += 1;
                facts.named |= holds == Holds::Str && self.graph.minor.interns_code_names();
            }
        }
    }

    fn sequence(&mut self, id: Id, node: Node) -> Result<(), Error> {
        let graph = self.graph;
        let range = node.start as usize..(node.start + node.len) as usize;
        for edge in &mut self.merged.edges[range.clone()] {
            *edge = self.merged.same[*edge as usize];
        }
        match node.tag {
            Tag::FrozenSet => order::sort(graph, &mut self.merged, node)?,
            Tag::SmallTuple | Tag::Tuple | Tag::Slice => {}
            _ => return Err(not_constant(node)),
        }
        let kind = kind(node.tag);
        let merged = &self.merged;
        let edges = merged.edges(node);
        let hash = self.hasher.hash_one((kind, edges));
        let equal = |&other: &Id| {
            let other = graph.node(other);
            self::kind(other.tag) == kind
                && other.tag.is_container()
                && merged.edges(other) == edges
        };
        let same = intern(&mut self.table, hash, equal, id);
        self.merged.same[id as usize] = same;
        if same == id {
            for &edge in &self.merged.edges[range] {
                self.merged.facts[edge as usize].uses += 1;
            }
        }
        Ok(())
    }
}

/// Whether `node` is this leaf.
#[cold]
fn is_leaf<'g>(
    graph: &'g Graph<'_>,
    node: Node,
    leaf: impl FnOnce() -> Result<Leaf<'g>, Error>,
) -> bool {
    !node.tag.is_container()
        && graph.leaf(node).is_ok_and(|one| leaf().is_ok_and(|leaf| leaf == one))
}

/// The node in `table` that `equal` accepts, else `id`, which it then holds.
fn intern(table: &mut HashTable<Id>, hash: u64, equal: impl Fn(&Id) -> bool, id: Id) -> Id {
    if let Some(&known) = table.find(hash, equal) {
        return known;
    }
    // The table has room for every node, so nothing is ever hashed again.
    table.insert_unique(hash, id, |_| unreachable!("the table never grows"));
    id
}

/// One number for both letters of tuples.
fn kind(tag: Tag) -> u8 {
    if tag.is_tuple() { Tag::Tuple.byte() } else { tag.byte() }
}

fn not_constant(node: Node) -> Error {
    Error::at(ErrorKind::NotConstant(node.tag.python_type()), node.at as usize)
}
