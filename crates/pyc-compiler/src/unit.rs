//! A unit: the code of one module, function, class, lambda or comprehension, as code generation
//! hands it to the flow graph.
//!
//! `def f(a): return a + 1` gives a unit named `f` with locals `[a]`, consts `[None, 1]` and
//! `RESUME, LOAD_FAST 0, LOAD_CONST 1, BINARY_OP, RETURN_VALUE`, of which
//! [`crate::flow`] makes a [`crate::code::Code`].

use pyc_code::CodeFlags;

use crate::constant::ConstId;
use crate::instruction::Sequence;
use crate::location::Line;
use crate::name::{Name, count};
use crate::numbering::Numbering;

/// The contents of CPython's `_PyCompile_CodeUnitMetadata` (`pycore_compile.h`, 3.13), and the
/// instructions.
#[derive(Debug, Default)]
pub(crate) struct Unit {
    pub(crate) name: Option<Name>,
    pub(crate) qualname: Option<Name>,
    pub(crate) first_line: Line,
    pub(crate) flags: CodeFlags,
    /// Positional parameters, including positional-only ones.
    pub(crate) argcount: u32,
    pub(crate) posonlyargcount: u32,
    pub(crate) kwonlyargcount: u32,
    pub(crate) code: Sequence,
    pub(crate) consts: Numbering<ConstId>,
    /// Globals, attributes and other names, by `LOAD_NAME`'s index.
    pub(crate) names: Numbering<Name>,
    /// Parameters, then other local variables.
    pub(crate) locals: Numbering<Name>,
    /// The number of locals that are parameters.
    pub(crate) parameters: u32,
    /// Variables that nested units use, sorted by name. Some are parameters, too. The argument of
    /// `LOAD_DEREF` is the number here, until the flow graph puts the locals before them.
    pub(crate) cells: Numbering<Name>,
    /// Variables of enclosing units, sorted by name. Their numbers follow those of the cells (see
    /// [`Unit::free_number`]).
    pub(crate) frees: Numbering<Name>,
    /// Variables of inlined comprehensions (`u_fasthidden`). While the flag is `true`, they are
    /// fast locals of the comprehension only.
    pub(crate) hidden: Vec<(Name, bool)>,
}

impl Unit {
    /// `LOAD_DEREF`'s argument for a free variable: the cells come first.
    pub(crate) fn free_number(&mut self, name: Name) -> u32 {
        count(self.cells.items().len()) + self.frees.number(name)
    }

    /// Whether it can be suspended: it is a generator or a coroutine.
    pub(crate) fn suspends(&self) -> bool {
        let flags = [CodeFlags::GENERATOR, CodeFlags::COROUTINE, CodeFlags::ASYNC_GENERATOR];
        flags.into_iter().any(|flag| self.flags.contains(flag))
    }

    /// With room for a unit of a file with this many names and constants.
    pub(crate) fn for_file(names: usize, constants: usize) -> Self {
        Self {
            code: Sequence::with_room(),
            consts: Numbering::for_indices(constants),
            names: Numbering::for_indices(names),
            locals: Numbering::for_indices(names),
            ..Self::default()
        }
    }

    /// Empties it for the next unit, but keeps the memory.
    pub(crate) fn clear(&mut self) {
        let Self { code, consts, names, locals, cells, frees, hidden, .. } = self;
        (self.argcount, self.posonlyargcount, self.kwonlyargcount) = (0, 0, 0);
        code.clear();
        consts.clear();
        for numbering in [names, locals, cells, frees] {
            numbering.clear();
        }
        hidden.clear();
    }
}
