//! Displays of lists, tuples, sets and dicts.
//!
//! ```text
//! [a, b]         LOAD_NAME a; LOAD_NAME b; BUILD_LIST 2
//! [1, 2, 3]      BUILD_LIST 0; LOAD_CONST (1, 2, 3); LIST_EXTEND 1
//! [a, *b]        LOAD_NAME a; BUILD_LIST 1; LOAD_NAME b; LIST_EXTEND 1
//! {1: a, **b}    LOAD_CONST 1; LOAD_NAME a; BUILD_MAP 1; LOAD_NAME b; DICT_UPDATE 1
//! ```
//!
//! The elements of displays of more than 30 are added one by one, so that the stack stays small.

use super::super::Generator;
use super::STACK_USE_GUIDELINE;
use crate::constant::ConstId;
use crate::error::Result;
use crate::fold::frozen_set;
use crate::instruction::{Intrinsic1, Op};
use crate::location::Location;
use crate::name::count;
use crate::target::Feature;
use crate::tree::{Context, DictItem, ExprId, List};

/// The type of a display.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Collection {
    List,
    /// Larger ones, and those with stars, are lists first.
    Tuple,
    Set,
}

impl Generator<'_, '_> {
    /// A list display, or targets in brackets (`compile.c: compiler_list`, 3.13).
    pub(super) fn list(
        &mut self,
        at: Location,
        elements: List<ExprId>,
        context: Context,
    ) -> Result<()> {
        match context {
            Context::Load => self.collect(at, 0, elements, Collection::List),
            Context::Store => self.unpack_into(at, elements),
            Context::Delete => self.expressions(elements),
        }
    }

    /// A tuple display, or targets in a row (`compile.c: compiler_tuple`, 3.13).
    pub(super) fn tuple(
        &mut self,
        at: Location,
        elements: List<ExprId>,
        context: Context,
    ) -> Result<()> {
        match context {
            Context::Load => self.collect(at, 0, elements, Collection::Tuple),
            Context::Store => self.unpack_into(at, elements),
            Context::Delete => self.expressions(elements),
        }
    }

    /// A set display.
    pub(super) fn set(&mut self, at: Location, elements: List<ExprId>) -> Result<()> {
        self.collect(at, 0, elements, Collection::Set)
    }

    /// Builds a collection of the `pushed` values on the stack and of further elements, some with
    /// stars (`compile.c: starunpack_helper`, 3.13).
    pub(super) fn collect(
        &mut self,
        at: Location,
        pushed: u32,
        elements: List<ExprId>,
        collection: Collection,
    ) -> Result<()> {
        // Three or more constants are loaded as one tuple. Since 3.14, the flow graph does that.
        if elements.len() > 2 && !self.has(Feature::FoldingInGraph) {
            if let Some(values) = self.all_constant(elements) {
                self.collect_constants(at, values, pushed, collection);
                return Ok(());
            }
        }
        let tree = self.tree;
        let size = pushed + count(elements.len());
        let is_big = size as usize > STACK_USE_GUIDELINE;
        let has_star = tree[elements].iter().any(|&element| self.starred(element).is_some());
        if !is_big && !has_star {
            self.expressions(elements)?;
            self.emit(collection.build(), size, at);
            return Ok(());
        }
        let mut is_built = is_big;
        if is_big {
            self.emit(collection.build_growing(), pushed, at);
        }
        for (before, &element) in tree[elements].iter().enumerate() {
            if let Some(iterable) = self.starred(element) {
                if !is_built {
                    self.emit(collection.build_growing(), pushed + count(before), at);
                    is_built = true;
                }
                self.expression(iterable)?;
                self.emit(collection.extend(), 1, at);
            } else {
                self.expression(element)?;
                if is_built {
                    self.emit(collection.append(), 1, at);
                }
            }
        }
        // A tuple can't grow, so it was a list until here.
        if collection == Collection::Tuple {
            self.emit_intrinsic1(Intrinsic1::ListToTuple, at);
        }
        Ok(())
    }

