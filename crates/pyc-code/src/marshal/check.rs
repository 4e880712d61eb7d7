//! Whether a node that claims to be a code object is one.
//!
//! `co_names` must be a tuple of strings, `co_argcount` must not be negative.

use super::graph::{Graph, Id, Node};
use super::layout::{self, Field, Holds};
use super::read::MAX_LENGTH;
use super::tag::Tag;
use crate::error::{Error, ErrorKind};
use crate::version::Layout;

/// Checks the fields of code objects; a tuple that several of them share is looked through once.
pub(super) struct Checker {
    names: Vec<bool>,
}

impl Checker {
    pub(super) fn new(graph: &Graph<'_>) -> Self {
        Self { names: vec![false; graph.nodes.len()] }
    }

    /// Checks the code object `code`. `names` is told every tuple of names that was not seen before.
    pub(super) fn check(
        &mut self,
        graph: &Graph<'_>,
        code: Node,
        mut names: impl FnMut(&[Id]),
    ) -> Result<(), Error> {
        for (field, &edge) in layout::fields(graph.minor).iter().zip(graph.edges(code)) {
            let good = match field.holds() {
                Holds::Number => {
                    matches!(field, Field::Flags | Field::FirstLineNo) || edge <= MAX_LENGTH
                }
                Holds::Bytes => graph.node(edge).tag == Tag::Bytes,
                Holds::Str => graph.node(edge).tag.is_str(),
                Holds::Tuple => graph.node(edge).tag.is_tuple(),
                Holds::Names => {
                    let tuple = graph.node(edge);
                    let seen = std::mem::replace(&mut self.names[edge as usize], true);
                    seen || tuple.tag.is_tuple() && {
                        let strings = graph.edges(tuple);
                        names(strings);
                        strings.iter().all(|&id| graph.node(id).tag.is_str())
                    }
                }
            };
            if !good {
                return Err(Error::at(ErrorKind::BadField(field.attribute()), code.at as usize));
            }
        }
        if kinds_fit(graph, code) {
            Ok(())
        } else {
            Err(Error::at(
                ErrorKind::BadField(Field::LocalsPlusKinds.attribute()),
                code.at as usize,
            ))
        }
    }
}

/// Whether every fast local has a kind (`codeobject.c: _PyCode_Validate`, 3.11).
fn kinds_fit(graph: &Graph<'_>, code: Node) -> bool {
    let count = |field| graph.node(graph.edges(code)[layout::place(graph.minor, field)]).len;
    match graph.minor.layout() {
        Layout::Split => true,
        Layout::Plus => count(Field::LocalsPlusNames) == count(Field::LocalsPlusKinds),
    }
}
