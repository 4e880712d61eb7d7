//! Evaluates operators and displays at compile time if constants are loaded right before them.
//!
//! The loads become `NOP`s without a line, which are removed later. The operator becomes a load of
//! the result.

use super::graph::{Place, Step};
use super::loads::{common, numbered};
use super::op_kinds::OpKinds;
use crate::constant::ConstId;
use crate::fold::{self, Pool};
use crate::instruction::Op;
use crate::numbering::Numbering;
use crate::target::Feature;
use crate::tree::{BinaryOp, UnaryOp};

/// The maximum number of constants that are taken from the stack (`_PY_STACK_USE_GUIDELINE`).
const MOST: usize = 30;

/// Displays of fewer constants are built from single loads (`MIN_CONST_SEQUENCE_SIZE`).
const FEWEST: usize = 3;

/// `BINARY_OP`'s argument for `a[b]` (`NB_SUBSCR`).
const SUBSCRIPT: u32 = 26;

/// Where constants are read and added.
pub(super) struct Values<'v> {
    pub(super) consts: &'v mut Numbering<ConstId>,
    pub(super) pool: Pool<'v>,
}

/// Steps that load constants, by their indices in a block.
struct Loads {
    places: [usize; MOST],
    len: usize,
}

impl Loads {
    /// The `size` loads right before `at`, ignoring `NOP`s between them
    /// (`get_const_loading_instrs`, 3.14).
    fn before(at: usize, size: usize, steps: &[Step]) -> Option<Self> {
        let mut loads = Self { places: [0; MOST], len: size };
        let mut missing = size;
        let mut before = steps[..at].iter().enumerate().rev();
        while missing > 0 {
            let (place, step) = before.next()?;
            match step.op {
                Op::NOP => {}
                Op::LOAD_CONST | Op::LOAD_SMALL_INT | Op::LOAD_COMMON_CONSTANT => {
                    missing -= 1;
                    loads.places[missing] = place;
                }
                _ => return None,
            }
        }
        Some(loads)
    }

    fn places(&self) -> &[usize] {
        &self.places[..self.len]
    }

    /// Replaces the loads by `NOP`s without a location (`nop_out`).
    fn clear(&self, steps: &mut [Step]) {
        self.places().iter().for_each(|&place| clear(&mut steps[place]));
    }
}

fn clear_all(steps: &mut [Step]) {
    steps.iter_mut().filter(|step| step.op != Op::NOP).for_each(clear);
}

fn clear(step: &mut Step) {
    step.clear();
    step.place = Place::NONE;
}

