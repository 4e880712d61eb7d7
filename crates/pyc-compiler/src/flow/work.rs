//! The data that passes work on, and the running of passes.
//!
//! `Work::new(unit, context)?.run(passes.optimize)` builds the unit's graph in memory that earlier
//! units used, and runs the passes.

use super::evaluate::Values;
use super::graph::build::{Labels, Marks};
use super::graph::{BlockId, Graph, NewJumps, Nops};
use super::machine::Machine;
use super::pass::Pass;
use super::swaps::Manner;
use super::trace::Trace;
use super::{depth, handlers, verify};
use crate::code::Codes;
use crate::constant::Constants;
use crate::context::Context;
use crate::error::Result;
use crate::fold::Pool;
use crate::name::Names;
use crate::target::{Facts, Feature, Target};
use crate::unit::Unit;

/// A unit being optimised.
pub(super) struct Work<'w> {
    pub(super) graph: &'w mut Graph,
    pub(super) unit: &'w mut Unit,
    pub(super) constants: &'w mut Constants,
    pub(super) names: &'w mut Names,
    pub(super) codes: &'w mut Codes,
    pub(super) machine: &'w Machine,
    pub(super) target: &'w Target,
    facts: &'w Facts,
    pub(super) swaps: Manner,
    pub(super) scratch: &'w mut Tables,
    pub(super) trace: Option<&'w mut Trace>,
    observer: Option<&'w mut dyn FnMut(&'static str)>,
    /// Whether the graph is checked after each pass.
    checks: bool,
    /// The maximum depth of the stack, once measured.
    pub(super) stack_size: u32,
}

/// Memory that is reused from unit to unit.
#[derive(Debug, Default)]
pub(crate) struct Scratch {
    graph: Graph,
    marks: Marks,
    machine: Option<Box<Machine>>,
    tables: Tables,
}

/// Memory for passes, which may leave anything in it.
#[derive(Debug, Default)]
pub(super) struct Tables {
    /// Blocks to be visited.
    pub(super) stack: Vec<BlockId>,
    pub(super) handlers: handlers::Memory,
    /// Steps to be inserted into the graph.
    pub(super) steps: Vec<super::graph::Step>,
    /// Numbers; the current pass decides what they count.
    pub(super) numbers: Vec<u32>,
    /// Sets of the first 64 locals, by block.
    pub(super) masks: Vec<u64>,
    pub(super) assembly: super::assemble::Memory,
    /// The tracked part of the stack.
    pub(super) references: Vec<super::borrow::Reference>,
}

impl<'w> Work<'w> {
    /// Builds the unit's graph.
    pub(super) fn new(unit: &'w mut Unit, context: &'w mut Context<'_>) -> Result<Self> {
        let target = context.options.target();
        let minor = target.minor();
        let labels = if target.has(Feature::LabelsBeginBlocks) {
            Labels::All
        } else if target.has(Feature::BlocksInOrderOfAllocation) {
            Labels::Allocated
        } else {
            Labels::Used
        };
        let checks = context.options.checks_passes();
        let Context { facts, flow, constants, names, codes, trace, observer, .. } = context;
        let Scratch { graph, marks, machine, tables } = flow;
        let known = machine.take().filter(|machine| machine.minor() == minor);
        let machine = machine.insert(known.unwrap_or_else(|| Box::new(Machine::of(minor))));
        graph.build(&mut unit.code, marks, labels)?;
        if target.has(Feature::PlaceForAnnotations) {
            graph.drop_placeholder();
        }
        graph.nops = if target.has(Feature::NopsAfterResume) {
            Nops::AfterAllButResume
        } else if labels == Labels::Allocated {
            Nops::BeforeFirst
        } else {
            Nops::AfterAll
        };
        graph.new_jumps = if target.has(Feature::HandlersOfNewJumps) {
            NewJumps::LikeOld
        } else {
            NewJumps::Unhandled
        };
        let careless = target.has(Feature::CarelessSwaps);
        let swaps = if careless { Manner::Careless } else { Manner::KeepValues };
        Ok(Self {
            graph,
            unit,
            constants,
            names,
            codes,
            machine,
            target,
            facts,
            swaps,
            scratch: tables,
            trace: trace.as_deref_mut(),
            observer: observer.as_mut().map(|observer| &mut **observer as _),
            checks,
            stack_size: 0,
        })
    }

    /// The graph, and what folding constants needs.
    pub(super) fn values(&mut self) -> (&mut Graph, Values<'_>) {
        let Self { graph, unit, constants, names, facts, .. } = self;
        let pool = Pool { names, constants, facts };
        (graph, Values { consts: &mut unit.consts, pool })
    }

    /// Runs those passes that this unit needs.
    pub(super) fn run(&mut self, passes: &[Pass]) -> Result<()> {
        self.check("the code generator")?;
        for pass in passes {
            if self.trace.is_some() {
                self.run_traced(pass)?;
            } else if pass.is_needed(self.graph.kinds) {
                self.run_one(pass)?;
            }
        }
        Ok(())
    }

    #[inline(always)]
    fn run_one(&mut self, pass: &Pass) -> Result<()> {
        pass.run(self);
        self.check(pass.name())
    }

    #[inline(always)]
    fn check(&self, pass: &str) -> Result<()> {
        if self.checks { verify::verify(self.graph, pass) } else { Ok(()) }
    }

    fn run_traced(&mut self, pass: &Pass) -> Result<()> {
        let skipped = self.trace.as_ref().is_some_and(|trace| trace.skips(pass));
        if pass.is_needed(self.graph.kinds) && !skipped {
            self.run_one(pass)?;
        }
        if let Some(trace) = self.trace.as_deref_mut() {
            trace.note(pass, self.graph, self.unit, self.names);
        }
        Ok(())
    }

    /// Like [`Context::ended`], while the context is borrowed.
    pub(super) fn ended(&mut self, stage: &'static str) {
        if let Some(observer) = &mut self.observer {
            observer(stage);
        }
    }

    /// Computes the stack's depth at the start of each block.
    pub(super) fn measure_depth(&mut self) -> Result<()> {
        let begins = self.target.has(Feature::DepthOfGeneratorStart) && self.unit.suspends();
        let stack = &mut self.scratch.stack;
        let measured = depth::measure(self.graph, self.machine, i32::from(begins), stack)?;
        // `codeobject.c: init_code`, 3.13, gives every code object a stack of at least one. A unit
        // that can be suspended starts with a value on the stack.
        let least = self.target.has(Feature::StackNeverEmpty) || self.unit.suspends();
        self.stack_size = measured.max(u32::from(least));
        Ok(())
    }
}
