//! Opening and closing units: a module, a function, a class, …
//!
//! `self.in_unit(opening, |this| …)` generates a new unit and returns its finished code.

use pyc_code::CodeFlags;

use super::Generator;
use super::annotate::Deferred;
use super::block::Block;
use super::meaning::Mark;
use super::print;
use crate::code::Code;
use crate::constant::{CodeId, ConstId};
use crate::error::Result;
use crate::flow;
use crate::instruction::Op;
use crate::location::{Line, Location};
use crate::name::{Name, count};
use crate::numbering::Numbering;
use crate::scope::{Resolution, ScopeId, ScopeKind, Symbol, Uses, mangle};
use crate::target::Feature;
use crate::tree::ScopeBlockId;
use crate::unit::Unit;

/// A unit being generated (`compile.c: struct compiler_unit`, 3.13).
#[derive(Debug, Default)]
pub(super) struct Frame {
    pub(super) unit: Unit,
    pub(super) scope: Option<ScopeId>,
    pub(super) kind: UnitKind,
    /// The class by whose name private names are mangled here.
    pub(super) private: Option<Name>,
    /// Whether it is a function with a docstring, for releases with a flag for that.
    pub(super) has_docstring: bool,
    /// In a module or class: the annotations that `__annotate__` will evaluate.
    pub(super) deferred: Deferred,
    /// In a class: attributes that its methods set on `self`.
    pub(super) static_attributes: Vec<Name>,
    /// The number of inlined comprehensions around the code.
    pub(super) inlined_comprehensions: u32,
    /// Names whose resolution in inlined comprehensions differs from that in the unit's scope;
    /// innermost last.
    pub(super) overridden: Vec<Name>,
    /// Locals saved on the stack while inlined comprehensions bind their names, innermost last, and
    /// whether the name became a hidden local for that.
    pub(super) set_aside: Vec<(Name, bool)>,
    /// The location of the end of the last statement. It is used where the code after it has none.
    pub(super) carried: Location,
    /// The number of instructions before those with which a generator resumes.
    pub(super) start: usize,
    /// The resolutions of names outside the unit.
    outside: Mark,
    /// The blocks around the code, outermost first. Only [`Generator::in_block`] and
    /// [`Generator::unwind`] change it.
    pub(super) blocks: Vec<Block>,
}

/// The kind of a unit (`COMPILER_SCOPE_*`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum UnitKind {
    #[default]
    Module,
    Class,
    Function,
    AsyncFunction,
    Lambda,
    Comprehension,
    TypeParams,
    /// Evaluates annotations: those of a function, or those of a module or class.
    Annotations(Option<Name>),
}

impl UnitKind {
    /// Whether the qualified names of nested units skip this one.
    const fn is_passed_over(self) -> bool {
        matches!(self, Self::TypeParams | Self::Annotations(_))
    }
}

/// What is needed to open a unit.
#[derive(Clone, Copy, Debug)]
pub(super) struct Opening {
    pub(super) kind: UnitKind,
    pub(super) scope: ScopeId,
    pub(super) name: Name,
    pub(super) first_line: Line,
}

/// What a unit returns when its end is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// `None`
    None,
    /// The value on top of the stack.
    Top,
}

impl Generator<'_, '_> {
    /// Generates a unit from what `body` emits, and finishes it.
    ///
    /// As in `compile.c: compiler_enter_scope`, `optimize_and_assemble`, `compiler_exit_scope`,
    /// 3.13.
    pub(super) fn in_unit(
        &mut self,
        opening: Opening,
        body: impl FnOnce(&mut Self) -> Result<End>,
    ) -> Result<CodeId> {
        self.enter(opening);
        let end = body(self)?;
        self.finish(opening.scope, end)
    }

    /// The scope of a construct for which code is generated.
    pub(super) fn scope_of(&self, block: ScopeBlockId) -> ScopeId {
        self.scopes.of(block).expect("the scopes' walk enters what code is made for")
    }

    fn enter(&mut self, opening: Opening) {
        let Opening { kind, scope, name, first_line } = opening;
        let qualname = self.qualname(kind, name);
        let mut frame = self.context.frames.0.pop().unwrap_or_else(|| self.new_frame());
        frame.kind = kind;
        frame.scope = Some(scope);
        frame.private = self.frame.private;
        frame.unit.name = Some(name);
        frame.unit.qualname = Some(qualname);
        frame.unit.first_line = first_line;
        frame.outside = self.meanings.enter();
        self.set_up_variables(&mut frame.unit, scope);
        let outer = std::mem::replace(&mut self.frame, frame);
        if kind != UnitKind::Module {
            self.outer.push(outer);
        }
        let has_preamble = kind == UnitKind::Comprehension;
        if !(has_preamble && self.has(Feature::GeneratorsBeginInCode)) {
            self.begin(kind, first_line);
        }
    }