    fn collect_constants(
        &mut self,
        at: Location,
        values: Box<[ConstId]>,
        pushed: u32,
        collection: Collection,
    ) {
        let constants = &mut self.context.constants;
        let folded = match collection {
            Collection::Set => frozen_set(constants, &values),
            Collection::List | Collection::Tuple => constants.tuple(values),
        };
        if collection == Collection::Tuple && pushed == 0 {
            self.emit_const(folded, at);
            return;
        }
        self.emit(collection.build_growing(), pushed, at);
        self.emit_const(folded, at);
        self.emit(collection.extend(), 1, at);
        if collection == Collection::Tuple {
            self.emit_intrinsic1(Intrinsic1::ListToTuple, at);
        }
    }

    fn all_constant(&self, elements: List<ExprId>) -> Option<Box<[ConstId]>> {
        let elements = &self.tree[elements];
        // For most displays this search ends at the first element, before anything is allocated.
        if elements.iter().any(|&element| self.constant_of(element).is_none()) {
            return None;
        }
        elements.iter().map(|&element| self.constant_of(element)).collect()
    }

    /// A dict display (`compile.c: compiler_dict`, 3.13).
    ///
    /// The items between `**` are built as separate dicts, and so is each run of 17 items.
    pub(super) fn dict(&mut self, at: Location, items: List<DictItem>) -> Result<()> {
        const RUN: usize = STACK_USE_GUIDELINE / 2 + 2;
        let tree = self.tree;
        let mut has_dict = false;
        let mut rest = &tree[items];
        while let [first, after @ ..] = rest {
            if first.key.is_none() {
                if !has_dict {
                    self.emit(Op::BUILD_MAP, 0, at);
                }
                self.expression(first.value)?;
                self.emit(Op::DICT_UPDATE, 1, at);
                rest = after;
            } else {
                let run = rest.iter().take(RUN).take_while(|item| item.key.is_some()).count();
                let (chunk, after) = rest.split_at(run);
                self.dict_chunk(at, chunk)?;
                if has_dict {
                    self.emit(Op::DICT_UPDATE, 1, at);
                }
                rest = after;
            }
            has_dict = true;
        }
        if !has_dict {
            self.emit(Op::BUILD_MAP, 0, at);
        }
        Ok(())
    }

    /// A dict of items that all have keys (`compile.c: compiler_subdict`, 3.13).
    fn dict_chunk(&mut self, at: Location, items: &[DictItem]) -> Result<()> {
        let size = count(items.len());
        let is_big = items.len() * 2 > STACK_USE_GUIDELINE;
        if size > 1 && !is_big && self.has(Feature::ConstKeyMaps) {
            if let Some(keys) = self.constant_keys(items) {
                items.iter().try_for_each(|item| self.expression(item.value))?;
                let keys = self.context.constants.tuple(keys);
                self.emit_const(keys, at);
                self.emit(Op::BUILD_CONST_KEY_MAP, size, at);
                return Ok(());
            }
        }
        if is_big {
            self.emit(Op::BUILD_MAP, 0, at);
        }
        for item in items {
            if let Some(key) = item.key {
                self.expression(key)?;
            }
            self.expression(item.value)?;
            if is_big {
                self.emit(Op::MAP_ADD, 1, at);
            }
        }
        if !is_big {
            self.emit(Op::BUILD_MAP, size, at);
        }
        Ok(())
    }

    fn constant_keys(&self, items: &[DictItem]) -> Option<Box<[ConstId]>> {
        let key = |item: &DictItem| item.key.and_then(|key| self.constant_of(key));
        if items.iter().any(|item| key(item).is_none()) {
            return None;
        }
        items.iter().map(key).collect()
    }
}

impl Collection {
    /// The instruction that builds it from all elements at once.
    fn build(self) -> Op {
        match self {
            Self::List => Op::BUILD_LIST,
            Self::Tuple => Op::BUILD_TUPLE,
            Self::Set => Op::BUILD_SET,
        }
    }

    /// The instruction that creates it so that elements can be added.
    pub(super) fn build_growing(self) -> Op {
        match self {
            Self::List | Self::Tuple => Op::BUILD_LIST,
            Self::Set => Op::BUILD_SET,
        }
    }

    pub(super) fn append(self) -> Op {
        match self {
            Self::List | Self::Tuple => Op::LIST_APPEND,
            Self::Set => Op::SET_ADD,
        }
    }

    fn extend(self) -> Op {
        match self {
            Self::List | Self::Tuple => Op::LIST_EXTEND,
            Self::Set => Op::SET_UPDATE,
        }
    }
}
