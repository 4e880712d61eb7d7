//! Basic blocks and their instructions.
//!
//! ```text
//! steps   [ LOAD_NAME x | POP_JUMP_IF_FALSE → 2 ][ NOP ][ RETURN_CONST None ]
//! blocks    0: 0..2, next 1                        1: 2..3, next 2     2: 3..4
//! ```
//!
//! All steps of a unit are in one vector, and a block is a range of it. A block that grows is moved
//! to the end of the vector. Blocks are never removed, only emptied. Their order in the code is the
//! linked list that starts at [`BlockId::ENTRY`].

pub(super) mod build;
mod place;
mod step;

use std::num::{NonZeroI32, NonZeroU32};
use std::ops::{Index, IndexMut, Range};

use super::op_kinds::OpKinds;
use crate::instruction::Op;
use crate::location::Location;
use crate::name::count;
use place::Places;
pub(super) use place::{Lines, Place};
pub(super) use step::{Step, next_of};

/// The number of a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct BlockId(NonZeroU32);

/// A stack depth: a number from 0 with the sign bit set, so that an `Option` of it is as small.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Depth(NonZeroI32);

/// A basic block (`flowgraph.c: struct _PyCfgBasicblock`, 3.13).
#[derive(Clone, Copy, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is one independent fact of CPython's block"
)]
pub(super) struct Block {
    start: u32,
    len: u32,
    /// The maximum number of steps that it ever had. Removed steps remain after its end.
    most: u32,
    /// The next block in the code.
    pub(super) next: Option<BlockId>,
    /// The number of predecessors: from how many places control comes here.
    pub(super) predecessors: u32,
    /// The stack depth at its start, once measured.
    pub(super) depth: Option<Depth>,
    /// Whether a jump led here when the graph was built, or a pass created it for a jump.
    pub(super) labelled: bool,
    /// The number of its label, in releases in which all labels count.
    pub(super) label: u32,
    /// A superset of the kinds of its steps. For [`OpKinds::ENDS`], exactly those of its last step.
    pub(super) kinds: OpKinds,
    /// Whether it is the start of an exception handler.
    pub(super) handler: bool,
    /// Whether it is a handler that gets the failing instruction's offset on the stack.
    pub(super) keeps_lasti: bool,
    /// Whether it runs only after exceptions.
    pub(super) cold: bool,
    /// Whether it is reached without exceptions.
    pub(super) warm: bool,
    /// A mark for the current traversal.
    pub(super) visited: bool,
}

/// After which steps on the same line a `NOP` is redundant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Nops {
    #[default]
    AfterAll,
    /// After any except `RESUME`, so that what follows gets the `NOP`'s location.
    AfterAllButResume,
    /// After any. Before a block only if the block's very first step, even a `NOP`, is on its line
    /// (3.11).
    BeforeFirst,
}

/// Which handler a jump gets that replaces another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum NewJumps {
    /// None; in CPython, whatever is in uninitialised memory.
    #[default]
    Unhandled,
    /// That of the old jump.
    LikeOld,
}

/// The control-flow graph of a unit.
#[derive(Debug, Default)]
pub(super) struct Graph {
    pub(super) nops: Nops,
    pub(super) new_jumps: NewJumps,
    steps: Vec<Step>,
    blocks: Vec<Block>,
    places: Places,
    /// A superset of the kinds of all steps.
    pub(super) kinds: OpKinds,
}

/// The blocks of a graph, without their steps.
pub(super) struct Blocks<'g>(&'g mut [Block]);

impl BlockId {
    pub(super) const ENTRY: Self = Self(NonZeroU32::MIN);

    /// The block with this number, from 0.
    #[inline(always)]
    pub(super) const fn new(number: u32) -> Self {
        match NonZeroU32::new(number.wrapping_add(1)) {
            Some(number) => Self(number),
            None => panic!("a source of less than 4 GiB has fewer blocks"),
        }
    }

    /// Its number, from 0. Dense, for tables beside the graph.
    #[inline(always)]
    pub(super) const fn number(self) -> u32 {
        self.0.get() - 1
    }

    #[inline(always)]
    pub(super) const fn index(self) -> usize {
        self.number() as usize
    }
}

impl Depth {
    pub(super) fn new(depth: i32) -> Self {
        Self(NonZeroI32::MIN | depth)
    }

    pub(super) const fn get(self) -> i32 {
        self.0.get() & i32::MAX
    }
}

