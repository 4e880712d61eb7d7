//! Numbers distinct items in order of first use: `co_names`, `co_consts`, `co_varnames`.
//!
//! `spam, eggs, spam` are numbers 0, 1, 0. Finding a number takes one array access. Clearing costs
//! nothing: entries of an earlier use have an older stamp.

use crate::constant::ConstId;
use crate::name::{Name, count};

/// An item with a dense index in its file.
pub(crate) trait Dense: Copy {
    fn dense(self) -> usize;
}

impl Dense for Name {
    #[inline(always)]
    fn dense(self) -> usize {
        self.index()
    }
}

impl Dense for ConstId {
    #[inline(always)]
    fn dense(self) -> usize {
        self.index()
    }
}

/// Distinct items and their numbers.
#[derive(Debug)]
pub(crate) struct Numbering<T> {
    items: Vec<T>,
    /// By the item's dense index.
    marks: Vec<Mark>,
    stamp: u32,
}

/// Most units have fewer constants, names or locals than this.
const FEW: usize = 32;

/// A number. It is valid if its stamp equals the numbering's.
#[derive(Clone, Copy, Debug, Default)]
struct Mark {
    stamp: u32,
    number: u32,
}

impl<T: Dense> Numbering<T> {
    /// With room for items whose indices are below this number.
    pub(crate) fn for_indices(indices: usize) -> Self {
        let marks = vec![Mark::default(); indices];
        Self { items: Vec::with_capacity(FEW), marks, ..Self::default() }
    }

    /// The item's number. An item without one gets the next.
    #[inline(always)]
    pub(crate) fn number(&mut self, item: T) -> u32 {
        match self.find(item) {
            Some(number) => number,
            None => self.add(item),
        }
    }

    #[inline(never)]
    fn add(&mut self, item: T) -> u32 {
        let at = item.dense();
        if at >= self.marks.len() {
            self.marks.resize((at + 1).next_power_of_two(), Mark::default());
        }
        let number = count(self.items.len());
        self.marks[at] = Mark { stamp: self.stamp, number };
        self.items.push(item);
        number
    }

    /// The item's number, if it has one.
    #[inline(always)]
    pub(crate) fn find(&self, item: T) -> Option<u32> {
        // A slice and its index: without optimisation, a vector's `get` and `then_some` are calls.
        let (at, marks): (usize, &[Mark]) = (item.dense(), &self.marks);
        if at < marks.len() && marks[at].stamp == self.stamp {
            Some(marks[at].number)
        } else {
            None
        }
    }

    /// The items in the order of their numbers.
    pub(crate) fn items(&self) -> &[T] {
        &self.items
    }

    /// Removes the items whose numbers `keep` refuses, and renumbers the others in the same order.
    pub(crate) fn keep(&mut self, mut keep: impl FnMut(u32) -> bool) {
        let Self { items, marks, .. } = self;
        let (mut number, mut kept) = (0, 0);
        items.retain(|item| {
            let mark = &mut marks[item.dense()];
            let stays = keep(number);
            number += 1;
            if stays {
                mark.number = kept;
                kept += 1;
            } else {
                // No numbering has this stamp.
                mark.stamp = 0;
            }
            stays
        });
    }

    /// Removes all items, but keeps the memory.
    pub(crate) fn clear(&mut self) {
        self.items.clear();
        match self.stamp.checked_add(1) {
            Some(stamp) => self.stamp = stamp,
            None => *self = Self::default(),
        }
    }
}

impl<T> Default for Numbering<T> {
    fn default() -> Self {
        Self { items: Vec::new(), marks: Vec::new(), stamp: 1 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::name::Names;

    #[test]
    fn items_are_numbered_as_they_come() {
        let mut names = Names::new();
        let (spam, eggs) = (names.intern(b"spam"), names.intern(b"eggs"));
        let mut numbering = Numbering::default();
        assert_eq!([spam, eggs, spam].map(|name| numbering.number(name)), [0, 1, 0]);
        assert_eq!(numbering.items(), [spam, eggs]);
        numbering.keep(|number| number == 1);
        assert_eq!((numbering.find(spam), numbering.find(eggs)), (None, Some(0)));
        assert_eq!(numbering.number(spam), 1);
        numbering.clear();
        assert_eq!(numbering.find(spam), None);
        assert_eq!(numbering.number(eggs), 0);
    }
}