impl Values<'_> {
    /// `fold_tuple_of_constants`, 3.14.
    pub(super) fn tuple(&mut self, steps: &mut [Step], at: usize) -> OpKinds {
        let size = steps[at].argument as usize;
        if size > MOST {
            return OpKinds::NONE;
        }
        let Some(loads) = Loads::before(at, size, steps) else { return OpKinds::NONE };
        let items = self.values(&loads, steps);
        let tuple = self.pool.constants.tuple(items);
        loads.clear(steps);
        self.load(&mut steps[at], tuple)
    }

    /// The same for a tuple that is only iterated over: there the list is good enough.
    pub(super) fn tuple_of_list_before(
        &mut self,
        steps: &mut [Step],
        at: usize,
        next: Option<Op>,
    ) -> OpKinds {
        let is_iterated = next == Some(Op::GET_ITER);
        let folds = !is_iterated || self.pool.facts.has(Feature::LongListsFolded);
        let made = if folds { self.tuple_of_list(steps, at) } else { OpKinds::NONE };
        if made == OpKinds::NONE && is_iterated {
            steps[at].clear();
            return OpKinds::NOP;
        }
        made
    }

    /// Folds a list that is filled with constants only and converted to a tuple
    /// (`fold_constant_intrinsic_list_to_tuple`, 3.14).
    pub(super) fn tuple_of_list(&mut self, steps: &mut [Step], at: usize) -> OpKinds {
        let filling = (Op::BUILD_LIST, Op::LIST_APPEND);
        let Some((start, items)) = self.filled(filling, &steps[..at]) else { return OpKinds::NONE };
        let tuple = self.pool.constants.tuple(items);
        clear_all(&mut steps[start..at]);
        self.load(&mut steps[at], tuple)
    }

    /// Folds a list or set that is filled with constants only and used by the `GET_ITER` or
    /// `CONTAINS_OP` at `at`.
    pub(super) fn long_list_or_set(&mut self, steps: &mut [Step], at: usize) -> OpKinds {
        let Some(last) = at.checked_sub(1) else { return OpKinds::NONE };
        let filling = match steps[last].op {
            Op::LIST_APPEND => (Op::BUILD_LIST, Op::LIST_APPEND),
            Op::SET_ADD => (Op::BUILD_SET, Op::SET_ADD),
            _ => return OpKinds::NONE,
        };
        if !self.pool.facts.has(Feature::LongListsFolded) {
            return OpKinds::NONE;
        }
        let Some((start, items)) = self.filled(filling, &steps[..at]) else { return OpKinds::NONE };
        let whole = match filling.0 {
            Op::BUILD_SET => fold::frozen_set(self.pool.constants, &items),
            _ => self.pool.constants.tuple(items),
        };
        clear_all(&mut steps[start..at]);
        // Quirk: the folded load doesn't get the location of the display.
        self.load(&mut steps[last], whole) | steps[last].kinds_in_block()
    }

    /// If `steps` end by filling a collection with constants, the index where the empty collection
    /// is created, and the constants.
    fn filled(
        &mut self,
        (build, append): (Op, Op),
        steps: &[Step],
    ) -> Option<(usize, Vec<ConstId>)> {
        let mut items = Vec::new();
        let mut appends = true;
        for (place, &step) in steps.iter().enumerate().rev() {
            if step.op == Op::NOP {
                continue;
            }
            if !appends {
                items.push(self.value(step)?);
            } else if (step.op, step.argument) == (build, 0) {
                items.reverse();
                return Some((place, items));
            } else if (step.op, step.argument) != (append, 1) {
                return None;
            }
            appends = !appends;
        }
        None
    }

    /// `optimize_lists_and_sets`, 3.14.
    pub(super) fn list_or_set(
        &mut self,
        steps: &mut [Step],
        at: usize,
        next: Option<Op>,
    ) -> OpKinds {
        let Step { op, argument, place, .. } = steps[at];
        let size = argument as usize;
        let only_read = matches!(next, Some(Op::GET_ITER | Op::CONTAINS_OP));
        if size > MOST || size < FEWEST && !only_read {
            return OpKinds::NONE;
        }
        let Some(loads) = Loads::before(at, size, steps) else {
            if only_read && op == Op::BUILD_LIST {
                steps[at].op = Op::BUILD_TUPLE;
                return steps[at].kinds();
            }
            return OpKinds::NONE;
        };
        let items = self.values(&loads, steps);
        let whole = match op {
            Op::BUILD_SET => fold::frozen_set(self.pool.constants, &items),
            _ => self.pool.constants.tuple(items),
        };
        let number = self.consts.number(whole);
        loads.clear(steps);
        if only_read {
            steps[at].set(Op::LOAD_CONST, number);
            return OpKinds::NOP | OpKinds::CONST;
        }
        let extend = if op == Op::BUILD_LIST { Op::LIST_EXTEND } else { Op::SET_UPDATE };
        // There were three loads or more, so both steps before are `NOP`s now. Only the first of
        // them gets a location, as in CPython.
        steps[at - 2].place = place;
        steps[at - 2].set(op, 0);
        steps[at - 1].set(Op::LOAD_CONST, number);
        steps[at].set(extend, 1);
        let made =
            steps[at - 2..=at].iter().fold(OpKinds::NOP, |made, step| made | step.kinds_in_block());
        made | steps[at].kinds()
    }

    /// `fold_const_unaryop`, 3.14.
    pub(super) fn unary(&mut self, steps: &mut [Step], at: usize) -> OpKinds {
        let Some(loads) = Loads::before(at, 1, steps) else { return OpKinds::NONE };
        let Some(operand) = self.value(steps[loads.places[0]]) else { return OpKinds::NONE };
        let op = match steps[at].op {
            Op::UNARY_NOT => UnaryOp::Not,
            Op::UNARY_INVERT => UnaryOp::Invert,
            Op::UNARY_NEGATIVE => UnaryOp::Minus,
            _ => UnaryOp::Plus,
        };
        // This is deprecated: the warning must be given at run time.
        if op == UnaryOp::Invert && fold::is_truth(&self.pool.constants[operand]) {
            return OpKinds::NONE;
        }
        let Some(value) = fold::unary_value(self.pool.constants, op, operand) else {
            return OpKinds::NONE;
        };
        loads.clear(steps);
        self.load(&mut steps[at], value)
    }

    /// `fold_const_binop`, 3.14.
    pub(super) fn binary(&mut self, steps: &mut [Step], at: usize) -> OpKinds {
        let Some(loads) = Loads::before(at, 2, steps) else { return OpKinds::NONE };
        let [Some(left), Some(right)] = [0, 1].map(|load| self.value(steps[loads.places[load]]))
        else {
            return OpKinds::NONE;
        };
        let value = if steps[at].argument == SUBSCRIPT {
            fold::item_value(&mut self.pool, left, right)
        } else {
            BinaryOp::from_number(steps[at].argument)
                .and_then(|op| fold::binary_value(&mut self.pool, left, op, right))
        };
        let Some(value) = value else { return OpKinds::NONE };
        let value = self.pool.constants.intern(value);
        loads.clear(steps);
        self.load(&mut steps[at], value)
    }

    /// The constant that a step loads.
    fn value(&mut self, step: Step) -> Option<ConstId> {
        match step.op {
            Op::LOAD_CONST => Some(self.consts.items()[step.argument as usize]),
            Op::LOAD_SMALL_INT => Some(self.pool.constants.int(step.argument.into())),
            Op::LOAD_COMMON_CONSTANT => common(step.argument, self.pool.constants),
            _ => None,
        }
    }

    fn values(&mut self, loads: &Loads, steps: &[Step]) -> Vec<ConstId> {
        let mut values = Vec::with_capacity(loads.len);
        values.extend(loads.places().iter().filter_map(|&place| self.value(steps[place])));
        values
    }

    /// Makes a step load a constant (`instr_make_load_const`, 3.14).
    fn load(&mut self, step: &mut Step, value: ConstId) -> OpKinds {
        match numbered(value, self.pool.constants, self.pool.facts.release()) {
            Some((op, number)) => step.set(op, number),
            None => step.set(Op::LOAD_CONST, self.consts.number(value)),
        }
        OpKinds::NOP | step.kinds()
    }
}