impl Block {
    const fn new(start: u32) -> Self {
        Self {
            start,
            len: 0,
            most: 0,
            next: None,
            predecessors: 0,
            depth: None,
            labelled: false,
            label: 0,
            kinds: OpKinds::NONE,
            handler: false,
            keeps_lasti: false,
            cold: false,
            warm: false,
            visited: false,
        }
    }

    #[inline(always)]
    pub(super) const fn len(&self) -> usize {
        self.len as usize
    }

    /// Removes all steps.
    pub(super) fn empty(&mut self) {
        self.len = 0;
        self.kinds = OpKinds::NONE;
    }
}

impl Graph {
    /// Inserts a new, empty block between `before` and its successor in the code.
    pub(super) fn insert_after(&mut self, before: BlockId) -> BlockId {
        let id = BlockId::new(count(self.blocks.len()));
        let mut block = Block::new(count(self.steps.len()));
        block.next = self[before].next.replace(id);
        self.blocks.push(block);
        id
    }

    /// Gives a block without a label a new one, with the highest number.
    pub(super) fn give_label(&mut self, id: BlockId) {
        if !self[id].labelled {
            let labels = self.blocks.iter().filter(|block| block.labelled);
            self[id].label = labels.map(|block| block.label + 1).max().unwrap_or(0);
            self[id].labelled = true;
        }
    }

    /// Removes the placeholder for annotations from the entry block. Annotations that were inserted
    /// come right after it.
    pub(super) fn drop_placeholder(&mut self) {
        let entry = self.steps_mut(BlockId::ENTRY);
        let is_place = |step: &Step| step.op == Op::ANNOTATIONS_PLACEHOLDER;
        // At most the module's `RESUME` comes before it.
        let Some(at) = entry.iter().take(2).position(is_place) else { return };
        entry.copy_within(..at, 1);
        let entry = &mut self[BlockId::ENTRY];
        entry.start += 1;
        entry.len -= 1;
        entry.most -= 1;
    }

    /// All blocks, in no particular order.
    pub(super) fn blocks(&self) -> &[Block] {
        &self.blocks
    }

    pub(super) fn blocks_mut(&mut self) -> &mut [Block] {
        &mut self.blocks
    }

    pub(super) fn block_count(&self) -> usize {
        self.blocks.len()
    }

    /// Calls `visit` for each block in the order of the code, including those that `visit` inserts
    /// further on.
    #[inline]
    pub(super) fn for_each(&mut self, mut visit: impl FnMut(&mut Self, BlockId)) {
        let mut at = Some(BlockId::ENTRY);
        while let Some(id) = at {
            visit(self, id);
            at = self[id].next;
        }
    }