    /// Emits the instructions with which a unit starts and a generator resumes.
    pub(super) fn begin(&mut self, kind: UnitKind, first_line: Line) {
        let facts = self.scope().facts;
        if (facts.generator || facts.coroutine) && self.has(Feature::GeneratorsBeginInCode) {
            let at = Location::in_no_column(first_line);
            self.emit(Op::RETURN_GENERATOR, 0, at);
            self.emit(Op::POP_TOP, 0, at);
        }
        self.frame.start = self.frame.unit.code.len();
        let mut start = Location::line_start(first_line);
        if kind == UnitKind::Module {
            // As in CPython, a module's `RESUME` is in line 0, before the source
            // (`compiler_enter_scope`, 3.13).
            start.line = Line::new(0);
        }
        self.emit(Op::RESUME, 0, start);
        if kind == UnitKind::Module && self.has(Feature::PlaceForAnnotations) {
            self.emit(Op::ANNOTATIONS_PLACEHOLDER, 0, start);
        }
    }

    fn new_frame(&self) -> Box<Frame> {
        let unit = Unit::for_file(self.context.names.len(), self.context.constants.len());
        Box::new(Frame { unit, ..Frame::default() })
    }

    /// Parameters, cells and free variables, in CPython's order (`compile.c: dictbytype`, 3.13).
    fn set_up_variables(&mut self, unit: &mut Unit, scope: ScopeId) {
        let scopes = self.scopes;
        let (mut cells, mut frees) = (false, false);
        for (name, symbol) in scopes.symbols(scope) {
            self.meanings.set(name, symbol);
            if symbol.uses.intersects(Uses::PARAMETER) {
                unit.locals.number(name);
            }
            cells |= is_cell(symbol);
            frees |= is_free(symbol);
        }
        unit.parameters = count(unit.locals.items().len());
        if cells {
            self.number_sorted(&mut unit.cells, scope, is_cell);
        }
        let facts = scopes[scope].facts;
        if facts.needs_class_closure {
            unit.cells.number(Name::CLASS);
        }
        if facts.needs_classdict {
            unit.cells.number(Name::CLASSDICT);
        }
        if facts.conditional_annotations {
            unit.cells.number(Name::CONDITIONAL_ANNOTATIONS);
        }
        if frees {
            self.number_sorted(&mut unit.frees, scope, is_free);
        }
    }

    /// Numbers, in sorted order, those names of a scope for which `belong` is true.
    fn number_sorted(
        &mut self,
        numbering: &mut Numbering<Name>,
        scope: ScopeId,
        belongs: fn(Symbol) -> bool,
    ) {
        let Self { sorted, scopes, context, .. } = self;
        let names = &context.names;
        let all = scopes.symbols(scope).filter(|(_, symbol)| belongs(*symbol));
        sorted.clear();
        sorted.extend(all.map(|(name, _)| name));
        sorted.sort_unstable_by(|a, b| names.bytes(*a).cmp(names.bytes(*b)));
        for &name in &*sorted {
            numbering.number(name);
        }
    }

    /// The qualified name of a unit in the current one (`compile.c: compiler_set_qualname`, 3.13).
    fn qualname(&mut self, kind: UnitKind, name: Name) -> Name {
        // The module adds nothing to the names of its units. Units of type parameters are skipped.
        let (parent, around) = match self.outer.split_last() {
            Some((around, outer)) if self.frame.kind.is_passed_over() => (&**around, outer.len()),
            _ => (&*self.frame, self.outer.len()),
        };
        let function = match kind {
            UnitKind::Annotations(function) if self.has(Feature::AnnotateOfFunctionNamed) => {
                function
            }
            _ => None,
        };
        // A generic function of the module has a name without a prefix.
        let is_plain = function.is_none() || self.frame.kind.is_passed_over();
        if kind == UnitKind::Module || around == 0 && is_plain {
            return name;
        }
        let names = &mut self.context.names;
        if matches!(kind, UnitKind::Function | UnitKind::AsyncFunction | UnitKind::Class) {
            let mangled = mangle(parent.private, name, names);
            let symbol = if self.frame.kind.is_passed_over() {
                self.meanings.get_before(self.frame.outside, mangled)
            } else {
                self.meanings.get(mangled)
            };
            if symbol.and_then(|symbol| symbol.resolution) == Some(Resolution::GlobalExplicit) {
                return name;
            }
        }
        let text = &mut self.text;
        text.clear();
        if let Some(base) = parent.unit.qualname.filter(|_| around > 0) {
            text.extend_from_slice(names.bytes(base));
        }
        if matches!(parent.kind, UnitKind::Function | UnitKind::AsyncFunction | UnitKind::Lambda) {
            text.extend_from_slice(b".<locals>");
        }
        for name in function.into_iter().chain([name]) {
            if !text.is_empty() {
                text.push(b'.');
            }
            text.extend_from_slice(names.bytes(name));
        }
        names.intern(text)
    }

