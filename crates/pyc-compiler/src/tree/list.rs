//! Lists of nodes: ranges of a vector for each kind of item.
//!
//! The arguments of `f(x, y)` are a `List<ExprId>` of two; `&tree[list]` is the slice.

use std::marker::PhantomData;
use std::ops::Index;

use super::{
    Alias, Case, Comparison, DictItem, ExprId, Generator, Handler, Keyword, Parameter, PatternId,
    StmtId, Tree, TypeParam, WithItem,
};
use crate::name::{Name, count};

/// A list in a [`Tree`].
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct List<T> {
    start: u32,
    len: u32,
    items: PhantomData<T>,
}

impl<T> Clone for List<T> {
    #[inline(always)]
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for List<T> {}

impl<T> List<T> {
    pub(crate) const EMPTY: Self = Self { start: 0, len: 0, items: PhantomData };

    #[inline(always)]
    pub(crate) const fn len(self) -> usize {
        self.len as usize
    }

    #[inline(always)]
    pub(crate) const fn is_empty(self) -> bool {
        self.len == 0
    }

    /// All items except the first `count`.
    pub(crate) fn skip(self, count: u32) -> Self {
        let count = count.min(self.len);
        Self { start: self.start + count, len: self.len - count, items: PhantomData }
    }
}

/// The kinds of items of a [`List`].
pub(crate) trait Item: Copy + Sized {
    fn all(lists: &Lists) -> &Vec<Self>;
    fn all_mut(lists: &mut Lists) -> &mut Vec<Self>;
}

macro_rules! items {
    ($($field:ident: $item:ty,)*) => {
        /// The items of all lists, by kind.
        #[derive(Debug, Default)]
        pub(crate) struct Lists {
            $($field: Vec<$item>,)*
        }

        impl Lists {
            pub(super) fn clear(&mut self) {
                $(self.$field.clear();)*
            }
        }

        $(impl Item for $item {
            #[inline(always)]
            fn all(lists: &Lists) -> &Vec<Self> {
                &lists.$field
            }

            #[inline(always)]
            fn all_mut(lists: &mut Lists) -> &mut Vec<Self> {
                &mut lists.$field
            }
        })*
    };
}

items! {
    aliases: Alias,
    cases: Case,
    comparisons: Comparison,
    dict_items: DictItem,
    exprs: ExprId,
    generators: Generator,
    handlers: Handler,
    keywords: Keyword,
    names: Name,
    optional_exprs: Option<ExprId>,
    parameters: Parameter,
    patterns: PatternId,
    stmts: StmtId,
    type_params: TypeParam,
    with_items: WithItem,
}

impl Lists {
    /// Reserves memory for the lists of a source of this size in bytes.
    pub(super) fn reserve(&mut self, bytes: usize) {
        self.exprs.reserve(bytes / 30);
        self.stmts.reserve(bytes / 45);
    }
}

impl Tree {
    /// Stores a list.
    pub(crate) fn push_list<T: Item>(&mut self, items: &[T]) -> List<T> {
        let all = T::all_mut(&mut self.lists);
        let start = count(all.len());
        // Nearly all lists are this short, for which a copy of any length would take longer.
        match items {
            [] => {}
            [item] => all.push(*item),
            items => all.extend_from_slice(items),
        }
        List { start, len: count(items.len()), items: PhantomData }
    }
}

impl<T: Item> Index<List<T>> for Tree {
    type Output = [T];

    #[inline(always)]
    fn index(&self, list: List<T>) -> &[T] {
        &T::all(&self.lists)[list.start as usize..list.start as usize + list.len as usize]
    }
}