    /// The blocks in the order of the code.
    pub(super) fn order(&self) -> impl Iterator<Item = BlockId> + '_ {
        std::iter::successors(Some(BlockId::ENTRY), |&id| self[id].next)
    }

    #[inline(always)]
    pub(super) fn steps(&self, id: BlockId) -> &[Step] {
        &self.steps[self.range(id)]
    }

    #[inline(always)]
    pub(super) fn steps_mut(&mut self, id: BlockId) -> &mut [Step] {
        let range = self.range(id);
        &mut self.steps[range]
    }

    /// The block's steps, and all blocks, for borrowing both at once.
    #[inline(always)]
    pub(super) fn steps_beside_blocks(&mut self, id: BlockId) -> (&mut [Step], Blocks<'_>) {
        let range = self.range(id);
        (&mut self.steps[range], Blocks(&mut self.blocks))
    }

    /// The block's steps, and the lines of all places, for borrowing both at once.
    #[inline(always)]
    pub(super) fn steps_beside_lines(&mut self, id: BlockId) -> (&mut [Step], Lines<'_>) {
        let range = self.range(id);
        (&mut self.steps[range], self.places.lines())
    }

    /// The range of source that a place stands for.
    #[inline(always)]
    pub(super) fn location(&self, place: Place) -> Location {
        self.places.location(place)
    }

    /// A place for a step that has no instruction of its own.
    pub(super) fn add_location(&mut self, location: Location) -> Place {
        self.places.add(location)
    }

    /// The line of each place.
    #[inline(always)]
    pub(super) fn lines(&self) -> Lines<'_> {
        self.places.lines()
    }

    /// The indices of the block's steps for [`Graph::step_mut`]. Valid until the block grows.
    #[inline(always)]
    pub(super) fn range(&self, id: BlockId) -> Range<usize> {
        let block = &self[id];
        block.start as usize..(block.start + block.len) as usize
    }

    #[inline(always)]
    pub(super) fn step_mut(&mut self, at: usize) -> &mut Step {
        &mut self.steps[at]
    }

    #[inline(always)]
    pub(super) fn last(&self, id: BlockId) -> Option<&Step> {
        self.steps(id).last()
    }

    #[inline(always)]
    pub(super) fn last_mut(&mut self, id: BlockId) -> Option<&mut Step> {
        self.steps_mut(id).last_mut()
    }

    /// Whether control may fall through to the next block (`BB_HAS_FALLTHROUGH`).
    #[inline(always)]
    pub(super) fn falls_through(&self, id: BlockId) -> bool {
        !self[id].kinds.has(OpKinds::LEAVES)
    }

    /// The block to which control may fall through.
    #[inline(always)]
    pub(super) fn fallthrough(&self, id: BlockId) -> Option<BlockId> {
        let block = &self[id];
        if block.kinds.has(OpKinds::LEAVES) { None } else { block.next }
    }

    /// The block to which control may jump.
    #[inline]
    pub(super) fn jump_target(&self, id: BlockId) -> Option<BlockId> {
        if !self[id].kinds.has(OpKinds::JUMP) {
            return None;
        }
        self.last(id).map(|last| BlockId::new(last.argument))
    }

    /// The first block from `at` on that isn't empty.
    #[inline]
    pub(super) fn nonempty(&self, mut at: Option<BlockId>) -> Option<BlockId> {
        while let Some(id) = at {
            let block = &self[id];
            if block.len > 0 {
                return at;
            }
            at = block.next;
        }
        None
    }

    /// Whether none of its steps has a line.
    pub(super) fn is_lineless(&self, id: BlockId) -> bool {
        let block = &self[id];
        block.len == 0
            || block.kinds.has(OpKinds::LINELESS) && !self.steps(id).iter().any(Step::has_line)
    }

    /// Whether it leaves the unit.
    #[inline(always)]
    pub(super) fn exits(&self, id: BlockId) -> bool {
        self[id].kinds.has(OpKinds::EXIT)
    }

    /// Appends a step to any block.
    pub(super) fn push(&mut self, id: BlockId, step: Step) {
        let Block { start, len, most, .. } = self[id];
        if len < most {
            self.steps[(start + len) as usize] = step;
        } else {
            self.move_to_end(id);
            self.steps.push(step);
            self[id].most += 1;
        }
        self[id].len += 1;
        self.add_kinds(id, step.kinds_in_block());
    }

    /// Replaces the last step of a block.
    pub(super) fn replace_last(&mut self, id: BlockId, step: Step) {
        if let Some(last) = self.last_mut(id) {
            *last = step;
        }
        self.note_end(id);
    }

    /// Appends a copy of `from`'s steps to `to`.
    pub(super) fn push_copy(&mut self, to: BlockId, from: BlockId) {
        let range = self.range(from);
        if self[to].len < self[to].most {
            range.for_each(|at| self.push(to, self.steps[at]));
        } else {
            // `range` stays valid: a block that moves leaves its old steps behind.
            self.move_to_end(to);
            let block = &mut self[to];
            block.len += count(range.len());
            block.most = block.len;
            self.steps.extend_from_within(range);
        }
        self.add_kinds(to, self[from].kinds);
    }

    /// The handler of the first removed step after a block's end.
    pub(super) fn handler_behind(&self, id: BlockId) -> Option<BlockId> {
        let Block { start, len, most, .. } = self[id];
        if len < most { self.steps[(start + len) as usize].handler } else { None }
    }

    /// The handler for a jump that replaces `old`.
    pub(super) fn handler_instead(&self, old: Step) -> Option<BlockId> {
        match self.new_jumps {
            NewJumps::LikeOld => old.handler,
            NewJumps::Unhandled => None,
        }
    }

    /// Inserts steps at the start of a block.
    pub(super) fn prepend(&mut self, id: BlockId, first: &[Step]) {
        let range = self.range(id);
        // As in CPython's array, the block's steps move over the first removed steps after its end.
        // The other removed steps stay where they are (`basicblock_insert_instruction`, 3.14).
        let behind = range.end + first.len()..self.whole(id).end;
        let start = count(self.steps.len());
        self.steps.extend_from_slice(first);
        self.steps.extend_from_within(range);
        if !behind.is_empty() {
            self.steps.extend_from_within(behind);
        }
        let block = &mut self[id];
        block.start = start;
        block.len += count(first.len());
        block.most = block.most.max(block.len);
        for step in first {
            self.add_kinds(id, step.kinds_in_block());
        }
    }

    /// Adds `kinds` to a block's kinds.
    #[inline(always)]
    pub(super) fn add_kinds(&mut self, id: BlockId, kinds: OpKinds) {
        self[id].kinds |= kinds;
        self.kinds |= kinds;
    }

    /// Replaces a block's last step, which is a jump, by a `NOP`.
    pub(super) fn clear_jump(&mut self, id: BlockId) {
        if let Some(last) = self.last_mut(id) {
            last.clear();
        }
        self.note_end(id);
    }

    /// Updates the block's kinds after its last step has changed.
    pub(super) fn note_end(&mut self, id: BlockId) {
        let kinds = self.last(id).map_or(OpKinds::NONE, Step::kinds);
        self[id].kinds = self[id].kinds.without(OpKinds::ENDS);
        self.add_kinds(id, kinds);
    }

    /// Removes from the graph's kinds those of `kinds` that no block has any more.
    pub(super) fn forget(&mut self, kinds: OpKinds) {
        let left = self.order().fold(OpKinds::NONE, |left, id| left | self[id].kinds);
        self.kinds = self.kinds.without(kinds.without(left));
    }

    /// Removes all steps except the first `len`. None of these may jump or leave the unit, except
    /// for the block's last step.
    #[inline]
    pub(super) fn truncate(&mut self, id: BlockId, len: usize) {
        let block = &mut self[id];
        if len == 0 {
            block.empty();
        } else {
            block.len = block.len.min(count(len));
        }
    }

    /// The indices of the block's steps, including removed ones after its end.
    fn whole(&self, id: BlockId) -> Range<usize> {
        let Block { start, most, .. } = self[id];
        start as usize..(start + most) as usize
    }

    fn move_to_end(&mut self, id: BlockId) {
        let range = self.whole(id);
        if range.end != self.steps.len() {
            self[id].start = count(self.steps.len());
            self.steps.extend_from_within(range);
        }
    }
}

