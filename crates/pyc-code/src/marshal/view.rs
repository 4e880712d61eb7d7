//! From a graph to the code object it means, twin of `build.rs`.
//!
//! `63 …` with names `) 01 da 01 78` becomes a [`CodeObject`] whose `names` are `["x"]`, borrowed from the stream.
//!
//! What the stream shares stays shared: a tuple that a thousand places refer to is built once. So memory stays linear
//! in the stream's length.

use std::borrow::Cow;
use std::sync::Arc;

use hashbrown::HashMap;

use super::check::Checker;
use super::graph::{Graph, Id, Node};
use super::layout::{self, Field};
use super::leaf::Leaf;
use super::tag::Tag;
use crate::code::{CodeFlags, CodeObject, Locals};
use crate::constant::{Const, Float};
use crate::error::{Error, ErrorKind};
use crate::int::Int;
use crate::text::Text;
use crate::version::Layout;

/// The code object at the root of `graph`, whose leaves' bytes are in `data`.
pub(super) fn code<'d>(graph: &Graph<'_>, data: &'d [u8]) -> Result<CodeObject<'d>, Error> {
    if let Some(offset) = graph.recursion {
        return Err(Error::at(ErrorKind::Recursive, offset));
    }
    if graph.node(graph.root).tag != Tag::Code {
        return Err(Error::at(ErrorKind::NotCode, 0));
    }
    let mut viewer = Viewer {
        graph,
        data,
        checker: Checker::new(graph),
        consts: HashMap::new(),
        names: HashMap::new(),
        open: Vec::new(),
        values: Vec::new(),
    };
    match viewer.run()? {
        Const::Code(code) => Ok(Arc::try_unwrap(code).unwrap_or_else(|shared| (*shared).clone())),
        _ => Err(Error::at(ErrorKind::NotCode, 0)),
    }
}

struct Viewer<'g, 's, 'd> {
    graph: &'g Graph<'s>,
    data: &'d [u8],
    checker: Checker,
    /// What was made of nodes that references lead to.
    consts: HashMap<Id, Const<'d>>,
    names: HashMap<Id, Arc<[Text<'d>]>>,
    /// Containers under construction; nesting lives here, not on the call stack.
    open: Vec<Open>,
    /// Finished children of the open containers.
    values: Vec<Const<'d>>,
}

struct Open {
    id: Id,
    /// The child to visit next.
    next: u32,
    /// Where its children start in `values`.
    base: usize,
}