    /// Ends the unit with a return, assembles its code, and goes back to the enclosing unit.
    fn finish(&mut self, scope: ScopeId, end: End) -> Result<CodeId> {
        if !self.has(Feature::ReturnAtEndOnce) || !self.frame.unit.code.ends_in_return() {
            if end == End::None {
                self.emit_const(ConstId::NONE, Location::NONE);
            }
            self.emit(Op::RETURN_VALUE, 0, Location::NONE);
        }
        self.frame.unit.flags = self.flags();
        if let Some(out) = &mut self.printed {
            print::print(&self.frame.unit, self.context, out);
        }
        let code = flow::finish(&mut self.frame.unit, self.context)?;
        let kind = self.frame.kind;
        if matches!(kind, UnitKind::Annotations(_)) {
            // The parameter is called `.format` before, so that annotations can use a variable
            // `format`.
            self.context.codes.rename_first(code.locals, Name::FORMAT);
        }
        self.meanings.back_to(self.frame.outside);
        let outer = self.outer.pop().unwrap_or_default();
        let mut done = std::mem::replace(&mut self.frame, outer);
        done.unit.clear();
        done.private = None;
        done.has_docstring = false;
        done.static_attributes.clear();
        done.deferred = Deferred::default();
        done.inlined_comprehensions = 0;
        done.overridden.clear();
        done.set_aside.clear();
        debug_assert!(done.blocks.is_empty(), "`in_block` ends what it begins");
        self.context.frames.0.push(done);
        if kind == UnitKind::Lambda && !self.has(Feature::LambdaReturnLocation) {
            return Ok(self.keep_lambda(scope, code));
        }
        Ok(self.keep(scope, code))
    }

    /// Stores a lambda's code, unless an equal lambda of the same line is stored already: in
    /// releases that keep only the line of the returned expression, two `lambda: 0` are equal.
    fn keep_lambda(&mut self, scope: ScopeId, code: Code) -> CodeId {
        let codes = &self.context.codes;
        self.lambdas.retain(|&id| codes[id].first_line == code.first_line);
        let twin = self.lambdas.iter().copied().find(|&id| codes.is_equal(&codes[id], &code));
        twin.unwrap_or_else(|| {
            let id = self.keep(scope, code);
            self.lambdas.push(id);
            id
        })
    }

    /// Stores finished code. A scope can be generated several times, in copies of one `finally` or
    /// of a loop's condition: equal code is stored once (`codeobject.c: code_richcompare`, 3.13).
    fn keep(&mut self, scope: ScopeId, code: Code) -> CodeId {
        let known = &mut self.finished[scope.index()];
        if let Some(id) =
            known.filter(|&id| self.context.codes.is_equal(&self.context.codes[id], &code))
        {
            return id;
        }
        let id = self.context.push_code(code);
        *known = Some(id);
        id
    }

    /// Whether this is a function, lambda or comprehension directly in a class, for releases that
    /// mark those (`symtable.c: ste_new`, 3.14).
    fn is_method(&self) -> bool {
        self.has(Feature::FunctionMarks)
            && self.scope().kind == ScopeKind::Function
            && self.outer.last().is_some_and(|outer| {
                // Functions in an inlined comprehension are in the comprehension, not directly in
                // the class.
                outer.kind == UnitKind::Class && outer.inlined_comprehensions == 0
            })
    }

    /// `compile.c: compute_code_flags`, 3.13.
    fn flags(&self) -> CodeFlags {
        let scope = self.scope();
        let facts = scope.facts;
        let mut flags = self.future.flags;
        if scope.is_function_like() {
            flags |= CodeFlags::NEWLOCALS | CodeFlags::OPTIMIZED;
            for (holds, flag) in [
                (facts.nested, CodeFlags::NESTED),
                (facts.generator && !facts.coroutine, CodeFlags::GENERATOR),
                (!facts.generator && facts.coroutine, CodeFlags::COROUTINE),
                (facts.generator && facts.coroutine, CodeFlags::ASYNC_GENERATOR),
                (facts.varargs, CodeFlags::VARARGS),
                (facts.varkeywords, CodeFlags::VARKEYWORDS),
                (self.frame.has_docstring, CodeFlags::HAS_DOCSTRING),
                (self.is_method(), CodeFlags::METHOD),
            ] {
                if holds {
                    flags |= flag;
                }
            }
        }
        flags
    }
}

fn is_cell(symbol: Symbol) -> bool {
    symbol.resolution == Some(Resolution::Cell) || symbol.uses.intersects(Uses::COMPREHENSION_CELL)
}

fn is_free(symbol: Symbol) -> bool {
    symbol.resolution == Some(Resolution::Free) || symbol.uses.intersects(Uses::FREE_CLASS)
}