impl Index<BlockId> for Blocks<'_> {
    type Output = Block;

    #[inline(always)]
    fn index(&self, id: BlockId) -> &Block {
        &self.0[id.index()]
    }
}

impl IndexMut<BlockId> for Blocks<'_> {
    #[inline(always)]
    fn index_mut(&mut self, id: BlockId) -> &mut Block {
        &mut self.0[id.index()]
    }
}

impl Index<BlockId> for Graph {
    type Output = Block;

    #[inline(always)]
    fn index(&self, id: BlockId) -> &Block {
        let blocks: &[Block] = &self.blocks;
        &blocks[id.index()]
    }
}

impl IndexMut<BlockId> for Graph {
    #[inline(always)]
    fn index_mut(&mut self, id: BlockId) -> &mut Block {
        let blocks: &mut [Block] = &mut self.blocks;
        &mut blocks[id.index()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::instruction::{Op, Sequence};

    fn step(op: Op) -> Step {
        Step::new(op, 0, Place::NONE)
    }

    #[test]
    fn growing_blocks_keep_their_steps() {
        let mut sequence = Sequence::default();
        let label = sequence.label();
        sequence.jump(Op::FOR_ITER, label, Location::NONE);
        sequence.place(label);
        sequence.push(Op::POP_TOP, 0, Location::NONE);
        let mut graph = Graph::default();
        graph.build(&mut sequence, &mut build::Marks::default(), build::Labels::Used).unwrap();
        let second = BlockId::new(1);
        graph.push(BlockId::ENTRY, step(Op::COPY));
        graph.push_copy(BlockId::ENTRY, second);
        graph.prepend(second, &[step(Op::SWAP)]);
        let ops = |id| graph.steps(id).iter().map(|step| step.op).collect::<Vec<_>>();
        assert_eq!(ops(BlockId::ENTRY), [Op::FOR_ITER, Op::COPY, Op::POP_TOP]);
        assert_eq!(ops(second), [Op::SWAP, Op::POP_TOP]);
        let between = graph.insert_after(BlockId::ENTRY);
        assert_eq!(graph.order().collect::<Vec<_>>(), [BlockId::ENTRY, between, second]);
        assert_eq!(graph.nonempty(Some(between)), Some(second));
    }
}
