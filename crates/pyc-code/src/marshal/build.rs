//! From a code object to a graph, twin of `view.rs`.
//!
//! `CodeObject { names: ["x"], … }` becomes nodes over a buffer of its own; equal values are merged later, by `canonical`.

use std::borrow::Cow;
use std::sync::Arc;

use hashbrown::HashMap;

use super::MAX_DEPTH;
use super::graph::{Graph, Id, Node};
use super::layout::{self, Field};
use super::leaf::Leaf;
use super::tag::{Form, Tag};
use crate::code::{CodeObject, Locals};
use crate::constant::Const;
use crate::error::{Error, ErrorKind};
use crate::text::Text;
use crate::version::{Layout, Minor};

/// The graph of `code`. Containers that `code` shares are one node.
pub(super) fn graph(code: &CodeObject<'_>, minor: Minor) -> Result<Graph<'static>, Error> {
    let mut builder = Builder {
        minor,
        data: Vec::new(),
        nodes: Vec::new(),
        edges: Vec::new(),
        containers: Vec::new(),
        shared: HashMap::new(),
        depth: 0,
    };
    let root = builder.code(code)?;
    if i32::try_from(builder.data.len()).is_err() || u32::try_from(builder.edges.len()).is_err() {
        return Err(Error::new(ErrorKind::TooLarge));
    }
    Ok(Graph {
        data: Cow::Owned(builder.data),
        minor,
        nodes: builder.nodes,
        edges: builder.edges,
        containers: builder.containers,
        root,
        recursion: None,
    })
}

struct Builder {
    minor: Minor,
    data: Vec<u8>,
    nodes: Vec<Node>,
    edges: Vec<u32>,
    containers: Vec<Id>,
    /// Nodes of shared containers, by kind and address: a value may be shared more often than could be written out.
    shared: HashMap<(Tag, *const ()), Id>,
    depth: usize,
}

impl Builder {
    fn code(&mut self, code: &CodeObject<'_>) -> Result<Id, Error> {
        if (self.minor.layout() == Layout::Plus) != matches!(code.locals, Locals::Plus { .. }) {
            return Err(Error::new(ErrorKind::BadField("locals")));
        }
        let mut edges = [0; layout::FIELDS];
        for (edge, &field) in edges.iter_mut().zip(layout::fields(self.minor)) {
            *edge = self.field(code, field)?;
        }
        Ok(self.container(Tag::Code, &edges))
    }

    /// The number or node of one field.
    fn field(&mut self, code: &CodeObject<'_>, field: Field) -> Result<u32, Error> {
        Ok(match (field, &code.locals) {
            (Field::ArgCount, _) => code.argcount,
            (Field::PosOnlyArgCount, _) => code.posonlyargcount,
            (Field::KwOnlyArgCount, _) => code.kwonlyargcount,
            (Field::StackSize, _) => code.stacksize,
            (Field::Flags, _) => code.flags.bits(),
            (Field::FirstLineNo, _) => u32::from_le_bytes(code.firstlineno.to_le_bytes()),
            (Field::Code, _) => self.leaf(&Leaf::Bytes(&code.code)),
            (Field::Consts, _) => self.sequence(Tag::Tuple, &code.consts)?,
            (Field::Names, _) => self.names(&code.names),
            (Field::FileName, _) => self.text(&code.filename),
            (Field::Name, _) => self.text(&code.name),
            (Field::QualName, _) => self.text(&code.qualname),
            (Field::LineTable, _) => self.leaf(&Leaf::Bytes(&code.linetable)),
            (Field::ExceptionTable, _) => self.leaf(&Leaf::Bytes(&code.exceptiontable)),
            (Field::NLocals, Locals::Split { nlocals, .. }) => *nlocals,
            (Field::VarNames, Locals::Split { varnames, .. }) => self.names(varnames),
            (Field::FreeVars, Locals::Split { freevars, .. }) => self.names(freevars),
            (Field::CellVars, Locals::Split { cellvars, .. }) => self.names(cellvars),
            (Field::LocalsPlusNames, Locals::Plus { names, .. }) => self.names(names),
            (Field::LocalsPlusKinds, Locals::Plus { kinds, .. }) => self.leaf(&Leaf::Bytes(kinds)),
            _ => return Err(Error::new(ErrorKind::BadField(field.attribute()))),
        })
    }

    fn constant(&mut self, constant: &Const<'_>) -> Result<Id, Error> {
        Ok(match constant {
            Const::None => self.leaf(&Leaf::Singleton(Tag::None.byte())),
            Const::Bool(true) => self.leaf(&Leaf::Singleton(Tag::True.byte())),
            Const::Bool(false) => self.leaf(&Leaf::Singleton(Tag::False.byte())),
            Const::Ellipsis => self.leaf(&Leaf::Singleton(Tag::Ellipsis.byte())),
            Const::Int(value) => self.leaf(&Leaf::int(value)),
            Const::Float(value) => self.leaf(&Leaf::Float(value.to_bits())),
            Const::Complex(real, imaginary) => {
                self.leaf(&Leaf::Complex(real.to_bits(), imaginary.to_bits()))
            }
            Const::Str(text) => self.text(text),
            Const::Bytes(bytes) => self.leaf(&Leaf::Bytes(bytes)),
            Const::Tuple(items) => self.sequence(Tag::Tuple, items)?,
            Const::FrozenSet(items) => self.sequence(Tag::FrozenSet, items)?,
            Const::Slice(parts) => {
                if !Tag::Slice.is_known_to(self.minor) {
                    return Err(Error::new(ErrorKind::NotConstant(Tag::Slice.python_type())));
                }
                self.shared_container(Tag::Slice, Arc::as_ptr(parts).cast(), &parts[..])?
            }
            // A code object that stands in two places is one node, which the canonical writer refuses.
            Const::Code(code) => {
                let key = (Tag::Code, Arc::as_ptr(code).cast());
                if let Some(&known) = self.shared.get(&key) {
                    return Ok(known);
                }
                self.descend()?;
                let id = self.code(code)?;
                self.depth -= 1;
                self.shared.insert(key, id);
                id
            }
        })
    }

    fn sequence(&mut self, tag: Tag, items: &Arc<[Const<'_>]>) -> Result<Id, Error> {
        self.shared_container(tag, Arc::as_ptr(items).cast(), items)
    }

    fn shared_container(
        &mut self,
        tag: Tag,
        address: *const (),
        items: &[Const<'_>],
    ) -> Result<Id, Error> {
        // All empty slices may have one address, which is harmless: they are equal.
        if let Some(&known) = self.shared.get(&(tag, address)) {
            return Ok(known);
        }
        self.descend()?;
        let mut edges = Vec::with_capacity(items.len());
        for item in items {
            edges.push(self.constant(item)?);
        }
        self.depth -= 1;
        let id = self.container(tag, &edges);
        self.shared.insert((tag, address), id);
        Ok(id)
    }

    fn names(&mut self, names: &Arc<[Text<'_>]>) -> Id {
        // The address of a tuple of strings is never that of one of constants, unless both are empty.
        let key = (Tag::SmallTuple, Arc::as_ptr(names).cast());
        if let Some(&known) = self.shared.get(&key) {
            return known;
        }
        let edges: Vec<Id> = names.iter().map(|name| self.text(name)).collect();
        let id = self.container(Tag::SmallTuple, &edges);
        self.shared.insert(key, id);
        id
    }

    fn text(&mut self, text: &Text<'_>) -> Id {
        self.leaf(&Leaf::Str(text.as_bytes()))
    }

    fn leaf(&mut self, leaf: &Leaf<'_>) -> Id {
        let at = self.data.len();
        leaf.write(false, false, &mut self.data);
        let tag = Tag::of(self.data[at]).unwrap_or(Tag::None);
        let head = match tag.form() {
            Form::Long | Form::Digits => 5,
            Form::Short => 2,
            _ => 1,
        };
        let len = (self.data.len() - at - head) as u32;
        self.push(Node {
            tag,
            flagged: false,
            referred: false,
            at: at as u32,
            start: (at + head) as u32,
            len,
        })
    }

    fn container(&mut self, tag: Tag, edges: &[u32]) -> Id {
        let (start, len) = (self.edges.len() as u32, edges.len() as u32);
        self.edges.extend_from_slice(edges);
        let id = self.push(Node { tag, flagged: false, referred: false, at: 0, start, len });
        self.containers.push(id);
        id
    }

    fn push(&mut self, node: Node) -> Id {
        let id = self.nodes.len() as Id;
        self.nodes.push(node);
        id
    }

    fn descend(&mut self) -> Result<(), Error> {
        self.depth += 1;
        if self.depth >= MAX_DEPTH { Err(Error::new(ErrorKind::TooDeep)) } else { Ok(()) }
    }
}