impl<'d> Viewer<'_, '_, 'd> {
    fn run(&mut self) -> Result<Const<'d>, Error> {
        self.visit(self.graph.root)?;
        while let Some(open) = self.open.last_mut() {
            let node = self.graph.node(open.id);
            let children = match node.tag {
                Tag::Code => {
                    let at = layout::place(self.graph.minor, Field::Consts);
                    &self.graph.edges(node)[at..=at]
                }
                _ => self.graph.edges(node),
            };
            // Leaves are done here in one go; a container waits until it is complete.
            while let Some(&child) = children.get(open.next as usize) {
                open.next += 1;
                let node = self.graph.node(child);
                if node.tag.is_container() || node.tag == Tag::BigInt {
                    self.visit(child)?;
                    break;
                }
                self.values.push(constant(Leaf::of(node, self.data)?));
            }
            if self.open.last().is_some_and(|top| {
                top.next as usize == children.len()
                    && self.values.len() == top.base + children.len()
            }) {
                self.close(node)?;
            }
        }
        self.values.pop().ok_or_else(|| Error::new(ErrorKind::NotCode))
    }

    /// Takes what is known of `id`, or opens it.
    fn visit(&mut self, id: Id) -> Result<(), Error> {
        let node = self.graph.node(id);
        if node.referred {
            if let Some(known) = self.consts.get(&id) {
                self.values.push(known.clone());
                return Ok(());
            }
        }
        match node.tag {
            Tag::BigInt => {
                let value = constant(Leaf::of(node, self.data)?);
                self.keep(id, node, &value);
                self.values.push(value);
                return Ok(());
            }
            Tag::Code => self.checker.check(self.graph, node, |_| ())?,
            Tag::SmallTuple | Tag::Tuple | Tag::FrozenSet | Tag::Slice => {}
            tag => {
                return Err(Error::at(ErrorKind::NotConstant(tag.python_type()), node.at as usize));
            }
        }
        self.open.push(Open { id, next: 0, base: self.values.len() });
        Ok(())
    }

    /// Makes the innermost container of its children.
    fn close(&mut self, node: Node) -> Result<(), Error> {
        let Some(Open { id, base, .. }) = self.open.pop() else { return Ok(()) };
        let value = match node.tag {
            Tag::Code => {
                let consts = self.values.pop();
                Const::Code(Arc::new(self.code(node, consts)?))
            }
            Tag::Slice => {
                let children: Vec<_> = self.values.drain(base..).collect();
                let children = <[Const<'d>; 3]>::try_from(children)
                    .map_err(|_| Error::at(ErrorKind::NotConstant("slice"), node.at as usize))?;
                Const::Slice(Arc::new(children))
            }
            Tag::FrozenSet => Const::FrozenSet(self.values.drain(base..).collect()),
            _ => Const::Tuple(self.values.drain(base..).collect()),
        };
        self.keep(id, node, &value);
        self.values.push(value);
        Ok(())
    }

    fn keep(&mut self, id: Id, node: Node, value: &Const<'d>) {
        if node.referred {
            self.consts.insert(id, value.clone());
        }
    }

    /// The code object with these constants; its fields have been checked.
    fn code(&mut self, node: Node, consts: Option<Const<'d>>) -> Result<CodeObject<'d>, Error> {
        let graph = self.graph;
        let edge = |field: Field| graph.edges(node)[layout::place(graph.minor, field)];
        let leaf = |field: Field| graph.node(edge(field)).payload(self.data);
        let Some(Const::Tuple(consts)) = consts else {
            return Err(Error::at(
                ErrorKind::BadField(Field::Consts.attribute()),
                node.at as usize,
            ));
        };
        let plus = graph.minor.layout() == Layout::Plus;
        let (code, filename, name) = (leaf(Field::Code), leaf(Field::FileName), leaf(Field::Name));
        let linetable = leaf(Field::LineTable);
        let (qualname, exceptiontable): (&[u8], &[u8]) =
            if plus { (leaf(Field::QualName), leaf(Field::ExceptionTable)) } else { (b"", b"") };
        let locals = if plus {
            let kinds = Cow::Borrowed(leaf(Field::LocalsPlusKinds));
            Locals::Plus { names: self.names(edge(Field::LocalsPlusNames)), kinds }
        } else {
            Locals::Split {
                nlocals: edge(Field::NLocals),
                varnames: self.names(edge(Field::VarNames)),
                freevars: self.names(edge(Field::FreeVars)),
                cellvars: self.names(edge(Field::CellVars)),
            }
        };
        Ok(CodeObject {
            argcount: edge(Field::ArgCount),
            posonlyargcount: edge(Field::PosOnlyArgCount),
            kwonlyargcount: edge(Field::KwOnlyArgCount),
            stacksize: edge(Field::StackSize),
            flags: CodeFlags::from_bits(edge(Field::Flags)),
            code: Cow::Borrowed(code),
            consts,
            names: self.names(edge(Field::Names)),
            locals,
            filename: Text::trusted(filename),
            name: Text::trusted(name),
            qualname: Text::trusted(qualname),
            firstlineno: i32::from_le_bytes(edge(Field::FirstLineNo).to_le_bytes()),
            linetable: Cow::Borrowed(linetable),
            exceptiontable: Cow::Borrowed(exceptiontable),
        })
    }

    /// The strings of a tuple that holds only strings.
    fn names(&mut self, id: Id) -> Arc<[Text<'d>]> {
        let node = self.graph.node(id);
        if node.len == 0 {
            return Arc::default();
        }
        if node.referred {
            if let Some(known) = self.names.get(&id) {
                return known.clone();
            }
        }
        let text = |&id: &Id| Text::trusted(self.graph.node(id).payload(self.data));
        let names: Arc<[Text<'d>]> = self.graph.edges(node).iter().map(text).collect();
        if node.referred {
            self.names.insert(id, names.clone());
        }
        names
    }
}

fn constant(leaf: Leaf<'_>) -> Const<'_> {
    match leaf {
        Leaf::Singleton(b'T') => Const::Bool(true),
        Leaf::Singleton(b'F') => Const::Bool(false),
        Leaf::Singleton(b'.') => Const::Ellipsis,
        Leaf::Singleton(_) => Const::None,
        Leaf::Int(value) => Const::Int(value.into()),
        Leaf::BigInt { negative, digits } => {
            let digits =
                digits.chunks_exact(2).map(|digit| u16::from_le_bytes([digit[0], digit[1]]));
            Const::Int(Int::from_digits(negative, digits.collect()))
        }
        Leaf::Float(bits) => Const::Float(Float::from_bits(bits)),
        Leaf::Complex(real, imaginary) => {
            Const::Complex(Float::from_bits(real), Float::from_bits(imaginary))
        }
        Leaf::Bytes(bytes) => Const::Bytes(Cow::Borrowed(bytes)),
        Leaf::Str(text) => Const::Str(Text::trusted(text)),
    }
}
